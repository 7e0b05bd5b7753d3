//! The events that the Task Scheduler logs itself (facts/events.md; event 707's article, seed 000).
//!
//! [`TaskSchedulerEvent`] has a variant per event: a scheduler emits it, a forensic tool parses it from an event.
//! [`info`] answers what is known of an event by number, and [`message`] tells any of them in words, damaged ones too.
//!
//! ```
//! use wintask::eventlog::{System, task_scheduler::TaskSchedulerEvent};
//!
//! let failed = TaskSchedulerEvent::CompatTaskDeleteFailed {
//!     task_name: r"\Old".into(),
//!     result_code: 0x8004_1315,
//! };
//! assert_eq!(failed.id(), 707);
//! assert_eq!(
//!     failed.message(),
//!     r#"the Compatibility module failed to delete "\Old"; error 2147750677"#,
//! );
//! let advice = failed.advice().ok_or("no advice")?;
//! assert_eq!(advice.code, Some("Start the Task Scheduler service."));
//! assert_eq!(advice.steps.len(), 5);
//! # Ok::<(), &'static str>(())
//! ```

mod advice;
mod catalogue;
mod field;

pub use advice::Advice;
pub use catalogue::{TaskEventField, TaskEventInfo, TaskSchedulerEvent};
pub use field::Hex;

use super::{Event, System, Value};
use crate::dtyp::HResult;
use std::fmt;
use uuid::Uuid;

/// Name of the provider.
pub const PROVIDER: &str = "Microsoft-Windows-TaskScheduler";

/// Identifier of the provider.
pub const PROVIDER_GUID: Uuid = Uuid::from_u128(0xDE7B24EA_73C8_4A09_985D_5BDADCFA9017);

/// Where the Task Scheduler logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TaskChannel {
    /// `Microsoft-Windows-TaskScheduler/Operational`.
    Operational,
    /// The System log.
    System,
    /// `Microsoft-Windows-TaskScheduler/Diagnostic`.
    Diagnostic,
    /// `Microsoft-Windows-TaskScheduler/Maintenance`.
    Maintenance,
    /// `Microsoft-Windows-TaskScheduler/Debug`.
    Debug,
}

impl TaskChannel {
    /// The channel's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operational => "Microsoft-Windows-TaskScheduler/Operational",
            Self::System => "System",
            Self::Diagnostic => "Microsoft-Windows-TaskScheduler/Diagnostic",
            Self::Maintenance => "Microsoft-Windows-TaskScheduler/Maintenance",
            Self::Debug => "Microsoft-Windows-TaskScheduler/Debug",
        }
    }
}

/// How grave an event is; the number is that of `System/Level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TaskLevel {
    /// 1.
    Critical = 1,
    /// 2.
    Error = 2,
    /// 3.
    Warning = 3,
    /// 4.
    Information = 4,
    /// 5.
    Verbose = 5,
}

/// Why an event is none that [`TaskSchedulerEvent`] knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotTaskSchedulerEvent {
    /// Another provider logged it.
    #[error("the provider is not the Task Scheduler")]
    Provider,
    /// No event of the Task Scheduler has this number, or it has none.
    #[error("the Task Scheduler has no such event")]
    Id,
    /// A field is missing or has a value of a wrong form.
    #[error("the field {0} is missing or wrong")]
    Field(&'static str),
}

/// What is known of the event of this number.
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
    catalogue::TABLE.binary_search_by_key(&id, |info| info.id).ok().and_then(|at| catalogue::TABLE.get(at))
}

/// Every event that is known, by number.
pub fn all() -> impl Iterator<Item = &'static TaskEventInfo> {
    catalogue::TABLE.iter()
}

/// Tells an event of the Task Scheduler in words; a field that is missing shows as `?`. None for other providers'
/// events and unknown numbers.
#[must_use]
pub fn message(event: &Event) -> Option<String> {
    let info = info(event.id().filter(|_| is_ours(event))?)?;
    Some(fill(info.message, |name| event.data(name).map(str::to_owned)))
}

