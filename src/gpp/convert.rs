//! Converts an item to a .JOB file or a definition.

use super::{
    check::{is_same_account, is_system_alias},
    context::Context,
    convert_error::ConvertError,
    converted::{Converted, Losses},
    embedded::{definition, undated},
    item::Item,
    job,
    loss::LossKind,
    placeholder::placeholders,
    table::Field,
};
use crate::{
    compat::{ToJob, ToTask, job_to_task, task_to_job},
    definition::Task,
    job::Job,
    security::Sid,
};

/// Converts an item to a definition.
///
/// An attribute with an invalid value is treated as absent, and reported as a loss. Immediate tasks start or end at
/// the time when the item is applied. If the context has no such time, these boundaries are omitted, and
/// [`LossKind::Immediate`] is reported.
///
/// # Errors
/// [`ConvertError`], if the item has no command or its definition is invalid.
///
/// ```
/// use wintask::gpp::{Context, ScheduledTasks, to_task};
///
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task
/// clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}" name="a" uid="{1}" removePolicy="1"><Properties action="C" name="a"
/// appName="a.exe" deleteWhenDone="1" maxRunTime="3600000"><Triggers><Trigger type="ONCE" startHour="07"
/// startMinutes="05" beginYear="2024" beginMonth="1" beginDay="3"/></Triggers></Properties></Task></ScheduledTasks>"#;
/// let policy = ScheduledTasks::read(file.as_bytes())?;
/// let item = policy.items().next().ok_or("no item")?;
/// let task = to_task(&item, &Context::default())?.value;
/// assert_eq!(task.triggers[0].start_boundary.as_ref().map(|b| b.as_str()), Some("2024-01-03T07:05:00"));
/// assert_eq!(task.settings.execution_time_limit.as_ref().map(|d| d.as_str()), Some("PT1H"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_task(item: &Item<'_>, context: &Context<'_>) -> Result<Converted<Task>, ConvertError> {
    let mut losses = Losses::of_item(item);
    if !item.kind().has_definition() {
        item.text(Field::AppName).ok_or(ConvertError::NoCommand)?;
        let job = job::of_item(item, context, &mut losses);
        let options = ToTask::default().with_account(losses.account(item, context));
        let conversion = job_to_task(&job, &options.with_profile(context.profile));
        losses.append(conversion.differences);
        return Ok(Converted { value: conversion.value, losses: losses.0 });
    }
    let element = item.embedded().ok_or(ConvertError::NoDefinition)?;
    let names: std::collections::BTreeSet<_> =
        placeholders(&element.to_string()).map(|(_, placeholder)| placeholder.name).collect();
    for name in names {
        let known = context.variable(name).is_some();
        let kind = if known { LossKind::Replaced(name) } else { LossKind::Unknown(name) };
        losses.add(None, "Task", kind);
    }
    let mut task = match definition(item, context).ok_or(ConvertError::NoDefinition)? {
        Err(ConvertError::NoTime(error)) => {
            let (task, places) = undated(item, context).ok_or(ConvertError::NoTime(error))?;
            places.into_iter().for_each(|place| losses.add(None, place, LossKind::Immediate));
            task
        }
        read => read?,
    };
    let principal = task.run_as();
    let account = principal.and_then(|one| one.user_id.as_ref().or(one.group_id.as_ref()));
    if let (Some(stated), Some(account)) = (item.run_as(), account)
        && !is_same_account(&stated, account)
    {
        losses.field(Field::RunAs, LossKind::Read("the account of the definition"));
    }
    for principal in &mut task.principals {
        if principal.user_id.as_deref().is_some_and(is_system_alias) {
            principal.user_id = Some(Sid::LOCAL_SYSTEM.to_string());
            losses.add(None, "Task/Principals/Principal/UserId", LossKind::SystemAlias);
        }
    }
    Ok(Converted { value: task, losses: losses.0 })
}

/// Converts an item to a .JOB file, which does not contain the account.
///
/// # Errors
/// [`ConvertError`], if the item has no command, its definition is invalid, or version 1 cannot express it.
///
/// ```
/// use wintask::Profile;
/// use wintask::gpp::{Context, ScheduledTasks, to_job};
/// use wintask::job::JobFlags;
///
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task
/// clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}" name="a" uid="{1}"><Properties action="C" name="a" appName="a.exe"
/// deleteWhenDone="0"/></Task></ScheduledTasks>"#;
/// let policy = ScheduledTasks::read(file.as_bytes())?;
/// let item = policy.items().next().ok_or("no item")?;
/// let job = to_job(&item, &Context::default())?.value;
/// assert!(!job.flags.contains(JobFlags::DELETE_WHEN_DONE));
/// // The specification says the opposite.
/// let job = to_job(&item, &Context::default().with_profile(Profile::Specification))?.value;
/// assert!(job.flags.contains(JobFlags::DELETE_WHEN_DONE));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_job(item: &Item<'_>, context: &Context<'_>) -> Result<Converted<Job>, ConvertError> {
    if !item.kind().has_definition() {
        let mut losses = Losses::of_item(item);
        item.text(Field::AppName).ok_or(ConvertError::NoCommand)?;
        let job = job::of_item(item, context, &mut losses);
        if item.run_as().is_some() {
            losses.field(Field::RunAs, LossKind::NoCounterpart);
        }
        return Ok(Converted { value: job, losses: losses.0 });
    }
    let Converted { value: task, losses } = to_task(item, context)?;
    let mut losses = Losses(losses);
    let mut options = ToJob::default().with_uuid(context.uuid).with_profile(context.profile);
    options.zone = context.zone;
    let conversion = task_to_job(&task, &options)?;
    losses.append(conversion.differences);
    Ok(Converted { value: conversion.value, losses: losses.0 })
}
