//! Converts a definition to the `schtasks /create` command that registers it.

use super::{
    create::IDLE_MINUTES,
    date::{DateOrder, DateText},
    draft::Draft,
    from_settings::{principal, settings},
    program,
    schtasks::Schtasks,
    switch::{Switches, Verb},
    trigger::query_list,
    value::{Days, Minutes, Modifier, ScheduleType, Seconds, TimeOfDay},
};
use crate::{
    compat::{Conversion, Field, ObstacleReason, Obstacles, Reason, Store, shown_minutes},
    definition::{
        Action, DaysOfMonth, DaysOfWeek, Exec, Months, Schedule, SchemaVersion, Task, Trigger, TriggerKind,
        Weeks,
    },
    limits, markup,
};

impl Schtasks {
    /// The command that registers a definition under a path. It states one trigger and one program; everything
    /// without a switch is reported as lost.
    ///
    /// # Errors
    /// The triggers and actions that no command can state.
    ///
    /// ```
    /// use wintask::command_line::{DateOrder, Schtasks};
    /// use wintask::definition::{DaysOfWeek, Exec, Schedule, Task, Trigger};
    ///
    /// let weekly = Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY);
    /// let trigger = Trigger::calendar(weekly, "2024-01-15T02:00:00".parse()?);
    /// let task = Task { triggers: vec![trigger], ..Task::new(Exec::new("backup.exe").with_arguments("/full")) };
    /// let command = Schtasks::from_task(&task, r"\Contoso\Backup", DateOrder::MonthDayYear)?;
    /// assert_eq!(
    ///     command.value.to_string(),
    ///     r#"schtasks /CREATE /SC WEEKLY /MO 2 /D MON,FRI /TN \Contoso\Backup /TR "backup.exe /full" /ST 02:00 /SD 01/15/2024"#
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_task(task: &Task, path: &str, order: DateOrder) -> Result<Conversion<Self>, Obstacles> {
        let mut draft = Draft::default();
        let mut command = Self::new(Verb::Create);
        let switches = &mut command.switches;
        switches.task_name = Some(path.to_owned());
        describes(task, path, &mut draft);
        match task.triggers.as_slice() {
            [only] => trigger(only, task, switches, order, &mut draft),
            several => {
                let (number, what, expected) = (several.len(), "triggers", "one");
                draft.obstacle(Field::Triggers, None, ObstacleReason::Number { number, what, expected });
            }
        }
        settings(&task.settings, switches, &mut draft);
        draft.lost(Field::Data, task.data.is_some());
        draft.lost(Field::Principals, task.principals.len() > 1);
        if let Some(stated) = task.run_as().or(task.principals.first()) {
            principal(stated, switches, &mut draft);
        }
        match task.actions.list.as_slice() {
            [Action::Exec(exec)] => action(exec, switches, &mut draft),
            [other] => {
                let name = other.element_name().unwrap_or("an unreadable action");
                draft.obstacle(Field::Action, Some(0), ObstacleReason::NotInCommand(name.to_owned()));
            }
            several => {
                let (number, what, expected) = (several.len(), "actions", "one Exec");
                draft.obstacle(Field::Actions, None, ObstacleReason::Number { number, what, expected });
            }
        }
        switches.version_1 = Store::of_version(task.version) == Store::Job;
        for (field, text, max) in [
            (Field::Command, &switches.task_run, limits::TASK_RUN_CHARACTERS),
            (Field::Uri, &switches.task_name, limits::TASK_NAME_CHARACTERS),
        ] {
            let size = text.as_ref().map_or(0, |text| text.chars().count());
            if size > max {
                draft.obstacle(field, Some(0), ObstacleReason::TooLong { size, max, unit: "characters" });
            }
        }
        if draft.obstacles.is_empty() {
            Ok(Conversion::new(command, draft.differences))
        } else {
            Err(draft.obstacles)
        }
    }
}

