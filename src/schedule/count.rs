//! Counting in closed form.
//!
//! The number of runs between two instants is the difference of two numbers: of the runs up to the one and up to the
//! other. Each is the number of starts times the runs of each, less what the last start has still to come. How many starts
//! there are follows from the rule for days, which counts by whole years and cycles ([`Days::count`]). Three kinds of
//! triggers have a closed form:
//!
//! **Starts alone.** Every day that the rule counts has one start, and they are in the order of the days. So by any clock
//! the runs of a stretch of time are the days from its first start's to its last one's. The exceptions are a policy that
//! leaves out the starts in a gap, and a clock that is put forward by a day, so that two starts may become one.
//!
//! **Separate repetitions.** No start's repetitions reach the next start, and the clock does not change within the stretch:
//! each start has the same number of runs, and only the last may have fewer.
//!
//! **A grid.** The interval divides the time from each start to the next, and the repetitions reach it. Then a start adds
//! no run of its own: all runs from the first on are an interval apart. Daily with every five minutes for a day is such a
//! trigger, and it makes no difference whether the run at the end of the day is counted with the one day or the other.
//!
//! What is left, such as repetitions across a change of the clock, is counted run by run, or rather by up to 64 of them at
//! once.

use super::{
    days::Days,
    pattern::{Clock, Packed, Pattern, Repetition},
    view::View,
};
use crate::time::{
    GapPolicy, Zone,
    ticks::{DAY, SECOND},
    zone::Span,
};

impl<Z: Zone> View<'_, Z> {
    /// The count in closed form, if there is one.
    pub(super) fn count_of(&self, packed: &Packed, first: i64, last: i64) -> Option<u64> {
        let pattern = &packed.unpack();
        if pattern.repetition.is_none() && self.one_start_a_day(pattern) {
            return Some(self.count_starts(packed, first, last));
        }
        let single = matches!(pattern.days, Days::Once(_));
        let (interval, each) = match pattern.repetition {
            None => (1, Some(1)),
            Some(Repetition { interval, reach: Some(reach) }) if single || reach < DAY => {
                (interval, Some((reach / interval).saturating_add(1)))
            }
            Some(Repetition { interval, reach: None }) if single => (interval, None),
            Some(repetition) if is_grid(pattern, repetition) => (repetition.interval, None),
            Some(_) => return None,
        };
        let grid = !single && each.is_none();
        let mut finder = self.finder(packed, first);
        // All starts whose repetitions come so far are where the clock as it is now has them.
        let since = match pattern.repetition {
            Some(Repetition { reach: Some(reach), .. }) if grid => first.saturating_sub(reach),
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
        // Runs up to an instant: the difference of two is right, no matter what the clock did before.
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

    /// Whether each day of a pattern has one start, and no two have the same.
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
    fn count_starts(&self, packed: &Packed, first: i64, last: i64) -> u64 {
        let mut finder = self.finder(packed, last);
        let newest = finder.start_until(last.min(finder.end));
        let oldest = newest.and_then(|_| finder.start_after(first - 1));
        match (oldest, newest) {
            (Some(oldest), Some(newest)) if oldest.at <= newest.at => {
                finder.pattern.days.count(oldest.day, newest.day)
            }
            _ => 0,
        }
    }
}

/// Whether all runs from the first start on are as far from one another.
fn is_grid(pattern: &Pattern, Repetition { interval, reach }: Repetition) -> bool {
    // The time between two starts is a multiple of one of these, and at most the other.
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
