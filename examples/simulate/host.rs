//! A host without processes: it keeps a machine, and lets actions run for the time that the script states.

use super::{
    script::{Happening, Outcome, Script},
    shared::zone::AnyZone,
};
use std::collections::{BTreeMap, VecDeque};
use time::OffsetDateTime;
use uuid::Uuid;
use wintask::{
    HResult,
    definition::{LogonType, Task, TaskPath},
    dtyp::Password,
    rpc::schrpc::{SchRpcEnableTask, SchRpcRegisterTask, SchRpcRun, SchRpcStop, TaskCreation, TaskUserCred},
    scheduler::{
        Account, Accounts, Caller, Context, Effect, Event, Machine, Options, Record, Session, Start, State,
        Step,
    },
    security::{Sid, Token},
    xml::{Form, write_text},
};

/// Accounts of an unknown machine: every name exists, and every password is right.
struct Everyone;

impl Accounts for Everyone {
    fn resolve(&self, name: &str) -> Option<Account> {
        Some(Account::new(sid(name)?, name))
    }

    fn verify(&self, _: &Sid, _: &Password) -> bool {
        true
    }
}

/// A SID for a name: the same for the same name, without its domain and in any case.
pub fn sid(name: &str) -> Option<Sid> {
    let bare = name.rsplit('\\').next().unwrap_or(name).to_lowercase();
    let hash =
        bare.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    Sid::new(5, &[21, 1, 2, 3, hash])
}

/// Something that the history has.
pub enum Entry {
    Logged(Box<Record>),
    Started(Box<Start>),
}

/// The scheduler and what is around it.
pub struct Host {
    pub state: State,
    pub zone: AnyZone,
    machine: Machine,
    outcomes: BTreeMap<String, Outcome>,
    /// The ends of actions that run, by when they come.
    ends: BTreeMap<(OffsetDateTime, Uuid), u32>,
    /// What happened, in order.
    pub history: Vec<(OffsetDateTime, Entry)>,
}

impl Host {
    pub fn new(zone: AnyZone, seed: u64, outcomes: Vec<(String, Outcome)>) -> Self {
        let outcomes = outcomes.into_iter().map(|(task, outcome)| (task.to_lowercase(), outcome)).collect();
        let (state, machine) = (State::new(Options::default(), seed), Machine::default());
        Self { state, zone, machine, outcomes, ends: BTreeMap::new(), history: Vec::new() }
    }

