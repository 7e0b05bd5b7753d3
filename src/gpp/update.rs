//! Applies an item to an existing task: the action Update ([MS-GPPREF] 2.2.1.18.1).

use super::{
    context::Context,
    convert::to_task,
    convert_error::ConvertError,
    converted::{Converted, Losses},
    item::Item,
    job,
    loss::LossKind,
    table::Field,
};
use crate::{
    Profile,
    compat::{self, Account, ToTask, job_to_task},
    definition::{Action, IdleSettings, RegistrationInfo, Settings, Task},
    finding::Severity,
    job::JobFlags,
    time::XsDuration,
};

/// Applies what an item states to an existing task, and changes nothing else.
///
/// If an item without a definition has triggers, they replace the existing ones. If an item has a definition, its
/// triggers, principals and actions each replace the existing ones as a whole; all other elements are replaced
/// individually.
///
/// # Errors
/// [`ConvertError`], if the definition in the item is invalid.
///
/// ```
/// use wintask::definition::{Exec, Settings, Task};
/// use wintask::gpp::{Context, ScheduledTasks, updated};
///
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task
/// clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}" name="a" uid="{1}"><Properties action="U" name="a" args="/new"
/// startOnlyIfIdle="1"/></Task></ScheduledTasks>"#;
/// let policy = ScheduledTasks::read(file.as_bytes())?;
/// let item = policy.items().next().ok_or("no item")?;
/// let existing = Task::new(Exec::new("a.exe").with_arguments("/old"));
/// let task = updated(&item, &existing, &Context::default())?.value;
/// let expected = Task {
///     settings: Settings { run_only_if_idle: Some(true), ..Settings::default() },
///     ..Task::new(Exec::new("a.exe").with_arguments("/new"))
/// };
/// assert_eq!(task, expected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn updated(
    item: &Item<'_>,
    existing: &Task,
    context: &Context<'_>,
) -> Result<Converted<Task>, ConvertError> {
    if item.kind().has_definition() {
        let Converted { value: stated, losses } = to_task(item, context)?;
        let states = |name: &str| item.embedded().is_some_and(|element| element.child(name).is_some());
        let mut task = existing.clone();
        elements(&mut task, stated, states);
        return Ok(Converted { value: task, losses });
    }
    let mut losses = Losses::of_item(item);
    let job = job::of_item(item, context, &mut losses);
    // The account of the existing task stays unless the item names another.
    let account = item.run_as().map_or(Account::Unknown, |_| losses.account(item, context));
    let made = job_to_task(&job, &ToTask::default().with_account(account).with_profile(context.profile));
    let is_stated = |field| match field {
        compat::Field::UserId => item.run_as().is_some(),
        compat::Field::JobApplicationName => item.text(Field::AppName).is_some(),
        // Flags are converted according to the existing triggers.
        compat::Field::JobFlags => false,
        _ => true,
    };
    for difference in made.differences.iter().filter(|difference| is_stated(difference.kind().field)) {
        losses.0.push(difference.clone().erase());
    }
    (0..made.differences.omitted()).for_each(|_| losses.0.omit(Severity::Info));
    let mut task = existing.clone();
    attributes(&mut task, made.value, item, context.profile);
    if job.flags.contains(JobFlags::DELETE_WHEN_DONE) {
        task.settings.delete_expired_task_after = Some(XsDuration::from_seconds(0));
    }
    if task.settings.delete_expired_task_after.is_some()
        && !task.triggers.iter().any(|t| t.end_boundary.is_some())
    {
        // A server rejects a task that expires but has no end (EVIDENCE.md XML-22).
        task.settings.delete_expired_task_after = None;
        losses.field(Field::DeleteWhenDone, LossKind::NoCounterpart);
    }
    Ok(Converted { value: task, losses: losses.0 })
}

/// Copies the stated fields.
macro_rules! take {
    ($old:expr, $new:expr; $($field:ident),* $(,)?) => { $(
        if $new.$field.is_some() {
            $old.$field = $new.$field;
        }
    )* };
}

