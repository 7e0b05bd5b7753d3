//! The conversions.

use crate::{
    civil,
    source::{Content, Source},
    zone::AnyZone,
};
use std::fmt;
use time::{Duration, OffsetDateTime, PrimitiveDateTime, Time};
use wintask::{
    command_line::{At, Circumstances, DateOrder, Schtasks},
    compat::{
        Account, Conversion, FromAt, ToJob, ToTask, at_to_job, at_to_task, job_to_at, job_to_task,
        task_to_at, task_to_at_in, task_to_job,
    },
    definition::Task,
    finding::{AnyFindings, FindingKind, Findings},
    gpp::{self, Part, ScheduledTasks},
    job,
    rpc::atsvc::AtInfo,
    time::Boundary,
    xml::{self, Form},
};

#[derive(Clone, Copy)]
pub enum Format {
    Xml,
    Job,
    At,
    Schtasks,
    Policy,
}

impl Format {
    pub fn parse(name: &str) -> Result<Self, String> {
        Ok(match name {
            "xml" => Self::Xml,
            "job" => Self::Job,
            "at" => Self::At,
            "schtasks" => Self::Schtasks,
            "policy" => Self::Policy,
            other => {
                return Err(format!("unknown format {other}, expected xml, job, at, schtasks or policy"));
            }
        })
    }
}

/// A result, as it is printed.
pub enum Converted {
    Text(String),
    Line(String),
    Job(Vec<u8>),
    /// For the one policy of all.
    Item(Box<Task>),
}

/// What conversions depend on.
pub struct Converter {
    pub to: Format,
    /// None for the current time; for `--to at` of a task that starts once, a time at which it starts next.
    pub now: Option<PrimitiveDateTime>,
    pub zone: Option<AnyZone>,
    pub account: Account,
    pub dates: Option<DateOrder>,
}

/// Why something was not converted: one line for each reason.
type Refusal = String;

fn refused(error: impl fmt::Display) -> Refusal {
    error.to_string()
}

impl Converter {
    /// Converts one task; what is lost goes to `report`.
    pub fn convert(&self, source: &Source, report: &mut impl FnMut(&str)) -> Result<Converted, Refusal> {
        match self.to {
            Format::Xml => {
                let task = self.task(source, report)?;
                xml::write_text(&task, Form::Utf8).map(Converted::Text).map_err(refused)
            }
            Format::Policy => self.task(source, report).map(|task| Converted::Item(Box::new(task))),
            Format::Schtasks => {
                if let Content::Schtasks(command) = &source.content {
                    return Ok(Converted::Line(command.to_string()));
                }
                let task = self.task(source, report)?;
                let order = self.dates.unwrap_or(DateOrder::MonthDayYear);
                let command = Schtasks::from_task(&task, &source.name, order).map_err(listed)?;
                Ok(Converted::Line(kept(command, report).to_string()))
            }
            Format::Job => {
                let options = ToJob::default();
                let options = self.zone.as_deref().map_or(options, |zone| options.with_zone(zone));
                let job = match &source.content {
                    Content::Job(file) => return Ok(Converted::Job(file.bytes.clone())),
                    Content::At(at) => {
                        kept(at_to_job(&info(at)?, &self.options_for_at(None)).map_err(refused)?, report)
                    }
                    _ => kept(task_to_job(&self.task(source, report)?, &options).map_err(refused)?, report),
                };
                job.to_bytes().map(Converted::Job).map_err(refused)
            }
            Format::At => {
                let at = match &source.content {
                    Content::At(at) => return Ok(Converted::Line(at.to_string())),
                    Content::Job(file) => {
                        let job = &file.job;
                        shown(&file.beyond, report);
                        let first = job.triggers.iter().filter_map(begin).min();
                        kept(job_to_at(job, &self.options_for_at(first)).map_err(refused)?, report)
                    }
                    _ => {
                        let task = self.task(source, report)?;
                        let starts =
                            task.triggers.iter().filter_map(|trigger| trigger.start_boundary.as_ref());
                        let local = |start: &Boundary| match self.zone.as_deref() {
                            Some(zone) => civil::of_boundary(start, zone),
                            None => start.civil(),
                        };
                        let options = self.options_for_at(starts.filter_map(local).min());
                        let converted = match self.zone.as_deref() {
                            Some(zone) => task_to_at_in(&task, zone, &options),
                            None => task_to_at(&task, &options),
                        };
                        kept(converted.map_err(refused)?, report)
                    }
                };
                Ok(Converted::Line(kept(At::from_at_info(&at), report).to_string()))
            }
        }
    }

