//! One trigger's runs: starts by the calendar, each with its repetitions.

use super::{days::Days, options::RepetitionEnd};

/// A trigger in numbers. Civil times are ticks by the trigger's clock, instants are ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The trigger's place in the definition.
    pub(super) trigger: usize,
    pub(super) days: Days,
    /// Days before this one do not count.
    pub(super) first_day: i32,
    /// Ticks since midnight.
    pub(super) time: i64,
    pub(super) clock: Clock,
    /// The last instant at which anything may run.
    pub(super) end: i64,
    pub(super) repetition: Option<Repetition>,
    pub(super) random_delay: i64,
}

/// By which clock a trigger's boundary is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// That of the machine.
    Local,
    /// One that is always as far from UTC, in ticks.
    Offset(i64),
}

/// What follows each start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repetition {
    pub(super) interval: i64,
    /// The last run's distance from the start; none if it goes on until the next start.
    pub(super) reach: Option<i64>,
}

impl Repetition {
    /// None if nothing comes between a start and the end.
    pub(super) fn new(interval: i64, duration: Option<i64>, end: RepetitionEnd) -> Option<Self> {
        let duration = match end {
            RepetitionEnd::Inclusive => duration,
            RepetitionEnd::Exclusive => duration.map(|duration| (duration - 1).max(0)),
        };
        let reach = duration.map(|duration| duration - duration % interval);
        (reach != Some(0)).then_some(Self { interval, reach })
    }
}
