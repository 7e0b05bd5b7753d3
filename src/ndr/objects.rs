//! The objects of full pointers, each of which is transmitted once per call.

use std::{any::Any, collections::BTreeMap, sync::Arc};

/// The objects of full pointers read so far, by referent, and the current depth.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    /// `None` while the object is being read.
    pub(super) objects: BTreeMap<u64, Option<Arc<dyn Any + Send + Sync>>>,
    pub(super) depth: usize,
}

/// The objects of full pointers written so far: by address, the referent, and whether the object was written.
#[derive(Debug, Default)]
pub(super) struct Sent(pub(super) BTreeMap<usize, (u64, bool)>);
