//! Decodes damaged bytes: everything undecodable and every illegal character becomes U+FFFD, and its position is
//! recorded.

use super::{
    character::is_xml_char,
    encoding::{Encoding, ascii_run, from_utf16, sniffed, utf16_units},
    first_illegal,
    instruction::unsupported,
    windows_1252,
};
use crate::limits;
use memchr::memmem;
use std::{borrow::Cow, fmt};

/// A damaged document as text.
pub(crate) struct Salvaged<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: Encoding,
    bytes: &'a [u8],
    bom: usize,
    /// The runs that became U+FFFD in the text, in order, up to the limit of findings.
    pub(crate) bad: Vec<Bad>,
    /// The number of further runs.
    pub(crate) omitted: usize,
    /// Characters of UTF-16 that came from a single byte.
    odd: Vec<usize>,
    /// Whether the bytes of UTF-16 had to be paired differently.
    shifted: bool,
}

/// A run of characters that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    /// The start and end of the run in the text.
    pub(crate) at: usize,
    pub(crate) end: usize,
    /// Whether these are undecodable bytes or code units, rather than illegal characters.
    pub(crate) undecodable: bool,
    /// The items of the run, each with its number of repetitions.
    items: Vec<(u32, usize)>,
    more: usize,
}

impl fmt::Display for Bad {
    /// The characters (`U+0001`) or the bytes and units (`E9`); repeated ones are shown once with their number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (item, times)) in self.items.iter().enumerate() {
            let blank = if index == 0 { "" } else { " " };
            match (self.undecodable, *item > 0xFF) {
                (false, _) => write!(f, "{blank}U+{item:04X}")?,
                (true, false) => write!(f, "{blank}{item:02X}")?,
                (true, true) => write!(f, "{blank}{item:04X}")?,
            }
            if *times > 1 {
                write!(f, " ({times} times)")?;
            }
        }
        if self.more > 0 { write!(f, " and {} more", self.more) } else { Ok(()) }
    }
}

impl<'a> Salvaged<'a> {
    /// Converts a string, which is always decodable.
    pub(crate) fn from_str(text: &'a str) -> Self {
        let mut salvaged = Self::empty(text.as_bytes(), Encoding::Utf8, 0);
        salvaged.utf8(text.as_bytes());
        salvaged
    }

    /// Decodes according to the byte order mark or the encoding of the first `<`. If the text then contains no task,
    /// uses the encoding of `<Task`. A text that is not UTF-8 but declared as windows-1252 is decoded as such.
    pub(crate) fn decode(bytes: &'a [u8]) -> Self {
        let (encoding, bom, odd) = encoding(bytes);
        Self::decode_as(bytes, encoding, bom, odd, true)
    }

    /// Whether the bytes were decoded differently from a strict reader: in another encoding, or as UTF-16 with a
    /// missing or superfluous byte.
    pub(crate) fn is_guessed(&self) -> bool {
        self.shifted || (self.encoding, self.bom) != sniffed(self.bytes)
    }

    /// The declared encoding, if a strict reader does not accept it.
    pub(crate) fn guessed_as_declared(&self) -> Option<&str> {
        unsupported(&self.text).filter(|_| self.encoding == Encoding::Windows1252)
    }

    /// The same bytes, decoded as by a strict reader.
    pub(crate) fn unguessed(&self) -> Self {
        let (encoding, bom) = sniffed(self.bytes);
        Self::decode_as(self.bytes, encoding, bom, false, false)
    }

    fn decode_as(bytes: &'a [u8], encoding: Encoding, bom: usize, odd: bool, shifts: bool) -> Self {
        let mut salvaged = Self::empty(bytes, encoding, bom);
        let content = bytes.get(bom..).unwrap_or_default();
        match encoding {
            Encoding::Utf8 => salvaged.utf8(content),
            Encoding::Utf16Le => salvaged.utf16(content, u16::from_le_bytes, odd, shifts),
            Encoding::Utf16Be => salvaged.utf16(content, u16::from_be_bytes, odd, shifts),
            Encoding::Windows1252 => salvaged.windows_1252(content),
        }
        salvaged
    }

