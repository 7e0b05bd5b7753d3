//! Collects the results of an enumeration, up to a limit.

use super::error::Error;
use crate::limits;

/// Elements from a server, up to [`limits::LISTED_BYTES`].
#[derive(Clone, Debug)]
pub(super) struct Listing<T> {
    elements: Vec<T>,
    budget: Budget,
}

/// The number of bytes that an enumeration may still store.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const FULL: Self = Self(limits::LISTED_BYTES);

    /// Subtracts the size of an element with a string of this many units.
    pub(super) fn spend(&mut self, element: usize, units: usize) -> Result<(), Error> {
        let bytes = units.saturating_mul(2).saturating_add(element);
        self.0 = self.0.checked_sub(bytes).ok_or(Error::TooLarge)?;
        Ok(())
    }
}

impl<T> Listing<T> {
    pub(super) const fn new() -> Self {
        Self { elements: Vec::new(), budget: Budget::FULL }
    }

    /// Stores an element whose strings have this many units in total.
    pub(super) fn push(&mut self, element: T, units: usize) -> Result<(), Error> {
        self.budget.spend(size_of::<T>(), units)?;
        self.elements.push(element);
        Ok(())
    }

    pub(super) fn as_slice(&self) -> &[T] {
        &self.elements
    }

    pub(super) fn into_vec(self) -> Vec<T> {
        self.elements
    }
}
