//! Computes many runs at a time.
//!
//! Computing a single run takes a hundred steps: which days the rule selects, what the clock's offset is on that day,
//! and which date and time the instant has, locally and in UTC. From one run to the next almost nothing changes. A
//! [`Batch`] is the part that stays the same, with a few bits for the runs.
//!
//! **Days.** Within a period of the zone, every start is equally far from its midnight, and within a year a date is
//! the year and the number of the day. So a batch of starts has the instant of one start, the times of day, the year
//! of the date, and a window of up to 64 days with a bit for each selected day. The next run is the next bit. When
//! the bits are used up, the window of a daily or weekly rule recurs some days later, according to its [`Cycle`].
//! Other rules compute the window of the next month. A window never extends beyond the year; its days in the next
//! year wait in `rest`.
//!
//! **Repetitions.** They are a fixed interval apart, so a batch has one bit for each of up to 64 runs, and date and
//! time are computed from the instant.
//!
//! **Ends.** A batch ends at the end of the zone's period, of the caller's range or of the trigger, and where another
//! trigger has a run. A start that is moved by a clock change, or that may be ambiguous, is a separate batch.

use super::{
    adjustment::Adjustment,
    days::{Cycle, Days, Window},
    finder::Finder,
    occurrence::{Niche, Occurrence, shown},
};
use crate::time::{
    Ticks, Zone,
    calendar::{self, LAST_DAY},
    ticks::DAY,
};
use time::{Date, Time};

/// A run, and those after it that differ only in the date, or by multiples of the interval.
pub(super) struct Batch {
    /// The run itself and those after it: by days of the trigger's clock, all in the same year, or by intervals.
    window: Window,
    shared: Shared,

    // The following fields are for days.
    days: Days,
    cycle: Cycle,
    /// The days of the window in the next year.
    rest: u64,
    /// The last day in total, and the last day of the year.
    last: i32,
    year_end: i32,
    /// The last day at which a window can start that is completely within both.
    full: i32,
    /// Converts a day to the Julian day of its local date.
    to_julian: i32,
    /// The number of days that UTC's date is after the local date.
    ahead: i8,
}

/// What the runs of a window have in common. They differ in the day or the interval alone.
#[derive(Clone, Copy)]
struct Shared {
    /// A day or an interval, and the instant of bit 0 if the window started at 0.
    unit: i64,
    origin: i64,
    /// The clock's offset.
    offset: i64,
    random_delay: i64,
    local_time: Time,
    utc_time: Time,
    /// A local date in the year.
    date: Date,
    /// The number of days in the year before the window; [`ELSEWHERE`] for repetitions, whose dates and times are
    /// computed from the instant.
    day_of_year: i32,
    trigger: u32,
    adjustment: Adjustment,
}

/// More than the number of days in a year.
const ELSEWHERE: i32 = 1 << 16;

/// Added to the day of the year if UTC's date is the previous or the next day.
const BEFORE: i32 = 1 << 12;
const AFTER: i32 = 1 << 13;

/// The days except the first and last of the year, so that both dates are in the year.
const BEFORE_FIRST: i32 = BEFORE + 1;
const BEFORE_LAST: i32 = BEFORE + 363;
const AFTER_FIRST: i32 = AFTER + 1;
const AFTER_LAST: i32 = AFTER + 363;

/// The number of runs in a batch that does not consist of days.
const REPEATED: i64 = 64;

impl Batch {
    /// No run.
    pub(super) const NONE: Self = Self {
        window: Window { base: 0, bits: 0, next: 0 },
        shared: Shared {
            unit: 0,
            origin: 0,
            offset: 0,
            random_delay: 0,
            local_time: Time::MIDNIGHT,
            utc_time: Time::MIDNIGHT,
            date: Date::MIN,
            day_of_year: ELSEWHERE,
            trigger: 0,
            adjustment: Adjustment::None,
        },
        days: Days::Once(0),
        cycle: Cycle::NONE,
        rest: 0,
        last: i32::MIN,
        year_end: 0,
        full: i32::MIN,
        to_julian: 0,
        ahead: 0,
    };

