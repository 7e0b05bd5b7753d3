//! Reads Task Scheduler artifacts and says what they are.
//!
//! ```text
//! cargo run --example inspect -- [--json] [--zone ZONE] [--now INSTANT] FILE-OR-FOLDER...
//! ```
//!
//! The next runs are those after now, or after the instant that `--now` names (`2024-01-03T02:00:00Z`). `--zone` is the
//! zone of the machine that the files come from: its name by IANA or Windows, an offset like
//! `+05:30`, or the registry's TZI in hex. Without
//! it local times are shown as they are.
//!
//! The kind of a file is told by its content, never by its name. A file that cannot be read whole is shown as far as
//! it can be; the rest still runs. Exit status: 0 if every artifact was sound, 1 if any was not, 2 for a wrong call.

#[path = "../shared/artifact.rs"]
mod artifact;
#[path = "../shared/files.rs"]
mod files;
#[path = "../shared/hex.rs"]
mod hex;
mod job;
#[path = "../shared/output.rs"]
mod output;
mod print;
mod runs;
#[path = "../shared/mod.rs"]
mod shared;
mod task;
#[path = "../shared/zone.rs"]
mod zone;
#[path = "../shared/zone_argument.rs"]
mod zone_argument;

use artifact::Artifact;
use files::Input;
use print::Summary;
use runs::View;
use serde_json::{Value, json};
use std::{
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use wintask::finding::{AnyFindings, Severity};

/// What was read of one artifact.
pub struct Report {
    /// What it is, for the head line and as JSON's `kind`.
    pub title: String,
    pub kind: &'static str,
    pub summary: Summary,
    pub value: (&'static str, Value),
    pub findings: AnyFindings,
}

/// Reads the artifacts of a file; none, if it is not one of ours.
fn examine(bytes: &[u8], view: &View) -> Vec<Report> {
    match Artifact::detect(bytes) {
        None => Vec::new(),
        Some(Artifact::Job(recovered)) => vec![job::report(*recovered, bytes.len(), view)],
        Some(Artifact::Tasks(tasks)) => {
            tasks.into_iter().filter_map(|task| task::report(task, view)).collect()
        }
    }
}

const USAGE: &str = "usage: inspect [--json] [--zone ZONE] [--now INSTANT] FILE-OR-FOLDER...";

struct Call {
    json: bool,
    view: View,
    paths: Vec<PathBuf>,
}

impl Call {
    /// Reads the arguments; none if only help was asked for.
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let view = View { zone: None, now: OffsetDateTime::now_utc() };
        let mut call = Self { json: false, view, paths: Vec::new() };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--json" => call.json = true,
                "--zone" => call.view.zone = Some(zone_argument::parse(&value()?)?),
                "--now" => {
                    let value = value()?;
                    let now = OffsetDateTime::parse(&value, &Rfc3339);
                    call.view.now = now.map_err(|error| format!("--now {value}: {error}"))?;
                }
                "-h" | "--help" => return Ok(None),
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                path => call.paths.push(PathBuf::from(path)),
            }
        }
        if call.paths.is_empty() { Err(USAGE.to_owned()) } else { Ok(Some(call)) }
    }
}

fn main() -> ExitCode {
    let call = match Call::parse(std::env::args().skip(1)) {
        Ok(Some(call)) => call,
        Ok(None) => {
            output::print(&format!(
                "{USAGE}
"
            ));
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("inspect: {error}");
            return ExitCode::from(2);
        }
    };
    let inputs = call.paths.iter().flat_map(|path| files::below(path));
    let unsound = inputs.filter(|input| !visit(input, &call)).count();
    if unsound == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Shows a file. Says whether all was well.
fn visit(input: &Input, call: &Call) -> bool {
    match &input.content {
        Ok(bytes) => show(&input.path, bytes, input.named, call),
        Err(error) => fail(&input.path, &error.to_string(), call),
    }
}

fn fail(path: &Path, error: &str, call: &Call) -> bool {
    if call.json {
        let object = json!({"path": path.display().to_string(), "error": error});
        output::print(&format!("{object}\n"));
    } else {
        output::print(&format!("{}: {error}\n\n", path.display()));
    }
    false
}

fn show(path: &Path, bytes: &[u8], named: bool, call: &Call) -> bool {
    let reports = examine(bytes, &call.view);
    if reports.is_empty() {
        // Only what was asked for by name must be an artifact; folders hold other things too.
        return !named || fail(path, "not a Task Scheduler artifact that is known here", call);
    }
    for report in &reports {
        output::print(&if call.json {
            format!("{}\n", report.to_json(path, bytes.len()))
        } else {
            format!("{}: {report}\n", path.display())
        });
    }
    reports.iter().all(|report| report.findings.worst() != Some(Severity::Error))
}

impl Report {
    fn to_json(&self, path: &Path, size: usize) -> Value {
        let mut object = json!({"path": path.display().to_string(), "kind": self.kind, "size": size});
        object[self.value.0] = self.value.1.clone();
        object["findings"] = self.findings.iter().map(shared::finding).collect();
        object
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        write!(f, "{}", self.summary)?;
        for finding in &self.findings {
            writeln!(f, "  ! {finding}")?;
        }
        if self.findings.omitted() > 0 {
            writeln!(f, "  ! and {} findings more", self.findings.omitted())?;
        }
        Ok(())
    }
}
