//! The binary .JOB file ([MS-TSCH] 2.4): read, written byte for byte, recovered when damaged, carved.
//!
//! | to | use |
//! |---|---|
//! | know what a file says | [`Job::parse`] |
//! | change or copy a file and keep every byte | [`RawJob`] |
//! | make a file | [`Job::new`], [`Job::to_bytes`] |
//! | read a damaged file | [`recover`] |
//! | find files in a disk or memory image | [`carve`] |
//! | know what a release of Windows answers | [`RawJob::validate`], [`Error::hresult_on`] |
//!
//! Invariants: no bytes are lost between [`RawJob::parse`] and [`RawJob::to_bytes`]; [`parse`](Job::parse) and
//! [`recover`] never panic and allocate a small multiple of their input.

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
    DaysOfMonth, DaysOfWeek, JobDate, JobFlags, MaxRunTime, Months, Priority, ProductVersion, Release,
    TriggerFlags, WhichWeek,
};
