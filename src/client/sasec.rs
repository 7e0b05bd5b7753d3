//! SASec: tasks as .JOB files, and their accounts ([MS-TSCH] 3.1.4.2). The server name in each request is NULL.
//!
//! The interface only sets and returns accounts. Everything else is done on the files in the server's Tasks folder,
//! over a remote file system. An operation is therefore a list of [`Step`]s in the order of execution.
//!
//! ```
//! use uuid::Uuid;
//! use wintask::{client::sasec::{self, Account, Step}, job::Job};
//!
//! let job = Job::new(Uuid::nil(), "backup.exe");
//! let steps = sasec::add("Backup.job", &job, Account::LocalSystem)?;
//! let [Step::FindFolder, Step::Write { name, .. }, Step::SetAccount(call)] = &steps[..] else { unreachable!() };
//! assert_eq!((name.as_str(), call.account.is_empty()), ("Backup.job", true));
//! # Ok::<(), wintask::client::Error>(())
//! ```

use super::error::Error;
use crate::{
    dtyp::{Password, WideString},
    job::{Job, JobFlags},
    rpc::sasec::{
        SAGetAccountInformation, SAGetNSAccountInformation, SASetAccountInformation,
        SASetNSAccountInformation,
    },
};

/// The registry key under HKEY_LOCAL_MACHINE that contains [`FOLDER_VALUE`] ([MS-TSCH] note 38).
pub const FOLDER_KEY: &str = r"SOFTWARE\Microsoft\SchedulingAgent";

/// The registry value with the Tasks folder: a REG_SZ, or a REG_EXPAND_SZ for [`expand`] ([MS-TSCH] note 38).
pub const FOLDER_VALUE: &str = "TasksFolder";

/// The registry key under HKEY_LOCAL_MACHINE that contains [`SYSTEM_ROOT_VALUE`] ([MS-TSCH] note 38).
pub const SYSTEM_ROOT_KEY: &str = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion";

/// The registry value with the Windows folder, a REG_SZ ([MS-TSCH] note 38).
pub const SYSTEM_ROOT_VALUE: &str = "SystemRoot";

/// A step of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Reads the location of the Tasks folder from the registry: [`FOLDER_KEY`], [`FOLDER_VALUE`], [`expand`]
    /// ([MS-TSCH] 3.1.4.2.1.1).
    FindFolder,
    /// Lists the files in the folder, and reads those whose names [`is_job_name`] accepts.
    ReadAll,
    /// Reads a file in the folder.
    Read {
        /// Its name.
        name: String,
    },
    /// Writes a file in the folder.
    Write {
        /// Its name.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
        /// Whether the file is new; otherwise it exists already.
        new: bool,
    },
    /// Deletes a file in the folder.
    Delete {
        /// Its name.
        name: String,
    },
    /// Calls the method.
    SetAccount(SASetAccountInformation),
}

/// The account that a task runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Account {
    /// The LocalSystem account.
    LocalSystem,
    /// A user, logged on with a password.
    Password {
        /// The user principal name.
        name: String,
        /// The password.
        password: Password,
    },
    /// A user; the task runs only while that user is logged on.
    OnlyIfLoggedOn {
        /// The user principal name.
        name: String,
    },
}

impl Account {
    fn into_parts(self) -> (WideString, Option<Password>, JobFlags) {
        match self {
            Self::LocalSystem => (WideString::default(), None, JobFlags::NONE),
            Self::Password { name, password } => (name.into(), Some(password), JobFlags::NONE),
            Self::OnlyIfLoggedOn { name } => (name.into(), None, JobFlags::RUN_ONLY_IF_LOGGED_ON),
        }
    }
}

/// Whether this is the name of a .JOB file without a path; the extension is not case-sensitive ([MS-TSCH] 3.1.4.2.2).
#[must_use]
pub fn is_job_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_control() || r#"\/:*?"<>|"#.contains(c);
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && extension.eq_ignore_ascii_case("job") && !name.contains(forbidden)
    })
}

fn checked(name: &str) -> Result<String, Error> {
    if is_job_name(name) { Ok(name.to_owned()) } else { Err(Error::JobName(name.to_owned())) }
}

/// Sets the account of a task ([MS-TSCH] 3.1.4.2.1.2).
///
/// # Errors
/// A name that is not the name of a .JOB file.
pub fn set_account(name: &str, account: Account) -> Result<SASetAccountInformation, Error> {
    let job_name = checked(name)?.into();
    let (account, password, job_flags) = account.into_parts();
    Ok(SASetAccountInformation { handle: None, job_name, account, password, job_flags })
}

