//! Results of the scheduler's methods that return run times.

use super::{occurrence::Occurrence, patterns::Patterns, timetable::Timetable};
use crate::{dtyp::HResult, limits, time::Zone};
use std::{borrow::Borrow, ops::RangeBounds};
use time::OffsetDateTime;

/// The result of `SchRpcScheduledRuntimes`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ScheduledRuntimes {
    /// S_OK: these are all runs. S_FALSE: there are more. SCHED_S_TASK_NO_MORE_RUNS: there are none in this range.
    /// SCHED_S_TASK_NOT_SCHEDULED: there is no time-based trigger.
    pub hresult: HResult,
    /// The runs, in order.
    pub occurrences: Vec<Occurrence>,
}

/// Computes the result of `SchRpcScheduledRuntimes` ([MS-TSCH] 3.2.5.4.16) for a timetable with
/// [`Options::scheduled_runtimes`](super::Options::scheduled_runtimes): the first runs in a time range, at most
/// [`limits::SCHEDULED_RUNTIMES`].
///
/// On Windows the range includes its start and excludes its end, like `start..end`.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{Profile, definition::{Schedule, Trigger}, dtyp::HResult};
/// use wintask::schedule::{Options, Timetable, scheduled_runtimes};
///
/// let daily = Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?);
/// let table = Timetable::of_trigger(&daily, UtcOffset::UTC, &Options::scheduled_runtimes(Profile::Windows));
/// let answer = scheduled_runtimes(&table, datetime!(2024-01-01 00:00 UTC)..datetime!(2024-01-05 00:00 UTC), 10);
/// assert_eq!((answer.hresult, answer.occurrences.len()), (HResult::S_OK, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scheduled_runtimes<Z: Zone, P: Borrow<Patterns>>(
    table: &Timetable<Z, P>,
    range: impl RangeBounds<OffsetDateTime>,
    requested: u32,
) -> ScheduledRuntimes {
    let requested = usize::try_from(requested).unwrap_or(usize::MAX).min(limits::SCHEDULED_RUNTIMES);
    let mut runs = table.occurrences(range);
    let occurrences: Vec<_> = runs.by_ref().take(requested).collect();
    let hresult = if !table.is_timed() {
        HResult::SCHED_S_TASK_NOT_SCHEDULED
    } else if runs.next().is_some() {
        HResult::S_FALSE
    } else if occurrences.is_empty() {
        HResult::SCHED_S_TASK_NO_MORE_RUNS
    } else {
        HResult::S_OK
    };
    ScheduledRuntimes { hresult, occurrences }
}
