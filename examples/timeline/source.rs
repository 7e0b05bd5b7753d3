//! The tasks of a file, and their scheduled runs.

use crate::{
    artifact::{Artifact, Definition, Unrecognised},
    files::Input,
    output,
    row::{Form, Text},
    runs::{self, Run},
    shared,
    sorted::{Row, Rows},
    zone::ThreadZone,
};
use std::{
    mem,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};
use time::OffsetDateTime;
use wintask::{
    definition::Task,
    detect::Kind,
    gpp::{self, Action, Item},
    job::{self, Job},
    schedule::{Options, Patterns, Timetable, words},
    time::Ticks,
    xml,
};

/// How to read files.
pub struct Reader<'z> {
    /// The zone that local times are in, if it is known.
    pub zone: Option<&'z ThreadZone>,
    pub period: Range<OffsetDateTime>,
    /// Whether to include definitions that Windows would reject.
    pub rejected: bool,
    /// How rows are written.
    pub form: Form,
    /// About how many bytes all rows may have.
    pub most: u64,
    /// About how many bytes the rows have that were found so far. If there are too many, they are only counted.
    pub size: AtomicU64,
}

/// The content of a file.
pub enum Content {
    /// Tasks, and the number of definitions that were left out.
    Tasks {
        rejected: usize,
    },
    Unrecognised(Unrecognised),
    Unreadable(String),
}

/// Passes rows on, many at once.
pub struct Sink<'d> {
    rows: Rows,
    done: &'d mut dyn FnMut(Rows),
}

/// How much text is passed on at once.
const AT_ONCE: usize = 1 << 15;

/// The length of what the rows of a task do not have in common: two times and the trigger.
const ROW: u64 = 50;

impl<'d> Sink<'d> {
    pub fn new(done: &'d mut dyn FnMut(Rows)) -> Self {
        Self { rows: Rows::default(), done }
    }

    /// Passes on what is left.
    pub fn finish(self) {
        (self.done)(self.rows);
    }
}

impl Reader<'_> {
    /// The zone to compute with.
    fn zone(&self) -> &ThreadZone {
        self.zone.unwrap_or(&time::UtcOffset::UTC)
    }

    /// Reads a file; for a damaged file, as much as possible. `bytes` is a buffer.
    pub fn read(&self, input: &Input, bytes: &mut Vec<u8>, sink: &mut Sink<'_>) -> Content {
        if let Err(error) = input.read_into(bytes) {
            return Content::Unreadable(error.to_string());
        }
        let path = output::name(&input.path);
        if let Some(stored) = Definition::stored(bytes)
            && let Ok(task) = stored.read(&xml::Options::default())
        {
            self.task(&path, || name(&task, &stored), &task, sink);
            return Content::Tasks { rejected: 0 };
        }
        let artifact = match Artifact::detect(bytes) {
            Ok(artifact) => artifact,
            Err(error) => return Content::Unrecognised(error),
        };
        if artifact.found.kind == Kind::GroupPolicy {
            return self.policy(&path, bytes, sink);
        }
        if !artifact.is_readable() {
            return Content::Unreadable(artifact.unreadable());
        }
        let (mut rejected, mut found, mut lost) = (0, 0, 0);
        if artifact.found.kind == Kind::Job {
            match job::recover(bytes).job() {
                _ if !self.rejected && Job::parse(bytes).is_err() => rejected += 1,
                None => lost += 1,
                Some(job) => {
                    found += 1;
                    self.job(&path, &job, sink);
                }
            }
        }
        artifact.definitions(|definition| {
            let options = xml::Options::default();
            let task = match definition.read(&options) {
                Ok(task) => Some(task),
                Err(_) if self.rejected => definition.recover(&options).task,
                Err(_) => return rejected += 1,
            };
            match task {
                None => lost += 1,
                Some(task) => {
                    found += 1;
                    self.task(&path, || name(&task, definition), &task, sink);
                }
            }
        });
        if lost > 0 && found == 0 {
            return Content::Unreadable(format!("nothing could be read: {}", artifact.found));
        }
        Content::Tasks { rejected }
    }

    /// The scheduled tasks of a policy. Immediate ones are omitted, since the file does not state when it is applied.
    fn policy(&self, path: &str, bytes: &[u8], sink: &mut Sink<'_>) -> Content {
        let Some(policy) = gpp::recover(bytes).policy else {
            return Content::Unreadable("nothing of the policy could be read".to_owned());
        };
        let mut rejected = 0;
        let is_scheduled = |item: &Item<'_>| {
            let is_processed = !policy.is_disabled() && !item.is_ignored();
            is_processed && item.action() != Action::Delete && !item.kind().is_immediate()
        };
        let context = gpp::Context::default().with_part(shared::policy::part(path));
        for item in policy.items().filter(is_scheduled) {
            match gpp::to_task(&item, &context) {
                Ok(made) => self.task(path, || item.name().unwrap_or_default(), &made.value, sink),
                Err(_) => rejected += 1,
            }
        }
        Content::Tasks { rejected }
    }

    fn job(&self, path: &str, job: &Job, sink: &mut Sink<'_>) {
        let text = || {
            // A .JOB file does not contain its account.
            Text::new(self.form, [path, "", "", &words::job_action(job)])
        };
        self.rows(&Patterns::of_job(job, &Options::default()), text, Vec::new, sink);
    }

    fn task(&self, path: &str, name: impl FnOnce() -> String, task: &Task, sink: &mut Sink<'_>) {
        let text = || {
            let principal = task.run_as();
            let account =
                principal.and_then(|principal| principal.user_id.as_ref().or(principal.group_id.as_ref()));
            let action = task.actions.list.iter().map(words::action).collect::<Vec<_>>().join("; ");
            Text::new(self.form, [path, &name(), account.map_or("", String::as_str), &action])
        };
        self.rows(&Patterns::of_task(task, &Options::default()), text, || runs::absolute(task), sink);
    }

    /// The rows of a task. `absolute`: by trigger, whether its start states an instant.
    fn rows(
        &self,
        patterns: &Patterns,
        text: impl FnOnce() -> Text,
        absolute: impl FnOnce() -> Vec<bool>,
        sink: &mut Sink<'_>,
    ) {
        let table = Timetable::new(patterns, self.zone(), &Options::default());
        let runs = table.count(self.period.clone());
        if runs == 0 {
            return;
        }
        let text = text();
        let size = runs.saturating_mul(text.len() as u64 + ROW);
        let before = self.size.fetch_update(Relaxed, Relaxed, |sum| Some(sum.saturating_add(size)));
        if before.unwrap_or_else(|sum| sum).saturating_add(size) > self.most {
            return;
        }
        let absolute = absolute();
        let mut first = true;
        for run in table.occurrences(self.period.clone()) {
            let is_absolute = absolute.get(run.trigger()) == Some(&true);
            let Rows { text: to, list } = &mut sink.rows;
            text.row(self.form, &Run::new(&run, self.zone.is_some(), is_absolute), to);
            list.push(Row { at: Ticks::from_instant(run.instant()).0, first, end: to.len() });
            first = false;
            if to.len() > AT_ONCE {
                (sink.done)(mem::take(&mut sink.rows));
            }
        }
    }
}

/// The task's path: as it states it, or as the file does; or else where in the file it is.
fn name(task: &Task, definition: &Definition<'_>) -> String {
    let name = task.registration_info.uri.clone().or_else(|| Some(definition.name()?.into_owned()));
    name.or_else(|| Some(format!("line {}", definition.line?))).unwrap_or_default()
}
