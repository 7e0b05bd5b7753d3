//! The building blocks of the values, and their reader and writer.

use super::error::{Error, ErrorKind, TooLong};
use crate::{
    dtyp::WideString,
    error::{Place, Truncated},
    markup::{Encoding, encode},
};
use std::ops::Range;
use uuid::Uuid;

/// Where and why reading stopped. The path grows from the innermost field outwards.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) kind: ErrorKind,
    span: Range<usize>,
    path: String,
}

impl Stop {
    pub(super) fn new(kind: ErrorKind, span: Range<usize>, path: &str) -> Self {
        Self { kind, span, path: path.to_owned() }
    }

    /// Adds the enclosing field to the path.
    #[cold]
    pub(super) fn inside(mut self, field: &str) -> Self {
        if self.path.is_empty() {
            field.clone_into(&mut self.path);
        } else if !field.is_empty() {
            self.path = format!("{field}.{}", self.path);
        }
        self
    }

    pub(super) fn into_error(self) -> Error {
        Error::new(self.kind, Place::bytes(self.span, self.path))
    }
}

/// The bytes not read yet, and the number that decides which fields are present: the version of the value, or the
/// size of the settings.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    size: usize,
    rest: &'a [u8],
    pub(super) form: u32,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { size: bytes.len(), rest: bytes, form: 0 }
    }

    pub(super) const fn at(&self) -> usize {
        self.size - self.rest.len()
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn take(&mut self, size: usize) -> Result<&'a [u8], Stop> {
        let Some((taken, rest)) = self.rest.split_at_checked(size) else { return Err(self.ends(size)) };
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let Some((taken, rest)) = self.rest.split_first_chunk() else { return Err(self.ends(N)) };
        self.rest = rest;
        Ok(*taken)
    }

    #[cold]
    fn ends(&self, need: usize) -> Stop {
        let kind = ErrorKind::Truncated(Truncated { need, have: self.rest.len() });
        Stop::new(kind, self.at()..self.size, "")
    }
}

/// Collects the bytes of a value.
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
    pub(super) form: u32,
    too_long: Option<usize>,
}

impl Writer {
    pub(super) const fn new(form: u32) -> Self {
        Self { out: Vec::new(), form, too_long: None }
    }

    fn count(&mut self, count: usize) {
        if u32::try_from(count).is_err() {
            self.too_long = Some(count);
        }
        self.out.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
    }

    /// Pads to a multiple of eight bytes after `size` bytes, with the original padding if it is known.
    fn pad(&mut self, size: usize, known: &[u8]) {
        self.out.extend(known.iter().copied().chain(std::iter::repeat(0)).take(padding(size)));
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, TooLong> {
        self.too_long.map_or(Ok(self.out), |count| Err(TooLong(count)))
    }
}

/// The number of bytes from `size` to the next multiple of eight.
fn padding(size: usize) -> usize {
    size.wrapping_neg() % 8
}

/// A part of a value. Fields are read in order, so everything before a violation is kept.
pub(super) trait Part: Default {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop>;
    fn put(&self, writer: &mut Writer);
    /// Whether the two are equal except for filler.
    fn is_like(&self, other: &Self) -> bool;
}

/// A structure of fields.
pub(super) trait Fields {
    /// The field names, in storage order.
    const FIELDS: &'static [&'static str];
}

macro_rules! number {
    ($($ty:ty),*) => {$(
        impl Part for $ty {
            fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
                *self = Self::from_le_bytes(reader.array()?);
                Ok(())
            }
            fn put(&self, writer: &mut Writer) {
                writer.out.extend(self.to_le_bytes());
            }
            fn is_like(&self, other: &Self) -> bool {
                self == other
            }
        }
    )*};
}

number!(u8, u16, u32, u64);

impl Part for Uuid {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        *self = Self::from_bytes_le(reader.array()?);
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        writer.out.extend(self.to_bytes_le());
    }

    fn is_like(&self, other: &Self) -> bool {
        self == other
    }
}

impl<const N: usize> Part for [u8; N]
where
    Self: Default,
{
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        *self = reader.array()?;
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        writer.out.extend(self);
    }

    fn is_like(&self, other: &Self) -> bool {
        self == other
    }
}

/// Bytes without a known meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Filler<const N: usize>(
    /// The bytes.
    #[cfg_attr(feature = "serde", serde(serialize_with = "serialize_bytes"))]
    pub [u8; N],
);

