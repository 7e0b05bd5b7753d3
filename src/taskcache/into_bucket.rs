//! Encodes the principal and the settings.

use super::{
    finding::FindingKind,
    from_bucket::{LOGON_TYPES, POLICIES, TOKEN_SIDS, is_service_account},
    notes::Notes,
    triggers::{
        Bucket, NEVER, RawPeriod, RawSettings, RawUser, SettingsBody, WITH_MAINTENANCE, WITH_PRIVILEGES,
    },
    value::{Privileges, SidUse, TaskFlags},
    wire::{AlignedBytes, AlignedText},
};
use crate::{
    Profile,
    definition::{EffectiveSettings, IdleSettings, Principal, RunLevel, Settings, Task},
    security::Sid,
    time::XsDuration,
};

/// The size of the settings in their shortest form.
const SHORTEST: u32 = 0x2C;

/// The part that applies to the whole task, without the boundaries.
pub(super) fn bucket(task: &Task, principal: Option<&Principal>, notes: &mut Notes) -> Bucket {
    let effective = task.settings.effective(Profile::Windows);
    let mut flags = flags(&task.settings, &effective);
    let mut privileges = Privileges::default();
    let (mut id, mut display_name) = (None, None);
    if let Some(principal) = principal {
        (id, display_name) = (principal.id.as_deref(), principal.display_name.as_deref());
        flags = flags | principal_flags(principal);
        privileges = required(principal, notes);
    }
    Bucket {
        flags: flags.0.into(),
        principal_id: AlignedText::of(id.unwrap_or_default()),
        display_name: AlignedText::of(display_name.unwrap_or_default()),
        user: account(principal, notes),
        settings: settings(&task.settings, effective.priority.value, privileges, notes),
        ..Bucket::default()
    }
}

fn flag_of<T: PartialEq>(value: Option<&T>, table: &[(TaskFlags, T)]) -> TaskFlags {
    let row = table.iter().find(|(_, row)| Some(row) == value);
    row.map_or(TaskFlags::NONE, |(flag, _)| *flag)
}

fn principal_flags(principal: &Principal) -> TaskFlags {
    let highest = principal.run_level == Some(RunLevel::HighestAvailable);
    let level = if highest { TaskFlags::HIGHEST_AVAILABLE } else { TaskFlags::NONE };
    flag_of(principal.logon_type.as_ref(), LOGON_TYPES)
        | flag_of(principal.process_token_sid_type.as_ref(), TOKEN_SIDS)
        | level
}

fn required(principal: &Principal, notes: &mut Notes) -> Privileges {
    let mut all = Privileges::default();
    for name in principal.required_privileges.iter().flatten() {
        match Privileges::from_name(name) {
            Some(privilege) => all.0 |= privilege.0,
            None => notes.not_storable("RequiredPrivileges", name),
        }
    }
    all
}

fn account(principal: Option<&Principal>, notes: &mut Notes) -> RawUser {
    let Some(Principal { user_id, group_id, .. }) = principal else { return user(None, false, notes) };
    if user_id.is_some() && group_id.is_some() {
        notes.push("GroupId", FindingKind::NoCounterpart);
    }
    let is_group = user_id.is_none();
    user(user_id.as_deref().or(group_id.as_deref()), is_group, notes)
}

/// An account. A name without a known SID is stored as it is.
pub(super) fn user(name: Option<&str>, is_group: bool, notes: &mut Notes) -> RawUser {
    let Some(name) = name else { return RawUser { is_absent: 1.into(), ..RawUser::default() } };
    let Some(sid) = Sid::from_account_name(name) else {
        if is_group {
            notes.not_storable("GroupId", format_args!("group {name} without its SID"));
        }
        return RawUser { has_no_sid: 1.into(), name: AlignedText::of(name), ..RawUser::default() };
    };
    notes.written("User", name, || sid.to_string());
    let sid_use = match (is_group, sid.sub_authorities()) {
        (false, _) if is_service_account(&sid) => SidUse::WELL_KNOWN,
        (false, _) => SidUse::USER,
        (true, [21, ..]) => SidUse::GROUP,
        (true, [32, ..]) => SidUse::ALIAS,
        (true, _) if is_service_account(&sid) => SidUse::ALIAS,
        (true, _) => SidUse::WELL_KNOWN,
    };
    let bytes = AlignedBytes { bytes: sid.to_bytes(), ..AlignedBytes::default() };
    RawUser { sid_use: sid_use.0.into(), sid: bytes, ..RawUser::default() }
}

fn flags(settings: &Settings, all: &EffectiveSettings) -> TaskFlags {
    let [stop_on_idle_end, restart_on_idle] = settings.effective_idle_end(Profile::Windows);
    let policy = flag_of(Some(&all.multiple_instances_policy.value), POLICIES);
    [
        (all.run_only_if_idle.value, TaskFlags::RUN_ONLY_IF_IDLE),
        (restart_on_idle, TaskFlags::RESTART_ON_IDLE),
        (stop_on_idle_end, TaskFlags::STOP_ON_IDLE_END),
        (all.disallow_start_if_on_batteries.value, TaskFlags::DISALLOW_START_IF_ON_BATTERIES),
        (all.stop_if_going_on_batteries.value, TaskFlags::STOP_IF_GOING_ON_BATTERIES),
        (all.start_when_available.value, TaskFlags::START_WHEN_AVAILABLE),
        (all.run_only_if_network_available.value, TaskFlags::RUN_ONLY_IF_NETWORK_AVAILABLE),
        (all.allow_start_on_demand.value, TaskFlags::ALLOW_START_ON_DEMAND),
        (all.wake_to_run.value, TaskFlags::WAKE_TO_RUN),
        (all.enabled.value, TaskFlags::ENABLED),
        (all.hidden.value, TaskFlags::HIDDEN),
        (all.allow_hard_terminate.value, TaskFlags::ALLOW_HARD_TERMINATE),
    ]
    .into_iter()
    .filter(|(is_set, _)| *is_set)
    .fold(TaskFlags::TASK | policy, |flags, (_, flag)| flags | flag)
}