    /// Moves to a run, and includes those that follow at intervals, up to an instant and until the clock changes.
    /// Returns the last one.
    pub(super) fn repeat<Z: Zone>(
        &mut self,
        finder: &mut Finder<'_, Z>,
        at: i64,
        interval: i64,
        last: i64,
    ) -> i64 {
        let adjustment = finder.adjustment_at(at);
        // The finder examines the period of the run.
        let offset = finder.offset(at);
        let more = match adjustment {
            Adjustment::None => ((last.min(finder.last()) - at) / interval).clamp(0, REPEATED - 1),
            _ => 0,
        };
        self.window = Window { base: 0, bits: u64::MAX >> (REPEATED - 1 - more), next: 0 };
        let shared = &mut self.shared;
        (shared.unit, shared.origin, shared.offset, shared.day_of_year) = (interval, at, offset, ELSEWHERE);
        (shared.trigger, shared.random_delay) = (finder.pattern.trigger, finder.pattern.random_delay);
        shared.adjustment = adjustment;
        // No days after them.
        (self.rest, self.last, self.full) = (0, i32::MIN, i32::MIN);
        at + more * interval
    }

    /// The run at an instant on the first day of a window, and those up to a given day.
    fn new<Z: Zone>(finder: &mut Finder<'_, Z>, at: i64, window: Window, cycle: Cycle, last: i32) -> Self {
        let first = window.first();
        let offset = finder.offset(at);
        // Both are within the calendar, or there is no run.
        let (utc_day, utc_time) = Ticks(at).split().unwrap_or((0, Time::MIDNIGHT));
        let (local_day, local_time) = Ticks(at + offset).split().unwrap_or((0, Time::MIDNIGHT));
        let mut batch = Self {
            window,
            shared: Shared {
                unit: DAY,
                origin: at - i64::from(first) * DAY,
                offset,
                random_delay: finder.pattern.random_delay,
                local_time,
                utc_time,
                date: Date::MIN,
                day_of_year: 0,
                trigger: finder.pattern.trigger,
                adjustment: finder.adjustment(first),
            },
            days: finder.pattern.days,
            cycle,
            rest: 0,
            last,
            year_end: 0,
            full: i32::MIN,
            to_julian: local_day - first,
            // A clock may be more than a day ahead.
            ahead: i8::try_from(utc_day - local_day).unwrap_or(0),
        };
        batch.begin_year(window);
        batch
    }

    /// Moves to the next run; does nothing if there is none.
    #[inline(always)]
    pub(super) fn step(&mut self) -> bool {
        let rest = self.window.rest();
        if rest != 0 {
            self.window.bits = rest;
            return true;
        }
        let base = self.window.next;
        if base > self.full {
            return (self.rest != 0 || base <= self.last) && self.turn();
        }
        self.window = Window { base, bits: self.cycle.bits, next: base + self.cycle.length };
        self.shared.day_of_year += self.cycle.length;
        true
    }

    /// Moves to the next window of any kind.
    #[cold]
    #[inline(never)]
    fn turn(&mut self) -> bool {
        if self.rest != 0 {
            self.begin_year(Window { bits: self.rest, ..self.window });
            return true;
        }
        let next = self.window.next;
        if next > self.last {
            return false;
        }
        let Some(window) = self.days.window_from(self.cycle, next, next, self.last) else { return false };
        if window.first() > self.year_end {
            self.begin_year(window);
        } else {
            self.shared.day_of_year += window.base - self.window.base;
            self.take(window);
        }
        true
    }

    /// Moves to a window, and to the year of its first day.
    fn begin_year(&mut self, window: Window) {
        let first = window.first();
        self.shared.date = Date::from_julian_day(first + self.to_julian).unwrap_or(Date::MAX);
        let new_year = first + 1 - i32::from(self.shared.date.ordinal());
        self.shared.day_of_year = window.base - new_year
            + match self.ahead {
                0 => 0,
                -1 => BEFORE,
                1 => AFTER,
                _ => ELSEWHERE,
            };
        self.year_end = new_year + 364 + i32::from(calendar::is_leap(self.shared.date.year()));
        self.full = if self.cycle.bits == 0 { i32::MIN } else { self.year_end.min(self.last) - 63 };
        self.take(window);
    }