fn describes(task: &Task, path: &str, draft: &mut Draft) {
    let info = &task.registration_info;
    for extra in [&task.extra, &info.extra, &task.actions.extra] {
        draft.unknown(extra);
    }
    if let Some(version) = task.version
        && version != SchemaVersion::V1_2
        && Store::of_version(Some(version)) != Store::Job
    {
        let (from, to) = (version.to_string(), SchemaVersion::V1_2.to_string());
        draft.differs(Field::Version, Reason::Written { from, to });
    }
    let same = |uri: &str| uri.trim_start_matches('\\').eq_ignore_ascii_case(path.trim_start_matches('\\'));
    draft.lost(Field::Uri, info.uri.as_deref().is_some_and(|uri| !same(uri)));
    draft.lost(Field::SecurityDescriptor, info.security_descriptor.is_some());
    draft.lost(Field::Source, info.source.is_some());
    draft.lost(Field::Date, info.date.is_some());
    draft.lost(Field::Author, info.author.is_some());
    draft.lost(Field::OwnVersion, info.version.is_some());
    draft.lost(Field::Description, info.description.is_some());
    draft.lost(Field::Documentation, info.documentation.is_some());
}

fn trigger(trigger: &Trigger, task: &Task, switches: &mut Switches, order: DateOrder, draft: &mut Draft) {
    draft.unknown(&trigger.extra);
    draft.lost(Field::TriggerId, trigger.id.is_some());
    draft.lost(Field::TriggerEnabled, trigger.enabled == Some(false));
    draft.lost(Field::TriggerTimeLimit, trigger.execution_time_limit.is_some());
    kind(&trigger.kind, task, switches, draft);
    repetition(trigger, switches, draft);
    if trigger.start_boundary.is_none() {
        let now = "the time at which the command runs";
        draft.differs(Field::StartBoundary, Reason::Assumed(now.to_owned()));
    }
    if let Some(start) = &trigger.start_boundary {
        draft.lost(Field::StartBoundary, start.instant().is_some());
        if let Some(civil) = start.civil() {
            switches.start_time = TimeOfDay::new(civil.hour(), civil.minute());
            switches.start_date = Some(DateText::from_date(civil.date(), order));
            if civil.second() != 0 || civil.nanosecond() != 0 {
                let (from, to) = (start.to_string(), format!("{:02}:{:02}", civil.hour(), civil.minute()));
                draft.differs(Field::StartBoundary, Reason::Nearest { from, to });
            }
        }
    }
    if let Some(end) = end_time(trigger, switches) {
        switches.end_time = Some(end);
        switches.duration = None;
    } else if let Some(end) = &trigger.end_boundary {
        if let Some(civil) = end.civil() {
            switches.end_date = Some(DateText::from_date(civil.date(), order));
            if civil.time().as_hms() != (23, 59, 59) {
                let (from, to) = (end.to_string(), format!("the end of {}", civil.date()));
                draft.differs(Field::EndBoundary, Reason::Nearest { from, to });
            }
        }
        draft.lost(Field::EndBoundary, end.civil().is_none() || end.instant().is_some());
    }
}

