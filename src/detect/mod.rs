//! Identifies content: task definitions, .JOB files, Group Policy files, events and TaskCache values.
//!
//! [`detect`] looks at bytes and never at names. Invariants: one pass, no recursion, and allocation of at most a
//! small multiple of [`limits::XML_DEPTH`](crate::limits::XML_DEPTH). The search for markup ends after
//! [`limits::DETECT_LEADING_UNITS`](crate::limits::DETECT_LEADING_UNITS).

mod cursor;
mod found;
mod job;
mod markup;
mod taskcache;
mod xml;

pub use crate::job::Confidence;
pub use found::{Damage, DamageKind, Detection, Kind, Reason, TaskCacheValue};

/// Identifies the kind of some bytes.
///
/// ```
/// use wintask::{detect, detect::{Confidence, DamageKind, Kind}};
///
/// let task = b"<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Actions/></Task>";
/// let found = detect(task);
/// assert_eq!((found.kind, found.confidence, found.damage), (Kind::Task, Confidence::High, None));
/// assert_eq!(found.to_string(), "task definition: the root element is Task, in its namespace");
///
/// let cut = detect(&task[..80]);
/// assert_eq!(cut.kind, Kind::Task);
/// assert_eq!(cut.damage.map(|damage| damage.kind), Some(DamageKind::Truncated));
///
/// assert_eq!(detect(b"MZ\x90\0").kind, Kind::Unknown);
/// ```
#[must_use]
pub fn detect(bytes: &[u8]) -> Detection {
    if bytes.is_empty() {
        return Detection::new(Kind::Unknown, Confidence::High, Reason::Empty, None);
    }
    let known = job::detect(bytes).or_else(|| taskcache::detect(bytes)).or_else(|| xml::detect(bytes));
    known.unwrap_or_else(|| Detection::new(Kind::Unknown, Confidence::High, Reason::Nothing, None))
}
