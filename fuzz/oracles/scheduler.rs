//! The scheduler: calls as stubs, and random sequences of calls and events.

use super::bytes::Bytes;
use time::{Duration, OffsetDateTime, UtcOffset, macros::datetime};
use uuid::Uuid;
use wintask::{
    Profile,
    definition::SessionStateChange,
    dtyp::{HResult, Password},
    job::DaysOfMonth,
    ndr::Transfer,
    rpc::{
        INTERFACES, Interface,
        atsvc::{AtDaysOfWeek, AtFlags, AtInfo, NetrJobAdd, NetrJobDel, NetrJobEnum},
        schrpc::*,
    },
    scheduler::{
        Account, Accounts, Caller, Context, Effect, Event, FailedEffect, Machine, Method, Options, Session,
        State, WithSecrets,
    },
    security::{Sid, Token},
};

/// Any stub for any method, after some tasks were registered: the call returns, the invariants hold, a rejected call
/// changes nothing, and a state that was saved and loaded gives the same reply.
///
/// Catches: panics and overflows between stubs, plans that change the state, inconsistent indexes.
/// Does not catch: a wrong reply that both states give; the tables in tests/it/scheduler have the right ones.
pub(crate) fn calls(data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut host = Host::new(&mut bytes);
    for (path, xml) in [(r"\A", TASKS[0]), (r"\F\B", TASKS[1]), (r"\C", TASKS[2])] {
        host.call(0, &register(path, xml, 2));
    }
    while !bytes.0.is_empty() {
        let interface = &INTERFACES[usize::from(bytes.byte()) % INTERFACES.len()];
        let (opnum, who) = (u16::from(bytes.byte() % 22), bytes.byte());
        let length = usize::from(bytes.byte()) | usize::from(bytes.byte() & 3) << 8;
        let (stub, rest) = bytes.0.split_at(length.min(bytes.0.len()));
        bytes.0 = rest;
        host.dispatch(who, interface, opnum, stub);
        host.minutes(1);
    }
}

/// Any calls and events, on a small store: the invariants hold after each, rejected calls and ignored events change
/// nothing, saving and loading the state (before every fourth step) makes no difference, timers are in the future
/// once they have fired, and every issued instance is known to the scheduler.
///
/// Catches: panics, overflows, endless timers, instances and timers of deleted tasks, derived data that is rebuilt
/// differently on loading.
/// Does not catch: starts that should not have happened; the scenarios in testdata/scheduler/engine have the right
/// ones.
pub(crate) fn steps(data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut host = Host::new(&mut bytes);
    for path in [r"\A", r"\B", r"\F\A", r"\F\G\A"] {
        let (middle, principal) = (bytes.one(&TASKS), bytes.one(&PRINCIPALS));
        let xml = definition(middle, principal, bytes.one(&ACTIONS));
        host.call(0, &SchRpcRegisterTask { xml: xml.as_str().into(), ..register(path, "", 2) });
    }
    for _ in 0..200 {
        if bytes.0.is_empty() {
            break;
        }
        host.step(&mut bytes);
    }
}

