//! The .JOB file ([MS-TSCH] 2.4).

mod carve;
pub(crate) mod properties;
mod recover;
mod validate;
mod write;

use uuid::Uuid;
use wintask::job::{DaysOfMonth, DaysOfWeek, Months};
use wintask::job::{Job, JobDate, JobFlags, Schedule, Trigger, WhichWeek};

/// A job with every part: five strings, user data of odd size, one trigger of each type.
pub(crate) fn full_job() -> Job {
    let begin = JobDate::new(2024, 1, 3);
    let schedules = [
        Schedule::Once,
        Schedule::Daily { days_interval: 2 },
        Schedule::Weekly { weeks_interval: 2, days_of_week: DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY },
        Schedule::MonthlyDate {
            days: DaysOfMonth::from_days([1, 31]),
            months: Months::JANUARY | Months::JULY,
        },
        Schedule::MonthlyDayOfWeek {
            which_week: WhichWeek::LAST,
            days_of_week: DaysOfWeek::SUNDAY,
            months: Months(0xFFF),
        },
        Schedule::OnIdle,
        Schedule::AtSystemStart,
        Schedule::AtLogon,
    ];
    let job = Job::new(Uuid::from_u128(0x0df2cfeb_5293_41e9_a45e_733720c2e1fa), r"C:\Tools\backup.exe")
        .with_parameters("/full /quiet")
        .with_working_directory(r"C:\Tools")
        .with_author(r"CONTOSO\alice")
        .with_comment("Saves everything.\r\nTwice.")
        .with_flags(JobFlags::DELETE_WHEN_DONE);
    let job = Job { user_data: vec![1, 2, 3, 4, 5], ..job };
    schedules.into_iter().fold(job, |job, schedule| {
        let end = matches!(schedule, Schedule::Daily { .. }).then(|| JobDate::new(2030, 12, 31));
        let repeated = matches!(schedule, Schedule::Weekly { .. });
        let (minutes_interval, minutes_duration) = if repeated { (15, 60) } else { (0, 0) };
        let trigger = Trigger::new(schedule, begin, 2, 30);
        job.with_trigger(Trigger { end, minutes_interval, minutes_duration, ..trigger })
    })
}
