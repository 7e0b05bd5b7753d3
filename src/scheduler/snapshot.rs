//! The state as data: saved without secrets unless requested, and loaded with all derived data rebuilt.

use super::{
    instance::{Cause, Instance},
    listeners::{TriggerId, UserEvent},
    options::Options,
    random::Random,
    state::{Repeat, Seen, State},
    store::{
        credentials::{Credential, Credentials, Holder},
        descriptors::Descriptors,
        entry::{Entry, FolderId, NEVER, TaskId, Traits, parse, patterns},
        jobs::{AtJob, AtJobs, JobFile, Jobs},
        packed::Packed,
        slab::Slab,
        tree::{Folder, Tree},
    },
    timer::Timer,
};
use crate::{
    definition::{NameKey, Task, TriggerKind},
    dtyp::{HResult, Password, WideString},
    eventlog::EventCounter,
    security::Sid,
    time::Ticks,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::collections::{BTreeMap, BTreeSet};

/// A state with its passwords, for serialisation where they must be kept.
///
/// ```
/// use wintask::scheduler::{Options, State, WithSecrets};
///
/// let state = State::new(Options::default(), 1);
/// let saved = serde_json::to_string(&WithSecrets(&state))?;
/// let loaded: State = serde_json::from_str(&saved)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a state to serialise with its passwords")]
pub struct WithSecrets<'s>(
    /// The state.
    pub &'s State,
);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    options: Options,
    random: Random,
    folders: Vec<SavedFolder>,
    free_folders: Vec<u32>,
    tasks: Vec<SavedTask>,
    free_tasks: Vec<u32>,
    jobs: Vec<JobFile>,
    at_jobs: Vec<(u32, AtJob)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_account: Option<String>,
    credentials: Vec<SavedCredential>,
    principals: Vec<(TaskId, Sid)>,
    users: Vec<(TriggerId, Sid)>,
    instances: Vec<Instance>,
    next_serial: u64,
    timers: Vec<(Timer, i64)>,
    repeats: Vec<(TriggerId, Repeat)>,
    retries: Vec<(TaskId, Cause)>,
    missed: Vec<(TaskId, u32)>,
    restart_when_idle: BTreeSet<TaskId>,
    maintain: BTreeSet<TaskId>,
    interrupted: BTreeSet<TaskId>,
    maintenance_until: i64,
    expired: Vec<WideString>,
    counters: Vec<(TriggerId, EventCounter)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asleep_since: Option<Ticks>,
    #[serde(default)]
    seen: Seen,
    #[serde(default)]
    maintained_since: Vec<(TaskId, i64)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedFolder {
    id: FolderId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<FolderId>,
    name: WideString,
    sddl: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedTask {
    id: TaskId,
    folder: FolderId,
    name: WideString,
    definition: Box<str>,
    sddl: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_run: Option<Ticks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_end: Option<Ticks>,
    last_result: HResult,
    #[serde(default)]
    missed: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedCredential {
    holder: Holder,
    name: String,
    #[serde(default)]
    by_sasec: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<WideString>,
}

impl Saved {
    fn of(state: &State, secrets: bool) -> Self {
        let tree = &state.tree;
        let sddl = |descriptor| tree.descriptors.text(descriptor).to_owned();
        let folder = |(id, folder): (u32, &Folder)| SavedFolder {
            id: FolderId(id),
            parent: folder.parent,
            name: folder.name.clone(),
            sddl: sddl(folder.descriptor),
        };
        let task = |(id, entry): (u32, &Entry)| SavedTask {
            id: TaskId(id),
            folder: entry.folder,
            name: entry.name.clone(),
            definition: entry.definition.unpack().into(),
            sddl: sddl(entry.descriptor),
            due: Some(entry.due).filter(|due| *due != NEVER),
            last_run: entry.last_run,
            last_end: entry.last_end,
            last_result: entry.last_result,
            missed: entry.missed,
        };
        let credential = |(holder, credential): (&Holder, &Credential)| SavedCredential {
            holder: holder.clone(),
            name: credential.name.clone(),
            by_sasec: credential.by_sasec,
            password: credential.password.as_ref().filter(|_| secrets).map(Password::reveal),
        };
        let mut instances: Vec<Instance> = state.instances.all().into_iter().cloned().collect();
        instances.sort_by_key(|instance| instance.serial);
        Self {
            options: state.options,
            random: state.random,
            folders: tree.folders.iter().map(folder).collect(),
            free_folders: tree.folders.free().to_vec(),
            tasks: tree.tasks.iter().map(task).collect(),
            free_tasks: tree.tasks.free().to_vec(),
            jobs: state.jobs.files.values().cloned().collect(),
            at_jobs: pairs(&state.at_jobs.list),
            at_account: state.at_account.clone(),
            credentials: state.credentials.list.iter().map(credential).collect(),
            principals: pairs(&state.principals),
            users: pairs(&state.users),
            instances,
            next_serial: state.instances.next_serial,
            timers: state.timers.iter().collect(),
            repeats: pairs(&state.repeats),
            retries: pairs(&state.retries),
            missed: pairs(&state.missed),
            restart_when_idle: state.restart_when_idle.clone(),
            maintain: state.maintain.clone(),
            interrupted: state.interrupted.clone(),
            maintenance_until: state.maintenance_until,
            expired: state.expired.iter().map(|key| key.as_wide().clone()).collect(),
            counters: pairs(state.listeners.counters()),
            asleep_since: state.asleep_since,
            seen: state.seen,
            maintained_since: pairs(&state.maintained_since),
        }
    }

    /// The state, or the error in the saved data.
    fn into_state(self) -> Result<State, &'static str> {
        let mut state = State::new(self.options, 0);
        let users: BTreeMap<_, _> = self.users.into_iter().collect();
        let mut listening = BTreeSet::new();
        let tasks = (self.tasks, self.free_tasks);
        state.tree = tree(self.folders, self.free_folders, tasks, self.options, &mut listening)?;
        let tasks: Vec<_> = state.tree.task_ids().collect();
        for id in tasks {
            let Some(entry) = state.tree.task(id) else { continue };
            let (due, traits) = (entry.due, entry.traits);
            // A definition is parsed again only if one of its triggers waits for events.
            let task = if listening.contains(&id) { entry.task() } else { Task::default() };
            state.listeners.add(id, traits, &task, &users);
            if due != NEVER {
                state.due.push(due, id);
            }
        }
        state.listeners.restore_counters(self.counters.into_iter().collect());
        state.random = self.random;
        state.users = users;
        state.jobs =
            Jobs { files: self.jobs.into_iter().map(|job| (NameKey::new(&job.name), job)).collect() };
        let twins = state.jobs.files.values().filter_map(|file| Some((file.task?, file.name.clone())));
        state.twins = twins.collect();
        let mut at_jobs = AtJobs::default();
        self.at_jobs.into_iter().for_each(|(id, job)| at_jobs.add(id, job));
        state.at_jobs = at_jobs;
        state.at_account = self.at_account;
        let list = self.credentials.into_iter().map(|saved| {
            let password = saved.password.map(|password| Password::from_units(password.into_units()));
            (saved.holder, Credential { name: saved.name, password, by_sasec: saved.by_sasec })
        });
        state.credentials = Credentials { list: list.collect() };
        state.principals = self.principals.into_iter().collect();
        self.instances.into_iter().for_each(|instance| state.instances.add(instance));
        state.instances.next_serial = state.instances.next_serial.max(self.next_serial);
        self.timers.into_iter().for_each(|(timer, at)| state.timers.set(timer, at));
        state.repeats = self.repeats.into_iter().collect();
        if state.repeats.values().any(|repeat| repeat.interval <= 0) {
            return Err("a repetition has no interval");
        }
        state.retries = self.retries.into_iter().collect();
        state.missed = self.missed.into_iter().collect();
        state.restart_when_idle = self.restart_when_idle;
        state.maintain = self.maintain;
        state.interrupted = self.interrupted;
        state.maintenance_until = self.maintenance_until;
        state.expired = self.expired.into_iter().map(Into::into).collect();
        state.asleep_since = self.asleep_since;
        state.seen = self.seen;
        state.maintained_since = self.maintained_since.into_iter().collect();
        state.first_due();
        Ok(state)
    }
}

fn pairs<K: Clone, V: Clone>(map: &BTreeMap<K, V>) -> Vec<(K, V)> {
    map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn tree(
    folders: Vec<SavedFolder>,
    free_folders: Vec<u32>,
    (tasks, free_tasks): (Vec<SavedTask>, Vec<u32>),
    options: Options,
    listening: &mut BTreeSet<TaskId>,
) -> Result<Tree, &'static str> {
    let mut descriptors = Descriptors::default();
    // Most tasks have the same descriptor as the previous one.
    let mut last: Option<(String, u32)> = None;
    let mut add = |sddl: &str| match &last {
        Some((text, id)) if text == sddl => Ok(descriptors.share(*id)),
        _ => {
            let parsed = sddl.parse().map_err(|_| "a security descriptor is malformed")?;
            let id = descriptors.add(parsed);
            last = Some((sddl.to_owned(), id));
            Ok(id)
        }
    };
    let mut list = Vec::with_capacity(folders.len());
    for saved in folders {
        let descriptor = add(&saved.sddl)?;
        let SavedFolder { id, parent, name, .. } = saved;
        list.push((id.0, Folder { parent, name, descriptor, ..Folder::default() }));
    }
    let entries: Result<Vec<_>, &'static str> = tasks
        .into_iter()
        .map(|saved| {
            let task = parse(&saved.definition);
            let listens =
                |kind: &TriggerKind| UserEvent::of(kind).is_some() || matches!(kind, TriggerKind::Event(_));
            if task.triggers.iter().any(|trigger| listens(&trigger.kind)) {
                listening.insert(saved.id);
            }
            let entry = Entry {
                folder: saved.folder,
                name: saved.name,
                patterns: patterns(&task, options.profile),
                traits: Traits::of(&task, options.profile),
                definition: Packed::new(&saved.definition),
                descriptor: add(&saved.sddl)?,
                due: saved.due.unwrap_or(NEVER),
                last_run: saved.last_run,
                last_end: saved.last_end,
                last_result: saved.last_result,
                missed: saved.missed,
            };
            Ok((saved.id.0, entry))
        })
        .collect();
    let mut folders = Slab::restore(list, free_folders).ok_or("the numbers of folders are not sound")?;
    let tasks = Slab::restore(entries?, free_tasks).ok_or("the numbers of tasks are not sound")?;
    let below: Vec<_> =
        folders.iter().map(|(id, folder)| (id, folder.parent, NameKey::new(&folder.name))).collect();
    for (id, parent, key) in below {
        match parent {
            Some(parent) => {
                let parent = folders.get_mut(parent.0).ok_or("a folder's parent is missing")?;
                if parent.folders.insert(key, FolderId(id)).is_some() {
                    return Err("two folders have one name");
                }
            }
            None if id == 0 => {}
            None => return Err("a folder has no parent"),
        }
    }
    for (id, entry) in tasks.iter() {
        let folder = folders.get_mut(entry.folder.0).ok_or("a task's folder is missing")?;
        if folder.tasks.insert(NameKey::new(&entry.name), TaskId(id)).is_some() {
            return Err("two tasks have one name");
        }
    }
    let tree = Tree { folders, tasks, descriptors };
    if tree.is_connected() { Ok(tree) } else { Err("a folder is not below the root") }
}

impl Serialize for State {
    /// Omits passwords; after loading, only the host has them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Saved::of(self, false).serialize(serializer)
    }
}

impl Serialize for WithSecrets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Saved::of(self.0, true).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for State {
    /// Rebuilds all derived data, and checks the result.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let state = Saved::deserialize(deserializer)?.into_state().map_err(D::Error::custom)?;
        state.check().map_err(D::Error::custom)?;
        Ok(state)
    }
}
