//! `schedule`.

use crate::{
    hex::unhex,
    job, ok,
    request::{Answer, Request},
    xml, zone,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339};
use wintask::{
    Profile,
    dtyp::{HResult, WideString},
    job::{DaysOfMonth, Job},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
    schedule::{Occurrence, Options, ScheduledRuntimes, Timetable, next_run_time, scheduled_runtimes, words},
    time::Boundary,
};

pub fn schedule(mut request: Request) -> Answer {
    let question = Question::take(&mut request)?;
    let options = Options::scheduled_runtimes(question.profile);
    let zone = stated_zone(&mut request)?;
    let (table, words) = match (request.take::<String>("xml")?, request.take_hex("job")?, request.take("at")?)
    {
        (Some(text), None, None) => {
            let task = match xml::read_any(&text, question.profile) {
                Ok(task) => task,
                Err(error) => return Ok(xml::refusal(&error)),
            };
            (Timetable::of_task(&task, zone, &options), words::task(&task))
        }
        (None, Some(bytes), None) => match Job::parse(&bytes) {
            Ok(job) if question.is_next_run_time() => {
                request.done()?;
                return question.next_run_time(&job, zone);
            }
            Ok(job) => (Timetable::of_job(&job, zone, &options), words::job(&job)),
            Err(error) => return Ok(job::refusal(&error)),
        },
        (None, None, Some(at)) => {
            let at = AtInfo::from(serde_json::from_value::<At>(at).map_err(|e| format!("at: {e}"))?);
            let added = question.from.unwrap_or(PrimitiveDateTime::MIN);
            (Timetable::of_at(&at, added, zone, &options), words::at(&at))
        }
        _ => return Err("one of xml, job and at is needed".to_owned()),
    };
    request.done()?;
    let from = question.from.map(|from| table.instant(from));
    let until = question.until.map(|until| table.instant(until));
    let count = question.count.unwrap_or(u32::MAX);
    let ScheduledRuntimes { hresult, occurrences, .. } = match (from, until) {
        (Some(from), Some(until)) => scheduled_runtimes(&table, from..until, count),
        (Some(from), None) => scheduled_runtimes(&table, from.., count),
        (None, Some(until)) => scheduled_runtimes(&table, ..until, count),
        (None, None) => scheduled_runtimes(&table, .., count),
    };
    answer(hresult, &occurrences, &words)
}

/// Which runs are asked for.
struct Question {
    profile: Profile,
    from: Option<PrimitiveDateTime>,
    until: Option<PrimitiveDateTime>,
    count: Option<u32>,
}

impl Question {
    fn take(request: &mut Request) -> Result<Self, String> {
        Ok(Self {
            profile: xml::profile(request)?,
            from: local(request, "from")?,
            until: local(request, "until")?,
            count: request.take("count")?,
        })
    }

    /// Whether it is what `ITask::GetNextRunTime` answers.
    fn is_next_run_time(&self) -> bool {
        self.until.is_none() && self.count == Some(1)
    }

    fn next_run_time(&self, job: &Job, zone: zone::AnyZone) -> Answer {
        let options = Options::default().with_profile(self.profile);
        let now = match self.from {
            Some(from) => Timetable::of_job(job, &zone, &options).instant(from),
            None => PrimitiveDateTime::MIN.assume_utc(),
        };
        let (hresult, run) = next_run_time(job, zone, now, &options);
        answer(hresult, run.as_slice(), &words::job(job))
    }
}

fn answer(hresult: HResult, runs: &[Occurrence], words: &str) -> Answer {
    let times: Vec<_> = runs.iter().map(|run| Boundary::local(run.local()).as_str().to_owned()).collect();
    let instants: Result<Vec<_>, _> = runs.iter().map(|run| instant(run.instant())).collect();
    ok(json!({"hresult": hresult, "times": times, "instants": instants?, "words": words}))
}

pub fn instant(instant: OffsetDateTime) -> Result<String, String> {
    instant.format(&Rfc3339).map_err(|e| e.to_string())
}

pub fn local(request: &mut Request, name: &str) -> Result<Option<PrimitiveDateTime>, String> {
    let Some(text) = request.take::<String>(name)? else { return Ok(None) };
    let boundary: Boundary = text.parse().map_err(|e| format!("{name}: {e}"))?;
    if boundary.instant().is_some() {
        return Err(format!("{name} must be a local time"));
    }
    boundary.civil().map(Some).ok_or_else(|| format!("{name} is outside the years 1 to 9999"))
}

pub fn stated_zone(request: &mut Request) -> Result<zone::AnyZone, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "lowercase")]
    enum Stated {
        Tzi(String),
        Bias(i32),
    }
    match request.take("zone")? {
        None => zone::bias(0),
        Some(Stated::Bias(minutes)) => zone::bias(minutes),
        Some(Stated::Tzi(hex)) => zone::tzi(&unhex(&hex).ok_or("zone: tzi is not hex")?),
    }
    .map_err(|e| format!("zone: {e}"))
}

/// AT_INFO by the names of the IDL; what is not stated is zero.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct At {
    job_time: u32,
    days_of_month: u32,
    days_of_week: u8,
    flags: u8,
    command: Option<String>,
}

impl From<At> for AtInfo {
    fn from(at: At) -> Self {
        Self {
            job_time: at.job_time,
            days_of_month: DaysOfMonth(at.days_of_month),
            days_of_week: AtDaysOfWeek(at.days_of_week),
            flags: AtFlags(at.flags),
            command: at.command.as_deref().map(WideString::from),
        }
    }
}

impl From<&AtInfo> for At {
    fn from(at: &AtInfo) -> Self {
        Self {
            job_time: at.job_time,
            days_of_month: at.days_of_month.0,
            days_of_week: at.days_of_week.0,
            flags: at.flags.0,
            command: at.command.as_ref().map(ToString::to_string),
        }
    }
}
