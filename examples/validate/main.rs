//! Says whether Windows takes a task definition, and if not, why and where.
//!
//! ```text
//! cargo run --example validate -- [--profile windows|specification] [--highest 1.2] [FILE-OR-FOLDER...]
//! ```
//!
//! Without a name, or for the name `-`, standard input is read. Folders stand for the `.xml` files in them. Exit status:
//! 0 if everything is taken, 1 if anything is refused, 2 for a wrong call.

#[path = "../shared/output.rs"]
mod output;
mod report;

use std::{
    fs,
    io::{self, Read},
    path::PathBuf,
    process::ExitCode,
};
use wintask::{Profile, xml::Options};

const USAGE: &str =
    "usage: validate [--profile windows|specification] [--highest VERSION] [FILE-OR-FOLDER...]";

fn main() -> ExitCode {
    let (options, mut paths) = match arguments(std::env::args().skip(1)) {
        Ok(call) => call,
        Err(error) => {
            eprintln!("validate: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if paths.is_empty() {
        paths.push("-".into());
    }
    let (mut refused, mut taken) = (0, 0);
    for path in paths {
        match inputs(path) {
            Ok(inputs) => {
                for (name, bytes) in inputs {
                    let report = report::file(&name, &bytes, &options);
                    output::print(&report.text);
                    refused += report.refused;
                    taken += report.taken;
                }
            }
            Err(error) => {
                output::print(&format!("error: {error}\n\n"));
                refused += 1;
            }
        }
    }
    output::print(&format!("{taken} taken, {refused} refused\n"));
    if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<(Options, Vec<PathBuf>), String> {
    let (mut options, mut paths) = (Options::default(), Vec::new());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--profile" => {
                options.profile = match value()?.as_str() {
                    "windows" => Profile::Windows,
                    "specification" => Profile::Specification,
                    other => return Err(format!("no profile is called {other}")),
                }
            }
            "--highest" => {
                options.highest_version = value()?.parse().map_err(|e| format!("--highest: {e}"))?
            }
            "-h" | "--help" => {
                println!("{USAGE}");
                std::process::exit(0);
            }
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            path => paths.push(path.into()),
        }
    }
    Ok((options, paths))
}

/// What a path stands for: standard input, a file, or the `.xml` files of a folder in the order of their names.
fn inputs(path: PathBuf) -> Result<Vec<(String, Vec<u8>)>, String> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(|e| format!("standard input: {e}"))?;
        return Ok(vec![("<stdin>".to_owned(), bytes)]);
    }
    let name = path.display().to_string();
    let read = |path: PathBuf| match fs::read(&path) {
        Ok(bytes) => Ok((path.display().to_string(), bytes)),
        Err(e) => Err(format!("{}: {e}", path.display())),
    };
    if !path.is_dir() {
        return Ok(vec![read(path)?]);
    }
    let entries = fs::read_dir(&path).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
    });
    let mut files = entries.map_err(|e| format!("{name}: {e}"))?;
    files.retain(|file| file.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("xml")));
    files.sort();
    if files.is_empty() {
        Err(format!("{name}: no .xml file in it"))
    } else {
        files.into_iter().map(read).collect()
    }
}
