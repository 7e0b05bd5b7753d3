//! Questions to a timetable, and the scheduler's answers: [MS-TSCH] 2.3.4, 2.4.1, 3.2.5.4.16, note 80,
//! EVIDENCE.md TIME-11, TIME-16, TIME-17, COMPAT-11.

use super::reasons;
use time::{Duration, OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    Profile,
    definition::{
        DaysOfMonth, DaysOfWeek, Exec, Months, Repetition, Schedule, Settings, Task, Trigger, TriggerKind,
        Weeks,
    },
    dtyp::HResult,
    finding::FindingKind as _,
    job::{self, Job, JobDate, JobFlags, ProductVersion, TriggerFlags},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
    schedule::{
        FindingKind, Options, Patterns, RepetitionEnd, Timetable, job_status, next_run_time,
        scheduled_runtimes,
    },
    time::{Boundary, Ticks},
};

const UTC: UtcOffset = UtcOffset::UTC;

fn daily(start: &str) -> Trigger {
    Trigger::calendar(Schedule::daily(1), start.parse().unwrap())
}

fn of(trigger: &Trigger) -> Timetable<UtcOffset> {
    Timetable::of_trigger(trigger, UTC, &Options::default())
}

fn instants(runs: impl Iterator<Item = wintask::schedule::Occurrence>) -> Vec<OffsetDateTime> {
    runs.map(|run| run.instant()).collect()
}

/// 3.2.5.4.16: S_OK, S_FALSE, SCHED_S_TASK_NO_MORE_RUNS, SCHED_S_TASK_NOT_SCHEDULED, in that order of the text.
#[test]
fn scheduled_runtimes_by_the_text() {
    let once = Trigger::at("2024-01-03T02:00:00".parse().unwrap());
    let boot = Trigger::new(TriggerKind::Boot { delay: None });
    let off = Trigger { enabled: Some(false), ..once.clone() };
    let january = datetime!(2024-01-01 0:00 UTC)..datetime!(2024-02-01 0:00 UTC);
    let march = datetime!(2024-03-01 0:00 UTC)..datetime!(2024-04-01 0:00 UTC);
    let both = [Profile::Windows, Profile::Specification].as_slice();
    let (windows, specification) = (&both[..1], &both[1..]);
    let rows = [
        (vec![once.clone()], january.clone(), 10, both, HResult::S_OK, 1),
        (vec![daily("2024-01-03T02:00:00")], january.clone(), 29, both, HResult::S_OK, 29),
        (vec![daily("2024-01-03T02:00:00")], january.clone(), 28, both, HResult::S_FALSE, 28),
        (vec![once.clone()], january.clone(), 0, both, HResult::S_FALSE, 0),
        (vec![once.clone()], march.clone(), 10, both, HResult::SCHED_S_TASK_NO_MORE_RUNS, 0),
        (vec![once.clone()], march.clone(), 0, both, HResult::SCHED_S_TASK_NO_MORE_RUNS, 0),
        (vec![boot.clone()], january.clone(), 10, both, HResult::SCHED_S_TASK_NOT_SCHEDULED, 0),
        (vec![], january.clone(), 10, both, HResult::SCHED_S_TASK_NOT_SCHEDULED, 0),
        (vec![boot.clone(), once.clone()], january.clone(), 10, both, HResult::S_OK, 1),
        // Two triggers at one instant are one run.
        (vec![once.clone(), once.clone()], january.clone(), 1, both, HResult::S_OK, 1),
        // EVIDENCE.md TIME-16: a disabled trigger's times stay in Windows' answer.
        (vec![off.clone()], january.clone(), 10, windows, HResult::S_OK, 1),
        (vec![off], january.clone(), 10, specification, HResult::SCHED_S_TASK_NO_MORE_RUNS, 0),
        // The range includes its start and excludes its end.
        (
            vec![once.clone()],
            datetime!(2024-01-03 2:00 UTC)..datetime!(2024-01-03 3:00 UTC),
            9,
            both,
            HResult::S_OK,
            1,
        ),
        (
            vec![once],
            datetime!(2024-01-03 1:00 UTC)..datetime!(2024-01-03 2:00 UTC),
            9,
            both,
            HResult::SCHED_S_TASK_NO_MORE_RUNS,
            0,
        ),
    ];
    for (triggers, range, requested, profiles, hresult, count) in rows {
        let task = Task { triggers, ..Task::new(Exec::new("a")) };
        for profile in profiles {
            let table = Timetable::of_task(&task, UTC, &Options::scheduled_runtimes(*profile));
            let answer = scheduled_runtimes(&table, range.clone(), requested);
            assert_eq!((answer.hresult, answer.occurrences.len()), (hresult, count), "{task:?} {range:?}");
        }
    }
}

