//! Finds tags in UTF-8 and UTF-16 text without decoding it.

use crate::limits;
use memchr::memchr;
use std::ops::{BitOr, Range};

/// How bytes encode the units of a text.
pub(super) trait Code: Copy {
    type Unit: Copy + PartialEq + 'static;

    /// The bytes of a unit.
    const WIDTH: usize;

    /// The complete units, and the number of bytes left.
    fn split(content: &[u8]) -> (&[Self::Unit], usize);

    /// The unit as ASCII, or [`FOREIGN`].
    fn ascii(unit: Self::Unit) -> u8;

    fn find(units: &[Self::Unit], ascii: u8) -> Option<usize>;

    /// The first unit that does not decode, or starts a character that XML does not allow.
    fn illegal(units: &[Self::Unit]) -> Option<usize>;
}

/// Represents any non-ASCII unit.
const FOREIGN: u8 = 0xFF;

#[derive(Clone, Copy)]
pub(super) struct Utf8;

#[derive(Clone, Copy)]
pub(super) struct Utf16Le;

#[derive(Clone, Copy)]
pub(super) struct Utf16Be;

/// Control characters that XML does not allow.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n')
}

impl Code for Utf8 {
    type Unit = u8;

    const WIDTH: usize = 1;

    fn split(content: &[u8]) -> (&[u8], usize) {
        (content, 0)
    }

    fn ascii(unit: u8) -> u8 {
        if unit.is_ascii() { unit } else { FOREIGN }
    }

    fn find(units: &[u8], ascii: u8) -> Option<usize> {
        memchr(ascii, units)
    }

    fn illegal(units: &[u8]) -> Option<usize> {
        let valid = match str::from_utf8(units) {
            Ok(_) => units.len(),
            Err(error) => error.valid_up_to(),
        };
        let found = first_in_blocks(units.get(..valid)?, |byte| u8::from(is_control(*byte)));
        found.or((valid < units.len()).then_some(valid))
    }
}

/// The first unit for which `is_it` is not 0, searched for in blocks.
fn first_in_blocks<U, B: BitOr<Output = B> + Default + PartialEq>(
    units: &[U],
    is_it: impl Fn(&U) -> B,
) -> Option<usize> {
    const BLOCK: usize = 16;
    let (blocks, _) = units.as_chunks::<BLOCK>();
    let none = B::default();
    let clean = blocks
        .iter()
        .take_while(|block| block.iter().fold(B::default(), |any, unit| any | is_it(unit)) == none);
    let clean = BLOCK * clean.count();
    units.get(clean..)?.iter().position(|unit| is_it(unit) != none).map(|found| clean + found)
}

/// The first UTF-16 unit that does not decode, or starts a character that XML does not allow.
fn illegal_in_utf16(units: &[[u8; 2]], unit: impl Fn([u8; 2]) -> u16 + Copy) -> Option<usize> {
    let is_suspect = |bytes: &[u8; 2]| {
        let value = unit(*bytes);
        let white = u16::from(value == 0x9) | u16::from(value == 0xA) | u16::from(value == 0xD);
        (u16::from(value < 0x20) & !white) | u16::from(value >= 0xD800)
    };
    let mut at = first_in_blocks(units, is_suspect)?;
    // Both halves of a surrogate pair are suspect, so no character starts before it.
    for decoded in char::decode_utf16(units.get(at..)?.iter().map(|bytes| unit(*bytes))) {
        match decoded {
            Ok(c) if u8::try_from(c).is_ok_and(is_control) || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                return Some(at);
            }
            Ok(c) => at += c.len_utf16(),
            Err(_) => return Some(at),
        }
    }
    None
}

