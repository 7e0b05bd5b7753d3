//! Repetitions of starts on few days of the year: finds the least remainder by blocks of years.
//!
//! A trigger on 15 January has 8,400 starts in the calendar, and the remainders of their distances modulo an interval
//! have no particular order. But they are sums. Let years start on 1 March, so that a leap day is the last day of its
//! year. Then, within any century, year y starts 365y + ⌊y/4⌋ days after the century, and a date is the same number
//! of days later in every year. So a start is the start of a block of years, plus a number of days that is the same
//! in all blocks, plus the distance of the start from its midnight. The remainder of the sum is the sum of the
//! remainders, minus the interval if it is exceeded.
//!
//! [`Blocks`] has the remainders of the days of a block, in order. For each block, the days that make the sum less than
//! the minimum so far are adjacent in that order, and usually there are none. A block therefore costs a table lookup,
//! and 84 centuries and the hundred years of one replace 8,400 starts.
//!
//! **Superset.** The days of a block are all those that the rule selects in any year: 29 February even in common
//! years, and each of the last seven days for a last Sunday. A day that improves the minimum so far is verified:
//! whether the rule selects that day, and when its start really happens. Only verified days count, so the result is
//! exact. A day whose start has another distance than assumed is used with its real distance, since it is a start
//! anyway.
//!
//! **Order.** The remainders are not sorted but put into buckets of equal width, each a chain of days. Within a
//! bucket, all are compared.

use super::{
    finder::{Finder, Part},
    question::Question,
    years::Years,
};
use crate::time::{
    Zone,
    calendar::{self, Civil},
    ticks::DAY,
};

/// The remainders of the days in a block of years.
pub(super) struct Blocks {
    /// The number of years in a block: a multiple of four. A century is a whole number of blocks.
    years: i32,
    /// The amount that each day adds to a remainder, and the next day in the chain.
    days: Vec<Day>,
    /// The first day in each bucket's chain.
    buckets: Vec<u32>,
    /// The number of low bits that do not affect the bucket.
    shift: u32,
}

/// A day of a block.
#[derive(Clone, Copy)]
struct Day {
    adds: i64,
    number: i32,
    next: u32,
}

/// The end of a chain.
const NONE: u32 = u32::MAX;

/// The best result so far, and where to search.
pub(super) struct Found<'q> {
    pub(super) question: &'q Question,
    pub(super) part: &'q Part,
    pub(super) years: &'q mut Years,
    /// Whether all starts are known to have the assumed distance.
    pub(super) certain: bool,
    /// The least remainder.
    pub(super) least: i64,
}

/// The lengths of blocks.
const LENGTHS: [i32; 3] = [4, 20, 100];

const _: () = assert!(LENGTHS[0] % 4 == 0 && LENGTHS[1] % 4 == 0 && LENGTHS[2] % 4 == 0);

/// The first day of a year that begins on 1 March.
pub(super) fn first_of(year: i32) -> i32 {
    calendar::day_number(Civil { year, month: 3, day: 1 })
}

/// The year, beginning on 1 March, of a day.
pub(super) fn year_of(day: i32) -> i32 {
    let Civil { year, month, .. } = calendar::civil(day);
    year - i32::from(month < 3)
}

/// How many days after 1 March a day is.
pub(super) fn day_of_year(day: i32) -> i32 {
    day - first_of(year_of(day))
}

/// The cheapest block length for the given numbers of days per year, distances and years, and the approximate number
/// of instructions.
pub(super) fn length(days: usize, distances: usize, years: i32) -> (i32, usize) {
    let cost = |length: i32| {
        let (entries, blocks) = (length as usize * days, (years / length) as usize + 1);
        500 + entries * 22 + blocks * distances * 50
    };
    let costs = LENGTHS.map(|length| (length, cost(length)));
    costs.into_iter().min_by_key(|(_, cost)| *cost).unwrap_or((100, usize::MAX))
}

