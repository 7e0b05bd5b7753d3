//! The invariants of a state, which must hold after every step.

use super::{
    instance::{Instance, Phase},
    state::State,
    store::entry::{FolderId, NEVER, TaskId, Traits},
    timer::Timer,
};
use crate::definition::NameKey;
use std::collections::BTreeMap;

/// A violated invariant, which indicates a bug in this library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Violation(String);

macro_rules! hold {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(Violation(format!($($message)+)));
        }
    };
}

impl State {
    /// Checks all invariants: that the stores, the indexes, the running task list and the timers are consistent.
    ///
    /// This takes time proportional to the size of the state, and is meant for tests and fuzzing.
    ///
    /// # Errors
    /// The first violation.
    pub fn check(&self) -> Result<(), Violation> {
        self.check_tree()?;
        self.check_due()?;
        self.check_instances()?;
        self.check_timers()?;
        self.check_listeners()?;
        self.check_jobs()
    }

    fn check_tree(&self) -> Result<(), Violation> {
        let mut uses: BTreeMap<u32, u32> = BTreeMap::new();
        let (mut tasks, mut folders) = (0, 0);
        for (id, folder) in self.tree.folders.iter() {
            *uses.entry(folder.descriptor).or_default() += 1;
            hold!(folder.parent.is_some() == (id != 0), "folder {id} has no parent, or the root has one");
            for (key, task) in &folder.tasks {
                let entry = self.tree.task(*task).filter(|entry| entry.folder.0 == id);
                let is_found = entry.is_some_and(|entry| entry.name.has_key(key));
                hold!(is_found, "task {task:?} is not in folder {id}, or has another name");
                tasks += 1;
            }
            for (key, below) in &folder.folders {
                let below = self.tree.folder(*below).filter(|below| below.parent == Some(FolderId(id)));
                let is_found = below.is_some_and(|below| NameKey::new(&below.name) == *key);
                hold!(is_found, "a folder of {id} has another parent, or another name");
                folders += 1;
            }
        }
        // Each folder has one parent, and all are connected to the root, so there are no cycles.
        hold!(self.tree.is_connected(), "a folder is not below the root");
        hold!(tasks == self.tree.tasks.len(), "{} tasks, {tasks} in folders", self.tree.tasks.len());
        hold!(folders + 1 == self.tree.folders.len(), "a folder is in no other");
        hold!(self.tree.has_true_cards(), "the index of names differs from the {tasks} tasks");
        for (_, entry) in self.tree.tasks.iter() {
            *uses.entry(entry.descriptor).or_default() += 1;
        }
        for (descriptor, uses) in &uses {
            let counted = self.tree.descriptors.uses(*descriptor);
            hold!(counted == *uses, "descriptor {descriptor} is used {uses} times, counted {counted}");
        }
        hold!(uses.len() == self.tree.descriptors.len(), "a descriptor is not used");
        Ok(())
    }

    fn check_due(&self) -> Result<(), Violation> {
        let mut waiting: Vec<_> = self.due.entries().map(|(at, task)| (task, at)).collect();
        waiting.sort_unstable();
        let mut waiting = waiting.into_iter().peekable();
        for (id, entry) in self.tree.tasks.iter() {
            let id = TaskId(id);
            while waiting.next_if(|first| *first < (id, entry.due)).is_some() {}
            let is_listed = waiting.peek() == Some(&(id, entry.due));
            hold!(entry.due == NEVER || is_listed, "task {id:?} is due and not in the heap");
            hold!(entry.due == NEVER || entry.traits.has(Traits::ENABLED), "task {id:?} is disabled and due");
        }
        let first = self.tree.tasks.iter().map(|(_, entry)| entry.due).min().filter(|at| *at != NEVER);
        hold!(self.due.peek() == first, "the first run is at {first:?}, the heap says {:?}", self.due.peek());
        Ok(())
    }