#[cfg(feature = "serde")]
fn serialize_bytes<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(bytes, serializer)
}

impl<const N: usize> Default for Filler<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> From<[u8; N]> for Filler<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<const N: usize> Part for Filler<N> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.0 = reader.array()?;
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        writer.out.extend(self.0);
    }

    fn is_like(&self, _: &Self) -> bool {
        true
    }
}

/// A number in a field of `N` bytes, followed by padding that Windows leaves undefined.
macro_rules! padded_number {
    ($(#[$meta:meta])* $name:ident: $ty:ty, $filler:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name {
            /// The number.
            pub value: $ty,
            /// The padding.
            pub filler: [u8; $filler],
        }

        impl From<$ty> for $name {
            fn from(value: $ty) -> Self {
                Self { value, filler: [0; $filler] }
            }
        }

        impl Part for $name {
            fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
                self.value.fill(reader)?;
                self.filler.fill(reader)
            }

            fn put(&self, writer: &mut Writer) {
                self.value.put(writer);
                self.filler.put(writer);
            }

            fn is_like(&self, other: &Self) -> bool {
                self.value == other.value
            }
        }
    };
}

padded_number! {
    /// A byte in an eight-byte field.
    PaddedByte: u8, 7
}

padded_number! {
    /// A 32-bit number in an eight-byte field.
    PaddedWord: u32, 4
}

/// Stored little-endian UTF-16, possibly with a NUL, lone surrogates, or half a code unit at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RawText(
    /// The bytes after the count.
    pub Vec<u8>,
);

impl RawText {
    /// The code units, without half a unit at the end.
    #[must_use]
    pub fn to_wide(&self) -> WideString {
        WideString::from_le_bytes(&self.0)
    }

    pub(super) fn of(text: &str) -> Self {
        Self(encode(text, Encoding::Utf16Le, false))
    }
}

/// Serialised as text, or as a list of bytes if it ends with half a unit.
#[cfg(feature = "serde")]
impl serde::Serialize for RawText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.len().is_multiple_of(2) {
            self.to_wide().serialize(serializer)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl RawText {
    fn fill_with(&mut self, size: usize, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.0 = reader.take(size)?.to_vec();
        Ok(())
    }
}

/// A byte count, followed by the bytes.
impl Part for RawText {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let mut start = *reader;
        let size = size(reader)?;
        if self.fill_with(size, reader).is_err() {
            return Err(start.take(size.saturating_add(4)).err().unwrap_or_else(|| reader.ends(size)));
        }
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        writer.count(self.0.len());
        writer.out.extend(&self.0);
    }

    fn is_like(&self, other: &Self) -> bool {
        self == other
    }
}

