//! Run times against closed-form loops for the same rules, against `rrule`, near against far, and by a zone with
//! daylight saving time against UTC.

#[path = "../tests/shared/europe.rs"]
mod europe;
mod schedule_peers;
mod support;

use europe::europe;
use std::{hint::black_box, process::ExitCode};
use support::{Bound, Subject};
use time::{Date, Duration, Month, OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    definition::{DaysOfMonth, DaysOfWeek, Exec, Months, Repetition, Schedule, Task, Trigger, Weeks},
    schedule::{Options, Timetable},
    time::{IanaZone, XsDuration, Zone},
};

/// Occurrences of one call.
const COUNT: usize = 2_000;

const START: &str = "2024-01-01T02:00:00";

/// Every second week on Monday and Friday.
fn weekly<Z: Zone>(zone: Z) -> Timetable<Z> {
    let schedule = Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY);
    table(schedule, zone)
}

/// The 1st, the 15th and the 31st of every month that has them.
fn monthly<Z: Zone>(zone: Z) -> Timetable<Z> {
    table(Schedule::monthly(DaysOfMonth::from_days([1, 15, 31]), Months::ALL), zone)
}

/// Every quarter of an hour, indefinitely.
fn repeating<Z: Zone>(zone: Z) -> Timetable<Z> {
    let repetition = Some(Repetition::every(XsDuration::from_seconds(900)));
    let start = START.parse().expect("a time");
    let trigger =
        Trigger { repetition: repetition.map(Box::new), ..Trigger::calendar(Schedule::daily(1), start) };
    Timetable::of_trigger(&trigger, zone, &Options::default())
}

/// Every third day, and every Monday.
fn several<Z: Zone>(zone: Z) -> Timetable<Z> {
    let trigger = |schedule| Trigger::calendar(schedule, START.parse().expect("a time"));
    let triggers = vec![trigger(Schedule::daily(3)), trigger(Schedule::weekly(1, DaysOfWeek::MONDAY))];
    let task = Task { triggers, ..Task::new(Exec::new("a.exe")) };
    Timetable::of_task(&task, zone, &Options::default())
}

/// Every day at 2:00, and every 100 minutes for three days: an ordinary trigger whose runs overlap.
fn overlapping<Z: Zone>(zone: Z) -> Timetable<Z> {
    let repetition =
        Some(Repetition::every(XsDuration::from_minutes(100)).lasting(XsDuration::from_minutes(3 * 1440)));
    let start = START.parse().expect("a time");
    let trigger =
        Trigger { repetition: repetition.map(Box::new), ..Trigger::calendar(Schedule::daily(1), start) };
    Timetable::of_trigger(&trigger, zone, &Options::default())
}

/// From 1601 on, every 44,639 minutes for 8,000 years: the runs of some three million starts.
fn endless<Z: Zone>(schedule: Schedule, time: &str, zone: Z) -> Timetable<Z> {
    let every = Repetition::every(XsDuration::from_minutes(44_639));
    let repetition = Some(every.lasting("P2922000D".parse().expect("a duration")));
    let start = format!("1601-01-01T{time}").parse().expect("a time");
    Timetable::of_trigger(
        &Trigger { repetition: repetition.map(Box::new), ..Trigger::calendar(schedule, start) },
        zone,
        &Options::default(),
    )
}

/// Every day, and every five minutes for a day: what comes after one day is the next day's first run.
fn whole_days<Z: Zone>(zone: Z) -> Timetable<Z> {
    let every = Repetition::every(XsDuration::from_minutes(5));
    let repetition = Some(every.lasting(XsDuration::from_minutes(1440)));
    let start = START.parse().expect("a time");
    let trigger =
        Trigger { repetition: repetition.map(Box::new), ..Trigger::calendar(Schedule::daily(1), start) };
    Timetable::of_trigger(&trigger, zone, &Options::default())
}

/// The last Sunday of every month.
fn sundays<Z: Zone>(zone: Z) -> Timetable<Z> {
    table(Schedule::monthly_day_of_week(Weeks::LAST, DaysOfWeek::SUNDAY, Months::ALL), zone)
}

/// 02:00 ten hours ahead of UTC, where it is still the day before.
fn another_day() -> UtcOffset {
    UtcOffset::from_hms(10, 0, 0).expect("an offset")
}

