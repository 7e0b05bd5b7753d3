use super::{
    compile,
    finder::{Finder, resolve},
    occurrences::{Occurrence, Occurrences},
    options::Options,
    pattern::{Clock, Pattern, Repetition},
};
use crate::{
    definition::{Task, Trigger},
    job::{Job, JobFlags},
    rpc::atsvc::AtInfo,
    time::{
        Ticks, Zone,
        ticks::DAY,
        zone::{Span, calendar_bounds, locate},
    },
};
use std::ops::{Bound, RangeBounds};
use time::{OffsetDateTime, PrimitiveDateTime};

/// When a task runs, as far as the clock decides it.
///
/// Runs of several triggers are merged in order, and two triggers that run at the same instant make one run. `Z` is the
/// zone that gives local times their instants.
#[derive(Clone, Debug)]
pub struct Timetable<Z> {
    zone: Z,
    options: Options,
    patterns: Vec<Pattern>,
    remarks: Vec<(usize, Remark)>,
    timed: bool,
    /// The instants that are within the calendar by UTC and by the zone.
    pub(super) first: i64,
    pub(super) last: i64,
}

/// Why a trigger has no runs, or not all that it states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Remark {
    /// The clock has no part in it: boot, logon, idle, events and the like.
    #[error("the clock does not start it")]
    NotTimed,
    /// The task is disabled.
    #[error("the task is disabled")]
    TaskDisabled,
    /// The trigger is disabled.
    #[error("the trigger is disabled")]
    Disabled,
    /// It has no start boundary.
    #[error("it has no start")]
    NoStart,
    /// A date or time of it is none, or outside the years 1601 to 9999.
    #[error("its date is not one of the calendar")]
    OutOfRange,
    /// No day is one of its days: 30 February, no weekday at all, every 0 days.
    #[error("no day is one of its days")]
    NoSuchDay,
    /// It ends before its first run, or its only run is one that the clock skips or that is outside the calendar.
    #[error("no run of it is within its boundaries")]
    EndsFirst,
    /// Its repetition is left out: it is told in months or years, whose length nobody defines, or is none.
    #[error("its repetition cannot be counted")]
    Repetition,
    /// Its random delay is left out, for the same reason.
    #[error("its random delay cannot be counted")]
    RandomDelay,
}

impl<Z: Zone> Timetable<Z> {
    /// The runs of a task definition ([MS-TSCH] 2.5.3): of its time and calendar triggers.
    #[must_use]
    pub fn of_task(task: &Task, zone: Z, options: &Options) -> Self {
        let mut table = Self::empty(zone, options);
        let disabled = task.settings.enabled == Some(false) && !options.disabled_task;
        for (index, trigger) in task.triggers.iter().enumerate() {
            table.add(index, trigger, disabled);
        }
        table
    }

