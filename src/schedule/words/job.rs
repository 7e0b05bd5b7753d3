//! Jobs and their triggers in words.

use super::{finish, happening, phrase};
use crate::{
    definition::TriggerKind,
    job::{self, Job, JobDate, JobFlags, TriggerFlags},
};

/// Describes the task of a .JOB file: its triggers, and whether it is disabled.
#[must_use]
pub fn job(job: &Job) -> String {
    let sentences: Vec<String> = job.triggers.iter().map(job_trigger).collect();
    let text = if sentences.is_empty() { "Only on demand".to_owned() } else { sentences.join(". ") };
    finish(text, job.flags.contains(JobFlags::DISABLED), ". The task is disabled")
}

/// Describes what the task of a .JOB file runs, on one line: the command line.
///
/// ```
/// use wintask::{job::Job, schedule::words};
///
/// let mut job = Job::new(uuid::Uuid::nil(), r"C:\Tools\backup.exe");
/// job.parameters = Some("/full".into());
/// assert_eq!(words::job_action(&job), r"C:\Tools\backup.exe /full");
/// ```
#[must_use]
pub fn job_action(job: &Job) -> String {
    let parameters = job.parameters.as_ref().map(ToString::to_string).filter(|text| !text.is_empty());
    let program = job.application_name.to_string();
    phrase::one_line(&parameters.map_or_else(|| program.clone(), |text| format!("{program} {text}")))
}

/// Describes a trigger of a .JOB file.
///
/// ```
/// use wintask::{job::{JobDate, Schedule, Trigger}, schedule::words};
///
/// let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2003, 5, 1), 8, 30);
/// assert_eq!(words::job_trigger(&daily), "At 08:30 every day, from 1 May 2003");
/// ```
#[must_use]
pub fn job_trigger(trigger: &job::Trigger) -> String {
    let time = format!("{:02}:{:02}", trigger.start_hour, trigger.start_minute);
    let from = job_date(trigger.begin);
    let days = match trigger.schedule {
        job::Schedule::Once => None,
        job::Schedule::Daily { days_interval } => Some(phrase::every(days_interval.into(), "day")),
        job::Schedule::Weekly { weeks_interval, days_of_week } => {
            Some(phrase::weekly(weeks_interval.into(), days_of_week.names()))
        }
        job::Schedule::MonthlyDate { days, months } => {
            Some(phrase::monthly(days.days(), false, months.names()))
        }
        job::Schedule::MonthlyDayOfWeek { which_week, days_of_week, months } => {
            let week = phrase::week(&which_week.0.to_string());
            Some(phrase::monthly_weekdays(std::iter::once(week), days_of_week.names(), months.names()))
        }
        job::Schedule::OnIdle => Some(happening(&TriggerKind::Idle)),
        job::Schedule::AtSystemStart => Some(happening(&TriggerKind::Boot { delay: None })),
        job::Schedule::AtLogon => Some(happening(&TriggerKind::Logon { user_id: None, delay: None })),
        job::Schedule::Unknown { trigger_type, .. } => {
            Some(format!("On a trigger of unknown type {trigger_type}"))
        }
    };
    let mut text = match days {
        None => format!("Once, on {from} at {time}"),
        Some(days) if trigger.schedule.is_timed() => format!("At {time} {days}, from {from}"),
        Some(event) => format!("{event}, from {from}"),
    };
    if let Some(end) = trigger.end {
        text += &format!(" until {}", job_date(end));
    }
    if trigger.minutes_interval > 0 && trigger.minutes_duration > 0 {
        let minutes = |minutes: u32| phrase::seconds(u64::from(minutes) * 60, 0);
        let (interval, duration) = (minutes(trigger.minutes_interval), minutes(trigger.minutes_duration));
        text += &format!("; then {} for {duration}", phrase::every_span(&interval));
        // The flag is often set without an interval, and then has no meaning.
        if trigger.flags.contains(TriggerFlags::KILL_AT_DURATION_END) {
            text += phrase::STOPPED;
        }
    }
    finish(text, trigger.is_disabled(), " (disabled)")
}

fn job_date(date: JobDate) -> String {
    date.to_date().map_or_else(|| date.to_string(), phrase::date)
}
