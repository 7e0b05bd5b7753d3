//! Describes triggers and tasks in plain words, with fixed English wording, using only what is stated.
//!
//! ```
//! use wintask::{definition::{DaysOfWeek, Repetition, Schedule, Trigger}, schedule::words};
//!
//! let fortnightly = Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY);
//! let repetition = Repetition::every("PT15M".parse()?).lasting("PT1H".parse()?);
//! let trigger = Trigger::calendar(fortnightly, "2024-01-03T02:00:00".parse()?).with_repetition(repetition);
//! assert_eq!(
//!     words::trigger(&trigger),
//!     "At 02:00 every 2 weeks on Monday and Friday, from 3 Jan 2024; then every 15 minutes for 1 hour"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "rpc")]
mod at;
#[cfg(feature = "job")]
mod job;
mod phrase;
mod run;

#[cfg(feature = "rpc")]
pub use at::at;
#[cfg(feature = "job")]
pub use job::{job, job_action, job_trigger};
pub use run::{account, action, principal};

use crate::{
    definition::{
        EventTrigger, Months, Schedule, SessionStateChange, SessionStateChangeTrigger, Task, Trigger,
        TriggerKind,
    },
    eventlog::Query,
    time::{Boundary, XsDuration},
};
use std::time::Duration;

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
        let mut sentence =
            format!("During automatic maintenance {}", phrase::every_span(&duration(&maintenance.period)));
        if let Some(deadline) = &maintenance.deadline {
            sentence += &format!(", with a deadline of {}", duration(deadline));
        }
        sentences.push(sentence);
    }
    if sentences.is_empty() {
        let never = settings.allow_start_on_demand == Some(false);
        sentences.push(if never { "Never" } else { "Only on demand" }.to_owned());
    }
    finish(sentences.join(". "), settings.enabled == Some(false), ". The task is disabled")
}

/// Describes a trigger of a task definition.
///
/// ```
/// use wintask::{definition::{EventTrigger, Trigger}, schedule::words};
///
/// let query = "<QueryList><Query Path='Security'><Select>*[System[EventID=4624]]</Select></Query></QueryList>";
/// let logon = Trigger::from(EventTrigger::new(query));
/// assert_eq!(words::trigger(&logon), "When an event is logged (event 4624 in Security)");
/// ```
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
    // An immediate task's trigger ends when it starts; only its start is described.
    let is_instant = matches!(trigger.kind, TriggerKind::Time { .. }) && trigger.repetition.is_none();
    let ends = |end: &&Boundary| !is_instant || trigger.start_boundary.as_ref() != Some(*end);
    if let Some(end) = trigger.end_boundary.as_ref().filter(ends) {
        text += &format!(" until {}", phrase::boundary(end));
    }
    if let TriggerKind::Time { random_delay: Some(delay) }
    | TriggerKind::Calendar { random_delay: Some(delay), .. } = &trigger.kind
    {
        text += &format!(", up to {} later at random", duration(delay));
    }
    if let Some(repetition) = &trigger.repetition {
        text += &format!("; then {}", phrase::every_span(&duration(&repetition.interval)));
        text += &match &repetition.duration {
            Some(lasting) => format!(" for {}", duration(lasting)),
            None => " indefinitely".to_owned(),
        };
        // An indefinite repetition has no end.
        if repetition.stop_at_duration_end == Some(true) && repetition.duration.is_some() {
            text += phrase::STOPPED;
        }
    }
    finish(text, trigger.enabled == Some(false), " (disabled)")
}

/// Describes a duration: "1 hour 30 minutes". Negative durations and those with months are shown as stated.
///
/// ```
/// assert_eq!(wintask::schedule::words::duration(&"PT90M".parse()?), "1 hour 30 minutes");
/// # Ok::<(), wintask::time::InvalidDuration>(())
/// ```
#[must_use]
pub fn duration(duration: &XsDuration) -> String {
    match duration.whole_seconds() {
        Some(whole) => phrase::span(duration.months(), whole, duration.subsec_nanos()),
        None => duration.as_str().to_owned(),
    }
}

/// Describes a length of time, such as the random delay of a run: "1 hour 30 minutes".
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{definition::{Trigger, TriggerKind}, schedule::{Options, Timetable, words}};
///
/// let delayed = TriggerKind::Time { random_delay: Some("PT90M".parse()?) };
/// let trigger = Trigger { kind: delayed, ..Trigger::at("2024-01-03T02:00:00".parse()?) };
/// let runs = Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default());
/// let run = runs.next_after(datetime!(2024-01-01 00:00 UTC)).ok_or("no run")?;
/// assert_eq!(words::span(run.random_delay()), "1 hour 30 minutes");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn span(length: Duration) -> String {
    phrase::seconds(length.as_secs(), length.subsec_nanos())
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
            after(change.delay.as_ref(), &format!("the WNF state {} changes", change.state_name))
        }
        TriggerKind::Idle => after(None, "the computer becomes idle"),
        TriggerKind::Unknown(element) => format!("On an unreadable trigger, {}", phrase::name_of(element)),
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
        None | Some(1) => "an event is logged".to_owned(),
        Some(number) => format!("{number} events are logged"),
    };
    text += &match Query::parse_subscription(&event.subscription) {
        Ok(query) => format!(" ({})", phrase::one_line(&query.words())),
        Err(_) => " (invalid query)".to_owned(),
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

fn finish(mut text: String, disabled: bool, note: &str) -> String {
    if disabled {
        text += note;
    }
    text
}
