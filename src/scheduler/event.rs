//! What happens to the machine: each event is a function from the state to a step ([MS-TSCH] 3.2.4, 3.2.6).

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

/// Something that happens to the machine, or that the host reports of an effect.
///
/// The context's machine is what it is after the event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The time has come that [`State::next_wakeup`] named.
    Timer,
    /// The service has started with the machine, or after a crash: what ran is not known any more.
    Boot {
        /// When the machine went off, if that is known. What was due before was not missed: the scheduler was running,
        /// even if the state that was loaded is older.
        off_since: Option<OffsetDateTime>,
    },
    /// The machine is about to sleep.
    Sleep,
    /// It has woken up.
    Wake,
    /// It has become idle.
    Idle,
    /// It is used again.
    Busy,
    /// The power source has changed.
    Power,
    /// A network was connected or disconnected.
    Network,
    /// A user has logged on, in this session.
    Logon(Session),
    /// The session is gone.
    Logoff {
        /// The number of the session.
        session: u32,
    },
    /// A session has changed.
    Session {
        /// The session, as it is now.
        session: Session,
        /// What has changed.
        change: SessionStateChange,
    },
    /// An event was logged.
    Logged(Box<LoggedEvent>),
    /// The hour of automatic maintenance begins.
    Maintenance,
    /// The clock or the time zone was set.
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
        /// Why.
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
    /// A file of the .JOB task store has another content ([MS-TSCH] 3.2.5.3.3).
    JobFileChanged {
        /// Its name.
        name: String,
        /// Its content.
        content: Vec<u8>,
        /// The account that created it.
        owner: Option<String>,
    },
    /// A file is gone from the .JOB task store ([MS-TSCH] 3.2.5.3.2).
    JobFileRemoved {
        /// Its name.
        name: String,
    },
    /// An effect could not be carried out.
    Failed {
        /// The effect.
        effect: FailedEffect,
        /// Why.
        error: HResult,
    },
}

/// Why an event was ignored: it cannot have happened, by what the scheduler knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Ignored {
    /// No instance has this GUID, or it is not waiting for this.
    #[error("unexpected report of instance {0}")]
    Instance(Uuid),
    /// The .JOB task store has no task of this name.
    #[error("{0} is not the file of a task")]
    File(String),
    /// The machine was reported to be so before, and nothing else since.
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
    /// Takes an event in. The reply says why it was ignored, if it was.
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
    /// Goes on with a state that was saved: the host is asked anew for what it holds on the scheduler's behalf.
    ///
    /// Nothing else changes, so that it makes no difference whether a scheduler was saved and loaded. After a crash,
    /// where what ran is not known any more, [`Event::Boot`] follows.
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
            // Networks are a condition of starting only; so is who is logged on.
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
    /// Notes what an event says of the machine; the word for it, if it has been said before.
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

