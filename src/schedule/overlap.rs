//! Overlapping repetitions of many starts: finds the run nearest to an instant.
//!
//! A repetition can last beyond thousands of further starts, such as daily from 1601 on, every 44,639 minutes for
//! 8,000 years. Then every day's start has its own series of runs, and the next run belongs to the start whose
//! distance to the instant has the least remainder modulo the interval. Examining three million starts is too slow,
//! and even examining the zone's 16,000 periods takes milliseconds.
//!
//! **Distances.** A start is a whole number of days after the calendar's first midnight, plus a distance: the
//! trigger's time of day minus the zone's offset, or the end of a gap. A zone has few offsets and changes its clock
//! at few times of day, so there are few distances.
//!
//! **Parts.** Most zones change their clocks by the same rules before some year, and by the same rules after another
//! ([`Changes`](crate::time::Changes)). In these parts of the calendar a single year shows all distances; only in the
//! decades in between may there be more. The parts are searched one after the other.
//!
//! **Shortcuts.** The nearest few starts are examined individually, which suffices for ordinary repetitions. Every
//! remainder has a lower bound that depends on the distance and the greatest common divisor of the interval and a
//! day. If it is reached, immediately for an interval that divides the day, no search is needed.
//!
//! **Series.** For each distance the starts are part of an arithmetic progression: of every nth day for daily
//! triggers, of every nth week for each weekday of weekly ones, and of all days or weekdays for monthly ones.
//! [`Candidates`] returns the remainders of a progression in ascending order, in a few steps each. The least
//! remainder of all progressions is verified: whether the trigger selects that day, and whether its start really has
//! that distance. The first verified one is the answer. Nothing smaller is skipped, so the answer is exact.
//!
//! **Blocks.** The number of wrong candidates depends on how rare the trigger's days are, and an interval close to a
//! year makes it worse: 1 July again and again for a trigger in January. If few days are selected, or more candidates
//! are wrong than expected, [`Blocks`] search by years instead, in bounded time.
//!
//! **Gaps.** The end of a gap is the distance on one or two days a year, if any. These are examined last, when the
//! least remainder so far leaves few candidates, or by blocks of the days in 28 years.
//!
//! For a zone that does not list its changes, they are collected period by period.

use super::{
    blocks::{self, Blocks, Found},
    candidates::Candidates,
    days::Days,
    finder::{Distances, Finder, Part, Start},
    question::Question,
    remainder::common_divisor,
    years::Years,
};
use crate::time::{
    Zone,
    calendar::LAST_DAY,
    ticks::{DAY, day_of},
};

/// The number of starts that are examined individually.
const FEW: usize = 4;

/// The same if the zone does not list its changes.
const MANY: usize = 2048;

/// After this number of days without a gap, the days with gaps are determined.
const SUSPICIOUS: usize = 128;

/// The distance of the nearest run of the starts in a question, the last of which is given.
pub(super) fn nearest<Z: Zone + ?Sized>(
    finder: &mut Finder<'_, Z>,
    last: Start,
    question: &Question,
) -> Option<i64> {
    let few = match finder.pattern.days {
        Days::Once(_) | Days::Listed { .. } => usize::MAX,
        Days::Monthly { .. } if finder.lists_changes() => FEW / 2,
        _ if finder.lists_changes() => FEW,
        _ => MANY,
    };
    let mut least = None::<i64>;
    let mut start = Some(last);
    for _ in 0..few {
        let Some(Start { day, at }) = start.filter(|start| start.at >= question.oldest && least != Some(0))
        else {
            return least;
        };
        let own = question.remainder(at);
        least = Some(least.map_or(own, |least| least.min(own)));
        start = if day <= 0 { None } else { finder.start_before(day, at) };
    }
    let mut search = Search { question, least: least?, years: Years::default() };
    let first = finder.pattern.first_day.max(0).max(day_of(question.oldest).saturating_sub(3));
    let last = day_of(question.newest).saturating_add(3).min(LAST_DAY);
    // Every remainder is at least this one modulo the common divisor.
    let common = common_divisor(question.interval, DAY);
    for part in finder.parts(&(first..=last)) {
        let distances = finder.distances(&part, question.oldest, question.newest);
        let bounds = distances.all.iter().map(|distance| question.remainder_by(*distance, common));
        let enough = bounds.min().unwrap_or(i64::MAX);
        if enough < search.least {
            search.within(finder, &InPart { part, distances, enough });
        }
    }
    Some(search.least)
}

/// A part of the calendar, the distances of its starts, and a lower bound of the remainders.
struct InPart {
    part: Part,
    distances: Distances,
    enough: i64,
}

/// The search among all starts.
struct Search<'q> {
    question: &'q Question,
    /// The least remainder so far.
    least: i64,
    /// The known instants of starts.
    years: Years,
}