const PATHS: [&str; 8] = [r"\A", r"\B", r"\F\A", r"\F\G\A", r"\F", r"\F\G", r"\", r"\a"];

/// Definitions: every kind of trigger, and every setting that the engine uses.
const TASKS: [&str; 14] = [
    "<Triggers><TimeTrigger><StartBoundary>2024-05-15T10:05:00</StartBoundary><Repetition><Interval>PT1M</Interval><Duration>PT10M</Duration><StopAtDurationEnd>true</StopAtDurationEnd></Repetition></TimeTrigger></Triggers>",
    "<Triggers><CalendarTrigger><StartBoundary>2024-05-15T10:03:00</StartBoundary><RandomDelay>PT5M</RandomDelay><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger></Triggers><Settings><StartWhenAvailable>true</StartWhenAvailable><WakeToRun>true</WakeToRun><MultipleInstancesPolicy>Queue</MultipleInstancesPolicy></Settings>",
    "<Triggers><LogonTrigger/><SessionStateChangeTrigger><StateChange>SessionLock</StateChange></SessionStateChangeTrigger><BootTrigger><Delay>PT2M</Delay></BootTrigger></Triggers><Settings><MultipleInstancesPolicy>Parallel</MultipleInstancesPolicy></Settings>",
    "<Triggers><RegistrationTrigger><Delay>PT1M</Delay></RegistrationTrigger></Triggers><Settings><MultipleInstancesPolicy>StopExisting</MultipleInstancesPolicy><ExecutionTimeLimit>PT3M</ExecutionTimeLimit></Settings>",
    "<Triggers><TimeTrigger><StartBoundary>2024-05-15T10:02:00</StartBoundary><EndBoundary>2024-05-15T10:08:00</EndBoundary><Repetition><Interval>PT2M</Interval></Repetition></TimeTrigger></Triggers><Settings><DeleteExpiredTaskAfter>PT1M</DeleteExpiredTaskAfter><StartWhenAvailable>true</StartWhenAvailable><MultipleInstancesPolicy>Queue</MultipleInstancesPolicy></Settings>",
    "<Triggers><IdleTrigger/><TimeTrigger><StartBoundary>2024-05-15T10:01:00</StartBoundary><Repetition><Interval>PT3M</Interval></Repetition></TimeTrigger></Triggers><Settings><RunOnlyIfIdle>true</RunOnlyIfIdle><IdleSettings><Duration>PT2M</Duration><WaitTimeout>PT4M</WaitTimeout><StopOnIdleEnd>true</StopOnIdleEnd><RestartOnIdle>true</RestartOnIdle></IdleSettings></Settings>",
    "<Settings><UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>P1D</Period><Deadline>P2D</Deadline><Exclusive>true</Exclusive></MaintenanceSettings></Settings>",
    "<Settings><UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>P1D</Period></MaintenanceSettings><Volatile>true</Volatile><Hidden>true</Hidden></Settings>",
    "<Triggers><EventTrigger><Repetition><Interval>PT1M</Interval><Duration>PT3M</Duration></Repetition><Subscription>&lt;QueryList&gt;&lt;Query Id='0' Path='System'&gt;&lt;Select Path='System'&gt;*[System[EventID=7]]&lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;</Subscription><PeriodOfOccurrence>PT5M</PeriodOfOccurrence><NumberOfOccurrences>2</NumberOfOccurrences><ValueQueries><Value name='v'>Event/System/EventID</Value></ValueQueries></EventTrigger></Triggers>",
    "<Triggers><TimeTrigger><StartBoundary>2024-05-15T10:04:00</StartBoundary><Repetition><Interval>PT5M</Interval></Repetition></TimeTrigger></Triggers><Settings><RestartOnFailure><Interval>PT1M</Interval><Count>3</Count></RestartOnFailure><RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable></Settings>",
    "<Triggers><LogonTrigger><UserId>HOST\\alice</UserId><Delay>PT1M</Delay></LogonTrigger></Triggers><Settings><Priority>4</Priority><AllowHardTerminate>false</AllowHardTerminate><ExecutionTimeLimit>PT1M</ExecutionTimeLimit></Settings>",
    "<Settings><Enabled>false</Enabled></Settings>",
    "<Triggers><CalendarTrigger><StartBoundary>2024-01-01T10:07:00Z</StartBoundary><Repetition><Interval>PT7M</Interval><Duration>P1D</Duration></Repetition><ScheduleByDay/></CalendarTrigger></Triggers>",
    "<Nonsense/>",
];

const SYSTEM: &str = "<Principals><Principal id=\"P\"><UserId>S-1-5-18</UserId></Principal></Principals>";

const PRINCIPALS: [&str; 9] = [
    "",
    SYSTEM,
    SYSTEM,
    SYSTEM,
    "<Principals><Principal id=\"P\"><UserId>S-1-5-18</UserId></Principal></Principals>",
    "<Principals><Principal id=\"P\"><UserId>HOST\\alice</UserId><LogonType>InteractiveToken</LogonType></Principal></Principals>",
    "<Principals><Principal id=\"P\"><GroupId>S-1-5-32-545</GroupId></Principal></Principals>",
    "<Principals><Principal id=\"P\"><UserId>HOST\\bob</UserId><LogonType>Password</LogonType><RunLevel>HighestAvailable</RunLevel></Principal></Principals>",
    "<Principals><Principal id=\"P\"><UserId>HOST\\alice</UserId><LogonType>InteractiveTokenOrPassword</LogonType></Principal></Principals>",
];

const ACTIONS: [&str; 3] = [
    "<Exec><Command>a.exe</Command></Exec>",
    "<Exec><Command>a.exe</Command></Exec><Exec><Command>b.exe</Command><Arguments>$(Arg0) $(v)</Arguments></Exec>",
    "<ComHandler><ClassId>{01234567-89AB-CDEF-0123-456789ABCDEF}</ClassId></ComHandler>",
];

const SDDL: [Option<&str>; 5] = [
    None,
    Some("D:P(A;;FA;;;BA)(A;;FA;;;BU)"),
    Some("D:P(A;;FA;;;BA)(A;;FR;;;BU)"),
    Some("D:P(A;;FA;;;SY)"),
    Some("D:("),
];

fn definition(middle: &str, principal: &str, actions: &str) -> String {
    // Principals come between triggers and settings.
    let (triggers, settings) = match middle.find("<Settings>") {
        Some(at) => middle.split_at(at),
        None => (middle, ""),
    };
    let context = if principal.is_empty() { "" } else { " Context=\"P\"" };
    format!(
        "<Task version=\"1.4\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
         {triggers}{principal}{settings}<Actions{context}>{actions}</Actions></Task>"
    )
}

fn register(path: &str, middle: &str, flags: u32) -> SchRpcRegisterTask {
    SchRpcRegisterTask {
        path: Some(path.into()),
        xml: definition(middle, PRINCIPALS[1], ACTIONS[0]).as_str().into(),
        flags: TaskCreation(flags),
        ..SchRpcRegisterTask::default()
    }
}

/// Accounts of this machine; every password is `secret`.
struct Known;

fn user(number: u32) -> Sid {
    format!("S-1-5-21-1-2-3-{number}").parse().expect("a SID")
}

const USERS: [(&str, u32); 3] = [(r"HOST\admin", 500), (r"HOST\alice", 1001), (r"HOST\bob", 1002)];

impl Accounts for Known {
    fn resolve(&self, name: &str) -> Option<Account> {
        let found = USERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(name, number)| Account::new(user(*number), *name))
    }

    fn verify(&self, _: &Sid, password: &Password) -> bool {
        password.units() == "secret".encode_utf16().collect::<Vec<_>>()
    }
}

