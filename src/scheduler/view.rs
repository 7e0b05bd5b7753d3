//! Read access to a state: its tasks, folders, instances and passwords, borrowed individually.

use super::{
    instance::{Instance, Phase},
    state::State,
    store::{
        credentials::Holder,
        entry::{Entry, FolderId, NEVER, TaskId, Traits},
        tree::{Folder, Found, Tree},
    },
    timer::Timer,
};
use crate::{
    definition::{Task, TaskPath},
    dtyp::{HResult, Password, WideString},
    rpc::schrpc::TaskState,
    schedule::Patterns,
    security::{SecurityDescriptor, Sid},
    time::Ticks,
};
use std::{borrow::Cow, fmt};
use time::OffsetDateTime;
use uuid::Uuid;

/// A task in a [`State`]. Nothing is copied until requested.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::rpc::schrpc::{SchRpcRegisterTask, TaskState};
/// use wintask::scheduler::{Context, Machine, NoAccounts, Options, State};
///
/// let xml = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
///   <Triggers><TimeTrigger><StartBoundary>2024-05-15T10:01:00</StartBoundary></TimeTrigger></Triggers>
///   <Actions><Exec><Command>backup.exe</Command></Exec></Actions>
/// </Task>"#;
/// let (machine, mut state) = (Machine::default(), State::new(Options::default(), 1));
/// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
/// let request = SchRpcRegisterTask { path: Some(r"\Contoso\Backup".into()), xml: xml.into(), ..Default::default() };
/// assert!(state.call(&context, &request).reply.status.is_success());
///
/// let task = state.task(&r"\contoso\backup".parse()?).ok_or("no such task")?;
/// assert_eq!((task.path().to_string().as_str(), task.state()), (r"\Contoso\Backup", TaskState::READY));
/// assert_eq!(task.next_run(), Some(datetime!(2024-05-15 10:01 UTC)));
/// assert_eq!((task.last_run(), task.task().triggers.len()), (None, 1));
///
/// let names: Vec<String> = state.folders().flat_map(|folder| folder.tasks()).map(|task| task.name().to_string()).collect();
/// assert_eq!(names, ["Backup"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct StoredTask<'s> {
    state: &'s State,
    id: TaskId,
    entry: &'s Entry,
}

/// A folder in a [`State`].
#[derive(Clone, Copy)]
pub struct StoredFolder<'s> {
    state: &'s State,
    id: FolderId,
    folder: &'s Folder,
}

/// An instance of a task in a [`State`], running or waiting.
#[derive(Clone, Copy)]
pub struct TaskInstance<'s> {
    state: &'s State,
    instance: &'s Instance,
}