/// Note 80: at most 64 KiB of SYSTEMTIME; without bounds, from the beginning to the end of time.
#[test]
fn scheduled_runtimes_are_bounded() {
    let table = of(&daily("1601-01-01T00:00:00"));
    let answer = scheduled_runtimes(&table, .., u32::MAX);
    assert_eq!((answer.hresult, answer.occurrences.len()), (HResult::S_FALSE, 65_536 / 16));
    assert_eq!(answer.occurrences[0].instant(), datetime!(1601-01-01 0:00 UTC));
}

/// EVIDENCE.md TIME-17 on ITask::GetNextRunTime, and 2.4.1 on the status.
#[test]
fn a_job_file_by_the_first_interface() {
    let now = datetime!(2024-01-10 12:00 UTC);
    let on = |day| job::Trigger::new(job::Schedule::Once, JobDate::new(2024, 1, day), 12, 0);
    let idle = job::Trigger::new(job::Schedule::OnIdle, JobDate::new(2024, 1, 1), 0, 0);
    let off = |trigger: job::Trigger| job::Trigger { flags: TriggerFlags::DISABLED, ..trigger };
    let job = |triggers: &[job::Trigger]| {
        let mut job = Job::new(uuid::Uuid::nil(), "a.exe");
        job.triggers = triggers.to_vec();
        job
    };
    let disabled = |job: Job| Job { flags: job.flags | JobFlags::DISABLED, ..job };
    let not_run = HResult::SCHED_S_TASK_HAS_NOT_RUN;
    let rows = [
        (job(&[on(11)]), HResult::S_OK, not_run),
        // The disabled flag wins over everything.
        (disabled(job(&[])), HResult::SCHED_S_TASK_DISABLED, HResult::SCHED_S_TASK_DISABLED),
        (disabled(job(&[on(11)])), HResult::SCHED_S_TASK_DISABLED, HResult::SCHED_S_TASK_DISABLED),
        (job(&[]), HResult::SCHED_S_TASK_NO_VALID_TRIGGERS, HResult::SCHED_S_TASK_NOT_SCHEDULED),
        (job(&[off(on(11))]), HResult::SCHED_S_TASK_NO_VALID_TRIGGERS, not_run),
        (job(&[idle]), HResult::SCHED_S_EVENT_TRIGGER, not_run),
        (job(&[idle, off(on(11))]), HResult::SCHED_S_EVENT_TRIGGER, not_run),
        (job(&[idle, on(11)]), HResult::S_OK, not_run),
        // A disabled trigger next to an enabled one has no runs.
        (
            job(&[off(job::Trigger::new(job::Schedule::Once, JobDate::new(2024, 1, 11), 11, 0)), on(11)]),
            HResult::S_OK,
            not_run,
        ),
        (job(&[on(9), off(on(11))]), HResult::SCHED_S_TASK_NO_MORE_RUNS, not_run),
        (job(&[on(9)]), HResult::SCHED_S_TASK_NO_MORE_RUNS, not_run),
        // A run at the instant of asking has passed.
        (job(&[on(10)]), HResult::SCHED_S_TASK_NO_MORE_RUNS, not_run),
    ];
    for (mut job, next, status) in rows {
        let options = Options::default();
        let (hresult, run) = next_run_time(&job, UTC, now, &options);
        assert_eq!(hresult, next, "{:?}", job.triggers);
        let expected = (next == HResult::S_OK).then_some(datetime!(2024-01-11 12:00 UTC));
        assert_eq!(run.map(|run| run.instant()), expected);
        assert_eq!(job_status(&job, UTC, now, &options), status, "{:?}", job.triggers);
        // Once it has run, its status depends on further runs.
        let day = wintask::dtyp::SystemTime { year: 2024, month: 1, day: 1, ..Default::default() };
        job.last_run = Some(day);
        let then = match status {
            HResult::SCHED_S_TASK_HAS_NOT_RUN if next == HResult::SCHED_S_TASK_NO_MORE_RUNS => next,
            HResult::SCHED_S_TASK_HAS_NOT_RUN => HResult::SCHED_S_TASK_READY,
            other => other,
        };
        assert_eq!(job_status(&job, UTC, now, &options), then);
        job.running_instances = 1;
        assert_eq!(job_status(&job, UTC, now, &options), HResult::SCHED_S_TASK_RUNNING);
    }
}

/// 2.4.2.11: the end date is "the last date this trigger fires".
#[test]
fn the_last_date_of_a_job_trigger_counts() {
    let mut job = Job::new(uuid::Uuid::nil(), "a.exe");
    job.triggers = vec![job::Trigger {
        end: Some(JobDate::new(2024, 1, 5)),
        ..job::Trigger::new(job::Schedule::Daily { days_interval: 2 }, JobDate::new(2024, 1, 1), 23, 59)
    }];
    let table = Timetable::of_job(&job, UTC, &Options::default());
    let days: Vec<_> = table.occurrences(..).map(|run| run.local().day()).collect();
    assert_eq!(days, [1, 3, 5]);
}

