//! Compares the traces of one task.

use super::{
    evidence::{Definition, Evidence},
    examine::examine,
    finding::{FindingKind, Findings},
    history::History,
    meant::cached_print,
    notes::Notes,
    path::is_same_path,
    policy::PolicyItem,
    registry::{LastDescriptor, of_cache, of_tree},
    source::Source,
    trace::{JobFile, TaskFile},
    twin::{of_policy, of_twin},
    view::{Field, Store, of_definitions},
};
use crate::{
    definition::Task,
    diff::{Difference, compare, fingerprint},
    finding::Severity,
    taskcache::{self, Hash, Recovered, as_stored, is_stored_as},
    xml::{self, Options},
};

/// What the traces of a task have in common, and where they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The task path: from the key under `Tree`, else the file, else the value Path, else the other traces.
    pub path: String,
    /// The definitions, starting with the one that the service uses: from the registry, the file, the last
    /// registration in the log, the .JOB file, and policies.
    pub definitions: Vec<Definition>,
    /// Differences between the registry and the file, as the registry would store it.
    pub differences: Vec<Difference>,
    /// All findings.
    pub findings: Findings,
    store: Store,
}

/// `{path, definitions, differences, findings, view}`.
#[cfg(feature = "serde")]
impl serde::Serialize for Report {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Report", 5)?;
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("definitions", &self.definitions)?;
        fields.serialize_field("differences", &self.differences)?;
        fields.serialize_field("findings", &self.findings)?;
        fields.serialize_field("view", &self.view())?;
        fields.end()
    }
}

impl Report {
    /// The definition that the service uses.
    #[must_use]
    pub fn task(&self) -> Option<&Task> {
        self.definitions.first().map(|definition| &definition.task)
    }

    /// Merges the traces into one view: every field that any trace has, its source, and which other traces agree or
    /// disagree. Computed on each call.
    ///
    /// ```
    /// use wintask::definition::{Exec, Task};
    /// use wintask::reconcile::{Evidence, Source, TaskFile, TasksKey, reconcile};
    /// use wintask::{taskcache, xml};
    ///
    /// let bytes = xml::write(&Task::new(Exec::new("calc.exe")), xml::Form::File)?;
    /// let file = TaskFile { path: r"\Update".into(), bytes };
    /// let values = taskcache::write(&Task::new(Exec::new("evil.exe")))?.values;
    /// let tasks = TasksKey { id: "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}".into(), values, listed: None };
    /// let report = reconcile(&Evidence { file: Some(&file), tasks: Some(&tasks), ..Evidence::default() });
    /// let view = report.view();
    /// let command = view.iter().find(|field| field.place == "Actions[0]/Command").ok_or("no command")?;
    /// assert_eq!((command.from, command.value.as_str()), (Source::Tasks, "evil.exe"));
    /// assert_eq!(command.others, [(Source::File, "calc.exe".to_owned())]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn view(&self) -> Vec<Field> {
        let mut fields = self.store.fields();
        fields.extend(of_definitions(&self.definitions));
        fields
    }
}

/// Compares the traces of one task. A trace is reported as missing only if it was collected; see
/// [`Evidence::looked_for`].
///
/// Policies are compared with the definition that the service uses, the first of [`Report::definitions`]. The .JOB
/// file, and the definition registered last by the log, are compared with those of the registry and the file.
///
/// ```
/// use wintask::definition::{Exec, Task};
/// use wintask::reconcile::{Collected, Evidence, TasksKey, TreeKey, reconcile};
/// use wintask::taskcache::write;
///
/// // A task with neither file nor security descriptor.
/// let id = "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}".to_owned();
/// let values = write(&Task::new(Exec::new("calc.exe")))?.values;
/// let tree = TreeKey { path: r"\Update".into(), id: Some(id.clone()), index: Some(3), sd: Collected::Missing };
/// let tasks = TasksKey { id, values, listed: None };
/// let report = reconcile(&Evidence { tree: Some(&tree), tasks: Some(&tasks), ..Evidence::default() });
/// let codes: Vec<_> = report.findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["reconcile.key.without_file", "reconcile.sd.missing"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn reconcile(evidence: &Evidence<'_>) -> Report {
    reconcile_next(evidence, &mut LastDescriptor::default())
}

