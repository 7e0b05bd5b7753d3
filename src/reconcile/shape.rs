//! Fingerprints of common tools: what each leaves in a definition (EVIDENCE.md TRACE-06 to TRACE-10).

use super::finding::FindingKind;
use crate::{
    compat::AT_COMMENT,
    definition::{Settings, Task},
    time::XsDuration,
};

/// A fingerprint, where it is found, and the test for it.
type Row = (FindingKind, &'static str, fn(&Task) -> bool);

/// The fingerprints, most certain first; a definition has at most one.
const SHAPES: &[Row] = &[
    (FindingKind::At, "RegistrationInfo/Description", is_at),
    (FindingKind::Policy, "Settings/IdleSettings", is_policy),
    (FindingKind::Schtasks, "Settings/IdleSettings", is_schtasks),
    (FindingKind::PowerShell, "RegistrationInfo", is_powershell),
    (FindingKind::SnapIn, "Settings", is_snap_in),
];

pub(super) fn shape(task: &Task) -> Option<(FindingKind, &'static str)> {
    SHAPES.iter().find(|(.., is_it)| is_it(task)).map(|(kind, place, _)| (*kind, *place))
}

fn is_at(task: &Task) -> bool {
    task.registration_info.description.as_deref() == Some(AT_COMMENT)
}

/// Whether the idle times are stated with these values.
fn has_idle_times(settings: &Settings, duration: u32, wait: u32) -> bool {
    let idle = settings.idle_settings.as_ref();
    let is = |stated: Option<&XsDuration>, seconds: u32| {
        stated.and_then(XsDuration::to_seconds) == Some(u64::from(seconds))
    };
    is(idle.and_then(|idle| idle.duration.as_ref()), duration)
        && is(idle.and_then(|idle| idle.wait_timeout.as_ref()), wait)
}

fn is_policy(task: &Task) -> bool {
    has_idle_times(&task.settings, 300, 3600)
}

/// The number of fractional digits of the date's seconds; `None` without a date.
fn fraction(task: &Task) -> Option<usize> {
    let date = task.registration_info.date.as_ref()?.as_str();
    Some(date.split_once('.').map_or(0, |(_, after)| after.bytes().take_while(u8::is_ascii_digit).count()))
}

/// The identifier that these tools give to the only principal.
fn is_by_author(task: &Task) -> bool {
    matches!(task.principals.as_slice(), [one] if one.id.as_deref() == Some("Author"))
}

fn is_schtasks(task: &Task) -> bool {
    has_idle_times(&task.settings, 600, 3600)
        && fraction(task) == Some(0)
        && task.registration_info.author.is_some()
        && task.registration_info.description.is_none()
        && is_by_author(task)
}

fn is_powershell(task: &Task) -> bool {
    let info = &task.registration_info;
    has_idle_times(&task.settings, 600, 3600)
        && fraction(task).is_none()
        && info.author.is_none()
        && info.uri.is_some()
        && is_by_author(task)
}

fn is_snap_in(task: &Task) -> bool {
    let settings = &task.settings;
    let stated = [
        settings.allow_hard_terminate,
        settings.allow_start_on_demand,
        settings.start_when_available,
        settings.run_only_if_idle,
        settings.wake_to_run,
        settings.hidden,
        settings.enabled,
    ];
    fraction(task) == Some(7)
        && task.registration_info.author.is_some()
        && stated.iter().all(Option::is_some)
        && is_by_author(task)
        && task.actions.context.as_deref() == Some("Author")
}
