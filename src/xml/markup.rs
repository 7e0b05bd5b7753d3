//! Names, attributes and character data: what XML 1.0 demands of a stretch of markup that the event reader has cut out.

use super::error::Syntax;
use crate::definition::{is_xml_char, xml_reference};
use memchr::{memchr, memchr3};
use std::borrow::Cow;

impl RawAttribute<'_> {
    /// Whether it declares a namespace.
    pub(super) fn declares_namespace(&self) -> bool {
        self.name == "xmlns" || self.name.starts_with("xmlns:")
    }
}

/// A syntax error and the offset of what is wrong.
pub(super) type Wrong = (Syntax, usize);

/// An attribute as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawAttribute<'t> {
    pub(super) name: &'t str,
    pub(super) value: &'t str,
    /// Where its name stands.
    pub(super) at: usize,
}

/// The first character that no document may hold.
pub(super) fn first_illegal(text: &str) -> Option<usize> {
    // Bytes first, block by block: nearly all documents have neither control characters nor what starts like U+FFFE.
    let suspect = |b: u8| {
        u8::from(b < 9)
            | u8::from(b.wrapping_sub(11) < 2)
            | u8::from(b.wrapping_sub(14) < 18)
            | u8::from(b == 0xEF)
    };
    let (blocks, rest) = text.as_bytes().as_chunks::<64>();
    let clean = |bytes: &[u8]| bytes.iter().fold(0, |bits, b| bits | suspect(*b)) == 0;
    if blocks.iter().all(|block| clean(block)) && clean(rest) {
        return None;
    }
    text.char_indices().find(|(_, c)| !is_xml_char(*c)).map(|(at, _)| at)
}

/// Splits the inside of a tag into its name and what follows.
fn split_name(tag: &str) -> (&str, &str) {
    let end = tag.bytes().position(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(tag.len());
    tag.split_at_checked(end).unwrap_or((tag, ""))
}

/// Whether a text is a name, with a prefix or without.
pub(super) fn is_qualified_name(name: &str) -> bool {
    // The names of the schema are all letters.
    if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return true;
    }
    let mut parts = name.split(':');
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    first.is_some_and(is_ncname) && second.is_none_or(is_ncname) && third.is_none()
}

/// Whether a text is a name without a colon ([XML-NS] NCName).
pub(super) fn is_ncname(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// NameStartChar ([XML] 2.3), the colon aside.
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar ([XML] 2.3), the colon aside.
fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Reads the attributes in what follows a tag's name, which stands at `at`.
pub(super) fn attributes<'t>(text: &'t str, at: usize, out: &mut Vec<RawAttribute<'t>>) -> Result<(), Wrong> {
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

/// White space of XML.
pub(super) fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
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

/// Every `&` begins a reference to one of the five entities or to a character.
pub(super) fn check_references(text: &str) -> Result<(), Wrong> {
    let mut from = 0;
    while let Some(found) = text.as_bytes().get(from..).and_then(|rest| memchr(b'&', rest)) {
        let at = from + found;
        let rest = text.get(at + 1..).unwrap_or_default();
        from = at + 1 + reference(rest).map(|(_, size)| size).ok_or((Syntax::Entity, at))?;
    }
    Ok(())
}

/// The character of a reference, what follows its `&` being given, and how long that is with its semicolon.
fn reference(rest: &str) -> Option<(char, usize)> {
    // Leading zeros may make it long, but not so long that it must be looked for everywhere.
    const LONGEST: usize = 64;
    let name = rest.as_bytes().iter().take(LONGEST).position(|b| *b == b';')?;
    Some((xml_reference(rest.get(..name)?)?, name + 1))
}

/// The value of an attribute: references resolved, white space turned into blanks.
pub(super) fn attribute_value(raw: &str) -> Cow<'_, str> {
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

/// The text of an element's content: references resolved, CDATA sections opened, comments and processing instructions
/// left out, line ends as `\n`.
pub(super) fn text_value(raw: &str) -> String {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr3(b'&', b'<', b'\r', rest.as_bytes()) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        value += plain;
        rest = special.get(1..).unwrap_or_default();
        if special.starts_with('&') {
            if let Some((character, size)) = reference(rest) {
                value.push(character);
                rest = rest.get(size..).unwrap_or_default();
            }
        } else if special.starts_with('\r') {
            value.push('\n');
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        } else if let Some(section) = special.strip_prefix("<![CDATA[") {
            let (content, behind) = section.split_once("]]>").unwrap_or((section, ""));
            push_lines(&mut value, content);
            rest = behind;
        } else {
            // A comment, an instruction, or an element, which a value may not have: no text.
            let end = if special.starts_with("<!--") {
                "-->"
            } else if special.starts_with("<?") {
                "?>"
            } else {
                ">"
            };
            rest = special.split_once(end).map_or("", |(_, behind)| behind);
        }
    }
    value += rest;
    value
}

fn push_lines(value: &mut String, text: &str) {
    let mut lines = text.split('\r');
    *value += lines.next().unwrap_or_default();
    for line in lines {
        value.push('\n');
        *value += line.strip_prefix('\n').unwrap_or(line);
    }
}

/// Where the tag that begins at `at` ends: behind its `>`, those in attribute values passed over.
pub(super) fn tag_end(text: &str, at: usize) -> Option<usize> {
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

/// Checks an XML declaration, `<?xml … ?>`, and returns the encoding that it names.
pub(super) fn declaration(text: &str, at: usize) -> Result<Option<&str>, Wrong> {
    let wrong = (Syntax::Document, at);
    let inside = text.strip_prefix("<?xml").and_then(|rest| rest.strip_suffix("?>")).ok_or(wrong)?;
    let mut found = Vec::new();
    attributes(inside, at + 5, &mut found)?;
    let mut found = found.iter().peekable();
    let version = found.next_if(|a| a.name == "version").ok_or(wrong)?;
    let encoding = found.next_if(|a| a.name == "encoding");
    let standalone = found.next_if(|a| a.name == "standalone");
    let versioned = version
        .value
        .strip_prefix("1.")
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let named = encoding.is_none_or(|e| {
        let mut bytes = e.value.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    });
    let answered = standalone.is_none_or(|s| matches!(s.value, "yes" | "no"));
    if versioned && named && answered && found.next().is_none() {
        Ok(encoding.map(|e| e.value))
    } else {
        Err(wrong)
    }
}

/// Checks a processing instruction, `<?target … ?>`.
pub(super) fn instruction(text: &str, at: usize) -> Result<(), Wrong> {
    let inside = text.strip_prefix("<?").and_then(|rest| rest.strip_suffix("?>")).unwrap_or_default();
    let (target, _) = split_name(inside);
    let good = is_ncname(target) && !target.eq_ignore_ascii_case("xml");
    if good { Ok(()) } else { Err((Syntax::Document, at)) }
}