/// The same for one of many tasks.
pub(super) fn reconcile_next<'a>(evidence: &Evidence<'a>, last: &mut LastDescriptor<'a>) -> Report {
    let Evidence { file, tree, tasks, job, now, looked_for, .. } = *evidence;
    let mut notes = Notes(Findings::new());
    let history = History::new(evidence.events.clone());
    match (file, tree, tasks) {
        (Some(_), None, None) if looked_for.tree || looked_for.tasks => {
            notes.push(FindingKind::FileWithoutKey, "Tree")
        }
        (None, _, Some(_)) if looked_for.files => notes.push(FindingKind::KeyWithoutFile, "File"),
        _ => {}
    }
    if tree.is_none() && tasks.is_some() && looked_for.tree {
        notes.push(FindingKind::TasksWithoutTree, "Tree");
    }
    let path = path(evidence);
    let cached = tasks.map(|tasks| taskcache::recover(&tasks.values));
    if let Some(tree) = tree {
        of_tree(tree, (tasks, looked_for.tasks), cached.as_ref(), last, &mut notes);
    }
    if let Some(tasks) = tasks {
        if tasks.values.path.as_deref().is_some_and(|other| !is_same_path(other, &path)) {
            notes.push(FindingKind::PathDiffers, "Tasks.Path");
        }
        if tasks.values.uri.as_deref().is_some_and(|uri| !is_same_path(uri, &path)) {
            notes.push(FindingKind::UriDiffers, "Tasks.URI");
        }
    }
    if let Some(cached) = &cached {
        of_cache(cached, &mut notes);
        if let Some(info) = &cached.dynamic_info {
            history.of_times(info, now, &mut notes);
        }
    }
    let of_file = of_hash(file, cached.as_ref(), &mut notes);
    let store = Store::new(evidence, cached.as_ref(), of_file, &history);
    let stored = file.and_then(|file| of_xml(file, &path, cached.as_ref(), &mut notes));
    let differences = match (&stored, &cached) {
        (Some(stored), Some(cached)) => of_stored(stored, cached, &mut notes),
        _ => Vec::new(),
    };
    // The definitions of the registry, the file, the log, the .JOB file and policies.
    let mut definitions = Vec::with_capacity(4 + evidence.policies.len());
    add(&mut definitions, Source::Tasks, cached.map(|cached| cached.task));
    add(&mut definitions, Source::File, stored);
    let registered = history.registered();
    let current: Vec<_> = definitions.iter().map(|definition| &definition.task).collect();
    let is_there = tree.is_some() || !current.is_empty();
    if is_there {
        history.of_task(registered.as_ref(), &current, &mut notes);
    } else if !history.is_empty() {
        history.alone(looked_for.any(), &mut notes);
    }
    let current = (looked_for.any() || !current.is_empty()).then_some(current.as_slice());
    let twin = job.and_then(|job| of_twin(job, current, &mut notes));
    let mut policies = Vec::new();
    if !evidence.policies.is_empty() {
        let current = current.map(|current| current.first().map(|task| cached_print(task)));
        let of_item =
            |item: &&PolicyItem| of_policy(item, current.as_ref().map(Option::as_ref), &mut notes).cloned();
        policies.extend(evidence.policies.iter().filter_map(of_item));
    }
    add(&mut definitions, Source::Event, registered);
    add(&mut definitions, Source::Job, twin);
    definitions.extend(policies.into_iter().map(|task| Definition { source: Source::Policy, task }));
    if let Some(definition) = definitions.first() {
        notes.0.append(examine(&definition.task));
    }
    Report { path, definitions, differences, findings: notes.0, store }
}