    fn check_instances(&self) -> Result<(), Violation> {
        let mut serials: Vec<_> = Vec::new();
        for instance in self.instances.all() {
            let id = instance.id;
            let known = match &instance.deleted {
                Some(_) => {
                    let complete = instance.definition.is_some() && instance.is_running();
                    complete && instance.task == TaskId::DELETED
                }
                None => self.tree.task(instance.task).is_some(),
            };
            hold!(known, "instance {id} of no task");
            hold!(instance.serial < self.instances.next_serial, "instance {id} is of the future");
            hold!(!instance.is_running() || instance.runs_as.is_some(), "instance {id} runs as nobody");
            hold!(
                instance.stopping.is_none() || instance.is_running(),
                "instance {id} is stopped before it runs"
            );
            let delayed = self.timers.get(Timer::Delay(id)).is_some();
            hold!(
                delayed == (instance.phase == Phase::Delayed),
                "the delay of instance {id} has no timer, or one too many"
            );
            serials.push(instance.serial);
        }
        serials.dedup();
        hold!(serials.len() == self.instances.len(), "two instances have one number");
        for task in self.instances.tasks() {
            let mut of_task = self.instances.of(task);
            hold!(of_task.all(|it| it.task == task), "an instance is listed under another task");
            let queued = self.instances.of(task).any(|it| it.phase == Phase::Queued);
            let runs = self.instances.of(task).any(Instance::is_running);
            hold!(!queued || runs, "an instance of {task:?} waits for nobody");
        }
        Ok(())
    }

    fn check_timers(&self) -> Result<(), Violation> {
        for (timer, _) in self.timers.iter() {
            let sound = match timer {
                Timer::Kill(id) => self.instances.get(id).is_some_and(|it| it.stopping.is_some()),
                Timer::Limit(id) => self.instances.get(id).is_some_and(Instance::is_running),
                Timer::Delay(id) => self.instances.get(id).is_some_and(|it| it.phase == Phase::Delayed),
                Timer::Idle(id) => self.instances.get(id).is_some_and(|it| it.phase == Phase::AwaitsIdle),
                Timer::DurationEnd(task, ..) | Timer::Expiry(task) => self.tree.task(task).is_some(),
                Timer::Retry(task) => self.retries.contains_key(&task),
                Timer::Missed(task) => self.missed.contains_key(&task),
                Timer::Repeat(series) => self.repeats.contains_key(&series),
            };
            hold!(sound, "timer {timer:?} is for nothing");
        }
        let pending = self.retries.keys().map(|task| Timer::Retry(*task));
        let pending = pending.chain(self.missed.keys().map(|task| Timer::Missed(*task)));
        let pending = pending.chain(self.repeats.keys().map(|series| Timer::Repeat(*series)));
        for timer in pending {
            hold!(self.timers.get(timer).is_some(), "{timer:?} has no timer");
        }
        Ok(())
    }

    fn check_listeners(&self) -> Result<(), Violation> {
        for task in self.listeners.tasks() {
            hold!(self.tree.task(task).is_some(), "task {task:?} is gone and listens");
        }
        for task in self.maintained_since.keys() {
            hold!(self.tree.task(*task).is_some(), "task {task:?} is gone and has a deadline");
        }
        let sets = [&self.restart_when_idle, &self.maintain, &self.interrupted];
        for task in sets.into_iter().flatten() {
            hold!(
                self.tree.task(*task).is_some(),
                "task {task:?} is gone and waits for the machine to be idle"
            );
        }
        for (task, _) in self.users.keys() {
            hold!(self.tree.task(*task).is_some(), "task {task:?} is gone and waits for a user");
        }
        Ok(())
    }

    fn check_jobs(&self) -> Result<(), Violation> {
        for (id, job) in &self.at_jobs.list {
            hold!(self.tree.task(job.task).is_some(), "AT job {id} has no task");
            hold!(self.at_jobs.by_task.get(&job.task) == Some(id), "AT job {id} is not found by its task");
        }
        for file in self.jobs.files.values() {
            let sound = file.task.is_none_or(|task| self.tree.task(task).is_some());
            hold!(sound, "the file {} has no task", file.name);
        }
        Ok(())
    }
}
