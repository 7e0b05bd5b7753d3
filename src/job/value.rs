//! Flags and enumerations.

use crate::dtyp::macros::{flags, open_enum};
use std::{fmt, str::FromStr, time::Duration};
use time::{Date, Month};

open_enum! {
    /// The Windows version that wrote a file: major in the high byte, minor in the low one (note 11).
    ///
    /// ```
    /// use wintask::job::ProductVersion;
    ///
    /// assert_eq!(ProductVersion(0x0601).to_string(), "Windows 7");
    /// assert_eq!(ProductVersion(0x0604).to_string(), "0x604");
    /// ```
    pub struct ProductVersion(u16) {
        /// NT 4.0.
        WINDOWS_NT4 = 0x0400 => "Windows NT 4.0",
        /// 5.0.
        WINDOWS_2000 = 0x0500 => "Windows 2000",
        /// 5.1.
        WINDOWS_XP = 0x0501 => "Windows XP",
        /// 5.2; not in note 11, which gives the clients' values only.
        SERVER_2003 = 0x0502 => "Windows Server 2003",
        /// 6.0.
        WINDOWS_VISTA = 0x0600 => "Windows Vista",
        /// 6.1.
        WINDOWS_7 = 0x0601 => "Windows 7",
        /// 6.2.
        WINDOWS_8 = 0x0602 => "Windows 8",
        /// 6.3.
        WINDOWS_8_1 = 0x0603 => "Windows 8.1",
        /// 10.0; Windows 11 writes it as well.
        WINDOWS_10 = 0x0A00 => "Windows 10",
    }
}

impl ProductVersion {
    /// Whether this version stops repetition before the end of its duration: Windows 2000, XP and Server 2003, and NT
    /// 4.0 with the scheduler of that generation.
    ///
    /// On these versions a repetition every minute for four minutes makes four runs. Since Windows Vista it makes
    /// five, the last one exactly at the end (EVIDENCE.md TIME-11).
    ///
    /// ```
    /// use wintask::job::ProductVersion;
    ///
    /// assert!(ProductVersion::WINDOWS_XP.ends_exclusively());
    /// assert!(!ProductVersion::WINDOWS_VISTA.ends_exclusively());
    /// ```
    #[must_use]
    pub fn ends_exclusively(self) -> bool {
        matches!(self.0 >> 8, 4 | 5)
    }
}

impl Default for ProductVersion {
    /// Windows 10, the latest version in files.
    fn default() -> Self {
        Self::WINDOWS_10
    }
}

/// A release of Windows, as far as releases handle .JOB files differently (notes 14 to 23, 52 to 60).
///
/// Ordered by date. The default is the latest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Release {
    /// Windows NT 4.0 and 2000.
    Windows2000,
    /// Windows XP.
    WindowsXp,
    /// Windows Server 2003.
    Server2003,
    /// Windows Vista.
    Vista,
    /// Windows Server 2008.
    Server2008,
    /// Windows 7 and Windows Server 2008 R2, up to but not including Windows 10.
    Windows7,
    /// Windows 10, Windows Server 2016 and later.
    #[default]
    Windows10,
}

crate::dtyp::macros::choice! {
    Release {
        Windows2000 = "windows2000" => "Windows 2000",
        WindowsXp = "windows_xp" => "Windows XP",
        Server2003 = "server2003" => "Windows Server 2003",
        Vista = "vista" => "Windows Vista",
        Server2008 = "server2008" => "Windows Server 2008",
        Windows7 = "windows7" => "Windows 7",
        Windows10 = "windows10" => "Windows 10",
    }
}

impl Release {
    /// Whether the release returns an error code for invalid values; earlier ones accept the call but do not load the
    /// task.
    #[must_use]
    pub fn checks_values(self) -> bool {
        self >= Self::Vista
    }
}

