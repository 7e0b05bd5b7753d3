//! The days on which a trigger runs: calendar rules in closed form, on day numbers
//! ([`calendar`](crate::time::calendar)).
//!
//! All queries about days are answered without enumerating them: the first selected day from a given day, the last up
//! to a given day, and the number in between. Day 0 is Monday, 1 January 1601, so the weekday of a day is its number
//! modulo 7.
//!
//! **Days and weeks.** The days of a rule for every nth day are an arithmetic progression. A rule for every nth week
//! has a progression of weeks, each with the same days as 7 bits; a shift makes weeks start at multiples of 7. The
//! next and previous day are a division, and the lowest or highest remaining bit of the week.
//!
//! **Months.** [`MonthDays`] has the selected days of a month as bits, and moves from month to month. Rules that
//! select no day are detected beforehand ([`Days::any`]).
//!
//! **Windows.** To enumerate days, up to 64 are computed at once, as bits ([`Window`]). For daily and weekly rules
//! the whole pattern recurs after a number of days ([`Cycle`]), and the next window is the same, shifted; for months
//! it is the next selected month.
//!
//! **Counting** is a division for days and weeks; [`MonthDays::count`] adds up whole years.

use super::months::MonthDays;
use crate::time::calendar::{self, Civil, LAST_DAY};

/// A rule for days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Days {
    /// One day.
    Once(i32),
    /// Every nth day, starting with the first.
    Every { first: i32, interval: i32 },
    /// Days of the week, in every nth week.
    Weekly {
        /// Bits by the position in the week.
        days: u8,
        interval: i32,
        /// Added to a day's number so that weeks start at multiples of 7.
        shift: i32,
        /// The first selected week.
        week: i32,
    },
    /// Days of the month, by number or by week.
    Monthly { days: MonthDays, months: u16 },
    /// Up to 64 days, starting with one, as bits.
    Listed { first: i32, days: u64 },
}

impl Days {
    /// Days of the week in every nth week, starting with that of a day.
    pub(super) fn weekly(days: u8, interval: i32, shift: i32, day: i32) -> Self {
        Self::Weekly { days, interval, shift, week: (day.saturating_add(shift)).div_euclid(7) }
    }

    /// Whether any day is selected.
    pub(super) fn any(self) -> bool {
        match self {
            Self::Once(_) => true,
            Self::Every { interval, .. } => interval > 0,
            Self::Weekly { days, interval, .. } => days != 0 && interval > 0,
            Self::Monthly { days, months } => (1..=12).any(|m| months >> (m - 1) & 1 != 0 && days.ever_in(m)),
            Self::Listed { days, .. } => days != 0,
        }
    }

    /// The first selected day, from a given day on.
    #[inline]
    pub(super) fn next(self, from: i32) -> Option<i32> {
        let from = from.max(0);
        if from > LAST_DAY {
            return None;
        }
        let found = match self {
            Self::Once(day) => (from <= day).then_some(day),
            Self::Every { first, interval } if from > first => {
                let past = (from - first + interval - 1) / interval;
                first.checked_add(past.checked_mul(interval)?)
            }
            Self::Every { first, .. } => Some(first),
            Self::Weekly { days, interval, shift, week } => {
                let from = from.max(week * 7 - shift) + shift;
                let (this, position) = (from / 7, from % 7);
                let ahead = (interval - (this - week) % interval) % interval;
                let rest = if ahead == 0 { u32::from(days) >> position } else { 0 };
                Some(if rest != 0 {
                    from + rest.trailing_zeros() as i32 - shift
                } else {
                    let ahead = if ahead == 0 { interval } else { ahead };
                    (this + ahead) * 7 + days.trailing_zeros() as i32 - shift
                })
            }
            Self::Monthly { days, months } => days.next(months, from),
            Self::Listed { first, days } => {
                let skipped = (from - first).max(0);
                let rest = days.checked_shr(skipped as u32).unwrap_or(0);
                (rest != 0).then(|| first + skipped + rest.trailing_zeros() as i32)
            }
        };
        found.filter(|day| *day <= LAST_DAY)
    }

    /// The last selected day, up to a given day.
    pub(super) fn previous(self, until: i32) -> Option<i32> {
        let until = until.min(LAST_DAY);
        let found = match self {
            Self::Once(day) => (day <= until).then_some(day),
            Self::Every { first, interval } => (first <= until).then(|| until - (until - first) % interval),
            Self::Weekly { days, interval, shift, week } => {
                let (this, position) = ((until + shift).div_euclid(7), (until + shift).rem_euclid(7));
                let late = (this - week).rem_euclid(interval);
                let so_far = if late == 0 { days & (0x7F >> (6 - position)) } else { 0 };
                let (week_of, days) = match (so_far, late) {
                    (0, 0) => (this - interval, days),
                    (0, late) => (this - late, days),
                    (days, _) => (this, days),
                };
                let highest = 7 - days.leading_zeros() as i32;
                (week_of >= week).then(|| week_of * 7 + highest - shift)
            }
            Self::Monthly { days, months } => days.previous(months, until),
            Self::Listed { first, days } => {
                let kept = (until - first + 1).clamp(0, 64) as u32;
                let so_far = if kept == 64 { days } else { days & ((1 << kept) - 1) };
                (so_far != 0).then(|| first + 63 - so_far.leading_zeros() as i32)
            }
        };
        found.filter(|day| *day >= 0)
    }

