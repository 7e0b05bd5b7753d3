//! Properties over generated jobs and bytes.

use crate::oracles;
use proptest::{collection::vec, option, prelude::*};
use uuid::Uuid;
use wintask::{
    dtyp::{HResult, SystemTime, WideString},
    job::{
        DaysOfMonth, DaysOfWeek, Job, JobDate, JobFlags, MaxRunTime, Months, Priority, ProductVersion,
        RawJob, Schedule, TaskReserved, Trigger, TriggerFlags, WhichWeek,
    },
};

/// Any units, including lone surrogates and NULs.
fn text(most: usize) -> impl Strategy<Value = WideString> {
    prop_oneof![
        vec(prop_oneof![Just(0), 0x20..0x7Fu16, 0xD800..0xE000u16, any::<u16>()], 0..most)
            .prop_map(WideString::from),
        "[ -~]{0,30}".prop_map(WideString::from),
    ]
}

fn schedule() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        Just(Schedule::Once),
        any::<u16>().prop_map(|days_interval| Schedule::Daily { days_interval }),
        (any::<u16>(), any::<u16>()).prop_map(|(weeks_interval, days)| Schedule::Weekly {
            weeks_interval,
            days_of_week: DaysOfWeek(days)
        }),
        (0..=0x7FFF_FFFFu32, any::<u16>()).prop_map(|(days, months)| Schedule::MonthlyDate {
            days: DaysOfMonth(days),
            months: Months(months)
        }),
        (1..=5u16, any::<u16>(), any::<u16>()).prop_map(|(week, days, months)| Schedule::MonthlyDayOfWeek {
            which_week: WhichWeek(week),
            days_of_week: DaysOfWeek(days),
            months: Months(months),
        }),
        Just(Schedule::OnIdle),
        Just(Schedule::AtSystemStart),
        Just(Schedule::AtLogon),
    ]
}

fn date() -> impl Strategy<Value = JobDate> {
    (1601..=9999u16, 1..=12u16, 1..=28u16).prop_map(|(y, m, d)| JobDate::new(y, m, d))
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let repetition =
        prop_oneof![Just((0, 0)), any::<u32>().prop_map(|d| (0, d)), (1..1000u32, 1000..=u32::MAX)];
    let flags = any::<u32>().prop_map(|bits| TriggerFlags(bits).without(TriggerFlags::HAS_END_DATE));
    (schedule(), date(), option::of(date()), 0..24u16, 0..60u16, repetition, flags).prop_map(
        |(schedule, begin, end, hour, minute, (minutes_interval, minutes_duration), flags)| Trigger {
            end,
            minutes_interval,
            minutes_duration,
            flags,
            ..Trigger::new(schedule, begin, hour, minute)
        },
    )
}

prop_compose! {
    fn header()(
        words in any::<[u16; 6]>(),
        longs in any::<[u32; 5]>(),
        last_run in option::of(any::<[u8; 16]>()),
        reserved in option::of(any::<[u32; 2]>()),
        uuid in any::<u128>(),
    ) -> Job {
        Job {
            product_version: ProductVersion(words[0]),
            error_retry_count: words[1],
            error_retry_interval: words[2],
            idle_deadline: words[3],
            idle_wait: words[4],
            running_instances: words[5],
            priority: Priority(longs[0]),
            maximum_run_time: MaxRunTime(longs[1]),
            exit_code: longs[2],
            status: HResult(longs[3]),
            flags: JobFlags(longs[4]),
            last_run: last_run.map(SystemTime::from_wire).filter(|t| !t.is_none()),
            reserved: reserved.map(|[start_error, task_flags]| TaskReserved {
                start_error: HResult(start_error),
                task_flags,
            }),
            ..Job::new(Uuid::from_u128(uuid), "")
        }
    }
}

pub(crate) fn job() -> impl Strategy<Value = Job> {
    let strings =
        (text(260), [option::of(text(80)), option::of(text(80)), option::of(text(80)), option::of(text(80))]);
    (header(), strings, vec(any::<u8>(), 0..50), vec(trigger(), 0..5)).prop_map(
        |(
            header,
            (application_name, [parameters, working_directory, author, comment]),
            user_data,
            triggers,
        )| Job {
            application_name,
            parameters,
            working_directory,
            author,
            comment,
            user_data,
            triggers,
            ..header
        },
    )
}

proptest! {
    #[test]
    fn any_job_reads_back_equal(job in job()) {
        let bytes = job.to_bytes().unwrap();
        prop_assert_eq!(&Job::parse(&bytes).unwrap(), &job);
        prop_assert_eq!(&RawJob::parse(&bytes).unwrap().to_bytes().unwrap(), &bytes);
        let json = serde_json::to_string(&job).unwrap();
        prop_assert_eq!(serde_json::from_str::<Job>(&json).unwrap(), job);
    }

    /// The oracles of the fuzz targets, on damaged files: a few bytes overwritten, a stretch removed or inserted.
    #[test]
    fn damaged_files(
        job in job(),
        writes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in option::of((any::<prop::sample::Index>(), 0..20usize)),
        insert in option::of((any::<prop::sample::Index>(), vec(any::<u8>(), 1..80))),
    ) {
        let mut bytes = job.to_bytes().unwrap();
        for (at, value) in writes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some((at, size)) = cut {
            let at = at.index(bytes.len());
            let end = (at + size).min(bytes.len());
            bytes.drain(at..end);
        }
        if let Some((at, new)) = insert {
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..at, new);
        }
        for (_, oracle) in oracles::ALL.iter().filter(|(name, _)| name.starts_with("job_")) {
            oracle(&bytes);
        }
    }

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..2000)) {
        for (_, oracle) in oracles::ALL.iter().filter(|(name, _)| name.starts_with("job_")) {
            oracle(&bytes);
        }
    }
}

#[test]
fn truncation_at_every_length() {
    let bytes = super::full_job().to_bytes().unwrap();
    for length in 0..bytes.len() {
        let cut = &bytes[..length];
        let error = Job::parse(cut).expect_err("a part is missing");
        assert!(error.place().span().unwrap().end <= length, "{length}: {error}");
        for (_, oracle) in oracles::ALL.iter().filter(|(name, _)| name.starts_with("job_")) {
            oracle(cut);
        }
    }
}
