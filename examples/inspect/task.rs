//! Task definitions in XML.

use crate::{Report, artifact::Definition, print::Summary, runs::View};
use wintask::{
    Profile,
    definition::{Action, Principal, RunLevel, Settings, Task, TriggerKind},
    eventlog::Query,
    schedule::{Options, Timetable, words},
    security::{SecurityDescriptor, Sid, Trustee},
    time::{Boundary, XsDuration},
    xml::Recovered,
};

pub fn report(definition: Definition, view: &View) -> Option<Report> {
    let Recovered { task, findings, .. } = definition.recovered;
    let task = task?;
    let mut title = "task definition".to_owned();
    if let Some(name) = definition.name {
        title += &format!(" {name}");
    }
    if let Some(line) = definition.line {
        title += &format!(" on line {line}");
    }
    if let Some(version) = task.version {
        title += &format!(", schema version {version}");
    }
    Some(Report {
        title,
        kind: "task",
        summary: summary(&task, view),
        value: ("task", serde_json::to_value(&task).unwrap_or_default()),
        findings: findings.erase(),
    })
}

fn summary(task: &Task, view: &View) -> Summary {
    let mut out = Summary::default();
    let info = &task.registration_info;
    out.maybe("path", info.uri.as_ref());
    out.maybe("description", info.description.as_ref());
    out.maybe("author", info.author.as_ref());
    out.maybe("registered", info.date.as_ref().map(Boundary::as_str));
    for action in &task.actions.list {
        out.line("runs", words_of(action));
    }
    match task.run_as() {
        Some(principal) => out.line("as", who(principal)),
        None => {
            out.maybe("as", task.actions.context.as_ref().map(|id| format!("{id}, whom it does not define")))
        }
    };
    for (index, trigger) in task.triggers.iter().enumerate() {
        let mut text = words::trigger(trigger);
        if let TriggerKind::Event(event) = &trigger.kind {
            text += &format!("\n{}", query(&event.subscription));
        }
        out.line(format!("trigger {}", index + 1), text);
    }
    if task.triggers.is_empty() {
        out.line("when", words::task(task));
    }
    let absolute = |index: usize| {
        let start = task.triggers.get(index).and_then(|trigger| trigger.start_boundary.as_ref());
        start.is_some_and(|start| start.instant().is_some())
    };
    view.runs(&Timetable::of_task(task, view.zone(), &Options::default()), absolute, &mut out);
    let conditions = conditions(&task.settings);
    if !conditions.is_empty() {
        out.line("conditions", conditions.join("\n"));
    }
    if let Some(sddl) = &info.security_descriptor {
        match sddl.parse::<SecurityDescriptor>() {
            Ok(descriptor) => out.line("descriptor", format!("{sddl}\n{}", descriptor.explain())),
            Err(error) => out.line("descriptor", format!("{sddl}\nwhich is none: {error}")),
        };
    }
    out
}

/// Which events a subscription selects.
fn query(subscription: &str) -> String {
    match Query::parse(subscription) {
        Ok(query) => query.words(),
        Err(error) => format!("by a query that is none: {error}"),
    }
}

/// An action as a person would say it.
fn words_of(action: &Action) -> String {
    match action {
        Action::Exec(exec) => {
            let mut text = exec.command.clone();
            if let Some(arguments) = &exec.arguments {
                text += &format!(" {arguments}");
            }
            if let Some(folder) = &exec.working_directory {
                text += &format!("\nin {folder}");
            }
            text
        }
        Action::ComHandler(handler) => {
            let data = handler.data.as_ref().map(|data| format!("\nwith {}", data.xml));
            format!("COM handler {{{}}}{}", handler.class_id, data.unwrap_or_default())
        }
        Action::SendEmail(mail) => format!(
            "e-mail \"{}\" to {} by {}",
            mail.subject.as_deref().unwrap_or_default(),
            mail.to.as_deref().unwrap_or("nobody"),
            mail.server
        ),
        Action::ShowMessage(message) => format!("message \"{}\": {}", message.title, message.body),
        other => format!("{other:?}"),
    }
}

/// Whom a task runs as.
fn who(principal: &Principal) -> String {
    let stated = [&principal.user_id, &principal.group_id, &principal.display_name];
    let mut text =
        stated.into_iter().flatten().next().map_or("whoever registers it", String::as_str).to_owned();
    if let Some(name) = text.parse::<Sid>().ok().and_then(|sid| Trustee::from(sid).name()) {
        text += &format!(" ({name})");
    }
    if let Some(logon_type) = principal.logon_type {
        text += &format!(", {logon_type}");
    }
    if principal.run_level == Some(RunLevel::HighestAvailable) {
        text += ", with highest privileges";
    }
    if let Some(privileges) = &principal.required_privileges {
        text += &format!("\nneeds {}", privileges.join(", "));
    }
    text
}

/// What the settings in force ask for and forbid, where it is not the common case.
fn conditions(settings: &Settings) -> Vec<String> {
    let force = settings.effective(Profile::Windows);
    let idle = settings.effective_idle(Profile::Windows);
    let limit = |limit: &XsDuration| format!("stopped after {}", words::duration(limit));
    let yes_or_no = [
        (!force.enabled.value, "disabled"),
        (force.hidden.value, "hidden"),
        (!force.allow_start_on_demand.value, "not on demand"),
        (force.disallow_start_if_on_batteries.value, "not on batteries"),
        (force.stop_if_going_on_batteries.value, "stopped on batteries"),
        (force.run_only_if_network_available.value, "only with a network"),
        (force.wake_to_run.value, "wakes the computer"),
        (force.start_when_available.value, "missed runs are made up for"),
        (!force.allow_hard_terminate.value, "never killed"),
        (force.volatile.value, "disabled at the next start of the system"),
    ];
    let mut out: Vec<String> =
        yes_or_no.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words.to_owned()).collect();
    if force.run_only_if_idle.value {
        out.push(format!("only if idle for {}", words::duration(&idle.duration.value)));
    }
    out.push(force.execution_time_limit.value.as_ref().map_or_else(|| "no time limit".to_owned(), limit));
    if let Some(restart) = &settings.restart_on_failure {
        let interval = words::duration(&restart.interval);
        out.push(format!("on failure up to {} more tries, {interval} apart", restart.count));
    }
    vec![out.join(", "), format!("if it is running already: {}", force.multiple_instances_policy.value)]
}