/// 2.4.2.11: a midnight belongs to the day it begins, any date can be the last, and each time has its bounds.
#[test]
fn the_bounds_of_a_job_trigger() {
    let of = |trigger: job::Trigger| {
        let mut job = Job::new(uuid::Uuid::nil(), "a.exe");
        job.triggers = vec![trigger];
        Timetable::of_job(&job, UTC, &Options::default())
    };
    let daily = |hour, minute| {
        job::Trigger::new(job::Schedule::Daily { days_interval: 1 }, JobDate::new(2024, 1, 1), hour, minute)
    };
    let last = |end| of(job::Trigger { end: Some(end), ..daily(0, 0) }).occurrences(..).next_back();
    for (end, day) in [
        (JobDate::new(2024, 1, 5), datetime!(2024-01-05 0:00 UTC)),
        (JobDate::new(9999, 6, 30), datetime!(9999-06-30 0:00 UTC)),
        (JobDate::new(10_000, 1, 1), datetime!(9999-12-31 0:00 UTC)),
    ] {
        assert_eq!(last(end).map(|run| run.instant()), Some(day), "{end:?}");
    }
    for (hour, minute, valid) in
        [(23, 59, true), (24, 0, false), (0, 60, false), (0, 59, true), (24, 60, false)]
    {
        let table = of(daily(hour, minute));
        assert_eq!(table.reasons().is_empty(), valid, "{hour}:{minute}");
        assert_eq!(table.occurrences(..).next().is_some(), valid, "{hour}:{minute}");
    }
}

/// Durations of any fraction of a second, as XML Schema Part 2, 3.2.6, has them.
#[test]
fn fractions_of_seconds() {
    let repeated = |interval: &str, lasting: &str| {
        let every = Repetition::every(interval.parse().unwrap()).lasting(lasting.parse().unwrap());
        let once = Trigger::at("2024-01-03T02:00:00".parse().unwrap());
        instants(of(&Trigger { repetition: Some(every.into()), ..once }).occurrences(..))
    };
    let start = datetime!(2024-01-03 2:00 UTC);
    let after =
        |millis: &[i64]| millis.iter().map(|at| start + Duration::milliseconds(*at)).collect::<Vec<_>>();
    assert_eq!(repeated("PT1.5S", "PT6S"), after(&[0, 1500, 3000, 4500, 6000]));
    assert_eq!(repeated("PT0.5S", "PT1S"), after(&[0, 500, 1000]));
    assert_eq!(repeated("PT1S", "PT2.5S"), after(&[0, 1000, 2000]));
    let kind = TriggerKind::Time { random_delay: Some("PT90.25S".parse().unwrap()) };
    let delayed = Trigger { kind, ..Trigger::at("2024-01-03T02:00:00".parse().unwrap()) };
    let run = of(&delayed).next_after(datetime!(2024-01-01 0:00 UTC)).unwrap();
    assert_eq!(run.random_delay(), std::time::Duration::from_millis(90_250));
}

/// A start before the calendar, by a clock that is ahead, can have a repetition in it: here one, in the first instant.
#[test]
fn a_repetition_into_the_calendar() {
    let every =
        |interval: &str| Repetition::every(interval.parse().unwrap()).lasting("PT10H".parse().unwrap());
    let table = |interval: &str| {
        let once = Trigger::at("1601-01-01T00:00:00+10:00".parse().unwrap());
        of(&Trigger { repetition: Some(every(interval).into()), ..once })
    };
    assert_eq!(instants(table("PT10H").occurrences(..)), [datetime!(1601-01-01 0:00 UTC)]);
    let hourly = table("PT1H");
    for hour in 0..=10 {
        let at = datetime!(1601-01-01 0:30 UTC) + Duration::hours(hour);
        let previous = Some(datetime!(1601-01-01 0:00 UTC));
        assert_eq!(hourly.previous_before(at).map(|run| run.instant()), previous, "{at}");
    }
    let long = Trigger {
        repetition: Some(Repetition::every("PT1H".parse().unwrap()).lasting("P2D".parse().unwrap()).into()),
        ..Trigger::at("1601-01-01T00:00:00+10:00".parse().unwrap())
    };
    let (at, previous) = (datetime!(1601-01-01 5:30 UTC), datetime!(1601-01-01 5:00 UTC));
    assert_eq!(of(&long).previous_before(at).map(|run| run.instant()), Some(previous));
    assert_eq!(table("PT10H").reasons(), []);
    assert_eq!(table("PT11H").reasons(), [(0, FindingKind::EndsFirst)]);
}

