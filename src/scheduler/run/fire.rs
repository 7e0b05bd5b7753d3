//! Fires triggers: boundaries, repetition, conditions, delay ([MS-TSCH] 2.5.3, 3.2.5.4.2).

use super::{
    account,
    admit::{self, Admitted},
    condition::{self, Unmet},
    report, stop,
};
use crate::{
    Profile,
    definition::{Task, Trigger, TriggerKind},
    dtyp::{HResult, Win32Error},
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    limits,
    schedule::Timetable,
    scheduler::{
        instance::{Cause, CauseKind, Instance, Phase},
        state::Repeat,
        store::entry::{TaskId, schedule_options},
        timer::{SeriesId, Timer},
        work::{SECOND, Work, ticks, win32},
    },
    time::{Ticks, XsDuration},
};
use uuid::Uuid;

/// Fires a trigger of a task, or handles a request to run the task.
pub(in super::super) fn fire(work: &mut Work<'_, '_>, id: TaskId, cause: Cause) -> Admitted {
    let Some(task) = work.task(id).filter(|_| condition::is_enabled(work, id)) else { return Admitted::No };
    let trigger = cause.trigger.and_then(|number| Some((number, task.triggers.get(number as usize)?)));
    if let Some((number, trigger)) = trigger {
        if !condition::may_fire(work, id, trigger) {
            return Admitted::No;
        }
        repeat(work, id, number, trigger, &cause);
    }
    // A new firing restarts the count of failures (EVIDENCE.md ENGINE-31).
    work.state.retries.remove(&id);
    work.state.timers.clear(Timer::Retry(id));
    start(work, id, &task, cause)
}

/// Starts the repetition of a trigger without run times, and the timer for the end of any repetition.
fn repeat(work: &mut Work<'_, '_>, id: TaskId, number: u32, trigger: &Trigger, cause: &Cause) {
    let Some(repetition) = &trigger.repetition else { return };
    let effective = repetition.effective(work.state.options.profile);
    let duration = effective.duration.value.as_ref().map(ticks);
    let timed = trigger.kind.is_timed();
    let anchor = if timed { series_start(work, trigger) } else { work.now };
    let until = duration.map_or(i64::MAX, |duration| anchor.0.saturating_add(duration));
    // A run can be exactly at the end: the others are stopped, and it starts.
    if effective.stop_at_duration_end.value && until != i64::MAX && until > work.now.0 {
        work.state.timers.set_duration_end(id, number, until, limits::REPETITIONS);
    }
    let end = trigger.end_boundary.as_ref().and_then(|end| work.instant(end));
    let until = end.map_or(until, |end| until.min(end.0));
    let interval = ticks(&repetition.interval);
    if timed || interval <= 0 {
        return;
    }
    let next = work.now.0.saturating_add(interval);
    if next <= until {
        let series = new_series(work, id, number);
        work.state.repeats.insert(series, Repeat { interval, until, cause: cause.clone() });
        work.state.timers.set(Timer::Repeat(series), next);
    }
}

/// A new series of repetitions of a trigger; those of its earlier firings continue (EVIDENCE.md TIME-19). If there
/// are too many, the oldest ends.
fn new_series(work: &mut Work<'_, '_>, id: TaskId, number: u32) -> SeriesId {
    let all = work.state.repeats.range((id, number, 0)..=(id, number, u32::MAX));
    let all: Vec<_> = all.map(|(series, _)| *series).collect();
    if let Some(oldest) = all.first().filter(|_| all.len() >= limits::REPETITIONS) {
        end_series(work, *oldest);
    }
    (id, number, all.last().map_or(0, |(.., last)| last.saturating_add(1)))
}

fn end_series(work: &mut Work<'_, '_>, series: SeriesId) {
    work.state.timers.clear(Timer::Repeat(series));
    work.state.repeats.remove(&series);
}

