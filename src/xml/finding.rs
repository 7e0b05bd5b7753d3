//! What is worth reporting about a task definition that was read.

use super::{error::ErrorKind, tree::Tree};
use crate::{
    definition::{Action, Task, TriggerKind},
    dtyp::HResult,
    error::{LineCounter, Place},
    finding::{self, Severity},
};

/// Something worth reporting about a task definition, and where.
pub type Finding = finding::Finding<FindingKind>;

/// What is worth reporting about a task definition.
pub type Findings = finding::Findings<FindingKind>;

/// What a finding of [`recover`](super::recover) is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// Windows refuses the definition for it.
    #[error(transparent)]
    Violation(#[from] Box<ErrorKind>),
    /// An action that Windows no longer performs.
    #[error("{name} is withdrawn since Windows 8 ({})", HResult::SCHED_E_DEPRECATED_FEATURE_USED)]
    Withdrawn {
        /// The action's element.
        name: &'static str,
    },
    /// A trigger that Windows accepts and the specification does not describe.
    #[error("{name} is not in the specification")]
    Undocumented {
        /// The trigger's element.
        name: &'static str,
    },
    /// Unknown triggers and actions, kept as they were written.
    #[error("triggers and actions that are none, kept as they were written: {number}")]
    Kept {
        /// How many.
        number: usize,
    },
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Violation(kind) => kind.code(),
            Self::Withdrawn { .. } => "xml.withdrawn",
            Self::Undocumented { .. } => "xml.undocumented",
            Self::Kept { .. } => "xml.kept",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Violation(_) => Severity::Error,
            Self::Withdrawn { .. } => Severity::Warning,
            Self::Undocumented { .. } | Self::Kept { .. } => Severity::Info,
        }
    }
}

/// Findings about a task that was read.
pub(super) fn task(task: &Task, tree: &Tree<'_>, findings: &mut Findings) {
    let mut lines = LineCounter::new(tree.text);
    let mut report = |kind, path: &'static str, offset: u32| {
        findings.push(Finding::new(kind, Place::text(lines.position(offset as usize), path)));
    };
    let section = |name: &str| tree.child(0, name);
    if let Some((actions, _)) = section("Actions") {
        for (_, node) in
            tree.children(actions).filter(|(_, n)| matches!(n.row.name, "SendEmail" | "ShowMessage"))
        {
            report(FindingKind::Withdrawn { name: node.row.name }, "Task/Actions", node.open);
        }
    }
    if let Some((triggers, _)) = section("Triggers") {
        for (_, node) in tree.children(triggers).filter(|(_, n)| n.row.windows_only) {
            report(FindingKind::Undocumented { name: node.row.name }, "Task/Triggers", node.open);
        }
    }
    let number = task.triggers.iter().filter(|t| matches!(t.kind, TriggerKind::Unknown(_))).count()
        + task.actions.list.iter().filter(|a| matches!(a, Action::Unknown(_))).count();
    if number > 0 {
        report(FindingKind::Kept { number }, "Task", 0);
    }
}
