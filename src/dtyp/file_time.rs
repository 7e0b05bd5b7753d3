//! FILETIME.

use std::fmt;
use time::OffsetDateTime;

/// A FILETIME ([MS-DTYP] 2.3.3): 100 ns ticks since 1601-01-01 00:00 UTC. Zero means no time.
///
/// Windows also stores local times in this form. They are returned as if they were UTC; the documentation of each
/// field states which it is.
///
/// ```
/// use wintask::dtyp::FileTime;
/// use time::macros::datetime;
///
/// let epoch = FileTime(116_444_736_000_000_000);
/// assert_eq!(epoch.to_instant(), Some(datetime!(1970-01-01 00:00 UTC)));
/// assert_eq!(FileTime::from_instant(datetime!(1970-01-01 00:00 UTC)), Some(epoch));
///
/// assert_eq!(FileTime::NONE.to_instant(), None);
/// assert_eq!(FileTime(u64::MAX).to_instant(), None); // the year 60056
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct FileTime(
    /// Ticks of 100 ns since 1601.
    pub u64,
);

/// Ticks from 1601 to 1970.
const UNIX_EPOCH: i128 = 116_444_736_000_000_000;

impl FileTime {
    /// The value for no time.
    pub const NONE: Self = Self(0);

    /// Whether it means no time.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The instant; `None` for zero and for years after 9999.
    #[must_use]
    pub fn to_instant(self) -> Option<OffsetDateTime> {
        let since_1970 = i128::from(self.0) - UNIX_EPOCH;
        let instant = OffsetDateTime::from_unix_timestamp_nanos(since_1970.checked_mul(100)?).ok()?;
        (!self.is_none() && instant.year() <= 9999).then_some(instant)
    }

    /// The ticks of an instant, rounded down; `None` before or at 1601-01-01 00:00 UTC.
    #[must_use]
    pub fn from_instant(instant: OffsetDateTime) -> Option<Self> {
        let ticks = instant.unix_timestamp_nanos().div_euclid(100).checked_add(UNIX_EPOCH)?;
        u64::try_from(ticks).ok().filter(|ticks| *ticks != 0).map(Self)
    }
}

impl fmt::Display for FileTime {
    /// RFC 3339 with seven fractional digits, `none`, or the ticks for years after 9999.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_instant() {
            Some(t) => {
                write!(f, "{:04}-{:02}-{:02}T", t.year(), u8::from(t.month()), t.day())?;
                write!(f, "{:02}:{:02}:{:02}.{:07}Z", t.hour(), t.minute(), t.second(), t.nanosecond() / 100)
            }
            None if self.is_none() => f.write_str("none"),
            None => write!(f, "{} ticks", self.0),
        }
    }
}

impl fmt::Debug for FileTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
