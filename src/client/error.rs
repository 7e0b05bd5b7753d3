//! Calls that a server rejects, and other errors of a client.

use crate::{
    definition::{TaskPath, TaskPathErrorKind},
    dtyp::{HResult, NetApiStatus},
    finding::FindingKind,
    job, limits,
    rpc::{Call, atsvc::AtFlags},
};
use std::fmt;

/// The return value of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The HRESULT of SASec and ITaskSchedulerService.
    HResult(HResult),
    /// The status of ATSvc.
    NetApi(NetApiStatus),
}

impl Status {
    /// Whether the server accepted the call, with a successful HRESULT, `NERR_Success` or `ERROR_MORE_DATA`.
    ///
    /// ```
    /// use wintask::{client::Status, dtyp::{HResult, NetApiStatus}};
    ///
    /// assert!(Status::from(HResult::S_FALSE).is_success());
    /// assert!(!Status::from(NetApiStatus(3806)).is_success());
    /// ```
    #[must_use]
    pub fn is_success(self) -> bool {
        match self {
            Self::HResult(status) => status.is_success(),
            Self::NetApi(status) => status == NetApiStatus::NERR_SUCCESS || status == MORE_DATA,
        }
    }
}

/// More entries are available.
pub(super) const MORE_DATA: NetApiStatus = NetApiStatus(crate::dtyp::Win32Error::MORE_DATA.0);

impl From<HResult> for Status {
    fn from(status: HResult) -> Self {
        Self::HResult(status)
    }
}

impl From<NetApiStatus> for Status {
    fn from(status: NetApiStatus) -> Self {
        Self::NetApi(status)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HResult(status) => status.fmt(f),
            Self::NetApi(status) => status.fmt(f),
        }
    }
}

/// A call that the server rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{method} was refused: {status}")]
#[non_exhaustive]
pub struct Refused {
    /// The method.
    pub method: &'static str,
    /// The return value.
    pub status: Status,
}

impl FindingKind for Refused {
    fn code(&self) -> &'static str {
        "client.refused"
    }
}

/// Returns the response if the server accepted the call. Success codes other than zero remain in the response's
/// status, for example `SCHED_S_TASK_HAS_NOT_RUN` for a task that never ran.
///
/// # Errors
/// The method and its status, if the server rejected the call.
pub fn accepted<C: Call<Status: Into<Status>>>(
    _request: &C,
    response: C::Response,
) -> Result<C::Response, Refused> {
    let status = C::status(&response).into();
    if status.is_success() { Ok(response) } else { Err(Refused { method: C::STRUCTURE.name, status }) }
}

/// Why an operation is invalid, or cannot continue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server rejected a call.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The response does not belong to the pending call, or no call is pending.
    #[error("unexpected response")]
    UnexpectedResponse,
    /// The server reports more entries, but the position does not advance.
    #[error("the enumeration does not advance: it continues at {next} after {at}")]
    NoProgress {
        /// The index or resume handle of the last call.
        at: u32,
        /// The index or resume handle that the server returned.
        next: u32,
    },
    /// An enumeration returned more than [`limits::LISTED_BYTES`].
    #[error("the enumeration exceeds {max} bytes", max = limits::LISTED_BYTES)]
    TooLarge,
    /// The server returned a NULL name.
    #[error("the server returned a NULL name")]
    NullName,
    /// The server returned an invalid name for a task or folder.
    #[error("{folder}: invalid name from the server: {kind}")]
    Name {
        /// The enumerated folder.
        folder: TaskPath,
        /// The rule that the name violates.
        kind: NameErrorKind,
    },
    /// The flags of a new AT job include some that a client may not set ([MS-TSCH] 3.1.4.1.1).
    #[error("a new AT job cannot have the flags {0}")]
    AtFlags(AtFlags),
    /// A new AT job has no command ([MS-TSCH] 3.1.4.1.1).
    #[error("an AT job needs a command")]
    NoCommand,
    /// The time of a new AT job is not a time of day ([MS-TSCH] 2.3.4, 3.1.4.1.1).
    #[error("an AT job cannot run {0} ms after midnight, only up to 86399999 ms")]
    JobTime(u32),
    /// Undefined bits in the days of a new AT job ([MS-TSCH] 2.3.4, 3.1.4.1.1).
    #[error("the bits {0:#x} of {field} do not correspond to a day", field = .1)]
    AtDays(u32, &'static str),
    /// A .JOB file has no application name ([MS-TSCH] 3.1.4.2.2).
    #[error("a .JOB file needs an application name")]
    NoApplicationName,
    /// The name of a .JOB task is not a file name with the extension `.job` ([MS-TSCH] 3.1.4.2.2).
    #[error("{0:?} is not a file name with the extension .job")]
    JobName(String),
    /// A file is not a valid .JOB file ([MS-TSCH] 3.1.4.2.5).
    #[error("invalid .JOB file: {0}")]
    Job(job::Error),
    /// A .JOB file cannot be written.
    #[error("the .JOB file cannot be written: {0}")]
    Build(job::BuildError),
    /// The registry value for the folder of .JOB files contains a `%` that is not part of `%SystemRoot%` ([MS-TSCH]
    /// note 38).
    #[error("{0:?} contains a variable other than %SystemRoot%")]
    TasksFolder(String),
}

/// Why a name that a server returned is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NameErrorKind {
    /// It contains a backslash, so it is more than one name.
    #[error("the name contains a separator")]
    Separator,
    /// It violates a rule of [MS-TSCH] 2.3.11.
    #[error(transparent)]
    Rule(#[from] TaskPathErrorKind),
}

impl FindingKind for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::UnexpectedResponse => "client.unexpected_response",
            Self::NoProgress { .. } => "client.no_progress",
            Self::TooLarge => "client.too_large",
            Self::NullName => "client.null_name",
            Self::Name { .. } => "client.name",
            Self::AtFlags(_) => "client.at_flags",
            Self::NoCommand => "client.no_command",
            Self::JobTime(_) => "client.job_time",
            Self::AtDays(..) => "client.at_days",
            Self::NoApplicationName => "client.no_application_name",
            Self::JobName(_) => "client.job_name",
            Self::Job(_) => "client.job",
            Self::Build(_) => "client.build",
            Self::TasksFolder(_) => "client.tasks_folder",
        }
    }
}
