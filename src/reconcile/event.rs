//! Task events: those of the Security audit, and those of the Task Scheduler.

use crate::{
    dtyp::{FileTime, macros::named},
    eventlog::{Event, task_scheduler},
};

named! {
    /// What an event reports about a task.
    pub enum EventKind {
        /// The task was registered.
        Created = "created",
        /// Its definition was changed.
        Updated = "updated",
        /// The task was enabled.
        Enabled = "enabled",
        /// The task was disabled.
        Disabled = "disabled",
        /// The task was deleted.
        Deleted = "deleted",
        /// The task or one of its actions was started.
        Started = "started",
        /// Anything else.
        Other = "other",
    }
}

/// The provider of events 4698 to 4702 in the Security log.
pub const AUDIT_PROVIDER: &str = "Microsoft-Windows-Security-Auditing";

/// An event about one task (EVIDENCE.md TRACE-01, TRACE-02).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct TaskEvent {
    /// The task path.
    pub path: String,
    /// The event ID.
    pub id: u16,
    /// What the event reports.
    pub kind: EventKind,
    /// When it was logged, UTC.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub time: Option<FileTime>,
    /// The account that did it: `DOMAIN\user`, or the SID if the event has no name.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub actor: Option<String>,
    /// The XML definition, which events 4698 to 4702 contain.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub content: Option<String>,
    /// The program that was started, from events 129 and 200 to 203.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub program: Option<String>,
}

/// The event IDs with a kind of their own (EVIDENCE.md TRACE-01, TRACE-02). Any other event that names a task is of
/// kind Other.
const KINDS: &[(bool, u16, EventKind)] = &[
    (true, 4698, EventKind::Created),
    (true, 4699, EventKind::Deleted),
    (true, 4700, EventKind::Enabled),
    (true, 4701, EventKind::Disabled),
    (true, 4702, EventKind::Updated),
    (false, 106, EventKind::Created),
    (false, 140, EventKind::Updated),
    (false, 141, EventKind::Deleted),
    (false, 142, EventKind::Disabled),
    (false, 100, EventKind::Started),
    (false, 107, EventKind::Started),
    (false, 108, EventKind::Started),
    (false, 109, EventKind::Started),
    (false, 110, EventKind::Started),
    (false, 114, EventKind::Started),
    (false, 117, EventKind::Started),
    (false, 118, EventKind::Started),
    (false, 119, EventKind::Started),
    (false, 120, EventKind::Started),
    (false, 121, EventKind::Started),
    (false, 122, EventKind::Started),
    (false, 123, EventKind::Started),
    (false, 124, EventKind::Started),
    (false, 125, EventKind::Started),
    (false, 129, EventKind::Started),
    (false, 200, EventKind::Started),
];

/// The event data that is used: for each name, the first value that is not empty.
macro_rules! fields {
    ($($field:ident = $name:literal,)*) => {
        #[derive(Default)]
        struct Fields<'a> {
            $( $field: Option<&'a str>, )*
        }

        impl<'a> Fields<'a> {
            fn of(event: &'a Event) -> Self {
                let mut fields = Self::default();
                for (name, value) in event.all_data().filter(|(_, value)| !value.is_empty()) {
                    let field = match name {
                        $( $name => &mut fields.$field, )*
                        _ => continue,
                    };
                    field.get_or_insert(value);
                }
                fields
            }
        }
    };
}

fields! {
    action_name = "ActionName",
    path = "Path",
    subject_domain_name = "SubjectDomainName",
    subject_user_name = "SubjectUserName",
    subject_user_sid = "SubjectUserSid",
    task = "Task",
    task_content = "TaskContent",
    task_content_new = "TaskContentNew",
    task_name = "TaskName",
    task_path = "TaskPath",
    user_context = "UserContext",
    user_name = "UserName",
}

impl TaskEvent {
    /// Reads a Security audit event (4698 to 4702) or a Task Scheduler event. Returns `None` for any other event, or
    /// if it names no task.
    ///
    /// ```
    /// use wintask::eventlog::{Event, System, Value};
    /// use wintask::reconcile::{AUDIT_PROVIDER, EventKind, TaskEvent};
    ///
    /// let text = |text: &str| Value::Text(text.to_owned());
    /// let event = Event::new(&System::new(AUDIT_PROVIDER, 4698), [
    ///     ("SubjectUserName", text("alice")),
    ///     ("SubjectDomainName", text("CONTOSO")),
    ///     ("TaskName", text(r"\Backup")),
    ///     ("TaskContent", text("<Task/>")),
    /// ]);
    /// let event = TaskEvent::from_event(&event).ok_or("no task")?;
    /// assert_eq!((event.kind, event.path.as_str()), (EventKind::Created, r"\Backup"));
    /// assert_eq!(event.actor.as_deref(), Some(r"CONTOSO\alice"));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn from_event(event: &Event) -> Option<Self> {
        let is_audit = match event.provider()? {
            AUDIT_PROVIDER => true,
            task_scheduler::PROVIDER => false,
            _ => return None,
        };
        let id = event.id()?;
        // Runs are the most frequent by far, and last in the table.
        let kind = KINDS.iter().rev().find(|(audit, known, _)| *known == id && *audit == is_audit);
        let kind = kind.map(|(_, _, kind)| *kind);
        let fields = Fields::of(event);
        // Some Task Scheduler events use another name for it (EVIDENCE.md EVT-20).
        let other = fields.task_path.or(fields.task).filter(|_| !is_audit);
        let path = fields.task_name.or(other)?.to_owned();
        let (actor, content, program) = if is_audit {
            kind?;
            let name = fields.subject_user_name.map(|user| match fields.subject_domain_name {
                Some(domain) => [domain, r"\", user].concat(),
                None => user.to_owned(),
            });
            let actor = name.or_else(|| fields.subject_user_sid.map(str::to_owned));
            (actor, fields.task_content_new.or(fields.task_content), None)
        } else {
            let program = match id {
                129 => fields.path,
                200..=203 => fields.action_name,
                _ => None,
            };
            (fields.user_context.or(fields.user_name).map(str::to_owned), None, program)
        };
        let [content, program] = [content, program].map(|text| text.map(str::to_owned));
        let time = event.time_created();
        Some(Self { path, id, kind: kind.unwrap_or(EventKind::Other), time, actor, content, program })
    }

    /// Whether the event reports that the task was created, changed or deleted.
    pub(super) const fn is_change(&self) -> bool {
        !matches!(self.kind, EventKind::Started | EventKind::Other)
    }
}