fn kind(kind: &TriggerKind, task: &Task, switches: &mut Switches, draft: &mut Draft) {
    let delay = match kind {
        TriggerKind::Boot { delay } | TriggerKind::Logon { delay, .. } => delay.as_ref(),
        TriggerKind::Event(event) => event.delay.as_ref(),
        TriggerKind::Time { random_delay } | TriggerKind::Calendar { random_delay, .. } => {
            draft.lost(Field::RandomDelay, random_delay.as_ref().is_some_and(|delay| !delay.is_zero()));
            None
        }
        _ => None,
    };
    if let Some(delay) = delay {
        let seconds = delay.to_seconds().and_then(|seconds| u32::try_from(seconds).ok());
        switches.delay = seconds.filter(|seconds| *seconds < 600_000).map(Seconds::new);
        draft.lost(Field::Delay, switches.delay.is_none());
    }
    let schedule = match kind {
        TriggerKind::Boot { .. } => ScheduleType::OnStart,
        TriggerKind::Logon { user_id, .. } => {
            draft.lost(Field::TriggerUserId, user_id.is_some());
            ScheduleType::OnLogon
        }
        TriggerKind::Idle => {
            let stated = task.settings.idle_settings.as_ref().and_then(|idle| idle.duration.as_ref());
            let minutes = stated.and_then(|stated| draft.minutes(stated, Field::IdleDuration));
            let within = minutes.unwrap_or(IDLE_MINUTES).clamp(1, 999);
            match minutes {
                None => draft.differs(Field::IdleDuration, Reason::Assumed(shown_minutes(within))),
                Some(minutes) if minutes != within => {
                    let (from, to) = (shown_minutes(minutes), shown_minutes(within));
                    draft.differs(Field::IdleDuration, Reason::Nearest { from, to });
                }
                Some(_) => {}
            }
            switches.idle_minutes = Some(within);
            ScheduleType::OnIdle
        }
        TriggerKind::Event(event) => {
            let Some((channel, query)) = simple_query(&event.subscription) else {
                return draft.no_switch(Field::Trigger, "this subscription");
            };
            (switches.channel, switches.modifier) = (Some(channel), Some(Modifier::Query(query)));
            let counts = event.number_of_occurrences.is_some() || event.period_of_occurrence.is_some();
            let compares = event.value_queries.is_some() || event.matching_element.is_some();
            draft.lost(Field::Trigger, counts || compares);
            ScheduleType::OnEvent
        }
        TriggerKind::Time { .. } => ScheduleType::Once,
        TriggerKind::Calendar { schedule, .. } => match calendar(schedule, switches, draft) {
            Some(schedule) => schedule,
            None => return,
        },
        other => return draft.no_switch(Field::Trigger, other.element_name().unwrap_or("this trigger")),
    };
    switches.schedule = Some(schedule);
}

fn calendar(schedule: &Schedule, switches: &mut Switches, draft: &mut Draft) -> Option<ScheduleType> {
    let (Schedule::Day { extra, .. }
    | Schedule::Week { extra, .. }
    | Schedule::Month { extra, .. }
    | Schedule::MonthDayOfWeek { extra, .. }) = schedule;
    draft.unknown(extra);
    let number = |number: u32| (number > 1).then_some(Modifier::Number(number));
    let all_months = |months: Option<Months>| months.filter(|months| *months != Months::ALL);
    Some(match *schedule {
        Schedule::Day { days_interval, .. } => {
            switches.modifier = number(days_interval.unwrap_or(1).into());
            ScheduleType::Daily
        }
        Schedule::Week { weeks_interval, days_of_week, .. } => {
            switches.modifier = number(weeks_interval.unwrap_or(1).into());
            switches.days =
                Some(if days_of_week == DaysOfWeek::ALL { Days::All } else { Days::Week(days_of_week) });
            ScheduleType::Weekly
        }
        Schedule::Month { days_of_month, months, .. } => {
            switches.months = all_months(months);
            if days_of_month == DaysOfMonth::LAST {
                switches.modifier = Some(Modifier::LastDay);
                switches.months = Some(months.unwrap_or(Months::ALL));
            } else if days_of_month.has_last() || days_of_month.is_empty() {
                draft.no_switch(Field::DaysOfMonth, "the last day and others");
                return None;
            } else {
                switches.days = Some(Days::Month(days_of_month));
            }
            ScheduleType::Monthly
        }
        Schedule::MonthDayOfWeek { weeks, days_of_week, months, .. } => {
            switches.months = all_months(months);
            let each = [Weeks::FIRST, Weeks::SECOND, Weeks::THIRD, Weeks::FOURTH, Weeks::LAST];
            let Some(week) = each.into_iter().find(|week| *week == weeks) else {
                draft.no_switch(Field::Weeks, "several weeks");
                return None;
            };
            switches.modifier = Some(Modifier::Week(week));
            switches.days = Some(Days::Week(days_of_week));
            ScheduleType::Monthly
        }
    })
}