    fn empty(bytes: &'a [u8], encoding: Encoding, bom: usize) -> Self {
        Self {
            text: "".into(),
            encoding,
            bytes,
            bom,
            bad: Vec::new(),
            omitted: 0,
            odd: Vec::new(),
            shifted: false,
        }
    }

    fn utf8(&mut self, content: &'a [u8]) {
        if let Ok(text) = str::from_utf8(content)
            && first_illegal(text).is_none()
        {
            self.text = text.into();
            return;
        }
        let mut text = String::with_capacity(content.len() + content.len() / 8);
        for chunk in content.utf8_chunks() {
            let mut rest = chunk.valid();
            while let Some(at) = first_illegal(rest) {
                let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
                text += before;
                let mut chars = behind.chars();
                self.replace(&mut text, chars.next().map_or(0, u32::from), false);
                rest = chars.as_str();
            }
            text += rest;
            if let [first, more @ ..] = chunk.invalid() {
                self.replace(&mut text, (*first).into(), true);
                more.iter().for_each(|byte| self.mention((*byte).into()));
            }
        }
        self.text = text.into();
    }

    fn windows_1252(&mut self, content: &[u8]) {
        let mut text = String::with_capacity(content.len() + content.len() / 8);
        for c in content.iter().map(|byte| windows_1252::character(*byte)) {
            if is_xml_char(c) { text.push(c) } else { self.replace(&mut text, c.into(), false) }
        }
        self.text = text.into();
    }

    fn utf16(&mut self, content: &[u8], unit: impl Fn([u8; 2]) -> u16 + Copy, odd: bool, shifts: bool) {
        if !odd && let Some(text) = sound(content, unit) {
            self.text = text;
            return;
        }
        let mut text = String::with_capacity(content.len() / 2 + content.len() / 16);
        let (mut shift, mut ascii) = (Shift::default(), Vec::new());
        let mut rest = content;
        if let ([first, behind @ ..], true) = (rest, odd) {
            self.odd.push(0);
            self.replace(&mut text, (*first).into(), true);
            rest = behind;
        }
        loop {
            let (units, _) = rest.as_chunks::<2>();
            if units.is_empty() {
                break;
            }
            ascii.clear();
            let behind = ascii_run(units, unit, &mut ascii);
            let run = str::from_utf8(&ascii).unwrap_or_default();
            if first_illegal(run).is_none() {
                text += run;
            } else {
                for c in run.chars() {
                    if is_xml_char(c) { text.push(c) } else { self.replace(&mut text, c.into(), false) }
                }
            }
            if behind.len() < units.len() {
                shift.reset();
            }
            rest = rest.get((units.len() - behind.len()) * 2..).unwrap_or_default();
            let (units, _) = rest.as_chunks::<2>();
            let Some((first, more)) = units.split_first() else { break };
            let value = unit(*first);
            if shifts && shift.sees(value, text.len(), rest.len()) {
                let begin = content.len().saturating_sub(shift.rest);
                text.truncate(shift.text);
                let byte = |at: usize| content.get(at).copied();
                // The byte before the run may be the first half of its first character; the byte before that is
                // single.
                let half =
                    begin.checked_sub(2).zip(begin.checked_sub(1).and_then(byte)).filter(|(_, half)| {
                        let ascii = (*half != 0) == (self.encoding == Encoding::Utf16Le);
                        ascii && text.chars().next_back().is_some_and(|c| c.len_utf16() == 1)
                    });
                let single = half.map_or(begin, |(single, _)| single);
                if half.is_some() {
                    text.pop();
                }
                self.forget(text.len());
                self.shifted = true;
                let lost = byte(single).unwrap_or_default();
                let from = single + 1;
                self.odd.push(text.len());
                self.replace(&mut text, lost.into(), true);
                rest = content.get(from..).unwrap_or_default();
                shift = Shift::default();
                continue;
            }
            let size =
                match char::decode_utf16([value].into_iter().chain(more.first().map(|u| unit(*u)))).next() {
                    Some(Ok(c)) if is_xml_char(c) => {
                        text.push(c);
                        c.len_utf16()
                    }
                    Some(Ok(c)) => {
                        self.replace(&mut text, c.into(), false);
                        c.len_utf16()
                    }
                    _ => {
                        self.replace(&mut text, value.into(), true);
                        1
                    }
                };
            rest = rest.get(size * 2..).unwrap_or_default();
        }
        if let Some(byte) = rest.first() {
            self.odd.push(text.len());
            self.replace(&mut text, (*byte).into(), true);
        }
        self.text = text.into();
    }

