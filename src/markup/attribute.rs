//! The attributes of a tag ([XML] 3.1).

use super::{
    Wrong,
    character::is_blank,
    name::is_qualified_name,
    reference::{check_references, reference},
    syntax::Syntax,
};
use memchr::{memchr, memchr3};
use std::borrow::Cow;

/// An attribute as it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawAttribute<'t> {
    pub(crate) name: &'t str,
    pub(crate) value: &'t str,
    /// Where its name stands.
    pub(crate) at: usize,
}

impl RawAttribute<'_> {
    /// Whether it declares a namespace.
    pub(crate) fn declares_namespace(&self) -> bool {
        self.name == "xmlns" || self.name.starts_with("xmlns:")
    }
}

/// Reads the attributes in what follows a tag's name, which stands at `at`.
pub(crate) fn attributes<'t>(text: &'t str, at: usize, out: &mut Vec<RawAttribute<'t>>) -> Result<(), Wrong> {
    let bytes = text.as_bytes();
    let blanks = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|b| is_blank(**b)).count()
    };
    let mut end = 0;
    loop {
        let start = blanks(end);
        if start == bytes.len() {
            return unique(out);
        }
        if start == end {
            return Err((Syntax::Whitespace, at + start));
        }
        let rest = bytes.get(start..).unwrap_or_default();
        let size = rest.iter().take_while(|b| !is_blank(**b) && !matches!(b, b'=' | b'"' | b'\'')).count();
        let name = text.get(start..start + size).unwrap_or_default();
        if !is_qualified_name(name) {
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
        let size = memchr(quote, inside).ok_or((Syntax::Quote, at + open + 1))?;
        let value = text.get(open + 1..open + 1 + size).unwrap_or_default();
        if let Some(less) = memchr(b'<', value.as_bytes()) {
            return Err((Syntax::LessThan, at + open + 1 + less));
        }
        check_references(value).map_err(|(syntax, within)| (syntax, at + open + 1 + within))?;
        out.push(RawAttribute { name, value, at: at + start });
        end = open + 1 + size + 1;
    }
}

/// The value of an attribute: references resolved, white space turned into blanks.
pub(crate) fn attribute_value(raw: &str) -> Cow<'_, str> {
    if !raw.bytes().any(|b| matches!(b, b'&' | b'\t' | b'\n' | b'\r')) {
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
        } else {
            value.push(' ');
            rest = rest.strip_prefix('\n').filter(|_| special.starts_with('\r')).unwrap_or(rest);
        }
    }
    value += rest;
    value.into()
}

/// Where the tag that begins at `at` ends: behind its `>`, those in attribute values passed over.
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

/// No name twice. The second one's place is reported.
fn unique(attributes: &[RawAttribute<'_>]) -> Result<(), Wrong> {
    if attributes.len() < 2 {
        return Ok(());
    }
    let mut sorted: Vec<(&str, usize)> = attributes.iter().map(|a| (a.name, a.at)).collect();
    sorted.sort_unstable();
    let twice = sorted.iter().zip(sorted.iter().skip(1)).filter(|(a, b)| a.0 == b.0).map(|(_, b)| b.1).min();
    twice.map_or(Ok(()), |at| Err((Syntax::UniqueAttribute, at)))
}
