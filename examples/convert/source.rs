//! The input of a conversion.

use crate::{artifact::Artifact, output::warn};
use std::{borrow::Cow, path::Path, rc::Rc};
use wintask::{
    command_line::{At, Schtasks},
    compat::{Differences, beyond_job},
    definition::Task,
    detect::Kind,
    finding::Severity,
    gpp::{self, Action, Part, ScheduledTasks},
    job::{Job, RawJob},
    xml,
};

/// A task in one of the formats, and where it was found.
pub struct Source {
    pub content: Content,
    /// The path of the task, as far as it is known.
    pub name: String,
    /// Which part of the file it is, if that holds several: a line, or an item.
    part: Option<String>,
}

pub enum Content {
    Task(Box<Task>),
    Job(Box<File>),
    At(At),
    Schtasks(Box<Schtasks>),
    /// An item of Group Policy, by its number, and the part that its policy is in.
    Item(Rc<ScheduledTasks>, usize, Part),
}

/// A .JOB file.
pub struct File {
    pub bytes: Vec<u8>,
    pub job: Job,
    /// The file's content besides the job.
    pub beyond: Differences,
}

impl Source {
    /// The file, and the part if it holds several.
    pub fn place(&self, file: &str) -> String {
        self.part.as_ref().map_or_else(|| file.to_owned(), |part| format!("{file}:{part}"))
    }
}

/// All tasks in a file.
pub fn of(bytes: &[u8], path: &Path) -> Result<Vec<Source>, String> {
    let stem = path.file_stem().map_or_else(|| "Task".to_owned(), |stem| stem.to_string_lossy().into_owned());
    match Artifact::detect(bytes) {
        Ok(artifact) if artifact.found.kind == Kind::Job => {
            let job = Job::parse(bytes).map_err(|error| error.to_string())?;
            let beyond = RawJob::parse(bytes).map(|raw| beyond_job(&raw)).unwrap_or_default();
            let file = Box::new(File { bytes: bytes.to_vec(), job, beyond });
            Ok(vec![Source { content: Content::Job(file), name: stem, part: None }])
        }
        Ok(artifact) if artifact.found.kind == Kind::GroupPolicy => items(bytes, path),
        Ok(artifact) if artifact.is_readable() => definitions(&artifact, &stem),
        Ok(artifact) => Err(artifact.unreadable()),
        Err(_) => commands(bytes, &crate::output::name(path)),
    }
}

fn definitions(artifact: &Artifact<'_>, stem: &str) -> Result<Vec<Source>, String> {
    let (mut sources, mut wrong) = (Vec::new(), None);
    artifact.definitions(|definition| match definition.read(&xml::Options::default()) {
        Ok(task) => {
            let uri = task.registration_info.uri.clone();
            let name = definition.name().map(Cow::into_owned).or(uri).unwrap_or_else(|| stem.to_owned());
            let part = definition.line.map(|line| line.to_string());
            sources.push(Source { content: Content::Task(Box::new(task)), name, part });
        }
        Err(error) => wrong = Some(error.to_string()),
    });
    match (wrong, sources.is_empty()) {
        (Some(error), _) => Err(error),
        (None, true) => Err(format!("{}: contains no task definition", artifact.found.kind)),
        (None, false) => Ok(sources),
    }
}

/// The items of a policy that have a task; items that delete a task have none.
fn items(bytes: &[u8], path: &Path) -> Result<Vec<Source>, String> {
    let file = crate::output::name(path);
    let recovered = gpp::recover(bytes);
    for finding in recovered.findings.iter().filter(|finding| finding.severity() == Severity::Error) {
        warn(&format!("{file}: {finding}"));
    }
    let policy = Rc::new(recovered.policy.ok_or("nothing of the policy could be read")?);
    let (mut sources, part_of_policy) = (Vec::new(), crate::shared::policy::part(&file));
    for (index, item) in policy.items().enumerate() {
        let (name, part) = (item.name().unwrap_or_default(), format!("item {}", index + 1));
        if item.action() == Action::Delete {
            warn(&format!("{file}:{part}: deletes {name}: there is nothing to convert"));
            continue;
        }
        sources.push(Source {
            content: Content::Item(Rc::clone(&policy), index, part_of_policy),
            name,
            part: Some(part),
        });
    }
    Ok(sources)
}

/// Commands, one on each line.
fn commands(bytes: &[u8], file: &str) -> Result<Vec<Source>, String> {
    let unknown = || "neither a Task Scheduler artifact nor commands of schtasks or at".to_owned();
    let text = std::str::from_utf8(bytes).map_err(|_| unknown())?;
    let mut sources = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let content = match (Schtasks::parse(line), At::parse(line)) {
            (Ok((command, findings)), _) => {
                report(file, index, findings.erase());
                Content::Schtasks(Box::new(command))
            }
            (_, Ok((command, findings))) => {
                report(file, index, findings.erase());
                Content::At(command)
            }
            _ => return Err(unknown()),
        };
        sources.push(Source { content, name: "Task".to_owned(), part: Some((index + 1).to_string()) });
    }
    if sources.is_empty() { Err(unknown()) } else { Ok(sources) }
}

fn report(file: &str, index: usize, findings: wintask::finding::AnyFindings) {
    for finding in &findings {
        warn(&format!("{file}:{}: {finding}", index + 1));
    }
}
