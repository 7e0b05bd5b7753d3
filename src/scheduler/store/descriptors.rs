//! Security descriptors, each kept once: a million tasks share a handful.

use super::slab::Slab;
use crate::security::SecurityDescriptor;
use std::collections::BTreeMap;

/// Descriptors by number, each kept once.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Descriptors {
    list: Slab<Shared>,
    by_text: BTreeMap<Box<str>, u32>,
}

#[derive(Clone, Debug)]
struct Shared {
    descriptor: SecurityDescriptor,
    text: Box<str>,
    uses: u32,
}

impl Descriptors {
    /// The number of a descriptor, which is used once more.
    pub(in super::super) fn add(&mut self, descriptor: SecurityDescriptor) -> u32 {
        let text: Box<str> = descriptor.to_string().into();
        if let Some(&id) = self.by_text.get(&text) {
            return self.share(id);
        }
        let id = self.list.insert(Shared { descriptor, text: text.clone(), uses: 1 });
        self.by_text.insert(text, id);
        id
    }

    /// The number of a descriptor by its text, which is used once more; `None` if it is malformed.
    #[cfg(feature = "serde")]
    pub(in super::super) fn add_text(&mut self, text: &str) -> Option<u32> {
        match self.by_text.get(text) {
            Some(&id) => Some(self.share(id)),
            None => Some(self.add(text.parse().ok()?)),
        }
    }

    /// Uses a descriptor once more that is there.
    fn share(&mut self, id: u32) -> u32 {
        if let Some(shared) = self.list.get_mut(id) {
            shared.uses += 1;
        }
        id
    }

    /// Forgets one use.
    pub(in super::super) fn release(&mut self, id: u32) {
        let Some(shared) = self.list.get_mut(id) else { return };
        shared.uses -= 1;
        if shared.uses == 0
            && let Some(shared) = self.list.remove(id)
        {
            self.by_text.remove(&shared.text);
        }
    }

    pub(in super::super) fn get(&self, id: u32) -> Option<&SecurityDescriptor> {
        self.list.get(id).map(|shared| &shared.descriptor)
    }

    /// The descriptor as SDDL.
    pub(in super::super) fn text(&self, id: u32) -> &str {
        self.list.get(id).map_or("", |shared| &shared.text)
    }

    /// How often a descriptor is used.
    pub(in super::super) fn uses(&self, id: u32) -> u32 {
        self.list.get(id).map_or(0, |shared| shared.uses)
    }

    pub(in super::super) fn len(&self) -> usize {
        self.list.len()
    }
}
