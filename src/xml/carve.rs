//! Finds task definitions inside other data.

use super::{
    options::Options,
    read::{Recovered, recover},
};
use crate::limits;
use memchr::memmem;
use std::ops::Range;

/// The certainty of a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Confidence {
    /// A start tag of a task, without the namespace of task definitions and without an end.
    Low,
    /// The namespace or the end is missing.
    Medium,
    /// A start tag of a task in the namespace of task definitions, and its end tag.
    High,
}

crate::dtyp::macros::choice! {
    Confidence {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

/// A task definition found inside other data; see [`carve`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Carved<'a> {
    /// Its range in the slice.
    pub span: Range<usize>,
    /// Its bytes, up to its end tag or to where it breaks off.
    pub bytes: &'a [u8],
    /// The certainty of the find.
    pub confidence: Confidence,
}

impl Carved<'_> {
    /// Reads as much of it as possible. The locations of findings refer to the slice.
    #[must_use]
    pub fn recover(&self, options: &Options) -> Recovered {
        let Recovered { task, findings } = recover(self.bytes, options);
        let findings = findings.map(|finding| finding.map_offsets(|offset| self.span.start + offset));
        Recovered { task, findings }
    }
}

/// Finds task definitions in unallocated space, a memory image or any other data, in UTF-8, and in UTF-16LE at any
/// alignment.
///
/// The iterator is lazy, allocates nothing, and takes linear time for any input. A definition ends at its end tag.
/// Without one, it ends where the next definition begins or the text stops, and at most after
/// [`limits::CARVE_XML_BYTES`]. An XML declaration immediately before a definition belongs to it.
///
/// ```
/// use wintask::xml::{Confidence, carve};
///
/// let file = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
///             <Actions><Exec><Command>notepad.exe</Command></Exec></Actions></Task>";
/// let utf16: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
/// // At an odd offset, as is possible in memory.
/// let image = [&[0xAA; 1001], utf16.as_slice(), &[0xAA; 1000]].concat();
///
/// let found: Vec<_> = carve(&image).collect();
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].span, 1001..1001 + utf16.len());
/// assert_eq!(found[0].confidence, Confidence::High);
/// let task = found[0].recover(&Default::default()).task.ok_or("no task")?;
/// assert_eq!(task.actions.list.len(), 1);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn carve(bytes: &[u8]) -> Carve<'_> {
    Carve {
        bytes,
        at: 0,
        end: 0,
        finders: Unit::ALL.map(|unit| memmem::Finder::new(unit.start())),
        next: [None; 2],
    }
}

/// The finds in a slice; see [`carve`].
#[derive(Clone, Debug)]
pub struct Carve<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The end of the last find.
    end: usize,
    finders: [memmem::Finder<'static>; 2],
    /// The next start in each encoding, if known; the end of the slice if there is none.
    next: [Option<usize>; 2],
}

impl<'a> Iterator for Carve<'a> {
    type Item = Carved<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (start, unit) = self.next_start()?;
            self.at = start + unit.start().len();
            let rest = self.bytes.get(start..)?;
            let Some(tag) = unit.start_tag(rest) else { continue };
            let limit = self.next_of(unit).saturating_sub(start);
            let (size, ended) = unit.extent(rest.get(..limit).unwrap_or(rest), tag);
            let named = memmem::find(rest.get(..tag)?, unit.namespace()).is_some();
            let confidence = match (named, ended) {
                (true, true) => Confidence::High,
                (false, false) => Confidence::Low,
                _ => Confidence::Medium,
            };
            self.at = start + size;
            // A truncated definition ends before the declaration of the next one.
            let next =
                if ended { 0 } else { unit.declaration_before(rest.get(tag..size).unwrap_or_default()) };
            let size = size - next;
            let begin = start - unit.declaration_before(self.bytes.get(self.end..start)?);
            self.end = start + size;
            let span = begin..start + size;
            return Some(Carved { bytes: self.bytes.get(span.clone())?, span, confidence });
        }
    }
}

impl std::iter::FusedIterator for Carve<'_> {}

impl Carve<'_> {
    /// The next offset where a task may start, and its encoding.
    fn next_start(&mut self) -> Option<(usize, Unit)> {
        let starts = Unit::ALL.map(|unit| (self.next_of(unit), unit));
        starts.into_iter().min_by_key(|(start, _)| *start).filter(|(start, _)| *start < self.bytes.len())
    }

    /// The next offset where a task may start in one encoding; the end of the slice if there is none.
    fn next_of(&mut self, unit: Unit) -> usize {
        let Some((next, finder)) = self.next.get_mut(unit as usize).zip(self.finders.get(unit as usize))
        else {
            return self.bytes.len();
        };
        let known = next.filter(|next| *next >= self.at);
        let start = known.unwrap_or_else(|| {
            let found = self.bytes.get(self.at..).and_then(|rest| finder.find(rest));
            found.map_or(self.bytes.len(), |found| self.at + found)
        });
        *next = Some(start);
        start
    }
}

/// The encoding of characters.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Utf8 = 0,
    Utf16Le = 1,
}

/// ASCII as UTF-16LE.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks the bounds")]
const fn wide<const N: usize, const M: usize>(text: &[u8; N]) -> [u8; M] {
    let mut wide = [0; M];
    let mut at = 0;
    while at < N {
        wide[2 * at] = text[at];
        at += 1;
    }
    wide
}

