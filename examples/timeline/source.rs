//! A task's runs.

use crate::artifact::{Artifact, Definition};
use serde_json::{Value, json};
use std::path::Path;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset, format_description::well_known::Rfc3339};
use wintask::{
    definition::{Action, Task},
    schedule::{Options, Timetable},
    time::{Boundary, Zone},
};

/// A task and where it was found.
pub struct Source<'z> {
    path: String,
    task: String,
    action: String,
    table: Timetable<&'z dyn Zone>,
    /// Whether local times have instants: there is a zone.
    zoned: bool,
    /// By trigger, whether its start names an instant.
    absolute: Vec<bool>,
}

/// A run of it.
pub struct Run<'s> {
    pub instant: OffsetDateTime,
    local: PrimitiveDateTime,
    trigger: usize,
    source: &'s Source<'s>,
}

/// The zone to compute with.
pub fn zone(zone: Option<&dyn Zone>) -> &dyn Zone {
    zone.unwrap_or(&UtcOffset::UTC)
}

/// The tasks of a file: none if it holds none, and of a damaged one what could be read.
pub fn read<'z>(path: &Path, bytes: &[u8], stated: Option<&'z dyn Zone>) -> Vec<Source<'z>> {
    let (zone, options) = (zone(stated), Options::default());
    let source = |task: Option<String>, action, table, absolute| Source {
        path: path.display().to_string(),
        task: task.unwrap_or_default(),
        action,
        table,
        zoned: stated.is_some(),
        absolute,
    };
    match Artifact::detect(bytes) {
        None => Vec::new(),
        Some(Artifact::Job(recovered)) => {
            let of_job = |job: wintask::job::Job| {
                let words = [Some(&job.application_name), job.parameters.as_ref()].into_iter().flatten();
                let action = words.map(ToString::to_string).collect::<Vec<_>>().join(" ");
                source(None, action, Timetable::of_job(&job, zone, &options), Vec::new())
            };
            recovered.job().map(of_job).into_iter().collect()
        }
        Some(Artifact::Tasks(definitions)) => definitions
            .into_iter()
            .filter_map(|Definition { recovered, name, line }| {
                let task = recovered.task?;
                let name = name.or_else(|| line.map(|line| format!("line {line}")));
                let action = task.actions.list.iter().map(words_of).collect::<Vec<_>>().join("; ");
                let table = Timetable::of_task(&task, zone, &options);
                Some(source(task.registration_info.uri.clone().or(name), action, table, absolute(&task)))
            })
            .collect(),
    }
}

fn absolute(task: &Task) -> Vec<bool> {
    let start = task.triggers.iter().map(|trigger| trigger.start_boundary.as_ref());
    start.map(|start| start.is_some_and(|start| start.instant().is_some())).collect()
}

fn words_of(action: &Action) -> String {
    match action {
        Action::Exec(exec) => {
            format!("{} {}", exec.command, exec.arguments.as_deref().unwrap_or_default()).trim().to_owned()
        }
        Action::ComHandler(handler) => format!("{{{}}}", handler.class_id),
        Action::SendEmail(mail) => format!("e-mail to {}", mail.to.as_deref().unwrap_or("nobody")),
        Action::ShowMessage(message) => {
            format!("message {}", message.title.as_deref().unwrap_or(&message.body))
        }
        other => format!("{other:?}"),
    }
}

impl Source<'_> {
    /// The runs from an instant on, until before another.
    pub fn runs(&self, from: OffsetDateTime, until: OffsetDateTime) -> impl Iterator<Item = Run<'_>> {
        self.table.occurrences(from..until).map(|run| Run {
            instant: run.instant(),
            local: run.local(),
            trigger: run.trigger(),
            source: self,
        })
    }
}

impl Run<'_> {
    /// The local time and the instant, as far as there is a zone to tell.
    fn times(&self) -> (Option<String>, Option<String>) {
        let absolute = self.source.absolute.get(self.trigger) == Some(&true);
        let utc = (self.source.zoned || absolute).then(|| self.instant.format(&Rfc3339).ok());
        let local = self.source.zoned || !absolute;
        (local.then(|| Boundary::local(self.local).as_str().to_owned()), utc.flatten())
    }

    pub fn to_csv(&self) -> String {
        let (local, utc) = self.times();
        let Source { path, task, action, .. } = self.source;
        let fields = [
            &local.unwrap_or_default(),
            &utc.unwrap_or_default(),
            path,
            task,
            &(self.trigger + 1).to_string(),
            action,
        ];
        fields.map(|field| quoted(field)).join(",")
    }

    pub fn to_json(&self) -> Value {
        let (local, utc) = self.times();
        let Source { path, task, action, .. } = self.source;
        json!({"local": local, "utc": utc, "path": path, "task": task, "trigger": self.trigger + 1, "action": action})
    }
}

/// A field as RFC 4180 has it.
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
