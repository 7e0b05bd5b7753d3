//! Interprets the triggers.

use super::{
    exact::{Cut, RawTriggers},
    finding::FindingKind,
    from_bucket::{account, nonzero, unless_never},
    notes::Notes,
    triggers::{Generic, RawEvent, RawLogon, RawScheduled, RawSession, RawTime, RawTrigger, RawUser, RawWnf},
    wire::Fields,
};
use crate::{
    definition::{
        DaysOfMonth, DaysOfWeek, EventTrigger, Extra, Months, NamedValue, Repetition, Schedule,
        SessionStateChange, SessionStateChangeTrigger, Trigger, TriggerKind, Weeks, WnfStateChangeTrigger,
    },
    dtyp::FileTime,
    time::{Boundary, XsDuration},
};
use time::PrimitiveDateTime;

/// The triggers that can be interpreted; `cut` is the readable part of the last one.
pub(super) fn triggers(raw: &RawTriggers, cut: Cut<'_, RawTrigger>, notes: &mut Notes) -> Vec<Trigger> {
    let each = raw.triggers.iter().enumerate();
    let each = each.filter_map(|(index, raw)| notes.within("Triggers", index, |notes| trigger(raw, notes)));
    let mut list = Vec::with_capacity(raw.triggers.len());
    list.extend(each);
    if let Cut { element: Some(cut), stop } = cut {
        list.extend(notes.within_cut("Triggers", raw.triggers.len(), stop, |notes| trigger(cut, notes)));
    }
    list
}

