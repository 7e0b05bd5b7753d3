//! The text of an element's content, and text as content.

use super::reference::reference;
use memchr::memchr3;

/// The text of an element's content: references resolved, CDATA sections opened, comments and processing instructions
/// left out, line ends as `\n`.
pub(crate) fn text_value(raw: &str) -> String {
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

/// A text as content: `&`, `<`, `>` and carriage returns as references.
pub(crate) fn escaped(text: &str) -> String {
    let mut content = String::with_capacity(text.len());
    push_escaped(text, &mut content);
    content
}

/// Appends a text as content. Quotes are left alone, as Windows leaves them.
pub(crate) fn push_escaped(text: &str, content: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '\r']) {
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

/// The text of content that is text and CDATA sections alone; none if there is other markup in it.
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
