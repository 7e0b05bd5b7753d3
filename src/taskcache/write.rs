//! Encodes a definition as registry values.

use super::{
    error::TooLong,
    exact::{Cut, RawActions, RawTriggers},
    finding::{FindingKind, Findings},
    into_actions, into_triggers,
    notes::Notes,
    value::Index,
    values::{Recovered, Values, of_actions, of_schema, of_texts, of_triggers},
};
use crate::definition::{Data, Extra, Principal, RegistrationInfo, Task, TriggerKind};

/// The values of a definition, and what they do not preserve.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Written {
    /// The values, except those of the store: path, identifier, descriptor, hash and dynamic information.
    pub values: Values,
    /// What was lost, or is stored in another form.
    pub findings: Findings,
}

/// Encodes a definition in the layouts of Windows 10. Filler and the CRC-32 of the XML are zero, which the service
/// accepts.
///
/// # Errors
/// A text or list that does not fit its 32-bit count.
pub fn write(task: &Task) -> Result<Written, TooLong> {
    let mut notes = Notes::default();
    let Parts { actions, triggers, others } = parts(task, &mut notes);
    let (actions, triggers) = (Some(actions.to_bytes()?), Some(triggers.to_bytes()?));
    Ok(Written { values: Values { actions, triggers, ..others }, findings: notes.findings })
}

/// The definition as the registry stores it: the result of [`write()`] followed by [`recover`](super::recover),
/// without the bytes.
///
/// ```
/// use wintask::definition::{Exec, Task};
/// use wintask::taskcache::{as_stored, recover, write};
///
/// let task = Task::new(Exec::new("notepad.exe"));
/// assert_eq!(as_stored(&task), recover(&write(&task)?.values).task);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn as_stored(task: &Task) -> Task {
    let mut notes = Notes::unread();
    let Parts { actions, triggers, others } = parts(task, &mut notes);
    let mut stored = Task::default();
    of_actions(&actions, Cut::NONE, &mut stored, &mut notes);
    of_triggers(&triggers, Cut::NONE, &mut stored, &mut notes);
    of_texts(&others, &mut stored, &mut notes);
    stored
}

/// Whether values are those that [`write()`] computes for a definition, except for filler, the CRC-32 of the XML, and
/// the overall bounds of the triggers. If so, `as_stored(task) == read.task`; this check is cheaper.
///
/// ```
/// use wintask::definition::{Exec, Task};
/// use wintask::taskcache::{is_stored_as, recover, write};
///
/// let task = Task::new(Exec::new("notepad.exe"));
/// let read = recover(&write(&task)?.values);
/// assert!(is_stored_as(&task, &read));
/// assert!(!is_stored_as(&Task::new(Exec::new("calc.exe")), &read));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn is_stored_as(task: &Task, read: &Recovered) -> bool {
    let notes = &mut Notes::unread();
    let (actions, triggers) = layers(task, notes);
    read.actions.as_ref().is_some_and(|read| read.is_like(&actions))
        && read.triggers.as_ref().is_some_and(|read| read.is_like(&triggers))
        && read.task.version == schema(task, notes).map(of_schema)
        && read.task.data == data(task, notes).as_deref().map(Data::from_text)
        && are_stored_as(&task.registration_info, &read.task.registration_info)
}

/// Whether the registry's texts are the stated ones. It has no place for unknown content.
fn are_stored_as(stated: &RegistrationInfo, read: &RegistrationInfo) -> bool {
    if stated.extra.is_empty() {
        return stated == read;
    }
    RegistrationInfo { extra: Extra::default(), ..stated.clone() } == *read
}

/// The values of a definition in their layers.
struct Parts {
    actions: RawActions,
    triggers: RawTriggers,
    others: Values,
}

fn parts(task: &Task, notes: &mut Notes) -> Parts {
    let (actions, triggers) = layers(task, notes);
    let info = &task.registration_info;
    let others = Values {
        data: data(task, notes),
        schema: schema(task, notes),
        uri: info.uri.clone(),
        author: info.author.clone(),
        date: info.date.as_ref().map(|date| date.as_str().to_owned()),
        description: info.description.clone(),
        documentation: info.documentation.clone(),
        source: info.source.clone(),
        version: info.version.clone(),
        security_descriptor: info.security_descriptor.clone(),
        index: Some(Index::of(task).0),
        ..Values::default()
    };
    Parts { actions, triggers, others }
}

fn layers(task: &Task, notes: &mut Notes) -> (RawActions, RawTriggers) {
    let principal = task.run_as().or_else(|| task.principals.first());
    for other in &task.principals {
        if !principal.is_some_and(|principal| std::ptr::eq(principal, other)) {
            notes.push("Principals", FindingKind::NoCounterpart);
        }
    }
    let id = principal.and_then(|principal: &Principal| principal.id.as_deref());
    let context = task.actions.context.as_deref().or(id);
    let actions = into_actions::actions(&task.actions, context, notes);
    let triggers = into_triggers::triggers(task, principal, notes);
    (actions, triggers)
}

fn data(task: &Task, notes: &mut Notes) -> Option<String> {
    task.data.as_ref().map(|data| into_actions::content(data, "Data", notes))
}

fn schema(task: &Task, notes: &mut Notes) -> Option<u32> {
    let version = task.version?;
    let (major, minor) = (u16::try_from(version.major()).ok(), u16::try_from(version.minor()).ok());
    let schema = major.zip(minor).map(|(major, minor)| u32::from(major) << 16 | u32::from(minor));
    if schema.is_none() {
        notes.not_storable("Version", version);
    }
    schema
}

impl Index {
    /// The key that lists the task, according to its settings and triggers (EVIDENCE.md CACHE-18).
    #[must_use]
    pub fn of(task: &Task) -> Self {
        let has = |kind: fn(&TriggerKind) -> bool| task.triggers.iter().any(|trigger| kind(&trigger.kind));
        if task.settings.maintenance_settings.is_some() {
            Self::MAINTENANCE
        } else if has(|kind| matches!(kind, TriggerKind::Boot { .. })) {
            Self::BOOT
        } else if has(|kind| matches!(kind, TriggerKind::Logon { .. })) {
            Self::LOGON
        } else {
            Self::PLAIN
        }
    }
}
