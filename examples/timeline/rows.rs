//! The runs of all tasks, merged.

use crate::source::{Reader, Source};
use std::{
    mem,
    ops::{ControlFlow, Range},
};
use time::OffsetDateTime;
use wintask::{schedule::Occurrence, time::Ticks};

/// The rows of a period: the earliest run first; of those at one instant, in the order of the sources.
pub struct Rows<'r> {
    pub reader: &'r Reader<'r>,
    pub sources: &'r [Source],
}

/// How much text is handed over at once.
const AT_ONCE: usize = 1 << 16;

impl Rows<'_> {
    /// How many runs are sorted at once. To begin with a source costs as much as some of its runs.
    fn at_once(&self) -> usize {
        self.sources.len().max(1 << 14)
    }

    /// Parts of the period that have about as many runs as are sorted at once, if they are spread evenly.
    pub fn parts(&self, runs: u64) -> impl Iterator<Item = Range<OffsetDateTime>> + Send {
        let period = self.reader.period.clone();
        let length = period.end - period.start;
        let parts = i32::try_from(runs / self.at_once() as u64 + 1).unwrap_or(i32::MAX);
        let start = move |part: i32| period.start + length / parts * part;
        (0..parts).map(move |part| start(part)..if part + 1 == parts { period.end } else { start(part + 1) })
    }

    /// Hands over the rows of a part, a piece after the other. Where it has more runs than expected, they are printed by
    /// halves of it: what is kept depends on the number of sources alone, each of which has one run at an instant.
    pub fn print(&self, range: Range<OffsetDateTime>, done: &mut dyn FnMut(String)) {
        let Some(mut runs) = self.runs(&range) else {
            let middle = range.start + (range.end - range.start) / 2;
            self.print(range.start..middle, done);
            return self.print(middle..range.end, done);
        };
        runs.sort_unstable_by_key(|Scheduled { at, source, .. }| (*at, *source));
        let mut text = String::new();
        for Scheduled { source, run, .. } in runs {
            if let Some(source) = self.sources.get(source as usize) {
                self.reader.row(source, &run, &mut text);
            }
            if text.len() > AT_ONCE {
                done(mem::take(&mut text));
            }
        }
        done(text);
    }

    /// The runs in a range, unless there are too many to be sorted at once.
    fn runs(&self, range: &Range<OffsetDateTime>) -> Option<Vec<Scheduled>> {
        let most = 4 * self.at_once();
        let mut runs = Vec::new();
        for (source, kept) in (0..).zip(self.sources) {
            self.reader.runs(kept, range, |run| {
                runs.push(Scheduled { at: Ticks::from_instant(run.instant()), source, run });
                if runs.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if runs.len() > most {
                return None;
            }
        }
        Some(runs)
    }
}

/// A run, and the position of its source.
struct Scheduled {
    at: Ticks,
    source: u32,
    run: Occurrence,
}
