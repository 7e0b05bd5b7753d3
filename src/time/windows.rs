//! Time zones as stored by Windows (EVIDENCE.md TIME-02).

use super::{
    Changes, Period, Ticks, Zone,
    calendar::{self, Civil},
    ticks::{DAY, MINUTE, SECOND, day_of},
};
use crate::{
    dtyp::{SystemTime, layout::layout},
    error::{Error, Place},
};
use std::collections::BTreeMap;
use time::{Time, UtcOffset};

layout! {
    /// The rules of a time zone for one year or all years, as stored in the registry value `TZI`.
    #[doc(alias = "REG_TZI_FORMAT")]
    pub struct ZoneRules, 44 bytes {
        /// UTC minus local time, in minutes: positive west of Greenwich.
        bias: i32 = 0, "Bias";
        /// Added to the bias in standard time, in minutes; usually 0.
        standard_bias: i32 = 4, "StandardBias";
        /// Added to the bias in daylight saving time, in minutes; usually -60.
        daylight_bias: i32 = 8, "DaylightBias";
        /// When standard time begins, in daylight saving time. With a year, it begins once, on that date. Without a
        /// year, it begins every year, on the `day`-th `day_of_week` of the month, 5 meaning the last. All zero means
        /// never.
        standard_date: SystemTime = 12, "StandardDate";
        /// When daylight saving time begins, in standard time.
        daylight_date: SystemTime = 28, "DaylightDate";
    }
}

layout! {
    /// TIME_ZONE_INFORMATION without its names: the same rules in another order.
    struct TimeZoneInformation, 172 bytes {
        bias: i32 = 0, "Bias";
        standard_date: SystemTime = 68, "StandardDate";
        standard_bias: i32 = 84, "StandardBias";
        daylight_date: SystemTime = 152, "DaylightDate";
        daylight_bias: i32 = 168, "DaylightBias";
    }
}

/// Why rules are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZoneErrorKind {
    /// The structure has the wrong length.
    #[error("expected {needed} bytes, found {found}")]
    Length {
        /// The required length.
        needed: usize,
        /// The actual length.
        found: usize,
    },
    /// A clock would differ from UTC by a day or more.
    #[error("an offset of {minutes} minutes exceeds the limit of 1439")]
    Offset {
        /// The offset.
        minutes: i64,
    },
    /// A clock would change by more than a day, and days would be out of order.
    #[error("a change of {minutes} minutes exceeds the limit of 1440")]
    Change {
        /// The change.
        minutes: i64,
    },
    /// Only one of the two changes has a date.
    #[error("only one of StandardDate and DaylightDate is set")]
    OneChange,
    /// A date is invalid.
    #[error("{date} is not a valid transition date")]
    Date {
        /// The date.
        date: SystemTime,
    },
}

/// The error for invalid rules, with the invalid field.
pub type ZoneError = Error<ZoneErrorKind>;

impl ZoneRules {
    /// Parses a registry value: `TZI`, or a year under `Dynamic DST`. [`to_bytes`](Self::to_bytes) writes one.
    ///
    /// # Errors
    /// [`ZoneErrorKind::Length`] unless there are 44 bytes.
    pub fn from_tzi(bytes: &[u8]) -> Result<Self, ZoneError> {
        sized(bytes, "TZI").map(Self::from_bytes)
    }

    /// Parses a TIME_ZONE_INFORMATION, including the one at the start of a DYNAMIC_TIME_ZONE_INFORMATION. The names
    /// in it are ignored.
    ///
    /// # Errors
    /// [`ZoneErrorKind::Length`] if there are fewer than 172 bytes.
    #[doc(alias = "TIME_ZONE_INFORMATION")]
    pub fn from_time_zone_information(bytes: &[u8]) -> Result<Self, ZoneError> {
        let start = bytes.get(..TimeZoneInformation::SIZE).unwrap_or(bytes);
        let TimeZoneInformation { bias, standard_date, standard_bias, daylight_date, daylight_bias } =
            sized(start, "TIME_ZONE_INFORMATION").map(TimeZoneInformation::from_bytes)?;
        Ok(Self { bias, standard_bias, daylight_bias, standard_date, daylight_date })
    }
}

fn sized<'b, const N: usize>(bytes: &'b [u8], field: &'static str) -> Result<&'b [u8; N], ZoneError> {
    let wrong = ZoneErrorKind::Length { needed: N, found: bytes.len() };
    bytes.try_into().map_err(|_| Error::new(wrong, Place::bytes(0..bytes.len(), field)))
}

