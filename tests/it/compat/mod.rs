//! Version 1 tasks (EVIDENCE.md COMPAT-01 to COMPAT-14).

mod at;
mod examples;
pub(crate) mod properties;
mod tables;
