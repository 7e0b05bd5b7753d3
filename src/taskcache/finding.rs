//! What reading reports, and what writing loses.

use super::{
    error::ErrorKind,
    value::{Index, TaskFlags},
};
use crate::{
    dtyp::NotUtf16,
    finding::{self, Severity},
};

/// A finding about a task of the TaskCache, and its place.
pub type Finding = finding::Finding<FindingKind>;

/// Findings about a task of the TaskCache.
pub type Findings = finding::Findings<FindingKind>;

/// The kinds of findings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// A violation of the layout: what follows it is not read, but kept.
    #[error(transparent)]
    Violation(#[from] ErrorKind),
    /// A version of a layout that is not published.
    #[error("version {0:#x} is not a known one")]
    Version(u32),
    /// Settings of a size that is not published.
    #[error("settings of {0:#x} bytes are not known")]
    SettingsSize(u32),
    /// Flags of unknown meaning.
    #[error("bits {bits:#x} have no known meaning", bits = .0.0)]
    UnknownFlags(TaskFlags),
    /// Several flags of which one at most can be meant.
    #[error("{0} exclude each other")]
    Contradiction(TaskFlags),
    /// A value that the definition cannot have.
    #[error("{value} is out of range ({allowed})")]
    OutOfRange {
        /// The value.
        value: u64,
        /// The values allowed.
        allowed: &'static str,
    },
    /// A time that is not one.
    #[error("{0:#x} is not a time")]
    Time(u64),
    /// Two fields that should be equal.
    #[error("differs from {0}")]
    Differs(&'static str),
    /// A part of automatic maintenance without the period that it belongs to.
    #[error("is stated without a period")]
    WithoutPeriod,
    /// A text that is not UTF-16.
    #[error(transparent)]
    NotUtf16(NotUtf16),
    /// A text whose size is odd.
    #[error("half a UTF-16 unit at the end")]
    HalfUnit,
    /// A NUL within a text that has a count.
    #[error("a NUL at unit {0}: programs that stop there do not show what follows")]
    Nul(usize),
    /// A SID that is not one.
    #[error("not a SID")]
    Sid,
    /// A text that should be a date, a GUID or a version.
    #[error("{0:?} is not a {1}")]
    Text(String, &'static str),
    /// The value Index is zero or unknown.
    #[error("{} does not name a key", .0.0)]
    Index(Index),
    /// A part of a definition that the registry has no place for.
    #[error("lost: the registry has no place for it")]
    NoCounterpart,
    /// A value of a definition that the registry has no form for.
    #[error("lost: {0} cannot be stored")]
    NotStorable(String),
    /// A value of a definition that is stored in another form, and means the same.
    #[error("{from} is stored as {to}")]
    Written {
        /// The value of the definition.
        from: String,
        /// The value stored.
        to: String,
    },
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Violation(kind) => kind.code(),
            Self::Version(_) => "taskcache.version",
            Self::SettingsSize(_) => "taskcache.settings_size",
            Self::UnknownFlags(_) => "taskcache.flags.unknown",
            Self::Contradiction(_) => "taskcache.flags.contradiction",
            Self::OutOfRange { .. } => "taskcache.out_of_range",
            Self::Time(_) => "taskcache.time",
            Self::Differs(_) => "taskcache.differs",
            Self::WithoutPeriod => "taskcache.without_period",
            Self::NotUtf16(_) => "taskcache.text.not_utf16",
            Self::HalfUnit => "taskcache.text.half_unit",
            Self::Nul(_) => "taskcache.text.nul",
            Self::Sid => "taskcache.sid",
            Self::Text(..) => "taskcache.text",
            Self::Index(_) => "taskcache.index",
            Self::NoCounterpart => "taskcache.no_counterpart",
            Self::NotStorable(_) => "taskcache.not_storable",
            Self::Written { .. } => "taskcache.written",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Violation(_) | Self::SettingsSize(_) | Self::NotStorable(_) => Severity::Error,
            Self::UnknownFlags(_) | Self::Written { .. } => Severity::Info,
            _ => Severity::Warning,
        }
    }
}