/// A time zone with Windows' rules: the current ones, and those of individual years, if the registry has them
/// (`Dynamic DST`).
///
/// A year without its own rules uses those of the nearest year that has some. If there are none, the current rules
/// apply to all years.
///
/// ```
/// use time::macros::datetime;
/// use wintask::{dtyp::SystemTime, time::{LocalTime, WindowsZone, Zone, ZoneRules}};
///
/// // Pacific time: from the second Sunday of March to the first of November.
/// let rules = ZoneRules {
///     bias: 480,
///     daylight_bias: -60,
///     standard_date: SystemTime { month: 11, day: 1, hour: 2, ..SystemTime::NONE },
///     daylight_date: SystemTime { month: 3, day: 2, hour: 2, ..SystemTime::NONE },
///     ..ZoneRules::default()
/// };
/// let pacific = WindowsZone::new(rules)?;
/// assert!(matches!(pacific.resolve(datetime!(2022-03-13 02:30)), LocalTime::Gap { .. }));
/// assert!(matches!(pacific.resolve(datetime!(2022-11-06 01:30)), LocalTime::Overlap { .. }));
/// # Ok::<(), wintask::time::ZoneError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowsZone {
    rules: Rules,
    years: BTreeMap<u16, Rules>,
    /// All offsets and changes of the clock, without duplicates.
    offsets: Vec<UtcOffset>,
    times: Vec<Time>,
}

impl WindowsZone {
    /// Creates a zone with the same rules in all years.
    ///
    /// # Errors
    /// Any [`ZoneErrorKind`] except [`Length`](ZoneErrorKind::Length).
    pub fn new(rules: ZoneRules) -> Result<Self, ZoneError> {
        let rules = Rules::compile(&rules)?;
        let mut zone = Self { rules, years: BTreeMap::new(), offsets: Vec::new(), times: Vec::new() };
        zone.note(&rules);
        Ok(zone)
    }

    /// Adds the offsets and changes of a set of rules.
    fn note(&mut self, rules: &Rules) {
        // Changes can happen at new year: where other rules begin, and where the order of changes is not the same in
        // all years.
        let midnight =
            (rules.changes.is_some() && rules.yearly.is_none() || !self.years.is_empty()).then_some(0);
        let changes = rules.changes.iter().flatten().map(|change| change.time);
        let times = changes.chain(midnight).filter_map(|ticks| Some(Ticks(ticks.rem_euclid(DAY)).split()?.1));
        self.times.extend(times);
        self.offsets.extend([rules.standard_offset, rules.daylight_offset]);
        self.offsets.sort_unstable();
        self.offsets.dedup();
        self.times.sort_unstable();
        self.times.dedup();
    }

    /// Creates a zone from the registry value `TZI`.
    ///
    /// # Errors
    /// Any [`ZoneErrorKind`].
    pub fn from_tzi(bytes: &[u8]) -> Result<Self, ZoneError> {
        Self::new(ZoneRules::from_tzi(bytes)?)
    }

    /// Adds rules for a single year: a value under `Dynamic DST`.
    ///
    /// # Errors
    /// The errors of [`WindowsZone::new`]. Also [`ZoneErrorKind::Change`] if the clock would change by more than a
    /// day at the boundary to an adjacent year with its own rules.
    pub fn with_year(mut self, year: u16, rules: ZoneRules) -> Result<Self, ZoneError> {
        let rules = Rules::compile(&rules)?;
        self.years.insert(year, rules);
        self.note(&rules);
        for next in [year, year.saturating_add(1)] {
            if self.years.contains_key(&next) && self.years.contains_key(&next.saturating_sub(1)) {
                let turn = self.begin(next.into());
                let [before, after] = [turn - 1, turn].map(|at| self.period_at(Ticks(at)).offset);
                let seconds = i64::from(after.whole_seconds()) - i64::from(before.whole_seconds());
                if seconds.abs() * SECOND > DAY {
                    let minutes = seconds / 60;
                    return Err(Error::new(ZoneErrorKind::Change { minutes }, Place::bytes(0..0, "Bias")));
                }
            }
        }
        Ok(self)
    }

