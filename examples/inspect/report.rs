//! The description of an artifact, as lines and as JSON.

use crate::{
    event, gpp, job,
    output::Kept,
    pair::Pair,
    runs::{self, Run},
    shared, task,
    twin::Twin,
    zone::AnyZone,
};
use serde::Serialize;
use serde_json::Value;
use std::{borrow::Cow, fmt::Display, ops::Bound};
use time::{OffsetDateTime, UtcOffset};
use wintask::{
    definition::Task,
    eventlog::Event,
    finding::{AnyFindings, Severity},
    gpp::ScheduledTasks,
    job::{Job, Recovered},
    schedule::{FindingKind, Occurrence, Timetable, words},
    time::{Ticks, Zone},
};

/// The options for showing run times.
pub struct View {
    /// The time zone of the machine that the artifact comes from; without one, local times stay local.
    pub zone: Option<AnyZone>,
    /// The next runs are those after this instant.
    pub now: OffsetDateTime,
    /// Whether they are described in words, or shown as values.
    pub in_words: bool,
}

/// An artifact.
pub struct Report<'a> {
    pub title: String,
    pub size: usize,
    pub line: Option<u32>,
    /// Its offset in an image.
    pub offset: Option<usize>,
    pub name: Option<Cow<'a, str>>,
    pub content: Content<'a>,
    pub next: Next,
    pub findings: AnyFindings,
}

/// The content of an artifact.
pub enum Content<'a> {
    Task(&'a Task),
    Job {
        job: Option<&'a Job>,
        recovered: &'a Recovered,
        signature: Option<String>,
    },
    Event(&'a Event),
    /// The items, and each in words.
    Policy {
        policy: &'a ScheduledTasks,
        items: Vec<String>,
    },
}

/// The output of a file's reports.
pub struct Printer {
    pub out: Kept,
    pub json: bool,
    /// Whether every artifact is sound.
    pub sound: bool,
    /// The counterpart of the current file.
    pub pair: Option<Pair>,
}

impl Printer {
    pub fn show(&mut self, report: &Report<'_>, path: &str) {
        self.sound &= report.findings.worst() != Some(Severity::Error);
        let pair = self.pair.as_ref().and_then(|pair| pair.words(&report.content));
        if self.json {
            return self.out.json(&Line { pair, ..report.line(path) });
        }
        self.out.line(&format!("{path}: {}", report.title));
        let mut summary = report.content.summary(&report.next);
        summary.maybe("other file", pair);
        let width =
            summary.0.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default().max(14);
        for (label, value) in summary.0 {
            let mut label = label.as_str();
            for line in value.lines() {
                self.out.line(&format!("  {label:<width$} {line}"));
                label = "";
            }
        }
        for finding in &report.findings {
            self.out.line(&format!("  ! {finding}"));
        }
        if report.findings.omitted() > 0 {
            self.out.line(&format!("  ! and {} more findings", report.findings.omitted()));
        }
        self.out.line("");
    }

    pub fn fail(&mut self, path: &str, error: &str) {
        #[derive(Serialize)]
        struct Failure<'a> {
            path: &'a str,
            error: &'a str,
        }
        self.sound = false;
        if self.json {
            self.out.json(&Failure { path, error });
        } else {
            self.out.line(&format!("{path}: {error}"));
            self.out.line("");
        }
    }
}

/// An artifact as an object.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    kind: &'static str,
    size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<&'a Task>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a Job>,
    /// The parts of a .JOB file from which no job could be built.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovered: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<event::Summary<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<&'a ScheduledTasks>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counterpart: Option<Value>,
    /// The file of the counterpart, and whether the two match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pair: Option<String>,
    next_runs: &'a [Run],
    findings: Vec<Value>,
}

/// What was recovered. Its findings are shown with the others.
fn parts(recovered: &Recovered) -> Value {
    let mut parts = serde_json::to_value(recovered).unwrap_or_default();
    if let Some(parts) = parts.as_object_mut() {
        parts.remove("findings");
    }
    parts
}

impl Report<'_> {
    fn line<'a>(&'a self, path: &'a str) -> Line<'a> {
        let mut line = Line {
            path,
            kind: "task",
            size: self.size,
            line: self.line,
            offset: self.offset,
            name: self.name.as_deref(),
            task: None,
            job: None,
            recovered: None,
            signature: None,
            event: None,
            items: None,
            counterpart: self.content.twin().map(|twin| twin.to_json()),
            pair: None,
            next_runs: &self.next.runs,
            findings: self.findings.iter().map(shared::finding).collect(),
        };
        match &self.content {
            Content::Task(task) => line.task = Some(task),
            Content::Job { job, recovered, signature } => {
                line.kind = "job";
                line.job = *job;
                line.recovered = job.is_none().then(|| parts(recovered));
                line.signature = signature.as_deref();
            }
            Content::Event(event) => {
                line.kind = "event";
                line.event = Some(event::Summary::of(event));
            }
            Content::Policy { policy, .. } => {
                line.kind = "group_policy";
                line.items = Some(policy);
            }
        }
        line
    }
}

