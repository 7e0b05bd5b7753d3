//! The values in an event.

use crate::{
    dtyp::{FileTime, guid},
    time::{BoundaryParts, Ticks},
};
use std::fmt;
use uuid::Uuid;

/// A typed field value. The type decides how it is compared with a constant in a query ([MS-EVEN6] 2.2.15.2).
///
/// ```
/// use wintask::eventlog::Value;
///
/// assert_eq!(Value::Hex(0x8010).to_string(), "0x8010");
/// assert_eq!(Value::from("alice"), Value::Text("alice".into()));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Value {
    /// Text.
    Text(String),
    /// An unsigned integer, written in decimal.
    Unsigned(u64),
    /// An unsigned integer, written in hexadecimal.
    Hex(u64),
    /// A signed integer.
    Signed(i64),
    /// A floating-point number.
    Double(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A GUID, written in braces.
    Guid(Uuid),
    /// A security identifier: `S-1-…`.
    Sid(String),
    /// An instant, written with seven fractional digits.
    Time(FileTime),
    /// Bytes, written in hexadecimal.
    Binary(Vec<u8>),
}

/// The type of a node's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Text from XML, whose type is not stated.
    Unknown,
    Text,
    Number,
    Boolean,
    Guid,
    Sid,
    Time,
    Binary,
}

impl Value {
    pub(super) fn ty(&self) -> Type {
        match self {
            Self::Text(_) => Type::Text,
            Self::Unsigned(_) | Self::Hex(_) | Self::Signed(_) | Self::Double(_) => Type::Number,
            Self::Boolean(_) => Type::Boolean,
            Self::Guid(_) => Type::Guid,
            Self::Sid(_) => Type::Sid,
            Self::Time(_) => Type::Time,
            Self::Binary(_) => Type::Binary,
        }
    }
}

impl fmt::Display for Value {
    /// The value as in event XML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Sid(text) => f.write_str(text),
            Self::Unsigned(n) => write!(f, "{n}"),
            Self::Hex(n) => write!(f, "{n:#x}"),
            Self::Signed(n) => write!(f, "{n}"),
            Self::Double(n) => write!(f, "{n}"),
            Self::Boolean(b) => write!(f, "{b}"),
            Self::Guid(id) => f.write_str(&guid::braced(*id)),
            Self::Time(time) => write!(f, "{time}"),
            Self::Binary(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02X}")),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Parses a time with a zone, as events write it.
pub(super) fn time(text: &str) -> Option<Ticks> {
    BoundaryParts::parse(text)?.instant().map(Ticks::from_instant)
}
