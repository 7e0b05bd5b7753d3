//! Runs that were missed while the machine was off or asleep ([MS-TSCH] 2.5.4.7; EVIDENCE.md ENGINE-07, ENGINE-08).

use super::fire;
use crate::{
    definition::{Task, Trigger, TriggerKind},
    dtyp::Win32Error,
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    schedule::Timetable,
    scheduler::{
        instance::{Cause, CauseKind},
        store::entry::{TaskId, Traits, schedule_options},
        timer::Timer,
        v1,
        work::{SECOND, Work, win32},
    },
    time::Ticks,
};
use std::time::Duration;

/// How late a task that woke the machine may be and still run as scheduled: waking takes a moment.
const WAKING: i64 = 60 * SECOND;

/// How long Windows waits before it starts what was missed (EVIDENCE.md ENGINE-08).
const OBSERVED_DELAY: Duration = Duration::from_secs(600);

/// Goes through the tasks that were due before now: those that woke the machine run, others are started late or not. What
/// was due before `since` was not missed.
pub(in super::super) fn overdue(work: &mut Work<'_, '_>, since: Option<Ticks>, waking: bool) {
    let since = since.filter(|since| *since <= work.now);
    while let Some((at, id)) = work.state.first_due().filter(|(at, _)| *at < work.now.0) {
        if let Some(since) = since.filter(|since| at < since.0) {
            work.arm(id, Ticks(since.0.saturating_sub(1)));
            continue;
        }
        let wakes = work.entry(id).is_some_and(|entry| entry.traits.has(Traits::WAKE));
        if waking && wakes && work.now.0 - at <= WAKING {
            work.log_general(Event::TaskStartedOnComputerWakeup {});
            due(work, at, id);
        } else {
            missed(work, at, id);
        }
    }
}

/// The triggers of a task that run at this instant fire.
pub(in super::super) fn due(work: &mut Work<'_, '_>, at: i64, id: TaskId) {
    let Some(entry) = work.entry(id) else { return };
    let options = schedule_options(work.state.options.profile);
    let table = Timetable::new(&entry.patterns, work.context.zone, &options);
    let triggers: Vec<_> = table.triggers_at(Ticks(at).nearest_civil().assume_utc()).collect();
    // Runs that have passed meanwhile are not made up for one by one.
    let after = Ticks(work.now.0.saturating_sub(1)).max(Ticks(at));
    work.arm(id, after);
    for trigger in triggers {
        let trigger = u32::try_from(trigger).ok();
        fire::fire(work, id, Cause::new(CauseKind::Time, trigger));
    }
    v1::at_started(work, id);
}

/// A task missed one run or more, the first at this instant.
fn missed(work: &mut Work<'_, '_>, at: i64, id: TaskId) {
    let Some(task) = work.task(id) else { return };
    let late = work.entry(id).is_some_and(|entry| entry.traits.has(Traits::START_WHEN_AVAILABLE));
    let trigger = if late { qualifying(work, &task, at) } else { None };
    let count = count(work, id, at);
    if let Some(entry) = work.entry_mut(id) {
        entry.missed = entry.missed.saturating_add(count);
    }
    let before = Ticks(work.now.0.saturating_sub(1));
    work.arm(id, before);
    match trigger {
        Some(trigger) => {
            work.state.missed.insert(id, trigger);
            let at = late_start(work);
            if at > work.now.0 {
                work.state.timers.set(Timer::Missed(id), at);
            } else {
                caught_up(work, id);
            }
        }
        None if work.is_windows() => {
            let path = work.path(id);
            work.log(&path, None, Event::MissedSchedule { task_name: path.to_string() });
            work.set_refused(id, win32(Win32Error::REQUEST_REFUSED));
        }
        None => {}
    }
}

/// When tasks are started that have missed a run.
fn late_start(work: &Work<'_, '_>) -> i64 {
    let delay = work.state.options.missed_start_delay;
    let delay = delay.unwrap_or(if work.is_windows() { OBSERVED_DELAY } else { Duration::ZERO });
    let wait = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
    work.now.0.saturating_add(wait.saturating_mul(SECOND))
}

/// The machine went off again before tasks were started that had missed a run: their delay begins anew.
pub(in super::super) fn postpone(work: &mut Work<'_, '_>) {
    let at = late_start(work);
    let waiting: Vec<_> = work.state.missed.keys().copied().collect();
    for id in waiting {
        work.state.timers.set(Timer::Missed(id), at);
    }
}

/// How many runs a task has missed since this instant.
fn count(work: &Work<'_, '_>, id: TaskId, at: i64) -> u32 {
    let Some(entry) = work.entry(id) else { return 0 };
    let options = schedule_options(work.state.options.profile);
    let table = Timetable::new(&entry.patterns, work.context.zone, &options);
    let instant = |at: i64| Ticks(at).nearest_civil().assume_utc();
    // Only one trigger's runs are counted in closed form; of several, one each is enough to know.
    if entry.patterns.reasons().next().is_none() && entry.patterns.is_single() {
        u32::try_from(table.count(instant(at)..instant(work.now.0))).unwrap_or(u32::MAX)
    } else {
        1
    }
}

/// The first trigger with a missed run that is caught up with: one that ends, or that repeats without an end.
fn qualifying(work: &Work<'_, '_>, task: &Task, at: i64) -> Option<u32> {
    let options = schedule_options(work.state.options.profile);
    let (from, until) = (Ticks(at).nearest_civil().assume_utc(), work.now.nearest_civil().assume_utc());
    let missed = |trigger: &Trigger| {
        let table = Timetable::of_trigger(trigger, work.context.zone, &options);
        table.occurrences(from..until).next().is_some()
    };
    let found = (0..).zip(&task.triggers).find(|(_, trigger)| is_caught_up(trigger) && missed(trigger));
    found.map(|(number, _)| number)
}

fn is_caught_up(trigger: &Trigger) -> bool {
    let endless = trigger.repetition.as_ref().is_some_and(|repetition| repetition.duration.is_none());
    trigger.end_boundary.is_some() || endless || matches!(trigger.kind, TriggerKind::Calendar { .. })
}

/// A task that missed a run is started late.
pub(in super::super) fn caught_up(work: &mut Work<'_, '_>, id: TaskId) {
    if let Some(trigger) = work.state.missed.remove(&id) {
        fire::fire(work, id, Cause::new(CauseKind::Missed, Some(trigger)));
    }
}