impl State {
    /// The tasks, in no particular order.
    pub fn tasks(&self) -> impl Iterator<Item = StoredTask<'_>> {
        self.tree.tasks.iter().map(|(id, entry)| StoredTask { state: self, id: TaskId(id), entry })
    }

    /// The task at a path, ignoring case.
    #[must_use]
    pub fn task(&self, path: &TaskPath) -> Option<StoredTask<'_>> {
        match self.tree.find(path) {
            Found::Task(id) => self.stored_task(id),
            _ => None,
        }
    }

    /// The folders, in no particular order except that the root comes first.
    pub fn folders(&self) -> impl Iterator<Item = StoredFolder<'_>> {
        self.tree.folders.iter().map(|(id, folder)| StoredFolder { state: self, id: FolderId(id), folder })
    }

    /// The folder at a path, ignoring case.
    #[must_use]
    pub fn folder(&self, path: &TaskPath) -> Option<StoredFolder<'_>> {
        match self.tree.find(path) {
            Found::Folder(id) => self.stored_folder(id),
            _ => None,
        }
    }

    /// The running task list: running and waiting instances, ordered by GUID.
    pub fn instances(&self) -> impl Iterator<Item = TaskInstance<'_>> {
        self.instances.iter().map(|instance| TaskInstance { state: self, instance })
    }

    /// The instance with this GUID.
    #[must_use]
    pub fn instance(&self, id: Uuid) -> Option<TaskInstance<'_>> {
        Some(TaskInstance { state: self, instance: self.instances.get(id)? })
    }

    /// The accounts with stored passwords, as they were given.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.credentials.list.values().map(|credential| credential.name.as_str())
    }

    /// The stored password of a user, such as [`Start::user`](super::Start::user), for logging on the user. This is a
    /// secret: do not print, log or store it. It is wiped from memory when the state drops it.
    ///
    /// `None` if no password is stored, if the host does not know the account's SID
    /// ([`password_of_account`](Self::password_of_account) finds it by name), or if the state was saved without
    /// secrets.
    ///
    /// A password stays until another is stored for the account, or until SASec, if it stored the password, has no
    /// tasks left that run as the account. [MS-TSCH] 3.2.5.4.2 specifies when the credential store is updated, but no
    /// section removes passwords of ITaskSchedulerService from it (EVIDENCE.md ENGINE-35).
    #[must_use]
    pub fn password(&self, user: &Sid) -> Option<&Password> {
        self.credentials.list.get(&Holder::Account(*user))?.password.as_ref()
    }

    /// The stored password of an account, by name or by SID as text, such as that of
    /// [`Effect::Credential`](super::Effect::Credential). This is a secret; see [`password`](Self::password).
    #[must_use]
    pub fn password_of_account(&self, account: &str) -> Option<&Password> {
        let list = &self.credentials.list;
        let by_sid = || list.get(&Holder::Account(Sid::from_account_name(account)?));
        let as_given = || list.values().find(|known| known.name.to_uppercase() == account.to_uppercase());
        let found = list.get(&Holder::new(account, None)).or_else(by_sid).or_else(as_given);
        found?.password.as_ref()
    }

    fn stored_task(&self, id: TaskId) -> Option<StoredTask<'_>> {
        Some(StoredTask { state: self, id, entry: self.tree.task(id)? })
    }

    fn stored_folder(&self, id: FolderId) -> Option<StoredFolder<'_>> {
        Some(StoredFolder { state: self, id, folder: self.tree.folder(id)? })
    }
}

impl<'s> StoredTask<'s> {
    /// The path.
    #[must_use]
    pub fn path(&self) -> TaskPath {
        self.state.tree.path(self.id)
    }

    /// The last name of the path.
    #[must_use]
    pub fn name(&self) -> WideString {
        self.entry.name.to_wide()
    }

    /// The folder that contains it.
    #[must_use]
    pub fn folder(&self) -> Option<StoredFolder<'s>> {
        self.state.stored_folder(self.entry.folder)
    }

    /// The stored definition: XML, unpacked on each call.
    #[must_use]
    pub fn xml(&self) -> Cow<'s, str> {
        self.entry.definition.unpack().into()
    }

    /// The definition, parsed on each call.
    #[must_use]
    pub fn task(&self) -> Task {
        self.entry.task()
    }

    /// The compiled triggers; a [`Timetable`](crate::schedule::Timetable) computes their runs in a time zone.
    #[must_use]
    pub fn patterns(&self) -> &'s Patterns {
        &self.entry.patterns
    }

    /// The security descriptor.
    #[must_use]
    pub fn descriptor(&self) -> Option<&'s SecurityDescriptor> {
        self.state.tree.task_descriptor(self.id)
    }

    /// Whether it is enabled.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.entry.traits.has(Traits::ENABLED)
    }

    /// Whether it is hidden.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.entry.traits.has(Traits::HIDDEN)
    }

    /// The state, as returned by `SchRpcGetTaskInfo` ([MS-TSCH] 2.3.13): running, queued, ready or disabled.
    #[must_use]
    pub fn state(&self) -> TaskState {
        let instances = || self.state.instances.of(self.id);
        if instances().any(Instance::is_running) {
            TaskState::RUNNING
        } else if instances().next().is_some() {
            TaskState::QUEUED
        } else if self.is_enabled() {
            TaskState::READY
        } else {
            TaskState::DISABLED
        }
    }

    /// When its next scheduled run is due, in UTC; `None` if there are no more scheduled runs, or while it is
    /// disabled.
    #[must_use]
    pub fn next_run(&self) -> Option<OffsetDateTime> {
        Some(self.entry.due).filter(|due| *due != NEVER).map(|due| instant(Ticks(due)))
    }

    /// When it last started, in UTC.
    #[must_use]
    pub fn last_run(&self) -> Option<OffsetDateTime> {
        self.entry.last_run.map(instant)
    }

    /// When its last run ended, in UTC.
    #[must_use]
    pub fn last_end(&self) -> Option<OffsetDateTime> {
        self.entry.last_end.map(instant)
    }

    /// The result of its last run: an exit code, or why it did not start. `SCHED_S_TASK_HAS_NOT_RUN` before the first
    /// run.
    #[must_use]
    pub fn last_result(&self) -> HResult {
        self.entry.last_result
    }

    /// The number of scheduled runs missed since the last run.
    #[must_use]
    pub fn missed_runs(&self) -> u32 {
        self.entry.missed
    }

    /// Its instances, oldest first.
    pub fn instances(&self) -> impl Iterator<Item = TaskInstance<'s>> + use<'s> {
        let state = self.state;
        state.instances.of(self.id).map(move |instance| TaskInstance { state, instance })
    }
}

