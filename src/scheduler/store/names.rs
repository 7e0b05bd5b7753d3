//! Tasks by folder and name, found with one access to memory where a folder's own map takes several.

use super::entry::{Entry, FolderId, TaskId, Traits};
use crate::definition::NameKey;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What most calls need of a task, without its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Glance {
    pub(in super::super) task: TaskId,
    /// The number of its descriptor.
    pub(in super::super) descriptor: u32,
    pub(in super::super) enabled: bool,
}

impl Glance {
    pub(in super::super) fn of(task: TaskId, entry: &Entry) -> Self {
        Self { task, descriptor: entry.descriptor, enabled: entry.traits.has(Traits::ENABLED) }
    }
}

/// Tasks by the hash of their folder and name, in a table with linear probing.
///
/// The table is not complete: if all places for a task's card are occupied, the task has no card, and is found in its
/// folder's map. Names chosen to collide therefore cost no more than without cards.
#[derive(Clone, Debug, Default)]
pub(super) struct Cards {
    cards: Vec<Card>,
    /// The number of places that are or were occupied.
    used: usize,
    len: usize,
}

/// A task by name. Small, so that the places of a hash are in few cache lines.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Card {
    /// The name's key if it is short; otherwise the hash of folder and name.
    key: [u8; NameKey::SHORT],
    /// The length of the key, or [`LONG`].
    len: u8,
    enabled: bool,
    folder: FolderId,
    /// [`FREE`], [`REMOVED`] or a task.
    task: TaskId,
    descriptor: u32,
}

const _: () = assert!(size_of::<Card>() == 36);

/// The length of a key that is not on the card.
const LONG: u8 = u8::MAX;

/// No task; a search ends here.
const FREE: TaskId = TaskId(u32::MAX);

/// No task anymore; a search goes on.
const REMOVED: TaskId = TaskId(u32::MAX - 1);

impl Card {
    const NONE: Self = Self {
        key: [0; NameKey::SHORT],
        len: 0,
        enabled: false,
        folder: FolderId(0),
        task: FREE,
        descriptor: 0,
    };

    /// The card of a name, without a task.
    fn named(folder: FolderId, key: &NameKey) -> Self {
        match key.as_short() {
            Some((key, len)) => Self { key: *key, len, folder, ..Self::NONE },
            None => {
                let mut bytes = [0; NameKey::SHORT];
                bytes.iter_mut().zip(hash_of(&(folder, key)).to_le_bytes()).for_each(|(to, from)| *to = from);
                Self { key: bytes, len: LONG, folder, ..Self::NONE }
            }
        }
    }

    fn has_name_of(&self, other: &Self) -> bool {
        (self.len, self.folder, &self.key) == (other.len, other.folder, &other.key)
    }

    fn hash(&self) -> u32 {
        hash_of(&(self.folder, self.len, &self.key))
    }

    fn glance(&self) -> Glance {
        Glance { task: self.task, descriptor: self.descriptor, enabled: self.enabled }
    }
}

impl Cards {
    /// The number of places in which a card may be.
    const PLACES: usize = 16;

    /// The task with this name, if it has a card; `is_it` compares names that are not on a card.
    pub(super) fn find(
        &self,
        folder: FolderId,
        key: &NameKey,
        is_it: impl Fn(TaskId) -> bool,
    ) -> Option<Glance> {
        let named = Card::named(folder, key);
        let card = self.places(named.hash()).take_while(|card| card.task != FREE).find(|card| {
            card.has_name_of(&named) && card.task != REMOVED && (card.len != LONG || is_it(card.task))
        });
        card.map(Card::glance)
    }

    pub(super) fn add(&mut self, folder: FolderId, key: &NameKey, glance: Glance) {
        // At most three quarters are used.
        if (self.used + 1) * 4 > self.cards.len() * 3 {
            self.renew();
        }
        let Glance { task, descriptor, enabled } = glance;
        self.put(Card { task, descriptor, enabled, ..Card::named(folder, key) });
    }