    /// The definition of a task in any format.
    fn task(&self, source: &Source, report: &mut impl FnMut(&str)) -> Result<Task, Refusal> {
        Ok(match &source.content {
            Content::Task(task) => (**task).clone(),
            Content::Job(file) => {
                let options = ToTask::default().with_account(self.account.clone());
                shown(&file.beyond, report);
                kept(job_to_task(&file.job, &options), report)
            }
            Content::At(at) => {
                kept(at_to_task(&info(at)?, &self.options_for_at(None)).map_err(refused)?, report)
            }
            Content::Schtasks(command) => {
                let mut here = Circumstances::new(self.now.unwrap_or_else(current));
                here.date_order = self.dates;
                let (registration, findings) = command.registration(&here);
                shown(&findings, report);
                let task = registration.as_ref().and_then(|registration| registration.task());
                task.cloned().ok_or("the command states no definition")?
            }
            Content::Item(policy, index, part) => self.item(policy, *index, *part, report)?,
        })
    }

    /// The task of an item, as if it were applied now to this machine.
    fn item(
        &self,
        policy: &ScheduledTasks,
        index: usize,
        part: Part,
        report: &mut impl FnMut(&str),
    ) -> Result<Task, Refusal> {
        let item = policy.items().nth(index).ok_or("no such item")?;
        let context = gpp::Context::default().with_part(part).with_now(self.now.unwrap_or_else(current));
        let context = match self.zone.as_deref() {
            Some(zone) => context.with_zone(zone),
            None => context,
        };
        let converted = gpp::to_task(&item, &context).map_err(refused)?;
        shown(&converted.losses, report);
        Ok(converted.value)
    }

    /// For a task whose first start is at this time.
    fn options_for_at(&self, first: Option<PrimitiveDateTime>) -> FromAt {
        let before = first.and_then(|first| first.checked_sub(Duration::MINUTE));
        FromAt::new(self.now.or(before).unwrap_or_else(current))
    }
}

/// The first start of a trigger of a .JOB file.
fn begin(trigger: &job::Trigger) -> Option<PrimitiveDateTime> {
    let time = Time::from_hms(trigger.start_hour.try_into().ok()?, trigger.start_minute.try_into().ok()?, 0);
    Some(PrimitiveDateTime::new(trigger.begin.to_date()?, time.ok()?))
}

/// The current time in UTC.
fn current() -> PrimitiveDateTime {
    let now = OffsetDateTime::now_utc();
    PrimitiveDateTime::new(now.date(), now.time())
}

/// The job that a command of at adds.
fn info(at: &At) -> Result<AtInfo, Refusal> {
    at.at_info().ok_or_else(|| "the command adds no job".to_owned())
}

/// The result of a conversion, after its differences were reported.
fn kept<T>(conversion: Conversion<T>, report: &mut impl FnMut(&str)) -> T {
    shown(&conversion.differences, report);
    conversion.value
}

pub fn shown<K: FindingKind>(findings: &Findings<K>, report: &mut impl FnMut(&str)) {
    for finding in findings {
        report(&finding.to_string());
    }
    if findings.omitted() > 0 {
        report(&format!("{} more", findings.omitted()));
    }
}

fn listed<K: FindingKind>(findings: Findings<K>) -> Refusal {
    let findings: AnyFindings = findings.erase();
    let lines: Vec<_> =
        findings.iter().map(|finding| format!("{}: {}", finding.place(), finding.message())).collect();
    lines.join("; ")
}
