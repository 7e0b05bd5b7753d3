//! Machine events: each is a function from the state to a step ([MS-TSCH] 3.2.4, 3.2.6).

use super::{
    context::{Context, Session},
    effect::{Effect, FailedEffect, Step, StoreKind},
    instance::{Cause, CauseKind, Phase, StopReason},
    listeners::{TriggerId, UserEvent},
    run::{admit::Admitted, expiry, fire, maintenance, missed, outcome, stop},
    state::{Seen, State},
    store::entry::{NEVER, TaskId, Traits},
    timer::Timer,
    twin, v1,
    work::Work,
};
use crate::{
    definition::{SessionStateChange, Task, TriggerKind},
    dtyp::HResult,
    eventlog::{Event as LoggedEvent, ValueQueries, task_scheduler::TaskSchedulerEvent},
    finding::FindingKind,
    parameters::Parameters,
    time::Ticks,
};
use std::collections::BTreeSet;
use time::OffsetDateTime;
use uuid::Uuid;

/// An event of the machine, or a report by the host about an effect.
///
/// The context must describe the machine after the event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The time returned by [`State::next_wakeup`] has come.
    Timer,
    /// The service has started with the machine, or after a crash; the state of earlier instances is unknown.
    Boot {
        /// When the machine was turned off, if known. Nothing due before then was missed, because the scheduler was
        /// running, even if the loaded state is older.
        off_since: Option<OffsetDateTime>,
    },
    /// The machine is about to sleep.
    Sleep,
    /// The machine has woken up.
    Wake,
    /// The machine has become idle.
    Idle,
    /// The machine is in use again.
    Busy,
    /// The power source has changed.
    Power,
    /// A network was connected or disconnected.
    Network,
    /// A user has logged on in this session.
    Logon(Session),
    /// A session has ended.
    Logoff {
        /// The session id.
        session: u32,
    },
    /// A session has changed.
    Session {
        /// The new state of the session.
        session: Session,
        /// What has changed.
        change: SessionStateChange,
    },
    /// An event was logged.
    Logged(Box<LoggedEvent>),
    /// The automatic maintenance window begins.
    Maintenance,
    /// The clock or the time zone was changed.
    Clock,
    /// The action of an instance has started.
    Started {
        /// The instance.
        instance: Uuid,
        /// The process.
        pid: u32,
    },
    /// The action of an instance could not be started.
    StartFailed {
        /// The instance.
        instance: Uuid,
        /// The reason.
        error: HResult,
    },
    /// The action of an instance has ended.
    Exited {
        /// The instance.
        instance: Uuid,
        /// Its exit code.
        code: u32,
    },
    /// A file has appeared in the .JOB task store ([MS-TSCH] 3.2.5.3.1).
    JobFileAdded {
        /// Its name.
        name: String,
        /// Its content.
        content: Vec<u8>,
        /// The account that created it.
        owner: Option<String>,
    },
    /// The content of a file in the .JOB task store has changed ([MS-TSCH] 3.2.5.3.3).
    JobFileChanged {
        /// Its name.
        name: String,
        /// Its content.
        content: Vec<u8>,
        /// The account that created it.
        owner: Option<String>,
    },
    /// A file was removed from the .JOB task store ([MS-TSCH] 3.2.5.3.2).
    JobFileRemoved {
        /// Its name.
        name: String,
    },
    /// An effect could not be carried out.
    Failed {
        /// The effect.
        effect: FailedEffect,
        /// The reason.
        error: HResult,
    },
}

/// The reason why an event was ignored: it contradicts what the scheduler knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Ignored {
    /// No instance has this GUID, or the instance is not waiting for this event.
    #[error("unexpected report of instance {0}")]
    Instance(Uuid),
    /// The .JOB task store has no task with this name.
    #[error("{0} is not the file of a task")]
    File(String),
    /// The machine was already in this state.
    #[error("the machine is {0} already")]
    Unchanged(&'static str),
}

impl FindingKind for Ignored {
    fn code(&self) -> &'static str {
        match self {
            Self::Instance(_) => "scheduler.unexpected_report",
            Self::File(_) => "scheduler.unknown_file",
            Self::Unchanged(_) => "scheduler.no_change",
        }
    }
}

