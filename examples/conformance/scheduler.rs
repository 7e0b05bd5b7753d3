//! `scheduler.*`: a scheduler that is kept from request to request, with a host that keeps its machine.

use crate::{
    hex::unhex,
    ok,
    request::{Answer, Request, hex},
    schedule::{instant, stated_zone},
    zone::AnyZone,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;
use wintask::{
    HResult,
    definition::{SchemaVersion, SessionStateChange},
    dtyp::Password,
    ndr::Transfer,
    rpc::INTERFACES,
    scheduler::{
        Account, Accounts, Caller, Context, Effect, Event, FailedEffect, Machine, Network, Options, Session,
        State, StoreKind,
    },
    security::{Sid, Token},
};

/// A scheduler and what is around it.
pub struct Host {
    state: State,
    zone: AnyZone,
    /// The zone as it was stated.
    stated_zone: Value,
    machine: Machine,
    accounts: Known,
}

/// The accounts of a request.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Known(Vec<KnownAccount>);

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownAccount {
    name: String,
    sid: Sid,
    #[serde(default)]
    groups: Vec<Sid>,
    #[serde(default)]
    administrator: bool,
    #[serde(default)]
    password: Option<String>,
}

impl Accounts for Known {
    fn resolve(&self, name: &str) -> Option<Account> {
        let is = |account: &&KnownAccount| {
            let bare = account.name.rsplit('\\').next().unwrap_or_default();
            let domain = account.name.rsplit_once('\\').map_or("", |(domain, _)| domain);
            let names =
                [account.name.clone(), bare.to_owned(), format!("{bare}@{domain}"), account.sid.to_string()];
            names.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        self.0.iter().find(is).map(|account| Account::new(account.sid, &account.name))
    }

    fn verify(&self, sid: &Sid, password: &Password) -> bool {
        let listed =
            self.0.iter().find(|account| account.sid == *sid).and_then(|known| known.password.as_ref());
        match listed {
            Some(listed) => password.reveal().to_string() == *listed,
            None => !password.units().is_empty(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StatedMachine {
    name: Option<String>,
    on_battery: bool,
    network: Option<bool>,
    networks: Vec<StatedNetwork>,
    idle: bool,
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatedNetwork {
    #[serde(default)]
    id: Option<Uuid>,
    #[serde(default)]
    name: String,
}

fn networks(stated: Vec<StatedNetwork>) -> Vec<Network> {
    stated.into_iter().map(|network| Network::new(network.name, network.id)).collect()
}

impl StatedMachine {
    fn build(self, now: OffsetDateTime) -> Machine {
        let mut machine = Machine::named(self.name.unwrap_or_else(|| "HOST".to_owned()));
        machine.on_battery = self.on_battery;
        machine.network = self.network.unwrap_or(true);
        machine.networks = networks(self.networks);
        machine.idle_since = self.idle.then_some(now);
        machine.sessions = self.sessions;
        machine
    }
}

fn now(request: &mut Request) -> Result<OffsetDateTime, String> {
    let text: String = request.need("now")?;
    parse_instant(&text)
}

fn parse_instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|e| format!("{text}: {e}"))
}

pub fn new(mut request: Request, host: &mut Option<Host>) -> Answer {
    let now = now(&mut request)?;
    let stated_zone = request.take::<Value>("zone")?.unwrap_or_default();
    let zone = read_zone(&stated_zone)?;
    let seed = request.take("seed")?.unwrap_or(0);
    let profile = crate::xml::profile(&mut request)?;
    let version: Option<String> = request.take("server_version")?;
    let version: SchemaVersion = version.as_deref().unwrap_or("1.6").parse().map_err(|e| format!("{e}"))?;
    let machine = request.take::<StatedMachine>("machine")?.unwrap_or_default().build(now);
    let accounts = request.take("accounts")?.unwrap_or_default();
    let at_enabled = request.take("at_enabled")?.unwrap_or(true);
    request.done()?;
    let options =
        Options::default().with_profile(profile).with_server_version(version).with_at_enabled(at_enabled);
    *host = Some(Host { state: State::new(options, seed), zone, stated_zone, machine, accounts });
    ok(json!({}))
}

/// A zone as a request states it; UTC if it does not.
fn read_zone(stated: &Value) -> Result<AnyZone, String> {
    let line = json!({"op": "zone", "zone": stated}).to_string();
    stated_zone(&mut Request::parse(line.as_bytes())?)
}

fn needed(host: &mut Option<Host>) -> Result<&mut Host, String> {
    host.as_mut().ok_or_else(|| "scheduler.new comes first".to_owned())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatedCaller {
    user: String,
    sid: Sid,
    #[serde(default)]
    groups: Vec<Sid>,
    #[serde(default)]
    administrator: bool,
}

impl StatedCaller {
    fn build(self) -> Caller {
        let always = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS];
        let administrators = self.administrator.then_some(Sid::ADMINISTRATORS);
        let groups = self.groups.into_iter().chain(always).chain(administrators);
        let token = groups.fold(Token::new(self.sid), |token, group| {
            if token.has(&group, false) { token } else { token.with_group(group) }
        });
        Caller::new(self.user, token, self.administrator)
    }
}

pub fn call(mut request: Request, host: &mut Option<Host>) -> Answer {
    let host = needed(host)?;
    let name: String = request.need("interface")?;
    let opnum = request.need("opnum")?;
    let stub = request.need_hex("hex")?;
    let caller = request.take::<StatedCaller>("caller")?.map_or_else(Caller::system, StatedCaller::build);
    let now = now(&mut request)?;
    request.done()?;
    let interface = INTERFACES.iter().find(|it| it.name == name).ok_or("unknown interface")?;
    let context = Context::new(now, &host.zone, &host.machine, &host.accounts).with_caller(caller);
    let step = host.state.dispatch(&context, interface, opnum, &stub, Transfer::NDR20);
    let next = next_wakeup(&host.state)?;
    match step.reply {
        Ok(stub) => ok(json!({"hex": hex(&stub), "effects": effects(&step.effects)?, "next_wakeup": next})),
        Err(fault) => ok(json!({"fault": format!("{:#010x}", fault.0)})),
    }
}

fn next_wakeup(state: &State) -> Result<Option<String>, String> {
    state.next_wakeup().map(instant).transpose()
}

/// The fields of every effect of a kind that SHIM.md names; those that do not apply are null.
const START: &[&str] = &["command", "arguments", "working_directory", "class_id", "data"];

/// The fields that count from 1 in SHIM.md, and from 0 in the library.
const POSITIONS: &[&str] = &["action", "trigger"];

fn effects(effects: &[Effect]) -> Result<Vec<Value>, String> {
    let shown = effects.iter().map(|effect| {
        let mut value = serde_json::to_value(effect).map_err(|e| e.to_string())?;
        if let (Effect::Start(_), Value::Object(fields)) = (effect, &mut value) {
            for name in START {
                fields.entry(*name).or_insert(Value::Null);
            }
        }
        for name in POSITIONS {
            if let Some(position) = value.get_mut(*name)
                && let Some(index) = position.as_u64()
            {
                *position = (index + 1).into();
            }
        }
        Ok(value)
    });
    shown.collect()
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum StatedEvent {
    Timer {},
    Boot {
        #[serde(default)]
        sessions: Vec<Session>,
        #[serde(default)]
        off_since: Option<String>,
    },
    Sleep {},
    Wake {},
    Idle {},
    Busy {},
    Power {
        on_battery: bool,
    },
    Network {
        connected: bool,
        #[serde(default)]
        networks: Vec<StatedNetwork>,
    },
    Logon {
        session: Session,
    },
    Logoff {
        session: Value,
    },
    Session {
        session: Session,
        change: Change,
    },
    EventLog {
        xml: String,
    },
    Maintenance {},
    Clock {
        #[serde(default)]
        zone: Option<Value>,
    },
    Started {
        instance: Uuid,
        #[serde(default)]
        pid: u32,
    },
    StartFailed {
        instance: Uuid,
        error: HResult,
    },
    Exited {
        instance: Uuid,
        code: u32,
    },
    FileAdded {
        name: String,
        hex: String,
        #[serde(default)]
        owner: Option<String>,
    },
    FileChanged {
        name: String,
        hex: String,
        #[serde(default)]
        owner: Option<String>,
    },
    FileRemoved {
        name: String,
    },
    Failed {
        effect: Value,
        error: HResult,
    },
}

/// The session of a logoff.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the id of an ended session matters")]
struct EndedSession {
    id: u32,
    user: Option<String>,
    sid: Option<Sid>,
    groups: Option<Vec<Sid>>,
    active: Option<bool>,
    remote: Option<bool>,
    remote_app: Option<bool>,
    locked: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    ConsoleConnect,
    ConsoleDisconnect,
    RemoteConnect,
    RemoteDisconnect,
    Lock,
    Unlock,
}

impl From<Change> for SessionStateChange {
    fn from(change: Change) -> Self {
        match change {
            Change::ConsoleConnect => Self::ConsoleConnect,
            Change::ConsoleDisconnect => Self::ConsoleDisconnect,
            Change::RemoteConnect => Self::RemoteConnect,
            Change::RemoteDisconnect => Self::RemoteDisconnect,
            Change::Lock => Self::SessionLock,
            Change::Unlock => Self::SessionUnlock,
        }
    }
}

pub fn event(mut request: Request, host: &mut Option<Host>) -> Answer {
    let host = needed(host)?;
    let stated: StatedEvent = request.need("event")?;
    let now = now(&mut request)?;
    request.done()?;
    let event = host.take(stated, now)?;
    let context = Context::new(now, &host.zone, &host.machine, &host.accounts);
    let step = host.state.event(&context, event);
    ok(json!({
        "effects": effects(&step.effects)?,
        "next_wakeup": next_wakeup(&host.state)?,
        "ignored": step.reply.map(|ignored| ignored.to_string()),
    }))
}

impl Host {
    /// Makes the machine what it is after the event, and the event what the library takes.
    fn take(&mut self, stated: StatedEvent, now: OffsetDateTime) -> Result<Event, String> {
        Ok(match stated {
            StatedEvent::Timer {} => Event::Timer,
            StatedEvent::Boot { sessions, off_since } => {
                self.machine.sessions = sessions;
                Event::Boot { off_since: off_since.as_deref().map(parse_instant).transpose()? }
            }
            StatedEvent::Sleep {} => Event::Sleep,
            StatedEvent::Wake {} => Event::Wake,
            StatedEvent::Idle {} => {
                self.machine.idle_since.get_or_insert(now);
                Event::Idle
            }
            StatedEvent::Busy {} => {
                self.machine.idle_since = None;
                Event::Busy
            }
            StatedEvent::Power { on_battery } => {
                self.machine.on_battery = on_battery;
                Event::Power
            }
            StatedEvent::Network { connected, networks: stated } => {
                self.machine.network = connected;
                self.machine.networks = networks(stated);
                Event::Network
            }
            StatedEvent::Logon { session } => {
                self.put(session.clone());
                Event::Logon(session)
            }
            StatedEvent::Logoff { session } => {
                // Its id is enough, in the session or by itself.
                let id = match session {
                    Value::Number(_) => serde_json::from_value(session),
                    session => serde_json::from_value(session).map(|EndedSession { id, .. }| id),
                };
                let id = id.map_err(|e| format!("session: {e}"))?;
                self.machine.sessions.retain(|known| known.id != id);
                Event::Logoff { session: id }
            }
            StatedEvent::Session { session, change } => {
                self.put(session.clone());
                Event::Session { session, change: change.into() }
            }
            StatedEvent::EventLog { xml } => {
                Event::Logged(Box::new(xml.parse().map_err(|e| format!("xml: {e}"))?))
            }
            StatedEvent::Maintenance {} => Event::Maintenance,
            StatedEvent::Clock { zone } => {
                if let Some(zone) = zone {
                    self.zone = read_zone(&zone)?;
                    self.stated_zone = zone;
                }
                Event::Clock
            }
            StatedEvent::Started { instance, pid } => Event::Started { instance, pid },
            StatedEvent::StartFailed { instance, error } => Event::StartFailed { instance, error },
            StatedEvent::Exited { instance, code } => Event::Exited { instance, code },
            StatedEvent::FileAdded { name, hex, owner } => {
                Event::JobFileAdded { name, content: file(&hex)?, owner }
            }
            StatedEvent::FileChanged { name, hex, owner } => {
                Event::JobFileChanged { name, content: file(&hex)?, owner }
            }
            StatedEvent::FileRemoved { name } => Event::JobFileRemoved { name },
            StatedEvent::Failed { effect, error } => Event::Failed { effect: failed(&effect)?, error },
        })
    }

    fn put(&mut self, session: Session) {
        self.machine.sessions.retain(|known| known.id != session.id);
        self.machine.sessions.push(session);
        self.machine.sessions.sort_by_key(|session| session.id);
    }
}

fn file(hex: &str) -> Result<Vec<u8>, String> {
    unhex(hex).ok_or_else(|| "hex is not hex".to_owned())
}

/// The effect that could not be carried out, as it was handed out.
fn failed(effect: &Value) -> Result<FailedEffect, String> {
    let text = |name: &str| effect.get(name).and_then(Value::as_str).unwrap_or_default();
    let instance = || text("instance").parse::<Uuid>().map_err(|e| format!("instance: {e}"));
    let store = || {
        let store: StoreKind =
            serde_json::from_value(effect["store"].clone()).map_err(|e| format!("store: {e}"))?;
        let removed = text("effect") == "remove";
        let only_security = !removed && effect["hex"].is_null();
        Ok(FailedEffect::Store { store, path: text("path").to_owned(), removed, only_security })
    };
    match text("effect") {
        "start" => Ok(FailedEffect::Start { instance: instance()? }),
        "stop" => Ok(FailedEffect::Stop { instance: instance()? }),
        "subscribe" | "unsubscribe" => {
            let task = text("task").parse().map_err(|e| format!("task: {e}"))?;
            let position = effect["trigger"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
            let trigger = position.checked_sub(1).ok_or("trigger: expected a number from 1")?;
            let ends = text("effect") == "unsubscribe";
            Ok(if ends {
                FailedEffect::Unsubscribe { task, trigger }
            } else {
                FailedEffect::Subscribe { task, trigger }
            })
        }
        "wake" => Ok(FailedEffect::Wake),
        "credential" => Ok(FailedEffect::Credential { account: text("account").to_owned() }),
        "write" | "remove" => store(),
        other => Err(format!("effect {other:?} cannot fail")),
    }
}

/// What is saved: the scheduler, and the host around it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    scheduler: State,
    zone: Value,
    machine: Machine,
    accounts: Known,
}

pub fn save(request: Request, host: &mut Option<Host>) -> Answer {
    let host = needed(host)?;
    request.done()?;
    let Host { state, stated_zone, machine, accounts, .. } = host;
    let saved = Saved {
        scheduler: state.clone(),
        zone: stated_zone.clone(),
        machine: machine.clone(),
        accounts: accounts.clone(),
    };
    ok(json!({"state": serde_json::to_value(&saved).map_err(|e| e.to_string())?}))
}

pub fn load(mut request: Request, host: &mut Option<Host>) -> Answer {
    let saved: Saved = request.need("state")?;
    let now = now(&mut request)?;
    request.done()?;
    let Saved { scheduler, zone: stated_zone, machine, accounts } = saved;
    let zone = read_zone(&stated_zone)?;
    let host = host.insert(Host { state: scheduler, zone, stated_zone, machine, accounts });
    let context = Context::new(now, &host.zone, &host.machine, &host.accounts);
    let step = host.state.resume(&context);
    ok(json!({"effects": effects(&step.effects)?, "next_wakeup": next_wakeup(&host.state)?}))
}

pub fn check(request: Request, host: &mut Option<Host>) -> Answer {
    let host = needed(host)?;
    request.done()?;
    host.state.check().map_err(|violation| violation.to_string())?;
    ok(json!({}))
}
