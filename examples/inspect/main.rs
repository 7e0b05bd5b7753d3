//! Reads Task Scheduler artifacts and says what they are.
//!
//! ```text
//! cargo run --example inspect -- [--json] FILE-OR-FOLDER...
//! ```
//!
//! The kind of a file is told by its content, never by its name. A file that cannot be read whole is shown as far as
//! it can be; the rest still runs. Exit status: 0 if every artifact was sound, 1 if any was not, 2 for a wrong call.

mod job;
mod print;
#[path = "../shared/mod.rs"]
mod shared;

use print::Summary;
use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};
use wintask::finding::{Findings, Severity};

/// What was read of one artifact.
pub struct Report {
    /// What it is, for the head line and as JSON's `kind`.
    pub title: String,
    pub kind: &'static str,
    pub summary: Summary,
    pub value: (&'static str, Value),
    pub findings: Findings,
}

/// Reads an artifact, if it is one of ours.
fn examine(bytes: &[u8]) -> Option<Report> {
    job::examine(bytes)
}

fn main() -> ExitCode {
    let (mut json, mut paths) = (false, Vec::new());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => json = true,
            "-h" | "--help" => {
                println!("usage: inspect [--json] FILE-OR-FOLDER...");
                return ExitCode::SUCCESS;
            }
            option if option.starts_with("--") => {
                eprintln!("inspect: unknown option {option}");
                return ExitCode::from(2);
            }
            path => paths.push(PathBuf::from(path)),
        }
    }
    if paths.is_empty() {
        eprintln!("usage: inspect [--json] FILE-OR-FOLDER...");
        return ExitCode::from(2);
    }
    let mut sound = true;
    for path in &paths {
        sound &= visit(path, true, json);
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Shows a file, or all files below a folder in the order of their names. Says whether all was well.
fn visit(path: &Path, named: bool, json: bool) -> bool {
    let children =
        fs::metadata(path).and_then(|meta| if meta.is_dir() { entries(path).map(Some) } else { Ok(None) });
    match children {
        Ok(Some(children)) => children.iter().filter(|child| !visit(child, false, json)).count() == 0,
        Ok(None) => match fs::read(path) {
            Ok(bytes) => show(path, &bytes, named, json),
            Err(error) => fail(path, &error.to_string(), json),
        },
        Err(error) => fail(path, &error.to_string(), json),
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn fail(path: &Path, error: &str, json: bool) -> bool {
    if json {
        println!("{}", json!({"path": path.display().to_string(), "error": error}));
    } else {
        println!("{}: {error}\n", path.display());
    }
    false
}

fn show(path: &Path, bytes: &[u8], named: bool, json: bool) -> bool {
    let Some(report) = examine(bytes) else {
        // Only what was asked for by name must be an artifact; folders hold other things too.
        return !named || fail(path, "not a Task Scheduler artifact that is known here", json);
    };
    if json {
        let findings: Vec<_> = report.findings.iter().map(shared::finding).collect();
        let mut object =
            json!({"path": path.display().to_string(), "kind": report.kind, "size": bytes.len()});
        object[report.value.0] = report.value.1;
        object["findings"] = findings.into();
        println!("{object}");
    } else {
        println!("{}: {}", path.display(), report.title);
        print!("{}", report.summary);
        for finding in &report.findings {
            println!("  ! {finding}");
        }
        if report.findings.omitted() > 0 {
            println!("  ! and {} findings more", report.findings.omitted());
        }
        println!();
    }
    report.findings.worst() != Some(Severity::Error)
}
