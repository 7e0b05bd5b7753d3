//! AT jobs ([MS-TSCH] 2.3.4, 3.2.5.2; EVIDENCE.md COMPAT-11 to COMPAT-13).

mod check;
mod command;
mod from_job;
mod runs;
mod to_job;

pub use check::{AtError, AtErrorKind, check_at};
pub use command::{at_command, split_command};
pub use from_job::{job_to_at, task_to_at, task_to_at_in};
pub use runs::{added_at, runs_today, start_at};
pub use to_job::{FromAt, at_to_job, at_to_task};
