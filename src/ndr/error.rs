//! Errors and faults.

use crate::{
    dtyp::{HResult, HasHResult, Win32Error, macros::open_enum},
    error::{self, Place, Truncated},
    limits,
};

/// The error for a stub that is invalid or cannot be written: the violated rule, and the location.
///
/// The path of the location consists of IDL names: `pCreds[1].password.max_count`.
pub type Error = error::Error<ErrorKind>;

/// The result of reading or writing a stub.
pub type Result<T> = std::result::Result<T, Error>;

open_enum! {
    /// The status of a fault PDU ([MS-RPCE] 2.2.2.5, [MS-ERREF] 2.2, C706 appendix E). A server sends it instead of a
    /// response if it cannot unmarshal a stub.
    ///
    /// ```
    /// use wintask::ndr::Fault;
    ///
    /// assert_eq!(Fault::BAD_STUB_DATA.to_string(), "RPC_X_BAD_STUB_DATA (0x000006f7)");
    /// ```
    pub struct Fault(u32) numbered {
        /// The caller has no access, or not over this connection.
        ACCESS_DENIED = 0x5 => "ERROR_ACCESS_DENIED",
        /// The transfer syntax is not supported.
        UNSUPPORTED_TRANSFER_SYNTAX = 0x6C2 => "RPC_S_UNSUPPORTED_TRANS_SYN",
        /// A ref pointer is NULL.
        NULL_REF_POINTER = 0x6F4 => "RPC_X_NULL_REF_POINTER",
        /// The stub violates the transfer syntax or the IDL.
        BAD_STUB_DATA = 0x6F7 => "RPC_X_BAD_STUB_DATA",
        /// The interface has no method with this opnum.
        OPNUM_OUT_OF_RANGE = 0x1C01_0002 => "nca_s_op_rng_error",
        /// The server does not have the interface.
        UNKNOWN_INTERFACE = 0x1C01_0003 => "nca_s_unk_if",
    }
}

impl std::error::Error for Fault {}

/// The rule of the transfer syntax or the IDL that was violated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The stub ends within the field.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// Bytes follow the last parameter.
    #[error("{excess} bytes after the last parameter")]
    TrailingData {
        /// The number of bytes.
        excess: usize,
    },
    /// An array declares more elements than the rest of the stub can hold.
    #[error("declared {count} elements, only {have} bytes left")]
    TooManyElements {
        /// Elements declared.
        count: u64,
        /// Bytes left in the stub.
        have: usize,
    },
    /// The size of an array differs from its `size_is` parameter.
    #[error("array of {max_count} elements, but size_is is {count}")]
    SizeIs {
        /// The maximum count of the array itself.
        max_count: u64,
        /// The value of the parameter.
        count: u64,
    },
    /// A string, or an array that is always complete, has an offset other than zero.
    #[error("expected offset 0, found {0}")]
    Offset(u64),
    /// A varying array exceeds its maximum.
    #[error("offset {offset} with {actual_count} elements exceeds the maximum of {max_count}")]
    BeyondMaximum {
        /// Index of the first element sent.
        offset: u64,
        /// Elements sent.
        actual_count: u64,
        /// The maximum number of elements.
        max_count: u64,
    },
    /// The last code unit of a string is not NUL, or the string has no units.
    #[error("string of {0} units is not NUL-terminated")]
    Unterminated(u64),
    /// A value is outside its `range`.
    #[error("{value} is out of range (0 to {most})")]
    OutOfRange {
        /// The value found.
        value: u64,
        /// The maximum.
        most: u64,
    },
    /// A ref pointer is NULL.
    #[error("ref pointer is NULL")]
    NullReference,
    /// A full pointer points to an object that contains it.
    #[error("full pointer {0:#x} points back to itself")]
    Cyclic(u64),
    /// A full pointer points to an object that was read as another type.
    #[error("full pointer {0:#x} points to an object of another type")]
    MixedReferent(u64),
    /// Full pointers are nested deeper than [`limits::NDR_DEPTH`].
    #[error("full pointers are nested deeper than {max}", max = limits::NDR_DEPTH)]
    TooDeep,
    /// The NDR64 encoding of the type is unresolved, since [MS-TSCH] note 5 and [MS-RPCE] 2.2.5 disagree on
    /// `DWORD_PTR` (EVIDENCE.md NDR-03). Such messages are rejected; bind to NDR 2.0 instead.
    #[error("the NDR64 encoding of {0} is not settled")]
    UnresolvedInNdr64(&'static str),
    /// A count or a size does not fit its field.
    #[error("{0} elements exceed the maximum of a 32-bit count")]
    TooLong(usize),
    /// The interface has no method with this opnum.
    #[error("no method has opnum {0}")]
    NoSuchMethod(u16),
    /// A [`Value`](super::Value) has the wrong type.
    #[error("expected {expected}, found {found}")]
    Mismatch {
        /// The expected type.
        expected: &'static str,
        /// The actual type.
        found: &'static str,
    },
    /// A [`Structure`](super::Structure) was given the wrong number of values.
    #[error("{structure} has {expected} fields, found {found} values")]
    FieldCount {
        /// The structure.
        structure: &'static str,
        /// The number of its fields.
        expected: usize,
        /// The number of values.
        found: usize,
    },
}

/// Creates an error about a value that was not read from a stub.
#[cold]
pub(crate) fn unplaced(kind: ErrorKind) -> Error {
    Error::new(kind, Place::value(""))
}

impl HasHResult for ErrorKind {
    /// The code that a client sees when a server sends the fault.
    fn hresult(&self) -> HResult {
        HResult::from_win32(match self.fault() {
            Fault::NULL_REF_POINTER => Win32Error::NULL_REF_POINTER,
            Fault::UNSUPPORTED_TRANSFER_SYNTAX => Win32Error(Fault::UNSUPPORTED_TRANSFER_SYNTAX.0),
            Fault::OPNUM_OUT_OF_RANGE => Win32Error::PROCNUM_OUT_OF_RANGE,
            _ => Win32Error::BAD_STUB_DATA,
        })
    }
}

impl ErrorKind {
    /// The fault that a server sends for such a request.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::NullReference => Fault::NULL_REF_POINTER,
            Self::UnresolvedInNdr64(_) => Fault::UNSUPPORTED_TRANSFER_SYNTAX,
            Self::NoSuchMethod(_) => Fault::OPNUM_OUT_OF_RANGE,
            _ => Fault::BAD_STUB_DATA,
        }
    }
}

impl Error {
    /// The fault that a server sends for such a request.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.kind().fault()
    }

    /// Returns the error with its path prefixed by `outer`.
    #[cold]
    pub(crate) fn within(self, outer: &str) -> Self {
        let joined = match self.place().path() {
            "" => outer.to_owned(),
            inner if inner.starts_with('[') => format!("{outer}{inner}"),
            inner => format!("{outer}.{inner}"),
        };
        self.renamed(joined)
    }

    /// Returns the error with its path prefixed by the element with this index.
    #[cold]
    pub(crate) fn in_element(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// Returns the error with another path.
    #[cold]
    pub(crate) fn renamed(self, field: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        let (kind, place) = self.into_parts();
        let place = match place.span() {
            Some(span) => Place::bytes(span, field),
            None => Place::value(field),
        };
        Self::new(kind, place)
    }
}
