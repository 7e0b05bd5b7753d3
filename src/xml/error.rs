//! Errors in the definition's XML, and what Windows reports for them.

use crate::{
    Profile,
    definition::SchemaVersion,
    dtyp::{HResult, HasHResult},
    error::{self, LineCounter, Place},
    eventlog::SubscriptionError,
    finding::FindingKind,
    markup::{NotXml, Syntax, not_xml},
};
use std::fmt;

/// The error for a rejected task definition: the rule, the location, and what Windows returns.
pub type Error = error::Error<Box<ErrorKind>>;

/// A violated rule, and what Windows reports for it.
///
/// ```
/// let xml = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\n  <Actions>\n    <Exec/>\n  </Actions>\n</Task>";
/// let error = wintask::xml::read_text(xml, &Default::default()).unwrap_err();
/// assert_eq!(error.hresult().0, 0x8004_1319);
/// assert_eq!(error.kind().info.to_string(), "(3,7):Command:");
/// assert_eq!(error.to_string(), "3:5, Task/Actions/Exec: missing element Command");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorKind {
    /// The rule.
    pub rule: Rule,
    /// What Windows returns with the HRESULT.
    pub info: ErrorInfo,
}

/// The TASK_XML_ERROR_INFO ([MS-TSCH] 2.3.10) for an error, by the position rules of Windows or of the specification.
///
/// In Windows the column is one greater than in the specification: it counts from 2, and points to the first
/// character of an element's name (EVIDENCE.md XML-12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[doc(alias = "TASK_XML_ERROR_INFO")]
pub struct ErrorInfo {
    /// The line, counted from 1; 0 if the task was not read from text.
    pub line: u32,
    /// The column; 0 if the task was not read from text.
    pub column: u32,
    /// The name of the element or attribute that is invalid or missing.
    pub node: String,
    /// The invalid value, or the parser's message.
    pub value: String,
}

impl fmt::Display for ErrorInfo {
    /// `(line,column):node:value`, as displayed by Windows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{}):{}:{}", self.line, self.column, self.node, self.value)
    }
}

#[cfg(feature = "rpc")]
impl From<&ErrorInfo> for crate::rpc::schrpc::TaskXmlErrorInfo {
    /// The structure that [`SchRpcRegisterTask`](crate::rpc::schrpc::SchRpcRegisterTask) returns. A missing node or value
    /// is an empty string.
    fn from(info: &ErrorInfo) -> Self {
        Self {
            line: info.line,
            column: info.column,
            node: Some(info.node.as_str().into()),
            value: Some(info.value.as_str().into()),
        }
    }
}

