//! The parts of a query: the log, and the events selected from it.

use super::{
    error::{Error, Raw},
    evaluate::{Evaluator, LimitReached},
    expression::Expression,
    parse,
    summary::Demand,
};
use std::{fmt, str::FromStr};

/// A `Query` of a QueryList: the events that its selectors select and its suppressors do not.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Group {
    /// The number, if stated.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub id: Option<i64>,
    /// The logs to query: those of the host, of a container, or both.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub target: Option<Target>,
    /// The selectors.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub selects: Vec<Selector>,
    /// The suppressors.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub suppresses: Vec<Selector>,
}

/// A `Select` or a `Suppress`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Selector {
    /// The log; `None` for a bare XPath, which selects from any log.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub path: Option<LogPath>,
    /// The expression that selects events.
    pub xpath: XPath,
}

/// The location of events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum LogPath {
    /// The name of a channel.
    Channel(String),
    /// A saved log: the path after `file://`.
    File(String),
}

/// The machine whose logs are queried ([MS-EVEN6] 2.2.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Target {
    /// The container's.
    Container,
    /// The host's.
    Host,
    /// Both.
    Both,
}

crate::dtyp::macros::choice! {
    Target {
        Container = "container",
        Host = "host",
        Both = "both",
    }
}

/// An XPath that selects events ([MS-EVEN6] 2.2.15).
///
/// ```
/// use wintask::eventlog::XPath;
///
/// let xpath: XPath = "*[System[Provider[@Name='Service Control Manager'] and EventID=7045]]".parse()?;
/// assert_eq!(xpath.tests(), 2);
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct XPath {
    text: Box<str>,
    pub(super) expression: Expression,
    tests: usize,
}

impl XPath {
    /// Parses an XPath.
    ///
    /// # Errors
    ///
    /// Anything that [MS-EVEN6] 2.2.15 does not define, or more than
    /// [`EVENT_QUERY_TERMS`](crate::limits::EVENT_QUERY_TERMS) tests or
    /// [`EVENT_QUERY_DEPTH`](crate::limits::EVENT_QUERY_DEPTH) levels.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|raw| raw.locate(text, ""))
    }

    pub(super) fn read(text: &str) -> Result<Self, Raw> {
        let (expression, tests) = parse::query(text)?;
        Ok(Self { text: text.trim().into(), expression, tests })
    }

    /// The text as written, without surrounding white space.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of tests: comparisons, and paths without predicates. Windows is documented to accept at most
    /// [`EVENT_QUERY_DOCUMENTED_TERMS`](crate::limits::EVENT_QUERY_DOCUMENTED_TERMS).
    #[must_use]
    pub fn tests(&self) -> usize {
        self.tests
    }
}

impl Group {
    /// Whether the group selects an event of this channel.
    pub(super) fn selects(&self, channel: Option<&str>, event: &Evaluator<'_>) -> Result<bool, LimitReached> {
        Ok(any(&self.selects, channel, event)? && !any(&self.suppresses, channel, event)?)
    }

    pub(super) fn words(&self) -> String {
        let words =
            |selectors: &[Selector]| selectors.iter().map(Selector::words).collect::<Vec<_>>().join(", or ");
        match self.suppresses.as_slice() {
            [] => words(&self.selects),
            suppresses => format!("{}, but not {}", words(&self.selects), words(suppresses)),
        }
    }
}

fn any(selectors: &[Selector], channel: Option<&str>, event: &Evaluator<'_>) -> Result<bool, LimitReached> {
    for selector in selectors {
        if selector.is_about(channel) && event.matches(&selector.xpath.expression)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Selector {
    /// Whether it applies to events of this channel. Channel names are not case-sensitive (EVIDENCE.md EVT-11).
    fn is_about(&self, channel: Option<&str>) -> bool {
        match (&self.path, channel) {
            (Some(LogPath::File(_)), _) => false,
            (Some(LogPath::Channel(name)), Some(channel)) => name.eq_ignore_ascii_case(channel),
            (None, _) | (Some(LogPath::Channel(_)), None) => true,
        }
    }

    fn words(&self) -> String {
        let demand = Demand::of(&self.xpath.expression);
        let what = demand.words().unwrap_or_else(|| self.xpath.as_str().to_owned());
        match &self.path {
            Some(path) => format!("{what} in {path}"),
            None => what,
        }
    }
}

impl fmt::Display for LogPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(name) => f.write_str(name),
            Self::File(path) => write!(f, "file://{path}"),
        }
    }
}

impl fmt::Debug for XPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for XPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for XPath {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

crate::dtyp::macros::text_serde!(XPath);
