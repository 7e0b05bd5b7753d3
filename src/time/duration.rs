//! Durations in definitions.

use super::lexical::{Cursor, collapsed, nanoseconds, number};
use std::{cmp::Ordering, fmt, str::FromStr};

/// An `xs:duration` ([MS-TSCH] 2.5.1.1; [W3C-XSD] 3.2.6).
///
/// The text is preserved: `PT60M` stays `PT60M`. Equality compares texts. [`XsDuration::compare`] uses the schema's
/// order, which is partial, since a month has 28 to 31 days.
///
/// ```
/// use std::cmp::Ordering;
/// use wintask::time::XsDuration;
///
/// let hour: XsDuration = "PT60M".parse()?;
/// assert_eq!(hour.to_seconds(), Some(3600));
/// assert_eq!(hour.compare(&XsDuration::from_seconds(3600)), Some(Ordering::Equal));
///
/// let month: XsDuration = "P1M".parse()?;
/// assert_eq!(month.to_seconds(), None);
/// assert_eq!(month.compare(&"P32D".parse()?), Some(Ordering::Less));
/// assert_eq!(month.compare(&"P30D".parse()?), None);
/// # Ok::<(), wintask::time::InvalidDuration>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct XsDuration {
    text: Text,
}

/// The text of a duration, without an allocation if it is short, as nearly all are. It is small because absent durations
/// are just as large.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Text {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Box<Box<str>>),
}

/// The length of the longest text that is kept in place.
const SHORT: usize = 14;

impl Text {
    fn new(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match bytes.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                Self::Short { length: text.len() as u8, bytes }
            }
            None => Self::Long(Box::new(text.into())),
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Short { length, bytes } => {
                let text = bytes.get(..usize::from(*length)).unwrap_or_default();
                str::from_utf8(text).unwrap_or_default()
            }
            Self::Long(text) => text,
        }
    }
}

/// The value of a duration's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Parts {
    negative: bool,
    months: u64,
    seconds: u64,
    nanos: u32,
}

/// The error for an invalid `xs:duration`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a duration of the form P1DT2H3M4S")]
pub struct InvalidDuration;

crate::dtyp::macros::message_serde!(InvalidDuration);

impl XsDuration {
    /// Creates a duration of seconds, written in days, hours, minutes and seconds (`P1DT12H`).
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Self {
        let fields = [
            (seconds / 86400, b'D'),
            (seconds / 3600 % 24, b'H'),
            (seconds / 60 % 60, b'M'),
            (seconds % 60, b'S'),
        ];
        // The longest is P49710DT23H59M59S.
        let mut text = [b'P'; 20];
        let mut places = text.iter_mut().skip(1);
        let mut length = 1;
        let mut push = |byte: u8| {
            if let Some(place) = places.next() {
                (*place, length) = (byte, length + 1);
            }
        };
        let mut is_time = false;
        for (count, designator) in fields {
            if count > 0 {
                if designator != b'D' && !is_time {
                    push(b'T');
                    is_time = true;
                }
                for power in [10_000, 1000, 100, 10, 1].into_iter().skip_while(|power| *power > count) {
                    push(b'0' + (count / power % 10) as u8);
                }
                push(designator);
            }
        }
        if seconds == 0 {
            [b'T', b'0', b'S'].into_iter().for_each(push);
        }
        let text = text.get(..length).and_then(|text| str::from_utf8(text).ok());
        Self::from_valid(text.unwrap_or_default())
    }

    /// Creates a duration of minutes.
    #[must_use]
    pub fn from_minutes(minutes: u32) -> Self {
        Self::from_seconds(minutes.saturating_mul(60))
    }

    /// The text as stated.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Whole seconds; `None` for a negative duration, or one with years or months, whose length is undefined.
    #[must_use]
    pub fn to_seconds(&self) -> Option<u64> {
        let parts = self.parts();
        (parts.months == 0 && !parts.is_below_zero()).then_some(parts.seconds)
    }

    /// Whole seconds, without months; `None` for a negative duration.
    pub(crate) fn whole_seconds(&self) -> Option<u64> {
        let parts = self.parts();
        (!parts.is_below_zero()).then_some(parts.seconds)
    }

    /// The fraction beyond whole seconds, in nanoseconds.
    #[must_use]
    pub fn subsec_nanos(&self) -> u32 {
        self.parts().nanos
    }

    /// The number of months, including years, without the sign.
    #[must_use]
    pub fn months(&self) -> u64 {
        self.parts().months
    }

