//! The run to find among those of many repeated starts.

use crate::time::ticks::DAY;

/// The reference point for a start's distance.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nearest {
    /// The first run from the instant on.
    From(i64),
    /// The last run up to the instant.
    Until(i64),
}

/// Finds the nearest run of the starts between two instants, each repeated indefinitely.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) oldest: i64,
    pub(super) newest: i64,
    pub(super) interval: i64,
    pub(super) to: Nearest,
}

impl Question {
    /// The distance of the nearest run of a start: the remainder of the start's distance modulo the interval.
    #[inline(always)]
    pub(super) fn remainder(&self, start: i64) -> i64 {
        self.remainder_by(start, self.interval)
    }

    /// The same modulo a divisor of the interval.
    #[inline(always)]
    pub(super) fn remainder_by(&self, start: i64, divisor: i64) -> i64 {
        match self.to {
            Nearest::From(instant) => (start - instant).rem_euclid(divisor),
            Nearest::Until(instant) => (instant - start).rem_euclid(divisor),
        }
    }

    /// The increase of the remainder if the start is a number of days later.
    pub(super) fn later(&self, days: i64) -> i64 {
        match self.to {
            Nearest::From(_) => (days * DAY).rem_euclid(self.interval),
            Nearest::Until(_) => (-days * DAY).rem_euclid(self.interval),
        }
    }

    /// The sum of two remainders.
    #[inline(always)]
    pub(super) fn sum(&self, a: i64, b: i64) -> i64 {
        let room = self.interval - b;
        if a >= room { a - room } else { a + b }
    }

    /// Whether a start is in range.
    pub(super) fn includes(&self, start: i64) -> bool {
        (self.oldest..=self.newest).contains(&start)
    }
}
