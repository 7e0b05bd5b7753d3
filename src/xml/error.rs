use crate::{
    Profile,
    definition::SchemaVersion,
    dtyp::{HResult, HasHResult},
    error::{self, LineCounter, Place},
    finding::FindingKind,
    markup::Syntax,
};
use std::fmt;

/// Why a task definition was refused, where, and with which HRESULT and TASK_XML_ERROR_INFO.
pub type Error = error::Error<Box<ErrorKind>>;

/// A violated rule, and what Windows reports of it.
///
/// ```
/// let xml = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\n  <Actions>\n    <Exec/>\n  </Actions>\n</Task>";
/// let error = wintask::xml::read_text(xml, &Default::default()).unwrap_err();
/// assert_eq!(error.hresult().0, 0x8004_1319);
/// assert_eq!(error.kind().info.to_string(), "(3,7):Command:");
/// assert_eq!(error.to_string(), "3:5, Task/Actions/Exec: the element Command is missing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorKind {
    /// The rule.
    pub rule: Rule,
    /// What Windows returns beside the HRESULT.
    pub info: ErrorInfo,
}

/// TASK_XML_ERROR_INFO ([MS-TSCH] 2.3.10) by the position rules of Windows or of the specification.
///
/// Windows counts the column one further than the specification says: the character before the first one of an
/// element's name is its "column one" (facts/xml.md section 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[doc(alias = "TASK_XML_ERROR_INFO")]
pub struct ErrorInfo {
    /// Line, counted from 1.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// Name of the element or attribute that is wrong or missing.
    pub node: String,
    /// The wrong value, or the parser's message.
    pub value: String,
}

impl fmt::Display for ErrorInfo {
    /// `(line,column):node:value`, as Windows shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{}):{}:{}", self.line, self.column, self.node, self.value)
    }
}

/// What a task definition must keep to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// Not XML, or more of it than is read here.
    #[error("{0}")]
    Syntax(Syntax),
    /// The root, or another node, is of another namespace.
    #[error("the namespace is {found:?} and not that of task definitions")]
    Namespace {
        /// The namespace found; empty for none.
        found: String,
    },
    /// The root is no task.
    #[error("the root element is {found} and not Task")]
    Root {
        /// The root's name.
        found: String,
    },
    /// No element of this name may stand here.
    #[error("the element {name} has no place in {parent}")]
    UnknownElement {
        /// Its name.
        name: String,
        /// Where it stands.
        parent: &'static str,
    },
    /// No attribute of this name may stand here.
    #[error("the attribute {name} has no place in {parent}")]
    UnknownAttribute {
        /// Its name.
        name: String,
        /// Where it stands.
        parent: &'static str,
    },
    /// Text stands between elements.
    #[error("text has no place in {parent}")]
    Text {
        /// Where it stands.
        parent: &'static str,
    },
    /// The element stands here already.
    #[error("the element {name} stands here a second time")]
    Duplicate {
        /// Its name.
        name: &'static str,
    },
    /// Another of its choice stands here already.
    #[error("{name} stands beside {other}, and only one of them may")]
    Choice {
        /// Its name.
        name: &'static str,
        /// The other's.
        other: &'static str,
    },
    /// The element comes behind one that must follow it (specification only).
    #[error("{name} stands behind {other}, which must follow it")]
    Order {
        /// Its name.
        name: &'static str,
        /// The other's.
        other: &'static str,
    },
    /// The element came with a later version of the schema than the task states.
    #[error("{name} needs version {since}, and the task states {stated}")]
    Version {
        /// Its name.
        name: &'static str,
        /// The version that brought it.
        since: SchemaVersion,
        /// The version stated.
        stated: SchemaVersion,
    },
    /// The list is full.
    #[error("{parent} holds {max} elements at most, and {name} is one more")]
    TooMany {
        /// Its name.
        name: &'static str,
        /// The list's.
        parent: &'static str,
        /// How many it holds.
        max: usize,
    },
    /// A required element is missing.
    #[error("the element {name} is missing")]
    MissingElement {
        /// Its name.
        name: &'static str,
    },
    /// A list of days, weeks or months has nothing in it ([MS-TSCH] 3.2.5.4.2).
    #[error("nothing stands in {name}")]
    Empty {
        /// Its name.
        name: &'static str,
    },
    /// A required attribute is missing.
    #[error("the attribute {name} is missing")]
    MissingAttribute {
        /// Its name.
        name: &'static str,
    },
    /// A value is not what it must be.
    #[error("{value:?} is not {expected}")]
    Value {
        /// The value.
        value: String,
        /// What it must be.
        expected: String,
    },
    /// User and group together ([MS-TSCH] 3.2.5.4.2).
    #[error("a principal has a user or a group, not both")]
    UserAndGroup,
    /// A logon type beside a group (facts/xml.md section 1).
    #[error("a group has no logon type")]
    GroupWithLogonType,
    /// Maintenance without the unified scheduling engine ([MS-TSCH] 3.2.5.4.2).
    #[error("MaintenanceSettings need UseUnifiedSchedulingEngine to be true")]
    MaintenanceEngine,
    /// Deletion after an end that no trigger has.
    #[error("DeleteExpiredTaskAfter needs a trigger with an EndBoundary")]
    ExpiryWithoutEnd,
    /// The deadline is not longer than the period.
    #[error("the deadline {deadline} is not longer than the period {period}")]
    Deadline {
        /// The deadline.
        deadline: String,
        /// The period.
        period: String,
    },
    /// The end lies before the start.
    #[error("the end {end} lies before the start {start}")]
    EndBeforeStart {
        /// The end.
        end: String,
        /// The start.
        start: String,
    },
    /// An identifier is used twice.
    #[error("the id {id:?} is used twice")]
    DuplicateId {
        /// The identifier.
        id: String,
    },
    /// The context names no principal.
    #[error("no principal has the id {context:?}")]
    UnknownContext {
        /// What the context names.
        context: String,
    },
}

