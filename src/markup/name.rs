//! Names ([XML] 2.3; [XML-NS] 4).

use super::search::find;

/// Whether a text is a name, with or without a prefix.
pub(crate) fn is_qualified_name(name: &str) -> bool {
    // The names in the schema consist of letters.
    if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return true;
    }
    let mut parts = name.split(':');
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    first.is_some_and(is_ncname) && second.is_none_or(is_ncname) && third.is_none()
}

/// The prefix of a name and its local part, if it has a colon.
pub(crate) fn split_prefix(name: &str) -> Option<(&str, &str)> {
    let (prefix, local) = name.split_at_checked(find(name.as_bytes(), b':')?)?;
    Some((prefix, local.get(1..)?))
}

/// Whether a text is a name without a colon ([XML-NS] NCName).
pub(crate) fn is_ncname(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// NameStartChar ([XML] 2.3), except the colon.
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar ([XML] 2.3), except the colon.
fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
