//! The objects of full pointers, of which a call transmits each once.

use std::{any::Any, collections::BTreeMap, sync::Arc};

/// The objects of full pointers that a reader has found so far, by referent, and the current depth.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    /// `None` while the object itself is being read.
    pub(super) objects: BTreeMap<u64, Option<Arc<dyn Any + Send + Sync>>>,
    pub(super) depth: usize,
}

/// The objects of full pointers that a writer was given so far: by address, the referent, and whether the object was
/// written.
#[derive(Debug, Default)]
pub(super) struct Sent(pub(super) BTreeMap<usize, (u64, bool)>);
