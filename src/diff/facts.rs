//! A definition as a list of facts, each with its stated and its effective value.

use super::meaning::{self, account, content, duration};
use crate::{
    Profile,
    definition::{Action, Effective, Extra, Origin, Principal, Schedule, Task, Trigger, TriggerKind},
    time::{Boundary, XsDuration},
};
use std::{borrow::Cow, fmt::Display};

/// A part of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Part {
    /// What starts the task.
    Triggers,
    /// What the task does.
    Actions,
    /// The account that the task runs as.
    Principal,
    /// How and under which conditions the task runs.
    Settings,
    /// Who can access the task.
    Security,
    /// Content that does not affect the scheduler: descriptive texts (description, author, documentation, source,
    /// date), `Data`, identifiers, the schema version, and unknown content.
    Description,
}

crate::dtyp::macros::choice! {
    Part {
        Triggers = "triggers",
        Actions = "actions",
        Principal = "principal",
        Settings = "settings",
        Security = "security",
        Description = "description",
    }
}

/// A single fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    /// Its location within the element.
    pub(super) name: Cow<'static, str>,
    /// The value as stated.
    pub(super) stated: Option<String>,
    /// The effective value in normalised form; `None` if there is none.
    pub(super) meant: Option<String>,
    /// Whether it does not affect the scheduler.
    pub(super) is_description: bool,
}

/// The facts of one element.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts(pub(super) Vec<Fact>);

impl Facts {
    fn add(&mut self, name: &'static str, stated: Option<String>, meant: Option<String>) {
        self.0.push(Fact { name: name.into(), stated, meant, is_description: false });
    }

    /// A value with a default.
    fn effective<T: Display, U>(&mut self, name: &'static str, value: &Effective<T>, stated: &Option<U>) {
        let text = value.value.to_string();
        let is_stated = stated.is_some() || value.origin == Origin::Stated;
        self.add(name, is_stated.then(|| text.clone()), Some(text));
    }

    /// A limit; an absent limit means unlimited.
    fn limit(&mut self, name: &'static str, value: &Option<XsDuration>, stated: Option<&XsDuration>) {
        let meant = value.as_ref().map_or_else(|| "unlimited".to_owned(), duration);
        self.add(name, stated.map(|stated| stated.as_str().to_owned()), Some(meant));
    }

    /// A duration; zero means none.
    fn delay(&mut self, name: &'static str, value: Option<&XsDuration>) {
        let meant = value.filter(|value| !value.is_zero()).map(duration);
        self.add(name, value.map(|value| value.as_str().to_owned()), meant);
    }

    /// A text; an empty text means none.
    fn text(&mut self, name: &'static str, value: Option<&str>) {
        let meant = value.filter(|value| !value.is_empty()).map(str::to_owned);
        self.add(name, value.map(str::to_owned), meant);
    }

    fn account(&mut self, name: &'static str, value: Option<&str>) {
        self.add(name, value.map(str::to_owned), value.map(account));
    }

    /// A value with a default that is not stated in its own form.
    fn or<T: Display>(&mut self, name: &'static str, value: Option<T>, default: &str) {
        let stated = value.map(|value| value.to_string());
        let meant = stated.clone().unwrap_or_else(|| default.to_owned());
        self.add(name, stated, Some(meant));
    }

    fn described(&mut self, name: impl Into<Cow<'static, str>>, value: Option<&str>) {
        if let Some(value) = value {
            let value = Some(value.to_owned());
            self.0.push(Fact {
                name: name.into(),
                stated: value.clone(),
                meant: value,
                is_description: true,
            });
        }
    }

    fn extra(&mut self, name: &'static str, extra: &Extra) {
        for (attribute, value) in &extra.attributes {
            self.described(format!("{name}@{attribute}"), Some(value));
        }
        for (index, element) in extra.elements.iter().enumerate() {
            self.described(format!("{name}#unknown[{index}]"), Some(&element.xml));
        }
    }

    /// A unique byte form of everything that affects the scheduler.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for fact in self.0.iter().filter(|fact| !fact.is_description) {
            let Some(meant) = &fact.meant else { continue };
            for text in [&*fact.name, meant] {
                out.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
                out.extend(text.as_bytes());
            }
        }
        out
    }
}

