//! The scheduled runs of many tasks over a period, merged in order.

mod row;
mod sorted;
mod source;

#[path = "../shared/mod.rs"]
mod shared;

use arguments::Arguments;
use files::{Input, Tally};
use output::Output;
use row::Form;
use shared::{arguments, artifact, civil, files, output, parallel, runs, zone, zone_argument};
use sorted::{Rows, Sorted};
use source::{Content, Reader, Sink};
use std::{io, num::NonZero, ops::Range, path::PathBuf, process::ExitCode, sync::atomic::AtomicU64, thread};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};
use zone::AnyZone;

const USAGE: &str = "\
Lists the scheduled runs of many tasks over a period, merged in order. These are computed from the definitions; they do
not show whether a task really ran.

usage: timeline FILE-OR-FOLDER... --from LOCAL --until LOCAL [--zone ZONE] [--json] [--rejected] [--jobs N]
                [--temporary MB]

  --from LOCAL   the start of the period: a date, or a date and time
  --until LOCAL  the end of the period, exclusive
  --zone ZONE    the time zone of the machine: an IANA or Windows name, an offset like +05:30, or the registry's TZI
                 in hex. Without it, local times are merged as if they were UTC, and only triggers that state a zone
                 have a UTC column
  --json         JSON lines instead of CSV
  --rejected     includes definitions that Windows would reject
  --jobs N       the number of threads; by default, one for each core. Does not affect the output
  --temporary MB about how much is sorted at once, most of it in temporary files; 1024 by default. Does not affect the
                 output
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
    /// How many bytes of rows are sorted at once.
    most: u64,
}

fn main() -> ExitCode {
    arguments::run("timeline", USAGE, |arguments| Ok(Call::parse(arguments)?.run()))
}

impl Call {
    fn parse(mut arguments: Arguments) -> Result<Self, String> {
        let (mut paths, mut from, mut until, mut zone) = (Vec::new(), None, None, None);
        let (mut json, mut rejected) = (false, false);
        let mut most = 1 << 30;
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
                "--temporary" => {
                    let megabytes = value()?.parse().map_err(|_| "--temporary requires a positive number")?;
                    most = u64::from(NonZero::<u32>::get(megabytes)) << 20;
                }
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                path => paths.push(PathBuf::from(path)),
            }
        }
        match (from, until) {
            (Some(from), Some(until)) if until < from => Err("--until precedes --from".to_owned()),
            (Some(from), Some(until)) if !paths.is_empty() => {
                Ok(Self { paths, from, until, zone, json, rejected, jobs, most })
            }
            _ => Err("a file or folder, --from and --until are required".to_owned()),
        }
    }

    /// Prints the runs. Returns whether all files could be read.
    fn run(&self) -> bool {
        let instant = |local| civil::instant(self.zone.as_deref().unwrap_or(&UtcOffset::UTC), local);
        let period = instant(self.from)..instant(self.until);
        let mut out = Output::new();
        if !self.json {
            out.lines(row::HEAD);
        }
        let found = self.read(&period, self.most, true).and_then(|mut found| {
            self.print(&period, &mut found, &mut out)?;
            Ok(found)
        });
        out.flush();
        let Found { tally, rejected, .. } = match found {
            Ok(found) => found,
            Err(error) => {
                output::warn(&format!("timeline: cannot sort in temporary files: {error}"));
                return false;
            }
        };
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

    /// Prints the rows of a period. If there were too many to be sorted at once, the files are read again for each part
    /// of it.
    fn print(&self, period: &Range<OffsetDateTime>, found: &mut Found, out: &mut Output) -> io::Result<()> {
        if let Some(rows) = found.rows.take() {
            return rows.print(|row| out.lines(row));
        }
        let length = period.end - period.start;
        // Rows are seldom spread evenly.
        let parts = i64::try_from(found.size / (self.most / 4 * 3) + 1).unwrap_or(i64::MAX);
        let parts = i32::try_from(parts.min(length.whole_seconds().max(1))).unwrap_or(i32::MAX);
        let start = |part: i32| period.start + length / parts * part;
        for part in 0..parts {
            let period = start(part)..if part + 1 == parts { period.end } else { start(part + 1) };
            // A second is not divided: each trigger has at most one row in it.
            let most = if length.whole_seconds() > 1 { self.most } else { u64::MAX };
            self.print(&period, &mut self.read(&period, most, false)?, out)?;
        }
        Ok(())
    }

    /// The rows of a period, from all files. `warns`: reports files that cannot be read.
    fn read(&self, period: &Range<OffsetDateTime>, most: u64, warns: bool) -> io::Result<Found> {
        let reader = Reader {
            zone: self.zone.as_deref(),
            period: period.clone(),
            rejected: self.rejected,
            form: if self.json { Form::Json } else { Form::Csv },
            most,
            size: AtomicU64::new(0),
        };
        let buffer = BUFFER.max(self.most / FILES).min(self.most / 4);
        let buffer = usize::try_from(buffer).unwrap_or(usize::MAX);
        let (mut rows, mut written) = (Sorted::new(buffer), Ok(()));
        let mut found = Found::default();
        let mut walk = files::below(&self.paths);
        let read = |inputs: Vec<Input>, done: &mut dyn FnMut(Part)| {
            let (mut bytes, mut contents) = (Vec::new(), Vec::with_capacity(inputs.len()));
            let mut pass_on = |rows| done(Part::Rows(rows));
            let mut sink = Sink::new(&mut pass_on);
            for input in inputs {
                let content = reader.read(&input, &mut bytes, &mut sink);
                contents.push((input, content));
            }
            sink.finish();
            done(Part::Files(contents));
        };
        parallel::in_order(self.jobs, BATCH, &mut walk, read, |part| match part {
            Part::Rows(more) if written.is_ok() => written = rows.add(&more),
            Part::Rows(_) => {}
            Part::Files(files) => {
                for (input, content) in files {
                    if let Some(error) = self.count(&input, content, &mut found)
                        && warns
                    {
                        output::warn(&format!("timeline: {}: {error}", output::name(&input.path)));
                    }
                }
            }
        });
        written?;
        found.tally.repeated = walk.repeated;
        found.size = reader.size.into_inner();
        found.rows = (found.size <= most).then_some(rows);
        Ok(found)
    }

    /// Counts a file; returns why it cannot be read.
    fn count(&self, input: &Input, content: Content, found: &mut Found) -> Option<String> {
        let error = match content {
            Content::Tasks { rejected } => {
                found.tally.read += 1;
                found.rejected += rejected;
                return None;
            }
            // A single named file must be an artifact; folders may contain other files.
            Content::Unrecognised(error) if self.paths.len() == 1 && input.named => error.to_string(),
            Content::Unrecognised(_) => {
                found.tally.unrecognised += 1;
                return None;
            }
            Content::Unreadable(error) => error,
        };
        found.tally.unreadable += 1;
        Some(error)
    }
}

/// How many files a thread reads before it asks for more.
const BATCH: usize = 64;

/// How many bytes of rows are kept in memory, unless that makes too many temporary files.
const BUFFER: u64 = 32 << 20;

/// About how many temporary files there may be.
const FILES: u64 = 500;

/// What a thread found in some files.
enum Part {
    Rows(Rows),
    Files(Vec<(Input, Content)>),
}

/// What was found in all files.
#[derive(Default)]
struct Found {
    /// The rows; `None` if there are too many.
    rows: Option<Sorted>,
    /// About how many bytes they have.
    size: u64,
    /// The number of omitted definitions.
    rejected: usize,
    tally: Tally,
}