    fn step<R>(&mut self, now: OffsetDateTime, take: impl FnOnce(&mut State, &Context<'_>) -> Step<R>) -> R {
        let administrator =
            Token::new(sid("admin").unwrap_or(Sid::ADMINISTRATORS)).with_group(Sid::ADMINISTRATORS);
        let caller = Caller::new("HOST\\admin", administrator, true);
        let context = Context::new(now, &self.zone, &self.machine, &Everyone).with_caller(caller);
        let step = take(&mut self.state, &context);
        let mut pending = VecDeque::from(step.effects);
        while let Some(effect) = pending.pop_front() {
            match effect {
                Effect::Log(record) => self.history.push((now, Entry::Logged(record))),
                Effect::Start(start) => {
                    let instance = start.instance;
                    let outcome = self.outcomes.get(&start.task.to_string().to_lowercase()).cloned();
                    let event = match outcome.unwrap_or_default() {
                        Outcome::Fails { error } => Event::StartFailed { instance, error: HResult(error) },
                        Outcome::Lasts { for_, code } => {
                            self.ends.insert((now + for_, instance), code);
                            Event::Started { instance, pid: 4711 }
                        }
                    };
                    self.history.push((now, Entry::Started(start)));
                    let context = Context::new(now, &self.zone, &self.machine, &Everyone);
                    pending.extend(self.state.event(&context, event).effects);
                }
                Effect::Stop { instance, .. } => {
                    // A program that is asked to stop does so within a second.
                    self.ends.retain(|(_, running), _| *running != instance);
                    self.ends.insert((now + time::Duration::SECOND, instance), 1);
                }
                _ => {}
            }
        }
        step.reply
    }

    /// Registers a task, as an administrator who knows its password would.
    pub fn register(&mut self, now: OffsetDateTime, path: &TaskPath, task: &Task) -> Result<(), HResult> {
        let Ok(xml) = write_text(task, Form::File) else { return Err(HResult::E_INVALIDARG) };
        let logon = task.run_as().and_then(|principal| principal.logon_type);
        let with_password = [LogonType::Password, LogonType::InteractiveTokenOrPassword];
        let creds = if logon.is_some_and(|logon| with_password.contains(&logon)) {
            let mut cred = TaskUserCred::new("", "password");
            cred.user_id = None;
            vec![cred].into()
        } else {
            Default::default()
        };
        let request = SchRpcRegisterTask {
            path: Some(path.to_wide()),
            xml: xml.as_str().into(),
            flags: TaskCreation::CREATE | TaskCreation::UPDATE | TaskCreation::IGNORE_REGISTRATION_TRIGGERS,
            creds,
            ..SchRpcRegisterTask::default()
        };
        let status = self.step(now, |state, context| state.call(context, &request)).status;
        if status.is_failure() { Err(status) } else { Ok(()) }
    }

    /// Lets time pass until an instant, which is not part of it.
    pub fn run_until(&mut self, script: &Script, from: OffsetDateTime, until: OffsetDateTime) {
        let mut now = from;
        let mut happenings = script.happenings.iter().filter(|(at, _)| *at >= from).peekable();
        let mut away = false;
        loop {
            let off = happenings.peek().is_some_and(|(_, next)| match next {
                Happening::Boot { off_since: Some(since) } => *since <= now,
                _ => false,
            });
            let timer = self.state.next_wakeup().filter(|_| !away && !off).map(|at| at.max(now));
            let end = self.ends.first_key_value().map(|((at, _), _)| *at);
            let scripted = happenings.peek().map(|(at, _)| *at);
            let Some(next) = [timer, end, scripted].into_iter().flatten().min().filter(|at| *at < until)
            else {
                return;
            };
            // The machine goes off before what would have come next.
            if let Some((_, Happening::Boot { off_since: Some(since) })) = happenings.peek()
                && *since > now
                && *since <= next
            {
                now = *since;
                continue;
            }
            now = next;
            if timer == Some(next) {
                self.step(now, |state, context| state.event(context, Event::Timer));
            } else if end == Some(next) {
                self.end_first(now);
            } else if let Some((_, happening)) = happenings.next() {
                away = match happening {
                    Happening::Sleep => true,
                    Happening::Wake | Happening::Boot { .. } => false,
                    _ => away,
                };
                self.happen(now, happening);
            }
        }
    }

    fn end_first(&mut self, now: OffsetDateTime) {
        if let Some(((_, instance), code)) = self.ends.pop_first() {
            self.step(now, |state, context| state.event(context, Event::Exited { instance, code }));
        }
    }

    fn happen(&mut self, now: OffsetDateTime, happening: &Happening) {
        let event = match happening {
            Happening::Idle => {
                self.machine.idle_since = Some(now);
                Event::Idle
            }
            Happening::Busy => {
                self.machine.idle_since = None;
                Event::Busy
            }
            Happening::Power { on_battery } => {
                self.machine.on_battery = *on_battery;
                Event::Power
            }
            Happening::Network { connected } => {
                self.machine.network = *connected;
                Event::Network
            }
            Happening::Sleep => Event::Sleep,
            Happening::Wake => Event::Wake,
            Happening::Maintenance => Event::Maintenance,
            Happening::Boot { off_since } => {
                self.ends.clear();
                self.machine.sessions.clear();
                Event::Boot { off_since: *off_since }
            }
            Happening::Logon { session, user } => {
                let Some(sid) = sid(user) else { return };
                let session = Session::new(*session, user, sid).with_group(Sid::USERS);
                self.machine.sessions.retain(|known| known.id != session.id);
                self.machine.sessions.push(session.clone());
                Event::Logon(session)
            }
            Happening::Logoff { session } => {
                self.machine.sessions.retain(|known| known.id != *session);
                Event::Logoff { session: *session }
            }
            Happening::Session { session, change } => {
                let Some(session) = self.machine.session(*session).cloned() else { return };
                Event::Session { session, change: *change }
            }
            Happening::Run { task } => {
                let request = SchRpcRun { path: task.as_str().into(), ..SchRpcRun::default() };
                self.step(now, |state, context| state.call(context, &request));
                return;
            }
            Happening::Stop { task } => {
                let request = SchRpcStop { path: Some(task.as_str().into()), flags: 0 };
                self.step(now, |state, context| state.call(context, &request));
                return;
            }
            Happening::Enable { task, enabled } => {
                let request = SchRpcEnableTask { path: task.as_str().into(), enabled: (*enabled).into() };
                self.step(now, |state, context| state.call(context, &request));
                return;
            }
        };
        self.step(now, |state, context| state.event(context, event));
    }
}
