//! Items by number; the numbers of removed items are reused.

/// Items by number.
#[derive(Clone, Debug)]
pub(in super::super) struct Slab<T> {
    items: Vec<Option<T>>,
    /// The free numbers; the last is used next.
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

    /// The free numbers, as accepted by [`restore`](Self::restore).
    #[cfg(feature = "serde")]
    pub(in super::super) fn free(&self) -> &[u32] {
        &self.free
    }

    /// Restores items under their numbers; `None` if a number is duplicated, or too large for the number of items.
    #[cfg(feature = "serde")]
    pub(in super::super) fn restore(
        items: impl IntoIterator<Item = (u32, T)>,
        free: Vec<u32>,
    ) -> Option<Self> {
        let items: Vec<_> = items.into_iter().collect();
        let total = items.len().checked_add(free.len())?;
        let mut places: Vec<Option<T>> = std::iter::repeat_with(|| None).take(total).collect();
        for (id, item) in items {
            let place = places.get_mut(id as usize)?;
            if place.replace(item).is_some() {
                return None;
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        let sound = free.iter().all(|id| matches!(places.get(*id as usize), Some(None)) && seen.insert(*id));
        sound.then_some(Self { items: places, free })
    }
}