    /// Appends U+FFFD for a character, or for the first of several bytes.
    fn replace(&mut self, text: &mut String, item: u32, undecodable: bool) {
        let at = text.len();
        text.push(char::REPLACEMENT_CHARACTER);
        let continues = |bad: &&mut Bad| bad.end == at && bad.undecodable == undecodable;
        if let Some(bad) = self.bad.last_mut().filter(continues) {
            bad.end = text.len();
        } else if self.bad.len() < limits::MAX_FINDINGS {
            self.bad.push(Bad { at, end: text.len(), undecodable, items: Vec::new(), more: 0 });
        } else {
            self.omitted += 1;
        }
        self.mention(item);
    }

    /// Adds an item to the last run.
    fn mention(&mut self, item: u32) {
        const ITEMS: usize = 64;
        let Some(bad) = self.bad.last_mut().filter(|_| self.omitted == 0) else { return };
        let kept = bad.items.len();
        match bad.items.last_mut() {
            Some((last, times)) if *last == item && bad.more == 0 => *times += 1,
            _ if kept == ITEMS => bad.more += 1,
            _ => bad.items.push((item, 1)),
        }
    }

    /// Removes the replacements after an offset in the text.
    fn forget(&mut self, from: usize) {
        self.bad.retain(|bad| bad.end <= from);
        self.odd.retain(|at| *at < from);
    }

    /// Converts ascending offsets in the text to offsets in the bytes.
    pub(crate) fn byte_offsets(&self, ascending: &[usize]) -> Vec<usize> {
        match (self.encoding, &self.text) {
            (Encoding::Utf8, Cow::Borrowed(_)) => ascending.iter().map(|at| at + self.bom).collect(),
            (Encoding::Utf8, _) => self.utf8_offsets(ascending),
            (Encoding::Windows1252, _) => self.character_offsets(ascending),
            _ => self.utf16_offsets(ascending),
        }
    }

    /// Each character is a byte.
    fn character_offsets(&self, ascending: &[usize]) -> Vec<usize> {
        let (mut last, mut bytes) = (0, self.bom);
        let offset = |at: &usize| {
            bytes += self.text.get(last..*at).map_or(0, |between| between.chars().count());
            last = last.max(*at);
            bytes.min(self.bytes.len())
        };
        ascending.iter().map(offset).collect()
    }

    fn utf16_offsets(&self, ascending: &[usize]) -> Vec<usize> {
        let (mut last, mut units) = (0, 0);
        let mut odd = self.odd.iter().peekable();
        let mut single = 0;
        let mut offset = |at: &usize| {
            units += utf16_units(self.text.as_bytes().get(last..*at).unwrap_or_default());
            last = last.max(*at);
            while odd.next_if(|odd| *odd < at).is_some() {
                single += 1;
            }
            (self.bom + 2 * units - single).min(self.bytes.len())
        };
        ascending.iter().map(&mut offset).collect()
    }

