use super::{
    error::{Error, ErrorKind, Raw, shown},
    evaluate::Evaluator,
    event::Event,
    expression::Path,
    parse,
    tree::Tree,
};
use crate::{limits, time::Ticks};
use time::OffsetDateTime;

/// A path into events, as a ValueQuery has it ([MS-TSCH] 2.5.3.6): `Event/EventData/Data[@Name='TaskName']`.
///
/// ```
/// use wintask::eventlog::{Event, System, ValueQuery};
///
/// let event = Event::new(&System::new("Example", 7), [("TaskName", r"\Example".into())]);
/// let now = time::macros::datetime!(2024-01-03 02:00 UTC);
/// let name = ValueQuery::parse("Event/EventData/Data[@Name='TaskName']")?;
/// assert_eq!(name.value(&event, now).as_deref(), Some(r"\Example"));
/// assert_eq!(ValueQuery::parse("Event/System/EventID")?.value(&event, now).as_deref(), Some("7"));
/// assert_eq!(ValueQuery::parse("Event/System/Channel")?.value(&event, now), None);
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ValueQuery {
    path: Path,
}

impl ValueQuery {
    /// Reads a path that starts with `Event` or `*`.
    ///
    /// # Errors
    ///
    /// Anything else, with its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let path = parse::path(text).map_err(|raw| raw.locate(text, ""))?;
        Ok(Self { path })
    }

    /// The text of the first node that it selects. `now` is what `timediff` counts to, if a predicate has one.
    #[must_use]
    pub fn value(&self, event: &Event, now: OffsetDateTime) -> Option<String> {
        let evaluator = Evaluator { tree: &event.tree, now: Ticks::from_instant(now) };
        let found = evaluator.first(&self.path, Tree::DOCUMENT)?;
        Some(event.tree.value(found).into_owned())
    }
}

/// The queries of a trigger's ValueQueries: name and path of each ([MS-TSCH] 2.5.3.6).
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
    /// Reads names and paths.
    ///
    /// # Errors
    ///
    /// The first path that is none; an empty name, a name that was there before, and more than
    /// [`VALUE_QUERIES`](limits::VALUE_QUERIES) of them.
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

    /// Name and value of those that select something.
    #[must_use]
    pub fn values(&self, event: &Event, now: OffsetDateTime) -> Vec<(String, String)> {
        let values = self.queries.iter().map(|(name, query)| Some((name.clone(), query.value(event, now)?)));
        values.flatten().collect()
    }
}
