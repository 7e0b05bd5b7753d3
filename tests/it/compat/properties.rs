//! Properties over generated jobs, definitions and AT jobs: the oracles of the fuzz target `compat`.

use crate::{job::properties as jobs, oracles::compat, xml::properties as tasks};
use proptest::{collection::vec, option, prelude::*};
use time::{Duration, PrimitiveDateTime, macros::datetime};
use wintask::{
    definition::*,
    dtyp::WideString,
    job::{self, Job, JobDate, JobFlags, MaxRunTime, Priority, ProductVersion},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
    time::{Boundary, XsDuration},
};

/// Jobs whose schedules a definition can express, with future dates.
fn plausible_job() -> impl Strategy<Value = Job> {
    let schedule = prop_oneof![
        Just(job::Schedule::Once),
        (1..20u16).prop_map(|days_interval| job::Schedule::Daily { days_interval }),
        (1..5u16, 1..128u16).prop_map(|(weeks_interval, days)| job::Schedule::Weekly {
            weeks_interval,
            days_of_week: job::DaysOfWeek(days),
        }),
        (1..0x8000_0000u32, 1..0x1000u16).prop_map(|(days, months)| job::Schedule::MonthlyDate {
            days: job::DaysOfMonth(days),
            months: job::Months(months),
        }),
        (1..=5u16, 1..128u16, 1..0x1000u16).prop_map(|(week, days, months)| {
            job::Schedule::MonthlyDayOfWeek {
                which_week: job::WhichWeek(week),
                days_of_week: job::DaysOfWeek(days),
                months: job::Months(months),
            }
        }),
        Just(job::Schedule::OnIdle),
        Just(job::Schedule::AtSystemStart),
        Just(job::Schedule::AtLogon),
    ];
    let date = || (1985..2060u16, 1..=12u16, 1..=28u16).prop_map(|(y, m, d)| JobDate::new(y, m, d));
    let repetition = prop_oneof![Just((0, 0)), (1..1000u32, 0..3000u32)];
    let trigger = (schedule, date(), option::of(date()), 0..24u16, 0..60u16, repetition, 0..8u32);
    let trigger =
        trigger.prop_map(|(schedule, begin, end, hour, minute, (interval, duration), flags)| job::Trigger {
            end,
            minutes_interval: interval,
            minutes_duration: if duration == 0 || duration > interval {
                duration.max(interval + 1)
            } else {
                duration + interval
            },
            flags: job::TriggerFlags(flags & !1),
            ..job::Trigger::new(schedule, begin, hour, minute)
        });
    let versions = [ProductVersion::WINDOWS_XP, ProductVersion::WINDOWS_7, ProductVersion::WINDOWS_10];
    let words = (0..3usize, 0..4usize, 0..0x4000u32, any::<u32>(), 0..500u16, 0..500u16, any::<u128>());
    (vec(trigger, 0..4), words).prop_map(
        move |(triggers, (version, class, flags, limit, wait, deadline, uuid))| {
            let classes = [Priority::NORMAL, Priority::IDLE, Priority::HIGH, Priority::REALTIME];
            let mut job = Job {
                product_version: versions[version],
                priority: classes[class],
                maximum_run_time: MaxRunTime(limit),
                idle_wait: wait,
                idle_deadline: deadline,
                triggers,
                ..Job::new(uuid::Uuid::from_u128(uuid), "a.exe").with_flags(JobFlags(flags))
            };
            job.settle_status();
            job
        },
    )
}

