//! Counting in closed form.

use super::{
    days::Days,
    pattern::{Clock, Packed, Repetition},
    view::View,
};
use crate::time::{Zone, ticks::DAY, zone::Span};

impl<Z: Zone> View<'_, Z> {
    /// The count in closed form where no start's repetitions reach the next start and the clock never changes.
    pub(super) fn count_of(&self, packed: &Packed, first: i64, last: i64) -> Option<u64> {
        let pattern = &packed.unpack();
        // All starts whose repetitions come so far are where the clock as it is now has them.
        let span = Span::at(self.zone, first);
        let steady = pattern.clock != Clock::Local || span.is_sure(first - DAY) && span.is_sure(last);
        let single = matches!(pattern.days, Days::Once(_));
        let (interval, each) = match pattern.repetition {
            None => (1, Some(1)),
            Some(Repetition { interval, reach: Some(reach) }) if single || reach < DAY => {
                (interval, Some((reach / interval).saturating_add(1)))
            }
            Some(Repetition { interval, reach: None }) if single => (interval, None),
            Some(_) => return None,
        };
        let mut finder = self.finder(packed, first);
        let end = finder.end;
        // Runs up to an instant: the difference of two is right, no matter what the clock did before.
        let mut until = |instant: i64| -> i64 {
            let start = if single {
                finder.start_until(instant).map(|start| (1, start.at))
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
        steady.then(|| u64::try_from(count).unwrap_or(0))
    }
}
