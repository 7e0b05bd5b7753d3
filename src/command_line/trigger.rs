//! Converts schedule switches to a trigger (EVIDENCE.md CMD-09 to CMD-12).

use super::{
    check::report,
    circumstances::Circumstances,
    finding::{FindingKind, Findings},
    switch::{Switch, Switches},
    value::{Days, Modifier, ScheduleType, TimeOfDay},
};
use crate::{
    definition::{
        DaysOfMonth, DaysOfWeek, EventTrigger, Months, Repetition, Schedule, Trigger, TriggerKind, Weeks,
    },
    markup,
    time::{Boundary, XsDuration},
};
use time::{Date, PrimitiveDateTime, Time};

/// Minutes in a day.
const DAY: u32 = 24 * 60;

/// The trigger; `None` without a schedule, or if one of its dates does not exist.
pub(super) fn of_switches(
    switches: &Switches,
    here: &Circumstances,
    findings: &mut Findings,
) -> Option<Trigger> {
    let schedule = switches.schedule?;
    let first = match &switches.start_date {
        None => here.now.date(),
        Some(text) => here.date(Some(text), Switch::StartDate, findings)?,
    };
    // Event triggers, too, are active from then on.
    let time = switches.start_time.unwrap_or_else(|| now(here));
    let start = PrimitiveDateTime::new(first, time_of(time));
    let (kind, repetition) = timed(schedule, switches, first, time, findings)
        .or_else(|| event(schedule, switches).map(|kind| (kind, None)))?;
    if schedule == ScheduleType::Once && start < here.now {
        report(FindingKind::Past, Switch::StartTime, findings);
    }
    let last = here.date(switches.end_date.as_ref(), Switch::EndDate, findings);
    let end = match last {
        Some(last) => Some(last.midnight().replace_time(END_OF_DAY)),
        // A single start ends with its repetitions (EVIDENCE.md CMD-24).
        None if schedule == ScheduleType::Once && switches.end_time.is_some() => {
            let lasting = lasting(switches, time).unwrap_or_default();
            start.checked_add(time::Duration::minutes(lasting.into()))
        }
        None => None,
    };
    Some(Trigger {
        start_boundary: Some(Boundary::local(start)),
        end_boundary: end.map(Boundary::local),
        repetition: repetition.map(Box::new),
        ..Trigger::new(kind)
    })
}

/// The end time of a last day; schtasks states only the date.
const END_OF_DAY: Time = match Time::from_hms(23, 59, 59) {
    Ok(time) => time,
    Err(_) => Time::MIDNIGHT,
};

/// The current minute.
fn now(here: &Circumstances) -> TimeOfDay {
    TimeOfDay { hour: here.now.hour(), minute: here.now.minute(), second: None }
}

pub(super) fn time_of(time: TimeOfDay) -> Time {
    Time::from_hms(time.hour, time.minute, time.second.unwrap_or(0)).unwrap_or(Time::MIDNIGHT)
}

/// A time or calendar trigger, and its repetition.
fn timed(
    schedule: ScheduleType,
    switches: &Switches,
    first: Date,
    time: TimeOfDay,
    findings: &mut Findings,
) -> Option<(TriggerKind, Option<Repetition>)> {
    let number = match switches.modifier {
        Some(Modifier::Number(number)) => number,
        _ => 1,
    };
    let random_delay = None;
    let calendar = |schedule| TriggerKind::Calendar { random_delay: None, schedule };
    let kind = match schedule {
        ScheduleType::Minute | ScheduleType::Hourly => {
            let minutes = if schedule == ScheduleType::Hourly { number.saturating_mul(60) } else { number };
            return Some(every(minutes, switches, time));
        }
        ScheduleType::Once => TriggerKind::Time { random_delay },
        ScheduleType::Daily => calendar(Schedule::daily(u16::try_from(number).unwrap_or(u16::MAX))),
        ScheduleType::Weekly => {
            let days = match switches.days {
                Some(Days::Week(days)) => days,
                Some(Days::All) => DaysOfWeek::ALL,
                _ => day_of_week(first),
            };
            calendar(Schedule::weekly(u8::try_from(number).unwrap_or(u8::MAX), days))
        }
        ScheduleType::Monthly => calendar(monthly(switches, first)),
        _ => return None,
    };
    Some((kind, repetition(switches, time, findings)))
}

