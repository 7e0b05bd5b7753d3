//! Encodes triggers.

use super::{
    exact::RawTriggers,
    finding::FindingKind,
    into_bucket::{bucket, seconds, user},
    notes::Notes,
    triggers::{
        Generic, NEVER, RawEvent, RawLogon, RawPlain, RawScheduled, RawSession, RawTime, RawTrigger,
        RawValueQuery, RawWnf, TriggersHead, WITH_DISPLAY_NAME,
    },
    wire::{AlignedList, CountedText, RawText, TriggerId, WnfData},
};
use crate::{
    definition::{
        EventTrigger, Months, Principal, Schedule, SessionStateChange, Task, Trigger, TriggerKind, Weeks,
    },
    dtyp::FileTime,
    time::{Boundary, BoundaryZone, XsDuration},
};

/// The current version of the value.
const VERSION: u8 = 0x17;
const _: () = assert!(VERSION as u32 >= WITH_DISPLAY_NAME);

/// The value, for a given principal.
pub(super) fn triggers(task: &Task, principal: Option<&Principal>, notes: &mut Notes) -> RawTriggers {
    let mut bucket = bucket(task, principal, notes);
    let mut triggers = Vec::with_capacity(task.triggers.len());
    let (mut first, mut last): (Option<RawTime>, Option<RawTime>) = (None, None);
    let mut ends = true;
    for (index, trigger) in task.triggers.iter().enumerate() {
        let raw = notes.within("Triggers", index, |notes| {
            let (start, end) = (&trigger.start_boundary, &trigger.end_boundary);
            let start = start.as_ref().and_then(|start| time("StartBoundary", start, notes));
            let end = end.as_ref().and_then(|end| time("EndBoundary", end, notes));
            first = [first, start].into_iter().flatten().min_by_key(|time| time.ticks);
            last = [last, end].into_iter().flatten().max_by_key(|time| time.ticks);
            ends &= end.is_some();
            self::trigger(trigger, (start, end), notes)
        });
        triggers.extend(raw);
    }
    bucket.start = first.unwrap_or_default();
    bucket.end = last.filter(|_| ends).unwrap_or(NO_END);
    RawTriggers { head: TriggersHead { version: VERSION.into() }, bucket, triggers, ..RawTriggers::default() }
}

/// The end of a trigger that never ends.
const NO_END: RawTime =
    RawTime { is_local: super::wire::PaddedByte { value: 0, filler: [0; 7] }, ticks: u64::MAX };

/// The start and end times.
type Times = (Option<RawTime>, Option<RawTime>);

fn time(field: &str, boundary: &Boundary, notes: &mut Notes) -> Option<RawTime> {
    let parts = boundary.parts();
    let is_local = parts.zone == BoundaryZone::Local;
    let instant =
        if is_local { parts.civil.map(time::PrimitiveDateTime::assume_utc) } else { parts.instant() };
    let Some(ticks) = instant.and_then(FileTime::from_instant) else {
        notes.not_storable(field, boundary.as_str());
        return None;
    };
    if let Some(read) = ticks.to_instant() {
        notes.written(field, boundary.as_str(), || {
            let civil = time::PrimitiveDateTime::new(read.date(), read.time());
            let again = if is_local { Boundary::local(civil) } else { Boundary::utc(read) };
            again.as_str().to_owned()
        });
    }
    Some(RawTime { is_local: u8::from(is_local).into(), ticks: ticks.0 })
}

