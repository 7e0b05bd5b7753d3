//! Reads damaged markup. Each function looks no further than the next `<`, so that reading damaged text stays linear.

use super::{
    Wrong, attribute::Attributes, character::is_blank, name::is_qualified_name, reference::check_references,
    syntax::Syntax,
};
use memchr::{memchr, memchr2, memchr3};

/// A damaged tag, as far as it can be recovered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TornTag<'t> {
    pub(crate) name: &'t str,
    /// The text after the name.
    pub(crate) attributes: &'t str,
    pub(crate) empty: bool,
    /// Whether its `>` is present.
    pub(crate) closed: bool,
    /// The number of bytes from the start of its name to its end.
    pub(crate) size: usize,
}

/// Reads a start tag, starting at its name; `None` without a name.
pub(crate) fn torn_start_tag(text: &str) -> Option<TornTag<'_>> {
    let bytes = text.as_bytes();
    let name = bytes.iter().take_while(|b| !is_blank(**b) && !b"<>/=\"'".contains(b)).count();
    let (end, size) = tag_close(bytes, name);
    let inside = text.get(name..end)?;
    let closed = size > end;
    // Without a `>`, the last character may be a corrupted one.
    let last = inside.trim_end();
    let empty =
        last.ends_with('/') || !closed && last.char_indices().nth_back(1).is_some_and(|(_, c)| c == '/');
    let attributes = if empty { inside.get(..inside.rfind('/')?)? } else { inside };
    let name = text.get(..name).filter(|name| !name.is_empty())?;
    Some(TornTag { name, attributes, empty, closed, size })
}

/// Reads an end tag after its `</`; returns its name and length.
pub(crate) fn torn_end_tag(text: &str) -> (&str, usize) {
    let bytes = text.as_bytes();
    let end = memchr2(b'<', b'>', bytes).unwrap_or(bytes.len());
    let name = text.get(..end).unwrap_or_default().trim_start();
    let name = name.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
    (name, end + usize::from(bytes.get(end) == Some(&b'>')))
}

/// The end of the content of a tag, and of the tag: after its `>`, or at the next `<` if that is missing.
fn tag_close(bytes: &[u8], from: usize) -> (usize, usize) {
    let mut at = from;
    let find = |at: usize, what: &dyn Fn(u8) -> bool| {
        bytes.get(at..).and_then(|rest| rest.iter().position(|b| what(*b))).map(|found| at + found)
    };
    // Ignores quotes, one of which is missing.
    let unquoted = || match find(from, &|b| matches!(b, b'<' | b'>')) {
        Some(end) if bytes.get(end) == Some(&b'>') => (end, end + 1),
        end => (end.unwrap_or(bytes.len()), end.unwrap_or(bytes.len())),
    };
    loop {
        let Some(stop) = find(at, &|b| matches!(b, b'<' | b'>' | b'"' | b'\'')) else { return unquoted() };
        match bytes.get(stop).copied().unwrap_or_default() {
            b'>' => return (stop, stop + 1),
            b'<' => return (stop, stop),
            quote => {
                let Some(mut close) = find(stop + 1, &|b| b == quote || b == b'<') else { return unquoted() };
                if bytes.get(close) == Some(&b'<') {
                    // `<` in a value, if the value ends before other markup does.
                    let next = find(close + 1, &|b| b == quote || matches!(b, b'<' | b'>'));
                    match next.filter(|next| bytes.get(*next) == Some(&quote)) {
                        Some(next) if ends_value(bytes.get(next + 1).copied()) => close = next,
                        _ => return unquoted(),
                    }
                }
                at = close + 1;
            }
        }
    }
}

/// Whether a quote before this byte can close a value.
fn ends_value(next: Option<u8>) -> bool {
    next.is_none_or(|b| is_blank(b) || matches!(b, b'/' | b'>' | b'?'))
}