    /// Arithmetic progressions that cover all selected days up to a given day: the last day of each, and the
    /// interval. For a rule for days of the month these are all days, or those with its weekdays; listed days have
    /// none.
    pub(super) fn progressions(self, until: i32) -> impl Iterator<Item = (i32, i64)> {
        let until = until.min(LAST_DAY);
        // Days with the same weekday.
        let weekdays = match self {
            Self::Monthly { days: MonthDays::Weekdays { days, .. }, .. } if days.count_ones() <= 3 => days,
            _ => 0,
        };
        let (count, step) = match self {
            Self::Every { interval, .. } => (1, i64::from(interval)),
            Self::Weekly { days, interval, .. } => (days.count_ones() as usize, 7 * i64::from(interval)),
            Self::Monthly { .. } if weekdays != 0 => (weekdays.count_ones() as usize, 7),
            Self::Monthly { .. } => (1, 1),
            Self::Once(_) | Self::Listed { .. } => (0, 1),
        };
        let previous = move |day: i32| match self {
            Self::Monthly { .. } if weekdays != 0 => {
                (day - 6..=day).rev().find(|day| weekdays >> calendar::weekday(*day) & 1 != 0)
            }
            Self::Monthly { .. } => Some(day),
            _ => self.previous(day),
        };
        // The last few days represent the progressions.
        let days = std::iter::successors(previous(until), move |day| previous(day - 1));
        days.take(count).map(move |day| (day, step))
    }

    /// Whether a day in one of the progressions is selected.
    #[inline(always)]
    pub(super) fn counts(self, day: i32) -> bool {
        match self {
            Self::Monthly { days, months } => days.has(months, day),
            _ => true,
        }
    }

    /// Whether a day is selected.
    pub(super) fn has(self, day: i32) -> bool {
        match self {
            Self::Monthly { days, months } => days.has(months, day),
            _ => self.next(day) == Some(day),
        }
    }

    /// For a rule for days of the month, the number of days selected in any year.
    pub(super) fn number_of_any_year(self) -> Option<usize> {
        let Self::Monthly { days, months } = self else { return None };
        Some((1..=12).map(|month| days.in_any_year(months, month).count_ones() as usize).sum())
    }

    /// For a rule for days of the month, the days selected in any year, counted from 1 March.
    pub(super) fn of_any_year(self) -> Vec<i32> {
        let Self::Monthly { days, months } = self else { return Vec::new() };
        let mut found = Vec::with_capacity(self.number_of_any_year().unwrap_or(0));
        // March of one year to February of the next.
        for (n, month) in (0..).zip([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2]) {
            let (first, mut bits) = ((153 * n + 2) / 5, days.in_any_year(months, month));
            while bits != 0 {
                found.push(first + bits.trailing_zeros() as i32);
                bits &= bits - 1;
            }
        }
        found
    }

    /// A rule that selects the same days and more, and depends only on the weekday and the position within the year.
    pub(super) fn of_any_week(self) -> Self {
        match self {
            Self::Every { interval, .. } if interval % 7 != 0 => Self::Every { first: 0, interval: 1 },
            // The shift makes weeks begin at a Monday, day 0.
            Self::Every { first, .. } => {
                Self::Weekly { days: 1 << first.rem_euclid(7), interval: 1, shift: 0, week: 0 }
            }
            Self::Weekly { days, shift, .. } => Self::Weekly { days, interval: 1, shift, week: 0 },
            Self::Once(_) | Self::Monthly { .. } | Self::Listed { .. } => self,
        }
    }

    /// The number of selected days from one day to another, both included.
    pub(super) fn count(self, from: i32, until: i32) -> u64 {
        if let Self::Monthly { days, months } = self {
            return days.count(months, from.max(0), until.min(LAST_DAY));
        }
        let (Some(first), Some(last)) = (self.next(from), self.previous(until)) else { return 0 };
        if first > last {
            return 0;
        }
        let between = |days: i32| u64::try_from(days).unwrap_or(0);
        match self {
            Self::Once(_) => 1,
            Self::Every { interval, .. } => between((last - first) / interval) + 1,
            Self::Weekly { days, interval, shift, .. } => {
                let (low, high) = (first + shift, last + shift);
                let cycles = (high / 7 - low / 7) / interval;
                let ones = |bits: u8| u64::from(bits.count_ones());
                // All selected days in selected weeks, minus those before the first day and after the last.
                let before = days & !(0x7F << (low % 7));
                let after = days & (0x7E << (high % 7));
                ones(days) * (between(cycles) + 1) - ones(before) - ones(after)
            }
            // Counted above.
            Self::Monthly { .. } => 0,
            Self::Listed { first: base, days } => {
                let mut day = first;
                let mut count = 0;
                while day <= last {
                    count += u64::from(days >> (day - base) & 1 != 0);
                    day += 1;
                }
                count
            }
        }
    }
}