/// Copies the elements that a definition states.
fn elements(task: &mut Task, stated: Task, states: impl Fn(&str) -> bool) {
    take!(task, stated; version, data);
    registration(&mut task.registration_info, stated.registration_info);
    settings(&mut task.settings, stated.settings);
    if states("Triggers") {
        task.triggers = stated.triggers;
    }
    if states("Principals") {
        task.principals = stated.principals;
    }
    let context = task.actions.context.clone();
    if states("Actions") {
        task.actions = stated.actions;
    }
    // The principal of the actions stays unless another is stated, or it no longer exists.
    let is_there = |id: &String| task.principals.iter().any(|principal| principal.id.as_ref() == Some(id));
    task.actions.context = task.actions.context.take().or(context).filter(is_there);
}

fn registration(old: &mut RegistrationInfo, new: RegistrationInfo) {
    take!(old, new; uri, security_descriptor, source, date, author, version, description, documentation);
}

fn settings(old: &mut Settings, new: Settings) {
    if let Some(new) = new.idle_settings {
        idle(old.idle_settings.get_or_insert_default(), new);
    }
    take!(
        old, new; allow_start_on_demand, restart_on_failure, multiple_instances_policy, disallow_start_if_on_batteries,
        stop_if_going_on_batteries, allow_hard_terminate, start_when_available, network_profile_name,
        run_only_if_network_available, wake_to_run, enabled, hidden, delete_expired_task_after, network_settings,
        execution_time_limit, priority, run_only_if_idle, use_unified_scheduling_engine,
        disallow_start_on_remote_app_session, maintenance_settings, volatile,
    );
}

fn idle(old: &mut IdleSettings, new: IdleSettings) {
    take!(old, new; duration, wait_timeout, stop_on_idle_end, restart_on_idle);
}

/// Copies what the attributes of an item state, from a task made from all of them.
fn attributes(task: &mut Task, made: Task, item: &Item<'_>, profile: Profile) {
    let states = |field: Field| item.value(field).is_some();
    let (old, new) = (&mut task.settings, made.settings);
    macro_rules! settings {
        ($($field:ident => $setting:ident),* $(,)?) => { $(
            if states(Field::$field) {
                old.$setting = new.$setting;
            }
        )* };
    }
    settings!(
        DeleteWhenDone => delete_expired_task_after,
        MaxRunTime => execution_time_limit,
        StartOnlyIfIdle => run_only_if_idle,
        NoStartIfOnBatteries => disallow_start_if_on_batteries,
        StopIfGoingOnBatteries => stop_if_going_on_batteries,
        Enabled => enabled,
    );
    // According to the specification's text, it is not a setting of the task.
    if states(Field::SystemRequired) && profile == Profile::Windows {
        old.wake_to_run = new.wake_to_run;
    }
    let mut stated = new.idle_settings.unwrap_or_default();
    for (field, is_stated) in [
        (&mut stated.duration, states(Field::IdleMinutes) && profile == Profile::Windows),
        (&mut stated.wait_timeout, states(Field::DeadlineMinutes) && profile == Profile::Windows),
    ] {
        *field = field.take().filter(|_| is_stated);
    }
    stated.stop_on_idle_end = stated.stop_on_idle_end.filter(|_| states(Field::StopOnIdleEnd));
    stated.restart_on_idle = None;
    if stated != IdleSettings::default() {
        idle(old.idle_settings.get_or_insert_default(), stated);
    }
    if states(Field::Comment) {
        task.registration_info.description = made.registration_info.description;
    }
    if item.run_as().is_some() {
        task.principals = made.principals;
        task.actions.context = made.actions.context;
    }
    if item.triggers().next().is_some() {
        task.triggers = made.triggers;
    }
    let existing = task.actions.list.iter_mut().find_map(|action| match action {
        Action::Exec(exec) => Some(exec),
        _ => None,
    });
    let made = made.actions.list.into_iter().find_map(|action| match action {
        Action::Exec(exec) => Some(exec),
        _ => None,
    });
    match (existing, made) {
        (Some(exec), Some(made)) => {
            // An empty attribute is not a command.
            if item.text(Field::AppName).is_some() {
                exec.command = made.command;
            }
            if states(Field::Args) {
                exec.arguments = made.arguments;
            }
            if states(Field::StartIn) {
                exec.working_directory = made.working_directory;
            }
        }
        (None, Some(made)) if item.text(Field::AppName).is_some() => {
            task.actions.list = vec![Action::Exec(made)]
        }
        _ => {}
    }
}
