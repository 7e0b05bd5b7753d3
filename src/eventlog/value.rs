//! The values in an event.

use crate::{
    dtyp::{FileTime, guid},
    time::{
        BoundaryParts, Ticks,
        calendar::{self, Civil},
        ticks::{DAY, SECOND},
    },
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
    usual_time(text).or_else(|| BoundaryParts::parse(text)?.instant().map(Ticks::from_instant))
}

/// A time as Windows writes it: `2024-01-03T01:59:59.1234567Z`. `None` for any other form, and for what is not a time.
fn usual_time(text: &str) -> Option<Ticks> {
    let (whole, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2] = *whole
    else {
        return None;
    };
    let fraction = match rest {
        [b'Z'] => [].as_slice(),
        [b'.', digits @ .., b'Z'] if digits.len() == 7 => digits,
        _ => return None,
    };
    let digit = |byte: u8| Some(byte.wrapping_sub(b'0')).filter(|digit| *digit < 10);
    let two = |a: u8, b: u8| Some(digit(a)? * 10 + digit(b)?);
    let year = i32::from(two(y1, y2)?) * 100 + i32::from(two(y3, y4)?);
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let is_date =
        year >= 1601 && (1..=12).contains(&month) && (1..=calendar::month_length(year, month)).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let ticks = fraction.iter().try_fold(0, |ticks, byte| Some(ticks * 10 + i64::from(digit(*byte)?)))?;
    let days = i64::from(calendar::day_number(Civil { year, month, day }));
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    Some(Ticks(days * DAY + seconds * SECOND + ticks))
}

#[cfg(test)]
mod tests {
    use super::{time, usual_time};
    use crate::time::{BoundaryParts, Ticks};

    /// Both readers of a time agree, also where only one of them reads it.
    #[test]
    fn the_usual_form_is_read_as_any_other() {
        let mut times = Vec::new();
        for date in [
            "1600-12-31",
            "1601-01-01",
            "1900-02-29",
            "2000-02-29",
            "2024-02-30",
            "9999-12-31",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "2024-01-00",
        ] {
            for time in ["00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "1a:00:00"] {
                for rest in
                    ["Z", ".0000001Z", ".9999999Z", ".123456Z", ".12345678Z", ".12x4567Z", "", "+01:00", ".Z"]
                {
                    times.push(format!("{date}T{time}{rest}"));
                }
            }
        }
        let mut usual = 0;
        for text in &times {
            let any = BoundaryParts::parse(text).and_then(|parts| parts.instant()).map(Ticks::from_instant);
            if let Some(ticks) = usual_time(text) {
                usual += 1;
                assert_eq!(Some(ticks), any, "{text}");
            }
            assert_eq!(time(text), any, "{text}");
        }
        assert_eq!(usual, 3 * 2 * 3);
    }
}
