//! Errors and findings.

use super::{
    table::{Field, Type},
    value::{Action, ItemKind},
};
use crate::{
    error,
    finding::{self, Severity},
    markup::Syntax,
};

/// The error for a file that breaks a rule, with its place.
pub type Error = error::Error<ErrorKind>;

/// A finding about a file, and its place.
pub type Finding = finding::Finding<FindingKind>;

/// The findings about a file.
pub type Findings = finding::Findings<FindingKind>;

/// The rules that a file may break.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not well-formed XML.
    #[error(transparent)]
    Syntax(Syntax),
    /// The root is another element.
    #[error("expected the root element ScheduledTasks, found {name}")]
    Root {
        /// The name of the root.
        name: String,
    },
    /// The class identifier is another one, so that the element is not processed.
    #[error("clsid is {found:?}, not {expected}: the element is not processed")]
    ClassId {
        /// The value.
        found: String,
        /// The value that such elements have.
        expected: &'static str,
    },
    /// A required attribute is missing.
    #[error("missing attribute {0}")]
    Missing(Field),
    /// An attribute has a value of another type.
    #[error("invalid value {value:?} of {field}, expected {expected}")]
    Value {
        /// The attribute.
        field: Field,
        /// The value.
        value: String,
        /// Its type.
        expected: Type,
    },
    /// An item does not have exactly one Properties.
    #[error("{item} has {number} Properties, expected one")]
    Properties {
        /// The kind of the item.
        item: ItemKind,
        /// How many there are.
        number: usize,
    },
    /// An item with a definition does not have exactly one.
    #[error("{item} has {number} definitions, expected one")]
    Definitions {
        /// The kind of the item.
        item: ItemKind,
        /// How many there are.
        number: usize,
    },
}

impl ErrorKind {
    const fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "gpp.syntax",
            Self::Root { .. } => "gpp.root",
            Self::ClassId { .. } => "gpp.class_id",
            Self::Missing(_) => "gpp.missing_attribute",
            Self::Value { .. } => "gpp.value",
            Self::Properties { .. } => "gpp.properties",
            Self::Definitions { .. } => "gpp.definitions",
        }
    }
}

impl finding::FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        self.code()
    }
}

