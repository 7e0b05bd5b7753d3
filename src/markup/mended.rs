//! Repairs damaged markup so that it is well-formed.

use super::{
    attribute::{Attributes, attributes},
    name::is_qualified_name,
    scan::{Aside, Lead, Scanner},
    torn::{torn_attributes, torn_characters, torn_end_tag, torn_start_tag},
    value::escaped,
};

/// A range of markup with its damage repaired; well-formed markup is unchanged. A `<` that does not start a tag and a
/// `&` that does not start a reference are escaped, an end tag without a start tag becomes text, and missing end tags
/// are added.
pub(crate) fn mended(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len() + 16);
    let mut open: Vec<&str> = Vec::new();
    let mut scanner = Scanner::new(markup);
    scanner.beware();
    loop {
        let at = scanner.at();
        let damaged = |out: &mut String, scanner: &mut Scanner<'_>, size: usize| {
            *out += &escaped(markup.get(at..at + size).unwrap_or_default());
            scanner.seek(at + size);
        };
        match scanner.lead() {
            Lead::Nothing => break,
            Lead::StartTag => {
                let tag = scanner.start_tag().ok().filter(|tag| {
                    is_qualified_name(tag.name)
                        && !tag.attributes.contains('<')
                        && attributes(tag.attributes, 0, &mut Attributes::default()).is_ok()
                });
                if let Some(tag) = tag {
                    out += markup.get(at..scanner.at()).unwrap_or_default();
                    open.extend((!tag.empty).then_some(tag.name));
                    continue;
                }
                let torn = torn_start_tag(markup.get(at + 1..).unwrap_or_default());
                match torn.filter(|tag| tag.closed && is_qualified_name(tag.name)) {
                    Some(tag) => {
                        write_tag(&mut out, tag.name, tag.attributes, tag.empty);
                        open.extend((!tag.empty).then_some(tag.name));
                        scanner.seek(at + 1 + tag.size);
                    }
                    None => damaged(&mut out, &mut scanner, 1),
                }
            }
            Lead::EndTag => {
                let (name, size) = torn_end_tag(markup.get(at + 2..).unwrap_or_default());
                match open.iter().rposition(|known| *known == name) {
                    Some(depth) => {
                        open.drain(depth..).rev().for_each(|name| close(&mut out, name));
                        scanner.seek(at + 2 + size);
                    }
                    None => damaged(&mut out, &mut scanner, 2 + size),
                }
            }
            Lead::Characters => match scanner.characters() {
                Ok(_) => out += markup.get(at..scanner.at()).unwrap_or_default(),
                Err(_) => {
                    let text = markup.get(at..).unwrap_or_default();
                    let text = text.get(..text.find('<').unwrap_or(text.len())).unwrap_or_default();
                    write_characters(&mut out, text);
                    scanner.seek(at + text.len());
                }
            },
            Lead::Bang | Lead::Instruction => {
                let read =
                    if matches!(scanner.lead(), Lead::Bang) { scanner.bang() } else { scanner.instruction() };
                match read {
                    // A declaration is never allowed here.
                    Ok(Aside::Declaration) | Err(_) => damaged(&mut out, &mut scanner, 1),
                    Ok(_) => out += markup.get(at..scanner.at()).unwrap_or_default(),
                }
            }
        }
    }
    open.drain(..).rev().for_each(|name| close(&mut out, name));
    out
}

/// A start tag with this name, and the attributes that can be recovered.
pub(crate) fn mended_tag(name: &str, torn: &str) -> String {
    let tag = torn_start_tag(torn.trim_start_matches(['<', '/', ' ', '\t', '\r', '\n']));
    let mut out = String::new();
    write_tag(&mut out, name, tag.map_or("", |tag| tag.attributes), false);
    out
}

fn close(out: &mut String, name: &str) {
    *out += "</";
    *out += name;
    out.push('>');
}

fn write_tag(out: &mut String, name: &str, attributes: &str, empty: bool) {
    let mut found = Attributes::default();
    torn_attributes(attributes, 0, &mut found, &mut String::new());
    out.push('<');
    *out += name;
    for attribute in found.iter() {
        out.push(' ');
        *out += attribute.name;
        *out += "=\"";
        let mut written = String::new();
        write_characters(&mut written, attribute.value);
        *out += &written.replace('"', "&quot;").replace('<', "&lt;");
        out.push('"');
    }
    *out += if empty { "/>" } else { ">" };
}

/// Text with invalid characters escaped and references unchanged.
fn write_characters(out: &mut String, text: &str) {
    let mut written = 0;
    for (_, at) in torn_characters(text) {
        *out += text.get(written..at).unwrap_or_default();
        let size = if text.get(at..).is_some_and(|rest| rest.starts_with('&')) { 1 } else { 3 };
        *out += &escaped(text.get(at..at + size).unwrap_or_default());
        written = at + size;
    }
    *out += text.get(written..).unwrap_or_default();
}
