//! Finds .JOB files inside other data.

use super::{
    layout::{FixedData, RawTrigger, SIGNATURE_HEADER, SIGNATURE_SIZE, STRINGS, TRIGGER_MARK},
    recover::{Recovered, recover},
};
use crate::limits;
use memchr::memmem;
use std::ops::Range;

/// The certainty of a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Confidence {
    /// The header is plausible, but the parts after it are not.
    Low,
    /// The header and the strings are plausible; the rest is damaged or runs past the end of the slice.
    Medium,
    /// All parts are plausible, and the header's offsets agree with them.
    High,
}

crate::dtyp::macros::choice! {
    Confidence {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

/// A .JOB file found inside other data; see [`carve`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Carved<'a> {
    /// Its range in the slice.
    pub span: Range<usize>,
    /// Its bytes, up to its end or that of the slice.
    pub bytes: &'a [u8],
    /// The certainty of the find.
    pub confidence: Confidence,
}

impl Carved<'_> {
    /// Reads as much of it as possible.
    #[must_use]
    pub fn recover(&self) -> Recovered {
        recover(self.bytes)
    }
}

/// Finds .JOB files in unallocated space, a memory image or any other data.
///
/// The iterator is lazy, allocates nothing, and takes linear time for any input. It searches for headers as all known
/// writers make them: a Windows version, format version 1, and the application name at offset 70. After a find of
/// high confidence, the search continues at its end, so that its content is not reported twice.
///
/// ```
/// use wintask::job::{Confidence, Job, carve};
///
/// let file = Job::new(uuid::Uuid::nil(), "notepad.exe").to_bytes()?;
/// let mut disk = vec![0xAA; 1000];
/// disk.extend(&file);
/// disk.extend([0xAA; 1000]);
///
/// let found: Vec<_> = carve(&disk).collect();
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].span, 1000..1000 + file.len());
/// assert_eq!(found[0].confidence, Confidence::High);
/// assert_eq!(found[0].bytes, file);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn carve(bytes: &[u8]) -> Carve<'_> {
    Carve { bytes, at: 0, anchors: memmem::Finder::new(&ANCHOR) }
}

/// The finds in a slice; see [`carve`].
#[derive(Clone, Debug)]
pub struct Carve<'a> {
    bytes: &'a [u8],
    at: usize,
    anchors: memmem::Finder<'static>,
}

/// App Name Len Offset of every real file, and its offset.
const ANCHOR: [u8; 2] = [STRINGS as u8, 0];
const ANCHOR_AT: usize = 0x14;

impl<'a> Iterator for Carve<'a> {
    type Item = Carved<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let from = self.at.checked_add(ANCHOR_AT)?;
            let start = self.at + self.anchors.find(self.bytes.get(from..)?)?;
            self.at = start + 1;
            let rest = self.bytes.get(start..)?;
            if !plausible_header(rest) {
                continue;
            }
            let (size, confidence) = judge(rest);
            if confidence == Confidence::High {
                self.at = start + size;
            }
            let bytes = rest.get(..size).unwrap_or(rest);
            return Some(Carved { span: start..start + bytes.len(), bytes, confidence });
        }
    }
}

impl std::iter::FusedIterator for Carve<'_> {}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes).map(usize::from)
}

/// Whether there is a known version of Windows NT, format version 1, and one priority class.
fn plausible_header(bytes: &[u8]) -> bool {
    // Most candidates fail here.
    let Some([0..=3, 4 | 5 | 6 | 10, 1, 0]) = bytes.first_chunk().copied() else {
        return false;
    };
    let Some(header) = bytes.first_chunk().map(FixedData::from_bytes) else {
        return false;
    };
    matches!(header.priority.0, 0x20 | 0x40 | 0x80 | 0x100)
}

/// The size and certainty of a find at this offset, in a constant number of steps.
fn judge(bytes: &[u8]) -> (usize, Confidence) {
    let low = (FixedData::SIZE + 2, Confidence::Low);
    let mut rest = bytes.get(STRINGS..).unwrap_or_default();
    for _ in 0..5 {
        let Some((units, after)) = rest.split_first_chunk() else { return low };
        let size = 2 * usize::from(u16::from_le_bytes(*units));
        let Some((string, after)) = after.split_at_checked(size) else {
            // It ends after the slice.
            return (bytes.len(), Confidence::Low);
        };
        if !string.is_empty() && !string.ends_with(&[0, 0]) {
            return low;
        }
        rest = after;
    }
    let mut at = bytes.len() - rest.len();
    for _ in 0..2 {
        let Some(size) = word(bytes, at) else { return low };
        at += 2 + size;
    }
    let Some(count) = word(bytes, at) else {
        return (bytes.len().min(at), Confidence::Medium);
    };
    let agrees = word(bytes, 0x16) == Some(at);
    let first = at + 2;
    let end = first + count * RawTrigger::SIZE;
    if end > bytes.len() {
        // The slice ends within the file, or the count was overwritten.
        let whole = bytes.get(first..).map_or(0, |rest| rest.len() / RawTrigger::SIZE);
        let marked = marked(bytes, first, whole);
        let size = if marked == whole.min(limits::CARVE_TRIGGERS) {
            bytes.len()
        } else {
            first + marked * RawTrigger::SIZE
        };
        return (size, if agrees { Confidence::Medium } else { Confidence::Low });
    }
    let looked_at = count.min(limits::CARVE_TRIGGERS);
    let signed = bytes
        .get(end..)
        .is_some_and(|tail| tail.len() >= SIGNATURE_SIZE && tail.starts_with(&SIGNATURE_HEADER));
    let size = end + if signed { SIGNATURE_SIZE } else { 0 };
    match (agrees, marked(bytes, first, count) == looked_at) {
        (true, true) => (size, Confidence::High),
        (true, false) | (false, true) => (size, Confidence::Medium),
        (false, false) => low,
    }
}

/// The number of triggers at the start that begin with their own size, out of at most [`limits::CARVE_TRIGGERS`].
fn marked(bytes: &[u8], first: usize, count: usize) -> usize {
    let triggers = bytes.get(first..).unwrap_or_default().as_chunks::<{ RawTrigger::SIZE }>().0;
    let marked = |t: &&[u8; RawTrigger::SIZE]| t.starts_with(&TRIGGER_MARK);
    triggers.iter().take(count.min(limits::CARVE_TRIGGERS)).take_while(marked).count()
}
