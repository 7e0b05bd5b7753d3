//! Lists suspicious scheduled tasks of a machine in one table, or as JSON lines.
//!
//! ```text
//! cargo run --release -- C/Windows/System32/Tasks C/Windows/System32/config/SOFTWARE Logs/*.evtx
//! ```

mod collect;
mod hive;
mod log;
mod print;

use collect::Collection;
use std::{path::PathBuf, process::ExitCode, time::SystemTime};
use wintask::{dtyp::FileTime, time::Boundary};

const USAGE: &str = "\
Compares the traces that scheduled tasks leave on a machine, and lists anything suspicious.

usage: triage [--json] [--all] [--now TIME] PATH...

PATH is a folder of task files (System32\\Tasks), a hive (SOFTWARE), an event log (.evtx), a .JOB file, a policy's
ScheduledTasks.xml, or a folder of such files. Files are identified by content; a task's path is relative to the
folder.

  --json       prints a JSON object per task and line: findings, differences, and every field with its source
  --all        includes informational findings and tasks without others
  --now TIME   when the traces were collected (2024-05-15T10:20:30Z); by default, the current time
";

struct Options {
    json: bool,
    all: bool,
    now: Option<FileTime>,
    paths: Vec<PathBuf>,
}

fn options() -> Result<Option<Options>, String> {
    let now = SystemTime::now();
    let mut options =
        Options { json: false, all: false, now: FileTime::from_instant(now.into()), paths: Vec::new() };
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(None),
            Some("--json") => options.json = true,
            Some("--all") => options.all = true,
            Some("--now") => {
                let text =
                    arguments.next().and_then(|text| text.into_string().ok()).ok_or("--now needs a time")?;
                let time: Option<Boundary> = text.parse().ok();
                let instant = time
                    .as_ref()
                    .and_then(Boundary::instant)
                    .ok_or(format!("{text} is not a time with Z"))?;
                options.now = FileTime::from_instant(instant);
            }
            Some(text) if text.starts_with("--") => return Err(format!("unknown option {text}")),
            _ => options.paths.push(argument.into()),
        }
    }
    if options.paths.is_empty() { Err("no path given".to_owned()) } else { Ok(Some(options)) }
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut collection = Collection::default();
    for path in &options.paths {
        collection.add(path);
    }
    let Collection { mut inventory, read, notes, problems } = collection;
    inventory.now = options.now;
    for line in notes.iter().chain(&problems) {
        eprintln!("{line}");
    }
    let reports: Vec<_> = inventory.reports().collect();
    let printed = if options.json { print::lines(&reports) } else { print::table(&reports, options.all) };
    if let Err(error) = printed {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    let counted =
        |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let (files, tasks) = (counted(read, "file"), counted(reports.len(), "task"));
    eprintln!("{files} read, {} could not be read; {tasks}", problems.len());
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