/// The time at which a single start and its repetitions, which last less than a day, end: `/ET` replaces the duration
/// and the last date.
fn end_time(trigger: &Trigger, switches: &Switches) -> Option<TimeOfDay> {
    let lasting = switches.duration.filter(|_| switches.schedule == Some(ScheduleType::Once))?;
    let (start, end) = (trigger.start_boundary.as_ref()?, trigger.end_boundary.as_ref()?);
    let is_local = start.instant().is_none() && end.instant().is_none();
    let expected = start.civil()?.checked_add(time::Duration::minutes(lasting.minutes.into()))?;
    let is_end = is_local && (1..=24 * 60).contains(&lasting.minutes) && end.civil()? == expected;
    TimeOfDay::new(expected.hour(), expected.minute()).filter(|_| is_end && expected.second() == 0)
}

/// Converts a repetition. For a single start without an end, the repetition becomes the schedule.
fn repetition(trigger: &Trigger, switches: &mut Switches, draft: &mut Draft) {
    let Some(stated) = &trigger.repetition else { return };
    draft.unknown(&stated.extra);
    let Some(interval) = draft.minutes(&stated.interval, Field::RepetitionInterval) else { return };
    let lasting =
        stated.duration.as_ref().and_then(|stated| draft.minutes(stated, Field::RepetitionDuration));
    match (switches.schedule, lasting) {
        (Some(ScheduleType::Once), None) if interval % 60 == 0 && (60..24 * 60).contains(&interval) => {
            switches.schedule = Some(ScheduleType::Hourly);
            switches.modifier = Some(interval / 60).filter(|hours| *hours > 1).map(Modifier::Number);
        }
        (Some(ScheduleType::Once), None) if (1..24 * 60).contains(&interval) => {
            switches.schedule = Some(ScheduleType::Minute);
            switches.modifier = Some(interval).filter(|minutes| *minutes > 1).map(Modifier::Number);
        }
        (
            Some(ScheduleType::Once | ScheduleType::Daily | ScheduleType::Weekly | ScheduleType::Monthly),
            Some(lasting),
        ) if lasting < 600_000 => {
            switches.repeat_interval = Some(interval);
            switches.duration = Some(Minutes::new(lasting));
        }
        _ => draft.lost(Field::RepetitionInterval, true),
    }
    let stops = stated.stop_at_duration_end == Some(true);
    switches.kill = stops && switches.duration.is_some();
    draft.lost(Field::StopAtDurationEnd, stops && !switches.kill);
}

fn action(exec: &Exec, switches: &mut Switches, draft: &mut Draft) {
    draft.unknown(&exec.extra);
    draft.lost(Field::ActionId, exec.id.is_some());
    draft.lost(Field::WorkingDirectory, exec.working_directory.is_some());
    draft.lost(Field::HideAppWindow, exec.hide_app_window == Some(true));
    switches.task_run = Some(program::task_run(exec));
}

/// The log and the query of a subscription in the form that schtasks writes.
fn simple_query(subscription: &str) -> Option<(String, String)> {
    let rest = subscription.strip_prefix("<QueryList><Query Id=\"0\" Path=\"")?;
    let (path, rest) = rest.split_once('"')?;
    let rest = rest.strip_prefix("><Select Path=\"")?.strip_prefix(path)?.strip_prefix("\">")?;
    let query = rest.strip_suffix("</Select></Query></QueryList>")?;
    let (channel, query) = (markup::plain_text(path)?, markup::plain_text(query)?);
    (query_list(&channel, &query) == subscription).then_some((channel, query))
}
