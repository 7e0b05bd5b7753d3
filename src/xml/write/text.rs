//! The text of a document being written: tags, escaped values and lines. Values are written in runs between special
//! characters.

use super::form::WriteError;
use crate::{
    definition::names::Tags,
    markup::{first_of, is_xml_char, push_attribute},
};
use uuid::Uuid;

pub(super) struct Text {
    out: String,
    /// Whether lines end with LF only.
    unix: bool,
    /// The first character that XML does not allow.
    wrong: Option<WriteError>,
}

/// A start tag that was written.
pub(super) struct OpenTag<'s> {
    /// The start of the tag's end.
    start: usize,
    /// The start of the content.
    pub(super) inside: usize,
    /// The tag's end if the element is empty; `None` if there is always an end tag.
    empty: Option<&'s str>,
}

/// A line break and the blanks of eight levels; the schema has six.
const LINE: &str = "\r\n                ";

impl Text {
    /// Starts an empty text, with LF or CRLF line breaks.
    pub(super) fn new(unix: bool) -> Self {
        Self { out: String::with_capacity(4096), unix, wrong: None }
    }

    /// The text, and the first character that XML does not allow.
    pub(super) fn finish(self) -> (String, Option<WriteError>) {
        (self.out, self.wrong)
    }

    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// Appends markup, or text without special characters and line breaks.
    #[inline]
    pub(super) fn push(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn eol(&self) -> &'static str {
        if self.unix { "\n" } else { "\r\n" }
    }

    /// Starts a new line.
    #[inline]
    pub(super) fn line(&mut self, depth: usize) {
        let line = LINE.get(usize::from(self.unix)..2 + 2 * depth);
        self.out.push_str(line.unwrap_or(LINE));
    }

    /// Writes a start tag with attributes.
    #[inline]
    pub(super) fn start_tag<'e>(
        &mut self,
        tags: Tags,
        attributes: impl Iterator<Item = (&'e str, &'e str)>,
    ) -> OpenTag<'static> {
        self.out.push_str(tags.start);
        for (name, value) in attributes {
            self.attribute(name, value);
        }
        let inside = self.out.len();
        OpenTag { start: inside - ">".len(), inside, empty: Some(" />") }
    }

    /// Adds an attribute to the last start tag.
    fn attribute(&mut self, name: &str, value: &str) {
        if first_of(value.as_bytes(), |b| (b < b' ') | (b == 0xEF)).is_some() {
            value.chars().for_each(|character| self.check(character, name));
        }
        self.out.pop();
        push_attribute(name, value, &mut self.out);
        self.out.push('>');
    }

    /// Writes a start tag as it was written. If the element is empty, the tag ends as it did.
    pub(super) fn stated_tag<'s>(&mut self, tag: &'s str) -> OpenTag<'s> {
        let name = tag.trim_end_matches('>').trim_end_matches('/').trim_end();
        let end = tag.get(name.len()..).unwrap_or_default();
        let is_empty = end.ends_with("/>");
        self.markup(name);
        let start = self.out.len();
        self.out.push_str(if is_empty { ">" } else { end });
        OpenTag { start, inside: self.out.len(), empty: Some(end).filter(|_| is_empty) }
    }

    /// Writes the end of an element.
    #[inline]
    pub(super) fn close(&mut self, tags: Tags, tag: &OpenTag<'_>) {
        match tag.empty.filter(|_| self.out.len() == tag.inside) {
            Some(end) => {
                self.out.truncate(tag.start);
                self.out.push_str(end);
            }
            None => self.out.push_str(tags.end),
        }
    }

    /// Writes a value. Quotes are not escaped, as in Windows.
    pub(super) fn text(&mut self, text: &str, element: &str) {
        let mut rest = text;
        while let Some((plain, character, after)) = split(rest, is_special) {
            self.out.push_str(plain);
            match character {
                '\n' => self.out.push_str(self.eol()),
                other => self.character(other, element),
            }
            rest = after;
        }
        self.out.push_str(rest);
    }

    /// Writes a character that may need a reference, or that XML may not allow.
    fn character(&mut self, character: char, element: &str) {
        match character {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '\r' => self.out.push_str("&#xD;"),
            character => {
                self.check(character, element);
                self.out.push(character);
            }
        }
    }

    /// Records the first character that XML does not allow.
    fn check(&mut self, character: char, element: &str) {
        if !is_xml_char(character) && self.wrong.is_none() {
            self.wrong = Some(WriteError::Character { element: element.to_owned(), character });
        }
    }

    pub(super) fn number(&mut self, number: u32) {
        if let Some(digit) = char::from_digit(number, 10) {
            self.out.push(digit);
        } else {
            self.out.push_str(&number.to_string());
        }
    }

    pub(super) fn guid(&mut self, id: Uuid) {
        let mut digits = [0; uuid::fmt::Braced::LENGTH];
        self.out.push_str(id.braced().encode_upper(&mut digits));
    }

    /// Writes markup unchanged, with the form's line breaks.
    pub(super) fn markup(&mut self, xml: &str) {
        let mut lines = xml.split('\n');
        self.out.push_str(lines.next().unwrap_or_default());
        for line in lines {
            self.out.push_str(self.eol());
            self.out.push_str(line);
        }
    }
}

/// Whether a byte starts a special character: a control character, markup, or possibly U+FFFE. Branch-free, so that
/// blocks of bytes are checked at once.
#[inline]
const fn is_special(b: u8) -> bool {
    (b < b' ') | (b == b'&') | (b == b'<') | (b == b'>') | (b == 0xEF)
}

/// The text up to its first special character, that character, and the rest.
#[inline]
fn split(text: &str, is_special: impl Fn(u8) -> bool + Copy) -> Option<(&str, char, &str)> {
    let (plain, special) = text.split_at_checked(first_of(text.as_bytes(), is_special)?)?;
    let mut characters = special.chars();
    Some((plain, characters.next()?, characters.as_str()))
}
