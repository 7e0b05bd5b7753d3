//! The result of detection, and its reason.

use crate::job::Confidence;
use std::fmt;

/// The kind of some bytes, how certain it is, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Detection {
    /// The kind.
    pub kind: Kind,
    /// How certain the kind is. It is independent of damage: a truncated file may be recognised with certainty.
    pub confidence: Confidence,
    /// The reason.
    pub reason: Reason,
    /// The first damage visible in the outer structure. `None` does not mean that a reader accepts the bytes.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub damage: Option<Damage>,
}

impl Detection {
    pub(super) fn new(kind: Kind, confidence: Confidence, reason: Reason, damage: Option<Damage>) -> Self {
        Self { kind, confidence, reason, damage }
    }
}

impl fmt::Display for Detection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.reason)?;
        match self.damage {
            Some(damage) => write!(f, "; {damage}"),
            None => Ok(()),
        }
    }
}

/// The kinds that [`detect`](fn@crate::detect) knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Kind {
    /// One task definition; see [`xml::read`](crate::xml::read) and [`xml::recover`](crate::xml::recover).
    #[error("task definition")]
    Task,
    /// Task definitions in sequence or inside another element, as printed by `schtasks /query /xml`; see
    /// [`xml::documents`](crate::xml::documents).
    #[error("several task definitions")]
    Tasks,
    /// A .JOB file; see [`Job::parse`](crate::job::Job::parse) and [`job::recover`](crate::job::recover).
    #[error(".JOB file")]
    Job,
    /// A Group Policy Preferences file, ScheduledTasks.xml; see `gpp::ScheduledTasks::read` and `gpp::recover`.
    #[error("Group Policy scheduled tasks")]
    GroupPolicy,
    /// An event as XML; see [`Event::parse`](crate::eventlog::Event::parse).
    #[error("event")]
    Event,
    /// Events in sequence or inside another element; see [`events`](crate::eventlog::events()).
    #[error("several events")]
    Events,
    /// A value under the registry key `TaskCache`; see `taskcache::read` and `taskcache::recover`.
    #[error("TaskCache {0} value")]
    TaskCache(TaskCacheValue),
    /// Unrecognised.
    #[error("not recognised")]
    Unknown,
}

impl Kind {
    /// The path of the function in this crate that reads it strictly; `None` for unrecognised bytes.
    ///
    /// ```
    /// use wintask::detect::{Kind, detect};
    ///
    /// let file = b"<ScheduledTasks clsid=\"{CC63F200-7309-4ba0-B154-A71CD118DBCC}\"/>";
    /// assert_eq!(detect(file).kind.reader(), Some("gpp::ScheduledTasks::read"));
    /// assert_eq!(Kind::Unknown.reader(), None);
    /// ```
    #[must_use]
    pub const fn reader(self) -> Option<&'static str> {
        Some(match self {
            Self::Task => "xml::read",
            Self::Tasks => "xml::documents",
            Self::Job => "job::Job::parse",
            Self::GroupPolicy => "gpp::ScheduledTasks::read",
            Self::Event => "eventlog::Event::parse",
            Self::Events => "eventlog::events",
            Self::TaskCache(_) => "taskcache::read",
            Self::Unknown => return None,
        })
    }
}

/// The binary values under the registry key `TaskCache`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TaskCacheValue {
    /// `Actions` of a key under `Tasks`.
    #[error("Actions")]
    Actions,
    /// `Triggers` of a key under `Tasks`.
    #[error("Triggers")]
    Triggers,
    /// `DynamicInfo` of a key under `Tasks`.
    #[error("DynamicInfo")]
    DynamicInfo,
    /// `SD` of a key under `Tree`: a self-relative security descriptor, which is not specific to tasks.
    #[error("SD")]
    Sd,
}

/// The reason for the result of [`detect`](fn@crate::detect).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Reason {
    /// The root element has the namespace or the class identifier of its kind.
    #[error("the root element is {0}, in its namespace")]
    Root(&'static str),
    /// The root element has the name and the children of its kind, but another namespace or none.
    #[error("the root element is {0}, without its namespace")]
    RootName(&'static str),
    /// An element in the namespace of its kind is inside a root element of another kind.
    #[error("an element {0} in its namespace is inside another root element")]
    Inside(&'static str),
    /// The root element has the namespace of this kind, but another name.
    #[error("the root element has the namespace of {0}, and another name")]
    Namespace(&'static str),
    /// Elements of this kind, or its end tag, are present without a root element.
    #[error("parts of an element {0} without its start")]
    Part(&'static str),
    /// The header of a .JOB file, and all the parts that it refers to.
    #[error("a .JOB header, and all parts after it")]
    JobFile,
    /// The header of a .JOB file.
    #[error("a .JOB header")]
    JobHeader,
    /// The lengths inside add up to the exact size.
    #[error("its version is known, and its lengths lead to its end")]
    Layout,
    /// The first fields match the kind.
    #[error("its first fields are known")]
    FirstFields,
    /// There is no known root element, header or layout.
    #[error("no known root element, header or layout")]
    Nothing,
    /// The input is empty.
    #[error("it is empty")]
    Empty,
}

/// Damage to the outer structure, and its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Damage {
    /// The kind of damage.
    pub kind: DamageKind,
    /// The offset of the first byte affected.
    pub offset: usize,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {:#x}: {}", self.offset, self.kind)
    }
}

/// The kinds of damage visible in the outer structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DamageKind {
    /// Unexpected content before the start.
    #[error("unexpected content before the start")]
    Leading,
    /// The start is missing.
    #[error("the start is missing")]
    NoStart,
    /// The end is missing.
    #[error("unexpected end")]
    Truncated,
    /// Unexpected content after the end.
    #[error("unexpected content after the end")]
    Trailing,
    /// Undecodable bytes, or a character that XML does not allow.
    #[error("illegal or undecodable character")]
    Character,
    /// Its parts contradict each other.
    #[error("malformed structure")]
    Malformed,
}