/// Definitions that version 1 can mostly express.
pub(crate) fn plausible_task() -> impl Strategy<Value = Task> {
    let boundary = || {
        let parts = (1985..2060u16, 1..=12u8, 1..=28u8, 0..24u8, 0..60u8);
        let tails =
            prop_oneof![8 => Just(":00"), 1 => Just(":30"), 1 => Just(":00Z"), 1 => Just(":00-05:00")];
        (parts, tails).prop_map(|((y, m, d, h, min), tail)| {
            format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}{tail}").parse::<Boundary>().unwrap()
        })
    };
    let schedule = || {
        prop_oneof![
            option::of(1..=365u16)
                .prop_map(|days_interval| Schedule::Day { days_interval, extra: Extra::default() }),
            (1..=52u8, 1..128u8).prop_map(|(n, days)| Schedule::weekly(n, DaysOfWeek::from_bits(days))),
            (1..0x8000_0000u32, option::of(1..0x1000u16)).prop_map(|(days, months)| Schedule::Month {
                days_of_month: DaysOfMonth::from_bits(days),
                months: months.map(Months::from_bits),
                extra: Extra::default(),
            }),
            (1..32u8, 1..128u8, 1..0x1000u16).prop_map(|(weeks, days, months)| {
                let (weeks, days) = (Weeks::from_bits(weeks), DaysOfWeek::from_bits(days));
                Schedule::monthly_day_of_week(weeks, days, Months::from_bits(months))
            }),
        ]
    };
    let kind = prop_oneof![
        Just(TriggerKind::Boot { delay: None }),
        Just(TriggerKind::Idle),
        Just(TriggerKind::Logon { user_id: None, delay: None }),
        Just(TriggerKind::Time { random_delay: None }),
        schedule().prop_map(|schedule| TriggerKind::Calendar { random_delay: None, schedule }),
        schedule().prop_map(|schedule| TriggerKind::Calendar { random_delay: None, schedule }),
    ];
    let repetition =
        (1..1000u32, 1..3000u32, option::of(any::<bool>())).prop_map(|(interval, more, stop)| Repetition {
            stop_at_duration_end: stop,
            ..Repetition::every(XsDuration::from_minutes(interval))
                .lasting(XsDuration::from_minutes(interval + more))
        });
    let trigger = (
        kind,
        boundary(),
        option::of(boundary()),
        option::of(repetition),
        option::of(any::<bool>()),
        any::<bool>(),
    );
    let trigger = trigger.prop_map(|(kind, start, end, repetition, enabled, stated)| Trigger {
        start_boundary: Some(start).filter(|_| stated || kind.is_timed()),
        end_boundary: end,
        repetition: repetition.map(Box::new),
        enabled,
        ..Trigger::new(kind)
    });
    let durations = || option::of((60..90_000u32).prop_map(XsDuration::from_seconds));
    let flags = proptest::array::uniform9(option::of(any::<bool>()));
    let principal = option::of((0..5usize, option::of(0..3usize)));
    let settings =
        (flags, option::of(0..=10u8), durations(), durations(), durations(), any::<bool>(), any::<bool>());
    let texts = proptest::array::uniform5(option::of("[ -~é日]{1,20}"));
    (vec(trigger, 0..4), settings, principal, texts).prop_map(|(triggers, settings, principal, texts)| {
        let (flags, priority, limit, duration, wait_timeout, has_idle, done) = settings;
        let [a, b, c, d, e, f, g, h, i] = flags;
        let idle = IdleSettings {
            duration,
            wait_timeout,
            stop_on_idle_end: a,
            restart_on_idle: b,
            ..IdleSettings::default()
        };
        let [arguments, working_directory, author, description, source] = texts;
        let principals = principal.map(|(user, logon)| {
            let users =
                ["S-1-5-18", "LocalSystem", "SYSTEM", r"CONTOSO\alice", r"NT AUTHORITY\LOCAL SERVICE"];
            let logons =
                [LogonType::Password, LogonType::InteractiveToken, LogonType::InteractiveTokenOrPassword];
            let logon_type = logon.map(|logon| logons[logon]);
            Principal { logon_type, ..Principal::user(users[user]).with_id("Author") }
        });
        let ends = triggers.iter().any(|trigger: &Trigger| trigger.end_boundary.is_some());
        Task {
            version: Some(SchemaVersion::V1_1),
            registration_info: RegistrationInfo {
                author,
                description,
                source,
                ..RegistrationInfo::default()
            },
            triggers,
            settings: Settings {
                idle_settings: Some(idle).filter(|_| has_idle),
                priority,
                execution_time_limit: limit,
                disallow_start_if_on_batteries: c,
                stop_if_going_on_batteries: d,
                run_only_if_network_available: e,
                wake_to_run: f,
                enabled: g,
                hidden: h,
                run_only_if_idle: i,
                delete_expired_task_after: Some(XsDuration::from_seconds(0)).filter(|_| done && ends),
                ..Settings::default()
            },
            actions: Actions {
                context: principals.as_ref().map(|_| "Author".into()),
                list: vec![Action::Exec(Exec { arguments, working_directory, ..Exec::new("a.exe") })],
                ..Actions::default()
            },
            principals: principals.into_iter().collect(),
            ..Task::default()
        }
    })
}

fn at() -> impl Strategy<Value = (AtInfo, PrimitiveDateTime)> {
    let mask = prop_oneof![Just(0), (0..31u32).prop_map(|n| 1 << n), 0..0x8000_0000u32];
    let command =
        prop_oneof!["[a-z.]{1,9}( [/a-z]{0,9}){0,3}", "\"[a-z. ]{1,9}\"( [/a-z]{0,9}){0,3}", "[ -~]{1,30}",];
    let time = prop_oneof![(0..1440u32).prop_map(|minutes| minutes * 60_000), 0..86_400_000u32];
    let parts = (time, mask, prop_oneof![Just(0), 0..128u8], 0..32u8, command, 0..1440 * 3000i64);
    parts.prop_map(|(job_time, days, days_of_week, flags, command, minutes)| {
        let at = AtInfo {
            job_time,
            days_of_month: job::DaysOfMonth(days),
            days_of_week: AtDaysOfWeek(days_of_week),
            flags: AtFlags(flags),
            command: Some(WideString::from(command.as_str())),
        };
        (at, datetime!(2020-01-01 00:00) + Duration::minutes(minutes))
    })
}

proptest! {
    #[test]
    fn any_job_comes_back_equal_but_for_what_is_reported(job in jobs::job()) {
        compat::job_holds(&job);
    }

    #[test]
    fn a_plausible_job_comes_back_equal_but_for_what_is_reported(job in plausible_job()) {
        compat::job_holds(&job);
    }

    #[test]
    fn any_task_comes_back_equal_but_for_what_is_reported(task in tasks::task()) {
        compat::task_holds(&task);
    }

    #[test]
    fn a_plausible_task_comes_back_equal_but_for_what_is_reported(task in plausible_task()) {
        compat::task_holds(&task);
    }

    #[test]
    fn an_at_job_comes_back_equal_but_for_what_is_reported((at, added) in at()) {
        compat::at_holds(&at, added);
    }
}
