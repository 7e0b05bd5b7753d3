//! A definition and a .JOB file with the same name: the two sides of a version 1 task, if both are present.

use crate::{
    files::{self, Input},
    output,
    report::Content,
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};
use wintask::{
    compat::{Store, ToJob, ToTask, job_to_task, task_to_job},
    definition::Task,
    diff::{Difference, compare},
    job::Job,
    xml::{self, Options},
};

/// The input files that have a counterpart: `Name` or `Name.xml`, and `Name.job`.
pub struct Pairs(HashMap<String, [Option<PathBuf>; 2]>);

/// Whether a file's name ends in `.job`.
fn is_job(path: &Path) -> bool {
    let path = path.as_os_str().as_encoded_bytes();
    path.last_chunk().is_some_and(|end: &[u8; 4]| end.eq_ignore_ascii_case(b".job"))
}

/// The task name of a file, and whether it is a .JOB file.
fn name(path: &Path) -> Option<(String, bool)> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let job = name.strip_suffix(".job").map(str::to_owned);
    Some(match job {
        Some(name) => (name, true),
        None => (name.strip_suffix(".xml").unwrap_or(&name).to_owned(), false),
    })
}

impl Pairs {
    /// Finds pairs among all files. If several files have the same name, it is not known which belong together.
    ///
    /// A first walk collects the names of .JOB files, a second the files with the same names.
    pub fn below(paths: &[PathBuf]) -> Self {
        let mut all: HashMap<String, [Vec<PathBuf>; 2]> = HashMap::new();
        for Input { path, .. } in files::below(paths).filter(|input| is_job(&input.path)) {
            if let Some((name, _)) = name(&path) {
                all.entry(name).or_default()[1].push(path);
            }
        }
        if all.is_empty() {
            return Self(HashMap::new());
        }
        for Input { path, .. } in files::below(paths).filter(|input| !is_job(&input.path)) {
            if let Some(lists) = name(&path).and_then(|(name, _)| all.get_mut(&name)) {
                lists[0].push(path);
            }
        }
        let one = |mut list: Vec<PathBuf>| if list.len() == 1 { list.pop() } else { None };
        let pairs = all.into_iter().map(|(name, lists)| (name, lists.map(one)));
        Self(pairs.filter(|(_, pair)| pair.iter().all(Option::is_some)).collect())
    }

    /// The counterpart of a file.
    pub fn of(&self, path: &Path) -> Option<Pair> {
        if self.0.is_empty() {
            return None;
        }
        let (name, is_job) = name(path)?;
        let path = self.0.get(&name)?[usize::from(!is_job)].clone()?;
        let bytes = Input::of(path.clone()).read().ok()?;
        Some(Pair { path: output::name(&path), bytes })
    }
}

/// The counterpart of the file that is shown.
pub struct Pair {
    path: String,
    bytes: Vec<u8>,
}

impl Pair {
    /// Whether the two sides match, in lines; `None` if they do not belong to the same task.
    pub fn words(&self, content: &Content<'_>) -> Option<String> {
        let differences = match content {
            Content::Task(task) => differences(task, &Job::parse(&self.bytes).ok()?)?,
            Content::Job { job, .. } => {
                differences(&xml::recover(&self.bytes, &Options::default()).task?, (*job)?)?
            }
            _ => return None,
        };
        if differences.is_empty() {
            return Some(format!("{}, which matches", self.path));
        }
        let lines = differences.iter().map(|difference| format!("\n{difference}"));
        Some(
            format!("{}, which does not match; changes from the definition to the .JOB file:", self.path)
                + &lines.collect::<String>(),
        )
    }
}

/// How the .JOB file's behaviour differs from that of the definition.
fn differences(task: &Task, job: &Job) -> Option<Vec<Difference>> {
    if Store::of_version(task.version) == Store::Xml {
        return None;
    }
    let expected = task_to_job(task, &ToJob::default()).ok()?.value;
    let of = |job: &Job| job_to_task(job, &ToTask::default()).value;
    let mut differences = compare(&of(&expected), &of(job));
    differences.retain(Difference::is_effective);
    Some(differences)
}
