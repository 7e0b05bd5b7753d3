//! Repetitions that last for centuries: of thousands of starts, any can be the one whose run is the nearest. Here it is
//! chosen first, and the question follows from it; the answer is compared with going through all starts.

use super::{
    far::{Silent, neighbours},
    oracle::Clock,
    random::Either,
};
use crate::europe::europe;
use time::{PrimitiveDateTime, macros::datetime};
use wintask::{
    definition::{DaysOfMonth, DaysOfWeek, Months, Repetition, Schedule, Trigger, Weeks},
    dtyp::SystemTime,
    schedule::{Adjustment, Occurrence, Options, Timetable},
    time::{GapPolicy, WindowsZone, XsDuration, Zone, ZoneRules},
};

/// Numbers without order, the same in each run of the test.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0 >> 11) * u128::from(end.unsigned_abs())) >> 53) as i64
    }
}

const DAY: i64 = 86_400;

/// The end of the calendar, in seconds since 1970.
const END: i64 = 253_402_300_799;

/// Of one start or another, some run, and the last one, is asked for: before it, at it, and after it.
fn check<Z: Zone>(schedule: &Schedule, begin: PrimitiveDateTime, zone: &Z, gap: GapPolicy, number: usize) {
    let options = Options::default().with_gap(gap);
    let bare = Trigger::calendar(schedule.clone(), begin.into());
    let unix = |run: Occurrence| run.instant().unix_timestamp();
    let runs: Vec<_> = Timetable::of_trigger(&bare, zone, &options).occurrences(..).collect();
    let starts: Vec<i64> = runs.iter().copied().map(unix).collect();
    let gaps = (0..runs.len()).filter(|n| runs[*n].adjustment() == Adjustment::Gap);
    let gaps: Vec<usize> = gaps.collect();
    let seconds = |seconds: i64| format!("PT{seconds}S").parse::<XsDuration>().unwrap();
    let mut numbers = Numbers(number as u64);
    for round in 0..number {
        let interval = match round % 5 {
            0 => DAY * (1 + numbers.below(400)),
            1 => DAY * 365 / (1 + numbers.below(30)) + numbers.below(3),
            2 => DAY * 1461 / (1 + numbers.below(60)) + numbers.below(3),
            3 => 60 * (60 + numbers.below(44_580)),
            _ => 3_601 + numbers.below(4_000_000),
        };
        // The first start, one of the last, or any.
        let chosen = match round % 3 {
            0 => 0,
            1 => starts.len() - 3,
            // One moved by a gap, if there is any.
            2 if !gaps.is_empty() => gaps[numbers.below(gaps.len() as i64) as usize],
            _ => numbers.below(starts.len() as i64) as usize,
        };
        let most = (END - starts[chosen]) / interval;
        if most < 2 {
            continue;
        }
        let times = 1 + numbers.below(most - 1);
        let run = starts[chosen] + times * interval;
        for lasting in [times * interval, times * interval - 1, END * 2] {
            let repetition = Some(Repetition::every(seconds(interval)).lasting(seconds(lasting)));
            let trigger = Trigger { repetition, ..bare.clone() };
            let table = Timetable::of_trigger(&trigger, zone, &options);
            for at in [run - 1, run, run + 1] {
                let (next, previous) = neighbours(&starts, interval, lasting, at);
                let instant = time::OffsetDateTime::from_unix_timestamp(at).unwrap();
                let what = format!("{schedule:?} from {begin} every {interval} s for {lasting} s, {instant}");
                assert_eq!(
                    table.next_after(instant).map(unix),
                    next.filter(|next| *next <= END),
                    "after {what}"
                );
                assert_eq!(table.previous_before(instant).map(unix), previous, "before {what}");
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
    for schedule in &schedules {
        for begin in [datetime!(1601-01-01 2:30), datetime!(1899-03-01 2:30), datetime!(2004-02-29 12:00)] {
            check(schedule, begin, &time::UtcOffset::UTC, GapPolicy::FirstInstant, 24);
        }
        for gap in [GapPolicy::FirstInstant, GapPolicy::Skip] {
            check(schedule, datetime!(1999-12-31 2:30), &europe(), gap, 16);
        }
        check(schedule, datetime!(1999-12-31 2:30), &moved(), GapPolicy::FirstInstant, 16);
        check(schedule, datetime!(1999-12-31 0:15), &at_midnight(), GapPolicy::FirstInstant, 12);
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
        check(schedule, begin, &time::UtcOffset::UTC, GapPolicy::FirstInstant, 12);
        for gap in [GapPolicy::FirstInstant, GapPolicy::Shift, GapPolicy::Skip] {
            check(schedule, begin, &europe(), gap, 15);
        }
        check(schedule, begin, &Clock::Fixed(-150).zone(), GapPolicy::FirstInstant, 12);
        check(schedule, datetime!(9681-02-03 0:15), &at_midnight(), GapPolicy::FirstInstant, 12);
        check(schedule, datetime!(9901-02-03 2:30), &Silent(europe()), GapPolicy::FirstInstant, 12);
    }
}