impl State {
    /// Processes an event. If it was ignored, the reply has the reason.
    ///
    /// ```
    /// use time::{UtcOffset, macros::datetime};
    /// use wintask::scheduler::{Context, Event, Machine, NoAccounts, Options, State};
    ///
    /// let mut state = State::new(Options::default(), 1);
    /// let machine = Machine::default();
    /// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
    /// let step = state.event(&context, Event::Boot { off_since: None });
    /// assert_eq!(step.reply, None);
    /// assert_eq!(step.effects.len(), 2); // events 400 and 700 of the log
    /// ```
    pub fn event(&mut self, context: &Context<'_>, event: Event) -> Step<Option<Ignored>> {
        let mut work = Work::new(self, context);
        let reply = work.event(event);
        work.finish(reply)
    }
}

impl State {
    /// Resumes a saved state: requests from the host again what it provides for the scheduler.
    ///
    /// Nothing else changes, so saving and loading a scheduler makes no difference. After a crash, when the state of
    /// instances is unknown, [`Event::Boot`] must follow.
    pub fn resume(&mut self, context: &Context<'_>) -> Step {
        let mut work = Work::new(self, context);
        let tasks: Vec<_> = work.state.tree.task_ids().collect();
        for id in tasks {
            super::change::subscribe(&mut work, id);
        }
        work.finish(())
    }
}

impl Work<'_, '_> {
    fn event(&mut self, event: Event) -> Option<Ignored> {
        if let Some(unchanged) = self.see(&event) {
            return Some(Ignored::Unchanged(unchanged));
        }
        match event {
            Event::Timer => timer(self),
            Event::Boot { off_since } => boot(self, off_since),
            Event::Sleep => sleep(self),
            Event::Wake => wake(self),
            Event::Idle => idle(self),
            Event::Busy => busy(self),
            Event::Power => power(self),
            // Networks and logged-on users matter only when a task starts.
            Event::Network | Event::Logoff { .. } => {}
            Event::Logon(session) => of_user(self, UserEvent::Logon, &session),
            Event::Session { session, change } => of_user(self, UserEvent::Session(change), &session),
            Event::Logged(event) => logged(self, &event),
            Event::Maintenance => maintenance::begins(self),
            Event::Clock => clock(self),
            Event::Started { instance, pid } => {
                return known(outcome::started(self, instance, pid), instance);
            }
            Event::StartFailed { instance, error } => {
                return known(outcome::start_failed(self, instance, error), instance);
            }
            Event::Exited { instance, code } => {
                return known(outcome::exited(self, instance, code), instance);
            }
            Event::JobFileAdded { name, content, owner } | Event::JobFileChanged { name, content, owner } => {
                let known = v1::file_added(self, &name, content, owner);
                return (!known).then_some(Ignored::File(name));
            }
            Event::JobFileRemoved { name } => {
                let known = v1::file_removed(self, &name);
                return (!known).then_some(Ignored::File(name));
            }
            Event::Failed { effect, error } => return failed(self, effect, error),
        }
        None
    }
}

impl Work<'_, '_> {
    /// Records what an event reports about the machine. Returns a word for it if it was already known.
    fn see(&mut self, event: &Event) -> Option<&'static str> {
        let on_battery = self.context.machine.on_battery;
        let seen = &mut self.state.seen;
        let (known, new, word) = match event {
            Event::Idle => (&mut seen.idle, true, "idle"),
            Event::Busy => (&mut seen.idle, false, "in use"),
            Event::Power if on_battery => (&mut seen.on_battery, true, "on batteries"),
            Event::Power => (&mut seen.on_battery, false, "on mains power"),
            Event::Sleep => return self.state.asleep_since.is_some().then_some("asleep"),
            _ => return None,
        };
        (known.replace(new) == Some(new)).then_some(word)
    }
}

fn known(is_known: bool, instance: Uuid) -> Option<Ignored> {
    (!is_known).then_some(Ignored::Instance(instance))
}

