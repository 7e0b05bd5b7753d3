//! Things by number, with the numbers of removed ones used again.

/// Things by number.
#[derive(Clone, Debug)]
pub(in super::super) struct Slab<T> {
    items: Vec<Option<T>>,
    /// The numbers that are free, the next to be used last.
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { items: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub(in super::super) fn insert(&mut self, item: T) -> u32 {
        if let Some(id) = self.free.pop() {
            if let Some(place) = self.items.get_mut(id as usize) {
                *place = Some(item);
            }
            return id;
        }
        let id = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.items.push(Some(item));
        id
    }

    pub(in super::super) fn remove(&mut self, id: u32) -> Option<T> {
        let item = self.items.get_mut(id as usize)?.take()?;
        self.free.push(id);
        Some(item)
    }

    pub(in super::super) fn get(&self, id: u32) -> Option<&T> {
        self.items.get(id as usize)?.as_ref()
    }

    pub(in super::super) fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        self.items.get_mut(id as usize)?.as_mut()
    }

    pub(in super::super) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.items).filter_map(|(id, item)| Some((id, item.as_ref()?)))
    }

    pub(in super::super) fn len(&self) -> usize {
        self.items.len() - self.free.len()
    }

    /// The free numbers, as [`set_free`](Self::set_free) takes them.
    #[cfg(feature = "serde")]
    pub(in super::super) fn free(&self) -> &[u32] {
        &self.free
    }

    /// Room for so many things, to be put under the numbers that they had, and for numbers that are free.
    #[cfg(feature = "serde")]
    pub(in super::super) fn with_places(count: usize, free: &[u32]) -> Option<Self> {
        let mut items = Vec::new();
        items.resize_with(count.checked_add(free.len())?, || None);
        Some(Self { items, free: Vec::new() })
    }

    /// Puts a thing under its number; `None` if two have one number, or if a number is too large for so few.
    #[cfg(feature = "serde")]
    pub(in super::super) fn put(&mut self, id: u32, item: T) -> Option<()> {
        let place = self.items.get_mut(id as usize)?;
        place.replace(item).is_none().then_some(())
    }

    /// Says which numbers are free; `None` if they are not those under which there is nothing.
    #[cfg(feature = "serde")]
    pub(in super::super) fn set_free(&mut self, free: Vec<u32>) -> Option<()> {
        let mut seen = std::collections::BTreeSet::new();
        let sound =
            free.iter().all(|id| matches!(self.items.get(*id as usize), Some(None)) && seen.insert(*id));
        self.free = free;
        (sound && self.items.iter().filter(|item| item.is_none()).count() == self.free.len()).then_some(())
    }
}
