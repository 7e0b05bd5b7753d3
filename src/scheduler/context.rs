//! The environment of the scheduler at the time of a call or an event.

use crate::{
    dtyp::Password,
    parameters::ResourceReference,
    security::{Sid, Token},
    time::{Ticks, Zone},
};
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

/// The environment at the time of a call or an event: time, zone, machine, caller, and the host's knowledge.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::scheduler::{Context, Machine, NoAccounts};
///
/// let machine = Machine::named("HOST");
/// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
/// assert!(context.caller.administrator); // the system itself, unless set otherwise
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Context<'h> {
    /// The current instant.
    pub now: OffsetDateTime,
    /// The machine's time zone.
    pub zone: &'h dyn Zone,
    /// The state of the machine.
    pub machine: &'h Machine,
    /// The host's accounts.
    pub accounts: &'h dyn Accounts,
    /// The caller; the system itself if there is none.
    pub caller: Caller,
    /// The texts of libraries that definitions refer to, if available ([MS-TSCH] 2.5.8).
    pub resources: Option<&'h dyn Resources>,
    /// The channels of the event log, if known.
    pub channels: Option<&'h dyn Channels>,
}

impl<'h> Context<'h> {
    /// Creates a context with the system itself as the caller.
    #[must_use]
    pub fn new(
        now: OffsetDateTime,
        zone: &'h dyn Zone,
        machine: &'h Machine,
        accounts: &'h dyn Accounts,
    ) -> Self {
        Self { now, zone, machine, accounts, caller: Caller::system(), resources: None, channels: None }
    }

    /// The machine's local time at an instant.
    pub(super) fn local(&self, at: Ticks) -> PrimitiveDateTime {
        let offset = self.zone.period_at(at).offset;
        let local = at.nearest_civil().assume_utc().to_offset(offset);
        PrimitiveDateTime::new(local.date(), local.time())
    }

    /// The current local time.
    pub(super) fn local_now(&self) -> PrimitiveDateTime {
        self.local(Ticks::from_instant(self.now))
    }

    /// Sets the caller.
    ///
    /// ```
    /// use time::{UtcOffset, macros::datetime};
    /// use wintask::dtyp::{HResult, Password};
    /// use wintask::rpc::schrpc::{SchRpcRegisterTask, TaskUserCred};
    /// use wintask::scheduler::{Account, Accounts, Caller, Context, Machine, Options, State};
    /// use wintask::security::{Sid, Token};
    ///
    /// /// A machine with one user, alice.
    /// struct OneUser(Sid);
    ///
    /// impl Accounts for OneUser {
    ///     fn resolve(&self, name: &str) -> Option<Account> {
    ///         let is_alice = name.eq_ignore_ascii_case(r"HOST\alice") || name == self.0.to_string();
    ///         is_alice.then(|| Account::new(self.0, r"HOST\alice"))
    ///     }
    ///
    ///     fn verify(&self, account: &Sid, password: &Password) -> bool {
    ///         *account == self.0 && *password == Password::from("secret")
    ///     }
    /// }
    ///
    /// let alice: Sid = "S-1-5-21-1-2-3-1001".parse()?;
    /// let (accounts, machine) = (OneUser(alice), Machine::named("HOST"));
    /// let token = Token::new(alice).with_group(Sid::EVERYONE).with_group(Sid::AUTHENTICATED_USERS);
    /// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &accounts)
    ///     .with_caller(Caller::new(r"HOST\alice", token, false));
    ///
    /// let xml = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
    ///   <Principals><Principal><LogonType>Password</LogonType></Principal></Principals>
    ///   <Actions><Exec><Command>backup.exe</Command></Exec></Actions>
    /// </Task>"#;
    /// let mut state = State::new(Options::default(), 1);
    /// let mut register = |password: &str| {
    ///     let cred = TaskUserCred {
    ///         user_id: Some(r"HOST\alice".into()),
    ///         password: Some(password.into()),
    ///         ..TaskUserCred::default()
    ///     };
    ///     let creds = vec![cred].into();
    ///     let request = SchRpcRegisterTask { path: Some(r"\Backup".into()), xml: xml.into(), creds, ..Default::default() };
    ///     state.call(&context, &request).reply.status
    /// };
    /// assert_eq!(register("guess").to_string(), "ERROR_LOGON_FAILURE (0x8007052e)");
    /// assert_eq!(register("secret"), HResult::S_OK);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_caller(self, caller: Caller) -> Self {
        Self { caller, ..self }
    }

    /// Sets the texts of libraries.
    #[must_use]
    pub fn with_resources(self, resources: &'h dyn Resources) -> Self {
        Self { resources: Some(resources), ..self }
    }

    /// Sets the channels of the event log.
    #[must_use]
    pub fn with_channels(self, channels: &'h dyn Channels) -> Self {
        Self { channels: Some(channels), ..self }
    }
}

