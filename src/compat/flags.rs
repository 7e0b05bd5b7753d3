//! The flags of a .JOB file and the corresponding settings (EVIDENCE.md COMPAT-05), in one table for both directions.

use crate::{
    Profile,
    definition::{EffectiveSettings, IdleSettings, Settings},
    job::JobFlags,
};

/// A flag and the corresponding setting.
struct Row {
    flag: JobFlags,
    /// Whether the flag is set; the other values are [`Settings::effective_idle_end`].
    get: fn(&EffectiveSettings, [bool; 2]) -> bool,
    /// Sets the setting from the flag.
    set: fn(&mut Settings, bool),
}

fn idle(settings: &mut Settings) -> &mut IdleSettings {
    settings.idle_settings.get_or_insert_default()
}

static ROWS: [Row; 9] = [
    Row {
        flag: JobFlags::DISABLED,
        get: |settings, _| !settings.enabled.value,
        set: |settings, is_set| settings.enabled = Some(!is_set),
    },
    Row {
        flag: JobFlags::START_ONLY_IF_IDLE,
        get: |settings, _| settings.run_only_if_idle.value,
        set: |settings, is_set| settings.run_only_if_idle = Some(is_set),
    },
    Row {
        flag: JobFlags::KILL_ON_IDLE_END,
        get: |_, [stop_on_idle_end, _]| stop_on_idle_end,
        set: |settings, is_set| idle(settings).stop_on_idle_end = Some(is_set),
    },
    Row {
        flag: JobFlags::RESTART_ON_IDLE_RESUME,
        get: |_, [_, restart_on_idle]| restart_on_idle,
        set: |settings, is_set| idle(settings).restart_on_idle = Some(is_set),
    },
    Row {
        flag: JobFlags::DONT_START_IF_ON_BATTERIES,
        get: |settings, _| settings.disallow_start_if_on_batteries.value,
        set: |settings, is_set| settings.disallow_start_if_on_batteries = Some(is_set),
    },
    Row {
        flag: JobFlags::KILL_IF_GOING_ON_BATTERIES,
        get: |settings, _| settings.stop_if_going_on_batteries.value,
        set: |settings, is_set| settings.stop_if_going_on_batteries = Some(is_set),
    },
    Row {
        flag: JobFlags::HIDDEN,
        get: |settings, _| settings.hidden.value,
        set: |settings, is_set| settings.hidden = Some(is_set),
    },
    Row {
        flag: JobFlags::SYSTEM_REQUIRED,
        get: |settings, _| settings.wake_to_run.value,
        set: |settings, is_set| settings.wake_to_run = Some(is_set),
    },
    // Unused according to 2.3.7; Windows' version 1 API maps it to this setting (EVIDENCE.md COMPAT-05).
    Row {
        flag: JobFlags::RUN_IF_CONNECTED_TO_INTERNET,
        get: |settings, _| settings.run_only_if_network_available.value,
        set: |settings, is_set| settings.run_only_if_network_available = Some(is_set),
    },
];

/// The flags that correspond to these settings.
pub(super) fn of_settings(settings: &Settings, profile: Profile) -> JobFlags {
    let (effective, idle_end) = (settings.effective(profile), settings.effective_idle_end(profile));
    let set = ROWS.iter().filter(|row| (row.get)(&effective, idle_end));
    set.fold(JobFlags::NONE, |flags, row| flags | row.flag)
}

/// Sets the setting of each flag to true or false, since the defaults of definitions differ. Returns the flags that
/// have no setting.
pub(super) fn to_settings(flags: JobFlags, settings: &mut Settings) -> JobFlags {
    ROWS.iter().fold(flags, |rest, row| {
        (row.set)(settings, flags.contains(row.flag));
        rest.without(row.flag)
    })
}
