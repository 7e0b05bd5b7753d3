//! What a host must do after a call or an event.

use crate::{
    definition::{LogonType, TaskPath},
    dtyp::HResult,
    eventlog::task_scheduler::TaskSchedulerEvent,
    security::Sid,
};
use std::fmt;
use time::OffsetDateTime;
use uuid::Uuid;

/// The result of a call or an event: the reply, and the effects in the order in which they must be carried out.
///
/// The state has already changed. Data to persist comes before anything visible to the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the effects have to be carried out"]
#[non_exhaustive]
pub struct Step<R = ()> {
    /// The reply to the caller.
    pub reply: R,
    /// The effects, in order.
    pub effects: Vec<Effect>,
}

impl<R> Step<R> {
    pub(super) fn new(reply: R, effects: Vec<Effect>) -> Self {
        Self { reply, effects }
    }

    /// A reply without effects.
    pub(super) fn reply(reply: R) -> Self {
        Self::new(reply, Vec::new())
    }

    /// Replaces the reply.
    pub(super) fn map<S>(self, map: impl FnOnce(R) -> S) -> Step<S> {
        Step { reply: map(self.reply), effects: self.effects }
    }
}

/// An action that the host must carry out. `Display` writes a line for the log of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "effect", rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Effect {
    /// Starts an action. The host then reports whether it has started.
    Start(Box<Start>),
    /// Stops the current action of an instance.
    Stop {
        /// The task.
        task: TaskPath,
        /// The instance.
        instance: Uuid,
        /// Whether to terminate it; otherwise it is requested to end.
        force: bool,
    },
    /// Writes a task, a folder or a .JOB file.
    Write(Stored),
    /// Removes a task, a folder or a .JOB file.
    Remove {
        /// The store.
        store: StoreKind,
        /// The path from the root; for a .JOB file, its name.
        path: String,
    },
    /// Stores or removes the password of an account, which
    /// [`State::password_of_account`](super::State::password_of_account) returns.
    Credential {
        /// The account.
        account: String,
        /// Whether it is stored rather than removed.
        stored: bool,
    },
    /// Subscribes to the events that an event trigger waits for.
    Subscribe {
        /// The task.
        task: TaskPath,
        /// The trigger, as a 0-based index in the definition.
        trigger: usize,
        /// The query.
        query: String,
    },
    /// Ends a subscription.
    Unsubscribe {
        /// The task.
        task: TaskPath,
        /// The trigger, as a 0-based index in the definition.
        trigger: usize,
    },
    /// Requests to leave sleep by a given time, so that a task can run on time.
    Wake {
        /// The instant.
        #[cfg_attr(feature = "serde", serde(serialize_with = "utc"))]
        at: OffsetDateTime,
    },
    /// Logs an event of the Task Scheduler.
    Log(Box<Record>),
}

/// An action to start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Start {
    /// The task.
    pub task: TaskPath,
    /// The instance of the task.
    pub instance: Uuid,
    /// The action, as a 0-based index in the definition.
    pub action: usize,
    /// What to start, with its parameters replaced.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub program: Program,
    /// The user to run as.
    pub user: Option<Sid>,
    /// The session to run in, if any.
    pub session: Option<u32>,
    /// How to log on the user; with a password, from [`State::password`](super::State::password).
    pub logon: LogonType,
    /// Whether to run it with the highest privileges available.
    pub highest: bool,
    /// Whether the user can interact with it.
    pub interactive: bool,
    /// The task's priority, 0 to 10 ([MS-TSCH] 2.5.4.17).
    pub priority: u8,
    /// The trigger, as a 0-based index in the definition; `None` if no trigger started the task.
    pub trigger: Option<usize>,
}

/// What an action starts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "kind", rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Program {
    /// A program.
    Exec {
        /// Its path.
        command: String,
        /// Its arguments.
        arguments: Option<String>,
        /// The working directory.
        working_directory: Option<String>,
    },
    /// A COM handler.
    ComHandler {
        /// Its class.
        #[cfg_attr(feature = "serde", serde(serialize_with = "braced"))]
        class_id: Uuid,
        /// The data to pass to it: XML.
        data: Option<String>,
    },
    /// An e-mail.
    SendEmail {
        /// The mail server.
        server: String,
        /// The sender.
        from: Option<String>,
        /// The recipients.
        to: Option<String>,
        /// The carbon copy recipients.
        cc: Option<String>,
        /// The blind carbon copy recipients.
        bcc: Option<String>,
        /// The reply address.
        reply_to: Option<String>,
        /// The subject.
        subject: Option<String>,
        /// The body text.
        body: Option<String>,
    },
    /// A message box.
    ShowMessage {
        /// Its title.
        title: Option<String>,
        /// Its text.
        body: String,
    },
}

