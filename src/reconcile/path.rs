//! Path equality.

/// Whether two paths are the same to the service, which ignores case. Some files lack the leading backslash.
pub(super) fn is_same_path(one: &str, two: &str) -> bool {
    is_same_name(one.trim_start_matches('\\'), two.trim_start_matches('\\'))
}

/// Whether two names are equal, ignoring case.
pub(super) fn is_same_name(one: &str, two: &str) -> bool {
    let is_ascii = one.is_ascii() && two.is_ascii();
    one.eq_ignore_ascii_case(two) || !is_ascii && one.to_lowercase() == two.to_lowercase()
}

/// A key that is equal for equal paths.
pub(super) fn path_key(path: &str) -> String {
    let path = path.trim_start_matches('\\');
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.to_lowercase() }
}
