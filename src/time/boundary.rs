//! Dates and times in definitions.

use super::lexical::{Cursor, collapsed, nanoseconds, number, push_number};
use smol_str::SmolStr;
use std::{fmt, str::FromStr};
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// An `xs:dateTime`, the type of StartBoundary, EndBoundary and Date ([MS-TSCH] 2.5.1.1; [W3C-XSD] 3.2.7).
///
/// The text is preserved, so that writing changes nothing. Without `Z` or an offset the time is local: the wall clock
/// of the computer on which the task runs.
///
/// ```
/// use time::macros::datetime;
/// use wintask::time::{Boundary, BoundaryZone};
///
/// let local: Boundary = "2024-01-03T02:00:00".parse()?;
/// assert_eq!(local.zone(), BoundaryZone::Local);
/// assert_eq!(local.civil(), Some(datetime!(2024-01-03 02:00)));
/// assert_eq!(local.instant(), None);
///
/// let pacific: Boundary = "2005-10-11T13:21:17-08:00".parse()?;
/// assert_eq!(pacific.zone(), BoundaryZone::Offset(-480));
/// assert_eq!(pacific.instant(), Some(datetime!(2005-10-11 21:21:17 UTC)));
/// # Ok::<(), wintask::time::InvalidBoundary>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Boundary {
    text: SmolStr,
}

/// The value of a boundary's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Parts {
    pub(crate) civil: Option<PrimitiveDateTime>,
    pub(crate) zone: BoundaryZone,
}

/// The zone of a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "the lexical form has these three endings")]
pub enum BoundaryZone {
    /// Not stated: the computer's wall clock.
    Local,
    /// `Z`.
    Utc,
    /// `+hh:mm` or `-hh:mm`, in minutes east of UTC, -840 to 840.
    Offset(i16),
}

/// The error for an invalid `xs:dateTime`: a wrong format, or a day or time that does not exist.
///
/// ```
/// use wintask::time::Boundary;
///
/// let error = "2024-02-30T00:00:00".parse::<Boundary>().unwrap_err();
/// assert_eq!(error.to_string(), "the calendar has no such day");
/// let error = "tomorrow".parse::<Boundary>().unwrap_err();
/// assert_eq!(error.to_string(), "not a date and time of the form YYYY-MM-DDThh:mm:ss");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidBoundary(&'static str);

impl InvalidBoundary {
    /// The reason why a text is invalid.
    #[cold]
    fn of(text: &str) -> Self {
        let with = |month_and_day: Option<&str>, time: Option<&str>| {
            let (date, after) = text.split_once('T')?;
            let (year, rest) = (date.get(..date.len().checked_sub(6)?)?, after.get(8..)?);
            let (day, clock) = (date.get(year.len()..)?, after.get(..8)?);
            let (day, clock) = (month_and_day.unwrap_or(day), time.unwrap_or(clock));
            Parts::parse(&format!("{year}{day}T{clock}{rest}"))
        };
        let digits = |b: u8| if b.is_ascii_digit() { b'0' } else { b };
        let shape = || text.trim().bytes().map(digits).collect::<Vec<_>>();
        let has_form = || shape().windows(15).any(|form| form == b"-00-00T00:00:00");
        Self(match (with(Some("-01-01"), None), with(None, Some("00:00:00"))) {
            (Some(_), _) if has_form() => "the calendar has no such day",
            (_, Some(_)) if has_form() => "the clock has no such time",
            _ => "not a date and time of the form YYYY-MM-DDThh:mm:ss",
        })
    }
}

crate::dtyp::macros::message_serde!(InvalidBoundary);

impl Boundary {
    /// Creates a local time.
    #[must_use]
    pub fn local(civil: PrimitiveDateTime) -> Self {
        Self::from_civil(civil, BoundaryZone::Local)
    }

    /// Creates an instant, written with `Z`. Instants before or after the supported years become the first or last
    /// instant.
    #[must_use]
    pub fn utc(instant: OffsetDateTime) -> Self {
        let end = if instant.year() < 0 { PrimitiveDateTime::MIN } else { PrimitiveDateTime::MAX };
        let utc = instant.checked_to_offset(UtcOffset::UTC);
        let civil = utc.map_or(end, |utc| PrimitiveDateTime::new(utc.date(), utc.time()));
        Self::from_civil(civil, BoundaryZone::Utc)
    }

    fn from_civil(civil: PrimitiveDateTime, zone: BoundaryZone) -> Self {
        let (date, time) = (civil.date(), civil.time());
        // There is no year 0; the year before 1 is -1.
        let (sign, year) = if date.year() < 1 { ("-", 1 - date.year()) } else { ("", date.year()) };
        let mut text = String::with_capacity("2024-01-03T02:00:00Z".len());
        text += sign;
        push_number(&mut text, year.unsigned_abs(), 4);
        for (separator, field) in [
            ('-', u8::from(date.month())),
            ('-', date.day()),
            ('T', time.hour()),
            (':', time.minute()),
            (':', time.second()),
        ] {
            text.push(separator);
            push_number(&mut text, field.into(), 2);
        }
        if time.nanosecond() > 0 {
            text.push('.');
            push_number(&mut text, time.nanosecond(), 9);
            text.truncate(text.trim_end_matches('0').len());
        }
        text += if zone == BoundaryZone::Utc { "Z" } else { "" };
        Self { text: text.into() }
    }

