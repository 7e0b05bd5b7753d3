//! Items by number; the numbers of removed items are reused.

/// The number of items that are kept together.
const CHUNK: usize = 1024;

/// Items by number, in chunks of fixed size: growing moves none of them, and reserves no more than a chunk.
#[derive(Clone, Debug)]
pub(in super::super) struct Slab<T> {
    /// All are full but the last.
    chunks: Vec<Vec<Option<T>>>,
    /// The free numbers; the last is used next.
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub(in super::super) fn insert(&mut self, item: T) -> u32 {
        if let Some(id) = self.free.pop() {
            if let Some(place) = self.place(id) {
                *place = Some(item);
            }
            return id;
        }
        let id = u32::try_from(self.places()).unwrap_or(u32::MAX);
        self.push(Some(item));
        id
    }

    fn push(&mut self, item: Option<T>) {
        match self.chunks.last_mut().filter(|chunk| chunk.len() < CHUNK) {
            Some(chunk) => chunk.push(item),
            None => {
                // The first grows as needed, so that a small store is small.
                let mut chunk = Vec::with_capacity(if self.chunks.is_empty() { 1 } else { CHUNK });
                chunk.push(item);
                self.chunks.push(chunk);
            }
        }
    }

    fn place(&mut self, id: u32) -> Option<&mut Option<T>> {
        self.chunks.get_mut(id as usize / CHUNK)?.get_mut(id as usize % CHUNK)
    }

    /// The number of items and of free numbers.
    fn places(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    pub(in super::super) fn remove(&mut self, id: u32) -> Option<T> {
        let item = self.place(id)?.take()?;
        self.free.push(id);
        Some(item)
    }

    pub(in super::super) fn get(&self, id: u32) -> Option<&T> {
        self.chunks.get(id as usize / CHUNK)?.get(id as usize % CHUNK)?.as_ref()
    }

    pub(in super::super) fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        self.place(id)?.as_mut()
    }

    pub(in super::super) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(self.chunks.iter().flatten()).filter_map(|(id, item)| Some((id, item.as_ref()?)))
    }

    pub(in super::super) fn len(&self) -> usize {
        self.places() - self.free.len()
    }

    /// The free numbers, as accepted by [`set_free`](Self::set_free).
    #[cfg(feature = "serde")]
    pub(in super::super) fn free(&self) -> &[u32] {
        &self.free
    }

    /// Reserves room for items to be restored under their numbers, and for free numbers.
    #[cfg(feature = "serde")]
    pub(in super::super) fn with_places(count: usize, free: &[u32]) -> Option<Self> {
        let mut slab = Self::default();
        (0..count.checked_add(free.len())?).for_each(|_| slab.push(None));
        Some(slab)
    }

    /// Puts a thing under its number; `None` if two have one number, or if a number is too large for so few.
    #[cfg(feature = "serde")]
    pub(in super::super) fn put(&mut self, id: u32, item: T) -> Option<()> {
        let place = self.place(id)?;
        place.replace(item).is_none().then_some(())
    }

    /// Says which numbers are free; `None` if they are not those under which there is nothing.
    #[cfg(feature = "serde")]
    pub(in super::super) fn set_free(&mut self, free: Vec<u32>) -> Option<()> {
        let mut seen = std::collections::BTreeSet::new();
        let sound = free.iter().all(|id| matches!(self.place(*id), Some(None)) && seen.insert(*id));
        self.free = free;
        (sound && self.iter().count() == self.len()).then_some(())
    }
}
