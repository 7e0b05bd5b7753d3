//! The state as data: saved without secrets unless requested, and loaded with all derived data rebuilt.

use super::{
    clockwork::Clockwork,
    instance::{Cause, Instance},
    listeners::{Listeners, TriggerId, Waits},
    options::Options,
    random::Random,
    state::{Repeat, Seen, State},
    store::{
        credentials::{Credential, Credentials, Holder},
        descriptors::Descriptors,
        entry::{Entry, FolderId, NEVER, TaskId, Traits, parse, patterns},
        jobs::{AtJob, AtJobs, JobFile, Jobs},
        packed::{self, Packed},
        slab::Slab,
        tree::{Folder, Tree},
    },
    timer::{SeriesId, Timer, Timers},
};
use crate::{
    Profile,
    definition::{NameKey, Task, TaskName},
    dtyp::{HResult, Password, WideString},
    eventlog::EventCounter,
    schedule::Patterns,
    security::Sid,
    time::Ticks,
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Error as _, Visitor},
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

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
struct Saved<'s> {
    options: Options,
    random: Random,
    #[serde(borrow)]
    folders: Vec<SavedFolder<'s>>,
    free_folders: Vec<u32>,
    #[serde(borrow)]
    tasks: Vec<SavedTask<'s>>,
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
    repeats: Vec<(SeriesId, Repeat)>,
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
    clockwork: Option<Clockwork>,
    #[serde(default)]
    maintained_since: Vec<(TaskId, i64)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedFolder<'s> {
    id: FolderId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<FolderId>,
    name: WideString,
    #[serde(borrow)]
    sddl: Cow<'s, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedTask<'s> {
    id: TaskId,
    folder: FolderId,
    name: WideString,
    definition: Definition,
    #[serde(borrow)]
    sddl: Cow<'s, str>,
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

/// A definition, which is saved as its text. It is read while that is at hand: by the rules of Windows, since those of the
/// state may not be known yet.
struct Definition {
    packed: Packed,
    read: Option<Read>,
}

/// What the scheduler derives from a definition.
struct Read {
    patterns: Patterns,
    traits: Traits,
    waits: Vec<Waits>,
}

impl Read {
    fn new(task: &Task, profile: Profile) -> Self {
        Self { patterns: patterns(task, profile), traits: Traits::of(task, profile), waits: Waits::of(task) }
    }
}

impl Serialize for Definition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.packed.unpack())
    }
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = Definition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a definition")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Definition, E> {
        let text = packed::clean(text);
        let read = Some(Read::new(&parse(&text), Profile::Windows));
        Ok(Definition { packed: Packed::of_clean(&text), read })
    }
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

impl<'s> Saved<'s> {
    fn of(state: &'s State, secrets: bool) -> Self {
        let tree = &state.tree;
        let sddl = |descriptor| Cow::Borrowed(tree.descriptors.text(descriptor));
        let folder = |(id, folder): (u32, &Folder)| SavedFolder {
            id: FolderId(id),
            parent: folder.parent,
            name: folder.name.clone(),
            sddl: sddl(folder.descriptor),
        };
        let task = |(id, entry): (u32, &Entry)| SavedTask {
            id: TaskId(id),
            folder: entry.folder,
            name: entry.name.to_wide(),
            definition: Definition { packed: entry.definition.clone(), read: None },
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
            clockwork: state.clockwork,
            maintained_since: pairs(&state.maintained_since),
        }
    }

    /// The state, or the error in the saved data.
    fn into_state(self) -> Result<State, &'static str> {
        let mut state = State::new(self.options, 0);
        let users: BTreeMap<_, _> = self.users.into_iter().collect();
        let folders = folders(self.folders, self.free_folders)?;
        let tasks = (self.tasks, self.free_tasks);
        (state.tree, state.listeners) = tree(folders, tasks, &users, self.options)?;
        let due = state.tree.tasks.iter().map(|(id, entry)| (entry.due, TaskId(id)));
        state.due.rebuild(due.filter(|(due, _)| *due != NEVER));
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
        state.timers = self.timers.into_iter().collect::<Timers>();
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
        // A state may have been saved without it.
        state.clockwork = self.clockwork.or_else(|| (!state.due.is_empty()).then(Clockwork::unknown));
        state.maintained_since = self.maintained_since.into_iter().collect();
        state.first_due();
        Ok(state)
    }
}

