//! Windows-1252, which `ISO-8859-1` in a declaration also means in practice.
//!
//! Each byte is a character. The five unassigned bytes are the control characters of the same number.

use super::instruction::{DECLARATION, declared};

/// The characters of the bytes 0x80 to 0x9F; the others are those of Unicode.
const HIGH: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2C6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}', '\u{2122}', '\u{161}',
    '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// The names of the encoding in declarations.
const NAMES: [&str; 4] = ["windows-1252", "cp1252", "ISO-8859-1", "latin1"];

/// Whether the declaration names the encoding, and the bytes are not UTF-8.
pub(super) fn is_declared(bytes: &[u8]) -> bool {
    let ascii = bytes.get(..bytes.len().min(DECLARATION)).unwrap_or_default();
    let head = String::from_utf8_lossy(ascii);
    let named =
        declared(&head).is_some_and(|name| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)));
    named && str::from_utf8(bytes).is_err()
}

/// The character of a byte.
pub(super) fn character(byte: u8) -> char {
    let high = byte.checked_sub(0x80).and_then(|at| HIGH.get(usize::from(at)));
    high.copied().unwrap_or(char::from(byte))
}

/// Encodes a text; other characters become references.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(format!("&#{};", u32::from(c)).as_bytes()),
        }
    }
    bytes
}

fn byte(c: char) -> Option<u8> {
    let same = u8::try_from(u32::from(c)).ok().filter(|byte| character(*byte) == c);
    same.or_else(|| u8::try_from(HIGH.iter().position(|high| *high == c)? + 0x80).ok())
}
