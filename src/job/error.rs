//! Errors, with the HRESULTs that the releases of Windows return.

use super::{layout::STRING_NAMES, value::Release};
use crate::{
    dtyp::{HResult, HasHResult, Win32Error},
    error::{self, Truncated},
    finding::FindingKind,
    limits,
};

/// The error for an invalid .JOB file: the violated rule, and the location.
pub type Error = error::Error<ErrorKind>;

/// A rule of [MS-TSCH] 2.4 and its notes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file ends before the field does.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// Data follows the signature (3.2.5.3.1: "too long").
    #[error("{excess} bytes after the signature")]
    TrailingData {
        /// How many bytes.
        excess: usize,
    },
    /// File Version is not 1.
    #[error("file version {0} is not 1")]
    FileVersion(u16),
    /// App Name Len Offset does not point to a string (note 53).
    #[error("offset {0:#x} does not point to an application name")]
    ApplicationNameOffset(u16),
    /// The application name is absent (2.4.2.3).
    #[error("the application name is absent")]
    ApplicationNameAbsent,
    /// The application name is longer than Windows accepts (note 53).
    #[error("{0} UTF-16 units including the NUL exceed the maximum of {max}", max = limits::JOB_APPLICATION_NAME_UNITS)]
    ApplicationNameTooLong(usize),
    /// A string's last unit is not NUL (2.4.2.1).
    #[error("string of {0} units does not end with a NUL")]
    Unterminated(usize),
    /// Reserved Data Size is neither 0 nor 8 (note 14).
    #[error("expected 0 or 8 bytes of reserved data, found {0}")]
    ReservedDataSize(u16),
    /// A date or time of day is out of range (notes 16 to 21, 53).
    #[error("{value} is out of range ({allowed})")]
    OutOfRange {
        /// The value found.
        value: u32,
        /// The values allowed.
        allowed: &'static str,
    },
    /// Begin Year between 1000 and 1600, for which Windows has a separate code (note 16).
    #[error("year {0} is out of range (1601 to 9999)")]
    YearBefore1601(u16),
    /// The repetition interval is longer than 31 days (notes 22, 23).
    #[error("repetition interval of {0} minutes is longer than 31 days")]
    IntervalTooLong(u32),
    /// The repetition interval is not shorter than the duration (notes 22, 23).
    #[error("repetition interval of {interval} minutes is not shorter than the duration of {duration}")]
    IntervalNotShorter {
        /// Minutes Interval.
        interval: u32,
        /// Minutes Duration.
        duration: u32,
    },
    /// Trigger Type is not one of the eight (notes 53, 60).
    #[error("unknown trigger type {0}")]
    TriggerType(u32),
    /// Bit 31 of the days of the month is set (note 52).
    #[error("the unused bit 31 of the days of the month {0:#x} is set")]
    UnusedDayBit(u32),
    /// WhichWeek is not 1 to 5 (note 54).
    #[error("week {0} is out of range (1 to 5)")]
    WhichWeek(u16),
}

impl ErrorKind {
    /// The HRESULT that `SASetAccountInformation` (3.2.5.3.4) of a release returns for such a file; `field` is the
    /// path of the error's location.
    ///
    /// `S_OK` if that release accepts the call but does not load the task.
    #[must_use]
    pub fn hresult_on(&self, release: Release, field: &str) -> HResult {
        let silent = !release.checks_values();
        let application_name = field == STRING_NAMES[0];
        match self {
            // Every release reports an unreadable application name (note 53).
            Self::ApplicationNameAbsent | Self::ApplicationNameOffset(_) => HResult::SCHED_E_INVALID_TASK,
            Self::Unterminated(_) | Self::Truncated { .. } if application_name => {
                HResult::SCHED_E_INVALID_TASK
            }
            Self::Truncated { .. } | Self::TrailingData { .. } => {
                HResult::from_win32(Win32Error::INVALID_DATA)
            }
            _ if silent => HResult::S_OK,
            Self::Unterminated(_) | Self::ReservedDataSize(_) => {
                HResult::from_win32(Win32Error::INVALID_DATA)
            }
            Self::FileVersion(_) => HResult::SCHED_E_UNKNOWN_OBJECT_VERSION,
            Self::ApplicationNameTooLong(_) => HResult::E_UNEXPECTED,
            Self::YearBefore1601(_) if release >= Release::Server2008 => HResult::SCHED_E_MISSINGNODE,
            Self::OutOfRange { .. }
            | Self::YearBefore1601(_)
            | Self::IntervalTooLong(_)
            | Self::IntervalNotShorter { .. }
            | Self::UnusedDayBit(_) => HResult::SCHED_E_INVALIDVALUE,
            Self::TriggerType(_) => HResult::SCHED_E_UNEXPECTEDNODE,
            Self::WhichWeek(_) => HResult::SCHED_E_MISSINGNODE,
        }
    }
}

impl FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "job.truncated",
            Self::TrailingData { .. } => "job.trailing",
            Self::FileVersion(_) => "job.file_version",
            Self::ApplicationNameOffset(_) => "job.application_name.offset",
            Self::ApplicationNameAbsent => "job.application_name.absent",
            Self::ApplicationNameTooLong(_) => "job.application_name.too_long",
            Self::Unterminated(_) => "job.strings.unterminated",
            Self::ReservedDataSize(_) => "job.reserved.size",
            Self::OutOfRange { .. } => "job.trigger.out_of_range",
            Self::YearBefore1601(_) => "job.trigger.year_before_1601",
            Self::IntervalTooLong(_) => "job.trigger.interval_too_long",
            Self::IntervalNotShorter { .. } => "job.trigger.interval_not_shorter",
            Self::TriggerType(_) => "job.trigger.type",
            Self::UnusedDayBit(_) => "job.trigger.unused_day_bit",
            Self::WhichWeek(_) => "job.trigger.which_week",
        }
    }
}

impl HasHResult for Error {
    fn hresult(&self) -> HResult {
        self.hresult_on(Release::default())
    }
}

impl Error {
    /// The HRESULT that `SASetAccountInformation` of Windows 10 returns for this file (3.2.5.3.4, notes 14 to 23 and
    /// 52 to 54).
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.hresult_on(Release::default())
    }

    /// The HRESULT that `SASetAccountInformation` of a release returns for this file; `S_OK` if that release accepts the
    /// call but does not load the task.
    #[must_use]
    pub fn hresult_on(&self, release: Release) -> HResult {
        self.kind().hresult_on(release, self.place().path())
    }
}

/// The error for a value that does not fit a .JOB file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A part is larger than its 16-bit count allows.
    #[error("{field}: {size} {unit} exceed the maximum of {max}")]
    TooLong {
        /// The specification's name of the part.
        field: &'static str,
        /// Its size, including a string's NUL.
        size: usize,
        /// The maximum.
        max: usize,
        /// The unit of both.
        unit: &'static str,
    },
    /// The parts before the triggers are larger than Trigger Offset allows.
    #[error("{size} bytes before the triggers exceed the maximum of {max}", max = limits::JOB_TRIGGER_OFFSET)]
    TriggerOffset {
        /// Bytes before the trigger count.
        size: usize,
    },
}

crate::dtyp::macros::message_serde!(BuildError);