    /// Changes what is known of a task.
    pub(super) fn update(&mut self, folder: FolderId, key: &NameKey, glance: Glance) {
        if let Some(card) = self.card(folder, key, glance.task) {
            (card.descriptor, card.enabled) = (glance.descriptor, glance.enabled);
        }
    }

    pub(super) fn remove(&mut self, folder: FolderId, key: &NameKey, task: TaskId) {
        if let Some(card) = self.card(folder, key, task) {
            card.task = REMOVED;
            self.len -= 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn start(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.cards.len() as u64) >> 32) as usize
    }

    fn places(&self, hash: u32) -> impl Iterator<Item = &Card> {
        self.cards.iter().skip(self.start(hash)).take(Self::PLACES)
    }

    fn card(&mut self, folder: FolderId, key: &NameKey, task: TaskId) -> Option<&mut Card> {
        let start = self.start(Card::named(folder, key).hash());
        self.cards.iter_mut().skip(start).take(Self::PLACES).find(|card| card.task == task)
    }

    /// Moves all cards to a larger table, unless many places are those of removed tasks.
    fn renew(&mut self) {
        let wanted = self.len + self.len / 2 + Self::PLACES;
        let cards = vec![Card::NONE; wanted.max(self.cards.len().min(wanted * 2))];
        (self.used, self.len) = (0, 0);
        for card in std::mem::replace(&mut self.cards, cards) {
            if card.task != FREE && card.task != REMOVED {
                self.put(card);
            }
        }
    }

    /// Puts a card into one of its places unless all are occupied.
    fn put(&mut self, card: Card) {
        let start = self.start(card.hash());
        let mut places = self.cards.iter_mut().skip(start).take(Self::PLACES);
        if let Some(place) = places.find(|place| matches!(place.task, FREE | REMOVED)) {
            self.used += usize::from(place.task == FREE);
            self.len += 1;
            *place = card;
        }
    }
}

/// The same in every process, so that equal calls do equal work.
fn hash_of(value: &impl Hash) -> u32 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Cards, Glance};
    use crate::{
        definition::NameKey,
        dtyp::WideString,
        scheduler::store::entry::{FolderId, TaskId},
    };
    use proptest::{collection::vec, prop_assert, prop_assert_eq};
    use std::collections::BTreeMap;

    proptest::proptest! {
        /// The peer is a map. What has no card must be rare, and what has one must be right.
        #[test]
        fn cards_agree_with_a_map(steps in vec((0..4u32, 0..60u32, 0..2u32, proptest::bool::ANY), 0..400)) {
            let (mut cards, mut map) = (Cards::default(), BTreeMap::new());
            for (step, (what, number, folder, long)) in (0..).zip(steps) {
                let name = if long { format!("A name that is too long for a card {number}") } else { number.to_string() };
                let (folder, key) = (FolderId(folder), NameKey::new(&WideString::from(name.as_str())));
                let new = Glance { task: TaskId(step), descriptor: number, enabled: step % 2 == 0 };
                match (what, map.get(&(folder, key.clone())).copied()) {
                    (0, Some(Glance { task, .. })) => {
                        cards.remove(folder, &key, task);
                        map.remove(&(folder, key));
                    }
                    (0, None) => {}
                    (_, Some(Glance { task, .. })) => {
                        cards.update(folder, &key, Glance { task, ..new });
                        map.insert((folder, key), Glance { task, ..new });
                    }
                    (_, None) => {
                        cards.add(folder, &key, new);
                        map.insert((folder, key), new);
                    }
                }
                for ((folder, key), glance) in &map {
                    let found = cards.find(*folder, key, |task| task == glance.task);
                    prop_assert!(found.is_none_or(|found| found == *glance));
                }
                let absent = NameKey::new(&WideString::from("absent"));
                prop_assert_eq!(cards.find(folder, &absent, |_| true), None);
                prop_assert!(cards.len() <= map.len());
            }
            let with_card =
                map.iter().filter(|((folder, key), _)| cards.find(*folder, key, |_| true).is_some()).count();
            prop_assert_eq!(with_card, cards.len());
            prop_assert!(map.len() - with_card <= map.len() / 4 + 2);
        }
    }
}
