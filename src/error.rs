//! Where something went wrong, in one shape for every format.
//!
//! An [`Error`] is a *kind* (what rule was broken, an enum of the module that raised it) and a [`Place`]
//! (a stretch of bytes and the field's own name, or a line, a column and an element path). Kinds for which
//! Windows has a code answer `hresult()`.

use std::{borrow::Cow, fmt};

/// A place in an input.
///
/// ```
/// use wintask::error::Place;
///
/// let place = Place::bytes(0x46..0x48, "Application Name");
/// assert_eq!(place.to_string(), "byte 0x46, Application Name");
/// assert_eq!(place.offset(), 70);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// A stretch of a binary input.
    Bytes {
        /// Offset of the first byte concerned, from the start of the input.
        start: usize,
        /// Offset behind the last byte concerned; equal to `start` where nothing is there.
        end: usize,
        /// The field by the specification's own name, with an index where it repeats (`Triggers[2].Begin Day`).
        field: Cow<'static, str>,
    },
    /// A position in a text.
    Text {
        /// Offset of the first byte concerned, from the start of the input.
        offset: usize,
        /// Line, counted from 1.
        line: u32,
        /// Column in characters (UTF-16 units), counted from 1.
        column: u32,
        /// What stands there: an element path (`Task/Triggers/TimeTrigger`) or the name of a term.
        path: Cow<'static, str>,
    },
}

impl Place {
    /// A stretch of bytes that holds `field`.
    pub fn bytes(span: std::ops::Range<usize>, field: impl Into<Cow<'static, str>>) -> Self {
        Self::Bytes { start: span.start, end: span.end, field: field.into() }
    }

    /// Offset of the first byte concerned, from the start of the input.
    pub fn offset(&self) -> usize {
        match self {
            Self::Bytes { start, .. } => *start,
            Self::Text { offset, .. } => *offset,
        }
    }

    /// The bytes concerned.
    pub fn span(&self) -> std::ops::Range<usize> {
        match self {
            Self::Bytes { start, end, .. } => *start..*end,
            Self::Text { offset, .. } => *offset..*offset,
        }
    }

    /// The field's name or the element's path.
    pub fn field(&self) -> &str {
        match self {
            Self::Bytes { field, .. } => field,
            Self::Text { path, .. } => path,
        }
    }

    /// The same place, its offset replaced by another way to count it.
    pub(crate) fn with_offset(mut self, by: usize) -> Self {
        match &mut self {
            Self::Bytes { start, .. } => *start = by,
            Self::Text { offset, .. } => *offset = by,
        }
        self
    }

    /// The same place in an outer input, in which the inner one starts at byte `by`.
    #[must_use]
    pub fn rebased(mut self, by: usize) -> Self {
        match &mut self {
            Self::Bytes { start, end, .. } => {
                *start = start.saturating_add(by);
                *end = end.saturating_add(by);
            }
            Self::Text { offset, .. } => *offset = offset.saturating_add(by),
        }
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes { start, field, .. } => write!(f, "byte {start:#x}, {field}"),
            Self::Text { line, column, path, .. } if path.is_empty() => write!(f, "{line}:{column}"),
            Self::Text { line, column, path, .. } => write!(f, "{line}:{column}, {path}"),
        }
    }
}

/// A violated rule and the place where it was violated.
///
/// The kind is the enum of the module that raised it, so that callers can match on it; the text is one
/// sentence, place first.
///
/// ```
/// let error = wintask::job::Job::parse(b"too short").unwrap_err();
/// assert_eq!(error.place().offset(), 4);
/// assert_eq!(error.place().field(), "Job uuid");
/// assert_eq!(error.hresult().0, 0x8007_000D);
/// assert_eq!(error.to_string(), "byte 0x4, Job uuid: 16 bytes needed, 5 left");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct Error<K> {
    kind: K,
    place: Place,
}

impl<K> Error<K> {
    /// Puts a kind and a place together.
    pub fn new(kind: K, place: Place) -> Self {
        Self { kind, place }
    }

    /// Which rule was violated.
    pub fn kind(&self) -> &K {
        &self.kind
    }

    /// Where it was violated.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The two parts.
    pub fn into_parts(self) -> (K, Place) {
        (self.kind, self.place)
    }

    /// The same error seen from an outer input, in which the inner one starts at byte `by`.
    #[must_use]
    pub fn rebased(self, by: usize) -> Self {
        Self { kind: self.kind, place: self.place.rebased(by) }
    }
}
