//! Checks combinations of switches (documentation of schtasks; EVIDENCE.md CMD-04 to CMD-08).

use super::{
    finding::{FindingKind, Findings},
    switch::{Switch, Switches, Verb},
    value::{Days, ListFormat, Modifier, ScheduleType},
};
use crate::{
    compat::Store,
    definition::Task,
    dtyp::HResult,
    error::Place,
    finding::{Finding, Severity},
    limits,
    xml::{self, Form},
};

use ScheduleType::{Daily, Hourly, Minute, Monthly, OnEvent, OnIdle, OnLogon, OnStart, Once, Weekly};

/// Required switches by verb. Creating from a file requires neither a schedule nor a program.
static REQUIRED: [(Verb, Switch); 8] = [
    (Verb::Create, Switch::TaskName),
    (Verb::Create, Switch::Schedule),
    (Verb::Create, Switch::TaskRun),
    (Verb::Change, Switch::TaskName),
    (Verb::Delete, Switch::TaskName),
    (Verb::Run, Switch::TaskName),
    (Verb::End, Switch::TaskName),
    (Verb::ShowSid, Switch::TaskName),
];

/// Switches that require another. `/change` may state a new password for the existing account, and the account of a
/// task from a file is in the file.
static NEEDS: [(Option<Verb>, Switch, Switch); 3] = [
    (None, Switch::User, Switch::System),
    (None, Switch::Password, Switch::User),
    (Some(Verb::Create), Switch::RunAsPassword, Switch::RunAs),
];

/// Mutually exclusive switches.
static EXCLUSIVE: [(Switch, Switch); 21] = [
    (Switch::EndTime, Switch::Duration),
    (Switch::Interactive, Switch::NoPassword),
    (Switch::RunAsPassword, Switch::NoPassword),
    (Switch::Enable, Switch::Disable),
    (Switch::XmlFile, Switch::Version1),
    (Switch::XmlFile, Switch::Schedule),
    (Switch::XmlFile, Switch::TaskRun),
    (Switch::XmlFile, Switch::Modifier),
    (Switch::XmlFile, Switch::StartTime),
    (Switch::XmlFile, Switch::StartDate),
    (Switch::XmlFile, Switch::EndDate),
    (Switch::XmlFile, Switch::Days),
    (Switch::XmlFile, Switch::Months),
    (Switch::XmlFile, Switch::IdleMinutes),
    (Switch::XmlFile, Switch::RepeatInterval),
    (Switch::XmlFile, Switch::EndTime),
    (Switch::XmlFile, Switch::Duration),
    (Switch::XmlFile, Switch::Kill),
    (Switch::XmlFile, Switch::Channel),
    (Switch::XmlFile, Switch::Delay),
    (Switch::XmlOutput, Switch::Format),
];

/// Switches that are not documented together: a file states its principal and its end, and only `/RU` and `/RP` are
/// documented with it.
static NOT_TOGETHER: [(Switch, Switch); 4] = [
    (Switch::XmlFile, Switch::Interactive),
    (Switch::XmlFile, Switch::NoPassword),
    (Switch::XmlFile, Switch::RunLevel),
    (Switch::XmlFile, Switch::DeleteWhenDone),
];

/// Switches that require a non-empty value (EVIDENCE.md CMD-25). An empty `/RU` means LocalSystem, and a password may
/// be empty.
static FILLED: [Switch; 6] =
    [Switch::System, Switch::User, Switch::TaskName, Switch::TaskRun, Switch::XmlFile, Switch::Channel];

/// The switches of `/change` that change something; at least one is required.
static CHANGES: [Switch; 16] = [
    Switch::RunAs,
    Switch::RunAsPassword,
    Switch::TaskRun,
    Switch::StartTime,
    Switch::RepeatInterval,
    Switch::EndTime,
    Switch::Duration,
    Switch::Kill,
    Switch::StartDate,
    Switch::EndDate,
    Switch::Interactive,
    Switch::DeleteWhenDone,
    Switch::Delay,
    Switch::RunLevel,
    Switch::Enable,
    Switch::Disable,
];

/// The schedules that a switch applies to.
static APPLIES: [(Switch, &[ScheduleType]); 10] = [
    (Switch::Modifier, &[Minute, Hourly, Daily, Weekly, Monthly, OnEvent]),
    (Switch::Days, &[Weekly, Monthly]),
    (Switch::Months, &[Monthly]),
    (Switch::IdleMinutes, &[OnIdle]),
    (Switch::RepeatInterval, &[Daily, Weekly, Monthly, Once]),
    (Switch::EndTime, &[Minute, Hourly, Daily, Weekly, Monthly, Once]),
    (Switch::Duration, &[Minute, Hourly, Daily, Weekly, Monthly, Once]),
    (Switch::Kill, &[Minute, Hourly, Daily, Weekly, Monthly, Once]),
    (Switch::Channel, &[OnEvent]),
    (Switch::Delay, &[OnStart, OnLogon, OnEvent]),
];