    /// Moves to a window, and defers its days in the next year.
    fn take(&mut self, mut window: Window) {
        let bits = window.bits;
        window.keep(self.year_end);
        (self.window, self.rest) = (window, bits & !window.bits);
    }

    /// The current run.
    #[inline(always)]
    pub(super) fn occurrence(&mut self) -> Occurrence {
        let day_of_year = self.shared.day_of_year + self.window.bits.trailing_zeros() as i32;
        let (local, utc) = match day_of_year {
            0..=364 => {
                let date = self.on(day_of_year as u16);
                (date, date)
            }
            day @ BEFORE_FIRST..=BEFORE_LAST => {
                let day = (day - BEFORE) as u16;
                (self.on(day), self.on(day - 1))
            }
            day @ AFTER_FIRST..=AFTER_LAST => {
                let day = (day - AFTER) as u16;
                (self.on(day), self.on(day + 1))
            }
            _ => self.compute(),
        };
        Occurrence {
            niche: Niche::Some,
            instant: utc.with_time(self.shared.utc_time).assume_utc(),
            local: local.with_time(self.shared.local_time),
            random_delay: self.shared.random_delay,
            trigger: self.shared.trigger,
            adjustment: self.shared.adjustment,
        }
    }

    /// The date of a day of the year, counted from 0.
    #[inline(always)]
    fn on(&self, day: u16) -> Date {
        self.shared.date.replace_ordinal(day + 1).unwrap_or(self.shared.date)
    }

    /// The times of the run, and its dates locally and in UTC, computed from the instant.
    #[inline(never)]
    fn compute(&mut self) -> (Date, Date) {
        let (local, utc) = shown(self.instant(), self.shared.offset);
        (self.shared.local_time, self.shared.utc_time) = (local.time(), utc.time());
        (local.date(), utc.date())
    }

    fn instant(&self) -> i64 {
        i64::from(self.window.first()) * self.shared.unit + self.shared.origin
    }

    /// Becomes a batch without successors: the runs of another's window up to an instant, at least one, which are
    /// removed there. The other one's runs are on days.
    #[inline(always)]
    fn split_off(&mut self, other: &mut Self, until: i64) {
        self.window = other.window;
        let days = (until - other.shared.origin) as u64 / DAY as u64;
        self.window.keep(days as i32);
        other.window.bits &= !self.window.bits;
        self.shared = other.shared;
        (self.rest, self.last, self.full) = (0, i32::MIN, i32::MIN);
    }

    /// The instant of the last run of the window.
    fn last_at(&self) -> i64 {
        i64::from(self.window.base + 63 - self.window.bits.leading_zeros() as i32) * self.shared.unit
            + self.shared.origin
    }

    /// Moves to the last run of the window; returns the number of remaining runs, including the current one.
    pub(super) fn skip(&mut self) -> u64 {
        let bits = self.window.bits;
        self.window.bits = (1_u64 << 63).unbounded_shr(bits.leading_zeros());
        bits.count_ones().into()
    }

    /// The instant of the current run.
    pub(super) fn at(&self) -> Option<i64> {
        (self.window.bits != 0).then(|| self.instant())
    }
}

/// The starts of one trigger.
pub(super) struct Starts<'t, Z> {
    finder: Finder<'t, Z>,
    cycle: Cycle,
    /// The first day not yet examined, and where its window or the preceding one starts.
    day: i32,
    base: i32,
}

impl<'t, Z: Zone> Starts<'t, Z> {
    /// From an instant on.
    pub(super) fn new(mut finder: Finder<'t, Z>, first: i64) -> Self {
        let days = finder.pattern.days;
        let (day, base) = days.base(finder.first_day(first)).unwrap_or((LAST_DAY + 1, LAST_DAY + 1));
        Self { day, base, cycle: days.cycle(), finder }
    }

    /// Continues after the days of a batch.
    fn go_on(&mut self, batch: &Batch) {
        (self.day, self.base) = (batch.last + 1, batch.window.base);
    }

