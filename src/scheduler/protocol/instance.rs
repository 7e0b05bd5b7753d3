//! Methods on instances: `SchRpcEnumInstances`, `SchRpcGetInstanceInfo`, `SchRpcStopInstance` and `SchRpcStop`
//! ([MS-TSCH] 3.2.5.4.9 to 3.2.5.4.12).

use super::{
    access,
    edit::Edit,
    lookup,
    method::{Change, method},
};
use crate::{
    dtyp::HResult,
    rpc::schrpc::{
        EnumFlags, SchRpcEnumInstances, SchRpcEnumInstancesResponse as Enumerated, SchRpcGetInstanceInfo,
        SchRpcGetInstanceInfoResponse as Info, SchRpcStop, SchRpcStopInstance,
        SchRpcStopInstanceResponse as InstanceStopped, SchRpcStopResponse as Stopped, TaskState,
    },
    scheduler::{
        context::Context,
        instance::Instance,
        run::launch,
        state::State,
        store::entry::{Entry, Traits, parse},
    },
    security::{AccessMask, SecurityDescriptor},
};
use std::borrow::Cow;
use uuid::Uuid;

method! {
    SchRpcEnumInstances => enumerate;
    SchRpcGetInstanceInfo => info;
    SchRpcStopInstance => stop_instance;
    SchRpcStop => stop;
}

fn enumerate(
    request: &SchRpcEnumInstances,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Enumerated>, HResult> {
    if !request.flags.undefined().is_empty() {
        return Err(HResult::E_INVALIDARG);
    }
    let instances: Vec<&Instance> = match &request.path {
        Some(path) => state.instances.of(lookup::task_or_no_file(state, path)?.0).collect(),
        None => state.instances.all(),
    };
    let hidden = request.flags.contains(EnumFlags::HIDDEN);
    let shown = |instance: &&Instance| {
        let is_hidden = match &instance.deleted {
            Some(deleted) => deleted.hidden,
            None => state.tree.task(instance.task).is_some_and(|entry| entry.traits.has(Traits::HIDDEN)),
        };
        (hidden || !is_hidden) && reads(state, context, instance)
    };
    let guids: Vec<Uuid> = instances.into_iter().filter(shown).map(|instance| instance.id).collect();
    let guids = if guids.is_empty() { Default::default() } else { guids.into() };
    Ok(Change::none(Enumerated { guids, status: HResult::S_OK }))
}

fn known(state: &State, guid: Uuid) -> Result<&Instance, HResult> {
    state.instances.get(guid).ok_or(HResult::SCHED_E_TASK_NOT_RUNNING)
}

fn info(
    request: &SchRpcGetInstanceInfo,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Info>, HResult> {
    let instance = known(state, request.guid)?;
    if !reads(state, context, instance) {
        return Err(HResult::E_ACCESSDENIED);
    }
    let running = instance.is_running();
    let task = match &instance.definition {
        Some(definition) => Some(parse(definition)),
        None => state.tree.task(instance.task).map(Entry::task),
    };
    // The name is the id; without an id, it is what the action starts, as in the log.
    let action = task.and_then(|task| {
        let action = task.actions.list.get(instance.action as usize)?;
        Some(action.id().map_or_else(|| launch::action_name(&task, instance), ToOwned::to_owned))
    });
    Ok(Change::none(Info {
        path: Some(state.path_of(instance).to_wide()),
        state: if running { TaskState::RUNNING } else { TaskState::QUEUED },
        current_action: action.filter(|_| running).map(|action| action.as_str().into()),
        engine_pid: instance.pid,
        status: HResult::S_OK,
        ..Info::default()
    }))
}

/// The descriptor of the task of an instance.
fn descriptor<'s>(state: &'s State, instance: &Instance) -> Option<Cow<'s, SecurityDescriptor>> {
    match &instance.deleted {
        Some(deleted) => deleted.sddl.parse().ok().map(Cow::Owned),
        None => state.tree.task_descriptor(instance.task).map(Cow::Borrowed),
    }
}

/// Whether the caller can read the task of an instance.
fn reads(state: &State, context: &Context<'_>, instance: &Instance) -> bool {
    access::reads(descriptor(state, instance).as_deref(), &context.caller)
}

/// Whether the caller can run the task of an instance, which stopping it also requires.
fn executes(state: &State, context: &Context<'_>, instance: &Instance) -> bool {
    let descriptor = descriptor(state, instance);
    access::has_or_administers(state, descriptor.as_deref(), &context.caller, AccessMask::FILE_EXECUTE)
}

fn stop_instance(
    request: &SchRpcStopInstance,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<InstanceStopped>, HResult> {
    if request.flags != 0 {
        return Err(HResult::E_INVALIDARG);
    }
    let instance = known(state, request.guid)?;
    if !executes(state, context, instance) {
        return Err(HResult::E_ACCESSDENIED);
    }
    Ok(Change::one(InstanceStopped { status: HResult::S_OK }, Edit::Stop(instance.id)))
}

fn stop(request: &SchRpcStop, state: &State, context: &Context<'_>) -> Result<Change<Stopped>, HResult> {
    let path = request.path.as_ref().filter(|_| request.flags == 0).ok_or(HResult::E_INVALIDARG)?;
    let (id, entry) = lookup::task_or_no_file(state, path)?;
    // Windows 7 and later stop hidden tasks ([MS-TSCH] note 75).
    if entry.traits.has(Traits::HIDDEN) && !state.options.is_windows() {
        return Ok(Change::none(Stopped { status: HResult::S_OK }));
    }
    // Without the right to execute, nothing is stopped; the text specifies no more.
    let may = |instance: &&Instance| executes(state, context, instance);
    let edits: Vec<_> = state.instances.of(id).filter(may).map(|instance| Edit::Stop(instance.id)).collect();
    let status = if edits.is_empty() { HResult::S_FALSE } else { HResult::S_OK };
    Ok(Change::all(Stopped { status }, edits))
}
