//! Finds the starts of a pattern by a zone's clock: the next after an instant, and the last before it.

use super::{
    adjustment::Adjustment,
    days::Walk,
    options::Options,
    pattern::{Clock, End, Pattern},
};
use crate::time::{
    GapPolicy, OverlapPolicy, Ticks, Zone,
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

/// A pattern, and the data needed to find the instants of its local times.
pub(super) struct Finder<'z, Z: ?Sized> {
    pub(super) pattern: Pattern,
    /// The last instant at which anything can run.
    pub(super) end: i64,
    zone: &'z Z,
    options: &'z Options,
    /// The zone's period examined last, and another known one, so that nearby times need no second query.
    span: Span,
    other: Span,
    /// The days whose starts have the given `distance` from midnight, regardless of clock changes elsewhere.
    steady: RangeInclusive<i32>,
    /// The time from a day's midnight, taken as UTC, to its start.
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

    /// Moves to the zone's period at an instant.
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

    /// The last instant with the offset of the current period.
    pub(super) fn last(&self) -> i64 {
        self.span.last()
    }

    /// The instant of a day's start.
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

    /// The pattern's civil time at an instant: that of every start at or before it is equal or less.
    fn civil(&mut self, instant: i64) -> i64 {
        let offset = self.pattern.clock.offset().unwrap_or_else(|| self.offset(instant));
        instant.saturating_add(offset)
    }

    /// The number of days around the current one that can also have a start now: at a clock change, a day's start may
    /// be late, or coincide with that of a later day.
    fn slack(&self, instant: i64) -> i32 {
        match self.pattern.clock {
            Clock::Offset(_) => 0,
            Clock::Local if self.span.is_sure(instant) => 0,
            Clock::Local => 3,
        }
    }

    /// The first start on one of these days after an instant.
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

    /// The last day, selected or not, whose start is at or before an instant, if no starts are omitted.
    pub(super) fn day_until(&mut self, instant: i64) -> i32 {
        let mut day = day_of(self.civil(instant).saturating_sub(self.pattern.time));
        if !self.steady.contains(&day) || !self.steady.contains(&(day + 1)) {
            day += self.slack(instant);
            while day >= 0 && self.start_on(day).is_some_and(|at| at > instant) {
                day -= 1;
            }
        }
        day
    }

    /// A day such that no earlier day has a start from an instant on.
    pub(super) fn first_day(&mut self, from: i64) -> i32 {
        // Today's start may still be to come.
        (day_of(self.civil(from)) - self.slack(from)).max(self.pattern.first_day)
    }

    /// The last day up to which starts are as far from midnight as on this day and use the same offset of the zone,
    /// at most up to an instant; the day itself if nothing is certain. The finder has examined this period.
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

    /// The last start at or before an instant.
    pub(super) fn start_until(&mut self, until: i64) -> Option<Start> {
        let until = until.min(self.end);
        let civil = self.civil(until);
        let day = day_of(civil);
        self.start_before(day + 1 + self.slack(until), until)
    }

    /// The number of starts up to an instant, and the last of them, assuming that the current period's offset always
    /// applied.
    pub(super) fn starts_as_now(&self, until: i64) -> Option<(i64, i64)> {
        let Pattern { days, first_day, .. } = self.pattern;
        let day = day_of(until.saturating_sub(self.distance));
        let last = days.previous(day).filter(|last| *last >= first_day)?;
        Some((days.count(first_day, last) as i64, i64::from(last) * DAY + self.distance))
    }

    /// The first start from a day on, assuming that the current period's offset always applied.
    pub(super) fn start_in_order(&self, day: i32) -> Option<i64> {
        Some(i64::from(self.pattern.days.next(day)?) * DAY + self.distance)
    }

    /// The last start before a day and at or before an instant.
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

    /// Whether a clock change affects a day's start.
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

    /// The same for the start at an instant, if there is one.
    pub(super) fn adjustment_at(&mut self, instant: i64) -> Adjustment {
        if self.pattern.clock != Clock::Local || self.span.is_sure(instant) {
            return Adjustment::None;
        }
        // Of two, the start that the clock skipped comes first.
        let mut adjustment = Adjustment::None;
        let mut start = self.start_until(instant);
        while let Some(Start { day, .. }) = start.filter(|start| start.at == instant) {
            adjustment = self.adjustment(day);
            start = self.start_before(day, instant);
        }
        adjustment
    }

    /// Whether a day's start is known without querying the zone.
    #[inline(always)]
    pub(super) fn is_steady(&self, day: i32) -> bool {
        self.steady.contains(&day)
    }

    /// The days known for certain to have the same distance as this one.
    pub(super) fn alike(&self, day: i32) -> RangeInclusive<i32> {
        if self.steady.contains(&day) { self.steady.clone() } else { day..=day }
    }

    /// Divides days into parts; parts where the clock changes by the same rules every year come first.
    pub(super) fn parts(&self, days: &RangeInclusive<i32>) -> impl Iterator<Item = Part> + use<Z> {
        let (until, from) = match self.pattern.clock {
            Clock::Offset(_) => (i32::MAX, i32::MIN),
            Clock::Local => self.zone.changes().map_or((i32::MIN, i32::MAX), |changes| {
                // By any clock.
                let day = |at: Ticks| day_of(at.0.clamp(-MAX_INSTANT, MAX_INSTANT));
                let until = changes.yearly_until.map_or(i32::MIN, |at| day(at).saturating_sub(3));
                let from = changes.yearly_from.map_or(i32::MAX, |at| day(at).saturating_add(3));
                (until, from)
            }),
        };
        let (first, last) = (*days.start(), *days.end());
        let part = |days, yearly| Part { days, yearly };
        let none = || part(RangeInclusive::new(1, 0), true);
        let parts = if until >= from {
            [part(first..=last, true), none(), none()]
        } else {
            let between = first.max(until)..=last.min(from.saturating_sub(1));
            let early = first..=last.min(until.saturating_sub(1));
            [part(first.max(from)..=last, true), part(early, true), part(between, false)]
        };
        parts.into_iter().filter(|part| !part.days.is_empty())
    }

    /// In a part where all years are alike, finds where distances caused only by gaps occur. Each is returned with a
    /// day that represents all its days, selected by the pattern or, if it skips weeks, similar to selected ones.
    /// `None` if the part is too short.
    ///
    /// There are 14 kinds of years, by the weekday of their first day and the leap day. All occur within 28 years of
    /// a century.
    pub(super) fn by_gaps(&mut self, distances: &[i64], part: &Part) -> Option<Vec<(i64, i32)>> {
        const YEARS: i32 = 28 * 1461 / 4;
        if !part.yearly {
            return None;
        }
        let part = &part.days;
        let century = calendar::civil(*part.start()).year.div_euclid(100) * 100;
        let years = [century + 1, century + 101].map(|year| calendar::day_number(first_of(year)));
        let mut day =
            years.into_iter().find(|first| part.contains(first) && part.contains(&(first + YEARS)))?;
        let (end, days) = (day + YEARS, self.pattern.days.of_any_week());
        let mut found = Vec::new();
        while let Some(next) = days.next(day).filter(|next| *next < end) {
            let distance = self.start_on(next).map(|at| at - i64::from(next) * DAY);
            found.extend(distance.filter(|distance| distances.contains(distance)).map(|it| (it, next)));
            day = self.alike(next).end().saturating_add(1);
        }
        Some(found)
    }

    /// Whether the zone lists all its clock changes.
    pub(super) fn lists_changes(&self) -> bool {
        self.pattern.clock != Clock::Local || self.zone.changes().is_some()
    }

    /// The possible times from a day's midnight, taken as UTC, to its start on the days of a part between two
    /// instants; may contain others. Those caused only by gaps come last.
    pub(super) fn distances(&self, part: &Part, oldest: i64, newest: i64) -> Distances {
        /// More than a year.
        const YEAR: i32 = 400;
        let time = self.pattern.time;
        if let Some(offset) = self.pattern.clock.offset() {
            return Distances { all: vec![time - offset], by_gaps: 0 };
        }
        let ticks = |offset: &UtcOffset| i64::from(offset.whole_seconds()) * SECOND;
        let (first, last) = (*part.days.start(), *part.days.end());
        let (offsets, times): (Vec<i64>, Vec<i64>) = match self.zone.changes() {
            // Every year is like this one. If there are two offsets, both occur in it.
            Some(changes) if part.yearly && changes.offsets.len() > 2 && last - first > YEAR => {
                let instant = |day: i32| i64::from(day) * DAY;
                self.seen(instant(first), instant(first + YEAR))
            }
            Some(changes) => {
                let times = changes.times.iter().map(|time| time_of_day(*time)).collect();
                (changes.offsets.iter().map(ticks).collect(), times)
            }
            None => self.seen(oldest, newest),
        };
        // A skipped start may happen at the instant of the change, on that day or on the next.
        let mut gaps = Vec::new();
        if self.options.gap == GapPolicy::FirstInstant {
            for (before, after) in pairs(&offsets) {
                for change in &times {
                    let skipped = *change..change + after - before;
                    gaps.extend(skipped.contains(&time).then_some(change - before));
                    gaps.extend(skipped.contains(&(time + DAY)).then_some(change - before - DAY));
                }
            }
        }
        let mut all: Vec<_> = offsets.into_iter().map(|offset| time - offset).collect();
        gaps.sort_unstable();
        gaps.dedup();
        gaps.retain(|distance| !all.contains(distance));
        let by_gaps = gaps.len();
        all.append(&mut gaps);
        Distances { all, by_gaps }
    }

    /// The offsets that matter between two instants, and the times of day of clock changes.
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

/// A range of days in the calendar.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) days: RangeInclusive<i32>,
    /// Whether the clock changes by the same rules in all its years.
    pub(super) yearly: bool,
}