/// Every given number of minutes: a single start with an unlimited repetition, or, if there is an end, a daily start.
fn every(minutes: u32, switches: &Switches, time: TimeOfDay) -> (TriggerKind, Option<Repetition>) {
    let every = Repetition::every(XsDuration::from_minutes(minutes));
    // In version 1, repetition ends within a day.
    let day = Some(DAY).filter(|_| switches.version_1);
    match lasting(switches, time).or(day) {
        None => (TriggerKind::Time { random_delay: None }, Some(every)),
        Some(lasting) => {
            let kind = TriggerKind::Calendar { random_delay: None, schedule: Schedule::daily(1) };
            (kind, Some(stopping(every.lasting(XsDuration::from_minutes(lasting)), switches)))
        }
    }
}

fn stopping(repetition: Repetition, switches: &Switches) -> Repetition {
    Repetition { stop_at_duration_end: switches.kill.then_some(true), ..repetition }
}

/// How long repetitions continue: `/DU`, or until `/ET`, which may be on the next day.
fn lasting(switches: &Switches, start: TimeOfDay) -> Option<u32> {
    let until = |end: TimeOfDay| match end.minutes().checked_sub(start.minutes()) {
        Some(0) | None => end.minutes().saturating_add(DAY).saturating_sub(start.minutes()),
        Some(minutes) => minutes,
    };
    switches.duration.map(|duration| duration.minutes).or(switches.end_time.map(until))
}

/// `/RI`. With an end, the default is every 10 minutes; without an end, repetition continues for an hour.
fn repetition(switches: &Switches, start: TimeOfDay, findings: &mut Findings) -> Option<Repetition> {
    let lasting = lasting(switches, start);
    let interval = switches.repeat_interval.or(lasting.map(|_| 10))?;
    let lasting = lasting.unwrap_or_else(|| {
        let (switch, value) = (Switch::Duration, "0001:00".to_owned());
        report(FindingKind::Assumed { switch, value }, switch, findings);
        60
    });
    let every = Repetition::every(XsDuration::from_minutes(interval));
    Some(stopping(every.lasting(XsDuration::from_minutes(lasting)), switches))
}

/// A monthly schedule: a weekday of a week, the last day, or days by number, every given number of months from the
/// first.
fn monthly(switches: &Switches, first: Date) -> Schedule {
    let months = switches.months.unwrap_or(Months::ALL);
    let of_week = |weeks: Weeks| {
        let days = match switches.days {
            Some(Days::Week(days)) => days,
            Some(Days::All) => DaysOfWeek::ALL,
            _ => day_of_week(first),
        };
        Schedule::monthly_day_of_week(weeks, days, months)
    };
    let days = match switches.days {
        Some(Days::Month(days)) => days,
        Some(Days::All) => DaysOfMonth::from_days(1..=31),
        _ => DaysOfMonth::from_days([1]),
    };
    match switches.modifier {
        Some(Modifier::Week(week)) => of_week(week),
        Some(Modifier::LastDay) => Schedule::monthly(DaysOfMonth::LAST, months),
        Some(Modifier::Number(every)) if every > 1 && switches.months.is_none() => {
            Schedule::monthly(days, every_months(every, u32::from(u8::from(first.month()))))
        }
        _ => Schedule::monthly(days, months),
    }
}

/// The months of a year at an interval, starting with the first.
fn every_months(every: u32, first: u32) -> Months {
    let step = usize::try_from(every.clamp(1, 12)).unwrap_or(1);
    let months = (0..12u32).step_by(step).map(|n| 1u16 << ((first.saturating_sub(1) + n) % 12));
    Months::from_bits(months.fold(0, |bits, month| bits | month))
}

fn day_of_week(date: Date) -> DaysOfWeek {
    DaysOfWeek::from_bits(1 << date.weekday().number_days_from_sunday())
}

/// A trigger that fires on a system event.
fn event(schedule: ScheduleType, switches: &Switches) -> Option<TriggerKind> {
    let delay = switches.delay.map(|delay| XsDuration::from_seconds(delay.seconds));
    Some(match schedule {
        ScheduleType::OnStart => TriggerKind::Boot { delay },
        ScheduleType::OnLogon => TriggerKind::Logon { user_id: None, delay },
        ScheduleType::OnIdle => TriggerKind::Idle,
        ScheduleType::OnEvent => {
            let query = match &switches.modifier {
                Some(Modifier::Query(query)) => query.as_str(),
                _ => "*",
            };
            let channel = switches.channel.as_deref().unwrap_or_default();
            EventTrigger { subscription: query_list(channel, query), delay, ..EventTrigger::default() }.into()
        }
        _ => return None,
    })
}

/// A query for the events of one log.
pub(super) fn query_list(channel: &str, query: &str) -> String {
    let (path, query) = (markup::escaped(channel).replace('"', "&quot;"), markup::escaped(query));
    format!(
        "<QueryList><Query Id=\"0\" Path=\"{path}\"><Select Path=\"{path}\">{query}</Select></Query></QueryList>"
    )
}