flags! {
    /// Task flags ([MS-TSCH] 2.3.7). Undefined bits are preserved; some occur in real files (0x00200000, 0x00800000,
    /// 0x20000000; EVIDENCE.md JOB-03).
    ///
    /// ```
    /// use wintask::job::JobFlags;
    ///
    /// let flags = JobFlags(0x0120_0002);
    /// assert!(flags.contains(JobFlags::DELETE_WHEN_DONE));
    /// assert_eq!(flags.to_string(), "TASK_FLAG_DELETE_WHEN_DONE | TASK_APPLICATION_NAME | 0x200000");
    /// ```
    pub struct JobFlags(u32) {
        /// Interacts with the logged-on user.
        INTERACTIVE = 0x0000_0001 => "TASK_FLAG_INTERACTIVE",
        /// Deleted when no more runs are scheduled.
        DELETE_WHEN_DONE = 0x0000_0002 => "TASK_FLAG_DELETE_WHEN_DONE",
        /// Disabled.
        DISABLED = 0x0000_0004 => "TASK_FLAG_DISABLED",
        /// Starts only if the computer is idle.
        START_ONLY_IF_IDLE = 0x0000_0010 => "TASK_FLAG_START_ONLY_IF_IDLE",
        /// Stopped when the computer is no longer idle.
        KILL_ON_IDLE_END = 0x0000_0020 => "TASK_FLAG_KILL_ON_IDLE_END",
        /// Not started on batteries.
        DONT_START_IF_ON_BATTERIES = 0x0000_0040 => "TASK_FLAG_DONT_START_IF_ON_BATTERIES",
        /// Stopped when the computer switches to batteries.
        KILL_IF_GOING_ON_BATTERIES = 0x0000_0080 => "TASK_FLAG_KILL_IF_GOING_ON_BATTERIES",
        /// Unused: only if docked.
        RUN_ONLY_IF_DOCKED = 0x0000_0100 => "TASK_FLAG_RUN_ONLY_IF_DOCKED",
        /// Hidden.
        HIDDEN = 0x0000_0200 => "TASK_FLAG_HIDDEN",
        /// Unused: only if connected to the Internet.
        RUN_IF_CONNECTED_TO_INTERNET = 0x0000_0400 => "TASK_FLAG_RUN_IF_CONNECTED_TO_INTERNET",
        /// Starts again when the computer becomes idle again.
        RESTART_ON_IDLE_RESUME = 0x0000_0800 => "TASK_FLAG_RESTART_ON_IDLE_RESUME",
        /// Wakes the computer.
        SYSTEM_REQUIRED = 0x0000_1000 => "TASK_FLAG_SYSTEM_REQUIRED",
        /// Runs only if its user is logged on.
        RUN_ONLY_IF_LOGGED_ON = 0x0000_2000 => "TASK_FLAG_RUN_ONLY_IF_LOGGED_ON",
        /// The application name is not empty.
        APPLICATION_NAME = 0x0100_0000 => "TASK_APPLICATION_NAME",
    }
}

flags! {
    /// The priority class ([MS-TSCH] 2.4.1): a single bit, with the values of Win32's process priority classes.
    pub struct Priority(u32) {
        /// The normal class.
        NORMAL = 0x20 => "NORMAL_PRIORITY_CLASS",
        /// Only when the machine is idle.
        IDLE = 0x40 => "IDLE_PRIORITY_CLASS",
        /// Above normal processes.
        HIGH = 0x80 => "HIGH_PRIORITY_CLASS",
        /// Above all other processes.
        REALTIME = 0x100 => "REALTIME_PRIORITY_CLASS",
    }
}

flags! {
    /// Trigger flags ([MS-TSCH] 2.4.2.11).
    pub struct TriggerFlags(u32) {
        /// The end date is valid.
        HAS_END_DATE = 0x1 => "TASK_TRIGGER_FLAG_HAS_END_DATE",
        /// The task is stopped when the repetition's duration ends.
        KILL_AT_DURATION_END = 0x2 => "TASK_TRIGGER_FLAG_KILL_AT_DURATION_END",
        /// The trigger does not fire.
        DISABLED = 0x4 => "TASK_TRIGGER_FLAG_DISABLED",
    }
}

flags! {
    /// Days of the week in .JOB files ([MS-TSCH] 2.4.2.11.3): bit 0 is Sunday. In AT jobs it is Monday.
    pub struct DaysOfWeek(u16) {
        /// Sunday.
        SUNDAY = 0x01 => "Sunday",
        /// Monday.
        MONDAY = 0x02 => "Monday",
        /// Tuesday.
        TUESDAY = 0x04 => "Tuesday",
        /// Wednesday.
        WEDNESDAY = 0x08 => "Wednesday",
        /// Thursday.
        THURSDAY = 0x10 => "Thursday",
        /// Friday.
        FRIDAY = 0x20 => "Friday",
        /// Saturday.
        SATURDAY = 0x40 => "Saturday",
    }
}

flags! {
    /// Months of the year ([MS-TSCH] 2.4.2.11.4).
    pub struct Months(u16) {
        /// January.
        JANUARY = 0x001 => "January",
        /// February.
        FEBRUARY = 0x002 => "February",
        /// March.
        MARCH = 0x004 => "March",
        /// April.
        APRIL = 0x008 => "April",
        /// May.
        MAY = 0x010 => "May",
        /// June.
        JUNE = 0x020 => "June",
        /// July.
        JULY = 0x040 => "July",
        /// August.
        AUGUST = 0x080 => "August",
        /// September.
        SEPTEMBER = 0x100 => "September",
        /// October.
        OCTOBER = 0x200 => "October",
        /// November.
        NOVEMBER = 0x400 => "November",
        /// December.
        DECEMBER = 0x800 => "December",
    }
}

/// Days of the month ([MS-TSCH] 2.4.2.11.2): bit 0 is the 1st, bit 30 the 31st; bit 31 is unused.
///
/// ```
/// use wintask::job::DaysOfMonth;
///
/// let days = DaysOfMonth::from_days([1, 15, 31]);
/// assert_eq!(days, DaysOfMonth(0x4000_4001));
/// assert_eq!(days.days().collect::<Vec<_>>(), [1, 15, 31]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct DaysOfMonth(
    /// The bits in the file.
    pub u32,
);

impl From<u32> for DaysOfMonth {
    fn from(bits: u32) -> Self {
        Self(bits)
    }
}

