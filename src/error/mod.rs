//! Errors and their locations, in the same form for every format.
//!
//! An [`Error`] consists of a *kind* (the violated rule: an enum of the module that raised the error) and a [`Place`]
//! (a byte range, a line and column, or a part of a value). Kinds with a Windows error code implement
//! [`HasHResult`](crate::dtyp::HasHResult).

mod lines;
mod place;

pub use lines::{LineCounter, Position};
pub use place::Place;

/// A binary input that ends within a field; shared by all binary formats.
///
/// ```
/// use wintask::{error::Truncated, job::{ErrorKind, Job}};
///
/// let error = Job::parse(b"too short").unwrap_err();
/// assert_eq!(error.kind(), &ErrorKind::Truncated(Truncated { need: 16, have: 5 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{need} bytes needed, {have} left")]
pub struct Truncated {
    /// The size of the field in bytes, including preceding padding.
    pub need: usize,
    /// The number of bytes from the start of the field to the end of the input.
    pub have: usize,
}

/// A violated rule, and its location.
///
/// The kind is an enum of the module that raised the error, so that callers can match on it. `Display` returns one
/// sentence that begins with the location.
///
/// ```
/// let error = wintask::job::Job::parse(b"too short").unwrap_err();
/// assert_eq!(error.place().offset(), Some(4));
/// assert_eq!(error.place().path(), "Job uuid");
/// assert_eq!(error.hresult().0, 0x8007_000D);
/// assert_eq!(error.to_string(), "byte 0x4, Job uuid: 16 bytes needed, 5 left");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct Error<K> {
    kind: K,
    place: Place,
}

impl<K> Error<K> {
    /// Creates an error from a kind and a location.
    pub const fn new(kind: K, place: Place) -> Self {
        Self { kind, place }
    }

    /// The violated rule.
    pub const fn kind(&self) -> &K {
        &self.kind
    }

    /// The location.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Splits the error into its kind and its location.
    pub fn into_parts(self) -> (K, Place) {
        (self.kind, self.place)
    }

    /// Moves the location to an outer input in which the inner one starts at `start`.
    #[must_use]
    pub fn rebased(self, start: Position) -> Self {
        Self { kind: self.kind, place: self.place.rebased(start) }
    }
}
