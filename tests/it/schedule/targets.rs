//! Repetitions that last for centuries: of thousands of starts, any can be the one whose run is the nearest. Here it is
//! chosen first, and the question follows from it; the answer is compared with going through all starts.

use super::{
    far::{Silent, neighbours},
    oracle::Clock,
    random::Either,
};
use crate::europe::europe;
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset, macros::datetime};
use wintask::{
    definition::{DaysOfMonth, DaysOfWeek, Months, Repetition, Schedule, Trigger, Weeks},
    dtyp::SystemTime,
    schedule::{Adjustment, Occurrence, Options, Timetable},
    time::{GapPolicy, IanaZone, WindowsZone, XsDuration, Zone, ZoneRules},
};

/// Numbers without order, the same in each run of the test.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0 >> 11) * u128::from(end.unsigned_abs())) >> 53) as i64
    }
}

/// In ticks of 100 ns, like everything here.
const SECOND: i64 = 10_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The end of the calendar, counted from 1970.
const END: i64 = 253_402_300_799 * SECOND;

/// The starts of a rule, without the repetition that follows.
struct Starts<'z, Z> {
    bare: Trigger,
    zone: &'z Z,
    options: Options,
    /// Counted from 1970, and those of them that a gap moved.
    all: Vec<i64>,
    moved: Vec<i64>,
    /// No question is about a later time.
    until: i64,
}

fn ticks(instant: OffsetDateTime) -> i64 {
    (instant.unix_timestamp_nanos() / 100) as i64
}

fn instant(ticks: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ticks) * 100).unwrap()
}

fn start(run: Occurrence) -> i64 {
    ticks(run.instant())
}

impl<'z, Z: Zone> Starts<'z, Z> {
    fn new(
        schedule: &Schedule,
        begin: PrimitiveDateTime,
        zone: &'z Z,
        gap: GapPolicy,
        until: OffsetDateTime,
    ) -> Self {
        let options = Options::default().with_gap(gap);
        let bare = Trigger::calendar(schedule.clone(), begin.into());
        let runs: Vec<_> = Timetable::of_trigger(&bare, zone, &options).occurrences(..until).collect();
        let moved = runs.iter().filter(|run| run.adjustment() == Adjustment::Gap);
        let moved = moved.copied().map(start).collect();
        let all = runs.iter().copied().map(start).collect();
        Self { bare, zone, options, all, moved, until: ticks(until) }
    }

    /// Asks for the runs next to some instants.
    fn ask(&self, interval: i64, lasting: i64, instants: &[i64]) {
        let text = |ticks: i64| format!("PT{}.{:07}S", ticks / SECOND, ticks % SECOND);
        let duration = |ticks: i64| text(ticks).parse::<XsDuration>().unwrap();
        let repetition = Some(Repetition::every(duration(interval)).lasting(duration(lasting)));
        let trigger = Trigger { repetition: repetition.map(Box::new), ..self.bare.clone() };
        let table = Timetable::of_trigger(&trigger, self.zone, &self.options);
        for at in instants {
            let (next, previous) = neighbours(&self.all, interval, lasting, *at);
            let at = instant(*at);
            let what = format!("{:?} every {interval} for {lasting}, {at}", self.bare);
            let known = |run: &i64| *run < self.until;
            assert_eq!(table.next_after(at).map(start).filter(known), next.filter(known), "after {what}");
            assert_eq!(table.previous_before(at).map(start), previous, "before {what}");
        }
    }

    /// Some run of a start, and the last one: before it and after it.
    fn ask_for(&self, start: i64, interval: i64, times: i64) {
        let run = start + times * interval;
        for lasting in [times * interval, times * interval - 1, 2 * END] {
            self.ask(interval, lasting, &[run - SECOND, run - 1, run + 1, run + SECOND]);
        }
    }

