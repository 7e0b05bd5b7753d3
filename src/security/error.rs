//! Errors of reading and writing descriptors.

use super::ace_type::AceType;
use crate::{
    dtyp::{HResult, HasHResult, Win32Error},
    error::{self, LineCounter, Place},
    limits,
};
use std::ops::Range;

/// Why a descriptor, an ACL, a SID or a condition was refused, and where.
///
/// In SDDL the place is an offset into the text with line and column, and a path such as `D[2].rights`: the third
/// ACE of the DACL. In the binary form it is a stretch of bytes, and the path has the specification's names:
/// `Dacl[2].AceSize`.
pub type Error = error::Error<ErrorKind>;

/// The rule of [MS-DTYP] 2.4.2 to 2.4.6 or 2.5.1 that was violated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Something else than the grammar wants stands here.
    #[error("{0} expected")]
    Expected(&'static str),
    /// A code that nobody has defined.
    #[error("unknown {0}")]
    Unknown(&'static str),
    /// A part that may stand once stands twice.
    #[error("a second {0}")]
    Repeated(&'static str),
    /// A number that does not fit its field.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// Something that this type of ACE does not have.
    #[error("{0} in an ACE that has none")]
    NotAllowed(&'static str),
    /// An ACE of the DACL in the SACL, or the other way round.
    #[error("{0} does not belong in this ACL")]
    Misplaced(AceType),
    /// More parts than a SID can have, or none.
    #[error("{0} sub-authorities, where 1 to {max} are allowed", max = limits::SID_SUB_AUTHORITIES)]
    SubAuthorities(usize),
    /// A structure larger than its 16-bit size can say.
    #[error("{what} of more than {max} bytes")]
    TooLarge {
        /// Which structure.
        what: &'static str,
        /// The most that fits.
        max: usize,
    },
    /// A condition nested too deep.
    #[error("nested deeper than {max}", max = limits::CONDITION_DEPTH)]
    TooDeep,
    /// The input ends within the field.
    #[error("{need} bytes needed, {have} left")]
    Truncated {
        /// Bytes the field takes.
        need: usize,
        /// Bytes left.
        have: usize,
    },
    /// A revision that is not defined.
    #[error("revision {0} is unknown")]
    Revision(u8),
    /// The SR bit is clear: offsets are pointers of a process that is gone.
    #[error("the descriptor is not self-relative")]
    NotSelfRelative,
    /// An offset that leads into the header or out of the input.
    #[error("offset {0:#x} leads nowhere")]
    Offset(u32),
    /// A size that cannot be: too small for its content, not a multiple of 4, or larger than what holds it.
    #[error("size {size} is impossible ({why})")]
    Size {
        /// The size as stated.
        size: usize,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl HasHResult for Error {
    fn hresult(&self) -> HResult {
        self.hresult()
    }
}

impl Error {
    /// The HRESULT form of the Win32 error that fits the part of the descriptor concerned (EVIDENCE.md ERR-08).
    ///
    /// `ERROR_INVALID_SID` for a SID, `ERROR_INVALID_ACL` for anything else in an ACL, and for the descriptor as
    /// such `ERROR_INVALID_PARAMETER` in text and `ERROR_INVALID_SECURITY_DESCR` in the binary form.
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

/// Why a descriptor cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A SID of which only the last part is known has no binary form: [`resolve`] the descriptor first.
    ///
    /// [`resolve`]: super::SecurityDescriptor::resolve
    #[error("{0} has no SID before its domain is known")]
    Unresolved(&'static str),
    /// An ACE or an ACL is larger than its 16-bit size can say.
    #[error("{what} of {size} bytes, {max} are the most", max = limits::ACL_BYTES)]
    TooLarge {
        /// Which structure.
        what: &'static str,
        /// How large it would be.
        size: usize,
    },
    /// SDDL has no words for this ACE: its type has no code, it is in the wrong ACL, or its data cannot be spelled.
    #[error("SDDL has no words for the {ace_type} at index {index}")]
    NoSddl {
        /// The type.
        ace_type: AceType,
        /// Its place in its ACL.
        index: usize,
    },
}

/// An error on its way out: its path grows from the inside. Boxed, since it is rare and results are returned often.
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

    /// The same, seen from the part `name`.
    #[cold]
    pub(super) fn within(mut self, name: &str) -> Self {
        let path = &self.0.path;
        let separator = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        self.0.path = format!("{name}{separator}{path}");
        self
    }

    /// The same in an input in which this one starts at byte `by`.
    #[cold]
    pub(super) fn rebased(mut self, by: usize) -> Self {
        let Range { start, end } = &mut self.0.span;
        *start = start.saturating_add(by);
        *end = end.saturating_add(by);
        self
    }

    /// An error in bytes.
    #[cold]
    pub(super) fn in_bytes(self) -> Error {
        let Inner { kind, span, path } = *self.0;
        Error::new(kind, Place::bytes(span, path))
    }

    /// An error in a text.
    #[cold]
    pub(super) fn in_text(self, text: &str) -> Error {
        let Inner { kind, span, path } = *self.0;
        Error::new(kind, Place::text(LineCounter::new(text).position(span.start), path))
    }
}

/// Names the part in which a step failed.
pub(super) trait Within {
    fn within(self, name: &str) -> Self;
}

impl<T> Within for Step<T> {
    fn within(self, name: &str) -> Self {
        self.map_err(|fault| fault.within(name))
    }
}
