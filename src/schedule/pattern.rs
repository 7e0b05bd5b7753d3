//! One trigger's runs: starts by the calendar, each with its repetitions.

use super::{
    days::{Days, Walk},
    options::{Options, RepetitionEnd},
    remainder::{self, common_divisor},
};
use crate::time::{
    GapPolicy, OverlapPolicy, Zone,
    ticks::{DAY, day_of},
    zone::{Located, Span, locate},
};
use std::ops::RangeInclusive;

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

/// A start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) day: i32,
    pub(super) at: i64,
}

/// A pattern and what it takes to find the instants of its local times.
pub(super) struct Finder<'p, Z: ?Sized> {
    pub(super) pattern: &'p Pattern,
    zone: &'p Z,
    options: &'p Options,
    /// The zone's period that was looked at last, and another that is known, so that near times need no second look.
    span: Span,
    other: Span,
    /// The days whose starts are as far from their midnights as `distance` says, whatever the clock does elsewhere.
    steady: RangeInclusive<i32>,
    /// From a day's midnight, as if it were UTC's, to its start.
    distance: i64,
}

impl<'p, Z: Zone + ?Sized> Finder<'p, Z> {
    pub(super) fn new(pattern: &'p Pattern, zone: &'p Z, options: &'p Options, near: i64) -> Self {
        let span = Span::at(zone, near);
        let mut finder = Self { pattern, zone, options, span, other: span, steady: 0..=0, distance: 0 };
        finder.set_steady();
        finder
    }

    /// The zone's period at an instant.
    fn span_at(&mut self, instant: i64) -> Span {
        if self.span.holds(instant) {
            return self.span;
        }
        if !self.other.holds(instant) {
            self.other = Span::at(self.zone, instant);
        }
        self.other
    }

    /// Goes to the zone's period at an instant.
    #[inline(never)]
    fn look(&mut self, instant: i64) {
        let span = self.span_at(instant);
        if span != self.span {
            (self.span, self.other) = (span, self.span);
            self.set_steady();
        }
    }

    fn set_steady(&mut self) {
        let span = self.span;
        (self.steady, self.distance) = match self.pattern.clock {
            Clock::Offset(offset) => (i32::MIN..=i32::MAX, self.pattern.time - offset),
            Clock::Local => {
                let distance = self.pattern.time - span.offset;
                let (first, last) = span.sure();
                let first = span.sure_behind(&self.other).unwrap_or(first);
                let day = |instant: i64| day_of(instant.saturating_sub(distance));
                (day(first.saturating_sub(1)) + 1..=day(last.saturating_sub(1)), distance)
            }
        };
    }

    /// The machine's offset at an instant.
    #[inline(always)]
    pub(super) fn offset(&mut self, instant: i64) -> i64 {
        if !self.span.holds(instant) {
            self.look(instant);
        }
        self.span.offset
    }

    /// The last instant at which the offset is what it is where the finder looks.
    pub(super) fn last(&self) -> i64 {
        self.span.last()
    }

    /// When a day's start happens.
    #[inline(always)]
    pub(super) fn start_on(&mut self, day: i32) -> Option<i64> {
        if self.steady.contains(&day) {
            return Some(i64::from(day) * DAY + self.distance);
        }
        self.resolve(day)
    }

    #[inline(never)]
    fn resolve(&mut self, day: i32) -> Option<i64> {
        let civil = i64::from(day) * DAY + self.pattern.time;
        self.look(civil - self.span.offset);
        if self.steady.contains(&day) {
            return Some(civil - self.span.offset);
        }
        resolve(&locate(|instant| self.span_at(instant), civil), self.options)
    }

    /// The pattern's civil time at an instant: what every start at or before it shows, or less.
    fn civil(&mut self, instant: i64) -> i64 {
        match self.pattern.clock {
            Clock::Offset(offset) => instant.saturating_add(offset),
            Clock::Local => instant.saturating_add(self.offset(instant)),
        }
    }

    /// How many days around the one that a clock shows may have a start there, too: where the clock is changed, a day's
    /// start may come late, or a later day's at the same instant.
    fn slack(&self, instant: i64) -> i32 {
        match self.pattern.clock {
            Clock::Offset(_) => 0,
            Clock::Local if self.span.is_sure(instant) => 0,
            Clock::Local => 3,
        }
    }

    /// The first start after an instant on one of these days.
    #[inline(always)]
    pub(super) fn start_in(&mut self, days: &mut Walk, after: i64) -> Option<Start> {
        loop {
            let day = days.next()?;
            match self.start_on(day) {
                Some(at) if at > self.pattern.end => return None,
                Some(at) if at > after => return Some(Start { day, at }),
                _ => {}
            }
        }
    }

    /// A day before which no start happens from an instant on.
    pub(super) fn first_day(&mut self, from: i64) -> i32 {
        // Today's start may still come.
        (day_of(self.civil(from)) - self.slack(from)).max(self.pattern.first_day)
    }

    /// The last day up to which starts are as far from their midnights as this day's and happen by the same offset of the
    /// zone, at an instant at the latest; the day itself if nothing is sure. The finder has looked there.
    pub(super) fn steady_until(&self, day: i32, last: i64) -> i32 {
        if !self.steady.contains(&day) {
            return day;
        }
        day_of(self.span.last().min(last).saturating_sub(self.distance)).min(*self.steady.end())
    }

    /// The first start after an instant.
    pub(super) fn start_after(&mut self, after: i64) -> Option<Start> {
        let mut from = self.first_day(after);
        loop {
            let day = self.pattern.days.next(from)?;
            match self.start_on(day) {
                Some(at) if at > self.pattern.end => return None,
                Some(at) if at > after => return Some(Start { day, at }),
                _ => from = day + 1,
            }
        }
    }

