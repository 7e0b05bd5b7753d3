//! Options of conversions.

use super::store::Account;
use crate::{
    Profile,
    definition::SchemaVersion,
    job::ProductVersion,
    time::{Ticks, Zone},
};
use std::fmt;
use time::UtcOffset;
use uuid::Uuid;

/// Options for a conversion to a .JOB file.
///
/// ```
/// use time::macros::offset;
/// use wintask::compat::{ToJob, task_to_job};
/// use wintask::definition::{Exec, Task, Trigger};
///
/// let task = Task { triggers: vec![Trigger::at("2024-01-03T02:00:00Z".parse()?)], ..Task::new(Exec::new("a.exe")) };
/// let zone = offset!(+1);
/// let options = ToJob::default().with_uuid(uuid::Uuid::from_u128(1)).with_zone(&zone);
/// let job = task_to_job(&task, &options)?.value;
/// assert_eq!(job.triggers[0].start_hour, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ToJob<'z> {
    /// The job's identifier, nil by default; Windows chooses it at random.
    pub uuid: Uuid,
    /// The product version in the file; Windows 10 by default.
    pub product_version: ProductVersion,
    /// The time zone of the computer. All times in a .JOB file are local. Without a zone, a time with its own zone is
    /// used as written.
    pub zone: Option<&'z dyn Zone>,
    /// The profile that determines the defaults.
    pub profile: Profile,
}

impl Default for ToJob<'_> {
    fn default() -> Self {
        let product_version = ProductVersion::default();
        Self { uuid: Uuid::nil(), product_version, zone: None, profile: Profile::Windows }
    }
}

impl<'z> ToJob<'z> {
    /// Sets the job's identifier.
    #[must_use]
    pub const fn with_uuid(self, uuid: Uuid) -> Self {
        Self { uuid, ..self }
    }

    /// Sets the product version in the file.
    #[must_use]
    pub const fn with_product_version(self, product_version: ProductVersion) -> Self {
        Self { product_version, ..self }
    }

    /// Sets the time zone of the computer.
    #[must_use]
    pub fn with_zone(self, zone: &'z dyn Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// Sets the profile.
    #[must_use]
    pub const fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// The offset of the zone at an instant.
    pub(super) fn offset_at(&self, instant: time::OffsetDateTime) -> Option<UtcOffset> {
        self.zone.map(|zone| zone.period_at(Ticks::from_instant(instant)).offset)
    }
}

impl fmt::Debug for ToJob<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ToJob");
        shown.field("uuid", &self.uuid).field("product_version", &self.product_version);
        shown.field("has_zone", &self.zone.is_some()).field("profile", &self.profile).finish()
    }
}

/// Options for a conversion to a definition.
///
/// ```
/// use wintask::compat::{Account, ToTask, job_to_task};
/// use wintask::job::Job;
///
/// let job = Job::new(uuid::Uuid::nil(), "a.exe");
/// let options = ToTask::default().with_account(Account::from_name(""));
/// let task = job_to_task(&job, &options).value;
/// assert_eq!(task.principals[0].user_id.as_deref(), Some("S-1-5-18"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToTask {
    /// The account that runs the task, from the account name store.
    pub account: Account,
    /// The version of the definition. The default is 1.0 for a job created by `NetrJobAdd`, and 1.1 for any other.
    pub version: Option<SchemaVersion>,
    /// The profile: LocalSystem is written as a SID, or by name in [`Profile::Specification`].
    pub profile: Profile,
}

impl ToTask {
    /// Sets the account that runs the task.
    #[must_use]
    pub fn with_account(self, account: Account) -> Self {
        Self { account, ..self }
    }

    /// Sets the version of the definition.
    #[must_use]
    pub fn with_version(self, version: SchemaVersion) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Sets the profile.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }
}
