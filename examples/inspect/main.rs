//! Reads Task Scheduler artifacts and shows what they contain.

mod event;
mod gpp;
mod job;
mod pair;
mod report;
mod task;
mod twin;

#[path = "../shared/mod.rs"]
mod shared;

use arguments::Arguments;
use artifact::{Artifact, Definition};
use files::{Input, Tally};
use output::Output;
use pair::Pairs;
use report::{Printer, View};
use shared::{arguments, artifact, files, output, parallel, runs, words, zone, zone_argument};
use std::{mem, num::NonZero, path::PathBuf, process::ExitCode, thread};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use wintask::{
    definition::Task,
    detect::Kind,
    finding::AnyFindings,
    xml::{self, Confidence, Options, Recovered},
};

const USAGE: &str = "\
Shows what Task Scheduler artifacts contain: task definitions, dumps of several, .JOB files, events, Group Policy's
scheduled tasks.

usage: inspect [--json] [--zone ZONE] [--now INSTANT] [--jobs N] FILE-OR-FOLDER...

  --json         one JSON object per artifact and line
  --zone ZONE    the time zone of the machine that the files come from: an IANA or Windows name, an offset
                 like +05:30, or the registry's TZI in hex. Without it, local times are shown unchanged
  --now INSTANT  shows the next runs after this instant, such as 2024-01-03T02:00:00Z; by default, the current time
  --jobs N       the number of threads; by default, one for each core. Does not affect the output
  -              reads standard input

Files are identified by content, not by name. An unrecognised file given by name, such as a disk or memory image, is
searched for definitions. A damaged file is shown as far as it can be read. Windows keeps a version 1 task as a definition
and as a .JOB file: \"counterpart\" shows what the other must be or, if both Name and Name.job are given, whether they match.
Exit status: 0 if every artifact is sound, 1 if any is not, 2 for invalid arguments.
";

fn main() -> ExitCode {
    arguments::run("inspect", USAGE, run)
}

fn run(mut arguments: Arguments) -> Result<bool, String> {
    let mut view = View { zone: None, now: OffsetDateTime::now_utc(), in_words: true };
    let mut jobs = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let mut paths = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => view.in_words = false,
            "--zone" => view.zone = Some(zone_argument::parse(&arguments.value(&argument)?)?),
            "--now" => view.now = instant(&arguments.value(&argument)?)?,
            "--jobs" => {
                jobs =
                    arguments.value(&argument)?.parse().map_err(|_| "--jobs requires a positive number")?;
            }
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            path => paths.push(PathBuf::from(path)),
        }
    }
    if paths.is_empty() {
        return Err("no file or folder given".to_owned());
    }
    let json = !view.in_words;
    let (mut out, mut tally, mut sound) = (Output::new(), Tally::default(), true);
    let pairs = Pairs::below(&paths);
    let mut walk = files::below(&paths);
    let show = |inputs: Vec<Input>, done: &mut dyn FnMut((Printer, Tally))| {
        let mut inspect = Inspect::new(&view);
        let mut bytes = Vec::new();
        for input in inputs {
            inspect.printer.pair = pairs.of(&input.path);
            inspect.file(&input, paths.len() == 1 && input.named, &mut bytes);
            if inspect.printer.out.len() > AT_ONCE {
                let Inspect { printer, tally, .. } = mem::replace(&mut inspect, Inspect::new(&view));
                done((printer, tally));
            }
        }
        done((inspect.printer, inspect.tally));
    };
    parallel::in_order(jobs, BATCH, &mut walk, show, |(printer, counted)| {
        out.append(&printer.out);
        sound &= printer.sound;
        tally.add(&counted);
    });
    tally.repeated = walk.repeated;
    if json {
        out.flush();
        output::warn(&tally.to_string());
    } else {
        out.line(&tally.to_string());
        out.flush();
    }
    Ok(sound)
}

/// The number of files a thread inspects before it asks for more.
const BATCH: usize = 64;

/// The size at which buffered output is handed over.
const AT_ONCE: usize = 1 << 16;

/// An inspection of files.
struct Inspect<'v> {
    view: &'v View,
    printer: Printer,
    tally: Tally,
}

impl<'v> Inspect<'v> {
    fn new(view: &'v View) -> Self {
        let printer = Printer { out: Output::kept(), json: !view.in_words, sound: true, pair: None };
        Self { view, printer, tally: Tally::default() }
    }

    /// Shows a file. A folder may contain other files, but a single named file must be an artifact.
    fn file(&mut self, input: &Input, alone: bool, bytes: &mut Vec<u8>) {
        let path = output::name(&input.path);
        if let Err(error) = input.read_into(bytes) {
            self.tally.unreadable += 1;
            return self.printer.fail(&path, &error.to_string());
        }
        if let Some(stored) = Definition::stored(bytes)
            && let Recovered { task: Some(task), findings, .. } = stored.recover(&Options::default())
            && findings.is_empty()
        {
            self.tally.read += 1;
            return self.definition(&task, findings.erase(), &stored, &path);
        }
        let artifact = match Artifact::detect(bytes) {
            Ok(artifact) => artifact,
            Err(_) if alone && self.carved(bytes, &path) > 0 => {
                self.tally.read += 1;
                return;
            }
            Err(error) => {
                self.tally.unrecognised += 1;
                if alone {
                    self.printer.fail(&path, &error.to_string());
                }
                return;
            }
        };
        if !artifact.is_readable() && artifact.found.kind != Kind::GroupPolicy {
            self.tally.unreadable += 1;
            return self.printer.fail(&path, &artifact.unreadable());
        }
        let shown = match artifact.found.kind {
            Kind::Job => {
                job::show(bytes, self.view, &mut self.printer, &path);
                1
            }
            Kind::GroupPolicy => gpp::show(bytes, self.view, &mut self.printer, &path).into(),
            _ => self.events(&artifact, &path) + self.definitions(&artifact, &path),
        };
        if shown > 0 {
            self.tally.read += 1;
        } else {
            self.tally.unreadable += 1;
            self.printer.fail(&path, &format!("nothing could be read: {}", artifact.found));
        }
    }

    /// Shows the definitions in a disk or memory image, and returns the number of readable ones.
    fn carved(&mut self, bytes: &[u8], path: &str) -> usize {
        let mut shown = 0;
        for found in xml::carve(bytes).filter(|found| found.confidence > Confidence::Low) {
            let recovered = found.recover(&Options::default());
            if let Some(task) = recovered.task {
                shown += 1;
                self.definition(&task, recovered.findings.erase(), &Definition::carved(&found), path);
            }
        }
        shown
    }

    /// Shows the events in a file in order, and returns the number of readable ones.
    fn events(&mut self, artifact: &Artifact<'_>, path: &str) -> usize {
        let mut shown = 0;
        artifact.events(|event| {
            if let Some(event) = event {
                shown += 1;
                self.printer.show(&event::report(event), path);
            }
        });
        shown
    }

    /// Shows the definitions in a file in order, and returns the number of readable ones.
    fn definitions(&mut self, artifact: &Artifact<'_>, path: &str) -> usize {
        let mut shown = 0;
        artifact.definitions(|definition| {
            let recovered = definition.recover(&Options::default());
            if let Some(task) = recovered.task {
                shown += 1;
                self.definition(&task, recovered.findings.erase(), definition, path);
            }
        });
        shown
    }

    fn definition(&mut self, task: &Task, findings: AnyFindings, found: &Definition<'_>, path: &str) {
        self.printer.show(&task::report(task, findings, found, self.view), path);
    }
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| format!("--now: {text} is not an instant like 2024-01-03T02:00:00Z"))
}