    /// Moves to the next start between two instants, and includes those after it until the clock changes.
    pub(super) fn next(&mut self, batch: &mut Batch, first: i64, last: i64) -> bool {
        if batch.window.bits != 0 {
            self.go_on(batch);
        }
        let last = last.min(self.finder.end);
        let days = self.finder.pattern.days;
        while let Some(mut window) = days.window_from(self.cycle, self.base, self.day, LAST_DAY) {
            let day = window.first();
            (self.day, self.base) = (day + 1, window.base);
            match self.finder.start_on(day) {
                Some(at) if at > last => return false,
                Some(at) if at >= first => {
                    // The finder examines the period of the run.
                    self.finder.offset(at);
                    let last = self.finder.steady_until(day, last).min(LAST_DAY);
                    window.keep(last);
                    *batch = Batch::new(&mut self.finder, at, window, self.cycle, last);
                    return true;
                }
                _ => {}
            }
        }
        false
    }
}

/// One of several triggers without repetition: its starts, and the batch that contains the next one.
pub(super) struct Line<'t, Z> {
    starts: Starts<'t, Z>,
    batch: Batch,
    /// The next run; [`i64::MAX`] if there is none.
    pub(super) run: i64,
}

impl<'t, Z: Zone> Line<'t, Z> {
    /// The runs between two instants.
    pub(super) fn new(finder: Finder<'t, Z>, first: i64, last: i64) -> Self {
        let mut line = Self { starts: Starts::new(finder, first), batch: Batch::NONE, run: i64::MAX };
        if line.starts.next(&mut line.batch, first, last) {
            line.run = line.batch.at().unwrap_or(i64::MAX);
        }
        line
    }

    /// Takes the next run, and those after it in the same batch up to an instant. No run is after `last`.
    #[inline(always)]
    fn take(&mut self, taken: &mut Batch, until: i64, last: i64) {
        taken.split_off(&mut self.batch, until.max(self.run));
        if self.batch.window.bits != 0 || self.batch.step() {
            self.run = self.batch.instant();
        } else {
            self.turn(taken.last_at(), last);
        }
    }

    /// Moves to the run after the next, if there is one.
    #[inline(always)]
    pub(super) fn step(&mut self, last: i64) {
        if self.batch.step() {
            self.run = self.batch.instant();
        } else {
            self.turn(self.run, last);
        }
    }

    /// Moves to the first run between two instants that is after the batch.
    #[inline(never)]
    fn turn(&mut self, after: i64, last: i64) {
        self.starts.go_on(&self.batch);
        let found = self.starts.next(&mut self.batch, after + 1, last);
        self.run = if found { self.batch.instant() } else { i64::MAX };
    }
}

/// Several triggers without repetition.
pub(super) struct Lines<'t, Z> {
    lines: Vec<Line<'t, Z>>,
    /// The next run of each trigger and its index, in order.
    order: Vec<(i64, usize)>,
}

impl<'t, Z: Zone> Lines<'t, Z> {
    pub(super) fn new(lines: impl Iterator<Item = Line<'t, Z>>) -> Self {
        let lines: Vec<_> = lines.collect();
        let mut order: Vec<_> = lines.iter().enumerate().map(|(index, line)| (line.run, index)).collect();
        order.sort_unstable();
        Self { lines, order }
    }

    /// Moves to the next run of any trigger, up to an instant, and includes those in its batch that precede any
    /// other's.
    #[inline(always)]
    pub(super) fn next(&mut self, batch: &mut Batch, last: i64) -> bool {
        let Some((run, index)) = self.order.first().copied().filter(|(run, _)| *run <= last) else {
            return false;
        };
        let other = self.order.get(1).map_or(i64::MAX, |(other, _)| *other);
        let Some(line) = self.lines.get_mut(index) else { return false };
        line.take(batch, other.saturating_sub(1).min(last), last);
        let next = line.run;
        self.sort(next);
        // A single run for both.
        while let Some((_, index)) = self.order.first().copied().filter(|(other, _)| *other == run)
            && let Some(line) = self.lines.get_mut(index)
        {
            line.step(last);
            let next = line.run;
            self.sort(next);
        }
        true
    }

    /// Moves the first entry, whose trigger has this next run, to its place in the order.
    #[inline(always)]
    fn sort(&mut self, run: i64) {
        let [first, rest @ ..] = self.order.as_mut_slice() else { return };
        first.0 = run;
        let mut place = first;
        for next in rest {
            if *next > *place {
                break;
            }
            std::mem::swap(place, next);
            place = next;
        }
    }
}
