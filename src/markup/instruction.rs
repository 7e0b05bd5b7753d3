//! The XML declaration and processing instructions ([XML] 2.6, 2.8).

use super::{
    Wrong,
    attribute::{Attributes, attributes},
    character::is_blank,
    name::is_ncname,
    syntax::Syntax,
};

/// Checks an XML declaration, `<?xml … ?>`, and returns the encoding that it names.
pub(crate) fn declaration(text: &str, at: usize) -> Result<Option<&str>, Wrong> {
    // The usual declarations need no closer look.
    match text {
        r#"<?xml version="1.0" encoding="UTF-16"?>"# => return Ok(Some("UTF-16")),
        r#"<?xml version="1.0" encoding="UTF-8"?>"# => return Ok(Some("UTF-8")),
        r#"<?xml version="1.0"?>"# => return Ok(None),
        _ => {}
    }
    let wrong = (Syntax::Document, at);
    let inside = text.strip_prefix("<?xml").and_then(|rest| rest.strip_suffix("?>")).ok_or(wrong)?;
    let mut found = Attributes::default();
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

/// The bytes in which a declaration must end to be found by [`declared`].
pub(super) const DECLARATION: usize = 256;

/// The encoding named in the XML declaration at the start of a text.
pub(super) fn declared(text: &str) -> Option<&str> {
    let end = text.as_bytes().iter().take(DECLARATION).position(|byte| *byte == b'>')?;
    declaration(text.get(..=end)?, 0).ok()?
}

/// The encoding named in the XML declaration of a text, if it is neither UTF-8 nor UTF-16.
pub(crate) fn unsupported(text: &str) -> Option<&str> {
    declared(text).filter(|name| !["UTF-8", "UTF-16"].iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// The message for a file that strict readers reject because of its encoding.
pub(crate) fn unsupported_message(declared: &str) -> String {
    format!("the file is declared as {declared}, but only UTF-8 and UTF-16 are accepted")
}

/// Checks a processing instruction, `<?target … ?>`.
pub(crate) fn instruction(text: &str, at: usize) -> Result<(), Wrong> {
    let inside = text.strip_prefix("<?").and_then(|rest| rest.strip_suffix("?>")).unwrap_or_default();
    let (target, _) = split_name(inside);
    let good = is_ncname(target) && !target.eq_ignore_ascii_case("xml");
    if good { Ok(()) } else { Err((Syntax::Document, at)) }
}
/// Splits the inside of a tag into its name and the rest.
fn split_name(tag: &str) -> (&str, &str) {
    let end = tag.bytes().position(is_blank).unwrap_or(tag.len());
    tag.split_at_checked(end).unwrap_or((tag, ""))
}
