//! Run times by brute force: every day is tested against the trigger, every minute against the clock.
//! It shares nothing with the library except the definition itself.

use std::{collections::BTreeSet, ops::RangeInclusive};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset, Weekday};
use wintask::{
    Profile,
    definition::{Schedule, Trigger, TriggerKind},
    schedule::{Options, RepetitionEnd},
    time::{BoundaryZone, GapPolicy, OverlapPolicy, ZoneRules},
};

/// A zone by the text of its rules.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    Fixed(i32),
    Rules(ZoneRules),
    /// Rules of three years: the first also apply before, and the last from then on.
    Years(i32, [ZoneRules; 3]),
}

impl Clock {
    fn rules(&self, year: i32) -> Option<&ZoneRules> {
        match self {
            Self::Fixed(_) => None,
            Self::Rules(rules) => Some(rules),
            Self::Years(first, rules) => Some(&rules[(year - first).clamp(0, 2) as usize]),
        }
    }
}

/// What a clock shows: its offset from each change on, in seconds since 1970 and minutes ahead of UTC.
pub(crate) struct Wall(Vec<(i64, i64)>);

impl Wall {
    /// Both changes of every year, by the text of the rules. A year begins by the clock of the year before, with the
    /// offset that its first change ends.
    pub(crate) fn new(clock: &Clock, years: RangeInclusive<i32>) -> Self {
        if let Clock::Fixed(minutes) = clock {
            return Self(vec![(i64::MIN, (*minutes).into())]);
        }
        let mut changes = Vec::new();
        let mut before = None;
        for year in years {
            let rules = clock.rules(year).unwrap();
            let standard = -i64::from(rules.bias + rules.standard_bias);
            let daylight = -i64::from(rules.bias + rules.daylight_bias);
            if rules.standard_date.month == 0 {
                return Self(vec![(i64::MIN, standard)]);
            }
            let seconds = |date| change(date, year).assume_utc().unix_timestamp();
            let mut own = [
                (seconds(&rules.standard_date) - daylight * 60, standard),
                (seconds(&rules.daylight_date) - standard * 60, daylight),
            ];
            own.sort_unstable();
            let [(_, after), (_, at_end)] = own;
            let at_start = if after == standard { daylight } else { standard };
            let new_year = Date::from_ordinal_date(year, 1).unwrap().midnight().assume_utc().unix_timestamp();
            changes.push((new_year - before.unwrap_or(at_start) * 60, at_start));
            changes.extend(own);
            before = Some(at_end);
        }
        assert!(changes.is_sorted());
        Self(changes)
    }

    /// The time shown at an instant, in seconds.
    pub(crate) fn local(&self, instant: i64) -> i64 {
        let offset = self.0.iter().rev().find(|(at, _)| *at <= instant).expect("a year of the table").1;
        instant + offset * 60
    }

    /// The minutes at which the clock shows this time, the first or the second of them; where it skips the time, the
    /// first at which it shows a later one, or the one by its earlier offset, or none.
    pub(crate) fn instant(&self, local: PrimitiveDateTime, options: &Options) -> Option<OffsetDateTime> {
        let local = local.assume_utc().unix_timestamp();
        let ahead = self.0.iter().map(|(_, offset)| offset).max().expect("an offset");
        // Seconds do not change: every transition is at a whole minute.
        let mut minutes = (0..16 * 60).map(|minute| local - ahead * 60 + minute * 60);
        let first = minutes.clone().find(|at| self.local(*at) >= local).expect("a time of some day");
        let found = match (self.local(first) > local, options.gap, options.overlap) {
            (true, GapPolicy::Skip, _) => return None,
            (true, GapPolicy::Shift, _) => local - (self.local(first - 60) - (first - 60)),
            (true, ..) => first - first.rem_euclid(60),
            (false, _, OverlapPolicy::Second) => minutes.rfind(|at| self.local(*at) == local).unwrap(),
            (false, ..) => first,
        };
        Some(OffsetDateTime::from_unix_timestamp(found).unwrap())
    }
}

/// The local time of a yearly change: the n-th weekday of a month by going through its days.
fn change(date: &wintask::dtyp::SystemTime, year: i32) -> PrimitiveDateTime {
    let month = time::Month::try_from(date.month as u8).unwrap();
    let days = (1..=31).filter_map(|day| Date::from_calendar_date(year, month, day).ok());
    let weekday = |day: &Date| u16::from(day.weekday().number_days_from_sunday()) == date.day_of_week;
    let days: Vec<Date> = days.filter(weekday).collect();
    let day = if date.day == 5 { days[days.len() - 1] } else { days[usize::from(date.day) - 1] };
    day.with_hms(date.hour as u8, date.minute as u8, date.second as u8).unwrap()
}