/// A trigger.
pub(super) fn trigger(trigger: &Trigger) -> Facts {
    let mut facts = Facts::default();
    let effective = trigger.effective(Profile::Windows);
    let kind = trigger.kind.element_name().unwrap_or("an unknown trigger");
    facts.add("Kind", Some(kind.to_owned()), Some(kind.to_owned()));
    facts.effective("Enabled", &effective.enabled, &trigger.enabled);
    let (start, end) = (trigger.start_boundary.as_ref(), trigger.end_boundary.as_ref());
    let text = |value: &Boundary| value.as_str().to_owned();
    let meant = start.map(|start| meaning::start(start, &trigger.kind));
    facts.add("StartBoundary", start.map(text), meant);
    facts.add("EndBoundary", end.map(text), end.map(meaning::boundary));
    if let Some(repetition) = &trigger.repetition {
        let effective = repetition.effective(Profile::Windows);
        facts.delay("Repetition/Interval", Some(&repetition.interval));
        facts.limit("Repetition/Duration", &effective.duration.value, repetition.duration.as_ref());
        let stop = &repetition.stop_at_duration_end;
        facts.effective("Repetition/StopAtDurationEnd", &effective.stop_at_duration_end, stop);
        facts.extra("Repetition", &repetition.extra);
    }
    let stated = trigger.execution_time_limit.as_ref();
    facts.limit("ExecutionTimeLimit", &effective.execution_time_limit.value, stated);
    match &trigger.kind {
        TriggerKind::Boot { delay } | TriggerKind::Registration { delay } => {
            facts.delay("Delay", delay.as_ref());
        }
        TriggerKind::Idle => {}
        TriggerKind::Time { random_delay } => facts.delay("RandomDelay", random_delay.as_ref()),
        TriggerKind::Calendar { random_delay, schedule } => {
            facts.delay("RandomDelay", random_delay.as_ref());
            self::schedule(&mut facts, schedule);
        }
        TriggerKind::Logon { user_id, delay } => {
            facts.account("UserId", user_id.as_deref());
            facts.delay("Delay", delay.as_ref());
        }
        TriggerKind::SessionStateChange(change) => {
            facts.account("UserId", change.user_id.as_deref());
            facts.delay("Delay", change.delay.as_ref());
            facts.text("StateChange", Some(change.state_change.name()));
        }
        TriggerKind::Event(event) => {
            facts.text("Subscription", Some(&event.subscription));
            facts.delay("Delay", event.delay.as_ref());
            facts.delay("PeriodOfOccurrence", event.period_of_occurrence.as_ref());
            facts.or("NumberOfOccurrences", event.number_of_occurrences, "1");
            facts.text("MatchingElement", event.matching_element.as_deref());
            let mut queries: Vec<_> = event.value_queries.iter().flatten().collect();
            queries.sort_by(|a, b| a.name.cmp(&b.name));
            for query in queries {
                facts.text("ValueQueries/Name", Some(&query.name));
                facts.text("ValueQueries/Value", Some(&query.value));
            }
        }
        TriggerKind::WnfStateChange(wnf) => {
            facts.delay("Delay", wnf.delay.as_ref());
            facts.text("StateName", Some(&wnf.state_name.to_uppercase()));
            facts.text("Data", wnf.data.as_deref().map(str::to_uppercase).as_deref());
            facts.or("DataOffset", wnf.data_offset, "0");
        }
        TriggerKind::Unknown(element) => facts.text("Content", Some(&element.xml)),
    }
    facts.described("@id", trigger.id.as_deref());
    facts.extra("", &trigger.extra);
    facts
}

fn schedule(facts: &mut Facts, schedule: &Schedule) {
    let joined = |names: Vec<&str>| names.join(" ");
    let months = |facts: &mut Facts, months: &Option<crate::definition::Months>| {
        let all = joined(crate::definition::Months::ALL.names().collect());
        facts.or("Months", months.map(|months| joined(months.names().collect())), &all);
    };
    match schedule {
        Schedule::Day { days_interval, extra } => {
            facts.or("DaysInterval", *days_interval, "1");
            facts.extra("Schedule", extra);
        }
        Schedule::Week { weeks_interval, days_of_week, extra } => {
            facts.or("WeeksInterval", *weeks_interval, "1");
            facts.text("DaysOfWeek", Some(&joined(days_of_week.names().collect())));
            facts.extra("Schedule", extra);
        }
        Schedule::Month { days_of_month, months: of, extra } => {
            facts.text("DaysOfMonth", Some(&days_of_month.names().collect::<Vec<_>>().join(" ")));
            months(facts, of);
            facts.extra("Schedule", extra);
        }
        Schedule::MonthDayOfWeek { weeks, days_of_week, months: of, extra } => {
            facts.text("Weeks", Some(&joined(weeks.names().collect())));
            facts.text("DaysOfWeek", Some(&joined(days_of_week.names().collect())));
            months(facts, of);
            facts.extra("Schedule", extra);
        }
    }
}

