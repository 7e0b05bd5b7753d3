//! Repetitions of many starts at once: which of them has a run nearest to an instant.
//!
//! A repetition may outlast thousands of further starts: daily from 1601 on, every 44,639 minutes for 8,000 years. Then
//! every day's start has its own series of runs, and the next run is that of the start whose distance to the instant has
//! the least remainder by the interval. Going through three million starts is out of the question, and going through the
//! zone's 16,000 periods still takes milliseconds.
//!
//! **Candidates.** A start is a whole number of days away from the calendar's first midnight, plus a distance: the
//! trigger's time of day less the zone's offset, or the end of a gap. A zone has few offsets and changes its clock at few
//! times of day ([`Changes`]), so there are few distances. For each distance the starts are some of an arithmetic
//! progression: of every n days for daily triggers, of every n weeks for each weekday of weekly ones, of all
//! days for monthly ones.
//!
//! **Search.** [`Ascending`] gives the remainders of a progression from the least upwards, in a few steps each. Of all
//! progressions the one with the least remainder is asked whether it is right: whether the trigger counts that day, and
//! whether the start of that day really has that distance. The first that is right is the answer, and nothing smaller was
//! left out, so the answer is exact. How many are wrong depends on how rare the trigger's days are among the days of the
//! progression, and not on the number of starts: two or three where the clock is changed twice a year, about thirty for a
//! day of the month, some hundred for a day of the year.
//!
//! **Shortcuts.** The nearest few starts are looked at one by one, which suffices for ordinary repetitions. Every
//! remainder is as far from a multiple of what the interval and a day have in common as its distance says: once that bound
//! is reached, which an interval that divides the day does at once, nothing is searched.
//!
//! **Resonance.** Candidates of the same remainder, or of neighbouring remainders, may be years apart to the day, so that
//! all of them are wrong if one is: 1 July again and again for a trigger of January. [`Candidates::moves`] leaves out as many of
//! them as cannot have come near the right days of the year.
//!
//! **Which distances occur.** A trigger of January may have millions of candidates by the clock of July, all of them wrong.
//! After a few such candidates in years that follow the same rules, 28 years show which distances occur at all.
//!
//! A zone that does not list its changes has them collected period by period.

use super::{
    days::Days,
    finder::{Finder, Start},
    remainder::{Ascending, common_divisor},
};
use crate::time::{
    Zone,
    calendar::{CYCLE, LAST_DAY},
    ticks::{DAY, day_of},
};
use std::ops::RangeInclusive;

/// What a start's distance is measured to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nearest {
    /// From the instant on.
    From(i64),
    /// Up to the instant.
    Until(i64),
}

impl Nearest {
    /// How far the nearest run of a start's endless repetition is.
    fn distance(self, start: i64, interval: i64) -> i64 {
        match self {
            Self::From(instant) => (start - instant).rem_euclid(interval),
            Self::Until(instant) => (instant - start).rem_euclid(interval),
        }
    }

    /// By how much the distance grows if the start is a number of days earlier.
    fn step(self, days: i64, interval: i64) -> i64 {
        match self {
            Self::From(_) => (-days * DAY).rem_euclid(interval),
            Self::Until(_) => (days * DAY).rem_euclid(interval),
        }
    }
}

/// The number of starts that are looked at one by one.
const FEW: usize = 4;

/// The same where the zone does not list its changes.
const MANY: usize = 2048;

/// After so many starts of another distance it is asked which distances occur.
const SUSPICIOUS: i32 = 16;

