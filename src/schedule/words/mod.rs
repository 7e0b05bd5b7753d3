//! Triggers and tasks in plain words: one fixed English wording, made only from what is stated.
//!
//! ```
//! use wintask::{definition::{DaysOfWeek, Repetition, Schedule, Trigger}, schedule::words};
//!
//! let fortnightly = Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY);
//! let repetition = Repetition::every("PT15M".parse()?).lasting("PT1H".parse()?);
//! let trigger = Trigger {
//!     repetition: Some(repetition),
//!     ..Trigger::calendar(fortnightly, "2024-01-03T02:00:00".parse()?)
//! };
//! assert_eq!(
//!     words::trigger(&trigger),
//!     "At 02:00 every 2 weeks on Monday and Friday, from 3 Jan 2024; then every 15 minutes for 1 hour"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod phrase;

use crate::{
    definition::{
        EventTrigger, Months, Schedule, SessionStateChange, SessionStateChangeTrigger, Task, Trigger,
        TriggerKind, UnknownElement,
    },
    job::{self, Job, JobDate, JobFlags, TriggerFlags},
    rpc::atsvc::{AtFlags, AtInfo},
    time::XsDuration,
};

/// Describes a task: its triggers, its automatic maintenance, and whether it is disabled.
///
/// ```
/// use wintask::{definition::{Exec, Task, Trigger, TriggerKind}, schedule::words};
///
/// let boot = TriggerKind::Boot { delay: Some("PT30S".parse()?) };
/// let task = Task { triggers: vec![Trigger::new(boot)], ..Task::new(Exec::new("a.exe")) };
/// assert_eq!(words::task(&task), "30 seconds after the system starts");
/// assert_eq!(words::task(&Task::new(Exec::new("a.exe"))), "Only on demand");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn task(task: &Task) -> String {
    let settings = &task.settings;
    let mut sentences: Vec<String> = task.triggers.iter().map(trigger).collect();
    if let Some(maintenance) = &settings.maintenance_settings {
        let mut sentence = format!("In automatic maintenance every {}", duration(&maintenance.period));
        if let Some(deadline) = &maintenance.deadline {
            sentence += &format!(", at the latest after {}", duration(deadline));
        }
        sentences.push(sentence);
    }
    if sentences.is_empty() {
        let never = settings.allow_start_on_demand == Some(false);
        sentences.push(if never { "Never" } else { "Only on demand" }.to_owned());
    }
    finish(sentences.join(". "), settings.enabled == Some(false), ". The task is disabled")
}

/// Describes the task of a .JOB file: its triggers, and whether it is disabled.
#[must_use]
pub fn job(job: &Job) -> String {
    let sentences: Vec<String> = job.triggers.iter().map(job_trigger).collect();
    let text = if sentences.is_empty() { "Only on demand".to_owned() } else { sentences.join(". ") };
    finish(text, job.flags.contains(JobFlags::DISABLED), ". The task is disabled")
}

/// Describes a trigger of a task definition.
#[must_use]
pub fn trigger(trigger: &Trigger) -> String {
    let mut text = match &trigger.kind {
        TriggerKind::Time { .. } => match &trigger.start_boundary {
            Some(start) => format!("Once, on {}", phrase::boundary(start)),
            None => "Once, at no stated time".to_owned(),
        },
        TriggerKind::Calendar { schedule, .. } => match &trigger.start_boundary {
            Some(start) => {
                let (time, date) = (phrase::boundary_time(start), phrase::boundary_date(start));
                format!("At {time} {}, from {date}", days(schedule))
            }
            None => format!("At no stated time {}", days(schedule)),
        },
        kind => {
            let start = trigger.start_boundary.as_ref();
            happening(kind) + &start.map_or_else(String::new, |s| format!(", from {}", phrase::boundary(s)))
        }
    };
    if let Some(end) = &trigger.end_boundary {
        text += &format!(" until {}", phrase::boundary(end));
    }
    if let TriggerKind::Time { random_delay: Some(delay) }
    | TriggerKind::Calendar { random_delay: Some(delay), .. } = &trigger.kind
    {
        text += &format!(", up to {} later at random", duration(delay));
    }
    if let Some(repetition) = &trigger.repetition {
        text += &format!("; then every {}", duration(&repetition.interval));
        text += &match &repetition.duration {
            Some(lasting) => format!(" for {}", duration(lasting)),
            None => " indefinitely".to_owned(),
        };
        // An indefinite repetition has no end.
        if repetition.stop_at_duration_end == Some(true) && repetition.duration.is_some() {
            text += ", stopped at the end of it";
        }
    }
    finish(text, trigger.enabled == Some(false), " (disabled)")
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
            Some(format!("By a trigger of unknown type {trigger_type}"))
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
        text += &format!("; then every {interval} for {duration}");
        // The flag is often set without an interval as well, and then has no meaning.
        if trigger.flags.contains(TriggerFlags::KILL_AT_DURATION_END) {
            text += ", stopped at the end of it";
        }
    }
    finish(text, trigger.is_disabled(), " (disabled)")
}