fn add(definitions: &mut Vec<Definition>, source: Source, task: Option<Task>) {
    if let Some(task) = task {
        definitions.push(Definition { source, task });
    }
}

fn path(evidence: &Evidence<'_>) -> String {
    let Evidence { file, tree, tasks, job, policies, events, .. } = evidence;
    let path = tree.map(|tree| tree.path.clone()).or_else(|| file.map(|file| file.path.clone()));
    path.or_else(|| tasks.and_then(|tasks| tasks.values.path.clone()))
        .or_else(|| events.first().map(|event| event.path.clone()))
        .or_else(|| job.map(JobFile::path))
        .or_else(|| policies.first().map(|item| item.path()))
        .unwrap_or_default()
}

/// Compares the hash of the file, which is returned, with the one in the registry.
fn of_hash(file: Option<&TaskFile>, cached: Option<&Recovered>, notes: &mut Notes) -> Option<Hash> {
    let cached = cached?;
    let of_file = file.and_then(|file| match cached.hash {
        Some(Hash::Crc32(_)) => Some(Hash::crc32_of_file(&file.bytes)),
        Some(Hash::Sha256(_)) => Some(Hash::of_file(&file.bytes)),
        _ => None,
    });
    let is_other = of_file.is_some() && of_file != cached.hash;
    if is_other {
        notes.push(FindingKind::HashDiffers, "Tasks.Hash");
    } else if matches!(of_file, Some(Hash::Crc32(_))) {
        notes.push(FindingKind::HashOld, "Tasks.Hash");
    }
    // Zero means that there is no value. Whether the CRC covers the byte order mark is unknown.
    let crc = cached.triggers.as_ref().map_or(0, |raw| raw.bucket.crc32.value);
    let is_right = |file: &TaskFile| {
        crc == crc32fast::hash(&file.bytes)
            || Hash::crc32_of_file(&file.bytes).as_bytes() == crc.to_le_bytes()
    };
    if !is_other && crc != 0 && file.is_some_and(|file| !is_right(file)) {
        notes.push(FindingKind::CrcDiffers, "Tasks.Triggers.Crc32");
    }
    of_file
}

fn of_xml(file: &TaskFile, path: &str, cached: Option<&Recovered>, notes: &mut Notes) -> Option<Task> {
    let recovered = xml::recover(&file.bytes, &Options::default());
    if recovered.findings.worst() == Some(Severity::Error) {
        notes.push(FindingKind::Damaged, "File");
    }
    let uri = recovered.task.as_ref().and_then(|task| task.registration_info.uri.as_deref());
    // A finding that the registry has as well is reported there.
    let known = cached.and_then(|cached| cached.task.registration_info.uri.as_deref());
    if uri.is_some_and(|uri| !is_same_path(uri, path) && known != Some(uri)) {
        notes.push(FindingKind::UriDiffers, "File.RegistrationInfo/URI");
    }
    recovered.task
}

/// Compares the file with the registry by way of the values that the file would have.
fn of_stored(stored: &Task, cached: &Recovered, notes: &mut Notes) -> Vec<Difference> {
    if is_stored_as(stored, cached) {
        return Vec::new();
    }
    let (expected, cached) = (as_stored(stored), &cached.task);
    if expected == *cached {
        return Vec::new();
    }
    let (file, registry) = (fingerprint(&expected), fingerprint(cached));
    for (differs, kind, place) in [
        (file.actions != registry.actions, FindingKind::ActionsDiffer, "Actions"),
        (file.triggers != registry.triggers, FindingKind::TriggersDiffer, "Triggers"),
        (file.principal != registry.principal, FindingKind::PrincipalDiffers, "Principals"),
        (file.settings != registry.settings, FindingKind::SettingsDiffer, "Settings"),
    ] {
        if differs {
            notes.push(kind, place);
        }
    }
    compare(&expected, cached)
}
