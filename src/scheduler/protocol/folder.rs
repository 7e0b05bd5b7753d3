//! `SchRpcCreateFolder`, `SchRpcDelete` and `SchRpcRename` ([MS-TSCH] 3.2.5.4.4, 3.2.5.4.14, 3.2.5.4.15; EVIDENCE.md
//! RPC-05, RPC-06, RPC-08).

use super::{
    access,
    edit::Edit,
    lookup,
    method::{Change, method},
    security::parse_sddl,
};
use crate::{
    dtyp::{HResult, Win32Error},
    rpc::schrpc::{
        SchRpcCreateFolder, SchRpcCreateFolderResponse as Created, SchRpcDelete,
        SchRpcDeleteResponse as Deleted, SchRpcRename, SchRpcRenameResponse as Renamed,
    },
    scheduler::{
        context::Context,
        state::State,
        store::{entry::FolderId, tree::Found},
        work::win32,
    },
    security::{AccessMask, SecurityDescriptor},
};

method! {
    SchRpcCreateFolder => create;
    SchRpcDelete => delete;
    SchRpcRename => rename;
}

fn create(
    request: &SchRpcCreateFolder,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Created>, HResult> {
    let path = lookup::path(state, &request.path)?;
    if path.is_root() || request.flags != 0 {
        return Err(HResult::E_INVALIDARG);
    }
    let stated = parse_sddl(request.sddl.as_ref())?;
    let deepest = match state.tree.find(&path) {
        Found::Folder(_) | Found::Task(_) => return Err(win32(Win32Error::ALREADY_EXISTS)),
        Found::NoFolder(_) if state.tree.is_below_task(&path) => {
            return Err(win32(Win32Error::ALREADY_EXISTS));
        }
        Found::Nothing(folder) | Found::NoFolder(folder) => folder,
    };
    let above = state.tree.folder_descriptor(deepest);
    // The right to add subfolders is FILE_APPEND_DATA.
    if !access::has_or_administers(state, above, &context.caller, AccessMask::FILE_APPEND_DATA) {
        return Err(HResult::E_ACCESSDENIED);
    }
    Ok(Change::one(Created { status: HResult::S_OK }, Edit::CreateFolder { path, stated }))
}

fn delete(request: &SchRpcDelete, state: &State, context: &Context<'_>) -> Result<Change<Deleted>, HResult> {
    if request.flags != 0 {
        return Err(HResult::E_INVALIDARG);
    }
    let path = lookup::path(state, &request.path)?;
    if path.is_root() {
        // Windows 7 and later ([MS-TSCH] note 76).
        return Err(if state.options.is_windows() { HResult::E_ACCESSDENIED } else { HResult::E_INVALIDARG });
    }
    let deleted = Deleted { status: HResult::S_OK };
    let found = match lookup::found(state, &path) {
        Ok(found) => found,
        // Deleting an expired task again is not an error ([MS-TSCH] note 77).
        Err(_) if state.options.is_windows() && state.expired.contains(&path.key()) => {
            return Ok(Change::one(deleted, Edit::ForgetExpired(path.key())));
        }
        Err(error) => return Err(error),
    };
    match found {
        Found::Task(id) => {
            let folder = state.tree.task(id).and_then(|task| state.tree.folder_descriptor(task.folder));
            may_delete(state, context, state.tree.task_descriptor(id), folder)?;
            Ok(Change::one(deleted, Edit::RemoveTask(id)))
        }
        Found::Folder(id) => delete_folder(state, context, id).map(|edit| Change::one(deleted, edit)),
        Found::Nothing(_) | Found::NoFolder(_) => Err(win32(Win32Error::FILE_NOT_FOUND)),
    }
}

fn delete_folder(state: &State, context: &Context<'_>, id: FolderId) -> Result<Edit, HResult> {
    let folder = state.tree.folder(id).ok_or(win32(Win32Error::FILE_NOT_FOUND))?;
    let parent = folder.parent.and_then(|parent| state.tree.folder_descriptor(parent));
    may_delete(state, context, state.tree.folder_descriptor(id), parent)?;
    if !folder.tasks.is_empty() || !folder.folders.is_empty() {
        return Err(win32(Win32Error::DIR_NOT_EMPTY));
    }
    Ok(Edit::RemoveFolder(id))
}

/// Deleting requires the right to delete the object, or to delete the children of its folder.
fn may_delete(
    state: &State,
    context: &Context<'_>,
    object: Option<&SecurityDescriptor>,
    folder: Option<&SecurityDescriptor>,
) -> Result<(), HResult> {
    let caller = &context.caller;
    let may = access::has_or_administers(state, object, caller, AccessMask::DELETE)
        || access::has(folder, caller, AccessMask::FILE_DELETE_CHILD);
    if may { Ok(()) } else { Err(HResult::E_ACCESSDENIED) }
}

fn rename(_: &SchRpcRename, _: &State, _: &Context<'_>) -> Result<Change<Renamed>, HResult> {
    Err(HResult::E_NOTIMPL)
}
