//! Findings on one definition.

use super::{
    command::Command,
    finding::{Finding, FindingKind, Findings},
    shape::shape,
};
use crate::{
    definition::{Action, Exec, Principal, RunLevel, Task, defaults},
    error::Place,
    security::Sid,
    time::Boundary,
};

/// Reports anything unusual in a definition. No finding proves intent; each states whether it also occurs on a clean
/// Windows installation.
#[must_use]
pub fn examine(task: &Task) -> Findings {
    let mut findings = Findings::new();
    let mut push = |kind, place: String| findings.push(Finding::new(kind, Place::value(place)));
    if task.settings.hidden.unwrap_or(defaults::HIDDEN.value) {
        push(FindingKind::Hidden, "Settings/Hidden".to_owned());
    }
    for (index, trigger) in task.triggers.iter().enumerate() {
        let is_template = trigger.start_boundary.as_ref().is_some_and(|start| start.as_str() == ATEXEC_START);
        if is_template && runs_as_system(task) {
            push(FindingKind::Atexec, format!("Triggers[{index}]/StartBoundary"));
        }
        let (start, end) = (trigger.start_boundary.as_ref(), trigger.end_boundary.as_ref());
        if start.zip(end).is_some_and(|(start, end)| is_reversed(start, end)) {
            push(FindingKind::Reversed, format!("Triggers[{index}]/EndBoundary"));
        }
        for (name, boundary) in
            [("StartBoundary", &trigger.start_boundary), ("EndBoundary", &trigger.end_boundary)]
        {
            if boundary.as_ref().is_some_and(|boundary| is_odd(boundary, name == "EndBoundary")) {
                push(FindingKind::OddDate, format!("Triggers[{index}]/{name}"));
            }
        }
    }
    if task.registration_info.date.as_ref().is_some_and(|date| is_odd(date, false)) {
        push(FindingKind::OddDate, "RegistrationInfo/Date".to_owned());
    }
    for (index, action) in task.actions.list.iter().enumerate() {
        match action {
            Action::Exec(exec) => {
                for kind in of_exec(exec, task) {
                    push(kind, format!("Actions[{index}]"));
                }
            }
            Action::ComHandler(_) => push(FindingKind::ComHandler, format!("Actions[{index}]")),
            _ => {}
        }
    }
    if let Some((kind, place)) = shape(task) {
        push(kind, place.to_owned());
    }
    findings
}

/// The start boundary of impacket's template.
const ATEXEC_START: &str = "2015-07-15T20:35:13.2757294";

fn runs_as_system(task: &Task) -> bool {
    task.run_as().and_then(Principal::sid) == Some(Sid::LOCAL_SYSTEM)
}

fn is_privileged(task: &Task) -> bool {
    let is_highest =
        task.run_as().is_some_and(|principal| principal.run_level == Some(RunLevel::HighestAvailable));
    is_highest || runs_as_system(task)
}

/// Whether the year is impossible for a task; an end may be the latest representable date.
fn is_odd(boundary: &Boundary, is_end: bool) -> bool {
    let latest = if is_end { i32::MAX } else { 2200 };
    boundary.civil().is_none_or(|civil| !(1995..=latest).contains(&civil.year()))
}

/// Whether the end is before the start, by a clock that both share.
fn is_reversed(start: &Boundary, end: &Boundary) -> bool {
    let (start, end) = (start.parts(), end.parts());
    let is_before = start.civil.zip(end.civil).is_some_and(|(start, end)| end < start);
    match (start.instant(), end.instant()) {
        (Some(start), Some(end)) => end < start,
        // A local time and an instant cannot be compared without the zone.
        _ => start.zone == end.zone && is_before,
    }
}

fn of_exec(exec: &Exec, task: &Task) -> Vec<FindingKind> {
    let command = Command::new(&exec.command, exec.arguments.as_deref(), exec.working_directory.as_deref());
    let (is_host, is_proxy) = (command.is_script_host(), command.is_proxy());
    let writable = command.is_user_writable() || command.runs_user_writable();
    let privileged = writable && is_privileged(task);
    let is_atexec = command.is_redirected_to_temp() && runs_as_system(task);
    [
        (privileged, FindingKind::PrivilegedUserWritable),
        (writable && !privileged, FindingKind::UserWritable),
        (is_host, FindingKind::ScriptHost),
        (is_proxy, FindingKind::ProxyBinary),
        (command.has_address(), FindingKind::RemoteContent),
        (command.is_remote(), FindingKind::RemoteProgram),
        (command.has_script_in_arguments(), FindingKind::InlineScript),
        (command.is_encoded(), FindingKind::EncodedCommand),
        (command.has_credential(), FindingKind::Credential),
        (command.is_disguised(), FindingKind::Disguised),
        (command.has_stream(), FindingKind::Stream),
        (command.has_unquoted_blank(), FindingKind::UnquotedBlank),
        (is_atexec, FindingKind::AtexecLike),
    ]
    .into_iter()
    .filter_map(|(is_found, kind)| is_found.then_some(kind))
    .collect()
}