/// Runs everything that is due, in chronological order (3.2.6).
fn timer(work: &mut Work<'_, '_>) {
    // No timer fires while the machine sleeps.
    if work.state.asleep_since.is_some() {
        return;
    }
    loop {
        let run = work.state.first_due();
        let timer = next_timer(work);
        let comes_first = |at: i64, timer: Timer| match run {
            Some((run, _)) if matches!(timer, Timer::Expiry(_)) => at < run,
            Some((run, _)) => at <= run,
            None => true,
        };
        match (run, timer) {
            (_, Some((at, timer))) if at <= work.now.0 && comes_first(at, timer) => fires(work, timer),
            (Some((at, id)), _) if at <= work.now.0 => missed::due(work, at, id),
            _ => return,
        }
    }
}

/// The next timer to fire. If the delays of several instances end at the same instant, the oldest comes first.
fn next_timer(work: &Work<'_, '_>) -> Option<(i64, Timer)> {
    let (at, first) = work.state.timers.next()?;
    if !matches!(first, Timer::Delay(_)) {
        return Some((at, first));
    }
    let serial = |timer: &Timer| match timer {
        Timer::Delay(instance) => work.state.instances.get(*instance).map(|instance| instance.serial),
        _ => None,
    };
    let delays = work.state.timers.at(at).filter(|timer| matches!(timer, Timer::Delay(_)));
    delays.min_by_key(serial).map(|timer| (at, timer))
}

/// Fires a timer, which is cleared or set again.
fn fires(work: &mut Work<'_, '_>, timer: Timer) {
    if !matches!(timer, Timer::Repeat(..) | Timer::Idle(_)) {
        work.state.timers.clear(timer);
    }
    match timer {
        Timer::Kill(instance) => stop::kill(work, instance),
        Timer::Limit(instance) => stop::stop(work, instance, StopReason::Limit),
        Timer::DurationEnd(task, ..) => {
            stop::stop_all(work, task, StopReason::DurationEnd);
        }
        Timer::Expiry(task) => expiry::expired(work, task),
        Timer::Delay(instance) => fire::delayed(work, instance),
        Timer::Idle(instance) => fire::look_for_idle(work, instance),
        Timer::Retry(task) => fire::retried(work, task),
        Timer::Missed(task) => missed::caught_up(work, task),
        Timer::Repeat(series) => fire::repeated(work, series),
    }
}

/// Startup (3.2.4.3): boot triggers, logon triggers of logged-on users, then missed runs.
fn boot(work: &mut Work<'_, '_>, off_since: Option<OffsetDateTime>) {
    let asleep_since = work.state.asleep_since.take();
    work.state.seen = Seen::default();
    let ran = outcome::forget_all(work);
    ran.into_iter().for_each(|id| twin::update(work, id));
    // Only the store survives; pending delays and event counts are lost (EVIDENCE.md ENGINE-28).
    work.state.timers.lapse();
    work.state.repeats.clear();
    work.state.retries.clear();
    work.state.restart_when_idle.clear();
    work.state.maintain.clear();
    work.state.interrupted.clear();
    work.state.listeners.reset_counters();
    work.log_general(TaskSchedulerEvent::ScheduleServiceStart {});
    work.log_general(TaskSchedulerEvent::CompatStart {});
    let volatile: Vec<_> = work.state.listeners.volatile.iter().copied().collect();
    for id in volatile {
        if work.entry(id).is_some_and(|entry| entry.traits.has(Traits::ENABLED)) {
            super::change::enable(work, id, false);
        }
    }
    let boot: Vec<_> = work.state.listeners.boot.iter().copied().collect();
    for id in boot {
        fire_all(work, id, CauseKind::Boot, |kind| matches!(kind, TriggerKind::Boot { .. }));
    }
    logged_on(work);
    missed::postpone(work);
    let off_since = off_since.map(Ticks::from_instant).filter(|since| *since <= work.now);
    // A machine that went off during sleep has missed what was due since then.
    let off_since = off_since.map(|off| asleep_since.map_or(off, |asleep| off.min(asleep)));
    // The clock or the zone may have changed meanwhile; missed runs are those due by the current clock.
    if let Some(clockwork) = work.state.clockwork.filter(|known| !known.holds(work.context.zone, work.now)) {
        let off_since = off_since.map_or(clockwork.latest(), |since| Ticks(since.0.saturating_sub(1)));
        due_anew(work, off_since.min(Ticks(work.now.0.saturating_sub(1))));
    }
    missed::overdue(work, off_since, false);
}

