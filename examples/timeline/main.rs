//! The scheduled runs of many tasks over a period, merged in order.

mod row;
mod rows;
mod source;

#[path = "../shared/mod.rs"]
mod shared;

use arguments::Arguments;
use files::{Input, Tally};
use output::Output;
use row::Form;
use rows::Rows;
use shared::{arguments, artifact, civil, files, output, parallel, runs, zone, zone_argument};
use source::{Content, Reader, Source};
use std::{num::NonZero, ops::Range, path::PathBuf, process::ExitCode, thread};
use time::{PrimitiveDateTime, UtcOffset};
use zone::AnyZone;

const USAGE: &str = "\
Lists the scheduled runs of many tasks over a period, merged in order. These are computed from the definitions; they do
not show whether a task really ran.

usage: timeline FILE-OR-FOLDER... --from LOCAL --until LOCAL [--zone ZONE] [--json] [--rejected] [--jobs N]

  --from LOCAL   the start of the period: a date, or a date and time
  --until LOCAL  the end of the period, exclusive
  --zone ZONE    the time zone of the machine: an IANA or Windows name, an offset like +05:30, or the registry's TZI
                 in hex. Without it, local times are merged as if they were UTC, and only triggers that state a zone
                 have a UTC column
  --json         JSON lines instead of CSV
  --rejected     includes definitions that Windows would reject
  --jobs N       the number of threads; by default, one for each core. Does not affect the output
  -              reads standard input

Files are identified by content, not by name. Disabled tasks and triggers are not scheduled. Of Group Policy's scheduled
tasks, immediate ones are omitted: they run when the policy is applied.
Exit status: 0, 1 if a file could not be read, 2 for invalid arguments.
";

struct Call {
    paths: Vec<PathBuf>,
    from: PrimitiveDateTime,
    until: PrimitiveDateTime,
    zone: Option<AnyZone>,
    json: bool,
    rejected: bool,
    jobs: NonZero<usize>,
}

fn main() -> ExitCode {
    arguments::run("timeline", USAGE, |arguments| Ok(Call::parse(arguments)?.run()))
}

impl Call {
    fn parse(mut arguments: Arguments) -> Result<Self, String> {
        let (mut paths, mut from, mut until, mut zone) = (Vec::new(), None, None, None);
        let (mut json, mut rejected) = (false, false);
        let mut jobs = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.value(&argument);
            match argument.as_str() {
                "--from" => from = Some(civil::parse(&value()?)?),
                "--until" => until = Some(civil::parse(&value()?)?),
                "--zone" => zone = Some(zone_argument::parse(&value()?)?),
                "--json" => json = true,
                "--rejected" => rejected = true,
                "--jobs" => jobs = value()?.parse().map_err(|_| "--jobs requires a positive number")?,
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                path => paths.push(PathBuf::from(path)),
            }
        }
        match (from, until) {
            (Some(from), Some(until)) if until < from => Err("--until precedes --from".to_owned()),
            (Some(from), Some(until)) if !paths.is_empty() => {
                Ok(Self { paths, from, until, zone, json, rejected, jobs })
            }
            _ => Err("a file or folder, --from and --until are required".to_owned()),
        }
    }

    /// Prints the runs. Returns whether all files could be read.
    fn run(&self) -> bool {
        let zone = self.zone.as_deref();
        let instant = |local| civil::instant(zone.unwrap_or(&UtcOffset::UTC), local);
        let period = instant(self.from)..instant(self.until);
        let form = if self.json { Form::Json } else { Form::Csv };
        let reader = Reader { zone, period, rejected: self.rejected, form };
        let Found { sources, runs, rejected, tally } = self.read(&reader);
        let mut out = Output::new();
        if !self.json {
            out.lines(row::HEAD);
        }
        let rows = Rows { reader: &reader, sources: &sources };
        let print = |ranges: Vec<Range<_>>, done: &mut dyn FnMut(String)| {
            ranges.into_iter().for_each(|range| rows.print(range, done));
        };
        parallel::in_order(self.jobs, 1, rows.parts(runs), print, |text| out.lines(&text));
        out.flush();
        output::warn(&format!("{tally}; these are scheduled runs, not records of runs"));
        if rejected > 0 {
            let (definitions, them) = match rejected {
                1 => ("1 definition", "it"),
                _ => (&*format!("{rejected} definitions"), "them"),
            };
            output::warn(&format!(
                "{definitions} omitted because Windows would reject {them}; --rejected includes {them}"
            ));
        }
        tally.unreadable == 0
    }

    /// The tasks of all files. Of a file without runs in the period, nothing is kept.
    fn read(&self, reader: &Reader<'_>) -> Found {
        let mut found = Found::default();
        let mut walk = files::below(&self.paths);
        let read = |inputs: Vec<Input>, done: &mut dyn FnMut((Input, Content))| {
            let mut bytes = Vec::new();
            for input in inputs {
                let content = reader.read(&input, &mut bytes);
                done((input, content));
            }
        };
        // A single named file must be an artifact; folders may contain other files.
        let is_named = |input: &Input| self.paths.len() == 1 && input.named;
        parallel::in_order(self.jobs, BATCH, &mut walk, read, |(input, content)| {
            let error = match content {
                Content::Tasks(mut tasks) => {
                    found.tally.read += 1;
                    found.rejected += tasks.rejected;
                    found.runs += tasks.runs;
                    return found.sources.append(&mut tasks.sources);
                }
                Content::Unrecognised(error) if is_named(&input) => error.to_string(),
                Content::Unrecognised(_) => return found.tally.unrecognised += 1,
                Content::Unreadable(error) => error,
            };
            found.tally.unreadable += 1;
            output::warn(&format!("timeline: {}: {error}", output::name(&input.path)));
        });
        found.tally.repeated = walk.repeated;
        found
    }
}

/// How many files a thread reads before it asks for more.
const BATCH: usize = 64;

/// What was found in all files.
#[derive(Default)]
struct Found {
    sources: Vec<Source>,
    runs: u64,
    /// The number of omitted definitions.
    rejected: usize,
    tally: Tally,
}
