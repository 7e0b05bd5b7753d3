//! Converts the settings and principal of a definition to switches.

use super::{
    create::{IDLE_MINUTES, IDLE_TIMEOUT, account, group, is_service},
    draft::Draft,
    switch::Switches,
    value::Level,
};
use crate::{
    Profile,
    compat::{Account, Field, Reason},
    definition::{EffectiveSettings, IdleSettings, LogonType, Principal, RunLevel, Settings},
    time::XsDuration,
};

/// Converts settings that have a switch, and reports others as lost unless they are absent or have the default value.
pub(super) fn settings(settings: &Settings, switches: &mut Switches, draft: &mut Draft) {
    let (stated, default) =
        (settings.effective(Profile::Windows), Settings::default().effective(Profile::Windows));
    let seconds =
        |all: &EffectiveSettings| all.execution_time_limit.value.as_ref().map(XsDuration::to_seconds);
    draft.unknown(&settings.extra);
    idle(settings.idle_settings.as_ref(), switches, draft);
    for (field, is_there) in [
        (
            Field::AllowStartOnDemand,
            stated.allow_start_on_demand.value != default.allow_start_on_demand.value,
        ),
        (Field::RestartOnFailure, settings.restart_on_failure.is_some()),
        (
            Field::MultipleInstancesPolicy,
            stated.multiple_instances_policy.value != default.multiple_instances_policy.value,
        ),
        (
            Field::DisallowStartIfOnBatteries,
            stated.disallow_start_if_on_batteries.value != default.disallow_start_if_on_batteries.value,
        ),
        (
            Field::StopIfGoingOnBatteries,
            stated.stop_if_going_on_batteries.value != default.stop_if_going_on_batteries.value,
        ),
        (Field::AllowHardTerminate, stated.allow_hard_terminate.value != default.allow_hard_terminate.value),
        (Field::StartWhenAvailable, stated.start_when_available.value != default.start_when_available.value),
        (
            Field::RunOnlyIfNetworkAvailable,
            stated.run_only_if_network_available.value != default.run_only_if_network_available.value,
        ),
        (Field::WakeToRun, stated.wake_to_run.value != default.wake_to_run.value),
        (Field::Enabled, stated.enabled.value != default.enabled.value),
        (Field::Hidden, stated.hidden.value != default.hidden.value),
        (Field::RunOnlyIfIdle, stated.run_only_if_idle.value != default.run_only_if_idle.value),
        (Field::NetworkProfileName, settings.network_profile_name.is_some()),
        (Field::NetworkSettings, settings.network_settings.is_some()),
        (Field::MaintenanceSettings, settings.maintenance_settings.is_some()),
        (Field::Priority, stated.priority.value != default.priority.value),
        (Field::ExecutionTimeLimit, seconds(&stated) != seconds(&default)),
        (
            Field::UseUnifiedSchedulingEngine,
            stated.use_unified_scheduling_engine.value != default.use_unified_scheduling_engine.value,
        ),
        (
            Field::DisallowStartOnRemoteAppSession,
            stated.disallow_start_on_remote_app_session.value
                != default.disallow_start_on_remote_app_session.value,
        ),
        (Field::Volatile, stated.volatile.value != default.volatile.value),
    ] {
        draft.lost(field, is_there);
    }
    if let Some(after) = &settings.delete_expired_task_after {
        switches.delete_when_done = true;
        if !after.is_zero() {
            let (from, to) = (after.to_string(), "PT0S".to_owned());
            draft.differs(Field::DeleteExpiredTaskAfter, Reason::Nearest { from, to });
        }
    }
}

/// Reports idle settings that schtasks does not write; `/I` sets the first of them.
fn idle(stated: Option<&IdleSettings>, switches: &Switches, draft: &mut Draft) {
    let Some(stated) = stated else { return };
    draft.unknown(&stated.extra);
    let other = |stated: &Option<XsDuration>, minutes: u32| {
        stated.as_ref().is_some_and(|stated| stated.to_seconds() != Some(u64::from(minutes) * 60))
    };
    let by_switch = switches.idle_minutes.is_some();
    draft.lost(Field::IdleDuration, !by_switch && other(&stated.duration, IDLE_MINUTES));
    draft.lost(Field::IdleWaitTimeout, other(&stated.wait_timeout, IDLE_TIMEOUT));
    draft.lost(Field::StopOnIdleEnd, stated.stop_on_idle_end == Some(false));
    draft.lost(Field::RestartOnIdle, stated.restart_on_idle == Some(true));
}

pub(super) fn principal(principal: &Principal, switches: &mut Switches, draft: &mut Draft) {
    draft.unknown(&principal.extra);
    let group = principal.group_id.as_deref().filter(|name| group(name).is_some());
    draft.lost(Field::GroupId, principal.group_id.is_some() && group.is_none());
    draft.lost(Field::DisplayName, principal.display_name.is_some());
    draft.lost(Field::ProcessTokenSidType, principal.process_token_sid_type.is_some());
    draft.lost(Field::RequiredPrivileges, principal.required_privileges.is_some());
    let is_system = principal.user_id.as_deref().is_some_and(|user| account(user) == Account::LocalSystem);
    let user = principal.user_id.as_deref().or(group);
    switches.run_as = if is_system { Some("SYSTEM".to_owned()) } else { user.map(str::to_owned) };
    let is_service = principal.sid().is_some_and(|sid| is_service(&sid.to_string()));
    if !is_service && group.is_none() {
        match principal.effective(Profile::Windows).logon_type.value {
            LogonType::S4U => switches.no_password = true,
            LogonType::InteractiveToken => switches.interactive = principal.user_id.is_some(),
            LogonType::InteractiveTokenOrPassword => draft.lost(Field::LogonType, true),
            // Without an account, the command registers a task for the user who runs it, in a session.
            LogonType::Password => draft.lost(Field::LogonType, principal.user_id.is_none()),
        }
    }
    switches.run_level = principal.run_level.map(|level| match level {
        RunLevel::LeastPrivilege => Level::Limited,
        RunLevel::HighestAvailable => Level::Highest,
    });
}
