//! The days whose starts may have a given distance, in the order of their remainders.

use super::{
    finder::{Finder, Part},
    question::Question,
    remainder::Ascending,
    years::Years,
};
use crate::time::{
    Zone,
    calendar::CYCLE,
    ticks::{DAY, day_of},
};
use std::ops::RangeInclusive;

/// Days whose starts may have a given distance.
pub(super) struct Candidates {
    /// The time from a day's midnight, taken as UTC, to its start.
    distance: i64,
    /// The part of the calendar that contains the days, and whether all its years are alike.
    part: Part,
    /// The days known to have the same distance as the last examined day.
    alike: RangeInclusive<i32>,
    /// The last day, the interval between the days, and their number.
    last: i64,
    step: i64,
    count: i64,
    ascending: Ascending,
}

impl Candidates {
    /// The progressions of a pattern's days in a part of the calendar, for the starts of a question.
    pub(super) fn all<Z: Zone + ?Sized>(
        finder: &Finder<'_, Z>,
        distance: i64,
        part: &Part,
        question: &Question,
    ) -> impl Iterator<Item = Self> {
        let (part, days) = (part.clone(), &part.days);
        let oldest = question.oldest.saturating_sub(distance).saturating_add(DAY - 1).div_euclid(DAY);
        let oldest = oldest.max((*days.start()).into());
        let newest = day_of(question.newest.saturating_sub(distance)).min(*days.end());
        let progressions = finder.pattern.days.progressions(newest);
        progressions.filter(move |(last, _)| i64::from(*last) >= oldest).map(move |(last, step)| {
            let last = i64::from(last);
            let count = (last - oldest) / step + 1;
            let first = question.remainder(last * DAY + distance);
            let ascending = Ascending::new(first, question.later(-step), question.interval, count);
            Self { distance, part: part.clone(), alike: 0..=0, last, step, count, ascending }
        })
    }

    /// The remainder; [`i64::MAX`] if there are no more.
    pub(super) fn value(&self) -> i64 {
        self.ascending.value
    }

    /// The day with this index.
    fn day(&self, index: i64) -> i32 {
        // Within the calendar, like all days.
        (self.last - index * self.step) as i32
    }

    /// Whether a start has the remainder. Counts those that do not, up to a limit: unselected days only for rules for
    /// months, and a run of starts known to have another distance as one.
    pub(super) fn is_right<Z: Zone + ?Sized>(
        &mut self,
        finder: &mut Finder<'_, Z>,
        years: &mut Years,
        wrong: &mut usize,
        limit: usize,
    ) -> bool {
        let period = self.ascending.period;
        let mut index = self.ascending.index;
        loop {
            let day = self.day(index);
            let counts = finder.pattern.days.counts(day);
            if counts {
                let (distance, alike) = years.start_on(finder, &self.part, day);
                self.alike = alike;
                if distance == Some(self.distance) {
                    return true;
                }
            }
            *wrong += 1;
            if period >= self.count - index || *wrong >= limit {
                return false;
            }
            index += period;
            if counts {
                let skipped = self.moves(day, period.saturating_mul(self.step)) - 1;
                index = index.saturating_add(period.saturating_mul(skipped));
                if index >= self.count {
                    return false;
                }
            }
        }
    }

    /// Moves to the next remainder that may be right, if any.
    pub(super) fn next<Z: Zone + ?Sized>(&mut self, finder: &Finder<'_, Z>) {
        let day = self.day(self.ascending.index);
        // If several days have this remainder, each may be wrong for a different reason.
        let single = self.count <= self.ascending.period && finder.pattern.days.counts(day);
        let mut ascending = self.ascending;
        let more = ascending.next(|distance| if single { self.moves(day, distance * self.step) } else { 1 });
        self.ascending = ascending;
        if !more {
            self.ascending.value = i64::MAX;
        }
    }

    /// How many times a number of days must be subtracted from or added to the last examined day before the result
    /// may be right; at least once.
    fn moves(&self, day: i32, difference: i64) -> i64 {
        /// The largest deviation of a day of the year from its average position: between years, and between 28 and 29
        /// February; also the number of days that can contain the nth weekday of a month.
        const IRREGULAR: i64 = 5;
        const WEEK: i64 = 7;
        if difference >= CLOSE && shift(difference) > MOST {
            return 1;
        }
        let distance_to = |other: i32| (i64::from(day) - i64::from(other)).abs();
        let (first, last) = self.alike.clone().into_inner();
        let in_a_row = distance_to(first).min(distance_to(last)) / difference + 1;
        let (first, last) = (first.max(*self.part.days.start()), last.min(*self.part.days.end()));
        let room = distance_to(first).min(distance_to(last)) - IRREGULAR - WEEK;
        in_a_row.max(match shift(difference) {
            shift if !self.part.yearly || room < 0 || shift > MOST => 1,
            0 => i64::MAX,
            shift => room * 400 / shift + 1,
        })
    }
}

/// Days that may all be between two clock changes.
const CLOSE: i64 = 366;

/// The largest shift of the position within the year that is worth computing, in 400ths of a day.
const MOST: i64 = 16 * 400;

/// The shift of the position within the year for a number of days, in 400ths of a day.
fn shift(difference: i64) -> i64 {
    let cycle = i64::from(CYCLE);
    let shift = 400 * (difference % cycle) % cycle;
    shift.min(cycle - shift)
}