    /// One start or another, as often as stated, and instants without order.
    fn check(&self, rounds: u64) {
        let mut numbers = Numbers(rounds);
        for round in 0..rounds {
            let interval = match round % 5 {
                0 => DAY * (1 + numbers.below(400)),
                1 => DAY * 365 / (1 + numbers.below(30)) + numbers.below(3),
                2 => DAY * 1461 / (1 + numbers.below(60)) + SECOND * numbers.below(3),
                3 => 60 * SECOND * (60 + numbers.below(44_580)),
                // About a hundred days at most.
                _ => 3_600 * SECOND + numbers.below(100 * DAY),
            };
            // The first start, one of the last, or any.
            let number = match round % 3 {
                0 => 0,
                1 => self.all.len() - 3,
                _ => numbers.below(self.all.len() as i64) as usize,
            };
            let start = self.all[number];
            let most = (self.until - start) / interval;
            if most > 2 {
                self.ask_for(start, interval, 1 + numbers.below(most - 1));
            }
            let at = self.all[0] + numbers.below(self.until - self.all[0]);
            self.ask(interval, 2 * END, &[at]);
        }
    }

    /// Starts that a gap moved: by whole days, the others' runs are at another time of day.
    fn check_moved(&self) {
        let mut numbers = Numbers(1);
        for interval in [1, 2, 7, 30, 365] {
            let interval = interval * DAY;
            for number in [0, numbers.below(self.moved.len() as i64) as usize] {
                let start = self.moved[number];
                let most = (self.until - start) / interval;
                for times in [1 + numbers.below(most - 1), most - 1] {
                    self.ask_for(start, interval, times);
                }
            }
        }
    }
}

/// A zone that moved in 2189 and again in 2190.
fn moved() -> Either {
    let on = |month, hour| SystemTime { month, day: 5, hour, ..SystemTime::NONE };
    let rules = |bias| ZoneRules {
        bias,
        standard_bias: 0,
        daylight_bias: -60,
        standard_date: on(10, 3),
        daylight_date: on(3, 2),
    };
    Clock::Years(2188, [rules(120), rules(-180), rules(-60)]).zone()
}

/// A clock that skips from half past eleven in the evening to half past twelve.
fn at_midnight() -> WindowsZone {
    let on = |month| SystemTime { month, day: 1, hour: 23, minute: 30, ..SystemTime::NONE };
    let rules = ZoneRules {
        bias: 300,
        standard_bias: 0,
        daylight_bias: -60,
        standard_date: on(11),
        daylight_date: on(3),
    };
    WindowsZone::new(rules).unwrap()
}

/// Few days a year, for 8,400 years: around the leap day, where years turn, and where centuries have none.
#[test]
fn few_days_of_a_year() {
    let numbered =
        |days: &[u8], months| Schedule::monthly(DaysOfMonth::from_days(days.iter().copied()), months);
    let february = Months::FEBRUARY;
    let schedules = [
        numbered(&[15], Months::JANUARY),
        numbered(&[29], february),
        numbered(&[28, 29], february),
        numbered(&[1], Months::JANUARY),
        numbered(&[15], Months::JANUARY | Months::JULY),
        numbered(&[26, 30], Months::MARCH),
        numbered(&[24], Months::OCTOBER | Months::MARCH),
        Schedule::monthly(DaysOfMonth::from_days([29]) | DaysOfMonth::LAST, february),
        numbered(&[1, 2, 3], Months::MARCH),
        numbered(&[31], Months::MARCH | Months::DECEMBER),
        Schedule::monthly(DaysOfMonth::LAST, february),
        Schedule::monthly(DaysOfMonth::LAST, february | Months::MARCH),
        Schedule::monthly_day_of_week(Weeks::LAST, DaysOfWeek::SUNDAY, february),
        Schedule::monthly_day_of_week(Weeks::LAST, DaysOfWeek::SUNDAY, Months::MARCH | Months::JUNE),
        Schedule::monthly_day_of_week(Weeks::FIRST, DaysOfWeek::MONDAY, Months::MARCH | Months::JULY),
    ];
    let until = datetime!(9999-12-31 23:59:59 UTC);
    let first = GapPolicy::FirstInstant;
    for schedule in &schedules {
        for begin in [datetime!(1601-01-01 2:30), datetime!(1899-03-01 2:30), datetime!(2004-02-29 12:00)] {
            Starts::new(schedule, begin, &UtcOffset::UTC, first, until).check(15);
        }
        for gap in [first, GapPolicy::Skip] {
            Starts::new(schedule, datetime!(1999-12-31 2:30), &europe(), gap, until).check(16);
        }
        Starts::new(schedule, datetime!(1999-12-31 2:30), &moved(), first, until).check(16);
        Starts::new(schedule, datetime!(1999-12-31 0:15), &at_midnight(), first, until).check(12);
        let berlin = IanaZone::new("Europe/Berlin").unwrap();
        let until = datetime!(2150-01-01 0:00 UTC);
        Starts::new(schedule, datetime!(1850-01-01 2:30), &berlin, first, until).check(24);
    }
}

