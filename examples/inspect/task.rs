//! Task definitions in XML.

use crate::{
    artifact::Definition,
    report::{Content, Next, Report, Summary, View},
    runs, words as own,
};
use wintask::{
    Profile,
    definition::{
        Action, Data, MaintenanceSettings, MultipleInstancesPolicy, Principal, Settings, Task, Trigger,
        TriggerKind,
    },
    eventlog::Query,
    finding::AnyFindings,
    schedule::{Options, Timetable, words},
    security::SecurityDescriptor,
    time::{Boundary, XsDuration},
};

pub fn report<'a>(task: &'a Task, findings: AnyFindings, found: &Definition<'a>, view: &View) -> Report<'a> {
    let table = Timetable::of_task(task, view.zone(), &Options::default());
    Report {
        title: if view.in_words { title(task, found) } else { String::new() },
        size: found.size(),
        line: found.line,
        offset: found.offset,
        name: found.name(),
        content: Content::Task(task),
        next: Next::of(&table, &runs::absolute(task), view),
        findings,
    }
}

fn title(task: &Task, found: &Definition<'_>) -> String {
    let mut title = "task definition".to_owned();
    if let Some(name) = found.name() {
        title += &format!(" {name}");
    }
    if let Some(line) = found.line {
        title += &format!(" on line {line}");
    }
    if let Some(offset) = found.offset {
        title += &format!(" at byte {offset:#x}");
    }
    if let Some(version) = task.version {
        title += &format!(", schema version {version}");
    }
    title
}

pub fn summary(task: &Task, next: &Next, out: &mut Summary) {
    let info = &task.registration_info;
    out.maybe("path", info.uri.as_ref());
    out.maybe("description", info.description.as_ref());
    out.maybe("author", info.author.as_ref());
    out.maybe("registered", info.date.as_ref().map(Boundary::as_str));
    out.maybe("source", info.source.as_ref());
    out.maybe("documentation", info.documentation.as_ref());
    out.maybe("version", info.version.as_ref());
    for action in &task.actions.list {
        out.line("runs", words_of(action));
    }
    let details = task.run_as().map_or_else(String::new, details);
    out.line("as", words::account(task) + &details);
    for (index, trigger) in task.triggers.iter().enumerate() {
        out.line(format!("trigger {}", index + 1), words_of_trigger(trigger));
    }
    if task.triggers.is_empty() {
        out.line("when", words::task(task));
    }
    out.next(next);
    out.line("conditions", conditions(&task.settings).join("\n"));
    out.maybe("maintenance", task.settings.maintenance_settings.as_deref().map(maintenance));
    out.maybe("data", task.data.as_ref().map(content));
    if let Some(sddl) = &info.security_descriptor {
        match sddl.parse::<SecurityDescriptor>() {
            Ok(descriptor) => out.line("descriptor", format!("{sddl}\n{}", descriptor.explain())),
            Err(error) => out.line("descriptor", format!("{sddl}\ninvalid descriptor: {error}")),
        }
    }
}

/// The text of data; what is markup, as it was written.
fn content(data: &Data) -> String {
    data.text().unwrap_or_else(|| data.xml.clone())
}

/// A trigger, its limits, and what it waits for.
fn words_of_trigger(trigger: &Trigger) -> String {
    let mut lines = vec![words::trigger(trigger)];
    match &trigger.kind {
        TriggerKind::Event(event) => {
            let error = Query::parse_subscription(&event.subscription).err();
            lines.extend(error.map(|error| format!("invalid query: {error}")));
            let values = event.value_queries.iter().flatten();
            lines.extend(values.map(|value| format!("$({}) is {}", value.name, value.value)));
        }
        TriggerKind::WnfStateChange(change) => {
            if let Some(data) = &change.data {
                let offset = change.data_offset.unwrap_or_default();
                lines.push(format!("to data with {data} at offset {offset}"));
            }
        }
        _ => {}
    }
    if let Some(limit) = &trigger.execution_time_limit {
        lines.push(format!("runs are stopped after {}", words::duration(limit)));
    }
    if let Some(id) = &trigger.id {
        lines.push(format!("id {id}"));
    }
    lines.join("\n")
}

