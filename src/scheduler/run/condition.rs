//! The conditions for starting a task ([MS-TSCH] 2.5.4, 3.2.5.4.2).

use super::account;
use crate::{
    Profile,
    definition::{Settings, Task, Trigger},
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    scheduler::{
        context::Machine,
        instance::Cause,
        store::entry::{TaskId, Traits},
        work::{Work, ticks},
    },
    time::Ticks,
};

/// A condition that prevents a task from starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Unmet {
    Battery,
    Network,
    /// The machine is not idle; the task may wait for that until this instant.
    NotIdle {
        until: i64,
    },
    /// The machine is idle, but not for long enough; it will be at this instant.
    NotIdleLong {
        at: i64,
        until: i64,
    },
    /// The only sessions are RemoteApp sessions, where the task must not start.
    RemoteApp,
}

/// The first unmet condition of a start.
pub(in super::super) fn unmet(work: &Work<'_, '_>, id: TaskId, task: &Task, cause: &Cause) -> Option<Unmet> {
    let profile = work.state.options.profile;
    let machine = work.context.machine;
    let settings = task.effective(profile);
    if settings.disallow_start_if_on_batteries.value && machine.on_battery {
        return Some(Unmet::Battery);
    }
    if settings.run_only_if_network_available.value && !is_connected(&task.settings, machine) {
        return Some(Unmet::Network);
    }
    if settings.run_only_if_idle.value
        && let Some(unmet) = idle(&task.settings, work, work.now)
    {
        return Some(unmet);
    }
    session(work, id, task, cause)
}

/// Whether a start has no session in which it is allowed. This is asked again after a delay, since the session is
/// chosen when the task starts.
pub(in super::super) fn session(
    work: &Work<'_, '_>,
    id: TaskId,
    task: &Task,
    cause: &Cause,
) -> Option<Unmet> {
    let unmet =
        !cause.ignore_conditions && account::only_in_remote_apps(work.state, work.context, id, task, cause);
    unmet.then_some(Unmet::RemoteApp)
}

/// Whether the network required by a task is connected; any network, if it names none.
fn is_connected(settings: &Settings, machine: &Machine) -> bool {
    if !machine.network {
        return false;
    }
    let Some(wanted) = &settings.network_settings else { return true };
    match (&wanted.id, &wanted.name) {
        (Some(id), _) => machine.networks.iter().any(|network| network.id == Some(*id)),
        (None, Some(name)) => machine.networks.iter().any(|network| network.name.eq_ignore_ascii_case(name)),
        (None, None) => true,
    }
}

/// Whether the machine is idle as required by a task that has been waiting since an instant.
///
/// Windows no longer uses Duration and WaitTimeout: any idleness is sufficient, and a task waits indefinitely
/// (EVIDENCE.md ENGINE-12).
pub(in super::super) fn idle(settings: &Settings, work: &Work<'_, '_>, since: Ticks) -> Option<Unmet> {
    let profile = work.state.options.profile;
    let (duration, until) = if profile == Profile::Windows {
        (0, i64::MAX)
    } else {
        let settings = settings.effective_idle(profile);
        let wait = settings.wait_timeout.value.as_ref().map_or(i64::MAX, ticks);
        (ticks(&settings.duration.value), since.0.saturating_add(wait))
    };
    let Some(idle_since) = work.context.machine.idle_since else { return Some(Unmet::NotIdle { until }) };
    let at = Ticks::from_instant(idle_since).0.saturating_add(duration);
    (at > work.now.0).then_some(Unmet::NotIdleLong { at, until })
}

/// Whether a task is enabled.
pub(in super::super) fn is_enabled(work: &Work<'_, '_>, id: TaskId) -> bool {
    work.entry(id).is_some_and(|entry| entry.traits.has(Traits::ENABLED))
}

/// Whether a trigger can start its task now.
pub(in super::super) fn may_fire(work: &mut Work<'_, '_>, id: TaskId, trigger: &Trigger) -> bool {
    if !is_enabled(work, id) || trigger.enabled == Some(false) {
        return false;
    }
    let at = |boundary: &Option<_>| boundary.as_ref().and_then(|boundary| work.instant(boundary));
    if at(&trigger.start_boundary).is_some_and(|start| work.now < start) {
        return false;
    }
    if at(&trigger.end_boundary).is_some_and(|end| work.now > end) {
        let path = work.path(id);
        work.log(&path, None, Event::IgnoredTaskStart { task_name: path.to_string() });
        return false;
    }
    true
}

/// Whether a task that has waited can start, unless it was disabled or its trigger has ended meanwhile.
pub(in super::super) fn may_still(work: &mut Work<'_, '_>, id: TaskId, task: &Task, cause: &Cause) -> bool {
    let trigger = cause.trigger.and_then(|number| task.triggers.get(number as usize));
    is_enabled(work, id) && trigger.is_none_or(|trigger| may_fire(work, id, trigger))
}