    /// The text as stated.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Date and time as written, regardless of the zone; `None` for years outside 1 to 9999. Digits beyond
    /// nanoseconds are truncated, and 24:00:00 is midnight of the next day.
    #[must_use]
    pub fn civil(&self) -> Option<PrimitiveDateTime> {
        self.parts().civil
    }

    /// The zone that the boundary states.
    #[must_use]
    pub fn zone(&self) -> BoundaryZone {
        self.parts().zone
    }

    /// The instant, if the boundary defines one; a local time does not.
    #[must_use]
    pub fn instant(&self) -> Option<OffsetDateTime> {
        self.parts().instant()
    }

    /// Whether this is before the other; `None` if it depends on the zone (a local time and an instant).
    #[must_use]
    pub fn is_before(&self, other: &Self) -> Option<bool> {
        self.parts().is_before(&other.parts())
    }

    /// Whether the year has a minus sign.
    pub(crate) fn is_negative(&self) -> bool {
        collapsed(&self.text).starts_with('-')
    }

    /// A boundary of a text that [`Parts::parse`] accepts.
    pub(crate) fn from_valid(text: &str) -> Self {
        Self { text: text.into() }
    }

    /// The value, which is not stored: boundaries are kept in large numbers and evaluated rarely.
    pub(crate) fn parts(&self) -> Parts {
        Parts::parse(&self.text).unwrap_or(Parts { civil: None, zone: BoundaryZone::Local })
    }
}

impl Parts {
    /// Parses the lexical form; surrounding white space is allowed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = Cursor(collapsed(text).as_bytes());
        let negative = rest.take(b'-');
        let digits = rest.digits();
        let padded = digits.len() > 4 && digits.starts_with(b"0");
        if digits.len() < 4 || padded || digits.iter().all(|d| *d == b'0') {
            return None;
        }
        let year = number(digits)?;
        let (_, month, _, day) =
            (rest.expect(b'-')?, rest.two_digits()?, rest.expect(b'-')?, rest.two_digits()?);
        let (_, hour, _, minute) =
            (rest.expect(b'T')?, rest.two_digits()?, rest.expect(b':')?, rest.two_digits()?);
        let (_, second) = (rest.expect(b':')?, rest.two_digits()?);
        let fraction = if rest.take(b'.') { Some(rest.digits()).filter(|d| !d.is_empty())? } else { &[] };
        let zone = match rest.next() {
            None => BoundaryZone::Local,
            Some(b'Z') => BoundaryZone::Utc,
            Some(sign @ (b'+' | b'-')) => {
                let (hours, _, minutes) = (rest.two_digits()?, rest.expect(b':')?, rest.two_digits()?);
                let offset = i16::from(hours) * 60 + i16::from(minutes);
                if hours > 23 || minutes > 59 || offset > 840 {
                    return None;
                }
                BoundaryZone::Offset(if sign == b'-' { -offset } else { offset })
            }
            Some(_) => return None,
        };
        let month = Month::try_from(month).ok()?;
        let date = match i32::try_from(year) {
            Ok(year) if !negative && year <= 9999 => Some(Date::from_calendar_date(year, month, day).ok()?),
            _ => {
                // The calendar repeats every 400 years, so the year modulo 400 decides whether 29 February exists.
                let within = i32::try_from(year % 400).ok()? + if negative { 1 } else { 2000 };
                let leap_year = if negative { (2001 - within).rem_euclid(400) + 2000 } else { within };
                Date::from_calendar_date(leap_year, month, day).ok()?;
                None
            }
        };
        let nanos = nanoseconds(fraction);
        let end_of_day = hour == 24 && minute == 0 && second == 0 && fraction.iter().all(|d| *d == b'0');
        let time = Time::from_hms_nano(if end_of_day { 0 } else { hour }, minute, second, nanos).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let civil = date.and_then(|date| {
            let civil = PrimitiveDateTime::new(date, time);
            if end_of_day { civil.checked_add(Duration::DAY) } else { Some(civil) }
        });
        Some(Self { civil, zone })
    }

    pub(crate) fn instant(&self) -> Option<OffsetDateTime> {
        let minutes = match self.zone {
            BoundaryZone::Local => return None,
            BoundaryZone::Utc => 0,
            BoundaryZone::Offset(minutes) => minutes,
        };
        self.civil?.checked_sub(Duration::minutes(minutes.into())).map(PrimitiveDateTime::assume_utc)
    }

    pub(crate) fn is_before(&self, other: &Self) -> Option<bool> {
        match (self.instant(), other.instant()) {
            (Some(this), Some(that)) => Some(this < that),
            (None, None) => Some(self.civil? < other.civil?),
            _ => None,
        }
    }
}

impl Cursor<'_> {
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }
}

impl FromStr for Boundary {
    type Err = InvalidBoundary;
    fn from_str(text: &str) -> Result<Self, InvalidBoundary> {
        Parts::parse(text).ok_or_else(|| InvalidBoundary::of(text))?;
        Ok(Self::from_valid(text))
    }
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<PrimitiveDateTime> for Boundary {
    fn from(civil: PrimitiveDateTime) -> Self {
        Self::local(civil)
    }
}

crate::dtyp::macros::text_serde!(Boundary);
