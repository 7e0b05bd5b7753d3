use super::{
    error::ErrorKind,
    layout::{SIGNATURE_SIZE, STRINGS},
    value::{JobFlags, Priority, ProductVersion, TriggerFlags},
};
use crate::{
    dtyp::{HResult, NotUtf16, SystemTime},
    finding::{self, Severity},
};

/// Something worth reporting about a .JOB file, and where.
pub type Finding = finding::Finding<FindingKind>;

/// What is worth reporting about a .JOB file.
pub type Findings = finding::Findings<FindingKind>;

/// What a finding of [`recover`](super::recover) is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// Windows refuses the file for it.
    #[error(transparent)]
    Violation(#[from] ErrorKind),
    /// A part was not found.
    #[error("not found")]
    Lost,
    /// A part that is cut short, or whose count is wrong.
    #[error("its count says {declared} {unit}, {found} stand there")]
    Count {
        /// The count.
        declared: usize,
        /// How many there are.
        found: usize,
        /// What is counted.
        unit: &'static str,
        /// Whether the file ends within the part.
        cut: bool,
    },
    /// Triggers that do not follow their count.
    #[error("{number} triggers stand apart from their count")]
    TriggersApart {
        /// How many.
        number: usize,
    },
    /// Product Version is not a version of Windows.
    #[error("{0} is no known version of Windows")]
    ProductVersion(ProductVersion),
    /// App Name Len Offset is not where real files have the application name.
    #[error("{offset:#x}, where every known file has {STRINGS:#x}")]
    ApplicationNameOffset {
        /// The offset.
        offset: u16,
        /// Whether it leads to a place in the variable part.
        is_within: bool,
    },
    /// Trigger Offset is not where the trigger count is.
    #[error("{stated:#x}, where the trigger count stands at {found:#x}")]
    TriggerOffset {
        /// The offset.
        stated: usize,
        /// Where the count is.
        found: usize,
    },
    /// Priority is not one priority class.
    #[error("{0} is not one priority class")]
    Priority(Priority),
    /// Flags has undefined bits.
    #[error("undefined bits {bits:#x} are set", bits = .0.0)]
    UndefinedFlags(JobFlags),
    /// The last run's time is not a time.
    #[error("the last run's {0} is no date")]
    LastRun(SystemTime),
    /// Status does not agree with the number of triggers (note 12).
    #[error("{status} does not agree with {triggers} triggers (note 12)")]
    Status {
        /// The status.
        status: HResult,
        /// How many triggers there are.
        triggers: usize,
    },
    /// The flag `TASK_APPLICATION_NAME` does not agree with the application name.
    #[error("TASK_APPLICATION_NAME does not agree with the application name")]
    ApplicationNameFlag,
    /// A NUL within a string.
    #[error("a NUL stands within the string")]
    EmbeddedNul,
    /// A string that is not valid UTF-16.
    #[error(transparent)]
    NotUtf16(NotUtf16),
    /// Trigger Size is not 48.
    #[error("{0} is not 48")]
    TriggerSize(u16),
    /// A trigger's flags have undefined bits.
    #[error("undefined bits {bits:#x} are set", bits = .0.0)]
    UndefinedTriggerFlags(TriggerFlags),
    /// A trigger whose schedule matches no day.
    #[error("never fires: {0}")]
    NeverFires(&'static str),
    /// Reserved or unused words of a trigger are not zero.
    #[error("words without a meaning are not zero")]
    UnusedWords,
    /// What follows the triggers looks like another one.
    #[error("what follows looks like one more trigger than the count says")]
    UncountedTrigger,
    /// Less than a signature follows the triggers.
    #[error("{0} bytes of {SIGNATURE_SIZE}, to be ignored")]
    SignatureTruncated(usize),
    /// A signature of another version than 1.
    #[error("of versions other than 1, to be ignored")]
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
