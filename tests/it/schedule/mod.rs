//! Run times ([MS-TSCH] 2.4.2.11, 2.5.3, 3.2.5.4.16; EVIDENCE.md, section TIME).

mod clocks;
mod count;
mod days;
pub mod far;
mod oracle;
mod questions;
mod random;
mod rrule;
mod words;
mod zones;
