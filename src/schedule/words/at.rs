//! AT jobs in words.

use super::phrase;
use crate::rpc::atsvc::{AtFlags, AtInfo};

/// Describes an AT job.
///
/// ```
/// use wintask::{rpc::atsvc::{AtDaysOfWeek, AtInfo}, schedule::words};
///
/// let job = AtInfo { job_time: 12_600_000, days_of_week: AtDaysOfWeek::TUESDAY, ..AtInfo::default() };
/// assert_eq!(words::at(&job), "At 03:30 on the next Tuesday");
/// ```
#[must_use]
pub fn at(at: &AtInfo) -> String {
    let periodic = at.flags.contains(AtFlags::RUN_PERIODICALLY);
    let today = if periodic { "the day of each month" } else { "the day" };
    let today = at.flags.contains(AtFlags::ADD_CURRENT_DATE).then(|| format!("on {today} it is added"));
    let article = if periodic { "every" } else { "the next" };
    let week = phrase::list(at.days_of_week.names()).map(|days| format!("on {article} {days}"));
    let numbered = phrase::list(at.days_of_month.days().map(phrase::ordinal));
    let month = numbered.map(|days| format!("on {article} {days} of a month"));
    let days = phrase::list([today, week, month].into_iter().flatten());
    let (seconds, millis) = (at.job_time / 1000, at.job_time % 1000);
    let (hour, minute) = ((seconds / 3600) as u8, (seconds / 60 % 60) as u8);
    let time = match time::Time::from_hms_milli(hour, minute, (seconds % 60) as u8, millis as u16) {
        Ok(time) => phrase::time_of_day(time),
        Err(_) => format!("{} ms after midnight", at.job_time),
    };
    format!("At {time} {}", days.unwrap_or_else(|| "once, when that time next occurs".to_owned()))
}
