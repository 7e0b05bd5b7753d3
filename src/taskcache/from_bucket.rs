//! Interprets the part of Triggers that applies to the whole task: principal and settings.

use super::{
    finding::FindingKind,
    notes::Notes,
    triggers::{Bucket, NEVER, RawPeriod, RawUser, SettingsBody, TriggersHead},
    value::{Privileges, SidUse, TaskFlags},
    wire::Fields,
};
use crate::{
    definition::{
        IdleSettings, LogonType, MaintenanceSettings, MultipleInstancesPolicy, NetworkSettings, Principal,
        ProcessTokenSidType, RestartOnFailure, RunLevel, Settings,
    },
    security::Sid,
    time::XsDuration,
};

/// The field order at the start of the value.
const ORDER: &[&[&str]] = &[TriggersHead::FIELDS, Bucket::FIELDS];

/// Flags of the instance policies, of which at most one may be set.
pub(super) const POLICIES: &[(TaskFlags, MultipleInstancesPolicy)] = &[
    (TaskFlags::PARALLEL, MultipleInstancesPolicy::Parallel),
    (TaskFlags::STOP_EXISTING, MultipleInstancesPolicy::StopExisting),
    (TaskFlags::QUEUE, MultipleInstancesPolicy::Queue),
    (TaskFlags::IGNORE_NEW, MultipleInstancesPolicy::IgnoreNew),
];
pub(super) const LOGON_TYPES: &[(TaskFlags, LogonType)] = &[
    (TaskFlags::S4U, LogonType::S4U),
    (TaskFlags::INTERACTIVE_TOKEN, LogonType::InteractiveToken),
    (TaskFlags::PASSWORD, LogonType::Password),
    (TaskFlags::INTERACTIVE_TOKEN_OR_PASSWORD, LogonType::InteractiveTokenOrPassword),
];
pub(super) const TOKEN_SIDS: &[(TaskFlags, ProcessTokenSidType)] = &[
    (TaskFlags::TOKEN_SID_NONE, ProcessTokenSidType::None),
    (TaskFlags::TOKEN_SID_UNRESTRICTED, ProcessTokenSidType::Unrestricted),
];

/// Mutually exclusive flags, and the meaning of each.
type Table<T> = &'static [(TaskFlags, T)];

/// The meaning of the flag that is set. If there are several, the first counts.
fn one_of<T: Copy>(flags: TaskFlags, table: Table<T>, notes: &mut Notes) -> Option<T> {
    let mut set = table.iter().filter(|(flag, _)| flags.contains(*flag));
    let (first, value) = set.next()?;
    let all = set.fold(*first, |all, (flag, _)| all | *flag);
    if all != *first {
        notes.push("Flags", FindingKind::Contradiction(all));
    }
    Some(*value)
}

/// The principal, if any of it is stated.
pub(super) fn principal(bucket: &Bucket, context: Option<&str>, notes: &mut Notes) -> Option<Principal> {
    let flags = TaskFlags(bucket.flags.value);
    let id = notes.wide("PrincipalId", &bucket.principal_id.to_wide());
    if context.is_some() && id.is_some() && context != id.as_deref() {
        notes.push("PrincipalId", FindingKind::Differs("the context of the actions"));
    }
    let has_user = notes.has_user(ORDER);
    let (account, is_group) = has_user.then(|| account(&bucket.user, notes)).flatten().unzip();
    let (user_id, group_id) = if is_group == Some(true) { (None, account) } else { (account, None) };
    let body = bucket.settings.has_body().then_some(&bucket.settings.body);
    let privileges = Privileges(body.map_or(0, |body| body.privileges));
    if privileges.unknown() != 0 {
        notes.out_of_range("Settings.Privileges", privileges.unknown(), "bits 2 to 36");
    }
    let display_name = notes.wide("DisplayName", &bucket.display_name.to_wide());
    let logon_type = one_of(flags, LOGON_TYPES, notes);
    let is_highest = flags.contains(TaskFlags::HIGHEST_AVAILABLE);
    let process_token_sid_type = one_of(flags, TOKEN_SIDS, notes);
    let required: Vec<_> = privileges.names().map(str::to_owned).collect();
    let is_stated = id.is_some()
        || user_id.is_some()
        || group_id.is_some()
        || display_name.is_some()
        || logon_type.is_some()
        || is_highest
        || process_token_sid_type.is_some()
        || !required.is_empty();
    is_stated.then(|| Principal {
        id: id.or_else(|| context.map(str::to_owned)),
        user_id,
        logon_type,
        group_id,
        display_name,
        run_level: notes.has(ORDER, "Flags").then_some(if is_highest {
            RunLevel::HighestAvailable
        } else {
            RunLevel::LeastPrivilege
        }),
        process_token_sid_type,
        required_privileges: (!required.is_empty()).then_some(required),
        ..Principal::default()
    })
}

