//! Methods that return information about a task, and the method that enables it: `SchRpcScheduledRuntimes`,
//! `SchRpcGetLastRunInfo`, `SchRpcGetTaskInfo`, `SchRpcGetNumberOfMissedRuns`, `SchRpcEnableTask` ([MS-TSCH]
//! 3.2.5.4.16 to 3.2.5.4.20; EVIDENCE.md RPC-17, RPC-18, RPC-20).

use super::{
    access,
    edit::Edit,
    lookup,
    method::{Change, method},
};
use crate::{
    dtyp::{HResult, SystemTime},
    ndr::Counted,
    rpc::schrpc::{
        SchRpcEnableTask, SchRpcEnableTaskResponse as Enabled, SchRpcGetLastRunInfo,
        SchRpcGetLastRunInfoResponse as LastRun, SchRpcGetNumberOfMissedRuns,
        SchRpcGetNumberOfMissedRunsResponse as Missed, SchRpcGetTaskInfo, SchRpcGetTaskInfoResponse as Info,
        SchRpcScheduledRuntimes, SchRpcScheduledRuntimesResponse as Runtimes, TaskInfoFlags, TaskState,
    },
    schedule::{Options, Timetable, scheduled_runtimes},
    scheduler::{
        context::Context,
        instance::Instance,
        state::State,
        store::{
            entry::{Entry, TaskId},
            names::Glance,
        },
    },
};
use std::ops::Bound;

method! {
    SchRpcScheduledRuntimes => runtimes;
    SchRpcGetLastRunInfo => last_run;
    SchRpcGetTaskInfo => info;
    SchRpcGetNumberOfMissedRuns => missed_runs;
    SchRpcEnableTask => enable;
}

/// The task at a path, if the caller can read it.
fn readable<'s>(
    state: &'s State,
    context: &Context<'_>,
    path: &crate::dtyp::WideString,
) -> Result<(TaskId, &'s Entry), HResult> {
    let (id, entry) = lookup::task(state, path)?;
    let reads = access::reads(state.tree.task_descriptor(id), &context.caller);
    if reads { Ok((id, entry)) } else { Err(HResult::E_ACCESSDENIED) }
}

fn runtimes(
    request: &SchRpcScheduledRuntimes,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Runtimes>, HResult> {
    if request.flags != 0 {
        return Err(HResult::E_INVALIDARG);
    }
    let (_, entry) = readable(state, context, &request.path)?;
    let options = Options::scheduled_runtimes(state.options.profile);
    let table = Timetable::of_task(&entry.task(), context.zone, &options);
    let instant = |time: &Option<SystemTime>| match time {
        None => Ok(None),
        Some(time) => time.to_civil().map(|local| Some(table.instant(local))).ok_or(HResult::E_INVALIDARG),
    };
    let from = instant(&request.start)?.map_or(Bound::Unbounded, Bound::Included);
    let until = instant(&request.end)?.map_or(Bound::Unbounded, Bound::Excluded);
    let found = scheduled_runtimes(&table, (from, until), request.requested);
    let times: Vec<_> = found.occurrences.iter().map(|run| SystemTime::from_civil(run.local())).collect();
    let runtimes = if times.is_empty() { Counted::default() } else { times.into() };
    Ok(Change::none(Runtimes { runtimes, status: found.hresult }))
}

fn last_run(
    request: &SchRpcGetLastRunInfo,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<LastRun>, HResult> {
    let (id, entry) = readable(state, context, &request.path)?;
    let windows = state.options.is_windows();
    let never = entry.last_run.is_none();
    // The result of a start refused meanwhile is newer (EVIDENCE.md ENGINE-11).
    let running = state.instances.of(id).any(|instance| instance.is_running() && !instance.outdated);
    let code = match entry.last_result {
        _ if windows && running => HResult::SCHED_S_TASK_RUNNING,
        HResult::SCHED_S_TASK_HAS_NOT_RUN if !windows => HResult::S_OK,
        code => code,
    };
    let last_runtime = entry.last_run.map(|at| SystemTime::from_civil(context.local(at))).unwrap_or_default();
    let has_not_run = windows && never && code == HResult::SCHED_S_TASK_HAS_NOT_RUN;
    let status = if has_not_run { HResult::SCHED_S_TASK_HAS_NOT_RUN } else { HResult::S_OK };
    Ok(Change::none(LastRun { last_runtime, last_return_code: code.0, status }))
}

fn info(request: &SchRpcGetTaskInfo, state: &State, context: &Context<'_>) -> Result<Change<Info>, HResult> {
    let Glance { task: id, descriptor, enabled } = lookup::glance(state, &request.path)?;
    if !access::reads(state.tree.descriptors.get(descriptor), &context.caller) {
        return Err(HResult::E_ACCESSDENIED);
    }
    let task_state = if !request.flags.contains(TaskInfoFlags::STATE) {
        TaskState::UNKNOWN
    } else if state.instances.of(id).any(Instance::is_running) {
        TaskState::RUNNING
    } else if state.instances.of(id).next().is_some() {
        TaskState::QUEUED
    } else if enabled {
        TaskState::READY
    } else {
        TaskState::DISABLED
    };
    Ok(Change::none(Info { enabled: enabled.into(), state: task_state, status: HResult::S_OK }))
}

/// Windows always returns 0 ([MS-TSCH] note 81).
fn missed_runs(
    request: &SchRpcGetNumberOfMissedRuns,
    state: &State,
    _: &Context<'_>,
) -> Result<Change<Missed>, HResult> {
    let missed = lookup::task(state, &request.path).map_or(0, |(_, entry)| entry.missed);
    let number_of_missed_runs = if state.options.is_windows() { 0 } else { missed };
    Ok(Change::none(Missed { number_of_missed_runs, status: HResult::S_OK }))
}

fn enable(
    request: &SchRpcEnableTask,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Enabled>, HResult> {
    let (id, _) = lookup::task(state, &request.path)?;
    if !access::writes(state.tree.task_descriptor(id), &context.caller) {
        return Err(HResult::E_ACCESSDENIED);
    }
    Ok(Change::one(Enabled { status: HResult::S_OK }, Edit::Enable(id, request.enabled != 0)))
}
