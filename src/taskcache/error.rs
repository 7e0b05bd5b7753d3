//! Errors of the task cache.

use crate::{
    error::{self, Truncated},
    finding::FindingKind,
};

/// The error for an invalid TaskCache value: the violated rule, and the offset.
pub type Error = error::Error<ErrorKind>;

/// A rule of the layouts (EVIDENCE.md CACHE-04 to CACHE-11).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The value ends before the field does.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// An action or a trigger of an unknown kind. Its size is unknown, so the rest of the value cannot be read.
    #[error("unknown kind {0:#x}")]
    UnknownKind(u32),
    /// The value has an invalid size.
    #[error("expected {expected} bytes, found {found}")]
    Size {
        /// The valid sizes.
        expected: &'static str,
        /// The actual size.
        found: usize,
    },
    /// A text that is not a GUID.
    #[error("{0:?} is not a GUID")]
    NotGuid(String),
    /// An invalid security descriptor.
    #[error("{0}")]
    Descriptor(String),
}

impl FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "taskcache.truncated",
            Self::UnknownKind(_) => "taskcache.unknown_kind",
            Self::Size { .. } => "taskcache.size",
            Self::NotGuid(_) => "taskcache.id",
            Self::Descriptor(_) => "taskcache.sd",
        }
    }
}

/// The error for a part that is larger than its count allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} bytes or elements do not fit a 32-bit count")]
pub struct TooLong(
    /// Its size.
    pub usize,
);
