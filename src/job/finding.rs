//! Findings of forgiving reading.

use super::{
    error::ErrorKind,
    layout::{SIGNATURE_SIZE, STRINGS},
    value::{JobFlags, Priority, ProductVersion, TriggerFlags},
};
use crate::{
    dtyp::{HResult, NotUtf16, SystemTime},
    finding::{self, Severity},
};

/// A finding about a .JOB file, and its location.
pub type Finding = finding::Finding<FindingKind>;

/// Findings about a .JOB file.
pub type Findings = finding::Findings<FindingKind>;

/// The kinds of findings of [`recover`](super::recover).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// A violation for which Windows rejects the file.
    #[error(transparent)]
    Violation(#[from] ErrorKind),
    /// A part was not found.
    #[error("not found")]
    Lost,
    /// A part is truncated, or its count is wrong.
    #[error("{}", count(*declared, *found, unit))]
    Count {
        /// The size according to the count.
        declared: usize,
        /// The size found.
        found: usize,
        /// The unit of both.
        unit: &'static str,
        /// Whether the file ends within the part.
        cut: bool,
    },
    /// The triggers are not adjacent to the trigger count.
    #[error("found {number} triggers not adjacent to the trigger count")]
    TriggersApart {
        /// The number of triggers.
        number: usize,
    },
    /// Product Version is not a version of Windows.
    #[error("{0} is not a known version of Windows")]
    ProductVersion(ProductVersion),
    /// App Name Len Offset differs from that of all known files.
    #[error("expected {STRINGS:#x} as in every known file, found {offset:#x}")]
    ApplicationNameOffset {
        /// The offset.
        offset: u16,
        /// Whether it points into the variable part.
        is_within: bool,
    },
    /// Trigger Offset does not point to the trigger count.
    #[error("expected {found:#x}, where the trigger count is, found {stated:#x}")]
    TriggerOffset {
        /// The offset.
        stated: usize,
        /// The actual offset of the count.
        found: usize,
    },
    /// Priority is not a single priority class.
    #[error("{0} is not one priority class")]
    Priority(Priority),
    /// Flags has undefined bits.
    #[error("undefined bits {bits:#x} are set", bits = .0.0)]
    UndefinedFlags(JobFlags),
    /// The last run's time is invalid.
    #[error("{0} is not a valid time")]
    LastRun(SystemTime),
    /// Status contradicts the number of triggers (note 12).
    #[error("{status} contradicts the number of triggers, {triggers}")]
    Status {
        /// The status.
        status: HResult,
        /// The number of triggers.
        triggers: usize,
    },
    /// The flag `TASK_APPLICATION_NAME` is set without an application name, or clear with one.
    #[error("TASK_APPLICATION_NAME contradicts the application name")]
    ApplicationNameFlag,
    /// A string contains a NUL before its end.
    #[error("the string contains a NUL")]
    EmbeddedNul,
    /// A string is not valid UTF-16.
    #[error(transparent)]
    NotUtf16(NotUtf16),
    /// Trigger Size is not 48.
    #[error("expected 48, found {0}")]
    TriggerSize(u16),
    /// A trigger's flags have undefined bits.
    #[error("undefined bits {bits:#x} are set", bits = .0.0)]
    UndefinedTriggerFlags(TriggerFlags),
    /// A trigger's schedule matches no day.
    #[error("the schedule matches no day: {0}")]
    NeverFires(&'static str),
    /// Reserved or unused words of a trigger are not zero.
    #[error("reserved or unused words are not zero")]
    UnusedWords,
    /// The data after the last trigger looks like another trigger.
    #[error("the data after the last trigger looks like another trigger")]
    UncountedTrigger,
    /// The signature is truncated.
    #[error("expected {SIGNATURE_SIZE} bytes, found {0}; Windows ignores them")]
    SignatureTruncated(usize),
    /// The signature's version is not 1.
    #[error("the version is not 1; Windows ignores the signature")]
    SignatureVersion,
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Violation(kind) => kind.code(),
            Self::Lost => "job.lost",
            Self::Count { cut: true, .. } => "job.truncated",
            Self::Count { cut: false, .. } => "job.count",
            Self::TriggersApart { .. } => "job.triggers.apart",
            Self::ProductVersion(_) => "job.product_version",
            Self::ApplicationNameOffset { .. } => "job.application_name.offset",
            Self::TriggerOffset { .. } => "job.trigger_offset",
            Self::Priority(_) => "job.priority",
            Self::UndefinedFlags(_) => "job.flags.undefined",
            Self::LastRun(_) => "job.last_run",
            Self::Status { .. } => "job.status",
            Self::ApplicationNameFlag => "job.flags.application_name",
            Self::EmbeddedNul => "job.strings.embedded_nul",
            Self::NotUtf16(_) => "job.strings.not_utf16",
            Self::TriggerSize(_) => "job.trigger.size",
            Self::UndefinedTriggerFlags(_) => "job.trigger.undefined_flags",
            Self::NeverFires(_) => "job.trigger.never",
            Self::UnusedWords => "job.trigger.unused_words",
            Self::UncountedTrigger => "job.signature.trigger",
            Self::SignatureTruncated(_) => "job.signature.truncated",
            Self::SignatureVersion => "job.signature.version",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Violation(_)
            | Self::Lost
            | Self::Count { .. }
            | Self::TriggersApart { .. }
            | Self::ApplicationNameOffset { is_within: false, .. } => Severity::Error,
            Self::ApplicationNameFlag | Self::UnusedWords => Severity::Info,
            _ => Severity::Warning,
        }
    }
}

/// The message for a count that does not match.
fn count(declared: usize, found: usize, unit: &str) -> String {
    let only = if found < declared { "only " } else { "" };
    let noun = if unit == "triggers" { "count" } else { "length" };
    format!("declared {noun} is {declared} {unit}, {only}{found} present")
}
