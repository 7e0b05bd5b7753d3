//! The stores that a task is in, and its names there ([MS-TSCH] 3.2.1, 3.2.5.4.2; EVIDENCE.md COMPAT-01, JOB-21).

use crate::{
    Profile,
    definition::{SchemaVersion, TaskPath},
    dtyp::WideString,
    job::JobFlags,
    security::Sid,
};

/// The store that holds a task in addition to the XML task store ([MS-TSCH] 3.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "[MS-TSCH] 3.2.1 has three stores")]
pub enum Store {
    /// No other store, only the XML task store (version 1.2 and later).
    Xml,
    /// The .JOB task store (version 1.1).
    Job,
    /// The AT task store (version 1.0).
    At,
}

crate::dtyp::macros::choice! {
    Store {
        Xml = "xml" => "a task of the XML store",
        Job = "job" => "a version 1 task",
        At = "at" => "an AT job",
    }
}

impl Store {
    /// The store of a definition of this version. A server also saves version 1.1 in the .JOB task store, and version
    /// 1.0 in the AT task store (3.2.5.4.2).
    ///
    /// ```
    /// use wintask::{compat::Store, definition::SchemaVersion};
    ///
    /// assert_eq!(Store::of_version(Some(SchemaVersion::V1_1)), Store::Job);
    /// assert_eq!(Store::of_version(None), Store::Xml);
    /// ```
    #[must_use]
    pub fn of_version(version: Option<SchemaVersion>) -> Self {
        match version {
            Some(version) if (version.major(), version.minor()) == (1, 0) => Self::At,
            Some(version) if (version.major(), version.minor()) == (1, 1) => Self::Job,
            _ => Self::Xml,
        }
    }

    /// The version of definitions in this store; `None` for the XML task store, which has several.
    #[must_use]
    pub const fn version(self) -> Option<SchemaVersion> {
        match self {
            Self::Xml => None,
            Self::Job => Some(SchemaVersion::V1_1),
            Self::At => Some(SchemaVersion::V1_0),
        }
    }
}

/// The default name in the AT account name store, and the meaning of an empty account name ([MS-TSCH] 3.2.1).
pub const LOCAL_SYSTEM: &str = "LocalSystem";

/// The description of the tasks that `NetrJobAdd` adds (EVIDENCE.md JOB-21).
pub const AT_COMMENT: &str = "Created by NetScheduleJobAdd.";

/// The flag of AT job files on Windows 10, which probably marks AT jobs (EVIDENCE.md COMPAT-12).
pub const AT_JOB: JobFlags = JobFlags(0x0020_0000);

/// The account that runs a version 1 task. It is stored in SASec's account name store, not in the .JOB file
/// ([MS-TSCH] 3.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "an account is known or not, and LocalSystem has its own rules")]
pub enum Account {
    /// Unknown, because only the file is available.
    #[default]
    Unknown,
    /// LocalSystem, whose name in SASec is empty.
    LocalSystem,
    /// Another account, spelled as it was given.
    User(String),
}

impl Account {
    /// The account of a name in the account name store or the AT account name store. An empty name and `LocalSystem`
    /// mean LocalSystem (3.2.5.3.4, 3.2.5.3.5).
    ///
    /// ```
    /// use wintask::compat::Account;
    ///
    /// assert_eq!(Account::from_name(""), Account::LocalSystem);
    /// assert_eq!(Account::from_name(r"CONTOSO\alice"), Account::User(r"CONTOSO\alice".into()));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        if name.is_empty() || name.eq_ignore_ascii_case(LOCAL_SYSTEM) {
            Self::LocalSystem
        } else {
            Self::User(name.to_owned())
        }
    }

    /// The `UserId` of the task's definition: the account name that SASec was given, or `LocalSystem` for an empty
    /// one (3.2.1). Windows writes the SID of LocalSystem. `None` if the account is unknown.
    #[must_use]
    pub fn user_id(&self, profile: Profile) -> Option<String> {
        match (self, profile) {
            (Self::Unknown, _) => None,
            (Self::LocalSystem, Profile::Specification) => Some(LOCAL_SYSTEM.to_owned()),
            (Self::LocalSystem, Profile::Windows) => Some(Sid::LOCAL_SYSTEM.to_string()),
            (Self::User(name), _) => Some(name.clone()),
        }
    }
}