fn trigger(trigger: &Trigger, times: Times, notes: &mut Notes) -> Option<RawTrigger> {
    let plain = |delay: Option<&XsDuration>, notes: &mut Notes| RawPlain {
        generic: generic(trigger, times, delay, notes),
        ..RawPlain::default()
    };
    Some(match &trigger.kind {
        TriggerKind::Boot { delay } => RawTrigger::Boot(plain(delay.as_ref(), notes)),
        TriggerKind::Registration { delay } => RawTrigger::Registration(plain(delay.as_ref(), notes)),
        TriggerKind::Idle => RawTrigger::Idle(plain(None, notes)),
        TriggerKind::Logon { user_id, delay } => RawTrigger::Logon(RawLogon {
            generic: generic(trigger, times, delay.as_ref(), notes),
            user: user(user_id.as_deref(), false, notes),
            ..RawLogon::default()
        }),
        TriggerKind::SessionStateChange(change) => RawTrigger::Session(RawSession {
            generic: generic(trigger, times, change.delay.as_ref(), notes),
            change: number(change.state_change).into(),
            user: user(change.user_id.as_deref(), false, notes),
            ..RawSession::default()
        }),
        TriggerKind::Event(event) => {
            let generic = generic(trigger, times, event.delay.as_ref(), notes);
            RawTrigger::Event(RawEvent { generic, ..self::event(event, notes) })
        }
        TriggerKind::WnfStateChange(wnf) => {
            let Some(state_name) = unhex(&wnf.state_name).and_then(|name| name.try_into().ok()) else {
                notes.not_storable("StateName", &wnf.state_name);
                return None;
            };
            if wnf.data_offset.is_some() {
                notes.push("DataOffset", FindingKind::NoCounterpart);
            }
            let mut bytes = Vec::new();
            if let Some(data) = &wnf.data {
                match unhex(data) {
                    Some(read) => bytes = read,
                    None => notes.not_storable("Data", data),
                }
            }
            let padding = vec![0; bytes.len().wrapping_neg() % 8];
            RawTrigger::Wnf(RawWnf {
                generic: generic(trigger, times, wnf.delay.as_ref(), notes),
                state_name,
                data: WnfData { bytes, padding, ..WnfData::default() },
                ..RawWnf::default()
            })
        }
        TriggerKind::Time { random_delay } => {
            RawTrigger::Scheduled(scheduled(trigger, times, random_delay.as_ref(), notes))
        }
        TriggerKind::Calendar { random_delay, schedule } => {
            let mut raw = scheduled(trigger, times, random_delay.as_ref(), notes);
            (raw.mode, raw.data1, raw.data2, raw.data3) = days(schedule);
            if !matches!(schedule, Schedule::Day { .. }) {
                keeps_date(trigger.start_boundary.as_ref(), notes);
            }
            RawTrigger::Scheduled(raw)
        }
        TriggerKind::Unknown(_) => {
            notes.push("", FindingKind::NoCounterpart);
            return None;
        }
    })
}

/// Reports a start whose date is lost because its days follow a clock other than UTC.
fn keeps_date(start: Option<&Boundary>, notes: &mut Notes) {
    let Some(start) = start.filter(|start| start.zone() != BoundaryZone::Local) else { return };
    let dates = start.civil().zip(start.instant()).map(|(civil, instant)| (civil.date(), instant.date()));
    if dates.is_some_and(|(stated, stored)| stated != stored) {
        notes.not_storable("StartBoundary", format_args!("the date of {}", start.as_str()));
    }
}

/// The number of a session change: 1 to 6, in the order of the schema.
fn number(change: SessionStateChange) -> u32 {
    (1..).zip(SessionStateChange::ALL).find(|(_, one)| **one == change).map_or(0, |(number, _)| number)
}

/// The mode and its data.
fn days(schedule: &Schedule) -> (u32, u16, u16, u16) {
    let months = |months: &Option<Months>| months.unwrap_or(Months::ALL).bits();
    match schedule {
        Schedule::Day { days_interval, .. } => (1, days_interval.unwrap_or(1), 0, 0),
        Schedule::Week { weeks_interval, days_of_week, .. } => {
            (2, weeks_interval.unwrap_or(1).into(), days_of_week.bits().into(), 0)
        }
        Schedule::Month { days_of_month, months: of, .. } => {
            let [a, b, c, d] = days_of_month.bits().to_le_bytes();
            (3, u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]), months(of))
        }
        Schedule::MonthDayOfWeek { weeks, days_of_week, months: of, .. } => {
            (4, days_of_week.bits().into(), Weeks::bits(*weeks).into(), months(of))
        }
    }
}