/// Selected days, up to 64 days from a given day: those in a cycle, or in a month.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// The day of bit 0 of `bits`.
    pub(super) base: i32,
    pub(super) bits: u64,
    /// The day after the examined ones.
    pub(super) next: i32,
}

/// The recurring days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cycle {
    pub(super) bits: u64,
    /// The number of days until they recur.
    pub(super) length: i32,
}

impl Cycle {
    /// Nothing recurs within the calendar.
    pub(super) const NONE: Self = Self { bits: 0, length: LAST_DAY + 1 };
}

impl Days {
    /// As many whole periods as fit into 64 days, or a single one.
    pub(super) fn cycle(self) -> Cycle {
        let (bits, period) = match self {
            Self::Every { interval, .. } => (1, interval),
            Self::Weekly { days, interval, .. } => (u64::from(days), interval.saturating_mul(7)),
            Self::Once(_) | Self::Monthly { .. } | Self::Listed { .. } => return Cycle::NONE,
        };
        let period = period.clamp(1, Cycle::NONE.length);
        let times = (64 / period).max(1);
        let bits = (0..times).fold(0, |all, n| all | bits << (n * period));
        Cycle { bits, length: times * period }
    }

    /// The first selected day from a given day, and where its window starts.
    pub(super) fn base(self, from: i32) -> Option<(i32, i32)> {
        let first = self.next(from)?;
        let base = match self {
            Self::Once(_) | Self::Every { .. } => first,
            Self::Weekly { shift, .. } => first - (first + shift) % 7,
            Self::Monthly { .. } => first + 1 - i32::from(calendar::civil(first).day),
            Self::Listed { first: base, .. } => base,
        };
        Some((first, base))
    }

    /// The first selected days between two days, searched from a window that starts at `base`. `cycle` is from
    /// [`Days::cycle`].
    #[inline]
    pub(super) fn window_from(self, cycle: Cycle, mut base: i32, from: i32, last: i32) -> Option<Window> {
        while base <= last {
            let mut window = self.whole(cycle, base);
            window.bits &= u64::MAX.unbounded_shl((from - base).max(0) as u32);
            window.keep(last);
            if window.bits != 0 {
                return Some(window);
            }
            base = window.next;
        }
        None
    }

    /// The window that starts at a day.
    fn whole(self, cycle: Cycle, base: i32) -> Window {
        let (bits, length) = match self {
            Self::Once(_) => (1, cycle.length),
            Self::Every { .. } | Self::Weekly { .. } => (cycle.bits, cycle.length),
            Self::Monthly { days, months } => {
                let Civil { year, month, .. } = calendar::civil(base);
                let counts = months >> (month - 1) & 1 != 0;
                let bits = if counts { days.in_month(year, month).into() } else { 0 };
                (bits, calendar::month_length(year, month).into())
            }
            Self::Listed { days, .. } => (days, cycle.length),
        };
        Window { base, bits, next: base + length }
    }
}

impl Window {
    /// The first selected day.
    #[inline(always)]
    pub(super) fn first(&self) -> i32 {
        self.base + self.bits.trailing_zeros() as i32
    }

    /// The bits of the other selected days.
    #[inline(always)]
    pub(super) fn rest(&self) -> u64 {
        self.bits & self.bits.wrapping_sub(1)
    }

    /// Removes the days after a given day.
    #[inline(always)]
    pub(super) fn keep(&mut self, last: i32) {
        let left_out = (self.base + 63 - last).max(0) as u32;
        self.bits &= u64::MAX.unbounded_shr(left_out);
    }
}

/// Enumerates the selected days, cheaply, since many are computed together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    days: Days,
    cycle: Cycle,
    window: Window,
    /// Where to search for the first.
    from: Option<i32>,
}

impl Walk {
    pub(super) fn new(days: Days) -> Self {
        let window = Window { base: 0, bits: 0, next: LAST_DAY + 1 };
        Self { days, cycle: days.cycle(), window, from: None }
    }

    /// Continues from a day.
    pub(super) fn go(&mut self, from: i32) {
        *self =
            Self { from: Some(from), window: Window { bits: 0, next: LAST_DAY + 1, ..self.window }, ..*self };
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<i32> {
        if self.window.bits == 0 {
            self.turn()?;
        }
        let day = self.window.first();
        self.window.bits = self.window.rest();
        Some(day)
    }

    #[inline(never)]
    fn turn(&mut self) -> Option<()> {
        let (from, base) = match self.from.take() {
            Some(from) => self.days.base(from)?,
            None => (self.window.next, self.window.next),
        };
        self.window = self.days.window_from(self.cycle, base, from, LAST_DAY)?;
        Some(())
    }
}
