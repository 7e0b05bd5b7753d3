//! The runs of a task in a time zone.

use super::{
    finder::instant_of,
    finding::{self, FindingKind, Findings},
    occurrence::Occurrence,
    occurrences::Occurrences,
    options::Options,
    patterns::Patterns,
    view::View,
};
use crate::{
    definition::{Task, Trigger},
    time::{Ticks, Zone, zone::calendar_bounds},
};
use std::{
    borrow::Borrow,
    ops::{Bound, RangeBounds},
};
use time::{OffsetDateTime, PrimitiveDateTime};

/// The time-based runs of a task: [`Patterns`] evaluated in a time zone.
///
/// Runs of several triggers are merged in order, and two triggers at the same instant make a single run. `Z` is the
/// time zone. `P` is [`Patterns`], or a reference to them.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{definition::{Exec, Schedule, Task, Trigger}, schedule::{Options, Timetable}};
///
/// let daily = Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?);
/// let task = Task { triggers: vec![daily], ..Task::new(Exec::new("backup.exe")) };
/// let runs = Timetable::of_task(&task, UtcOffset::UTC, &Options::default());
///
/// let now = datetime!(2024-06-01 12:00 UTC);
/// assert_eq!(runs.next_after(now).map(|run| run.instant()), Some(datetime!(2024-06-02 02:00 UTC)));
/// assert_eq!(runs.previous_before(now).map(|run| run.instant()), Some(datetime!(2024-06-01 02:00 UTC)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Timetable<Z, P = Patterns> {
    patterns: P,
    zone: Z,
    options: Options,
    /// The instants within the calendar, both in UTC and in the zone.
    first: i64,
    last: i64,
}

impl<Z: Zone> Timetable<Z> {
    /// The runs of a task definition's time and calendar triggers.
    #[must_use]
    pub fn of_task(task: &Task, zone: Z, options: &Options) -> Self {
        Self::new(Patterns::of_task(task, options), zone, options)
    }

    /// The runs of one trigger.
    ///
    /// ```
    /// use time::UtcOffset;
    /// use wintask::{definition::{DaysOfMonth, Months, Schedule, Trigger}, schedule::{Options, Timetable}};
    ///
    /// let schedule = Schedule::monthly(DaysOfMonth::from_days([30]), Months::FEBRUARY);
    /// let trigger = Trigger::calendar(schedule, "2024-01-01T00:00:00".parse()?);
    /// let never = Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default());
    /// let findings: Vec<_> = never.findings().iter().map(ToString::to_string).collect();
    /// assert_eq!(findings, ["warning: Triggers[0]: the schedule matches no day"]);
    /// assert_eq!(never.occurrences(..).next(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_trigger(trigger: &Trigger, zone: Z, options: &Options) -> Self {
        Self::new(Patterns::of_trigger(trigger, options), zone, options)
    }
}

impl<Z: Zone, P: Borrow<Patterns>> Timetable<Z, P> {
    /// Evaluates patterns in a time zone. Of the options, only the policies for gaps and overlaps are used; the
    /// others took effect when the patterns were compiled.
    #[must_use]
    pub fn new(patterns: P, zone: Z, options: &Options) -> Self {
        let (first, last) = calendar_bounds(&zone);
        Self { patterns, zone, options: *options, first, last }
    }

    /// Why triggers have no runs, or not all stated ones. The location is `Triggers[0]` for the first.
    #[must_use]
    pub fn findings(&self) -> Findings {
        finding::of_triggers(self.reasons())
    }

    /// The [`findings`](Self::findings) with the triggers as 0-based indexes, in order.
    ///
    /// ```
    /// use time::UtcOffset;
    /// use wintask::definition::{Exec, Task, Trigger, TriggerKind};
    /// use wintask::schedule::{FindingKind, Options, Timetable};
    ///
    /// let task = Task::new(Exec::new("a.exe")).with_trigger(Trigger::new(TriggerKind::Idle));
    /// let table = Timetable::of_task(&task, UtcOffset::UTC, &Options::default());
    /// assert_eq!(table.reasons(), [(0, FindingKind::NotTimed)]);
    /// ```
    #[must_use]
    pub fn reasons(&self) -> Vec<(usize, FindingKind)> {
        let view = self.view();
        let silent = view.patterns.iter().filter(|pattern| !view.ever_runs(pattern));
        let silent = silent.map(|pattern| (pattern.trigger(), FindingKind::EndsFirst));
        let mut reasons: Vec<_> = self.patterns().reasons().chain(silent).collect();
        reasons.sort_by_key(|(trigger, _)| *trigger);
        reasons
    }

