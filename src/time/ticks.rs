//! Ticks, the unit of all calculations.

use super::calendar::LAST_DAY;
use std::fmt;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

/// 100 ns ticks since 1601-01-01 00:00, negative before: the unit of Windows, with enough range to add and subtract
/// freely. Whether they count an instant (UTC) or a civil time depends on the context.
///
/// ```
/// use time::macros::datetime;
/// use wintask::time::Ticks;
///
/// let ticks = Ticks::from_civil(datetime!(2024-01-03 02:00));
/// assert_eq!(ticks.to_civil(), Some(datetime!(2024-01-03 02:00)));
/// assert_eq!(ticks.to_instant(), Some(datetime!(2024-01-03 02:00 UTC)));
/// assert_eq!(Ticks::MAX.to_civil(), None); // the year 30828
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Ticks(
    /// Ticks since 1601.
    pub i64,
);

pub(crate) const SECOND: i64 = 10_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// 1970-01-01.
#[cfg(feature = "iana")]
pub(crate) const UNIX_EPOCH: i64 = 11_644_473_600 * SECOND;

/// The day number of a civil time, as in [`calendar`](super::calendar); clamped to ten days outside the calendar.
#[inline]
pub(crate) fn day_of(civil: i64) -> i32 {
    const OUTSIDE: i32 = 10;
    let [before, after] = [-OUTSIDE, LAST_DAY + OUTSIDE].map(|day| i64::from(day) * DAY);
    // No value is negative.
    ((civil.clamp(before, after) - before) as u64 / DAY as u64) as i32 - OUTSIDE
}

/// The day number of a civil time, clamped to the range, and the ticks since midnight.
pub(crate) fn day_of_any(civil: i64) -> (i32, i64) {
    let day = civil.div_euclid(DAY).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    (day, civil.rem_euclid(DAY))
}

/// The ticks from midnight to a time of day.
pub(crate) fn time_of_day(time: Time) -> i64 {
    let (hour, minute, second, nanos) = time.as_hms_nano();
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    seconds * SECOND + i64::from(nanos) / 100
}

/// The Julian day of 1601-01-01.
const JULIAN_DAY: i32 = 2_305_814;

/// The Julian day of -9999-01-01, the first date without the feature `large-dates` of the `time` crate.
const FIRST_DAY: i32 = -1_930_999;

impl Ticks {
    /// The earliest time.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest time.
    pub const MAX: Self = Self(i64::MAX);

    /// The ticks of a civil time, rounded down; clamped for years that only exist with the feature `large-dates` of
    /// the `time` crate.
    #[must_use]
    pub fn from_civil(civil: PrimitiveDateTime) -> Self {
        let days = i64::from(civil.date().to_julian_day() - JULIAN_DAY);
        Self(days.saturating_mul(DAY).saturating_add(time_of_day(civil.time())))
    }

    /// The ticks of an instant, rounded down.
    #[must_use]
    pub fn from_instant(instant: OffsetDateTime) -> Self {
        let civil = Self::from_civil(PrimitiveDateTime::new(instant.date(), instant.time()));
        Self(civil.0.saturating_sub(i64::from(instant.offset().whole_seconds()) * SECOND))
    }

    /// The civil time; `None` outside the years -9999 to 9999.
    #[must_use]
    pub fn to_civil(self) -> Option<PrimitiveDateTime> {
        let (day, time) = self.split()?;
        let date = Date::from_julian_day(day).ok().filter(|date| date.year() <= 9999)?;
        Some(PrimitiveDateTime::new(date, time))
    }

    /// The Julian day and the time of day; `None` before the first date.
    pub(crate) fn split(self) -> Option<(i32, Time)> {
        // Counted from that date, no value is negative.
        let ticks = u64::try_from(self.0.checked_add(i64::from(JULIAN_DAY - FIRST_DAY) * DAY)?).ok()?;
        let (days, within) = (ticks / DAY as u64, ticks % DAY as u64);
        let seconds = (within / SECOND as u64) as u32;
        let nanos = (within % SECOND as u64) as u32 * 100;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let time = Time::from_hms_nano(hour as u8, minute as u8, second as u8, nanos).ok()?;
        Some((days as i32 + FIRST_DAY, time))
    }

    /// The instant; `None` outside the years -9999 to 9999.
    #[must_use]
    pub fn to_instant(self) -> Option<OffsetDateTime> {
        self.to_civil().map(PrimitiveDateTime::assume_utc)
    }

    /// The civil time, clamped to the years -9999 to 9999.
    pub(crate) fn nearest_civil(self) -> PrimitiveDateTime {
        self.to_civil().unwrap_or(if self.0 < 0 { PrimitiveDateTime::MIN } else { PrimitiveDateTime::MAX })
    }
}

impl fmt::Debug for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_civil() {
            Some(civil) => fmt::Display::fmt(&civil, f),
            None => write!(f, "{} ticks", self.0),
        }
    }
}