/// The kinds of findings of [`recover`](super::recover).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// The file breaks a rule.
    #[error(transparent)]
    Violation(#[from] ErrorKind),
    /// A password is stored (MS14-025; EVIDENCE.md GPP-15).
    #[error(
        "a password is stored: whoever can read the policy can decrypt it, because the key is published (MS14-025); treat \
         it as disclosed, change it and remove it"
    )]
    Credential,
    /// The definition in an item has a finding of its own. Texts that may contain a password are left out.
    #[error("definition: {message}")]
    Definition {
        /// The code of the finding.
        code: &'static str,
        /// How serious it is.
        severity: Severity,
        /// Its message.
        message: String,
    },
    /// An element that is not defined here. It is kept.
    #[error("unrecognised element {name} in {parent}")]
    UnknownElement {
        /// Its name.
        name: String,
        /// The element around it.
        parent: String,
    },
    /// An attribute that is not defined here. It is kept.
    #[error("unrecognised attribute {name} of {element}")]
    UnknownAttribute {
        /// Its name.
        name: String,
        /// Its element.
        element: String,
    },
    /// Text where only elements are expected. It is kept.
    #[error("unexpected text in {parent}")]
    Text {
        /// The element around it.
        parent: String,
    },
    /// Another root element, whose contents were added to the first one.
    #[error("root element {name} after the first one: its contents were added to the first one")]
    SecondRoot {
        /// Its name.
        name: String,
    },
    /// Attributes of a trigger that do not apply to its type, and have no effect.
    #[error("{field} does not apply to this trigger")]
    Inapplicable {
        /// The attribute.
        field: Field,
    },
    /// The file depends on a part of the specification that is an editing mistake.
    #[error("{field}, {} means: {meaning}; the specification: {text}", counted(*times))]
    Disputed {
        /// The attribute.
        field: Field,
        /// How often it is used.
        times: usize,
        /// What it means.
        meaning: &'static str,
        /// What the specification says.
        text: &'static str,
    },
    /// An item that may create a task names no command.
    #[error("no command is named, so that no task can be created")]
    NoCommand {
        /// What the item does; an update needs no command if the task exists.
        action: Action,
    },
    /// A filter lacks an attribute that it needs.
    #[error("{filter} has no {attribute}")]
    FilterMissing {
        /// The filter.
        filter: &'static str,
        /// The attribute.
        attribute: &'static str,
    },
    /// An attribute of a filter has a value that is not one of its own.
    #[error("{value:?} is not valid for {attribute} of {filter}: expected one of {}", expected.join(", "))]
    FilterValue {
        /// The filter.
        filter: &'static str,
        /// The attribute.
        attribute: String,
        /// Its value.
        value: String,
        /// The values that it may have.
        expected: &'static [&'static str],
    },
    /// A filter depends on a part of the specification that is an editing mistake.
    #[error("{attribute} of {filter} means: {meaning}; the specification: {text}")]
    DisputedFilter {
        /// The filter.
        filter: &'static str,
        /// The attribute.
        attribute: String,
        /// What it means.
        meaning: &'static str,
        /// What the specification says.
        text: &'static str,
    },
    /// A text that the client replaces (EVIDENCE.md GPP-13).
    #[error("%{name}%, {} is replaced by {meaning}", counted(*times))]
    Placeholder {
        /// The name.
        name: &'static str,
        /// How often it is used.
        times: usize,
        /// What takes its place.
        meaning: &'static str,
    },
    /// SYSTEM by the name that an editor writes by mistake (EVIDENCE.md GPP-14).
    #[error(r"NT AUTHORITY\Well-Known-System-Account is not an account; SYSTEM is meant")]
    SystemAlias,
    /// The item and its definition name different accounts.
    #[error("runAs is {run_as:?}, and the definition runs as {user:?}")]
    Accounts {
        /// The account of the item.
        run_as: String,
        /// That of the definition.
        user: String,
    },
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Violation(violation) => violation.code(),
            Self::Credential => "gpp.credential",
            Self::Definition { code, .. } => code,
            Self::UnknownElement { .. } => "gpp.unknown_element",
            Self::UnknownAttribute { .. } => "gpp.unknown_attribute",
            Self::Text { .. } => "gpp.text",
            Self::SecondRoot { .. } => "gpp.second_root",
            Self::Inapplicable { .. } => "gpp.inapplicable",
            Self::Disputed { .. } => "gpp.disputed",
            Self::NoCommand { .. } => "gpp.no_command",
            Self::FilterMissing { .. } => "gpp.filter_missing",
            Self::FilterValue { .. } => "gpp.filter_value",
            Self::DisputedFilter { .. } => "gpp.disputed_filter",
            Self::Placeholder { .. } => "gpp.placeholder",
            Self::SystemAlias => "gpp.system_alias",
            Self::Accounts { .. } => "gpp.accounts",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Violation(_) | Self::Credential | Self::SecondRoot { .. } => Severity::Error,
            Self::Definition { severity, .. } => *severity,
            Self::UnknownElement { .. } | Self::UnknownAttribute { .. } | Self::Text { .. } => {
                Severity::Warning
            }
            Self::SystemAlias
            | Self::Accounts { .. }
            | Self::FilterMissing { .. }
            | Self::FilterValue { .. } => Severity::Warning,
            Self::NoCommand { action: Action::Update } | Self::DisputedFilter { .. } => Severity::Info,
            Self::NoCommand { .. } => Severity::Warning,
            Self::Inapplicable { .. } | Self::Disputed { .. } | Self::Placeholder { .. } => Severity::Info,
        }
    }
}

/// How often something is used, for a message.
fn counted(times: usize) -> String {
    if times == 1 { "used once,".to_owned() } else { format!("used {times} times,") }
}
