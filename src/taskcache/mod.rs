//! The registry's task cache, `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache`: the values of
//! one task, as bytes and as a definition. Reading the registry is up to the caller.
//!
//! The service schedules from these values alone (EVIDENCE.md CACHE-12). Microsoft does not document their layouts.
//!
//! | to | use |
//! |---|---|
//! | read a task's values as a definition | [`recover`], or [`read`] to stop at the first violation |
//! | copy or edit a value without changing any other byte | [`RawActions`], [`RawTriggers`], [`RawDynamicInfo`] |
//! | compute the values of a definition | [`write`](fn@write) |
//!
//! ```
//! use wintask::definition::{Exec, Task};
//! use wintask::taskcache::{read, write};
//!
//! let values = write(&Task::new(Exec::new("notepad.exe")))?.values;
//! let task = read(&values)?.task;
//! assert_eq!(task.actions.list, Task::new(Exec::new("notepad.exe")).actions.list);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: the exact layer returns the bytes that it read. Reading never panics, takes linear time, and allocates
//! at most a small multiple of its input.

mod actions;
mod dynamic;
mod error;
mod exact;
mod finding;
mod from_actions;
mod from_bucket;
mod from_triggers;
mod into_actions;
mod into_bucket;
mod into_triggers;
mod notes;
mod triggers;
mod value;
mod values;
mod wire;
mod write;

pub use actions::{
    ActionsContext, ActionsHead, RawAction, RawComHandler, RawExec, RawHeaderField, RawSendEmail,
    RawShowMessage,
};
pub use dynamic::{DynamicInfo, PartialDynamicInfo, RawDynamicInfo};
pub use error::{Error, ErrorKind, TooLong};
pub use exact::{RawActions, RawTriggers};
pub use finding::{Finding, FindingKind, Findings};
pub(crate) use triggers::WITH_IDS;
pub use triggers::{
    Bucket, Generic, RawEvent, RawLogon, RawPeriod, RawPlain, RawScheduled, RawSession, RawSettings, RawTime,
    RawTrigger, RawUser, RawValueQuery, RawWnf, SettingsBody, TriggersHead,
};
pub use value::{Hash, Index, Privileges, SidUse, TaskFlags};
pub use values::{Recovered, Values, read, recover};
pub use wire::{
    AlignedBytes, AlignedList, AlignedText, CountedText, Filler, PaddedByte, PaddedWord, RawText, TriggerId,
    WnfData,
};
pub use write::{Written, as_stored, is_stored_as, write};
