//! All tasks of a machine.

use super::evidence::{Evidence, Report, TaskFile, TasksKey, TreeKey, path_key, reconcile};
use std::collections::{BTreeMap, VecDeque};
use uuid::Uuid;

/// The traces of all tasks of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The files below `System32\Tasks`.
    pub files: Vec<TaskFile>,
    /// The keys below `Tree`, those of folders among them.
    pub tree: Vec<TreeKey>,
    /// The keys below `Tasks`.
    pub tasks: Vec<TasksKey>,
}

impl Inventory {
    /// Joins the traces: keys by identifier, files by path. Each trace is in one report at least: in the order of the keys
    /// below `Tree`, then of the keys below `Tasks` and of the files that are left.
    pub fn reports(&self) -> impl Iterator<Item = Report> {
        let mut by_id: BTreeMap<Option<Uuid>, VecDeque<&TasksKey>> = BTreeMap::new();
        for key in &self.tasks {
            by_id.entry(Uuid::try_parse(&key.id).ok()).or_default().push_back(key);
        }
        let mut by_path: BTreeMap<String, VecDeque<&TaskFile>> = BTreeMap::new();
        for file in &self.files {
            by_path.entry(path_key(&file.path)).or_default().push_back(file);
        }
        let mut all = Vec::new();
        let mut referred = Vec::new();
        for tree in &self.tree {
            let id = tree.id.as_deref().and_then(|id| Uuid::try_parse(id).ok());
            let tasks = id.and_then(|id| by_id.get(&Some(id))).and_then(|keys| keys.front().copied());
            referred.extend(id);
            let file = take_first(by_path.get_mut(&path_key(&tree.path)));
            // A folder has neither.
            if tree.id.is_some() || tree.index.is_some() || file.is_some() {
                all.push(Evidence { file, tree: Some(tree), tasks });
            }
        }
        referred.sort_unstable();
        referred.dedup();
        for id in referred {
            take_first(by_id.get_mut(&Some(id)));
        }
        for tasks in by_id.values().flatten() {
            let path = tasks.values.path.as_deref().map(path_key);
            let file = take_first(path.and_then(|path| by_path.get_mut(&path)));
            all.push(Evidence { file, tree: None, tasks: Some(tasks) });
        }
        let rest = by_path.into_values().flatten();
        all.extend(rest.map(|file| Evidence { file: Some(file), tree: None, tasks: None }));
        all.into_iter().map(|evidence| reconcile(&evidence))
    }
}

/// Takes the first; of a registry or file system there is one at most.
fn take_first<T>(list: Option<&mut VecDeque<T>>) -> Option<T> {
    list.and_then(VecDeque::pop_front)
}
