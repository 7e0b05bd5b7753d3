//! Locations.

use super::Position;
use std::{borrow::Cow, fmt, ops::Range};

/// A location in an input.
///
/// Indices in paths are those of Rust lists: `Triggers[0]` is the first trigger. The exception is Group Policy files,
/// whose paths are XPaths: `Triggers/Trigger[1]` is the first. Lines and columns count from 1, offsets from 0.
///
/// ```
/// use wintask::error::{Place, Position};
///
/// let place = Place::bytes(0x46..0x48, "Application Name");
/// assert_eq!(place.to_string(), "byte 0x46, Application Name");
/// assert_eq!(place.offset(), Some(70));
///
/// let place = Place::text(Position { offset: 20, line: 2, column: 5 }, "Task/Triggers");
/// assert_eq!(place.to_string(), "2:5, Task/Triggers");
///
/// let place = Place::value("triggers[0].start");
/// assert_eq!((place.to_string().as_str(), place.offset()), ("triggers[0].start", None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// A range of a binary input.
    Bytes {
        /// Offset of the first affected byte, from the start of the input.
        start: usize,
        /// Offset after the last affected byte; equal to `start` if there is no such byte.
        end: usize,
        /// The field's name in the specification, with an index if it repeats (`Triggers[2].Begin Day`).
        path: Cow<'static, str>,
    },
    /// A position in a text.
    Text {
        /// Offset of the first affected byte, from the start of the input.
        offset: usize,
        /// Line, counted from 1.
        line: u32,
        /// Column in UTF-16 units, counted from 1.
        column: u32,
        /// An element path (`Task/Triggers/TimeTrigger`) or the name of a term.
        path: Cow<'static, str>,
    },
    /// A part of a value that was not read from an input.
    Value {
        /// The part (`triggers[0].start`).
        path: Cow<'static, str>,
    },
}

impl Place {
    /// Creates the location of the field `path`.
    pub fn bytes(span: Range<usize>, path: impl Into<Cow<'static, str>>) -> Self {
        Self::Bytes { start: span.start, end: span.end, path: path.into() }
    }

    /// Creates a position in a text.
    pub fn text(at: Position, path: impl Into<Cow<'static, str>>) -> Self {
        Self::Text { offset: at.offset, line: at.line, column: at.column, path: path.into() }
    }

    /// Creates the location of a part of a value that was not read from an input.
    pub fn value(path: impl Into<Cow<'static, str>>) -> Self {
        Self::Value { path: path.into() }
    }

    /// Offset of the first affected byte, from the start of the input; `None` for a value.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        match self {
            Self::Bytes { start, .. } => Some(*start),
            Self::Text { offset, .. } => Some(*offset),
            Self::Value { .. } => None,
        }
    }

    /// The affected bytes; empty in a text, `None` for a value.
    #[must_use]
    pub const fn span(&self) -> Option<Range<usize>> {
        match self {
            Self::Bytes { start, end, .. } => Some(*start..*end),
            Self::Text { offset, .. } => Some(*offset..*offset),
            Self::Value { .. } => None,
        }
    }

    /// Line and column, counted from 1; `None` outside a text.
    #[must_use]
    pub const fn line_and_column(&self) -> Option<(u32, u32)> {
        match self {
            Self::Text { line, column, .. } => Some((*line, *column)),
            Self::Bytes { .. } | Self::Value { .. } => None,
        }
    }

    /// The field's name, the element's path or the part of the value.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Bytes { path, .. } | Self::Text { path, .. } | Self::Value { path } => path,
        }
    }

    /// Moves the location to an outer input in which the inner one starts at `start`.
    ///
    /// ```
    /// use wintask::error::{Place, Position};
    ///
    /// let start = Position { offset: 100, line: 5, column: 9 };
    /// let first_line = Position { offset: 3, line: 1, column: 4 };
    /// assert_eq!(Place::text(first_line, "").rebased(start).to_string(), "5:12");
    /// let second_line = Position { offset: 30, line: 2, column: 4 };
    /// assert_eq!(Place::text(second_line, "").rebased(start).to_string(), "6:4");
    /// ```
    #[must_use]
    pub fn rebased(self, start: Position) -> Self {
        match self {
            Self::Bytes { start: first, end, path } => {
                let by = start.offset;
                Self::Bytes { start: first.saturating_add(by), end: end.saturating_add(by), path }
            }
            Self::Text { offset, line, column, path } => {
                Self::text(Position { offset, line, column }.rebased(start), path)
            }
            value @ Self::Value { .. } => value,
        }
    }

    /// Adds to the offset.
    pub(crate) fn with_offset(mut self, by: usize) -> Self {
        match &mut self {
            Self::Bytes { start, .. } => *start = by,
            Self::Text { offset, .. } => *offset = by,
            Self::Value { .. } => {}
        }
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes { start, path, .. } if path.is_empty() => write!(f, "byte {start:#x}"),
            Self::Bytes { start, path, .. } => write!(f, "byte {start:#x}, {path}"),
            Self::Text { line, column, path, .. } if path.is_empty() => write!(f, "{line}:{column}"),
            Self::Text { line, column, path, .. } => write!(f, "{line}:{column}, {path}"),
            Self::Value { path } if path.is_empty() => f.write_str("value"),
            Self::Value { path } => f.write_str(path),
        }
    }
}

/// The same form for all three variants: `offset`, `end`, `line`, `column` and `path`, without those that do not
/// apply.
#[cfg(feature = "serde")]
impl serde::Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        if let Some(offset) = self.offset() {
            map.serialize_entry("offset", &offset)?;
        }
        if let Self::Bytes { end, .. } = self {
            map.serialize_entry("end", end)?;
        }
        if let Some((line, column)) = self.line_and_column() {
            map.serialize_entry("line", &line)?;
            map.serialize_entry("column", &column)?;
        }
        if !self.path().is_empty() {
            map.serialize_entry("path", self.path())?;
        }
        map.end()
    }
}
