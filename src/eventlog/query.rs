use super::{
    error::{Error, Raw},
    evaluate::Evaluator,
    event::Event,
    expression::Expression,
    list, parse,
    summary::Demand,
};
use crate::time::Ticks;
use std::{fmt, str::FromStr};
use time::OffsetDateTime;

/// An event query: the text of a trigger's Subscription ([MS-TSCH] 2.5.3.6; [MS-EVEN6] 2.2.15, 2.2.16).
///
/// ```
/// use time::macros::datetime;
/// use wintask::eventlog::{Event, Query, System, Value};
///
/// let query = Query::parse(
///     "<QueryList><Query Id='0' Path='Security'><Select>*[System[EventID=4625] and \
///      EventData[Data[@Name='LogonType']='10']]</Select></Query></QueryList>",
/// )?;
/// let system = System { channel: Some("Security".into()), ..System::new("Microsoft-Windows-Security-Auditing", 4625) };
/// let now = datetime!(2024-01-03 02:00 UTC);
/// assert!(query.matches(&Event::new(&system, [("LogonType", Value::Unsigned(10))]), now));
/// assert!(!query.matches(&Event::new(&system, [("LogonType", Value::Unsigned(2))]), now));
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub(super) groups: Vec<Group>,
}

/// One `Query` of a QueryList: what its selectors select, without what its suppressors do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// Its number, where stated.
    pub id: Option<i64>,
    /// Which logs are meant: those of the host, of a container, or both.
    pub target: Option<Target>,
    /// What it selects.
    pub selects: Vec<Selector>,
    /// What it leaves out.
    pub suppresses: Vec<Selector>,
}

/// A `Select` or a `Suppress`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Selector {
    /// Which log; any, for an XPath by itself.
    pub path: Option<LogPath>,
    /// Which of its events.
    pub xpath: XPath,
}

/// Where events are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LogPath {
    /// The name of a channel.
    Channel(String),
    /// A saved log: what follows `file://`.
    File(String),
}

/// Whose logs a query means ([MS-EVEN6] 2.2.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// The container's.
    Container,
    /// The host's.
    Host,
    /// Both.
    Both,
}

/// An XPath that selects events ([MS-EVEN6] 2.2.15).
///
/// ```
/// use wintask::eventlog::XPath;
///
/// let xpath = XPath::parse("*[System[Provider[@Name='Service Control Manager'] and EventID=7045]]")?;
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
    /// Reads an XPath.
    ///
    /// # Errors
    ///
    /// What [MS-EVEN6] 2.2.15 does not have, and more than [`EVENT_QUERY_TERMS`](crate::limits::EVENT_QUERY_TERMS) tests or
    /// [`EVENT_QUERY_DEPTH`](crate::limits::EVENT_QUERY_DEPTH) levels.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|raw| raw.locate(text, ""))
    }

    pub(super) fn read(text: &str) -> Result<Self, Raw> {
        let (expression, tests) = parse::query(text)?;
        Ok(Self { text: text.trim().into(), expression, tests })
    }

    /// The text as it was stated, white space around it aside.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many tests it has: comparisons, and paths without predicates. More than
    /// [`EVENT_QUERY_DOCUMENTED_TERMS`](crate::limits::EVENT_QUERY_DOCUMENTED_TERMS) are more than Windows promises to take.
    #[must_use]
    pub fn tests(&self) -> usize {
        self.tests
    }

    fn matches(&self, event: &Event, now: Ticks) -> bool {
        Evaluator { tree: &event.tree, now }.matches(&self.expression)
    }
}

impl Query {
    /// Reads a QueryList, or an XPath by itself, which selects from any channel.
    ///
    /// # Errors
    ///
    /// Whatever [MS-EVEN6] 2.2.15 and 2.2.16 do not have, with its place and the error that Windows gives.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if Self::is_list(text) {
            return list::read(text, &|_| Ok(()))
                .map(Self::from_groups)
                .map_err(|raw| raw.locate(text, "QueryList"));
        }
        Self::parse_xpath(text).map_err(|raw| raw.locate(text, ""))
    }

    /// Whether a text is meant as a QueryList, not as an XPath by itself.
    pub(super) fn is_list(text: &str) -> bool {
        text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<')
    }

    pub(super) fn from_groups(groups: Vec<Group>) -> Self {
        Self { groups }
    }

    pub(super) fn parse_xpath(text: &str) -> Result<Self, Raw> {
        let selector = Selector { path: None, xpath: XPath::read(text)? };
        let group = Group { id: None, target: None, selects: vec![selector], suppresses: Vec::new() };
        Ok(Self { groups: vec![group] })
    }

    /// The queries of the list; of an XPath by itself, one.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Whether it selects the event: one of its queries has a selector that does, and no suppressor that does
    /// ([MS-EVEN6] 2.2.16). `now` is what `timediff` counts to.
    ///
    /// An event that names no channel may be of any; a selector of a saved log selects no event that is reported.
    #[must_use]
    pub fn matches(&self, event: &Event, now: OffsetDateTime) -> bool {
        let now = Ticks::from_instant(now);
        let channel = event.channel();
        let any = |selectors: &[Selector]| {
            selectors.iter().any(|selector| selector.takes(channel) && selector.xpath.matches(event, now))
        };
        self.groups.iter().any(|group| any(&group.selects) && !any(&group.suppresses))
    }

    /// The query in a few words, where it is simple; else its selectors' text.
    ///
    /// ```
    /// use wintask::eventlog::Query;
    ///
    /// let text = "<QueryList><Query Path='Security'><Select>*[System[Provider[@Name='Audit'] and \
    ///             (EventID=4624 or EventID=4625)]]</Select></Query></QueryList>";
    /// assert_eq!(Query::parse(text)?.words(), "event 4624 or 4625 of Audit in Security");
    /// # Ok::<(), wintask::eventlog::Error>(())
    /// ```
    #[must_use]
    pub fn words(&self) -> String {
        let groups: Vec<_> = self.groups.iter().map(Group::words).collect();
        groups.join("; or ")
    }
}

impl Group {
    fn words(&self) -> String {
        let words =
            |selectors: &[Selector]| selectors.iter().map(Selector::words).collect::<Vec<_>>().join(", or ");
        match self.suppresses.as_slice() {
            [] => words(&self.selects),
            suppresses => format!("{}, but not {}", words(&self.selects), words(suppresses)),
        }
    }
}

impl Selector {
    /// Whether it looks at events of this channel. Names of channels are compared without regard to case.
    fn takes(&self, channel: Option<&str>) -> bool {
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

impl FromStr for Query {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}
