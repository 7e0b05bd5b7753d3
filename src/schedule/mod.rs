//! Run times ([MS-TSCH] 2.4.2.11, 2.5.3, 3.2.5.4.16): when and how often a task runs, past and future, and in plain
//! words.
//!
//! [`Patterns`] are the compiled triggers of a task definition, a .JOB file or an AT job. A [`Timetable`] evaluates
//! them in a [`Zone`](crate::time::Zone). Every query is answered in closed form: a run in a thousand years costs the
//! same as the next one, and a trigger that never fires is reported at once ([`Timetable::findings`]).
//!
//! ```
//! use time::{UtcOffset, macros::datetime};
//! use wintask::{definition::{DaysOfWeek, Exec, Schedule, Task, Trigger}, schedule::{Options, Timetable}};
//!
//! let fortnightly = Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY);
//! let trigger = Trigger::calendar(fortnightly, "2024-01-03T02:00:00".parse()?);
//! let task = Task { triggers: vec![trigger], ..Task::new(Exec::new("backup.exe")) };
//!
//! let runs = Timetable::of_task(&task, UtcOffset::UTC, &Options::default());
//! let from = datetime!(2024-01-01 00:00 UTC);
//! let days: Vec<_> = runs.occurrences(from..).take(3).map(|run| run.local().date().to_string()).collect();
//! assert_eq!(days, ["2024-01-05", "2024-01-15", "2024-01-19"]);
//! assert_eq!(runs.next_after(datetime!(3024-01-01 00:00 UTC)).map(|run| run.local().to_string()).as_deref(),
//!            Some("3024-01-05 2:00:00.0"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Runs are between the years 1601 and 9999.

mod adjustment;
#[cfg(feature = "rpc")]
mod at;
mod batch;
mod blocks;
mod candidates;
mod compile;
mod count;
mod days;
mod finder;
mod finding;
#[cfg(feature = "job")]
mod job;
mod months;
mod occurrence;
mod occurrences;
mod options;
mod overlap;
mod pattern;
mod patterns;
mod question;
mod remainder;
mod runs;
mod runtimes;
mod timetable;
mod view;
pub mod words;
mod years;

pub use adjustment::Adjustment;
pub use finding::{Finding, FindingKind, Findings};
#[cfg(feature = "job")]
pub use job::{job_status, next_run_time};
pub use occurrence::Occurrence;
pub use occurrences::Occurrences;
pub use options::{Options, RepetitionEnd};
pub use patterns::Patterns;
pub use runtimes::{ScheduledRuntimes, scheduled_runtimes};
pub use timetable::Timetable;
