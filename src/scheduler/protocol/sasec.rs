//! SASec ([MS-TSCH] 3.2.5.3.4 to 3.2.5.3.7; EVIDENCE.md RPC-23).

use super::{
    access,
    edit::Edit,
    method::{Change, method},
};
use crate::{
    compat::LOCAL_SYSTEM,
    dtyp::{HResult, Password, WideString, Win32Error},
    job::{ErrorKind, Job, JobFlags},
    limits,
    rpc::sasec::{
        AccountBuffer, SAGetAccountInformation, SAGetAccountInformationResponse as GotAccount,
        SAGetNSAccountInformation, SAGetNSAccountInformationResponse as GotNsAccount,
        SASetAccountInformation, SASetAccountInformationResponse as SetAccount, SASetNSAccountInformation,
        SASetNSAccountInformationResponse as SetNsAccount,
    },
    scheduler::{
        context::Context,
        run::account,
        state::State,
        store::{credentials::Holder, jobs::JobFile},
        work::win32,
    },
    security::Sid,
};

method! {
    SASetAccountInformation => set_account;
    SASetNSAccountInformation => set_ns_account;
    SAGetNSAccountInformation => get_ns_account;
    SAGetAccountInformation => get_account;
}

/// The error for a password that is wrong or not allowed (notes 55, 58, 63).
fn wrong_password(state: &State) -> HResult {
    if state.options.is_windows() { win32(Win32Error::LOGON_FAILURE) } else { HResult::E_ACCESSDENIED }
}

/// Checks a password, and returns its holder.
fn verify(state: &State, context: &Context<'_>, name: &str, password: &Password) -> Result<Holder, HResult> {
    let sid = account::resolve_name(context, name);
    match sid {
        Some(sid) if context.accounts.verify(&sid, password) => Ok(Holder::new(name, Some(sid))),
        _ => Err(wrong_password(state)),
    }
}

fn text(string: &WideString) -> Result<String, HResult> {
    string.to_text().map_err(|_| HResult::E_INVALIDARG)
}

