//! Command lines of schtasks and at (EVIDENCE.md, section CMD).

mod at;
mod documented;
pub(crate) mod properties;
mod quoting;
mod refused;

/// Lines for the fuzz target `command_line`.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    documented::lines().map(|line| line.as_bytes().to_vec()).collect()
}