/// A year begins on 1 March here: of its first three days, the third from last is the nearest.
#[test]
fn at_the_beginning_of_a_block() {
    let march = Schedule::monthly(DaysOfMonth::from_days([1, 2, 3]), Months::MARCH);
    let until = datetime!(9999-12-31 23:59:59 UTC);
    let starts =
        Starts::new(&march, datetime!(1601-01-01 2:30), &UtcOffset::UTC, GapPolicy::FirstInstant, until);
    for year in (1604..9999).step_by(4) {
        let day = time::Date::from_calendar_date(year, time::Month::March, 1).unwrap();
        let start = ticks(day.midnight().assume_utc() + Duration::minutes(150));
        let hour = DAY / 24;
        starts.ask(50 * hour, 2 * END, &[start + 50 * hour - SECOND]);
    }
}

/// Of the starts of a day in spring that the clock skips, any can be the nearest one.
#[test]
fn starts_moved_by_a_gap() {
    let schedules = [
        Schedule::daily(1),
        Schedule::daily(3),
        Schedule::daily(7),
        Schedule::weekly(1, DaysOfWeek::SUNDAY | DaysOfWeek::MONDAY),
        Schedule::weekly(2, DaysOfWeek::SUNDAY | DaysOfWeek::MONDAY),
        Schedule::monthly_day_of_week(Weeks::ALL, DaysOfWeek::SUNDAY | DaysOfWeek::MONDAY, Months::ALL),
    ];
    let (first, until) = (GapPolicy::FirstInstant, datetime!(2140-01-01 0:00 UTC));
    for schedule in &schedules {
        // A Sunday.
        let begin = datetime!(1883-12-09 2:30);
        Starts::new(schedule, begin, &IanaZone::new("Europe/Berlin").unwrap(), first, until).check_moved();
        Starts::new(schedule, begin, &europe(), first, until).check_moved();
    }
    for schedule in &schedules[1..] {
        let begin = datetime!(1995-12-10 2:30);
        Starts::new(schedule, begin, &moved(), first, datetime!(2250-01-01 0:00 UTC)).check_moved();
        Starts::new(schedule, begin, &Silent(europe()), first, until).check_moved();
        let midnight = datetime!(1995-12-11 0:15);
        Starts::new(schedule, midnight, &at_midnight(), first, until).check_moved();
    }
}

/// Many days a year.
#[test]
fn series_of_days() {
    let schedules = [
        Schedule::daily(1),
        Schedule::daily(3),
        Schedule::daily(7),
        Schedule::daily(365),
        Schedule::weekly(1, DaysOfWeek::SUNDAY),
        Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY),
        Schedule::monthly(DaysOfMonth::from_days([1, 31]), Months::ALL),
        Schedule::monthly_day_of_week(Weeks::LAST, DaysOfWeek::SUNDAY, Months::ALL),
        Schedule::monthly_day_of_week(Weeks::ALL, DaysOfWeek::WEDNESDAY | DaysOfWeek::SUNDAY, Months::ALL),
    ];
    for schedule in &schedules {
        let begin = datetime!(9681-02-03 2:30);
        let until = datetime!(9999-12-31 23:59:59 UTC);
        let first = GapPolicy::FirstInstant;
        Starts::new(schedule, begin, &UtcOffset::UTC, first, until).check(12);
        for gap in [first, GapPolicy::Shift, GapPolicy::Skip] {
            Starts::new(schedule, begin, &europe(), gap, until).check(15);
        }
        Starts::new(schedule, begin, &Clock::Fixed(-150).zone(), first, until).check(12);
        Starts::new(schedule, datetime!(9681-02-03 0:15), &at_midnight(), first, until).check(12);
        let late = datetime!(9901-02-03 2:30);
        Starts::new(schedule, late, &Silent(europe()), first, until).check(12);
        let berlin = IanaZone::new("Europe/Berlin").unwrap();
        let until = datetime!(2150-01-01 0:00 UTC);
        Starts::new(schedule, datetime!(1883-12-09 2:30), &berlin, first, until).check(24);
    }
}
