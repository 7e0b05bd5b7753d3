//! The account and session that a task runs in ([MS-TSCH] 3.2.5.1.2, 3.2.5.4.2; EVIDENCE.md ENGINE-22).

use crate::{
    Profile,
    compat::LOCAL_SYSTEM,
    definition::{LogonType, Principal, RunLevel, Task},
    dtyp::{HResult, Win32Error},
    scheduler::{
        context::{Context, Session},
        instance::{Cause, CauseKind, RunsAs},
        state::State,
        store::{credentials::Holder, entry::TaskId},
        work::win32,
    },
    security::{Sid, Trustee},
};

/// Why a task has no account to run as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Nobody {
    /// The user is, or all members of the group are, logged off.
    NotLoggedOn(String),
    /// There is no stored password for the account.
    NoPassword(String),
}

impl Nobody {
    /// The resulting last result of the task.
    pub(in super::super) fn result(&self) -> HResult {
        match self {
            Self::NotLoggedOn(_) => win32(Win32Error::NOT_LOGGED_ON),
            Self::NoPassword(_) => win32(Win32Error::LOGON_FAILURE),
        }
    }
}

/// Whether a SID is a service account, which never interacts with users.
pub(in super::super) fn is_service(sid: &Sid) -> bool {
    [Sid::LOCAL_SYSTEM, Sid::LOCAL_SERVICE, Sid::NETWORK_SERVICE].contains(sid)
}

/// The account with a name, if it exists on every machine, or is known to the host or from a session.
pub(in super::super) fn resolve_name(context: &Context<'_>, name: &str) -> Option<Sid> {
    // A name is `HOST\alice` or a user principal name, `alice@HOST` (3.2.5.3.4).
    let principal = name.split_once('@').map(|(user, domain)| format!("{domain}\\{user}"));
    let is = |known: &str| {
        known.eq_ignore_ascii_case(name)
            || principal.as_ref().is_some_and(|name| known.eq_ignore_ascii_case(name))
    };
    let in_session = || context.machine.sessions.iter().find(|it| is(&it.user)).map(|session| session.sid);
    let of_caller = || is(&context.caller.name).then_some(context.caller.token.user);
    Sid::from_account_name(name)
        .or_else(|| name.parse().ok())
        .or_else(|| context.accounts.resolve(name).map(|account| account.sid))
        .or_else(in_session)
        .or_else(of_caller)
        // Last, since a user may be called `BA`.
        .or_else(|| name.parse::<Trustee>().ok()?.sid())
}

/// The name of an account as shown in the log: `HOST\alice` (EVIDENCE.md EVT-27). If it is not known, the stated name.
fn name_of(context: &Context<'_>, sid: Option<Sid>, stated: &str) -> String {
    let Some(sid) = sid else { return stated.to_owned() };
    let known = || context.accounts.resolve(&sid.to_string()).map(|account| account.name);
    let in_session = || {
        let session = context.machine.sessions.iter().find(|session| session.sid == sid)?;
        Some(session.user.clone())
    };
    let of_caller = || (context.caller.token.user == sid).then(|| context.caller.name.clone());
    sid.account_name()
        .or_else(known)
        .or_else(in_session)
        .or_else(of_caller)
        .unwrap_or_else(|| stated.to_owned())
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

/// The account of a task's principal as shown in the log.
pub(in super::super) fn shown(state: &State, context: &Context<'_>, id: TaskId, task: &Task) -> String {
    let stated =
        task.run_as().and_then(|principal| principal.user_id.as_deref().or(principal.group_id.as_deref()));
    let name = stated.filter(|name| !name.is_empty()).unwrap_or(LOCAL_SYSTEM);
    name_of(context, resolve_in(state, context, id, name), name)
}

/// Whether a task that must not start in RemoteApp sessions would start only in such sessions.
pub(in super::super) fn only_in_remote_apps(
    state: &State,
    context: &Context<'_>,
    id: TaskId,
    task: &Task,
    cause: &Cause,
) -> bool {
    let is_remote_app = |user: &RunsAs| {
        let session = user.session.and_then(|session| context.machine.session(session));
        session.is_some_and(|session| session.remote_app)
    };
    task.effective(state.options.profile).disallow_start_on_remote_app_session.value
        && runs_as(state, context, id, task, cause)
            .is_ok_and(|users| !users.is_empty() && users.iter().all(is_remote_app))
}

/// Whether a user whose session has ended can be logged on with a password instead.
pub(in super::super) fn needs_no_session(state: &State, runs_as: &mut RunsAs) -> bool {
    let needs_none = runs_as.logon == LogonType::InteractiveTokenOrPassword
        && state.credentials.has(&Holder::new(&runs_as.name, runs_as.user));
    if needs_none {
        (runs_as.session, runs_as.interactive) = (None, false);
    }
    needs_none
}

/// All accounts that a start of the task runs as: a single one, or each logged-on member of its group.
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
        avoids_remote_app: remote_app && !cause.ignore_conditions,
    };
    if let Some(user) = cause.run_as {
        return who.overriding(user, effective.logon_type.value);
    }
    if let Some(name) = &principal.group_id {
        let group = resolve_in(state, context, id, name);
        return who.members(group, name);
    }
    let name = principal.user_id.as_deref().filter(|name| !name.is_empty()).unwrap_or(LOCAL_SYSTEM);
    who.user(resolve_in(state, context, id, name), name, effective.logon_type.value)
}

