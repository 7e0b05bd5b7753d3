//! Counts runs without enumerating them.
//!
//! The number of runs between two instants is the difference of two numbers: the runs up to each. Each is the number
//! of starts times the runs per start, minus the runs of the last start that are still to come. The number of starts
//! follows from the rule for days, which counts whole years and cycles ([`Days::count`]). Three kinds of triggers
//! have a closed form:
//!
//! **Starts alone.** Every selected day has one start, in the order of the days. So by any clock, the runs in a
//! period are the days from its first start's to its last one's. The exceptions are a policy that omits starts in a
//! gap, and a clock that is moved forward by a day, so that two starts may coincide.
//!
//! **Separate repetitions.** No repetition reaches the next start, and the clock does not change within the period:
//! each start has the same number of runs, and only the last may have fewer.
//!
//! **A grid.** The interval divides the time between starts, and the repetitions reach the next start. Then a start
//! adds no run of its own: all runs from the first on are an interval apart. An example is daily with every five
//! minutes for a day; it makes no difference which day the run at the end of a day belongs to.
//!
//! **Start by start.** All other repetitions, across clock changes and beyond the next start, are counted one start
//! at a time, regardless of the number of runs. Two starts share a run if and only if their distance is a multiple of
//! the interval, that is, if they have the same remainder; and all of them repeat for the same time. So a start adds
//! its runs after the last one of the latest earlier start with the same remainder, and only one instant per
//! remainder must be stored. If there are too many remainders ([`limits::COUNTED_STARTS`]), they are processed in
//! classes. The work is proportional to the starts whose repetitions reach into the period, at most one for each day
//! of the calendar, regardless of interval and duration.
//!
//! The rest, starts of which a policy omits some, is counted run by run, or rather up to 64 runs at once.

use super::{
    days::{Days, Walk},
    finder::Start,
    pattern::{Clock, Packed, Pattern, Repetition},
    view::View,
};
use crate::{
    limits,
    time::{
        GapPolicy, Zone,
        ticks::{DAY, SECOND},
        zone::Span,
    },
};
use std::collections::HashMap;