/// EVIDENCE.md TIME-16 and 2.5.3.1: the options of the method, and what each includes.
#[test]
fn what_is_included() {
    let hourly = Trigger {
        repetition: Some(Repetition::every("PT1H".parse().unwrap()).into()),
        ..Trigger::at("2024-01-03T02:00:00".parse().unwrap())
    };
    let january = datetime!(2024-01-01 0:00 UTC)..datetime!(2024-01-06 2:00 UTC);
    let count =
        |task: &Task, options: &Options| Timetable::of_task(task, UTC, options).count(january.clone());
    let task = Task { triggers: vec![hourly.clone()], ..Task::new(Exec::new("a")) };
    // XML-45: a repetition without a duration.
    assert_eq!(count(&task, &Options::scheduled_runtimes(Profile::Windows)), 72);
    assert_eq!(count(&task, &Options::scheduled_runtimes(Profile::Specification)), 25);
    let settings = Settings { enabled: Some(false), ..Settings::default() };
    let disabled = Task { settings, ..task.clone() };
    assert_eq!(count(&disabled, &Options::default()), 0);
    assert_eq!(count(&disabled, &Options::default().with_disabled_task(true)), 72);
    assert_eq!(count(&disabled, &Options::scheduled_runtimes(Profile::Windows)), 72);
    let off = Task { triggers: vec![Trigger { enabled: Some(false), ..hourly }], ..task };
    assert_eq!(count(&off, &Options::default()), 0);
    let included = Options::default().with_profile(Profile::Specification).with_disabled_triggers(true);
    assert_eq!(count(&off, &included), 25);
}

/// EVIDENCE.md TIME-11: every minute for 4 minutes is 5 starts since Vista, and 4 before.
#[test]
fn the_end_of_a_repetition() {
    let repetition = Repetition::every("PT1M".parse().unwrap()).lasting("PT4M".parse().unwrap());
    let once = Trigger {
        repetition: Some(repetition.into()),
        ..Trigger::at("2024-01-03T02:00:00".parse().unwrap())
    };
    let count = |repetition_end| {
        let options = Options::default().with_repetition_end(repetition_end);
        Timetable::of_trigger(&once, UTC, &options).count(..)
    };
    assert_eq!(count(RepetitionEnd::Inclusive), 5);
    assert_eq!(count(RepetitionEnd::Exclusive), 4);
}

/// EVIDENCE.md TIME-11: a file that was written before Vista excludes the end of its repetition, unless the caller says
/// otherwise; a definition never does.
#[test]
fn the_end_of_a_repetition_by_product_version() {
    let mut job = Job::new(uuid::Uuid::nil(), "a.exe");
    job.triggers = vec![job::Trigger {
        minutes_interval: 1,
        minutes_duration: 4,
        ..job::Trigger::new(job::Schedule::Once, JobDate::new(2024, 1, 3), 2, 0)
    }];
    let by = [RepetitionEnd::Inclusive, RepetitionEnd::Exclusive]
        .map(|end| Options::default().with_repetition_end(end));
    for (version, count) in [
        (ProductVersion::WINDOWS_2000, 4),
        (ProductVersion::WINDOWS_XP, 4),
        (ProductVersion::SERVER_2003, 4),
        (ProductVersion::WINDOWS_VISTA, 5),
        (ProductVersion::WINDOWS_10, 5),
    ] {
        job.product_version = version;
        let of = |options: &Options| Timetable::of_job(&job, UTC, options).count(..);
        assert_eq!(of(&Options::default()), count, "{version:?}");
        assert_eq!(of(&Options::scheduled_runtimes(Profile::Specification)), count, "{version:?}");
        assert_eq!(by.each_ref().map(of), [5, 4], "{version:?}");
    }
}

/// EVIDENCE.md XML-45: without a duration a repetition continues indefinitely, or for a day by the specification.
#[test]
fn a_repetition_without_a_duration() {
    let hourly = Trigger {
        repetition: Some(Repetition::every("PT1H".parse().unwrap()).into()),
        ..Trigger::at("2024-01-03T02:00:00".parse().unwrap())
    };
    let after = datetime!(2026-06-01 2:30 UTC);
    let by = |profile| Timetable::of_trigger(&hourly, UTC, &Options::default().with_profile(profile));
    let next = by(Profile::Windows).next_after(after).map(|run| run.instant());
    assert_eq!(next, Some(datetime!(2026-06-01 3:00 UTC)));
    assert_eq!(by(Profile::Specification).next_after(after), None);
    assert_eq!(by(Profile::Specification).count(..), 25);
}