/// The first unit of this value. Four are compared at a time, as most searches are short.
fn find_unit(units: &[[u8; 2]], wanted: [u8; 2]) -> Option<usize> {
    const ONES: u64 = 0x0001_0001_0001_0001;
    let pattern = ONES * u64::from(u16::from_le_bytes(wanted));
    let (words, rest) = units.as_chunks::<4>();
    for (index, [[a, b], [c, d], [e, f], [g, h]]) in words.iter().enumerate() {
        let word = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) ^ pattern;
        // The high bit of the first unit that is zero, and possibly of later ones.
        let hits = word.wrapping_sub(ONES) & !word & (ONES << 15);
        if hits != 0 {
            return Some(index * 4 + (hits.trailing_zeros() / 16) as usize);
        }
    }
    rest.iter().position(|unit| *unit == wanted).map(|found| words.len() * 4 + found)
}

/// The two UTF-16 encodings, which differ only in byte order.
macro_rules! utf16 {
    ($name:ident, $from:path, $to:path) => {
        impl Code for $name {
            type Unit = [u8; 2];

            const WIDTH: usize = 2;

            fn split(content: &[u8]) -> (&[[u8; 2]], usize) {
                let (units, odd) = content.as_chunks();
                (units, odd.len())
            }

            fn ascii(unit: [u8; 2]) -> u8 {
                u8::try_from($from(unit)).ok().filter(u8::is_ascii).unwrap_or(FOREIGN)
            }

            fn find(units: &[[u8; 2]], ascii: u8) -> Option<usize> {
                find_unit(units, $to(ascii.into()))
            }

            fn illegal(units: &[[u8; 2]]) -> Option<usize> {
                illegal_in_utf16(units, $from)
            }
        }
    };
}

utf16!(Utf16Le, u16::from_le_bytes, u16::to_le_bytes);
utf16!(Utf16Be, u16::from_be_bytes, u16::to_be_bytes);

/// The encoding of a text, and the size of its byte order mark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8(usize),
    Utf16Le(usize),
    Utf16Be(usize),
}

impl Encoding {
    /// Determines the encoding from the byte order mark, or from the first `<`; `None` if there is no `<` near the
    /// start.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let blank = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0)).count();
        let content = bytes.get(blank..)?;
        let head = content.get(..2 * limits::DETECT_LEADING_UNITS).unwrap_or(content);
        let first = blank + memchr(b'<', head)?;
        let wide = bytes.get(first + 1) == Some(&0);
        Some(match bytes {
            [0xEF, 0xBB, 0xBF, ..] => Self::Utf8(3),
            [0xFF, 0xFE, ..] => Self::Utf16Le(2),
            [0xFE, 0xFF, ..] => Self::Utf16Be(2),
            _ if wide && first % 2 == 0 => Self::Utf16Le(0),
            _ if wide => Self::Utf16Be(0),
            _ => Self::Utf8(0),
        })
    }
}

/// Text as code units; non-ASCII units are all treated alike.
#[derive(Clone, Copy)]
pub(super) struct Units<'a, C: Code> {
    units: &'a [C::Unit],
    /// Bytes after the last whole unit.
    odd: usize,
    /// Where the first unit starts.
    base: usize,
}

impl<'a, C: Code> Units<'a, C> {
    /// The text after the byte order mark.
    pub(super) fn new(bytes: &'a [u8], base: usize) -> Self {
        let (units, odd) = C::split(bytes.get(base..).unwrap_or_default());
        Self { units, odd, base }
    }

    /// The number of complete units.
    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    /// The byte offset of a unit.
    pub(super) fn offset(&self, at: usize) -> usize {
        self.base + at * C::WIDTH
    }

    #[inline]
    fn get(&self, at: usize) -> Option<u8> {
        self.units.get(at).map(|unit| C::ascii(*unit))
    }

    fn find(&self, byte: u8, from: usize) -> Option<usize> {
        C::find(self.units.get(from..)?, byte).map(|found| from + found)
    }

    fn starts_with(&self, at: usize, text: &str) -> bool {
        let units = at.checked_add(text.len()).and_then(|end| self.units.get(at..end));
        units.is_some_and(|units| units.iter().zip(text.bytes()).all(|(unit, byte)| C::ascii(*unit) == byte))
    }

