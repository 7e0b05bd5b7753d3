//! Simulates tasks: what starts, when and under which account, and what does not start and why.

mod explain;
mod host;
mod script;

#[path = "../shared/mod.rs"]
mod shared;

use arguments::Arguments;
use host::{Entry, Host};
use output::Output;
use script::Script;
use shared::{arguments, artifact::Artifact, civil, files, output, zone, zone_argument};
use std::{collections::BTreeMap, fs, path::PathBuf, process::ExitCode};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;
use wintask::{
    definition::{Task, TaskPath},
    detect::Kind,
    dtyp::FileTime,
    eventlog::{System, task_scheduler::PROVIDER},
    scheduler::Record,
    time::{Boundary, Ticks, Zone},
    xml,
};
use zone::AnyZone;

const USAGE: &str = "\
Simulates the Task Scheduler: registers tasks, advances time, and prints the resulting log.

usage: simulate FILE-OR-FOLDER... [--from LOCAL] [--until LOCAL] [--zone ZONE] [--script FILE] [--events]
                [--explain TASK TIME]

  --from LOCAL        when the tasks are registered: a date, or a date and time; by default, today
  --until LOCAL       the end, exclusive; by default, a day later
  --zone ZONE         the time zone of the machine; by default, UTC
  --script FILE       a script of machine events; see below
  --events            prints event XML instead of a table
  --explain TASK TIME explains whether the task starts at that local time and as which user, or why not
  -                   reads standard input

A task's path is its URI, or its name in the input folder. Registration triggers do not fire. Initially no user is
logged on.

";

struct Call {
    paths: Vec<PathBuf>,
    from: PrimitiveDateTime,
    until: PrimitiveDateTime,
    zone: AnyZone,
    script: Option<PathBuf>,
    events: bool,
    explain: Option<(TaskPath, PrimitiveDateTime)>,
}

fn main() -> ExitCode {
    let usage = format!("{USAGE}{}", script::HELP);
    arguments::run("simulate", &usage, |arguments| Call::parse(arguments)?.run())
}

impl Call {
    fn parse(mut arguments: Arguments) -> Result<Self, String> {
        let (mut paths, mut from, mut until, mut zone) = (Vec::new(), None, None, zone::bias(0)?);
        let (mut script, mut events, mut explain) = (None, false, None);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.value(&argument);
            match argument.as_str() {
                "--from" => from = Some(civil::parse(&value()?)?),
                "--until" => until = Some(civil::parse(&value()?)?),
                "--zone" => zone = zone_argument::parse(&value()?)?,
                "--script" => script = Some(PathBuf::from(value()?)),
                "--events" => events = true,
                "--explain" => {
                    let task = value()?;
                    let path = task.parse().map_err(|error| format!("{task}: {error}"))?;
                    explain = Some((path, civil::parse(&value()?)?));
                }
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                path => paths.push(PathBuf::from(path)),
            }
        }
        if paths.is_empty() {
            return Err("no file or folder given".to_owned());
        }
        let today = OffsetDateTime::now_utc();
        let from = from.unwrap_or_else(|| PrimitiveDateTime::new(today.date(), time::Time::MIDNIGHT));
        let until = until.unwrap_or(from + Duration::DAY);
        Ok(Self { paths, from, until, zone, script, events, explain })
    }

    /// Runs the simulation. Returns whether all tasks could be registered.
    fn run(self) -> Result<bool, String> {
        let script = match &self.script {
            Some(file) => {
                let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", output::name(file)))?;
                Script::parse(&text, &self.zone).map_err(|e| format!("{}: {e}", output::name(file)))?
            }
            None => Script::default(),
        };
        let (from, until) = (civil::instant(&self.zone, self.from), civil::instant(&self.zone, self.until));
        let mut host = Host::new(self.zone, 1, script.outcomes.clone());
        let registered = register(&mut host, &self.paths, from);
        let until = match &self.explain {
            Some((_, at)) => civil::instant(&host.zone, *at) + Duration::MINUTE,
            None => until,
        };
        host.run_until(&script, from, until);
        let mut out = Output::new();
        match &self.explain {
            Some((task, at)) => {
                for line in explain::explain(&host, task, civil::instant(&host.zone, *at)) {
                    out.line(&line);
                }
            }
            None if self.events => events(&host, &mut out),
            None => table(&host, &mut out),
        }
        out.flush();
        Ok(registered)
    }
}