/// 2.3.4 and EVIDENCE.md COMPAT-11. 3 January 2024 is a Wednesday.
#[test]
fn at_jobs() {
    let added = datetime!(2024-01-03 4:00);
    let at = |hour: u32, flags, days: &[u8], week| AtInfo {
        job_time: hour * 3_600_000,
        days_of_month: job::DaysOfMonth::from_days(days.iter().copied()),
        days_of_week: week,
        flags,
        command: None,
    };
    let (once, periodic) = (AtFlags(0), AtFlags::RUN_PERIODICALLY);
    let today = AtFlags::ADD_CURRENT_DATE;
    let none = AtDaysOfWeek(0);
    let rows = [
        // The next occurrence of that time of day.
        (at(5, once, &[], none), "3 "),
        (at(3, once, &[], none), "4 "),
        // Added at its time, it runs at once: the time has come, and has not passed.
        (at(4, once, &[], none), "3 "),
        (at(4, once, &[], AtDaysOfWeek::WEDNESDAY), "3 "),
        (at(4, periodic, &[], AtDaysOfWeek::WEDNESDAY), "3 10 17 24 31 "),
        (at(4, periodic | today, &[20], none), "3 20 "),
        // Bit 0 is Monday; a day of the mask runs once.
        (at(5, once, &[], AtDaysOfWeek(1)), "8 "),
        (at(5, once, &[], AtDaysOfWeek::WEDNESDAY | AtDaysOfWeek::SUNDAY), "3 7 "),
        (at(3, once, &[], AtDaysOfWeek::WEDNESDAY), "10 "),
        (at(5, periodic, &[], AtDaysOfWeek::SUNDAY), "7 14 21 28 "),
        // Both masks are a union.
        (at(5, periodic, &[3, 31], AtDaysOfWeek::SUNDAY), "3 7 14 21 28 31 "),
        (at(5, once, &[2, 20], none), "20 "),
        // The day on which it is added joins the days of the month.
        (at(5, periodic | today, &[20], none), "3 20 "),
        (at(3, periodic | today, &[20], none), "20 "),
    ];
    for (at, expected) in rows {
        let table = Timetable::of_at(&at, added, UTC, &Options::default());
        let january = datetime!(2024-01-01 0:00 UTC)..datetime!(2024-02-01 0:00 UTC);
        let days: String = table.occurrences(january).map(|run| format!("{} ", run.local().day())).collect();
        assert_eq!(days, expected, "{at:?}");
    }
    // "Bits not corresponding to a real calendar day are ignored": the 31st waits for the next month that has one.
    let table =
        Timetable::of_at(&at(5, once, &[31], none), datetime!(2024-02-01 0:00), UTC, &Options::default());
    assert_eq!(instants(table.occurrences(..)), [datetime!(2024-03-31 5:00 UTC)]);
    // A day that both masks have is one run of one trigger.
    let both = at(5, periodic, &[8], AtDaysOfWeek::MONDAY);
    let table = Timetable::of_at(&both, added, UTC, &Options::default());
    assert_eq!(table.triggers_at(datetime!(2024-01-08 5:00 UTC)).collect::<Vec<_>>(), [0]);
    // Days begin with the calendar, whenever the job was added.
    for added in [time::PrimitiveDateTime::MIN, datetime!(1600-12-31 12:00), datetime!(1601-01-01 0:00)] {
        let table = Timetable::of_at(&at(5, once, &[15], none), added, UTC, &Options::default());
        assert_eq!(instants(table.occurrences(..)), [datetime!(1601-01-15 5:00 UTC)]);
        let table = Timetable::of_at(&at(5, once, &[], none), added, UTC, &Options::default());
        assert_eq!(instants(table.occurrences(..)), [datetime!(1601-01-01 5:00 UTC)]);
    }
    let late = AtInfo { job_time: 86_400_000, ..AtInfo::default() };
    let table = Timetable::of_at(&late, added, UTC, &Options::default());
    assert_eq!(
        reasons(&table),
        ["warning: Triggers[0]: invalid date or time, or outside the years 1601 to 9999"]
    );
}

/// The days of an AT job that runs once on each: any question, from any day on.
#[test]
fn the_days_of_an_at_job() {
    let added = datetime!(2024-01-03 4:00);
    let days: &[&[u8]] = &[&[], &[3], &[5, 6, 20], &[1, 2, 31], &[4, 9, 29]];
    let weeks = [AtDaysOfWeek(0), AtDaysOfWeek::WEDNESDAY, AtDaysOfWeek::MONDAY | AtDaysOfWeek::SUNDAY];
    for (days, week) in days.iter().flat_map(|days| weeks.map(|week| (days, week))) {
        let job = AtInfo {
            job_time: 5 * 3_600_000,
            days_of_month: job::DaysOfMonth::from_days(days.iter().copied()),
            days_of_week: week,
            ..AtInfo::default()
        };
        // By going through the days: each day of either mask, once.
        let mut expected = Vec::new();
        let (mut numbers, mut names) = (days.to_vec(), week.names().collect::<Vec<_>>());
        let mut day = added.date();
        while !numbers.is_empty() || !names.is_empty() || expected.is_empty() {
            let bare = days.is_empty() && week.0 == 0;
            let name = day.weekday().to_string();
            if bare || numbers.contains(&day.day()) || names.contains(&&*name) {
                expected.push(day.with_hms(5, 0, 0).unwrap().assume_utc());
            }
            numbers.retain(|number| *number != day.day());
            names.retain(|known| *known != name);
            day = day.next_day().unwrap();
        }
        let table = Timetable::of_at(&job, added, UTC, &Options::default());
        assert_eq!(instants(table.occurrences(..)), expected, "{job:?}");
        let mut backwards = instants(table.occurrences(..).rev());
        backwards.reverse();
        assert_eq!(backwards, expected, "{job:?}");
        for number in -2..80 {
            let at = datetime!(2024-01-03 5:00 UTC) + Duration::days(number);
            for at in [at - Duration::HOUR, at, at + Duration::HOUR] {
                let (past, rest): (Vec<_>, Vec<_>) = expected.iter().copied().partition(|run| *run < at);
                assert_eq!(instants(table.occurrences(at..)), rest, "{job:?} {at}");
                assert_eq!(table.count(at..), rest.len() as u64, "{job:?} {at}");
                assert_eq!(table.count(..at), past.len() as u64, "{job:?} {at}");
                assert_eq!(table.previous_before(at).map(|run| run.instant()), past.last().copied());
                let next = table.next_after(at).map(|run| run.instant());
                assert_eq!(next, rest.iter().copied().find(|run| *run > at), "{job:?} {at}");
            }
        }
    }
}