/// 64 KiB of triggers of all kinds, each of which repeats as long as the format can say.
fn large_job() -> Vec<u8> {
    use wintask::job::{self, Job, JobDate};
    let weekdays = job::DaysOfWeek::MONDAY | job::DaysOfWeek::FRIDAY;
    let schedules = [
        job::Schedule::Once,
        job::Schedule::Daily { days_interval: 1 },
        job::Schedule::Weekly { weeks_interval: 3, days_of_week: weekdays },
        job::Schedule::MonthlyDate { days: job::DaysOfMonth(1 << 14), months: job::Months(1) },
        job::Schedule::MonthlyDayOfWeek {
            which_week: job::WhichWeek(5),
            days_of_week: weekdays,
            months: job::Months(0xFFF),
        },
    ];
    let mut job = Job::new(uuid::Uuid::nil(), "a.exe");
    for n in 0..1363u32 {
        let schedule = schedules[n as usize % schedules.len()];
        let begin = JobDate::new(1601, 1, 1 + (n % 28) as u16);
        job.triggers.push(job::Trigger {
            minutes_interval: 44_639 - n % 7,
            minutes_duration: u32::MAX,
            ..job::Trigger::new(schedule, begin, (n % 24) as u16, (n % 60) as u16)
        });
    }
    job.to_bytes().expect("a job file")
}

/// Reads the file and asks for five runs.
fn five_runs() -> Box<dyn Fn()> {
    let (bytes, zone) = (large_job(), europe());
    Box::new(move || {
        let job = wintask::job::Job::parse(black_box(&bytes)).expect("a job file");
        let table = Timetable::of_job(&job, &zone, &Options::default());
        assert_eq!(black_box(table.occurrences(datetime!(9000-06-01 0:00 UTC)..).take(5)).count(), 5);
    })
}

fn table<Z: Zone>(schedule: Schedule, zone: Z) -> Timetable<Z> {
    let trigger = Trigger::calendar(schedule, START.parse().expect("a time"));
    Timetable::of_trigger(&trigger, zone, &Options::default())
}

/// Iterates over the occurrences and uses the local time and the instant of each.
fn iterate<Z: Zone + 'static>(table: Timetable<Z>) -> Box<dyn Fn()> {
    Box::new(move || {
        let runs = black_box(&table).occurrences(datetime!(2024-01-01 0:00 UTC)..);
        for run in runs.take(COUNT) {
            black_box((run.local(), run.instant()));
        }
    })
}

/// Asks for the next run at a hundred instants of a year.
fn next_after(table: Timetable<impl Zone + 'static>, year: i32) -> Box<dyn Fn()> {
    let first = Date::from_calendar_date(year, Month::January, 1).expect("a date").midnight().assume_utc();
    let instants: Vec<OffsetDateTime> = (0..100).map(|n| first + Duration::hours(n * 87)).collect();
    Box::new(move || {
        for instant in &instants {
            black_box(black_box(&table).next_after(*instant));
        }
    })
}

/// Counts a hundred times the runs of some years.
fn count(table: Timetable<impl Zone + 'static>, years: i32) -> Box<dyn Fn()> {
    let first = |year: i32| {
        Date::from_calendar_date(year, Month::January, 1).expect("a date").midnight().assume_utc()
    };
    let ranges: Vec<_> =
        (0..100).map(|n| Duration::hours(n * 87)).map(|n| first(2034) + n..first(2034 + years) + n).collect();
    Box::new(move || {
        for range in &ranges {
            black_box(black_box(&table).count(range.clone()));
        }
    })
}

/// The peers and the subjects give the same results.
fn check() {
    let ours = |table: Timetable<UtcOffset>| -> Vec<_> {
        table.occurrences(..).take(COUNT).map(|run| (run.local(), run.instant())).collect()
    };
    let utc = UtcOffset::UTC;
    let mut loops = (Vec::new(), Vec::new());
    schedule_peers::weekly(COUNT, utc, |run| loops.0.push(run));
    let mut added = Vec::new();
    schedule_peers::weekly_by_addition(COUNT, utc, |run| added.push(run));
    assert_eq!(added, loops.0);
    schedule_peers::monthly(COUNT, utc, |run| loops.1.push(run));
    assert_eq!(ours(weekly(UtcOffset::UTC)), loops.0);
    assert_eq!(ours(monthly(UtcOffset::UTC)), loops.1);
    let mut repeated = Vec::new();
    schedule_peers::repeating(COUNT, utc, |run| repeated.push(run));
    assert_eq!(ours(repeating(UtcOffset::UTC)), repeated);
    let unix =
        |list: &[schedule_peers::Run]| list.iter().map(|(_, at)| at.unix_timestamp()).collect::<Vec<_>>();
    assert_eq!(schedule_peers::rrule(schedule_peers::WEEKLY, COUNT), unix(&loops.0));
    assert_eq!(schedule_peers::rrule(schedule_peers::MONTHLY, COUNT), unix(&loops.1));
}