/// The switches that a schedule requires.
static SCHEDULE_NEEDS: [(ScheduleType, Switch); 4] = [
    (Once, Switch::StartTime),
    (OnIdle, Switch::IdleMinutes),
    (OnEvent, Switch::Channel),
    (OnEvent, Switch::Modifier),
];

/// The range of `/MO`, by schedule.
static MODIFIERS: [(ScheduleType, u32, u32); 5] =
    [(Minute, 1, 1439), (Hourly, 1, 23), (Daily, 1, 365), (Weekly, 1, 52), (Monthly, 1, 12)];

/// The ranges of other numbers.
const IDLE: (u32, u32) = (1, 999);
const REPEAT: (u32, u32) = (1, 599_940);

/// Checks a command, and reports what schtasks would reject.
pub(super) fn command(verb: Verb, switches: &Switches, findings: &mut Findings) {
    let has = |switch: Switch| switches.field(switch).is_set();
    if switches.help {
        return;
    }
    let from_file = has(Switch::XmlFile);
    for (of, switch) in &REQUIRED {
        let from_file = from_file && matches!(switch, Switch::Schedule | Switch::TaskRun);
        if *of == verb && !has(*switch) && !from_file {
            report(FindingKind::Missing(*switch), *switch, findings);
        }
    }
    for (_, switch, needs) in NEEDS.iter().filter(|(of, ..)| of.is_none_or(|of| of == verb)) {
        let from_file = from_file && *switch == Switch::RunAsPassword;
        if has(*switch) && !has(*needs) && !from_file {
            report(FindingKind::Needs { switch: *switch, needs: *needs }, *switch, findings);
        }
    }
    if has(Switch::Kill) && !has(Switch::EndTime) && !has(Switch::Duration) {
        let kind = FindingKind::Needs { switch: Switch::Kill, needs: Switch::Duration };
        report(kind, Switch::Kill, findings);
    }
    for (first, second) in &EXCLUSIVE {
        if has(*first) && has(*second) {
            report(FindingKind::Exclusive { first: *first, second: *second }, *second, findings);
        }
    }
    for (first, second) in &NOT_TOGETHER {
        if has(*first) && has(*second) {
            report(FindingKind::NotTogether { first: *first, second: *second }, *second, findings);
        }
    }
    for switch in &FILLED {
        let value = switches.field(*switch).get(super::value::ShowPasswords::No);
        if value.flatten().is_some_and(|value| value.is_empty()) {
            report(FindingKind::NoValue(*switch), *switch, findings);
        }
    }
    let is_read = findings.worst() < Some(Severity::Error);
    if verb == Verb::Change && is_read && !CHANGES.iter().any(|switch| has(*switch)) {
        findings.push(Finding::new(FindingKind::NothingToChange, Place::value(verb.to_string())));
    }
    schedule(switches, findings);
    range(Switch::IdleMinutes, switches.idle_minutes, IDLE, findings);
    range(Switch::RepeatInterval, switches.repeat_interval, REPEAT, findings);
    if switches.no_heading && switches.format == Some(ListFormat::List) {
        let (value, expected) = (ListFormat::List.to_string(), "TABLE or CSV with /NH");
        report(FindingKind::Value { switch: Switch::Format, value, expected }, Switch::Format, findings);
    }
    for (switch, text, max) in [
        (Switch::TaskRun, &switches.task_run, limits::TASK_RUN_CHARACTERS),
        (Switch::TaskName, &switches.task_name, limits::TASK_NAME_CHARACTERS),
    ] {
        let size = text.as_ref().map_or(0, |text| text.chars().count());
        if size > max {
            report(FindingKind::TooLong { switch, size, max }, switch, findings);
        }
    }
}

