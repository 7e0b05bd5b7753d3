//! Finds tags in UTF-8 and UTF-16 text without decoding it.

use crate::limits;
use memchr::memchr;
use std::ops::Range;

/// Text as code units; non-ASCII units are all treated alike.
#[derive(Clone, Copy)]
pub(super) struct Units<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    /// Where the first unit starts.
    base: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// Represents any non-ASCII unit.
const FOREIGN: u8 = 0xFF;

impl<'a> Units<'a> {
    /// Determines the encoding from the byte order mark, or from the first `<`; `None` if there is no `<` near the
    /// start.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let blank = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0)).count();
        let content = bytes.get(blank..)?;
        let head = content.get(..2 * limits::DETECT_LEADING_UNITS).unwrap_or(content);
        let first = blank + memchr(b'<', head)?;
        let wide = bytes.get(first + 1) == Some(&0);
        let (encoding, base) = match bytes {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
            _ if wide && first % 2 == 0 => (Encoding::Utf16Le, 0),
            _ if wide => (Encoding::Utf16Be, 0),
            _ => (Encoding::Utf8, 0),
        };
        Some(Self { bytes, encoding, base })
    }

    fn width(&self) -> usize {
        if self.encoding == Encoding::Utf8 { 1 } else { 2 }
    }

    /// The number of complete units.
    pub(super) fn len(&self) -> usize {
        self.content().len() / self.width()
    }

    fn content(&self) -> &'a [u8] {
        self.bytes.get(self.base..).unwrap_or_default()
    }

    /// The byte offset of a unit.
    pub(super) fn offset(&self, at: usize) -> usize {
        self.base + at * self.width()
    }

    fn get(&self, at: usize) -> Option<u8> {
        let content = self.content();
        let (low, high) = match self.encoding {
            Encoding::Utf8 => (*content.get(at)?, 0),
            Encoding::Utf16Le => (*content.get(2 * at)?, *content.get(2 * at + 1)?),
            Encoding::Utf16Be => (*content.get(2 * at + 1)?, *content.get(2 * at)?),
        };
        Some(if high == 0 && low.is_ascii() { low } else { FOREIGN })
    }

    fn find(&self, byte: u8, from: usize) -> Option<usize> {
        match self.encoding {
            Encoding::Utf8 => memchr(byte, self.content().get(from..)?).map(|found| from + found),
            _ => (from..self.len()).find(|at| self.get(*at) == Some(byte)),
        }
    }

    fn starts_with(&self, at: usize, text: &str) -> bool {
        text.bytes().enumerate().all(|(index, byte)| self.get(at + index) == Some(byte))
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
    pub(super) fn is(&self, span: &Range<usize>, text: &str) -> bool {
        span.len() == text.len() && self.starts_with(span.start, text)
    }

    /// Whether two spans contain the same units.
    pub(super) fn same(&self, one: &Range<usize>, other: &Range<usize>) -> bool {
        let bytes = |span: &Range<usize>| self.bytes.get(self.offset(span.start)..self.offset(span.end));
        bytes(one) == bytes(other)
    }

    /// The first unit in the span that is not white space.
    pub(super) fn first_content(&self, span: Range<usize>) -> Option<usize> {
        span.into_iter().find(|at| !matches!(self.get(*at), Some(b' ' | b'\t' | b'\r' | b'\n')))
    }

    /// The offset of the first byte that does not decode, or starts a character that XML does not allow.
    pub(super) fn illegal(&self) -> Option<usize> {
        let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n');
        if self.encoding == Encoding::Utf8 {
            let valid = match str::from_utf8(self.content()) {
                Ok(_) => self.content().len(),
                Err(error) => error.valid_up_to(),
            };
            let found = self.content().iter().take(valid).position(|byte| control(*byte));
            return found.or((valid < self.content().len()).then_some(valid)).map(|at| self.base + at);
        }
        let unit = |[one, other]: [u8; 2]| match self.encoding {
            Encoding::Utf16Be => u16::from_be_bytes([one, other]),
            _ => u16::from_le_bytes([one, other]),
        };
        let (pairs, odd) = self.content().as_chunks::<2>();
        let mut at = 0;
        for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            match decoded {
                Ok(c) if u8::try_from(c).is_ok_and(control) || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                    return Some(self.offset(at));
                }
                Ok(c) => at += c.len_utf16(),
                Err(_) => return Some(self.offset(at)),
            }
        }
        (!odd.is_empty()).then(|| self.offset(at))
    }
}

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

impl Units<'_> {
    /// The next piece of markup.
    pub(super) fn markup(&self, from: usize) -> Option<Markup> {
        let at = self.find(b'<', from)?;
        let until = |kind: MarkupKind, end: Option<usize>| match end {
            Some(end) => Markup { kind, span: at..end },
            None => Markup { kind: MarkupKind::Cut { name: at..at }, span: at..self.len() },
        };
        Some(match self.get(at + 1) {
            _ if self.starts_with(at, "<!--") => until(MarkupKind::Other, self.after("-->", at + 4)),
            _ if self.starts_with(at, "<![CDATA[") => until(MarkupKind::Text, self.after("]]>", at + 9)),
            _ if self.starts_with(at, "<?xml ") => until(MarkupKind::Declaration, self.after("?>", at + 6)),
            Some(b'?') => until(MarkupKind::Other, self.after("?>", at + 2)),
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
        })
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
        let is_name = |unit: u8| {
            unit == FOREIGN || unit.is_ascii_alphanumeric() || matches!(unit, b'_' | b'-' | b'.' | b':')
        };
        let end = (from..).find(|at| !self.get(*at).is_some_and(is_name)).unwrap_or(from);
        let colon = (from..end).find(|at| self.get(*at) == Some(b':'));
        colon.map_or(from, |colon| colon + 1)..end
    }

    /// Whether an attribute of the tag has this value, ignoring case.
    pub(super) fn has_value(&self, tag: &Range<usize>, value: &str) -> bool {
        let quoted = |at: usize| {
            let quote = self.get(at).filter(|unit| matches!(unit, b'"' | b'\''));
            let mut units = value.bytes().enumerate();
            quote.is_some()
                && self.get(at + 1 + value.len()) == quote
                && units.all(|(index, byte)| {
                    self.get(at + 1 + index).is_some_and(|unit| unit.eq_ignore_ascii_case(&byte))
                })
        };
        tag.clone().any(quoted)
    }
}
