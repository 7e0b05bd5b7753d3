//! The values of switches.

use crate::{
    definition::{DaysOfMonth, DaysOfWeek, Months, Weeks},
    dtyp::{Password, macros::named},
};
use std::fmt;

/// A switch value that is parsed from text and printed.
pub(super) trait Value: Sized {
    /// The expected format, in words.
    const EXPECTED: &'static str;

    /// Parses the text; `None` if the format is wrong.
    fn read(text: &str) -> Option<Self>;

    /// The value of a switch without text; `None` if text is required.
    fn without_text() -> Option<Self> {
        None
    }

    /// The text; `None` if there is none.
    fn text(&self, passwords: ShowPasswords) -> Option<String>;
}

/// Whether passwords are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShowPasswords {
    Yes,
    No,
}

/// The text printed instead of a password.
const HIDDEN: &str = "********";

impl Value for String {
    const EXPECTED: &'static str = "a text";

    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(self.clone())
    }
}

/// A password, or a request to prompt for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordValue {
    /// The program prompts for the password: the switch has no value, or `*`.
    Ask,
    /// The password.
    Given(Password),
}

impl Value for PasswordValue {
    const EXPECTED: &'static str = "a password";

    fn read(text: &str) -> Option<Self> {
        Some(if text == "*" { Self::Ask } else { Self::Given(text.into()) })
    }

    fn without_text() -> Option<Self> {
        Some(Self::Ask)
    }

    fn text(&self, passwords: ShowPasswords) -> Option<String> {
        Some(match (self, passwords) {
            (Self::Ask, _) => "*".to_owned(),
            (Self::Given(password), ShowPasswords::Yes) => password.reveal().to_string(),
            (Self::Given(_), ShowPasswords::No) => HIDDEN.to_owned(),
        })
    }
}

/// A fixed list of names, as in the program's help.
macro_rules! names {
    ($(#[$meta:meta])* pub enum $ty:ident: $expected:literal { $($list:tt)* }) => {
        named! { $(#[$meta])* pub enum $ty { $($list)* } }

        impl Value for $ty {
            const EXPECTED: &'static str = $expected;

            fn read(text: &str) -> Option<Self> {
                Self::from_name(text)
            }

            fn text(&self, _: ShowPasswords) -> Option<String> {
                Some(self.name().to_owned())
            }
        }
    };
}

names! {
    /// The value of `/SC`: how often a task runs.
    pub enum ScheduleType: "MINUTE, HOURLY, DAILY, WEEKLY, MONTHLY, ONCE, ONSTART, ONLOGON, ONIDLE or ONEVENT" {
        /// Every few minutes.
        Minute = "MINUTE",
        /// Every few hours.
        Hourly = "HOURLY",
        /// Every few days.
        Daily = "DAILY",
        /// On given days of the week, every few weeks.
        Weekly = "WEEKLY",
        /// On given days of months.
        Monthly = "MONTHLY",
        /// Once.
        Once = "ONCE",
        /// When the system starts.
        OnStart = "ONSTART",
        /// When any user logs on.
        OnLogon = "ONLOGON",
        /// When the computer is idle.
        OnIdle = "ONIDLE",
        /// When an event is logged.
        OnEvent = "ONEVENT",
    }
}

names! {
    /// The value of `/RL`: the run level.
    pub enum Level: "LIMITED or HIGHEST" {
        /// Least privileges.
        Limited = "LIMITED",
        /// Highest available privileges.
        Highest = "HIGHEST",
    }
}

names! {
    /// The value of `/FO`: the format of a list.
    pub enum ListFormat: "TABLE, LIST or CSV" {
        /// A table.
        Table = "TABLE",
        /// A list.
        List = "LIST",
        /// Comma-separated values.
        Csv = "CSV",
    }
}

/// The value of `/XML` in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum XmlOutput {
    /// One document for each task: the switch has no value.
    Each,
    /// One document for all tasks: `ONE`.
    One,
}

crate::dtyp::macros::choice! {
    XmlOutput {
        Each = "each",
        One = "one",
    }
}

impl Value for XmlOutput {
    const EXPECTED: &'static str = "ONE, or no value";

    fn read(text: &str) -> Option<Self> {
        text.eq_ignore_ascii_case("ONE").then_some(Self::One)
    }

    fn without_text() -> Option<Self> {
        Some(Self::Each)
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        (*self == Self::One).then(|| "ONE".to_owned())
    }
}

/// How `/MO` refines a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Modifier {
    /// An interval in minutes, hours, days, weeks or months.
    Number(u32),
    /// A week of the month.
    Week(Weeks),
    /// The last day of the month.
    LastDay,
    /// The query of an ONEVENT task.
    Query(String),
}

const WEEKS: [(&str, Weeks); 5] = [
    ("FIRST", Weeks::FIRST),
    ("SECOND", Weeks::SECOND),
    ("THIRD", Weeks::THIRD),
    ("FOURTH", Weeks::FOURTH),
    ("LAST", Weeks::LAST),
];
const LAST_DAY: &str = "LASTDAY";

impl Value for Modifier {
    const EXPECTED: &'static str = "a number, FIRST to LAST, LASTDAY, or a query";

    fn read(text: &str) -> Option<Self> {
        if let Some(number) = number(text) {
            return Some(Self::Number(number));
        }
        let week = WEEKS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        Some(match week {
            Some((_, week)) => Self::Week(*week),
            None if text.eq_ignore_ascii_case(LAST_DAY) => Self::LastDay,
            None => Self::Query(text.to_owned()),
        })
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(match self {
            Self::Number(number) => number.to_string(),
            Self::Week(week) => week_name(*week).to_owned(),
            Self::LastDay => LAST_DAY.to_owned(),
            Self::Query(query) => query.clone(),
        })
    }
}

/// The name of a single week.
pub(super) fn week_name(week: Weeks) -> &'static str {
    WEEKS.iter().find(|(_, known)| *known == week).map_or("LAST", |(name, _)| name)
}

