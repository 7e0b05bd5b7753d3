//! Errors and findings.

use super::{
    table::{Field, Type},
    value::{Action, ItemKind},
};
use crate::{
    error,
    finding::{self, Severity},
    markup::{NotXml, Syntax},
};

/// The error for a file that violates a rule, and its location.
pub type Error = error::Error<ErrorKind>;

/// A finding about a file, and its location.
pub type Finding = finding::Finding<FindingKind>;

/// The findings about a file.
pub type Findings = finding::Findings<FindingKind>;

/// The rules that a file can violate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not well-formed XML.
    #[error(transparent)]
    Syntax(Syntax),
    /// The document is empty, or not XML at all.
    #[error(transparent)]
    NotXml(NotXml),
    /// The bytes are neither UTF-8 nor UTF-16, as the declaration shows. [`recover`](super::recover) decodes windows-1252
    /// and ISO-8859-1.
    #[error("{}", crate::markup::unsupported_message(declared))]
    Encoding {
        /// The declared encoding.
        declared: String,
    },
    /// The root element has another name.
    #[error("unexpected root element {name}, expected ScheduledTasks{}", crate::xml::reader(name))]
    Root {
        /// The name of the root.
        name: String,
    },
    /// The class identifier is wrong, so the element is not processed.
    #[error("clsid is {found:?}, not {expected}: the element is not processed")]
    ClassId {
        /// The value.
        found: String,
        /// The expected class identifier.
        expected: &'static str,
    },
    /// A required attribute is missing.
    #[error("missing attribute {0}")]
    Missing(Field),
    /// An attribute has a value of the wrong type.
    #[error("invalid value {value:?} of {field}, expected {expected}")]
    Value {
        /// The attribute.
        field: Field,
        /// The value.
        value: String,
        /// The expected type.
        expected: Type,
    },
    /// An item does not have exactly one Properties element.
    #[error("{item} has {number} Properties, expected one")]
    Properties {
        /// The kind of the item.
        item: ItemKind,
        /// The number found.
        number: usize,
    },
    /// An item does not have exactly one definition.
    #[error("{item} has {number} definitions, expected one")]
    Definitions {
        /// The kind of the item.
        item: ItemKind,
        /// The number found.
        number: usize,
    },
}

impl ErrorKind {
    const fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) | Self::NotXml(_) | Self::Encoding { .. } => "gpp.syntax",
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
    /// The file violates a rule.
    #[error(transparent)]
    Violation(#[from] ErrorKind),
    /// A password is stored (MS14-025; EVIDENCE.md GPP-15).
    #[error(
        "a password is stored: whoever can read the policy can decrypt it, because the key is published (MS14-025); treat \
         it as disclosed, change it and remove it"
    )]
    Credential,
    /// A finding about the definition in an item. Texts that may contain a password are omitted.
    #[error("definition: {message}")]
    Definition {
        /// The code of the finding.
        code: &'static str,
        /// How serious it is.
        severity: Severity,
        /// Its message.
        message: String,
    },
    /// An unknown element. It is kept.
    #[error("unrecognised element {name} in {parent}")]
    UnknownElement {
        /// Its name.
        name: String,
        /// The parent element.
        parent: String,
    },
    /// An unknown attribute. It is kept.
    #[error("unrecognised attribute {name} of {element}")]
    UnknownAttribute {
        /// Its name.
        name: String,
        /// The element.
        element: String,
    },
    /// Text where only elements are expected. It is kept.
    #[error("unexpected text in {parent}")]
    Text {
        /// The parent element.
        parent: String,
    },
    /// Another root element, whose content was added to the first one.
    #[error("root element {name} after the first one: its contents were added to the first one")]
    SecondRoot {
        /// Its name.
        name: String,
    },
    /// A trigger attribute that does not apply to the trigger's type, and has no effect.
    #[error("{field} does not apply to this trigger")]
    Inapplicable {
        /// The attribute.
        field: Field,
    },
    /// The file depends on a part of the specification that is an editing mistake.
    #[error("{field}{} means: {meaning}; the specification says otherwise: {text}", counted(*times))]
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
    /// An item that may create a task has no command.
    #[error("no command, so no task can be created")]
    NoCommand {
        /// The action of the item; Update needs no command if the task exists.
        action: Action,
    },
    /// A filter lacks a required attribute.
    #[error("{filter} has no {attribute}")]
    FilterMissing {
        /// The filter.
        filter: &'static str,
        /// The attribute.
        attribute: &'static str,
    },
    /// A filter attribute has an invalid value.
    #[error("{value:?} is not valid for {attribute} of {filter}: expected one of {}", expected.join(", "))]
    FilterValue {
        /// The filter.
        filter: &'static str,
        /// The attribute.
        attribute: String,
        /// Its value.
        value: String,
        /// The allowed values.
        expected: &'static [&'static str],
    },
    /// A filter depends on a part of the specification that is an editing mistake.
    #[error("{attribute} of {filter} means: {meaning}; the specification says otherwise: {text}")]
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
    /// A variable that the client replaces (EVIDENCE.md GPP-13).
    #[error("%{name}%{} is replaced by {meaning}", counted(*times))]
    Placeholder {
        /// The name.
        name: &'static str,
        /// How often it is used.
        times: usize,
        /// The replacement.
        meaning: &'static str,
    },
    /// The alias for SYSTEM that an editor writes by mistake (EVIDENCE.md GPP-14).
    #[error(r"NT AUTHORITY\Well-Known-System-Account is not an account; SYSTEM is meant")]
    SystemAlias,
    /// The item and its definition name different accounts.
    #[error("runAs is {run_as:?}, and the definition runs as {user:?}")]
    Accounts {
        /// The account of the item.
        run_as: String,
        /// The account of the definition.
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

/// The number of uses, if there are several, for a message.
fn counted(times: usize) -> String {
    if times == 1 { String::new() } else { format!(" (used {times} times)") }
}
