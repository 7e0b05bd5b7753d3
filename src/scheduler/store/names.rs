//! Tasks by folder and name, found with one access to memory where a folder's own map takes several.

use super::entry::{FolderId, TaskId};
use crate::definition::NameKey;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Tasks by the hash of their folder and name.
///
/// These are hints: hashes can be equal, and a full bucket accepts no more tasks. The caller therefore compares the
/// names, and searches the folder's map if none is equal. Names chosen to collide cost no more than without hints.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints {
    /// None at first, then a power of two.
    buckets: Vec<Bucket>,
    len: usize,
}

/// As many hints as fit into a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Bucket([Hint; 8]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hint {
    hash: u32,
    task: TaskId,
}

const _: () = assert!(size_of::<Bucket>() == 64);

/// A place without a hint.
const EMPTY: Hint = Hint { hash: 0, task: TaskId(u32::MAX) };

impl Hints {
    /// The tasks that may have this name.
    pub(super) fn of(&self, folder: FolderId, key: &NameKey) -> impl Iterator<Item = TaskId> {
        let hash = hash(folder, key);
        let bucket = self.buckets.get(self.index(hash)).into_iter();
        bucket.flat_map(|bucket| bucket.0).filter(move |hint| hint.hash == hash).map(|hint| hint.task)
    }

    /// The mean number of hints in a bucket beyond which the number of buckets is doubled.
    const LOAD: usize = 5;

    pub(super) fn add(&mut self, folder: FolderId, key: &NameKey, task: TaskId) {
        if self.len >= self.buckets.len() * Self::LOAD {
            self.grow();
        }
        self.put(Hint { hash: hash(folder, key), task });
    }

    pub(super) fn remove(&mut self, folder: FolderId, key: &NameKey, task: TaskId) {
        let hint = Hint { hash: hash(folder, key), task };
        if let Some(place) = self.bucket(hint.hash).and_then(|bucket| bucket.iter_mut().find(|h| **h == hint))
        {
            *place = EMPTY;
            self.len -= 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn index(&self, hash: u32) -> usize {
        hash as usize & self.buckets.len().wrapping_sub(1)
    }

    fn bucket(&mut self, hash: u32) -> Option<&mut [Hint; 8]> {
        let index = self.index(hash);
        self.buckets.get_mut(index).map(|bucket| &mut bucket.0)
    }

    fn grow(&mut self) {
        let buckets = vec![Bucket([EMPTY; 8]); (self.buckets.len() * 2).max(1)];
        self.len = 0;
        for bucket in std::mem::replace(&mut self.buckets, buckets) {
            bucket.0.into_iter().filter(|hint| *hint != EMPTY).for_each(|hint| self.put(hint));
        }
    }

    /// Puts a hint into its bucket unless that is full.
    fn put(&mut self, hint: Hint) {
        let mut places = self.bucket(hint.hash).into_iter().flatten();
        if let Some(place) = places.find(|place| **place == EMPTY) {
            *place = hint;
            self.len += 1;
        }
    }
}

/// The same in every process, so that equal calls do equal work.
fn hash(folder: FolderId, key: &NameKey) -> u32 {
    let mut hasher = DefaultHasher::new();
    (folder, key).hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}
