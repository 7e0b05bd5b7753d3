//! The calendar's rules over 400 years, day by day.

use super::oracle::counts;
use super::reasons;
use proptest::prelude::*;
use time::{
    Date, Duration, UtcOffset, Weekday,
    macros::{date, datetime},
};
use wintask::{
    definition::{DaysOfMonth, DaysOfWeek, Months, Schedule, Trigger, Weeks},
    schedule::{Options, Timetable},
};

fn trigger(schedule: Schedule, start: Date) -> Trigger {
    Trigger::calendar(schedule, start.midnight().into())
}

/// Every day of 400 years: forwards, backwards, and counted.
fn check(schedule: Schedule, start: Date, first_day_of_week: Weekday) {
    let options = Options::default().with_first_day_of_week(first_day_of_week);
    let table = Timetable::of_trigger(&trigger(schedule.clone(), start), UtcOffset::UTC, &options);
    let (from, until) = (date!(1901 - 01 - 01), date!(2301 - 01 - 01));
    let mut expected = Vec::new();
    let mut day = from;
    while day < until {
        if counts(Some(&schedule), start, day, first_day_of_week) {
            expected.push(day);
        }
        day += Duration::DAY;
    }
    let range = from.midnight().assume_utc()..until.midnight().assume_utc();
    let forwards: Vec<Date> = table.occurrences(range.clone()).map(|run| run.local().date()).collect();
    assert_eq!(forwards, expected, "{schedule:?} from {start}");
    let mut backwards: Vec<Date> =
        table.occurrences(range.clone()).rev().map(|run| run.local().date()).collect();
    backwards.reverse();
    assert_eq!(backwards, expected, "{schedule:?} from {start}, backwards");
    assert_eq!(table.count(range), expected.len() as u64, "{schedule:?} from {start}, counted");
}

#[test]
fn four_hundred_years() {
    use DaysOfWeek as D;
    let (early, late) = (date!(1850 - 02 - 03), date!(2024 - 02 - 29));
    for start in [early, late] {
        for interval in [1, 2, 3, 7, 30, 365] {
            check(Schedule::daily(interval), start, Weekday::Sunday);
        }
        for days in
            [D::SUNDAY, D::MONDAY, D::SATURDAY, D::MONDAY | D::FRIDAY, D::SUNDAY | D::SATURDAY, D::ALL]
        {
            for (weeks, first_day) in
                [(1, Weekday::Sunday), (2, Weekday::Sunday), (2, Weekday::Monday), (52, Weekday::Wednesday)]
            {
                check(Schedule::weekly(weeks, days), start, first_day);
            }
        }
        let months = [
            Months::ALL,
            Months::FEBRUARY,
            Months::APRIL | Months::DECEMBER,
            Months::FEBRUARY | Months::MARCH,
        ];
        for months in months {
            for days in [vec![1], vec![29], vec![30, 31], vec![1, 15, 28], (1..=31).collect()] {
                let days = DaysOfMonth::from_days(days);
                check(Schedule::monthly(days, months), start, Weekday::Sunday);
                check(Schedule::monthly(days | DaysOfMonth::LAST, months), start, Weekday::Sunday);
            }
            check(Schedule::monthly(DaysOfMonth::LAST, months), start, Weekday::Sunday);
            for weeks in [Weeks::FIRST, Weeks::FOURTH, Weeks::LAST, Weeks::FOURTH | Weeks::LAST, Weeks::ALL] {
                for days in [D::SUNDAY, D::TUESDAY | D::SATURDAY, D::ALL] {
                    check(Schedule::monthly_day_of_week(weeks, days, months), start, Weekday::Sunday);
                }
            }
        }
    }
}

pub(crate) fn schedules() -> impl Strategy<Value = Schedule> {
    let days = (1..=0x7Fu8).prop_map(DaysOfWeek::from_bits);
    let months = prop_oneof![Just(None), (1..=0xFFFu16).prop_map(|m| Some(Months::from_bits(m)))];
    let numbered = prop_oneof![
        3 => proptest::collection::vec(1..=31u8, 1..4).prop_map(DaysOfMonth::from_days),
        1 => Just(DaysOfMonth::LAST),
        1 => proptest::collection::vec(1..=31u8, 0..9).prop_map(|d| DaysOfMonth::from_days(d) | DaysOfMonth::LAST),
    ];
    prop_oneof![
        proptest::option::of(prop_oneof![1..8u16, 1..=365u16])
            .prop_map(|days_interval| Schedule::Day { days_interval, extra: Default::default() }),
        (proptest::option::of(prop_oneof![1..4u8, 1..=52u8]), days.clone()).prop_map(
            |(weeks_interval, days_of_week)| {
                Schedule::Week { weeks_interval, days_of_week, extra: Default::default() }
            }
        ),
        (numbered, months.clone()).prop_map(|(days_of_month, months)| Schedule::Month {
            days_of_month,
            months,
            extra: Default::default()
        }),
        ((1..=0x1Fu8).prop_map(Weeks::from_bits), days, months).prop_map(|(weeks, days_of_week, months)| {
            Schedule::MonthDayOfWeek { weeks, days_of_week, months, extra: Default::default() }
        }),
    ]
}

pub(crate) fn weekdays() -> impl Strategy<Value = Weekday> {
    (0..7u8).prop_map(|n| Weekday::Sunday.nth_next(n))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_rules(schedule in schedules(), start in 0..150_000i32, first_day in weekdays()) {
        let start = Date::from_julian_day(2_370_000 + start).unwrap();
        check(schedule, start, first_day);
    }
}

/// EVIDENCE.md TIME-14: 30 February does not exist, and nothing searches for it.
#[test]
fn never() {
    let start = date!(2024 - 01 - 01);
    for schedule in [
        Schedule::monthly(DaysOfMonth::from_days([30, 31]), Months::FEBRUARY),
        Schedule::monthly(DaysOfMonth::from_days([31]), Months::APRIL | Months::JUNE),
        Schedule::monthly(DaysOfMonth::default(), Months::ALL),
        Schedule::monthly(DaysOfMonth::LAST, Months::default()),
        Schedule::weekly(1, DaysOfWeek::default()),
        Schedule::weekly(0, DaysOfWeek::MONDAY),
        Schedule::daily(0),
        Schedule::monthly_day_of_week(Weeks::default(), DaysOfWeek::MONDAY, Months::ALL),
        Schedule::monthly_day_of_week(Weeks::FIRST, DaysOfWeek::default(), Months::ALL),
    ] {
        let table =
            Timetable::of_trigger(&trigger(schedule.clone(), start), UtcOffset::UTC, &Options::default());
        assert_eq!(reasons(&table), ["warning: Triggers[0]: the schedule matches no day"], "{schedule:?}");
        assert_eq!(table.next_after(datetime!(2024-01-01 0:00 UTC)), None);
        assert_eq!(table.previous_before(datetime!(9999-01-01 0:00 UTC)), None);
        assert_eq!(table.count(..), 0);
    }
    let leap = Schedule::monthly(DaysOfMonth::from_days([29]), Months::FEBRUARY);
    let table = Timetable::of_trigger(&trigger(leap, start), UtcOffset::UTC, &Options::default());
    assert!(table.findings().is_empty());
    let after = datetime!(2096-03-01 0:00 UTC);
    assert_eq!(table.next_after(after).map(|run| run.local().date()), Some(date!(2104 - 02 - 29)));
}
