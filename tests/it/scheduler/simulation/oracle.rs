//! What starts, stops and is deleted by the rules of [MS-TSCH] 2.5.3, 2.5.4, 3.2.4 and 3.2.6 and of EVIDENCE.md, ENGINE-01 to
//! ENGINE-34, in the Windows profile, for one task.
//!
//! Slow and simple: all run times of years are in a list, timers are in another that is searched from its beginning.

use super::{
    Fact, History,
    spec::{self, Happens, Machine, On, Policy, Runs, START, Spec, Trigger},
};
use std::collections::BTreeMap;

/// Why an instance exists.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Time,
    Missed,
    Idle,
    Demand,
    Maintenance,
    /// Boot, logon, session, event or registration.
    Other,
}

#[derive(Clone, Copy, Debug)]
struct Cause {
    kind: Kind,
    trigger: Option<usize>,
    failures: u32,
    /// Whether conditions do not count.
    ignoring: bool,
    /// The user whose logon or session it was.
    subject: Option<u32>,
    /// The members of the group that it is for, as bits; all if there are none.
    members: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Delayed,
    AwaitsIdle,
    Queued,
    Runs,
}

#[derive(Clone, Copy, Debug)]
struct Instance {
    number: u32,
    cause: Cause,
    phase: Phase,
    session: Option<u32>,
    stopping: Option<bool>,
    exit: i64,
}

/// In the order in which they fire at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    Limit(u32),
    /// Of a trigger, at an instant.
    DurationEnd(usize, i64),
    Delay(u32),
    Retry,
    Missed,
    /// Of a trigger, and the number of its firing.
    Repeat(usize, usize),
}

fn logon(on: &On) -> Option<&Option<u32>> {
    if let On::Logon(user) = on { Some(user) } else { None }
}

fn lock(on: &On) -> Option<&Option<u32>> {
    if let On::Lock(user) = on { Some(user) } else { None }
}

fn unlock(on: &On) -> Option<&Option<u32>> {
    if let On::Unlock(user) = on { Some(user) } else { None }
}

struct Oracle<'s> {
    spec: &'s Spec,
    task: usize,
    seed: u64,
    now: i64,
    history: History,
    starts: Vec<Vec<i64>>,
    /// Every run time, with its trigger, and the one that comes next.
    runs: Vec<(i64, usize)>,
    next_run: usize,
    timers: Vec<(i64, Timer)>,
    expiry: Option<i64>,
    instances: Vec<Instance>,
    numbers: u32,
    started: usize,
    failed: Vec<u32>,
    retry: Option<Cause>,
    missed: Option<usize>,
    /// For each firing that repeats: its timer, the interval, and the last repetition.
    repeats: Vec<(Timer, i64, i64, Cause)>,
    repeating: usize,
    restart_when_idle: bool,
    enabled: bool,
    deleted: bool,
    /// The user whose logon or session makes triggers fire.
    subject: Option<u32>,
    idle: bool,
    battery: bool,
    network: bool,
    users: [bool; 2],
    /// Until when starts were delayed at random: what is chosen, the oracle does not know, but whether it may be.
    delays: &'s BTreeMap<(usize, i64), i64>,
    /// When the events were that count, for each trigger.
    counted: Vec<Vec<i64>>,
    /// Whether maintenance is due, whether it was interrupted, when its hour ends, and when a run last ended.
    maintain: bool,
    interrupted: bool,
    maintenance_until: i64,
    last_end: Option<i64>,
    wakes: Vec<Option<i64>>,
}

/// What is expected of a task.
pub struct Expected {
    pub history: History,
    /// When the task wakes the machine, each time it sleeps.
    pub wakes: Vec<Option<i64>>,
}