    /// The offset after the next occurrence of the text.
    fn after(&self, text: &str, from: usize) -> Option<usize> {
        let first = *text.as_bytes().first()?;
        let mut at = from;
        loop {
            at = self.find(first, at)?;
            if self.starts_with(at, text) {
                return Some(at + text.len());
            }
            at += 1;
        }
    }

    /// Whether the units equal this text.
    #[inline]
    pub(super) fn is(&self, span: &Range<usize>, text: &str) -> bool {
        span.len() == text.len() && self.starts_with(span.start, text)
    }

    /// The first unit of a span.
    #[inline]
    pub(super) fn first(&self, span: &Range<usize>) -> Option<u8> {
        self.get(span.start).filter(|_| !span.is_empty())
    }

    /// Whether two spans contain the same units.
    pub(super) fn same(&self, one: &Range<usize>, other: &Range<usize>) -> bool {
        self.units.get(one.clone()) == self.units.get(other.clone())
    }

    /// The end of the end tag at `at`, if it closes the element `open` without prefix or white space.
    pub(super) fn plain_end(&self, at: usize, open: &Range<usize>) -> Option<usize> {
        // A name with a prefix is not plain.
        let before = open.start.checked_sub(1).and_then(|before| self.get(before));
        let name = at + 2..at + 2 + open.len();
        let is_end = before == Some(b'<')
            && self.get(at + 1) == Some(b'/')
            && self.same(&name, open)
            && self.get(name.end) == Some(b'>');
        is_end.then_some(name.end + 1)
    }

    /// The offset of the next `<`.
    pub(super) fn next_markup(&self, from: usize) -> Option<usize> {
        self.find(b'<', from)
    }

    /// The first unit in the span that is not white space.
    pub(super) fn first_content(&self, span: Range<usize>) -> Option<usize> {
        let is_blank = |unit: &C::Unit| matches!(C::ascii(*unit), b' ' | b'\t' | b'\r' | b'\n');
        let units = self.units.get(span.clone())?;
        units.iter().position(|unit| !is_blank(unit)).map(|found| span.start + found)
    }

    /// The offset of the first byte that does not decode, or starts a character that XML does not allow.
    pub(super) fn illegal(&self) -> Option<usize> {
        let found = C::illegal(self.units);
        found.or((self.odd > 0).then_some(self.units.len())).map(|at| self.offset(at))
    }
}

/// The role of a unit in a name.
#[derive(Clone, Copy)]
enum Part {
    None,
    Name,
    Colon,
}

/// The roles of all units.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time alone, where get is not available")]
const NAME: [Part; 256] = {
    let mut parts = [Part::None; 256];
    let mut unit: u8 = 0;
    while unit < FOREIGN {
        if unit.is_ascii_alphanumeric() || matches!(unit, b'_' | b'-' | b'.') {
            parts[unit as usize] = Part::Name;
        }
        unit += 1;
    }
    parts[b':' as usize] = Part::Colon;
    parts[FOREIGN as usize] = Part::Name;
    parts
};

/// A piece of markup, and its position.
pub(super) struct Markup {
    pub(super) kind: MarkupKind,
    pub(super) span: Range<usize>,
}

pub(super) enum MarkupKind {
    /// A start tag: its local name, and whether it is an empty-element tag.
    Start { name: Range<usize>, empty: bool },
    /// An end tag: its local name.
    End { name: Range<usize> },
    /// An XML declaration, which starts a document.
    Declaration,
    /// A comment, a processing instruction or a document type declaration.
    Other,
    /// A CDATA section.
    Text,
    /// A `<` that does not start any of these.
    Stray,
    /// Markup truncated by the end of the input, with the name of a start tag.
    Cut { name: Range<usize> },
}