    /// The last start before or at an instant.
    pub(super) fn start_until(&mut self, until: i64) -> Option<Start> {
        let until = until.min(self.pattern.end);
        let civil = self.civil(until);
        let day = day_of(civil);
        self.start_before(day + 1 + self.slack(until), until)
    }

    /// How many starts there were up to an instant, and the last of them, had the clock always been what it is where
    /// the finder looks.
    pub(super) fn starts_as_now(&self, until: i64) -> Option<(i64, i64)> {
        let Pattern { days, first_day, .. } = *self.pattern;
        let day = day_of(until.saturating_sub(self.distance));
        let last = days.previous(day).filter(|last| *last >= first_day)?;
        Some((days.count(first_day, last) as i64, i64::from(last) * DAY + self.distance))
    }

    /// The last start before a day and before or at an instant.
    fn start_before(&mut self, day: i32, until: i64) -> Option<Start> {
        let mut to = day - 1;
        loop {
            let day = self.pattern.days.previous(to).filter(|day| *day >= self.pattern.first_day)?;
            match self.start_on(day) {
                Some(at) if at <= until => return Some(Start { day, at }),
                _ => to = day - 1,
            }
        }
    }

    /// The first run after an instant.
    pub(super) fn next_after(&mut self, after: i64) -> Option<i64> {
        let Some(Repetition { interval, reach }) = self.pattern.repetition else {
            return self.start_after(after).map(|start| start.at);
        };
        let start = self.start_until(after);
        let next = match (start, reach) {
            (None, _) => None,
            (Some(start), None) => Some((start.at - after - 1).rem_euclid(interval)),
            (Some(_), Some(reach)) => {
                // A start from then on has a run that is still to come.
                let oldest = after.saturating_sub(reach).saturating_add(1);
                self.least(start, oldest, interval, -1, |at| at - after - 1)
            }
        };
        let next = next.map(|ahead| (after + 1).saturating_add(ahead));
        let start = self.start_after(after).map(|start| start.at);
        let next = match (next, start) {
            (Some(next), Some(start)) => Some(next.min(start)),
            (next, start) => next.or(start),
        };
        next.filter(|next| *next <= self.pattern.end)
    }

    /// The last run before an instant.
    pub(super) fn previous_before(&mut self, before: i64) -> Option<i64> {
        let until = before.saturating_sub(1).min(self.pattern.end);
        let start = self.start_until(until);
        let Some(Repetition { interval, reach }) = self.pattern.repetition else {
            return start.map(|start| start.at);
        };
        let Some(reach) = reach else {
            return start.map(|start| until - (until - start.at) % interval);
        };
        // Of the starts that had all their runs, the last; of the others, whichever had one last.
        let oldest = until.saturating_sub(reach).max(-2 * DAY);
        let over = self.start_until(oldest - 1).map(|start| start.at.saturating_add(reach));
        let going_on = self.least(start, oldest, interval, 1, |at| until - at).map(|passed| until - passed);
        over.max(going_on)
    }

    /// The least distance modulo the interval of all starts from the oldest to this one. A day less adds a day to the
    /// distance, or takes one away, as `sign` says.
    fn least(
        &mut self,
        last: Option<Start>,
        oldest: i64,
        interval: i64,
        sign: i64,
        distance: impl Fn(i64) -> i64,
    ) -> Option<i64> {
        let mut least = None::<i64>;
        let (mut start, mut several) = (last, false);
        while let Some(Start { day, at }) = start.filter(|start| start.at >= oldest && least != Some(0)) {
            let own = distance(at).rem_euclid(interval);
            least = Some(least.map_or(own, |least| least.min(own)));
            let mut from = day;
            // By an unchanging clock distances differ by whole days, and all are as far from a multiple of what a day
            // and the interval have in common.
            if several && self.steady.contains(&day) {
                let reached = least.is_some_and(|least| least <= own % common_divisor(interval, DAY));
                let progressions = self.pattern.days.progressions(day).filter(|_| !reached);
                if reached || progressions.is_some() {
                    from = *self.steady.start();
                }
                let first = oldest.saturating_sub(self.distance).saturating_add(DAY - 1).div_euclid(DAY);
                // There are no days before the calendar's first.
                let first = first.max(from.max(self.pattern.first_day).max(0).into());
                let progressions = progressions.into_iter().flatten();
                for (day, days) in progressions.filter(|(day, _)| i64::from(*day) >= first) {
                    let own = distance(i64::from(day) * DAY + self.distance).rem_euclid(interval);
                    let count = (i64::from(day) - first) / days + 1;
                    let own = remainder::least(own, sign * days * DAY, interval, count);
                    least = least.map(|least| least.min(own));
                }
            }
            several = true;
            start = if from <= 0 { None } else { self.start_before(from, at) };
        }
        least
    }

    /// Whether a run happens at an instant.
    pub(super) fn runs_at(&mut self, instant: i64) -> bool {
        self.previous_before(instant.saturating_add(1)) == Some(instant)
    }
}

/// The instant of a local time by the policies.
pub(super) fn resolve(local: &Located, options: &Options) -> Option<i64> {
    match (*local, options.gap, options.overlap) {
        (Located::Unique(instant), ..)
        | (Located::Gap { ends: instant, .. }, GapPolicy::FirstInstant, _)
        | (Located::Gap { shifted: instant, .. }, GapPolicy::Shift, _)
        | (Located::Overlap { first: instant, .. }, _, OverlapPolicy::First)
        | (Located::Overlap { second: instant, .. }, _, OverlapPolicy::Second) => Some(instant),
        (Located::Gap { .. }, GapPolicy::Skip, _) => None,
    }
}
