//! Whom a task runs as, and in which session ([MS-TSCH] 3.2.5.1.2, 3.2.5.4.2; EVIDENCE.md ENGINE-22).

use crate::{
    Profile,
    definition::{LogonType, Principal, RunLevel, Task},
    dtyp::{HResult, Win32Error},
    scheduler::{
        context::{Context, Session},
        instance::{Cause, CauseKind, RunsAs},
        state::State,
        store::{credentials::Holder, entry::TaskId},
        work::win32,
    },
    security::Sid,
};

/// Why a task has nobody to run as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Nobody {
    /// The user, or every member of the group, is logged off.
    NotLoggedOn(String),
    /// There is no password for the account.
    NoPassword(String),
    /// The only sessions are RemoteApp sessions, where the task must not run.
    RemoteApp,
}

impl Nobody {
    /// What the task's last result is.
    pub(in super::super) fn result(&self) -> HResult {
        match self {
            Self::NotLoggedOn(_) | Self::RemoteApp => win32(Win32Error::NOT_LOGGED_ON),
            Self::NoPassword(_) => win32(Win32Error::LOGON_FAILURE),
        }
    }
}

/// Whether a SID is one of the accounts of services, which never interact with users.
pub(in super::super) fn is_service(sid: &Sid) -> bool {
    [Sid::LOCAL_SYSTEM, Sid::LOCAL_SERVICE, Sid::NETWORK_SERVICE].contains(sid)
}

/// The account of a name: one that every machine has, or one that the host knows, if only by a session.
pub(in super::super) fn resolve_name(context: &Context<'_>, name: &str) -> Option<Sid> {
    let in_session = || {
        let mut sessions = context.machine.sessions.iter();
        sessions.find(|session| session.user.eq_ignore_ascii_case(name)).map(|session| session.sid)
    };
    let of_caller = || context.caller.name.eq_ignore_ascii_case(name).then_some(context.caller.token.user);
    Sid::from_account_name(name)
        .or_else(|| name.parse().ok())
        .or_else(|| context.accounts.resolve(name).map(|account| account.sid))
        .or_else(in_session)
        .or_else(of_caller)
}

/// The account of a task's principal, by the name in its definition.
pub(in super::super) fn resolve_in(
    state: &State,
    context: &Context<'_>,
    task: TaskId,
    name: &str,
) -> Option<Sid> {
    Sid::from_account_name(name)
        .or_else(|| name.parse().ok())
        .or_else(|| state.principals.get(&task).copied())
        .or_else(|| resolve_name(context, name))
}

/// The account of a task's principal as the log shows it.
pub(in super::super) fn shown(task: &Task) -> String {
    let stated =
        task.run_as().and_then(|principal| principal.user_id.as_deref().or(principal.group_id.as_deref()));
    let name = stated.filter(|name| !name.is_empty()).unwrap_or("LocalSystem");
    Sid::from_account_name(name).and_then(|sid| sid.account_name()).unwrap_or_else(|| name.to_owned())
}

/// Whether a user whose session is gone can be logged on with a password, without a session.
pub(in super::super) fn needs_no_session(state: &State, runs_as: &mut RunsAs) -> bool {
    let needs_none = runs_as.logon == LogonType::InteractiveTokenOrPassword
        && state.credentials.has(&Holder::new(&runs_as.name, runs_as.user));
    if needs_none {
        (runs_as.session, runs_as.interactive) = (None, false);
    }
    needs_none
}

/// Everyone whom a start of the task runs as: one, or each member of its group who is logged on.
pub(in super::super) fn runs_as(
    state: &State,
    context: &Context<'_>,
    id: TaskId,
    task: &Task,
    cause: &Cause,
) -> Result<Vec<RunsAs>, Nobody> {
    let profile = state.options.profile;
    let none = Principal::default();
    let principal = task.run_as().unwrap_or(&none);
    let effective = principal.effective(profile);
    let remote_app = task.effective(profile).disallow_start_on_remote_app_session.value;
    let who = Who {
        state,
        context,
        cause,
        highest: effective.run_level.value == RunLevel::HighestAvailable,
        avoids_remote_app: remote_app,
    };
    if let Some(user) = cause.run_as {
        return who.overriding(user, effective.logon_type.value);
    }
    if let Some(name) = &principal.group_id {
        let group = resolve_in(state, context, id, name);
        return who.members(group, name);
    }
    let name = principal.user_id.as_deref().filter(|name| !name.is_empty()).unwrap_or("LocalSystem");
    who.user(resolve_in(state, context, id, name), name, effective.logon_type.value)
}

/// What every way to choose a user needs.
struct Who<'a, 'h> {
    state: &'a State,
    context: &'a Context<'h>,
    cause: &'a Cause,
    highest: bool,
    avoids_remote_app: bool,
}

