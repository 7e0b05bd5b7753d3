//! Task Scheduler events as values.

use super::{
    advice::Advice,
    catalogue::{TABLE, TaskEventInfo, TaskSchedulerEvent},
};
use crate::{
    dtyp::HResult,
    eventlog::{Event, System, Value},
};
use std::fmt;
use uuid::Uuid;

/// The name of the provider.
pub const PROVIDER: &str = "Microsoft-Windows-TaskScheduler";

/// The GUID of the provider.
pub const PROVIDER_GUID: Uuid = Uuid::from_u128(0xDE7B24EA_73C8_4A09_985D_5BDADCFA9017);

/// The error for an event that is not a [`TaskSchedulerEvent`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotTaskSchedulerEvent {
    /// Another provider logged it.
    #[error("the provider is not the Task Scheduler")]
    Provider,
    /// The event has no id, or one that the Task Scheduler does not use.
    #[error("unknown event id")]
    Id,
    /// A field is missing or malformed.
    #[error("the field {0} is missing or malformed")]
    Field(&'static str),
}

crate::dtyp::macros::message_serde!(NotTaskSchedulerEvent);

/// Returns the metadata of an event id.
///
/// ```
/// use wintask::eventlog::task_scheduler::{TaskChannel, info};
///
/// let deleted = info(707).ok_or("unknown")?;
/// assert_eq!(deleted.symbol, "COMPAT_TASK_DELETE_FAILED");
/// assert_eq!(deleted.channel, TaskChannel::Operational);
/// assert_eq!(info(136), None);
/// # Ok::<(), &'static str>(())
/// ```
#[must_use]
pub fn info(id: u16) -> Option<&'static TaskEventInfo> {
    TABLE.binary_search_by_key(&id, |info| info.id).ok().and_then(|at| TABLE.get(at))
}

/// Iterates over all known events, ordered by id.
///
/// ```
/// use wintask::eventlog::task_scheduler::{TaskChannel, all};
///
/// let maintenance = all().filter(|info| info.channel == TaskChannel::Maintenance);
/// assert!(maintenance.map(|info| info.id).eq(800..=809));
/// ```
pub fn all() -> impl Iterator<Item = &'static TaskEventInfo> {
    TABLE.iter()
}

/// Describes a Task Scheduler event. A missing field is shown as `?`. Returns `None` for events of other providers
/// and unknown ids.
///
/// ```
/// use wintask::eventlog::{Event, task_scheduler::message};
///
/// let event: Event = "<Event><System><Provider Name='Microsoft-Windows-TaskScheduler'/><EventID>141</EventID></System>\
///     <EventData><Data Name='TaskName'>\\Example</Data></EventData></Event>".parse()?;
/// assert_eq!(message(&event).as_deref(), Some(r#"user "?" deleted "\Example""#));
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[must_use]
pub fn message(event: &Event) -> Option<String> {
    let info = info(event.id().filter(|_| is_ours(event))?)?;
    Some(fill(info, |name| event.data(name).map(str::to_owned)))
}

/// Whether the Task Scheduler logged it. Some of its events in the System log identify the provider only by GUID.
fn is_ours(event: &Event) -> bool {
    match event.provider() {
        Some(name) => name == PROVIDER,
        None => event.system().provider_guid == Some(PROVIDER_GUID),
    }
}

/// Replaces field names in braces with their values. Error codes are followed by their names.
fn fill(info: &TaskEventInfo, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(info.message.len() * 2);
    for (n, part) in info.message.split(['{', '}']).enumerate() {
        // Every second part is a name in braces.
        if n % 2 == 0 {
            filled.push_str(part);
        } else {
            let value = value(part);
            filled.push_str(value.as_deref().unwrap_or("?"));
            // The code in event 201 may be the program's exit code.
            let code = value.filter(|_| part == "ResultCode" && info.id != 201);
            let code = code.and_then(|code| code.parse().ok()).map(HResult);
            if let Some(code) = code.filter(|code| code.is_failure()) {
                filled.push_str(&format!(", {code}"));
            }
        }
    }
    filled
}