fn set_account(
    request: &SASetAccountInformation,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<SetAccount>, HResult> {
    // Only administrators can write the folder of .JOB files; this is checked first.
    if !context.caller.administrator {
        return Err(HResult::E_ACCESSDENIED);
    }
    let file = state.jobs.get(&request.job_name).ok_or(win32(Win32Error::FILE_NOT_FOUND))?;
    if let Err(error) = Job::parse(&file.content) {
        let windows = error.hresult();
        let by_text = match error.kind() {
            // Two errors have specific codes; all others mean that the file is not syntactically valid.
            ErrorKind::IntervalNotShorter { .. } | ErrorKind::TriggerType(_) => windows,
            _ => win32(Win32Error::INVALID_DATA),
        };
        return Err(if state.options.is_windows() && windows.is_failure() { windows } else { by_text });
    }
    let account = text(&request.account)?;
    let name = file.name.clone();
    let reply = SetAccount { status: HResult::S_OK };
    let only_if_logged_on = request.job_flags.contains(JobFlags::RUN_ONLY_IF_LOGGED_ON);
    let mapping = |account: &str| Edit::SetAccount {
        job: name.clone(),
        account: account.to_owned(),
        only_if_logged_on,
    };
    if account.is_empty() {
        return match request.password {
            Some(_) => Err(wrong_password(state)),
            None => Ok(Change::one(reply, mapping(LOCAL_SYSTEM))),
        };
    }
    let Some(password) = &request.password else {
        if !only_if_logged_on {
            return Err(HResult::SCHED_E_UNSUPPORTED_ACCOUNT_OPTION);
        }
        return Ok(Change::one(reply, mapping(&account)));
    };
    let holder = verify(state, context, &account, password)?;
    let mut edits = vec![mapping(&account)];
    // An existing password is kept.
    if !state.credentials.has(&holder) {
        check_room(state)?;
        edits.push(Edit::StoreCredential(holder, account.clone(), password.clone()));
    }
    Ok(Change::all(reply, edits))
}

fn check_room(state: &State) -> Result<(), HResult> {
    let full = state.credentials.list.len() >= limits::CREDENTIALS;
    if full { Err(win32(Win32Error::NOT_ENOUGH_MEMORY)) } else { Ok(()) }
}

fn administrator(context: &Context<'_>) -> Result<(), HResult> {
    if context.caller.administrator { Ok(()) } else { Err(HResult::E_ACCESSDENIED) }
}

fn set_ns_account(
    request: &SASetNSAccountInformation,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<SetNsAccount>, HResult> {
    administrator(context)?;
    let windows = state.options.is_windows();
    let reply = SetNsAccount { status: HResult::S_OK };
    // Vista and later also treat an empty name as LocalSystem (note 61).
    let account = request.account.as_ref().filter(|account| !(windows && account.is_empty()));
    let Some(account) = account else {
        return Ok(Change::one(reply, Edit::SetAtAccount(None)));
    };
    let account = text(account)?;
    let missing = if windows { HResult::E_INVALIDARG } else { win32(Win32Error::INVALID_DATA) };
    let password = request.password.as_ref().ok_or(missing)?;
    if password.units().len() > limits::PASSWORD_UNITS {
        return Err(win32(Win32Error::INVALID_DATA));
    }
    let holder = verify(state, context, &account, password)?;
    if !state.credentials.has(&holder) {
        check_room(state)?;
    }
    let store = Edit::StoreCredential(holder, account.clone(), password.clone());
    Ok(Change::all(reply, vec![store, Edit::SetAtAccount(Some(account))]))
}

/// An account name in a buffer of the caller's size.
fn buffer(name: &str, size: usize) -> Result<AccountBuffer, HResult> {
    AccountBuffer::holding(name, size).ok_or(win32(Win32Error::INSUFFICIENT_BUFFER))
}

fn is_local_system(name: &str) -> bool {
    name.is_empty() || Sid::from_account_name(name) == Some(Sid::LOCAL_SYSTEM)
}

fn get_ns_account(
    request: &SAGetNSAccountInformation,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<GotNsAccount>, HResult> {
    administrator(context)?;
    let size = request.buffer.0.0.len();
    let reply = match state.at_account.as_deref().filter(|name| !is_local_system(name)) {
        None => GotNsAccount { buffer: AccountBuffer::zeroed(size), status: HResult::S_FALSE },
        Some(name) => GotNsAccount { buffer: buffer(name, size)?, status: HResult::S_OK },
    };
    Ok(Change::none(reply))
}

fn get_account(
    request: &SAGetAccountInformation,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<GotAccount>, HResult> {
    // The text specifies SCHED_E_CANNOT_OPEN_TASK.
    let missing = if state.options.is_windows() {
        win32(Win32Error::FILE_NOT_FOUND)
    } else {
        HResult::SCHED_E_CANNOT_OPEN_TASK
    };
    // Everyone can list the files.
    let file = state.jobs.get(&request.job_name).ok_or(missing)?;
    if !reads(state, context, file) {
        return Err(HResult::E_ACCESSDENIED);
    }
    let name = file.account.as_deref().ok_or(HResult::SCHED_E_ACCOUNT_INFORMATION_NOT_SET)?;
    let size = request.buffer.0.0.len();
    let buffer = if is_local_system(name) { AccountBuffer::zeroed(size) } else { buffer(name, size)? };
    Ok(Change::none(GotAccount { buffer, status: HResult::S_OK }))
}

/// Whether the caller can read a file: an administrator, or anyone who can read the file's twin.
fn reads(state: &State, context: &Context<'_>, file: &JobFile) -> bool {
    let descriptor = file.task.and_then(|id| state.tree.task_descriptor(id));
    context.caller.administrator || (descriptor.is_some() && access::reads(descriptor, &context.caller))
}