impl<'s> StoredFolder<'s> {
    /// The path.
    #[must_use]
    pub fn path(&self) -> TaskPath {
        self.state.tree.folder_path(self.id)
    }

    /// The last name of the path; empty for the root.
    #[must_use]
    pub fn name(&self) -> &'s WideString {
        &self.folder.name
    }

    /// Whether it is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.id == Tree::ROOT
    }

    /// The security descriptor.
    #[must_use]
    pub fn descriptor(&self) -> Option<&'s SecurityDescriptor> {
        self.state.tree.folder_descriptor(self.id)
    }

    /// The folders in it, by name.
    pub fn folders(&self) -> impl Iterator<Item = StoredFolder<'s>> + use<'s> {
        let state = self.state;
        self.folder.folders.values().filter_map(move |id| state.stored_folder(*id))
    }

    /// The tasks in it, by name.
    pub fn tasks(&self) -> impl Iterator<Item = StoredTask<'s>> + use<'s> {
        let state = self.state;
        self.folder.tasks.values().filter_map(move |id| state.stored_task(*id))
    }
}

impl<'s> TaskInstance<'s> {
    /// The GUID.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.instance.id
    }

    /// The path of its task.
    #[must_use]
    pub fn path(&self) -> TaskPath {
        self.state.path_of(self.instance)
    }

    /// The task; `None` if it was deleted while the instance was running.
    #[must_use]
    pub fn task(&self) -> Option<StoredTask<'s>> {
        self.state.stored_task(self.instance.task)
    }

    /// Whether an action is running or being started; otherwise the instance waits for a delay, an idle machine or
    /// another instance.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.instance.is_running()
    }

    /// Whether it was requested to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.instance.stopping.is_some()
    }

    /// The current or first action, as a 0-based index in the definition.
    #[must_use]
    pub fn action(&self) -> usize {
        self.instance.action as usize
    }

    /// The trigger that started it, as a 0-based index in the definition. `None` if no trigger started it.
    #[must_use]
    pub fn trigger(&self) -> Option<usize> {
        self.instance.cause.trigger.map(|trigger| trigger as usize)
    }

    /// The process reported by the host; `None` until then.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        (self.instance.phase == Phase::Running).then_some(self.instance.pid)
    }

    /// The user that it runs as, once determined.
    #[must_use]
    pub fn user(&self) -> Option<Sid> {
        self.instance.runs_as.as_ref()?.user
    }

    /// When it starts, if it is waiting for the delay of its trigger.
    #[must_use]
    pub fn starts_at(&self) -> Option<OffsetDateTime> {
        self.state.timers.get(Timer::Delay(self.instance.id)).map(|at| instant(Ticks(at)))
    }

    /// Since when it has been waiting or running, in UTC.
    #[must_use]
    pub fn since(&self) -> OffsetDateTime {
        instant(self.instance.since)
    }
}

fn instant(ticks: Ticks) -> OffsetDateTime {
    ticks.nearest_civil().assume_utc()
}

impl fmt::Debug for StoredTask<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredTask({}, {})", self.path(), self.state())
    }
}

impl fmt::Debug for StoredFolder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredFolder({})", self.path())
    }
}

impl fmt::Debug for TaskInstance<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskInstance({}, {:?})", self.id(), self.instance.phase)
    }
}