impl Who<'_, '_> {
    /// A principal that is a user.
    fn user(&self, sid: Option<Sid>, name: &str, logon: LogonType) -> Result<Vec<RunsAs>, Nobody> {
        if sid.is_some_and(|sid| is_service(&sid)) {
            return Ok(vec![self.unattended(sid, name, logon)]);
        }
        let has_password = || self.state.credentials.has(&Holder::new(name, sid));
        let logged_on = || Nobody::NotLoggedOn(name.to_owned());
        match logon {
            LogonType::S4U => Ok(vec![self.unattended(sid, name, logon)]),
            LogonType::Password if has_password() => Ok(vec![self.unattended(sid, name, logon)]),
            LogonType::Password => Err(Nobody::NoPassword(name.to_owned())),
            LogonType::InteractiveToken => self.in_sessions(sid.ok_or_else(logged_on)?, name, logon),
            LogonType::InteractiveTokenOrPassword => {
                match sid.map(|sid| self.in_sessions(sid, name, logon)) {
                    Some(Ok(sessions)) => Ok(sessions),
                    Some(Err(Nobody::RemoteApp)) => Err(Nobody::RemoteApp),
                    _ if has_password() => Ok(vec![self.unattended(sid, name, logon)]),
                    _ => Err(logged_on()),
                }
            }
        }
    }

    /// A user whom the call names: the session that the call names or one of the user's own, else without one.
    fn overriding(&self, user: Sid, logon: LogonType) -> Result<Vec<RunsAs>, Nobody> {
        let name = self.context.machine.sessions.iter().find(|session| session.sid == user);
        let name = name.map_or_else(|| user.to_string(), |session| session.user.clone());
        if is_service(&user) {
            return Ok(vec![self.unattended(Some(user), &name, logon)]);
        }
        match self.in_sessions(user, &name, LogonType::InteractiveToken) {
            Err(Nobody::NotLoggedOn(_)) if logon != LogonType::InteractiveToken => {
                self.user(Some(user), &name, logon)
            }
            found => found,
        }
    }

    /// Every session of a member of a group.
    fn members(&self, group: Option<Sid>, name: &str) -> Result<Vec<RunsAs>, Nobody> {
        let sessions = &self.context.machine.sessions;
        let mut members: Vec<&Session> = Vec::new();
        for session in sessions.iter().filter(|session| group.is_some_and(|group| session.is(&group))) {
            match members.iter_mut().find(|known| known.sid == session.sid) {
                // One of each user's sessions: the active one, or the first.
                Some(known) if session.active && !known.active => *known = session,
                Some(_) => {}
                None => members.push(session),
            }
        }
        // Whoever has just logged on comes first.
        let subject = self.cause.subject.as_ref().map(|(sid, _)| *sid);
        members.sort_by_key(|member| Some(member.sid) != subject);
        if let Some(session) = self.cause.session {
            members.retain(|member| member.id == session);
        }
        self.chosen(members, LogonType::InteractiveToken).map_err(|nobody| nobody.of(name))
    }

    /// The sessions of a user in which the task runs: one, or all if it was a change of sessions that started it.
    fn in_sessions(&self, user: Sid, name: &str, logon: LogonType) -> Result<Vec<RunsAs>, Nobody> {
        let mut sessions = self.context.machine.sessions_of(&user);
        if let Some(id) = self.cause.session {
            sessions.retain(|session| session.id == id);
        }
        let all = matches!(self.cause.kind, CauseKind::Logon | CauseKind::Session(_));
        let mut chosen = self.chosen(sessions, logon).map_err(|nobody| nobody.of(name))?;
        if !all || self.state.options.profile == Profile::Specification {
            chosen.truncate(1);
        }
        Ok(chosen)
    }

    fn chosen(&self, sessions: Vec<&Session>, logon: LogonType) -> Result<Vec<RunsAs>, Nobody> {
        if sessions.is_empty() {
            return Err(Nobody::NotLoggedOn(String::new()));
        }
        let allowed = |session: &&Session| !(self.avoids_remote_app && session.remote_app);
        let chosen: Vec<_> =
            sessions.into_iter().filter(allowed).map(|session| self.attended(session, logon)).collect();
        if chosen.is_empty() { Err(Nobody::RemoteApp) } else { Ok(chosen) }
    }

    fn attended(&self, session: &Session, logon: LogonType) -> RunsAs {
        RunsAs {
            user: Some(session.sid),
            name: session.user.clone(),
            session: Some(session.id),
            logon,
            interactive: true,
            highest: self.highest,
        }
    }

    fn unattended(&self, user: Option<Sid>, name: &str, logon: LogonType) -> RunsAs {
        let known = user.and_then(|user| user.account_name());
        let name = known.unwrap_or_else(|| name.to_owned());
        RunsAs { user, name, session: None, logon, interactive: false, highest: self.highest }
    }
}

impl Nobody {
    /// The same, about a user of this name.
    fn of(self, name: &str) -> Self {
        match self {
            Self::NotLoggedOn(_) => Self::NotLoggedOn(name.to_owned()),
            other => other,
        }
    }
}
