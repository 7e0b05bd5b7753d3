//! Repetitions of many starts at once: which of them has a run nearest to an instant.
//!
//! A repetition may outlast thousands of further starts: daily from 1601 on, every 44,639 minutes for 8,000 years. Then
//! every day's start has its own series of runs, and the next run is that of the start whose distance to the instant has
//! the least remainder by the interval. Going through three million starts is out of the question, and going through the
//! zone's 16,000 periods still takes milliseconds.
//!
//! **Distances.** A start is a whole number of days away from the calendar's first midnight, plus a distance: the
//! trigger's time of day less the zone's offset, or the end of a gap. A zone has few offsets and changes its clock at few
//! times of day, so there are few distances.
//!
//! **Parts.** Most zones change their clocks by the same rules before some year, and by the same rules after another
//! ([`Changes`](crate::time::Changes)). In these parts of the calendar one year shows which distances there are; only in
//! the decades between them may there be more. The parts are searched one after the other.
//!
//! **Shortcuts.** The nearest few starts are looked at one by one, which suffices for ordinary repetitions. Every
//! remainder is as far from a multiple of what the interval and a day have in common as its distance says: once that bound
//! is reached, which an interval that divides the day does at once, nothing is searched.
//!
//! **Series.** For each distance the starts are some of an arithmetic progression: of every n days for daily triggers, of
//! every n weeks for each weekday of weekly ones, of all days or weekdays for monthly ones. [`Candidates`] gives the
//! remainders of a progression from the least upwards, in a few steps each. Of all progressions the one with the least
//! remainder is asked whether it is right: whether the trigger counts that day, and whether the start of that day really
//! has that distance. The first that is right is the answer, and nothing smaller was left out, so the answer is exact.
//!
//! **Blocks.** How many candidates are wrong depends on how rare the trigger's days are, and an interval that fits the
//! year makes it worse: 1 July again and again for a trigger of January. Where few days count, or where more candidates
//! are wrong than is to be expected, [`Blocks`] search by years instead, in bounded time.
//!
//! **Gaps.** The end of a gap is a distance of one or two days a year, if any. They are looked at last, when the least
//! remainder so far leaves few candidates, or by blocks of the days on which 28 years have them.
//!
//! A zone that does not list its changes has them collected period by period.

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

/// The number of starts that are looked at one by one.
const FEW: usize = 4;

/// The same where the zone does not list its changes.
const MANY: usize = 2048;

/// After so many days without a gap it is asked on which days there are gaps.
const SUSPICIOUS: usize = 128;

/// How far the nearest run is among those of the starts of a question, of which the last is given.
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
    // Every remainder is as large as this one by the common divisor, or larger.
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

/// A part of the calendar, the distances of its starts, and a remainder that none of them is below.
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
    /// When starts happen, as far as it is known.
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

    /// For days of months: one by one if they are many, and by blocks of years if they are few, or if those looked at are
    /// wrong more often than is to be expected.
    fn among_months<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, part: &InPart, days: usize) {
        /// Instructions for each day that is looked at.
        const EACH: usize = 90;
        let (often, by_gaps) = part.distances.often_and_by_gaps();
        let certain = self.certain(finder, part, days);
        let distances = certain.as_deref().unwrap_or(often);
        let (length, cost) = blocks::length(days, distances.len(), part.part.years());
        let expected = 366 * distances.len() / days.max(1) + 1;
        if expected * EACH > cost || !self.among_all(finder, part, distances, 6 * expected + 64) {
            let (days, single) = (finder.pattern.days.of_any_year(), distances.len() == 1);
            self.among_blocks(finder, part, (length, &days), distances, certain.is_some() && single);
        }
        if certain.is_none() {
            self.among_gaps(finder, part, by_gaps);
        }
    }

    /// For days that are equally far from one another: one by one.
    fn among_series<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, part: &InPart) {
        let (often, by_gaps) = part.distances.often_and_by_gaps();
        self.among_all(finder, part, often, usize::MAX);
        self.among_gaps(finder, part, by_gaps);
    }

    /// For starts that a gap moved.
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

    /// By blocks of years of a length. All starts may have the only distance for certain.
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

    /// Which distances a few days have that are the same every year; none if they may have any.
    fn certain<Z: Zone + ?Sized>(
        &self,
        finder: &mut Finder<'_, Z>,
        part: &InPart,
        days: usize,
    ) -> Option<Vec<i64>> {
        /// By how much the changes of the clock are earlier or later in some years, and whatever they have an effect on.
        const ROOM: i32 = 13;
        let InPart { part, distances, .. } = part;
        if !part.yearly || days > 8 || distances.all.len() < 2 {
            return None;
        }
        let mut found = Vec::with_capacity(2);
        for day in finder.pattern.days.of_any_year() {
            let day = blocks::first_of(blocks::year_of(*part.days.start()) + 1) + day;
            let distance = finder.start_on(day).map(|at| at - i64::from(day) * DAY)?;
            let alike = finder.alike(day);
            let sure = [day - ROOM, day + ROOM];
            if !sure.iter().all(|day| alike.contains(day) && part.days.contains(day)) {
                return None;
            }
            found.extend((!found.contains(&distance)).then_some(distance));
        }
        Some(found)
    }

    /// Looks at days in the order of the remainders that they would have; returns false if it gives up, after so many that
    /// are wrong.
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
