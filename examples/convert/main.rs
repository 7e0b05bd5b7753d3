//! Converts between task definitions, .JOB files, AT jobs and command lines, and shows what is lost.

mod convert;
mod source;

#[path = "../shared/mod.rs"]
mod shared;

use arguments::Arguments;
use convert::{Converted, Converter, Format};
use output::Output;
use shared::{arguments, artifact, civil, files, output, zone, zone_argument};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};
use wintask::{command_line::DateOrder, compat::Account, gpp::ScheduledTasks};

const USAGE: &str = "\
Converts between task definitions, .JOB files, AT jobs, command lines and Group Policy's scheduled tasks, and reports
what is lost, changed or assumed. Each item of a Group Policy file is converted to its task.

usage: convert --to FORMAT [--now LOCAL] [--zone ZONE] [--account NAME] [--dates ORDER] FILE-OR-FOLDER...

  --to FORMAT     xml (UTF-8), job (a .JOB file), at or schtasks (a command line), or policy (a single Group Policy
                  ScheduledTasks.xml with all tasks)
  --now LOCAL     the local time at which an AT job is added, a policy is applied or a command runs; by default, the
                  current time in UTC or, for conversion to an AT job, a time shortly before the first start
  --zone ZONE     the time zone of the machine, for times with a zone: an IANA or Windows name, an offset like
                  +05:30, or the registry's TZI in hex
  --account NAME  the account of a .JOB file, which the file does not contain; an empty name is LocalSystem
  --dates ORDER   the order of dates on command lines: ymd, mdy or dmy; by default, reads ymd and mdy, and writes mdy
  -               reads standard input

Files are identified by content, not by name. A text file may contain commands of schtasks or at, one per line. Anything
lost, changed or assumed is reported on standard error. A .JOB file is written as binary data: convert a single file, and
redirect the output.
Exit status: 0 if everything was converted, 1 if anything was not, 2 for invalid arguments.
";

fn main() -> ExitCode {
    arguments::run("convert", USAGE, run)
}

fn run(mut arguments: Arguments) -> Result<bool, String> {
    let (mut to, mut paths, mut now, mut zone) = (None, Vec::new(), None, None);
    let (mut account, mut dates) = (Account::Unknown, None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.value(&argument);
        match argument.as_str() {
            "--to" => to = Some(Format::parse(&value()?)?),
            "--now" => now = Some(civil::parse(&value()?)?),
            "--zone" => zone = Some(zone_argument::parse(&value()?)?),
            "--account" => account = Account::from_name(&value()?),
            "--dates" => {
                dates = Some(match value()?.as_str() {
                    "ymd" => DateOrder::YearMonthDay,
                    "mdy" => DateOrder::MonthDayYear,
                    "dmy" => DateOrder::DayMonthYear,
                    other => return Err(format!("unknown date order {other}, expected ymd, mdy or dmy")),
                });
            }
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            path => paths.push(PathBuf::from(path)),
        }
    }
    let to = to.ok_or("missing --to")?;
    if paths.is_empty() {
        return Err("no file or folder given".to_owned());
    }
    let converter = Converter { to, now, zone, account, dates };
    let mut out = Output::new();
    let (mut all, mut jobs, mut policy) = (true, Vec::new(), ScheduledTasks::new());
    for input in files::below(&paths) {
        let name = output::name(&input.path);
        let sources =
            input.read().map_err(|error| error.to_string()).and_then(|bytes| source::of(&bytes, &input.path));
        let sources = match sources {
            Ok(sources) => sources,
            Err(error) => {
                output::warn(&format!("{name}: {error}"));
                all = false;
                continue;
            }
        };
        for source in sources {
            let place = source.place(&name);
            let mut report = |line: &str| output::warn(&format!("{place}: {line}"));
            match converter.convert(&source, &mut report) {
                Ok(Converted::Text(text)) => out.lines(&format!("{}\n", text.trim_end())),
                Ok(Converted::Line(line)) => out.line(&line),
                Ok(Converted::Job(bytes)) => jobs.push(bytes),
                Ok(Converted::Item(task)) => {
                    match policy.push_task(source.name.trim_start_matches('\\'), &new_id(), &task) {
                        Ok(item) => convert::shown(&item.losses, &mut report),
                        Err(error) => {
                            report(&format!("not converted: {error}"));
                            all = false;
                        }
                    }
                }
                Err(error) => {
                    report(&format!("not converted: {error}"));
                    all = false;
                }
            }
        }
    }
    if policy.items().next().is_some() {
        let file = policy.to_bytes();
        out.lines(&String::from_utf8_lossy(&file));
    }
    out.flush();
    match jobs.as_slice() {
        [] => {}
        [only] => io::stdout().write_all(only).map_err(|error| error.to_string())?,
        several => {
            return Err(format!("{} .JOB files for one output: convert one task at a time", several.len()));
        }
    }
    Ok(all)
}

/// An identifier that no other item has.
fn new_id() -> String {
    let random = || RandomState::new().build_hasher().finish();
    let id =
        uuid::Builder::from_random_bytes((u128::from(random()) << 64 | u128::from(random())).to_le_bytes());
    id.into_uuid().braced().to_string().to_uppercase()
}