const START: &[u8; 5] = b"<Task";
const END: &[u8; 6] = b"</Task";
const NAMESPACE: &[u8; 25] = b"/windows/2004/02/mit/task";
const DECLARATION: &[u8; 5] = b"<?xml";
static WIDE_START: [u8; 10] = wide(START);
static WIDE_END: [u8; 12] = wide(END);
static WIDE_NAMESPACE: [u8; 50] = wide(NAMESPACE);
static WIDE_DECLARATION: [u8; 10] = wide(DECLARATION);

impl Unit {
    const ALL: [Self; 2] = [Self::Utf8, Self::Utf16Le];

    fn start(self) -> &'static [u8] {
        match self {
            Self::Utf8 => START,
            Self::Utf16Le => &WIDE_START,
        }
    }

    fn end(self) -> &'static [u8] {
        match self {
            Self::Utf8 => END,
            Self::Utf16Le => &WIDE_END,
        }
    }

    fn namespace(self) -> &'static [u8] {
        match self {
            Self::Utf8 => NAMESPACE,
            Self::Utf16Le => &WIDE_NAMESPACE,
        }
    }

    fn declaration(self) -> &'static [u8] {
        match self {
            Self::Utf8 => DECLARATION,
            Self::Utf16Le => &WIDE_DECLARATION,
        }
    }

    fn size(self) -> usize {
        match self {
            Self::Utf8 => 1,
            Self::Utf16Le => 2,
        }
    }

    /// The character at an offset, if it is ASCII.
    fn ascii(self, bytes: &[u8], at: usize) -> Option<u8> {
        match (self, bytes.get(at..)?) {
            (Self::Utf8, [byte, ..]) | (Self::Utf16Le, [byte, 0, ..]) => Some(*byte),
            _ => None,
        }
    }

    /// The length of a task's start tag at the start of these bytes; `None` for another element such as `<Tasks>`.
    fn start_tag(self, bytes: &[u8]) -> Option<usize> {
        const LONGEST: usize = 1024;
        let name = self.start().len();
        if !matches!(self.ascii(bytes, name)?, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/') {
            return None;
        }
        let most = bytes.len().min(LONGEST * self.size());
        for at in (name..most).step_by(self.size()) {
            match self.ascii(bytes, at) {
                Some(b'>') => return Some(at + self.size()),
                Some(b'<') | None => return Some(at),
                _ => {}
            }
        }
        Some(most)
    }

    /// The length of a task with a start tag of `tag` bytes, and whether its end tag is present. The bytes end where
    /// the next task begins.
    fn extent(self, bytes: &[u8], tag: usize) -> (usize, bool) {
        let most = self.text_size(bytes);
        let text = bytes.get(..most).unwrap_or(bytes);
        if text.get(..tag).is_some_and(|tag| self.is_empty_tag(tag)) {
            return (tag, true);
        }
        let inside = text.get(tag..).unwrap_or_default();
        let end = memmem::find(inside, self.end());
        match end.map(|end| end + self.end().len()) {
            Some(end) => {
                let rest = inside.get(end..).unwrap_or_default();
                let blank = |unit| matches!(unit, Some(b' ' | b'\t' | b'\r' | b'\n'));
                let blanks = (0..rest.len())
                    .step_by(self.size())
                    .take_while(|at| blank(self.ascii(rest, *at)))
                    .count();
                let close = blanks * self.size();
                match self.ascii(rest, close) {
                    Some(b'>') => (tag + end + close + self.size(), true),
                    _ => (tag + end, true),
                }
            }
            None => (tag + inside.len(), false),
        }
    }

    fn is_empty_tag(self, tag: &[u8]) -> bool {
        let slash = tag.len().checked_sub(2 * self.size()).and_then(|at| self.ascii(tag, at));
        slash == Some(b'/')
    }

    /// The length of the text, up to a run of NULs or the maximum size.
    fn text_size(self, bytes: &[u8]) -> usize {
        const NOTHING: [u8; 8] = [0; 8];
        let most = bytes.len().min(limits::CARVE_XML_BYTES);
        let text = bytes.get(..most).unwrap_or(bytes);
        memmem::find(text, &NOTHING).map_or(most, |end| end.next_multiple_of(self.size()).min(most))
    }

    /// The length of the XML declaration immediately before a task, including a byte order mark.
    fn declaration_before(self, before: &[u8]) -> usize {
        const LONGEST: usize = 256;
        let from = before.len().saturating_sub(LONGEST * self.size());
        let near = before.get(from..).unwrap_or_default();
        let blanks = (1..=near.len() / self.size())
            .take_while(|units| {
                let unit = self.ascii(near, near.len() - units * self.size());
                matches!(unit, Some(b' ' | b'\t' | b'\r' | b'\n'))
            })
            .count();
        let declared = near.get(..near.len() - blanks * self.size()).unwrap_or_default();
        let close = [b'?', b'>'].iter().rev().enumerate().all(|(index, byte)| {
            let at = declared.len().checked_sub((index + 1) * self.size());
            at.and_then(|at| self.ascii(declared, at)) == Some(*byte)
        });
        let start = memmem::rfind(declared, self.declaration()).filter(|_| close);
        let Some(start) = start else { return 0 };
        let mark: &[u8] = match self {
            Self::Utf8 => &[0xEF, 0xBB, 0xBF],
            Self::Utf16Le => &[0xFF, 0xFE],
        };
        let marked = near.get(..start).is_some_and(|before| before.ends_with(mark));
        near.len() - start + if marked { mark.len() } else { 0 }
    }
}
