//! The events that the Task Scheduler logs about runs (EVIDENCE.md ENGINE-04).

use crate::{
    definition::{SessionStateChange, TaskPath},
    dtyp::{HResult, Win32Error},
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    scheduler::{
        instance::{Cause, CauseKind},
        work::Work,
    },
};
use uuid::Uuid;

/// Logs the cause of a start. A retry was already logged as such (126).
pub(in super::super) fn launched(work: &mut Work<'_, '_>, path: &TaskPath, id: Uuid, cause: &Cause) {
    if cause.failures > 0 {
        return;
    }
    let task_name = path.to_string();
    let user_name = cause.subject.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    let event = match cause.kind {
        CauseKind::Time => Event::TimeTrigger { task_name, instance_id: id },
        CauseKind::Event => Event::EventTrigger { task_name, instance_id: id },
        CauseKind::Registration => Event::ImmediateTrigger { task_name, instance_id: id },
        CauseKind::Demand => Event::Run { task_name, instance_id: id, user_context: user_name },
        // Maintenance has no event of its own; it happens while the machine is idle.
        CauseKind::Idle | CauseKind::Maintenance => Event::IdleTrigger { task_name, instance_id: id },
        CauseKind::Boot => Event::BootTrigger { task_name, instance_id: id },
        CauseKind::Missed => Event::MissedTaskLaunched { task_name, instance_id: id },
        CauseKind::Logon => Event::LogonTrigger { task_name, user_name, instance_id: id },
        CauseKind::Session(change) => match change {
            SessionStateChange::ConsoleConnect => {
                Event::ConsoleConnectTrigger { task_name, user_name, instance_id: id }
            }
            SessionStateChange::ConsoleDisconnect => {
                Event::ConsoleDisconnectTrigger { task_name, user_name, instance_id: id }
            }
            SessionStateChange::RemoteConnect => {
                Event::RemoteConnectTrigger { task_name, user_name, instance_id: id }
            }
            SessionStateChange::RemoteDisconnect => {
                Event::RemoteDisconnectTrigger { task_name, user_name, instance_id: id }
            }
            SessionStateChange::SessionLock => {
                Event::SessionLockTrigger { task_name, user_name, instance_id: id }
            }
            SessionStateChange::SessionUnlock => {
                Event::SessionUnlockTrigger { task_name, user_name, instance_id: id }
            }
        },
    };
    work.log(path, Some(id), event);
}

/// Logs that an instance passes through the queue, as Windows 10 and 11 do before a start on demand (EVIDENCE.md
/// ENGINE-04).
pub(in super::super) fn queued_on_demand(work: &mut Work<'_, '_>, path: &TaskPath, id: Uuid, cause: &Cause) {
    if work.is_windows() && cause.kind == CauseKind::Demand {
        let event = Event::InstanceQueued { task_name: path.to_string(), queued_task_instance_id: id };
        work.log(path, Some(id), event);
    }
}

/// Logs that a task was not started.
pub(in super::super) fn start_failed(
    work: &mut Work<'_, '_>,
    path: &TaskPath,
    user_context: String,
    error: HResult,
) {
    let event = Event::JobStartFailed { task_name: path.to_string(), user_context, result_code: error.0 };
    work.log(path, None, event);
}

/// An exit code as shown in event 201 on Windows 10 and 11: `HRESULT_FROM_WIN32` (EVIDENCE.md ENGINE-06).
pub(in super::super) fn result_code(code: u32) -> u32 {
    HResult::from_win32(Win32Error(code)).0
}