    /// The runs of one trigger.
    ///
    /// ```
    /// use time::UtcOffset;
    /// use wintask::{definition::{DaysOfMonth, Months, Schedule, Trigger}, schedule::{Options, Remark, Timetable}};
    ///
    /// let schedule = Schedule::monthly(DaysOfMonth::from_days([30]), Months::FEBRUARY);
    /// let trigger = Trigger::calendar(schedule, "2024-01-01T00:00:00".parse()?);
    /// let never = Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default());
    /// assert_eq!(never.remarks(), [(0, Remark::NoSuchDay)]);
    /// assert_eq!(never.occurrences(..).next(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_trigger(trigger: &Trigger, zone: Z, options: &Options) -> Self {
        let mut table = Self::empty(zone, options);
        table.add(0, trigger, false);
        table
    }

    /// The runs of a .JOB file ([MS-TSCH] 2.4.2.11). Its times are local.
    #[must_use]
    pub fn of_job(job: &Job, zone: Z, options: &Options) -> Self {
        let mut table = Self::empty(zone, options);
        let disabled = job.flags.contains(JobFlags::DISABLED) && !options.disabled_task;
        for (index, trigger) in job.triggers.iter().enumerate() {
            let pattern = compile::of_job_trigger(trigger, index, options, &|local| table.instant_of(local));
            table.take(index, pattern, disabled);
        }
        table
    }

    /// The runs of an AT job that was added at a local time ([MS-TSCH] 2.3.4, 3.2.6.1): on which day a job that is not
    /// periodic runs depends on it.
    #[must_use]
    pub fn of_at(job: &AtInfo, added: PrimitiveDateTime, zone: Z, options: &Options) -> Self {
        let mut table = Self::empty(zone, options);
        match compile::of_at(job, Ticks::from_civil(added).0, options) {
            Ok(patterns) => patterns.into_iter().for_each(|pattern| table.take(0, Ok(pattern), false)),
            Err(remark) => table.take(0, Err(remark), false),
        }
        table
    }

    fn empty(zone: Z, options: &Options) -> Self {
        let (first, last) = calendar_bounds(&zone);
        Self { zone, options: *options, patterns: Vec::new(), remarks: Vec::new(), timed: false, first, last }
    }

    fn add(&mut self, index: usize, trigger: &Trigger, disabled: bool) {
        let mut remarks = Vec::new();
        let resolve = |local| self.instant_of(local);
        let pattern = compile::of_trigger(trigger, index, &self.options, &resolve, &mut remarks);
        self.remarks.append(&mut remarks);
        self.take(index, pattern, disabled);
    }

    fn take(&mut self, index: usize, pattern: Result<Pattern, Remark>, disabled: bool) {
        self.timed |= !matches!(pattern, Err(Remark::NotTimed));
        let ever = |table: &Self, pattern: &Pattern| {
            let first = table.finder(pattern, table.first).next_after(table.first - 1);
            first.is_some_and(|first| first <= table.last)
        };
        match pattern {
            Err(remark) => self.remarks.push((index, remark)),
            Ok(_) if disabled => self.remarks.push((index, Remark::TaskDisabled)),
            Ok(pattern) if !ever(self, &pattern) => self.remarks.push((index, Remark::EndsFirst)),
            Ok(pattern) => self.patterns.push(pattern),
        }
    }

    /// A local time's instant by the policies; where they leave it out, the end of the gap.
    fn instant_of(&self, local: i64) -> i64 {
        let first_instant = Options { gap: Default::default(), ..self.options };
        let located = locate(|instant| Span::at(&self.zone, instant), local);
        resolve(&located, &self.options).or_else(|| resolve(&located, &first_instant)).unwrap_or(local)
    }

    /// Why triggers have no runs, or not all that they state: the trigger's place in the definition and the reason.
    #[must_use]
    pub fn remarks(&self) -> &[(usize, Remark)] {
        &self.remarks
    }

    /// Whether the task has any trigger that the clock starts, disabled or not.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.timed
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> &Z {
        &self.zone
    }

    /// The instant of a local time, by the policies of the options; the end of the gap where they leave it out.
    #[must_use]
    pub fn instant(&self, local: PrimitiveDateTime) -> OffsetDateTime {
        Ticks(self.instant_of(Ticks::from_civil(local).0)).nearest_civil().assume_utc()
    }

    /// The first run after an instant.
    #[must_use]
    pub fn next_after(&self, instant: OffsetDateTime) -> Option<Occurrence> {
        let after = Ticks::from_instant(instant).0.clamp(self.first - 1, self.last);
        let mut next: Option<(i64, Occurrence)> = None;
        for pattern in &self.patterns {
            let mut finder = self.finder(pattern, after);
            let Some(run) = finder.next_after(after).filter(|run| *run <= self.last) else { continue };
            if next.is_none_or(|(next, _)| run < next) {
                next = Some((run, Occurrence::new(&mut finder, run)));
            }
        }
        next.map(|(_, next)| next)
    }

    /// The last run before an instant.
    #[must_use]
    pub fn previous_before(&self, instant: OffsetDateTime) -> Option<Occurrence> {
        self.last_before(ceiling(instant)).map(|(_, previous)| previous)
    }

    /// The last run before an instant, with its instant in ticks.
    pub(super) fn last_before(&self, before: i64) -> Option<(i64, Occurrence)> {
        let before = before.clamp(self.first, self.last + 1);
        let mut previous: Option<(i64, Occurrence)> = None;
        for pattern in &self.patterns {
            let mut finder = self.finder(pattern, before);
            let Some(run) = finder.previous_before(before).filter(|run| *run >= self.first) else { continue };
            if previous.is_none_or(|(previous, _)| run > previous) {
                previous = Some((run, Occurrence::new(&mut finder, run)));
            }
        }
        previous
    }

    /// The runs in a stretch of time, from both ends, computed as they are asked for.
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
        Occurrences::new(self, first, last)
    }

    /// How many runs there are in a stretch of time. One trigger by an unchanging clock, whose repetitions end before the
    /// next start, is counted in closed form. Anything else takes time with the number of runs: up to 64 of them are
    /// counted at once.
    pub fn count(&self, range: impl RangeBounds<OffsetDateTime>) -> u64 {
        let (first, last) = self.bounds(&range);
        if first > last {
            return 0;
        }
        let closed = match self.patterns.as_slice() {
            [] => Some(0),
            [only] => self.count_of(only, first, last),
            _ => None,
        };
        closed.unwrap_or_else(|| Occurrences::new(self, first, last).count_runs())
    }

    /// The count in closed form where no start's repetitions reach the next start and the clock never changes.
    fn count_of(&self, pattern: &Pattern, first: i64, last: i64) -> Option<u64> {
        // All starts whose repetitions come so far are where the clock as it is now has them.
        let span = Span::at(&self.zone, first);
        let steady = pattern.clock != Clock::Local || span.is_sure(first - DAY) && span.is_sure(last);
        let single = matches!(pattern.days, super::days::Days::Once(_));
        let (interval, each) = match pattern.repetition {
            None => (1, Some(1)),
            Some(Repetition { interval, reach: Some(reach) }) if single || reach < DAY => {
                (interval, Some((reach / interval).saturating_add(1)))
            }
            Some(Repetition { interval, reach: None }) if single => (interval, None),
            Some(_) => return None,
        };
        // Runs up to an instant: the difference of two is right, whatever the clock did before.
        let until = |instant: i64| -> i64 {
            let mut finder = self.finder(pattern, first);
            let start = if single {
                finder.start_until(instant).map(|start| (1, start.at))
            } else {
                finder.starts_as_now(instant)
            };
            let Some((starts, at)) = start else { return 0 };
            let repeated = (instant.min(pattern.end) - at) / interval + 1;
            match each {
                Some(each) => (starts - 1) * each + repeated.min(each),
                None => repeated,
            }
        };
        let count = until(last.min(pattern.end)) - until((first - 1).min(pattern.end));
        steady.then(|| u64::try_from(count).unwrap_or(0))
    }

    /// The triggers, by their places in the definition, that run at an instant.
    pub fn triggers_at(&self, instant: OffsetDateTime) -> impl Iterator<Item = usize> {
        let at = Ticks::from_instant(instant);
        let whole = at.to_instant() == Some(instant) && (self.first..=self.last).contains(&at.0);
        let patterns = self.patterns.iter().filter(move |_| whole);
        let triggers = patterns
            .filter(move |pattern| self.finder(pattern, at.0).runs_at(at.0))
            .map(|pattern| pattern.trigger);
        // An AT job has a pattern for each of its masks.
        let mut last = None;
        triggers.filter(move |trigger| last.replace(*trigger) != Some(*trigger))
    }

    pub(super) fn finder<'t>(&'t self, pattern: &'t Pattern, near: i64) -> Finder<'t, Z> {
        Finder::new(pattern, &self.zone, &self.options, near)
    }

    pub(super) fn patterns(&self) -> &[Pattern] {
        &self.patterns
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

/// An instant in ticks, what is below a tick counted as a whole one.
fn ceiling(instant: OffsetDateTime) -> i64 {
    let below = !instant.nanosecond().is_multiple_of(100);
    Ticks::from_instant(instant).0.saturating_add(below.into())
}
