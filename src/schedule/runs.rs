//! The runs of a pattern: its starts and their repetitions.

use super::{
    finder::Finder,
    overlap,
    pattern::Repetition,
    question::{Nearest, Question},
};
use crate::time::{Zone, ticks::DAY};

impl<Z: Zone + ?Sized> Finder<'_, Z> {
    /// The first run after an instant.
    pub(super) fn next_after(&mut self, after: i64) -> Option<i64> {
        let Some(Repetition { interval, reach }) = self.pattern.repetition else {
            return self.start_after(after).map(|start| start.at);
        };
        let start = self.start_until(after);
        let next = match (start, reach) {
            (None, _) => None,
            (Some(start), None) => Some((start.at - after - 1).rem_euclid(interval)),
            (Some(start), Some(reach)) => {
                // A start from then on has a run that is still to come.
                let oldest = after.saturating_sub(reach).saturating_add(1);
                let to = Nearest::From(after + 1);
                overlap::nearest(self, start, &Question { oldest, newest: start.at, interval, to })
            }
        };
        let next = next.map(|ahead| (after + 1).saturating_add(ahead));
        let start = self.start_after(after).map(|start| start.at);
        let next = match (next, start) {
            (Some(next), Some(start)) => Some(next.min(start)),
            (next, start) => next.or(start),
        };
        next.filter(|next| *next <= self.end)
    }

    /// The last run before an instant.
    pub(super) fn previous_before(&mut self, before: i64) -> Option<i64> {
        let until = before.saturating_sub(1).min(self.end);
        let start = self.start_until(until);
        let Some(Repetition { interval, reach }) = self.pattern.repetition else {
            return start.map(|start| start.at);
        };
        let Some(reach) = reach else {
            return start.map(|start| until - (until - start.at) % interval);
        };
        // The last of the starts whose runs are all complete; of the others, the one with the latest run.
        let oldest = until.saturating_sub(reach).max(-2 * DAY);
        let over = self.start_until(oldest - 1).map(|start| start.at.saturating_add(reach));
        let going_on = start
            .and_then(|start| {
                let to = Nearest::Until(until);
                overlap::nearest(self, start, &Question { oldest, newest: start.at, interval, to })
            })
            .map(|passed| until - passed);
        over.max(going_on)
    }

    /// Whether there is a run at an instant.
    pub(super) fn runs_at(&mut self, instant: i64) -> bool {
        self.previous_before(instant.saturating_add(1)) == Some(instant)
    }
}