fn size(reader: &mut Reader<'_>) -> Result<usize, Stop> {
    let mut count = 0_u32;
    count.fill(reader)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

macro_rules! aligned {
    ($(#[$meta:meta])* $name:ident { $(#[$bmeta:meta])* $body:ident: $ty:ty }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name {
            /// The padding of the count.
            pub filler: [u8; 4],
            $(#[$bmeta])*
            pub $body: $ty,
            /// The padding after the bytes, up to a multiple of eight. Writing truncates or extends it.
            pub padding: Vec<u8>,
        }
    };
}

aligned! {
    /// Text with a count of bytes that includes the NUL.
    AlignedText {
        /// The text with its NUL.
        text: RawText
    }
}

aligned! {
    /// Text with a count of code units that excludes the NUL. For empty text only the count is stored.
    CountedText {
        /// The text with its NUL; without a NUL nothing but the count is stored.
        text: RawText
    }
}

aligned! {
    /// Bytes preceded by their count.
    AlignedBytes {
        /// The bytes.
        bytes: Vec<u8>
    }
}

impl AlignedText {
    /// The code units, without a final NUL.
    #[must_use]
    pub fn to_wide(&self) -> WideString {
        without_nul(&self.text)
    }

    pub(super) fn of(text: &str) -> Self {
        // Empty text has no NUL either.
        let mut text = RawText::of(text);
        if !text.0.is_empty() {
            text.0.extend([0, 0]);
        }
        Self { text, ..Self::default() }
    }
}

impl CountedText {
    /// The code units, without a final NUL.
    #[must_use]
    pub fn to_wide(&self) -> WideString {
        without_nul(&self.text)
    }

    pub(super) fn of(text: &str) -> Self {
        let AlignedText { text, .. } = AlignedText::of(text);
        Self { text, ..Self::default() }
    }
}

fn without_nul(text: &RawText) -> WideString {
    let mut units = text.to_wide().into_units();
    units.pop_if(|unit| *unit == 0);
    WideString::from_units(units)
}

impl Part for AlignedText {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let size = size(reader)?;
        self.filler.fill(reader)?;
        self.text.fill_with(size, reader)?;
        self.padding = reader.take(padding(size))?.to_vec();
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        writer.count(self.text.0.len());
        self.filler.put(writer);
        writer.out.extend(&self.text.0);
        writer.pad(self.text.0.len(), &self.padding);
    }

    fn is_like(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Part for CountedText {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let count = size(reader)?;
        self.filler.fill(reader)?;
        if count > 0 {
            let size = count.saturating_mul(2).saturating_add(2);
            self.text.fill_with(size, reader)?;
            self.padding = reader.take(padding(size))?.to_vec();
        }
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        let units = self.text.0.len() / 2;
        writer.count(units.saturating_sub(1));
        self.filler.put(writer);
        if units > 1 {
            let size = units * 2;
            writer.out.extend(self.text.0.iter().take(size));
            writer.pad(size, &self.padding);
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Part for AlignedBytes {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let size = size(reader)?;
        self.filler.fill(reader)?;
        self.bytes = reader.take(size)?.to_vec();
        self.padding = reader.take(padding(size))?.to_vec();
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        writer.count(self.bytes.len());
        self.filler.put(writer);
        writer.out.extend(&self.bytes);
        writer.pad(self.bytes.len(), &self.padding);
    }

    fn is_like(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

/// A trigger's identifier: a byte count, the text without a NUL, and padding for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TriggerId {
    /// The text.
    pub text: RawText,
    /// The padding, up to a multiple of eight including the count. Writing truncates or extends it.
    pub padding: Vec<u8>,
}

impl Part for TriggerId {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.text.fill(reader)?;
        self.padding = reader.take(padding(self.text.0.len() + 4))?.to_vec();
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        self.text.put(writer);
        writer.pad(self.text.0.len() + 4, &self.padding);
    }

    fn is_like(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// The data of a WNF trigger. Its padding is inferred from all other fields; data immediately followed by a trigger
/// or the end has none (EVIDENCE.md CACHE-19).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WnfData {
    /// The padding of the count.
    pub filler: [u8; 4],
    /// The data.
    pub bytes: Vec<u8>,
    /// The padding, up to a multiple of eight; may be empty.
    pub padding: Vec<u8>,
}

impl Part for WnfData {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let size = size(reader)?;
        self.filler.fill(reader)?;
        self.bytes = reader.take(size)?.to_vec();
        let kind = reader.rest().first_chunk().map(|kind| u32::from_le_bytes(*kind));
        let ends = reader.rest().is_empty() || kind.is_some_and(is_trigger_kind);
        self.padding = if ends { Vec::new() } else { reader.take(padding(size))?.to_vec() };
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        writer.count(self.bytes.len());
        self.filler.put(writer);
        writer.out.extend(&self.bytes);
        writer.out.extend(&self.padding);
    }

    fn is_like(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

/// Whether the number is the kind of a known trigger.
fn is_trigger_kind(kind: u32) -> bool {
    matches!(kind, 0x6666 | 0x7777 | 0x8888 | 0xAAAA | 0xCCCC | 0xDDDD | 0xEEEE | 0xFFFF)
}

/// A list preceded by its length as a 32-bit number.
impl<T: Part> Part for Vec<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let count = size(reader)?;
        self.fill_list(count, reader)
    }

    fn put(&self, writer: &mut Writer) {
        writer.count(self.len());
        self.iter().for_each(|item| item.put(writer));
    }

    fn is_like(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.is_like(other))
    }
}

trait FillList {
    fn fill_list(&mut self, count: usize, reader: &mut Reader<'_>) -> Result<(), Stop>;
}

impl<T: Part> FillList for Vec<T> {
    /// Reads `count` elements. Allocates only for elements that are present.
    fn fill_list(&mut self, count: usize, reader: &mut Reader<'_>) -> Result<(), Stop> {
        for index in 0..count {
            let mut item = T::default();
            item.fill(reader).map_err(|stop| stop.inside(&format!("[{index}]")))?;
            self.push(item);
        }
        Ok(())
    }
}

/// A list preceded by its length in an eight-byte field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AlignedList<T> {
    /// The padding of the length.
    pub filler: [u8; 4],
    /// The elements.
    pub list: Vec<T>,
}

impl<T> Default for AlignedList<T> {
    fn default() -> Self {
        Self { filler: [0; 4], list: Vec::new() }
    }
}

impl<T: Part> Part for AlignedList<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let count = size(reader)?;
        self.filler.fill(reader)?;
        self.list.fill_list(count, reader)
    }

    fn put(&self, writer: &mut Writer) {
        writer.count(self.list.len());
        self.filler.put(writer);
        self.list.iter().for_each(|item| item.put(writer));
    }

    fn is_like(&self, other: &Self) -> bool {
        self.list.is_like(&other.list)
    }
}

/// Structures as tables of fields in order; reader, writer and error paths all use the table. A conditional field is
/// present only if the fields before it, and the version or size, require it.
macro_rules! record {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$fmeta:meta])* $field:ident: $ty:ty = $spec:literal $(if $condition:expr)?; )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name {
            $( $(#[$fmeta])* pub $field: $ty, )*
        }

        impl $crate::taskcache::wire::Fields for $name {
            const FIELDS: &'static [&'static str] = &[$( $spec, )*];
        }

        impl $crate::taskcache::wire::Part for $name {
            fn fill(
                &mut self,
                reader: &mut $crate::taskcache::wire::Reader<'_>,
            ) -> Result<(), $crate::taskcache::wire::Stop> {
                $(
                    $(
                        let condition: fn(&Self, u32) -> bool = $condition;
                        if condition(self, reader.form)
                    )?
                    {
                        let filled = $crate::taskcache::wire::Part::fill(&mut self.$field, reader);
                        filled.map_err(|stop| stop.inside($spec))?;
                    }
                )*
                Ok(())
            }

            fn put(&self, writer: &mut $crate::taskcache::wire::Writer) {
                $(
                    $(
                        let condition: fn(&Self, u32) -> bool = $condition;
                        if condition(self, writer.form)
                    )?
                    {
                        $crate::taskcache::wire::Part::put(&self.$field, writer);
                    }
                )*
            }

            fn is_like(&self, other: &Self) -> bool {
                true $( && $crate::taskcache::wire::Part::is_like(&self.$field, &other.$field) )*
            }
        }
    )*};
}

