//! .JOB files.

use crate::{Report, print::Summary};
use serde_json::{Value, json};
use std::time::Duration;
use wintask::{
    dtyp::HResult,
    job::{
        Job, JobFlags, Priority, ProductVersion, Recovered, RecoveredTrigger, Schedule, Spanned, Trigger,
        TriggerFlags, carve, recover,
    },
};

/// Whether the bytes open like a .JOB file, cut short or not.
fn is_job(bytes: &[u8]) -> bool {
    let opens = |b: &[u8]| b.len() >= 24 && b[2..4] == [1, 0] && b[0x14..0x16] == [70, 0] && b[1] <= 0x0A;
    opens(bytes)
        || carve(bytes).next().is_some_and(|found| found.span.start == 0)
        || Job::parse(bytes).is_ok()
}

pub fn examine(bytes: &[u8]) -> Option<Report> {
    if !is_job(bytes) {
        return None;
    }
    let recovered = recover(bytes);
    let version = recovered.fixed.product_version.map(ProductVersion);
    let writer = version.map_or_else(|| "an unknown system".to_owned(), |v| v.to_string());
    Some(Report {
        title: format!(".JOB file of {} bytes, written by {writer}", bytes.len()),
        kind: "job",
        summary: summary(&recovered),
        value: ("job", value(&recovered)),
        findings: recovered.findings,
    })
}

/// The job as JSON; of a file that lost parts, the parts that are there.
pub fn value(recovered: &Recovered) -> Value {
    match recovered.job() {
        Some(job) => serde_json::to_value(job).unwrap_or_default(),
        None => json!({"recovered": serde_json::to_value(recovered).unwrap_or_default()}),
    }
}

fn summary(r: &Recovered) -> Summary {
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
    out.maybe("status", fixed.status.map(|s| result(HResult(s))));
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
    let start_error = r.reserved.start_error.map(HResult);
    let failed = start_error.filter(|e| *e != HResult::S_OK && *e != HResult::SCHED_S_TASK_HAS_NOT_RUN);
    out.maybe("start error", failed.map(result));
    out.maybe("flags", fixed.flags.map(JobFlags).map(flags));
    out.maybe("priority", fixed.priority.map(Priority));
    out.maybe("time limit", fixed.maximum_run_time.map(limit));
    if let (Some(wait), Some(deadline)) = (fixed.idle_wait, fixed.idle_deadline) {
        out.line("idle", format!("for {wait} minutes, waiting {deadline} at most"));
    }
    out.maybe("user data", r.user_data.as_ref().map(|data| format!("{} bytes", data.value.len())));
    for (index, trigger) in r.triggers.iter().enumerate() {
        out.line(format!("trigger {}", index + 1), recovered_trigger(trigger));
    }
    out
}

fn result(code: HResult) -> String {
    code.meaning().map_or_else(|| code.to_string(), |meaning| format!("{code}: {meaning}"))
}

fn flags(flags: JobFlags) -> String {
    if flags.is_empty() { "none".to_owned() } else { flags.to_string() }
}

fn limit(milliseconds: u32) -> String {
    match wintask::job::MaxRunTime(milliseconds).limit() {
        Some(limit) if limit.subsec_millis() == 0 && limit.as_secs() % 3600 == 0 => {
            format!("{} hours", limit.as_secs() / 3600)
        }
        Some(limit) => format!("{limit:?}"),
        None => "none".to_owned(),
    }
}

fn recovered_trigger(trigger: &RecoveredTrigger) -> String {
    match trigger.trigger() {
        Some(whole) => words(&whole),
        None => format!("cut short after {} bytes", trigger.span.len()),
    }
}

/// A trigger in words.
fn words(t: &Trigger) -> String {
    let list = |names: Vec<String>| if names.is_empty() { "no".to_owned() } else { names.join(", ") };
    let named = |names: &mut dyn Iterator<Item = &'static str>| list(names.map(str::to_owned).collect());
    let when = match t.schedule {
        Schedule::Once => "once".to_owned(),
        Schedule::Daily { days_interval: 1 } => "every day".to_owned(),
        Schedule::Daily { days_interval } => format!("every {days_interval} days"),
        Schedule::Weekly { weeks_interval, days_of_week } => {
            format!("every {weeks_interval} weeks on {}", named(&mut days_of_week.names()))
        }
        Schedule::MonthlyDate { days, months } => {
            let days = list(days.days().map(|d| d.to_string()).collect());
            format!("on day {days} of {}", named(&mut months.names()))
        }
        Schedule::MonthlyDayOfWeek { which_week, days_of_week, months } => {
            format!(
                "on {} of {which_week} of {}",
                named(&mut days_of_week.names()),
                named(&mut months.names())
            )
        }
        Schedule::OnIdle => return finish(t, "when the machine becomes idle".to_owned()),
        Schedule::AtSystemStart => return finish(t, "when the system starts".to_owned()),
        Schedule::AtLogon => return finish(t, "when a user logs on".to_owned()),
        other => format!("{other:?}"),
    };
    finish(t, format!("{when} at {:02}:{:02} local", t.start_hour, t.start_minute))
}

/// What every trigger may have besides: dates, repetition, flags.
fn finish(t: &Trigger, mut words: String) -> String {
    words += &format!(", from {}", t.begin);
    if let Some(end) = t.end {
        words += &format!(" to {end}");
    }
    if t.minutes_interval > 0 {
        let minutes = |n: u32| Duration::from_secs(u64::from(n) * 60).as_secs() / 60;
        words += &format!(
            "; then every {} minutes for {} minutes",
            minutes(t.minutes_interval),
            minutes(t.minutes_duration)
        );
    }
    if t.flags.contains(TriggerFlags::KILL_AT_DURATION_END) {
        words += ", then stopped";
    }
    if t.is_disabled() { format!("{words} (disabled)") } else { words }
}
