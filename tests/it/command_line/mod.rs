//! Command lines of schtasks and at (EVIDENCE.md, section CMD).

mod at;
mod documented;
pub(crate) mod properties;
mod quoting;
mod refused;