    fn rules_of(&self, year: i32) -> &Rules {
        if self.years.is_empty() {
            return &self.rules;
        }
        let year = u16::try_from(year).unwrap_or_default();
        let before = self.years.range(..=year).next_back();
        before.or_else(|| self.years.first_key_value()).map_or(&self.rules, |(_, rules)| rules)
    }

    /// The usual case: all years have the same rules, and a period lasts from one change to the next, even across new
    /// year, or, without changes, forever. `None` for any other kind of rules, near the ends of the calendar, next to
    /// years with their own rules, and if a change is so close to new year that clocks disagree about the year.
    fn between_changes(&self, instant: i64) -> Option<Period> {
        let rules = if self.years.is_empty() {
            if self.rules.changes.is_none() {
                let offset = self.rules.utc_offset(self.rules.standard);
                return Some(Period { offset, from: Ticks::MIN, until: Ticks::MAX });
            }
            &self.rules
        } else {
            // The adjacent years have the same rules.
            let year = calendar::civil(day_of(instant)).year;
            let (first, last) = (self.years.first_key_value()?, self.years.last_key_value()?);
            match (year + 2 < i32::from(*first.0), year - 2 > i32::from(*last.0)) {
                (true, _) => first.1,
                (_, true) => last.1,
                _ => return None,
            }
        };
        let [first, second] = rules.yearly.as_ref()?;
        let year = calendar::civil(day_of(instant.saturating_add(rules.standard))).year;
        if year <= FIRST_YEAR || year >= LAST_YEAR {
            return None;
        }
        let (change, from, until) = match first.at(year)? {
            at if instant < at => (second, second.at(year - 1)?, at),
            at => match second.at(year)? {
                next if instant < next => (first, at, next),
                next => (second, next, first.at(year + 1)?),
            },
        };
        (from <= instant && instant < until).then(|| Period {
            offset: rules.utc_offset(change.after),
            from: Ticks(from),
            until: Ticks(until),
        })
    }

    /// The start of a year, by the clock of the preceding year, including a change at its very end.
    fn begin(&self, year: i32) -> i64 {
        let before = self.rules_of(year - 1).year(year - 1);
        let (last_change, offset) = before.end();
        (new_year(year) - offset).max(last_change)
    }
}

impl Zone for WindowsZone {
    fn changes(&self) -> Option<Changes<'_>> {
        let yearly = |rules: &Rules| rules.changes.is_none() || rules.yearly.is_some();
        // Years before those with their own rules use the first of them, later years the last.
        let from = match self.years.last_key_value() {
            None => yearly(&self.rules).then_some(Ticks::MIN),
            Some((year, rules)) => yearly(rules).then(|| Ticks(self.begin(i32::from(*year) + 1))),
        };
        let until = match self.years.first_key_value() {
            None => yearly(&self.rules).then_some(Ticks::MAX),
            Some((year, rules)) => yearly(rules).then(|| Ticks(self.begin(i32::from(*year) + 1))),
        };
        Some(Changes { offsets: &self.offsets, times: &self.times, yearly_from: from, yearly_until: until })
    }

    fn period_at(&self, instant: Ticks) -> Period {
        let Ticks(instant) = instant;
        if let Some(period) = self.between_changes(instant) {
            return period;
        }
        // The year by standard time, or its neighbour near new year.
        let guess = |offset: i64| calendar::civil(day_of(instant.saturating_add(offset))).year;
        let mut year = guess(self.rules_of(guess(0)).standard);
        let (mut begin, mut end) = (self.begin(year), self.begin(year + 1));
        if instant < begin && year > FIRST_YEAR {
            year -= 1;
            (begin, end) = (self.begin(year), begin);
        } else if instant >= end && year < LAST_YEAR {
            year += 1;
            (begin, end) = (end, self.begin(year + 1));
        }
        let rules = self.rules_of(year);
        let changes = rules.year(year);
        let mut offset = changes.at_start;
        // Nothing changes before or after the calendar.
        let mut from = if year <= FIRST_YEAR { i64::MIN } else { begin };
        let mut until = if year >= LAST_YEAR { i64::MAX } else { end };
        for (at, then) in changes.list.into_iter().flatten() {
            if instant < at {
                until = until.min(at);
                break;
            }
            (from, offset) = (from.max(at), then);
        }
        Period { offset: rules.utc_offset(offset), from: Ticks(from), until: Ticks(until) }
    }
}

/// Valid rules have no offset of a day or more.
fn utc_offset(ticks: i64) -> UtcOffset {
    UtcOffset::from_whole_seconds((ticks / SECOND) as i32).unwrap_or(UtcOffset::UTC)
}

