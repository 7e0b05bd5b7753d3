//! The scheduled runs of many tasks over a period, merged in order.

mod row;
mod source;

#[path = "../shared/mod.rs"]
mod shared;

use arguments::Arguments;
use files::Tally;
use output::Output;
use shared::{arguments, artifact, civil, files, output, parallel, runs, zone, zone_argument};
use source::{Content, Reader, Source};
use std::{
    cmp::Reverse, collections::BinaryHeap, iter::Peekable, num::NonZero, ops::Range, path::PathBuf,
    process::ExitCode, thread,
};
use time::{OffsetDateTime, PrimitiveDateTime};
use zone::AnyZone;

const USAGE: &str = "\
Lists the scheduled runs of many tasks over a period, merged in order. These are computed from the definitions; they do
not show whether a task really ran.

usage: timeline FILE-OR-FOLDER... --from LOCAL --until LOCAL [--zone ZONE] [--json] [--refused] [--jobs N]

  --from LOCAL   the start of the period: a date, or a date and time
  --until LOCAL  the end of the period, exclusive
  --zone ZONE    the time zone of the machine: an IANA or Windows name, an offset like +05:30, or the registry's TZI
                 in hex. Without it, local times are merged as if they were UTC, and only triggers that state a zone
                 have a UTC column
  --json         JSON lines instead of CSV
  --refused      includes definitions that Windows would reject
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
    refused: bool,
    jobs: NonZero<usize>,
}

fn main() -> ExitCode {
    arguments::run("timeline", USAGE, |arguments| Ok(Call::parse(arguments)?.run()))
}

impl Call {
    fn parse(mut arguments: Arguments) -> Result<Self, String> {
        let (mut paths, mut from, mut until, mut zone) = (Vec::new(), None, None, None);
        let (mut json, mut refused) = (false, false);
        let mut jobs = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.value(&argument);
            match argument.as_str() {
                "--from" => from = Some(civil::parse(&value()?)?),
                "--until" => until = Some(civil::parse(&value()?)?),
                "--zone" => zone = Some(zone_argument::parse(&value()?)?),
                "--json" => json = true,
                "--refused" => refused = true,
                "--jobs" => jobs = value()?.parse().map_err(|error| format!("--jobs: {error}"))?,
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                path => paths.push(PathBuf::from(path)),
            }
        }
        match (from, until) {
            (Some(from), Some(until)) if !paths.is_empty() => {
                Ok(Self { paths, from, until, zone, json, refused, jobs })
            }
            _ => Err("a file or folder, --from and --until are needed".to_owned()),
        }
    }

    /// Prints the runs. Returns whether all files could be read.
    fn run(&self) -> bool {
        let reader = Reader { zone: self.zone.as_deref(), refused: self.refused };
        let (sources, tally, refused) = self.read(&reader);
        let range = civil::instant(reader.zone(), self.from)..civil::instant(reader.zone(), self.until);
        let mut out = Output::new();
        if !self.json {
            out.lines(row::HEAD);
        }
        let windows = self.windows(&sources, &range);
        let text = |window: &Range<OffsetDateTime>| self.rows(&sources, window);
        parallel::in_order(self.jobs, &windows, text, |text| out.lines(&text));
        out.flush();
        output::warn(&format!("{tally}; these are scheduled runs, not records of runs"));
        if refused > 0 {
            let definitions = if refused == 1 { "1 definition" } else { &format!("{refused} definitions") };
            output::warn(&format!(
                "{definitions} that Windows would reject left out; --refused includes them"
            ));
        }
        tally.unreadable == 0
    }

    /// The tasks of all files, how many files there were, and how many definitions were left out.
    fn read<'z>(&self, reader: &'z Reader<'z>) -> (Vec<Source<'z>>, Tally, usize) {
        let mut walk = files::below(&self.paths);
        let inputs: Vec<_> = walk.by_ref().collect();
        let (mut tally, mut refused, mut sources) = (Tally::default(), 0, Vec::new());
        tally.repeated = walk.repeated;
        parallel::in_order(
            self.jobs,
            &inputs,
            |input| (input, reader.read(input)),
            |(input, content)| match content {
                Content::Tasks { sources: mut found, refused: left_out } => {
                    tally.read += 1;
                    refused += left_out;
                    sources.append(&mut found);
                }
                Content::Unrecognised => tally.unrecognised += 1,
                Content::Unreadable(error) => {
                    tally.unreadable += 1;
                    output::warn(&format!("timeline: {}: {error}", output::name(&input.path)));
                }
            },
        );
        // What is named by itself must be an artifact; folders hold other things, too.
        if let ([input], 1) = (inputs.as_slice(), tally.unrecognised)
            && self.paths == [input.path.clone()]
        {
            let path = output::name(&input.path);
            output::warn(&format!("timeline: {path}: not a Task Scheduler artifact"));
            (tally.unrecognised, tally.unreadable) = (0, 1);
        }
        (sources, tally, refused)
    }

    /// Parts of the period, each with about as many runs as are printed at once.
    fn windows(&self, sources: &[Source<'_>], range: &Range<OffsetDateTime>) -> Vec<Range<OffsetDateTime>> {
        let mut runs = 0u64;
        parallel::in_order(self.jobs, sources, |source| source.count(range), |count| runs += count);
        // To begin with a source costs as much as some of its runs.
        let at_once = (4 * sources.len() as u64).max(1 << 14);
        let length = range.end - range.start;
        let parts = i32::try_from(runs / at_once + 1).unwrap_or(i32::MAX);
        let start = |part: i32| range.start + length / parts * part;
        let end = |part: i32| if part + 1 == parts { range.end } else { start(part + 1) };
        (0..parts).map(|part| start(part)..end(part)).collect()
    }

    /// The rows of a part of the period, the earliest run first; of those at one instant, in the order of the sources.
    fn rows(&self, sources: &[Source<'_>], range: &Range<OffsetDateTime>) -> String {
        let mut text = String::new();
        let mut runs: Vec<Peekable<_>> = sources.iter().map(|source| source.runs(range).peekable()).collect();
        let mut heap: BinaryHeap<_> = BinaryHeap::new();
        let next = |runs: &mut Vec<Peekable<_>>, index: usize| {
            let run: &wintask::schedule::Occurrence = runs[index].peek()?;
            Some(Reverse((run.instant(), index)))
        };
        heap.extend((0..runs.len()).filter_map(|index| next(&mut runs, index)));
        while let Some(Reverse((_, index))) = heap.pop() {
            if let Some(run) = runs[index].next() {
                sources[index].row(&run, self.json, &mut text);
            }
            heap.extend(next(&mut runs, index));
        }
        text
    }
}
