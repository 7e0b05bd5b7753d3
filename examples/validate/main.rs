//! Checks whether Windows accepts task definitions, and shows why and where it does not.

mod excerpt;
mod gpp;
mod job;
mod report;

#[path = "../shared/mod.rs"]
mod shared;

use arguments::Arguments;
use artifact::Artifact;
use files::{Input, Tally};
use report::Report;
use shared::{arguments, artifact, files, output};
use std::{path::PathBuf, process::ExitCode};
use wintask::{Profile, detect::Kind, xml::Options};

const USAGE: &str = "\
Checks whether Windows accepts task definitions, .JOB files, and Group Policy's scheduled tasks including their
definitions, and explains each rejection.

usage: validate [--profile windows|specification] [--highest VERSION] [FILE-OR-FOLDER...]

  --profile NAME     the rules to apply: those of Windows (default) or of the specification
  --highest VERSION  the highest schema version to accept, 1.2 to 1.6
  -                  reads standard input; this is the default

Files are identified by content, not by name.
Exit status: 0 if everything is accepted, 1 if anything is rejected or cannot be read, 2 for invalid arguments.
";

fn main() -> ExitCode {
    arguments::run("validate", USAGE, run)
}

fn run(mut arguments: Arguments) -> Result<bool, String> {
    let (mut options, mut paths) = (Options::default(), Vec::new());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.value(&argument);
        match argument.as_str() {
            "--profile" => {
                options.profile = match value()?.as_str() {
                    "windows" => Profile::Windows,
                    "specification" => Profile::Specification,
                    other => {
                        return Err(format!("unknown profile {other}, expected windows or specification"));
                    }
                }
            }
            "--highest" => {
                options.highest_version = value()?.parse().map_err(|error| format!("--highest: {error}"))?;
            }
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            path => paths.push(PathBuf::from(path)),
        }
    }
    if paths.is_empty() {
        paths.push(PathBuf::from("-"));
    }
    let (mut report, mut tally) = (Report::new(options), Tally::default());
    let mut walk = files::below(&paths);
    for input in &mut walk {
        let alone = paths.len() == 1 && input.named;
        if let Err(error) = file(&input, alone, &mut report, &mut tally) {
            tally.unreadable += 1;
            report.fail(&input.path, &error);
        }
    }
    tally.repeated = walk.repeated;
    Ok(report.finish(&tally) && tally.unreadable == 0)
}

/// Checks a file. A folder may contain other files; a single file that is named is read as a definition.
fn file(input: &Input, alone: bool, report: &mut Report, tally: &mut Tally) -> Result<(), String> {
    let bytes = input.read().map_err(|error| error.to_string())?;
    let name = output::name(&input.path);
    match Artifact::detect(&bytes) {
        Err(error) if alone => return Err(error.to_string()),
        Err(_) => {
            tally.unrecognised += 1;
            return Ok(());
        }
        Ok(artifact) if artifact.found.kind == Kind::GroupPolicy => gpp::check(&name, &bytes, report),
        Ok(artifact) if !artifact.is_readable() => return Err(artifact.unreadable()),
        Ok(artifact) if artifact.found.kind == Kind::Job => job::check(&name, &bytes, report),
        Ok(artifact) => artifact.definitions(|definition| report.definition(&name, definition)),
    }
    tally.read += 1;
    Ok(())
}
