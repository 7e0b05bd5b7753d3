use crate::{
    dtyp::{WideString, macros::flags},
    job::DaysOfMonth,
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
