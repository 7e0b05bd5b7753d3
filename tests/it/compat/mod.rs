//! Version 1 tasks (EVIDENCE.md COMPAT-01 to COMPAT-15).

mod at;
mod examples;
mod files;
pub(crate) mod properties;
mod tables;
