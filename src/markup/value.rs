//! Conversion between element content and text.

use super::{
    reference::reference,
    search::{find3, first_of},
    torn::torn_comment_size,
};
use memchr::{memchr, memmem};

/// The text of an element's content: references are resolved, CDATA sections unwrapped, comments and processing
/// instructions removed, and line breaks converted to `
/// `. Damaged markup in it (a `&` or `<` that does not start a reference or a tag, an unterminated section) is kept
/// unchanged.
pub(crate) fn text_value(raw: &str) -> String {
    let mut value = String::with_capacity(raw.len());
    let mut instructions = Instructions::default();
    let mut rest = raw;
    while let Some(at) = find3(rest.as_bytes(), b'&', b'<', b'\r') {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        value += plain;
        rest = special.get(1..).unwrap_or_default();
        if special.starts_with('&') {
            if let Some((character, size)) = reference(rest) {
                value.push(character);
                rest = rest.get(size..).unwrap_or_default();
            } else {
                value.push('&');
            }
        } else if special.starts_with('\r') {
            value.push('\n');
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        } else if let Some(section) = special.strip_prefix("<![CDATA[") {
            let (content, behind) = section.split_once("]]>").unwrap_or((section, ""));
            push_lines(&mut value, content);
            rest = behind;
        } else if let Some(size) = special.starts_with("<!--").then(|| torn_comment_size(special)).flatten() {
            rest = special.get(size..).unwrap_or_default();
        } else if let Some(size) = instructions.size(special) {
            rest = special.get(size..).unwrap_or_default();
        } else {
            value.push('<');
        }
    }
    value += rest;
    value
}

/// Finds the ends of processing instructions; stops searching once there are no more.
#[derive(Default)]
struct Instructions {
    exhausted: bool,
}

impl Instructions {
    fn size(&mut self, markup: &str) -> Option<usize> {
        if self.exhausted || !markup.starts_with("<?") {
            return None;
        }
        let end = memmem::find(markup.as_bytes(), b"?>");
        self.exhausted = end.is_none();
        end.map(|end| end + 2)
    }
}

fn push_lines(value: &mut String, text: &str) {
    let mut lines = text.split('\r');
    *value += lines.next().unwrap_or_default();
    for line in lines {
        value.push('\n');
        *value += line.strip_prefix('\n').unwrap_or(line);
    }
}

/// Escapes a text as content: `&`, `<`, `>` and carriage returns become references.
pub(crate) fn escaped(text: &str) -> String {
    let mut content = String::with_capacity(text.len());
    push_escaped(text, &mut content);
    content
}

/// Whether the content is the text as escaped by [`push_escaped`]. May be false for text with carriage returns.
pub(crate) fn is_escaped(content: &str, text: &str) -> bool {
    let (mut content, mut text) = (content.as_bytes(), text.as_bytes());
    if memchr(b'<', content).is_some() {
        return false;
    }
    while let Some(at) = find3(content, b'&', b'>', b'\r') {
        let Some(((plain, special), (same, behind))) =
            content.split_at_checked(at).zip(text.split_at_checked(at))
        else {
            return false;
        };
        let references: [(&[u8], u8); 3] = [(b"&lt;", b'<'), (b"&gt;", b'>'), (b"&amp;", b'&')];
        let reference = references.iter().find(|(reference, _)| special.starts_with(reference));
        let (Some((reference, character)), Some((first, behind))) = (reference, behind.split_first()) else {
            return false;
        };
        if plain != same || first != character {
            return false;
        }
        content = special.get(reference.len()..).unwrap_or_default();
        text = behind;
    }
    content == text
}

/// Appends a text as content. Quotes are not escaped, as in Windows.
pub(crate) fn push_escaped(text: &str, content: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'&' | b'<' | b'>' | b'\r')) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut characters = special.chars();
        *content += plain;
        *content += match characters.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&#xD;",
        };
        rest = characters.as_str();
    }
    *content += rest;
}

/// Appends an attribute, preceded by a blank. White space that a reader would convert to blanks becomes references.
pub(crate) fn push_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    *out += name;
    *out += "=\"";
    let mut rest = value;
    let is_special = |b| (b < b' ') | (b == b'&') | (b == b'<') | (b == b'>') | (b == b'"');
    while let Some(at) = first_of(rest.as_bytes(), is_special) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut characters = special.chars();
        *out += plain;
        match characters.next() {
            Some('&') => *out += "&amp;",
            Some('<') => *out += "&lt;",
            Some('>') => *out += "&gt;",
            Some('"') => *out += "&quot;",
            Some('\t') => *out += "&#x9;",
            Some('\n') => *out += "&#xA;",
            Some('\r') => *out += "&#xD;",
            other => out.extend(other),
        }
        rest = characters.as_str();
    }
    *out += rest;
    out.push('"');
}

/// The text of content that consists of text and CDATA sections; `None` if it contains other markup.
pub(crate) fn plain_text(content: &str) -> Option<String> {
    let mut text = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find(['&', '<']) {
        let (plain, markup) = rest.split_at_checked(at)?;
        text += plain;
        if let Some(section) = markup.strip_prefix("<![CDATA[") {
            let (content, behind) = section.split_once("]]>")?;
            text += content;
            rest = behind;
        } else {
            let behind = markup.strip_prefix('&')?;
            let (character, size) = reference(behind)?;
            text.push(character);
            rest = behind.get(size..)?;
        }
    }
    text += rest;
    Some(text)
}