/// The field order of a trigger that is not time-based; its own fields are last.
const fn order<'a>(own: &'a [&'static str]) -> [&'a [&'static str]; 3] {
    [&["Kind"], Generic::FIELDS, own]
}

fn trigger(raw: &RawTrigger, notes: &mut Notes) -> Option<Trigger> {
    let (generic, kind) = match raw {
        RawTrigger::Scheduled(raw) => return scheduled(raw, notes),
        RawTrigger::Wnf(raw) => (&raw.generic, wnf(raw, notes)?),
        RawTrigger::Session(raw) => (&raw.generic, session(raw, notes)?),
        RawTrigger::Event(raw) => (&raw.generic, event(raw, notes)?),
        RawTrigger::Logon(raw) => {
            let delay = nonzero(raw.generic.delay);
            (&raw.generic, TriggerKind::Logon { user_id: user(&raw.user, RawLogon::FIELDS, notes), delay })
        }
        RawTrigger::Registration(raw) => {
            (&raw.generic, TriggerKind::Registration { delay: nonzero(raw.generic.delay) })
        }
        RawTrigger::Boot(raw) => (&raw.generic, TriggerKind::Boot { delay: nonzero(raw.generic.delay) }),
        RawTrigger::Idle(raw) => {
            if raw.generic.delay != 0 {
                notes.out_of_range("Delay", raw.generic.delay, "0 for an idle trigger");
            }
            (&raw.generic, TriggerKind::Idle)
        }
    };
    Some(with_generic(kind, generic, notes))
}

/// A trigger with the fields that all triggers share unless they are time-based.
fn with_generic(kind: TriggerKind, raw: &Generic, notes: &mut Notes) -> Trigger {
    let has = |field, notes: &Notes| notes.has(&order(&[]), field);
    if raw.repetition_duration != raw.repetition_duration_again && has("RepetitionDurationAgain", notes) {
        notes.push("RepetitionDurationAgain", FindingKind::Differs("RepetitionDuration"));
    }
    let durations = (raw.repetition_interval, raw.repetition_duration);
    let stop = has("StopAtDurationEnd", notes).then_some(raw.stop_at_duration_end != 0);
    Trigger {
        id: notes.text("Id", &raw.id.text),
        enabled: has("Enabled", notes).then_some(raw.enabled.value != 0),
        start_boundary: boundary("StartBoundary", &raw.start, notes),
        end_boundary: boundary("EndBoundary", &raw.end, notes),
        repetition: repetition(durations, stop, notes).map(Box::new),
        execution_time_limit: unless_never(raw.execution_time_limit)
            .filter(|_| has("ExecutionTimeLimit", notes)),
        ..Trigger::new(kind)
    }
}

/// A time; zero or all bits set means no time.
fn boundary(field: &str, raw: &RawTime, notes: &mut Notes) -> Option<Boundary> {
    if matches!(raw.ticks, 0 | u64::MAX) {
        return None;
    }
    let Some(time) = FileTime(raw.ticks).to_instant() else {
        notes.push(field, FindingKind::Time(raw.ticks));
        return None;
    };
    Some(if raw.is_local.value == 0 {
        Boundary::utc(time)
    } else {
        Boundary::local(PrimitiveDateTime::new(time.date(), time.time()))
    })
}

fn repetition((interval, duration): (u32, u32), stop: Option<bool>, notes: &mut Notes) -> Option<Repetition> {
    if interval == 0 {
        if duration != 0 {
            notes.out_of_range("RepetitionDuration", duration, "0 without an interval");
        }
        return None;
    }
    Some(Repetition {
        duration: nonzero(duration),
        stop_at_duration_end: stop,
        ..Repetition::every(XsDuration::from_seconds(interval))
    })
}

/// The user or group, which definitions do not distinguish here.
fn user(raw: &RawUser, own: &[&'static str], notes: &mut Notes) -> Option<String> {
    if !notes.has_user(&order(own)) {
        return None;
    }
    account(raw, notes).map(|(account, _)| account)
}

fn wnf(raw: &RawWnf, notes: &Notes) -> Option<TriggerKind> {
    if !notes.has(&order(RawWnf::FIELDS), "StateName") {
        return None;
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    Some(TriggerKind::from(WnfStateChangeTrigger {
        delay: nonzero(raw.generic.delay),
        state_name: hex(&raw.state_name),
        data: (!raw.data.bytes.is_empty()).then(|| hex(&raw.data.bytes)),
        data_offset: None,
    }))
}

fn session(raw: &RawSession, notes: &mut Notes) -> Option<TriggerKind> {
    if !notes.has(&order(RawSession::FIELDS), "StateChange") {
        return None;
    }
    let index = usize::try_from(raw.change.value).ok()?.wrapping_sub(1);
    let Some(state_change) = SessionStateChange::ALL.get(index).copied() else {
        notes.out_of_range("StateChange", raw.change.value, "1 to 6");
        return None;
    };
    Some(TriggerKind::SessionStateChange(SessionStateChangeTrigger {
        user_id: user(&raw.user, RawSession::FIELDS, notes),
        delay: nonzero(raw.generic.delay),
        state_change,
    }))
}

fn event(raw: &RawEvent, notes: &mut Notes) -> Option<TriggerKind> {
    if !notes.has(&order(RawEvent::FIELDS), "Subscription") {
        return None;
    }
    let number = raw.number_of_occurrences;
    let number_of_occurrences = u8::try_from(number).ok();
    if number_of_occurrences.is_none() {
        notes.out_of_range("NumberOfOccurrences", number, "0 to 255");
    }
    let mut queries = Vec::new();
    for query in &raw.value_queries.list {
        let name = notes.wide("ValueQueries", &query.name.to_wide()).unwrap_or_default();
        let value = notes.wide("ValueQueries", &query.value.to_wide()).unwrap_or_default();
        queries.push(NamedValue { name, value });
    }
    Some(TriggerKind::from(EventTrigger {
        subscription: notes.wide("Subscription", &raw.subscription.to_wide()).unwrap_or_default(),
        delay: nonzero(raw.generic.delay),
        period_of_occurrence: nonzero(raw.period_of_occurrence),
        number_of_occurrences: number_of_occurrences.filter(|number| *number != 0),
        matching_element: notes.wide("MatchingElement", &raw.matching_element.to_wide()),
        value_queries: (!queries.is_empty()).then_some(queries),
    }))
}

fn scheduled(raw: &RawScheduled, notes: &mut Notes) -> Option<Trigger> {
    let has = |field, notes: &Notes| notes.has(&[&["Kind"], RawScheduled::FIELDS], field);
    // The last field that the mode requires.
    let needed = match raw.mode {
        0 => "Mode",
        1 => "Data1",
        2 => "Data2",
        _ => "Data3",
    };
    if !has("Mode", notes) || !has(needed, notes) {
        return None;
    }
    let random_delay = nonzero(raw.random_delay);
    let kind = match raw.mode {
        0 => TriggerKind::Time { random_delay },
        mode => TriggerKind::Calendar { random_delay, schedule: schedule(mode, raw, notes)? },
    };
    let durations = (raw.repetition_interval, raw.repetition_duration);
    let stop = has("StopAtDurationEnd", notes).then_some(raw.stop_at_duration_end != 0);
    Some(Trigger {
        id: notes.text("Id", &raw.id.text),
        enabled: has("Enabled", notes).then_some(raw.enabled != 0),
        start_boundary: boundary("StartBoundary", &raw.start, notes),
        end_boundary: boundary("EndBoundary", &raw.end, notes),
        repetition: repetition(durations, stop, notes).map(Box::new),
        execution_time_limit: unless_never(raw.execution_time_limit),
        ..Trigger::new(kind)
    })
}

fn schedule(mode: u32, raw: &RawScheduled, notes: &mut Notes) -> Option<Schedule> {
    let extra = Extra::default;
    Some(match mode {
        1 => {
            if !(1..=365).contains(&raw.data1) {
                notes.out_of_range("Data1", raw.data1, "1 to 365");
            }
            Schedule::Day { days_interval: Some(raw.data1), extra: extra() }
        }
        2 => {
            let weeks_interval = u8::try_from(raw.data1).ok();
            if !(1..=52).contains(&raw.data1) {
                notes.out_of_range("Data1", raw.data1, "1 to 52");
            }
            Schedule::Week {
                weeks_interval,
                days_of_week: days_of_week("Data2", raw.data2, notes),
                extra: extra(),
            }
        }
        3 => Schedule::Month {
            days_of_month: DaysOfMonth::from_bits(u32::from(raw.data1) | u32::from(raw.data2) << 16),
            months: Some(months(raw.data3, notes)),
            extra: extra(),
        },
        4 => Schedule::MonthDayOfWeek {
            weeks: Weeks::from_bits(mask("Data2", raw.data2, Weeks::ALL.bits(), notes)),
            days_of_week: days_of_week("Data1", raw.data1, notes),
            months: Some(months(raw.data3, notes)),
            extra: extra(),
        },
        _ => {
            notes.out_of_range("Mode", mode, "0 to 4");
            return None;
        }
    })
}

fn days_of_week(field: &str, bits: u16, notes: &mut Notes) -> DaysOfWeek {
    DaysOfWeek::from_bits(mask(field, bits, DaysOfWeek::ALL.bits(), notes))
}

fn months(bits: u16, notes: &mut Notes) -> Months {
    if bits & !Months::ALL.bits() != 0 {
        notes.out_of_range("Data3", bits, "bits 0 to 11");
    }
    Months::from_bits(bits)
}

/// The bits of a byte; other bits are reported.
fn mask(field: &str, bits: u16, allowed: u8, notes: &mut Notes) -> u8 {
    let [low, _] = bits.to_le_bytes();
    if bits & !u16::from(allowed) != 0 {
        notes.out_of_range(field, bits, "the days of a week, or five weeks");
    }
    low & allowed
}