/// An unsigned number that consists of digits.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

impl Value for u32 {
    const EXPECTED: &'static str = "a number";

    fn read(text: &str) -> Option<Self> {
        number(text)
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(self.to_string())
    }
}

/// The value of `/D`: days of the week or of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Days {
    /// `*`: every day.
    All,
    /// Days of the week.
    Week(DaysOfWeek),
    /// Days of the month.
    Month(DaysOfMonth),
}

const DAYS: [(&str, DaysOfWeek); 7] = [
    ("MON", DaysOfWeek::MONDAY),
    ("TUE", DaysOfWeek::TUESDAY),
    ("WED", DaysOfWeek::WEDNESDAY),
    ("THU", DaysOfWeek::THURSDAY),
    ("FRI", DaysOfWeek::FRIDAY),
    ("SAT", DaysOfWeek::SATURDAY),
    ("SUN", DaysOfWeek::SUNDAY),
];

const MONTHS: [(&str, Months); 12] = [
    ("JAN", Months::JANUARY),
    ("FEB", Months::FEBRUARY),
    ("MAR", Months::MARCH),
    ("APR", Months::APRIL),
    ("MAY", Months::MAY),
    ("JUN", Months::JUNE),
    ("JUL", Months::JULY),
    ("AUG", Months::AUGUST),
    ("SEP", Months::SEPTEMBER),
    ("OCT", Months::OCTOBER),
    ("NOV", Months::NOVEMBER),
    ("DEC", Months::DECEMBER),
];

/// The items of a list, looked up in a table.
fn listed<T: Copy>(text: &str, table: &[(&str, T)]) -> Option<Vec<T>> {
    let member = |part: &str| table.iter().find(|(name, _)| name.eq_ignore_ascii_case(part.trim()));
    text.split(',').map(|part| member(part).map(|(_, member)| *member)).collect()
}

fn names<T: Copy>(table: &[(&str, T)], contains: impl Fn(T) -> bool) -> String {
    let names = table.iter().filter(|(_, member)| contains(*member)).map(|(name, _)| *name);
    names.collect::<Vec<_>>().join(",")
}

