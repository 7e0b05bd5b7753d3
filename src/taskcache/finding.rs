//! Findings of reading and writing.

use super::{
    error::ErrorKind,
    value::{Index, TaskFlags},
};
use crate::{
    dtyp::NotUtf16,
    finding::{self, Severity},
};

/// A finding about a task of the TaskCache, and its location.
pub type Finding = finding::Finding<FindingKind>;

/// Findings about a task of the TaskCache.
pub type Findings = finding::Findings<FindingKind>;

/// The kinds of findings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// A violation of the layout. The bytes after it are kept but not interpreted.
    #[error(transparent)]
    Violation(#[from] ErrorKind),
    /// An unpublished version of a layout.
    #[error("unknown version {0:#x}")]
    Version(u32),
    /// Settings of an unpublished size.
    #[error("unknown settings size: {0:#x} bytes")]
    SettingsSize(u32),
    /// Flags of unknown meaning.
    #[error("unknown bits {bits:#x}", bits = .0.0)]
    UnknownFlags(TaskFlags),
    /// Mutually exclusive flags.
    #[error("{0} are mutually exclusive")]
    Contradiction(TaskFlags),
    /// A value that a definition cannot have.
    #[error("{value} is out of range ({allowed})")]
    OutOfRange {
        /// The value.
        value: u64,
        /// The values allowed.
        allowed: &'static str,
    },
    /// An invalid time.
    #[error("invalid time {0:#x}")]
    Time(u64),
    /// Two fields that should be equal.
    #[error("differs from {0}")]
    Differs(&'static str),
    /// A setting of automatic maintenance without its period.
    #[error("stated without a period")]
    WithoutPeriod,
    /// Text that is not valid UTF-16.
    #[error(transparent)]
    NotUtf16(NotUtf16),
    /// Text with an odd number of bytes.
    #[error("truncated UTF-16: odd number of bytes")]
    HalfUnit,
    /// A NUL inside counted text.
    #[error("embedded NUL at code unit {0}: many programs do not show the text after it")]
    Nul(usize),
    /// An invalid SID.
    #[error("invalid SID")]
    Sid,
    /// Text that should be a date, a GUID or a version.
    #[error("{0:?} is not a {1}")]
    Text(String, &'static str),
    /// The value Index is zero or unknown.
    #[error("{} is not the index of a key", .0.0)]
    Index(Index),
    /// A part of a definition that the registry cannot represent.
    #[error("lost: the registry cannot represent it")]
    NoCounterpart,
    /// A value of a definition that the registry cannot store.
    #[error("lost: {0} cannot be stored")]
    NotStorable(String),
    /// A value that is stored in another form with the same meaning.
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