/// The name of an AT job's task in the root folder of the XML task store: `At1`.
///
/// ```
/// use wintask::compat::{at_file_name, at_job_id, at_task_name};
///
/// assert_eq!(at_task_name(7), "At7");
/// assert_eq!(at_file_name(7), "At7.job");
/// assert_eq!(at_job_id("at7.JOB"), Some(7));
/// assert_eq!(at_job_id("Attic"), None);
/// assert_eq!(at_job_id("At07"), None);
/// ```
#[must_use]
pub fn at_task_name(job_id: u32) -> String {
    format!("At{job_id}")
}

/// The name of an AT job in the .JOB task store: "at%d.job" in the specification (3.2.1), `At1.job` on real systems
/// (EVIDENCE.md JOB-21). Names are not case-sensitive.
#[must_use]
pub fn at_file_name(job_id: u32) -> String {
    job_file_name(&at_task_name(job_id))
}

/// The number of the AT job with this task or file name, ignoring case. A number with a leading zero is not a base-10
/// representation in the sense of 3.2.1.
#[must_use]
pub fn at_job_id(name: &str) -> Option<u32> {
    let name = job_task_name(name).unwrap_or(name);
    let digits = name.split_at_checked(2).filter(|(at, _)| at.eq_ignore_ascii_case("at"))?.1;
    let canonical = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    canonical.then(|| digits.parse().ok()).flatten()
}

/// The next available number for an AT job (3.2.5.2.1): one more than the highest in use or, if that is the last
/// number, the lowest free one. `None` if all are in use.
///
/// ```
/// assert_eq!(wintask::compat::next_at_job_id([1, 5]), Some(6));
/// assert_eq!(wintask::compat::next_at_job_id([1, u32::MAX]), Some(2));
/// ```
#[must_use]
pub fn next_at_job_id(used: impl IntoIterator<Item = u32>) -> Option<u32> {
    let mut used: Vec<u32> = used.into_iter().collect();
    used.sort_unstable();
    used.dedup();
    let highest = used.last().copied().unwrap_or(0);
    highest.checked_add(1).or_else(|| {
        let mut free = 1u32;
        for id in used.into_iter().filter(|id| *id > 0) {
            if id != free {
                break;
            }
            free = free.checked_add(1)?;
        }
        Some(free)
    })
}

/// The file name of a task in the .JOB task store: the task name followed by `.job`.
#[must_use]
pub fn job_file_name(task_name: &str) -> String {
    format!("{task_name}.job")
}

/// The task name of a file in the .JOB task store; `None` if the file is not named `<name>.job`, ignoring case.
///
/// ```
/// use wintask::compat::job_task_name;
///
/// assert_eq!(job_task_name("Backup.JOB"), Some("Backup"));
/// assert_eq!(job_task_name("SchedLgU.Txt"), None);
/// assert_eq!(job_task_name(".job"), None);
/// ```
#[must_use]
pub fn job_task_name(file_name: &str) -> Option<&str> {
    let (name, extension) = file_name.split_at_checked(file_name.len().checked_sub(4)?)?;
    (extension.eq_ignore_ascii_case(".job") && !name.is_empty()).then_some(name)
}

/// The file name of the version 1 task with this path. `None` for a task outside the root folder, because the .JOB
/// task store is a single folder (3.2.1), and for a name that is not valid UTF-16.
///
/// ```
/// use wintask::compat::job_file_of;
///
/// assert_eq!(job_file_of(&r"\Backup".parse()?).as_deref(), Some("Backup.job"));
/// assert_eq!(job_file_of(&r"\Contoso\Backup".parse()?), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn job_file_of(path: &TaskPath) -> Option<String> {
    let name: WideString = path.name()?;
    path.parent().filter(TaskPath::is_root)?;
    name.to_text().ok().map(|name| job_file_name(&name))
}