/// The start of the series of runs that the current run of a repeated trigger belongs to.
fn series_start(work: &Work<'_, '_>, trigger: &Trigger) -> Ticks {
    let once = Trigger { repetition: None, ..trigger.clone() };
    let table =
        Timetable::of_trigger(&once, work.context.zone, &schedule_options(work.state.options.profile));
    let before = Ticks(work.now.0.saturating_add(1)).nearest_civil().assume_utc();
    table.previous_before(before).map_or(work.now, |start| Ticks::from_instant(start.instant()))
}

/// Repetitions due during sleep are lost, like scheduled runs (EVIDENCE.md ENGINE-34).
pub(in super::super) fn skip_repetitions(work: &mut Work<'_, '_>) {
    let all: Vec<_> = work.state.repeats.iter().map(|(key, repeat)| (*key, repeat.interval)).collect();
    for (series, interval) in all {
        let Some(due) = work.state.timers.get(Timer::Repeat(series)) else { continue };
        let passed = work.now.0.saturating_sub(due).saturating_add(interval - 1) / interval;
        if passed > 0 {
            repeat_at(work, series, due.saturating_add(interval.saturating_mul(passed)));
        }
    }
}

/// Sets the timer of a repetition, unless it has ended by then.
fn repeat_at(work: &mut Work<'_, '_>, series: SeriesId, at: i64) {
    if work.state.repeats.get(&series).is_some_and(|repeat| at <= repeat.until) {
        work.state.timers.set(Timer::Repeat(series), at);
    } else {
        end_series(work, series);
    }
}

/// Fires a trigger again because of its repetition.
pub(in super::super) fn repeated(work: &mut Work<'_, '_>, series: SeriesId) {
    let Some(Repeat { interval, until, cause }) = work.state.repeats.get(&series).cloned() else { return };
    let due = work.state.timers.get(Timer::Repeat(series)).unwrap_or(work.now.0);
    // Missed repetitions are skipped.
    let passed = work.now.0.saturating_sub(due).max(0) / interval;
    let next = due.saturating_add(interval.saturating_mul(passed.saturating_add(1)));
    repeat_at(work, series, next);
    let (id, number, _) = series;
    let Some(task) = work.task(id) else { return };
    let Some(trigger) = task.triggers.get(number as usize) else { return };
    if due <= until && condition::may_fire(work, id, trigger) {
        start(work, id, &task, cause);
    }
}

/// Starts a task after the delay of its trigger, if its conditions are met.
pub(in super::super) fn start(work: &mut Work<'_, '_>, id: TaskId, task: &Task, cause: Cause) -> Admitted {
    if !cause.ignore_conditions
        && let Some(unmet) = condition::unmet(work, id, task, &cause)
    {
        return not_now(work, id, task, cause, unmet);
    }
    let delay = if cause.failures == 0 { delay(work, task, &cause) } else { 0 };
    if delay == 0 {
        return admit::admit(work, id, task, cause, None);
    }
    let Some(new) = wait(work, id, cause, Phase::Delayed) else { return Admitted::No };
    let at = work.now.0.saturating_add(delay);
    work.state.timers.set(Timer::Delay(new), at);
    Admitted::Yes
}

/// Adds a waiting instance, unless there are too many.
fn wait(work: &mut Work<'_, '_>, id: TaskId, cause: Cause, phase: Phase) -> Option<Uuid> {
    if work.state.instances.len() >= limits::RUNNING_INSTANCES {
        let path = work.path(id);
        let current_quota = u32::try_from(limits::RUNNING_INSTANCES).unwrap_or(u32::MAX);
        let task_name = path.to_string();
        work.log(&path, None, Event::TaskNotStartedTaskQueueQuotaExceeded { task_name, current_quota });
        work.set_refused(id, HResult::SCHED_E_SERVICE_TOO_BUSY);
        return None;
    }
    let new = cause.instance.unwrap_or_else(|| work.state.random.uuid());
    admit::add(work, id, new, cause, phase);
    Some(new)
}