/// Years 1601 to 9999; beyond either end there are no runs, and nothing overflows.
#[test]
fn the_ends_of_time() {
    let (first, last) = (datetime!(1601-01-01 0:00 UTC), datetime!(9999-12-31 0:00 UTC));
    let forever = of(&daily("1601-01-01T00:00:00"));
    assert_eq!(
        forever.next_after(time::PrimitiveDateTime::MIN.assume_utc()).map(|r| r.instant()),
        Some(first)
    );
    assert_eq!(
        forever.previous_before(time::PrimitiveDateTime::MAX.assume_utc()).map(|r| r.instant()),
        Some(last)
    );
    assert_eq!(forever.next_after(last), None);
    assert_eq!(forever.previous_before(first), None);
    assert_eq!(forever.count(..), 3_067_671);
    assert_eq!(forever.occurrences(..).next_back().map(|r| r.instant()), Some(last));

    let minutes = Trigger {
        repetition: Some(Repetition::every("PT1M".parse().unwrap()).into()),
        ..Trigger::at("9999-12-31T23:58:30".parse().unwrap())
    };
    assert_eq!(of(&minutes).count(..), 2);
    // A clock ahead of UTC or behind it reaches the ends earlier or later, and nothing wraps.
    for hours in [-23, -12, 12, 23] {
        let zone = UtcOffset::from_hms(hours, 0, 0).unwrap();
        let table = Timetable::of_trigger(&daily("1601-01-01T00:00:00"), zone, &Options::default());
        let (first, last) =
            (table.occurrences(..).next().unwrap(), table.occurrences(..).next_back().unwrap());
        assert!(first.local().year() == 1601 && last.local().year() == 9999, "{hours}: {first:?} {last:?}");
        assert!(first.instant().year() == 1601 && last.instant().year() == 9999, "{hours}");
        assert_eq!(table.next_after(last.instant()), None);
        assert_eq!(table.previous_before(first.instant()), None);
    }
}

/// The first and the last instant that dates have, by clocks that are ahead of UTC and behind it.
#[test]
fn the_ends_of_dates() {
    let (first, last) = (time::PrimitiveDateTime::MIN, time::PrimitiveDateTime::MAX);
    let east = UtcOffset::from_hms(1, 0, 0).unwrap();
    let west = UtcOffset::from_hms(-1, 0, 0).unwrap();
    assert_eq!(Boundary::utc(first.assume_offset(east)), Boundary::utc(first.assume_utc()));
    assert_eq!(Boundary::utc(last.assume_offset(west)).civil(), Some(last));
    let ticks = Ticks::from_civil(first);
    assert_eq!(ticks.to_civil(), Some(first));
    assert_eq!(Ticks(ticks.0 - 1).to_civil(), None);
    let year_10000 = Ticks(Ticks::from_civil(datetime!(9999-12-31 0:00)).0 + 864_000_000_000);
    assert_eq!(year_10000.to_civil(), None);
}

/// A repetition that outlasts thousands of starts is not searched start by start, which would take an hour.
#[test]
fn long_repetitions() {
    let by = |schedule: Schedule, interval: &str, lasting: &str| {
        let repetition = Repetition::every(interval.parse().unwrap()).lasting(lasting.parse().unwrap());
        let start = "1700-01-01T02:00:00".parse().unwrap();
        of(&Trigger { repetition: Some(repetition.into()), ..Trigger::calendar(schedule, start) })
    };
    let (daily, weekly) = (Schedule::daily(1), Schedule::weekly(3, DaysOfWeek::ALL));
    for (interval, lasting) in
        [("PT44639M", "P3000000D"), ("PT1H", "P3000000D"), ("PT0.0000001S", "P99999999999D")]
    {
        for schedule in [&daily, &weekly] {
            let table = by(schedule.clone(), interval, lasting);
            let answer = scheduled_runtimes(&table, datetime!(9000-06-03 0:00 UTC).., u32::MAX);
            assert_eq!((answer.hresult, answer.occurrences.len()), (HResult::S_FALSE, 4096));
            assert_eq!(table.occurrences(..datetime!(9000-06-03 0:00 UTC)).rev().take(4096).count(), 4096);
        }
    }
    // Computed by hand: 31 runs a month apart from 31 starts are one a day, at the time of the start.
    let table = by(daily, "P31D", "P3000000D");
    let next = table.next_after(datetime!(9000-06-03 2:00 UTC)).map(|run| run.instant());
    assert_eq!(next, Some(datetime!(9000-06-04 2:00 UTC)));
}

