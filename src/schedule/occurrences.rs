//! Iterates over the runs in a time range.
//!
//! Each trigger has a [`Cursor`] at its next run. If there are several, the one with the next run provides a
//! [`Batch`] that ends before the next run of the others. A trigger without repetition needs no cursor, since its
//! starts follow from the rule. If there are several of these, each keeps its batch ([`Lines`]), and the one with the
//! next run provides everything before the others' next runs.

use super::{
    batch::{Batch, Line, Lines, Starts},
    days::Walk,
    finder::{Finder, Start},
    occurrence::Occurrence,
    pattern::{Packed, Repetition},
    view::View,
};
use crate::time::{Ticks, Zone};
use std::{fmt, iter::FusedIterator};

/// The runs of a [`Timetable`](super::Timetable) in a time range, iterated in both directions.
pub struct Occurrences<'t, Z> {
    view: View<'t, Z>,
    /// The last run returned from the front, and the known runs after it.
    batch: Batch,
    cursors: Cursors<'t, Z>,
    /// Runs before `first` or after `last` are no longer returned.
    first: i64,
    last: i64,
}

/// The position of each trigger.
enum Cursors<'t, Z> {
    Unset,
    /// A single trigger without repetition.
    Starts(Starts<'t, Z>),
    One(Cursor<'t, Z>),
    /// Several triggers without repetition.
    Lines(Lines<'t, Z>),
    Many(Vec<Cursor<'t, Z>>),
}

impl<'t, Z: Zone> Occurrences<'t, Z> {
    pub(super) fn new(view: View<'t, Z>, first: i64, last: i64) -> Self {
        Self { view, batch: Batch::NONE, cursors: Cursors::Unset, first, last }
    }

    fn set(&mut self) {
        let finder = |pattern: &Packed| self.view.finder(pattern, self.first);
        self.cursors = match self.view.patterns {
            [only] => match finder(only) {
                only if only.pattern.repetition.is_none() => Cursors::Starts(Starts::new(only, self.first)),
                only => Cursors::One(Cursor::new(only, self.first)),
            },
            patterns if patterns.iter().all(|it| !it.repeats()) => {
                let lines = patterns.iter().map(|it| Line::new(finder(it), self.first, self.last));
                Cursors::Lines(Lines::new(lines))
            }
            patterns => {
                Cursors::Many(patterns.iter().map(|it| Cursor::new(finder(it), self.first)).collect())
            }
        };
    }

    /// Counts the remaining runs, a window at a time.
    pub(super) fn count_runs(mut self) -> u64 {
        let mut count = 0;
        while self.batch.step() || self.search() {
            count += self.batch.skip();
        }
        count
    }

    /// Finds the next batch.
    #[inline(never)]
    fn search(&mut self) -> bool {
        if matches!(self.cursors, Cursors::Unset) {
            self.first = self.front();
            self.set();
        }
        if let Cursors::Lines(lines) = &mut self.cursors
            && lines.next(&mut self.batch, self.last)
        {
            return true;
        }
        self.first = self.front();
        if self.first > self.last {
            return false;
        }
        let found = match &mut self.cursors {
            // The lines have no more runs.
            Cursors::Unset | Cursors::Lines(_) => false,
            Cursors::Starts(starts) => starts.next(&mut self.batch, self.first, self.last),
            Cursors::One(cursor) => cursor.next(&mut self.batch, self.last),
            Cursors::Many(cursors) => {
                let (mut run, mut other) = (i64::MAX, i64::MAX);
                for cursor in cursors.iter() {
                    (run, other) = (run.min(cursor.run), other.min(run.max(cursor.run)));
                }
                // Runs of another trigger come first, and simultaneous runs count once.
                let last = self.last.min(run.max(other.saturating_sub(1)));
                let mut soonest = cursors.iter_mut().filter(|cursor| cursor.run == run);
                let found = soonest.next().is_some_and(|cursor| cursor.next(&mut self.batch, last));
                if found {
                    soonest.for_each(Cursor::step);
                }
                found
            }
        };
        if !found {
            self.batch = Batch::NONE;
            self.first = i64::MAX;
        }
        found
    }
}

impl<Z: Zone> Iterator for Occurrences<'_, Z> {
    type Item = Occurrence;

    #[inline]
    fn next(&mut self) -> Option<Occurrence> {
        if !self.batch.step() && !self.search() {
            return None;
        }
        Some(self.batch.occurrence())
    }
}

impl<Z: Zone> DoubleEndedIterator for Occurrences<'_, Z> {
    fn next_back(&mut self) -> Option<Occurrence> {
        self.first = self.front();
        // Known runs may be after the new end.
        (self.batch, self.cursors) = (Batch::NONE, Cursors::Unset);
        if self.first > self.last {
            return None;
        }
        let found = self.view.last_before(self.last + 1).filter(|(run, _)| *run >= self.first);
        self.last = found.map_or(i64::MIN, |(run, _)| run - 1);
        found.map(|(_, found)| found)
    }
}

impl<Z: Zone> FusedIterator for Occurrences<'_, Z> {}

impl<Z> Occurrences<'_, Z> {
    /// The instant after the last returned run.
    fn front(&self) -> i64 {
        self.batch.at().map_or(self.first, |given| given + 1)
    }
}

