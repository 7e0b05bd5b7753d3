//! The values that an event trigger extracts from an event.

use super::{
    error::{Error, ErrorKind, Raw, shown},
    evaluate::Evaluator,
    event::Event,
    expression::Path,
    parse,
};
use crate::limits;
use std::{borrow::Cow, fmt, str::FromStr};
use time::OffsetDateTime;

/// A path into events, as in ValueQueries ([MS-TSCH] 2.5.3.6): `Event/EventData/Data[@Name='TaskName']`.
///
/// ```
/// use wintask::eventlog::{Event, System, ValueQuery};
///
/// let event = Event::new(&System::new("Example", 7), [("TaskName", r"\Example".into())]);
/// let now = time::macros::datetime!(2024-01-03 02:00 UTC);
/// let name: ValueQuery = "Event/EventData/Data[@Name='TaskName']".parse()?;
/// assert_eq!(name.value(&event, now).as_deref(), Some(r"\Example"));
/// assert_eq!(ValueQuery::parse("Event/System/EventID")?.value(&event, now).as_deref(), Some("7"));
/// assert_eq!(ValueQuery::parse("Event/System/Channel")?.value(&event, now), None);
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct ValueQuery {
    text: Box<str>,
    path: Path,
}

impl ValueQuery {
    /// Parses a path that starts with `Event` or `*`.
    ///
    /// # Errors
    ///
    /// Any other text, with its location.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let path = parse::path(text).map_err(|raw| raw.locate(text, ""))?;
        Ok(Self { text: text.trim().into(), path })
    }

    /// The text of the first selected node (EVIDENCE.md EVT-16). `None` if nothing is selected, or if this takes more
    /// than [`EVENT_MATCH_STEPS`](limits::EVENT_MATCH_STEPS) steps. `now` is the end time for `timediff`, if a
    /// predicate uses it.
    #[must_use]
    pub fn value(&self, event: &Event, now: OffsetDateTime) -> Option<String> {
        let value = Evaluator::new(&event.tree, now).first_value(&self.path);
        value.ok().flatten().map(Cow::into_owned)
    }
}

impl FromStr for ValueQuery {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for ValueQuery {
    /// The path as written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ValueQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// The names and paths of a trigger's ValueQueries ([MS-TSCH] 2.5.3.6).
///
/// ```
/// use wintask::eventlog::{Event, System, ValueQueries};
///
/// let queries = ValueQueries::parse([("id", "Event/System/EventID"), ("who", "Event/System/Computer")])?;
/// let now = time::macros::datetime!(2024-01-03 02:00 UTC);
/// let values = queries.values(&Event::new(&System::new("Example", 7), []), now);
/// assert_eq!(values, [("id".to_owned(), "7".to_owned())]);
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueQueries {
    queries: Vec<(String, ValueQuery)>,
}

impl ValueQueries {
    /// Parses names and paths.
    ///
    /// # Errors
    ///
    /// An invalid path, an empty name, a duplicate name, or more than [`VALUE_QUERIES`](limits::VALUE_QUERIES)
    /// queries; the first is reported.
    pub fn parse<'t>(queries: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, Error> {
        let mut read: Vec<(String, ValueQuery)> = Vec::new();
        for (name, path) in queries {
            let refuse = |kind| Err(Raw::new(kind, 0).locate(path, "ValueQueries"));
            if read.len() == limits::VALUE_QUERIES {
                return refuse(ErrorKind::TooMany { what: "value queries", max: limits::VALUE_QUERIES });
            }
            if name.is_empty() || read.iter().any(|(known, _)| known == name) {
                return refuse(ErrorKind::Value { attribute: "name", value: shown(name) });
            }
            read.push((name.to_owned(), ValueQuery::parse(path)?));
        }
        Ok(Self { queries: read })
    }

    /// The names and paths, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ValueQuery)> {
        self.queries.iter().map(|(name, query)| (name.as_str(), query))
    }

    /// The names and values of the queries that select something.
    #[must_use]
    pub fn values(&self, event: &Event, now: OffsetDateTime) -> Vec<(String, String)> {
        let values = self.queries.iter().map(|(name, query)| Some((name.clone(), query.value(event, now)?)));
        values.flatten().collect()
    }
}

crate::dtyp::macros::text_serde!(ValueQuery);
