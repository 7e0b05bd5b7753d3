//! Errors of conversion.

use crate::{compat::NotV1Compatible, xml};

/// Why an item cannot be converted to a task, or a task to an item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The item has no command; only items with the action Delete need none.
    #[error("the item names no command")]
    NoCommand,
    /// The item has no definition.
    #[error("the item has no definition")]
    NoDefinition,
    /// The definition is invalid. The location refers to the file, if the item was read from one.
    #[error("definition: {0}")]
    Definition(#[source] xml::Error),
    /// The definition depends on the time at which the item is applied, and the context has none.
    #[error("definition: {0}: the context has no time at which the item is applied (Context::with_now)")]
    NoTime(#[source] xml::Error),
    /// The definition cannot be written.
    #[error(transparent)]
    Write(#[from] xml::WriteError),
    /// Version 1 cannot express the definition in the item.
    #[error(transparent)]
    NotV1(#[from] NotV1Compatible),
}

crate::dtyp::macros::message_serde!(ConvertError);