    /// Whether the task has any time-based trigger, enabled or not.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.patterns().is_timed()
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> &Z {
        &self.zone
    }

    /// The patterns.
    #[must_use]
    pub fn patterns(&self) -> &Patterns {
        self.patterns.borrow()
    }

    /// The instant of a local time, according to the policies; the end of the gap if they omit it.
    #[must_use]
    pub fn instant(&self, local: PrimitiveDateTime) -> OffsetDateTime {
        let instant = instant_of(&self.zone, &self.options, Ticks::from_civil(local).0);
        Ticks(instant).nearest_civil().assume_utc()
    }

    /// The first run after an instant.
    #[must_use]
    pub fn next_after(&self, instant: OffsetDateTime) -> Option<Occurrence> {
        self.view().next_after(Ticks::from_instant(instant).0)
    }

    /// The last run before an instant.
    #[must_use]
    pub fn previous_before(&self, instant: OffsetDateTime) -> Option<Occurrence> {
        self.view().last_before(ceiling(instant)).map(|(_, previous)| previous)
    }

    /// The runs in a time range, iterated from both ends and computed lazily.
    ///
    /// ```
    /// use time::{UtcOffset, macros::datetime};
    /// use wintask::{definition::{Schedule, Trigger}, schedule::{Options, Timetable}};
    ///
    /// let daily = Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?);
    /// let runs = Timetable::of_trigger(&daily, UtcOffset::UTC, &Options::default());
    /// let january = datetime!(2024-01-01 00:00 UTC)..datetime!(2024-02-01 00:00 UTC);
    /// assert_eq!(runs.occurrences(january.clone()).next_back().map(|run| run.local().day()), Some(31));
    /// assert_eq!(runs.count(january), 29);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn occurrences(&self, range: impl RangeBounds<OffsetDateTime>) -> Occurrences<'_, Z> {
        let (first, last) = self.bounds(&range);
        Occurrences::new(self.view(), first, last)
    }

    /// The number of runs in a time range. A single trigger is counted in closed form if it does not repeat; without
    /// clock changes, also if its repetitions end before the next start, or reach it with an interval that divides
    /// the time between starts. Other repetitions of a single trigger are counted start by start, regardless of the
    /// number of runs. The runs of several triggers are counted up to 64 at once.
    pub fn count(&self, range: impl RangeBounds<OffsetDateTime>) -> u64 {
        let (first, last) = self.bounds(&range);
        if first > last {
            return 0;
        }
        let view = self.view();
        let closed = match view.patterns {
            [only] => view.count_of(only, first, last),
            _ => None,
        };
        closed.unwrap_or_else(|| Occurrences::new(view, first, last).count_runs())
    }

    /// The triggers that run at an instant, as 0-based indices in the definition.
    pub fn triggers_at(&self, instant: OffsetDateTime) -> impl Iterator<Item = usize> {
        let at = Ticks::from_instant(instant);
        let whole = at.to_instant() == Some(instant) && (self.first..=self.last).contains(&at.0);
        let view = self.view();
        let patterns = view.patterns.iter().filter(move |_| whole);
        let triggers = patterns
            .filter(move |pattern| view.finder(pattern, at.0).runs_at(at.0))
            .map(|pattern| pattern.trigger());
        // An AT job has a pattern for each of its masks.
        let mut last = None;
        triggers.filter(move |trigger| last.replace(*trigger) != Some(*trigger))
    }

    fn view(&self) -> View<'_, Z> {
        let Self { zone, options, first, last, .. } = self;
        View { patterns: self.patterns().list(), zone, options, first: *first, last: *last }
    }

    /// The first and the last instant of a range.
    fn bounds(&self, range: &impl RangeBounds<OffsetDateTime>) -> (i64, i64) {
        let first = match range.start_bound() {
            Bound::Unbounded => self.first,
            Bound::Included(from) => ceiling(*from),
            Bound::Excluded(from) => Ticks::from_instant(*from).0.saturating_add(1),
        };
        let last = match range.end_bound() {
            Bound::Unbounded => self.last,
            Bound::Included(until) => Ticks::from_instant(*until).0,
            Bound::Excluded(until) => ceiling(*until).saturating_sub(1),
        };
        (first.max(self.first), last.min(self.last))
    }
}

/// An instant in ticks, rounded up.
fn ceiling(instant: OffsetDateTime) -> i64 {
    let below = !instant.nanosecond().is_multiple_of(100);
    Ticks::from_instant(instant).0.saturating_add(below.into())
}
