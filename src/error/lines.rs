//! Lines and columns.

use memchr::{memchr, memchr_iter, memrchr2};

/// A position in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "a position has these three parts")]
pub struct Position {
    /// Offset in bytes.
    pub offset: usize,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in UTF-16 units, counted from 1.
    pub column: u32,
}

impl Position {
    /// The start of a text.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// Moves the position to an outer text in which the inner one starts at `start`.
    #[must_use]
    pub const fn rebased(self, start: Self) -> Self {
        let column = match self.line {
            1 => self.column.saturating_add(start.column).saturating_sub(1),
            _ => self.column,
        };
        Self {
            offset: self.offset.saturating_add(start.offset),
            line: self.line.saturating_add(start.line).saturating_sub(1),
            column,
        }
    }
}

impl Default for Position {
    fn default() -> Self {
        Self::START
    }
}

/// Finds the line and column of offsets in a text.
///
/// CRLF, LF and a lone CR each end a line; columns are counted in UTF-16 code units. The text is scanned once, up to
/// the largest requested offset, so lookups are cheap in any order.
///
/// ```
/// use wintask::error::{LineCounter, Position};
///
/// let mut lines = LineCounter::new("one\r\ntwo\rth𝒙ree");
/// assert_eq!(lines.position(0), Position::START);
/// assert_eq!(lines.position(6), Position { offset: 6, line: 2, column: 2 });
/// assert_eq!(lines.position(15), Position { offset: 15, line: 3, column: 5 });
/// ```
#[derive(Clone, Debug)]
pub struct LineCounter<'t> {
    text: &'t [u8],
    /// Positions at multiples of [`STEP`], up to the scanned offset.
    marks: Vec<Position>,
    last: Position,
}

/// The distance in bytes between stored positions: the maximum cost of a lookup, once the text was scanned.
const STEP: usize = 4096;

impl<'t> LineCounter<'t> {
    /// Creates a counter for a text.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), marks: Vec::new(), last: Position::START }
    }

    /// Returns the position at an offset; past the end of the text, the position of the end.
    pub fn position(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        while self.marks.len() * STEP <= offset {
            self.last =
                self.advanced(self.marks.last().copied().unwrap_or_default(), self.marks.len() * STEP);
            self.marks.push(self.last);
        }
        if offset < self.last.offset || self.last.offset / STEP != offset / STEP {
            self.last = self.marks.get(offset / STEP).copied().unwrap_or_default();
        }
        self.last = self.advanced(self.last, offset);
        self.last
    }

    /// The position at `offset`, counted from an earlier position.
    fn advanced(&self, from: Position, offset: usize) -> Position {
        let bytes = self.text.get(from.offset..offset).unwrap_or_default();
        let mut position = Position { offset, ..from };
        let lines = self.line_ends(from.offset, bytes);
        let mut line_start = 0;
        if lines > 0 {
            position.line = position.line.saturating_add(lines);
            position.column = 1;
            // A CR at the end may be the first half of a CRLF.
            let ended = if self.is_crlf(offset.saturating_sub(1)) { bytes.len() - 1 } else { bytes.len() };
            line_start =
                bytes.get(..ended).and_then(|bytes| memrchr2(b'\n', b'\r', bytes)).map_or(0, |at| at + 1);
        }
        let units = utf16_units(bytes.get(line_start..).unwrap_or_default());
        position.column = position.column.saturating_add(u32::try_from(units).unwrap_or(u32::MAX));
        position
    }

    /// The number of lines that end in these bytes, which start at `start`.
    fn line_ends(&self, start: usize, bytes: &[u8]) -> u32 {
        let mut ends = memchr_iter(b'\n', bytes).count();
        if memchr(b'\r', bytes).is_some() {
            ends += memchr_iter(b'\r', bytes).filter(|at| !self.is_crlf(start + at)).count();
        }
        u32::try_from(ends).unwrap_or(u32::MAX)
    }

    /// Whether CRLF is at an offset.
    fn is_crlf(&self, at: usize) -> bool {
        self.text.get(at..).is_some_and(|rest| rest.starts_with(b"\r\n"))
    }
}

/// The number of UTF-16 code units of the characters that start in these bytes.
fn utf16_units(bytes: &[u8]) -> usize {
    let continued = bytes.iter().filter(|byte| **byte & 0xC0 == 0x80).count();
    let supplementary = bytes.iter().filter(|byte| **byte >= 0xF0).count();
    bytes.len() - continued + supplementary
}
