//! The tasks of a file, and their scheduled runs.

use crate::{
    artifact::{Artifact, Definition},
    files::Input,
    output,
    row::Row,
    runs::{self, Run},
    shared,
    zone::ThreadZone,
};
use std::ops::Range;
use time::OffsetDateTime;
use wintask::{
    definition::Task,
    detect::Kind,
    gpp::{self, Action, Item},
    job::{self, Job},
    schedule::{Occurrence, Options, Timetable},
    xml,
};

/// How to read files.
pub struct Reader<'z> {
    /// The zone that local times are in, if it is known.
    pub zone: Option<&'z ThreadZone>,
    /// Whether to include definitions that Windows would reject.
    pub refused: bool,
}

/// The content of a file.
pub enum Content<'z> {
    Tasks {
        sources: Vec<Source<'z>>,
        /// Definitions that were left out.
        refused: usize,
    },
    Unrecognised,
    Unreadable(String),
}

/// A task and where it was found.
pub struct Source<'z> {
    path: String,
    task: String,
    account: String,
    action: String,
    table: Timetable<&'z ThreadZone>,
    /// Whether local times have instants: the zone is known.
    zoned: bool,
    /// By trigger, whether its start states an instant.
    absolute: Vec<bool>,
}

impl<'z> Reader<'z> {
    /// The zone to compute with.
    pub fn zone(&self) -> &'z ThreadZone {
        self.zone.unwrap_or(&time::UtcOffset::UTC)
    }

    /// Reads a file; for a damaged file, as much as possible.
    pub fn read(&self, input: &Input) -> Content<'z> {
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => return Content::Unreadable(error.to_string()),
        };
        let Some(artifact) = Artifact::detect(&bytes) else { return Content::Unrecognised };
        let path = output::name(&input.path);
        if artifact.found.kind == Kind::GroupPolicy {
            return self.policy(&path, &bytes);
        }
        if !artifact.is_readable() {
            return Content::Unreadable(artifact.unreadable());
        }
        let (mut sources, mut refused, mut lost) = (Vec::new(), 0, 0);
        let mut take = |source: Option<Source<'z>>, accepted: bool| match source {
            _ if !accepted && !self.refused => refused += 1,
            Some(source) => sources.push(source),
            None => lost += 1,
        };
        if artifact.found.kind == Kind::Job {
            let job = job::recover(&bytes).job();
            take(job.map(|job| self.of_job(&path, &job)), Job::parse(&bytes).is_ok());
        }
        artifact.definitions(|definition| {
            let options = xml::Options::default();
            let accepted = definition.read(&options);
            let is_accepted = accepted.is_ok();
            let task = match accepted {
                Ok(task) => Some(task),
                Err(_) if self.refused => definition.recover(&options).task,
                Err(_) => None,
            };
            take(task.map(|task| self.of_task(&path, Some(definition), &task)), is_accepted);
        });
        if lost > 0 && sources.is_empty() {
            return Content::Unreadable(format!("nothing could be read: {}", artifact.found));
        }
        Content::Tasks { sources, refused }
    }

    /// The scheduled tasks of a policy. Immediate ones are omitted, since the file does not state when it is applied.
    fn policy(&self, path: &str, bytes: &[u8]) -> Content<'z> {
        let Some(policy) = gpp::recover(bytes).policy else {
            return Content::Unreadable("nothing of the policy could be read".to_owned());
        };
        let (mut sources, mut refused) = (Vec::new(), 0);
        let is_scheduled = |item: &Item<'_>| {
            let is_processed = !policy.is_disabled() && !item.is_ignored();
            is_processed && item.action() != Action::Delete && !item.kind().is_immediate()
        };
        let context = gpp::Context::default().with_part(shared::policy::part(path));
        for item in policy.items().filter(is_scheduled) {
            match gpp::to_task(&item, &context) {
                Ok(made) => {
                    sources.push(Source {
                        task: item.name().unwrap_or_default(),
                        ..self.of_task(path, None, &made.value)
                    });
                }
                Err(_) => refused += 1,
            }
        }
        Content::Tasks { sources, refused }
    }

    fn of_job(&self, path: &str, job: &Job) -> Source<'z> {
        let words = [Some(&job.application_name), job.parameters.as_ref()].into_iter().flatten();
        Source {
            path: path.to_owned(),
            task: String::new(),
            // A .JOB file does not contain its account.
            account: String::new(),
            action: words.map(ToString::to_string).collect::<Vec<_>>().join(" "),
            table: Timetable::of_job(job, self.zone(), &Options::default()),
            zoned: self.zone.is_some(),
            absolute: Vec::new(),
        }
    }

    fn of_task(&self, path: &str, definition: Option<&Definition<'_>>, task: &Task) -> Source<'z> {
        let principal = task.run_as();
        let account =
            principal.and_then(|principal| principal.user_id.as_ref().or(principal.group_id.as_ref()));
        let name = definition.and_then(|definition| {
            let name = definition.name.map(str::to_owned);
            name.or_else(|| definition.line.map(|line| format!("line {line}")))
        });
        Source {
            path: path.to_owned(),
            task: task.registration_info.uri.clone().or(name).unwrap_or_default(),
            account: account.cloned().unwrap_or_default(),
            action: task
                .actions
                .list
                .iter()
                .map(wintask::schedule::words::action)
                .collect::<Vec<_>>()
                .join("; "),
            table: Timetable::of_task(task, self.zone(), &Options::default()),
            zoned: self.zone.is_some(),
            absolute: runs::absolute(task),
        }
    }
}

impl Source<'_> {
    /// The runs between two instants, excluding the second.
    pub fn runs(&self, range: &Range<OffsetDateTime>) -> impl Iterator<Item = Occurrence> {
        self.table.occurrences(range.clone())
    }

    pub fn count(&self, range: &Range<OffsetDateTime>) -> u64 {
        self.table.count(range.clone())
    }

    /// Adds the row of a run.
    pub fn row(&self, run: &Occurrence, json: bool, text: &mut String) {
        let absolute = self.absolute.get(run.trigger()) == Some(&true);
        let Self { path, task, account, action, .. } = self;
        let row = Row { run: Run::new(run, self.zoned, absolute), path, task, account, action };
        *text += &if json { row.to_json() } else { row.to_csv() };
        text.push('\n');
    }
}
