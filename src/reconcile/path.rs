//! Which paths are the same.

/// Whether two paths are the same to the service, which ignores case. Some files lack the first backslash.
pub(super) fn is_same_path(one: &str, two: &str) -> bool {
    let (one, two) = (one.trim_start_matches('\\'), two.trim_start_matches('\\'));
    let is_ascii = one.is_ascii() && two.is_ascii();
    one.eq_ignore_ascii_case(two) || !is_ascii && one.to_lowercase() == two.to_lowercase()
}

/// What is equal for equal paths.
pub(super) fn path_key(path: &str) -> String {
    path.trim_start_matches('\\').to_lowercase()
}
