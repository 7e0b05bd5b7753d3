//! The state of a scheduler: everything that it keeps between calls and events.

use super::{
    clockwork::Clockwork,
    instance::{Cause, Instance, Instances},
    listeners::{Listeners, TriggerId},
    options::Options,
    random::Random,
    store::{
        credentials::Credentials,
        entry::{NEVER, TaskId},
        jobs::{AtJobs, Jobs},
        tree::Tree,
    },
    timer::{DueTasks, SeriesId, Timers},
};
use crate::{
    definition::{TaskPath, TaskPathKey},
    dtyp::WideString,
    limits,
    security::Sid,
    time::Ticks,
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};
use time::OffsetDateTime;

/// The state of a scheduler ([MS-TSCH] 3.2.1): the task store, the running task list, accounts and timers.
///
/// It changes only through calls and events. The module documentation lists the requirements for the host.
///
/// ```
/// use wintask::scheduler::{Options, State};
///
/// let state = State::new(Options::default(), 42);
/// assert_eq!(state.next_wakeup(), None); // there are no tasks yet
/// ```
#[derive(Clone)]
pub struct State {
    pub(super) options: Options,
    pub(super) random: Random,
    pub(super) tree: Tree,
    pub(super) jobs: Jobs,
    pub(super) at_jobs: AtJobs,
    /// The files of version 1 tasks.
    pub(super) twins: BTreeMap<TaskId, WideString>,
    /// The account of AT jobs; `None` for LocalSystem.
    pub(super) at_account: Option<String>,
    pub(super) credentials: Credentials,
    /// The SIDs of principals whose names only the host can resolve.
    pub(super) principals: BTreeMap<TaskId, Sid>,
    /// The SIDs of the users named by triggers.
    pub(super) users: BTreeMap<TriggerId, Sid>,
    pub(super) instances: Instances,
    pub(super) due: DueTasks,
    pub(super) timers: Timers,
    pub(super) repeats: BTreeMap<SeriesId, Repeat>,
    pub(super) retries: BTreeMap<TaskId, Cause>,
    /// Tasks to start late, and the trigger of the missed run.
    pub(super) missed: BTreeMap<TaskId, u32>,
    /// Tasks that were stopped when idleness ended, and start when the machine is idle.
    pub(super) restart_when_idle: BTreeSet<TaskId>,
    /// Tasks whose maintenance is due.
    pub(super) maintain: BTreeSet<TaskId>,
    /// The maintenance tasks that were interrupted when idleness ended.
    pub(super) interrupted: BTreeSet<TaskId>,
    /// The end of the maintenance window, in ticks.
    pub(super) maintenance_until: i64,
    /// The paths of expired and deleted tasks, oldest first.
    pub(super) expired: VecDeque<TaskPathKey>,
    pub(super) listeners: Listeners,
    pub(super) asleep_since: Option<Ticks>,
    pub(super) seen: Seen,
    /// The clock by which run times were computed; `None` before the first.
    pub(super) clockwork: Option<Clockwork>,
    /// The start of the deadline of maintenance tasks that have never run, in ticks.
    pub(super) maintained_since: BTreeMap<TaskId, i64>,
}

/// The last state of the machine reported by the host, if any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Seen {
    pub(super) idle: Option<bool>,
    pub(super) on_battery: Option<bool>,
}

/// A trigger without run times that fires repeatedly.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Repeat {
    pub(super) interval: i64,
    /// The last time it can fire, in ticks.
    pub(super) until: i64,
    pub(super) cause: Cause,
}

impl State {
    /// Creates a scheduler without tasks. All random values (GUIDs, delays) come from `seed`.
    #[must_use]
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            options,
            random: Random::new(seed),
            tree: Tree::default(),
            jobs: Jobs::default(),
            at_jobs: AtJobs::default(),
            twins: BTreeMap::new(),
            at_account: None,
            credentials: Credentials::default(),
            principals: BTreeMap::new(),
            users: BTreeMap::new(),
            instances: Instances::default(),
            due: DueTasks::default(),
            timers: Timers::default(),
            repeats: BTreeMap::new(),
            retries: BTreeMap::new(),
            missed: BTreeMap::new(),
            restart_when_idle: BTreeSet::new(),
            maintain: BTreeSet::new(),
            interrupted: BTreeSet::new(),
            maintenance_until: i64::MIN,
            expired: VecDeque::new(),
            listeners: Listeners::default(),
            asleep_since: None,
            seen: Seen::default(),
            clockwork: None,
            maintained_since: BTreeMap::new(),
        }
    }

    /// The options that the scheduler was created with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// When the host must report the next timer event; `None` if there is none.
    ///
    /// An instant in the past means immediately.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<OffsetDateTime> {
        let timer = self.timers.next().map(|(at, _)| at);
        let at = self.due.peek().into_iter().chain(timer).min()?;
        Some(Ticks(at).nearest_civil().assume_utc())
    }

    /// The number of registered tasks.
    #[must_use]
    pub fn task_count(&self) -> usize {
        self.tree.tasks.len()
    }

    /// The number of instances that are running or waiting.
    #[must_use]
    pub fn instance_count(&self) -> usize {
        self.instances.len()
    }

    /// The path of the task of an instance, which may have been deleted.
    pub(super) fn path_of(&self, instance: &Instance) -> TaskPath {
        match &instance.deleted {
            Some(deleted) => deleted.path.clone(),
            None => self.tree.path(instance.task),
        }
    }

    /// Sets the next due time of a task, or never.
    pub(super) fn set_due(&mut self, id: TaskId, at: i64) {
        let Some(entry) = self.tree.task_mut(id) else { return };
        if entry.due == at {
            return;
        }
        entry.due = at;
        if at != NEVER {
            self.due.push(at, id);
        }
        if self.due.len() > 2 * self.tree.tasks.len() + limits::OUTDATED_RUNS {
            let due = |id| self.tree.task(id).map_or(NEVER, |entry| entry.due);
            let live = self.tree.task_ids().map(|id| (due(id), id));
            let live: Vec<_> = live.filter(|(at, _)| *at != NEVER).collect();
            self.due.rebuild(live.into_iter());
        }
    }

    /// The task that is due first. Drops outdated entries before it.
    pub(super) fn first_due(&mut self) -> Option<(i64, TaskId)> {
        let tree = &self.tree;
        self.due.first(|at, id| tree.task(id).is_some_and(|entry| entry.due == at))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tasks, instances) = (self.task_count(), self.instance_count());
        write!(f, "State({tasks} tasks, {instances} instances, next {:?})", self.next_wakeup())
    }
}
