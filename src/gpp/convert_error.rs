//! Why an item has no task, or a task no item.

use crate::{compat::NotV1Compatible, xml};

/// Why an item has no such task, or a task no item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The item names no command; items that delete need none.
    #[error("the item names no command")]
    NoCommand,
    /// The item has no definition.
    #[error("the item has no definition")]
    NoDefinition,
    /// The definition is not valid. The place is one in the file, if the item was read from one.
    #[error("definition: {0}")]
    Definition(#[source] xml::Error),
    /// The definition in the item is valid at the time at which the item is applied, and the context has none.
    #[error("definition: {0}: the context has no time at which the item is applied (Context::with_now)")]
    NoTime(#[source] xml::Error),
    /// The definition cannot be written.
    #[error(transparent)]
    Write(#[from] xml::WriteError),
    /// The definition in the item cannot be a version 1 task.
    #[error(transparent)]
    NotV1(#[from] NotV1Compatible),
}

crate::dtyp::macros::message_serde!(ConvertError);