/// Data to write.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Stored {
    /// The store.
    pub store: StoreKind,
    /// The path from the root; for a .JOB file, its name.
    pub path: String,
    /// The file's content; `None` for a folder, or if only the descriptor changes.
    #[cfg_attr(feature = "serde", serde(rename = "hex", serialize_with = "hex"))]
    pub content: Option<Vec<u8>>,
    /// The security descriptor, in SDDL.
    pub sddl: Option<String>,
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.content.as_ref().map(Vec::len);
        write!(f, "Stored({:?} {:?}, {bytes:?} bytes, {:?})", self.store, self.path, self.sddl)
    }
}

/// A kind of stored object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum StoreKind {
    /// A task definition in the XML task store.
    Xml,
    /// A folder of the XML task store.
    Folder,
    /// A file of the .JOB task store.
    Job,
}

crate::dtyp::macros::choice! {
    StoreKind {
        Xml = "xml",
        Folder = "folder",
        Job = "job",
    }
}

/// An event to log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The event.
    pub event: TaskSchedulerEvent,
    /// The task that the event concerns.
    pub task: Option<TaskPath>,
    /// The instance that the event concerns.
    pub instance: Option<Uuid>,
}

#[cfg(feature = "serde")]
impl serde::Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Record", 4)?;
        out.serialize_field("id", &self.event.id())?;
        out.serialize_field("task", &self.task)?;
        out.serialize_field("instance", &self.instance)?;
        out.serialize_field("data", &Data(self.event.data()))?;
        out.end()
    }
}

/// The fields of an event, with numbers as numbers.
#[cfg(feature = "serde")]
struct Data(Vec<(&'static str, crate::eventlog::Value)>);

#[cfg(feature = "serde")]
impl serde::Serialize for Data {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use crate::eventlog::Value;
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            match value {
                Value::Unsigned(number) | Value::Hex(number) => map.serialize_entry(name, number)?,
                Value::Signed(number) => map.serialize_entry(name, number)?,
                value => map.serialize_entry(name, &value.to_string())?,
            }
        }
        map.end()
    }
}

#[cfg(feature = "serde")]
fn utc<S: serde::Serializer>(instant: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&crate::time::Boundary::utc(*instant), serializer)
}

#[cfg(feature = "serde")]
fn braced<S: serde::Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&id.braced())
}

#[cfg(feature = "serde")]
fn hex<S: serde::Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    use std::fmt::Write;
    let Some(bytes) = bytes else { return serializer.serialize_none() };
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    serializer.serialize_str(&text)
}

/// An effect that the host could not carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailedEffect {
    /// [`Effect::Start`].
    Start {
        /// The instance.
        instance: Uuid,
    },
    /// [`Effect::Stop`].
    Stop {
        /// The instance.
        instance: Uuid,
    },
    /// [`Effect::Subscribe`].
    Subscribe {
        /// The task.
        task: TaskPath,
        /// The trigger, as a 0-based index in the definition.
        trigger: usize,
    },
    /// [`Effect::Unsubscribe`].
    Unsubscribe {
        /// The task.
        task: TaskPath,
        /// The trigger, as a 0-based index in the definition.
        trigger: usize,
    },
    /// [`Effect::Credential`].
    Credential {
        /// The account.
        account: String,
    },
    /// [`Effect::Wake`].
    Wake,
    /// [`Effect::Write`] or [`Effect::Remove`].
    Store {
        /// The store.
        store: StoreKind,
        /// The path.
        path: String,
        /// Whether it was to be removed.
        removed: bool,
        /// Whether only the descriptor was to be written.
        only_security: bool,
    },
}

/// The code for a failure without one: `E_FAIL`.
pub(super) fn failure(error: HResult) -> HResult {
    if error.is_failure() { error } else { HResult::E_FAIL }
}