/// The rules for a task definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// The text is not well-formed XML, or exceeds a limit.
    #[error("{0}")]
    Syntax(Syntax),
    /// The document is empty, or not XML at all.
    #[error("{0}")]
    NotXml(NotXml),
    /// A file whose bytes are neither UTF-8 nor UTF-16, as its declaration shows. [`recover`](super::recover) decodes
    /// windows-1252 and ISO-8859-1.
    #[error("{}", crate::markup::unsupported_message(declared))]
    Encoding {
        /// The declared encoding.
        declared: String,
    },
    /// An element or attribute belongs to another namespace.
    #[error("unexpected namespace {found:?}")]
    Namespace {
        /// The namespace found; empty for none.
        found: String,
    },
    /// The root element is not `Task`.
    #[error("unexpected root element {found}, expected Task{}", reader(found))]
    Root {
        /// The root's name.
        found: String,
    },
    /// An unexpected element.
    #[error("unexpected element {name} in {parent}")]
    UnknownElement {
        /// Its name.
        name: String,
        /// The parent element.
        parent: &'static str,
    },
    /// An unexpected attribute.
    #[error("unexpected attribute {name} in {parent}")]
    UnknownAttribute {
        /// Its name.
        name: String,
        /// The element with the attribute.
        parent: &'static str,
    },
    /// Unexpected text between elements.
    #[error("unexpected text in {parent}")]
    Text {
        /// The parent element.
        parent: &'static str,
    },
    /// A duplicate element.
    #[error("duplicate element {name}")]
    Duplicate {
        /// Its name.
        name: &'static str,
    },
    /// Two mutually exclusive elements.
    #[error("{other} and {name} are mutually exclusive")]
    Choice {
        /// Its name.
        name: &'static str,
        /// The other element's name.
        other: &'static str,
    },
    /// Elements in the wrong order (specification only).
    #[error("{name} must precede {other}")]
    Order {
        /// Its name.
        name: &'static str,
        /// The other element's name.
        other: &'static str,
    },
    /// An element that requires a later schema version than the task states.
    #[error("{name} requires version {since}, but the task states {stated}")]
    Version {
        /// Its name.
        name: &'static str,
        /// The version that introduced it.
        since: SchemaVersion,
        /// The stated version.
        stated: SchemaVersion,
    },
    /// A list with too many elements.
    #[error("unexpected {name}: {parent} has at most {max} elements")]
    TooMany {
        /// Its name.
        name: &'static str,
        /// The list's name.
        parent: &'static str,
        /// The maximum.
        max: usize,
    },
    /// A missing required element.
    #[error("missing element {name}")]
    MissingElement {
        /// Its name.
        name: &'static str,
    },
    /// An empty list of days, weeks or months ([MS-TSCH] 3.2.5.4.2).
    #[error("{name} is empty")]
    Empty {
        /// Its name.
        name: &'static str,
    },
    /// A missing required attribute.
    #[error("missing attribute {name}")]
    MissingAttribute {
        /// Its name.
        name: &'static str,
    },
    /// A value that is invalid for its type.
    #[error("invalid value {value:?}, expected {expected}")]
    Value {
        /// The value.
        value: String,
        /// The expected values.
        expected: String,
    },
    /// A principal with both a user and a group ([MS-TSCH] 3.2.5.4.2).
    #[error("UserId and GroupId are mutually exclusive")]
    UserAndGroup,
    /// A group with a logon type (EVIDENCE.md XML-04).
    #[error("GroupId and LogonType are mutually exclusive")]
    GroupWithLogonType,
    /// Maintenance requires the unified scheduling engine ([MS-TSCH] 3.2.5.4.2).
    #[error("MaintenanceSettings requires UseUnifiedSchedulingEngine to be true")]
    MaintenanceEngine,
    /// DeleteExpiredTaskAfter without a trigger that ends.
    #[error("DeleteExpiredTaskAfter requires a trigger with an EndBoundary")]
    ExpiryWithoutEnd,
    /// The deadline is not longer than the period.
    #[error("Deadline {deadline} is not longer than Period {period}")]
    Deadline {
        /// The deadline.
        deadline: String,
        /// The period.
        period: String,
    },
    /// The end precedes the start.
    #[error("EndBoundary {end} precedes StartBoundary {start}")]
    EndBeforeStart {
        /// The end.
        end: String,
        /// The start.
        start: String,
    },
    /// A duplicate identifier.
    #[error("duplicate id {id:?}")]
    DuplicateId {
        /// The identifier.
        id: String,
    },
    /// A context that does not name a principal.
    #[error("no principal has the id {context:?}")]
    UnknownContext {
        /// The id in the context.
        context: String,
    },
    /// A repetition whose duration is shorter than its interval (Windows only).
    #[error("Duration {duration} is shorter than Interval {interval}")]
    RepetitionTooShort {
        /// The duration.
        duration: String,
        /// The interval.
        interval: String,
    },
    /// A message with neither `To`, `Cc` nor `Bcc` (Windows only).
    #[error("missing recipient: one of To, Cc and Bcc is required")]
    NoRecipient,
    /// A ProcessTokenSidType for any but two of the service accounts ([MS-TSCH] 2.5.6).
    #[error("ProcessTokenSidType requires LOCAL SERVICE or NETWORK SERVICE, found {user:?}")]
    ProcessTokenSidType {
        /// The principal's UserId; empty for none.
        user: String,
    },
    /// The event log rejects the subscription of an event trigger (Windows only).
    #[error("invalid Subscription: {0}")]
    Subscription(Box<SubscriptionError>),
}

