//! The tasks of a file, and their scheduled runs.

use crate::{
    artifact::{Artifact, Definition, Unrecognised},
    files::Input,
    output,
    row::{Form, Text},
    runs::{self, Run},
    shared,
    zone::ThreadZone,
};
use std::ops::{ControlFlow, Range};
use time::OffsetDateTime;
use wintask::{
    definition::Task,
    detect::Kind,
    gpp::{self, Action, Item},
    job::{self, Job},
    schedule::{Occurrence, Options, Patterns, Timetable, words},
    xml,
};

/// How to read files.
pub struct Reader<'z> {
    /// The zone that local times are in, if it is known.
    pub zone: Option<&'z ThreadZone>,
    /// The period. Tasks without a run in it are not kept.
    pub period: Range<OffsetDateTime>,
    /// Whether to include definitions that Windows would reject.
    pub rejected: bool,
    /// How rows are written.
    pub form: Form,
}

/// The content of a file.
pub enum Content {
    Tasks(Tasks),
    Unrecognised(Unrecognised),
    Unreadable(String),
}

/// The tasks of a file.
#[derive(Default)]
pub struct Tasks {
    /// Those that have runs in the period.
    pub sources: Vec<Source>,
    /// How many runs those have.
    pub runs: u64,
    /// Definitions that were left out.
    pub rejected: usize,
}

/// A task that has runs in the period. There may be very many, so no more is kept than their order needs: the compiled
/// triggers, and what all rows of the task have in common as text.
pub struct Source {
    patterns: Patterns,
    text: Text,
    /// By trigger, whether its start states an instant; empty if none does.
    absolute: Box<[bool]>,
}

impl Reader<'_> {
    /// The zone to compute with.
    fn zone(&self) -> &ThreadZone {
        self.zone.unwrap_or(&time::UtcOffset::UTC)
    }

    /// Reads a file; for a damaged file, as much as possible. `bytes` is a buffer.
    pub fn read(&self, input: &Input, bytes: &mut Vec<u8>) -> Content {
        if let Err(error) = input.read_into(bytes) {
            return Content::Unreadable(error.to_string());
        }
        let path = output::name(&input.path);
        if let Some(stored) = Definition::stored(bytes)
            && let Ok(task) = stored.read(&xml::Options::default())
        {
            let mut tasks = Tasks::default();
            self.task(&path, || name(&task, &stored), &task, &mut tasks);
            return Content::Tasks(tasks);
        }
        let artifact = match Artifact::detect(bytes) {
            Ok(artifact) => artifact,
            Err(error) => return Content::Unrecognised(error),
        };
        if artifact.found.kind == Kind::GroupPolicy {
            return self.policy(&path, bytes);
        }
        if !artifact.is_readable() {
            return Content::Unreadable(artifact.unreadable());
        }
        let (mut tasks, mut found, mut lost) = (Tasks::default(), 0, 0);
        if artifact.found.kind == Kind::Job {
            match job::recover(bytes).job() {
                _ if !self.rejected && Job::parse(bytes).is_err() => tasks.rejected += 1,
                None => lost += 1,
                Some(job) => {
                    found += 1;
                    self.job(&path, &job, &mut tasks);
                }
            }
        }
        artifact.definitions(|definition| {
            let options = xml::Options::default();
            let task = match definition.read(&options) {
                Ok(task) => Some(task),
                Err(_) if self.rejected => definition.recover(&options).task,
                Err(_) => return tasks.rejected += 1,
            };
            match task {
                None => lost += 1,
                Some(task) => {
                    found += 1;
                    self.task(&path, || name(&task, definition), &task, &mut tasks);
                }
            }
        });
        if lost > 0 && found == 0 {
            return Content::Unreadable(format!("nothing could be read: {}", artifact.found));
        }
        Content::Tasks(tasks)
    }

    /// The scheduled tasks of a policy. Immediate ones are omitted, since the file does not state when it is applied.
    fn policy(&self, path: &str, bytes: &[u8]) -> Content {
        let Some(policy) = gpp::recover(bytes).policy else {
            return Content::Unreadable("nothing of the policy could be read".to_owned());
        };
        let mut tasks = Tasks::default();
        let is_scheduled = |item: &Item<'_>| {
            let is_processed = !policy.is_disabled() && !item.is_ignored();
            is_processed && item.action() != Action::Delete && !item.kind().is_immediate()
        };
        let context = gpp::Context::default().with_part(shared::policy::part(path));
        for item in policy.items().filter(is_scheduled) {
            match gpp::to_task(&item, &context) {
                Ok(made) => {
                    self.task(path, || item.name().unwrap_or_default(), &made.value, &mut tasks);
                }
                Err(_) => tasks.rejected += 1,
            }
        }
        Content::Tasks(tasks)
    }

    fn job(&self, path: &str, job: &Job, tasks: &mut Tasks) {
        let text = || {
            // A .JOB file does not contain its account.
            Text::new(self.form, [path, "", "", &words::job_action(job)])
        };
        self.keep(Patterns::of_job(job, &Options::default()), text, Vec::new, tasks);
    }

    fn task(&self, path: &str, name: impl FnOnce() -> String, task: &Task, tasks: &mut Tasks) {
        let text = || {
            let principal = task.run_as();
            let account =
                principal.and_then(|principal| principal.user_id.as_ref().or(principal.group_id.as_ref()));
            let action = task.actions.list.iter().map(words::action).collect::<Vec<_>>().join("; ");
            Text::new(self.form, [path, &name(), account.map_or("", String::as_str), &action])
        };
        self.keep(Patterns::of_task(task, &Options::default()), text, || runs::absolute(task), tasks);
    }

    /// Keeps a task if it has runs in the period.
    fn keep(
        &self,
        patterns: Patterns,
        text: impl FnOnce() -> Text,
        absolute: impl FnOnce() -> Vec<bool>,
        tasks: &mut Tasks,
    ) {
        let runs = self.table(&patterns).count(self.period.clone());
        if runs > 0 {
            let absolute = absolute();
            let absolute = if absolute.contains(&true) { absolute.into() } else { Box::default() };
            tasks.sources.push(Source { patterns, text: text(), absolute });
            tasks.runs += runs;
        }
    }

    fn table<'t>(&'t self, patterns: &'t Patterns) -> Timetable<&'t ThreadZone, &'t Patterns> {
        Timetable::new(patterns, self.zone(), &Options::default())
    }

    /// Visits the runs of a task from an instant on, until before another.
    pub fn runs(
        &self,
        source: &Source,
        range: &Range<OffsetDateTime>,
        visit: impl FnMut(Occurrence) -> ControlFlow<()>,
    ) {
        let _ = self.table(&source.patterns).occurrences(range.clone()).try_for_each(visit);
    }

    /// Adds the row of a run.
    pub fn row(&self, source: &Source, run: &Occurrence, to: &mut String) {
        let absolute = source.absolute.get(run.trigger()) == Some(&true);
        source.text.row(self.form, &Run::new(run, self.zone.is_some(), absolute), to);
    }
}

/// The task's path: as it states it, or as the file does; or else where in the file it is.
fn name(task: &Task, definition: &Definition<'_>) -> String {
    let name = task.registration_info.uri.clone().or_else(|| Some(definition.name()?.into_owned()));
    name.or_else(|| Some(format!("line {}", definition.line?))).unwrap_or_default()
}
