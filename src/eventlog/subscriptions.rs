use super::{
    event::Event,
    query::{LogPath, Query, Selector},
    summary::Demand,
    tree::{Place, Tree},
};
use crate::limits;
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;

/// Many queries, each under a key of yours, that find the ones that select an event without trying all.
///
/// They are indexed by channel, provider and event id, as far as each demands them; what demands none of the three is
/// tried with every event. A store of a million tasks asks this once for each event.
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
    /// By name in lower case.
    channels: BTreeMap<String, Providers<K>>,
    any_channel: Providers<K>,
}

#[derive(Clone, Debug)]
struct Providers<K> {
    by_name: BTreeMap<String, Ids<K>>,
    any: Ids<K>,
}

#[derive(Clone, Debug)]
struct Ids<K> {
    by_id: BTreeMap<u64, BTreeSet<K>>,
    any: BTreeSet<K>,
}

impl<K> Default for Subscriptions<K> {
    fn default() -> Self {
        Self { queries: BTreeMap::new(), channels: BTreeMap::new(), any_channel: Providers::default() }
    }
}

impl<K> Default for Providers<K> {
    fn default() -> Self {
        Self { by_name: BTreeMap::new(), any: Ids::default() }
    }
}

impl<K> Default for Ids<K> {
    fn default() -> Self {
        Self { by_id: BTreeMap::new(), any: BTreeSet::new() }
    }
}

impl<K: Ord + Clone> Subscriptions<K> {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query; returns the one that had the key before.
    pub fn insert(&mut self, key: K, query: Query) -> Option<Query> {
        let before = self.remove(&key);
        for selector in query.groups.iter().flat_map(|group| &group.selects) {
            self.places(selector, |place| {
                place.insert(key.clone());
            });
        }
        self.queries.insert(key, query);
        before
    }

    /// Takes a query out.
    pub fn remove(&mut self, key: &K) -> Option<Query> {
        let query = self.queries.remove(key)?;
        for selector in query.groups.iter().flat_map(|group| &group.selects) {
            self.places(selector, |place| {
                place.remove(key);
            });
            self.tidy(selector);
        }
        Some(query)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    /// The query of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&Query> {
        self.queries.get(key)
    }

    /// The keys of the queries that select the event, in order ([`Query::matches`]).
    pub fn matching<'s>(&'s self, event: &Event, now: OffsetDateTime) -> impl Iterator<Item = &'s K> {
        let found: Vec<_> =
            self.candidates(event).into_iter().filter(|(_, query)| query.matches(event, now)).collect();
        found.into_iter().map(|(key, _)| key)
    }

    /// The queries that may select the event.
    fn candidates(&self, event: &Event) -> Vec<(&K, &Query)> {
        let Some((channel, provider, id)) = index_key(event) else { return self.queries.iter().collect() };
        let channels = self.channels.get(&channel).into_iter().chain([&self.any_channel]);
        let providers =
            channels.flat_map(|c| provider.and_then(|p| c.by_name.get(p)).into_iter().chain([&c.any]));
        let places = providers.flat_map(|p| id.and_then(|id| p.by_id.get(&id)).into_iter().chain([&p.any]));
        let keys: BTreeSet<&K> = places.flatten().collect();
        keys.into_iter().filter_map(|key| self.queries.get_key_value(key)).collect()
    }

    /// Every place of the index that a selector belongs to. One of a saved log belongs nowhere.
    fn places(&mut self, selector: &Selector, mut visit: impl FnMut(&mut BTreeSet<K>)) {
        let Some(channel) = channel_of(selector) else { return };
        let providers = match channel {
            Some(name) => self.channels.entry(name).or_default(),
            None => &mut self.any_channel,
        };
        let demand = bounded(selector);
        let mut each = |ids: &mut Ids<K>| match &demand.ids {
            Some(wanted) => wanted.iter().for_each(|id| visit(ids.by_id.entry(*id).or_default())),
            None => visit(&mut ids.any),
        };
        match &demand.providers {
            Some(names) => {
                names.iter().for_each(|name| each(providers.by_name.entry((*name).to_owned()).or_default()));
            }
            None => each(&mut providers.any),
        }
    }

    /// Removes what a selector that was taken out has left empty.
    fn tidy(&mut self, selector: &Selector) {
        let Some(channel) = channel_of(selector) else { return };
        let providers = match &channel {
            Some(name) => self.channels.get_mut(name),
            None => Some(&mut self.any_channel),
        };
        let Some(providers) = providers else { return };
        let demand = bounded(selector);
        let clean = |ids: &mut Ids<K>| {
            for id in demand.ids.iter().flatten() {
                if ids.by_id.get(id).is_some_and(BTreeSet::is_empty) {
                    ids.by_id.remove(id);
                }
            }
        };
        clean(&mut providers.any);
        for name in demand.providers.iter().flatten() {
            if let Some(ids) = providers.by_name.get_mut(*name) {
                clean(ids);
                if ids.is_empty() {
                    providers.by_name.remove(*name);
                }
            }
        }
        if let Some(name) = channel
            && providers.by_name.is_empty()
            && providers.any.is_empty()
        {
            self.channels.remove(&name);
        }
    }
}

impl<K> Ids<K> {
    fn is_empty(&self) -> bool {
        self.by_id.is_empty() && self.any.is_empty()
    }
}

/// The channel of a selector in lower case, or that it takes any; none for a saved log.
fn channel_of(selector: &Selector) -> Option<Option<String>> {
    match &selector.path {
        Some(LogPath::File(_)) => None,
        Some(LogPath::Channel(name)) => Some(Some(name.to_ascii_lowercase())),
        None => Some(None),
    }
}

/// What a selector demands, as far as that is few places of the index.
fn bounded(selector: &Selector) -> Demand<'_> {
    let mut demand = Demand::of(&selector.xpath.expression);
    let count = |n: Option<usize>| n.unwrap_or(1);
    let ids = count(demand.ids.as_ref().map(BTreeSet::len));
    let providers = count(demand.providers.as_ref().map(BTreeSet::len));
    if ids.saturating_mul(providers) > limits::SUBSCRIPTION_KEYS {
        demand.ids = None;
    }
    demand
}

/// Channel, provider and id of an event; none for one that has no channel, or has one of them twice, or an id that is
/// no plain number: such an event is tried with every query.
fn index_key(event: &Event) -> Option<(String, Option<&str>, Option<u64>)> {
    let tree = &event.tree;
    let system = at_most_one(tree, Tree::ROOT, "System")??;
    let channel = at_most_one(tree, system, "Channel")??;
    let provider = at_most_one(tree, system, "Provider")?;
    let provider = provider.and_then(|at| tree.child(at, true, "Name")).map(|at| tree.text(at));
    let id = match at_most_one(tree, system, "EventID")? {
        Some(at) if tree.below(at).all(|below| tree.is_attribute(below)) => Some(tree.text(at).parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    Some((tree.text(channel).to_ascii_lowercase(), provider, id))
}

/// The child of this name, if there is one; nothing, if there are several.
fn at_most_one(tree: &Tree, from: Place, name: &str) -> Option<Option<Place>> {
    let mut found = tree.children(from, false, name);
    match (found.next(), found.next()) {
        (first, None) => Some(first),
        _ => None,
    }
}