const FIRST_YEAR: i32 = 1601;
const LAST_YEAR: i32 = 9999;

/// The start of a year by a clock without an offset, in ticks.
fn new_year(year: i32) -> i64 {
    i64::from(calendar::day_number(Civil { year, month: 1, day: 1 })) * DAY
}

/// Validated rules, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rules {
    stated: ZoneRules,
    /// Local time minus UTC.
    standard: i64,
    daylight: i64,
    /// The same as a type of the `time` crate.
    standard_offset: UtcOffset,
    daylight_offset: UtcOffset,
    /// The start of standard time, and of daylight saving time.
    changes: Option<[Change; 2]>,
    /// The same in chronological order, if both happen every year and are months apart.
    yearly: Option<[Yearly; 2]>,
}

/// A yearly change, with the offsets before and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Yearly {
    change: Change,
    before: i64,
    after: i64,
}

impl Yearly {
    /// The instant of the change in a year.
    fn at(&self, year: i32) -> Option<i64> {
        Some(self.change.in_year(year)? - self.before)
    }
}

/// A change of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    /// The year of a change that happens only once.
    once: Option<i32>,
    month: u8,
    /// The weekday of a yearly change.
    day_of_week: u8,
    /// The day of the month, or the ordinal of the weekday.
    day: u8,
    /// Ticks since midnight.
    time: i64,
}

/// A year's changes in order: the instant, and the new offset.
struct Year {
    at_start: i64,
    list: [Option<(i64, i64)>; 2],
}

impl Year {
    /// The last change, and the new offset.
    fn end(&self) -> (i64, i64) {
        self.list.into_iter().flatten().last().unwrap_or((i64::MIN, self.at_start))
    }
}

impl Rules {
    fn compile(rules: &ZoneRules) -> Result<Self, ZoneError> {
        let offset = |field: &'static str, bias: i32| {
            let minutes = -(i64::from(rules.bias) + i64::from(bias));
            let error = || Error::new(ZoneErrorKind::Offset { minutes }, Place::bytes(0..0, field));
            if minutes.abs() < 24 * 60 { Ok(minutes * MINUTE) } else { Err(error()) }
        };
        let standard = offset("StandardBias", rules.standard_bias)?;
        let changes = match (rules.standard_date.month, rules.daylight_date.month) {
            (0, 0) => None,
            (0, _) | (_, 0) => {
                return Err(Error::new(ZoneErrorKind::OneChange, Place::bytes(0..0, "StandardDate")));
            }
            _ => Some([
                Change::compile(rules.standard_date, "StandardDate")?,
                Change::compile(rules.daylight_date, "DaylightDate")?,
            ]),
        };
        let daylight =
            if changes.is_some() { offset("DaylightBias", rules.daylight_bias)? } else { standard };
        if (daylight - standard).abs() > DAY {
            let minutes = (daylight - standard) / MINUTE;
            return Err(Error::new(ZoneErrorKind::Change { minutes }, Place::bytes(0..0, "DaylightBias")));
        }
        let (standard_offset, daylight_offset) = (utc_offset(standard), utc_offset(daylight));
        let yearly = changes.filter(|changes| changes.iter().all(|change| change.once.is_none()));
        let yearly = yearly.map(|[to_standard, to_daylight]| {
            let to_standard = Yearly { change: to_standard, before: daylight, after: standard };
            let to_daylight = Yearly { change: to_daylight, before: standard, after: daylight };
            if to_standard.change.month < to_daylight.change.month {
                [to_standard, to_daylight]
            } else {
                [to_daylight, to_standard]
            }
        });
        let yearly = yearly.filter(|[first, second]| second.change.month - first.change.month >= 2);
        Ok(Self { stated: *rules, standard, daylight, standard_offset, daylight_offset, changes, yearly })
    }

    /// One of the two offsets.
    fn utc_offset(&self, ticks: i64) -> UtcOffset {
        if ticks == self.standard { self.standard_offset } else { self.daylight_offset }
    }

    fn year(&self, year: i32) -> Year {
        let Some([standard, daylight]) = self.changes else {
            return Year { at_start: self.standard, list: [None, None] };
        };
        // Each change is stated in the time that it ends.
        let to_standard = standard.in_year(year).map(|local| (local - self.daylight, self.standard));
        let to_daylight = daylight.in_year(year).map(|local| (local - self.standard, self.daylight));
        let list = match (to_standard, to_daylight) {
            (Some(s), Some(d)) if d.0 < s.0 => [Some(d), Some(s)],
            (Some(s), d) => [Some(s), d],
            (None, d) => [d, None],
        };
        let at_start = match list {
            [Some((_, offset)), Some(_)] => self.other(offset),
            _ => self.passed(year, standard, daylight),
        };
        Year { at_start, list }
    }

    fn other(&self, offset: i64) -> i64 {
        if offset == self.standard { self.daylight } else { self.standard }
    }

    /// The offset at the start of a year that lacks one of the changes: the offset after the last single change, or
    /// before the first.
    fn passed(&self, year: i32, standard: Change, daylight: Change) -> i64 {
        let changes = [(standard, self.standard), (daylight, self.daylight)];
        let key = |(change, _): &(Change, i64)| (change.once, change.month, change.day, change.time);
        // A yearly change also happened last year.
        let past = changes.into_iter().filter(|(change, _)| change.once.is_none_or(|once| once < year));
        let yearly = changes.into_iter().find(|(change, _)| change.once.is_none());
        match (past.max_by_key(key), yearly) {
            // Both happened last year.
            (Some((last, _)), Some(_)) if last.once == Some(year - 1) => self.year(year - 1).end().1,
            (_, Some((_, offset))) | (Some((_, offset)), None) => offset,
            (None, None) => changes.into_iter().min_by_key(key).map_or(self.standard, |(_, o)| self.other(o)),
        }
    }
}

