//! Errors of parsing and writing descriptors.

use super::ace_type::AceType;
use crate::{
    dtyp::{HResult, HasHResult, Win32Error},
    error::{self, LineCounter, Place, Truncated},
    finding::FindingKind,
    limits,
};
use std::ops::Range;

/// The error for an invalid descriptor, ACL, SID or condition, and its location.
///
/// In SDDL the location is an offset with line and column, and a path such as `D[2].rights`: the third ACE of the
/// DACL. In the binary form it is a byte range, and the path uses the specification's names: `Dacl[2].AceSize`.
pub type Error = error::Error<ErrorKind>;

/// The rule of [MS-DTYP] 2.4.2 to 2.4.6 or 2.5.1 that was violated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An unexpected token; the expected one is given.
    #[error("expected {0}")]
    Expected(&'static str),
    /// An unknown code.
    #[error("unknown {0}")]
    Unknown(&'static str),
    /// A duplicate part.
    #[error("duplicate {0}")]
    Repeated(&'static str),
    /// A number that is out of range for its field.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// A part that this type of ACE does not have.
    #[error("{0} is not allowed in an ACE of this type")]
    NotAllowed(&'static str),
    /// An ACE for a DACL in a SACL, or vice versa.
    #[error("{0} is not allowed in this ACL")]
    Misplaced(AceType),
    /// An invalid number of sub-authorities.
    #[error("expected 1 to {max} sub-authorities, found {0}", max = limits::SID_SUB_AUTHORITIES)]
    SubAuthorities(usize),
    /// A structure that exceeds its 16-bit size.
    #[error("{what} exceeds the maximum of {max} bytes")]
    TooLarge {
        /// The structure.
        what: &'static str,
        /// The maximum.
        max: usize,
    },
    /// A condition that is nested too deeply.
    #[error("nesting exceeds the maximum depth of {max}", max = limits::CONDITION_DEPTH)]
    TooDeep,
    /// The input ends within the field.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// An unsupported revision.
    #[error("unsupported revision {0}")]
    Revision(u8),
    /// The SR bit is clear, so the offsets are pointers of a process.
    #[error("the descriptor is not self-relative")]
    NotSelfRelative,
    /// An offset that points into the header or beyond the input.
    #[error("offset {0:#x} points into the header or beyond the input")]
    Offset(u32),
    /// An invalid size: too small for its content, not a multiple of 4, or larger than its container.
    #[error("invalid size {size}: {why}")]
    Size {
        /// The stated size.
        size: usize,
        /// The reason.
        why: &'static str,
    },
}

impl FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Expected(_) => "security.expected",
            Self::Unknown(_) => "security.unknown",
            Self::Repeated(_) => "security.repeated",
            Self::OutOfRange(_) => "security.out_of_range",
            Self::NotAllowed(_) => "security.not_allowed",
            Self::Misplaced(_) => "security.misplaced",
            Self::SubAuthorities(_) => "security.sub_authorities",
            Self::TooLarge { .. } => "security.too_large",
            Self::TooDeep => "security.too_deep",
            Self::Truncated { .. } => "security.truncated",
            Self::Revision(_) => "security.revision",
            Self::NotSelfRelative => "security.not_self_relative",
            Self::Offset(_) => "security.offset",
            Self::Size { .. } => "security.size",
        }
    }
}

impl HasHResult for Error {
    fn hresult(&self) -> HResult {
        self.hresult()
    }
}

impl Error {
    /// Returns the HRESULT form of the Win32 error for the invalid part (EVIDENCE.md ERR-08).
    ///
    /// `ERROR_INVALID_SID` for a SID, `ERROR_INVALID_ACL` for anything else in an ACL, and otherwise
    /// `ERROR_INVALID_PARAMETER` in text and `ERROR_INVALID_SECURITY_DESCR` in the binary form.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        let field = self.place().path();
        HResult::from_win32(match self.place() {
            _ if field.ends_with("SID") => Win32Error::INVALID_SID,
            _ if field.starts_with(['D', 'S']) => Win32Error::INVALID_ACL,
            Place::Text { .. } => Win32Error::INVALID_PARAMETER,
            _ => Win32Error::INVALID_SECURITY_DESCR,
        })
    }
}

/// The error for a descriptor that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// An alias whose domain is unknown has no SID, and so no binary form; [`resolve`] the descriptor first.
    ///
    /// [`resolve`]: super::SecurityDescriptor::resolve
    #[error("alias {0} has no SID until its domain is resolved")]
    Unresolved(&'static str),
    /// An ACE or an ACL exceeds its 16-bit size.
    #[error("{what} of {size} bytes exceeds the maximum of {max}", max = limits::ACL_BYTES)]
    TooLarge {
        /// The structure.
        what: &'static str,
        /// The size it would have.
        size: usize,
    },
    /// SDDL cannot express this ACE: its type has no code, it is in the wrong ACL, or its data has no text form.
    #[error("SDDL cannot express the {ace_type} at index {index}")]
    NoSddl {
        /// The type.
        ace_type: AceType,
        /// Its index in its ACL.
        index: usize,
    },
}

crate::dtyp::macros::message_serde!(BuildError);

/// An error while it is being returned; enclosing names are added to its path. Boxed, since it is rare and results
/// are returned often.
#[derive(Debug)]
pub(super) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    span: Range<usize>,
    path: String,
}

pub(super) type Step<T> = Result<T, Fault>;

impl Fault {
    #[cold]
    pub(super) fn new(kind: ErrorKind, span: Range<usize>) -> Self {
        Self(Box::new(Inner { kind, span, path: String::new() }))
    }

    /// Adds the enclosing part `name` to the path.
    #[cold]
    pub(super) fn within(mut self, name: &str) -> Self {
        let path = &self.0.path;
        let separator = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        self.0.path = format!("{name}{separator}{path}");
        self
    }

    /// Moves the offset, for input that starts at byte `by` of a larger one.
    #[cold]
    pub(super) fn rebased(mut self, by: usize) -> Self {
        let Range { start, end } = &mut self.0.span;
        *start = start.saturating_add(by);
        *end = end.saturating_add(by);
        self
    }

    /// Converts the fault to an error in bytes.
    #[cold]
    pub(super) fn in_bytes(self) -> Error {
        let Inner { kind, span, path } = *self.0;
        Error::new(kind, Place::bytes(span, path))
    }

    /// Converts the fault to an error in text.
    #[cold]
    pub(super) fn in_text(self, text: &str) -> Error {
        let Inner { kind, span, path } = *self.0;
        Error::new(kind, Place::text(LineCounter::new(text).position(span.start), path))
    }
}

/// Adds the name of the part in which parsing failed.
pub(super) trait Within {
    fn within(self, name: &str) -> Self;
}

impl<T> Within for Step<T> {
    fn within(self, name: &str) -> Self {
        self.map_err(|fault| fault.within(name))
    }
}