/// What is expected of a task, if its starts are delayed at random as stated.
pub fn run(
    spec: &Spec,
    task: usize,
    machine: &Machine,
    delays: &BTreeMap<(usize, i64), i64>,
    seed: u64,
) -> Expected {
    let mut runs: Vec<(i64, usize)> = Vec::new();
    for (number, trigger) in spec.triggers.iter().enumerate().filter(|(_, trigger)| trigger.enabled) {
        runs.extend(trigger.runs(machine.until).into_iter().filter(|at| *at > START).map(|at| (at, number)));
    }
    runs.sort_unstable();
    let ends: Option<Vec<i64>> = spec.triggers.iter().map(|trigger| trigger.end.map(spec::instant)).collect();
    let expiry = spec.expires.and_then(|after| Some(ends?.into_iter().max()? + after));
    let mut oracle = Oracle {
        starts: spec.triggers.iter().map(|trigger| trigger.starts(machine.until)).collect(),
        runs,
        expiry,
        spec,
        task,
        seed,
        now: START,
        history: Vec::new(),
        next_run: 0,
        timers: Vec::new(),
        instances: Vec::new(),
        numbers: 0,
        started: 0,
        failed: Vec::new(),
        retry: None,
        missed: None,
        repeats: Vec::new(),
        repeating: 0,
        restart_when_idle: false,
        enabled: true,
        deleted: false,
        subject: None,
        idle: false,
        battery: false,
        network: true,
        users: [false; 2],
        delays,
        counted: vec![Vec::new(); spec.triggers.len()],
        maintain: false,
        interrupted: false,
        maintenance_until: 0,
        last_end: None,
        wakes: Vec::new(),
    };
    oracle.fire_all(Kind::Other, |on| *on == On::Registration);
    oracle.settle();
    oracle.pass(START);
    for (index, (at, what)) in machine.script.iter().enumerate() {
        let before = if index == 0 { START } else { machine.script[index - 1].0 };
        let slept = index > 0 && machine.script[index - 1].1 == Happens::Sleep;
        match what {
            Happens::Boot { off, .. } => oracle.pass((*off).max(before)),
            _ if slept => {}
            _ => oracle.pass(*at),
        }
        oracle.now = *at;
        oracle.script(*what, before);
        oracle.settle();
    }
    oracle.pass(machine.until - 1);
    Expected { history: oracle.history, wakes: oracle.wakes }
}