impl<C: Code> Units<'_, C> {
    /// The piece of markup whose `<` is here.
    pub(super) fn markup(&self, at: usize) -> Markup {
        let until = |kind: MarkupKind, end: Option<usize>| match end {
            Some(end) => Markup { kind, span: at..end },
            None => Markup { kind: MarkupKind::Cut { name: at..at }, span: at..self.len() },
        };
        match self.get(at + 1) {
            Some(b'?') if self.starts_with(at, "<?xml ") => {
                until(MarkupKind::Declaration, self.after("?>", at + 6))
            }
            Some(b'?') => until(MarkupKind::Other, self.after("?>", at + 2)),
            Some(b'!') if self.starts_with(at, "<!--") => until(MarkupKind::Other, self.after("-->", at + 4)),
            Some(b'!') if self.starts_with(at, "<![CDATA[") => {
                until(MarkupKind::Text, self.after("]]>", at + 9))
            }
            Some(b'!') => {
                // An internal subset contains declarations.
                let end = self.after(">", at + 2);
                let subset = end.and_then(|end| (at..end).find(|at| self.get(*at) == Some(b'[')));
                let end = match subset {
                    Some(subset) => self.after("]", subset).and_then(|end| self.after(">", end)),
                    None => end,
                };
                until(MarkupKind::Other, end)
            }
            Some(b'/') => {
                let name = self.name(at + 2);
                let end = self.first_content(name.end..self.len());
                match end.map(|end| self.get(end)) {
                    Some(Some(b'>')) if !name.is_empty() => {
                        until(MarkupKind::End { name }, end.map(|end| end + 1))
                    }
                    None => until(MarkupKind::Other, None),
                    _ => until(MarkupKind::Stray, Some(at + 1)),
                }
            }
            None => until(MarkupKind::Other, None),
            Some(_) => self.start_tag(at),
        }
    }

    fn start_tag(&self, at: usize) -> Markup {
        let name = self.name(at + 1);
        let mut end = name.end;
        let mut quote = None;
        let kind = loop {
            let Some(unit) = self.get(end) else {
                break if name.is_empty() { MarkupKind::Stray } else { MarkupKind::Cut { name } };
            };
            match (quote, unit) {
                (None, b'>') if !name.is_empty() => {
                    let empty = self.get(end - 1) == Some(b'/');
                    let kind = MarkupKind::Start { name, empty };
                    return Markup { kind, span: at..end + 1 };
                }
                // A tag cannot contain another tag or a control character.
                (_, b'<' | 0..=8 | 0x0B | 0x0C | 0x0E..=0x1F) => break MarkupKind::Stray,
                (None, _) if name.is_empty() => break MarkupKind::Stray,
                (None, b'"' | b'\'') => quote = Some(unit),
                (Some(open), _) if unit == open => quote = None,
                _ => {}
            }
            end += 1;
        };
        Markup { kind, span: at..end.max(at + 1) }
    }

    /// A name without its prefix.
    fn name(&self, from: usize) -> Range<usize> {
        let (mut start, mut at) = (from, from);
        let units = self.units.get(from..).unwrap_or_default();
        for unit in units {
            match NAME.get(usize::from(C::ascii(*unit))) {
                Some(Part::Name) => {}
                Some(Part::Colon) if start == from => start = at + 1,
                Some(Part::Colon) => {}
                _ => break,
            }
            at += 1;
        }
        start..at
    }

    /// Whether an attribute of the tag has this value, ignoring case.
    pub(super) fn has_value(&self, tag: &Range<usize>, value: &str) -> bool {
        let is_value = |at: usize, quote: u8| {
            let mut units = value.bytes().enumerate();
            self.get(at + value.len()) == Some(quote)
                && units.all(|(index, byte)| {
                    self.get(at + index).is_some_and(|unit| unit.eq_ignore_ascii_case(&byte))
                })
        };
        [b'"', b'\''].into_iter().any(|quote| {
            let mut at = tag.start;
            while let Some(found) = self.units.get(at..tag.end).and_then(|rest| C::find(rest, quote)) {
                at += found + 1;
                if is_value(at, quote) {
                    return true;
                }
            }
            false
        })
    }
}
