//! `compat`.

use crate::{
    job, ok,
    request::{Answer, Request, hex},
    schedule::{At, local, stated_zone},
    shared, xml as documents,
};
use serde_json::{Value, json};
use time::{Duration, PrimitiveDateTime, Time, macros::datetime};
use wintask::{
    compat::{
        Conversion, Differences, FromAt, NotV1Compatible, ToJob, ToTask, at_to_job, at_to_task, beyond_job,
        check_at, job_to_at, job_to_task, task_to_at_in, task_to_job,
    },
    definition::Task,
    dtyp::HasHResult,
    job::{Job, RawJob, Trigger},
    rpc::atsvc::AtInfo,
    time::Zone,
    xml::{self, Form},
};

/// The time at which an AT job is added, if the request does not state it: the beginning of the calendar.
const ADDED: PrimitiveDateTime = datetime!(1601-01-01 00:00);

/// What is converted.
enum Source {
    /// A file: its bytes, the job that it describes, and what else is in it.
    Job(Vec<u8>, Box<Job>, Differences),
    Task(Box<Task>),
    At(AtInfo),
}

pub fn convert(mut request: Request) -> Answer {
    let (from, to) = (request.need::<String>("from")?, request.need::<String>("to")?);
    let profile = documents::profile(&mut request)?;
    let added = local(&mut request, "added")?;
    let zone = stated_zone(&mut request)?;
    let (text, bytes) = (request.take::<String>("text")?, request.take_hex("hex")?);
    let at = request.take::<At>("at")?;
    request.done()?;
    let source = match (from.as_str(), text, bytes, at) {
        ("job", None, Some(bytes), None) => match Job::parse(&bytes) {
            Ok(job) => {
                let beyond = RawJob::parse(&bytes).map(|raw| beyond_job(&raw)).unwrap_or_default();
                Source::Job(bytes, Box::new(job), beyond)
            }
            Err(error) => return Ok(job::refusal(&error)),
        },
        ("xml", text, bytes, None) => {
            let options = xml::Options::default().with_profile(profile);
            let task = match (text, bytes) {
                (Some(text), None) => xml::read_text(&text, &options),
                (None, Some(bytes)) => xml::read(&bytes, &options),
                _ => return Err("one of text and hex is needed".to_owned()),
            };
            match task {
                Ok(task) => Source::Task(Box::new(task)),
                Err(error) => return Ok(documents::refusal(&error)),
            }
        }
        ("at", None, None, Some(at)) => Source::At(AtInfo::from(at)),
        ("job" | "xml" | "at", ..) => return Err(format!("from {from} needs its own input, and no other")),
        (other, ..) => return Err(format!("from: no format is called {other}")),
    };
    let options = FromAt::new(added.unwrap_or_else(|| before(&source, &*zone))).with_profile(profile);
    match to.as_str() {
        "job" => to_job(source, &*zone, &options),
        "xml" => to_xml(source, &options),
        "at" => to_at(source, &*zone, &options),
        other => Err(format!("to: no format is called {other}")),
    }
}

/// A time at which a job that starts once starts next: the minute before its first start.
fn before(source: &Source, zone: &dyn Zone) -> PrimitiveDateTime {
    let first = match source {
        Source::At(_) => None,
        Source::Job(_, job, _) => job.triggers.iter().filter_map(begin).min(),
        Source::Task(task) => {
            let starts = task.triggers.iter().filter_map(|trigger| trigger.start_boundary.as_ref());
            starts.filter_map(|start| shared::civil::of_boundary(start, zone)).min()
        }
    };
    first.and_then(|first| first.checked_sub(Duration::MINUTE)).unwrap_or(ADDED)
}

/// The first start of a trigger of a .JOB file.
fn begin(trigger: &Trigger) -> Option<PrimitiveDateTime> {
    let time = Time::from_hms(trigger.start_hour.try_into().ok()?, trigger.start_minute.try_into().ok()?, 0);
    Some(PrimitiveDateTime::new(trigger.begin.to_date()?, time.ok()?))
}

fn to_job(source: Source, zone: &dyn Zone, options: &FromAt) -> Answer {
    let to_job = ToJob::default().with_profile(options.profile).with_zone(zone);
    let converted = match source {
        Source::Job(bytes, ..) => return ok(json!({"hex": hex(&bytes), "losses": []})),
        Source::Task(task) => match task_to_job(&task, &to_job) {
            Ok(converted) => with_losses(converted),
            Err(error) => return Ok(refusal(&error)),
        },
        Source::At(at) => match at_to_job(&at, options) {
            Ok(converted) => with_losses(converted),
            Err(error) => return Ok(invalid(&error)),
        },
    };
    let bytes = converted.0.to_bytes().map_err(|error| error.to_string())?;
    ok(json!({"hex": hex(&bytes), "losses": converted.1}))
}

fn to_xml(source: Source, options: &FromAt) -> Answer {
    let converted = match source {
        Source::Task(task) => (*task, json!([])),
        Source::Job(_, job, beyond) => {
            let options = ToTask::default().with_profile(options.profile);
            plus(with_losses(job_to_task(&job, &options)), &beyond)
        }
        Source::At(at) => match at_to_task(&at, options) {
            Ok(converted) => with_losses(converted),
            Err(error) => return Ok(invalid(&error)),
        },
    };
    // Everything is stated, defaults included, in the order that both profiles accept.
    let text = xml::write_text(&converted.0, Form::Utf8).map_err(|error| error.to_string())?;
    ok(json!({"text": text, "losses": converted.1}))
}

fn to_at(source: Source, zone: &dyn Zone, options: &FromAt) -> Answer {
    let converted = match source {
        Source::At(at) => match check_at(&at, options.profile) {
            Ok(()) => Ok((at, json!([]))),
            Err(error) => return Ok(invalid(&error)),
        },
        Source::Job(_, job, beyond) => {
            job_to_at(&job, options).map(|converted| plus(with_losses(converted), &beyond))
        }
        Source::Task(task) => task_to_at_in(&task, zone, options).map(with_losses),
    };
    match converted {
        Ok((at, losses)) => ok(json!({"at": At::from(&at), "losses": losses})),
        Err(error) => Ok(refusal(&error)),
    }
}

/// The result of converting a file, whose other contents are lost as well.
fn plus<T>((value, mut lost): (T, Value), beyond: &Differences) -> (T, Value) {
    if let Some(lost) = lost.as_array_mut() {
        lost.extend(beyond.iter().map(shared::finding));
    }
    (value, lost)
}

/// The result, and what was lost, changed or assumed.
fn with_losses<T>(conversion: Conversion<T>) -> (T, Value) {
    (conversion.value, losses(&conversion.differences))
}

fn losses(differences: &Differences) -> Value {
    differences.iter().map(shared::finding).collect()
}

/// A definition that cannot be converted.
fn refusal(error: &NotV1Compatible) -> Value {
    let obstacles: Value = error.obstacles.iter().map(shared::finding).collect();
    json!({"ok": false, "hresult": error.hresult(), "obstacles": obstacles, "error": error.to_string()})
}

/// An AT job that a server rejects.
fn invalid(error: &wintask::compat::AtError) -> Value {
    let field = error.place().path();
    json!({"ok": false, "hresult": HasHResult::hresult(error), "field": field, "error": error.to_string()})
}