/// The inputs for choosing users.
struct Who<'a, 'h> {
    state: &'a State,
    context: &'a Context<'h>,
    cause: &'a Cause,
    highest: bool,
    /// Whether it starts in other than RemoteApp sessions, if there are any.
    avoids_remote_app: bool,
}

impl Who<'_, '_> {
    /// A principal that is a user.
    fn user(&self, sid: Option<Sid>, name: &str, logon: LogonType) -> Result<Vec<RunsAs>, Nobody> {
        if sid.is_some_and(|sid| is_service(&sid)) {
            return Ok(vec![self.unattended(sid, name, logon)]);
        }
        let has_password = || self.state.credentials.has(&Holder::new(name, sid));
        let logged_on = || Nobody::NotLoggedOn(name_of(self.context, sid, name));
        match logon {
            LogonType::S4U => Ok(vec![self.unattended(sid, name, logon)]),
            LogonType::Password if has_password() => Ok(vec![self.unattended(sid, name, logon)]),
            LogonType::Password => Err(Nobody::NoPassword(name_of(self.context, sid, name))),
            LogonType::InteractiveToken => self.in_sessions(sid.ok_or_else(logged_on)?, name, logon),
            LogonType::InteractiveTokenOrPassword => {
                match sid.map(|sid| self.in_sessions(sid, name, logon)) {
                    Some(Ok(sessions)) => Ok(sessions),
                    _ if has_password() => Ok(vec![self.unattended(sid, name, logon)]),
                    _ => Err(logged_on()),
                }
            }
        }
    }

    /// A user named by the call: in the session named by the call, or in one of the user's own, or without a session.
    fn overriding(&self, user: Sid, logon: LogonType) -> Result<Vec<RunsAs>, Nobody> {
        let name = name_of(self.context, Some(user), &user.to_string());
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
                // One session per user: the one that was the cause, the active one, or the first.
                Some(known) if self.rank(session) < self.rank(known) => *known = session,
                Some(_) => {}
                None => members.push(session),
            }
        }
        // The user who has just logged on comes first.
        let subject = self.cause.subject.as_ref().map(|(sid, _)| *sid);
        members.sort_by_key(|member| Some(member.sid) != subject);
        if !self.cause.members.is_empty() {
            members.retain(|member| self.cause.members.contains(&member.sid));
        }
        if let Some(session) = self.cause.session {
            members.retain(|member| member.id == session);
        }
        self.chosen(members, group, name, LogonType::InteractiveToken)
    }

    /// How soon a session is chosen: first the one that was the cause, then active ones.
    fn rank(&self, session: &Session) -> (bool, bool) {
        (Some(session.id) != self.cause.subject_session, !session.active)
    }

    /// The sessions of a user in which the task runs: one, or all if a session change started it ([MS-TSCH] note 25).
    fn in_sessions(&self, user: Sid, name: &str, logon: LogonType) -> Result<Vec<RunsAs>, Nobody> {
        let mut sessions = self.context.machine.sessions_of(&user);
        if let Some(id) = self.cause.session {
            sessions.retain(|session| session.id == id);
        }
        sessions.sort_by_key(|session| self.rank(session));
        let all = matches!(self.cause.kind, CauseKind::Session(_));
        let mut chosen = self.chosen(sessions, Some(user), name, logon)?;
        if !all || self.state.options.profile == Profile::Specification {
            chosen.truncate(1);
        }
        Ok(chosen)
    }

    /// A start in each of these sessions of an account, if there are any.
    fn chosen(
        &self,
        mut sessions: Vec<&Session>,
        account: Option<Sid>,
        name: &str,
        logon: LogonType,
    ) -> Result<Vec<RunsAs>, Nobody> {
        if sessions.is_empty() {
            return Err(Nobody::NotLoggedOn(name_of(self.context, account, name)));
        }
        if self.avoids_remote_app && sessions.iter().any(|session| !session.remote_app) {
            sessions.retain(|session| !session.remote_app);
        }
        Ok(sessions.into_iter().map(|session| self.attended(session, logon)).collect())
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
        let name = name_of(self.context, user, name);
        RunsAs { user, name, session: None, logon, interactive: false, highest: self.highest }
    }
}
