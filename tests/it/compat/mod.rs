//! Version 1 tasks (EVIDENCE.md COMPAT-01 to COMPAT-14).

pub(crate) mod properties;
