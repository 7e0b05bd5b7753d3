//! The traces of one task.

use super::{
    event::TaskEvent,
    policy::PolicyItem,
    source::Source,
    trace::{JobFile, TaskFile, TasksKey, TreeKey},
};
use crate::{definition::Task, dtyp::FileTime};

/// The traces of one task, as far as they exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// The file.
    pub file: Option<&'a TaskFile>,
    /// The key under `Tree`.
    pub tree: Option<&'a TreeKey>,
    /// The key under `Tasks`.
    pub tasks: Option<&'a TasksKey>,
    /// The .JOB file of the same name.
    pub job: Option<&'a JobFile>,
    /// The policy items of the same name.
    pub policies: Vec<&'a PolicyItem>,
    /// The events about the task, in any order.
    pub events: Vec<&'a TaskEvent>,
    /// When the traces were collected, UTC. No trace can have a later time.
    pub now: Option<FileTime>,
    /// Which traces were collected, so that their absence is meaningful; all by default.
    pub looked_for: LookedFor,
}

/// Which traces were collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the three places that a task must be in")]
pub struct LookedFor {
    /// The files under `System32\Tasks`.
    pub files: bool,
    /// The keys under `Tree`.
    pub tree: bool,
    /// The keys under `Tasks`.
    pub tasks: bool,
}

impl Default for LookedFor {
    fn default() -> Self {
        Self { files: true, tree: true, tasks: true }
    }
}

impl LookedFor {
    /// Whether any place that a task must be in was collected.
    pub(super) const fn any(self) -> bool {
        self.files || self.tree || self.tasks
    }
}

/// A definition, and the trace that contains it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Definition {
    /// The trace.
    pub source: Source,
    /// The definition.
    pub task: Task,
}