/// How far the nearest run is among those of the starts from the oldest to this one, each repeated indefinitely.
pub(super) fn nearest<Z: Zone + ?Sized>(
    finder: &mut Finder<'_, Z>,
    last: Start,
    oldest: i64,
    interval: i64,
    to: Nearest,
) -> Option<i64> {
    let few = match finder.pattern.days {
        Days::Once(_) | Days::Listed { .. } => usize::MAX,
        _ if finder.lists_changes() => FEW,
        _ => MANY,
    };
    let mut least = None::<i64>;
    let mut start = Some(last);
    for _ in 0..few {
        let Some(Start { day, at }) = start.filter(|start| start.at >= oldest && least != Some(0)) else {
            return least;
        };
        let own = to.distance(at, interval);
        least = Some(least.map_or(own, |least| least.min(own)));
        start = if day <= 0 { None } else { finder.start_before(day, at) };
    }
    let least = least?;
    let distances = finder.distances(oldest, last.at);
    // Every remainder is as large as this one by the common divisor, or larger.
    let common = common_divisor(interval, DAY);
    let smallest = |distances: &[i64]| distances.iter().map(|distance| to.distance(*distance, common)).min();
    if smallest(&distances).is_none_or(|smallest| smallest >= least) {
        return Some(least);
    }
    let yearly = finder.yearly_from().unwrap_or(LAST_DAY + 1);
    let first = finder.pattern.first_day.max(0).max(day_of(oldest) - 3);
    let parts = [(first..=yearly - 1, false), (first.max(yearly)..=LAST_DAY, true)];
    let mut candidates = Vec::new();
    for (days, yearly) in parts.into_iter().filter(|(days, _)| !days.is_empty()) {
        for distance in &distances {
            let within = oldest..=last.at;
            candidates.extend(Candidates::all(finder, *distance, &within, &days, yearly, interval, to));
        }
    }
    let mut wrong = 0;
    loop {
        let Some(first) = candidates.iter_mut().min_by_key(|candidates| candidates.ascending.value) else {
            return Some(least);
        };
        if first.ascending.value >= least || first.is_right(finder, &mut wrong) {
            return Some(first.ascending.value.min(least));
        }
        if wrong < SUSPICIOUS {
            first.next(finder);
            continue;
        }
        // Where every year is like the others, it is known which distances occur.
        let recurring = finder.recurring(&distances, yearly);
        candidates.retain(|it| it.yearly.is_none() || recurring.contains(&it.distance));
        wrong = i32::MIN;
    }
}

/// Days whose starts may have a distance.
struct Candidates {
    /// From a day's midnight, as if it were UTC's, to its start.
    distance: i64,
    /// The last day, how many days there are from one to the one before it, and how many they are.
    last: i64,
    step: i64,
    count: i64,
    /// The first day from which on every year is like the others, if these are such days.
    yearly: Option<i32>,
    ascending: Ascending,
}

/// Why a day is wrong.
struct Wrong {
    /// How many days in a row before it are as wrong, and after it.
    in_a_row: i64,
    /// The same in all years, however irregular they are; below zero if that is not known.
    room: i64,
}

impl Candidates {
    /// The progressions of a pattern's days, among some days, whose starts would be within a stretch of time.
    fn all<Z: Zone + ?Sized>(
        finder: &Finder<'_, Z>,
        distance: i64,
        within: &RangeInclusive<i64>,
        days: &RangeInclusive<i32>,
        yearly: bool,
        interval: i64,
        to: Nearest,
    ) -> impl Iterator<Item = Self> {
        let oldest = within.start().saturating_sub(distance).saturating_add(DAY - 1).div_euclid(DAY);
        let oldest = oldest.max((*days.start()).into());
        let newest = day_of(within.end().saturating_sub(distance)).min(*days.end());
        let yearly = yearly.then_some(*days.start());
        let progressions = finder.pattern.days.progressions(newest);
        progressions.filter(move |(last, _)| i64::from(*last) >= oldest).map(move |(last, step)| {
            let last = i64::from(last);
            let count = (last - oldest) / step + 1;
            let first = to.distance(last * DAY + distance, interval);
            let ascending = Ascending::new(first, to.step(step, interval), interval, count);
            Self { distance, last, step, count, yearly, ascending }
        })
    }

    /// The day of an index.
    fn day(&self, index: i64) -> i32 {
        // Within the calendar, as all are.
        (self.last - index * self.step) as i32
    }

