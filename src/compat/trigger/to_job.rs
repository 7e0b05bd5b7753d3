//! Converts triggers of a definition to triggers of a .JOB file.

use super::{
    super::{difference::Reason, draft::Draft, field::Field, obstacle::ObstacleReason, options::ToJob},
    counterparts::{
        ALWAYS, DAYS_INTERVAL, END_OF_DAY, WEEKS_INTERVAL, YEARS, job_date, job_days_of_week, job_months,
        numbers_of,
    },
    repetition,
};
use crate::{
    definition::{Extra, Schedule, Trigger, TriggerKind},
    job::{self, DaysOfMonth, JobDate, TriggerFlags},
    time::Boundary,
};
use time::{PrimitiveDateTime, Time, UtcOffset};

/// The triggers of a .JOB file that are equivalent to this one: one for each week of the month, or none if there is
/// an obstacle.
pub(in super::super) fn to_job(
    trigger: &Trigger,
    index: usize,
    options: &ToJob<'_>,
    draft: &mut Draft,
) -> Vec<job::Trigger> {
    let obstacles = draft.obstacles.len();
    if trigger.id.is_some() {
        draft.differs_in(Field::TriggerId, index, Reason::NoCounterpart);
    }
    draft.unknown(&trigger.extra);
    let schedules = schedules(&trigger.kind, index, draft);
    let start = start(trigger, index, options, draft);
    let repetition = repetition::to_job(trigger.repetition.as_deref(), index, draft);
    let end = end(trigger, index, start, repetition.interval > 0, options, draft);
    time_limit(trigger, index, draft);
    if draft.obstacles.len() > obstacles {
        return Vec::new();
    }
    if schedules.len() > 1 {
        draft.differs_in(Field::Weeks, index, Reason::Split(schedules.len()));
    }
    let disabled = trigger.enabled == Some(false);
    let flags = if disabled { TriggerFlags::DISABLED } else { TriggerFlags::NONE };
    let begin = job_date(start.date());
    let (hour, minute) = (start.hour().into(), start.minute().into());
    let made = schedules.into_iter().map(|schedule| job::Trigger {
        end,
        minutes_interval: repetition.interval,
        minutes_duration: repetition.duration,
        flags: repetition.flags | flags,
        ..job::Trigger::new(schedule, begin, hour, minute)
    });
    made.collect()
}

/// The schedules of a .JOB file for the kind of trigger.
fn schedules(kind: &TriggerKind, index: usize, draft: &mut Draft) -> Vec<job::Schedule> {
    let (field, delay) = match kind {
        TriggerKind::Boot { delay } | TriggerKind::Logon { delay, .. } => (Field::Delay, delay.as_ref()),
        TriggerKind::Time { random_delay } | TriggerKind::Calendar { random_delay, .. } => {
            (Field::RandomDelay, random_delay.as_ref())
        }
        _ => (Field::Delay, None),
    };
    if delay.is_some_and(|delay| !delay.is_zero()) {
        draft.obstacle_in(field, index, ObstacleReason::NotInVersion1);
    }
    match kind {
        TriggerKind::Boot { .. } => vec![job::Schedule::AtSystemStart],
        TriggerKind::Idle => vec![job::Schedule::OnIdle],
        TriggerKind::Time { .. } => vec![job::Schedule::Once],
        TriggerKind::Logon { user_id, .. } => {
            if user_id.is_some() {
                draft.obstacle_in(Field::TriggerUserId, index, ObstacleReason::NotInVersion1);
            }
            vec![job::Schedule::AtLogon]
        }
        TriggerKind::Calendar { schedule, .. } => calendar(schedule, index, draft),
        other => {
            let name = other.element_name().unwrap_or("such trigger").to_owned();
            draft.obstacle_in(Field::Trigger, index, ObstacleReason::Kind(name));
            Vec::new()
        }
    }
}

fn calendar(schedule: &Schedule, index: usize, draft: &mut Draft) -> Vec<job::Schedule> {
    draft.unknown(extra(schedule));
    match *schedule {
        Schedule::Day { days_interval, .. } => {
            let days_interval = days_interval.unwrap_or(1);
            let is_within = DAYS_INTERVAL.contains(&days_interval);
            within(is_within, Field::DaysInterval, index, days_interval.into(), "1 to 365", draft);
            vec![job::Schedule::Daily { days_interval }]
        }
        Schedule::Week { weeks_interval, days_of_week, .. } => {
            let weeks_interval = weeks_interval.map_or(1, u16::from);
            let is_within = WEEKS_INTERVAL.contains(&weeks_interval);
            within(is_within, Field::WeeksInterval, index, weeks_interval.into(), "1 to 52", draft);
            filled(!days_of_week.is_empty(), Field::TriggerDaysOfWeek, index, draft);
            vec![job::Schedule::Weekly { weeks_interval, days_of_week: job_days_of_week(days_of_week) }]
        }
        Schedule::Month { days_of_month, months, .. } => {
            if days_of_month.has_last() {
                draft.obstacle_in(Field::DaysOfMonth, index, ObstacleReason::LastDay);
            }
            filled(!days_of_month.is_empty(), Field::DaysOfMonth, index, draft);
            filled(months.is_none_or(|months| !months.is_empty()), Field::TriggerMonths, index, draft);
            let days = DaysOfMonth::from_days(days_of_month.days());
            vec![job::Schedule::MonthlyDate { days, months: job_months(months) }]
        }
        Schedule::MonthDayOfWeek { weeks, days_of_week, months, .. } => {
            filled(!weeks.is_empty(), Field::Weeks, index, draft);
            filled(!days_of_week.is_empty(), Field::TriggerDaysOfWeek, index, draft);
            filled(months.is_none_or(|months| !months.is_empty()), Field::TriggerMonths, index, draft);
            let (days_of_week, months) = (job_days_of_week(days_of_week), job_months(months));
            let of = |which_week| job::Schedule::MonthlyDayOfWeek { which_week, days_of_week, months };
            numbers_of(weeks).map(of).collect()
        }
    }
}

