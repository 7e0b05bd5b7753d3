//! The values of ATSvc ([MS-TSCH] 2.3.4 to 2.3.6).

use crate::{
    dtyp::{WideString, macros::flags},
    job::DaysOfMonth,
    ndr::{Counted, coded, structure},
};

flags! {
    /// The days of the week of an AT job ([MS-TSCH] 2.3.4), starting with Monday. .JOB files and task definitions
    /// start with Sunday.
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
        /// Runs on its days repeatedly; if clear, once on each of them.
        RUN_PERIODICALLY = 0x01 => "JOB_RUN_PERIODICALLY",
        /// The last start failed.
        EXEC_ERROR = 0x02 => "JOB_EXEC_ERROR",
        /// Runs today.
        RUNS_TODAY = 0x04 => "JOB_RUNS_TODAY",
        /// Also runs on the day of the month on which it is added.
        ADD_CURRENT_DATE = 0x08 => "JOB_ADD_CURRENT_DATE",
        /// Does not interact with the logged-on user.
        NONINTERACTIVE = 0x10 => "JOB_NONINTERACTIVE",
    }
}

// JobTime is a DWORD_PTR: 4 bytes in NDR 2.0 ([MS-TSCH] note 5), unresolved in NDR64 (EVIDENCE.md NDR-03).
structure! {
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
    #[derive(Hash)]
    pub struct AtInfo = "AT_INFO" unresolved "JobTime" {
        /// Milliseconds after midnight, local time, 0 to 86,399,999.
        pub job_time: u32 = "JobTime",
        /// The days of the month.
        pub days_of_month: DaysOfMonth = "DaysOfMonth",
        /// The days of the week.
        pub days_of_week: AtDaysOfWeek = "DaysOfWeek",
        /// Flags.
        pub flags: AtFlags = "Flags",
        /// The command to run.
        pub command: Option<WideString> = "Command",
    }
}

// The IDL's Command lacks [string]; Windows sends a string (EVIDENCE.md NDR-04).
structure! {
    /// An AT job and its number (AT_ENUM, [MS-TSCH] 2.3.6).
    #[derive(Hash)]
    pub struct AtEnum = "AT_ENUM" unresolved "JobTime" {
        /// The number of the job.
        pub job_id: u32 = "JobId",
        /// Milliseconds after midnight, local time, 0 to 86,399,999.
        pub job_time: u32 = "JobTime",
        /// The days of the month.
        pub days_of_month: DaysOfMonth = "DaysOfMonth",
        /// The days of the week.
        pub days_of_week: AtDaysOfWeek = "DaysOfWeek",
        /// Flags.
        pub flags: AtFlags = "Flags",
        /// The command to run.
        pub command: Option<WideString> = "Command",
    }
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

structure! {
    /// The jobs that [`NetrJobEnum`](super::NetrJobEnum) lists (AT_ENUM_CONTAINER, [MS-TSCH] 2.3.5).
    #[derive(Hash)]
    pub struct AtEnumContainer = "AT_ENUM_CONTAINER" {
        /// The number of jobs, and the jobs.
        pub buffer: Counted<AtEnum> = "EntriesRead" "Buffer",
    }
}

coded! { u32: DaysOfMonth }
coded! { u8: AtDaysOfWeek, AtFlags }
