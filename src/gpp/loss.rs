//! Differences between an item and its task.

use super::table::Field;
use crate::finding::{FindingKind, Severity};
use std::fmt;

/// A part of an item that its task does not have as stated, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// The attribute; `None` for anything else.
    pub field: Option<Field>,
    /// The reason.
    pub kind: LossKind,
}

/// Why something was lost, changed or assumed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LossKind {
    /// It decides whether, when and how the item is applied, and is not part of the task.
    #[error("lost: it is part of the policy, not of the task")]
    Policy,
    /// A password. It is never part of the result.
    #[error("lost: a stored password is not used")]
    Credential,
    /// The task has no such field.
    #[error("lost: the task has no such field")]
    NoCounterpart,
    /// The value is invalid or out of range, and was ignored.
    #[error("lost: {0:?} is not valid here")]
    Invalid(String),
    /// A value that another stated attribute requires is missing.
    #[error("lost: the value is missing")]
    Missing,
    /// No value was stated; this one was assumed.
    #[error("assumed {0}")]
    Assumed(String),
    /// One of two readings was chosen.
    #[error("read as: {0}")]
    Read(&'static str),
    /// A variable without a known value.
    #[error("%{0}% has no known value")]
    Unknown(&'static str),
    /// A variable was replaced.
    #[error("%{0}% was replaced")]
    Replaced(&'static str),
    /// Text in the task looks like a variable to the policy.
    #[error("%{0}% will be replaced when the item is applied")]
    Variable(&'static str),
    /// The task starts when the item is applied; the context does not have that time.
    #[error("lost: the task starts when the item is applied, at an unknown time")]
    Immediate,
    /// A trigger of an unknown type, or one that lacks a required attribute.
    #[error("lost: the trigger has no known type, or lacks what its type needs")]
    Trigger,
    /// An alias for SYSTEM.
    #[error(r"NT AUTHORITY\Well-Known-System-Account was read as SYSTEM")]
    SystemAlias,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl FindingKind for Loss {
    fn code(&self) -> &'static str {
        match self.kind {
            LossKind::Policy => "gpp.loss.policy",
            LossKind::Credential => "gpp.loss.credential",
            LossKind::NoCounterpart => "gpp.loss.no_counterpart",
            LossKind::Invalid(_) => "gpp.loss.invalid",
            LossKind::Missing => "gpp.loss.missing",
            LossKind::Assumed(_) => "gpp.loss.assumed",
            LossKind::Read(_) => "gpp.loss.read",
            LossKind::Unknown(_) => "gpp.loss.unknown_variable",
            LossKind::Replaced(_) => "gpp.loss.replaced",
            LossKind::Variable(_) => "gpp.loss.variable",
            LossKind::Immediate => "gpp.loss.immediate",
            LossKind::Trigger => "gpp.loss.trigger",
            LossKind::SystemAlias => "gpp.loss.system_alias",
        }
    }

    fn severity(&self) -> Severity {
        match self.kind {
            LossKind::Policy | LossKind::Assumed(_) | LossKind::Read(_) | LossKind::Replaced(_) => {
                Severity::Info
            }
            LossKind::SystemAlias => Severity::Info,
            LossKind::Credential
            | LossKind::NoCounterpart
            | LossKind::Unknown(_)
            | LossKind::Variable(_)
            | LossKind::Immediate => Severity::Warning,
            LossKind::Invalid(_) | LossKind::Missing | LossKind::Trigger => Severity::Error,
        }
    }
}
