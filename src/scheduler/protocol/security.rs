//! `SchRpcSetSecurity` and `SchRpcGetSecurity` ([MS-TSCH] 3.2.5.4.5, 3.2.5.4.6).

use super::{
    access,
    edit::Edit,
    lookup,
    method::{Change, method},
};
use crate::{
    dtyp::{HResult, WideString, Win32Error},
    rpc::schrpc::{
        SchRpcGetSecurity, SchRpcGetSecurityResponse as Got, SchRpcSetSecurity,
        SchRpcSetSecurityResponse as Set, SecurityFlags,
    },
    scheduler::{
        context::{Caller, Context},
        run::account,
        state::State,
        store::tree::Found,
        work::win32,
    },
    security::{AccessMask, AclPart, GenericMapping, SecurityDescriptor, SecurityInformation, Sid},
};

method! {
    SchRpcSetSecurity => set;
    SchRpcGetSecurity => get;
}

/// The descriptor in a call; `None` for NULL and, as observed, for an empty string.
pub(super) fn parse_sddl(sddl: Option<&WideString>) -> Result<Option<SecurityDescriptor>, HResult> {
    let Some(sddl) = sddl.filter(|sddl| !sddl.is_empty()) else { return Ok(None) };
    let text = sddl.to_text().map_err(|_| HResult::E_INVALIDARG)?;
    let descriptor: SecurityDescriptor = text.parse().map_err(|_| HResult::E_INVALIDARG)?;
    Ok(Some(descriptor.mapped(&GenericMapping::FILE)))
}

fn set(request: &SchRpcSetSecurity, state: &State, context: &Context<'_>) -> Result<Change<Set>, HResult> {
    let flags = request.flags;
    if !flags.undefined().is_empty() {
        return Err(HResult::E_INVALIDARG);
    }
    let path = lookup::path(state, &request.path)?;
    // The text specifies the same code for a missing folder and a missing task.
    let missing = win32(Win32Error::PATH_NOT_FOUND);
    let found = lookup::found(state, &path).map_err(|_| missing)?;
    let (before, wanted) = match found {
        Found::Task(id) => (state.tree.task_descriptor(id), SecurityFlags::TASK),
        Found::Folder(id) => (state.tree.folder_descriptor(id), SecurityFlags::FOLDER),
        Found::Nothing(_) | Found::NoFolder(_) => return Err(missing),
    };
    let kinds = flags.without(SecurityFlags::DONT_ADD_PRINCIPAL_ACE);
    if !kinds.is_empty() && !kinds.contains(wanted) {
        return Err(missing);
    }
    if !access::writes(before, &context.caller) {
        return Err(HResult::E_ACCESSDENIED);
    }
    let mut after = parse_sddl(Some(&request.sddl))?.ok_or(HResult::E_INVALIDARG)?;
    after.owner = after.owner.or(before.and_then(|before| before.owner));
    after.group = after.group.or(before.and_then(|before| before.group));
    // What is not stated is kept.
    if let Some(before) = before {
        if after.dacl == AclPart::Absent {
            after.dacl.clone_from(&before.dacl);
            after.control = after.control | before.control;
        }
        if after.sacl == AclPart::Absent {
            after.sacl.clone_from(&before.sacl);
        }
    }
    if state.options.is_windows() && !may_change(before, &after, &context.caller) {
        return Err(HResult::E_ACCESSDENIED);
    }
    let edit = match found {
        Found::Task(id) => {
            if !flags.contains(SecurityFlags::DONT_ADD_PRINCIPAL_ACE)
                && let Some(principal) = principal(state, context, id)
            {
                after.allow_file_read(principal);
            }
            Edit::SecureTask(id, after)
        }
        Found::Folder(id) => Edit::SecureFolder(id, after),
        Found::Nothing(_) | Found::NoFolder(_) => return Err(missing),
    };
    Ok(Change::one(Set { status: HResult::S_OK }, edit))
}

/// Whether a caller has the rights that a changed DACL or owner requires in addition to write access (EVIDENCE.md
/// SDDL-24).
fn may_change(before: Option<&SecurityDescriptor>, after: &SecurityDescriptor, caller: &Caller) -> bool {
    let Some(known) = before else { return true };
    let changes_dacl = known.dacl != after.dacl;
    let changes_owner = known.owner != after.owner || known.group != after.group;
    (!changes_dacl || access::has(before, caller, AccessMask::WRITE_DAC))
        && (!changes_owner || access::has(before, caller, AccessMask::WRITE_OWNER))
}

/// The SID of a task's principal.
pub(super) fn principal(
    state: &State,
    context: &Context<'_>,
    id: crate::scheduler::store::entry::TaskId,
) -> Option<Sid> {
    let task = state.tree.task(id)?.task();
    let principal = task.run_as()?;
    let name = principal.user_id.as_deref().or(principal.group_id.as_deref()).unwrap_or("LocalSystem");
    account::resolve_in(state, context, id, name)
}

fn get(request: &SchRpcGetSecurity, state: &State, context: &Context<'_>) -> Result<Change<Got>, HResult> {
    let path = lookup::path(state, &request.path)?;
    let descriptor = match lookup::found(state, &path)? {
        Found::Task(id) => state.tree.task_descriptor(id),
        Found::Folder(id) => state.tree.folder_descriptor(id),
        Found::Nothing(_) | Found::NoFolder(_) => None,
    };
    let descriptor = descriptor.ok_or(win32(Win32Error::FILE_NOT_FOUND))?;
    let information = SecurityInformation(request.security_information);
    let reads = access::has(Some(descriptor), &context.caller, information.rights_to_read());
    if !reads {
        return Err(HResult::E_ACCESSDENIED);
    }
    let sddl = descriptor.select(information).to_string();
    Ok(Change::none(Got { sddl: Some(sddl.as_str().into()), status: HResult::S_OK }))
}