/// Whether the Task Scheduler logged it. Its events in the System log name the provider by identifier alone at times.
fn is_ours(event: &Event) -> bool {
    match event.provider() {
        Some(name) => name == PROVIDER,
        None => event.system().provider_guid == Some(PROVIDER_GUID),
    }
}

/// Puts values in the place of the names in braces.
fn fill(message: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(message.len() * 2);
    for (n, part) in message.split(['{', '}']).enumerate() {
        // Names stand at the odd places: between an opening brace and a closing one.
        if n % 2 == 0 {
            filled.push_str(part);
        } else {
            filled.push_str(value(part).as_deref().unwrap_or("?"));
        }
    }
    filled
}

/// Names of the templates that `EventData/@Name` is known to have.
const TEMPLATES: &[(u16, &str)] =
    &[(102, "TaskSuccessEvent"), (106, "TaskRegisteredEvent"), (110, "TaskRunEvent"), (201, "ActionSuccess")];

/// Events whose activity is the instance of the task.
const OF_AN_INSTANCE: &[u16] = &[100, 102, 107, 108, 109, 110, 200, 201];

impl TaskSchedulerEvent {
    /// Reads an event by the names of its fields.
    ///
    /// # Errors
    ///
    /// Another provider's event, an unknown number, and a field that is missing or wrong.
    pub fn from_event(event: &Event) -> Result<Self, NotTaskSchedulerEvent> {
        if !is_ours(event) {
            return Err(NotTaskSchedulerEvent::Provider);
        }
        let id = event.id().ok_or(NotTaskSchedulerEvent::Id)?;
        Self::read(id, event).map_err(NotTaskSchedulerEvent::Field)?.ok_or(NotTaskSchedulerEvent::Id)
    }

    /// The event as it is logged. What is known of the event is put into `system`; time, computer, user, process and
    /// record number are taken from it.
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
            level: info.map(|info| info.level as u8),
            opcode: info.and_then(|info| opcode(info.opcode)),
            channel: info.map(|info| info.channel.name().to_owned()),
            activity_id: instance.or(system.activity_id),
            ..system
        };
        // Version 0 of event 201 has the action before the instance (facts/events.md 2).
        if self.id() == 201 && self.version() == 0 {
            data.sort_by_key(|(name, _)| *name == "TaskInstanceId");
        }
        let template = TEMPLATES.iter().find(|(id, _)| *id == self.id()).map_or("", |(_, name)| name);
        Event::with_template(&system, template, data)
    }

    /// What is known of the event.
    #[must_use]
    pub fn info(&self) -> Option<&'static TaskEventInfo> {
        info(self.id())
    }

    /// Version of the event: each field that came later makes it one more.
    #[must_use]
    pub fn version(&self) -> u8 {
        let later = |name: &str| {
            self.info().is_some_and(|info| info.fields.iter().any(|field| field.later && field.name == name))
        };
        u8::try_from(self.data().iter().filter(|(name, _)| later(name)).count()).unwrap_or(u8::MAX)
    }

    /// The event in words.
    #[must_use]
    pub fn message(&self) -> String {
        let data = self.data();
        let value =
            |name: &str| data.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
        fill(self.info().map_or("", |info| info.message), value)
    }

    /// The field `ResultCode`: an HRESULT or a Win32 error; of event 201 whatever the program returned.
    #[must_use]
    pub fn result_code(&self) -> Option<HResult> {
        self.data().into_iter().find_map(|(name, value)| match value {
            Value::Unsigned(code) | Value::Hex(code) if name == "ResultCode" => {
                u32::try_from(code).ok().map(HResult)
            }
            _ => None,
        })
    }

    /// What an administrator can do about it; none where neither the event nor its code has advice.
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        Advice::of(self)
    }
}

/// The numbers of the opcodes that every provider shares; those of the Task Scheduler's own are not published.
fn opcode(name: &str) -> Option<u8> {
    match name {
        "" => Some(0),
        "Start" => Some(1),
        "Stop" => Some(2),
        _ => None,
    }
}

impl fmt::Display for TaskSchedulerEvent {
    /// Number and message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id(), self.message())
    }
}
