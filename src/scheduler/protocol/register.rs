//! `SchRpcRegisterTask` ([MS-TSCH] 3.2.5.4.2), with its checks in the observable order; EVIDENCE.md RPC-09 to RPC-14.

use super::{
    access,
    edit::{Edit, Registered},
    lookup,
    method::{Change, Method},
    principal::{self, Chosen},
    security::parse_sddl,
};
use crate::{
    compat::{Store, ToJob, job_file_of, obstacles, task_to_at_in, task_to_job},
    definition::{Action, SchemaVersion, Task, TaskPath, TriggerKind},
    dtyp::{HResult, HasHResult, Password, Win32Error},
    eventlog::Query,
    ndr::Counted,
    parameters::ResourceReference,
    rpc::{
        Call,
        schrpc::{
            CredFlags, SchRpcRegisterTask, SchRpcRegisterTaskResponse as Response, TaskCreation,
            TaskLogonType, TaskUserCred,
        },
    },
    scheduler::{
        change::{NewTask, stored_definition, trigger_users},
        context::Context,
        descriptors::{allow_v1, specified_descriptor},
        listeners::UserEvent,
        random::Random,
        registration::{TriggerUser, session_trigger_allowed},
        run::account,
        state::State,
        store::{credentials::Holder, entry::TaskId, tree::Found},
        twin,
        work::win32,
    },
    security::{AccessMask, NewObject, SecurityDescriptor},
    xml,
};

/// Why a registration is rejected: because of the definition, with a location, or for another reason.
enum Refusal {
    Definition(Box<xml::Error>),
    Status(HResult),
}

impl From<HResult> for Refusal {
    fn from(status: HResult) -> Self {
        Self::Status(status)
    }
}

impl Method for SchRpcRegisterTask {
    fn plan(&self, state: &State, context: &Context<'_>) -> Result<Change<Response>, Response> {
        plan(self, state, context).map_err(|refusal| match refusal {
            Refusal::Status(status) => self.failure(status),
            Refusal::Definition(error) => {
                let kind = error.kind();
                Response { error_info: Some((&kind.info).into()), ..self.failure(kind.hresult()) }
            }
        })
    }
}