impl Content<'_> {
    /// The counterpart of a version 1 task.
    fn twin(&self) -> Option<Twin> {
        match self {
            Self::Task(task) => Twin::of_task(task),
            Self::Job { job, .. } => job.map(Twin::of_job),
            _ => None,
        }
    }

    fn summary(&self, next: &Next) -> Summary {
        let mut out = Summary::default();
        match self {
            Self::Task(task) => task::summary(task, next, &mut out),
            Self::Job { recovered, signature, .. } => job::summary(recovered, signature, next, &mut out),
            Self::Event(event) => event::summary(event, &mut out),
            Self::Policy { policy, items } => gpp::summary(policy, items, &mut out),
        }
        if let Some(twin) = self.twin() {
            twin.summary(&mut out);
        }
        out
    }
}

/// Labels and values.
#[derive(Default)]
pub struct Summary(Vec<(String, String)>);

impl Summary {
    /// Adds a line.
    pub fn line(&mut self, label: impl Into<String>, value: impl Display) {
        self.0.push((label.into(), value.to_string()));
    }

    /// Adds a line if there is a value.
    pub fn maybe(&mut self, label: impl Into<String>, value: Option<impl Display>) {
        if let Some(value) = value {
            self.line(label, value);
        }
    }

    /// Adds the next runs, or why there are none.
    pub fn next(&mut self, next: &Next) {
        match (next.is_timed, next.words.as_slice()) {
            (false, _) => {}
            (true, []) => self.line("next runs", "no further runs"),
            (true, words) => self.line("next runs", words.join("\n")),
        }
    }
}

/// How many of the next runs are shown.
const RUNS: usize = 5;

/// The next runs.
#[derive(Default)]
pub struct Next {
    runs: Vec<Run>,
    /// The same in words, or why there are none. One of the two lists is empty.
    words: Vec<String>,
    /// Whether the clock starts the task at all.
    is_timed: bool,
}

impl Next {
    pub fn of<Z: Zone>(table: &Timetable<Z>, absolute: &[bool], view: &View) -> Self {
        let mut next = Self { is_timed: table.is_timed(), ..Self::default() };
        for run in table.occurrences((Bound::Excluded(view.now), Bound::Unbounded)).take(RUNS) {
            let absolute = absolute.get(run.trigger()) == Some(&true);
            if view.in_words {
                next.words.push(view.words(&run, absolute));
            } else {
                next.runs.push(Run::new(&run, view.zone.is_some(), absolute));
            }
        }
        if view.in_words && next.words.is_empty() {
            let reasons = table.reasons().into_iter().filter(|(_, reason)| *reason != FindingKind::NotTimed);
            next.words.extend(
                reasons.map(|(trigger, reason)| format!("none from trigger {}: {reason}", trigger + 1)),
            );
        }
        next
    }
}

impl Next {
    /// The first run in words, or why there is none.
    pub fn first(&self) -> Option<&str> {
        self.words.first().map(String::as_str)
    }
}

impl View {
    /// The zone to compute with: without one, clocks are assumed to show UTC.
    pub fn zone(&self) -> &dyn Zone {
        match &self.zone {
            Some(zone) => zone,
            None => &UtcOffset::UTC,
        }
    }

    /// "Fri 2024-01-05 02:00 -05:00, up to 30 minutes later".
    fn words(&self, run: &Occurrence, is_absolute: bool) -> String {
        let (date, time) = (run.local().date(), run.local().time());
        let weekday = date.weekday().to_string();
        let mut text = format!("{} {date} {:02}:{:02}", &weekday[..3], time.hour(), time.minute());
        if time.second() > 0 || time.nanosecond() > 0 {
            text += &format!(":{:02}", time.second());
        }
        text += &match &self.zone {
            Some(zone) => format!(" {}", offset(zone.period_at(Ticks::from_instant(run.instant())).offset)),
            None if is_absolute => " UTC".to_owned(),
            None => String::new(),
        };
        if let Some(delay) = runs::delay(run) {
            text += &format!(", up to {} later", words::span(delay));
        }
        text
    }
}

/// "-05:00", with seconds only where there are any.
fn offset(offset: UtcOffset) -> String {
    let (hours, minutes, seconds) = offset.as_hms();
    let sign = if offset.is_negative() { '-' } else { '+' };
    let mut text = format!("{sign}{:02}:{:02}", hours.unsigned_abs(), minutes.unsigned_abs());
    if seconds != 0 {
        text += &format!(":{:02}", seconds.unsigned_abs());
    }
    text
}