/// An action, and its details.
pub fn words_of(action: &Action) -> String {
    let mut lines = vec![words::action(action)];
    match action {
        Action::Exec(exec) => {
            lines.extend(exec.working_directory.as_ref().map(|folder| format!("in {folder}")));
        }
        Action::ComHandler(handler) => {
            lines.extend(handler.data.as_ref().map(|data| format!("with {}", content(data))));
        }
        _ => {}
    }
    lines.extend(action.id().map(|id| format!("id {id}")));
    lines.join("\n")
}

/// What else is stated of the account that a task runs as.
fn details(principal: &Principal) -> String {
    let mut text = String::new();
    if let Some(kind) = principal.process_token_sid_type {
        text += &format!(", process token SID type {kind}");
    }
    if let Some(privileges) = &principal.required_privileges {
        text += &format!("\nneeds {}", privileges.join(", "));
    }
    if let Some(id) = &principal.id {
        text += &format!("\nid {id}");
    }
    text
}

/// When automatic maintenance runs it.
fn maintenance(settings: &MaintenanceSettings) -> String {
    let mut text = format!("every {}", words::duration(&settings.period));
    if let Some(deadline) = &settings.deadline {
        text += &format!(", with a deadline of {}", words::duration(deadline));
    }
    if settings.exclusive == Some(true) {
        text += ", exclusively";
    }
    text
}

/// What the effective settings ask for and forbid, where it is not the common case.
fn conditions(settings: &Settings) -> Vec<String> {
    let effective = settings.effective(Profile::Windows);
    let idle = settings.effective_idle(Profile::Windows);
    let limit = |limit: &XsDuration| format!("stopped after {}", words::duration(limit));
    let yes_or_no = [
        (!effective.enabled.value, "disabled"),
        (effective.hidden.value, "hidden"),
        (!effective.allow_start_on_demand.value, "no start on demand"),
        (effective.disallow_start_if_on_batteries.value, "not started on batteries"),
        (effective.stop_if_going_on_batteries.value, "stopped on batteries"),
        (effective.run_only_if_network_available.value, "only with a network"),
        (effective.wake_to_run.value, "wakes the computer"),
        (effective.start_when_available.value, "started late after a missed run"),
        (!effective.allow_hard_terminate.value, "never terminated forcibly"),
        (effective.disallow_start_on_remote_app_session.value, "not started in RemoteApp sessions"),
        (effective.volatile.value, "disabled at the next startup"),
    ];
    let mut out: Vec<String> =
        yes_or_no.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words.to_owned()).collect();
    if effective.run_only_if_idle.value {
        out.push(format!("only if idle for {}", words::duration(&idle.duration.value)));
    }
    let network = settings.network_settings.as_ref();
    if let Some(network) =
        network.and_then(|network| network.name.clone().or_else(|| network.id.map(own::guid)))
    {
        out.push(format!("only on the network {network}"));
    }
    out.push(effective.execution_time_limit.value.as_ref().map_or_else(|| "no time limit".to_owned(), limit));
    if let Some(restart) = &settings.restart_on_failure {
        let retries =
            if restart.count == 1 { "1 retry" } else { &format!("up to {} retries", restart.count) };
        let interval = words::duration(&restart.interval);
        out.push(format!("{retries} after a failure, {interval} apart"));
    }
    if let Some(after) = &settings.delete_expired_task_after {
        out.push(format!("deleted {} after it expires", words::duration(after)));
    }
    let policy = effective.multiple_instances_policy.value;
    let already = match policy {
        MultipleInstancesPolicy::Parallel => "both run",
        MultipleInstancesPolicy::Queue => "the new instance waits",
        MultipleInstancesPolicy::StopExisting => "the running instance is stopped",
        _ => "no new instance",
    };
    vec![out.join(", "), format!("if already running: {already} ({policy})")]
}