    /// Whether a start has the remainder. Counts the starts that have another distance, up to [`SUSPICIOUS`].
    fn is_right<Z: Zone + ?Sized>(&self, finder: &mut Finder<'_, Z>, wrong: &mut i32) -> bool {
        let period = self.ascending.period;
        let difference = period.saturating_mul(self.step);
        let hops = pays(difference, finder.pattern.days);
        let mut index = self.ascending.index;
        loop {
            let day = self.day(index);
            let counts = finder.pattern.days.counts(day);
            if counts && finder.start_on(day) == Some(i64::from(day) * DAY + self.distance) {
                return true;
            }
            *wrong += i32::from(counts);
            if index.saturating_add(period) >= self.count || *wrong == SUSPICIOUS {
                return false;
            }
            let moves = if hops { self.moves(finder, day, counts, difference) } else { 1 };
            index = index.saturating_add(period.saturating_mul(moves));
            if index >= self.count {
                return false;
            }
        }
    }

    /// Goes to the next remainder that may be right; to one that no candidate has, if there is no further one.
    fn next<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>) {
        let day = self.day(self.ascending.index);
        // Of several days with this remainder, each may have another reason to be wrong.
        let single = self.count <= self.ascending.period;
        let mut ascending = self.ascending;
        let more = ascending.next(|distance| {
            let counts = finder.pattern.days.counts(day);
            if single { self.moves(finder, day, counts, distance * self.step) } else { 1 }
        });
        self.ascending = ascending;
        if !more {
            self.ascending.value = i64::MAX;
        }
    }

    /// How many times a number of days must be subtracted from a wrong day, or added to it, before the result may be right;
    /// at least once.
    fn moves<Z: Zone + ?Sized>(
        &self,
        finder: &mut Finder<'_, Z>,
        day: i32,
        counts: bool,
        difference: i64,
    ) -> i64 {
        if !counts && difference % 7 == 0 && !finder.pattern.days.counts_weekday(day) {
            return i64::MAX;
        }
        if !pays_by_year(difference) {
            return 1;
        }
        let wrong = self.why_wrong(finder, day, counts);
        let in_a_row = wrong.in_a_row / difference + 1;
        in_a_row.max(match shift(difference) {
            shift if wrong.room < 0 || shift > MOST => 1,
            0 => i64::MAX,
            shift => wrong.room * 400 / shift + 1,
        })
    }

    /// Why a day is wrong.
    fn why_wrong<Z: Zone + ?Sized>(&self, finder: &mut Finder<'_, Z>, day: i32, counts: bool) -> Wrong {
        /// How much farther than on average the same day of the year may be from another year's, and 29 February from
        /// 28 February; and the days among which the n-th weekday of a month is.
        const IRREGULAR: i64 = 5;
        const WEEK: i64 = 7;
        let days = finder.pattern.days;
        let distance_to = |other: i32| (i64::from(day) - i64::from(other)).abs();
        if counts {
            let (first, last) = finder.alike(day).into_inner();
            let room = self.yearly.map(|yearly| distance_to(first.max(yearly)).min(distance_to(last)));
            let room = room.map_or(-1, |room| room - IRREGULAR - WEEK);
            let in_a_row = distance_to(first).min(distance_to(last));
            return Wrong { in_a_row, room };
        }
        let first = days.previous(day).map_or(0, |day| day + 1);
        let any_year = days.of_any_year();
        let before = any_year.previous(day).unwrap_or(-1);
        let after = any_year.next(day).unwrap_or(LAST_DAY + 1);
        let room = distance_to(before).min(distance_to(after)) - 1 - IRREGULAR;
        let next = days.next(day).map_or(LAST_DAY, |day| day - 1);
        let in_a_row = distance_to(first).min(distance_to(next));
        Wrong { in_a_row, room }
    }
}

/// Days that may all be between one day that counts and the next.
const CLOSE: i64 = 8 * 366;

/// By how much the position within the year may be shifted, so that it is worth computing, in 400ths of a day.
const MOST: i64 = 16 * 400;

/// By how much a number of days shifts the position within the year, in 400ths of a day.
fn shift(difference: i64) -> i64 {
    let cycle = i64::from(CYCLE);
    let shift = 400 * (difference % cycle) % cycle;
    shift.min(cycle - shift)
}

/// Whether [`Candidates::moves`] may be more than 1.
fn pays(difference: i64, days: Days) -> bool {
    difference % 7 == 0 && days.has_weekdays() || pays_by_year(difference)
}

fn pays_by_year(difference: i64) -> bool {
    difference < CLOSE || shift(difference) <= MOST
}