/// Stated values may be as small or as large as the schema allows.
#[test]
fn absurd_repetitions() {
    let at = |interval: &str, lasting: &str| Trigger {
        repetition: Some(
            Repetition::every(interval.parse().unwrap()).lasting(lasting.parse().unwrap()).into(),
        ),
        ..Trigger::at("2024-01-03T02:00:00".parse().unwrap())
    };
    let start = datetime!(2024-01-03 2:00 UTC);
    // A tick, and more ticks than exist.
    let table = of(&at("PT0.0000001S", "P99999999999D"));
    assert_eq!(table.count(start..start + Duration::SECOND), 10_000_000);
    // Nothing comes before the start.
    let xp = Options::default().with_repetition_end(RepetitionEnd::Exclusive);
    let table = Timetable::of_trigger(&at("PT0.0000001S", "PT0S"), UTC, &xp);
    assert_eq!(instants(table.occurrences(..)), [start]);
    assert_eq!(instants(table.occurrences(..).rev()), [start]);
    // The end is before all years, and the clock is behind UTC.
    let west = UtcOffset::from_hms(-8, 0, 0).unwrap();
    let end_boundary = Some("-0001-01-01T00:00:00".parse().unwrap());
    let ended = Trigger { end_boundary, ..at("PT1H", "PT5H") };
    let table = Timetable::of_trigger(&ended, west, &Options::default());
    assert_eq!(reasons(&table), ["warning: Triggers[0]: no run within its boundaries"]);
}

/// The remainder is printed as a range that begins after the last run returned.
#[test]
fn occurrences_in_print() {
    let table = of(&daily("2024-01-03T02:00:00"));
    let mut runs = table.occurrences(datetime!(2024-01-01 0:00 UTC)..datetime!(2024-02-01 0:00 UTC));
    assert_eq!(format!("{runs:?}"), "2024-01-01 0:00:00.0 to 2024-01-31 23:59:59.9999999");
    assert_eq!(runs.nth(2).map(|run| run.instant()), Some(datetime!(2024-01-05 2:00 UTC)));
    assert_eq!(format!("{runs:?}"), "2024-01-05 2:00:00.0000001 to 2024-01-31 23:59:59.9999999");
}

/// What values look like in a debugger, and a finding's code: its name, in the house's form.
#[test]
fn names() {
    let options = Options::default();
    let run = of(&daily("2024-01-03T02:00:00")).next_after(datetime!(2024-01-01 0:00 UTC)).unwrap();
    let shown = "2024-01-03 2:00:00.0 +00:00:00 (local 2024-01-03 2:00:00.0, trigger 0)";
    assert_eq!(format!("{run:?}"), shown);
    assert!(format!("{:?}", Patterns::of_trigger(&daily("2024-01-03T02:00:00"), &options)).contains("Every"));
    for (trigger, code) in [
        (Trigger::new(TriggerKind::Idle), "schedule.not_timed"),
        (Trigger { start_boundary: None, ..daily("2024-01-03T02:00:00") }, "schedule.no_start"),
        (Trigger { enabled: Some(false), ..daily("2024-01-03T02:00:00") }, "schedule.disabled"),
    ] {
        let findings = Patterns::of_trigger(&trigger, &options).findings();
        assert_eq!(findings.iter().map(|finding| finding.kind().code()).collect::<Vec<_>>(), [code]);
    }
}