    /// Whether the duration is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        let parts = self.parts();
        (parts.months, parts.seconds, parts.nanos) == (0, 0, 0)
    }

    /// Compares in the schema's order; `None` if the result depends on the length of months.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        self.parts().compare(&other.parts())
    }

    /// A duration of a text that [`Parts::parse_lenient`] accepts.
    pub(crate) fn from_valid(text: &str) -> Self {
        Self { text: Text::new(text) }
    }

    /// The value, which is not stored: durations are kept in large numbers and evaluated rarely.
    fn parts(&self) -> Parts {
        Parts::parse_lenient(self.as_str()).unwrap_or(Parts::of_seconds(0))
    }
}

impl Parts {
    /// A duration without months.
    pub(crate) const fn of_seconds(seconds: u64) -> Self {
        Self { negative: false, months: 0, seconds, nanos: 0 }
    }

    /// Parses the lexical form; surrounding white space is allowed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::parse_with(text, false)
    }

    /// Like `parse`, but digits may be missing on one side of the decimal point, as in libxml2.
    pub(crate) fn parse_lenient(text: &str) -> Option<Self> {
        Self::parse_with(text, true)
    }

    fn parse_with(text: &str, lenient: bool) -> Option<Self> {
        let mut rest = Cursor(collapsed(text).as_bytes());
        let negative = rest.take(b'-');
        if !rest.take(b'P') {
            return None;
        }
        let mut parts = Self { negative, months: 0, seconds: 0, nanos: 0 };
        // Designators in order; those after T belong to the time.
        let (mut designators, mut timed, mut any): (&[u8], bool, bool) = (b"YMD", false, false);
        while !rest.is_empty() {
            if !timed && rest.take(b'T') {
                (designators, timed, any) = (b"HMS", true, false);
                continue;
            }
            let whole = rest.digits();
            let point = rest.take(b'.');
            let fraction = if point { rest.digits() } else { &[] };
            let digits_missing = whole.is_empty() || point && fraction.is_empty();
            if whole.is_empty() && fraction.is_empty() || digits_missing && !lenient {
                return None;
            }
            let count = number(whole)?;
            let designator = rest.next()?;
            let index = designators.iter().position(|d| *d == designator)?;
            designators = designators.get(index + 1..)?;
            if point && designator != b'S' {
                return None;
            }
            let (months, seconds) = match (timed, designator) {
                (false, b'Y') => (count.checked_mul(12)?, 0),
                (false, b'M') => (count, 0),
                (false, _) => (0, count.checked_mul(86400)?),
                (true, b'H') => (0, count.checked_mul(3600)?),
                (true, b'M') => (0, count.checked_mul(60)?),
                (true, _) => (0, count),
            };
            parts.months = parts.months.checked_add(months)?;
            parts.seconds = parts.seconds.checked_add(seconds)?;
            parts.nanos = nanoseconds(fraction);
            any = true;
        }
        // P and T must be followed by something.
        any.then_some(parts)
    }

    pub(crate) fn is_below_zero(&self) -> bool {
        self.negative && (self.months, self.seconds, self.nanos) != (0, 0, 0)
    }

    /// Compares according to [W3C-XSD] 3.2.6.2: X is less than Y if it is less when added to each of four reference
    /// times.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.months == 0 && other.months == 0 {
            return Some(self.signed_nanos().cmp(&other.signed_nanos()));
        }
        let mut orders = REFERENCES.iter().map(|start| self.after(*start).cmp(&other.after(*start)));
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }

    /// Seconds, counting a month as 31 days; for limits that no number of months comes close to.
    pub(crate) fn at_most_seconds(&self) -> u64 {
        self.months.saturating_mul(31 * 86400).saturating_add(self.seconds)
    }

    fn signed_nanos(&self) -> i128 {
        let nanos = i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos);
        if self.negative { -nanos } else { nanos }
    }

    /// Nanoseconds from year 0 to the time that is this duration after the first of a month.
    fn after(&self, (year, month): (i128, i128)) -> i128 {
        let months = i128::from(self.months);
        let total = year * 12 + (month - 1) + if self.negative { -months } else { months };
        let days = days_before(total.div_euclid(12), total.rem_euclid(12));
        days * 86_400_000_000_000 + self.signed_nanos()
    }
}

/// September 1696, February 1697, March 1903, July 1903 ([W3C-XSD] 3.2.6.2).
const REFERENCES: [(i128, i128); 4] = [(1696, 9), (1697, 2), (1903, 3), (1903, 7)];

/// Days from the proleptic year 0 to the first of a month, months counted from 0.
fn days_before(year: i128, month: i128) -> i128 {
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5
}

impl FromStr for XsDuration {
    type Err = InvalidDuration;
    fn from_str(text: &str) -> Result<Self, InvalidDuration> {
        Parts::parse(text).ok_or(InvalidDuration)?;
        Ok(Self::from_valid(text))
    }
}

impl fmt::Display for XsDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for XsDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

crate::dtyp::macros::text_serde!(XsDuration);