impl Part {
    /// The approximate number of years.
    pub(super) fn years(&self) -> i32 {
        (self.days.end() - self.days.start()) / 365 + 1
    }
}

/// Distances from midnights to starts.
#[derive(Debug)]
pub(super) struct Distances {
    pub(super) all: Vec<i64>,
    /// The number of them, at the end, that are caused only by gaps.
    by_gaps: usize,
}

impl Distances {
    /// Those from the clock's offsets, and those caused only by gaps.
    pub(super) fn often_and_by_gaps(&self) -> (&[i64], &[i64]) {
        self.all.split_at(self.all.len() - self.by_gaps)
    }
}

/// Later than all instants of the calendar.
const MAX_INSTANT: i64 = (LAST_DAY as i64 + 10) * DAY;

fn first_of(year: i32) -> Civil {
    Civil { year, month: 1, day: 1 }
}

/// Pairs of offsets, the second of which is greater.
fn pairs(offsets: &[i64]) -> impl Iterator<Item = (i64, i64)> {
    offsets.iter().flat_map(move |before| {
        offsets.iter().filter(move |after| *after > before).map(move |after| (*before, *after))
    })
}

/// The instant of a local time according to the policies; the end of the gap if they omit it.
pub(super) fn instant_of<Z: Zone + ?Sized>(zone: &Z, options: &Options, local: i64) -> i64 {
    let first_instant = options.with_gap(GapPolicy::FirstInstant);
    let located = locate(|instant| Span::at(zone, instant), local);
    resolve(&located, options).or_else(|| resolve(&located, &first_instant)).unwrap_or(local)
}

/// The instant of a local time according to the policies.
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