impl Change {
    fn compile(date: SystemTime, field: &'static str) -> Result<Self, ZoneError> {
        let error = || Error::new(ZoneErrorKind::Date { date }, Place::bytes(0..0, field));
        let within = |word: u16, range: std::ops::RangeInclusive<u16>| {
            if range.contains(&word) { Ok(word as u8) } else { Err(error()) }
        };
        let month = within(date.month, 1..=12)?;
        let once = (date.year != 0).then_some(i32::from(date.year));
        let days = match once {
            Some(year) => calendar::month_length(year, month).into(),
            None => 5,
        };
        let day = within(date.day, 1..=days)?;
        let day_of_week = if once.is_some() { 0 } else { within(date.day_of_week, 0..=6)? };
        let (hour, minute) = (within(date.hour, 0..=23)?, within(date.minute, 0..=59)?);
        let (second, milliseconds) = (within(date.second, 0..=59)?, date.milliseconds);
        if milliseconds > 999 {
            return Err(error());
        }
        let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        // Rules that end at 23:59:59.999 mean the following midnight.
        let last = (hour, minute, second, milliseconds) == (23, 59, 59, 999);
        let time = if last { DAY } else { seconds * SECOND + i64::from(milliseconds) * (SECOND / 1000) };
        Ok(Self { once, month, day_of_week, day, time })
    }

    /// The local time of the change in a year, if it happens in that year.
    fn in_year(&self, year: i32) -> Option<i64> {
        let month = |day: u8| calendar::day_number(Civil { year, month: self.month, day });
        let day = match self.once {
            Some(once) if once == year => month(self.day),
            Some(_) => return None,
            None => {
                let first = month(1);
                let weekday = calendar::weekday(first);
                let week = if self.day_of_week < weekday { self.day } else { self.day - 1 };
                let day = self.day_of_week + 7 * week - weekday;
                let length = calendar::month_length(year, self.month);
                first + i32::from(if day >= length { day - 7 } else { day })
            }
        };
        Some(i64::from(day) * DAY + self.time)
    }
}

/// `{rules, years}`; `years` only if there are any.
#[cfg(feature = "serde")]
mod serialization {
    use super::{WindowsZone, ZoneRules};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
    use std::collections::BTreeMap;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Stated {
        rules: ZoneRules,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        years: BTreeMap<u16, ZoneRules>,
    }

    impl Serialize for WindowsZone {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let years = self.years.iter().map(|(year, rules)| (*year, rules.stated)).collect();
            Stated { rules: self.rules.stated, years }.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for WindowsZone {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let Stated { rules, years } = Stated::deserialize(deserializer)?;
            let mut years = years.into_iter();
            let zone = Self::new(rules);
            zone.and_then(|zone| years.try_fold(zone, |zone, (year, rules)| zone.with_year(year, rules)))
                .map_err(D::Error::custom)
        }
    }
}