fn plan(
    request: &SchRpcRegisterTask,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Response>, Refusal> {
    let cred = parameters(request, state)?;
    let sddl = parse_sddl(request.sddl.as_ref())?;
    let validate_only = request.flags.contains(TaskCreation::VALIDATE_ONLY);
    let path = match &request.path {
        Some(path) if !validate_only => Some(lookup::path(state, path)?),
        _ => None,
    };
    if path.as_ref().is_some_and(TaskPath::is_root) {
        return Err(HResult::E_INVALIDARG.into());
    }
    let mut task = read(request, state)?;
    stated_descriptor(&task)?;
    if is_deprecated(&task, state) {
        return Err(HResult::SCHED_E_DEPRECATED_FEATURE_USED.into());
    }
    if validate_only {
        // Windows checks only the definition and returns no path (EVIDENCE.md RPC-09); according to the text the path
        // is checked first.
        if let Some(path) = request.path.as_ref().filter(|_| !state.options.is_windows()) {
            let descriptor = match state.tree.find(&lookup::path(state, path)?) {
                Found::Task(id) => state.tree.task_descriptor(id),
                Found::Folder(id) | Found::Nothing(id) => state.tree.folder_descriptor(id),
                Found::NoFolder(_) => return Err(HResult::E_ACCESSDENIED.into()),
            };
            if !access::reads(descriptor, &context.caller) {
                return Err(HResult::E_ACCESSDENIED.into());
            }
        }
        return Ok(Change::none(Response { status: HResult::S_OK, ..Response::default() }));
    }
    let chosen = principal::choose(request, cred, &task, context, state.options.profile)?;
    principal::rewrite(&mut task, &chosen);
    principal::verify(&chosen, context)?;
    privileged(&task, context)?;
    principal::permitted(&chosen, context)?;
    let mut random = state.random;
    let path = actual_path(path, &task, state, context, &mut random)?;
    let existing = existing(request, state, &path)?;
    may_write(state, context, &path, existing)?;
    let descriptor = descriptor(request, state, context, &path, existing, sddl.as_ref(), &task, &chosen);
    if request.flags.contains(TaskCreation::DISABLE) {
        task.settings.enabled = Some(false);
    }
    let uri = task.registration_info.uri.as_deref().and_then(|uri| uri.parse::<TaskPath>().ok());
    if uri.is_none_or(|uri| !uri.is_same(&path)) {
        task.registration_info.uri = Some(path.to_string());
    }
    v1_compatible(&task, state, context, &path)?;
    let resolve = |name: &str| account::resolve_name(context, name);
    let new = NewTask {
        path: path.clone(),
        definition: stored_definition(&task, state.options.profile).ok_or(HResult::E_INVALIDARG)?,
        descriptor,
        principal: Some(chosen.sid),
        users: trigger_users(&task, resolve),
        task,
    };
    let runs = !request.flags.contains(TaskCreation::IGNORE_REGISTRATION_TRIGGERS);
    let incomplete = !all_triggers_start(&new.task, context);
    let registered = Registered {
        incomplete,
        task: new,
        existing,
        folders: sddl,
        credential: credential(state, &chosen)?,
        run_registration_triggers: runs,
    };
    let unattended = principal::logs_on_as_batch(&chosen);
    let status = if incomplete {
        HResult::SCHED_S_SOME_TRIGGERS_FAILED
    } else if unattended && !context.accounts.may_log_on_as_batch(&chosen.sid) {
        HResult::SCHED_S_BATCH_LOGON_PROBLEM
    } else {
        HResult::S_OK
    };
    let reply = Response { actual_path: Some(path.to_wide()), error_info: None, status };
    Ok(Change::one(reply, Edit::Register(Box::new(registered))).with_random(random))
}

/// Checks the parameters individually; returns the credentials, if any.
fn parameters<'r>(
    request: &'r SchRpcRegisterTask,
    state: &State,
) -> Result<Option<&'r TaskUserCred>, HResult> {
    // The text ignores undefined flags; Windows 10 and Server 2008 do not ([MS-TSCH] note 66).
    let flags = state.options.is_windows() && !request.flags.undefined().is_empty();
    let unknown_logon = request.logon_type.0 > TaskLogonType::INTERACTIVE_TOKEN_OR_PASSWORD.0;
    if flags || unknown_logon {
        return Err(HResult::E_INVALIDARG);
    }
    let cred = match &request.creds {
        Counted::Null { count: 0 } => None,
        Counted::Null { .. } => return Err(HResult::E_INVALIDARG),
        Counted::Array(creds) => match creds.as_slice() {
            [] => None,
            [only] => Some(only),
            _ => return Err(HResult::E_INVALIDARG),
        },
    };
    let undefined = |cred: &TaskUserCred| !cred.flags.without(CredFlags::DEFINED).is_empty();
    if cred.is_some_and(undefined) { Err(HResult::E_INVALIDARG) } else { Ok(cred) }
}

/// Reads the definition, by the rules and up to the version of the server.
fn read(request: &SchRpcRegisterTask, state: &State) -> Result<Task, Refusal> {
    let options =
        xml::Options { profile: state.options.profile, highest_version: state.options.server_version };
    let text = request.xml.to_string();
    xml::read_text(&text, &options).map_err(|error| Refusal::Definition(Box::new(error)))
}

/// Whether a definition has an action that servers no longer support: e-mail and messages, since Windows 8
/// (EVIDENCE.md XML-37).
fn is_deprecated(task: &Task, state: &State) -> bool {
    let deprecated = |action: &Action| matches!(action, Action::SendEmail(_) | Action::ShowMessage(_));
    let removed = state.options.is_windows() && state.options.server_version >= SchemaVersion::V1_4;
    removed && task.actions.list.iter().any(deprecated)
}

/// What only administrators can register: boot triggers, triggers for other users, and the highest priorities.
fn privileged(task: &Task, context: &Context<'_>) -> Result<(), HResult> {
    let caller = &context.caller;
    for trigger in &task.triggers {
        if matches!(trigger.kind, TriggerKind::Boot { .. }) && !caller.administrator {
            return Err(HResult::E_ACCESSDENIED);
        }
        let Some((_, named)) = UserEvent::of(&trigger.kind) else { continue };
        let user = match named.map(|name| account::resolve_name(context, name)) {
            None => TriggerUser::Unstated,
            Some(Some(sid)) if sid == caller.token.user => TriggerUser::Registrant,
            Some(Some(_)) => TriggerUser::OtherUser,
            // Unknown names are reported before missing rights (EVIDENCE.md XML-59).
            Some(None) => return Err(win32(Win32Error::NONE_MAPPED)),
        };
        if !session_trigger_allowed(caller.administrator, user) {
            return Err(HResult::E_ACCESSDENIED);
        }
    }
    let urgent = task.settings.priority.is_some_and(|priority| priority <= 1);
    if urgent && !caller.administrator { Err(HResult::E_ACCESSDENIED) } else { Ok(()) }
}

