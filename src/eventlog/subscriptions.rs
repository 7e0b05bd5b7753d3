//! A set of queries, matched together.

use super::{
    event::Event,
    query::Query,
    selector::{LogPath, Selector},
    summary::Demand,
    tree::{Place, Tree},
};
use crate::limits;
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};
use time::OffsetDateTime;

/// A set of queries with keys, indexed so that matching an event does not try every query.
///
/// The index uses the channel, provider and event id, as far as a query requires them. A query that requires none of
/// them is tried with every event.
///
/// ```
/// use time::macros::datetime;
/// use wintask::eventlog::{Event, Query, Subscriptions, System};
///
/// let mut tasks = Subscriptions::new();
/// tasks.insert("resume", Query::parse("*[System[Provider[@Name='Power'] and EventID=1]]")?);
/// tasks.insert("audit", Query::parse("*[System[EventID=4624]]")?);
/// let event = Event::new(&System::new("Power", 1), []);
/// let now = datetime!(2024-01-03 02:00 UTC);
/// assert_eq!(tasks.matching(&event, now).collect::<Vec<_>>(), [&"resume"]);
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Subscriptions<K> {
    queries: BTreeMap<K, Query>,
    index: BTreeMap<Key, BTreeSet<K>>,
}

/// An index key: lower-case channel, provider and event id; `None` if the query does not require it.
type Key = (Option<String>, Option<String>, Option<u64>);

impl<K> Default for Subscriptions<K> {
    fn default() -> Self {
        Self { queries: BTreeMap::new(), index: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Subscriptions<K> {
    /// Creates an empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query. Returns the previous query with this key.
    pub fn insert(&mut self, key: K, query: Query) -> Option<Query> {
        let before = self.remove(&key);
        for place in keys(&query) {
            self.index.entry(place).or_default().insert(key.clone());
        }
        self.queries.insert(key, query);
        before
    }

    /// Removes a query, and returns it.
    pub fn remove(&mut self, key: &K) -> Option<Query> {
        let query = self.queries.remove(key)?;
        for place in keys(&query) {
            if let Entry::Occupied(mut entry) = self.index.entry(place) {
                entry.get_mut().remove(key);
                if entry.get().is_empty() {
                    entry.remove();
                }
            }
        }
        Some(query)
    }

    /// The number of queries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// Whether there are no queries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    /// The query with this key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&Query> {
        self.queries.get(key)
    }

    /// The keys of the queries that select the event, in key order ([`Query::matches`]).
    pub fn matching<'s>(&'s self, event: &Event, now: OffsetDateTime) -> impl Iterator<Item = &'s K> {
        let found: Vec<_> =
            self.candidates(event).into_iter().filter(|(_, query)| query.matches(event, now)).collect();
        found.into_iter().map(|(key, _)| key)
    }

    /// The queries that may select the event.
    fn candidates(&self, event: &Event) -> Vec<(&K, &Query)> {
        let Some((channel, provider, id)) = index_key(event) else { return self.queries.iter().collect() };
        let mut found = BTreeSet::new();
        for channel in stated_or_not(channel) {
            for provider in stated_or_not(provider.clone()) {
                for id in stated_or_not(id) {
                    found.extend(
                        self.index.get(&(channel.clone(), provider.clone(), id)).into_iter().flatten(),
                    );
                }
            }
        }
        found.into_iter().filter_map(|key| self.queries.get_key_value(key)).collect()
    }
}

/// The value, and the absence of a requirement.
fn stated_or_not<T>(value: Option<T>) -> impl Iterator<Item = Option<T>> {
    value.map(Some).into_iter().chain([None])
}

/// The index keys of a query, from the requirements of its selectors. A selector of a saved log has none.
fn keys(query: &Query) -> BTreeSet<Key> {
    let selects = query.groups().iter().flat_map(|group| &group.selects);
    selects.flat_map(selector_keys).collect()
}

fn selector_keys(selector: &Selector) -> Vec<Key> {
    let channel = match &selector.path {
        Some(LogPath::File(_)) => return Vec::new(),
        Some(LogPath::Channel(name)) => Some(name.to_ascii_lowercase()),
        None => None,
    };
    let demand = Demand::of(&selector.xpath.expression);
    let providers: Vec<_> = match demand.providers {
        Some(names) => names.into_iter().map(|name| Some(name.to_owned())).collect(),
        None => vec![None],
    };
    let mut ids: Vec<_> = match demand.ids {
        Some(ids) => ids.into_iter().map(Some).collect(),
        None => vec![None],
    };
    if ids.len() * providers.len() > limits::SUBSCRIPTION_KEYS {
        ids = vec![None];
    }
    let places = providers.iter().flat_map(|provider| ids.iter().map(move |id| (provider, id)));
    places.map(|(provider, id)| (channel.clone(), provider.clone(), *id)).collect()
}

/// The channel, provider and id of an event. `None` if the channel is missing, one of them is duplicated, or the id
/// is not a plain number. Such an event is tried with every query.
fn index_key(event: &Event) -> Option<Key> {
    let tree = &event.tree;
    let system = at_most_one(tree, Tree::ROOT, "System")??;
    let channel = at_most_one(tree, system, "Channel")??;
    let provider = at_most_one(tree, system, "Provider")?;
    let provider = provider.and_then(|at| tree.child(at, true, "Name")).map(|at| tree.text(at).to_owned());
    let id = match at_most_one(tree, system, "EventID")? {
        Some(at) if tree.below(at).all(|below| tree.is_attribute(below)) => Some(tree.text(at).parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    Some((Some(tree.text(channel).to_ascii_lowercase()), provider, id))
}

/// The child with this name, if any; outer `None` if there are several.
fn at_most_one(tree: &Tree, from: Place, name: &str) -> Option<Option<Place>> {
    let mut found = tree.children(from, false, name);
    match (found.next(), found.next()) {
        (first, None) => Some(first),
        _ => None,
    }
}
