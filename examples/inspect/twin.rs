//! The counterpart of a version 1 task: Windows keeps its definition and its .JOB file in sync.

use crate::{report::Summary, shared};
use serde_json::{Value, json};
use wintask::{
    compat::{Store, ToJob, ToTask, job_to_task, task_to_job},
    definition::Task,
    finding::AnyFindings,
    job::Job,
};

/// The counterpart, and its differences.
pub struct Twin {
    what: String,
    /// `job` or `task`, and its values; `None` if there cannot be one.
    value: Option<(&'static str, Value)>,
    differences: AnyFindings,
}

impl Twin {
    /// The counterpart of a version 1 definition: its .JOB file, or why it cannot have one. `None` for later versions.
    pub fn of_task(task: &Task) -> Option<Self> {
        let store = Store::of_version(task.version);
        if store == Store::Xml {
            return None;
        }
        Some(match task_to_job(task, &ToJob::default()) {
            Ok(made) => Self {
                what: format!("the .JOB file of {store}"),
                value: serde_json::to_value(&made.value).ok().map(|value| ("job", value)),
                differences: made.differences.erase(),
            },
            Err(error) => Self {
                what: format!("none: the definition cannot be {}", error.store),
                value: None,
                differences: error.obstacles.erase(),
            },
        })
    }

    /// The counterpart of a .JOB file: its definition.
    pub fn of_job(job: &Job) -> Self {
        let made = job_to_task(job, &ToTask::default());
        let version = made.value.version.map(|version| version.to_string()).unwrap_or_default();
        Self {
            what: format!("a definition of version {version}"),
            value: serde_json::to_value(&made.value).ok().map(|value| ("task", value)),
            differences: made.differences.erase(),
        }
    }

    pub fn summary(&self, out: &mut Summary) {
        let differences =
            self.differences.iter().map(|found| format!("{}: {}", found.place(), found.message()));
        let mut lines: Vec<String> = differences.collect();
        if self.differences.omitted() > 0 {
            lines.push(format!("and {} more", self.differences.omitted()));
        }
        let differs = self.value.is_some() && !lines.is_empty();
        let what = format!("{}{}", self.what, if differs { ", with these differences:" } else { "" });
        lines.insert(0, what);
        out.line("counterpart", lines.join("\n"));
    }

    pub fn to_json(&self) -> Value {
        let mut object =
            json!({"differences": self.differences.iter().map(shared::finding).collect::<Value>()});
        if let Some((name, value)) = &self.value {
            object[*name] = value.clone();
        }
        object
    }
}
