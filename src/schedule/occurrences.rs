use super::{
    batch::{Batch, Starts, shown},
    days::Walk,
    finder::{Finder, Start},
    pattern::{Pattern, Repetition},
    timetable::Timetable,
};
use crate::time::{Ticks, Zone};
use std::{fmt, iter::FusedIterator, time::Duration};
use time::{OffsetDateTime, PrimitiveDateTime};

/// A run.
///
/// A random delay is not drawn: the run happens at [`Occurrence::instant`] or up to [`Occurrence::random_delay`] later.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Occurrence {
    pub(super) niche: Niche,
    pub(super) instant: OffsetDateTime,
    pub(super) local: PrimitiveDateTime,
    pub(super) random_delay: i64,
    pub(super) trigger: usize,
}

/// Has one value only. The others are where an `Option<Occurrence>` keeps its `None`: what is always the same need not be
/// loaded and compared to know that there is a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub(super) enum Niche {
    Some,
}

impl Occurrence {
    pub(super) fn new<Z: Zone + ?Sized>(finder: &mut Finder<'_, Z>, instant: i64) -> Self {
        let (local, utc) = shown(instant, finder.offset(instant));
        let Pattern { random_delay, trigger, .. } = *finder.pattern;
        Self { niche: Niche::Some, instant: utc.assume_utc(), local, random_delay, trigger }
    }

    /// The instant.
    #[must_use]
    pub fn instant(&self) -> OffsetDateTime {
        self.instant
    }

    /// What a clock of the timetable's zone shows then.
    #[must_use]
    pub fn local(&self) -> PrimitiveDateTime {
        self.local
    }

    /// The trigger's place in the definition; of several that run at the same instant, the first.
    #[must_use]
    pub fn trigger(&self) -> usize {
        self.trigger
    }

    /// How much later it may happen, zero included: the caller draws ([MS-TSCH] 2.5.3.5, 2.5.3.9).
    #[must_use]
    pub fn random_delay(&self) -> Duration {
        let ticks = u64::try_from(self.random_delay).unwrap_or(0);
        Duration::new(ticks / 10_000_000, (ticks % 10_000_000) as u32 * 100)
    }
}

impl fmt::Debug for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (local {}, trigger {})", self.instant(), self.local(), self.trigger)
    }
}

/// The runs of a [`Timetable`] in a stretch of time.
pub struct Occurrences<'t, Z> {
    table: &'t Timetable<Z>,
    /// The run that was given last from the front, and those behind it that are known.
    batch: Batch,
    cursors: Cursors<'t, Z>,
    /// What is before the first instant or behind the last is not to be given any more.
    first: i64,
    last: i64,
}

/// Where each trigger stands.
enum Cursors<'t, Z> {
    Unset,
    /// One trigger that does not repeat.
    Starts(Starts<'t, Z>),
    One(Cursor<'t, Z>),
    Many(Vec<Cursor<'t, Z>>),
}

impl<'t, Z: Zone> Occurrences<'t, Z> {
    pub(super) fn new(table: &'t Timetable<Z>, first: i64, last: i64) -> Self {
        Self { table, batch: Batch::NONE, cursors: Cursors::Unset, first, last }
    }

    fn set(&mut self) {
        let finder = |pattern| self.table.finder(pattern, self.first);
        let cursor = |pattern| Cursor::new(finder(pattern), self.first);
        self.cursors = match self.table.patterns() {
            [only] if only.repetition.is_none() => Cursors::Starts(Starts::new(finder(only), self.first)),
            [only] => Cursors::One(cursor(only)),
            patterns => Cursors::Many(patterns.iter().map(cursor).collect()),
        };
    }

    /// Counts what is left, a window at a time.
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
        self.first = self.front();
        if self.first > self.last {
            return false;
        }
        if matches!(self.cursors, Cursors::Unset) {
            self.set();
        }
        let found = match &mut self.cursors {
            Cursors::Unset => false,
            Cursors::Starts(starts) => starts.next(&mut self.batch, self.first, self.last),
            Cursors::One(cursor) => cursor.next(&mut self.batch, self.last),
            Cursors::Many(cursors) => {
                let (mut run, mut other) = (i64::MAX, i64::MAX);
                for cursor in cursors.iter() {
                    (run, other) = (run.min(cursor.run), other.min(run.max(cursor.run)));
                }
                // What another trigger does comes first, and once if both do it at the same time.
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
        // What was known may be behind the new end.
        (self.batch, self.cursors) = (Batch::NONE, Cursors::Unset);
        if self.first > self.last {
            return None;
        }
        let found = self.table.last_before(self.last + 1).filter(|(run, _)| *run >= self.first);
        self.last = found.map_or(i64::MIN, |(run, _)| run - 1);
        found.map(|(_, found)| found)
    }
}

impl<Z: Zone> FusedIterator for Occurrences<'_, Z> {}

impl<Z> Occurrences<'_, Z> {
    /// The instant behind what was given.
    fn front(&self) -> i64 {
        self.batch.at().map_or(self.first, |given| given + 1)
    }
}

impl<Z> fmt::Debug for Occurrences<'_, Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} to {:?}", Ticks(self.front()), Ticks(self.last))
    }
}

/// A trigger's next run, and where it stands among the starts.
struct Cursor<'t, Z> {
    finder: Finder<'t, Z>,
    /// The next run; [`i64::MAX`] if there is none.
    run: i64,
    /// The last start at or before the run, and the one behind that.
    start: Option<Start>,
    next: Option<Start>,
    /// The days behind the next start, or behind the run's own where nothing repeats.
    days: Walk,
    /// Whether all starts before `start` have no run behind this one.
    alone: bool,
}

impl<'t, Z: Zone> Cursor<'t, Z> {
    fn new(finder: Finder<'t, Z>, from: i64) -> Self {
        let days = Walk::new(finder.pattern.days);
        let mut cursor = Self { finder, run: 0, start: None, next: None, days, alone: true };
        cursor.seek(from - 1);
        cursor
    }

    /// Goes to the first run after an instant, wherever it is.
    #[inline(never)]
    fn seek(&mut self, after: i64) {
        let pattern = self.finder.pattern;
        let Some(repetition) = pattern.repetition else {
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

    /// Gives the run, with those that follow it for certain up to an instant, and goes to the next.
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

    /// Up to which instant the start's repetitions are all there is.
    fn certain(&self) -> i64 {
        let (Some(Repetition { reach, .. }), Some(start), true) =
            (self.finder.pattern.repetition, self.start, self.alone)
        else {
            return self.run;
        };
        let next = self.next.map_or(i64::MAX, |next| next.at - 1);
        let last = reach.map_or(i64::MAX, |reach| start.at.saturating_add(reach));
        next.min(last).min(self.finder.pattern.end)
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
            self.run = if run <= self.finder.pattern.end { run } else { i64::MAX };
            return;
        }
        // Its last run is still to come when the next start does: the two go on side by side.
        if reach.is_some() && last > next {
            return self.seek(self.run);
        }
        self.run = next;
        self.start = self.next;
        self.next = self.next.and_then(|next| self.finder.start_in(&mut self.days, next.at));
    }
}
