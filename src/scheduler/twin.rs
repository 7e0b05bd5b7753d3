//! The .JOB twin of a version 1 task: a file kept in sync with the definition ([MS-TSCH] 3.2.1, 3.2.5.4.2).

use super::{
    context::Context,
    effect::{Effect, StoreKind, Stored},
    instance::Instance,
    state::State,
    store::{
        entry::{Entry, TaskId, Traits},
        jobs::{AtJob, JobFile},
    },
    work::Work,
};
use crate::{
    compat::{
        AT_JOB, Account, FromAt, ToJob, at_job_id, job_file_of, next_at_job_id, task_to_at_in, task_to_job,
    },
    definition::Task,
    dtyp::{HResult, SystemTime, WideString},
    job::{Job, JobFlags},
    time::Ticks,
};

/// The options for converting AT jobs: added now, with the account of AT jobs.
pub(super) fn from_at(state: &State, context: &Context<'_>) -> FromAt {
    let account = state.at_account.as_deref().map_or(Account::LocalSystem, Account::from_name);
    FromAt::new(context.local_now())
        .with_account(account)
        .with_author(format!("WORKGROUP\\{}$", context.machine.name))
        .with_profile(state.options.profile)
}

/// Writes the twin of a version 1 task.
pub(super) fn write(work: &mut Work<'_, '_>, id: TaskId, task: &Task) {
    let path = work.path(id);
    let Some(name) = job_file_of(&path) else { return };
    let name = WideString::from(name);
    let before = work.state.jobs.get(&name).cloned();
    let kept = before.as_ref().and_then(|file| Job::parse(&file.content).ok());
    let uuid = match &kept {
        Some(job) => job.uuid,
        None => work.state.random.uuid(),
    };
    let options = ToJob::default()
        .with_uuid(uuid)
        .with_zone(work.context.zone)
        .with_profile(work.state.options.profile);
    // A registration that cannot have a twin is rejected; definitions that came from a file have one.
    let Ok(conversion) = task_to_job(task, &options) else { return };
    let mut job = conversion.value;
    if let Some(kept) = kept {
        job.user_data = kept.user_data;
        job.reserved = kept.reserved;
        job.error_retry_count = kept.error_retry_count;
        job.error_retry_interval = kept.error_retry_interval;
        job.product_version = kept.product_version;
        // The flags that a definition cannot express.
        let other = JobFlags::INTERACTIVE.with(JobFlags::RUN_ONLY_IF_DOCKED);
        job.flags = job.flags | kept.flags.undefined().without(AT_JOB) | JobFlags(kept.flags.0 & other.0);
    }
    report(work, id, &mut job);
    let stated = task.run_as().and_then(|principal| principal.user_id.clone());
    let account = stated.or_else(|| before.and_then(|file| file.account));
    put(work, id, name, &job, account);
}

/// Stores a definition of version 1.0 as an AT job, under the number in its name or the next one (3.2.5.4.2).
pub(super) fn keep_at(work: &mut Work<'_, '_>, id: TaskId, task: &Task) {
    let options = from_at(work.state, work.context);
    let Ok(conversion) = task_to_at_in(task, work.context.zone, &options) else { return };
    let jobs = &work.state.at_jobs;
    let free = |number: &u32| !jobs.list.contains_key(number);
    let named = work.path(id).name().and_then(|name| at_job_id(&name.to_string()));
    let number = jobs.by_task.get(&id).copied();
    let number = number.or_else(|| named.filter(free)).or_else(|| next_at_job_id(jobs.list.keys().copied()));
    let Some(number) = number else { return };
    let added = Ticks::from_civil(options.added);
    work.state.at_jobs.add(number, AtJob { info: conversion.value, task: id, added });
}

/// Stores a file as the twin of a task, and writes it.
pub(super) fn put(work: &mut Work<'_, '_>, id: TaskId, name: WideString, job: &Job, account: Option<String>) {
    let Ok(content) = job.to_bytes() else { return };
    work.state.twins.insert(id, name.clone());
    work.state.jobs.put(JobFile {
        name: name.clone(),
        content: content.clone(),
        task: Some(id),
        account,
        status_written: false,
        added: false,
    });
    emit(work, id, &name, content);
}