impl<Z> fmt::Debug for Occurrences<'_, Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} to {:?}", Ticks(self.front()), Ticks(self.last))
    }
}

/// A trigger's next run, and its position among the starts.
struct Cursor<'t, Z> {
    finder: Finder<'t, Z>,
    /// The next run; [`i64::MAX`] if there are no more.
    run: i64,
    /// The last start at or before the run, and the start after that.
    start: Option<Start>,
    next: Option<Start>,
    /// The days after the next start, or after the run's own day without repetition.
    days: Walk,
    /// Whether no start before `start` has a run after this one.
    alone: bool,
}

impl<'t, Z: Zone> Cursor<'t, Z> {
    fn new(finder: Finder<'t, Z>, from: i64) -> Self {
        let days = Walk::new(finder.pattern.days);
        let mut cursor = Self { finder, run: 0, start: None, next: None, days, alone: true };
        cursor.seek(from - 1);
        cursor
    }

    /// Moves to the first run after an instant.
    #[inline(never)]
    fn seek(&mut self, after: i64) {
        let Some(repetition) = self.finder.pattern.repetition else {
            self.next = self.finder.start_after(after);
            self.run = self.next.map_or(i64::MAX, |start| start.at);
            self.days.go(self.next.map_or(i32::MAX, |start| start.day + 1));
            return;
        };
        let Some(run) = self.finder.next_after(after) else {
            self.run = i64::MAX;
            return;
        };
        self.run = run;
        self.start = self.finder.start_until(run);
        self.next = self.finder.start_after(run);
        self.days.go(self.next.map_or(i32::MAX, |start| start.day + 1));
        let Some(start) = self.start else { return };
        let before = repetition
            .reach
            .and_then(|reach| Some(self.finder.start_until(start.at - 1)?.at.saturating_add(reach)));
        let own = (run - start.at) % repetition.interval == 0;
        self.alone = own && before.is_none_or(|last| last <= run);
    }

    /// Returns the run and those certain to follow it up to an instant, and moves to the next.
    fn next(&mut self, batch: &mut Batch, last: i64) -> bool {
        if self.run > last {
            return false;
        }
        let interval = self.finder.pattern.repetition.map_or(1, |repetition| repetition.interval);
        let last = last.min(self.certain());
        self.run = batch.repeat(&mut self.finder, self.run, interval, last);
        self.step();
        true
    }

    /// The instant up to which only the current start has repetitions.
    fn certain(&self) -> i64 {
        let (Some(Repetition { reach, .. }), Some(start), true) =
            (self.finder.pattern.repetition, self.start, self.alone)
        else {
            return self.run;
        };
        let next = self.next.map_or(i64::MAX, |next| next.at - 1);
        let last = reach.map_or(i64::MAX, |reach| start.at.saturating_add(reach));
        next.min(last).min(self.finder.end)
    }

    #[inline(always)]
    fn step(&mut self) {
        match self.finder.pattern.repetition {
            Some(repetition) => self.repeat(repetition),
            None => {
                let next = self.finder.start_in(&mut self.days, self.run);
                self.run = next.map_or(i64::MAX, |start| start.at);
            }
        }
    }

    #[inline(never)]
    fn repeat(&mut self, Repetition { interval, reach }: Repetition) {
        let (Some(start), true) = (self.start, self.alone) else { return self.seek(self.run) };
        let next = self.next.map_or(i64::MAX, |next| next.at);
        let last = reach.map_or(i64::MAX, |reach| start.at.saturating_add(reach));
        let run = self.run.saturating_add(interval);
        if run <= last && run < next {
            self.run = if run <= self.finder.end { run } else { i64::MAX };
            return;
        }
        // Its last run is after the next start, so both continue in parallel.
        if reach.is_some() && last > next {
            return self.seek(self.run);
        }
        self.run = next;
        self.start = self.next;
        self.next = self.next.and_then(|next| self.finder.start_in(&mut self.days, next.at));
    }
}
