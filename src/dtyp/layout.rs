//! Fixed layouts, each defined once.
//!
//! A row has a field, a type, an offset and the specification's name. It is the source of the reader, the writer, the
//! partial form for recovery, the offsets in errors, and the annotated dump.

use super::{FileTime, HResult, SystemTime, guid};
use uuid::Uuid;

/// One field of a fixed layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FieldLayout {
    /// The specification's name.
    pub name: &'static str,
    /// Offset from the start of the structure, in bytes.
    pub offset: usize,
    /// Size in bytes.
    pub size: usize,
}

impl FieldLayout {
    pub(crate) const fn new(name: &'static str, offset: usize, size: usize) -> Self {
        Self { name, offset, size }
    }

    /// Whether the fields are in order, do not overlap, and end within `size` bytes.
    pub(crate) const fn is_sound(mut fields: &[Self], size: usize) -> bool {
        let mut end = 0;
        while let [field, rest @ ..] = fields {
            if field.offset < end {
                return false;
            }
            end = field.offset + field.size;
            fields = rest;
        }
        end <= size
    }
}

/// A value of fixed size in little-endian order.
pub(crate) trait Wire: Sized {
    const SIZE: usize;
    fn get(bytes: &[u8], at: usize) -> Option<Self>;
    fn put(self, bytes: &mut [u8], at: usize);
}

/// `N` bytes at `at`, if present.
fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn store<const N: usize>(bytes: &mut [u8], at: usize, value: [u8; N]) {
    if let Some(place) = bytes.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
        *place = value;
    }
}

macro_rules! wire {
    ($($ty:ty, $size:literal: $from:expr, $to:expr;)*) => {$(
        impl Wire for $ty {
            const SIZE: usize = $size;
            fn get(bytes: &[u8], at: usize) -> Option<Self> {
                array(bytes, at).map($from)
            }
            fn put(self, bytes: &mut [u8], at: usize) {
                store(bytes, at, $to(self));
            }
        }
    )*};
}

wire! {
    u16, 2: u16::from_le_bytes, u16::to_le_bytes;
    u32, 4: u32::from_le_bytes, u32::to_le_bytes;
    u64, 8: u64::from_le_bytes, u64::to_le_bytes;
    i32, 4: i32::from_le_bytes, i32::to_le_bytes;
    Uuid, 16: guid::from_wire, guid::to_wire;
    SystemTime, 16: SystemTime::from_wire, SystemTime::to_wire;
}

/// Defines a structure of fixed layout, with its reader and writer and, after a `/`, its form for truncated input.
/// Bytes not covered by a field are ignored when reading and written as zeros.
macro_rules! layout {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident / $partial:ident, $size:literal bytes { $($fields:tt)* }
    ) => {
        $crate::dtyp::layout::layout! {
            $(#[$meta])*
            $vis struct $name, $size bytes { $($fields)* }
        }
        $crate::dtyp::layout::layout! { @partial $vis $partial of $name { $($fields)* } }
    };
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident, $size:literal bytes {
            $( $(#[$fmeta:meta])* $field:ident: $ty:ty = $offset:literal, $spec:literal; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        $vis struct $name {
            $( $(#[$fmeta])* #[doc(alias = $spec)] $vis $field: $ty, )*
        }

        #[allow(dead_code, reason = "not every layout is both read and written")]
        impl $name {
            /// Size in bytes.
            $vis const SIZE: usize = $size;

            /// The fields, in order.
            $vis const FIELDS: &'static [$crate::dtyp::FieldLayout] = &[$(
                $crate::dtyp::FieldLayout::new($spec, $offset, <$ty as $crate::dtyp::layout::Wire>::SIZE),
            )*];

            /// Reads the structure.
            #[must_use]
            $vis fn from_bytes(bytes: &[u8; $size]) -> Self {
                Self { $( $field: $crate::dtyp::layout::Wire::get(bytes, $offset).unwrap_or_default(), )* }
            }

            /// The structure's bytes.
            #[must_use]
            $vis fn to_bytes(self) -> [u8; $size] {
                let mut bytes = [0; $size];
                $( $crate::dtyp::layout::Wire::put(self.$field, &mut bytes, $offset); )*
                bytes
            }
        }

        const _: () = assert!($crate::dtyp::FieldLayout::is_sound($name::FIELDS, $size));
    };
    (
        @partial $vis:vis $partial:ident of $name:ident {
            $( $(#[$fmeta:meta])* $field:ident: $ty:ty = $offset:literal, $spec:literal; )*
        }
    ) => {
        #[doc = concat!("The readable part of a truncated [`", stringify!($name), "`]: each field that is complete.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        $vis struct $partial {
            $(
                #[doc = concat!("See [`", stringify!($name), "::", stringify!($field), "`].")]
                #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
                $vis $field: Option<$ty>,
            )*
        }

        impl $partial {
            /// Reads the fields that are completely within `bytes`.
            #[must_use]
            $vis fn from_bytes(bytes: &[u8]) -> Self {
                Self { $( $field: $crate::dtyp::layout::Wire::get(bytes, $offset), )* }
            }

            /// The structure, if all fields are present.
            #[must_use]
            $vis fn complete(&self) -> Option<$name> {
                Some($name { $( $field: self.$field?, )* })
            }

            /// The structure, with missing fields taken from another.
            #[must_use]
            $vis fn complete_or(&self, others: $name) -> $name {
                $name { $( $field: self.$field.unwrap_or(others.$field), )* }
            }
        }

        impl From<$name> for $partial {
            /// All fields are present.
            fn from(whole: $name) -> Self {
                Self { $( $field: Some(whole.$field), )* }
            }
        }
    };
}

/// Newtypes over a single word, for the fields of layouts.
macro_rules! words {
    ($($ty:ident($word:ty)),* $(,)?) => {$(
        impl $crate::dtyp::layout::Wire for $ty {
            const SIZE: usize = <$word as $crate::dtyp::layout::Wire>::SIZE;
            fn get(bytes: &[u8], at: usize) -> Option<Self> {
                $crate::dtyp::layout::Wire::get(bytes, at).map(Self)
            }
            fn put(self, bytes: &mut [u8], at: usize) {
                $crate::dtyp::layout::Wire::put(self.0, bytes, at);
            }
        }
    )*};
}

words!(FileTime(u64), HResult(u32));

pub(crate) use {layout, words};