/// Whether the SID is that of a service account, which can run a task although its kind is well-known group.
pub(super) fn is_service_account(sid: &Sid) -> bool {
    [Sid::LOCAL_SYSTEM, Sid::LOCAL_SERVICE, Sid::NETWORK_SERVICE].contains(sid)
        || sid.authority() == 5 && matches!(sid.sub_authorities(), [80..=111, ..])
}

/// The account's SID, or its name if it has none, and whether it is a group (EVIDENCE.md CACHE-22).
pub(super) fn account(user: &RawUser, notes: &mut Notes) -> Option<(String, bool)> {
    if user.is_absent.value != 0 {
        return None;
    }
    let name = notes.wide("User.Name", &user.name.to_wide());
    if user.has_no_sid.value != 0 {
        return Some((name?, false));
    }
    let Ok(sid) = Sid::from_bytes(&user.sid.bytes) else {
        notes.push("User.Sid", FindingKind::Sid);
        return Some((name?, false));
    };
    let is_group = match SidUse(user.sid_use.value) {
        SidUse::GROUP | SidUse::ALIAS => true,
        SidUse::WELL_KNOWN => !is_service_account(&sid),
        _ => false,
    };
    Some((sid.to_string(), is_group))
}

/// The settings.
pub(super) fn settings(bucket: &Bucket, notes: &mut Notes) -> Settings {
    let flags = TaskFlags(bucket.flags.value);
    if !flags.undefined().is_empty() {
        notes.push("Flags", FindingKind::UnknownFlags(flags.undefined()));
    }
    if !notes.has(ORDER, "Flags") {
        return Settings::default();
    }
    let has = |flag| Some(flags.contains(flag));
    let idle = IdleSettings {
        stop_on_idle_end: has(TaskFlags::STOP_ON_IDLE_END),
        restart_on_idle: has(TaskFlags::RESTART_ON_IDLE),
        ..IdleSettings::default()
    };
    let settings = Settings {
        allow_start_on_demand: has(TaskFlags::ALLOW_START_ON_DEMAND),
        multiple_instances_policy: one_of(flags, POLICIES, notes),
        disallow_start_if_on_batteries: has(TaskFlags::DISALLOW_START_IF_ON_BATTERIES),
        stop_if_going_on_batteries: has(TaskFlags::STOP_IF_GOING_ON_BATTERIES),
        allow_hard_terminate: has(TaskFlags::ALLOW_HARD_TERMINATE),
        start_when_available: has(TaskFlags::START_WHEN_AVAILABLE),
        run_only_if_network_available: has(TaskFlags::RUN_ONLY_IF_NETWORK_AVAILABLE),
        wake_to_run: has(TaskFlags::WAKE_TO_RUN),
        enabled: has(TaskFlags::ENABLED),
        hidden: has(TaskFlags::HIDDEN),
        run_only_if_idle: has(TaskFlags::RUN_ONLY_IF_IDLE),
        idle_settings: Some(idle),
        ..Settings::default()
    };
    let mut settings = if bucket.settings.has_body() {
        further(&bucket.settings.body, settings, notes)
    } else {
        if bucket.settings.size.value != 0 {
            notes.push("Settings.Size", FindingKind::SettingsSize(bucket.settings.size.value));
        }
        settings
    };
    // The service's defaults for a definition without any idle settings.
    let none = IdleSettings {
        stop_on_idle_end: Some(false),
        restart_on_idle: Some(false),
        ..IdleSettings::default()
    };
    settings.idle_settings = settings.idle_settings.filter(|idle| *idle != none);
    settings
}