/// Adds a task ([MS-TSCH] 3.1.4.2.2).
///
/// # Errors
/// A name that is not the name of a .JOB file, or a job that has no application name or cannot be written.
pub fn add(name: &str, job: &Job, account: Account) -> Result<Vec<Step>, Error> {
    write(name, job, account, true)
}

/// Deletes a task ([MS-TSCH] 3.1.4.2.3).
///
/// # Errors
/// A name that is not the name of a .JOB file.
pub fn delete(name: &str) -> Result<Vec<Step>, Error> {
    Ok(vec![Step::FindFolder, Step::Delete { name: checked(name)? }])
}

/// Writes a task that was read, [`parse`]d and modified ([MS-TSCH] 3.1.4.2.4).
///
/// # Errors
/// The errors of [`add`].
pub fn modify(name: &str, job: &Job, account: Account) -> Result<Vec<Step>, Error> {
    write(name, job, account, false)
}

fn write(name: &str, job: &Job, account: Account, new: bool) -> Result<Vec<Step>, Error> {
    let call = set_account(name, account)?;
    if job.application_name.is_empty() {
        return Err(Error::NoApplicationName);
    }
    let bytes = job.to_bytes().map_err(Error::Build)?;
    Ok(vec![Step::FindFolder, Step::Write { name: name.to_owned(), bytes, new }, Step::SetAccount(call)])
}

/// Reads a task, in order to [`parse`] its status or to [`modify`] it ([MS-TSCH] 3.1.4.2.4, 3.1.4.2.5).
///
/// # Errors
/// A name that is not the name of a .JOB file.
pub fn read(name: &str) -> Result<Vec<Step>, Error> {
    Ok(vec![Step::FindFolder, Step::Read { name: checked(name)? }])
}

/// Parses the content of a .JOB file ([MS-TSCH] 3.1.4.2.5).
///
/// # Errors
/// An invalid .JOB file.
pub fn parse(bytes: &[u8]) -> Result<Job, Error> {
    Job::parse(bytes).map_err(Error::Job)
}

/// Requests the account of a task, with the largest possible buffer ([MS-TSCH] 3.1.4.2.5).
///
/// # Errors
/// A name that is not the name of a .JOB file.
pub fn account(name: &str) -> Result<SAGetAccountInformation, Error> {
    Ok(SAGetAccountInformation { job_name: checked(name)?.into(), ..SAGetAccountInformation::default() })
}

/// Reads all tasks, for [`valid_jobs`] ([MS-TSCH] 3.1.4.2.6).
#[must_use]
pub fn list() -> Vec<Step> {
    vec![Step::FindFolder, Step::ReadAll]
}

/// The tasks among these files: valid .JOB files with the extension `.job` ([MS-TSCH] 3.1.4.2.6).
pub fn valid_jobs<N: AsRef<str>, B: AsRef<[u8]>>(
    files: impl IntoIterator<Item = (N, B)>,
) -> impl Iterator<Item = (N, Job)> {
    let named = files.into_iter().filter(|(name, _)| is_job_name(name.as_ref()));
    named.filter_map(|(name, bytes)| Some((name, parse(bytes.as_ref()).ok()?)))
}

/// Sets the account of all existing and future AT jobs ([MS-TSCH] 3.1.4.2.7).
#[must_use]
pub fn set_at_account(name: impl Into<WideString>, password: Password) -> SASetNSAccountInformation {
    SASetNSAccountInformation { handle: None, account: Some(name.into()), password: Some(password) }
}

/// Requests the account of all AT jobs, with the largest possible buffer ([MS-TSCH] 3.1.4.2.7).
#[must_use]
pub fn at_account() -> SAGetNSAccountInformation {
    SAGetNSAccountInformation::default()
}

/// Expands a REG_EXPAND_SZ with the Tasks folder: replaces `%SystemRoot%`, ignoring case, with the server's
/// ([MS-TSCH] note 38).
///
/// ```
/// use wintask::client::sasec::expand;
///
/// assert_eq!(expand(r"%SystemRoot%\Tasks", r"C:\Windows")?, r"C:\Windows\Tasks");
/// assert!(expand(r"%windir%\Tasks", r"C:\Windows").is_err());
/// # Ok::<(), wintask::client::Error>(())
/// ```
///
/// # Errors
/// Any other use of `%`.
pub fn expand(value: &str, system_root: &str) -> Result<String, Error> {
    let mut parts = value.split('%');
    let mut folder = parts.next().unwrap_or_default().to_owned();
    while let Some(variable) = parts.next() {
        match parts.next() {
            Some(text) if variable.eq_ignore_ascii_case("SystemRoot") => {
                folder.push_str(system_root);
                folder.push_str(text);
            }
            _ => return Err(Error::TasksFolder(value.to_owned())),
        }
    }
    Ok(folder)
}