/// Describes an AT job.
///
/// ```
/// use wintask::{rpc::atsvc::{AtDaysOfWeek, AtInfo}, schedule::words};
///
/// let job = AtInfo { job_time: 12_600_000, days_of_week: AtDaysOfWeek::TUESDAY, ..AtInfo::default() };
/// assert_eq!(words::at(&job), "At 03:30 on the next Tuesday");
/// ```
#[must_use]
pub fn at(at: &AtInfo) -> String {
    let periodic = at.flags.contains(AtFlags::RUN_PERIODICALLY);
    let today = if periodic { "the day of each month" } else { "the day" };
    let today =
        at.flags.contains(AtFlags::ADD_CURRENT_DATE).then(|| format!("on {today} on which it is added"));
    let article = if periodic { "every" } else { "the next" };
    let week = phrase::list(at.days_of_week.names()).map(|days| format!("on {article} {days}"));
    let numbered = phrase::list(at.days_of_month.days().map(phrase::ordinal));
    let month = numbered.map(|days| format!("on {article} {days} of a month"));
    let days = phrase::list([today, week, month].into_iter().flatten());
    let (seconds, millis) = (at.job_time / 1000, at.job_time % 1000);
    let (hour, minute) = ((seconds / 3600) as u8, (seconds / 60 % 60) as u8);
    let time = match time::Time::from_hms_milli(hour, minute, (seconds % 60) as u8, millis as u16) {
        Ok(time) => phrase::time_of_day(time),
        Err(_) => format!("{} ms after midnight", at.job_time),
    };
    format!("At {time} {}", days.unwrap_or_else(|| "once, when that time comes next".to_owned()))
}

/// Describes a duration: "1 hour 30 minutes". One with months, or below zero, is shown as stated.
///
/// ```
/// assert_eq!(wintask::schedule::words::duration(&"PT90M".parse()?), "1 hour 30 minutes");
/// # Ok::<(), wintask::time::InvalidDuration>(())
/// ```
#[must_use]
pub fn duration(duration: &XsDuration) -> String {
    match duration.to_seconds() {
        Some(whole) => phrase::seconds(whole, duration.subsec_nanos()),
        None => duration.as_str().to_owned(),
    }
}

/// The days of a calendar trigger.
fn days(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Day { days_interval, .. } => phrase::every(days_interval.unwrap_or(1).into(), "day"),
        Schedule::Week { weeks_interval, days_of_week, .. } => {
            phrase::weekly(weeks_interval.unwrap_or(1).into(), days_of_week.names())
        }
        Schedule::Month { days_of_month, months, .. } => {
            let months = months.unwrap_or(Months::ALL);
            phrase::monthly(days_of_month.days(), days_of_month.has_last(), months.names())
        }
        Schedule::MonthDayOfWeek { weeks, days_of_week, months, .. } => {
            let (weeks, months) = (weeks.names().map(phrase::week), months.unwrap_or(Months::ALL));
            phrase::monthly_weekdays(weeks, days_of_week.names(), months.names())
        }
    }
}

/// The event that a trigger waits for, if it is not time-based.
fn happening(kind: &TriggerKind) -> String {
    match kind {
        TriggerKind::Boot { delay } => after(delay.as_ref(), "the system starts"),
        TriggerKind::Registration { delay } => after(delay.as_ref(), "the task is registered"),
        TriggerKind::Logon { user_id, delay } => {
            after(delay.as_ref(), &format!("{} logs on", user_id.as_deref().unwrap_or("any user")))
        }
        TriggerKind::Event(event) => after(event.delay.as_ref(), &logged(event)),
        TriggerKind::SessionStateChange(change) => after(change.delay.as_ref(), &session(change)),
        TriggerKind::WnfStateChange(change) => {
            after(change.delay.as_ref(), &format!("the notification state {} changes", change.state_name))
        }
        TriggerKind::Idle => after(None, "the computer becomes idle"),
        TriggerKind::Unknown(element) => format!("By an unknown trigger, {}", name_of(element)),
        TriggerKind::Time { .. } | TriggerKind::Calendar { .. } => "By the clock".to_owned(),
    }
}

/// "When it happens", "5 minutes after it happens".
fn after(delay: Option<&XsDuration>, event: &str) -> String {
    match delay.filter(|delay| !delay.is_zero()) {
        Some(delay) => format!("{} after {event}", duration(delay)),
        None => format!("When {event}"),
    }
}

fn logged(event: &EventTrigger) -> String {
    let mut text = match event.number_of_occurrences {
        None | Some(1) => "an event is logged that its query selects".to_owned(),
        Some(number) => format!("{number} events are logged that its query selects"),
    };
    if let Some(period) = &event.period_of_occurrence {
        text += &format!(" within {}", duration(period));
    }
    if let Some(element) = &event.matching_element {
        text += &format!(" with the same {element}");
    }
    text
}

fn session(change: &SessionStateChangeTrigger) -> String {
    let user = change.user_id.as_deref().unwrap_or("any user");
    match change.state_change {
        SessionStateChange::ConsoleConnect => format!("{user} connects at the console"),
        SessionStateChange::ConsoleDisconnect => format!("{user} disconnects from the console"),
        SessionStateChange::RemoteConnect => format!("{user} connects remotely"),
        SessionStateChange::RemoteDisconnect => format!("{user} disconnects remotely"),
        SessionStateChange::SessionLock => format!("the session of {user} is locked"),
        SessionStateChange::SessionUnlock => format!("the session of {user} is unlocked"),
    }
}

/// The name of an unknown element, as written.
fn name_of(element: &UnknownElement) -> &str {
    let tag = element.xml.trim_start_matches('<');
    tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default()
}

fn job_date(date: JobDate) -> String {
    date.to_date().map_or_else(|| date.to_string(), phrase::date)
}

fn finish(mut text: String, disabled: bool, note: &str) -> String {
    if disabled {
        text += note;
    }
    text
}