impl Search<'_> {
    fn within<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, part: &InPart) {
        self.years.forget();
        match finder.pattern.days.number_of_any_year() {
            Some(days) => self.among_months(finder, part, days),
            None => self.among_series(finder, part),
        }
    }

    /// For days of months: individually if there are many, and by blocks of years if there are few, or if more of
    /// them are wrong than expected.
    fn among_months<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, part: &InPart, days: usize) {
        /// The number of instructions for each examined day.
        const EACH: usize = 90;
        let (often, by_gaps) = part.distances.often_and_by_gaps();
        let (listed, certain) = self.certain(finder, part, days).unzip();
        let distances = certain.as_deref().unwrap_or(often);
        let (length, cost) = blocks::length(days, distances.len(), part.part.years());
        let expected = 366 * distances.len() / days.max(1) + 1;
        if expected * EACH > cost || !self.among_all(finder, part, distances, 6 * expected + 64) {
            let days = listed.unwrap_or_else(|| finder.pattern.days.of_any_year());
            // A single distance is that of all starts.
            self.among_blocks(finder, part, (length, &days), distances, distances.len() == 1);
        }
        if certain.is_none() {
            self.among_gaps(finder, part, by_gaps);
        }
    }

    /// For equally spaced days: individually.
    fn among_series<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, part: &InPart) {
        let (often, by_gaps) = part.distances.often_and_by_gaps();
        self.among_all(finder, part, often, usize::MAX);
        self.among_gaps(finder, part, by_gaps);
    }

    /// For starts moved by a gap.
    fn among_gaps<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, part: &InPart, distances: &[i64]) {
        if distances.is_empty() || self.among_all(finder, part, distances, SUSPICIOUS) {
            return;
        }
        let Some(found) = finder.by_gaps(distances, &part.part) else {
            self.among_all(finder, part, distances, usize::MAX);
            return;
        };
        let mut days: Vec<_> = found.iter().map(|(_, day)| blocks::day_of_year(*day)).collect();
        days.sort_unstable();
        days.dedup();
        let mut distances = distances.to_vec();
        distances.retain(|distance| found.iter().any(|(found, _)| found == distance));
        let (length, _) = blocks::length(days.len(), distances.len(), part.part.years());
        self.among_blocks(finder, part, (length, &days), &distances, false);
    }

    /// By blocks of years of a given length. All starts may be known to have the only distance.
    fn among_blocks<Z: Zone + ?Sized>(
        &mut self,
        finder: &mut Finder<'_, Z>,
        part: &InPart,
        (length, days): (i32, &[i32]),
        distances: &[i64],
        certain: bool,
    ) {
        if days.is_empty() || distances.is_empty() {
            return;
        }
        let blocks = Blocks::new(length, days, self.question);
        let (question, years, least) = (self.question, &mut self.years, self.least);
        let mut found = Found { question, part: &part.part, years, certain, least };
        for distance in distances {
            blocks.search(finder, &mut found, *distance, part.enough);
        }
        self.least = found.least;
    }

    /// A few days, counted from 1 March, and their distances that are the same every year; `None` if any are possible.
    fn certain<Z: Zone + ?Sized>(
        &self,
        finder: &mut Finder<'_, Z>,
        part: &InPart,
        days: usize,
    ) -> Option<(Vec<i32>, Vec<i64>)> {
        /// The largest difference between years in the dates of clock changes, including their effects.
        const ROOM: i32 = 13;
        let InPart { part, distances, .. } = part;
        if !part.yearly || days > 8 || distances.all.len() < 2 {
            return None;
        }
        let (days, mut found) = (finder.pattern.days.of_any_year(), Vec::with_capacity(2));
        for day in &days {
            let day = blocks::first_of(blocks::year_of(*part.days.start()) + 1) + day;
            let distance = finder.start_on(day).map(|at| at - i64::from(day) * DAY)?;
            let alike = finder.alike(day);
            let sure = [day - ROOM, day + ROOM];
            if !sure.iter().all(|day| alike.contains(day) && part.days.contains(day)) {
                return None;
            }
            found.extend((!found.contains(&distance)).then_some(distance));
        }
        Some((days, found))
    }

    /// Examines days in the order of their assumed remainders; returns false if too many were wrong.
    fn among_all<Z: Zone + ?Sized>(
        &mut self,
        finder: &mut Finder<'_, Z>,
        part: &InPart,
        distances: &[i64],
        most: usize,
    ) -> bool {
        let mut candidates = Vec::with_capacity(distances.len());
        for distance in distances {
            candidates.extend(Candidates::all(finder, *distance, &part.part, self.question));
        }
        let mut wrong = 0;
        loop {
            let next = candidates.iter_mut().min_by_key(|candidates| candidates.value());
            let Some(next) = next.filter(|next| next.value() < self.least) else { return true };
            if next.is_right(finder, &mut self.years, &mut wrong, most) {
                self.least = next.value();
                return true;
            }
            if wrong >= most {
                return false;
            }
            next.next(finder);
        }
    }
}