/// Whether every trigger can start the task. An event trigger cannot if its channel is known not to exist, or if the
/// event log rejects its query (EVIDENCE.md ERR-05).
fn all_triggers_start(task: &Task, context: &Context<'_>) -> bool {
    task.triggers.iter().all(|trigger| {
        let TriggerKind::Event(event) = &trigger.kind else { return true };
        let Ok(query) = Query::parse_subscription(&event.subscription) else { return false };
        context.channels.is_none_or(|known| query.channels().all(|channel| known.exists(channel)))
    })
}

/// The path of the task: the stated path, its URI, or a GUID in the root, which only administrators can use on
/// Windows.
fn actual_path(
    stated: Option<TaskPath>,
    task: &Task,
    state: &State,
    context: &Context<'_>,
    random: &mut Random,
) -> Result<TaskPath, HResult> {
    if let Some(path) = stated {
        return Ok(path);
    }
    let text = match &task.registration_info.uri {
        Some(uri) => uri.clone(),
        None if state.options.is_windows() && !context.caller.administrator => {
            return Err(HResult::E_ACCESSDENIED);
        }
        None => format!("\\{}", random.uuid().braced()),
    };
    let path = lookup::path(state, &text.as_str().into())?;
    if path.is_root() { Err(HResult::E_INVALIDARG) } else { Ok(path) }
}

/// The task to update, or `None` if a task is created.
fn existing(request: &SchRpcRegisterTask, state: &State, path: &TaskPath) -> Result<Option<TaskId>, HResult> {
    let flags = request.flags.without(request.flags.undefined());
    let (create, update) = (flags.contains(TaskCreation::CREATE), flags.contains(TaskCreation::UPDATE));
    if !create && !update && !flags.is_empty() {
        return Err(HResult::E_INVALIDARG);
    }
    match state.tree.find(path) {
        Found::Task(id) if update => Ok(Some(id)),
        Found::Task(_) => Err(win32(Win32Error::ALREADY_EXISTS)),
        Found::Folder(_) if state.options.is_windows() => Err(HResult::E_ACCESSDENIED),
        Found::Folder(_) => Err(win32(Win32Error::ALREADY_EXISTS)),
        Found::NoFolder(_) if state.tree.is_below_task(path) => Err(win32(Win32Error::ALREADY_EXISTS)),
        Found::Nothing(_) | Found::NoFolder(_) if create || flags.is_empty() => Ok(None),
        Found::Nothing(_) | Found::NoFolder(_) => Err(win32(Win32Error::FILE_NOT_FOUND)),
    }
}

/// Whether the caller can write the task, or create it and its missing folders.
fn may_write(
    state: &State,
    context: &Context<'_>,
    path: &TaskPath,
    existing: Option<TaskId>,
) -> Result<(), HResult> {
    let caller = &context.caller;
    let windows = state.options.is_windows();
    let may = match (existing, state.tree.find(path)) {
        (Some(id), _) => access::writes(state.tree.task_descriptor(id), caller),
        (None, Found::NoFolder(deepest)) => {
            // The rights to add folders, and then files to them. According to the text the folder must exist.
            let rights = AccessMask::FILE_APPEND_DATA | AccessMask::FILE_WRITE_DATA;
            windows
                && access::has_or_administers(state, state.tree.folder_descriptor(deepest), caller, rights)
        }
        (None, Found::Nothing(folder) | Found::Folder(folder)) => {
            let descriptor = state.tree.folder_descriptor(folder);
            (windows || access::reads(descriptor, caller))
                && access::has_or_administers(state, descriptor, caller, AccessMask::FILE_WRITE_DATA)
        }
        (None, Found::Task(_)) => false,
    };
    if may { Ok(()) } else { Err(HResult::E_ACCESSDENIED) }
}

