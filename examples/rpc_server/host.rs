//! The machine around the scheduler: its clock, its accounts, and how effects are carried out.

use crate::{log::Log, shared::output::Output};
use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use time::{OffsetDateTime, UtcOffset};
use wintask::{
    Profile,
    dtyp::{HResult, NetApiStatus, Password},
    ndr::{ByteOrder, Fault, Transfer},
    rpc::{Interface, atsvc},
    scheduler::{Account, Accounts, Caller, Context, Effect, Event, Machine, Options, Session, State},
    security::{Sid, Token},
};

/// The options of the command line.
pub struct Setup {
    pub caller: String,
    pub administrator: bool,
    pub profile: Profile,
    /// The time at which the clock is stopped.
    pub now: Option<OffsetDateTime>,
    pub at_enabled: bool,
    pub show_effects: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            caller: r"HOST\admin".to_owned(),
            administrator: false,
            profile: Profile::Windows,
            now: None,
            at_enabled: false,
            show_effects: false,
        }
    }
}

/// The process of the first action that starts.
const FIRST_PROCESS: u32 = 1000;

/// The exit code of an action that the scheduler stops.
const STOPPED: u32 = 1;

/// How often in a row the timer is reported for one instant.
const TIMERS_AT_ONCE: usize = 64;

pub struct Host {
    machine: Machine,
    caller: Caller,
    account: Account,
    now: Option<OffsetDateTime>,
    show_effects: bool,
    log: Log,
    inside: Mutex<Inside>,
    /// Signalled when the next wake-up may have changed.
    changed: Condvar,
}

struct Inside {
    state: State,
    next_process: u32,
}

impl Host {
    pub fn new(setup: Setup, log: Log) -> Self {
        // Any SID of a domain will do.
        let user: Sid = "S-1-5-21-1004336348-1177238915-682003330-1001".parse().unwrap_or(Sid::LOCAL_SYSTEM);
        let groups = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS, Sid::USERS];
        let administrators = setup.administrator.then_some(Sid::ADMINISTRATORS);
        let groups: Vec<_> = groups.into_iter().chain(administrators).collect();
        let token = groups.iter().fold(Token::new(user), |token, group| token.with_group(*group));
        let domain = setup.caller.split_once('\\').map_or("HOST", |(domain, _)| domain);
        let mut machine = Machine::named(domain);
        let session = Session::new(1, &setup.caller, user);
        machine.sessions.push(groups.into_iter().fold(session, Session::with_group));
        let options = Options::default().with_profile(setup.profile).with_at_enabled(setup.at_enabled);
        let host = Self {
            machine,
            caller: Caller::new(&setup.caller, token, setup.administrator),
            account: Account::new(user, setup.caller),
            now: setup.now,
            show_effects: setup.show_effects,
            log,
            inside: Mutex::new(Inside { state: State::new(options, 1), next_process: FIRST_PROCESS }),
            changed: Condvar::new(),
        };
        host.event(&mut host.lock(), Event::Boot { off_since: None });
        host
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> OffsetDateTime {
        self.now.unwrap_or_else(OffsetDateTime::now_utc)
    }

    fn context(&self) -> Context<'_> {
        Context::new(self.now(), &UtcOffset::UTC, &self.machine, self)
    }

    /// Processes a call, and reports it.
    pub fn call(
        &self,
        interface: &Interface,
        opnum: u16,
        stub: &[u8],
        transfer: Transfer,
    ) -> Result<Vec<u8>, Fault> {
        let mut inside = self.lock();
        self.run_what_is_due(&mut inside);
        let context = self.context().with_caller(self.caller.clone());
        let step = inside.state.dispatch(&context, interface, opnum, stub, transfer);
        self.carry_out(&mut inside, step.effects);
        self.run_what_is_due(&mut inside);
        drop(inside);
        self.changed.notify_all();
        let method =
            interface.method(opnum).map_or_else(|| format!("opnum {opnum}"), |method| method.name.to_owned());
        let status = status(interface, &step.reply, transfer.order);
        self.log.line(format!("{} {method} {status}", interface.name));
        step.reply
    }

    fn event(&self, inside: &mut Inside, event: Event) {
        let step = inside.state.event(&self.context(), event);
        self.carry_out(inside, step.effects);
    }

    /// Reports the timer as long as something is due.
    fn run_what_is_due(&self, inside: &mut Inside) {
        for _ in 0..TIMERS_AT_ONCE {
            if inside.state.next_wakeup().is_none_or(|at| at > self.now()) {
                return;
            }
            self.event(inside, Event::Timer);
        }
    }

    /// Reports the timer when it is due, unless the clock is stopped.
    pub fn run_timers(self: &Arc<Self>) {
        if self.now.is_some() {
            return;
        }
        let host = Arc::clone(self);
        thread::spawn(move || {
            let mut inside = host.lock();
            loop {
                host.run_what_is_due(&mut inside);
                let wait = inside.state.next_wakeup().map_or(LONGEST_WAIT, |at| {
                    Duration::try_from(at - host.now())
                        .unwrap_or(SHORTEST_WAIT)
                        .clamp(SHORTEST_WAIT, LONGEST_WAIT)
                });
                let waited = host.changed.wait_timeout(inside, wait);
                inside = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        });
    }

    /// Carries out the scheduler's effects, as far as a host without files and processes can.
    fn carry_out(&self, inside: &mut Inside, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            if self.show_effects {
                let mut out = Output::new();
                out.line(&effect.to_string());
                out.flush();
            }
            let event = match effect {
                Effect::Start(start) => {
                    let pid = inside.next_process;
                    inside.next_process = pid.wrapping_add(1);
                    Event::Started { instance: start.instance, pid }
                }
                Effect::Stop { instance, .. } => Event::Exited { instance, code: STOPPED },
                _ => continue,
            };
            effects.extend(inside.state.event(&self.context(), event).effects);
        }
    }
}

/// The maximum wait, since the clock may be set.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The minimum wait.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// The only account is the caller's; any password except an empty one is valid.
impl Accounts for Host {
    fn resolve(&self, name: &str) -> Option<Account> {
        let bare = self.account.name.rsplit('\\').next().unwrap_or_default();
        let is = [&*self.account.name, bare, &self.account.sid.to_string()]
            .into_iter()
            .any(|known| known.eq_ignore_ascii_case(name));
        is.then(|| self.account.clone())
    }

    fn verify(&self, account: &Sid, password: &Password) -> bool {
        *account == self.account.sid && !password.units().is_empty()
    }
}

/// The status of a response, which is its last four bytes, or the fault.
fn status(interface: &Interface, reply: &Result<Vec<u8>, Fault>, order: ByteOrder) -> String {
    let stub = match reply {
        Ok(stub) => stub,
        Err(fault) => return format!("fault {fault}"),
    };
    let Some(bytes) = stub.last_chunk::<4>() else { return "no status".to_owned() };
    let status =
        if order == ByteOrder::Big { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) };
    if interface.uuid == atsvc::INTERFACE.uuid {
        NetApiStatus(status).to_string()
    } else {
        HResult(status).to_string()
    }
}
