//! The traces of one task.

use super::{
    examine::examine,
    finding::{Finding, FindingKind, Findings},
};
use crate::{
    definition::Task,
    diff::{Difference, compare, fingerprint},
    error::Place,
    finding::Severity,
    security::{AccessMask, AclPart, GenericMapping, SecurityDescriptor, Sid, Token, access_check},
    taskcache::{self, Hash, Index, Recovered, Values},
    xml::{self, Options},
};

/// A file below `System32\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFile {
    /// Its path below that folder, which is the path of the task: `\Contoso\Backup`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A key below `TaskCache\Tree`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeKey {
    /// Its path below that key, which is the path of the task or folder: `\Contoso\Backup`.
    pub path: String,
    /// The value Id.
    pub id: Option<String>,
    /// The value Index.
    pub index: Option<u32>,
    /// The value SD.
    pub sd: Option<Vec<u8>>,
}

/// A key below `TaskCache\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TasksKey {
    /// Its name: the task's identifier.
    pub id: String,
    /// Its values. Those of the key below `Tree` are left empty.
    pub values: Values,
}

/// The traces of one task, as far as they are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// The file.
    pub file: Option<&'a TaskFile>,
    /// The key below `Tree`.
    pub tree: Option<&'a TreeKey>,
    /// The key below `Tasks`.
    pub tasks: Option<&'a TasksKey>,
}

/// What the traces of a task have in common, and what not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The task's path: that of the key below `Tree`, else of the file, else of the value Path.
    pub path: String,
    /// The definition that the service goes by: the registry's, else the file's.
    pub task: Option<Task>,
    /// Differences of the file, as the registry would have it, from the registry.
    pub differences: Vec<Difference>,
    /// Everything remarkable.
    pub findings: Findings,
}

/// Compares the traces of one task. To say that a trace is missing, the caller must have looked for it.
///
/// ```
/// use wintask::definition::{Exec, Task};
/// use wintask::reconcile::{Evidence, TasksKey, TreeKey, reconcile};
/// use wintask::taskcache::write;
///
/// // A task with neither file nor security descriptor.
/// let id = "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}".to_owned();
/// let values = write(&Task::new(Exec::new("calc.exe")))?.values;
/// let tree = TreeKey { path: r"\Update".into(), id: Some(id.clone()), index: Some(3), sd: None };
/// let tasks = TasksKey { id, values };
/// let report = reconcile(&Evidence { tree: Some(&tree), tasks: Some(&tasks), file: None });
/// let codes: Vec<_> = report.findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["reconcile.key.without_file", "reconcile.sd.missing"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn reconcile(evidence: &Evidence<'_>) -> Report {
    let Evidence { file, tree, tasks } = *evidence;
    let mut notes = Notes(Findings::new());
    match (file, tree, tasks) {
        (Some(_), None, None) => notes.push(FindingKind::FileWithoutKey, ""),
        (None, _, Some(_)) => notes.push(FindingKind::KeyWithoutFile, ""),
        _ => {}
    }
    if tree.is_none() && tasks.is_some() {
        notes.push(FindingKind::TasksWithoutTree, "Tree");
    }
    let values_path = tasks.and_then(|tasks| tasks.values.path.as_deref());
    if let Some(tree) = tree {
        of_tree(tree, tasks, &mut notes);
        if values_path.is_some_and(|path| !is_same_path(path, &tree.path)) {
            notes.push(FindingKind::PathDiffers, "Path");
        }
    }
    let path = tree.map(|tree| tree.path.as_str()).or_else(|| file.map(|file| file.path.as_str()));
    let path = path.or(values_path).unwrap_or_default();
    let cached = tasks.map(|tasks| taskcache::recover(&tasks.values));
    if let Some(cached) = &cached {
        of_cache(cached, &mut notes);
    }
    let stored = file.and_then(|file| of_file(file, path, cached.as_ref(), &mut notes));
    let differences = match (&stored, &cached) {
        (Some(stored), Some(cached)) => of_definitions(stored, &cached.task, &mut notes),
        _ => Vec::new(),
    };
    let task = cached.map(|cached| cached.task).or(stored);
    if let Some(task) = &task {
        notes.0.append(examine(task));
    }
    Report { path: path.to_owned(), task, differences, findings: notes.0 }
}

struct Notes(Findings);

impl Notes {
    fn push(&mut self, kind: FindingKind, place: &'static str) {
        self.0.push(Finding::new(kind, Place::value(place)));
    }
}

/// Whether two paths are the same to the service, which ignores case.
pub(super) fn is_same_path(one: &str, two: &str) -> bool {
    path_key(one) == path_key(two)
}

