//! The attributes of a tag ([XML] 3.1).

use super::{
    Wrong,
    character::is_blank,
    name::is_qualified_name,
    reference::{check_references, reference},
    search::first_of,
    syntax::Syntax,
};
use memchr::{memchr, memchr3};
use std::borrow::Cow;

/// An attribute as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawAttribute<'t> {
    pub(crate) name: &'t str,
    pub(crate) value: &'t str,
    /// The offset of its name.
    pub(crate) at: usize,
}

impl RawAttribute<'_> {
    /// Whether it declares a namespace.
    pub(crate) fn declares_namespace(&self) -> bool {
        self.name == "xmlns" || self.name.starts_with("xmlns:")
    }
}

/// The attributes of a tag.
///
/// Each needs 16 bytes, since a document that consists of attributes must not need many times its own size.
#[derive(Debug, Default)]
pub(crate) struct Attributes<'t> {
    /// The text after the tag's name, and its offset.
    text: &'t str,
    at: usize,
    spans: Vec<[u32; 4]>,
}

impl<'t> Attributes<'t> {
    /// Removes the attributes of the last tag.
    pub(crate) fn clear(&mut self) {
        self.spans.clear();
    }

    /// Starts with the text after another tag's name, at the offset `at`.
    pub(super) fn restart(&mut self, text: &'t str, at: usize) {
        (self.text, self.at) = (text, at);
        self.spans.clear();
    }

    /// Adds an attribute by the offsets of its name and its value in the text.
    pub(super) fn push(&mut self, name: usize, name_size: usize, value: usize, value_size: usize) {
        self.spans.push([name, name_size, value, value_size].map(|n| u32::try_from(n).unwrap_or(u32::MAX)));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = RawAttribute<'t>> + Clone {
        self.spans.iter().map(|span| self.resolved(span))
    }

    fn resolved(&self, span: &[u32; 4]) -> RawAttribute<'t> {
        let [name, name_size, value, value_size] = span.map(|n| n as usize);
        let slice = |start: usize, size: usize| self.text.get(start..start + size).unwrap_or_default();
        RawAttribute { name: slice(name, name_size), value: slice(value, value_size), at: self.at + name }
    }

    /// Checks that names are unique. A duplicate is reported at its second occurrence.
    fn unique(&self) -> Result<(), Wrong> {
        const FEW: usize = 8;
        if self.spans.len() <= FEW {
            let names = || self.iter().enumerate();
            let twice =
                names().find(|(index, second)| self.iter().take(*index).any(|a| a.name == second.name));
            return twice.map_or(Ok(()), |(_, second)| Err((Syntax::UniqueAttribute, second.at)));
        }
        let name = |index: &u32| self.spans.get(*index as usize).map_or("", |span| self.resolved(span).name);
        let mut sorted: Vec<u32> = (0..u32::try_from(self.spans.len()).unwrap_or(u32::MAX)).collect();
        sorted.sort_unstable_by_key(|index| (name(index), *index));
        let pairs = sorted.iter().zip(sorted.iter().skip(1));
        let twice = pairs.filter(|(a, b)| name(a) == name(b)).map(|(_, b)| *b).min();
        let twice = twice.and_then(|index| self.spans.get(index as usize));
        twice.map_or(Ok(()), |span| Err((Syntax::UniqueAttribute, self.resolved(span).at)))
    }
}

/// Reads the attributes in the text after a tag's name, at the offset `at`.
pub(crate) fn attributes<'t>(text: &'t str, at: usize, out: &mut Attributes<'t>) -> Result<(), Wrong> {
    out.restart(text, at);
    let bytes = text.as_bytes();
    let blanks = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|b| is_blank(**b)).count()
    };
    let mut end = 0;
    loop {
        let start = blanks(end);
        if start == bytes.len() {
            return out.unique();
        }
        if start == end {
            return Err((Syntax::Whitespace, at + start));
        }
        let rest = bytes.get(start..).unwrap_or_default();
        let size = rest.iter().take_while(|b| !is_blank(**b) && !matches!(b, b'=' | b'"' | b'\'')).count();
        if !is_qualified_name(text.get(start..start + size).unwrap_or_default()) {
            return Err((Syntax::Name, at + start));
        }
        let equals = blanks(start + size);
        if bytes.get(equals) != Some(&b'=') {
            return Err((Syntax::Equal, at + equals));
        }
        let open = blanks(equals + 1);
        let quote = bytes.get(open).copied().filter(|b| matches!(b, b'"' | b'\''));
        let quote = quote.ok_or((Syntax::Quote, at + open))?;
        let inside = bytes.get(open + 1..).unwrap_or_default();
        let value_size = memchr(quote, inside).ok_or((Syntax::Quote, at + open + 1))?;
        let value = text.get(open + 1..open + 1 + value_size).unwrap_or_default();
        if let Some(less) = memchr(b'<', value.as_bytes()) {
            return Err((Syntax::LessThan, at + open + 1 + less));
        }
        check_references(value).map_err(|(syntax, within)| (syntax, at + open + 1 + within))?;
        out.push(start, size, open + 1, value_size);
        end = open + 1 + value_size + 1;
    }
}

/// The value of an attribute, with resolved references, and white space converted to blanks.
pub(crate) fn attribute_value(raw: &str) -> Cow<'_, str> {
    if first_of(raw.as_bytes(), |b| (b == b'&') | (b == b'\t') | (b == b'\n') | (b == b'\r')).is_none() {
        return raw.into();
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'&' | b'\t' | b'\n' | b'\r')) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        value += plain;
        rest = special.get(1..).unwrap_or_default();
        if let Some((character, size)) = reference(rest).filter(|_| special.starts_with('&')) {
            value.push(character);
            rest = rest.get(size..).unwrap_or_default();
        } else if special.starts_with('&') {
            value.push('&');
        } else {
            value.push(' ');
            rest = rest.strip_prefix('\n').filter(|_| special.starts_with('\r')).unwrap_or(rest);
        }
    }
    value += rest;
    value.into()
}

/// The end of the tag that starts at `at`: after its `>`, ignoring those in attribute values.
pub(crate) fn tag_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = at;
    loop {
        let stop = from + memchr3(b'>', b'"', b'\'', bytes.get(from..)?)?;
        match *bytes.get(stop)? {
            b'>' => return Some(stop + 1),
            quote => from = stop + 1 + memchr(quote, bytes.get(stop + 1..)?)? + 1,
        }
    }
}