/// The descriptor stated in the definition. A reference to a text is not a descriptor.
fn stated_descriptor(task: &Task) -> Result<Option<SecurityDescriptor>, HResult> {
    let text = task.registration_info.security_descriptor.as_ref();
    let text = text.filter(|text| text.parse::<ResourceReference>().is_err());
    parse_sddl(text.map(|text| text.as_str().into()).as_ref())
}

/// The descriptor of the task.
#[expect(clippy::too_many_arguments, reason = "everything in a registration affects it")]
fn descriptor(
    request: &SchRpcRegisterTask,
    state: &State,
    context: &Context<'_>,
    path: &TaskPath,
    existing: Option<TaskId>,
    sddl: Option<&SecurityDescriptor>,
    task: &Task,
    chosen: &Chosen,
) -> SecurityDescriptor {
    let is_v1 = state.options.is_windows() && Store::of_version(task.version) != Store::Xml;
    if let (Some(id), None) = (existing, sddl) {
        let mut kept = state.tree.task_descriptor(id).cloned().unwrap_or_default();
        if is_v1 {
            allow_v1(&mut kept);
        }
        return kept;
    }
    let stated = sddl.cloned().or_else(|| stated_descriptor(task).ok().flatten());
    let token = &context.caller.token;
    let mut descriptor = match &stated {
        None if !state.options.is_windows() => specified_descriptor(token.owner()),
        stated => {
            let folder = folder_to_be(state, context, path, sddl);
            SecurityDescriptor::create(NewObject::Task, Some(&folder), stated.as_ref(), token)
        }
    };
    if !request.flags.contains(TaskCreation::DONT_ADD_PRINCIPAL_ACE) {
        descriptor.allow_file_read(chosen.sid);
    }
    if is_v1 {
        allow_v1(&mut descriptor);
    }
    descriptor
}

/// The descriptor of the task's folder, which may have to be created first.
fn folder_to_be(
    state: &State,
    context: &Context<'_>,
    path: &TaskPath,
    sddl: Option<&SecurityDescriptor>,
) -> SecurityDescriptor {
    let parent = path.parent().unwrap_or_default();
    let (deepest, missing) = match state.tree.find(&parent) {
        Found::Folder(folder) => (folder, 0),
        Found::Nothing(folder) | Found::NoFolder(folder) => {
            let depth = state.tree.folder_path(folder).names().count();
            (folder, parent.names().count().saturating_sub(depth))
        }
        Found::Task(_) => return SecurityDescriptor::default(),
    };
    let deepest = state.tree.folder_descriptor(deepest).cloned().unwrap_or_default();
    (0..missing).fold(deepest, |above, _| {
        SecurityDescriptor::create(NewObject::Folder, Some(&above), sddl, &context.caller.token)
    })
}

/// A version 1 definition requires a twin ([MS-TSCH] 3.2.5.4.2).
fn v1_compatible(task: &Task, state: &State, context: &Context<'_>, path: &TaskPath) -> Result<(), HResult> {
    let store = Store::of_version(task.version);
    if store == Store::Xml {
        return Ok(());
    }
    let options = ToJob::default().with_zone(context.zone).with_profile(state.options.profile);
    let compatible = obstacles(task, store).is_empty()
        && task_to_job(task, &options).is_ok_and(|job| job.value.to_bytes().is_ok())
        && job_file_of(path).is_some()
        && (store == Store::Job || is_at_job(task, state, context));
    if compatible { Ok(()) } else { Err(HResult::SCHED_E_TASK_NOT_V1_COMPAT) }
}

/// Whether a definition is an AT job with the account of AT jobs.
fn is_at_job(task: &Task, state: &State, context: &Context<'_>) -> bool {
    task_to_at_in(task, context.zone, &twin::from_at(state, context)).is_ok()
}

/// The password to store, if the task requires one.
fn credential(state: &State, chosen: &Chosen) -> Result<Option<(Holder, String, Password)>, HResult> {
    let Some(password) = chosen.password.clone().filter(|_| principal::keeps_password(chosen)) else {
        return Ok(None);
    };
    let holder = Holder::new(&chosen.name, Some(chosen.sid));
    let full = state.credentials.list.len() >= crate::limits::CREDENTIALS;
    if full && !state.credentials.has(&holder) {
        return Err(win32(Win32Error::NOT_ENOUGH_MEMORY));
    }
    Ok(Some((holder, chosen.name.clone(), password)))
}