impl Rule {
    /// What Windows returns ([MS-TSCH] 3.2.5.4.2, facts/xml.md).
    #[must_use]
    pub fn hresult(&self) -> HResult {
        match self {
            Self::Syntax(_) => HResult::SCHED_E_MALFORMEDXML,
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
            | Self::ExpiryWithoutEnd => HResult::SCHED_E_MISSINGNODE,
            Self::Value { .. }
            | Self::Deadline { .. }
            | Self::EndBeforeStart { .. }
            | Self::DuplicateId { .. }
            | Self::UnknownContext { .. } => HResult::SCHED_E_INVALIDVALUE,
        }
    }

    /// A stable name for programs, as findings have it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "xml.syntax",
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
        }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let version = "or leave the version attribute out";
        Some(match self {
            Self::Syntax(Syntax::Encoding) => {
                "remove the XML declaration, or save the file in the encoding that it names".into()
            }
            Self::Syntax(Syntax::Entity) => "write a literal & as &amp;".into(),
            Self::Syntax(Syntax::ElementMatch | Syntax::End) => {
                "close each element by an end tag of its own name, the inner ones first".into()
            }
            Self::Syntax(_) => return None,
            Self::Namespace { .. } | Self::Root { .. } => {
                format!("start the document with <Task xmlns=\"{}\">", super::table::NAMESPACE)
            }
            Self::UnknownElement { name, parent } => super::suggest::element(name, parent)?,
            Self::UnknownAttribute { .. } => "remove the attribute".into(),
            Self::Text { .. } => "remove the text, or put it into an element".into(),
            Self::Duplicate { .. } | Self::Choice { .. } => "keep one of them".into(),
            Self::Order { name, other } => format!("move {name} before {other}"),
            Self::Version { since, .. } => format!("state version=\"{since}\" {version}"),
            Self::TooMany { max, .. } => format!("keep {max} of them"),
            Self::MissingElement { name } => format!("add <{name}>"),
            Self::Empty { name } => format!("put at least one into {name}, or remove the trigger"),
            Self::MissingAttribute { name } => format!("add the attribute {name}"),
            Self::Value { .. } => return None,
            Self::UserAndGroup => "remove UserId or GroupId".into(),
            Self::GroupWithLogonType => "remove LogonType: members of a group are always logged on".into(),
            Self::MaintenanceEngine => {
                "add <UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine>".into()
            }
            Self::ExpiryWithoutEnd => {
                "give a trigger an EndBoundary, or remove DeleteExpiredTaskAfter".into()
            }
            Self::Deadline { .. } => "make Deadline longer than Period".into(),
            Self::EndBeforeStart { .. } => "move EndBoundary behind StartBoundary".into(),
            Self::DuplicateId { .. } => "give each principal, trigger and action an id of its own".into(),
            Self::UnknownContext { context } => format!("give a principal the id {context:?}"),
        })
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

/// An error at a place in a text: `shown` is where people should look, `reported` where Windows says it is.
pub(super) struct At<'a> {
    pub(super) text: &'a str,
    pub(super) profile: Profile,
    pub(super) shown: usize,
    pub(super) reported: usize,
    pub(super) path: String,
}

impl At<'_> {
    /// Puts the error together; `node` and `value` are what Windows reports.
    #[cold]
    pub(super) fn error(self, rule: Rule, node: impl Into<String>, value: impl Into<String>) -> Error {
        let mut lines = LineCounter::new(self.text);
        let reported = lines.position(self.reported);
        let column = reported.column + u32::from(self.profile == Profile::Windows);
        let info = ErrorInfo { line: reported.line, column, node: node.into(), value: value.into() };
        let place = Place::text(lines.position(self.shown), self.path);
        Error::new(Box::new(ErrorKind { rule, info }), place)
    }
}