/// Recomputes by the current clock when tasks are due after this instant, and when they expire.
fn due_anew(work: &mut Work<'_, '_>, after: Ticks) {
    work.state.clockwork = None;
    let tasks: Vec<_> = work.state.tree.task_ids().collect();
    for id in tasks {
        work.arm(id, after);
        if let Some(task) = work.entry(id).filter(|entry| entry.expires()).map(|entry| entry.task()) {
            super::change::arm_expiry(work, id, &task);
        }
    }
}

/// Fires logon triggers for users who are already logged on: once for each user, and once for a group, since the task
/// starts for all of its members.
fn logged_on(work: &mut Work<'_, '_>) {
    let (mut users, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for session in &work.context.machine.sessions {
        if !users.insert(session.sid) {
            continue;
        }
        // The active session, as for other starts.
        let Some(session) = work.context.machine.sessions_of(&session.sid).first().copied() else { continue };
        for (id, number) in work.state.listeners.of_user(UserEvent::Logon, &session.sid) {
            let of_group = |task: Task| task.run_as().is_some_and(|principal| principal.group_id.is_some());
            if concerns_group(work, (id, number), session)
                && (!work.task(id).is_some_and(of_group) || groups.insert((id, number)))
            {
                user_fires(work, (id, number), UserEvent::Logon, session);
            }
        }
    }
}

/// Prepares for sleep (3.2.4.5).
fn sleep(work: &mut Work<'_, '_>) {
    work.state.asleep_since = Some(work.now);
    let wakes = |id| {
        let traits = work.entry(id).map(|entry| entry.traits);
        traits.is_some_and(|traits| traits.has(Traits::WAKE) && traits.has(Traits::ENABLED))
    };
    let runs = work.state.listeners.wake.iter();
    let runs = runs.filter_map(|id| work.entry(*id)).map(|entry| entry.due).filter(|at| *at != NEVER);
    let starts = work.state.timers.iter().filter(|(timer, _)| starting(work, *timer).is_some_and(wakes));
    if let Some(at) = runs.chain(starts.map(|(_, at)| at)).min() {
        work.effect(Effect::Wake { at: Ticks(at).nearest_civil().assume_utc() });
    }
}

/// The task that a timer starts, if it starts one.
fn starting(work: &Work<'_, '_>, timer: Timer) -> Option<TaskId> {
    match timer {
        Timer::Delay(instance) => work.state.instances.get(instance).map(|instance| instance.task),
        Timer::Retry(task) | Timer::Missed(task) | Timer::Repeat((task, ..)) => Some(task),
        Timer::Kill(_) | Timer::Limit(_) | Timer::DurationEnd(..) | Timer::Idle(_) | Timer::Expiry(_) => None,
    }
}

/// Handles wake-up (3.2.4.6).
fn wake(work: &mut Work<'_, '_>) {
    work.state.asleep_since = None;
    // Repetitions that ended during sleep do not stop what starts now.
    let ended: Vec<_> = work.state.timers.ended(work.now.0).collect();
    ended.into_iter().for_each(|timer| fires(work, timer));
    missed::overdue(work, None, true);
    let due = work.state.first_due().filter(|(at, _)| *at <= work.now.0);
    let wakes = |id| work.entry(id).is_some_and(|entry| entry.traits.has(Traits::WAKE));
    if due.is_some_and(|(_, id)| wakes(id)) {
        work.log_general(TaskSchedulerEvent::TaskStartedOnComputerWakeup {});
    }
    fire::skip_repetitions(work);
    timer(work);
}

/// Handles the start of idleness (3.2.4.2).
fn idle(work: &mut Work<'_, '_>) {
    let waiting = work.state.instances.all().into_iter().filter(|it| it.phase == Phase::AwaitsIdle);
    let waiting: Vec<_> = waiting.map(|instance| instance.id).collect();
    for instance in waiting {
        fire::look_for_idle(work, instance);
    }
    let tasks: Vec<_> = work.state.listeners.idle.iter().copied().collect();
    let mut started = BTreeSet::new();
    for id in tasks {
        if fire_all(work, id, CauseKind::Idle, |kind| matches!(kind, TriggerKind::Idle)) {
            started.insert(id);
        }
    }
    // A task that was started again by its trigger need not be restarted.
    for id in std::mem::take(&mut work.state.restart_when_idle).difference(&started) {
        fire::fire(work, *id, Cause::new(CauseKind::Idle, None));
    }
    maintenance::run(work);
}

/// Handles the end of idleness.
fn busy(work: &mut Work<'_, '_>) {
    let waiting = work.state.instances.all().into_iter().filter(|it| it.phase == Phase::AwaitsIdle);
    let waiting: Vec<_> = waiting.map(|instance| instance.id).collect();
    for instance in waiting {
        fire::look_for_idle(work, instance);
    }
    maintenance::interrupt(work, false);
    let profile = work.state.options.profile;
    stop_running(work, StopReason::IdleEnd, |task, cause| fire::stops_on_idle_end(task, cause, profile));
}

/// Handles a change of the power source.
fn power(work: &mut Work<'_, '_>) {
    let profile = work.state.options.profile;
    if work.context.machine.on_battery {
        maintenance::interrupt(work, true);
        stop_running(work, StopReason::Battery, |task, _| {
            task.effective(profile).stop_if_going_on_batteries.value
        });
    } else {
        maintenance::run(work);
    }
}

/// Stops the running instances of tasks selected by `stops`.
fn stop_running(work: &mut Work<'_, '_>, reason: StopReason, stops: impl Fn(&Task, &Cause) -> bool) {
    let running: Vec<_> =
        work.state.instances.all().into_iter().filter(|instance| instance.is_running()).cloned().collect();
    for instance in running {
        if work.task_of(&instance).is_some_and(|task| stops(&task, &instance.cause)) {
            stop::stop(work, instance.id, reason);
        }
    }
}

/// Fires all triggers of a task that match. Returns whether the task has a new instance.
fn fire_all(work: &mut Work<'_, '_>, id: TaskId, cause: CauseKind, is: fn(&TriggerKind) -> bool) -> bool {
    let Some(task) = work.task(id) else { return false };
    let mut admitted = false;
    for (number, trigger) in (0..).zip(&task.triggers) {
        if is(&trigger.kind) {
            admitted |= fire::fire(work, id, Cause::new(cause, Some(number))) == Admitted::Yes;
        }
    }
    admitted
}

/// Handles a logon or a session change (3.2.4.4).
fn of_user(work: &mut Work<'_, '_>, event: UserEvent, session: &Session) {
    for (id, number) in work.state.listeners.of_user(event, &session.sid) {
        if concerns_group(work, (id, number), session) {
            user_fires(work, (id, number), event, session);
        }
    }
}

fn user_fires(work: &mut Work<'_, '_>, (id, number): TriggerId, event: UserEvent, session: &Session) {
    let mut cause = Cause::new(event.cause(), Some(number));
    cause.subject = Some((session.sid, session.user.clone()));
    cause.subject_session = Some(session.id);
    fire::fire(work, id, cause);
}

/// Whether a trigger without a user applies to this one: a task of a group runs for its members (EVIDENCE.md
/// ENGINE-22).
fn concerns_group(work: &Work<'_, '_>, trigger: TriggerId, session: &Session) -> bool {
    if work.state.users.contains_key(&trigger) {
        return true;
    }
    let Some(task) = work.task(trigger.0) else { return false };
    let Some(group) = task.run_as().and_then(|principal| principal.group_id.as_deref()) else { return true };
    super::run::account::resolve_in(work.state, work.context, trigger.0, group)
        .is_some_and(|group| session.is(&group))
}

/// Handles a logged event (3.2.4.1).
fn logged(work: &mut Work<'_, '_>, event: &LoggedEvent) {
    let now = work.context.now;
    let triggers: Vec<_> = work.state.listeners.events().matching(event, now).copied().collect();
    for (id, number) in triggers {
        let Some(task) = work.task(id) else { continue };
        let Some(trigger) = task.triggers.get(number as usize) else { continue };
        let TriggerKind::Event(waits) = &trigger.kind else { continue };
        if let Some(counter) = work.state.listeners.counter((id, number))
            && !counter.fires(event, now)
        {
            continue;
        }
        let mut cause = Cause::new(CauseKind::Event, Some(number));
        let queries = waits.value_queries.iter().flatten().map(|query| (&*query.name, &*query.value));
        if let Ok(queries) = ValueQueries::parse(queries) {
            cause.parameters = queries.values(event, now).into_iter().collect::<Parameters>();
        }
        fire::fire(work, id, cause);
    }
}

/// Handles a change of the clock or the zone: all due times are recomputed from now.
fn clock(work: &mut Work<'_, '_>) {
    work.log_general(TaskSchedulerEvent::ScheduleServiceTimeChangeSignaled {});
    due_anew(work, work.now);
}

/// Handles an effect that could not be carried out.
fn failed(work: &mut Work<'_, '_>, effect: FailedEffect, error: HResult) -> Option<Ignored> {
    match effect {
        FailedEffect::Start { instance } => known(outcome::start_failed(work, instance, error), instance),
        FailedEffect::Stop { instance } => {
            let it = work.state.instances.get(instance).cloned();
            let Some(it) = it else { return Some(Ignored::Instance(instance)) };
            // The Task Scheduler has no event for other failed stops.
            if it.stopping != Some(StopReason::Limit) {
                return None;
            }
            let path = work.path_of(&it);
            let event = TaskSchedulerEvent::TimeoutWontWork {
                task_name: path.to_string(),
                task_instance_id: instance,
                result_code: error.0,
            };
            work.log(&path, Some(instance), event);
            None
        }
        FailedEffect::Subscribe { task, .. } => {
            let event = TaskSchedulerEvent::TaskEventSubscriptionFailed {
                task_name: task.to_string(),
                result_code: error.0,
            };
            work.log(&task, None, event);
            None
        }
        FailedEffect::Credential { account } => {
            let event = TaskSchedulerEvent::TaskRegisteredWithoutCredentials {
                task_name: account,
                result_code: error.0,
            };
            work.log_general(event);
            None
        }
        FailedEffect::Store { store: StoreKind::Job, path, removed, only_security } => {
            twin_failed(work, &path, removed, only_security, error);
            None
        }
        FailedEffect::Wake => {
            work.log_general(TaskSchedulerEvent::WakeUpTimerFailed { result_code: error.0 });
            None
        }
        // The Task Scheduler has no events for these.
        FailedEffect::Store { .. } | FailedEffect::Unsubscribe { .. } => None,
    }
}

/// Logs that a twin could not be written, secured or removed, as the Compatibility module does (EVIDENCE.md EVT-20).
fn twin_failed(work: &mut Work<'_, '_>, name: &str, removed: bool, only_security: bool, error: HResult) {
    let file = work.state.jobs.get(&name.into());
    let (id, status) = file.map_or((None, false), |file| (file.task, file.status_written));
    let path = id.map(|id| work.path(id));
    let bare = crate::compat::job_task_name(name).unwrap_or(name);
    let task_name = path.as_ref().map_or_else(|| format!("\\{bare}"), ToString::to_string);
    let result_code = error.0;
    let enabled = id.and_then(|id| work.entry(id)).is_some_and(|entry| entry.traits.has(Traits::ENABLED));
    let event = if removed {
        TaskSchedulerEvent::CompatTaskDeleteFailed { task_name, result_code }
    } else if only_security {
        let descriptor = id.and_then(|id| work.entry(id)).map(|entry| entry.descriptor);
        let sddl =
            descriptor.map_or("", |descriptor| work.state.tree.descriptors.text(descriptor)).to_owned();
        TaskSchedulerEvent::CompatTaskSetSdFailed { security_descriptor: sddl, task_name, result_code }
    } else if status {
        TaskSchedulerEvent::CompatTaskStatusUpdateFailed {
            task_name,
            task_status: enabled.into(),
            result_code,
        }
    } else {
        TaskSchedulerEvent::CompatTaskUpdateFailed { task_name, result_code }
    };
    match path {
        Some(path) => work.log(&path, None, event),
        None => work.log_general(event),
    }
}
