//! The account that a registered task runs as ([MS-TSCH] 3.2.5.4.2, 3.2.5.1.1).

use crate::{
    Profile,
    definition::{LogonType, Principal, Task},
    dtyp::{HResult, Password, Win32Error},
    rpc::schrpc::{CredFlags, SchRpcRegisterTask, TaskLogonType, TaskUserCred},
    scheduler::{
        context::Context,
        registration::{Registration, RunsAs, registration},
        run::account,
        work::win32,
    },
    security::Sid,
};

/// The id of the principal that Windows adds to a definition without one.
const AUTHOR: &str = "Author";

/// The principal of a registration.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) sid: Sid,
    /// The account as it was given.
    pub(super) name: String,
    pub(super) is_group: bool,
    /// How it logs on.
    pub(super) logon: LogonType,
    /// The logon type to state in the definition, if the call has one that definitions support.
    stated_logon: Option<LogonType>,
    pub(super) password: Option<Password>,
}

/// Determines the principal from the credentials, the definition, or the caller.
pub(super) fn choose(
    request: &SchRpcRegisterTask,
    cred: Option<&TaskUserCred>,
    task: &Task,
    context: &Context<'_>,
    profile: Profile,
) -> Result<Chosen, HResult> {
    let none = Principal::default();
    let stated = task.run_as().unwrap_or(&none);
    let filled = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
    let (user, group) = (filled(&stated.user_id), filled(&stated.group_id));
    // credFlagDefault: the credentials are used only if the definition names no account.
    let by_default = cred.is_some_and(|cred| cred.flags.contains(CredFlags::DEFAULT));
    let cred = cred.filter(|_| !(by_default && (user.is_some() || group.is_some())));
    let in_cred = cred.and_then(|cred| cred.user_id.as_ref()).map(ToString::to_string);
    let in_cred = in_cred.filter(|name| !name.is_empty());
    let as_group = request.logon_type == TaskLogonType::GROUP;
    let (name, is_group) = match (in_cred, user, group) {
        (Some(name), _, _) => (Some(name), as_group),
        (None, Some(name), _) => (Some(name), as_group),
        (None, None, Some(name)) => (Some(name), true),
        (None, None, None) => (None, false),
    };
    let (name, sid) = match name {
        Some(name) => {
            let sid = account::resolve_name(context, &name).ok_or(win32(Win32Error::LOGON_FAILURE))?;
            (name, sid)
        }
        None if as_group => return Err(HResult::E_INVALIDARG),
        None => (context.caller.name.clone(), context.caller.token.user),
    };
    if request.logon_type == TaskLogonType::SERVICE_ACCOUNT && !account::is_service(&sid) {
        return Err(HResult::E_INVALIDARG);
    }
    let stated_logon = request.logon_type.to_definition();
    let logon = match stated_logon {
        // According to the text a group cannot log on with a password or S4U; Windows starts it in the sessions of its
        // members in any case ([MS-TSCH] note 49).
        _ if is_group && profile == Profile::Windows => LogonType::InteractiveToken,
        Some(logon) => logon,
        None => stated.logon_type.unwrap_or(LogonType::InteractiveToken),
    };
    let password = cred.and_then(|cred| cred.password.clone());
    Ok(Chosen { sid, name, is_group, logon, stated_logon, password })
}

/// Writes the chosen principal to the definition.
pub(super) fn rewrite(task: &mut Task, chosen: &Chosen) {
    if task.principals.is_empty() {
        let id = task.actions.context.get_or_insert_with(|| AUTHOR.to_owned()).clone();
        task.principals.push(Principal::default().with_id(id));
    }
    let context = task.actions.context.clone();
    let is_it = |principal: &&mut Principal| context.is_none() || principal.id == context;
    let Some(principal) = task.principals.iter_mut().find(is_it) else { return };
    let named = if chosen.is_group { &mut principal.group_id } else { &mut principal.user_id };
    if named.as_deref() != Some(&chosen.name) {
        *named = Some(chosen.name.clone());
    }
    let other = if chosen.is_group { &mut principal.user_id } else { &mut principal.group_id };
    *other = None;
    if chosen.stated_logon.is_some() && !chosen.is_group {
        principal.logon_type = chosen.stated_logon;
    }
}

/// Checks the password, if one was given for an account that has one.
pub(super) fn verify(chosen: &Chosen, context: &Context<'_>) -> Result<(), HResult> {
    let Some(password) = &chosen.password else { return Ok(()) };
    if chosen.is_group || account::is_service(&chosen.sid) || context.accounts.verify(&chosen.sid, password) {
        return Ok(());
    }
    Err(win32(Win32Error::LOGON_FAILURE))
}

/// The matrix of 3.2.5.1.1.
pub(super) fn permitted(chosen: &Chosen, context: &Context<'_>) -> Result<(), HResult> {
    let runs_as = if account::is_service(&chosen.sid) {
        RunsAs::System
    } else if chosen.is_group {
        RunsAs::Group
    } else if chosen.sid == context.caller.token.user {
        RunsAs::Registrant
    } else {
        RunsAs::OtherUser
    };
    match registration(context.caller.administrator, runs_as, chosen.logon) {
        Registration::Allowed => Ok(()),
        Registration::NeedsPassword if chosen.password.is_some() => Ok(()),
        Registration::NeedsPassword | Registration::Refused => Err(HResult::E_ACCESSDENIED),
    }
}

/// Whether the task's password is stored, since the task logs on with it.
pub(super) fn keeps_password(chosen: &Chosen) -> bool {
    let with_password = [LogonType::Password, LogonType::InteractiveTokenOrPassword].contains(&chosen.logon);
    with_password && !chosen.is_group && !account::is_service(&chosen.sid)
}

/// Whether the account logs on as a batch job.
pub(super) fn logs_on_as_batch(chosen: &Chosen) -> bool {
    let batch = [LogonType::Password, LogonType::S4U].contains(&chosen.logon);
    batch && !chosen.is_group && !account::is_service(&chosen.sid)
}