    /// Repeats the steps of decoding, since replaced bytes have another length in the text.
    fn utf8_offsets(&self, ascending: &[usize]) -> Vec<usize> {
        const REPLACED: usize = char::REPLACEMENT_CHARACTER.len_utf8();
        let content = self.bytes.get(self.bom..).unwrap_or_default();
        let mut wanted = ascending.iter().copied().peekable();
        let mut out = Vec::with_capacity(ascending.len());
        let (mut text, mut bytes) = (0, self.bom);
        let mut pass = |in_text: usize, in_bytes: usize, proportional: bool| {
            while let Some(at) = wanted.next_if(|at| *at < text + in_text) {
                out.push(bytes + if proportional { at - text } else { 0 });
            }
            text += in_text;
            bytes += in_bytes;
        };
        for chunk in content.utf8_chunks() {
            let mut rest = chunk.valid();
            while let Some(at) = first_illegal(rest) {
                pass(at, at, true);
                let mut chars = rest.get(at..).unwrap_or_default().chars();
                let size = chars.next().map_or(0, char::len_utf8);
                pass(REPLACED, size, false);
                rest = chars.as_str();
            }
            pass(rest.len(), rest.len(), true);
            if !chunk.invalid().is_empty() {
                pass(REPLACED, chunk.invalid().len(), false);
            }
        }
        out.resize(ascending.len(), self.bytes.len());
        out
    }
}

/// The text, if nothing in it has to be replaced and no bytes of it can be paired wrongly.
fn sound(content: &[u8], unit: impl Fn([u8; 2]) -> u16 + Copy) -> Option<Cow<'static, str>> {
    let (text, undecodable) = from_utf16(content, unit);
    // What `<` and `>` are in bytes that are paired wrongly.
    let is_sound = undecodable.is_none()
        && first_illegal(&text).is_none()
        && (text.len() * 2 == content.len() || !text.contains(['\u{3C00}', '\u{3E00}']));
    is_sound.then_some(text)
}

/// The encoding of damaged bytes, how long the byte order mark is, and whether an odd byte comes first.
fn encoding(bytes: &[u8]) -> (Encoding, usize, bool) {
    let (encoding, bom) = sniffed(bytes);
    if (encoding, bom) == (Encoding::Utf8, 0) && windows_1252::is_declared(bytes) {
        return (Encoding::Windows1252, 0, false);
    }
    let find = |encoding: Encoding| {
        let pattern: &[u8] = match encoding {
            Encoding::Utf8 => b"<Task",
            Encoding::Utf16Le => b"<\0T\0a\0s\0k\0",
            Encoding::Utf16Be => b"\0<\0T\0a\0s\0k",
            Encoding::Windows1252 => b"<Task",
        };
        memmem::find(bytes, pattern)
    };
    if find(encoding).is_some() {
        return (encoding, bom, false);
    }
    let others = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be].into_iter();
    let found = others.filter(|other| *other != encoding).find_map(|other| Some((other, find(other)?)));
    match found {
        Some((Encoding::Utf8, _)) => (Encoding::Utf8, 0, false),
        Some((other, at)) => (other, 0, at % 2 == 1),
        None => (encoding, bom, false),
    }
}

/// Detects UTF-16 whose bytes are paired wrongly. ASCII then looks like units whose low byte is zero; a run of these
/// with markup in it is not text in any language.
#[derive(Default)]
struct Shift {
    units: usize,
    markup: bool,
    /// The start of the run: the length of the text, and the number of remaining bytes.
    text: usize,
    rest: usize,
}

impl Shift {
    const UNITS: usize = 4;

    fn reset(&mut self) {
        *self = Self::default();
    }

    /// Examines a unit; returns whether the pairing is known to be wrong.
    fn sees(&mut self, unit: u16, text: usize, rest: usize) -> bool {
        let [low, high] = unit.to_le_bytes();
        if low != 0 || high == 0 {
            self.reset();
            return false;
        }
        if self.units == 0 {
            (self.text, self.rest) = (text, rest);
        }
        self.units += 1;
        self.markup |= matches!(high, b'<' | b'>');
        self.units >= Self::UNITS && self.markup
    }
}
