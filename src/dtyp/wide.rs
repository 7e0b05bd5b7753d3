//! UTF-16 strings.

use std::fmt::{self, Write as _};

/// A string of UTF-16 code units. Lone surrogates and NULs are preserved.
///
/// ```
/// use wintask::dtyp::WideString;
///
/// let name = WideString::from("notepad.exe");
/// assert_eq!(name, "notepad.exe");
/// assert_eq!(name.to_text()?, "notepad.exe");
///
/// let odd = WideString::from_units([0x61, 0xD800, 0x00]);
/// assert!(odd.to_text().is_err());
/// assert_eq!(odd.to_string(), "a\u{FFFD}\0");
/// assert_eq!(format!("{odd:?}"), r#""a\u{d800}\0""#);
/// assert_eq!(odd.units(), [0x61, 0xD800, 0x00]);
/// # Ok::<(), wintask::dtyp::NotUtf16>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct WideString(Vec<u16>);

/// The error for a string that is not valid UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[error("unit {index} is a lone surrogate ({unit:#06x})")]
pub struct NotUtf16 {
    /// Index of the lone surrogate.
    pub index: usize,
    /// Its value.
    pub unit: u16,
}

impl WideString {
    /// Creates a string from code units.
    pub fn from_units(units: impl Into<Vec<u16>>) -> Self {
        Self(units.into())
    }

    /// Reads little-endian code units; an odd last byte is ignored.
    #[must_use]
    #[inline(never)] // What is inlined into a large function is compiled to a loop more often than to a copy.
    pub fn from_le_bytes(bytes: &[u8]) -> Self {
        Self(bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect())
    }

    /// The units.
    #[must_use]
    pub fn units(&self) -> &[u16] {
        &self.0
    }

    /// The units, owned.
    #[must_use]
    pub fn into_units(self) -> Vec<u16> {
        self.0
    }

    /// The number of units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The little-endian bytes of the units.
    #[must_use]
    pub fn to_le_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; 2 * self.0.len()];
        for (pair, unit) in bytes.as_chunks_mut().0.iter_mut().zip(&self.0) {
            *pair = unit.to_le_bytes();
        }
        bytes
    }

    /// The text, if it is valid UTF-16.
    ///
    /// # Errors
    /// [`NotUtf16`] for the first lone surrogate.
    pub fn to_text(&self) -> Result<String, NotUtf16> {
        let mut text = String::with_capacity(self.0.len());
        let mut rest = self.0.as_slice();
        while !rest.is_empty() {
            rest = push_ascii(&mut text, rest);
            let (other, after) = rest.split_at(other_run(rest));
            let mut index = self.0.len() - rest.len();
            for decoded in char::decode_utf16(other.iter().copied()) {
                let c = decoded.map_err(|e| NotUtf16 { index, unit: e.unpaired_surrogate() })?;
                index += c.len_utf16();
                text.push(c);
            }
            rest = after;
        }
        Ok(text)
    }

    fn chars(&self) -> impl Iterator<Item = Result<char, u16>> {
        char::decode_utf16(self.0.iter().copied()).map(|c| c.map_err(|e| e.unpaired_surrogate()))
    }
}

impl fmt::Display for WideString {
    /// The text, with U+FFFD in place of lone surrogates.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chars().try_for_each(|c| f.write_char(c.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}

impl fmt::Debug for WideString {
    /// The text in quotes, escaped, with lone surrogates as `\u{d800}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.chars() {
            match c {
                Ok(c) => write!(f, "{}", c.escape_debug())?,
                Err(unit) => write!(f, "\\u{{{unit:x}}}")?,
            }
        }
        f.write_char('"')
    }
}

impl From<&str> for WideString {
    fn from(text: &str) -> Self {
        if text.is_ascii() {
            return Self(text.bytes().map(u16::from).collect());
        }
        let mut units = Vec::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let (ascii, after) = rest.split_at_checked(ascii_run(rest.as_bytes())).unwrap_or((rest, ""));
            units.extend(ascii.bytes().map(u16::from));
            let other = after.find(|c: char| c.is_ascii()).unwrap_or(after.len());
            let (other, after) = after.split_at_checked(other).unwrap_or((after, ""));
            units.extend(other.encode_utf16());
            rest = after;
        }
        Self(units)
    }
}

/// The number of units or bytes examined together. Nearly all text is ASCII, which needs no decoding.
const BLOCK: usize = 64;

/// The number of ASCII bytes at the start.
fn ascii_run(bytes: &[u8]) -> usize {
    let blocks = bytes.chunks(BLOCK).take_while(|block| block.is_ascii()).map(<[u8]>::len).sum();
    let rest = bytes.get(blocks..).unwrap_or_default().iter();
    blocks + rest.take(BLOCK).take_while(|byte| byte.is_ascii()).count()
}

/// Whether all units are ASCII.
fn is_ascii(units: &[u16]) -> bool {
    units.iter().fold(0, |all, unit| all | unit) < 0x80
}

/// Appends blocks of ASCII to the text, and returns the rest.
fn push_ascii<'a>(text: &mut String, units: &'a [u16]) -> &'a [u16] {
    let mut rest = units;
    while !rest.is_empty() {
        let (block, after) = rest.split_at(rest.len().min(BLOCK));
        if !is_ascii(block) {
            break;
        }
        let mut bytes = [0; BLOCK];
        for (byte, unit) in bytes.iter_mut().zip(block) {
            [*byte, _] = unit.to_le_bytes();
        }
        let ascii = bytes.get(..block.len()).and_then(|bytes| str::from_utf8(bytes).ok());
        text.push_str(ascii.unwrap_or_default());
        rest = after;
    }
    rest
}

/// The number of units to decode one by one: a block that is not ASCII, and the rest of a surrogate pair at its end.
fn other_run(units: &[u16]) -> usize {
    let block = units.len().min(BLOCK);
    let cut = matches!(units.get(block.wrapping_sub(1)), Some(0xD800..=0xDBFF));
    if cut { units.len().min(block + 1) } else { block }
}

impl From<String> for WideString {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Vec<u16>> for WideString {
    fn from(units: Vec<u16>) -> Self {
        Self(units)
    }
}

impl PartialEq<str> for WideString {
    fn eq(&self, text: &str) -> bool {
        self.0.iter().copied().eq(text.encode_utf16())
    }
}

impl PartialEq<&str> for WideString {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

/// A string if it is valid UTF-16, otherwise an array of code units.
#[cfg(feature = "serde")]
mod serialization {
    use super::WideString;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
    use std::fmt;

    struct Form;

    impl<'de> de::Visitor<'de> for Form {
        type Value = WideString;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or an array of UTF-16 units")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<WideString, E> {
            Ok(text.into())
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, units: A) -> Result<WideString, A::Error> {
            let units = Vec::<u16>::deserialize(de::value::SeqAccessDeserializer::new(units))?;
            Ok(units.into())
        }
    }

    impl Serialize for WideString {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.to_text() {
                Ok(text) => serializer.serialize_str(&text),
                Err(_) => self.0.serialize(serializer),
            }
        }
    }

    impl<'de> Deserialize<'de> for WideString {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Form)
        }
    }
}