impl<Z: Zone> View<'_, Z> {
    /// The number of runs between two instants, if they can be counted without enumerating them.
    pub(super) fn count_of(&self, packed: &Packed, first: i64, last: i64) -> Option<u64> {
        let pattern = &packed.unpack();
        if pattern.repetition.is_none() && self.one_start_a_day(pattern) {
            return Some(self.count_starts(*pattern, first, last));
        }
        let repetition = pattern.repetition?;
        let closed = self.count_in_closed_form(pattern, repetition, first, last);
        Some(closed.unwrap_or_else(|| self.count_by_starts(*pattern, repetition, first, last)))
    }

    /// The number of runs of repeated starts in closed form, if there is one.
    fn count_in_closed_form(
        &self,
        pattern: &Pattern,
        repetition: Repetition,
        first: i64,
        last: i64,
    ) -> Option<u64> {
        let single = matches!(pattern.days, Days::Once(_));
        let (interval, each) = match repetition {
            Repetition { interval, reach: Some(reach) } if single || reach < DAY => {
                (interval, Some((reach / interval).saturating_add(1)))
            }
            Repetition { interval, reach: None } if single => (interval, None),
            _ if is_grid(pattern, repetition) => (repetition.interval, None),
            _ => return None,
        };
        let grid = !single && each.is_none();
        let mut finder = self.finder_of(*pattern, first);
        // All starts whose repetitions reach this far follow the current clock.
        let since = match repetition.reach {
            Some(reach) if grid => first.saturating_sub(reach),
            _ if grid => finder.start_until(first).map_or(first, |start| start.at),
            _ => first,
        };
        let span = Span::at(self.zone, first);
        let sure = span.is_sure(since.saturating_sub(DAY)) && span.is_sure(last);
        if pattern.clock == Clock::Local && !sure {
            return None;
        }
        finder.offset(first);
        let end = finder.end;
        let start_of_grid = if grid { finder.start_in_order(pattern.first_day) } else { None };
        // The runs up to an instant. The difference of two is right, regardless of earlier clock changes.
        let mut until = |instant: i64| -> i64 {
            let start = if single {
                finder.start_until(instant).map(|start| (1, start.at))
            } else if grid {
                start_of_grid.filter(|at| *at <= instant).map(|at| (1, at))
            } else {
                finder.starts_as_now(instant)
            };
            let Some((starts, at)) = start else { return 0 };
            let repeated = (instant.min(end) - at) / interval + 1;
            match each {
                Some(each) => (starts - 1) * each + repeated.min(each),
                None => repeated,
            }
        };
        let count = until(last.min(end)) - until((first - 1).min(end));
        Some(u64::try_from(count).unwrap_or(0))
    }

    /// Whether each day of a pattern has exactly one start, and no two days share one.
    fn one_start_a_day(&self, pattern: &Pattern) -> bool {
        if pattern.clock != Clock::Local {
            return true;
        }
        let seconds =
            || self.zone.changes().map(|changes| changes.offsets.iter().map(|it| it.whole_seconds()));
        let most = seconds().and_then(Iterator::max);
        let least = seconds().and_then(Iterator::min);
        let apart = most.zip(least).map(|(most, least)| i64::from(most) - i64::from(least));
        self.options.gap != GapPolicy::Skip && apart.is_some_and(|apart| apart * SECOND < DAY)
    }

    /// The starts between two instants.
    fn count_starts(&self, pattern: Pattern, first: i64, last: i64) -> u64 {
        let mut finder = self.finder_of(pattern, last);
        let newest = finder.day_until(last.min(finder.end));
        let oldest = (finder.day_until(first - 1) + 1).max(pattern.first_day);
        if oldest <= newest { pattern.days.count(oldest, newest) } else { 0 }
    }

    /// The runs between two instants, start by start.
    fn count_by_starts(&self, pattern: Pattern, repetition: Repetition, first: i64, last: i64) -> u64 {
        let Repetition { interval, reach } = repetition;
        let mut finder = self.finder_of(pattern, first);
        let last = last.min(finder.end);
        // Only these starts have a run in the period, or the last one before it.
        let oldest = match reach {
            Some(reach) => first.saturating_sub(reach),
            None => finder.start_until(first).map_or(first, |start| start.at),
        };
        let mut days = Walk::new(pattern.days);
        let mut count = 0;
        // The runs of a start between two instants.
        let mut add = |start: i64, from: i64, until: i64| {
            let (from, until) = (from.max(first).max(start), until.min(last));
            if from <= until {
                count += (until - start) / interval - (from - 1 - start).div_euclid(interval);
            }
        };
        // The starts of each class are counted separately, to limit the number of stored remainders.
        let starts = pattern.days.count(finder.first_day(oldest), finder.first_day(last).saturating_add(3));
        let remainders = starts.min((interval / SECOND).unsigned_abs());
        let classes = if reach.is_some() { remainders / limits::COUNTED_STARTS + 1 } else { 1 };
        for class in 0..classes {
            days.go(finder.first_day(oldest));
            let mut start = finder.start_in(&mut days, oldest - 1).filter(|start| start.at <= last);
            // The last run of the latest start, by remainder.
            let mut counted = HashMap::new();
            while let Some(Start { at, .. }) = start {
                let next = finder.start_in(&mut days, at).filter(|next| next.at <= last);
                let remainder = at.rem_euclid(interval);
                match reach {
                    None => add(at, at, next.map_or(last, |next| next.at - 1)),
                    Some(reach) if class_of(remainder, classes) == class => {
                        let until = at.saturating_add(reach);
                        let before = counted.insert(remainder, until);
                        add(at, before.map_or(at, |before| before + 1), until);
                    }
                    Some(_) => {}
                }
                start = next;
            }
        }
        u64::try_from(count).unwrap_or(0)
    }
}

/// The class of a remainder. Classes have about the same size, whatever the remainders have in common.
fn class_of(remainder: i64, classes: u64) -> u64 {
    (remainder.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % classes
}

/// Whether all runs from the first start on are equally spaced.
fn is_grid(pattern: &Pattern, Repetition { interval, reach }: Repetition) -> bool {
    // The time between two starts is a multiple of the first, and at most the second.
    let (step, most) = match pattern.days {
        Days::Every { interval, .. } => (i64::from(interval) * DAY, Some(i64::from(interval) * DAY)),
        Days::Weekly { interval, .. } => (DAY, Some(7 * i64::from(interval) * DAY)),
        _ => (DAY, None),
    };
    let reaches = match (reach, most) {
        (None, _) => true,
        (Some(reach), Some(most)) => reach >= most - interval,
        (Some(_), None) => false,
    };
    step % interval == 0 && reaches
}
