//! Which run is asked for among those of many repeated starts.

use crate::time::ticks::DAY;

/// What a start's distance is measured to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nearest {
    /// From the instant on.
    From(i64),
    /// Up to the instant.
    Until(i64),
}

/// The nearest run is asked for, of the starts from one instant to another, each repeated indefinitely.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) oldest: i64,
    pub(super) newest: i64,
    pub(super) interval: i64,
    pub(super) to: Nearest,
}

impl Question {
    /// How far the nearest run of a start is: the remainder of its distance by the interval.
    #[inline(always)]
    pub(super) fn remainder(&self, start: i64) -> i64 {
        self.remainder_by(start, self.interval)
    }

    /// The same by a divisor of the interval.
    #[inline(always)]
    pub(super) fn remainder_by(&self, start: i64, divisor: i64) -> i64 {
        match self.to {
            Nearest::From(instant) => (start - instant).rem_euclid(divisor),
            Nearest::Until(instant) => (instant - start).rem_euclid(divisor),
        }
    }

    /// By how much the remainder grows if the start is a number of days later.
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

    /// Whether a start is one of those.
    pub(super) fn includes(&self, start: i64) -> bool {
        (self.oldest..=self.newest).contains(&start)
    }
}