impl Blocks {
    /// Creates blocks with the same days each year, counted from 1 March.
    pub(super) fn new(years: i32, days_of_year: &[i32], question: &Question) -> Self {
        let (common, leap) = (question.later(365), question.later(366));
        let number = days_of_year.len() * years.unsigned_abs() as usize;
        // Two to four times as many buckets as days, up to the number of remainders.
        let (bits, wanted) =
            (64 - question.interval.leading_zeros(), usize::BITS - number.leading_zeros() + 1);
        let shift = bits.saturating_sub(wanted);
        let mut buckets = vec![NONE; (question.interval >> shift) as usize + 1];
        let mut days = Vec::with_capacity(number);
        for first in days_of_year {
            let mut adds = question.later((*first).into());
            let mut number = *first;
            for _ in 0..years / 4 {
                for (length, later) in [(365, common), (365, common), (365, common), (366, leap)] {
                    let mut next = NONE;
                    if let Some(bucket) = buckets.get_mut((adds >> shift) as usize) {
                        next = std::mem::replace(bucket, days.len() as u32);
                    }
                    days.push(Day { adds, number, next });
                    number += length;
                    adds = question.sum(adds, later);
                }
            }
        }
        Self { years, days, buckets, shift }
    }

    /// Searches the starts of a part with a distance for one whose remainder is less than the minimum so far.
    pub(super) fn search<Z: Zone + ?Sized>(
        &self,
        finder: &mut Finder<'_, Z>,
        found: &mut Found<'_>,
        distance: i64,
        enough: i64,
    ) {
        let (question, days) = (found.question, &found.part.days);
        let mut year = year_of(*days.start()) / self.years * self.years;
        let last = year_of(*days.end());
        let mut first = first_of(year);
        let mut block = question.remainder(i64::from(first) * DAY + distance);
        // Without a leap day at the end, a block is a day shorter.
        let length = 365 * self.years + self.years / 4;
        let (long, short) = (question.later(length.into()), question.later((length - 1).into()));
        while year <= last && found.least > enough {
            // The sum of the block and a day is less than the minimum if it is close to 0 or to the interval.
            if block < found.least {
                self.check(finder, found, distance, (first, block), (0, found.least - 1 - block));
            }
            let to_zero = question.interval - block;
            let most = question.interval - 1 - (block - found.least).max(0);
            self.check(finder, found, distance, (first, -to_zero), (to_zero, most));
            year += self.years;
            // A multiple of four, and a century of 400 if it is one of 16.
            let leap = year % 25 != 0 || year % 16 == 0;
            first += length - i32::from(!leap);
            block = question.sum(block, if leap { long } else { short });
        }
    }

    /// Checks the days of a block that add an amount within a range. The amount added to each is given with the
    /// block's first day.
    #[inline(always)]
    fn check<Z: Zone + ?Sized>(
        &self,
        finder: &mut Finder<'_, Z>,
        found: &mut Found<'_>,
        distance: i64,
        (first, block): (i32, i64),
        (from, to): (i64, i64),
    ) {
        let range = (from >> self.shift) as usize..=(to >> self.shift) as usize;
        for bucket in self.buckets.get(range).unwrap_or_default() {
            let mut index = *bucket;
            while let Some(day) = self.days.get(index as usize) {
                // A sum beyond the largest number is negative here, and no remainder either.
                if (day.adds.wrapping_add(block) as u64) < found.least as u64 {
                    found.confirm(finder, first + day.number, distance);
                }
                index = day.next;
            }
        }
    }
}

impl Found<'_> {
    /// Uses the remainder of a day's start with an assumed distance, if it is the minimum so far.
    #[inline(never)]
    fn confirm<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, day: i32, distance: i64) {
        let Finder { pattern, .. } = finder;
        if !self.part.days.contains(&day) || day < pattern.first_day || !pattern.days.has(day) {
            return;
        }
        let known = if self.certain { Some(distance) } else { self.years.start_on(finder, self.part, day).0 };
        if let Some(distance) = known {
            let at = i64::from(day) * DAY + distance;
            if self.question.includes(at) {
                self.least = self.least.min(self.question.remainder(at));
            }
        }
    }
}