/// Whether a schedule that starts on one day includes another.
pub(crate) fn counts(
    schedule: Option<&Schedule>,
    start: Date,
    day: Date,
    first_day_of_week: Weekday,
) -> bool {
    if day < start {
        return false;
    }
    let since = (day - start).whole_days();
    let named =
        |mut names: &mut dyn Iterator<Item = &'static str>, name: String| (&mut names).any(|n| n == name);
    let month = day.month().to_string();
    let last_of_month = day.next_day().is_none_or(|next| next.month() != day.month());
    match schedule {
        None => day == start,
        Some(Schedule::Day { days_interval, .. }) => since % i64::from(days_interval.unwrap_or(1)) == 0,
        Some(Schedule::Week { weeks_interval, days_of_week, .. }) => {
            let week_of = |mut day: Date| {
                while day.weekday() != first_day_of_week {
                    day = day.previous_day().unwrap();
                }
                day
            };
            let weeks = (week_of(day) - week_of(start)).whole_weeks();
            named(&mut days_of_week.names(), day.weekday().to_string())
                && weeks % i64::from(weeks_interval.unwrap_or(1)) == 0
        }
        Some(Schedule::Month { days_of_month, months, .. }) => {
            months.is_none_or(|months| named(&mut months.names(), month))
                && (days_of_month.contains_day(day.day()) || days_of_month.has_last() && last_of_month)
        }
        Some(Schedule::MonthDayOfWeek { weeks, days_of_week, months, .. }) => {
            let week = ((day.day() - 1) / 7 + 1).to_string();
            let in_a_week = day.checked_add(Duration::weeks(1));
            let is_last = in_a_week.is_none_or(|later| later.month() != day.month());
            months.is_none_or(|months| named(&mut months.names(), month))
                && named(&mut days_of_week.names(), day.weekday().to_string())
                && weeks.names().any(|n| n == week || n == "Last" && is_last)
        }
        Some(other) => panic!("{other:?}"),
    }
}

/// All runs of a trigger from one instant to before another.
pub(crate) fn runs(
    trigger: &Trigger,
    clock: &Clock,
    options: &Options,
    from: OffsetDateTime,
    until: OffsetDateTime,
) -> BTreeSet<OffsetDateTime> {
    let schedule = match &trigger.kind {
        TriggerKind::Time { .. } => None,
        TriggerKind::Calendar { schedule, .. } => Some(schedule),
        _ => return BTreeSet::new(),
    };
    let years = 2019..=2026;
    let wall = Wall::new(clock, years.clone());
    let instant = |boundary: &wintask::time::Boundary| {
        let civil = boundary.civil().unwrap();
        match boundary.zone() {
            BoundaryZone::Local => {
                // A boundary that the clock skips is moved to the end of the gap.
                let shown = wall.instant(civil, options);
                shown.unwrap_or_else(|| wall.instant(civil, &Options::default()).unwrap())
            }
            BoundaryZone::Utc => civil.assume_utc(),
            BoundaryZone::Offset(minutes) => {
                civil.assume_offset(UtcOffset::from_whole_seconds(i32::from(minutes) * 60).unwrap())
            }
        }
        .to_offset(UtcOffset::UTC)
    };
    let start = trigger.start_boundary.as_ref().unwrap();
    let own = match start.zone() {
        BoundaryZone::Local => *clock,
        BoundaryZone::Utc => Clock::Fixed(0),
        BoundaryZone::Offset(minutes) => Clock::Fixed(minutes.into()),
    };
    let own = Wall::new(&own, years);
    let civil = start.civil().unwrap();
    let end = trigger.end_boundary.as_ref().map(instant);
    let repetition = trigger.repetition.as_ref().map(|repetition| {
        let seconds = |d: &wintask::time::XsDuration| Duration::seconds(d.to_seconds().unwrap() as i64);
        let lasting = match (&repetition.duration, options.profile) {
            (Some(lasting), _) => Some(seconds(lasting)),
            (None, Profile::Specification) => Some(Duration::DAY),
            (None, _) => None,
        };
        (seconds(&repetition.interval), lasting)
    });
    // A start long before the window may repeat into it.
    let reach = repetition.and_then(|(_, lasting)| lasting).unwrap_or_default() + Duration::days(3);
    let mut starts = Vec::new();
    let mut day = civil.date();
    if repetition.is_none_or(|(_, lasting)| lasting.is_some()) {
        day = day.max((from - reach).date());
    }
    while day <= until.date() + Duration::days(2) {
        if counts(schedule, civil.date(), day, options.first_day_of_week) {
            starts.extend(own.instant(PrimitiveDateTime::new(day, civil.time()), options));
        }
        day = day.next_day().unwrap();
    }
    let mut runs = BTreeSet::new();
    for (index, start) in starts.iter().enumerate() {
        let mut run = *start;
        loop {
            if run >= until || end.is_some_and(|end| run > end) {
                break;
            }
            if run >= from {
                runs.insert(run);
            }
            let Some((interval, lasting)) = repetition else { break };
            run += interval;
            let over = match lasting {
                Some(lasting) if options.repetition_end == Some(RepetitionEnd::Exclusive) => {
                    run - *start >= lasting
                }
                Some(lasting) => run - *start > lasting,
                None => starts.get(index + 1).is_some_and(|next| run >= *next),
            };
            if over {
                break;
            }
        }
    }
    runs
}