/// What is equal for equal paths.
pub(super) fn path_key(path: &str) -> String {
    path.trim_start_matches('\\').to_lowercase()
}

fn of_tree(tree: &TreeKey, tasks: Option<&TasksKey>, notes: &mut Notes) {
    if tree.id.is_none() {
        notes.push(FindingKind::TreeWithoutId, "Tree.Id");
    } else if tasks.is_none() {
        notes.push(FindingKind::TreeWithoutTasks, "Tasks");
    }
    match tree.index.map(Index) {
        Some(Index::NONE) => notes.push(FindingKind::IndexZero, "Tree.Index"),
        Some(Index(1..=4)) => {}
        _ => notes.push(FindingKind::IndexUnknown, "Tree.Index"),
    }
    let Some(sd) = &tree.sd else { return notes.push(FindingKind::DescriptorMissing, "Tree.SD") };
    let Ok(descriptor) = SecurityDescriptor::from_bytes(sd) else {
        return notes.push(FindingKind::Damaged, "Tree.SD");
    };
    if matches!(&descriptor.dacl, AclPart::Present(_)) && descriptor.dacl.aces().is_empty() {
        notes.push(FindingKind::DescriptorEmpty, "Tree.SD");
    }
    // An ordinary user, logged on: not the owner, no privileges.
    let groups = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS, Sid::USERS, Sid::INTERACTIVE];
    let stranger = Sid::new(5, &[21, 1, 2, 3, 1000]);
    let user = stranger.map(|sid| groups.into_iter().fold(Token::new(sid), Token::with_group));
    let write = [AccessMask::FILE_WRITE_DATA, AccessMask::WRITE_DAC, AccessMask::WRITE_OWNER];
    let may = |token: &Token, right| access_check(&descriptor, token, right, &GenericMapping::FILE).allowed;
    if user.is_some_and(|user| write.into_iter().any(|right| may(&user, right))) {
        notes.push(FindingKind::DescriptorWeak, "Tree.SD");
    }
}

fn of_cache(cached: &Recovered, notes: &mut Notes) {
    let violations = cached.findings.iter().filter(|finding| finding.severity() == Severity::Error);
    if violations.count() > 0 {
        notes.push(FindingKind::Damaged, "Tasks");
    }
    let differs = |finding: &&taskcache::Finding| {
        finding.code() == "taskcache.differs" && finding.place().path().ends_with("PrincipalId")
    };
    if cached.findings.iter().any(|finding| differs(&finding)) {
        notes.push(FindingKind::ContextDiffers, "Tasks.Actions");
    }
    if let Some(info) = cached.dynamic_info
        && info.info.registered.to_date_time().is_none_or(|time| !(2006..2200).contains(&time.year()))
    {
        notes.push(FindingKind::TimeImpossible, "Tasks.DynamicInfo");
    }
}

fn of_file(file: &TaskFile, path: &str, cached: Option<&Recovered>, notes: &mut Notes) -> Option<Task> {
    match cached.and_then(|cached| cached.hash.as_ref()) {
        Some(hash) if hash.matches(&file.bytes) == Some(false) => {
            notes.push(FindingKind::HashDiffers, "Tasks.Hash")
        }
        Some(Hash::Crc32(_)) => notes.push(FindingKind::HashOld, "Tasks.Hash"),
        _ => {}
    }
    let recovered = xml::recover(&file.bytes, &Options::default());
    if recovered.findings.worst() == Some(Severity::Error) {
        notes.push(FindingKind::Damaged, "File");
    }
    let uri = recovered.task.as_ref().and_then(|task| task.registration_info.uri.as_deref());
    if uri.is_some_and(|uri| !is_same_path(uri, path)) {
        notes.push(FindingKind::UriDiffers, "RegistrationInfo/URI");
    }
    recovered.task
}

/// Compares the file with the registry by way of the values that the file would have, which leaves out what the registry
/// has no place for.
fn of_definitions(stored: &Task, cached: &Task, notes: &mut Notes) -> Vec<Difference> {
    let values = taskcache::write(stored).map(|written| written.values);
    let Ok(expected) = values.map(|values| taskcache::recover(&values).task) else { return Vec::new() };
    let (file, registry) = (fingerprint(&expected), fingerprint(cached));
    for (differs, kind, place) in [
        (file.actions != registry.actions, FindingKind::ActionsDiffer, "Actions"),
        (file.triggers != registry.triggers, FindingKind::TriggersDiffer, "Triggers"),
        (file.principal != registry.principal, FindingKind::PrincipalDiffers, "Principals"),
    ] {
        if differs {
            notes.push(kind, place);
        }
    }
    compare(&expected, cached)
}