impl Rule {
    /// The HRESULT that Windows returns ([MS-TSCH] 3.2.5.4.2).
    #[must_use]
    pub fn hresult(&self) -> HResult {
        match self {
            Self::Syntax(_) | Self::NotXml(_) | Self::Encoding { .. } => HResult::SCHED_E_MALFORMEDXML,
            Self::Namespace { .. } => HResult::SCHED_E_NAMESPACE,
            Self::Root { .. }
            | Self::UnknownElement { .. }
            | Self::UnknownAttribute { .. }
            | Self::Text { .. }
            | Self::Duplicate { .. }
            | Self::Choice { .. }
            | Self::Order { .. }
            | Self::Version { .. }
            | Self::UserAndGroup
            | Self::GroupWithLogonType => HResult::SCHED_E_UNEXPECTEDNODE,
            Self::TooMany { .. } => HResult::SCHED_E_TOO_MANY_NODES,
            Self::MissingElement { .. }
            | Self::Empty { .. }
            | Self::MissingAttribute { .. }
            | Self::MaintenanceEngine
            | Self::NoRecipient
            | Self::ExpiryWithoutEnd => HResult::SCHED_E_MISSINGNODE,
            Self::Subscription(error) => error.hresult(),
            Self::Value { .. }
            | Self::Deadline { .. }
            | Self::EndBeforeStart { .. }
            | Self::RepetitionTooShort { .. }
            | Self::ProcessTokenSidType { .. }
            | Self::DuplicateId { .. }
            | Self::UnknownContext { .. } => HResult::SCHED_E_INVALIDVALUE,
        }
    }

    /// The stable name of the rule, which is the code of its findings.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) | Self::NotXml(_) | Self::Encoding { .. } => "xml.syntax",
            Self::Namespace { .. } => "xml.namespace",
            Self::Root { .. } => "xml.root",
            Self::UnknownElement { .. } => "xml.unknown_element",
            Self::UnknownAttribute { .. } => "xml.unknown_attribute",
            Self::Text { .. } => "xml.text",
            Self::Duplicate { .. } => "xml.duplicate",
            Self::Choice { .. } => "xml.choice",
            Self::Order { .. } => "xml.order",
            Self::Version { .. } => "xml.version",
            Self::TooMany { .. } => "xml.too_many",
            Self::MissingElement { .. } => "xml.missing_element",
            Self::Empty { .. } => "xml.empty",
            Self::MissingAttribute { .. } => "xml.missing_attribute",
            Self::Value { .. } => "xml.value",
            Self::UserAndGroup => "xml.user_and_group",
            Self::GroupWithLogonType => "xml.group_with_logon_type",
            Self::MaintenanceEngine => "xml.maintenance_engine",
            Self::ExpiryWithoutEnd => "xml.expiry_without_end",
            Self::Deadline { .. } => "xml.deadline",
            Self::EndBeforeStart { .. } => "xml.end_before_start",
            Self::DuplicateId { .. } => "xml.duplicate_id",
            Self::UnknownContext { .. } => "xml.unknown_context",
            Self::RepetitionTooShort { .. } => "xml.repetition_too_short",
            Self::NoRecipient => "xml.no_recipient",
            Self::ProcessTokenSidType { .. } => "xml.process_token_sid_type",
            Self::Subscription(_) => "xml.subscription",
        }
    }

    /// A suggestion for the author of the definition.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let version = "or leave the version attribute out";
        Some(match self {
            Self::Syntax(Syntax::Encoding) => {
                "remove the XML declaration, or save the file in the encoding that it names".into()
            }
            Self::Syntax(Syntax::Entity) => "write a literal & as &amp;".into(),
            Self::Syntax(Syntax::ElementMatch | Syntax::End) => {
                "close each element with an end tag of the same name, inner elements first".into()
            }
            Self::Syntax(Syntax::Undecodable) | Self::Encoding { .. } => {
                "save the file in UTF-8 or UTF-16".into()
            }
            Self::NotXml(NotXml::Binary) => "identify the file with wintask::detect".into(),
            Self::Syntax(_) | Self::NotXml(NotXml::Job) => return None,
            Self::Root { found } if !reader(found).is_empty() => return None,
            Self::Namespace { .. } | Self::Root { .. } | Self::NotXml(_) => {
                format!("start the document with <Task xmlns=\"{}\">", super::table::NAMESPACE)
            }
            Self::UnknownElement { name, parent } => super::suggest::element(name, parent)?,
            Self::UnknownAttribute { .. } => "remove the attribute".into(),
            Self::Text { .. } => "remove the text".into(),
            Self::Duplicate { .. } | Self::Choice { .. } => "keep one of them".into(),
            Self::Order { name, other } => format!("move {name} before {other}"),
            Self::Version { since, .. } => format!("state version=\"{since}\" {version}"),
            Self::TooMany { max, .. } => format!("keep {max} of them"),
            Self::MissingElement { name } => format!("add <{name}>"),
            Self::Empty { name } => format!("add at least one entry to {name}, or remove the trigger"),
            Self::MissingAttribute { name } => format!("add the attribute {name}"),
            Self::Value { .. } | Self::Subscription(_) => return None,
            Self::RepetitionTooShort { .. } => {
                "make Duration at least as long as Interval, or remove it".into()
            }
            Self::NoRecipient => "add <To>, <Cc> or <Bcc>".into(),
            Self::ProcessTokenSidType { .. } => "remove ProcessTokenSidType, or change UserId".into(),
            Self::UserAndGroup => "remove UserId or GroupId".into(),
            Self::GroupWithLogonType => "remove LogonType: members of a group are always logged on".into(),
            Self::MaintenanceEngine => {
                "add <UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine>".into()
            }
            Self::ExpiryWithoutEnd => {
                "give a trigger an EndBoundary, or remove DeleteExpiredTaskAfter".into()
            }
            Self::Deadline { .. } => "make Deadline longer than Period".into(),
            Self::EndBeforeStart { .. } => "set EndBoundary after StartBoundary".into(),
            Self::DuplicateId { .. } => "give each principal, trigger and action a different id".into(),
            Self::UnknownContext { context } => format!("give a principal the id {context:?}"),
        })
    }
}

