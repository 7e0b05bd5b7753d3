//! How a server runs AT jobs over time ([MS-TSCH] 2.3.4, 3.2.5.2.1, 3.2.6.1).

use crate::{
    job::DaysOfMonth,
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
};
use time::{Date, PrimitiveDateTime};

/// The bits of a date in both masks.
pub(super) fn bits(date: Date) -> (DaysOfMonth, AtDaysOfWeek) {
    let day_of_week = AtDaysOfWeek(1 << date.weekday().number_days_from_monday());
    (DaysOfMonth::from_days([date.day()]), day_of_week)
}

/// The job as the server stores it: JOB_ADD_CURRENT_DATE is cleared, and the bit of the day on which the job is added
/// is set instead (3.2.5.2.1). JOB_EXEC_ERROR and JOB_RUNS_TODAY are cleared, too, since the server sets them (2.3.4).
///
/// ```
/// use time::macros::date;
/// use wintask::{compat::added_at, job::DaysOfMonth, rpc::atsvc::{AtFlags, AtInfo}};
///
/// let job = AtInfo { flags: AtFlags::ADD_CURRENT_DATE, ..AtInfo::default() };
/// let stored = added_at(&job, date!(2024-01-15));
/// assert_eq!((stored.days_of_month, stored.flags), (DaysOfMonth::from_days([15]), AtFlags::NONE));
/// ```
#[must_use]
pub fn added_at(job: &AtInfo, today: Date) -> AtInfo {
    let mut stored = job.clone();
    if job.flags.contains(AtFlags::ADD_CURRENT_DATE) {
        stored.days_of_month.0 |= bits(today).0.0;
    }
    let of_server = AtFlags::EXEC_ERROR | AtFlags::RUNS_TODAY;
    stored.flags = job.flags.without(of_server | AtFlags::ADD_CURRENT_DATE);
    stored
}

/// Clears the bits of the day on which a job is started, unless the job is periodic (3.2.6.1). Returns whether the
/// job is done: it is not periodic, and has no days left.
///
/// ```
/// use time::macros::date;
/// use wintask::{compat::start_at, job::DaysOfMonth, rpc::atsvc::AtInfo};
///
/// let mut job = AtInfo { days_of_month: DaysOfMonth::from_days([1, 15]), ..AtInfo::default() };
/// assert!(!start_at(&mut job, date!(2024-01-15)));
/// assert_eq!(job.days_of_month, DaysOfMonth::from_days([1]));
/// assert!(start_at(&mut job, date!(2024-02-01)));
/// ```
pub fn start_at(job: &mut AtInfo, day: Date) -> bool {
    if job.flags.contains(AtFlags::RUN_PERIODICALLY) {
        return false;
    }
    let (of_month, of_week) = bits(day);
    job.days_of_month.0 &= !of_month.0;
    job.days_of_week = job.days_of_week.without(of_week);
    job.days_of_month.0 & !DaysOfMonth::UNUSED == 0 && job.days_of_week.is_empty()
}

/// Whether a stored job is still to run today (JOB_RUNS_TODAY). A job without days runs at the next occurrence of its
/// time.
///
/// ```
/// use time::macros::datetime;
/// use wintask::{compat::runs_today, rpc::atsvc::{AtDaysOfWeek, AtInfo}};
///
/// let job = AtInfo { job_time: 3_600_000, days_of_week: AtDaysOfWeek::MONDAY, ..AtInfo::default() };
/// assert!(runs_today(&job, datetime!(2024-01-15 00:59)));
/// assert!(!runs_today(&job, datetime!(2024-01-15 01:01)));
/// assert!(!runs_today(&job, datetime!(2024-01-16 00:59)));
/// ```
#[must_use]
pub fn runs_today(job: &AtInfo, now: PrimitiveDateTime) -> bool {
    let (of_month, of_week) = bits(now.date());
    let any_day = job.days_of_month.0 & !DaysOfMonth::UNUSED == 0 && job.days_of_week.is_empty();
    let today = job.days_of_month.0 & of_month.0 != 0 || job.days_of_week.contains(of_week);
    (any_day || today) && is_due(job.job_time, now)
}

/// Whether the time of day has not passed yet.
pub(super) fn is_due(job_time: u32, now: PrimitiveDateTime) -> bool {
    let (hour, minute, second, nanos) = now.time().as_hms_nano();
    let seconds = (u64::from(hour) * 60 + u64::from(minute)) * 60 + u64::from(second);
    seconds * 1_000_000_000 + u64::from(nanos) <= u64::from(job_time) * 1_000_000
}
