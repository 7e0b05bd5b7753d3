//! The running task list ([MS-TSCH] 3.2.1): instances, and the cause of each.

use super::store::entry::TaskId;
use crate::{
    definition::{LogonType, SessionStateChange, TaskPath},
    dtyp::HResult,
    parameters::Parameters,
    security::Sid,
    time::Ticks,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Why a task is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(super) enum CauseKind {
    Time,
    Event,
    Registration,
    Demand,
    Idle,
    Boot,
    Logon,
    Session(SessionStateChange),
    /// A missed scheduled run.
    Missed,
    Maintenance,
}

/// The cause of a start, and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Cause {
    pub(super) kind: CauseKind,
    /// The trigger, counted from 0.
    pub(super) trigger: Option<u32>,
    /// The user whose logon or session change it was, or who requested the run.
    pub(super) subject: Option<(Sid, String)>,
    /// The session that it was.
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) subject_session: Option<u32>,
    /// The members of the group to start for, if not all: those whose start failed.
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) members: Vec<Sid>,
    /// The user to run as, instead of the task's own.
    pub(super) run_as: Option<Sid>,
    /// The session to run in, instead of the default one.
    pub(super) session: Option<u32>,
    pub(super) ignore_conditions: bool,
    /// The number of failed starts so far.
    pub(super) failures: u8,
    /// The reason for the last failure.
    pub(super) failure: HResult,
    /// The instance's GUID, if it was already returned to a caller.
    pub(super) instance: Option<Uuid>,
    pub(super) parameters: Parameters,
}

impl Cause {
    pub(super) fn new(kind: CauseKind, trigger: Option<u32>) -> Self {
        Self {
            kind,
            trigger,
            subject: None,
            subject_session: None,
            members: Vec::new(),
            run_as: None,
            session: None,
            ignore_conditions: false,
            failures: 0,
            failure: HResult::S_OK,
            instance: None,
            parameters: Parameters::new(),
        }
    }
}

/// The progress of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(super) enum Phase {
    /// Waiting for its trigger's delay.
    Delayed,
    /// Waiting for the machine to become idle.
    AwaitsIdle,
    /// Waiting for other instances to end.
    Queued,
    /// An action was issued to the host.
    Starting,
    /// An action is running.
    Running,
}

/// Why an instance is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(super) enum StopReason {
    Request,
    Replaced,
    Limit,
    Battery,
    IdleEnd,
    DurationEnd,
    MaintenanceEnd,
}

/// The user and session that an instance runs in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct RunsAs {
    pub(super) user: Option<Sid>,
    pub(super) name: String,
    pub(super) session: Option<u32>,
    pub(super) logon: LogonType,
    pub(super) interactive: bool,
    pub(super) highest: bool,
}

/// A task that was deleted while an instance was running, which goes on ([MS-TSCH] 3.2.5.4.14).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Deleted {
    pub(super) path: TaskPath,
    /// Its security descriptor, in SDDL.
    pub(super) sddl: String,
    pub(super) hidden: bool,
}

/// An entry of the running task list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Instance {
    pub(super) id: Uuid,
    /// Its sequence number.
    pub(super) serial: u64,
    pub(super) task: TaskId,
    pub(super) cause: Cause,
    pub(super) phase: Phase,
    pub(super) runs_as: Option<RunsAs>,
    /// The action, counted from 0.
    pub(super) action: u32,
    pub(super) pid: u32,
    pub(super) stopping: Option<StopReason>,
    /// Whether another start of the task was refused while it ran.
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) outdated: bool,
    /// The definition that it uses, as XML, if the task's definition has changed.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub(super) definition: Option<Box<str>>,
    /// The task, if it was deleted.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub(super) deleted: Option<Box<Deleted>>,
    /// Since when it has been waiting or running.
    pub(super) since: Ticks,
}

impl Instance {
    /// Whether it is executing, so that its state is RUNNING rather than QUEUED.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Starting | Phase::Running)
    }
}

/// The running task list.
#[derive(Clone, Debug, Default)]
pub(super) struct Instances {
    list: BTreeMap<Uuid, Instance>,
    by_task: BTreeMap<TaskId, Vec<Uuid>>,
    pub(super) next_serial: u64,
}

impl Instances {
    pub(super) fn get(&self, id: Uuid) -> Option<&Instance> {
        self.list.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: Uuid) -> Option<&mut Instance> {
        self.list.get_mut(&id)
    }

    pub(super) fn add(&mut self, instance: Instance) {
        self.next_serial = self.next_serial.max(instance.serial.saturating_add(1));
        let ids = self.by_task.entry(instance.task).or_default();
        ids.push(instance.id);
        self.list.insert(instance.id, instance);
    }

    pub(super) fn remove(&mut self, id: Uuid) -> Option<Instance> {
        let instance = self.list.remove(&id)?;
        if let Some(ids) = self.by_task.get_mut(&instance.task) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_task.remove(&instance.task);
            }
        }
        Some(instance)
    }

    /// Keeps the original definition for the running instances of a task.
    pub(super) fn keep_definition(&mut self, task: TaskId, definition: &str) {
        for id in self.by_task.get(&task).into_iter().flatten() {
            if let Some(instance) = self.list.get_mut(id).filter(|it| it.is_running()) {
                instance.definition.get_or_insert_with(|| definition.into());
            }
        }
    }

    /// Removes the instances of a task that is deleted. Those that run go on without it.
    pub(super) fn detach(&mut self, task: TaskId, definition: &str, deleted: &Deleted) -> Vec<Uuid> {
        self.keep_definition(task, definition);
        let (run, wait): (Vec<_>, Vec<_>) = self
            .by_task
            .remove(&task)
            .unwrap_or_default()
            .into_iter()
            .partition(|id| self.list.get(id).is_some_and(Instance::is_running));
        for id in run {
            if let Some(instance) = self.list.get_mut(&id) {
                instance.task = TaskId::DELETED;
                instance.deleted = Some(Box::new(deleted.clone()));
                self.by_task.entry(TaskId::DELETED).or_default().push(id);
            }
        }
        wait.iter().for_each(|id| drop(self.list.remove(id)));
        wait
    }

    /// Records whether another start was refused since the instances of a task started.
    pub(super) fn outdate(&mut self, task: TaskId, outdated: bool) {
        for id in self.by_task.get(&task).into_iter().flatten() {
            if let Some(instance) = self.list.get_mut(id) {
                instance.outdated = outdated;
            }
        }
    }

    /// The instances of a task, oldest first.
    pub(super) fn of(&self, task: TaskId) -> impl Iterator<Item = &Instance> {
        self.by_task.get(&task).into_iter().flatten().filter_map(|id| self.list.get(id))
    }

    /// All instances, oldest first.
    pub(super) fn all(&self) -> Vec<&Instance> {
        let mut all: Vec<_> = self.list.values().collect();
        all.sort_by_key(|instance| instance.serial);
        all
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Instance> {
        self.list.values()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The tasks that have instances.
    pub(super) fn tasks(&self) -> impl Iterator<Item = TaskId> {
        self.by_task.keys().copied()
    }
}