const fn extra(schedule: &Schedule) -> &Extra {
    match schedule {
        Schedule::Day { extra, .. }
        | Schedule::Week { extra, .. }
        | Schedule::Month { extra, .. }
        | Schedule::MonthDayOfWeek { extra, .. } => extra,
    }
}

fn within(is_within: bool, field: Field, index: usize, value: u32, allowed: &'static str, draft: &mut Draft) {
    if !is_within {
        let value = value.to_string();
        draft.obstacle_in(field, index, ObstacleReason::OutOfRange { value, allowed });
    }
}

fn filled(is_filled: bool, field: Field, index: usize, draft: &mut Draft) {
    if !is_filled {
        let (value, allowed) = ("an empty list".to_owned(), "at least one");
        draft.obstacle_in(field, index, ObstacleReason::OutOfRange { value, allowed });
    }
}

/// Version 1 has no limit for a single trigger. A limit without an effect is lost without a finding.
fn time_limit(trigger: &Trigger, index: usize, draft: &mut Draft) {
    match &trigger.execution_time_limit {
        None => {}
        Some(limit) if limit.is_zero() => {
            draft.differs_in(Field::TriggerTimeLimit, index, Reason::NoCounterpart);
        }
        Some(_) => draft.obstacle_in(Field::TriggerTimeLimit, index, ObstacleReason::NotInVersion1),
    }
}

/// The first date and time, in whole minutes. An event trigger without a start begins at the earliest date that a
/// file can state.
fn start(trigger: &Trigger, index: usize, options: &ToJob<'_>, draft: &mut Draft) -> PrimitiveDateTime {
    let field = Field::StartBoundary;
    let Some(stated) = &trigger.start_boundary else {
        if trigger.kind.is_timed() {
            draft.obstacle_in(field, index, ObstacleReason::NoStart);
        }
        return ALWAYS;
    };
    let Some(civil) = local(stated, field, index, options, draft) else { return ALWAYS };
    let time = Time::from_hms(civil.hour(), civil.minute(), 0).unwrap_or(Time::MIDNIGHT);
    let start = civil.replace_time(time);
    if start != civil {
        let (from, to) = (stated.to_string(), format!("{:02}:{:02}", time.hour(), time.minute()));
        draft.differs_in(field, index, Reason::Nearest { from, to });
    }
    start
}

/// The last date on which the trigger fires (EVIDENCE.md JOB-23): the day of the end, or the day before if the
/// trigger would fire on the last day after the end.
fn end(
    trigger: &Trigger,
    index: usize,
    start: PrimitiveDateTime,
    repeats: bool,
    options: &ToJob<'_>,
    draft: &mut Draft,
) -> Option<JobDate> {
    let field = Field::EndBoundary;
    let stated = trigger.end_boundary.as_ref()?;
    let civil = local(stated, field, index, options, draft)?;
    let fires_later = trigger.kind.is_timed() && start.time() > civil.time();
    let last = if fires_later { civil.date().previous_day().unwrap_or(civil.date()) } else { civil.date() };
    if !YEARS.contains(&last.year()) {
        let (value, allowed) = (stated.to_string(), "the years 1601 to 9999");
        draft.obstacle_in(field, index, ObstacleReason::OutOfRange { value, allowed });
        return None;
    }
    if civil.time() != END_OF_DAY {
        let (from, to) = (stated.to_string(), format!("the end of {last}"));
        // Nothing fires between the two, unless the trigger repeats or waits for an event.
        let is_same = trigger.kind.is_timed() && !repeats;
        draft.differs_in(
            field,
            index,
            if is_same { Reason::Written { from, to } } else { Reason::Nearest { from, to } },
        );
    }
    Some(job_date(last))
}

/// Converts a boundary to local time.
fn local(
    stated: &Boundary,
    field: Field,
    index: usize,
    options: &ToJob<'_>,
    draft: &mut Draft,
) -> Option<PrimitiveDateTime> {
    let (civil, converted) = local_time(stated, options);
    if let Some(converted) = converted {
        draft.differs_in(field, index, Reason::Zone { converted });
    }
    let within = civil.filter(|civil| YEARS.contains(&civil.year()));
    if within.is_none() {
        let (value, allowed) = (stated.to_string(), "the years 1601 to 9999");
        draft.obstacle_in(field, index, ObstacleReason::OutOfRange { value, allowed });
    }
    within
}

/// The local time of a boundary, and whether it was converted from another zone.
fn local_time(stated: &Boundary, options: &ToJob<'_>) -> (Option<PrimitiveDateTime>, Option<bool>) {
    let stated = stated.parts();
    let Some(instant) = stated.instant() else { return (stated.civil, None) };
    let Some(offset) = options.offset_at(instant) else { return (stated.civil, Some(false)) };
    let local = instant.checked_to_offset(UtcOffset::UTC).and_then(|utc| {
        let civil = PrimitiveDateTime::new(utc.date(), utc.time());
        civil.checked_add(time::Duration::seconds(offset.whole_seconds().into()))
    });
    (local, Some(true))
}
