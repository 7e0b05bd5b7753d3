//! The starts of a pattern by a zone's clock: which is the next after an instant, which the last before it.

use super::{
    adjustment::Adjustment,
    days::Walk,
    options::Options,
    pattern::{Clock, End, Pattern},
};
use crate::time::{
    GapPolicy, OverlapPolicy, Zone,
    calendar::{self, Civil, LAST_DAY},
    ticks::{DAY, SECOND, day_of, time_of_day},
    zone::{Located, Span, locate},
};
use std::ops::RangeInclusive;
use time::UtcOffset;

/// A start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) day: i32,
    pub(super) at: i64,
}

/// A pattern and what is needed to find the instants of its local times.
pub(super) struct Finder<'z, Z: ?Sized> {
    pub(super) pattern: Pattern,
    /// The last instant at which anything may run.
    pub(super) end: i64,
    zone: &'z Z,
    options: &'z Options,
    /// The zone's period that was looked at last, and another that is known, so that near times need no second look.
    span: Span,
    other: Span,
    /// The days whose starts are as far from their midnights as `distance` says, regardless of other changes of the clock.
    steady: RangeInclusive<i32>,
    /// From a day's midnight, as if it were UTC's, to its start.
    distance: i64,
}

impl<'z, Z: Zone + ?Sized> Finder<'z, Z> {
    pub(super) fn new(pattern: Pattern, zone: &'z Z, options: &'z Options, near: i64) -> Self {
        let span = Span::at(zone, near);
        let end = match pattern.end {
            End::Never => i64::MAX,
            End::Instant(end) => end,
            End::Local(end) => instant_of(zone, options, end),
            End::LocalExclusive(end) => instant_of(zone, options, end) - 1,
        };
        let mut finder = Self { pattern, end, zone, options, span, other: span, steady: 0..=0, distance: 0 };
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
        (self.steady, self.distance) = match self.pattern.clock.offset() {
            Some(offset) => (i32::MIN..=i32::MAX, self.pattern.time - offset),
            None => {
                let distance = self.pattern.time - span.offset;
                let (first, last) = span.sure();
                let first = span.sure_after(&self.other).unwrap_or(first);
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
        let offset = self.pattern.clock.offset().unwrap_or_else(|| self.offset(instant));
        instant.saturating_add(offset)
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
                Some(at) if at > self.end => return None,
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
                Some(at) if at > self.end => return None,
                Some(at) if at > after => return Some(Start { day, at }),
                _ => from = day + 1,
            }
        }
    }

    /// The last start before or at an instant.
    pub(super) fn start_until(&mut self, until: i64) -> Option<Start> {
        let until = until.min(self.end);
        let civil = self.civil(until);
        let day = day_of(civil);
        self.start_before(day + 1 + self.slack(until), until)
    }

    /// How many starts there were up to an instant, and the last of them, had the clock always been what it is where
    /// the finder looks.
    pub(super) fn starts_as_now(&self, until: i64) -> Option<(i64, i64)> {
        let Pattern { days, first_day, .. } = self.pattern;
        let day = day_of(until.saturating_sub(self.distance));
        let last = days.previous(day).filter(|last| *last >= first_day)?;
        Some((days.count(first_day, last) as i64, i64::from(last) * DAY + self.distance))
    }

    /// The last start before a day and before or at an instant.
    pub(super) fn start_before(&mut self, day: i32, until: i64) -> Option<Start> {
        let mut to = day - 1;
        loop {
            let day = self.pattern.days.previous(to).filter(|day| *day >= self.pattern.first_day)?;
            match self.start_on(day) {
                Some(at) if at <= until => return Some(Start { day, at }),
                _ => to = day - 1,
            }
        }
    }

    /// Whether a change of the clock decides when a day's start happens.
    pub(super) fn adjustment(&self, day: i32) -> Adjustment {
        if self.pattern.clock != Clock::Local || self.steady.contains(&day) {
            return Adjustment::None;
        }
        let civil = i64::from(day) * DAY + self.pattern.time;
        match locate(|instant| Span::at(self.zone, instant), civil) {
            Located::Unique(_) => Adjustment::None,
            Located::Gap { .. } => Adjustment::Gap,
            Located::Overlap { .. } => Adjustment::Overlap,
        }
    }

    /// The same of the start that happens at an instant, if one does.
    pub(super) fn adjustment_at(&mut self, instant: i64) -> Adjustment {
        if self.pattern.clock != Clock::Local || self.span.is_sure(instant) {
            return Adjustment::None;
        }
        // Of two, the day's that the clock left out comes first.
        let mut adjustment = Adjustment::None;
        let mut start = self.start_until(instant);
        while let Some(Start { day, .. }) = start.filter(|start| start.at == instant) {
            adjustment = self.adjustment(day);
            start = self.start_before(day, instant);
        }
        adjustment
    }

    /// The days that have the same distance as this one for certain, as far as they are known.
    pub(super) fn alike(&self, day: i32) -> RangeInclusive<i32> {
        if self.steady.contains(&day) { self.steady.clone() } else { day..=day }
    }

    /// The first day from which on the clock is changed by the same rules every year.
    pub(super) fn yearly_from(&self) -> Option<i32> {
        match self.pattern.clock {
            Clock::Offset(_) => Some(0),
            Clock::Local => {
                let from = self.zone.changes()?.yearly_from?;
                // By any clock.
                (from.0 < MAX_INSTANT).then(|| day_of(from.0).max(0) + 3)
            }
        }
    }

