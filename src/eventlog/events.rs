//! Several events in one file.

use super::{error::Error, event::Event};
use crate::markup::{BLANKS, Several, Start};

/// The events in a text, as written by `wevtutil query-events` and Event Viewer.
#[derive(Clone, Debug)]
pub struct Events<'b>(Several<'b>);

/// Finds the events in a file that may contain several: in sequence, or inside another element such as `Events`. The
/// bytes are UTF-8 or UTF-16, with or without a byte order mark.
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

    /// The events, in order. An invalid event is returned as an error with its location in the file, and does not
    /// affect the next one. Content between events is skipped. Each event is read like [`Event::from_xml`], with the
    /// same limits.
    pub fn iter(&self) -> impl Iterator<Item = Result<Event, Error>> {
        let mut scan = Scan { text: &self.0.text, at: 0, start: self.0.start(), endless: [false; 2] };
        std::iter::from_fn(move || scan.next())
    }
}

/// Searches for events, skipping comments and CDATA sections.
struct Scan<'d> {
    text: &'d str,
    at: usize,
    start: Start<'d>,
    /// Whether the rest of the text contains no end of a comment or of a CDATA section.
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

    /// The length of the comment or CDATA section at the start of a text; `None` if there is none, or it is
    /// unterminated.
    fn passed_over(&mut self, markup: &str) -> Option<usize> {
        let kinds = [("<!--", "-->"), ("<![CDATA[", "]]>")];
        let ((_, end), endless) =
            kinds.into_iter().zip(&mut self.endless).find(|((open, _), _)| markup.starts_with(open))?;
        // Searching for each missing end would take quadratic time.
        let found = if *endless { None } else { markup.find(end) };
        *endless = found.is_none();
        Some(found? + end.len())
    }

    /// The length of the event that starts the text: up to its end tag or, if that is missing, up to the next event.
    /// A nested element `Event` is an event if its first element is `System`, as in the schema.
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

/// The next `<` at or after an offset.
fn next_markup(text: &str, at: usize) -> Option<usize> {
    Some(at + text.get(at..)?.find('<')?)
}

fn opens_event(markup: &str) -> bool {
    let after = markup.strip_prefix("<Event");
    after.is_some_and(|after| after.starts_with(BLANKS) || after.starts_with(['>', '/']))
}

/// The length of the tag that starts the text: up to its `>`, or to the next `<`.
fn tag_length(markup: &str) -> usize {
    let inside = markup.get(1..).unwrap_or_default();
    match inside.find(['<', '>']) {
        Some(at) if inside.as_bytes().get(at) == Some(&b'>') => at + 2,
        Some(at) => at + 1,
        None => markup.len(),
    }
}
