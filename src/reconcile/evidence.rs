//! The traces of one task.

use super::{
    event::TaskEvent,
    policy::PolicyItem,
    source::Source,
    trace::{JobFile, TaskFile, TasksKey, TreeKey},
};
use crate::{definition::Task, dtyp::FileTime};

/// The traces of one task, as far as they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// The file.
    pub file: Option<&'a TaskFile>,
    /// The key below `Tree`.
    pub tree: Option<&'a TreeKey>,
    /// The key below `Tasks`.
    pub tasks: Option<&'a TasksKey>,
    /// The .JOB file of the same name.
    pub job: Option<&'a JobFile>,
    /// The items of policies of the same name.
    pub policies: Vec<&'a PolicyItem>,
    /// The events about the task, in any order.
    pub events: Vec<&'a TaskEvent>,
    /// When the traces were collected, UTC: no time of theirs is later.
    pub now: Option<FileTime>,
    /// Which traces were looked for, so that their absence discloses something; by default all.
    pub looked_for: LookedFor,
}

/// Which traces somebody looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the three places that a task must be in")]
pub struct LookedFor {
    /// The files below `System32\Tasks`.
    pub files: bool,
    /// The keys below `Tree`.
    pub tree: bool,
    /// The keys below `Tasks`.
    pub tasks: bool,
}

impl Default for LookedFor {
    fn default() -> Self {
        Self { files: true, tree: true, tasks: true }
    }
}

impl LookedFor {
    /// Whether anything was that a task must be in.
    pub(super) const fn any(self) -> bool {
        self.files || self.tree || self.tasks
    }
}

/// A definition, and the trace that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Definition {
    /// The trace.
    pub source: Source,
    /// The definition.
    pub task: Task,
}
