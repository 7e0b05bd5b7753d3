use crate::{
    dtyp::{HResult, HasHResult, Win32Error},
    error::{self, LineCounter, Place},
    limits,
};
use std::fmt;

/// Why a query or an event was refused, and where.
///
/// ```
/// use wintask::{dtyp::Win32Error, eventlog::Query};
///
/// let error = Query::parse("*[System[not(EventID=1)]]").unwrap_err();
/// assert_eq!(error.kind().win32(), Win32Error::EVT_FILTER_UNSUPPORTEDOP);
/// assert_eq!(error.hresult().0, 0x8007_3AAC);
/// assert_eq!(error.to_string(), "1:10: the function not() is not supported");
/// ```
pub type Error = error::Error<ErrorKind>;

/// Why a query or an event was refused. Each has the error that Windows gives ([MS-ERREF] 2.2; [MS-EVEN6] 3.1.4.8).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is larger than anything that is read.
    #[error("{size} bytes are more than the {} that are read", limits::EVENT_XML_BYTES)]
    TooLarge {
        /// How many bytes there are.
        size: usize,
    },
    /// The XML is not well-formed.
    #[error("{0}")]
    Xml(String),
    /// An element or attribute that may not stand there, or text between elements.
    #[error("{what} has no place here")]
    Misplaced {
        /// What it is.
        what: String,
    },
    /// An attribute whose value is of the wrong form.
    #[error("{attribute}: {value} is not allowed")]
    Value {
        /// The attribute's name.
        attribute: &'static str,
        /// Its value.
        value: String,
    },
    /// An element that must have something in it has nothing.
    #[error("nothing stands in {0}")]
    Empty(&'static str),
    /// A selector has no path, and its query has none to lend.
    #[error("neither the selector nor its query names a channel")]
    NoPath,
    /// A channel path that the event log does not accept: [`Query::parse_subscription`](super::Query::parse_subscription).
    #[error("invalid channel path: {0}")]
    ChannelPath(String),
    /// Selectors of channels and of saved logs in one query.
    #[error("channels and saved logs stand in one query")]
    MixedPaths,
    /// The selector does not start with the event.
    #[error("a selector starts with * or Event, not with {0}")]
    NotEvent(String),
    /// An axis, operator or function that event queries do not have.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// Something else was expected.
    #[error("{expected} is expected, not {found}")]
    Unexpected {
        /// What may stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// An operand of `and` or `or` is missing.
    #[error("expected an expression {side} `{operator}`")]
    NoOperand {
        /// `before` or `after`.
        side: &'static str,
        /// `and` or `or`.
        operator: &'static str,
    },
    /// The query ends too early.
    #[error("the query ends where {expected} is expected")]
    Ends {
        /// What may stand there.
        expected: &'static str,
    },
    /// A character that starts nothing.
    #[error("{0:?} has no meaning")]
    Character(char),
    /// The left side of an operator is no node, or the right side is no constant; or a function's argument is wrong.
    #[error("{0}")]
    Argument(&'static str),
    /// A value where a test is wanted.
    #[error("a value by itself is no test")]
    Test,
    /// A step or predicate behind parentheses.
    #[error("a step cannot follow parentheses")]
    Scope,
    /// A step below an attribute or a text.
    #[error("nothing is below {0}")]
    NotElements(&'static str),
    /// More parentheses, predicates or elements within one another than are read.
    #[error("nested more than {0} deep")]
    TooDeep(usize),
    /// More tests or steps than are read.
    #[error("more than {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many may be.
        max: usize,
    },
}

impl ErrorKind {
    /// The error that Windows gives ([MS-ERREF] 2.2; facts/event_query.md 3.4).
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
            Self::Unexpected { .. } | Self::NoOperand { .. } => Win32Error::EVT_FILTER_UNEXPECTEDTOKEN,
            Self::Ends { .. } | Self::Character(_) => Win32Error::EVT_FILTER_PARSEERR,
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

/// A kind and the byte it is about: an error whose line and column are not counted yet.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: ErrorKind,
    pub(super) at: usize,
}

impl Raw {
    pub(super) fn new(kind: ErrorKind, at: usize) -> Self {
        Self { kind, at }
    }

    /// The error in the text in which it was found.
    #[cold]
    pub(super) fn locate(self, text: &str, path: &'static str) -> Error {
        self.locate_as(|kind| kind, text, path)
    }

    /// The same as an error of another kind.
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

/// The start of a text that an error shows, so that a long one is not shown whole.
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

/// What the XML reader says, in a form of our own.
pub(super) fn xml_error(error: impl fmt::Display, at: usize) -> Raw {
    Raw::new(ErrorKind::Xml(shown(&error.to_string())), at)
}
