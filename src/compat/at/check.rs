//! Validates AT jobs as a server does ([MS-TSCH] 2.3.4, 3.2.5.2.1).

use super::{super::field::Field, command::split_command};
use crate::{
    Profile,
    dtyp::{HResult, HasHResult, NetApiStatus, Win32Error},
    error,
    finding::FindingKind,
    job::DaysOfMonth,
    limits,
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
};

/// Milliseconds in a day.
const DAY: u32 = 24 * 60 * 60 * 1000;

/// The error for an AT job that a server rejects: `ERROR_INVALID_PARAMETER`.
pub type AtError = error::Error<AtErrorKind>;

/// The rule of [MS-TSCH] 2.3.4 that an AT job violates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AtErrorKind {
    /// Command is NULL, or contains no program.
    #[error("the command is missing")]
    NoCommand,
    /// The program in Command is longer than a task allows.
    #[error("a program of {0} units exceeds the maximum of 260")]
    ProgramTooLong(usize),
    /// JobTime is not a time of day.
    #[error("{0} ms exceed a day")]
    JobTime(u32),
    /// Unused bits are set, which Windows rejects (notes 6 to 8).
    #[error("unused bits {0:#x} are set")]
    UnusedBits(u32),
}

impl FindingKind for AtErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::NoCommand => "at.command.missing",
            Self::ProgramTooLong(_) => "at.command.too_long",
            Self::JobTime(_) => "at.job_time",
            Self::UnusedBits(_) => "at.unused_bits",
        }
    }
}

impl AtErrorKind {
    /// The status that `NetrJobAdd` returns (3.2.5.2.1, notes 6 to 8).
    #[must_use]
    pub const fn status(&self) -> NetApiStatus {
        NetApiStatus(Win32Error::INVALID_PARAMETER.0)
    }
}

impl HasHResult for AtErrorKind {
    /// `ERROR_INVALID_PARAMETER` as an HRESULT.
    fn hresult(&self) -> HResult {
        Win32Error::INVALID_PARAMETER.into()
    }
}

/// Validates an AT job as `NetrJobAdd` does ([MS-TSCH] 3.2.5.2.1). Windows rejects unused bits (notes 6 to 8); the
/// specification allows a server to ignore them.
///
/// # Errors
/// The first field that violates 2.3.4; the status of the call is [`AtErrorKind::status`].
///
/// ```
/// use wintask::{Profile, compat::check_at, rpc::atsvc::AtInfo};
///
/// let job = AtInfo { job_time: 86_400_000, command: Some("a.exe".into()), ..AtInfo::default() };
/// let error = check_at(&job, Profile::Windows).unwrap_err();
/// assert_eq!(error.to_string(), "JobTime: 86400000 ms exceed a day");
/// assert_eq!(error.kind().status().0, 87);
/// ```
pub fn check_at(job: &AtInfo, profile: Profile) -> Result<(), AtError> {
    let error = |kind, field: Field| Err(AtError::new(kind, field.place(None)));
    // A program that a task cannot run: it becomes the task's program.
    let program = job.command.as_ref().map(|command| split_command(command).0).unwrap_or_default();
    if program.is_empty() {
        return error(AtErrorKind::NoCommand, Field::AtCommand);
    }
    if program.len() >= limits::JOB_APPLICATION_NAME_UNITS {
        return error(AtErrorKind::ProgramTooLong(program.len()), Field::AtCommand);
    }
    if job.job_time >= DAY {
        return error(AtErrorKind::JobTime(job.job_time), Field::AtJobTime);
    }
    for (bits, field) in [
        (job.days_of_month.0 & DaysOfMonth::UNUSED, Field::AtDaysOfMonth),
        (u32::from(job.days_of_week.0 & !AtDaysOfWeek::DEFINED.0), Field::AtDaysOfWeek),
        (u32::from(job.flags.0 & !AtFlags::DEFINED.0), Field::AtFlags),
    ] {
        if bits != 0 && profile == Profile::Windows {
            return error(AtErrorKind::UnusedBits(bits), field);
        }
    }
    Ok(())
}
