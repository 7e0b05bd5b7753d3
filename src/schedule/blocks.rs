//! Repetitions of starts on few days of the year: the least remainder by blocks of years.
//!
//! A trigger of 15 January has 8,400 starts in the calendar, and the remainders of their distances by an interval are in no
//! order. But they are sums. Let years begin on 1 March, so that a leap day is the last day of its year. Then, within a
//! century, year y begins 365y + ⌊y/4⌋ days after the century, whichever century it is, and a date is as many days after
//! that in every year. So a start is the beginning of a block of years, plus a number of days that all blocks have in
//! common, plus the distance of the start from its midnight; and the remainder of the sum is the sum of the remainders,
//! less the interval where it is reached.
//!
//! [`Blocks`] has the remainders of the days of one block, in order. For each block, the days that bring the sum to less
//! than the least so far lie next to one another in that order, and mostly there are none: a block costs a look into a
//! table, and 84 centuries and the hundred years of one take the place of 8,400 starts.
//!
//! **Superset.** The days of a block are all that the rule has in any year: 29 February also in common years, and for the
//! last Sunday each of the last seven days. What improves the least remainder so far is asked whether it is right: whether
//! the rule counts that day, and when its start really happens. Only that is taken, so the answer is exact. A day whose
//! start has another distance than was supposed is taken with that one, for it is a start all the same.
//!
//! **Order.** The remainders are not sorted but put into buckets of equal width, each a chain of days. Within a bucket, each
//! is compared.

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

/// The remainders of the days of a block of years.
pub(super) struct Blocks {
    /// How many years a block has; a century has a whole number of blocks.
    years: i32,
    /// What each day, counted from the block's first, adds to a remainder, and which one is next in the chain.
    days: Vec<Day>,
    /// The first of each bucket's chain.
    buckets: Vec<u32>,
    /// How many bits of what is added do not matter to the bucket.
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

/// What was found so far, and where it is looked for.
pub(super) struct Found<'q> {
    pub(super) question: &'q Question,
    pub(super) part: &'q Part,
    pub(super) years: &'q mut Years,
    /// Whether all starts have the distance that is supposed.
    pub(super) certain: bool,
    /// The least remainder.
    pub(super) least: i64,
}

/// The lengths of blocks.
const LENGTHS: [i32; 3] = [4, 20, 100];

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

/// The length of blocks that costs least for some days a year, some distances and some years; and about how many
/// instructions that takes.
pub(super) fn length(days: usize, distances: usize, years: i32) -> (i32, usize) {
    let cost = |length: i32| {
        let (entries, blocks) = (length as usize * days, (years / length) as usize + 1);
        500 + entries * 22 + blocks * distances * 50
    };
    let costs = LENGTHS.map(|length| (length, cost(length)));
    costs.into_iter().min_by_key(|(_, cost)| *cost).unwrap_or((100, usize::MAX))
}

impl Blocks {
    /// Blocks of some years of the same days each year, counted from 1 March.
    pub(super) fn new(years: i32, days_of_year: &[i32], question: &Question) -> Self {
        let (common, leap) = (question.later(365), question.later(366));
        let number = days_of_year.len() * years.unsigned_abs() as usize;
        // Two to four times as many buckets as days, as far as the interval has so many remainders.
        let (bits, wanted) =
            (64 - question.interval.leading_zeros(), usize::BITS - number.leading_zeros() + 1);
        let shift = bits.saturating_sub(wanted);
        let mut buckets = vec![NONE; (question.interval >> shift) as usize + 1];
        let mut days = Vec::with_capacity(number);
        for first in days_of_year {
            let mut adds = question.later((*first).into());
            let mut number = *first;
            for year in 0..years {
                let mut next = NONE;
                if let Some(bucket) = buckets.get_mut((adds >> shift) as usize) {
                    next = std::mem::replace(bucket, days.len() as u32);
                }
                days.push(Day { adds, number, next });
                let is_leap = year % 4 == 3;
                number += 365 + i32::from(is_leap);
                adds = question.sum(adds, if is_leap { leap } else { common });
            }
        }
        Self { years, days, buckets, shift }
    }

    /// Looks among the starts of a part with a distance for one whose remainder is less than the least so far.
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
            // What the block and a day add up to is below the least so far from 0 on, or from the interval on.
            if block < found.least {
                self.check(finder, found, distance, (first, block), (0, found.least - 1 - block));
            }
            let to_zero = question.interval - block;
            let most = to_zero.saturating_add(found.least - 1).min(question.interval - 1);
            self.check(finder, found, distance, (first, -to_zero), (to_zero, most));
            year += self.years;
            let leap = calendar::is_leap(year);
            first += length - i32::from(!leap);
            block = question.sum(block, if leap { long } else { short });
        }
    }

    /// Looks at the days of a block that add an amount from one to another. What is added to each is given with the block's
    /// first day.
    #[inline(always)]
    fn check<Z: Zone + ?Sized>(
        &self,
        finder: &mut Finder<'_, Z>,
        found: &mut Found<'_>,
        distance: i64,
        (first, block): (i32, i64),
        (from, to): (i64, i64),
    ) {
        let mut bucket = from >> self.shift;
        while bucket <= to >> self.shift {
            let mut index = self.buckets.get(bucket as usize).copied().unwrap_or(NONE);
            while let Some(day) = self.days.get(index as usize) {
                if (0..found.least).contains(&day.adds.saturating_add(block)) {
                    found.confirm(finder, first + day.number, distance);
                }
                index = day.next;
            }
            bucket += 1;
        }
    }
}

impl Found<'_> {
    /// Takes the remainder of a day's start, which is supposed to have a distance, if it is the least so far.
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
