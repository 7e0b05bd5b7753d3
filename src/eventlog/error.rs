//! Errors of queries and events.

use crate::{
    dtyp::{HResult, HasHResult, Win32Error},
    error::{self, LineCounter, Place},
    finding::FindingKind,
    limits,
    markup::pieces::{Refused, Why},
};

/// The error for an invalid query or event, and its location.
///
/// ```
/// use wintask::{dtyp::Win32Error, eventlog::Query};
///
/// let error = Query::parse("*[System[not(EventID=1)]]").unwrap_err();
/// assert_eq!(error.kind().win32(), Win32Error::EVT_FILTER_UNSUPPORTEDOP);
/// assert_eq!(error.hresult().0, 0x8007_3AAC);
/// assert_eq!(error.to_string(), "1:10: unsupported function not()");
/// ```
pub type Error = error::Error<ErrorKind>;

/// The rule that an invalid query or event violates. Each corresponds to an error of the event log ([MS-ERREF] 2.2;
/// EVIDENCE.md EVT-13).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is too large.
    #[error("the text has {size} bytes, the limit is {}", limits::EVENT_XML_BYTES)]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The XML is not well-formed.
    #[error("{0}")]
    Xml(String),
    /// An unexpected element or attribute, or text between elements.
    #[error("unexpected {what}")]
    Misplaced {
        /// The element, attribute or text.
        what: String,
    },
    /// An attribute with an invalid value.
    #[error("invalid value for {attribute}: {value:?}")]
    Value {
        /// The attribute's name.
        attribute: &'static str,
        /// Its value.
        value: String,
    },
    /// An empty element or query.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A selector without a path, in a query without a default path.
    #[error("no channel: neither the selector nor its query has a Path")]
    NoPath,
    /// An invalid channel path: [`Query::parse_subscription`](super::Query::parse_subscription).
    #[error("invalid channel path: {0:?}")]
    ChannelPath(String),
    /// Selectors of channels and of saved logs in the same query.
    #[error("channels and saved logs cannot be mixed in one query")]
    MixedPaths,
    /// A selector that does not start with the event.
    #[error("a selector must start with * or Event, found {0}")]
    NotEvent(String),
    /// An axis, operator or function that event queries do not support.
    #[error("unsupported {0}")]
    Unsupported(String),
    /// An unexpected token.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What is expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// A missing operand of `and` or `or`.
    #[error("expected an expression {side} `{operator}`")]
    NoOperand {
        /// `before` or `after`.
        side: &'static str,
        /// `and` or `or`.
        operator: &'static str,
    },
    /// `AND` or `OR` in upper case.
    #[error("unexpected {found}: operators are lower case, `and` and `or`")]
    OperatorCase {
        /// The operator as written.
        found: String,
    },
    /// An unexpected end of the query.
    #[error("unexpected end of query: expected {expected}")]
    Ends {
        /// What is expected.
        expected: &'static str,
    },
    /// An unterminated quoted text.
    #[error("unclosed string literal")]
    Unclosed,
    /// An XML entity in an XPath: the query was escaped once too often.
    #[error("unexpected entity {0}: the query is escaped once too often")]
    Escaped(&'static str),
    /// A character that does not start a token.
    #[error("unexpected character {0:?}")]
    Character(char),
    /// An invalid operand or argument: the left side of an operator must be a node, the right side a constant.
    #[error("{0}")]
    Argument(&'static str),
    /// A value where a test is expected.
    #[error("a value by itself is not a test")]
    Test,
    /// A step or predicate after parentheses.
    #[error("a step or predicate cannot follow parentheses")]
    Scope,
    /// A step after an attribute or a text.
    #[error("{0} has no child elements")]
    NotElements(&'static str),
    /// Parentheses, predicates or elements that are nested too deeply.
    #[error("nested more than {0} deep")]
    TooDeep(usize),
    /// Too many tests, steps or attributes.
    #[error("more than {max} {what}")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// The limit.
        max: usize,
    },
}

impl ErrorKind {
    /// The event log's error ([MS-ERREF] 2.2; EVIDENCE.md EVT-04, EVT-05, EVT-13).
    #[must_use]
    pub fn win32(&self) -> Win32Error {
        match self {
            Self::Xml(_) => Win32Error::EVT_MALFORMED_XML_TEXT,
            Self::TooLarge { .. }
            | Self::Misplaced { .. }
            | Self::Value { .. }
            | Self::Empty(_)
            | Self::MixedPaths
            | Self::NotEvent(_) => Win32Error::EVT_INVALID_QUERY,
            Self::NoPath | Self::ChannelPath(_) => Win32Error::EVT_INVALID_CHANNEL_PATH,
            Self::Unsupported(_) => Win32Error::EVT_FILTER_UNSUPPORTEDOP,
            Self::Unexpected { .. } | Self::NoOperand { .. } | Self::OperatorCase { .. } => {
                Win32Error::EVT_FILTER_UNEXPECTEDTOKEN
            }
            Self::Ends { .. } | Self::Unclosed | Self::Escaped(_) | Self::Character(_) => {
                Win32Error::EVT_FILTER_PARSEERR
            }
            Self::Argument(_) => Win32Error::EVT_FILTER_INVARG,
            Self::Test => Win32Error::EVT_FILTER_INVTEST,
            Self::Scope => Win32Error::EVT_FILTER_ALREADYSCOPED,
            Self::NotElements(_) => Win32Error::EVT_FILTER_NOTELTSET,
            Self::TooDeep(_) | Self::TooMany { .. } => Win32Error::EVT_FILTER_TOO_COMPLEX,
        }
    }
}

impl HasHResult for ErrorKind {
    fn hresult(&self) -> HResult {
        self.win32().into()
    }
}

impl FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "eventlog.too_large",
            Self::Xml(_) => "eventlog.xml",
            Self::Misplaced { .. } => "eventlog.list.unexpected",
            Self::Value { .. } => "eventlog.list.value",
            Self::Empty(_) => "eventlog.empty",
            Self::NoPath => "eventlog.channel.missing",
            Self::ChannelPath(_) => "eventlog.channel.invalid",
            Self::MixedPaths => "eventlog.channel.mixed",
            Self::NotEvent(_) => "eventlog.query.not_event",
            Self::Unsupported(_) => "eventlog.query.unsupported",
            Self::Unexpected { .. } | Self::OperatorCase { .. } => "eventlog.query.unexpected",
            Self::NoOperand { .. } => "eventlog.query.operand",
            Self::Ends { .. } | Self::Unclosed => "eventlog.query.truncated",
            Self::Escaped(_) | Self::Character(_) => "eventlog.query.character",
            Self::Argument(_) => "eventlog.query.argument",
            Self::Test => "eventlog.query.test",
            Self::Scope => "eventlog.query.scope",
            Self::NotElements(_) => "eventlog.query.no_elements",
            Self::TooDeep(_) => "eventlog.too_deep",
            Self::TooMany { .. } => "eventlog.too_many",
        }
    }
}

