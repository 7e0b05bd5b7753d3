//! `xs:anyURI` as accepted by libxml2: a URI reference of RFC 3986, without the characters that may stay unescaped.
//! Checked only in the Specification profile.

/// Whether the text is an `xs:anyURI`.
pub(super) fn is_any_uri(text: &str) -> bool {
    let aside = |b: u8| if b <= 32 || b >= 127 || b"<>\"{}|\\^`".contains(&b) { b'_' } else { b };
    let bytes: Vec<u8> = crate::time::collapsed(text).bytes().map(aside).collect();
    is_absolute(&bytes) || is_relative(&bytes)
}

fn is_absolute(uri: &[u8]) -> bool {
    let Some(colon) = uri.iter().position(|b| *b == b':') else { return false };
    let (scheme, rest) = uri.split_at_checked(colon).unwrap_or_default();
    let [first, ..] = scheme else { return false };
    let named = scheme.iter().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b));
    let rest = rest.strip_prefix(b":").unwrap_or_default();
    first.is_ascii_alphabetic() && named && with_query(rest, is_hierarchical)
}

fn is_relative(uri: &[u8]) -> bool {
    // The first segment of a relative path cannot contain a colon, since it would be a scheme.
    let first = uri.split(|b| b"/?#".contains(b)).next().unwrap_or_default();
    (uri.starts_with(b"/") || !first.contains(&b':')) && with_query(uri, is_hierarchical)
}

/// `path ? query # fragment`; the path is checked by the caller's rule.
fn with_query(rest: &[u8], path: fn(&[u8]) -> bool) -> bool {
    let (rest, fragment) = cut(rest, b'#');
    let (hierarchy, query) = cut(rest, b'?');
    let query_good = query.is_none_or(|query| is_made_of(query, b"/?:@"));
    let fragment_good = fragment.is_none_or(|fragment| is_made_of(fragment, b"/?:@[]"));
    query_good && fragment_good && path(hierarchy)
}

/// `//authority/path` or a path.
fn is_hierarchical(rest: &[u8]) -> bool {
    let Some(after) = rest.strip_prefix(b"//") else { return is_made_of(rest, b":@/") };
    let (authority, path) = match after.iter().position(|b| *b == b'/') {
        Some(slash) => after.split_at_checked(slash).unwrap_or_default(),
        None => (after, &[][..]),
    };
    let host = match authority.iter().position(|b| *b == b'@') {
        Some(at) => {
            let (user, host) = authority.split_at_checked(at).unwrap_or_default();
            if !is_made_of(user, b":") {
                return false;
            }
            host.strip_prefix(b"@").unwrap_or_default()
        }
        None => authority,
    };
    is_host(host) && is_made_of(path, b":@/")
}

fn is_host(host: &[u8]) -> bool {
    let (name, port) = match host.strip_prefix(b"[") {
        // An address literal: anything between the brackets.
        Some(literal) => match literal.iter().position(|b| *b == b']') {
            Some(end) => (&[][..], literal.get(end + 1..).unwrap_or_default()),
            None => return false,
        },
        None => match host.iter().position(|b| *b == b':') {
            Some(colon) => host.split_at_checked(colon).unwrap_or_default(),
            None => (host, &[][..]),
        },
    };
    let port_good = match port.strip_prefix(b":") {
        Some(digits) => digits.iter().all(u8::is_ascii_digit),
        None => port.is_empty(),
    };
    is_made_of(name, b"") && port_good
}

/// Unreserved characters, sub-delimiters, escapes, and other allowed characters.
fn is_made_of(text: &[u8], more: &[u8]) -> bool {
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            (b, _) if b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(b) || more.contains(b) => {
                after
            }
            _ => return false,
        };
    }
    true
}

/// The text before and after a byte, if it is present.
fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|b| *b == at) {
        Some(position) => (text.get(..position).unwrap_or_default(), text.get(position + 1..)),
        None => (text, None),
    }
}