impl Oracle<'_> {
    /// Lets time pass while the machine is awake; what is due then is included.
    fn pass(&mut self, until: i64) {
        while !self.deleted {
            let exit = self.instances.iter().filter(|it| it.phase == Phase::Runs).map(|it| it.exit).min();
            let timer = self.timers.iter().map(|(at, _)| *at).min();
            let run = self.runs.get(self.next_run).map(|(at, _)| *at);
            let times = [exit, timer, run, self.expiry];
            let Some(at) =
                times.into_iter().flatten().min().map(|at| at.max(self.now)).filter(|at| *at <= until)
            else {
                break;
            };
            self.now = at;
            if exit.is_some_and(|exit| exit <= at) {
                self.exit(exit.unwrap_or_default());
            } else {
                self.due();
            }
            self.settle();
        }
        self.now = self.now.max(until);
    }

    /// Everything that is due: timers before runs of the same instant.
    fn due(&mut self) {
        while !self.deleted {
            let timer = self.timers.iter().copied().min().filter(|(at, _)| *at <= self.now);
            let run = self.runs.get(self.next_run).copied().filter(|(at, _)| *at <= self.now);
            let expiry = self.expiry.filter(|at| *at <= self.now);
            let first = timer.map_or(i64::MAX, |(at, _)| at);
            let run_at = run.map_or(i64::MAX, |(at, _)| at);
            if let Some(at) = expiry.filter(|at| *at < first && *at < run_at) {
                debug_assert!(at <= self.now);
                self.expire();
            } else if let Some((_, timer)) = timer.filter(|(at, _)| *at <= run_at) {
                self.tick(timer);
            } else if let Some((at, _)) = run {
                while let Some((_, trigger)) =
                    self.runs.get(self.next_run).copied().filter(|(then, _)| *then == at)
                {
                    self.next_run += 1;
                    if self.enabled {
                        self.fire(trigger, Kind::Time);
                    }
                }
            } else {
                return;
            }
        }
    }

    fn tick(&mut self, timer: Timer) {
        let at = self.timers.iter().find(|(_, it)| *it == timer).map_or(self.now, |(at, _)| *at);
        self.timers.retain(|(_, it)| *it != timer);
        match timer {
            Timer::Limit(number) => self.stop(number, false),
            Timer::DurationEnd(..) => {
                let all: Vec<_> = self.instances.iter().map(|it| it.number).collect();
                all.into_iter().for_each(|number| self.stop(number, false));
            }
            Timer::Delay(number) => {
                let cause = self.take(number).cause;
                if self.may_still(&cause) {
                    self.admit(cause);
                }
            }
            Timer::Retry => {
                let Some(cause) = self.retry.take() else { return };
                if self.may_still(&cause) {
                    self.start(cause);
                }
            }
            Timer::Missed => {
                if let Some(trigger) = self.missed.take() {
                    self.fire(trigger, Kind::Missed);
                }
            }
            Timer::Repeat(trigger, _) => {
                let Some((_, interval, until, cause)) = self.repeats.iter().copied().find(|it| it.0 == timer)
                else {
                    return;
                };
                let mut next = at + interval;
                while next <= self.now {
                    next += interval;
                }
                if next <= until {
                    self.timers.push((next, timer));
                } else {
                    self.repeats.retain(|it| it.0 != timer);
                }
                if self.may_fire(trigger) {
                    self.start(cause);
                }
            }
        }
    }

    fn set(&mut self, timer: Timer, at: i64) {
        self.timers.retain(|(_, it)| *it != timer);
        self.timers.push((at, timer));
    }

    fn trigger(&self, number: usize) -> &Trigger {
        &self.spec.triggers[number]
    }

    /// StartBoundary, EndBoundary, Enabled.
    fn may_fire(&self, number: usize) -> bool {
        let trigger = self.trigger(number);
        self.enabled
            && trigger.enabled
            && trigger.start.is_none_or(|start| spec::instant(start) <= self.now)
            && trigger.end.is_none_or(|end| self.now <= spec::instant(end))
    }

    fn may_still(&self, cause: &Cause) -> bool {
        self.enabled && cause.trigger.is_none_or(|trigger| self.may_fire(trigger))
    }

    fn fire(&mut self, number: usize, kind: Kind) {
        if !self.may_fire(number) {
            return;
        }
        let subject = self.subject;
        let cause = Cause { kind, trigger: Some(number), failures: 0, ignoring: false, subject, members: 0 };
        let trigger = self.trigger(number).clone();
        if let Some((interval, lasting)) = trigger.repetition {
            let timed = trigger.on.is_none();
            let series = self.starts[number].iter().rev().find(|start| **start <= self.now).copied();
            let anchor = if timed { series.unwrap_or(self.now) } else { self.now };
            let until = lasting.map_or(i64::MAX, |lasting| anchor + lasting);
            if trigger.stop_at_end && until > self.now {
                self.set(Timer::DurationEnd(number, until), until);
            }
            if !timed {
                let until = until.min(trigger.end.map_or(i64::MAX, spec::instant));
                // Every firing repeats by itself (facts/engine.md 9).
                if self.now + interval <= until {
                    self.repeating += 1;
                    let timer = Timer::Repeat(number, self.repeating);
                    self.repeats.push((timer, interval, until, cause));
                    self.set(timer, self.now + interval);
                }
                self.forget_oldest(number);
            }
        }
        self.retry = None;
        self.timers.retain(|(_, it)| *it != Timer::Retry);
        self.start(cause);
    }

    /// Of the repetitions of a trigger no more than a hundred go on (`limits::REPETITIONS`).
    fn forget_oldest(&mut self, number: usize) {
        let of_trigger = |timer: &Timer| matches!(timer, Timer::Repeat(trigger, _) if *trigger == number);
        let going_on: Vec<_> = self.repeats.iter().map(|it| it.0).filter(of_trigger).collect();
        if let [oldest, .., _] = going_on[..]
            && going_on.len() > 100
        {
            self.repeats.retain(|it| it.0 != oldest);
            self.timers.retain(|(_, it)| *it != oldest);
        }
    }

    /// A start that no trigger is the cause of.
    fn fire_alone(&mut self, kind: Kind, ignoring: bool) {
        if self.enabled {
            self.retry = None;
            self.timers.retain(|(_, it)| *it != Timer::Retry);
            self.start(Cause { kind, trigger: None, failures: 0, ignoring, subject: None, members: 0 });
        }
    }

    /// Conditions, and the delay.
    fn start(&mut self, cause: Cause) {
        let spec = self.spec;
        let counts = !cause.ignoring;
        if counts && self.is_kept_off() {
            return;
        }
        if counts && spec.only_if_idle && !self.idle {
            // Whoever runs a task on demand does not wait.
            if cause.kind != Kind::Demand && !self.instances.iter().any(|it| it.phase == Phase::AwaitsIdle) {
                self.add(cause, Phase::AwaitsIdle, None);
            }
            return;
        }
        let waits = cause.failures == 0 && matches!(cause.kind, Kind::Time | Kind::Other);
        let delay = cause.trigger.filter(|_| waits).map_or(0, |number| self.delay(number));
        if delay > 0 {
            let number = self.add(cause, Phase::Delayed, None);
            self.set(Timer::Delay(number), self.now + delay);
        } else {
            self.admit(cause);
        }
    }

    /// Whether batteries or a missing network keep the task from starting.
    fn is_kept_off(&self) -> bool {
        self.spec.not_on_battery && self.battery || self.spec.network && !self.network
    }

    /// How long a trigger delays a start: by a random part of its random delay.
    fn delay(&self, number: usize) -> i64 {
        let trigger = self.trigger(number);
        let Some(until) = self.delays.get(&(number, self.now)) else { return trigger.delay };
        let chosen = until - self.now;
        assert!((1..=trigger.random_delay).contains(&chosen), "{chosen} s of {}", trigger.random_delay);
        chosen
    }

    fn add(&mut self, cause: Cause, phase: Phase, session: Option<u32>) -> u32 {
        self.numbers += 1;
        let number = self.numbers;
        self.instances.push(Instance { number, cause, phase, session, stopping: None, exit: i64::MAX });
        number
    }

    /// The sessions in which a start runs; none if it has none, nothing if there is nobody.
    fn users(&self, cause: &Cause) -> Vec<Option<u32>> {
        let present = |user: u32| self.users[user as usize].then_some(Some(user + 1));
        match self.spec.runs {
            Runs::System | Runs::Stored => vec![None],
            Runs::Either => vec![present(0).flatten()],
            Runs::Alice => present(0).into_iter().collect(),
            // Whoever has just logged on comes first.
            Runs::Group => {
                let users = if cause.subject == Some(1) { [1, 0] } else { [0, 1] };
                let concerned = |user: &u32| cause.members == 0 || cause.members & (1 << user) != 0;
                users.into_iter().filter(concerned).filter_map(present).collect()
            }
        }
    }

    /// The policy, for each user.
    fn admit(&mut self, cause: Cause) {
        for session in self.users(&cause) {
            let by_idleness = |cause: &Cause| cause.kind == Kind::Idle && cause.trigger.is_some();
            let runs = |it: &Instance| it.phase == Phase::Runs;
            let again =
                by_idleness(&cause) && self.instances.iter().any(|it| runs(it) && by_idleness(&it.cause));
            let busy = self.instances.iter().any(|it| runs(it) || it.phase == Phase::Queued);
            match self.spec.policy {
                _ if again => continue,
                Policy::IgnoreNew if busy => continue,
                Policy::Queue if busy => {
                    self.add(cause, Phase::Queued, session);
                    continue;
                }
                Policy::StopExisting => {
                    let old: Vec<_> =
                        self.instances.iter().filter(|it| runs(it)).map(|it| it.number).collect();
                    old.into_iter().for_each(|number| self.stop(number, false));
                }
                _ => {}
            }
            let number = self.add(cause, Phase::Runs, session);
            self.launch(number);
        }
    }

    fn launch(&mut self, number: u32) {
        let (now, spec) = (self.now, self.spec);
        let Some(it) = self.instances.iter_mut().find(|it| it.number == number) else { return };
        it.phase = Phase::Runs;
        it.exit = now + spec.length;
        let (trigger, session) = (it.cause.trigger, it.session);
        let of_trigger = trigger.and_then(|trigger| spec.triggers[trigger].limit);
        if let Some(limit) = spec.limit.into_iter().chain(of_trigger).min() {
            self.set(Timer::Limit(number), now + limit);
        }
        self.history.push((now, Fact::Start { trigger, session }));
        if spec::fails(spec, self.seed, self.task, self.started) {
            self.failed.push(number);
        }
        self.started += 1;
    }

    /// The host reports what became of the starts.
    fn settle(&mut self) {
        while !self.failed.is_empty() && !self.deleted {
            let number = self.failed.remove(0);
            self.fail(number);
        }
        self.failed.clear();
    }

    fn fail(&mut self, number: u32) {
        if !self.instances.iter().any(|it| it.number == number) {
            return;
        }
        let gone = self.take(number);
        let retry =
            self.spec.retry.filter(|(_, count)| gone.stopping.is_none() && gone.cause.failures < *count);
        if let Some((interval, _)) = retry {
            // Only for the members for whom it has failed.
            let member = gone.session.filter(|_| self.spec.runs == Runs::Group).map_or(0, |it| 1 << (it - 1));
            let members = member | self.retry.filter(|_| member != 0).map_or(0, |other| other.members);
            self.retry = Some(Cause { failures: gone.cause.failures + 1, members, ..gone.cause });
            self.set(Timer::Retry, self.now + interval);
        }
        self.ended();
    }

    /// Removes an instance, with its timers.
    fn take(&mut self, number: u32) -> Instance {
        self.timers.retain(|(_, it)| *it != Timer::Limit(number) && *it != Timer::Delay(number));
        let at = self.instances.iter().position(|it| it.number == number).expect("an instance");
        self.instances.remove(at)
    }

    fn stop(&mut self, number: u32, idle_end: bool) {
        let now = self.now;
        let Some(it) = self.instances.iter_mut().find(|it| it.number == number && it.stopping.is_none())
        else {
            return;
        };
        if it.phase == Phase::Runs {
            it.stopping = Some(idle_end);
            it.exit = it.exit.min(now + 5);
            self.history.push((now, Fact::Stop));
        } else {
            self.take(number);
        }
    }

    fn exit(&mut self, at: i64) {
        let first =
            self.instances.iter().find(|it| it.phase == Phase::Runs && it.exit == at).map(|it| it.number);
        let Some(number) = first else { return };
        let gone = self.take(number);
        self.last_end = Some(self.now);
        let restarts = gone.stopping == Some(true) && self.spec.restart_on_idle;
        self.restart_when_idle |= restarts;
        self.ended();
        if gone.stopping.is_some() && self.idle && self.restart_when_idle && !self.deleted {
            self.restart();
        }
    }

    fn restart(&mut self) {
        self.restart_when_idle = false;
        self.fire_alone(Kind::Idle, false);
    }

    /// The next of the queue, and the end of a task that is over.
    fn ended(&mut self) {
        let runs = |it: &Instance| it.phase == Phase::Runs;
        while !self.instances.iter().any(runs) {
            let queued = self.instances.iter().find(|it| it.phase == Phase::Queued).copied();
            let Some(mut queued) = queued else { break };
            if self.spec.runs == Runs::Either {
                // Her password serves if she has logged off meanwhile.
                queued.session = queued.session.filter(|_| self.users[0]);
                let it = self.instances.iter_mut().find(|it| it.number == queued.number);
                it.expect("an instance").session = queued.session;
            }
            let gone = queued.session.is_some_and(|session| !self.users[session as usize - 1]);
            let counts = !queued.cause.ignoring;
            if !self.may_still(&queued.cause) || counts && self.is_kept_off() {
                self.take(queued.number);
            } else if counts && self.spec.only_if_idle && !self.idle {
                self.take(queued.number);
                self.start(queued.cause);
            } else if gone {
                self.take(queued.number);
            } else {
                self.launch(queued.number);
            }
        }
        let over = self.spec.expires.is_some() && self.over().is_some_and(|at| at <= self.now);
        if over && !self.instances.iter().any(runs) {
            self.delete();
        }
    }

    /// When the task is to be deleted, whether or not the timer has fired.
    fn over(&self) -> Option<i64> {
        let ends: Option<Vec<i64>> =
            self.spec.triggers.iter().map(|trigger| trigger.end.map(spec::instant)).collect();
        Some(ends?.into_iter().max()? + self.spec.expires?)
    }

    fn expire(&mut self) {
        self.expiry = None;
        if !self.instances.iter().any(|it| it.phase == Phase::Runs) {
            self.delete();
        }
    }

    fn delete(&mut self) {
        self.history.push((self.now, Fact::Delete));
        self.deleted = true;
        self.instances.clear();
    }

    /// Runs that fell due while the machine slept or was off.
    fn missed(&mut self, since: i64) {
        let from = self.next_run;
        while self.runs.get(self.next_run).is_some_and(|(at, _)| *at < self.now) {
            self.next_run += 1;
        }
        let missed: Vec<_> = self.runs[from..self.next_run].iter().filter(|(at, _)| *at >= since).collect();
        if !self.enabled || !self.spec.when_available || missed.is_empty() {
            return;
        }
        let counts = |trigger: &Trigger| {
            trigger.end.is_some()
                || !matches!(trigger.days, spec::Days::Once)
                || trigger.repetition.is_some_and(|(_, lasting)| lasting.is_none())
        };
        let first = missed.iter().map(|(_, trigger)| *trigger).filter(|it| counts(self.trigger(*it))).min();
        if let Some(trigger) = first {
            self.missed = Some(trigger);
            self.set(Timer::Missed, self.now + 600);
        }
    }

    /// Maintenance that is due begins while the machine is idle and on mains power, in its hour, or later if it was
    /// interrupted or is late.
    fn maintenance(&mut self) {
        let Some((_, deadline)) = self.spec.maintenance.filter(|_| self.enabled) else { return };
        if !self.idle || self.battery {
            return;
        }
        let since = self.last_end.unwrap_or(START);
        let late = deadline.is_some_and(|deadline| self.now - since >= deadline * spec::DAY);
        self.maintain |= late && !self.instances.iter().any(|it| it.phase == Phase::Runs);
        if self.maintain && (self.now <= self.maintenance_until || self.interrupted || late) {
            (self.maintain, self.interrupted) = (false, false);
            self.fire_alone(Kind::Maintenance, false);
        }
    }

    /// It ends when the machine is used, whether it runs or waits for its turn, and goes on later.
    fn interrupt(&mut self) {
        let maintains = |it: &&Instance| it.cause.kind == Kind::Maintenance && it.stopping.is_none();
        let all: Vec<_> = self.instances.iter().filter(maintains).map(|it| it.number).collect();
        for number in all {
            (self.maintain, self.interrupted) = (true, true);
            self.stop(number, false);
        }
    }

    /// An event was logged.
    fn logged(&mut self, logged: i64) {
        for number in 0..self.spec.triggers.len() {
            let Some(On::Event { id, times, within }) = self.trigger(number).on else { continue };
            if id != logged {
                continue;
            }
            let now = self.now;
            let counted = &mut self.counted[number];
            counted.retain(|at| within.is_none_or(|within| now - at <= within));
            counted.push(now);
            if counted.len() == times {
                counted.clear();
                self.fire(number, Kind::Other);
            }
        }
    }

    fn fire_all(&mut self, kind: Kind, is: impl Fn(&On) -> bool) {
        for number in 0..self.spec.triggers.len() {
            if self.trigger(number).on.as_ref().is_some_and(&is) {
                self.fire(number, kind);
            }
        }
    }

    /// A user's logon or session change; a group's task waits for its members, which both users are.
    fn user(&mut self, user: u32, is: fn(&On) -> Option<&Option<u32>>) {
        self.subject = Some(user);
        self.fire_all(Kind::Other, |on| is(on).is_some_and(|named| named.is_none_or(|named| named == user)));
        self.subject = None;
    }

    fn script(&mut self, what: Happens, before: i64) {
        match what {
            Happens::Battery(on) => self.battery = on,
            Happens::Network(on) => self.network = on,
            Happens::Idle | Happens::Busy => self.idle = what == Happens::Idle,
            Happens::Logon(user) => self.users[user as usize] = true,
            Happens::Logoff(user) => self.users[user as usize] = false,
            Happens::Boot { users, .. } => (self.users, self.idle) = (users, false),
            Happens::Sleep => {
                let wakes = self.spec.wake && self.enabled && !self.deleted;
                let due = self.runs.get(self.next_run).map(|(at, _)| *at);
                // 3.2.4.5: whatever starts the task.
                let starts = self.timers.iter().filter(|(_, it)| {
                    matches!(it, Timer::Delay(_) | Timer::Retry | Timer::Missed | Timer::Repeat(..))
                });
                let first = starts.map(|(at, _)| *at).chain(due).min();
                self.wakes.push(first.filter(|_| wakes));
            }
            _ => {}
        }
        if self.deleted {
            return;
        }
        match what {
            Happens::Sleep | Happens::Network(_) | Happens::Logoff(_) => {}
            Happens::Battery(false) => self.maintenance(),
            Happens::Logged(id) => self.logged(id),
            Happens::Run(task, ignoring) => {
                if task == self.task && self.spec.on_demand {
                    self.fire_alone(Kind::Demand, ignoring);
                }
            }
            Happens::Maintenance => {
                self.maintenance_until = self.now + 3600;
                let runs = self.instances.iter().any(|it| it.phase == Phase::Runs);
                if let Some((period, _)) = self.spec.maintenance.filter(|_| self.enabled && !runs) {
                    self.maintain |= self.last_end.is_none_or(|end| self.now - end > period * spec::DAY);
                }
                self.maintenance();
            }
            Happens::Wake => {
                // What ended meanwhile is reported a second later.
                for it in self.instances.iter_mut().filter(|it| it.phase == Phase::Runs) {
                    it.exit = it.exit.max(self.now + 1);
                }
                // Repetitions that ended meanwhile do not stop what starts now.
                let ended = self
                    .timers
                    .iter()
                    .filter(|(at, it)| *at <= self.now && matches!(it, Timer::DurationEnd(..)));
                let ended: Vec<_> = ended.map(|(_, timer)| *timer).collect();
                ended.into_iter().for_each(|timer| self.tick(timer));
                self.woken();
                self.missed(before);
                for (repeat, interval, until, _) in self.repeats.clone() {
                    let Some(timer) = self.timers.iter_mut().find(|(_, it)| *it == repeat) else { continue };
                    while timer.0 < self.now {
                        timer.0 += interval;
                    }
                    if timer.0 > until {
                        self.timers.retain(|(_, it)| *it != repeat);
                        self.repeats.retain(|it| it.0 != repeat);
                    }
                }
                self.due();
            }
            Happens::Boot { off, users } => {
                self.instances.clear();
                self.failed.clear();
                self.timers.retain(|(_, it)| *it == Timer::Missed);
                self.repeats.clear();
                self.retry = None;
                self.restart_when_idle = false;
                self.counted.iter_mut().for_each(Vec::clear);
                (self.maintain, self.interrupted) = (false, false);
                if self.spec.volatile {
                    self.disable();
                }
                self.fire_all(Kind::Other, |on| *on == On::Boot);
                self.logged_on(users);
                if self.missed.is_some() {
                    self.set(Timer::Missed, self.now + 600);
                }
                self.missed(off);
            }
            Happens::Idle => {
                let waiting: Vec<_> = self
                    .instances
                    .iter()
                    .filter(|it| it.phase == Phase::AwaitsIdle)
                    .map(|it| it.number)
                    .collect();
                for number in waiting {
                    let cause = self.take(number).cause;
                    if self.may_still(&cause) {
                        self.admit(cause);
                    }
                }
                let before: Vec<_> = self.instances.iter().map(|it| it.number).collect();
                self.fire_all(Kind::Idle, |on| *on == On::Idle);
                // What its own trigger has started anew need not be restarted.
                let started = self.instances.iter().any(|it| !before.contains(&it.number));
                if std::mem::take(&mut self.restart_when_idle) && !started {
                    self.restart();
                }
                self.maintenance();
            }
            Happens::Busy => {
                self.interrupt();
                let stops = |it: &&Instance| {
                    let concerned = self.spec.only_if_idle || it.cause.kind == Kind::Idle;
                    it.phase == Phase::Runs && concerned && self.spec.stop_on_idle_end
                };
                let all: Vec<_> = self.instances.iter().filter(stops).map(|it| it.number).collect();
                all.into_iter().for_each(|number| self.stop(number, true));
            }
            Happens::Battery(true) => {
                self.interrupt();
                let runs =
                    self.instances.iter().filter(|it| it.phase == Phase::Runs && self.spec.stop_on_battery);
                let all: Vec<_> = runs.map(|it| it.number).collect();
                all.into_iter().for_each(|number| self.stop(number, false));
            }
            Happens::Logon(user) => self.user(user, logon),
            Happens::Lock(user) => self.user(user, lock),
            Happens::Unlock(user) => self.user(user, unlock),
            Happens::Enable(task, enabled) if task == self.task => {
                if enabled {
                    self.enabled = true;
                } else {
                    self.disable();
                }
            }
            Happens::Enable(..) => {}
        }
    }

    fn disable(&mut self) {
        self.enabled = false;
        self.retry = None;
        self.missed = None;
        self.timers.retain(|(_, it)| !matches!(it, Timer::Retry | Timer::Missed));
    }

    /// The run that woke the machine is not missed, if waking did not take too long.
    fn woken(&mut self) {
        let due = self.runs.get(self.next_run).map_or(i64::MAX, |(at, _)| *at);
        if !self.spec.wake || !self.enabled || due >= self.now || self.now - due > 60 {
            return;
        }
        let from = self.next_run;
        while self.runs.get(self.next_run).is_some_and(|(at, _)| *at < self.now) {
            self.next_run += 1;
        }
        let of_it = self.runs[from..self.next_run].iter().filter(|(at, _)| *at == due);
        let of_it: Vec<_> = of_it.map(|(_, trigger)| *trigger).collect();
        of_it.into_iter().for_each(|trigger| self.fire(trigger, Kind::Time));
    }

    /// Users who are logged on when the service starts: each fires once, a group's trigger once in all.
    fn logged_on(&mut self, users: [bool; 2]) {
        let mut fired = vec![false; self.spec.triggers.len()];
        for user in (0..2u32).filter(|user| users[*user as usize]) {
            for (number, fired) in fired.iter_mut().enumerate() {
                let Some(On::Logon(named)) = self.trigger(number).on else { continue };
                let once = self.spec.runs == Runs::Group && *fired;
                if named.is_none_or(|named| named == user) && !once {
                    *fired = true;
                    self.subject = Some(user);
                    self.fire(number, Kind::Other);
                    self.subject = None;
                }
            }
        }
    }
}

/// The oracle's calendar against itself: what it calls a day is one.
#[cfg(test)]
#[test]
fn the_calendar_is_one() {
    assert_eq!(spec::date(START / spec::DAY), (2024, 1, 1));
    assert_eq!(spec::weekday(START / spec::DAY), 1);
}