impl From<DaysOfMonth> for u32 {
    fn from(days: DaysOfMonth) -> Self {
        days.0
    }
}

impl fmt::Display for DaysOfMonth {
    /// The days, separated by commas, and the unused bit if it is set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unused = (self.0 & Self::UNUSED != 0).then(|| "unused".to_owned());
        let words: Vec<_> = self.days().map(|day| day.to_string()).chain(unused).collect();
        f.write_str(&if words.is_empty() { "none".to_owned() } else { words.join(", ") })
    }
}

impl DaysOfMonth {
    /// The bit without a day.
    pub const UNUSED: u32 = 0x8000_0000;

    /// The set of these days; numbers other than 1 to 31 are ignored.
    #[must_use]
    pub fn from_days(days: impl IntoIterator<Item = u8>) -> Self {
        Self(days.into_iter().filter(|day| (1..=31).contains(day)).fold(0, |bits, day| bits | 1 << (day - 1)))
    }

    /// The days, 1 to 31, in order.
    pub fn days(self) -> impl Iterator<Item = u8> {
        (1..=31).filter(move |day| self.0 >> (day - 1) & 1 != 0)
    }
}

open_enum! {
    /// A week of the month ([MS-TSCH] 2.4.2.11.8): one number, not a set.
    pub struct WhichWeek(u16) {
        /// First.
        FIRST = 1 => "FIRST_WEEK",
        /// Second.
        SECOND = 2 => "SECOND_WEEK",
        /// Third.
        THIRD = 3 => "THIRD_WEEK",
        /// Fourth.
        FOURTH = 4 => "FOURTH_WEEK",
        /// Last, which may be the fourth or the fifth.
        LAST = 5 => "LAST_WEEK",
    }
}

/// The execution time limit in milliseconds; two values mean no limit.
///
/// ```
/// use std::time::Duration;
/// use wintask::job::MaxRunTime;
///
/// assert_eq!(MaxRunTime::DEFAULT.limit(), Some(Duration::from_secs(72 * 3600)));
/// assert_eq!(MaxRunTime(0xFFFF_FFFF).limit(), None);
/// assert_eq!(MaxRunTime::NO_LIMIT.to_string(), "no limit");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct MaxRunTime(
    /// The milliseconds in the file.
    pub u32,
);

impl MaxRunTime {
    /// Three days, the default of Windows.
    pub const DEFAULT: Self = Self(259_200_000);

    /// No limit, as writers since Vista store it: Vista treats 0xFFFFFFFF as 72 hours (EVIDENCE.md JOB-19).
    pub const NO_LIMIT: Self = Self(0xFFFF_FFFE);

    /// No limit, as earlier writers store it.
    pub const INFINITE: Self = Self(0xFFFF_FFFF);

    /// The limit; `None` for the two values that mean no limit.
    #[must_use]
    pub fn limit(self) -> Option<Duration> {
        (self.0 < Self::NO_LIMIT.0).then(|| Duration::from_millis(self.0.into()))
    }
}

impl Default for MaxRunTime {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for MaxRunTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit() {
            Some(limit) => write!(f, "{limit:?}"),
            None => f.write_str("no limit"),
        }
    }
}

/// A date of a trigger, valid or not.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct JobDate {
    /// Year; Windows accepts 1601 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u16,
    /// Day, 1 to 31.
    pub day: u16,
}

impl JobDate {
    /// Creates a date from the words in the file.
    #[must_use]
    pub const fn new(year: u16, month: u16, day: u16) -> Self {
        Self { year, month, day }
    }

    /// The date, if it is valid.
    #[must_use]
    pub fn to_date(self) -> Option<Date> {
        let month = Month::try_from(u8::try_from(self.month).ok()?).ok()?;
        Date::from_calendar_date(self.year.into(), month, u8::try_from(self.day).ok()?).ok()
    }
}

impl fmt::Display for JobDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for JobDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error for text that is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("not a date of the form YYYY-MM-DD")]
pub struct InvalidJobDate;

crate::dtyp::macros::message_serde!(InvalidJobDate);

/// Parses the format of `Display`: `2024-01-03`. Invalid dates such as `0000-00-00` are accepted as well.
///
/// ```
/// use wintask::job::JobDate;
///
/// assert_eq!("2024-01-03".parse(), Ok(JobDate::new(2024, 1, 3)));
/// assert!("3.1.2024".parse::<JobDate>().is_err());
/// ```
impl FromStr for JobDate {
    type Err = InvalidJobDate;

    fn from_str(text: &str) -> Result<Self, InvalidJobDate> {
        let mut words = text.splitn(3, '-').map(|word| {
            // `parse` would accept a sign.
            word.parse().ok().filter(|_| word.bytes().all(|b| b.is_ascii_digit()))
        });
        let mut next = || words.next().flatten().ok_or(InvalidJobDate);
        Ok(Self { year: next()?, month: next()?, day: next()? })
    }
}

impl From<Date> for JobDate {
    /// A year that does not fit in 16 bits becomes 0.
    fn from(date: Date) -> Self {
        let year = u16::try_from(date.year()).unwrap_or_default();
        Self::new(year, u8::from(date.month()).into(), date.day().into())
    }
}
