//! Converts triggers between versions (EVIDENCE.md COMPAT-07).

mod counterparts;
mod repetition;
mod to_job;
mod to_task;

pub(super) use counterparts::at_end_of_day;
pub(super) use to_job::to_job;
pub(super) use to_task::to_task;
