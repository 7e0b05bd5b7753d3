//! .JOB files.

use crate::{
    report::{Content, Next, Printer, Report, Summary, View},
    words as own,
};
use std::time::Duration;
use wintask::{
    detect,
    dtyp::{HResult, WideString},
    job::{JobFlags, MaxRunTime, RawJob, Recovered, RecoveredTrigger, Signature, Spanned, recover},
    schedule::{Options, Timetable, words},
    time::XsDuration,
};

pub fn show(bytes: &[u8], view: &View, printer: &mut Printer, path: &str) {
    let recovered = recover(bytes);
    let version = recovered.fixed.product_version;
    let writer = version.map_or_else(|| "an unknown system".to_owned(), |v| v.to_string());
    let job = recovered.job();
    let next = job
        .as_ref()
        .map(|job| Next::of(&Timetable::of_job(job, view.zone(), &Options::default()), &[], view));
    let report = Report {
        title: format!(".JOB file of {} bytes, written by {writer}", bytes.len()),
        size: bytes.len(),
        line: None,
        offset: None,
        name: None,
        findings: recovered.findings.clone().erase(),
        next: next.unwrap_or_default(),
        content: Content::Job { job: job.as_ref(), recovered: &recovered, signature: signature(bytes) },
    };
    printer.show(&report, path);
}

pub fn summary(r: &Recovered, signature: &Option<String>, next: &Next, out: &mut Summary) {
    let text = |part: &Option<Spanned<WideString>>| part.as_ref().map(|part| part.value.to_string());
    out.maybe("runs", text(&r.application_name));
    out.maybe("with", text(&r.parameters));
    out.maybe("in", text(&r.working_directory));
    out.maybe("author", text(&r.author));
    out.maybe("comment", text(&r.comment));
    let fixed = &r.fixed;
    out.maybe("id", fixed.job_uuid.map(own::guid));
    out.maybe("status", fixed.status.map(result));
    if let Some(last_run) = fixed.last_run {
        out.line(
            "last run",
            if last_run.is_none() {
                "never".to_owned()
            } else {
                format!("{last_run} local, exit code {}", fixed.exit_code.unwrap_or_default())
            },
        );
    }
    let start_error = r.reserved.start_error;
    let failed = start_error.filter(|e| *e != HResult::S_OK && *e != HResult::SCHED_S_TASK_HAS_NOT_RUN);
    out.maybe("start error", failed.map(result));
    out.maybe("flags", fixed.flags.map(flags));
    out.maybe("priority", fixed.priority);
    out.maybe("time limit", fixed.maximum_run_time.map(limit));
    if let (Some(wait), Some(deadline)) = (fixed.idle_wait, fixed.idle_deadline) {
        out.line("idle", format!("for {}, waiting at most {}", minutes(wait), minutes(deadline)));
    }
    out.maybe("user data", r.user_data.as_ref().map(|data| format!("{} bytes", data.value.len())));
    out.maybe("signature", signature.as_ref());
    for (index, trigger) in r.triggers.iter().enumerate() {
        out.line(format!("trigger {}", index + 1), recovered_trigger(trigger));
    }
    out.next(next);
}

fn result(code: HResult) -> String {
    code.meaning().map_or_else(|| code.to_string(), |meaning| format!("{code}: {meaning}"))
}

fn minutes(number: u16) -> String {
    words::span(Duration::from_secs(u64::from(number) * 60))
}

fn flags(flags: JobFlags) -> String {
    if flags.is_empty() { "none".to_owned() } else { flags.to_string() }
}

/// A limit in milliseconds: "72 hours", "1 hour 30 minutes", "1500 ms".
fn limit(time: MaxRunTime) -> String {
    match time.limit() {
        Some(limit) if limit.subsec_millis() > 0 => format!("{} ms", time.0),
        Some(limit) if limit.as_secs() > 3600 && limit.as_secs().is_multiple_of(3600) => {
            format!("{} hours", limit.as_secs() / 3600)
        }
        Some(_) => words::duration(&XsDuration::from_seconds(time.0 / 1000)),
        None => "none".to_owned(),
    }
}

/// What is known of the signature after the triggers. Nothing public verifies it.
fn signature(bytes: &[u8]) -> Option<String> {
    let sound = detect(bytes).damage.is_none();
    match RawJob::parse(bytes).ok().filter(|_| sound)?.signature() {
        Signature::Present(signature) => {
            Some(signature.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        Signature::Truncated(rest) => Some(format!("cut short after {} bytes", rest.len())),
        Signature::OtherVersion { signature_version, min_client_version } => {
            Some(format!("version {signature_version}, for clients of version {min_client_version}"))
        }
        _ => None,
    }
}

fn recovered_trigger(trigger: &RecoveredTrigger) -> String {
    match trigger.trigger() {
        Some(whole) => words::job_trigger(&whole),
        None => format!("cut short after {} bytes", trigger.span.len()),
    }
}
