//! Which paths are the same.

/// Whether two paths are the same to the service, which ignores case. Some files lack the first backslash.
pub(super) fn is_same_path(one: &str, two: &str) -> bool {
    path_key(one) == path_key(two)
}

/// What is equal for equal paths.
pub(super) fn path_key(path: &str) -> String {
    path.trim_start_matches('\\').to_lowercase()
}
