//! What detection finds, and why.

use crate::job::Confidence;
use std::fmt;

/// What some bytes are, how sure that is, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Detection {
    /// What they are.
    pub kind: Kind,
    /// How certain the kind is. It is independent of damage: a truncated file may be recognised with certainty.
    pub confidence: Confidence,
    /// Why.
    pub reason: Reason,
    /// The first damage that a look at the outer structure shows. None does not mean that a reader accepts the bytes.
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
    /// One task definition: read it with [`xml::read`](crate::xml::read).
    #[error("task definition")]
    Task,
    /// Task definitions one after the other or inside another element, as `schtasks /query /xml` prints them: read them
    /// with [`xml::documents`](crate::xml::documents).
    #[error("several task definitions")]
    Tasks,
    /// A .JOB file: read it with [`Job::parse`](crate::job::Job::parse).
    #[error(".JOB file")]
    Job,
    /// A Group Policy Preferences file, ScheduledTasks.xml: the module `gpp` reads it.
    #[error("Group Policy scheduled tasks")]
    GroupPolicy,
    /// An event as XML: read it with [`Event::parse`](crate::eventlog::Event::parse).
    #[error("event")]
    Event,
    /// Events one after the other or inside another element: read them with [`events`](crate::eventlog::events()).
    #[error("several events")]
    Events,
    /// A value below the registry key `TaskCache`.
    #[error("TaskCache {0} value")]
    TaskCache(TaskCacheValue),
    /// None of these.
    #[error("not recognised")]
    Unknown,
}

/// The binary values below the registry key `TaskCache`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TaskCacheValue {
    /// `Actions` of a key below `Tasks`.
    #[error("Actions")]
    Actions,
    /// `Triggers` of a key below `Tasks`.
    #[error("Triggers")]
    Triggers,
    /// `DynamicInfo` of a key below `Tasks`.
    #[error("DynamicInfo")]
    DynamicInfo,
    /// `SD` of a key below `Tree`: a self-relative security descriptor, which other things have, too.
    #[error("SD")]
    Sd,
}

/// The reason for the result of [`detect`](fn@crate::detect).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Reason {
    /// The root element is in the namespace, or has the class identifier, that its kind has.
    #[error("the root element is {0}, in its namespace")]
    Root(&'static str),
    /// The root element has the name and the children that its kind has, but no namespace or another one.
    #[error("the root element is {0}, without its namespace")]
    RootName(&'static str),
    /// An element with the namespace of its kind is inside a root element of another kind.
    #[error("an element {0} in its namespace is inside another root element")]
    Inside(&'static str),
    /// The root element has another name, and the namespace of this kind.
    #[error("the root element has the namespace of {0}, and another name")]
    Namespace(&'static str),
    /// Elements of this kind, or its end tag, without a root element.
    #[error("parts of an element {0} without its start")]
    Part(&'static str),
    /// The header of a .JOB file, and everything that it leads to.
    #[error("a .JOB header, and all parts after it")]
    JobFile,
    /// The header of a .JOB file.
    #[error("a .JOB header")]
    JobHeader,
    /// The lengths within lead exactly to the end.
    #[error("its version is known, and its lengths lead to its end")]
    Layout,
    /// The beginning is as its kind has it.
    #[error("its first fields are known")]
    FirstFields,
    /// No known root element, header or layout.
    #[error("no known root element, header or layout")]
    Nothing,
    /// The input is empty.
    #[error("it is empty")]
    Empty,
}

/// What is wrong with the outer structure, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Damage {
    /// What is wrong.
    pub kind: DamageKind,
    /// The offset of the first byte concerned.
    pub offset: usize,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {:#x}: {}", self.offset, self.kind)
    }
}

/// The kinds of damage that a look at the outer structure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DamageKind {
    /// Something else comes before its start.
    #[error("unexpected content before the start")]
    Leading,
    /// Its start is missing.
    #[error("the start is missing")]
    NoStart,
    /// It ends before it is complete.
    #[error("unexpected end")]
    Truncated,
    /// Something else follows its end.
    #[error("unexpected content after the end")]
    Trailing,
    /// Bytes that do not decode, or a character that XML does not allow.
    #[error("illegal or undecodable character")]
    Character,
    /// Its parts contradict each other.
    #[error("malformed structure")]
    Malformed,
}
