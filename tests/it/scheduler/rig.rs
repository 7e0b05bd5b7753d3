//! A scheduler with a machine around it, which checks after every step what must hold after every step.

use time::{Duration, OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    HResult, Profile,
    dtyp::Password,
    rpc::schrpc::*,
    scheduler::{
        Account, Accounts, Caller, Channels, Context, Effect, Event, Ignored, Machine, Method, Options,
        Session, Start, State, Step, WithSecrets,
    },
    security::{Sid, Token},
};

/// When the rig begins: a Wednesday.
pub const NOW: OffsetDateTime = datetime!(2024-05-15 10:00 UTC);

/// The people of the rig: an administrator, and users without privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Admin,
    Alice,
    Bob,
    Carol,
}

pub const EVERYBODY: [Who; 4] = [Who::Admin, Who::Alice, Who::Bob, Who::Carol];

impl Who {
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => r"HOST\admin",
            Self::Alice => r"HOST\alice",
            Self::Bob => r"HOST\bob",
            Self::Carol => r"HOST\carol",
        }
    }

    pub fn sid(self) -> Sid {
        let sid = match self {
            Self::Admin => "S-1-5-21-1-2-3-500",
            Self::Alice => "S-1-5-21-1-2-3-1001",
            Self::Bob => "S-1-5-21-1-2-3-1002",
            Self::Carol => "S-1-5-21-1-2-3-1003",
        };
        sid.parse().unwrap()
    }

    pub fn caller(self) -> Caller {
        let token = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS, Sid::USERS].into_iter();
        let token = token.fold(Token::new(self.sid()), Token::with_group);
        match self {
            Self::Admin => Caller::new(self.name(), token.with_group(Sid::ADMINISTRATORS), true),
            _ => Caller::new(self.name(), token, false),
        }
    }

    pub fn session(self, id: u32) -> Session {
        Session::new(id, self.name(), self.sid()).with_group(Sid::USERS)
    }
}

/// Everybody's password is `secret`; carol may not log on as a batch job.
pub struct Known;

impl Accounts for Known {
    fn resolve(&self, name: &str) -> Option<Account> {
        let bare = name.strip_prefix(r"HOST\").unwrap_or(name);
        let is = |who: &&Who| {
            who.name().trim_start_matches(r"HOST\").eq_ignore_ascii_case(bare)
                || who.sid().to_string() == name
        };
        EVERYBODY.iter().find(is).map(|who| Account::new(who.sid(), who.name()))
    }

    fn verify(&self, account: &Sid, password: &Password) -> bool {
        EVERYBODY.iter().any(|who| who.sid() == *account)
            && password.units() == "secret".encode_utf16().collect::<Vec<_>>()
    }

    fn may_log_on_as_batch(&self, account: &Sid) -> bool {
        *account != Who::Carol.sid()
    }
}

impl Channels for Known {
    fn exists(&self, channel: &str) -> bool {
        channel != "Missing"
    }
}

/// A scheduler and what is around it.
pub struct Rig {
    pub state: State,
    pub machine: Machine,
    pub zone: UtcOffset,
    pub now: OffsetDateTime,
    /// All effects so far.
    pub effects: Vec<(OffsetDateTime, Effect)>,
}

/// The state as it is saved with its secrets.
pub fn saved(state: &State) -> String {
    serde_json::to_string(&WithSecrets(state)).unwrap()
}

impl Rig {
    pub fn new(profile: Profile) -> Self {
        Self::with(Options::default().with_profile(profile))
    }

    pub fn with(options: Options) -> Self {
        let zone = UtcOffset::UTC;
        let machine = Machine::named("HOST");
        Self { state: State::new(options, 7), machine, zone, now: NOW, effects: Vec::new() }
    }

    pub fn profile(&self) -> Profile {
        self.state.options().profile
    }

    /// Makes a call, and checks: the invariants hold after it, a refusal changes nothing, and it makes no difference
    /// whether the scheduler was saved and loaded before.
    pub fn call<M: Method>(&mut self, who: Who, request: &M) -> M::Response
    where
        M::Response: PartialEq + std::fmt::Debug,
    {
        let before = saved(&self.state);
        let mut loaded: State = serde_json::from_str(&before).unwrap();
        let step = {
            let context = Context::new(self.now, &self.zone, &self.machine, &Known).with_channels(&Known);
            let context = context.with_caller(who.caller());
            let refused = request.plan(&self.state, &context).is_err();
            assert_eq!(saved(&self.state), before, "a plan changed the state");
            let step = self.state.call(&context, request);
            if refused {
                assert_eq!(saved(&self.state), before, "a refusal changed the state");
                assert!(step.effects.is_empty(), "a refusal has effects");
            }
            let again = loaded.call(&context, request);
            assert_eq!(again.reply, step.reply, "another reply after loading");
            assert_eq!(again.effects, step.effects, "other effects after loading");
            step
        };
        self.same(&loaded);
        self.keep(step)
    }

    /// Reports an event, with the same checks.
    pub fn event(&mut self, event: Event) -> Option<Ignored> {
        let before = saved(&self.state);
        let mut loaded: State = serde_json::from_str(&before).unwrap();
        let step = {
            let context = Context::new(self.now, &self.zone, &self.machine, &Known);
            let step = self.state.event(&context, event.clone());
            if step.reply.is_some() {
                assert_eq!(saved(&self.state), before, "an event that was ignored changed the state");
                assert!(step.effects.is_empty(), "an event that was ignored has effects");
            }
            let again = loaded.event(&context, event);
            assert_eq!(again, step, "something else after loading");
            step
        };
        self.same(&loaded);
        self.keep(step)
    }

    fn same(&self, loaded: &State) {
        self.state.check().unwrap();
        assert_eq!(saved(loaded), saved(&self.state), "another state after loading");
        assert_eq!(loaded.next_wakeup(), self.state.next_wakeup());
    }

    fn keep<R>(&mut self, step: Step<R>) -> R {
        let now = self.now;
        self.effects.extend(step.effects.into_iter().map(|effect| (now, effect)));
        step.reply
    }

    /// Lets time pass, and the timer fire.
    pub fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(at) = self.state.next_wakeup().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.event(Event::Timer);
        }
        self.now = until;
    }

    /// The actions that were handed out so far.
    pub fn starts(&self) -> Vec<&Start> {
        self.effects
            .iter()
            .filter_map(|(_, effect)| match effect {
                Effect::Start(start) => Some(&**start),
                _ => None,
            })
            .collect()
    }
}

/// The return value of a response.
pub trait Returns {
    fn returned(&self) -> HResult;
}

macro_rules! returns {
    ($($response:ident)*) => {$(
        impl Returns for $response {
            fn returned(&self) -> HResult {
                self.status
            }
        }
    )*};
}

returns! {
    SchRpcHighestVersionResponse SchRpcRegisterTaskResponse SchRpcRetrieveTaskResponse SchRpcCreateFolderResponse
    SchRpcSetSecurityResponse SchRpcGetSecurityResponse SchRpcEnumFoldersResponse SchRpcEnumTasksResponse
    SchRpcEnumInstancesResponse SchRpcGetInstanceInfoResponse SchRpcStopInstanceResponse SchRpcStopResponse
    SchRpcRunResponse SchRpcDeleteResponse SchRpcRenameResponse SchRpcScheduledRuntimesResponse
    SchRpcGetLastRunInfoResponse SchRpcGetTaskInfoResponse SchRpcGetNumberOfMissedRunsResponse
    SchRpcEnableTaskResponse
}
