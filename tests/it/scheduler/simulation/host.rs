//! The scheduler with a host that lets a machine's script happen.

use super::{
    Fact, History,
    spec::{self, Happens, Machine, Random, Runs, START, Spec},
};
use crate::europe::europe;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use time::OffsetDateTime;
use uuid::Uuid;
use wintask::{
    definition::SessionStateChange,
    dtyp::{HResult, Password},
    eventlog,
    rpc::schrpc::{CredFlags, RunFlags, SchRpcEnableTask, SchRpcRegisterTask, SchRpcRun, TaskUserCred},
    scheduler::{self, Account, Accounts, Context, Effect, Event, Options, Session, State, StoreKind},
    security::Sid,
    time::WindowsZone,
};

/// The users: their names and SIDs. The number of a user's session is one more than his.
pub const USERS: [(&str, &str); 2] =
    [("HOST\\alice", "S-1-5-21-1-2-3-1001"), ("HOST\\bob", "S-1-5-21-1-2-3-1002")];

struct Known;

impl Accounts for Known {
    fn resolve(&self, name: &str) -> Option<Account> {
        let user = USERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(Account::new(user.1.parse().ok()?, user.0))
    }

    fn verify(&self, _: &Sid, _: &Password) -> bool {
        true
    }
}

fn session(user: u32) -> Session {
    let (name, sid) = USERS[user as usize];
    Session::new(user + 1, name, sid.parse().unwrap()).with_group(Sid::USERS)
}

fn instant(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

struct Host<'s> {
    specs: &'s [Spec],
    seed: u64,
    zone: WindowsZone,
    machine: scheduler::Machine,
    state: State,
    now: i64,
    histories: Vec<History>,
    started: Vec<usize>,
    /// What runs: when it ends, in which order it was started, and what it is.
    running: Vec<(i64, u32, Uuid)>,
    order: u32,
    tasks: BTreeMap<String, usize>,
    /// Whether a task has a trigger with a random delay.
    random: bool,
    /// The instances whose delay is known.
    delayed: BTreeSet<Uuid>,
    delays: Vec<BTreeMap<(usize, i64), i64>>,
    wakes: Vec<Option<i64>>,
    reload: Option<Random>,
}

/// What the scheduler does.
#[derive(Debug, PartialEq)]
pub struct Found {
    /// With each task.
    pub histories: Vec<History>,
    /// What happened to the machine: that it wakes when the scheduler wants it to included.
    pub machine: Machine,
    /// Until when each start was delayed at random, by trigger, counted from 0, and time.
    pub delays: Vec<BTreeMap<(usize, i64), i64>>,
    /// When it wants to wake the machine, each time it sleeps.
    pub wakes: Vec<Option<i64>>,
}

/// How long it takes a machine to wake up.
const WAKING: i64 = 2;

/// What the scheduler does with each task.
pub fn run(specs: &[Spec], machine: &Machine, seed: u64, reload: Option<Random>) -> Found {
    let mut machine = machine.clone();
    let mut host = Host {
        specs,
        seed,
        zone: europe(),
        machine: scheduler::Machine::default(),
        state: State::new(Options::default(), seed),
        now: START,
        histories: vec![Vec::new(); specs.len()],
        started: vec![0; specs.len()],
        running: Vec::new(),
        order: 0,
        tasks: (0..specs.len()).map(|number| (format!("\\T{number}"), number)).collect(),
        random: specs.iter().flat_map(|spec| &spec.triggers).any(|trigger| trigger.random_delay > 0),
        delayed: BTreeSet::new(),
        delays: vec![BTreeMap::new(); specs.len()],
        wakes: Vec::new(),
        reload,
    };
    for (number, spec) in specs.iter().enumerate() {
        let stored = matches!(spec.runs, Runs::Stored | Runs::Either);
        let password =
            TaskUserCred { user_id: None, password: Some("secret".into()), flags: CredFlags::NONE };
        let request = SchRpcRegisterTask {
            path: Some(format!("\\T{number}").as_str().into()),
            xml: spec.xml().as_str().into(),
            creds: if stored { vec![password].into() } else { Default::default() },
            ..Default::default()
        };
        let context = Context::new(instant(START), &host.zone, &host.machine, &Known);
        let step = host.state.call(&context, &request);
        assert!(
            step.reply.status.is_success(),
            "{} {:?}\n{}",
            step.reply.status,
            step.reply.error_info,
            spec.xml()
        );
        host.carry_out(step.effects);
    }
    host.pass(START);
    for index in 0..machine.script.len() {
        let (at, what) = &mut machine.script[index];
        match what {
            Happens::Boot { off, .. } => host.pass(*off),
            Happens::Wake => {
                let wanted = host.wakes.last().copied().flatten().map(|wanted| wanted + WAKING);
                *at = wanted.unwrap_or(i64::MAX).min(*at);
            }
            _ => host.pass(*at),
        }
        host.now = *at;
        host.happen(*what);
    }
    host.pass(machine.until - 1);
    Found { histories: host.histories, machine, delays: host.delays, wakes: host.wakes }
}

