//! .JOB files.

use crate::{Report, print::Summary, runs::View};
use serde_json::{Value, json};
use wintask::{
    dtyp::HResult,
    job::{JobFlags, MaxRunTime, Recovered, RecoveredTrigger, Spanned},
    schedule::{Options, Timetable, words},
};

pub fn report(recovered: Recovered, size: usize, view: &View) -> Report {
    let version = recovered.fixed.product_version;
    let writer = version.map_or_else(|| "an unknown system".to_owned(), |v| v.to_string());
    Report {
        title: format!(".JOB file of {size} bytes, written by {writer}"),
        kind: "job",
        summary: summary(&recovered, view),
        value: ("job", value(&recovered)),
        findings: recovered.findings.erase(),
    }
}

/// The job as JSON; of a file that lost parts, the parts that are there.
pub fn value(recovered: &Recovered) -> Value {
    match recovered.job() {
        Some(job) => serde_json::to_value(job).unwrap_or_default(),
        None => json!({"recovered": serde_json::to_value(recovered).unwrap_or_default()}),
    }
}

fn summary(r: &Recovered, view: &View) -> Summary {
    let mut out = Summary::default();
    let text =
        |part: &Option<Spanned<wintask::dtyp::WideString>>| part.as_ref().map(|part| part.value.to_string());
    out.maybe("runs", text(&r.application_name));
    out.maybe("with", text(&r.parameters));
    out.maybe("in", text(&r.working_directory));
    out.maybe("author", text(&r.author));
    out.maybe("comment", text(&r.comment));
    let fixed = &r.fixed;
    out.maybe("id", fixed.job_uuid);
    out.maybe("status", fixed.status.map(result));
    if let Some(last_run) = fixed.last_run {
        if last_run.is_none() {
            out.line("last run", "never");
        } else {
            out.line(
                "last run",
                format!("{last_run} local, exit code {}", fixed.exit_code.unwrap_or_default()),
            );
        }
    }
    let start_error = r.reserved.start_error;
    let failed = start_error.filter(|e| *e != HResult::S_OK && *e != HResult::SCHED_S_TASK_HAS_NOT_RUN);
    out.maybe("start error", failed.map(result));
    out.maybe("flags", fixed.flags.map(flags));
    out.maybe("priority", fixed.priority);
    out.maybe("time limit", fixed.maximum_run_time.map(limit));
    if let (Some(wait), Some(deadline)) = (fixed.idle_wait, fixed.idle_deadline) {
        out.line("idle", format!("for {wait} minutes, waiting {deadline} at most"));
    }
    out.maybe("user data", r.user_data.as_ref().map(|data| format!("{} bytes", data.value.len())));
    for (index, trigger) in r.triggers.iter().enumerate() {
        out.line(format!("trigger {}", index + 1), recovered_trigger(trigger));
    }
    if let Some(job) = r.job() {
        view.runs(&Timetable::of_job(&job, view.zone(), &Options::default()), |_| false, &mut out);
    }
    out
}

fn result(code: HResult) -> String {
    code.meaning().map_or_else(|| code.to_string(), |meaning| format!("{code}: {meaning}"))
}

fn flags(flags: JobFlags) -> String {
    if flags.is_empty() { "none".to_owned() } else { flags.to_string() }
}

fn limit(limit: MaxRunTime) -> String {
    match limit.limit() {
        Some(limit) if limit.subsec_millis() == 0 && limit.as_secs() % 3600 == 0 => {
            format!("{} hours", limit.as_secs() / 3600)
        }
        Some(limit) => format!("{limit:?}"),
        None => "none".to_owned(),
    }
}

fn recovered_trigger(trigger: &RecoveredTrigger) -> String {
    match trigger.trigger() {
        Some(whole) => words::job_trigger(&whole),
        None => format!("cut short after {} bytes", trigger.span.len()),
    }
}