/// The known template names, in `EventData/@Name` (EVIDENCE.md EVT-25).
const TEMPLATES: &[(u16, &str)] =
    &[(102, "TaskSuccessEvent"), (106, "TaskRegisteredEvent"), (110, "TaskRunEvent"), (201, "ActionSuccess")];

/// Events whose activity id is the instance id of the task.
const OF_AN_INSTANCE: &[u16] = &[100, 102, 107, 108, 109, 110, 200, 201];

impl TaskSchedulerEvent {
    /// Parses an event by its field names.
    ///
    /// # Errors
    ///
    /// An event of another provider, an unknown id, or a missing or malformed field.
    pub fn from_event(event: &Event) -> Result<Self, NotTaskSchedulerEvent> {
        if !is_ours(event) {
            return Err(NotTaskSchedulerEvent::Provider);
        }
        let id = event.id().ok_or(NotTaskSchedulerEvent::Id)?;
        Self::read(id, event).map_err(NotTaskSchedulerEvent::Field)?.ok_or(NotTaskSchedulerEvent::Id)
    }

    /// The event as it is logged. Time, computer, user, process and record number come from `system`; the other
    /// fields are determined by the event.
    #[must_use]
    pub fn to_event(&self, system: System) -> Event {
        let info = self.info();
        let mut data = self.data();
        let instance = data.iter().find_map(|(_, value)| match value {
            Value::Guid(id) if OF_AN_INSTANCE.contains(&self.id()) => Some(*id),
            _ => None,
        });
        let system = System {
            provider: Some(PROVIDER.to_owned()),
            provider_guid: Some(PROVIDER_GUID),
            event_id: self.id(),
            version: Some(self.version()),
            level: Some(info.level as u8),
            opcode: opcode(info.opcode),
            channel: Some(info.channel.to_string()),
            activity_id: instance.or(system.activity_id),
            ..system
        };
        // Version 0 of event 201 has the action before the instance (EVIDENCE.md EVT-21).
        if self.id() == 201 && self.version() == 0 {
            data.sort_by_key(|(name, _)| *name == "TaskInstanceId");
        }
        let template = TEMPLATES.iter().find(|(id, _)| *id == self.id()).map_or("", |(_, name)| name);
        Event::with_template(&system, template, data)
    }

    /// The version of the event: the number of later fields that are present.
    #[must_use]
    pub fn version(&self) -> u8 {
        let later = |name: &str| self.info().fields.iter().any(|field| field.later && field.name == name);
        u8::try_from(self.data().iter().filter(|(name, _)| later(name)).count()).unwrap_or(u8::MAX)
    }

    /// Describes the event in words.
    #[must_use]
    pub fn message(&self) -> String {
        let data = self.data();
        let value =
            |name: &str| data.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
        fill(self.info(), value)
    }

    /// The field `ResultCode`: an HRESULT, a Win32 error or, in event 201, the program's exit code (EVIDENCE.md EVT-22).
    #[must_use]
    pub fn result_code(&self) -> Option<HResult> {
        self.data().into_iter().find_map(|(name, value)| match value {
            Value::Unsigned(code) | Value::Hex(code) if name == "ResultCode" => {
                u32::try_from(code).ok().map(HResult)
            }
            _ => None,
        })
    }

    /// Troubleshooting advice; `None` if there is none for the event or its code.
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        Advice::of(self.id(), self.result_code())
    }
}

/// The numbers of the standard opcodes. The Task Scheduler's own opcode numbers are not published.
fn opcode(name: &str) -> Option<u8> {
    match name {
        "" => Some(0),
        "Start" => Some(1),
        "Stop" => Some(2),
        _ => None,
    }
}

impl fmt::Display for TaskSchedulerEvent {
    /// The id and the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id(), self.message())
    }
}
