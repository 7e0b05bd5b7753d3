use crate::{
    dtyp::{WideString, macros::flags},
    job::DaysOfMonth,
    ndr::{Counted, coded, structure},
};

flags! {
    /// Days of the week as AT jobs have them ([MS-TSCH] 2.3.4): Monday first. .JOB files and task definitions start at
    /// Sunday.
    pub struct AtDaysOfWeek(u8) {
        /// Monday.
        MONDAY = 0x01 => "Monday",
        /// Tuesday.
        TUESDAY = 0x02 => "Tuesday",
        /// Wednesday.
        WEDNESDAY = 0x04 => "Wednesday",
        /// Thursday.
        THURSDAY = 0x08 => "Thursday",
        /// Friday.
        FRIDAY = 0x10 => "Friday",
        /// Saturday.
        SATURDAY = 0x20 => "Saturday",
        /// Sunday.
        SUNDAY = 0x40 => "Sunday",
    }
}

flags! {
    /// Flags of an AT job ([MS-TSCH] 2.3.4).
    pub struct AtFlags(u8) {
        /// Runs on its days again and again; without it, once for each of them.
        RUN_PERIODICALLY = 0x01 => "JOB_RUN_PERIODICALLY",
        /// The last start failed.
        EXEC_ERROR = 0x02 => "JOB_EXEC_ERROR",
        /// Runs today.
        RUNS_TODAY = 0x04 => "JOB_RUNS_TODAY",
        /// The day on which it is added is one of its days of the month.
        ADD_CURRENT_DATE = 0x08 => "JOB_ADD_CURRENT_DATE",
        /// Does not interact with the user who is logged on.
        NONINTERACTIVE = 0x10 => "JOB_NONINTERACTIVE",
    }
}

/// An AT job (AT_INFO, [MS-TSCH] 2.3.4).
///
/// ```
/// use wintask::rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo};
///
/// // Every Tuesday at 03:30.
/// let job = AtInfo {
///     job_time: (3 * 60 + 30) * 60_000,
///     days_of_week: AtDaysOfWeek::TUESDAY,
///     flags: AtFlags::RUN_PERIODICALLY,
///     command: Some("backup.exe".into()),
///     ..AtInfo::default()
/// };
/// # assert_eq!(job.job_time, 12_600_000);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "PascalCase"))]
#[expect(clippy::exhaustive_structs, reason = "a structure of the wire")]
#[doc(alias = "AT_INFO")]
pub struct AtInfo {
    /// Milliseconds after midnight, local time, 0 to 86,399,999.
    pub job_time: u32,
    /// Days of the month.
    pub days_of_month: DaysOfMonth,
    /// Days of the week.
    pub days_of_week: AtDaysOfWeek,
    /// Flags.
    pub flags: AtFlags,
    /// What to run.
    pub command: Option<WideString>,
}

/// An AT job and its number (AT_ENUM, [MS-TSCH] 2.3.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "PascalCase"))]
#[expect(clippy::exhaustive_structs, reason = "a structure of the wire")]
#[doc(alias = "AT_ENUM")]
pub struct AtEnum {
    /// The job's number.
    pub job_id: u32,
    /// Milliseconds after midnight, local time, 0 to 86,399,999.
    pub job_time: u32,
    /// Days of the month.
    pub days_of_month: DaysOfMonth,
    /// Days of the week.
    pub days_of_week: AtDaysOfWeek,
    /// Flags.
    pub flags: AtFlags,
    /// What to run.
    pub command: Option<WideString>,
}

impl AtEnum {
    /// A job with its number.
    #[must_use]
    pub fn new(job_id: u32, job: AtInfo) -> Self {
        let AtInfo { job_time, days_of_month, days_of_week, flags, command } = job;
        Self { job_id, job_time, days_of_month, days_of_week, flags, command }
    }
}

impl From<AtEnum> for AtInfo {
    /// The job without its number.
    fn from(job: AtEnum) -> Self {
        let AtEnum { job_time, days_of_month, days_of_week, flags, command, .. } = job;
        Self { job_time, days_of_month, days_of_week, flags, command }
    }
}

/// The jobs that [`NetrJobEnum`](super::NetrJobEnum) lists (AT_ENUM_CONTAINER, [MS-TSCH] 2.3.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a structure of the wire")]
#[doc(alias = "AT_ENUM_CONTAINER")]
pub struct AtEnumContainer {
    /// EntriesRead and Buffer.
    pub buffer: Counted<AtEnum>,
}

coded! { u32: DaysOfMonth }
coded! { u8: AtDaysOfWeek, AtFlags }

// JobTime is a DWORD_PTR: 4 bytes in NDR 2.0 ([MS-TSCH] note 5), not settled in NDR64.
structure! {
    AtInfo "AT_INFO" unresolved "JobTime" {
        job_time: u32 = "JobTime",
        days_of_month: DaysOfMonth = "DaysOfMonth",
        days_of_week: AtDaysOfWeek = "DaysOfWeek",
        flags: AtFlags = "Flags",
        command: Option<WideString> = "Command",
    }
}

// The IDL's Command lacks [string]; Windows sends one (facts of a Windows 2000 capture).
structure! {
    AtEnum "AT_ENUM" unresolved "JobTime" {
        job_id: u32 = "JobId",
        job_time: u32 = "JobTime",
        days_of_month: DaysOfMonth = "DaysOfMonth",
        days_of_week: AtDaysOfWeek = "DaysOfWeek",
        flags: AtFlags = "Flags",
        command: Option<WideString> = "Command",
    }
}

structure! {
    AtEnumContainer "AT_ENUM_CONTAINER" {
        buffer: Counted<AtEnum> = "EntriesRead" "Buffer",
    }
}