/// Everything that is due, in the order of time (3.2.6).
fn timer(work: &mut Work<'_, '_>) {
    // While the machine sleeps no timer fires.
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

/// The timer that fires next. Of instances whose delays end at one instant, the oldest comes first.
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

/// A timer fires. It is cleared, or set anew.
fn fires(work: &mut Work<'_, '_>, timer: Timer) {
    if !matches!(timer, Timer::Repeat(..) | Timer::Idle(_)) {
        work.state.timers.clear(timer);
    }
    match timer {
        Timer::Kill(instance) => stop::kill(work, instance),
        Timer::Limit(instance) => stop::stop(work, instance, StopReason::Limit),
        Timer::DurationEnd(task, _) => {
            stop::stop_all(work, task, StopReason::DurationEnd);
        }
        Timer::Expiry(task) => expiry::expired(work, task),
        Timer::Delay(instance) => fire::delayed(work, instance),
        Timer::Idle(instance) => fire::look_for_idle(work, instance),
        Timer::Retry(task) => fire::retried(work, task),
        Timer::Missed(task) => missed::caught_up(work, task),
        Timer::Repeat(task, trigger) => fire::repeated(work, task, trigger),
    }
}

/// Startup (3.2.4.3): boot triggers, logon triggers of those who are logged on, then what was missed.
fn boot(work: &mut Work<'_, '_>, off_since: Option<OffsetDateTime>) {
    work.state.asleep_since = None;
    work.state.seen = Seen::default();
    let ran = outcome::forget_all(work);
    ran.into_iter().for_each(|id| twin::update(work, id));
    // Only what is in the store survives; a pending delay is lost, and so is what was counted (EVIDENCE.md ENGINE-28).
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
    // The clock or the zone may have been set meanwhile: what was missed is what was due by the clock as it is now.
    if let Some(clockwork) = work.state.clockwork.filter(|known| !known.holds(work.context.zone, work.now)) {
        let off_since = off_since.map_or(clockwork.latest(), |since| Ticks(since.0.saturating_sub(1)));
        due_anew(work, off_since.min(Ticks(work.now.0.saturating_sub(1))));
    }
    missed::overdue(work, off_since, false);
}

/// Computes anew when tasks are due after this instant, and when they are over, by the clock as it is.
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

/// Logon triggers fire for those who are logged on already: once for each user, and once for a group, since the task
/// starts for all of its members.
fn logged_on(work: &mut Work<'_, '_>) {
    let (mut users, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for session in &work.context.machine.sessions {
        if !users.insert(session.sid) {
            continue;
        }
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

/// The machine is about to sleep (3.2.4.5).
fn sleep(work: &mut Work<'_, '_>) {
    work.state.asleep_since = Some(work.now);
    let wakes = work.state.listeners.wake.iter();
    let at = wakes.filter_map(|id| work.entry(*id)).map(|entry| entry.due).min();
    if let Some(at) = at.filter(|at| *at != NEVER) {
        work.effect(Effect::Wake { at: Ticks(at).nearest_civil().assume_utc() });
    }
}

/// It has woken up (3.2.4.6).
fn wake(work: &mut Work<'_, '_>) {
    work.state.asleep_since = None;
    missed::overdue(work, None, true);
    let due = work.state.first_due().filter(|(at, _)| *at <= work.now.0);
    let wakes = |id| work.entry(id).is_some_and(|entry| entry.traits.has(Traits::WAKE));
    if due.is_some_and(|(_, id)| wakes(id)) {
        work.log_general(TaskSchedulerEvent::TaskStartedOnComputerWakeup {});
    }
    fire::skip_repetitions(work);
    timer(work);
}

/// The machine has become idle (3.2.4.2).
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
    // A task that its trigger has started anew need not be restarted.
    for id in std::mem::take(&mut work.state.restart_when_idle).difference(&started) {
        fire::fire(work, *id, Cause::new(CauseKind::Idle, None));
    }
    maintenance::run(work);
}

/// It is used again.
fn busy(work: &mut Work<'_, '_>) {
    let waiting = work.state.instances.all().into_iter().filter(|it| it.phase == Phase::AwaitsIdle);
    let waiting: Vec<_> = waiting.map(|instance| instance.id).collect();
    for instance in waiting {
        fire::look_for_idle(work, instance);
    }
    maintenance::interrupt(work);
    let profile = work.state.options.profile;
    stop_running(work, StopReason::IdleEnd, |task, cause| fire::stops_on_idle_end(task, cause, profile));
}

/// The power source has changed.
fn power(work: &mut Work<'_, '_>) {
    let profile = work.state.options.profile;
    if work.context.machine.on_battery {
        maintenance::interrupt(work);
        stop_running(work, StopReason::Battery, |task, _| {
            task.effective(profile).stop_if_going_on_batteries.value
        });
    } else {
        maintenance::run(work);
    }
}

/// Stops the instances that run, of the tasks that are configured so.
fn stop_running(work: &mut Work<'_, '_>, reason: StopReason, stops: impl Fn(&Task, &Cause) -> bool) {
    let running: Vec<_> =
        work.state.instances.all().into_iter().filter(|instance| instance.is_running()).cloned().collect();
    for instance in running {
        if work.task_of(&instance).is_some_and(|task| stops(&task, &instance.cause)) {
            stop::stop(work, instance.id, reason);
        }
    }
}

/// The triggers of a task of one kind fire. Whether it has an instance now that it had not.
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

/// A user has logged on, or a session has changed (3.2.4.4).
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
    fire::fire(work, id, cause);
}

/// Whether a trigger that names no user is meant for this one: a task of a group runs for its members
/// (EVIDENCE.md ENGINE-22).
fn concerns_group(work: &Work<'_, '_>, trigger: TriggerId, session: &Session) -> bool {
    if work.state.users.contains_key(&trigger) {
        return true;
    }
    let Some(task) = work.task(trigger.0) else { return false };
    let Some(group) = task.run_as().and_then(|principal| principal.group_id.as_deref()) else { return true };
    super::run::account::resolve_in(work.state, work.context, trigger.0, group)
        .is_some_and(|group| session.is(&group))
}

/// An event was logged (3.2.4.1).
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

/// The clock or the zone was set: everything is due anew, from now on.
fn clock(work: &mut Work<'_, '_>) {
    work.log_general(TaskSchedulerEvent::ScheduleServiceTimeChangeSignaled {});
    due_anew(work, work.now);
}

/// An effect could not be carried out.
fn failed(work: &mut Work<'_, '_>, effect: FailedEffect, error: HResult) -> Option<Ignored> {
    match effect {
        FailedEffect::Start { instance } => known(outcome::start_failed(work, instance, error), instance),
        FailedEffect::Stop { instance } => {
            let it = work.state.instances.get(instance).cloned();
            let Some(it) = it else { return Some(Ignored::Instance(instance)) };
            let path = work.path(it.task);
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
        FailedEffect::Store { .. } => None,
    }
}

/// A twin could not be written, secured or removed: the Compatibility module says so (EVIDENCE.md EVT-20).
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
