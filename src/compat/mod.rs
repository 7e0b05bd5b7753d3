//! Version 1 tasks: converts between definitions, .JOB files and AT jobs ([MS-TSCH] 3.2.1, 3.2.5.4.2).
//!
//! | to | use |
//! |---|---|
//! | find out why a definition cannot be a version 1 task | [`v1_obstacles`], [`obstacles`] |
//! | convert between a definition and a .JOB file | [`task_to_job`], [`job_to_task`] |
//! | find out what conversions lose from a file | [`beyond_job`] |
//! | convert between an AT job and a .JOB file or a definition | [`at_to_job`], [`at_to_task`], [`job_to_at`], [`task_to_at`] |
//! | implement ATSvc calls | [`check_at`], [`added_at`], [`runs_today`], [`start_at`], [`next_at_job_id`] |
//! | find the store, names and account of a version 1 task | [`Store`], [`job_file_of`], [`at_task_name`], [`Account`] |
//!
//! A conversion returns what it lost, changed or assumed, by field ([`Conversion::differences`]). A definition that
//! version 1 cannot express is rejected with all its obstacles ([`NotV1Compatible`], `SCHED_E_TASK_NOT_V1_COMPAT`).
//! Microsoft has not documented how Windows converts; the evidence for each decision is in EVIDENCE.md COMPAT-01 to
//! COMPAT-15.

mod at;
mod difference;
mod draft;
mod field;
mod file;
mod flags;
mod job_to_task;
mod obstacle;
mod options;
mod priority;
mod span;
mod store;
mod task_to_job;
mod texts;
mod trigger;

pub use at::{
    AtError, AtErrorKind, FromAt, added_at, at_command, at_to_job, at_to_task, check_at, job_to_at,
    runs_today, split_command, start_at, task_to_at, task_to_at_in,
};
pub use difference::{Conversion, Difference, Differences, Reason};
pub use field::Field;
pub use file::beyond_job;
pub use job_to_task::{is_at_job, job_to_task};
pub use obstacle::{NotV1Compatible, Obstacle, ObstacleReason, Obstacles};
pub use options::{ToJob, ToTask};
#[cfg(feature = "command_line")]
pub(crate) use span::shown as shown_minutes;
pub use store::{
    AT_COMMENT, AT_JOB, Account, LOCAL_SYSTEM, Store, at_file_name, at_job_id, at_task_name, job_file_name,
    job_file_of, job_task_name, next_at_job_id,
};
pub use task_to_job::{obstacles, task_to_job, v1_obstacles};
