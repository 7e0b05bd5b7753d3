//! Findings about task definitions.

use super::{error::ErrorKind, tree::Tree};
use crate::{
    definition::{Action, Task, TriggerKind},
    dtyp::HResult,
    error::{LineCounter, Place, Position},
    finding::{self, Severity},
    limits,
};

/// A finding about a task definition, and its location.
pub type Finding = finding::Finding<FindingKind>;

/// Findings about a task definition.
pub type Findings = finding::Findings<FindingKind>;

/// The kinds of findings of [`recover`](super::recover).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// Windows rejects the definition for this reason.
    #[error(transparent)]
    Violation(#[from] Box<ErrorKind>),
    /// Windows rejects the definition for this reason. The text is kept only here.
    #[error("{violation}; not kept: {text}")]
    Lost {
        /// The violation.
        violation: Box<ErrorKind>,
        /// The text, truncated to [`limits::FINDING_TEXT_BYTES`](crate::limits::FINDING_TEXT_BYTES).
        text: String,
    },
    /// Reading ended before the document did.
    #[error("{violation}; bytes {start} to {end} were not read")]
    Unread {
        /// The reason.
        violation: Box<ErrorKind>,
        /// Offset of the first unread byte.
        start: usize,
        /// Offset after the last one.
        end: usize,
    },
    /// An action that Windows no longer supports.
    #[error("{name} has not been supported since Windows 8 ({})", HResult::SCHED_E_DEPRECATED_FEATURE_USED)]
    Withdrawn {
        /// The action's element.
        name: &'static str,
    },
    /// A trigger that Windows accepts but the specification does not describe.
    #[error("{name} is not in the specification")]
    Undocumented {
        /// The trigger's element.
        name: &'static str,
    },
    /// Triggers and actions that are unknown or unreadable, kept as they were written.
    #[error("{}", kept(*number))]
    Kept {
        /// Their number.
        number: usize,
    },
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Violation(violation) | Self::Lost { violation, .. } | Self::Unread { violation, .. } => {
                violation.code()
            }
            Self::Withdrawn { .. } => "xml.withdrawn",
            Self::Undocumented { .. } => "xml.undocumented",
            Self::Kept { .. } => "xml.kept",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Violation(_) | Self::Lost { .. } | Self::Unread { .. } => Severity::Error,
            Self::Withdrawn { .. } => Severity::Warning,
            Self::Undocumented { .. } | Self::Kept { .. } => Severity::Info,
        }
    }
}

impl FindingKind {
    /// The kind for a violation; `lost` is text that is not kept anywhere else.
    pub(super) fn of_violation(violation: Box<ErrorKind>, lost: &str) -> Self {
        if lost.is_empty() {
            Self::Violation(violation)
        } else {
            Self::Lost { violation, text: shortened(lost) }
        }
    }

    /// The violation for which Windows rejects the definition, if any.
    #[must_use]
    pub fn violation(&self) -> Option<&ErrorKind> {
        match self {
            Self::Violation(violation) | Self::Lost { violation, .. } | Self::Unread { violation, .. } => {
                Some(violation)
            }
            _ => None,
        }
    }
}

impl FindingKind {
    /// Names the content of bytes that are not XML, for their first finding.
    pub(super) fn name_content(&mut self, bytes: &[u8]) {
        if let Self::Violation(violation) | Self::Lost { violation, .. } | Self::Unread { violation, .. } =
            self
        {
            violation.name_content(bytes);
        }
    }

    /// The text that is not kept anywhere else.
    pub(super) fn lost(&self) -> Option<&str> {
        let Self::Lost { text, .. } = self else { return None };
        Some(text)
    }
}

impl Finding {
    /// All offsets in the finding.
    pub(super) fn offsets(&self) -> Vec<usize> {
        let span = match self.kind() {
            FindingKind::Unread { start, end, .. } => Some([*start, *end]),
            _ => None,
        };
        self.place().offset().into_iter().chain(span.into_iter().flatten()).collect()
    }

    /// Moves the finding to an outer text in which the inner one starts at `start`; `map` converts the offsets.
    pub(super) fn rebased(self, start: Position, map: impl Fn(usize) -> usize) -> Self {
        let outer = self.place().offset().map(&map);
        let (kind, place) = self.map_offsets(map).into_parts();
        let place = place.rebased(start);
        Self::new(kind, outer.map_or_else(|| place.clone(), |offset| place.clone().with_offset(offset)))
    }

    /// Converts the offsets of the finding.
    pub(super) fn map_offsets(self, map: impl Fn(usize) -> usize) -> Self {
        let (kind, place) = self.into_parts();
        let kind = match kind {
            FindingKind::Unread { violation, start, end } => {
                FindingKind::Unread { violation, start: map(start), end: map(end) }
            }
            other => other,
        };
        let place = match place.offset() {
            Some(offset) => place.with_offset(map(offset)),
            None => place,
        };
        Self::new(kind, place)
    }
}

/// The message for unreadable triggers and actions.
fn kept(number: usize) -> String {
    match number {
        1 => "1 trigger or action could not be read and is kept unchanged".to_owned(),
        _ => format!("{number} triggers or actions could not be read and are kept unchanged"),
    }
}

/// The beginning of a text, and the size of the rest.
fn shortened(text: &str) -> String {
    let most = limits::FINDING_TEXT_BYTES.min(text.len());
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    match text.split_at_checked(end) {
        Some((start, rest)) if !rest.is_empty() => format!("{start} and {} bytes more", rest.len()),
        _ => text.to_owned(),
    }
}

/// Findings about a task that was read successfully.
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