/// Reads the readable attributes of a tag, which start at `at`; appends skipped text to `lost`.
pub(crate) fn torn_attributes<'t>(text: &'t str, at: usize, out: &mut Attributes<'t>, lost: &mut String) {
    out.restart(text, at);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            return;
        }
        let start = text.len() - rest.len();
        let blank = rest.bytes().position(is_blank).unwrap_or(rest.len());
        let (name, after) = match rest.bytes().position(|b| b == b'=') {
            Some(equals) => rest.split_at_checked(equals).unwrap_or((rest, "")),
            None => (rest, ""),
        };
        let value = after.strip_prefix('=').map(|value| value.trim_start_matches([' ', '\t', '\r', '\n']));
        let (Some(value), true) = (value, is_qualified_name(name.trim_end())) else {
            rest = passed_over(rest, blank, lost);
            continue;
        };
        let inside = value.strip_prefix(['"', '\'']);
        let open = value.bytes().next().unwrap_or_default();
        let closing = inside.and_then(|inside| memchr(open, inside.as_bytes()));
        let inside = inside.unwrap_or(value);
        let next = closing.and_then(|closing| inside.as_bytes().get(closing + 1)).copied();
        let (size, quoted) = match closing {
            Some(closing) if ends_value(next) => (closing, true),
            // The quote of another attribute closes it, since its own is missing.
            _ => match inside.bytes().position(is_blank) {
                Some(blank) if closing.is_none_or(|closing| blank < closing) => (blank, false),
                blank => closing.map_or((blank.unwrap_or(inside.len()), false), |closing| (closing, true)),
            },
        };
        let (value, behind) = inside.split_at_checked(size).unwrap_or((inside, ""));
        let name = name.trim_end();
        let behind = if quoted { behind.get(1..).unwrap_or_default() } else { behind };
        if out.iter().any(|known| known.name == name) {
            let size = rest.len() - behind.len();
            passed_over(rest, size, lost);
        } else {
            let value_at = text.len() - inside.len();
            out.push(start, name.len(), value_at, value.len());
        }
        rest = behind;
    }
}

/// Appends the first bytes of a text to the lost text, and returns the rest.
fn passed_over<'t>(text: &'t str, size: usize, lost: &mut String) -> &'t str {
    let (piece, rest) = text.split_at_checked(size).unwrap_or((text, ""));
    if !lost.is_empty() {
        lost.push(' ');
    }
    *lost += piece;
    rest
}

/// All errors in text between markup: invalid references, and the end of a CDATA section.
pub(crate) fn torn_characters(text: &str) -> impl Iterator<Item = Wrong> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(rest) = text.get(at..) {
            let stop = at + memchr2(b'&', b']', rest.as_bytes())?;
            at = stop + 1;
            let here = text.get(stop..)?;
            if here.starts_with("]]>") {
                return Some((Syntax::CData, stop));
            }
            // The checked text has only this reference.
            let behind = here.get(1..).unwrap_or_default();
            let end = memchr3(b'&', b'<', b']', behind.as_bytes()).map_or(here.len(), |end| end + 1);
            if here.starts_with('&') && check_references(here.get(..end).unwrap_or_default()).is_err() {
                return Some((Syntax::Entity, stop));
            }
        }
        None
    })
}

/// The length of a document type declaration, including its internal subset; `None` if it is unterminated.
pub(crate) fn doctype_size(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut subset) = (0, false);
    loop {
        at += bytes.get(at..)?.iter().position(|b| matches!(b, b'[' | b']' | b'>' | b'"' | b'\''))?;
        match bytes.get(at).copied()? {
            b'[' => subset = true,
            b']' => subset = false,
            b'>' if !subset => return Some(at + 1),
            quote @ (b'"' | b'\'') => at += 1 + memchr(quote, bytes.get(at + 1..)?)?,
            _ => {}
        }
        at += 1;
    }
}

/// The length of a comment that contains an invalid `--`; `None` if another comment starts in it, or it is
/// unterminated.
pub(crate) fn torn_comment_size(text: &str) -> Option<usize> {
    let mut at = "<!--".len();
    loop {
        at += memchr::memmem::find(text.as_bytes().get(at..)?, b"--")?;
        let before = text.as_bytes().get(..at)?;
        match text.as_bytes().get(at + 2) {
            Some(b'>') => return Some(at + 3),
            _ if before.ends_with(b"<!") => return None,
            _ => at += 1,
        }
    }
}

/// Whether two names differ in at most one character, or one is a prefix of the other.
pub(crate) fn is_like(a: &str, b: &str) -> bool {
    if a.eq_ignore_ascii_case(b) || (a.len() > 1 && b.starts_with(a)) || (b.len() > 1 && a.starts_with(b)) {
        return true;
    }
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let (mut a, mut b) = (a.chars().skip(same), b.chars().skip(same));
    let (replaced, inserted, dropped) = (
        a.clone().skip(1).eq(b.clone().skip(1)),
        a.clone().skip(1).eq(b.clone()),
        a.by_ref().eq(b.by_ref().skip(1)),
    );
    replaced || inserted || dropped
}
