//! Explains whether a task would have started at a time, under which account, or why not.

use super::{
    host::{Entry, Host},
    local, logged,
};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};
use wintask::{
    HResult,
    definition::TaskPath,
    dtyp::{SystemTime, Win32Error},
    rpc::schrpc::{SchRpcGetTaskInfo, SchRpcScheduledRuntimes, TaskInfoFlags, TaskState},
    scheduler::{Context, Machine, NoAccounts},
    time::{Ticks, Zone},
};

/// The answer, in lines. What happened within a minute of the time counts.
pub fn explain(host: &Host, task: &TaskPath, at: OffsetDateTime) -> Vec<String> {
    let near = |when: OffsetDateTime| when >= at && when < at + Duration::MINUTE;
    let mut lines = Vec::new();
    for (when, entry) in &host.history {
        let Entry::Started(start) = entry else { continue };
        if start.task.is_same(task) && near(*when) && start.action == 0 {
            let user = start.user.map_or_else(
                || "nobody known".to_owned(),
                |user| user.account_name().unwrap_or_else(|| user.to_string()),
            );
            let place = match start.session {
                Some(session) => format!("in session {session}"),
                None => "without a session".to_owned(),
            };
            let cause = match start.trigger {
                Some(trigger) => format!("by trigger {}", trigger + 1),
                None => "on demand, or for maintenance".to_owned(),
            };
            lines.push(format!("{}  {task} starts as {user}, {place}, {cause}", local(&host.zone, *when)));
        }
    }
    let about = |found: &Option<TaskPath>| found.as_ref().is_some_and(|found| found.is_same(task));
    for (when, record) in logged(host).filter(|(when, record)| near(*when) && about(&record.task)) {
        lines.push(format!("{}  {}: {}", local(&host.zone, when), record.event.id(), record.event.message()));
    }
    if lines.is_empty() {
        lines.push(format!("{}  {task} does not start", local(&host.zone, at)));
        lines.extend(why_nothing(host, task, at));
    }
    lines
}

/// Why nothing happens: the task does not exist, is disabled, or is not scheduled then.
fn why_nothing(host: &Host, task: &TaskPath, at: OffsetDateTime) -> Vec<String> {
    let machine = Machine::default();
    let context = Context::new(at, &host.zone, &machine, &NoAccounts);
    let mut state = host.state.clone();
    let info = SchRpcGetTaskInfo { path: task.to_wide(), flags: TaskInfoFlags::STATE };
    let info = state.call(&context, &info).reply;
    if matches!(info.status.to_win32(), Some(Win32Error::FILE_NOT_FOUND | Win32Error::PATH_NOT_FOUND)) {
        return vec![format!("{task}: no such task")];
    }
    if info.status.is_failure() {
        return vec![format!("{task}: {}", info.status)];
    }
    if info.state == TaskState::DISABLED {
        return vec![format!("{task} is disabled")];
    }
    let local = |at: OffsetDateTime| {
        let offset = host.zone.period_at(Ticks::from_instant(at)).offset;
        let local = at.to_offset(offset);
        Some(SystemTime::from_civil(PrimitiveDateTime::new(local.date(), local.time())))
    };
    let (start, end) = (local(at), local(at + Duration::MINUTE));
    let runs =
        SchRpcScheduledRuntimes { path: task.to_wide(), start, end, requested: 1, ..Default::default() };
    let reply = state.call(&context, &runs).reply;
    if reply.status == HResult::SCHED_S_TASK_NOT_SCHEDULED {
        return vec![format!("{task} has no time-based trigger, and nothing else triggered it then")];
    }
    if !reply.runtimes.as_slice().is_empty() {
        return vec![format!("{task} has a run then, but the machine is off or asleep")];
    }
    vec![format!("{task} is enabled, but not scheduled to run then; `timeline` lists its runs")]
}