/// Checks that depend on the schedule.
fn schedule(switches: &Switches, findings: &mut Findings) {
    let Some(schedule) = switches.schedule else { return };
    let has = |switch: Switch| switches.field(switch).is_set();
    for (switch, schedules) in &APPLIES {
        if has(*switch) && !schedules.contains(&schedule) {
            report(FindingKind::NotForSchedule { switch: *switch, schedule }, *switch, findings);
        }
    }
    for (of, switch) in &SCHEDULE_NEEDS {
        if *of == schedule && !has(*switch) {
            report(FindingKind::ScheduleNeeds { schedule, switch: *switch }, *switch, findings);
        }
    }
    let invalid = |switch: Switch, expected: &'static str, findings: &mut Findings| {
        let value = switches.field(switch).get(super::value::ShowPasswords::No).flatten().unwrap_or_default();
        report(FindingKind::Value { switch, value, expected }, switch, findings);
    };
    match (&switches.modifier, schedule) {
        (None, _) | (Some(Modifier::Query(_)), OnEvent) => {}
        (Some(Modifier::Number(number)), _) => {
            let allowed = MODIFIERS.iter().find(|(of, ..)| *of == schedule);
            if let Some((_, min, max)) = allowed {
                range(Switch::Modifier, Some(*number), (*min, *max), findings);
            }
            if schedule == Monthly && *number > 1 && has(Switch::Months) {
                let kind = FindingKind::NotTogether { first: Switch::Modifier, second: Switch::Months };
                report(kind, Switch::Months, findings);
            }
        }
        (Some(Modifier::Week(_)), Monthly) => match switches.days {
            Some(Days::Week(_)) => {}
            Some(_) => invalid(Switch::Days, "days like MON,WED", findings),
            None => {
                let kind = FindingKind::Needs { switch: Switch::Modifier, needs: Switch::Days };
                report(kind, Switch::Modifier, findings);
            }
        },
        (Some(Modifier::LastDay), Monthly) => {
            if !has(Switch::Months) {
                let kind = FindingKind::Needs { switch: Switch::Modifier, needs: Switch::Months };
                report(kind, Switch::Modifier, findings);
            }
            if has(Switch::Days) {
                let kind = FindingKind::Exclusive { first: Switch::Modifier, second: Switch::Days };
                report(kind, Switch::Days, findings);
            }
        }
        (Some(_), Monthly) => invalid(Switch::Modifier, "1 to 12, FIRST to LAST, or LASTDAY", findings),
        (Some(_), Minute | Hourly | Daily | Weekly) => invalid(Switch::Modifier, "a number", findings),
        (Some(_), _) => {}
    }
    match (switches.days, schedule, &switches.modifier) {
        (Some(Days::Month(_)), Weekly, _) => invalid(Switch::Days, "days like MON,WED", findings),
        (Some(Days::Week(_)), Monthly, None | Some(Modifier::Number(_))) => {
            invalid(Switch::Days, "a day from 1 to 31", findings);
        }
        _ => {}
    }
}

fn range(switch: Switch, value: Option<u32>, (min, max): (u32, u32), findings: &mut Findings) {
    if let Some(value) = value.filter(|value| !(min..=max).contains(value)) {
        report(FindingKind::OutOfRange { switch, value, min, max }, switch, findings);
    }
}

/// Reports a finding about a switch.
pub(super) fn report(kind: FindingKind, switch: Switch, findings: &mut Findings) {
    findings.push(Finding::new(kind, Place::value(switch.to_string())));
}

/// The switch that states an element, for reporting errors of the server.
static ELEMENTS: [(&str, Switch); 7] = [
    ("EndBoundary", Switch::EndDate),
    ("StartBoundary", Switch::StartDate),
    ("Subscription", Switch::Modifier),
    ("Delay", Switch::Delay),
    ("Command", Switch::TaskRun),
    ("Arguments", Switch::TaskRun),
    ("UserId", Switch::RunAs),
];

/// Reports the error with which a server rejects a definition; schtasks sends the definition and shows the error.
pub(super) fn definition(task: &Task, findings: &mut Findings) {
    let is_done = task.settings.delete_expired_task_after.is_some();
    if is_done && task.triggers.iter().all(|trigger| trigger.end_boundary.is_none()) {
        // Version 1 tasks do not require an end (EVIDENCE.md CMD-12).
        if Store::of_version(task.version) != Store::Job {
            report(FindingKind::DeleteWithoutEnd, Switch::DeleteWhenDone, findings);
        }
        return;
    }
    let Ok(text) = xml::write_text(task, Form::Utf8) else { return };
    let Err(error) = xml::read_text(&text, &xml::Options::default()) else { return };
    let info = &error.kind().info;
    let meaning = error.hresult().meaning().or(HResult::SCHED_E_INVALIDVALUE.meaning()).unwrap_or_default();
    let (node, value) = (info.node.clone(), info.value.clone());
    let switch =
        ELEMENTS.iter().find(|(name, _)| *name == node).map_or(Switch::Schedule, |(_, switch)| *switch);
    report(FindingKind::Refused { meaning, node, value }, switch, findings);
}