fn caller(who: u8) -> Caller {
    // Most calls are an administrator's, since others are rejected more often.
    let (name, number) = USERS[[0, 0, 0, 0, 0, 1, 1, 2][usize::from(who & 7)]];
    let token = Token::new(user(number)).with_group(Sid::USERS).with_group(Sid::AUTHENTICATED_USERS);
    let token = token.with_group(Sid::EVERYONE);
    if number == 500 {
        Caller::new(name, token.with_group(Sid::ADMINISTRATORS), true)
    } else {
        Caller::new(name, token, false)
    }
}

/// A host, with a second state that is saved and loaded before every fourth step.
struct Host {
    state: State,
    machine: Machine,
    zone: UtcOffset,
    now: OffsetDateTime,
    /// Issued instances; the oldest are removed first.
    instances: Vec<Uuid>,
    asleep: bool,
    turn: u32,
}

fn saved(state: &State) -> String {
    serde_json::to_string(&WithSecrets(state)).expect("a state can be saved")
}

fn loaded(text: &str) -> State {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

impl Host {
    fn new(bytes: &mut Bytes<'_>) -> Self {
        let choices = bytes.byte();
        let profile = if choices & 1 == 0 { Profile::Windows } else { Profile::Specification };
        let mut machine = Machine::named("HOST");
        machine.on_battery = choices & 6 == 6;
        machine.network = choices & 24 != 24;
        machine.sessions.push(Session::new(1, USERS[1].0, user(USERS[1].1)).with_group(Sid::USERS));
        Self {
            state: State::new(Options::default().with_profile(profile), u64::from(choices)),
            machine,
            zone: UtcOffset::UTC,
            now: datetime!(2024-05-15 10:00 UTC),
            instances: Vec::new(),
            asleep: false,
            turn: 0,
        }
    }

    fn minutes(&mut self, minutes: i64) {
        self.now += Duration::minutes(minutes);
    }

    /// Performs the same step on the state and on one that was saved and loaded, and compares.
    fn both<R: PartialEq + std::fmt::Debug>(
        &mut self,
        who: Option<u8>,
        step: impl Fn(&mut State, &Context<'_>) -> (R, Vec<Effect>, bool),
    ) -> R {
        let before = self.state.clone();
        let context = Context::new(self.now, &self.zone, &self.machine, &Known);
        let context = match who {
            Some(who) => context.with_caller(caller(who)),
            None => context,
        };
        let (reply, effects, unchanged) = step(&mut self.state, &context);
        if unchanged {
            assert_eq!(saved(&self.state), saved(&before), "what was refused changed the state: {reply:?}");
            assert!(effects.is_empty(), "what was refused has effects: {effects:?}");
        }
        if let Err(error) = self.state.check() {
            panic!("{error} after {reply:?}");
        }
        // Loading takes longer than most steps.
        self.turn += 1;
        if self.turn.is_multiple_of(4) {
            let mut copy = loaded(&saved(&before));
            let (again, other, _) = step(&mut copy, &context);
            assert_eq!(again, reply, "another reply after loading");
            assert_eq!(other, effects, "other effects after loading");
            assert_eq!(saved(&copy), saved(&self.state), "another state after loading");
            assert_eq!(copy.next_wakeup(), self.state.next_wakeup());
        }
        for effect in &effects {
            if let Effect::Start(start) = effect {
                self.instances.push(start.instance);
            }
        }
        if self.instances.len() > 16 {
            self.instances.drain(..8);
        }
        reply
    }

    fn call<M: Method>(&mut self, who: u8, request: &M) -> M::Response
    where
        M::Response: PartialEq + std::fmt::Debug,
    {
        self.both(Some(who), |state, context| {
            let refused = request.plan(state, context).is_err();
            let step = state.call(context, request);
            (step.reply, step.effects, refused)
        })
    }

    fn event(&mut self, event: Event) {
        self.both(None, |state, context| {
            let step = state.event(context, event.clone());
            let ignored = step.reply.is_some();
            (step.reply, step.effects, ignored)
        });
    }

    fn dispatch(&mut self, who: u8, interface: &Interface, opnum: u16, stub: &[u8]) {
        let _reply = self.both(Some(who), |state, context| {
            let step = state.dispatch(context, interface, opnum, stub, Transfer::NDR20);
            let fault = step.reply.is_err();
            (step.reply, step.effects, fault)
        });
    }

    fn instance(&self, bytes: &mut Bytes<'_>) -> Uuid {
        let number = usize::from(bytes.byte());
        match self.instances.len() {
            0 => Uuid::from_u128(number as u128),
            // Recent ones are more likely to exist still.
            count => self.instances[count - 1 - number % count],
        }
    }

    fn session(bytes: &mut Bytes<'_>) -> Session {
        let byte = bytes.byte();
        let (name, number) = USERS[usize::from(byte) % USERS.len()];
        let mut session = Session::new(u32::from(byte >> 2 & 3), name, user(number)).with_group(Sid::USERS);
        session.active = byte & 16 == 0;
        session.remote_app = byte & 32 != 0;
        session
    }

    fn put(&mut self, session: &Session) {
        self.machine.sessions.retain(|known| known.id != session.id);
        self.machine.sessions.push(session.clone());
    }

    /// Fires the timer as long as it is due.
    fn timer(&mut self) {
        if self.asleep {
            return;
        }
        for turn in 0.. {
            match self.state.next_wakeup() {
                Some(at) if at <= self.now => self.event(Event::Timer),
                _ => return,
            }
            assert!(turn < 3, "the timer fires again and again at {}", self.now);
        }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        let (what, who) = (bytes.byte(), bytes.byte());
        let path = PATHS[usize::from(who >> 3) % PATHS.len()];
        match what % 32 {
            0..=3 => {
                let (middle, principal) = (bytes.one(&TASKS), bytes.one(&PRINCIPALS));
                let (action, flags) = (bytes.one(&ACTIONS), bytes.byte());
                let creds = match bytes.byte() % 4 {
                    0 => vec![TaskUserCred::new(r"HOST\bob", "secret")],
                    1 => vec![TaskUserCred { user_id: None, ..TaskUserCred::new("", "secret") }],
                    _ => Vec::new(),
                };
                let request = SchRpcRegisterTask {
                    path: Some(path.into()),
                    xml: definition(middle, principal, action).as_str().into(),
                    flags: TaskCreation(if flags & 128 == 0 { 6 } else { u32::from(flags & 63) }),
                    sddl: bytes.one(&SDDL).map(Into::into),
                    logon_type: TaskLogonType(bytes.one(&[0u32, 0, 0, 1, 2, 3, 4, 5, 6])),
                    creds: if creds.is_empty() { Default::default() } else { creds.into() },
                };
                self.call(who, &request);
            }
            4 => {
                let sddl = bytes.one(&SDDL).map(Into::into);
                self.call(who, &SchRpcCreateFolder { path: path.into(), sddl, flags: 0 });
            }
            5 => {
                self.call(who, &SchRpcDelete { path: path.into(), flags: 0 });
            }
            6 => {
                let sddl = bytes.one(&SDDL).unwrap_or_default().into();
                self.call(who, &SchRpcSetSecurity { path: path.into(), sddl, flags: SecurityFlags::NONE });
            }
            7 => {
                let enabled = u32::from(bytes.byte() & 1);
                self.call(who, &SchRpcEnableTask { path: path.into(), enabled });
            }
            8 | 9 => {
                let (flags, more) = (bytes.byte(), bytes.byte());
                let request = SchRpcRun {
                    path: path.into(),
                    args: vec![Some("x".into()); usize::from(more & 1)].into(),
                    flags: RunFlags(u32::from(flags & 7)),
                    session_id: u32::from(more >> 1 & 3),
                    user: (more & 8 != 0).then(|| USERS[usize::from(more >> 4) % USERS.len()].0.into()),
                };
                self.call(who, &request);
            }
            10 => {
                self.call(who, &SchRpcStop { path: Some(path.into()), flags: 0 });
            }
            11 => {
                let guid = self.instance(bytes);
                self.call(who, &SchRpcStopInstance { guid, flags: 0 });
                self.call(who, &SchRpcGetInstanceInfo { guid });
            }
            12 => self.questions(who, path),
            13..=15 => {
                self.now += Duration::seconds(i64::from(bytes.byte()) * 10);
                self.timer();
            }
            16 => {
                self.now += Duration::hours(i64::from(bytes.byte()));
                self.timer();
            }
            17 | 18 => {
                let (instance, pid) = (self.instance(bytes), u32::from(bytes.byte()));
                self.event(Event::Started { instance, pid });
            }
            19 | 20 => {
                let (instance, code) = (self.instance(bytes), u32::from(bytes.byte()));
                self.event(Event::Exited { instance, code });
            }
            21 => {
                let instance = self.instance(bytes);
                self.event(Event::StartFailed { instance, error: HResult(0x8007_0002) });
            }
            22 => {
                self.machine.idle_since = match self.machine.idle_since {
                    None => Some(self.now),
                    Some(_) => None,
                };
                self.event(if self.machine.idle_since.is_some() { Event::Idle } else { Event::Busy });
            }
            23 => {
                self.machine.on_battery = !self.machine.on_battery;
                self.event(Event::Power);
            }
            24 => {
                self.machine.network = !self.machine.network;
                self.event(Event::Network);
            }
            25 => {
                let session = Self::session(bytes);
                self.put(&session);
                self.event(Event::Logon(session));
            }
            26 => {
                let session = u32::from(bytes.byte() & 3);
                self.machine.sessions.retain(|known| known.id != session);
                self.event(Event::Logoff { session });
            }
            27 => {
                let session = Self::session(bytes);
                let change = bytes.one(SessionStateChange::ALL);
                self.put(&session);
                self.event(Event::Session { session, change });
            }
            28 => {
                let id = bytes.one(&[7, 7, 8]);
                let xml = format!(
                    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>\
                     <System><EventID>{id}</EventID><Channel>System</Channel></System></Event>"
                );
                self.event(Event::Logged(Box::new(xml.parse().expect("an event"))));
            }
            29 => self.event(Event::Maintenance),
            30 => {
                self.event(if self.asleep { Event::Wake } else { Event::Sleep });
                self.asleep = !self.asleep;
            }
            _ => self.rare(bytes),
        }
    }

    /// Rare events.
    fn rare(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.byte() % 7 {
            0 => {
                let off_since = Some(self.now);
                self.now += Duration::minutes(i64::from(bytes.byte()) * 5);
                self.asleep = false;
                self.event(Event::Boot { off_since });
            }
            1 => {
                self.now += Duration::minutes(i64::from(bytes.byte() as i8));
                self.event(Event::Clock);
            }
            2 => {
                self.zone = UtcOffset::from_hms(bytes.byte() as i8 % 15, 0, 0).expect("an offset");
                self.event(Event::Clock);
            }
            3 => {
                // Daily, weekly, monthly or once, some minutes after ten o'clock.
                let at_info = AtInfo {
                    job_time: 36_000_000 + u32::from(bytes.byte()) * 60_000,
                    days_of_month: DaysOfMonth(u32::from(bytes.byte() & 3) << 14),
                    days_of_week: AtDaysOfWeek(bytes.byte() & 127),
                    flags: AtFlags(bytes.byte() & 17),
                    command: (bytes.byte() > 8).then(|| "at.exe".into()),
                };
                self.call(0, &NetrJobAdd { server_name: None, at_info });
                self.call(0, &NetrJobEnum { preferred_maximum_length: 200, ..NetrJobEnum::default() });
            }
            4 => {
                let (min_job_id, max_job_id) = (u32::from(bytes.byte() & 3), u32::from(bytes.byte() & 7));
                self.call(0, &NetrJobDel { server_name: None, min_job_id, max_job_id });
            }
            5 => {
                let path = bytes.one(&PATHS[..4]);
                let xml = definition(bytes.one(&TASKS), bytes.one(&PRINCIPALS), ACTIONS[0]);
                let xml = xml.replace("\"1.4\"", bytes.one(&["\"1.0\"", "\"1.1\"", "\"1.2\""]));
                self.call(0, &SchRpcRegisterTask { xml: xml.as_str().into(), ..register(path, "", 6) });
            }
            _ => {
                let instance = self.instance(bytes);
                let effect = if bytes.byte() & 1 == 0 {
                    FailedEffect::Start { instance }
                } else {
                    FailedEffect::Stop { instance }
                };
                self.event(Event::Failed { effect, error: HResult(0x8007_0005) });
            }
        }
    }

    /// Methods that change nothing.
    fn questions(&mut self, who: u8, path: &str) {
        let before = saved(&self.state);
        let path: wintask::dtyp::WideString = path.into();
        self.call(
            who,
            &SchRpcRetrieveTask { path: path.clone(), languages_buffer: "".into(), num_languages: 0 },
        );
        self.call(who, &SchRpcGetSecurity { path: path.clone(), security_information: 7 });
        for flags in [EnumFlags::NONE, EnumFlags::HIDDEN] {
            self.call(who, &SchRpcEnumFolders { path: path.clone(), flags, start_index: 0, requested: 2 });
            self.call(who, &SchRpcEnumTasks { path: path.clone(), flags, start_index: 1, requested: 0 });
            self.call(who, &SchRpcEnumInstances { path: None, flags });
        }
        self.call(who, &SchRpcEnumInstances { path: Some(path.clone()), flags: EnumFlags::HIDDEN });
        let runtimes = SchRpcScheduledRuntimes { path: path.clone(), requested: 3, ..Default::default() };
        self.call(who, &runtimes);
        self.call(who, &SchRpcGetLastRunInfo { path: path.clone() });
        self.call(who, &SchRpcGetTaskInfo { path: path.clone(), flags: TaskInfoFlags::STATE });
        self.call(who, &SchRpcGetNumberOfMissedRuns { path });
        assert_eq!(saved(&self.state), before, "a question changed the state");
    }
}
