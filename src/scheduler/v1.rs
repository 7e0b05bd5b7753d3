//! Version 1 tasks: AT jobs, files added to and removed from the .JOB task store, and accounts ([MS-TSCH] 3.2.5.2,
//! 3.2.5.3).

use super::{
    change::{self, NewTask, stored_definition},
    descriptors,
    run::account,
    store::{
        credentials::Holder,
        entry::TaskId,
        jobs::{AtJob, JobFile},
    },
    twin,
    work::Work,
};
use crate::{
    compat::{
        Account, FromAt, LOCAL_SYSTEM, ToTask, at_task_name, at_to_job, at_to_task, job_task_name,
        job_to_task, start_at,
    },
    definition::{Task, TaskPath},
    dtyp::WideString,
    eventlog::task_scheduler::TaskSchedulerEvent,
    job::{Job, JobFlags},
    rpc::atsvc::{AtFlags, AtInfo},
    security::{NewObject, SecurityDescriptor, Sid},
    time::Ticks,
};

/// Stores an AT job under its number, with its twins: a definition and a file (3.2.5.2.1).
pub(super) fn add_at(work: &mut Work<'_, '_>, number: u32, info: AtInfo) {
    let options = twin::from_at(work.state, work.context).with_uuid(work.state.random.uuid());
    let Ok(task) = at_to_task(&info, &options) else { return };
    let Ok(job) = at_to_job(&info, &options) else { return };
    let Ok(path) = TaskPath::root().join(at_task_name(number).as_str(), work.state.options.profile) else {
        return;
    };
    let Some(id) = put(work, path, task.value, None) else { return };
    let added = Ticks::from_civil(options.added);
    work.state.at_jobs.add(number, AtJob { info, task: id, added });
    let name = WideString::from(crate::compat::at_file_name(number));
    let account = work.state.at_account.clone().unwrap_or_else(|| LOCAL_SYSTEM.to_owned());
    twin::put(work, id, name, &job.value, Some(account));
    // Logged like any registration (EVIDENCE.md EVT-26).
    let path = work.path(id);
    let (task_name, user_context) = (path.to_string(), work.context.caller.name.clone());
    work.log(&path, None, TaskSchedulerEvent::JobRegistered { task_name, user_context });
}

/// Adds the definition of a version 1 task to the XML task store, without writing its file.
fn put(work: &mut Work<'_, '_>, path: TaskPath, mut task: Task, existing: Option<TaskId>) -> Option<TaskId> {
    task.registration_info.uri = Some(path.to_string());
    let definition = stored_definition(&task, work.state.options.profile)?;
    let name = task.run_as().and_then(|principal| principal.user_id.clone());
    let principal: Option<Sid> = name.and_then(|name| account::resolve_name(work.context, &name));
    let kept = existing.and_then(|id| work.state.tree.task_descriptor(id).cloned());
    let descriptor = kept.unwrap_or_else(|| {
        let root = work.state.tree.folder_descriptor(super::store::tree::Tree::ROOT);
        let token = &work.context.caller.token;
        let mut descriptor = SecurityDescriptor::create(NewObject::Task, root, None, token);
        if let Some(principal) = principal {
            descriptor.allow_file_read(principal);
        }
        if work.is_windows() {
            descriptors::allow_v1(&mut descriptor);
        }
        descriptor
    });
    let users = change::trigger_users(&task, |name| account::resolve_name(work.context, name));
    let new = NewTask { path, task, definition, descriptor, principal, users };
    change::put_definition(work, new, existing)
}

/// Updates a started AT job: the bits of the day are cleared, and its remaining days are kept (3.2.6.1).
pub(super) fn at_started(work: &mut Work<'_, '_>, id: TaskId) {
    let Some(number) = work.state.at_jobs.by_task.get(&id).copied() else { return };
    let today = work.context.local_now().date();
    let Some(job) = work.state.at_jobs.list.get_mut(&number) else { return };
    let before = job.info.clone();
    let done = start_at(&mut job.info, today);
    if done || job.info == before {
        return;
    }
    write_at(work, id, number);
}

/// Computes the next runs of an AT job whose run was missed on all days of its definition: days that it did not start
/// on are still to come (3.2.6.1). Returns whether there are any.
pub(super) fn renew_at(work: &mut Work<'_, '_>, id: TaskId) -> bool {
    let Some(number) = work.state.at_jobs.by_task.get(&id).copied() else { return false };
    let Some(job) = work.state.at_jobs.list.get(&number) else { return false };
    let has_days = job.info.days_of_month.0 != 0 || !job.info.days_of_week.is_empty();
    has_days && write_at(work, id, number)
}

/// Writes the twins of an AT job, with its days counted from now. Returns whether it has any.
fn write_at(work: &mut Work<'_, '_>, id: TaskId, number: u32) -> bool {
    let options = twin::from_at(work.state, work.context);
    let Some(job) = work.state.at_jobs.list.get_mut(&number) else { return false };
    job.added = Ticks::from_civil(options.added);
    let info = job.info.clone();
    let Ok(task) = at_to_task(&info, &options) else { return false };
    let path = work.path(id);
    put(work, path, task.value, Some(id));
    if let Some(task) = work.task(id) {
        twin::write(work, id, &task);
    }
    true
}