fn emit(work: &mut Work<'_, '_>, id: TaskId, name: &WideString, content: Vec<u8>) {
    let sddl = work.entry(id).map(|entry| work.state.tree.descriptors.text(entry.descriptor).to_owned());
    let path = name.to_string();
    work.effect(Effect::Write(Stored { store: StoreKind::Job, path, content: Some(content), sddl }));
}

/// Removes the AT job of a task that is no longer one.
pub(super) fn forget_at(work: &mut Work<'_, '_>, id: TaskId) {
    if let Some(at) = work.state.at_jobs.by_task.get(&id).copied() {
        work.state.at_jobs.remove(at);
    }
}

/// Removes the twin of a task, if it has one.
pub(super) fn remove(work: &mut Work<'_, '_>, id: TaskId) {
    forget_at(work, id);
    let Some(name) = work.state.twins.remove(&id) else { return };
    if work.state.jobs.remove(&name).is_some() {
        work.effect(Effect::Remove { store: StoreKind::Job, path: name.to_string() });
    }
}

/// Writes the last run and the state of a task to its twin (3.2.5.3.1).
pub(super) fn update(work: &mut Work<'_, '_>, id: TaskId) {
    write_state(work, id, false);
}

/// Writes whether a task is enabled to its twin.
pub(super) fn update_status(work: &mut Work<'_, '_>, id: TaskId) {
    write_state(work, id, true);
}

/// Copies the descriptor of a task to its twin.
pub(super) fn secure(work: &mut Work<'_, '_>, id: TaskId) {
    let Some(path) = work.state.twins.get(&id).map(ToString::to_string) else { return };
    let sddl = work.entry(id).map(|entry| work.state.tree.descriptors.text(entry.descriptor).to_owned());
    work.effect(Effect::Write(Stored { store: StoreKind::Job, path, content: None, sddl }));
}

fn write_state(work: &mut Work<'_, '_>, id: TaskId, status: bool) {
    let Some(name) = work.state.twins.get(&id).cloned() else { return };
    let Some(file) = work.state.jobs.get(&name) else { return };
    let Ok(mut job) = Job::parse(&file.content) else { return };
    report(work, id, &mut job);
    let Ok(content) = job.to_bytes() else { return };
    if let Some(file) = work.state.jobs.get_mut(&name) {
        file.content.clone_from(&content);
        file.status_written = status;
    }
    emit(work, id, &name, content);
}

/// The fields of a job that the server sets.
fn report(work: &Work<'_, '_>, id: TaskId, job: &mut Job) {
    let Some(Entry { last_run, last_result, traits, .. }) = work.entry(id) else { return };
    let running = work.state.instances.of(id).filter(|instance: &&Instance| instance.is_running()).count();
    job.running_instances = u16::try_from(running).unwrap_or(u16::MAX);
    job.last_run = last_run.map(|at| SystemTime::from_civil(work.context.local(at)));
    let ran = last_run.is_some() && *last_result != HResult::SCHED_S_TASK_HAS_NOT_RUN;
    job.exit_code = if ran { last_result.0 } else { 0 };
    job.flags = if traits.has(Traits::ENABLED) {
        job.flags.without(JobFlags::DISABLED)
    } else {
        job.flags.with(JobFlags::DISABLED)
    };
    job.settle_status();
    job.status = match job.status {
        HResult::SCHED_S_TASK_NOT_SCHEDULED => HResult::SCHED_S_TASK_NOT_SCHEDULED,
        _ if running > 0 => HResult::SCHED_S_TASK_RUNNING,
        _ if last_run.is_none() => HResult::SCHED_S_TASK_HAS_NOT_RUN,
        _ => HResult::SCHED_S_TASK_READY,
    };
    if let Some(reserved) = &mut job.reserved {
        let failed = last_result.is_failure();
        reserved.start_error = match last_run {
            None => HResult::SCHED_S_TASK_HAS_NOT_RUN,
            Some(_) if failed => *last_result,
            Some(_) => HResult::S_OK,
        };
    }
}
