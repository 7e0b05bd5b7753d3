//! Patterns in a zone, and queries for a single run.

use super::{
    finder::Finder,
    occurrence::Occurrence,
    options::Options,
    pattern::{Packed, Pattern},
};
use crate::time::Zone;

/// The inputs of a timetable's queries: patterns, zone, options, and the instants within the calendar in UTC and in
/// the zone.
pub(super) struct View<'t, Z> {
    pub(super) patterns: &'t [Packed],
    pub(super) zone: &'t Z,
    pub(super) options: &'t Options,
    pub(super) first: i64,
    pub(super) last: i64,
}

impl<Z> Clone for View<'_, Z> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Z> Copy for View<'_, Z> {}

impl<'t, Z: Zone> View<'t, Z> {
    pub(super) fn finder(&self, pattern: &Packed, near: i64) -> Finder<'t, Z> {
        self.finder_of(pattern.unpack(), near)
    }

    pub(super) fn finder_of(&self, pattern: Pattern, near: i64) -> Finder<'t, Z> {
        Finder::new(pattern, self.zone, self.options, near)
    }

    /// The first run after an instant.
    pub(super) fn next_after(&self, after: i64) -> Option<Occurrence> {
        let after = after.clamp(self.first - 1, self.last);
        let mut next: Option<(i64, Occurrence)> = None;
        for pattern in self.patterns {
            let mut finder = self.finder(pattern, after);
            let Some(run) = finder.next_after(after).filter(|run| *run <= self.last) else { continue };
            if next.is_none_or(|(next, _)| run < next) {
                next = Some((run, Occurrence::new(&mut finder, run)));
            }
        }
        next.map(|(_, next)| next)
    }

    /// The last run before an instant, with its instant in ticks.
    pub(super) fn last_before(&self, before: i64) -> Option<(i64, Occurrence)> {
        let before = before.clamp(self.first, self.last + 1);
        let mut previous: Option<(i64, Occurrence)> = None;
        for pattern in self.patterns {
            let mut finder = self.finder(pattern, before);
            let Some(run) = finder.previous_before(before).filter(|run| *run >= self.first) else { continue };
            if previous.is_none_or(|(previous, _)| run > previous) {
                previous = Some((run, Occurrence::new(&mut finder, run)));
            }
        }
        previous
    }

    /// Whether a pattern has any runs.
    pub(super) fn ever_runs(&self, pattern: &Packed) -> bool {
        let mut finder = self.finder(pattern, self.first);
        // A start is a run, and is found faster.
        let start = finder.start_after(self.first - 1).map(|start| start.at);
        start.is_some_and(|start| start <= self.last)
            || finder.next_after(self.first - 1).is_some_and(|run| run <= self.last)
    }
}
