//! The XML task store: folders and their tasks, by name.

use super::{
    descriptors::Descriptors,
    entry::{Entry, FolderId, TaskId, Traits},
    names::{Cards, Glance},
    slab::Slab,
};
use crate::{
    Profile,
    definition::{NameKey, TaskPath},
    dtyp::WideString,
    scheduler::descriptors::root_descriptor,
    security::SecurityDescriptor,
};
use std::collections::BTreeMap;

/// A folder.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Folder {
    pub(in super::super) parent: Option<FolderId>,
    pub(in super::super) name: WideString,
    pub(in super::super) descriptor: u32,
    pub(in super::super) folders: BTreeMap<NameKey, FolderId>,
    pub(in super::super) tasks: BTreeMap<NameKey, TaskId>,
}

/// The folders and tasks of the store.
#[derive(Clone, Debug)]
pub(in super::super) struct Tree {
    pub(in super::super) folders: Slab<Folder>,
    pub(in super::super) tasks: Slab<Entry>,
    pub(in super::super) descriptors: Descriptors,
    /// Where most tasks are found by name.
    cards: Cards,
}

/// The result of resolving a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Found {
    Folder(FolderId),
    Task(TaskId),
    /// Nothing, but its folder exists.
    Nothing(FolderId),
    /// Nothing, and its folder does not exist; the deepest existing folder on the way.
    NoFolder(FolderId),
}

impl Default for Tree {
    fn default() -> Self {
        let (mut folders, mut descriptors) = (Slab::default(), Descriptors::default());
        let descriptor = descriptors.add(root_descriptor());
        folders.insert(Folder { descriptor, ..Folder::default() });
        Self::new(folders, Slab::default(), descriptors)
    }
}

impl Tree {
    pub(in super::super) const ROOT: FolderId = FolderId(0);

    /// A tree of folders that know their tasks.
    pub(in super::super) fn new(folders: Slab<Folder>, tasks: Slab<Entry>, descriptors: Descriptors) -> Self {
        let mut cards = Cards::default();
        for (folder, names) in folders.iter() {
            for (key, id) in &names.tasks {
                if let Some(entry) = tasks.get(id.0) {
                    cards.add(FolderId(folder), key, Glance::of(*id, entry));
                }
            }
        }
        Self { folders, tasks, descriptors, cards }
    }

    /// Resolves a path; a task takes precedence over a folder of the same name.
    pub(in super::super) fn find(&self, path: &TaskPath) -> Found {
        match self.glance(path) {
            Ok(glance) => Found::Task(glance.task),
            Err(found) => found,
        }
    }

    /// What most calls need of the task at a path, without a look at its entry; else what is there.
    pub(in super::super) fn glance(&self, path: &TaskPath) -> Result<Glance, Found> {
        let mut at = Self::ROOT;
        let mut names = path.names().peekable();
        while let Some(name) = names.next() {
            let Some(folder) = self.folder(at) else { return Err(Found::NoFolder(at)) };
            let key = NameKey::new(&name);
            let last = names.peek().is_none();
            if last && let Some(task) = self.task_named(at, folder, &key) {
                return Ok(task);
            }
            match folder.folders.get(&key) {
                Some(below) => at = *below,
                None if last => return Err(Found::Nothing(at)),
                None => return Err(Found::NoFolder(at)),
            }
        }
        Err(Found::Folder(at))
    }

    /// The task with this name in a folder.
    fn task_named(&self, id: FolderId, folder: &Folder, key: &NameKey) -> Option<Glance> {
        let is_it = |entry: &Entry| entry.folder == id && entry.name.has_key(key);
        self.cards.find(id, key, |task| self.task(task).is_some_and(is_it)).or_else(|| {
            let task = *folder.tasks.get(key)?;
            self.task(task).map(|entry| Glance::of(task, entry))
        })
    }

    /// Whether a name on the way to the path is that of a task, which has no children.
    pub(in super::super) fn is_below_task(&self, path: &TaskPath) -> bool {
        let mut above = path.parent();
        while let Some(path) = above {
            match self.find(&path) {
                Found::Task(_) => return true,
                Found::Folder(_) => return false,
                Found::Nothing(_) | Found::NoFolder(_) => above = path.parent(),
            }
        }
        false
    }

    pub(in super::super) fn folder(&self, id: FolderId) -> Option<&Folder> {
        self.folders.get(id.0)
    }

    pub(in super::super) fn task(&self, id: TaskId) -> Option<&Entry> {
        self.tasks.get(id.0)
    }

    pub(in super::super) fn task_mut(&mut self, id: TaskId) -> Option<&mut Entry> {
        self.tasks.get_mut(id.0)
    }

    pub(in super::super) fn task_ids(&self) -> impl Iterator<Item = TaskId> {
        self.tasks.iter().map(|(id, _)| TaskId(id))
    }

    pub(in super::super) fn folder_descriptor(&self, id: FolderId) -> Option<&SecurityDescriptor> {
        self.descriptors.get(self.folder(id)?.descriptor)
    }

    pub(in super::super) fn task_descriptor(&self, id: TaskId) -> Option<&SecurityDescriptor> {
        self.descriptors.get(self.task(id)?.descriptor)
    }

