//! `SchRpcEnumFolders` and `SchRpcEnumTasks` ([MS-TSCH] 3.2.5.4.7, 3.2.5.4.8; EVIDENCE.md RPC-15).

use super::{
    access, lookup,
    method::{Change, method},
};
use crate::{
    dtyp::{HResult, WideString, Win32Error},
    limits,
    rpc::schrpc::{
        EnumFlags, SchRpcEnumFolders, SchRpcEnumFoldersResponse as Folders, SchRpcEnumTasks,
        SchRpcEnumTasksResponse as Tasks, TaskNames,
    },
    scheduler::{
        context::Context,
        state::State,
        store::{
            entry::{FolderId, Traits},
            tree::Folder,
        },
        work::win32,
    },
};

method! {
    SchRpcEnumFolders => folders;
    SchRpcEnumTasks => tasks;
}

fn folders(
    request: &SchRpcEnumFolders,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Folders>, HResult> {
    check(request.flags)?;
    let missing = lookup::no_folder(state);
    let (_, folder) = folder(state, context, &request.path, missing)?;
    let below = folder.folders.values().filter_map(|id| state.tree.folder(*id));
    let seen =
        below.filter(|folder| access::sees(state.tree.descriptors.get(folder.descriptor), &context.caller));
    let page = page(state, seen, |folder| folder.name.clone(), request.start_index, request.requested);
    Ok(Change::none(Folders { start_index: page.next, names: page.names, status: page.status }))
}

fn tasks(request: &SchRpcEnumTasks, state: &State, context: &Context<'_>) -> Result<Change<Tasks>, HResult> {
    check(request.flags)?;
    let missing = win32(Win32Error::FILE_NOT_FOUND);
    let (_, folder) = folder(state, context, &request.path, missing)?;
    let hidden = request.flags.contains(EnumFlags::HIDDEN);
    let tasks = folder.tasks.values().filter_map(|id| state.tree.task(*id));
    let seen = tasks
        .filter(|task| hidden || !task.traits.has(Traits::HIDDEN))
        .filter(|task| access::sees(state.tree.descriptors.get(task.descriptor), &context.caller));
    let page = page(state, seen, |task| task.name.to_wide(), request.start_index, request.requested);
    Ok(Change::none(Tasks { start_index: page.next, names: page.names, status: page.status }))
}

fn check(flags: EnumFlags) -> Result<(), HResult> {
    if flags.undefined().is_empty() { Ok(()) } else { Err(HResult::E_INVALIDARG) }
}

/// The folder, if the caller has access to it.
fn folder<'s>(
    state: &'s State,
    context: &Context<'_>,
    path: &WideString,
    missing: HResult,
) -> Result<(FolderId, &'s Folder), HResult> {
    let id = lookup::folder(state, path, missing)?;
    let folder = state.tree.folder(id).ok_or(missing)?;
    if access::sees(state.tree.folder_descriptor(id), &context.caller) {
        Ok((id, folder))
    } else {
        Err(missing)
    }
}

/// A page of names.
struct Page {
    names: TaskNames,
    next: u32,
    status: HResult,
}

/// A page of names starting at this index. Windows returns `S_FALSE` for every full page, and treats 0 as all.
fn page<T>(
    state: &State,
    named: impl Iterator<Item = T>,
    name: impl Fn(T) -> WideString,
    start: u32,
    requested: u32,
) -> Page {
    let windows = state.options.is_windows();
    let mut named = named.fuse();
    let skipped = named.by_ref().take(start as usize).count();
    if skipped < start as usize {
        let status = if windows { HResult::S_FALSE } else { HResult::S_OK };
        return Page { names: TaskNames::default(), next: start, status };
    }
    let most = if windows && requested == 0 { u32::MAX } else { requested };
    let (mut page, mut bytes) = (Vec::new(), 0);
    let mut more = false;
    for name in named.map(name) {
        bytes += 2 * (name.len() + 1);
        if page.len() >= most as usize || bytes > limits::ENUMERATED_BYTES {
            more = true;
            break;
        }
        page.push(Some(name));
    }
    let count = u32::try_from(page.len()).unwrap_or(u32::MAX);
    let filled = windows && count == most;
    let status = if more || filled { HResult::S_FALSE } else { HResult::S_OK };
    let names = if page.is_empty() { TaskNames::default() } else { page.into() };
    Page { names, next: start.saturating_add(count), status }
}
