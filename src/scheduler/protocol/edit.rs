//! The edits that methods plan, and how they are applied to the state.

use crate::{
    definition::{TaskPath, TaskPathKey, TriggerKind},
    dtyp::{HResult, Password, WideString, Win32Error},
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    rpc::atsvc::AtInfo,
    scheduler::{
        change::{self, NewTask},
        effect::{Effect, StoreKind, Stored},
        instance::{Cause, CauseKind, StopReason},
        run::{fire, stop},
        store::{
            credentials::{Credential, Holder},
            entry::{FolderId, TaskId},
        },
        twin, v1,
        work::Work,
    },
    security::SecurityDescriptor,
};
use uuid::Uuid;

/// An edit of the state.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// Creates a folder and its missing parents.
    CreateFolder {
        path: TaskPath,
        stated: Option<SecurityDescriptor>,
    },
    RemoveFolder(FolderId),
    SecureFolder(FolderId, SecurityDescriptor),
    /// Registers a task, or replaces its definition.
    Register(Box<Registered>),
    RemoveTask(TaskId),
    SecureTask(TaskId, SecurityDescriptor),
    Enable(TaskId, bool),
    Run(TaskId, Box<Cause>),
    Stop(Uuid),
    AddAt(u32, Box<AtInfo>),
    SetAtAccount(Option<String>),
    /// Sets the account of a .JOB file, and whether its task runs only while that user is logged on.
    SetAccount {
        job: WideString,
        account: String,
        only_if_logged_on: bool,
    },
    /// Stores a password for SASec.
    StoreCredential(Holder, String, Password),
    /// An expired and deleted task was deleted again.
    ForgetExpired(TaskPathKey),
}

/// A registration.
#[derive(Clone, Debug)]
pub(super) struct Registered {
    pub(super) task: NewTask,
    pub(super) existing: Option<TaskId>,
    /// The descriptor for folders that must be created.
    pub(super) folders: Option<SecurityDescriptor>,
    pub(super) credential: Option<(Holder, String, Password)>,
    pub(super) run_registration_triggers: bool,
    /// Whether some of its triggers cannot start it.
    pub(super) incomplete: bool,
}

impl Edit {
    pub(super) fn commit(self, work: &mut Work<'_, '_>) {
        match self {
            Self::CreateFolder { path, stated } => {
                change::put_folder(work, &path, stated.as_ref());
            }
            Self::RemoveFolder(id) => change::remove_folder(work, id),
            Self::SecureFolder(id, descriptor) => {
                let (path, sddl) = (work.state.tree.folder_path(id).to_string(), descriptor.to_string());
                work.state.tree.secure_folder(id, descriptor);
                let sddl = Some(sddl);
                work.effect(Effect::Write(Stored { store: StoreKind::Folder, path, content: None, sddl }));
            }
            Self::Register(registered) => register(work, *registered),
            Self::RemoveTask(id) => {
                let path = work.path(id);
                change::remove_task(work, id);
                let user_name = work.context.caller.name.clone();
                work.log(&path, None, Event::TaskDeleted { task_name: path.to_string(), user_name });
            }
            Self::SecureTask(id, descriptor) => {
                let (path, sddl) = (work.path(id).to_string(), descriptor.to_string());
                work.state.tree.secure_task(id, descriptor);
                let sddl = Some(sddl);
                work.effect(Effect::Write(Stored { store: StoreKind::Xml, path, content: None, sddl }));
                twin::secure(work, id);
            }
            Self::Enable(id, enabled) => {
                change::enable(work, id, enabled);
                let path = work.path(id);
                let (task_name, user_name) = (path.to_string(), work.context.caller.name.clone());
                if enabled {
                    work.log(&path, None, Event::TaskUpdated { task_name, user_name });
                } else {
                    work.log(&path, None, Event::TaskDisabled { task_name, user_name });
                }
            }
            Self::Run(id, cause) => {
                fire::fire(work, id, *cause);
            }
            Self::Stop(instance) => stop::stop(work, instance, StopReason::Request),
            Self::AddAt(number, info) => v1::add_at(work, number, *info),
            Self::SetAtAccount(account) => v1::set_at_account(work, account),
            Self::SetAccount { job, account, only_if_logged_on } => {
                v1::set_account(work, &job, &account, only_if_logged_on);
            }
            Self::StoreCredential(holder, name, password) => store(work, holder, name, password, true),
            Self::ForgetExpired(key) => work.state.expired.retain(|known| *known != key),
        }
    }
}

fn register(work: &mut Work<'_, '_>, registered: Registered) {
    let Registered { task, existing, folders, credential, run_registration_triggers, incomplete } =
        registered;
    let at_registration: Vec<u32> = (0..)
        .zip(&task.task.triggers)
        .filter(|(_, trigger)| {
            run_registration_triggers && matches!(trigger.kind, TriggerKind::Registration { .. })
        })
        .map(|(number, _)| number)
        .collect();
    if let Some(folder) = task.path.parent() {
        change::put_folder(work, &folder, folders.as_ref());
    }
    let path = task.path.clone();
    let Some(id) = change::put_task(work, task, existing) else { return };
    if let Some((holder, name, password)) = credential {
        store(work, holder, name, password, false);
    }
    change::subscribe(work, id);
    let (task_name, user) = (path.to_string(), work.context.caller.name.clone());
    let event = if existing.is_some() {
        Event::TaskUpdated { task_name, user_name: user }
    } else {
        Event::JobRegistered { task_name, user_context: user }
    };
    work.log(&path, None, event);
    if incomplete {
        let result_code = HResult::from_win32(Win32Error::EVT_CHANNEL_NOT_FOUND).0;
        let task_name = path.to_string();
        work.log(&path, None, Event::TaskRegisteredWithoutSomeTriggers { task_name, result_code });
    }
    if !at_registration.is_empty() {
        change::forget_registration(work, id);
    }
    for number in at_registration {
        fire::fire(work, id, Cause::new(CauseKind::Registration, Some(number)));
    }
}

/// Stores a password, and wipes the previous one.
fn store(work: &mut Work<'_, '_>, holder: Holder, name: String, password: Password, by_sasec: bool) {
    let account = name.clone();
    work.state.credentials.list.insert(holder, Credential { name, password: Some(password), by_sasec });
    work.effect(Effect::Credential { account, stored: true });
}
