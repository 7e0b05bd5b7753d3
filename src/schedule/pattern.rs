//! A compiled trigger, and its packed form of 56 bytes.

use super::{days::Days, months::MonthDays, options::RepetitionEnd};
use crate::time::ticks::{DAY, MINUTE, SECOND, day_of_any};

/// A compiled trigger. Civil times are ticks by the trigger's clock, instants are ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The trigger, as a 0-based index in the definition.
    pub(super) trigger: u32,
    pub(super) days: Days,
    /// Days before this one are not selected.
    pub(super) first_day: i32,
    /// Ticks since midnight.
    pub(super) time: i64,
    pub(super) clock: Clock,
    pub(super) end: End,
    pub(super) repetition: Option<Repetition>,
    pub(super) random_delay: i64,
}

/// The clock of a trigger's boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// The machine's clock.
    Local,
    /// A clock with a fixed offset from UTC, in minutes.
    Offset(i16),
}

impl Clock {
    /// The fixed offset from UTC, in ticks; `None` for the machine's clock.
    pub(super) fn offset(self) -> Option<i64> {
        match self {
            Self::Local => None,
            Self::Offset(minutes) => Some(i64::from(minutes) * MINUTE),
        }
    }
}

/// The instant after which a trigger has no runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Never,
    /// After an instant.
    Instant(i64),
    /// After a civil time by the machine's clock.
    Local(i64),
    /// At a civil time by the machine's clock.
    LocalExclusive(i64),
}

/// What follows each start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repetition {
    pub(super) interval: i64,
    /// The distance of the last run from the start; `None` if it continues until the next start.
    pub(super) reach: Option<i64>,
}

impl Repetition {
    /// `None` if nothing comes between a start and the end.
    pub(super) fn new(interval: i64, duration: Option<i64>, end: RepetitionEnd) -> Option<Self> {
        let duration = match end {
            RepetitionEnd::Inclusive => duration,
            RepetitionEnd::Exclusive => duration.map(|duration| (duration - 1).max(0)),
        };
        let reach = duration.map(|duration| duration - duration % interval);
        (reach != Some(0)).then_some(Self { interval, reach })
    }
}

/// A packed [`Pattern`], as a store of a million tasks keeps it for each trigger.
///
/// The first start contains the day and the time of day, and where the cycle of a rule starts. Durations are whole
/// seconds; the few that are not, or that exceed 136 years, are stored elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    /// The first day and the time of day, as a civil time.
    start: i64,
    end: i64,
    rare: Option<Box<Rare>>,
    days: PackedDays,
    trigger: u32,
    /// In seconds; 0 if there is no repetition.
    interval: u32,
    /// In seconds; [`u32::MAX`] if it continues until the next start.
    reach: u32,
    random_delay: u32,
    clock: i16,
    end_clock: i16,
}

const _: () = assert!(size_of::<Packed>() <= 56);

/// Durations that do not fit into [`Packed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rare {
    repetition: Option<Repetition>,
    random_delay: i64,
}

/// [`Days`] without what follows from the first start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PackedDays {
    Once,
    Every(u32),
    Weekly { days: u8, shift: u8, interval: u16 },
    Numbered { months: u16, days: u32 },
    Weekdays { weeks: u8, days: u8, months: u16 },
    Listed([u32; 2]),
}

/// Used instead of minutes: the machine's clock, and the machine's clock with an exclusive end.
const LOCAL: i16 = i16::MIN;
const LOCAL_EXCLUSIVE: i16 = i16::MIN + 1;

/// Ticks as whole seconds, if exact and in range.
fn seconds(ticks: i64) -> Option<u32> {
    (ticks % SECOND == 0).then_some(ticks / SECOND).and_then(|seconds| u32::try_from(seconds).ok())
}