/// Registers every task of the files. Returns whether all could be.
fn register(host: &mut Host, paths: &[PathBuf], now: OffsetDateTime) -> bool {
    let mut all = true;
    for input in files::below(paths) {
        let name = output::name(&input.path);
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                output::warn(&format!("simulate: {name}: {error}"));
                all = false;
                continue;
            }
        };
        let mut fail = |error: &str| {
            output::warn(&format!("simulate: {name}: {error}"));
            all = false;
        };
        let artifact = match Artifact::detect(&bytes) {
            Ok(artifact) => artifact,
            Err(error) if input.named => {
                fail(&error.to_string());
                continue;
            }
            // A folder may contain other files.
            Err(_) => continue,
        };
        let mut found = 0;
        artifact.definitions(|definition| {
            found += 1;
            match definition.read(&xml::Options::default()) {
                Ok(task) => {
                    let path = path_of(&task, definition.name().as_deref(), &input.path, paths);
                    if let Err(error) = host.register(now, &path, &task) {
                        fail(&format!("{path} was not registered: {error}"));
                    }
                }
                Err(error) => fail(&error.to_string()),
            }
        });
        match artifact.found.kind {
            kind @ (Kind::Job | Kind::GroupPolicy) => {
                fail(&format!("{kind}: not a task definition; `convert --to xml` converts it to one"));
            }
            _ if !artifact.is_readable() => fail(&artifact.unreadable()),
            kind if found == 0 => fail(&format!("{kind}: contains no task definition")),
            _ => {}
        }
    }
    all
}

/// The path of a task: where it was exported from, its URI, or its place in the folder that was named.
fn path_of(task: &Task, name: Option<&str>, file: &std::path::Path, roots: &[PathBuf]) -> TaskPath {
    let stated = name.or(task.registration_info.uri.as_deref()).and_then(|path| path.parse().ok());
    stated.filter(|path: &TaskPath| !path.is_root()).unwrap_or_else(|| {
        let root = roots.iter().find(|root| file.starts_with(root) && root.is_dir());
        let below = root.and_then(|root| file.strip_prefix(root).ok());
        let below = below.or(file.file_name().map(std::path::Path::new)).unwrap_or(file).with_extension("");
        let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
        format!("\\{}", names.join("\\")).parse().unwrap_or_else(|_| TaskPath::root())
    })
}

/// The local time of an instant.
pub fn local(zone: &dyn Zone, at: OffsetDateTime) -> String {
    let offset = zone.period_at(Ticks::from_instant(at)).offset;
    let local = at.to_offset(offset);
    Boundary::local(PrimitiveDateTime::new(local.date(), local.time())).as_str().replace('T', " ")
}

/// The log as a table. Instances have numbers instead of GUIDs.
fn table(host: &Host, out: &mut Output) {
    let mut numbers: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (at, entry) in &host.history {
        let Entry::Logged(record) = entry else { continue };
        let mut message = record.event.message();
        if let Some(instance) = record.instance {
            let next = numbers.len() + 1;
            let number = *numbers.entry(instance).or_insert(next);
            message = message.replace(&instance.braced().to_string().to_uppercase(), &format!("#{number}"));
        }
        out.line(&format!("{}  {:>3}  {message}", local(&host.zone, *at), record.event.id()));
    }
}

/// The log as event XML, one event a line.
fn events(host: &Host, out: &mut Output) {
    for (number, (at, record)) in (1..).zip(logged(host)) {
        let mut system = System::new(PROVIDER, record.event.id());
        system.time_created = Some(FileTime(Ticks::from_instant(at).0.try_into().unwrap_or_default()));
        system.event_record_id = Some(number);
        system.computer = Some("HOST".to_owned());
        out.line(&record.event.to_event(system).to_string());
    }
}

/// What was logged.
pub fn logged(host: &Host) -> impl Iterator<Item = (OffsetDateTime, &Record)> {
    host.history.iter().filter_map(|(at, entry)| match entry {
        Entry::Logged(record) => Some((*at, &**record)),
        Entry::Started(_) => None,
    })
}