/// Takes a peer's run.
fn take(run: schedule_peers::Run) {
    black_box(run);
}

fn subjects() -> Vec<Subject> {
    vec![
        Subject { name: "weekly", prepare: || iterate(weekly(UtcOffset::UTC)) },
        Subject {
            name: "weekly, closed form",
            prepare: || {
                Box::new(|| schedule_peers::weekly(black_box(COUNT), black_box(UtcOffset::UTC), take))
            },
        },
        Subject {
            name: "weekly, by addition",
            prepare: || {
                Box::new(|| {
                    schedule_peers::weekly_by_addition(black_box(COUNT), black_box(UtcOffset::UTC), take)
                })
            },
        },
        Subject {
            name: "weekly, rrule",
            prepare: || schedule_peers::rrule_call(schedule_peers::WEEKLY, COUNT),
        },
        Subject { name: "monthly", prepare: || iterate(monthly(UtcOffset::UTC)) },
        Subject {
            name: "monthly, closed form",
            prepare: || {
                Box::new(|| schedule_peers::monthly(black_box(COUNT), black_box(UtcOffset::UTC), take))
            },
        },
        Subject {
            name: "monthly, rrule",
            prepare: || schedule_peers::rrule_call(schedule_peers::MONTHLY, COUNT),
        },
        Subject { name: "repeating", prepare: || iterate(repeating(UtcOffset::UTC)) },
        Subject {
            name: "repeating, by addition",
            prepare: || {
                Box::new(|| schedule_peers::repeating(black_box(COUNT), black_box(UtcOffset::UTC), take))
            },
        },
        Subject { name: "repeating, Western Europe", prepare: || iterate(repeating(europe())) },
        Subject { name: "two triggers", prepare: || iterate(several(UtcOffset::UTC)) },
        Subject { name: "weekly, UTC on the day before", prepare: || iterate(weekly(another_day())) },
        Subject { name: "count, monthly, 10 years", prepare: || count(monthly(UtcOffset::UTC), 10) },
        Subject { name: "count, monthly, 1,000 years", prepare: || count(monthly(UtcOffset::UTC), 1000) },
        Subject {
            name: "count, monthly, 1,000 years, Western Europe",
            prepare: || count(monthly(europe()), 1000),
        },
        Subject {
            name: "count, last Sundays, 1,000 years",
            prepare: || count(sundays(UtcOffset::UTC), 1000),
        },
        Subject {
            name: "count, every 5 minutes, 10 years",
            prepare: || count(whole_days(UtcOffset::UTC), 10),
        },
        Subject {
            name: "next after 10 years, every 5 minutes",
            prepare: || next_after(whole_days(UtcOffset::UTC), 2034),
        },
        Subject {
            name: "next after 10 years, last Sundays",
            prepare: || next_after(sundays(UtcOffset::UTC), 2034),
        },
        Subject {
            name: "next after 10 years, monthly, Western Europe",
            prepare: || next_after(monthly(europe()), 2034),
        },
        Subject { name: "weekly, Western Europe", prepare: || iterate(weekly(europe())) },
        Subject { name: "monthly, Western Europe", prepare: || iterate(monthly(europe())) },
        Subject { name: "next after 10 years", prepare: || next_after(weekly(UtcOffset::UTC), 2034) },
        Subject { name: "next after 1,000 years", prepare: || next_after(weekly(UtcOffset::UTC), 3024) },
        Subject {
            name: "next after 10 years, Western Europe",
            prepare: || next_after(weekly(europe()), 2034),
        },
        Subject {
            name: "next after 10 years, Europe/Berlin",
            prepare: || next_after(weekly(IanaZone::new("Europe/Berlin").expect("a zone")), 2034),
        },
        Subject {
            name: "next after 1,000 years, Western Europe",
            prepare: || next_after(weekly(europe()), 3024),
        },
        Subject {
            name: "next after 7,000 years, daily without end",
            prepare: || next_after(endless(Schedule::daily(1), "02:30:00", europe()), 8600),
        },
        Subject {
            name: "next after 7,000 years, weekly without end",
            prepare: || {
                let schedule = Schedule::weekly(3, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY);
                next_after(endless(schedule, "02:00:00", europe()), 8600)
            },
        },
        Subject {
            name: "next after 7,000 years, monthly without end",
            prepare: || {
                let schedule = Schedule::monthly(DaysOfMonth::from_days([15]), Months::ALL);
                next_after(endless(schedule, "02:00:00", europe()), 8600)
            },
        },
        Subject {
            name: "next after 7,000 years, yearly without end",
            prepare: || {
                let schedule = Schedule::monthly(DaysOfMonth::from_days([15]), Months::JANUARY);
                next_after(endless(schedule, "02:00:00", europe()), 8600)
            },
        },
        Subject {
            name: "next after 7,000 years, weekday of months without end",
            prepare: || {
                let schedule = Schedule::monthly_day_of_week(Weeks::LAST, DaysOfWeek::SUNDAY, Months::ALL);
                next_after(endless(schedule, "02:30:00", europe()), 8600)
            },
        },
        Subject {
            name: "next after 10 years, repeating, Western Europe",
            prepare: || next_after(overlapping(europe()), 2034),
        },
        Subject { name: "five runs of a large job file", prepare: five_runs },
        Subject {
            name: "next after 10 years, monthly",
            prepare: || next_after(monthly(UtcOffset::UTC), 2034),
        },
        Subject {
            name: "next after 1,000 years, monthly",
            prepare: || next_after(monthly(UtcOffset::UTC), 3024),
        },
    ]
}

