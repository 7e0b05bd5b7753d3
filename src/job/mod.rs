//! The binary .JOB file ([MS-TSCH] 2.4): parses, writes, recovers and carves files.
//!
//! | to | use |
//! |---|---|
//! | read a file | [`Job::parse`] |
//! | copy or edit a file without changing any other byte | [`RawJob`] |
//! | create a file | [`Job::new`], [`Job::to_bytes`] |
//! | read a damaged file | [`recover`] |
//! | find files in a disk or memory image | [`carve`] |
//! | find out how a release of Windows responds to a file | [`RawJob::validate`], [`Error::hresult_on`] |
//!
//! Invariants: [`RawJob::to_bytes`] returns the bytes passed to [`RawJob::parse`]. [`parse`](Job::parse) and
//! [`recover`] never panic, and allocate at most a small multiple of their input.

mod carve;
mod error;
mod exact;
mod finding;
mod layout;
mod model;
mod recover;
mod repair;
mod text;
mod trigger;
mod unusual;
mod validate;
mod value;

pub use carve::{Carve, Carved, Confidence, carve};
pub use error::{BuildError, Error, ErrorKind};
pub use exact::{RawJob, Signature};
pub use finding::{Finding, FindingKind, Findings};
pub use layout::{
    FixedData, PartialFixedData, PartialTaskReserved, PartialTrigger, RawTrigger, TaskReserved,
};
pub use model::Job;
pub use recover::{Recovered, RecoveredTrigger, Spanned, recover};
pub use text::CountedString;
pub use trigger::{Schedule, Trigger};
pub use value::{
    DaysOfMonth, DaysOfWeek, InvalidJobDate, JobDate, JobFlags, MaxRunTime, Months, Priority, ProductVersion,
    Release, TriggerFlags, WhichWeek,
};
