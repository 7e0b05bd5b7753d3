//! Decodes UTF-8 and UTF-16 to text, and converts offsets in the text back to offsets in the bytes.
//!
//! The bytes determine the encoding, not the declaration, since tools that copy tasks often convert the bytes but not
//! the declaration.

use super::{search::first_of, windows_1252};
use std::borrow::Cow;

/// The encoding of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Only in recovered texts: strict readers reject it.
    Windows1252,
}

/// A document as text.
pub(crate) struct Text<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: Encoding,
    /// The length of the byte order mark.
    pub(crate) bom: usize,
    /// The offset in the text where decoding failed; the text continues with U+FFFD.
    pub(crate) undecodable: Option<usize>,
}

impl<'a> Text<'a> {
    /// A string, as RPC and events pass it.
    pub(crate) fn from_str(text: &'a str) -> Self {
        Self { text: text.into(), encoding: Encoding::Utf8, bom: 0, undecodable: None }
    }

    /// Decodes according to the byte order mark, or the encoding of the first `<`.
    pub(crate) fn decode(bytes: &'a [u8]) -> Self {
        let (encoding, bom) = sniffed(bytes);
        let content = bytes.get(bom..).unwrap_or_default();
        let (text, undecodable) = match encoding {
            Encoding::Utf8 => from_utf8(content),
            Encoding::Utf16Le => from_utf16(content, u16::from_le_bytes),
            Encoding::Utf16Be => from_utf16(content, u16::from_be_bytes),
            // Never recognised by its first bytes.
            Encoding::Windows1252 => from_utf8(content),
        };
        Self { text, encoding, bom, undecodable }
    }

    /// Converts an offset in the text to one in the bytes; everything before it must be decodable.
    pub(crate) fn byte_offset(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        self.bom + self.encoding.bytes_of(before)
    }
}

impl Encoding {
    /// The size of a text in bytes, without a byte order mark.
    pub(crate) fn bytes_of(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16Le | Self::Utf16Be => 2 * utf16_units(text.as_bytes()),
            Self::Windows1252 => text.chars().count(),
        }
    }

    /// The number of these bytes that decode to `text`, a prefix of their text that ends between two characters.
    pub(crate) fn size(self, text: &str, bytes: &[u8]) -> usize {
        if self != Self::Utf8 {
            return self.bytes_of(text).min(bytes.len());
        }
        if bytes.starts_with(text.as_bytes()) {
            return text.len();
        }
        let (mut left, mut size) = (text.len(), 0);
        for chunk in bytes.utf8_chunks() {
            if left <= chunk.valid().len() {
                return size + left;
            }
            // Undecodable bytes have become a single character.
            left = left.saturating_sub(chunk.valid().len() + char::REPLACEMENT_CHARACTER.len_utf8());
            size += chunk.valid().len() + chunk.invalid().len();
        }
        size
    }
}

/// The encoding indicated by the first bytes, and the length of the byte order mark.
pub(super) fn sniffed(bytes: &[u8]) -> (Encoding, usize) {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        // White space may precede `<`; both are ASCII.
        [1..=0xFF, 0, ..] => (Encoding::Utf16Le, 0),
        [0, 1..=0xFF, ..] => (Encoding::Utf16Be, 0),
        _ => (Encoding::Utf8, 0),
    }
}

/// The number of UTF-16 code units of the characters that start in these bytes.
pub(super) fn utf16_units(bytes: &[u8]) -> usize {
    let continued = bytes.iter().filter(|byte| **byte & 0xC0 == 0x80).count();
    let supplementary = bytes.iter().filter(|byte| **byte >= 0xF0).count();
    bytes.len() - continued + supplementary
}

fn from_utf8(bytes: &[u8]) -> (Cow<'_, str>, Option<usize>) {
    match str::from_utf8(bytes) {
        Ok(text) => (text.into(), None),
        Err(error) => (String::from_utf8_lossy(bytes), Some(error.valid_up_to())),
    }
}

pub(super) fn from_utf16(
    bytes: &[u8],
    unit: impl Fn([u8; 2]) -> u16 + Copy,
) -> (Cow<'static, str>, Option<usize>) {
    let (units, odd) = bytes.as_chunks::<2>();
    let mut text = Vec::with_capacity(units.len() + units.len() / 8);
    let mut undecodable = None;
    let mut rest = units;
    while !rest.is_empty() {
        rest = ascii_run(rest, unit, &mut text);
        // Non-ASCII units, up to the next ASCII unit.
        let foreign = rest.iter().position(|u| unit(*u) < 0x80).unwrap_or(rest.len());
        let (run, behind) = rest.split_at_checked(foreign).unwrap_or((rest, &[]));
        for decoded in char::decode_utf16(run.iter().map(|u| unit(*u))) {
            if decoded.is_err() {
                undecodable = undecodable.or(Some(text.len()));
            }
            push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER), &mut text);
        }
        rest = behind;
    }
    if !odd.is_empty() {
        undecodable = undecodable.or(Some(text.len()));
        push(char::REPLACEMENT_CHARACTER, &mut text);
    }
    // All of it is valid. Looking at it once costs less than doing so for each run.
    (String::from_utf8(text).unwrap_or_default().into(), undecodable)
}

fn push(c: char, text: &mut Vec<u8>) {
    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends the ASCII that comes next, and returns what follows it.
pub(super) fn ascii_run<'u>(
    units: &'u [[u8; 2]],
    unit: impl Fn([u8; 2]) -> u16 + Copy,
    text: &mut Vec<u8>,
) -> &'u [[u8; 2]] {
    const BLOCK: usize = 32;
    let is_ascii = |block: &&[[u8; 2]; BLOCK]| block.iter().fold(0, |bits, u| bits | unit(*u)) < 0x80;
    let (blocks, _) = units.as_chunks::<BLOCK>();
    let whole = BLOCK * blocks.iter().take_while(is_ascii).count();
    let behind = units.get(whole..).unwrap_or_default();
    let ascii = whole + behind.iter().take_while(|u| unit(**u) < 0x80).count();
    let (run, rest) = units.split_at_checked(ascii).unwrap_or((&[], units));
    text.extend(run.iter().map(|u| unit(*u).to_le_bytes()[0]));
    rest
}

/// Encodes a text.
pub(crate) fn encode(text: &str, encoding: Encoding, bom: bool) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Le => to_utf16(text, u16::to_le_bytes, bom),
        Encoding::Utf16Be => to_utf16(text, u16::to_be_bytes, bom),
        Encoding::Windows1252 => windows_1252::encode(text),
    }
}

/// Converts ASCII in runs, and other characters one by one.
fn to_utf16(text: &str, unit: impl Fn(u16) -> [u8; 2] + Copy, bom: bool) -> Vec<u8> {
    let mut units = Vec::with_capacity(text.len() + 1);
    units.extend(bom.then(|| unit(0xFEFF)));
    let mut rest = text;
    while !rest.is_empty() {
        let foreign = if rest.is_ascii() { None } else { first_of(rest.as_bytes(), |b| b >= 0x80) };
        let (run, after) = rest.split_at_checked(foreign.unwrap_or(rest.len())).unwrap_or((rest, ""));
        units.extend(run.bytes().map(|b| unit(b.into())));
        let mut characters = after.chars();
        if let Some(character) = characters.next() {
            units.extend(character.encode_utf16(&mut [0; 2]).iter().map(|u| unit(*u)));
        }
        rest = characters.as_str();
    }
    units.into_flattened()
}
