//! Converts durations of a definition to the whole minutes and milliseconds of a .JOB file.

use super::{difference::Reason, draft::Draft, field::Field, obstacle::ObstacleReason};
use crate::{job::MaxRunTime, time::XsDuration};

/// The whole minutes of a duration, rounded down, and whether the result is exact; `None` if its length is undefined.
pub(super) fn minutes(duration: &XsDuration) -> Option<(u64, bool)> {
    let seconds = duration.to_seconds()?;
    Some((seconds / 60, seconds.is_multiple_of(60) && duration.subsec_nanos() == 0))
}

/// A number of minutes in words.
pub(crate) fn shown(minutes: impl Into<u64>) -> String {
    match minutes.into() {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// The minutes of an idle setting, as 16 bits.
pub(super) fn idle(stated: Option<&XsDuration>, default: u16, field: Field, draft: &mut Draft) -> u16 {
    let Some(stated) = stated else { return default };
    let (value, is_exact) = match minutes(stated) {
        Some((value, is_exact)) => (u16::try_from(value), is_exact),
        None => (Ok(default), false),
    };
    let to = value.unwrap_or(u16::MAX);
    if value.is_err() || !is_exact {
        draft.differs(field, Reason::Nearest { from: stated.to_string(), to: shown(to) });
    }
    to
}

/// The execution time limit for a duration; `PT0S` means no limit. The default is three days in both formats.
pub(super) fn limit(stated: Option<&XsDuration>, draft: &mut Draft) -> MaxRunTime {
    let field = Field::ExecutionTimeLimit;
    let Some(stated) = stated else { return MaxRunTime::DEFAULT };
    if stated.is_zero() {
        return MaxRunTime::NO_LIMIT;
    }
    let Some(seconds) = stated.to_seconds() else {
        let allowed = "days, hours, minutes and seconds";
        draft.obstacle(field, ObstacleReason::OutOfRange { value: stated.to_string(), allowed });
        return MaxRunTime::DEFAULT;
    };
    let nanos = u64::from(stated.subsec_nanos());
    let exact = seconds.checked_mul(1000).and_then(|ms| ms.checked_add(nanos / 1_000_000));
    // 0 is not a limit, and the two highest values mean no limit.
    let longest = MaxRunTime::NO_LIMIT.0 - 1;
    let within = exact.and_then(|ms| u32::try_from(ms).ok()).unwrap_or(u32::MAX).clamp(1, longest);
    if exact != Some(within.into()) || !nanos.is_multiple_of(1_000_000) {
        draft.differs(field, Reason::Nearest { from: stated.to_string(), to: format!("{within} ms") });
    }
    MaxRunTime(within)
}

/// The duration of a limit; `PT0S` for no limit.
pub(super) fn of_limit(limit: MaxRunTime) -> XsDuration {
    let Some(limit) = limit.limit() else { return XsDuration::from_seconds(0) };
    let whole = XsDuration::from_seconds(limit.as_secs().try_into().unwrap_or(u32::MAX));
    match limit.subsec_millis() {
        0 => whole,
        ms => format!("PT{}.{ms:03}S", limit.as_secs()).parse().unwrap_or(whole),
    }
}