fn main() -> ExitCode {
    check();
    support::run(
        &subjects(),
        &[
            // Where an aim is named, it is not reached, and the bound keeps what is.
            Bound { subject: "weekly", peer: "weekly, closed form", most: 2.0 },
            Bound { subject: "weekly", peer: "weekly, by addition", most: 2.0 },
            Bound { subject: "monthly", peer: "monthly, closed form", most: 2.0 },
            Bound { subject: "repeating", peer: "repeating, by addition", most: 2.0 },
            Bound { subject: "weekly", peer: "weekly, rrule", most: 0.05 },
            Bound { subject: "monthly", peer: "monthly, rrule", most: 0.05 },
            Bound { subject: "weekly, UTC on the day before", peer: "weekly", most: 1.3 },
            Bound { subject: "two triggers", peer: "weekly", most: 4.0 },
            Bound { subject: "count, monthly, 1,000 years", peer: "next after 10 years, monthly", most: 2.0 },
            Bound { subject: "count, monthly, 1,000 years", peer: "count, monthly, 10 years", most: 1.1 },
            Bound {
                subject: "count, monthly, 1,000 years, Western Europe",
                peer: "next after 10 years, monthly, Western Europe",
                most: 2.0,
            },
            Bound {
                subject: "count, last Sundays, 1,000 years",
                peer: "next after 10 years, last Sundays",
                most: 2.0,
            },
            Bound {
                subject: "count, every 5 minutes, 10 years",
                peer: "next after 10 years, every 5 minutes",
                most: 2.0,
            },
            Bound { subject: "weekly, Western Europe", peer: "weekly", most: 2.5 },
            Bound { subject: "repeating, Western Europe", peer: "repeating", most: 2.5 },
            Bound { subject: "monthly, Western Europe", peer: "monthly", most: 2.5 },
            Bound {
                subject: "next after 7,000 years, daily without end",
                peer: "next after 10 years, repeating, Western Europe",
                most: 10.0,
            },
            Bound {
                subject: "next after 7,000 years, weekly without end",
                peer: "next after 10 years, repeating, Western Europe",
                most: 10.0,
            },
            Bound {
                subject: "next after 7,000 years, monthly without end",
                peer: "next after 10 years, repeating, Western Europe",
                most: 10.0,
            },
            Bound {
                subject: "next after 7,000 years, weekday of months without end",
                peer: "next after 10 years, repeating, Western Europe",
                most: 10.0,
            },
            Bound {
                subject: "next after 7,000 years, yearly without end",
                peer: "next after 10 years, repeating, Western Europe",
                most: 10.0,
            },
            // 50 ms are 100 million instructions at two per nanosecond: as many as of 780 times this peer.
            Bound {
                subject: "five runs of a large job file",
                peer: "next after 10 years, Western Europe",
                most: 780.0,
            },
            Bound { subject: "next after 10 years, Europe/Berlin", peer: "next after 10 years", most: 1.5 },
            Bound { subject: "next after 1,000 years", peer: "next after 10 years", most: 1.25 },
            Bound {
                subject: "next after 1,000 years, Western Europe",
                peer: "next after 10 years, Western Europe",
                most: 1.25,
            },
            Bound {
                subject: "next after 1,000 years, monthly",
                peer: "next after 10 years, monthly",
                most: 1.25,
            },
        ],
    )
}