/// The caller of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caller {
    /// The account name, such as `HOST\alice`.
    pub name: String,
    /// The user, groups and privileges.
    pub token: Token,
    /// Whether the caller has administrative privileges.
    pub administrator: bool,
    /// Whether the call is protected by packet privacy ([MS-TSCH] 5.1).
    pub private: bool,
}

impl Caller {
    /// Creates a caller with a name and a token, over a protected connection.
    #[must_use]
    pub fn new(name: impl Into<String>, token: Token, administrator: bool) -> Self {
        Self { name: name.into(), token, administrator, private: true }
    }

    /// The system itself.
    #[must_use]
    pub fn system() -> Self {
        let token = Token::new(Sid::LOCAL_SYSTEM).with_group(Sid::ADMINISTRATORS).with_group(Sid::EVERYONE);
        Self::new("SYSTEM", token, true)
    }

    /// Sets whether the connection is protected by packet privacy.
    #[must_use]
    pub fn with_privacy(self, private: bool) -> Self {
        Self { private, ..self }
    }
}

/// The state of the machine, as reported by the host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Machine {
    /// The computer name.
    pub name: String,
    /// Whether it runs on batteries.
    pub on_battery: bool,
    /// Whether it is connected to any network.
    pub network: bool,
    /// The connected networks, as far as they are known.
    pub networks: Vec<Network>,
    /// When it became idle; `None` while it is in use.
    #[cfg_attr(feature = "serde", serde(with = "instant"))]
    pub idle_since: Option<OffsetDateTime>,
    /// The sessions of logged-on users.
    pub sessions: Vec<Session>,
}

impl Default for Machine {
    /// A machine on mains power, connected, in use, and without sessions.
    fn default() -> Self {
        Self {
            name: "HOST".to_owned(),
            on_battery: false,
            network: true,
            networks: Vec::new(),
            idle_since: None,
            sessions: Vec::new(),
        }
    }
}

impl Machine {
    /// Like [`default`](Self::default), with a computer name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The session with this id.
    #[must_use]
    pub fn session(&self, id: u32) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// The sessions of a user, active ones first, then by id.
    pub(super) fn sessions_of(&self, user: &Sid) -> Vec<&Session> {
        let mut sessions: Vec<_> = self.sessions.iter().filter(|session| session.sid == *user).collect();
        sessions.sort_by_key(|session| (!session.active, session.id));
        sessions
    }
}

/// A connected network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Network {
    /// Its identifier.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: String,
}

impl Network {
    /// Creates a network with a name and, if known, an identifier.
    #[must_use]
    pub fn new(name: impl Into<String>, id: Option<Uuid>) -> Self {
        Self { id, name: name.into() }
    }
}

