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
//! **Order.** The remainders are not sorted but put into buckets of equal width, in two passes. Within a bucket, each is
//! compared.

use super::{finder::Finder, question::Question};
use crate::time::{
    Zone,
    calendar::{self, Civil},
    ticks::DAY,
};
use std::ops::RangeInclusive;

/// The remainders of the days of a block of years.
pub(super) struct Blocks {
    /// How many years a block has; a century has a whole number of blocks.
    years: i32,
    /// What each day, counted from the block's first, adds to a remainder: by buckets.
    days: Vec<(i64, i32)>,
    /// Where each bucket begins, and the end of the last.
    buckets: Vec<u32>,
    /// The least of what is added, and how many bits of the rest do not matter to the bucket.
    least: i64,
    shift: u32,
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
        1000 + entries * 50 + blocks * distances * 60
    };
    let costs = LENGTHS.map(|length| (length, cost(length)));
    costs.into_iter().min_by_key(|(_, cost)| *cost).unwrap_or((100, usize::MAX))
}

impl Blocks {
    /// Blocks of some years of the same days each year, counted from 1 March.
    pub(super) fn new(years: i32, days_of_year: &[i32], question: &Question) -> Self {
        let (common, leap) = (question.later(365), question.later(366));
        let mut entries = Vec::with_capacity(days_of_year.len() * years.unsigned_abs() as usize);
        let (mut least, mut most) = (i64::MAX, 0);
        for day in days_of_year {
            let mut adds = question.later((*day).into());
            entries.extend((0..years).map(|year| {
                let entry = (adds, 365 * year + year / 4 + day);
                (least, most) = (least.min(adds), most.max(adds));
                adds = question.sum(adds, if year % 4 == 3 { leap } else { common });
                entry
            }));
        }
        // About as many buckets as entries.
        let bits = 64 - most.abs_diff(least).leading_zeros();
        let wanted = usize::BITS - entries.len().leading_zeros();
        let shift = bits.saturating_sub(wanted);
        let last = (most.abs_diff(least) >> shift) as usize;
        let days = vec![(0, 0); entries.len()];
        let mut blocks = Self { years, days, buckets: vec![0; last + 2], least, shift };
        // Count, add up, and put each where its bucket has room: from its end downwards, so that its beginning is left.
        for (adds, _) in &entries {
            let bucket = blocks.bucket(*adds);
            if let Some(count) = blocks.buckets.get_mut(bucket) {
                *count += 1;
            }
        }
        let mut end = 0;
        for count in &mut blocks.buckets {
            end += *count;
            *count = end;
        }
        for entry in entries {
            let bucket = blocks.bucket(entry.0);
            let Some(end) = blocks.buckets.get_mut(bucket) else { continue };
            *end = end.saturating_sub(1);
            if let Some(place) = blocks.days.get_mut(*end as usize) {
                *place = entry;
            }
        }
        blocks
    }

    /// The bucket of what is added: the greater, the later, or the same.
    #[inline(always)]
    fn bucket(&self, adds: i64) -> usize {
        (adds.abs_diff(self.least) >> self.shift) as usize
    }

    /// The days whose additions are from one to another, and maybe others.
    #[inline(always)]
    fn between(&self, from: i64, to: i64) -> &[(i64, i32)] {
        if to < self.least {
            return &[];
        }
        let last = self.buckets.len() - 2;
        let begin = self.bucket(from.max(self.least)).min(last + 1);
        let end = self.bucket(to).min(last) + 1;
        match (self.buckets.get(begin), self.buckets.get(end)) {
            (Some(begin), Some(end)) => self.days.get(*begin as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The least remainder, if it is less than another one, of the starts on some days with a distance.
    pub(super) fn search<Z: Zone + ?Sized>(
        &self,
        finder: &mut Finder<'_, Z>,
        question: &Question,
        days: &RangeInclusive<i32>,
        distance: i64,
        mut least: i64,
        enough: i64,
    ) -> i64 {
        let mut year = year_of(*days.start()) / self.years * self.years;
        let last = year_of(*days.end());
        let mut first = first_of(year);
        let mut block = question.remainder(i64::from(first) * DAY + distance);
        // Without a leap day at the end, a block is a day shorter.
        let length = 365 * self.years + self.years / 4;
        let (long, short) = (question.later(length.into()), question.later((length - 1).into()));
        while year <= last && least > enough {
            // What the block and a day add up to is below the least so far from 0 on, or from the interval on.
            if block < least {
                let entries = self.between(0, least - 1 - block);
                least = check(finder, question, days, entries, distance, (first, block), least);
            }
            let to_zero = question.interval - block;
            let entries = self.between(to_zero, to_zero.saturating_add(least - 1));
            least = check(finder, question, days, entries, distance, (first, -to_zero), least);
            year += self.years;
            let leap = calendar::is_leap(year);
            first += length - i32::from(!leap);
            block = question.sum(block, if leap { long } else { short });
        }
        least
    }
}

/// The least remainder of those of a block's days that are right, or another one that is less. What is added to each is
/// given with the block's first day.
#[inline(always)]
fn check<Z: Zone + ?Sized>(
    finder: &mut Finder<'_, Z>,
    question: &Question,
    days: &RangeInclusive<i32>,
    entries: &[(i64, i32)],
    distance: i64,
    (first, block): (i32, i64),
    mut least: i64,
) -> i64 {
    for (adds, day) in entries {
        let remainder = adds.saturating_add(block);
        if (0..least).contains(&remainder) {
            least = confirm(finder, question, days, first + day, distance, least);
        }
    }
    least
}

#[inline(never)]
fn confirm<Z: Zone + ?Sized>(
    finder: &mut Finder<'_, Z>,
    question: &Question,
    days: &RangeInclusive<i32>,
    day: i32,
    distance: i64,
    least: i64,
) -> i64 {
    let Finder { pattern, .. } = finder;
    // Whatever the distance, a start is not much later or earlier.
    let near = i64::from(day) * DAY + distance;
    let far =
        near < question.oldest.saturating_sub(3 * DAY) || near > question.newest.saturating_add(3 * DAY);
    if far || !days.contains(&day) || day < pattern.first_day || !pattern.days.has(day) {
        return least;
    }
    match finder.start_on(day) {
        Some(at) if question.includes(at) => least.min(question.remainder(at)),
        _ => least,
    }
}
