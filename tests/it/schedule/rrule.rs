//! A second opinion: the rules that iCalendar (RFC 5545) can express too, by the crate `rrule`.

use super::days::{schedules, weekdays};
use proptest::prelude::*;
use time::{Duration, UtcOffset, Weekday, macros::datetime};
use wintask::{
    definition::{Schedule, Trigger},
    schedule::{Options, Timetable},
    time::Boundary,
};

/// The schedule as a recurrence rule.
fn rule(schedule: &Schedule, first_day_of_week: Weekday) -> String {
    let two = |name: &str| name[..2].to_uppercase();
    let list = |items: Vec<String>| items.join(",");
    let months = |months: &Option<wintask::definition::Months>| match months {
        None => String::new(),
        Some(months) => {
            let numbers = (1..=12u16).filter(|month| months.bits() >> (month - 1) & 1 != 0);
            format!(";BYMONTH={}", list(numbers.map(|month| month.to_string()).collect()))
        }
    };
    match schedule {
        Schedule::Day { days_interval, .. } => format!("FREQ=DAILY;INTERVAL={}", days_interval.unwrap_or(1)),
        Schedule::Week { weeks_interval, days_of_week, .. } => format!(
            "FREQ=WEEKLY;INTERVAL={};WKST={};BYDAY={}",
            weeks_interval.unwrap_or(1),
            two(&first_day_of_week.to_string()),
            list(days_of_week.names().map(two).collect())
        ),
        Schedule::Month { days_of_month, months: of, .. } => {
            let days = days_of_month.days().map(|day| day.to_string());
            let days = days.chain(days_of_month.has_last().then(|| "-1".to_owned()));
            format!("FREQ=MONTHLY;BYMONTHDAY={}{}", list(days.collect()), months(of))
        }
        Schedule::MonthDayOfWeek { weeks, days_of_week, months: of, .. } => {
            let weeks: Vec<_> = weeks.names().map(|week| if week == "Last" { "-1" } else { week }).collect();
            let days = days_of_week.names().map(two);
            let days = days.flat_map(|day| weeks.iter().map(move |week| format!("{week}{day}")));
            format!("FREQ=MONTHLY;BYDAY={}{}", list(days.collect()), months(of))
        }
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// The first runs from a start on, of any schedule that ever runs.
    #[test]
    fn agrees(schedule in schedules(), first_day_of_week in weekdays(), start in 0..4 * 365 * 1440i64) {
        let start = datetime!(2023-01-01 0:00) + Duration::minutes(start);
        let options = Options::default().with_first_day_of_week(first_day_of_week);
        let trigger = Trigger::calendar(schedule.clone(), Boundary::local(start));
        let table = Timetable::of_trigger(&trigger, UtcOffset::UTC, &options);
        prop_assume!(table.findings().is_empty());
        let until = start.assume_utc() + Duration::days(3 * 366);
        let ours: Vec<_> = table.occurrences(..until).take(40).map(|run| run.instant().unix_timestamp()).collect();
        let text = format!(
            "DTSTART:{:04}{:02}{:02}T{:02}{:02}00Z\nRRULE:{}",
            start.year(), u8::from(start.month()), start.day(), start.hour(), start.minute(),
            rule(&schedule, first_day_of_week)
        );
        let set: rrule::RRuleSet = text.parse().unwrap();
        let theirs = set.into_iter().map(|at| at.timestamp()).take_while(|at| *at < until.unix_timestamp());
        prop_assert_eq!(ours, theirs.take(40).collect::<Vec<_>>(), "{}", text);
    }
}