/// Adds the numeric settings.
fn further(body: &SettingsBody, mut settings: Settings, notes: &mut Notes) -> Settings {
    let has = |field, notes: &Notes| notes.has_within("Settings", &[&["Size"], SettingsBody::FIELDS], field);
    if let Some(idle) = &mut settings.idle_settings {
        idle.duration = nonzero(body.idle_duration);
        idle.wait_timeout = unless_never(body.idle_wait).filter(|_| has("IdleWait", notes));
    }
    if has("ExecutionTimeLimit", notes) {
        // It is not known which number means no limit; both candidates are accepted (EVIDENCE.md CACHE-23).
        let limit = if body.execution_time_limit == NEVER { 0 } else { body.execution_time_limit };
        settings.execution_time_limit = Some(XsDuration::from_seconds(limit));
    }
    let deleted = unless_never(body.delete_expired_after);
    settings.delete_expired_task_after = deleted.filter(|_| has("DeleteExpiredTaskAfter", notes));
    if has("Priority", notes) {
        settings.priority = u8::try_from(body.priority).ok().filter(|priority| *priority <= 10);
        if settings.priority.is_none() {
            notes.out_of_range("Settings.Priority", body.priority, "0 to 10");
        }
    }
    if !has("RestartCount", notes) {
        return settings;
    }
    if body.restart_count != 0 {
        let interval = XsDuration::from_seconds(body.restart_interval);
        match u8::try_from(body.restart_count) {
            Ok(count) => settings.restart_on_failure = Some(RestartOnFailure::new(interval, count).into()),
            Err(_) => notes.out_of_range("Settings.RestartCount", body.restart_count, "0 to 255"),
        }
    } else if body.restart_interval != 0 {
        notes.out_of_range("Settings.RestartInterval", body.restart_interval, "0 without further attempts");
    }
    if !body.network.is_nil() {
        settings.network_settings =
            Some(NetworkSettings { id: Some(body.network), ..NetworkSettings::default() }.into());
    }
    if let Some(period) = period(&body.period).filter(|_| has("Period", notes)) {
        settings.maintenance_settings = Some(Box::new(MaintenanceSettings {
            deadline: self::period(&body.deadline).filter(|_| has("Deadline", notes)),
            exclusive: has("Exclusive", notes).then_some(body.exclusive != 0),
            ..MaintenanceSettings::new(period)
        }));
    } else {
        if period(&body.deadline).is_some() && has("Deadline", notes) {
            notes.push("Settings.Deadline", FindingKind::WithoutPeriod);
        }
        if body.exclusive != 0 {
            notes.push("Settings.Exclusive", FindingKind::WithoutPeriod);
        }
    }
    settings
}

/// A duration in seconds; `None` for zero.
pub(super) fn nonzero(seconds: u32) -> Option<XsDuration> {
    (seconds != 0).then(|| XsDuration::from_seconds(seconds))
}

/// A duration in seconds; `None` for the highest number.
pub(super) fn unless_never(seconds: u32) -> Option<XsDuration> {
    (seconds != NEVER).then(|| XsDuration::from_seconds(seconds))
}

/// A duration in calendar units; `None` if all of them are zero.
fn period(raw: &RawPeriod) -> Option<XsDuration> {
    let RawPeriod { years, months, weeks, days, hours, minutes, seconds } = *raw;
    let days = u32::from(weeks) * 7 + u32::from(days);
    let mut text = "P".to_owned();
    let dates = [(years.into(), 'Y'), (months.into(), 'M'), (days, 'D')];
    let times = [(hours, 'H'), (minutes, 'M'), (seconds, 'S')];
    for (count, unit) in dates {
        if count != 0 {
            text += &format!("{count}{unit}");
        }
    }
    if times.iter().any(|(count, _)| *count != 0) {
        text.push('T');
    }
    for (count, unit) in times {
        if count != 0 {
            text += &format!("{count}{unit}");
        }
    }
    text.parse().ok()
}
