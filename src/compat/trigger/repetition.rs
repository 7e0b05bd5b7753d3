//! Converts repetitions: seconds with an optional duration, and minutes with a duration ([MS-TSCH] 2.4.2.11, notes 22
//! and 23).

use super::super::{
    difference::{Differences, Reason},
    draft::{Draft, Report},
    field::Field,
    obstacle::ObstacleReason,
    span,
};
use crate::{
    definition::Repetition,
    job::{self, TriggerFlags},
    limits,
    time::XsDuration,
};

/// The longest duration that Windows stores, in minutes: durations are 32 bits of seconds (EVIDENCE.md XML-40).
const LONGEST: u32 = u32::MAX / 60;

/// The interval, duration and flag of a repetition in a .JOB file.
pub(super) struct Minutes {
    pub(super) interval: u32,
    pub(super) duration: u32,
    pub(super) flags: TriggerFlags,
}

/// Converts a repetition to minutes.
pub(super) fn to_job(stated: Option<&Repetition>, index: usize, draft: &mut Draft) -> Minutes {
    let none = Minutes { interval: 0, duration: 0, flags: TriggerFlags::NONE };
    let Some(stated) = stated else { return none };
    draft.unknown(&stated.extra);
    let interval = interval(&stated.interval, index, draft);
    let duration = duration(stated.duration.as_ref(), interval, index, draft);
    let (Some(interval), Some(duration)) = (interval, duration) else { return none };
    if interval >= duration {
        let reason = ObstacleReason::IntervalNotShorter { interval, duration };
        draft.obstacle_in(Field::RepetitionInterval, index, reason);
        return none;
    }
    let kills = stated.stop_at_duration_end == Some(true);
    let flags = if kills { TriggerFlags::KILL_AT_DURATION_END } else { TriggerFlags::NONE };
    Minutes { interval, duration, flags }
}

fn interval(stated: &XsDuration, index: usize, draft: &mut Draft) -> Option<u32> {
    let field = Field::RepetitionInterval;
    let (minutes, is_exact) = span::minutes(stated).unwrap_or_default();
    let within = u32::try_from(minutes).ok().filter(|minutes| *minutes <= limits::JOB_MINUTES_INTERVAL);
    match within {
        Some(minutes) if is_exact && minutes > 0 => return Some(minutes),
        Some(minutes) if minutes > 0 => {
            draft.obstacle_in(field, index, ObstacleReason::NotWholeMinutes(stated.to_string()));
        }
        _ => {
            let value = stated.to_string();
            draft.obstacle_in(
                field,
                index,
                ObstacleReason::OutOfRange { value, allowed: "1 minute to 31 days" },
            );
        }
    }
    None
}

fn duration(
    stated: Option<&XsDuration>,
    interval: Option<u32>,
    index: usize,
    draft: &mut Draft,
) -> Option<u32> {
    let field = Field::RepetitionDuration;
    let Some(stated) = stated else {
        draft.obstacle_in(field, index, ObstacleReason::Indefinite);
        return None;
    };
    let minutes =
        span::minutes(stated).and_then(|(minutes, exact)| Some((u32::try_from(minutes).ok()?, exact)));
    let Some((mut minutes, is_exact)) = minutes else {
        let (value, allowed) = (stated.to_string(), "up to 4294967295 minutes");
        draft.obstacle_in(field, index, ObstacleReason::OutOfRange { value, allowed });
        return None;
    };
    // Intervals are whole minutes, so no start falls within a partial minute at the end. The partial minute counts
    // only if the interval would not be shorter than the duration without it.
    if !is_exact {
        let would_end = interval == Some(minutes);
        minutes = minutes.saturating_add(would_end.into());
        let (from, to) = (stated.to_string(), span::shown(minutes));
        draft.differs_in(field, index, Reason::Nearest { from, to });
    }
    Some(minutes)
}

/// Converts the repetition of a .JOB file's trigger. `ends_exclusively`: whether the version that wrote the file
/// excludes a run exactly at the end of the duration.
pub(super) fn to_task(
    trigger: &job::Trigger,
    index: usize,
    ends_exclusively: bool,
    differences: &mut Differences,
) -> Option<Repetition> {
    let (interval, duration) = (trigger.minutes_interval, trigger.minutes_duration);
    let kills = trigger.flags.contains(TriggerFlags::KILL_AT_DURATION_END);
    if interval == 0 || duration < interval {
        for (field, is_there) in [
            (Field::JobMinutesInterval, interval != 0),
            (Field::JobMinutesDuration, duration != 0),
            (Field::JobTriggerFlags, kills),
        ] {
            if is_there {
                differences.report(field, index, Reason::NothingToRepeat);
            }
        }
        return None;
    }
    if interval > limits::JOB_MINUTES_INTERVAL {
        let (value, allowed) = (span::shown(interval), "1 minute to 31 days");
        differences.report(Field::JobMinutesInterval, index, Reason::OutOfRange { value, allowed });
        return None;
    }
    if ends_exclusively && duration.is_multiple_of(interval) {
        differences.report(Field::JobMinutesDuration, index, Reason::RepetitionEnd);
    }
    let longest = duration.min(LONGEST);
    if longest < duration {
        let (from, to) = (span::shown(duration), span::shown(longest));
        differences.report(Field::JobMinutesDuration, index, Reason::Nearest { from, to });
    }
    let repetition = Repetition::every(XsDuration::from_minutes(interval));
    let repetition = repetition.lasting(XsDuration::from_minutes(longest));
    Some(Repetition { stop_at_duration_end: Some(kills), ..repetition })
}