/// A task that never runs is recognised at once.
#[test]
fn findings() {
    let monthly = |days, months| {
        Trigger::calendar(Schedule::monthly(days, months), "2024-01-01T00:00:00".parse().unwrap())
    };
    let february_30 = monthly(DaysOfMonth::from_days([30]), Months::FEBRUARY);
    let no_weekday = Schedule::weekly(1, DaysOfWeek::default());
    let no_week = Schedule::monthly_day_of_week(Weeks::default(), DaysOfWeek::MONDAY, Months::ALL);
    let start = "2024-01-01T00:00:00";
    let calendar = |schedule| Trigger::calendar(schedule, start.parse().unwrap());
    let every = |interval: &str| Some(Repetition::every(interval.parse().unwrap()));
    let rows = [
        (february_30, vec![FindingKind::NoSuchDay]),
        (calendar(no_weekday), vec![FindingKind::NoSuchDay]),
        (calendar(no_week), vec![FindingKind::NoSuchDay]),
        (calendar(Schedule::daily(0)), vec![FindingKind::NoSuchDay]),
        (Trigger { start_boundary: None, ..daily(start) }, vec![FindingKind::NoStart]),
        (daily("12024-01-01T00:00:00"), vec![FindingKind::OutOfRange]),
        (daily("1600-01-01T00:00:00"), vec![]),
        (Trigger::at("1600-12-31T00:00:00".parse().unwrap()), vec![FindingKind::EndsFirst]),
        (Trigger::at("9999-12-31T23:59:59-14:00".parse().unwrap()), vec![FindingKind::EndsFirst]),
        (
            Trigger { end_boundary: Some("2023-01-01T00:00:00".parse().unwrap()), ..daily(start) },
            vec![FindingKind::EndsFirst],
        ),
        (Trigger { enabled: Some(false), ..daily(start) }, vec![FindingKind::Disabled]),
        (Trigger::new(TriggerKind::Idle), vec![FindingKind::NotTimed]),
        (Trigger { repetition: every("P1M").map(Box::new), ..daily(start) }, vec![FindingKind::Repetition]),
        (Trigger { repetition: every("PT0S").map(Box::new), ..daily(start) }, vec![FindingKind::Repetition]),
        (
            Trigger {
                kind: TriggerKind::Calendar {
                    random_delay: Some("P1Y".parse().unwrap()),
                    schedule: Schedule::daily(1),
                },
                ..daily(start)
            },
            vec![FindingKind::RandomDelay],
        ),
        (daily(start), vec![]),
    ];
    for (trigger, expected) in rows {
        let table = of(&trigger);
        let findings: Vec<_> = table.findings().into_iter().map(|finding| *finding.kind()).collect();
        assert_eq!(findings, expected, "{trigger:?}");
        let silent = [FindingKind::Repetition, FindingKind::RandomDelay];
        let runs = expected.iter().all(|finding| silent.contains(finding));
        assert_eq!(table.next_after(datetime!(1601-01-01 0:00 UTC)).is_some(), runs, "{trigger:?}");
    }
    let disabled = Task {
        triggers: vec![daily(start)],
        settings: Settings { enabled: Some(false), ..Settings::default() },
        ..Task::new(Exec::new("a"))
    };
    let table = Timetable::of_task(&disabled, UTC, &Options::default());
    assert_eq!(reasons(&table), ["info: Triggers[0]: the task is disabled"]);
    assert_eq!(table.occurrences(..).next(), None);
}

/// 2.5.3.5: the delay is a range, from which the caller chooses.
#[test]
fn random_delays_are_ranges() {
    let kind = TriggerKind::Time { random_delay: Some("PT30M".parse().unwrap()) };
    let trigger = Trigger { kind, ..Trigger::at("2024-01-03T02:00:00".parse().unwrap()) };
    let runs: Vec<_> = of(&trigger).occurrences(..).collect();
    assert_eq!(runs[0].random_delay(), std::time::Duration::from_secs(1800));
    assert_eq!(runs[0].instant(), datetime!(2024-01-03 2:00 UTC));
}

/// Instants below a tick are compared as they are.
#[test]
fn nanoseconds() {
    let table = of(&Trigger::at("2024-01-03T02:00:00".parse().unwrap()));
    let at = datetime!(2024-01-03 2:00 UTC);
    let just = Duration::nanoseconds(1);
    assert!(table.next_after(at - just).is_some() && table.next_after(at).is_none());
    assert!(table.previous_before(at + just).is_some() && table.previous_before(at).is_none());
    assert_eq!(table.count(at..at + just), 1);
    assert_eq!(table.count(at..at), 0);
    assert_eq!(table.count(at + just..), 0);
    assert_eq!(table.count(..=at), 1);
    assert_eq!(table.count(at - just..at), 0);
    assert_eq!(table.triggers_at(at + just).count(), 0);
}

/// An end by another clock, before the calendar, and after it (XML Schema Part 2, 3.2.7: a dateTime says by which clock it
/// is).
#[test]
fn ends_of_any_kind() {
    let count = |start: &str, end: &str| {
        let end_boundary = Some(end.parse().unwrap());
        let trigger =
            Trigger { end_boundary, ..Trigger::calendar(Schedule::daily(1), start.parse().unwrap()) };
        let table = Timetable::of_trigger(&trigger, UTC, &Options::default());
        table.count(..datetime!(2024-01-11 0:00 UTC))
    };
    let noon = "2024-01-01T12:00:00";
    assert_eq!(count(noon, "2024-01-03T14:00:00+02:00"), 3);
    assert_eq!(count(noon, "2024-01-03T13:59:59+02:00"), 2);
    assert_eq!(count(noon, "2024-01-03T10:00:00-02:00"), 3);
    assert_eq!(count(noon, "2024-01-03T09:59:59-02:00"), 2);
    assert_eq!(count(noon, "10000-01-01T00:00:00"), 10);
    // From the calendar's first instant on.
    assert_eq!(count("1601-01-01T00:00:00", "-0001-01-01T00:00:00"), 0);
    assert_eq!(count("1601-01-01T00:00:00", "1601-01-01T00:00:00"), 1);
}
