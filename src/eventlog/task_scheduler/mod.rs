//! The events that the Task Scheduler logs (EVIDENCE.md EVT-20 to EVT-25).
//!
//! [`TaskSchedulerEvent`] has a variant for each event; a scheduler emits it, and a forensic tool parses it. [`info`]
//! returns the metadata of an event id. [`message`] describes any of these events, even a damaged one.
//!
//! ```
//! use wintask::eventlog::{System, task_scheduler::TaskSchedulerEvent};
//!
//! let failed = TaskSchedulerEvent::CompatTaskDeleteFailed {
//!     task_name: r"\Old".into(),
//!     result_code: 0x8004_1315,
//! };
//! assert_eq!(failed.id(), 707);
//! assert_eq!(
//!     failed.message(),
//!     r#"the Compatibility module failed to delete "\Old"; error 2147750677, SCHED_E_SERVICE_NOT_RUNNING (0x80041315)"#,
//! );
//! let advice = failed.advice().ok_or("no advice")?;
//! assert_eq!(advice.code, Some("Start the Task Scheduler service."));
//! assert_eq!(advice.steps.len(), 5);
//! # Ok::<(), &'static str>(())
//! ```

mod advice;
mod catalogue;
mod channel;
mod event;
mod field;

pub use advice::Advice;
pub use catalogue::{TaskEventField, TaskEventInfo, TaskSchedulerEvent};
pub use channel::{TaskChannel, TaskLevel};
pub use event::{NotTaskSchedulerEvent, PROVIDER, PROVIDER_GUID, all, info, message};
pub use field::Hex;