fn settings(settings: &Settings, priority: u8, privileges: Privileges, notes: &mut Notes) -> RawSettings {
    let lost = [
        ("UseUnifiedSchedulingEngine", settings.use_unified_scheduling_engine == Some(true)),
        ("DisallowStartOnRemoteAppSession", settings.disallow_start_on_remote_app_session == Some(true)),
        ("Volatile", settings.volatile == Some(true)),
        ("NetworkProfileName", settings.network_profile_name.is_some()),
        ("NetworkSettings.Name", settings.network_settings.as_ref().is_some_and(|n| n.name.is_some())),
        ("IdleSettings", is_like_none(settings)),
    ];
    for (field, _) in lost.iter().filter(|(_, is_stated)| *is_stated) {
        notes.push(field, FindingKind::NoCounterpart);
    }
    let idle = settings.idle_settings.as_ref();
    let idle_duration = idle.and_then(|idle| idle.duration.as_ref());
    let idle_wait = idle.and_then(|idle| idle.wait_timeout.as_ref());
    let mut seconds = |field: &str, duration: Option<&XsDuration>, none: u32| {
        duration.map_or(none, |duration| seconds(field, duration, none, notes))
    };
    let retry = settings.restart_on_failure.as_ref();
    let mut body = SettingsBody {
        idle_duration: seconds("IdleSettings.Duration", idle_duration, 0),
        idle_wait: seconds("IdleSettings.WaitTimeout", idle_wait, NEVER),
        execution_time_limit: seconds(
            "ExecutionTimeLimit",
            settings.execution_time_limit.as_ref(),
            EXECUTION_TIME_LIMIT,
        ),
        delete_expired_after: seconds(
            "DeleteExpiredTaskAfter",
            settings.delete_expired_task_after.as_ref(),
            NEVER,
        ),
        priority: priority.into(),
        restart_interval: seconds("RestartOnFailure.Interval", retry.map(|retry| &retry.interval), 0),
        restart_count: retry.map_or(0, |retry| retry.count.into()),
        network: settings.network_settings.as_ref().and_then(|network| network.id).unwrap_or_default(),
        privileges: privileges.0,
        ..SettingsBody::default()
    };
    let mut size = if privileges.0 == 0 { SHORTEST } else { WITH_PRIVILEGES };
    if let Some(maintenance) = &settings.maintenance_settings {
        size = WITH_MAINTENANCE;
        body.period = period("MaintenanceSettings.Period", &maintenance.period, notes);
        let deadline = maintenance.deadline.as_ref();
        body.deadline = deadline.map_or_else(RawPeriod::default, |deadline| {
            period("MaintenanceSettings.Deadline", deadline, notes)
        });
        body.exclusive = u8::from(maintenance.exclusive == Some(true));
    }
    RawSettings { size: size.into(), body, unknown: Vec::new() }
}

/// Whether the registry cannot distinguish these IdleSettings from absent ones. Durations that are not stated then
/// have other defaults.
fn is_like_none(settings: &Settings) -> bool {
    let Some(IdleSettings { duration: None, wait_timeout: None, .. }) = &settings.idle_settings else {
        return false;
    };
    settings.effective_idle_end(Profile::Windows) == [false, false]
}

/// The default limit: 72 hours.
const EXECUTION_TIME_LIMIT: u32 = 72 * 3600;

/// A duration in whole seconds, or `none` if it cannot be stored.
pub(super) fn seconds(field: &str, duration: &XsDuration, none: u32, notes: &mut Notes) -> u32 {
    let seconds = duration.to_seconds().and_then(|seconds| u32::try_from(seconds).ok());
    let Some(seconds) = seconds.filter(|seconds| *seconds != NEVER) else {
        notes.not_storable(field, duration);
        return none;
    };
    if duration.subsec_nanos() != 0 {
        notes.written(field, duration.as_str(), || XsDuration::from_seconds(seconds).to_string());
    }
    seconds
}

fn period(field: &str, duration: &XsDuration, notes: &mut Notes) -> RawPeriod {
    let parts = parts(duration);
    if parts.is_none() {
        notes.not_storable(field, duration);
    }
    parts.unwrap_or_default()
}

/// A duration in calendar units, if they fit.
fn parts(duration: &XsDuration) -> Option<RawPeriod> {
    let seconds = duration.whole_seconds()?;
    if duration.subsec_nanos() != 0 || duration.is_zero() {
        return None;
    }
    let unit = |count: u64| u16::try_from(count).ok();
    Some(RawPeriod {
        years: unit(duration.months() / 12)?,
        months: unit(duration.months() % 12)?,
        weeks: 0,
        days: unit(seconds / 86400)?,
        hours: unit(seconds / 3600 % 24)?,
        minutes: unit(seconds / 60 % 60)?,
        seconds: unit(seconds % 60)?,
    })
}