/// An action.
pub(super) fn action(action: &Action) -> Facts {
    let mut facts = Facts::default();
    let kind = |facts: &mut Facts, name: &'static str| facts.text("Kind", Some(name));
    match action {
        Action::Exec(exec) => {
            kind(&mut facts, "Exec");
            facts.text("Command", Some(&exec.command));
            facts.text("Arguments", exec.arguments.as_deref());
            facts.text("WorkingDirectory", exec.working_directory.as_deref());
            facts.or("HideAppWindow", exec.hide_app_window, "false");
            facts.extra("", &exec.extra);
        }
        Action::ComHandler(handler) => {
            kind(&mut facts, "ComHandler");
            facts.text("ClassId", Some(&crate::dtyp::guid::braced(handler.class_id)));
            let data = handler.data.as_ref();
            facts.add(
                "Data",
                data.map(|data| data.xml.clone()),
                data.map(content).filter(|data| !data.is_empty()),
            );
            facts.extra("", &handler.extra);
        }
        Action::SendEmail(mail) => {
            kind(&mut facts, "SendEmail");
            facts.text("Server", Some(&mail.server));
            for (name, value) in [
                ("Subject", &mail.subject),
                ("To", &mail.to),
                ("Cc", &mail.cc),
                ("Bcc", &mail.bcc),
                ("ReplyTo", &mail.reply_to),
                ("From", &mail.from),
                ("Body", &mail.body),
            ] {
                facts.text(name, value.as_deref());
            }
            for field in mail.header_fields.iter().flatten() {
                facts.text("HeaderFields/Name", Some(&field.name));
                facts.text("HeaderFields/Value", Some(&field.value));
            }
            for file in mail.attachments.iter().flatten() {
                facts.text("Attachments/File", Some(file));
            }
            facts.extra("", &mail.extra);
        }
        Action::ShowMessage(message) => {
            kind(&mut facts, "ShowMessage");
            facts.text("Title", message.title.as_deref());
            facts.text("Body", Some(&message.body));
            facts.extra("", &message.extra);
        }
        Action::Unknown(element) => {
            kind(&mut facts, "an unknown action");
            facts.text("Content", Some(&element.xml));
        }
    }
    facts.described("@id", action.id());
    facts
}

/// The principal that runs the actions, if any.
pub(super) fn principal(principal: Option<&Principal>) -> Facts {
    let mut facts = Facts::default();
    let Some(principal) = principal else { return facts };
    let effective = principal.effective(Profile::Windows);
    facts.account("UserId", principal.user_id.as_deref());
    facts.account("GroupId", principal.group_id.as_deref());
    facts.effective("LogonType", &effective.logon_type, &principal.logon_type);
    facts.effective("RunLevel", &effective.run_level, &principal.run_level);
    let token_sid = principal.process_token_sid_type.map(|kind| kind.name());
    facts.text("ProcessTokenSidType", token_sid);
    let stated = principal.required_privileges.as_ref().map(|names| names.join(" "));
    let mut names: Vec<_> =
        principal.required_privileges.iter().flatten().map(|name| name.to_lowercase()).collect();
    names.sort();
    names.dedup();
    facts.add("RequiredPrivileges", stated, (!names.is_empty()).then(|| names.join(" ")));
    facts.described("DisplayName", principal.display_name.as_deref());
    facts.described("@id", principal.id.as_deref());
    facts.extra("", &principal.extra);
    facts
}