impl Value for Days {
    const EXPECTED: &'static str = "days like MON,WED or 1,15, or *";

    fn read(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some(days) = listed(text, &DAYS) {
            return Some(Self::Week(days.into_iter().collect()));
        }
        let days: Option<Vec<u8>> = text
            .split(',')
            .map(|part| {
                number(part.trim())
                    .and_then(|day| u8::try_from(day).ok())
                    .filter(|day| (1..=31).contains(day))
            })
            .collect();
        Some(Self::Month(DaysOfMonth::from_days(days?)))
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(match self {
            Self::All => "*".to_owned(),
            Self::Week(days) => names(&DAYS, |day| days.contains(day)),
            Self::Month(days) => days.days().map(|day| day.to_string()).collect::<Vec<_>>().join(","),
        })
    }
}

impl Value for Months {
    const EXPECTED: &'static str = "months like JAN,JUL, or *";

    fn read(text: &str) -> Option<Self> {
        if text == "*" {
            Some(Self::ALL)
        } else {
            listed(text, &MONTHS).map(|months| months.into_iter().collect())
        }
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(if *self == Self::ALL { "*".to_owned() } else { names(&MONTHS, |month| self.contains(month)) })
    }
}

/// A time of day, `HH:mm`; `HH:mm:ss` in Windows XP and Server 2003.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59, if stated.
    pub second: Option<u8>,
}

impl TimeOfDay {
    /// A time without seconds; `None` if it is not a valid time of day.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute, second: None })
    }

    /// Minutes since midnight.
    #[must_use]
    pub fn minutes(self) -> u32 {
        u32::from(self.hour) * 60 + u32::from(self.minute)
    }
}

/// One or two digits.
fn digits(text: &str, below: u8) -> Option<u8> {
    let value = number(text).filter(|_| (1..=2).contains(&text.len()))?;
    u8::try_from(value).ok().filter(|value| *value < below)
}

impl Value for TimeOfDay {
    const EXPECTED: &'static str = "a time like 09:30";

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (hour, minute) = (digits(parts.next()?, 24)?, digits(parts.next()?, 60)?);
        let second = parts.next().map(|second| digits(second, 60).ok_or(())).transpose().ok()?;
        parts.next().is_none().then_some(Self { hour, minute, second })
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(self.to_string())
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)?;
        self.second.map_or(Ok(()), |second| write!(f, ":{second:02}"))
    }
}

/// The value of `/DU`: `HHHH:mm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Minutes {
    /// The minutes.
    pub minutes: u32,
}

impl Minutes {
    /// Creates a duration of this many minutes.
    #[must_use]
    pub const fn new(minutes: u32) -> Self {
        Self { minutes }
    }
}

/// Two numbers as a value in the unit of the second, which is below 60.
fn sexagesimal(text: &str, digits: usize) -> Option<u32> {
    let (high, low) = text.split_once(':')?;
    let within = |part: &str, most: usize| (1..=most).contains(&part.len()).then(|| number(part)).flatten();
    let (high, low) = (within(high, digits)?, within(low, 2).filter(|low| *low < 60)?);
    high.checked_mul(60)?.checked_add(low)
}

impl Value for Minutes {
    const EXPECTED: &'static str = "hours and minutes like 0010:00";

    fn read(text: &str) -> Option<Self> {
        sexagesimal(text, 4).map(Self::new)
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(format!("{:04}:{:02}", self.minutes / 60, self.minutes % 60))
    }
}

/// The value of `/DELAY`: `mmmm:ss`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Seconds {
    /// The seconds.
    pub seconds: u32,
}

impl Seconds {
    /// Creates a duration of this many seconds.
    #[must_use]
    pub const fn new(seconds: u32) -> Self {
        Self { seconds }
    }
}

impl Value for Seconds {
    const EXPECTED: &'static str = "minutes and seconds like 0001:30";

    fn read(text: &str) -> Option<Self> {
        sexagesimal(text, 4).map(Self::new)
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(format!("{:04}:{:02}", self.seconds / 60, self.seconds % 60))
    }
}