    /// Whether all folders are connected to the root.
    pub(in super::super) fn is_connected(&self) -> bool {
        let (mut ahead, mut count) = (vec![Self::ROOT], 0);
        while let Some(folder) = ahead.pop().and_then(|id| self.folder(id)) {
            ahead.extend(folder.folders.values());
            count += 1;
            if count > self.folders.len() {
                break;
            }
        }
        count == self.folders.len()
    }

    /// Whether the cards are of tasks, and agree with them.
    pub(in super::super) fn has_true_cards(&self) -> bool {
        let agrees = |(id, entry): (u32, &Entry)| {
            let (id, key) = (TaskId(id), entry.name.key());
            let card = self.cards.find(entry.folder, &key, |task| task == id);
            card.is_none_or(|card| card == Glance::of(id, entry))
        };
        self.cards.len() <= self.tasks.len() && self.tasks.iter().all(agrees)
    }

    /// The path of a folder.
    pub(in super::super) fn folder_path(&self, id: FolderId) -> TaskPath {
        let mut names = Vec::new();
        let mut at = self.folder(id);
        while let Some(folder) = at {
            let Some(parent) = folder.parent else { break };
            names.push(&folder.name);
            at = self.folder(parent);
        }
        names.into_iter().rev().fold(TaskPath::root(), |path, name| below(&path, name))
    }

    /// The path of a task.
    pub(in super::super) fn path(&self, id: TaskId) -> TaskPath {
        let Some(entry) = self.task(id) else { return TaskPath::root() };
        below(&self.folder_path(entry.folder), &entry.name.to_wide())
    }

    /// Adds a folder with this name.
    pub(in super::super) fn add_folder(
        &mut self,
        parent: FolderId,
        name: WideString,
        descriptor: SecurityDescriptor,
    ) -> FolderId {
        let key = NameKey::new(&name);
        let descriptor = self.descriptors.add(descriptor);
        let folder = Folder { parent: Some(parent), name, descriptor, ..Folder::default() };
        let id = FolderId(self.folders.insert(folder));
        if let Some(parent) = self.folders.get_mut(parent.0) {
            parent.folders.insert(key, id);
        }
        id
    }

    /// Removes an empty folder.
    pub(in super::super) fn remove_folder(&mut self, id: FolderId) {
        let Some(folder) = self.folders.remove(id.0) else { return };
        self.descriptors.release(folder.descriptor);
        if let Some(parent) = folder.parent.and_then(|parent| self.folders.get_mut(parent.0)) {
            parent.folders.remove(&NameKey::new(&folder.name));
        }
    }

    /// Adds a task under its name.
    pub(in super::super) fn add_task(&mut self, entry: Entry) -> TaskId {
        let (folder, key) = (entry.folder, entry.name.key());
        let (descriptor, enabled) = (entry.descriptor, entry.traits.has(Traits::ENABLED));
        let id = TaskId(self.tasks.insert(entry));
        self.cards.add(folder, &key, Glance { task: id, descriptor, enabled });
        if let Some(folder) = self.folders.get_mut(folder.0) {
            folder.tasks.insert(key, id);
        }
        id
    }

    /// Removes a task.
    pub(in super::super) fn remove_task(&mut self, id: TaskId) -> Option<Entry> {
        let entry = self.tasks.remove(id.0)?;
        self.descriptors.release(entry.descriptor);
        let key = entry.name.key();
        self.cards.remove(entry.folder, &key, id);
        if let Some(folder) = self.folders.get_mut(entry.folder.0) {
            folder.tasks.remove(&key);
        }
        Some(entry)
    }

    /// Replaces the descriptor of a folder.
    pub(in super::super) fn secure_folder(&mut self, id: FolderId, descriptor: SecurityDescriptor) {
        let descriptor = self.descriptors.add(descriptor);
        if let Some(folder) = self.folders.get_mut(id.0) {
            let before = std::mem::replace(&mut folder.descriptor, descriptor);
            self.descriptors.release(before);
        }
    }

    /// Replaces the descriptor of a task.
    pub(in super::super) fn secure_task(&mut self, id: TaskId, descriptor: SecurityDescriptor) {
        let descriptor = self.descriptors.add(descriptor);
        if let Some(task) = self.tasks.get_mut(id.0) {
            let before = std::mem::replace(&mut task.descriptor, descriptor);
            self.descriptors.release(before);
        }
        self.update_card(id);
    }

    /// Replaces the traits of a task.
    pub(in super::super) fn set_traits(&mut self, id: TaskId, traits: Traits) {
        if let Some(task) = self.tasks.get_mut(id.0) {
            task.traits = traits;
        }
        self.update_card(id);
    }

    fn update_card(&mut self, id: TaskId) {
        if let Some(entry) = self.tasks.get(id.0) {
            self.cards.update(entry.folder, &entry.name.key(), Glance::of(id, entry));
        }
    }
}

/// The path of a name relative to another path. Names in the store come from paths that are valid in either profile.
fn below(path: &TaskPath, name: &WideString) -> TaskPath {
    path.join(name.clone(), Profile::Windows)
        .or_else(|_| path.join(name.clone(), Profile::Specification))
        .unwrap_or_else(|_| path.clone())
}