fn pairs<K: Clone, V: Clone>(map: &BTreeMap<K, V>) -> Vec<(K, V)> {
    map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The folders, with those below each but without tasks, and the descriptors that they use.
fn folders(saved: Vec<SavedFolder<'_>>, free: Vec<u32>) -> Result<(Slab<Folder>, Descriptors), &'static str> {
    const UNSOUND: &str = "the numbers of folders are not sound";
    let mut descriptors = Descriptors::default();
    let mut folders = Slab::with_places(saved.len(), &free).ok_or(UNSOUND)?;
    for SavedFolder { id, parent, name, sddl } in saved {
        let descriptor = add_descriptor(&mut descriptors, &sddl)?;
        folders.put(id.0, Folder { parent, name, descriptor, ..Folder::default() }).ok_or(UNSOUND)?;
    }
    folders.set_free(free).ok_or(UNSOUND)?;
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
    Ok((folders, descriptors))
}

fn add_descriptor(descriptors: &mut Descriptors, sddl: &str) -> Result<u32, &'static str> {
    descriptors.add_text(sddl).ok_or("a security descriptor is malformed")
}

/// The store of these folders and tasks, and what its tasks wait for. Every definition is read once.
fn tree(
    (mut folders, mut descriptors): (Slab<Folder>, Descriptors),
    (saved, free): (Vec<SavedTask<'_>>, Vec<u32>),
    users: &BTreeMap<TriggerId, Sid>,
    options: Options,
) -> Result<(Tree, Listeners), &'static str> {
    const UNSOUND: &str = "the numbers of tasks are not sound";
    let mut listeners = Listeners::default();
    // An index that is made of a list is faster to make, and smaller, than one that grows.
    let mut names: BTreeMap<FolderId, Vec<(NameKey, TaskId)>> =
        folders.iter().map(|(id, _)| (FolderId(id), Vec::new())).collect();
    let mut tasks = Slab::with_places(saved.len(), &free).ok_or(UNSOUND)?;
    for saved in saved {
        let Definition { packed: definition, read } = saved.definition;
        let read = read.filter(|_| options.profile == Profile::Windows);
        let Read { patterns, traits, waits } =
            read.unwrap_or_else(|| Read::new(&parse(&definition.unpack()), options.profile));
        listeners.add(saved.id, traits, waits, users);
        let names = names.get_mut(&saved.folder).ok_or("a task's folder is missing")?;
        names.push((NameKey::new(&saved.name), saved.id));
        let entry = Entry {
            folder: saved.folder,
            name: TaskName::new(&saved.name),
            patterns,
            traits,
            definition,
            descriptor: add_descriptor(&mut descriptors, &saved.sddl)?,
            due: saved.due.unwrap_or(NEVER),
            last_run: saved.last_run,
            last_end: saved.last_end,
            last_result: saved.last_result,
            missed: saved.missed,
        };
        tasks.put(saved.id.0, entry).ok_or(UNSOUND)?;
    }
    tasks.set_free(free).ok_or(UNSOUND)?;
    for (folder, names) in names {
        let count = names.len();
        let Some(folder) = folders.get_mut(folder.0) else { continue };
        folder.tasks = names.into_iter().collect();
        if folder.tasks.len() != count {
            return Err("two tasks have one name");
        }
    }
    let tree = Tree::new(folders, tasks, descriptors);
    if tree.is_connected() { Ok((tree, listeners)) } else { Err("a folder is not below the root") }
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
