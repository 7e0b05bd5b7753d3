use crate::{
    dtyp::macros::open_enum,
    error::{self, Place},
};

/// Why a stub was refused or could not be made, and where.
///
/// The place's field is a path by the IDL's names: `pCreds[1].password.max_count`.
pub type Error = error::Error<ErrorKind>;

open_enum! {
    /// The status of a fault PDU ([MS-RPCE] 2.2.2.5, [MS-ERREF] 2.2, C706 appendix E): what a server answers to a
    /// stub that it cannot unmarshal. No response stub goes with it.
    pub struct Fault(u32) {
        /// The transfer syntax is not supported.
        UNSUPPORTED_TRANSFER_SYNTAX = 0x6C2 => "RPC_S_UNSUPPORTED_TRANS_SYN",
        /// A ref pointer is NULL.
        NULL_REF_POINTER = 0x6F4 => "RPC_X_NULL_REF_POINTER",
        /// The stub breaks the rules of the transfer syntax or of the IDL.
        BAD_STUB_DATA = 0x6F7 => "RPC_X_BAD_STUB_DATA",
        /// The interface has no method of this number.
        OPNUM_OUT_OF_RANGE = 0x1C01_0002 => "nca_s_op_rng_error",
    }
}

/// The rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The stub ends within the field.
    #[error("{need} bytes needed, {have} left")]
    Truncated {
        /// Bytes that the field takes, the pad before it included.
        need: usize,
        /// Bytes left in the stub.
        have: usize,
    },
    /// Bytes are left over behind the last parameter.
    #[error("{excess} bytes left over")]
    TrailingData {
        /// How many bytes.
        excess: usize,
    },
    /// An array claims more elements than the rest of the stub can hold.
    #[error("{count} elements claimed, {have} bytes left")]
    TooManyElements {
        /// Elements claimed.
        count: u64,
        /// Bytes left in the stub.
        have: usize,
    },
    /// An array's size is not what the parameter named by `size_is` says.
    #[error("{max_count} elements, where size_is says {count}")]
    SizeIs {
        /// The array's own maximum count.
        max_count: u64,
        /// The value of the parameter.
        count: u64,
    },
    /// A string or an array that is always whole begins at an offset.
    #[error("offset {0} is not 0")]
    Offset(u64),
    /// A varying array reaches beyond its maximum.
    #[error("offset {offset} and {actual_count} elements, where {max_count} are the most")]
    BeyondMaximum {
        /// Index of the first element sent.
        offset: u64,
        /// Elements sent.
        actual_count: u64,
        /// Elements there may be.
        max_count: u64,
    },
    /// A string's last unit is not NUL, or it has none at all.
    #[error("string of {0} units does not end in NUL")]
    Unterminated(u64),
    /// A value is outside of its `range`.
    #[error("{value} is out of range (0 to {most})")]
    OutOfRange {
        /// The value found.
        value: u64,
        /// The largest allowed.
        most: u64,
    },
    /// A ref pointer is NULL.
    #[error("ref pointer is NULL")]
    NullReference,
    /// A full pointer leads to what it is itself a part of.
    #[error("full pointer {0:#x} leads back to itself")]
    Cyclic(u64),
    /// A full pointer leads to an object of another type.
    #[error("full pointer {0:#x} leads to another type")]
    MixedReferent(u64),
    /// Full pointers are nested deeper than [`limits::NDR_DEPTH`](crate::limits::NDR_DEPTH).
    #[error("pointers are nested too deeply")]
    TooDeep,
    /// How NDR64 encodes the type is not settled: [MS-TSCH] note 5 and [MS-RPCE] 2.2.5 disagree on `DWORD_PTR`. Such
    /// a message is refused rather than guessed; bind to NDR 2.0.
    #[error("how NDR64 encodes {0} is not settled")]
    UnresolvedInNdr64(&'static str),
    /// A count or a size does not fit its field.
    #[error("{0} elements are more than a count can say")]
    TooLong(usize),
    /// The interface has no method of this number.
    #[error("no method has opnum {0}")]
    NoSuchMethod(u16),
    /// A [`Value`](super::Value) is not of the shape that its [`Type`](super::Type) asks for.
    #[error("not {0}")]
    Shape(&'static str),
}

impl Error {
    /// The fault that a server sends when it meets such a request.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self.kind() {
            ErrorKind::NullReference => Fault::NULL_REF_POINTER,
            ErrorKind::UnresolvedInNdr64(_) => Fault::UNSUPPORTED_TRANSFER_SYNTAX,
            ErrorKind::NoSuchMethod(_) => Fault::OPNUM_OUT_OF_RANGE,
            _ => Fault::BAD_STUB_DATA,
        }
    }

    /// The same error, its field being a part of `outer`.
    #[cold]
    pub(crate) fn within(self, outer: &str) -> Self {
        let joined = match self.place().path() {
            "" => outer.to_owned(),
            inner if inner.starts_with('[') => format!("{outer}{inner}"),
            inner => format!("{outer}.{inner}"),
        };
        self.renamed(joined)
    }

    /// The same error in the element of this index.
    #[cold]
    pub(crate) fn in_element(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// The same error in another field.
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