impl Host<'_> {
    fn pass(&mut self, until: i64) {
        loop {
            let exit = self.running.iter().map(|(at, order, _)| (*at, *order)).min();
            // All times are whole seconds.
            let timer = self.state.next_wakeup().map(OffsetDateTime::unix_timestamp);
            let times = [exit.map(|(at, _)| at), timer];
            let Some(at) =
                times.into_iter().flatten().min().map(|at| at.max(self.now)).filter(|at| *at <= until)
            else {
                break;
            };
            self.now = at;
            match exit.filter(|(exit, _)| *exit <= at) {
                Some(first) => {
                    let place =
                        self.running.iter().position(|(at, order, _)| (*at, *order) == first).unwrap();
                    let (_, _, instance) = self.running.remove(place);
                    self.event(Event::Exited { instance, code: 0 });
                }
                None => self.event(Event::Timer),
            }
        }
        self.now = self.now.max(until);
    }

    fn event(&mut self, event: Event) {
        let context = Context::new(instant(self.now), &self.zone, &self.machine, &Known);
        let step = self.state.event(&context, event);
        self.carry_out(step.effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Start(start) => {
                    let task = self.tasks[&start.task.to_string()];
                    let fact = Fact::Start { trigger: start.trigger, session: start.session };
                    self.histories[task].push((self.now, fact));
                    let (n, instance) = (self.started[task], start.instance);
                    self.started[task] += 1;
                    let event = if spec::fails(&self.specs[task], self.seed, task, n) {
                        Event::StartFailed { instance, error: HResult(0x8007_0002) }
                    } else {
                        self.order += 1;
                        self.running.push((self.now + self.specs[task].length, self.order, instance));
                        Event::Started { instance, pid: 1 }
                    };
                    let context = Context::new(instant(self.now), &self.zone, &self.machine, &Known);
                    effects.extend(self.state.event(&context, event).effects);
                }
                Effect::Stop { task, instance, force: false } => {
                    self.histories[self.tasks[&task.to_string()]].push((self.now, Fact::Stop));
                    for running in self.running.iter_mut().filter(|running| running.2 == instance) {
                        running.0 = running.0.min(self.now + 5);
                    }
                }
                Effect::Wake { at } => *self.wakes.last_mut().unwrap() = Some(at.unix_timestamp()),
                Effect::Remove { store: StoreKind::Xml, path } => {
                    self.histories[self.tasks[&path]].push((self.now, Fact::Delete));
                }
                _ => {}
            }
        }
        if self.random {
            self.note_delays();
        }
        if let Some(random) = &mut self.reload
            && random.one_in(40)
        {
            self.state.check().unwrap();
            self.state = serde_json::from_str(&serde_json::to_string(&self.state).unwrap()).unwrap();
        }
    }

    /// Notes until when starts are delayed that have been since now.
    fn note_delays(&mut self) {
        for instance in self.state.instances() {
            let (Some(until), Some(trigger)) = (instance.starts_at(), instance.trigger()) else { continue };
            let task = self.tasks[&instance.path().to_string()];
            if self.specs[task].triggers[trigger].random_delay > 0 && self.delayed.insert(instance.id()) {
                let key = (trigger, instance.since().unix_timestamp());
                self.delays[task].insert(key, until.unix_timestamp());
            }
        }
    }

    fn happen(&mut self, what: Happens) {
        let now = instant(self.now);
        match what {
            Happens::Sleep => {
                self.wakes.push(None);
                self.event(Event::Sleep);
            }
            Happens::Wake => {
                // What ended meanwhile is reported a second later.
                for running in &mut self.running {
                    running.0 = running.0.max(self.now + 1);
                }
                self.event(Event::Wake);
            }
            Happens::Boot { off, users } => {
                self.running.clear();
                self.machine.idle_since = None;
                self.machine.sessions = (0..2).filter(|user| users[*user as usize]).map(session).collect();
                self.event(Event::Boot { off_since: Some(instant(off)) });
            }
            Happens::Idle => {
                self.machine.idle_since = Some(now);
                self.event(Event::Idle);
            }
            Happens::Busy => {
                self.machine.idle_since = None;
                self.event(Event::Busy);
            }
            Happens::Battery(on) => {
                self.machine.on_battery = on;
                self.event(Event::Power);
            }
            Happens::Network(on) => {
                self.machine.network = on;
                self.event(Event::Network);
            }
            Happens::Logon(user) => {
                self.machine.sessions.push(session(user));
                self.machine.sessions.sort_by_key(|session| session.id);
                self.event(Event::Logon(session(user)));
            }
            Happens::Logoff(user) => {
                self.machine.sessions.retain(|session| session.id != user + 1);
                self.event(Event::Logoff { session: user + 1 });
            }
            Happens::Lock(user) | Happens::Unlock(user) => {
                let change = match what {
                    Happens::Lock(_) => SessionStateChange::SessionLock,
                    _ => SessionStateChange::SessionUnlock,
                };
                self.event(Event::Session { session: session(user), change });
            }
            Happens::Logged(id) => {
                let mut system = eventlog::System::new("Test", u16::try_from(id).unwrap());
                system.channel = Some("Application".to_owned());
                self.event(Event::Logged(Box::new(eventlog::Event::new(&system, []))));
            }
            Happens::Maintenance => self.event(Event::Maintenance),
            Happens::Run(task, ignoring) => {
                let request = SchRpcRun {
                    path: format!("\\T{task}").as_str().into(),
                    flags: if ignoring { RunFlags::IGNORE_CONSTRAINTS } else { RunFlags(0) },
                    ..Default::default()
                };
                let context = Context::new(now, &self.zone, &self.machine, &Known);
                let effects = self.state.call(&context, &request).effects;
                self.carry_out(effects);
            }
            Happens::Enable(task, enabled) => {
                let request =
                    SchRpcEnableTask { path: format!("\\T{task}").as_str().into(), enabled: enabled.into() };
                let context = Context::new(now, &self.zone, &self.machine, &Known);
                let effects = self.state.call(&context, &request).effects;
                self.carry_out(effects);
            }
        }
    }
}
