//! What is converted.

use crate::artifact::Artifact;
use std::path::Path;
use wintask::{
    command_line::{At, Schtasks},
    definition::Task,
    detect::Kind,
    job::Job,
    xml,
};

/// A task in one of the formats, and where it was found.
pub struct Source {
    pub content: Content,
    /// The path of the task, as far as it is known.
    pub name: String,
    line: Option<u32>,
}

pub enum Content {
    Task(Box<Task>),
    Job(Box<Job>),
    At(At),
    Schtasks(Box<Schtasks>),
}

impl Source {
    /// The file, and the line if it holds several.
    pub fn place(&self, file: &str) -> String {
        self.line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"))
    }
}

/// Everything in a file.
pub fn of(bytes: &[u8], path: &Path) -> Result<Vec<Source>, String> {
    let stem = path.file_stem().map_or_else(|| "Task".to_owned(), |stem| stem.to_string_lossy().into_owned());
    match Artifact::detect(bytes) {
        Some(artifact) if artifact.found.kind == Kind::Job => {
            let job = Job::parse(bytes).map_err(|error| error.to_string())?;
            Ok(vec![Source { content: Content::Job(Box::new(job)), name: stem, line: None }])
        }
        Some(artifact) if artifact.is_readable() => definitions(&artifact, &stem),
        Some(artifact) => Err(artifact.unreadable()),
        None => commands(bytes),
    }
}

fn definitions(artifact: &Artifact<'_>, stem: &str) -> Result<Vec<Source>, String> {
    let (mut sources, mut wrong) = (Vec::new(), None);
    artifact.definitions(|definition| match definition.read(&xml::Options::default()) {
        Ok(task) => {
            let uri = task.registration_info.uri.clone();
            let name = definition.name.map(str::to_owned).or(uri).unwrap_or_else(|| stem.to_owned());
            sources.push(Source { content: Content::Task(Box::new(task)), name, line: definition.line });
        }
        Err(error) => wrong = Some(error.to_string()),
    });
    match (wrong, sources.is_empty()) {
        (Some(error), _) => Err(error),
        (None, true) => Err("no task".to_owned()),
        (None, false) => Ok(sources),
    }
}

/// Commands, one on each line.
fn commands(bytes: &[u8]) -> Result<Vec<Source>, String> {
    let unknown = || "neither a Task Scheduler artifact nor commands of schtasks or at".to_owned();
    let text = std::str::from_utf8(bytes).map_err(|_| unknown())?;
    let mut sources = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let content = match (Schtasks::parse(line), At::parse(line)) {
            (Ok((command, findings)), _) => {
                report(index, findings.erase());
                Content::Schtasks(Box::new(command))
            }
            (_, Ok((command, findings))) => {
                report(index, findings.erase());
                Content::At(command)
            }
            _ => return Err(unknown()),
        };
        let number = u32::try_from(index + 1).ok();
        sources.push(Source { content, name: "Task".to_owned(), line: number });
    }
    if sources.is_empty() { Err(unknown()) } else { Ok(sources) }
}

fn report(index: usize, findings: wintask::finding::AnyFindings) {
    for finding in &findings {
        crate::output::warn(&format!("line {}: {finding}", index + 1));
    }
}