/// A session of a logged-on user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Session {
    /// The session id.
    pub id: u32,
    /// The user's account name, such as `HOST\alice`.
    pub user: String,
    /// The user's SID.
    pub sid: Sid,
    /// The groups that the user is a member of.
    #[cfg_attr(feature = "serde", serde(default))]
    pub groups: Vec<Sid>,
    /// Whether it is connected.
    #[cfg_attr(feature = "serde", serde(default = "yes"))]
    pub active: bool,
    /// Whether it is remote.
    #[cfg_attr(feature = "serde", serde(default))]
    pub remote: bool,
    /// Whether it shows a single program (RemoteApp).
    #[cfg_attr(feature = "serde", serde(default))]
    pub remote_app: bool,
    /// Whether it is locked.
    #[cfg_attr(feature = "serde", serde(default))]
    pub locked: bool,
}

impl Session {
    /// An active session at the console.
    #[must_use]
    pub fn new(id: u32, user: impl Into<String>, sid: Sid) -> Self {
        let user = user.into();
        Self {
            id,
            user,
            sid,
            groups: Vec::new(),
            active: true,
            remote: false,
            remote_app: false,
            locked: false,
        }
    }

    /// Adds a group that the user is a member of.
    #[must_use]
    pub fn with_group(mut self, group: Sid) -> Self {
        self.groups.push(group);
        self
    }

    /// Whether the user is this account or a member of it.
    pub(super) fn is(&self, sid: &Sid) -> bool {
        self.sid == *sid
            || self.groups.contains(sid)
            || *sid == Sid::EVERYONE
            || *sid == Sid::AUTHENTICATED_USERS
    }
}

#[cfg(feature = "serde")]
fn yes() -> bool {
    true
}

/// An account known to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// Its SID.
    pub sid: Sid,
    /// Its full name, such as `HOST\alice`.
    pub name: String,
}

impl Account {
    /// Creates an account with a SID and a name.
    #[must_use]
    pub fn new(sid: Sid, name: impl Into<String>) -> Self {
        Self { sid, name: name.into() }
    }
}

/// The accounts known to a host. Accounts that exist on every Windows machine (SYSTEM, BUILTIN\Users, …) are not
/// looked up.
pub trait Accounts {
    /// The account with this name: `alice`, `HOST\alice`, `alice@contoso.com`, or a SID as a string.
    fn resolve(&self, name: &str) -> Option<Account>;

    /// Whether this is the account's password.
    fn verify(&self, account: &Sid, password: &Password) -> bool;

    /// Whether the account can log on as a batch job, as tasks with a password or Service for User do.
    fn may_log_on_as_batch(&self, account: &Sid) -> bool {
        let _ = account;
        true
    }
}

/// The texts of libraries, for localising definitions ([MS-TSCH] 2.5.8).
pub trait Resources {
    /// The text of a reference in a language, or in the server's default language.
    fn text(&self, reference: &ResourceReference, language: Option<&str>) -> Option<String>;
}

/// The channels of the event log, which event triggers subscribe to.
pub trait Channels {
    /// Whether a channel with this name exists.
    fn exists(&self, channel: &str) -> bool;
}

/// A host that knows only the accounts of every Windows machine.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to add")]
pub struct NoAccounts;

impl Accounts for NoAccounts {
    fn resolve(&self, _: &str) -> Option<Account> {
        None
    }

    fn verify(&self, _: &Sid, _: &Password) -> bool {
        false
    }
}

/// An instant as a string in UTC, `2024-05-15T10:00:00Z`.
#[cfg(feature = "serde")]
pub(super) mod instant {
    use crate::time::Boundary;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
    use time::OffsetDateTime;

    pub(in super::super) fn serialize<S: Serializer>(
        instant: &Option<OffsetDateTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        instant.map(Boundary::utc).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<OffsetDateTime>, D::Error> {
        let Some(boundary) = Option::<Boundary>::deserialize(deserializer)? else { return Ok(None) };
        boundary.instant().map(Some).ok_or_else(|| D::Error::custom("expected an instant with its offset"))
    }
}
