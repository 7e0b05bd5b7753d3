//! Transfer syntaxes and byte orders.

use uuid::{Uuid, uuid};

/// A transfer syntax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Syntax {
    /// NDR 2.0 (C706 chapter 14): counts and referents of 4 bytes.
    #[default]
    Ndr20,
    /// NDR64 ([MS-RPCE] 2.2.5): counts and referents of 8 bytes, structures padded at their end.
    Ndr64,
}

crate::dtyp::macros::choice! {
    Syntax {
        Ndr20 = "ndr20" => "NDR 2.0",
        Ndr64 = "ndr64" => "NDR64",
    }
}

impl Syntax {
    /// The identifier in a bind, and its major and minor version ([MS-RPCE] 2.2.4.12, 2.2.5.1; EVIDENCE.md NDR-10).
    #[must_use]
    pub const fn id(self) -> (Uuid, u16, u16) {
        match self {
            Self::Ndr20 => (uuid!("8a885d04-1ceb-11c9-9fe8-08002b104860"), 2, 0),
            Self::Ndr64 => (uuid!("71710533-beba-4937-8319-b5dbef9ccc36"), 1, 0),
        }
    }

    /// The size in bytes of a count and of a referent.
    pub(crate) const fn word(self) -> usize {
        match self {
            Self::Ndr20 => 4,
            Self::Ndr64 => 8,
        }
    }
}

/// The byte order of integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "the label has one bit for it")]
pub enum ByteOrder {
    /// Least significant byte first, as Windows sends it.
    #[default]
    Little,
    /// Most significant byte first.
    Big,
}

crate::dtyp::macros::choice! {
    ByteOrder {
        Little = "little" => "little-endian",
        Big = "big" => "big-endian",
    }
}

/// The encoding of a stub: the syntax negotiated in the bind, and the byte order of the sender.
///
/// ```
/// use wintask::ndr::{ByteOrder, Transfer};
///
/// assert_eq!(Transfer::NDR20.order, ByteOrder::Little);
/// assert_eq!(Transfer::NDR20.with_label([0x00, 0, 0, 0]).order, ByteOrder::Big);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Transfer {
    /// The transfer syntax.
    pub syntax: Syntax,
    /// The byte order.
    pub order: ByteOrder,
}

impl Transfer {
    /// NDR 2.0, little-endian: used by Windows unless NDR64 was negotiated.
    pub const NDR20: Self = Self { syntax: Syntax::Ndr20, order: ByteOrder::Little };

    /// NDR64, little-endian.
    ///
    /// Messages of ATSvc that contain an AT_INFO or an AT_ENUM (`NetrJobAdd`, the responses of `NetrJobEnum` and
    /// `NetrJobGetInfo`) are rejected, since the encoding of their `DWORD_PTR` is unresolved
    /// ([`ErrorKind::UnresolvedInNdr64`](super::ErrorKind::UnresolvedInNdr64)). Bind ATSvc only to
    /// [`NDR20`](Self::NDR20).
    pub const NDR64: Self = Self { syntax: Syntax::Ndr64, order: ByteOrder::Little };

    /// Returns the same syntax with the byte order of a PDU's data representation label (C706 14.1): the high four
    /// bits of its first byte are 0 for big-endian. The rest of the label concerns 8-bit characters and
    /// floating-point numbers, which no method uses.
    #[must_use]
    pub const fn with_label(self, label: [u8; 4]) -> Self {
        let [integers, ..] = label;
        Self { order: if integers >> 4 == 0 { ByteOrder::Big } else { ByteOrder::Little }, ..self }
    }

    /// Returns the same syntax with another byte order.
    #[must_use]
    pub const fn with_order(self, order: ByteOrder) -> Self {
        Self { order, ..self }
    }
}
