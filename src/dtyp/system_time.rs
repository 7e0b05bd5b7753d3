//! SYSTEMTIME.

use std::fmt;
use time::{Date, Month, PrimitiveDateTime, Time};

/// A SYSTEMTIME ([MS-DTYP] 2.3.13): a civil time in eight 16-bit words. All zero means no time.
///
/// Whether it is local or UTC depends on the field; the last run and the trigger dates of a .JOB file are local.
/// Invalid words are preserved; [`SystemTime::to_civil`] returns a time only if they are valid, and ignores the
/// weekday, as Windows does.
///
/// ```
/// use time::macros::datetime;
/// use wintask::dtyp::SystemTime;
///
/// let ran = SystemTime::from_civil(datetime!(2013-08-24 12:42:00.112));
/// assert_eq!(ran.day_of_week, 6); // Saturday
/// assert_eq!(ran.to_civil(), Some(datetime!(2013-08-24 12:42:00.112)));
///
/// let nonsense = SystemTime { month: 13, ..ran };
/// assert_eq!(nonsense.to_civil(), None);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct SystemTime {
    /// Year, 1601 to 30827.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u16,
    /// Day of the week, 0 (Sunday) to 6.
    pub day_of_week: u16,
    /// Day of the month, 1 to 31.
    pub day: u16,
    /// Hour, 0 to 23.
    pub hour: u16,
    /// Minute, 0 to 59.
    pub minute: u16,
    /// Second, 0 to 59.
    pub second: u16,
    /// Millisecond, 0 to 999.
    pub milliseconds: u16,
}

impl SystemTime {
    /// No time: every word zero.
    pub const NONE: Self =
        Self { year: 0, month: 0, day_of_week: 0, day: 0, hour: 0, minute: 0, second: 0, milliseconds: 0 };

    /// Whether it means no time.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Reads 16 bytes.
    #[must_use]
    pub const fn from_wire(bytes: [u8; 16]) -> Self {
        let [a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1] = bytes;
        Self {
            year: u16::from_le_bytes([a0, a1]),
            month: u16::from_le_bytes([b0, b1]),
            day_of_week: u16::from_le_bytes([c0, c1]),
            day: u16::from_le_bytes([d0, d1]),
            hour: u16::from_le_bytes([e0, e1]),
            minute: u16::from_le_bytes([f0, f1]),
            second: u16::from_le_bytes([g0, g1]),
            milliseconds: u16::from_le_bytes([h0, h1]),
        }
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn to_wire(self) -> [u8; 16] {
        let [a0, a1] = self.year.to_le_bytes();
        let [b0, b1] = self.month.to_le_bytes();
        let [c0, c1] = self.day_of_week.to_le_bytes();
        let [d0, d1] = self.day.to_le_bytes();
        let [e0, e1] = self.hour.to_le_bytes();
        let [f0, f1] = self.minute.to_le_bytes();
        let [g0, g1] = self.second.to_le_bytes();
        let [h0, h1] = self.milliseconds.to_le_bytes();
        [a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1]
    }

    /// The civil time, if the words are valid and the year is 1601 to 9999.
    #[must_use]
    pub fn to_civil(&self) -> Option<PrimitiveDateTime> {
        let byte = |word: u16| u8::try_from(word).ok();
        let month = Month::try_from(byte(self.month)?).ok()?;
        let year = i32::from(self.year);
        let date = Date::from_calendar_date(year, month, byte(self.day)?).ok()?;
        let (hour, minute, second) = (byte(self.hour)?, byte(self.minute)?, byte(self.second)?);
        let time = Time::from_hms_milli(hour, minute, second, self.milliseconds).ok()?;
        (1601..=9999).contains(&year).then(|| PrimitiveDateTime::new(date, time))
    }

    /// Creates the words of a civil time, including the weekday, rounded down to milliseconds; [`SystemTime::NONE`]
    /// for years other than 1601 to 9999.
    #[must_use]
    pub fn from_civil(civil: PrimitiveDateTime) -> Self {
        match u16::try_from(civil.year()) {
            Ok(year @ 1601..=9999) => Self {
                year,
                month: u8::from(civil.month()).into(),
                day_of_week: civil.weekday().number_days_from_sunday().into(),
                day: civil.day().into(),
                hour: civil.hour().into(),
                minute: civil.minute().into(),
                second: civil.second().into(),
                milliseconds: civil.millisecond(),
            },
            _ => Self::NONE,
        }
    }
}

impl fmt::Display for SystemTime {
    /// `YYYY-MM-DDThh:mm:ss.mmm`, even if the words are invalid, or `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("none");
        }
        write!(f, "{:04}-{:02}-{:02}T", self.year, self.month, self.day)?;
        write!(f, "{:02}:{:02}:{:02}.{:03}", self.hour, self.minute, self.second, self.milliseconds)
    }
}

impl fmt::Debug for SystemTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} (weekday {})", self.day_of_week)
    }
}
