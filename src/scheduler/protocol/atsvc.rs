//! ATSvc ([MS-TSCH] 3.2.5.2; EVIDENCE.md RPC-21, RPC-22).

use super::{
    edit::Edit,
    method::{Change, method},
};
use crate::{
    compat::{added_at, at_task_name, check_at, next_at_job_id, runs_today},
    definition::TaskPath,
    dtyp::{NetApiStatus, Win32Error},
    ndr::Counted,
    rpc::atsvc::{
        AtEnum, AtEnumContainer, AtFlags, AtInfo, NetrJobAdd, NetrJobAddResponse as Added, NetrJobDel,
        NetrJobDelResponse as Deleted, NetrJobEnum, NetrJobEnumResponse as Enumerated, NetrJobGetInfo,
        NetrJobGetInfoResponse as Info,
    },
    scheduler::{context::Context, state::State, store::tree::Found},
};
use time::PrimitiveDateTime;

method! {
    NetrJobAdd => add;
    NetrJobDel => delete;
    NetrJobGetInfo => info;
}

impl crate::scheduler::Method for NetrJobEnum {
    fn plan(&self, state: &State, context: &Context<'_>) -> Result<Change<Enumerated>, Enumerated> {
        enumerate(self, state, context).map_err(|status| Enumerated {
            // The container in the request is not returned.
            enum_container: AtEnumContainer::default(),
            ..crate::rpc::Call::failure(self, status)
        })
    }
}

const fn status(error: Win32Error) -> NetApiStatus {
    NetApiStatus(error.0)
}

/// Windows 8 and later do not support AT jobs unless enabled.
fn enabled(state: &State) -> Result<(), NetApiStatus> {
    if state.options.at_enabled { Ok(()) } else { Err(status(Win32Error::NOT_SUPPORTED)) }
}

fn administrator(context: &Context<'_>) -> Result<(), NetApiStatus> {
    if context.caller.administrator { Ok(()) } else { Err(status(Win32Error::ACCESS_DENIED)) }
}

fn add(request: &NetrJobAdd, state: &State, context: &Context<'_>) -> Result<Change<Added>, NetApiStatus> {
    enabled(state)?;
    administrator(context)?;
    check_at(&request.at_info, state.options.profile).map_err(|error| error.kind().status())?;
    let stored = added_at(&request.at_info, context.local_now().date());
    let job_id = free_number(state).ok_or(status(Win32Error::NOT_ENOUGH_MEMORY))?;
    let reply = Added { job_id, status: status(Win32Error::SUCCESS) };
    Ok(Change::one(reply, Edit::AddAt(job_id, Box::new(stored))))
}

/// The next available number whose name is not used by another task.
fn free_number(state: &State) -> Option<u32> {
    let mut number = next_at_job_id(state.at_jobs.list.keys().copied())?;
    loop {
        let path = TaskPath::root().join(at_task_name(number).as_str(), state.options.profile).ok()?;
        match state.tree.find(&path) {
            Found::Nothing(_) => return Some(number),
            _ => number = number.checked_add(1)?,
        }
    }
}

fn delete(
    request: &NetrJobDel,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Deleted>, NetApiStatus> {
    enabled(state)?;
    administrator(context)?;
    let (min, max) = (request.min_job_id, request.max_job_id);
    if min > max {
        return Err(status(Win32Error::INVALID_PARAMETER));
    }
    let edits: Vec<_> =
        state.at_jobs.list.range(min..=max).map(|(_, job)| Edit::RemoveTask(job.task)).collect();
    if edits.is_empty() {
        return Err(NetApiStatus::APE_AT_ID_NOT_FOUND);
    }
    Ok(Change::all(Deleted { status: status(Win32Error::SUCCESS) }, edits))
}

/// The size of an entry, in addition to its command; the buffer contains as many entries as fit.
const ENTRY: usize = 20;
const SMALLEST_BUFFER: usize = ENTRY + 520;
const LARGEST_BUFFER: usize = 65_536;

fn enumerate(
    request: &NetrJobEnum,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Enumerated>, NetApiStatus> {
    enabled(state)?;
    if matches!(request.enum_container.buffer, Counted::Array(_)) {
        return Err(status(Win32Error::INVALID_PARAMETER));
    }
    administrator(context)?;
    let start = request.resume_handle.unwrap_or(0);
    let left = state.at_jobs.list.len().saturating_sub(start as usize);
    let preferred = usize::try_from(request.preferred_maximum_length & !1).unwrap_or(usize::MAX);
    let wanted = match request.preferred_maximum_length {
        u32::MAX => (ENTRY + 132) * left,
        _ => preferred,
    };
    let buffer = wanted.clamp(SMALLEST_BUFFER, LARGEST_BUFFER);
    let now = context.local_now();
    let (mut entries, mut used) = (Vec::new(), 0);
    for entry in state.at_jobs.from(start as usize) {
        let command = entry.command.as_ref().map_or(0, |command| 2 * (command.len() + 1));
        used += ENTRY + command;
        // One entry is returned regardless of its size (EVIDENCE.md RPC-22).
        if used > buffer && !entries.is_empty() {
            break;
        }
        entries.push(shown(entry, now));
    }
    let read = entries.len();
    let all = read == left;
    let next = if all { 0 } else { start.saturating_add(u32::try_from(read).unwrap_or(u32::MAX)) };
    let buffer = if entries.is_empty() { Counted::default() } else { entries.into() };
    Ok(Change::none(Enumerated {
        enum_container: AtEnumContainer { buffer },
        total_entries: u32::try_from(left).unwrap_or(u32::MAX),
        resume_handle: request.resume_handle.map(|_| next),
        status: status(if all { Win32Error::SUCCESS } else { Win32Error::MORE_DATA }),
    }))
}

/// The entry as returned, including whether the job runs today.
fn shown(mut entry: AtEnum, now: PrimitiveDateTime) -> AtEnum {
    if runs_today(&AtInfo::from(entry.clone()), now) {
        entry.flags = entry.flags | AtFlags::RUNS_TODAY;
    }
    entry
}

fn info(
    request: &NetrJobGetInfo,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Info>, NetApiStatus> {
    enabled(state)?;
    administrator(context)?;
    // The text specifies ERROR_FILE_NOT_FOUND (EVIDENCE.md ERR-07).
    let missing = if state.options.is_windows() {
        NetApiStatus::APE_AT_ID_NOT_FOUND
    } else {
        status(Win32Error::FILE_NOT_FOUND)
    };
    let job = state.at_jobs.list.get(&request.job_id).ok_or(missing)?;
    let entry = shown(AtEnum::new(request.job_id, job.info.clone()), context.local_now());
    Ok(Change::none(Info { at_info: Some(entry.into()), status: status(Win32Error::SUCCESS) }))
}
