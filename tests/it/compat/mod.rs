//! Version 1 tasks (EVIDENCE.md COMPAT-01 to COMPAT-14).

mod at;
pub(crate) mod properties;
mod tables;