/// The delay of a start in ticks: the trigger's delay, or a random part of its random delay.
fn delay(work: &mut Work<'_, '_>, task: &Task, cause: &Cause) -> i64 {
    let by_trigger = !matches!(cause.kind, CauseKind::Demand | CauseKind::Missed | CauseKind::Maintenance);
    let trigger = cause.trigger.filter(|_| by_trigger);
    let Some(trigger) = trigger.and_then(|trigger| task.triggers.get(trigger as usize)) else { return 0 };
    let fixed = |delay: &Option<XsDuration>| delay.as_ref().map_or(0, ticks);
    match &trigger.kind {
        TriggerKind::Boot { delay }
        | TriggerKind::Registration { delay }
        | TriggerKind::Logon { delay, .. } => fixed(delay),
        TriggerKind::Event(event) => fixed(&event.delay),
        TriggerKind::SessionStateChange(change) => fixed(&change.delay),
        TriggerKind::WnfStateChange(change) => fixed(&change.delay),
        TriggerKind::Time { random_delay } | TriggerKind::Calendar { random_delay, .. } => {
            let most = u64::try_from(fixed(random_delay) / SECOND).unwrap_or(0);
            if most == 0 {
                return 0;
            }
            i64::try_from(work.state.random.up_to(most)).unwrap_or(0).saturating_mul(SECOND)
        }
        TriggerKind::Idle | TriggerKind::Unknown(_) => 0,
    }
}

/// Handles an unmet condition: the task waits for idleness, is retried, or is not started.
pub(in super::super) fn not_now(
    work: &mut Work<'_, '_>,
    id: TaskId,
    task: &Task,
    cause: Cause,
    unmet: Unmet,
) -> Admitted {
    // According to the text, each firing waits separately; without a time limit, one waiting instance is enough.
    let one_waits = work.is_windows() && work.state.instances.of(id).any(|it| it.phase == Phase::AwaitsIdle);
    let waits = cause.kind != CauseKind::Demand && !one_waits;
    let at = match unmet {
        Unmet::NotIdle { until } => Some(until),
        Unmet::NotIdleLong { at, until } => Some(at.min(until)),
        Unmet::Battery | Unmet::Network | Unmet::RemoteApp => None,
    };
    if let Some(at) = at.filter(|at| waits && *at > work.now.0) {
        let Some(new) = wait(work, id, cause, Phase::AwaitsIdle) else { return Admitted::No };
        if at != i64::MAX {
            work.state.timers.set(Timer::Idle(new), at);
        }
        return Admitted::Yes;
    }
    refuse(work, id, task, cause, unmet);
    Admitted::No
}

/// Handles a task that is not started because of an unmet condition.
fn refuse(work: &mut Work<'_, '_>, id: TaskId, task: &Task, cause: Cause, unmet: Unmet) {
    let path = work.path(id);
    let task_name = path.to_string();
    let event = match unmet {
        Unmet::Battery => Event::NoStartOnBatteries { task_name },
        Unmet::Network => Event::JobNoStartWithoutNetwork { task_name },
        Unmet::NotIdle { .. } | Unmet::NotIdleLong { .. } => Event::NotStartedWithoutIdle { task_name },
        Unmet::RemoteApp => Event::NoStartInRemoteAppSession { task_name },
    };
    work.log(&path, None, event);
    let user_context = account::shown(work.state, work.context, id, task);
    report::start_failed(work, &path, user_context, HResult::SCHED_E_TASK_ATTEMPTED);
    if work.is_windows() {
        // The run is lost (EVIDENCE.md ENGINE-05); only a failed start is retried.
        work.set_refused(id, win32(Win32Error::REQUEST_REFUSED));
    } else {
        retry(work, id, task, cause, HResult::SCHED_E_TASK_ATTEMPTED);
    }
}