/// The number that identifies each structure of an enumeration.
macro_rules! kinds {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $word:ty {
            $( $(#[$vmeta:meta])* $variant:ident($record:ty) = $magic:literal; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "kind", rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum $name { $( $(#[$vmeta])* $variant($record), )* }

        impl $name {
            /// The number of the kind.
            #[must_use]
            pub const fn magic(&self) -> $word {
                match self { $( Self::$variant(_) => $magic, )* }
            }

            /// Reads one structure. If it is truncated but its kind is known, also returns the readable part.
            pub(super) fn read(
                reader: &mut $crate::taskcache::wire::Reader<'_>,
            ) -> (Option<Self>, Result<(), $crate::taskcache::wire::Stop>) {
                use $crate::taskcache::{error::ErrorKind, wire::{Part, Stop}};
                let (start, mut magic) = (reader.at(), <$word>::default());
                if let Err(stop) = magic.fill(reader) {
                    return (None, Err(stop.inside("Kind")));
                }
                match magic {
                    $( $magic => {
                        let mut record = <$record>::default();
                        let filled = record.fill(reader);
                        (Some(Self::$variant(record)), filled)
                    } )*
                    other => {
                        let kind = ErrorKind::UnknownKind(other.into());
                        (None, Err(Stop::new(kind, start..reader.at(), "Kind")))
                    }
                }
            }

            pub(super) fn put(&self, writer: &mut $crate::taskcache::wire::Writer) {
                use $crate::taskcache::wire::Part;
                self.magic().put(writer);
                match self { $( Self::$variant(record) => record.put(writer), )* }
            }

            /// Whether the two are equal except for filler.
            pub(super) fn is_like(&self, other: &Self) -> bool {
                match (self, other) {
                    $( (Self::$variant(one), Self::$variant(other)) => {
                        $crate::taskcache::wire::Part::is_like(one, other)
                    } )*
                    _ => false,
                }
            }
        }
    };
}

pub(super) use {kinds, record};