impl ErrorKind {
    /// Names the content of bytes that are not XML, given their first error. What Windows reports stays the same.
    pub(super) fn name_content(&mut self, bytes: &[u8]) {
        if let Rule::Syntax(syntax) = self.rule
            && let Some(content) = not_xml(bytes, syntax)
        {
            self.rule = Rule::NotXml(content);
        }
    }
}

/// The function that reads another kind of file with this root element, as the end of a message.
pub(crate) fn reader(root: &str) -> &'static str {
    match root {
        "ScheduledTasks" => ": a Group Policy file is read by gpp::ScheduledTasks::read",
        "Task" => ": a task definition is read by xml::read",
        "Event" => ": an event is read by eventlog::Event::parse",
        "Events" => ": events are read by eventlog::events",
        "QueryList" => ": an event query is read by eventlog::Query::parse",
        "Tasks" => ": several definitions are read by xml::documents",
        _ => "",
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(f)
    }
}

impl std::error::Error for ErrorKind {}

impl HasHResult for ErrorKind {
    fn hresult(&self) -> HResult {
        self.rule.hresult()
    }
}

impl FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        self.rule.code()
    }
}

/// An error at a location in a text: `shown` is the location for people, `reported` that of Windows.
pub(super) struct At {
    pub(super) profile: Profile,
    pub(super) shown: usize,
    pub(super) reported: usize,
    pub(super) path: String,
}

impl At {
    /// Builds the error; `node` and `value` are what Windows reports.
    #[cold]
    pub(super) fn error(
        self,
        lines: &mut LineCounter<'_>,
        rule: Rule,
        node: impl Into<String>,
        value: impl Into<String>,
    ) -> Error {
        let reported = lines.position(self.reported);
        let column = reported.column + u32::from(self.profile == Profile::Windows);
        let info = ErrorInfo { line: reported.line, column, node: node.into(), value: value.into() };
        let place = Place::text(lines.position(self.shown), self.path);
        Error::new(Box::new(ErrorKind { rule, info }), place)
    }
}
