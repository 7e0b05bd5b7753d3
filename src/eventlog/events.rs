//! Several events in one file.

use super::{error::Error, event::Event};
use crate::markup::{BLANKS, Several, Start};

/// The events in a text that contains several, as `wevtutil query-events` and Event Viewer write them.
#[derive(Clone, Debug)]
pub struct Events<'b>(Several<'b>);

/// Finds the events in a file that may contain several: one after the other, or inside another element such as `Events`. The
/// bytes are UTF-8 or UTF-16, with a byte order mark or without.
///
/// ```
/// use wintask::eventlog::events;
///
/// let file = "<Events><Event><System><EventID>106</EventID></System></Event>\n\
///     <Event><System><EventID>106</System></Event>\
///     <Event><System><EventID>141</EventID></System></Event></Events>";
/// let events = events(file.as_bytes());
/// let ids: Vec<_> = events.iter().map(|event| event.ok()?.id()).collect();
/// assert_eq!(ids, [Some(106), None, Some(141)]);
/// let error = events.iter().nth(1).ok_or("no event")?.unwrap_err();
/// assert_eq!(error.place().line_and_column().map(|(line, _)| line), Some(2));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn events(bytes: &[u8]) -> Events<'_> {
    Events(Several::decode(bytes))
}

impl Events<'_> {
    /// The whole text, decoded.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The events in order. One that cannot be read is an error with its place in the file, and does not hide the next; what is
    /// between two events is passed over. Each is read as [`Event::from_xml`] reads it, by the same limits.
    pub fn iter(&self) -> impl Iterator<Item = Result<Event, Error>> {
        let mut scan = Scan { text: &self.0.text, at: 0, start: self.0.start(), endless: [false; 2] };
        std::iter::from_fn(move || scan.next())
    }
}

/// Looks for events, comments and CDATA sections passed over.
struct Scan<'d> {
    text: &'d str,
    at: usize,
    start: Start<'d>,
    /// Whether no comment and no CDATA section has an end any more.
    endless: [bool; 2],
}

impl Scan<'_> {
    fn next(&mut self) -> Option<Result<Event, Error>> {
        loop {
            let start = next_markup(self.text, self.at)?;
            let markup = self.text.get(start..)?;
            if !opens_event(markup) {
                self.at = start + self.passed_over(markup).unwrap_or(1);
                continue;
            }
            let end = start + self.event_length(markup);
            self.at = end;
            let text = self.text.get(start..end)?;
            return Some(Event::from_xml(text).map_err(|error| {
                self.start.move_to(start);
                let Start { place: start, bytes, encoding, .. } = self.start;
                let (kind, place) = error.into_parts();
                let inside = place.offset().unwrap_or_default().min(text.len());
                let size = encoding.size(text.get(..inside).unwrap_or_default(), bytes);
                Error::new(kind, place.rebased(start).with_offset(start.offset + size))
            }));
        }
    }

    /// The length of the comment or CDATA section at the start of a text; `None` without one, or if it has no end.
    fn passed_over(&mut self, markup: &str) -> Option<usize> {
        let kinds = [("<!--", "-->"), ("<![CDATA[", "]]>")];
        let ((_, end), endless) =
            kinds.into_iter().zip(&mut self.endless).find(|((open, _), _)| markup.starts_with(open))?;
        // To look for the end of each that has none would take quadratic time.
        let found = if *endless { None } else { markup.find(end) };
        *endless = found.is_none();
        Some(found? + end.len())
    }

    /// The length of an event that opens at the start of the text: to its end tag, or without one to the next event. An element
    /// `Event` inside an event is one of its own if `System` is the first element in it, as the schema has it.
    fn event_length(&mut self, text: &str) -> usize {
        let (mut at, mut depth) = (0, 0_usize);
        while let Some(next) = next_markup(text, at) {
            let markup = text.get(next..).unwrap_or_default();
            if let Some(after) = markup.strip_prefix("</Event") {
                let closed = after.trim_start_matches(BLANKS);
                at = text.len() - closed.len();
                if closed.starts_with('>') {
                    at += 1;
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at;
                    }
                }
            } else if opens_event(markup) {
                let (tag, inside) = markup.split_at_checked(tag_length(markup)).unwrap_or((markup, ""));
                if next > 0 && inside.trim_start_matches(BLANKS).starts_with("<System") {
                    return next;
                }
                at = next + tag.len();
                depth += usize::from(!tag.ends_with("/>"));
                if depth == 0 {
                    return at;
                }
            } else {
                at = next + self.passed_over(markup).unwrap_or(1);
            }
        }
        text.len()
    }
}

/// The next `<` from an offset on.
fn next_markup(text: &str, at: usize) -> Option<usize> {
    Some(at + text.get(at..)?.find('<')?)
}

fn opens_event(markup: &str) -> bool {
    let after = markup.strip_prefix("<Event");
    after.is_some_and(|after| after.starts_with(BLANKS) || after.starts_with(['>', '/']))
}

/// The length of the tag at the start of a text: to its `>`, or to the next `<`.
fn tag_length(markup: &str) -> usize {
    let inside = markup.get(1..).unwrap_or_default();
    match inside.find(['<', '>']) {
        Some(at) if inside.as_bytes().get(at) == Some(&b'>') => at + 2,
        Some(at) => at + 1,
        None => markup.len(),
    }
}
