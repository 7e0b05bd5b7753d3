//! Errors.

use crate::{
    error::{self, Truncated},
    finding::FindingKind,
};

/// The error for an invalid value of the TaskCache: the rule that it breaks, and where.
pub type Error = error::Error<ErrorKind>;

/// A rule of the layouts (EVIDENCE.md CACHE-04 to CACHE-11).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The value ends before the field does.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// An action or a trigger of an unknown kind; its size, and so what follows it, is unknown.
    #[error("{0:#x} is not a known kind")]
    UnknownKind(u32),
    /// The value has a size that it cannot have.
    #[error("expected {expected} bytes, found {found}")]
    Size {
        /// The sizes that it can have.
        expected: &'static str,
        /// Its size.
        found: usize,
    },
    /// A text is not a GUID.
    #[error("{0:?} is not a GUID")]
    NotGuid(String),
    /// A security descriptor cannot be read.
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
#[error("a part of {0} bytes or elements exceeds its 32-bit count")]
pub struct TooLong(
    /// Its size.
    pub usize,
);