/// The settings.
pub(super) fn settings(task: &Task) -> Facts {
    let mut facts = Facts::default();
    let settings = &task.settings;
    let all = settings.effective(Profile::Windows);
    macro_rules! flags {
        ($($field:ident $name:literal),* $(,)?) => {$( facts.effective($name, &all.$field, &settings.$field); )*};
    }
    flags! {
        allow_start_on_demand "AllowStartOnDemand",
        multiple_instances_policy "MultipleInstancesPolicy",
        disallow_start_if_on_batteries "DisallowStartIfOnBatteries",
        stop_if_going_on_batteries "StopIfGoingOnBatteries",
        allow_hard_terminate "AllowHardTerminate",
        start_when_available "StartWhenAvailable",
        run_only_if_network_available "RunOnlyIfNetworkAvailable",
        wake_to_run "WakeToRun",
        enabled "Enabled",
        hidden "Hidden",
        priority "Priority",
        run_only_if_idle "RunOnlyIfIdle",
        use_unified_scheduling_engine "UseUnifiedSchedulingEngine",
        disallow_start_on_remote_app_session "DisallowStartOnRemoteAppSession",
        volatile "Volatile",
    }
    let limit = &all.execution_time_limit.value;
    facts.limit("ExecutionTimeLimit", limit, settings.execution_time_limit.as_ref());
    let deleted = settings.delete_expired_task_after.as_ref();
    facts.add("DeleteExpiredTaskAfter", deleted.map(|d| d.as_str().to_owned()), deleted.map(duration));
    let idle = settings.effective_idle(Profile::Windows);
    let stated = settings.idle_settings.as_ref();
    let stated_duration = stated.and_then(|idle| idle.duration.as_ref());
    let stated_wait = stated.and_then(|idle| idle.wait_timeout.as_ref());
    let text = |value: &XsDuration| value.as_str().to_owned();
    facts.add("IdleSettings/Duration", stated_duration.map(text), Some(duration(&idle.duration.value)));
    facts.limit("IdleSettings/WaitTimeout", &idle.wait_timeout.value, stated_wait);
    let stop = stated.and_then(|idle| idle.stop_on_idle_end);
    facts.effective("IdleSettings/StopOnIdleEnd", &idle.stop_on_idle_end, &stop);
    let restart = stated.and_then(|idle| idle.restart_on_idle);
    facts.effective("IdleSettings/RestartOnIdle", &idle.restart_on_idle, &restart);
    if let Some(retry) = &settings.restart_on_failure {
        facts.delay("RestartOnFailure/Interval", Some(&retry.interval));
        facts.text("RestartOnFailure/Count", Some(&retry.count.to_string()));
        facts.extra("RestartOnFailure", &retry.extra);
    }
    if let Some(network) = &settings.network_settings {
        let id = network.id.filter(|id| !id.is_nil()).map(crate::dtyp::guid::braced);
        facts.text("NetworkSettings/Id", id.as_deref());
        facts.described("NetworkSettings/Name", network.name.as_deref());
        facts.extra("NetworkSettings", &network.extra);
    }
    if let Some(maintenance) = &settings.maintenance_settings {
        facts.delay("MaintenanceSettings/Period", Some(&maintenance.period));
        facts.delay("MaintenanceSettings/Deadline", maintenance.deadline.as_ref());
        facts.or("MaintenanceSettings/Exclusive", maintenance.exclusive, "false");
        facts.extra("MaintenanceSettings", &maintenance.extra);
    }
    facts.described("NetworkProfileName", settings.network_profile_name.as_deref());
    facts.extra("", &settings.extra);
    facts
}

/// Who can access the task.
pub(super) fn security(task: &Task) -> Facts {
    let mut facts = Facts::default();
    let stated = task.registration_info.security_descriptor.as_deref();
    facts.add("SecurityDescriptor", stated.map(str::to_owned), stated.map(sddl));
    facts
}

/// SDDL in normalised form.
fn sddl(text: &str) -> String {
    #[cfg(feature = "security")]
    if let Ok(descriptor) = text.parse::<crate::security::SecurityDescriptor>()
        && let Ok(text) = descriptor.to_sddl()
    {
        return text;
    }
    text.to_owned()
}

/// Everything that does not affect the scheduler.
pub(super) fn description(task: &Task) -> Facts {
    let mut facts = Facts::default();
    let info = &task.registration_info;
    let version = task.version.map(|version| version.to_string());
    facts.described("Task@version", version.as_deref());
    facts.described("RegistrationInfo/URI", info.uri.as_deref());
    facts.described("RegistrationInfo/Source", info.source.as_deref());
    facts.described("RegistrationInfo/Date", info.date.as_ref().map(|date| date.as_str()));
    facts.described("RegistrationInfo/Author", info.author.as_deref());
    facts.described("RegistrationInfo/Version", info.version.as_deref());
    facts.described("RegistrationInfo/Description", info.description.as_deref());
    facts.described("RegistrationInfo/Documentation", info.documentation.as_deref());
    facts.described("Data", task.data.as_ref().map(content).as_deref());
    facts.described("Actions@Context", task.actions.context.as_deref());
    facts.extra("RegistrationInfo", &info.extra);
    facts.extra("Actions", &task.actions.extra);
    facts.extra("Task", &task.extra);
    facts
}