impl Packed {
    pub(super) fn new(pattern: &Pattern) -> Self {
        let Pattern { trigger, days, first_day, time, clock, end, repetition, random_delay } = *pattern;
        let days = match days {
            Days::Once(_) => PackedDays::Once,
            Days::Every { interval, .. } => PackedDays::Every(interval.unsigned_abs()),
            Days::Weekly { days, interval, shift, .. } => {
                PackedDays::Weekly { days, shift: shift as u8, interval: interval as u16 }
            }
            Days::Monthly { days: MonthDays::Numbered(days), months } => {
                PackedDays::Numbered { months, days }
            }
            Days::Monthly { days: MonthDays::Weekdays { weeks, days }, months } => {
                PackedDays::Weekdays { weeks, days, months }
            }
            Days::Listed { days, .. } => PackedDays::Listed([days as u32, (days >> 32) as u32]),
        };
        let (end, end_clock) = match end {
            End::Never => (i64::MAX, 0),
            End::Instant(end) => (end, 0),
            End::Local(end) => (end, LOCAL),
            End::LocalExclusive(end) => (end, LOCAL_EXCLUSIVE),
        };
        let clock = match clock {
            Clock::Local => LOCAL,
            Clock::Offset(minutes) => minutes,
        };
        let repeated = match repetition {
            None => Some((0, 0)),
            Some(Repetition { interval, reach }) => {
                let reach = match reach {
                    None => Some(u32::MAX),
                    Some(reach) => seconds(reach).filter(|reach| *reach != u32::MAX),
                };
                seconds(interval).zip(reach)
            }
        };
        let common = repeated.zip(seconds(random_delay));
        let rare = if common.is_none() { Some(Box::new(Rare { repetition, random_delay })) } else { None };
        let ((interval, reach), random_delay) = common.unwrap_or_default();
        let start = i64::from(first_day) * DAY + time;
        Self { start, end, rare, days, trigger, interval, reach, random_delay, clock, end_clock }
    }

    /// The trigger, as a 0-based index in the definition.
    pub(super) fn trigger(&self) -> usize {
        self.trigger as usize
    }

    /// Whether the trigger has a repetition.
    pub(super) fn repeats(&self) -> bool {
        self.interval != 0 || self.rare.as_ref().is_some_and(|rare| rare.repetition.is_some())
    }

    pub(super) fn unpack(&self) -> Pattern {
        let (first_day, time) = day_of_any(self.start);
        let days = match self.days {
            PackedDays::Once => Days::Once(first_day),
            PackedDays::Every(interval) => Days::Every { first: first_day, interval: interval as i32 },
            PackedDays::Weekly { days, shift, interval } => {
                Days::weekly(days, interval.into(), shift.into(), first_day)
            }
            PackedDays::Numbered { months, days } => {
                Days::Monthly { days: MonthDays::Numbered(days), months }
            }
            PackedDays::Weekdays { weeks, days, months } => {
                Days::Monthly { days: MonthDays::Weekdays { weeks, days }, months }
            }
            PackedDays::Listed([low, high]) => {
                Days::Listed { first: first_day, days: u64::from(high) << 32 | u64::from(low) }
            }
        };
        let clock = if self.clock == LOCAL { Clock::Local } else { Clock::Offset(self.clock) };
        let end = match self.end_clock {
            LOCAL => End::Local(self.end),
            LOCAL_EXCLUSIVE => End::LocalExclusive(self.end),
            _ if self.end == i64::MAX => End::Never,
            _ => End::Instant(self.end),
        };
        let repetition = (self.interval != 0).then(|| Repetition {
            interval: i64::from(self.interval) * SECOND,
            reach: (self.reach != u32::MAX).then(|| i64::from(self.reach) * SECOND),
        });
        let common = Rare { repetition, random_delay: i64::from(self.random_delay) * SECOND };
        let Rare { repetition, random_delay } = *self.rare.as_deref().unwrap_or(&common);
        Pattern { trigger: self.trigger, days, first_day, time, clock, end, repetition, random_delay }
    }
}
