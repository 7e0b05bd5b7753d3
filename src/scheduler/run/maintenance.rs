//! Automatic maintenance ([MS-TSCH] 2.5.4.15; EVIDENCE.md ENGINE-25).
//!
//! A maintenance task needs no trigger. It runs while the machine is idle and on mains power, in the maintenance
//! window, or at any time once its deadline has passed. It is stopped when the machine is used, and continues
//! afterwards.

use super::{fire, stop};
use crate::{
    definition::MaintenanceSettings,
    scheduler::{
        instance::{Cause, CauseKind, Instance, StopReason},
        store::entry::{TaskId, Traits},
        work::{SECOND, Work, ticks},
    },
};

/// The length of the maintenance window.
const WINDOW: i64 = 3600 * SECOND;

/// Starts the maintenance window.
pub(in super::super) fn begins(work: &mut Work<'_, '_>) {
    work.state.maintenance_until = work.now.0.saturating_add(WINDOW);
    let tasks: Vec<_> = work.state.listeners.maintenance.iter().copied().collect();
    for id in tasks {
        if let Some(settings) = settings(work, id)
            && is_due(work, id, &settings)
            && !work.state.instances.of(id).any(Instance::is_running)
        {
            work.state.maintain.insert(id);
        }
    }
    run(work);
}

/// Starts the due maintenance tasks, if the machine is idle and on mains power.
pub(in super::super) fn run(work: &mut Work<'_, '_>) {
    if is_time(work) {
        late(work);
        go_on(work, |_| true);
    }
}

/// Whether maintenance does not disturb anyone.
fn is_time(work: &Work<'_, '_>) -> bool {
    work.context.machine.idle_since.is_some() && !work.context.machine.on_battery
}

/// Starts tasks that are due; exclusive ones one by one, after the others.
fn go_on(work: &mut Work<'_, '_>, may: impl Fn(&MaintenanceSettings) -> bool) {
    if is_exclusive_running(work) {
        return;
    }
    let in_window = work.now.0 <= work.state.maintenance_until;
    let pending: Vec<_> = work.state.maintain.iter().copied().collect();
    let mut exclusive = Vec::new();
    for id in pending {
        let Some(settings) = settings(work, id) else {
            work.state.maintain.remove(&id);
            continue;
        };
        if !may(&settings) {
            continue;
        }
        if !in_window && !work.state.interrupted.contains(&id) && !is_late(work, id, &settings) {
            continue;
        }
        if is_exclusive(work, &settings) {
            exclusive.push(id);
        } else {
            start(work, id);
        }
    }
    for id in exclusive {
        let busy = work.state.instances.all().iter().any(|other| other.cause.kind == CauseKind::Maintenance);
        if busy {
            return;
        }
        start(work, id);
    }
}

/// Marks tasks as due whose deadline has passed, even if the machine was off in every maintenance window.
fn late(work: &mut Work<'_, '_>) {
    let tasks: Vec<_> = work.state.listeners.maintenance.iter().copied().collect();
    for id in tasks.into_iter().filter(|id| !work.state.maintain.contains(id)).collect::<Vec<_>>() {
        let late = settings(work, id).is_some_and(|settings| is_late(work, id, &settings));
        if late && !work.state.instances.of(id).any(Instance::is_running) {
            work.state.maintain.insert(id);
        }
    }
}

/// Whether an exclusive maintenance task is running.
fn is_exclusive_running(work: &Work<'_, '_>) -> bool {
    let instances = work.state.instances.all();
    let mut maintaining = instances.iter().filter(|it| it.cause.kind == CauseKind::Maintenance);
    maintaining.any(|it| settings_of(work, it.task).is_some_and(|settings| is_exclusive(work, &settings)))
}

/// Whether a task runs alone; according to the text it is independent of other tasks.
fn is_exclusive(work: &Work<'_, '_>, settings: &MaintenanceSettings) -> bool {
    work.is_windows() && settings.exclusive == Some(true)
}

fn start(work: &mut Work<'_, '_>, id: TaskId) {
    work.state.maintain.remove(&id);
    work.state.interrupted.remove(&id);
    fire::fire(work, id, Cause::new(CauseKind::Maintenance, None));
}

/// Stops maintenance when the machine is used or loses mains power; it continues when the machine is idle.
pub(in super::super) fn interrupt(work: &mut Work<'_, '_>, on_battery: bool) {
    let profile = work.state.options.profile;
    let running = work.state.instances.all().into_iter();
    let running: Vec<_> = running
        .filter(|it| it.cause.kind == CauseKind::Maintenance && it.stopping.is_none())
        .cloned()
        .collect();
    for instance in running {
        if instance.deleted.is_none() {
            work.state.maintain.insert(instance.task);
            work.state.interrupted.insert(instance.task);
        }
        let task = work.task_of(&instance);
        let stops = task.is_some_and(|task| task.effective(profile).stop_if_going_on_batteries.value);
        let reason = if on_battery && stops { StopReason::Battery } else { StopReason::MaintenanceEnd };
        stop::stop(work, instance.id, reason);
    }
}

/// Called when an instance has ended, since exclusive tasks may be waiting for it, and all others if it is exclusive.
pub(in super::super) fn ended(work: &mut Work<'_, '_>, instance: &Instance) {
    if instance.cause.kind == CauseKind::Maintenance && is_time(work) {
        let all = settings_of(work, instance.task).is_some_and(|settings| is_exclusive(work, &settings));
        go_on(work, |settings| all || settings.exclusive == Some(true));
    }
}

/// The maintenance settings of a task.
fn settings_of(work: &Work<'_, '_>, id: TaskId) -> Option<MaintenanceSettings> {
    work.task(id)?.settings.maintenance_settings.map(|settings| *settings)
}

/// The maintenance settings of a task that can run.
fn settings(work: &Work<'_, '_>, id: TaskId) -> Option<MaintenanceSettings> {
    let enabled = work.entry(id)?.traits.has(Traits::ENABLED);
    settings_of(work, id).filter(|_| enabled)
}

/// Whether a task's last run ended longer ago than its period.
fn is_due(work: &Work<'_, '_>, id: TaskId, settings: &MaintenanceSettings) -> bool {
    work.entry(id).is_some_and(|entry| {
        entry.last_end.is_none_or(|end| work.now.0.saturating_sub(end.0) > ticks(&settings.period))
    })
}

/// Whether a task's deadline has passed since its last run ended, or since it was registered.
fn is_late(work: &Work<'_, '_>, id: TaskId, settings: &MaintenanceSettings) -> bool {
    let Some(deadline) = &settings.deadline else { return false };
    let end = work.entry(id).and_then(|entry| entry.last_end).map(|end| end.0);
    let since = end.or(work.state.maintained_since.get(&id).copied());
    // According to the text it is enough that the period was missed.
    let most = if work.is_windows() { deadline } else { &settings.period };
    since.is_some_and(|since| work.now.0.saturating_sub(since) >= ticks(most))
}
