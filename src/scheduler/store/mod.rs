//! The stores of [MS-TSCH] 3.2.1.

pub(super) mod credentials;
pub(super) mod descriptors;
pub(super) mod entry;
pub(super) mod jobs;
pub(super) mod names;
pub(super) mod packed;
pub(super) mod slab;
pub(super) mod tree;
