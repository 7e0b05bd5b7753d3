//! The queries of subscriptions.

use super::{
    error::{Error, Raw},
    evaluate::{Evaluator, LimitReached},
    event::Event,
    list,
    selector::{Group, LogPath, Selector, XPath},
};
use std::{fmt, str::FromStr};
use time::OffsetDateTime;

/// An event query: the text of a trigger's Subscription ([MS-TSCH] 2.5.3.6; [MS-EVEN6] 2.2.15, 2.2.16).
///
/// ```
/// use time::macros::datetime;
/// use wintask::eventlog::{Event, Query, System, Value};
///
/// let query: Query = "<QueryList><Query Id='0' Path='Security'><Select>*[System[EventID=4625] and \
///                     EventData[Data[@Name='LogonType']='10']]</Select></Query></QueryList>".parse()?;
/// let system = System { channel: Some("Security".into()), ..System::new("Microsoft-Windows-Security-Auditing", 4625) };
/// let now = datetime!(2024-01-03 02:00 UTC);
/// assert!(query.matches(&Event::new(&system, [("LogonType", Value::Unsigned(10))]), now));
/// assert!(!query.matches(&Event::new(&system, [("LogonType", Value::Unsigned(2))]), now));
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Query {
    text: Box<str>,
    groups: Vec<Group>,
}

impl Query {
    /// Parses a QueryList, or a bare XPath, which selects events of any channel.
    ///
    /// [`parse_subscription`](Self::parse_subscription) is stricter.
    ///
    /// # Errors
    ///
    /// Anything that [MS-EVEN6] 2.2.15 and 2.2.16 do not define, with its location and the Windows error code.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if Self::is_list(text) {
            return Self::read_list(text, &|_| Ok(())).map_err(|raw| raw.locate(text, "QueryList"));
        }
        Self::read_xpath(text).map_err(|raw| raw.locate(text, ""))
    }

    /// Whether a text is a QueryList rather than a bare XPath.
    pub(super) fn is_list(text: &str) -> bool {
        text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<')
    }

    pub(super) fn read_list(text: &str, check: list::Check<'_>) -> Result<Self, Raw> {
        Ok(Self { groups: list::read(text, check)?, text: text.into() })
    }

    pub(super) fn read_xpath(text: &str) -> Result<Self, Raw> {
        let selector = Selector { path: None, xpath: XPath::read(text)? };
        let group = Group { id: None, target: None, selects: vec![selector], suppresses: Vec::new() };
        Ok(Self { groups: vec![group], text: text.into() })
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The queries of the list; a single one for a bare XPath.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The channels named by the selectors, in text order. Duplicates are kept.
    ///
    /// Registration also rejects analytic and debug channels; Windows was observed to return 0x80070032 (EVIDENCE.md
    /// XML-26). This requires the host's list of channels, and is left to the caller.
    ///
    /// ```
    /// use wintask::eventlog::Query;
    ///
    /// let text = "<QueryList><Query Path='Security'><Select>*</Select><Suppress Path='System'>*</Suppress></Query></QueryList>";
    /// assert!(Query::parse_subscription(text)?.channels().eq(["Security", "System"]));
    /// # Ok::<(), wintask::eventlog::SubscriptionError>(())
    /// ```
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        let selectors = self.groups.iter().flat_map(|group| group.selects.iter().chain(&group.suppresses));
        selectors.filter_map(|selector| match &selector.path {
            Some(LogPath::Channel(name)) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether the query selects the event: a selector of one of its groups selects it, and no suppressor of that
    /// group does ([MS-EVEN6] 2.2.16). `now` is the end time for `timediff`.
    ///
    /// An event without a channel matches any channel. A selector of a saved log never matches. If the match reaches
    /// its limit, the result is false; see [`try_matches`](Self::try_matches).
    ///
    /// ```
    /// use wintask::eventlog::{Event, Query, System};
    ///
    /// let query: Query = "<QueryList><Query Path='Security'><Select>*[System[EventID=4698]]</Select></Query></QueryList>".parse()?;
    /// let now = time::macros::datetime!(2024-01-03 02:00 UTC);
    /// let event = |id| Event::new(&System::new("Microsoft-Windows-Security-Auditing", id), vec![]);
    /// assert!(query.matches(&event(4698), now));
    /// assert!(!query.matches(&event(4699), now));
    /// # Ok::<(), wintask::eventlog::Error>(())
    /// ```
    #[must_use]
    pub fn matches(&self, event: &Event, now: OffsetDateTime) -> bool {
        self.try_matches(event, now).unwrap_or(false)
    }

    /// Like [`matches`](Self::matches), but returns an error if the match reaches its limit.
    ///
    /// No query made for Windows comes close to the limit.
    ///
    /// ```
    /// use wintask::eventlog::{Event, LimitReached, Query, System, Value};
    ///
    /// let query = Query::parse(&format!("*[EventData[Data='x'{}]]", " or Data='x'".repeat(1000)))?;
    /// let event = Event::new(&System::new("Example", 7), vec![("", Value::Unsigned(1)); 10_000]);
    /// let now = time::macros::datetime!(2024-01-03 02:00 UTC);
    /// assert_eq!(query.try_matches(&event, now), Err(LimitReached));
    /// # Ok::<(), wintask::eventlog::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A match that takes more than [`EVENT_MATCH_STEPS`](crate::limits::EVENT_MATCH_STEPS) steps.
    pub fn try_matches(&self, event: &Event, now: OffsetDateTime) -> Result<bool, LimitReached> {
        let (channel, evaluator) = (event.channel(), Evaluator::new(&event.tree, now));
        for group in &self.groups {
            if group.selects(channel, &evaluator)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Describes a simple query in a few words; otherwise returns the text of its selectors.
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

impl FromStr for Query {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for Query {
    /// The text as written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

crate::dtyp::macros::text_serde!(Query);