/// Retries a failed start after RestartOnFailure's interval, up to its count ([MS-TSCH] 2.5.4.2).
pub(in super::super) fn retry(
    work: &mut Work<'_, '_>,
    id: TaskId,
    task: &Task,
    mut cause: Cause,
    error: HResult,
) {
    let Some(restart) = &task.settings.restart_on_failure else { return };
    if cause.failures >= restart.count {
        return;
    }
    cause.failures += 1;
    cause.failure = error;
    cause.instance = None;
    let at = work.now.0.saturating_add(ticks(&restart.interval));
    if let Some(other) = work.state.retries.get(&id)
        && !cause.members.is_empty()
    {
        // The starts for several members have failed; they are retried together.
        cause.members.extend(other.members.iter().copied());
    }
    work.state.retries.insert(id, cause);
    work.state.timers.set(Timer::Retry(id), at);
}

/// Retries a failed start.
pub(in super::super) fn retried(work: &mut Work<'_, '_>, id: TaskId) {
    let Some(cause) = work.state.retries.remove(&id) else { return };
    let Some(task) = work.task(id) else { return };
    if condition::may_still(work, id, &task, &cause) {
        let path = work.path(id);
        let (task_name, result_code) = (path.to_string(), cause.failure.0);
        work.log(&path, None, Event::FailedTaskRestart { task_name, result_code });
        start(work, id, &task, cause);
    }
}

/// Continues after the delay of a trigger.
pub(in super::super) fn delayed(work: &mut Work<'_, '_>, instance: Uuid) {
    let Some(waiting) = work.state.instances.get(instance).cloned() else { return };
    let Some(task) = work.task(waiting.task) else { return };
    if condition::may_still(work, waiting.task, &task, &waiting.cause) {
        admit_waiting(work, &task, waiting);
    } else {
        stop::forget(work, instance);
    }
}

/// Starts an instance that has waited, in a session in which it is allowed.
fn admit_waiting(work: &mut Work<'_, '_>, task: &Task, waiting: Instance) {
    let Instance { id: instance, task: id, cause, .. } = waiting;
    match condition::session(work, id, task, &cause) {
        Some(unmet) => {
            stop::forget(work, instance);
            refuse(work, id, task, cause, unmet);
        }
        None => {
            admit::admit(work, id, task, cause, Some(instance));
        }
    }
}

/// Checks again whether the machine is idle, for a waiting instance.
pub(in super::super) fn look_for_idle(work: &mut Work<'_, '_>, instance: Uuid) {
    let Some(waiting) = work.state.instances.get(instance).cloned() else { return };
    let Some(task) = work.task(waiting.task) else { return };
    let at = match condition::idle(&task.settings, work, waiting.since) {
        None if condition::may_still(work, waiting.task, &task, &waiting.cause) => {
            admit_waiting(work, &task, waiting);
            return;
        }
        None => {
            stop::forget(work, instance);
            return;
        }
        Some(Unmet::NotIdleLong { at, until }) if at <= until => at,
        Some(Unmet::NotIdle { until } | Unmet::NotIdleLong { until, .. }) => until,
        Some(Unmet::Battery | Unmet::Network | Unmet::RemoteApp) => return,
    };
    if at <= work.now.0 {
        stop::forget(work, instance);
        refuse(work, waiting.task, &task, waiting.cause, Unmet::NotIdle { until: at });
    } else if at == i64::MAX {
        work.state.timers.clear(Timer::Idle(instance));
    } else {
        work.state.timers.set(Timer::Idle(instance), at);
    }
}

/// Whether a task is stopped when idleness ends; the profile decides if it did not require idleness.
pub(in super::super) fn stops_on_idle_end(task: &Task, cause: &Cause, profile: Profile) -> bool {
    let idle = task.settings.effective_idle(profile);
    let concerned = task.effective(profile).run_only_if_idle.value
        || (profile == Profile::Windows && cause.kind == CauseKind::Idle);
    concerned && idle.stop_on_idle_end.value
}
