//! Converts triggers of a .JOB file to triggers of a definition.

use super::{
    super::{
        difference::{Differences, Reason},
        draft::Report,
        field::Field,
    },
    counterparts::{ALWAYS, DAYS_INTERVAL, END_OF_DAY, WEEKS_INTERVAL, date, days_of_week, months, week_of},
    repetition,
};
use crate::{
    definition::{DaysOfMonth, Extra, Schedule, Trigger, TriggerKind},
    job::{self, DaysOfWeek, Months, TriggerFlags},
    time::Boundary,
};
use time::{PrimitiveDateTime, Time};

/// The equivalent trigger of a definition; `None` if there is none.
pub(in super::super) fn to_task(
    trigger: &job::Trigger,
    index: usize,
    ends_exclusively: bool,
    differences: &mut Differences,
) -> Option<Trigger> {
    let kind = kind(trigger, index, differences)?;
    let start = start(trigger, index, differences)?;
    let is_always = !kind.is_timed() && start == ALWAYS;
    let mut made = Trigger {
        enabled: Some(!trigger.is_disabled()),
        start_boundary: (!is_always).then(|| Boundary::local(start)),
        repetition: repetition::to_task(trigger, index, ends_exclusively, differences).map(Box::new),
        ..Trigger::new(kind)
    };
    end(trigger, index, start, &mut made, differences);
    let known = TriggerFlags::HAS_END_DATE | TriggerFlags::KILL_AT_DURATION_END | TriggerFlags::DISABLED;
    let rest = trigger.flags.without(known);
    if !rest.is_empty() {
        differences.report(Field::JobTriggerFlags, index, Reason::Flags(rest.to_string()));
    }
    Some(made)
}

fn kind(trigger: &job::Trigger, index: usize, differences: &mut Differences) -> Option<TriggerKind> {
    let random_delay = None;
    let schedule = match trigger.schedule {
        job::Schedule::Once => return Some(TriggerKind::Time { random_delay }),
        job::Schedule::OnIdle => return Some(TriggerKind::Idle),
        job::Schedule::AtSystemStart => return Some(TriggerKind::Boot { delay: None }),
        job::Schedule::AtLogon => return Some(TriggerKind::Logon { user_id: None, delay: None }),
        job::Schedule::Daily { days_interval } => {
            let is_within = DAYS_INTERVAL.contains(&days_interval);
            let interval = interval(days_interval, is_within, "1 to 365", index, differences)?;
            Schedule::daily(interval)
        }
        job::Schedule::Weekly { weeks_interval, days_of_week: days } => {
            let is_within = WEEKS_INTERVAL.contains(&weeks_interval);
            let interval = interval(weeks_interval, is_within, "1 to 52", index, differences)?;
            let days = defined(days, DaysOfWeek::DEFINED.0, index, differences)?;
            Schedule::weekly(u8::try_from(interval).ok()?, days_of_week(DaysOfWeek(days)))
        }
        job::Schedule::MonthlyDate { days, months: of } => {
            let of = defined(of, Months::DEFINED.0, index, differences);
            if days.0 & job::DaysOfMonth::UNUSED != 0 {
                let reason = Reason::Flags("bit 31 of the days of the month".to_owned());
                differences.report(Field::JobTriggerSpecific, index, reason);
            }
            let days = DaysOfMonth::from_days(days.days());
            if days.is_empty() {
                differences.report(Field::JobTrigger, index, Reason::NeverFires);
                return None;
            }
            Schedule::Month {
                days_of_month: days,
                months: Some(months(Months(of?))),
                extra: Extra::default(),
            }
        }
        job::Schedule::MonthlyDayOfWeek { which_week, days_of_week: days, months: of } => {
            let days = defined(days, DaysOfWeek::DEFINED.0, index, differences)?;
            let of = defined(of, Months::DEFINED.0, index, differences)?;
            let Some(weeks) = week_of(which_week) else {
                let value = which_week.to_string();
                let reason = Reason::OutOfRange { value, allowed: "the weeks 1 to 5" };
                differences.report(Field::JobTriggerSpecific, index, reason);
                return None;
            };
            Schedule::monthly_day_of_week(weeks, days_of_week(DaysOfWeek(days)), months(Months(of)))
        }
        job::Schedule::Unknown { trigger_type, .. } => {
            let reason = Reason::OutOfRange { value: trigger_type.to_string(), allowed: "the types 0 to 7" };
            differences.report(Field::JobTriggerType, index, reason);
            return None;
        }
    };
    Some(TriggerKind::Calendar { random_delay, schedule })
}

/// An interval of days or weeks. Zero never fires, and longer intervals than the range cannot be stated.
fn interval(
    value: u16,
    is_within: bool,
    allowed: &'static str,
    index: usize,
    differences: &mut Differences,
) -> Option<u16> {
    if is_within {
        return Some(value);
    }
    if value == 0 {
        differences.report(Field::JobTrigger, index, Reason::NeverFires);
    } else {
        let reason = Reason::OutOfRange { value: value.to_string(), allowed };
        differences.report(Field::JobTriggerSpecific, index, reason);
    }
    None
}

/// The defined bits of a mask; if there are none, the trigger never fires.
fn defined(mask: impl Into<u16>, known: u16, index: usize, differences: &mut Differences) -> Option<u16> {
    let mask = mask.into();
    let rest = mask & !known;
    if rest != 0 {
        differences.report(Field::JobTriggerSpecific, index, Reason::Flags(format!("{rest:#x}")));
    }
    if mask & known == 0 {
        differences.report(Field::JobTrigger, index, Reason::NeverFires);
    }
    Some(mask & known).filter(|mask| *mask != 0)
}

/// The first date and time; `None` if it does not exist, so the trigger never fires.
fn start(trigger: &job::Trigger, index: usize, differences: &mut Differences) -> Option<PrimitiveDateTime> {
    let (hour, minute) = (trigger.start_hour, trigger.start_minute);
    let time = || Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, 0).ok();
    let start = date(trigger.begin).and_then(|date| Some(PrimitiveDateTime::new(date, time()?)));
    if start.is_none() {
        let value = format!("{} {hour:02}:{minute:02}", trigger.begin);
        let reason = Reason::OutOfRange { value, allowed: "dates of the years 1601 to 9999" };
        differences.report(Field::JobBegin, index, reason);
    }
    start
}

/// The end of the last day. A trigger that ends before it begins never fires, which a definition expresses by
/// disabling it.
fn end(
    trigger: &job::Trigger,
    index: usize,
    start: PrimitiveDateTime,
    made: &mut Trigger,
    differences: &mut Differences,
) {
    let Some(stated) = trigger.end else { return };
    match date(stated) {
        Some(end) if end >= start.date() => {
            made.end_boundary = Some(Boundary::local(PrimitiveDateTime::new(end, END_OF_DAY)));
        }
        Some(_) => {
            made.enabled = Some(false);
            differences.report(Field::JobEnd, index, Reason::NeverFires);
        }
        None => {
            // After the calendar's end nothing fires. Before its start, or on a date that does not exist, the trigger
            // does not fire either.
            made.enabled = Some(stated.year > 9999 && !trigger.is_disabled());
            let reason =
                Reason::OutOfRange { value: stated.to_string(), allowed: "dates of the years 1601 to 9999" };
            differences.report(Field::JobEnd, index, reason);
        }
    }
}
