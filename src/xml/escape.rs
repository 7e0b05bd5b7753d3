//! Characters that markup cannot hold as they are.

/// The text with `&`, `<`, `>` and carriage returns as references.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push(text, &mut out);
    out
}

/// Appends the same. Quotes are left alone, as Windows leaves them.
pub(super) fn push(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '\r']) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut characters = special.chars();
        *out += plain;
        *out += match characters.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&#xD;",
        };
        rest = characters.as_str();
    }
    *out += rest;
}