/// A kind and its offset: an error before its line and column are computed.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: ErrorKind,
    pub(super) at: usize,
}

impl Raw {
    pub(super) fn new(kind: ErrorKind, at: usize) -> Self {
        Self { kind, at }
    }

    /// Adds the location in the text.
    #[cold]
    pub(super) fn locate(self, text: &str, path: &'static str) -> Error {
        self.locate_as(|kind| kind, text, path)
    }

    /// Adds the location, and converts the kind.
    #[cold]
    pub(super) fn locate_as<K>(
        self,
        kind: impl FnOnce(ErrorKind) -> K,
        text: &str,
        path: &'static str,
    ) -> error::Error<K> {
        let place = Place::text(LineCounter::new(text).position(self.at), path);
        error::Error::new(kind(self.kind), place)
    }
}

/// The start of a text, short enough for an error message.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 64;
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Checks the size of a text before it is read.
pub(super) fn check_size(text: &str) -> Result<(), Raw> {
    let size = text.len();
    if size > limits::EVENT_XML_BYTES { Err(Raw::new(ErrorKind::TooLarge { size }, 0)) } else { Ok(()) }
}

impl From<Refused> for Raw {
    fn from(Refused { why, at }: Refused) -> Self {
        let kind = match why {
            Why::Malformed(what) => ErrorKind::Xml(shown(&what)),
            Why::Depth(most) => ErrorKind::TooDeep(most),
            Why::Attributes(max) => ErrorKind::TooMany { what: "attributes", max },
        };
        Self::new(kind, at)
    }
}