fn id(trigger: &Trigger) -> TriggerId {
    let text = trigger.id.as_deref().map_or_else(RawText::default, RawText::of);
    TriggerId { text, padding: Vec::new() }
}

/// A duration; zero is equivalent to none.
fn delay(field: &str, duration: Option<&XsDuration>, notes: &mut Notes) -> u32 {
    let duration = duration.filter(|duration| !duration.is_zero());
    duration.map_or(0, |duration| seconds(field, duration, 0, notes))
}

/// A limit; zero is a valid value.
fn limit(duration: Option<&XsDuration>, notes: &mut Notes) -> u32 {
    duration.map_or(NEVER, |duration| seconds("ExecutionTimeLimit", duration, NEVER, notes))
}

/// The interval, the duration, and whether instances are stopped at its end.
fn repetition(trigger: &Trigger, notes: &mut Notes) -> (u32, u32, u8) {
    let Some(repetition) = &trigger.repetition else { return (0, 0, 0) };
    let zero = [Some(&repetition.interval), repetition.duration.as_ref()];
    if let Some(zero) = zero.into_iter().flatten().find(|duration| duration.is_zero()) {
        notes.not_storable("Repetition", zero);
    }
    let interval = seconds("Repetition.Interval", &repetition.interval, 0, notes);
    if interval == 0 {
        return (0, 0, 0);
    }
    let duration = repetition.duration.as_ref();
    let duration = duration.map_or(0, |duration| seconds("Repetition.Duration", duration, 0, notes));
    (interval, duration, u8::from(repetition.stop_at_duration_end == Some(true)))
}

fn generic(trigger: &Trigger, (start, end): Times, wait: Option<&XsDuration>, notes: &mut Notes) -> Generic {
    let (repetition_interval, repetition_duration, stop_at_duration_end) = repetition(trigger, notes);
    Generic {
        start: start.unwrap_or_default(),
        end: end.unwrap_or(NO_END),
        delay: delay("Delay", wait, notes),
        execution_time_limit: limit(trigger.execution_time_limit.as_ref(), notes),
        repetition_interval,
        repetition_duration,
        repetition_duration_again: repetition_duration,
        stop_at_duration_end,
        enabled: u8::from(trigger.enabled != Some(false)).into(),
        id: id(trigger),
        ..Generic::default()
    }
}

fn scheduled(
    trigger: &Trigger,
    (start, end): Times,
    random_delay: Option<&XsDuration>,
    notes: &mut Notes,
) -> RawScheduled {
    let (repetition_interval, repetition_duration, stop_at_duration_end) = repetition(trigger, notes);
    RawScheduled {
        start: start.unwrap_or_default(),
        end: end.unwrap_or_default(),
        repetition_interval,
        repetition_duration,
        execution_time_limit: limit(trigger.execution_time_limit.as_ref(), notes),
        stop_at_duration_end,
        enabled: u8::from(trigger.enabled != Some(false)),
        unknown: 1,
        random_delay: delay("RandomDelay", random_delay, notes),
        id: id(trigger),
        ..RawScheduled::default()
    }
}

fn event(event: &EventTrigger, notes: &mut Notes) -> RawEvent {
    let period = event.period_of_occurrence.as_ref();
    let queries = event.value_queries.iter().flatten();
    let list = queries.map(|query| RawValueQuery {
        name: CountedText::of(&query.name),
        value: CountedText::of(&query.value),
    });
    RawEvent {
        subscription: CountedText::of(&event.subscription),
        period_of_occurrence: delay("PeriodOfOccurrence", period, notes),
        number_of_occurrences: event.number_of_occurrences.unwrap_or_default().into(),
        matching_element: CountedText::of(event.matching_element.as_deref().unwrap_or_default()),
        value_queries: AlignedList { list: list.collect(), ..AlignedList::default() },
        ..RawEvent::default()
    }
}

/// Decodes hexadecimal digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}
