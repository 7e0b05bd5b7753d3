//! Resolves the paths in calls, with the error codes for paths that do not exist (EVIDENCE.md RPC-01, RPC-02, RPC-03,
//! RPC-07).

use crate::{
    definition::TaskPath,
    dtyp::{HResult, HasHResult, WideString, Win32Error},
    limits,
    scheduler::{
        state::State,
        store::{
            entry::{Entry, FolderId, TaskId},
            names::Glance,
            tree::Found,
        },
        work::win32,
    },
};

/// Parses the path of a call.
pub(super) fn path(state: &State, path: &WideString) -> Result<TaskPath, HResult> {
    let path =
        TaskPath::parse(path.clone(), state.options.profile).map_err(|error| error.kind().hresult())?;
    let long = path.names().any(|name| name.len() > limits::STORE_NAME_UNITS);
    if long || path.names().count() > limits::STORE_DEPTH {
        return Err(win32(Win32Error::INVALID_NAME));
    }
    Ok(path)
}

/// Resolves a path, with the error code if it does not exist.
pub(super) fn found(state: &State, path: &TaskPath) -> Result<Found, HResult> {
    match state.tree.find(path) {
        Found::Nothing(_) => Err(win32(Win32Error::FILE_NOT_FOUND)),
        Found::NoFolder(_) => Err(no_folder(state)),
        found => Ok(found),
    }
}

/// The error code for a missing folder.
pub(super) fn no_folder(state: &State) -> HResult {
    win32(if state.options.is_windows() { Win32Error::FILE_NOT_FOUND } else { Win32Error::PATH_NOT_FOUND })
}

/// What most calls need of the task at a path.
pub(super) fn glance(state: &State, given: &WideString) -> Result<Glance, HResult> {
    let path = path(state, given)?;
    if path.is_root() {
        return Err(HResult::E_INVALIDARG);
    }
    state.tree.glance(&path).map_err(|found| match found {
        Found::NoFolder(_) => no_folder(state),
        _ => win32(Win32Error::FILE_NOT_FOUND),
    })
}

/// Resolves a path to a task.
pub(super) fn task<'s>(state: &'s State, given: &WideString) -> Result<(TaskId, &'s Entry), HResult> {
    let Glance { task, .. } = glance(state, given)?;
    state.tree.task(task).map(|entry| (task, entry)).ok_or(win32(Win32Error::FILE_NOT_FOUND))
}

/// The same, where the text specifies one code for both a missing task and a missing folder ([MS-TSCH] 3.2.5.4.9,
/// 3.2.5.4.12).
pub(super) fn task_or_no_file<'s>(
    state: &'s State,
    given: &WideString,
) -> Result<(TaskId, &'s Entry), HResult> {
    task(state, given)
        .map_err(|error| if error == no_folder(state) { win32(Win32Error::FILE_NOT_FOUND) } else { error })
}

/// Resolves a path to a folder; `missing` is the error code if it does not exist.
pub(super) fn folder(state: &State, given: &WideString, missing: HResult) -> Result<FolderId, HResult> {
    match state.tree.find(&path(state, given)?) {
        Found::Folder(id) => Ok(id),
        Found::NoFolder(_) => Err(no_folder(state)),
        _ => Err(missing),
    }
}