/// Whether an AT job has no days left.
pub(super) fn is_spent(work: &Work<'_, '_>, id: TaskId) -> bool {
    let number = work.state.at_jobs.by_task.get(&id);
    let Some(job) = number.and_then(|number| work.state.at_jobs.list.get(number)) else { return false };
    let ran = work.entry(id).is_some_and(|entry| entry.last_run.is_some());
    let days = job.info.days_of_month.0 != 0 || !job.info.days_of_week.is_empty();
    ran && !days && !job.info.flags.contains(AtFlags::RUN_PERIODICALLY)
}

/// Records in the flags of an AT job whether its action failed to start (EVIDENCE.md RPC-22).
pub(super) fn at_failed(work: &mut Work<'_, '_>, id: TaskId, failed: bool) {
    let Some(number) = work.state.at_jobs.by_task.get(&id).copied() else { return };
    if let Some(job) = work.state.at_jobs.list.get_mut(&number) {
        job.info.flags = if failed {
            job.info.flags | AtFlags::EXEC_ERROR
        } else {
            job.info.flags.without(AtFlags::EXEC_ERROR)
        };
    }
}

/// Handles a new file in the .JOB task store (3.2.5.3.1). Returns whether its name is a task's.
pub(super) fn file_added(
    work: &mut Work<'_, '_>,
    name: &str,
    content: Vec<u8>,
    owner: Option<String>,
) -> bool {
    let Some(task_name) = job_task_name(name) else { return false };
    let wide = WideString::from(name);
    if work.state.jobs.get(&wide).is_some_and(|known| known.content == content) {
        // The file was written by the scheduler itself.
        return true;
    }
    file_removed(work, name);
    let Ok(path) = TaskPath::root().join(task_name, work.state.options.profile) else { return false };
    let parsed = Job::parse(&content).ok();
    let free = matches!(work.state.tree.find(&path), super::store::tree::Found::Nothing(_));
    let account = owner.filter(|_| parsed.is_some());
    let id = parsed.filter(|_| free).and_then(|job| {
        let options = ToTask::default()
            .with_account(account.as_deref().map_or(Account::Unknown, Account::from_name))
            .with_profile(work.state.options.profile);
        put(work, path, job_to_task(&job, &options).value, None)
    });
    if let Some(id) = id {
        work.state.twins.insert(id, wide.clone());
    }
    work.state.jobs.put(JobFile {
        name: wide,
        content,
        task: id,
        account,
        status_written: false,
        added: true,
    });
    if let Some((id, task)) = id.and_then(|id| Some((id, work.task(id)?))) {
        // The expiry timer requires the task's number.
        change::arm_expiry(work, id, &task);
    }
    true
}

/// Handles a file removed from the .JOB task store (3.2.5.3.2). Returns whether it was known.
pub(super) fn file_removed(work: &mut Work<'_, '_>, name: &str) -> bool {
    let Some(file) = work.state.jobs.remove(&WideString::from(name)) else { return false };
    if let Some(id) = file.task {
        work.state.twins.remove(&id);
        change::remove_task(work, id);
    }
    if let Some(account) = file.account {
        forget_credential(work, &account);
    }
    true
}

/// Removes the password that SASec stored for an account, unless another task of SASec needs it.
fn forget_credential(work: &mut Work<'_, '_>, account: &str) {
    let holder = Holder::new(account, account::resolve_name(work.context, account));
    let used = work.state.jobs.files.values().any(|file| file.account.as_deref() == Some(account));
    let by_sasec = work.state.credentials.list.get(&holder).is_some_and(|credential| credential.by_sasec);
    if by_sasec && !used && work.state.at_account.as_deref() != Some(account) {
        work.state.credentials.list.remove(&holder);
        let account = account.to_owned();
        work.effect(super::effect::Effect::Credential { account, stored: false });
    }
}

/// Sets the account of a .JOB file, in the account name store and in the file's twin (3.2.5.3.4). The task can run only
/// while the user is logged on if the call or the file says so.
pub(super) fn set_account(
    work: &mut Work<'_, '_>,
    name: &WideString,
    account: &str,
    only_if_logged_on: bool,
) {
    let Some(file) = work.state.jobs.get_mut(name) else { return };
    file.account = Some(account.to_owned());
    let (id, job) = (file.task, Job::parse(&file.content));
    let (Some(id), Ok(mut job)) = (id, job) else { return };
    if only_if_logged_on {
        job.flags = job.flags.with(JobFlags::RUN_ONLY_IF_LOGGED_ON);
    }
    let profile = work.state.options.profile;
    let options = ToTask::default().with_account(Account::from_name(account)).with_profile(profile);
    let path = work.path(id);
    put(work, path, job_to_task(&job, &options).value, Some(id));
}

/// Sets the account of all AT jobs (3.2.5.3.5).
pub(super) fn set_at_account(work: &mut Work<'_, '_>, account: Option<String>) {
    work.state.at_account = account;
    let jobs: Vec<_> =
        work.state.at_jobs.list.values().map(|job| (job.task, job.info.clone(), job.added)).collect();
    for (id, info, added) in jobs {
        let options = FromAt { added: added.nearest_civil(), ..twin::from_at(work.state, work.context) };
        let Ok(task) = at_to_task(&info, &options) else { continue };
        let path = work.path(id);
        put(work, path, task.value, Some(id));
        let account = work.state.at_account.clone().unwrap_or_else(|| LOCAL_SYSTEM.to_owned());
        let Some(name) = work.state.twins.get(&id) else { continue };
        if let Some(file) = work.state.jobs.get_mut(name) {
            file.account = Some(account);
        }
    }
}
