//! Run times ([MS-TSCH] 2.4.2.11, 2.5.3, 3.2.5.4.16; EVIDENCE.md, section TIME).

mod clocks;
mod count;
mod days;
mod edges;
pub mod far;
mod oracle;
mod questions;
mod random;
mod rrule;
mod targets;
mod words;
mod zones;

use wintask::{schedule::Timetable, time::Zone};

/// Why a timetable has no runs, as it is displayed.
fn reasons<Z: Zone>(table: &Timetable<Z>) -> Vec<String> {
    table.findings().iter().map(ToString::to_string).collect()
}
