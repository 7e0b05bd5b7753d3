//! The runs of many tasks over a period, merged in order.
//!
//! ```text
//! cargo run --example timeline -- FILE-OR-FOLDER... --from 2024-01-01 --until 2024-02-01 [--zone ZONE] [--json]
//! ```
//!
//! Prints CSV, or JSON lines with `--json`. `--from` is in the period and `--until` is not; both are local, a date or a
//! date and time. `--zone` is the zone of the machine: its name by IANA or Windows, an offset like
//! `+05:30`, or the registry's TZI in hex.
//! Without it a local time is merged as if it were UTC, and only triggers that state a zone have a UTC column.
//! Tasks and triggers that are disabled do not run. Exit status: 0, 1 if a file could not be read, 2 for a wrong call.

#[path = "../shared/artifact.rs"]
mod artifact;
#[path = "../shared/files.rs"]
mod files;
#[path = "../shared/hex.rs"]
mod hex;
mod source;
#[path = "../shared/zone.rs"]
mod zone;
#[path = "../shared/zone_argument.rs"]
mod zone_argument;

use source::{Run, Source};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    io::{self, BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, macros::format_description};
use wintask::time::{Boundary, LocalTime, Zone};

const USAGE: &str = "usage: timeline FILE-OR-FOLDER... --from LOCAL --until LOCAL [--zone ZONE] [--json]";

struct Call {
    paths: Vec<PathBuf>,
    from: PrimitiveDateTime,
    until: PrimitiveDateTime,
    zone: Option<Box<dyn Zone>>,
    json: bool,
}

impl Call {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut paths, mut from, mut until, mut zone, mut json) = (Vec::new(), None, None, None, false);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--from" => from = Some(local(&value()?)?),
                "--until" => until = Some(local(&value()?)?),
                "--zone" => zone = Some(zone_argument::parse(&value()?)?),
                "--json" => json = true,
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                path => paths.push(PathBuf::from(path)),
            }
        }
        match (from, until) {
            (Some(from), Some(until)) if !paths.is_empty() => Ok(Self { paths, from, until, zone, json }),
            _ => Err(USAGE.to_owned()),
        }
    }
}

/// A date, or a date and time without a zone.
fn local(text: &str) -> Result<PrimitiveDateTime, String> {
    if let Ok(date) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
        return Ok(PrimitiveDateTime::new(date, Time::MIDNIGHT));
    }
    let boundary = text.parse::<Boundary>().ok().filter(|boundary| boundary.instant().is_none());
    boundary.and_then(|boundary| boundary.civil()).ok_or_else(|| format!("{text} is no local date or time"))
}

fn main() -> ExitCode {
    let call = match Call::parse(std::env::args().skip(1)) {
        Ok(call) => call,
        Err(error) => {
            eprintln!("timeline: {error}");
            return ExitCode::from(2);
        }
    };
    let (mut sources, mut unread) = (Vec::new(), 0);
    for input in call.paths.iter().flat_map(|path| files::below(path)) {
        match input.content {
            Ok(bytes) => {
                let found = source::read(&input.path, &bytes, call.zone.as_deref());
                // Only what was asked for by name must be an artifact; folders hold other things too.
                if found.is_empty() && input.named {
                    eprintln!("timeline: {}: no task that is known here", input.path.display());
                    unread += 1;
                }
                sources.extend(found);
            }
            Err(error) => {
                eprintln!("timeline: {}: {error}", input.path.display());
                unread += 1;
            }
        }
    }
    match print(&call, &sources) {
        Ok(()) if unread == 0 => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        // Whoever reads us has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("timeline: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the runs of all sources, the earliest first; of those at one instant, in the order of the sources.
fn print(call: &Call, sources: &[Source<'_>]) -> io::Result<()> {
    let zone = source::zone(call.zone.as_deref());
    let (from, until) = (instant(zone, call.from), instant(zone, call.until));
    let mut out = BufWriter::new(io::stdout().lock());
    if !call.json {
        writeln!(out, "local,utc,path,task,trigger,action")?;
    }
    let mut runs: Vec<_> = sources.iter().map(|source| source.runs(from, until).peekable()).collect();
    let next = |runs: &mut Vec<std::iter::Peekable<_>>, index: usize| {
        let run: &Run<'_> = runs[index].peek()?;
        Some(Reverse((run.instant, index)))
    };
    let mut heap: BinaryHeap<_> = (0..runs.len()).filter_map(|index| next(&mut runs, index)).collect();
    while let Some(Reverse((_, index))) = heap.pop() {
        if let Some(run) = runs[index].next() {
            if call.json { writeln!(out, "{}", run.to_json())? } else { writeln!(out, "{}", run.to_csv())? }
        }
        heap.extend(next(&mut runs, index));
    }
    out.flush()
}

/// The first instant at or behind a local time.
fn instant(zone: &dyn Zone, local: PrimitiveDateTime) -> OffsetDateTime {
    match zone.resolve(local) {
        LocalTime::Unique(instant)
        | LocalTime::Gap { ends: instant, .. }
        | LocalTime::Overlap { first: instant, .. } => instant,
    }
}