    /// Which of some distances occur where the clock is changed by the same rules every year, from a day on: on the days
    /// of the pattern or, if it leaves out weeks, on days like them.
    ///
    /// There are 14 kinds of years, by the weekday of their first day and whether they have a leap day. All are among 28
    /// years of a century.
    pub(super) fn recurring(&mut self, distances: &[i64], from: i32) -> Vec<i64> {
        const YEARS: i32 = 28 * 1461 / 4;
        let century = calendar::civil(from).year.max(2000).div_euclid(100);
        let year = if from > calendar::day_number(first_of(2001)) { century * 100 + 101 } else { 2001 };
        let mut day = calendar::day_number(first_of(year));
        if from > LAST_DAY {
            return Vec::new();
        }
        if day + YEARS > LAST_DAY {
            return distances.to_vec();
        }
        let (end, days) = (day + YEARS, self.pattern.days.of_any_week());
        let mut found = Vec::with_capacity(distances.len());
        while found.len() < distances.len() {
            let Some(next) = days.next(day).filter(|next| *next < end) else { break };
            let distance = self.start_on(next).map(|at| at - i64::from(next) * DAY);
            found.extend(distance.filter(|distance| !found.contains(distance)));
            day = self.alike(next).end().saturating_add(1);
        }
        found
    }

    /// Whether it is known what the clock ever does.
    pub(super) fn lists_changes(&self) -> bool {
        self.pattern.clock != Clock::Local || self.zone.changes().is_some()
    }

    /// From a day's midnight, as if it were UTC's, to its start: all distances there are between two instants, and maybe
    /// others.
    pub(super) fn distances(&self, oldest: i64, newest: i64) -> Vec<i64> {
        let time = self.pattern.time;
        if let Some(offset) = self.pattern.clock.offset() {
            return vec![time - offset];
        }
        let ticks = |offset: &UtcOffset| i64::from(offset.whole_seconds()) * SECOND;
        let (offsets, times): (Vec<i64>, Vec<i64>) = match self.zone.changes() {
            Some(changes) => {
                let times = changes.times.iter().map(|time| time_of_day(*time)).collect();
                (changes.offsets.iter().map(ticks).collect(), times)
            }
            None => self.seen(oldest, newest),
        };
        let mut distances: Vec<_> = offsets.iter().map(|offset| time - offset).collect();
        // What a change skips may happen at its instant, on the day of the change or on the day after it.
        if self.options.gap == GapPolicy::FirstInstant {
            for (before, after) in pairs(&offsets) {
                for change in &times {
                    let skipped = *change..change + after - before;
                    distances.extend(skipped.contains(&time).then_some(change - before));
                    distances.extend(skipped.contains(&(time + DAY)).then_some(change - before - DAY));
                }
            }
        }
        distances.sort_unstable();
        distances.dedup();
        distances
    }

    /// The offsets that matter between two instants, and the times of day at which the clock is changed.
    fn seen(&self, oldest: i64, newest: i64) -> (Vec<i64>, Vec<i64>) {
        let mut span = Span::at(self.zone, oldest.max(-2 * DAY) - 2 * DAY);
        let (mut offsets, mut times) = (vec![span.offset], Vec::new());
        while span.until() <= newest.saturating_add(2 * DAY) {
            let next = Span::at(self.zone, span.until());
            if next.until() <= span.until() {
                break;
            }
            let time = (span.until() + span.offset).rem_euclid(DAY);
            if next.offset != span.offset && !times.contains(&time) {
                times.push(time);
            }
            if !offsets.contains(&next.offset) {
                offsets.push(next.offset);
            }
            span = next;
        }
        (offsets, times)
    }
}

/// Later than all instants of the calendar.
const MAX_INSTANT: i64 = (LAST_DAY as i64 + 10) * DAY;

fn first_of(year: i32) -> Civil {
    Civil { year, month: 1, day: 1 }
}

/// Two offsets of which the second is the greater one.
fn pairs(offsets: &[i64]) -> impl Iterator<Item = (i64, i64)> {
    offsets.iter().flat_map(move |before| {
        offsets.iter().filter(move |after| *after > before).map(move |after| (*before, *after))
    })
}

/// A local time's instant by the policies; where they leave it out, the end of the gap.
pub(super) fn instant_of<Z: Zone + ?Sized>(zone: &Z, options: &Options, local: i64) -> i64 {
    let first_instant = options.with_gap(GapPolicy::FirstInstant);
    let located = locate(|instant| Span::at(zone, instant), local);
    resolve(&located, options).or_else(|| resolve(&located, &first_instant)).unwrap_or(local)
}

/// The instant of a local time by the policies.
fn resolve(local: &Located, options: &Options) -> Option<i64> {
    match (*local, options.gap, options.overlap) {
        (Located::Unique(instant), ..)
        | (Located::Gap { ends: instant, .. }, GapPolicy::FirstInstant, _)
        | (Located::Gap { shifted: instant, .. }, GapPolicy::Shift, _)
        | (Located::Overlap { first: instant, .. }, _, OverlapPolicy::First)
        | (Located::Overlap { second: instant, .. }, _, OverlapPolicy::Second) => Some(instant),
        (Located::Gap { .. }, GapPolicy::Skip, _) => None,
    }
}
