//! Conversions shared by all triggers, for both directions.

use crate::{
    definition::{self, Weeks},
    job::{self, JobDate, WhichWeek},
};
use time::{Date, Month, PrimitiveDateTime, Time};

/// The begin of an event trigger that states none: the first date that Vista and later accept ([MS-TSCH] note 19), so
/// nothing is excluded.
pub(super) const ALWAYS: PrimitiveDateTime = match Date::from_calendar_date(1601, Month::January, 1) {
    Ok(date) => PrimitiveDateTime::new(date, Time::MIDNIGHT),
    Err(_) => PrimitiveDateTime::MIN,
};

/// The time that ends the last day on which a trigger fires, as an EndBoundary (EVIDENCE.md JOB-23).
pub(super) const END_OF_DAY: Time = match Time::from_hms(23, 59, 59) {
    Ok(time) => time,
    Err(_) => Time::MIDNIGHT,
};

/// The end of the day of a time.
pub(in super::super) fn at_end_of_day(time: PrimitiveDateTime) -> PrimitiveDateTime {
    time.replace_time(END_OF_DAY)
}

/// The years allowed in .JOB files ([MS-TSCH] note 19).
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1601..=9999;

/// The range of DaysInterval (2.5.3.9).
pub(super) const DAYS_INTERVAL: std::ops::RangeInclusive<u16> = 1..=365;

/// The range of WeeksInterval (2.5.3.9).
pub(super) const WEEKS_INTERVAL: std::ops::RangeInclusive<u16> = 1..=52;

/// The weeks of a month: a number in a .JOB file, a set in a definition.
static WEEKS: [(WhichWeek, Weeks); 5] = [
    (WhichWeek::FIRST, Weeks::FIRST),
    (WhichWeek::SECOND, Weeks::SECOND),
    (WhichWeek::THIRD, Weeks::THIRD),
    (WhichWeek::FOURTH, Weeks::FOURTH),
    (WhichWeek::LAST, Weeks::LAST),
];

/// The numbers in a set of weeks.
pub(super) fn numbers_of(weeks: Weeks) -> impl Iterator<Item = WhichWeek> {
    WEEKS.iter().filter(move |(_, week)| weeks.contains(*week)).map(|(number, _)| *number)
}

/// The set with one number; `None` if it is not a week.
pub(super) fn week_of(number: WhichWeek) -> Option<Weeks> {
    WEEKS.iter().find(|(known, _)| *known == number).map(|(_, week)| *week)
}

// In both versions, bit 0 is Sunday, the first day of the month, and January.

/// Converts days of the week.
pub(super) fn job_days_of_week(days: definition::DaysOfWeek) -> job::DaysOfWeek {
    job::DaysOfWeek(days.bits().into())
}

/// Converts days of the week, without undefined bits.
pub(super) fn days_of_week(days: job::DaysOfWeek) -> definition::DaysOfWeek {
    definition::DaysOfWeek::from_bits(days.0.to_le_bytes()[0])
}

/// Converts months.
pub(super) fn job_months(months: Option<definition::Months>) -> job::Months {
    job::Months(months.unwrap_or(definition::Months::ALL).bits())
}

/// Converts months, without undefined bits.
pub(super) fn months(months: job::Months) -> definition::Months {
    definition::Months::from_bits(months.0)
}

/// Converts a date.
pub(super) fn job_date(date: Date) -> JobDate {
    let year = u16::try_from(date.year()).unwrap_or_default();
    JobDate::new(year, u8::from(date.month()).into(), date.day().into())
}

/// Converts a date, if Windows accepts its year.
pub(super) fn date(date: JobDate) -> Option<Date> {
    date.to_date().filter(|date| YEARS.contains(&date.year()))
}
