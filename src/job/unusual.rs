//! Findings about anomalies that Windows accepts.

use super::{
    exact::trigger_name,
    finding::{Finding, FindingKind, Findings},
    layout::{
        FixedData, PartialFixedData, RawTrigger, SIGNATURE_HEADER, SIGNATURE_SIZE, STRINGS, TRIGGER_MARK,
    },
    trigger::{Schedule, Trigger},
    validate::place,
    value::{DaysOfMonth, JobFlags},
};
use crate::{
    dtyp::{HResult, WideString},
    error::Place,
};
use std::ops::Range;

/// Checks each header field individually; `size` is the file size.
pub(super) fn fixed(fixed: &PartialFixedData, size: usize, findings: &mut Findings) {
    let mut report = |kind, name| findings.push(Finding::new(kind, place(FixedData::FIELDS, name, 0, "")));
    if let Some(version) = fixed.product_version.filter(|v| v.name().is_none()) {
        report(FindingKind::ProductVersion(version), "Product Version");
    }
    if let Some(offset) = fixed.app_name_len_offset.filter(|offset| usize::from(*offset) != STRINGS) {
        let is_within = (STRINGS..=size).contains(&offset.into());
        report(FindingKind::ApplicationNameOffset { offset, is_within }, "App Name Len Offset");
    }
    if let Some(priority) = fixed.priority.filter(|p| !p.0.is_power_of_two() || !p.undefined().is_empty()) {
        report(FindingKind::Priority(priority), "Priority");
    }
    if let Some(bits) = fixed.flags.map(JobFlags::undefined).filter(|bits| !bits.is_empty()) {
        report(FindingKind::UndefinedFlags(bits), "Flags");
    }
    if let Some(time) = fixed.last_run.filter(|time| !time.is_none() && time.to_civil().is_none()) {
        findings.push(Finding::new(FindingKind::LastRun(time), Place::bytes(0x34..0x44, "Last run")));
    }
}

/// Checks whether the header is consistent with the rest of the file.
pub(super) fn agreement(fixed: &PartialFixedData, named: bool, triggers: usize, findings: &mut Findings) {
    let mut report = |kind, name| findings.push(Finding::new(kind, place(FixedData::FIELDS, name, 0, "")));
    let status = fixed.status.unwrap_or_default();
    if (status == HResult::SCHED_S_TASK_NOT_SCHEDULED) != (triggers == 0) {
        report(FindingKind::Status { status, triggers }, "Status");
    }
    let flags = fixed.flags.unwrap_or_default();
    if flags.contains(JobFlags::APPLICATION_NAME) != named {
        report(FindingKind::ApplicationNameFlag, "Flags");
    }
}

/// Checks the text of a counted string that occupies some bytes.
pub(super) fn text(name: &'static str, text: &WideString, span: &Range<usize>, findings: &mut Findings) {
    // Nearly all texts have neither.
    let odd = |unit: u16| unit == 0 || unit & 0xF800 == 0xD800;
    if !text.units().iter().fold(false, |found, unit| found | odd(*unit)) {
        return;
    }
    let mut report = |kind| findings.push(Finding::new(kind, Place::bytes(span.clone(), name)));
    if text.units().contains(&0) {
        report(FindingKind::EmbeddedNul);
    }
    if let Err(lone) = text.to_text() {
        report(FindingKind::NotUtf16(lone));
    }
}

/// Checks a trigger that starts at `at`.
pub(super) fn trigger(raw: &RawTrigger, index: usize, at: usize, findings: &mut Findings) {
    let mut report = |kind, name| {
        let place = place(RawTrigger::FIELDS, name, at, &(trigger_name(index) + "."));
        findings.push(Finding::new(kind, place));
    };
    if usize::from(raw.trigger_size) != RawTrigger::SIZE {
        report(FindingKind::TriggerSize(raw.trigger_size), "Trigger Size");
    }
    let bits = raw.flags.undefined();
    if !bits.is_empty() {
        report(FindingKind::UndefinedTriggerFlags(bits), "Flags");
    }
    let trigger = Trigger::from_raw(raw);
    if let Some(never) = never_fires(trigger.schedule) {
        report(FindingKind::NeverFires(never), "Trigger Type");
    }
    let written = trigger.to_raw();
    let end_dated = trigger.end.is_some();
    let unused = RawTrigger {
        trigger_size: raw.trigger_size,
        flags: raw.flags,
        end_year: if end_dated { written.end_year } else { raw.end_year },
        end_month: if end_dated { written.end_month } else { raw.end_month },
        end_day: if end_dated { written.end_day } else { raw.end_day },
        ..written
    };
    if *raw != unused {
        report(FindingKind::UnusedWords, "TriggerSpecific0");
    }
}

/// Returns why a schedule matches no day.
fn never_fires(schedule: Schedule) -> Option<&'static str> {
    match schedule {
        Schedule::Daily { days_interval: 0 } => Some("every 0 days"),
        Schedule::Weekly { weeks_interval: 0, .. } => Some("every 0 weeks"),
        Schedule::Weekly { days_of_week, .. } if days_of_week.0 & 0x7F == 0 => Some("no day of the week"),
        Schedule::MonthlyDayOfWeek { days_of_week, .. } if days_of_week.0 & 0x7F == 0 => {
            Some("no day of the week")
        }
        Schedule::MonthlyDate { days, .. } if days.0 & !DaysOfMonth::UNUSED == 0 => {
            Some("no day of the month")
        }
        Schedule::MonthlyDate { months, .. } | Schedule::MonthlyDayOfWeek { months, .. }
            if months.0 & 0xFFF == 0 =>
        {
            Some("no month")
        }
        _ => None,
    }
}

/// Checks the data after the triggers, which starts at `at`.
pub(super) fn tail(tail: &[u8], at: usize, findings: &mut Findings) {
    let kind = match tail {
        [] => return,
        _ if tail.starts_with(&TRIGGER_MARK) && tail.len() < SIGNATURE_SIZE => FindingKind::UncountedTrigger,
        _ if tail.len() < SIGNATURE_SIZE => FindingKind::SignatureTruncated(tail.len()),
        _ if !tail.starts_with(&SIGNATURE_HEADER) => FindingKind::SignatureVersion,
        _ => return,
    };
    findings.push(Finding::new(kind, Place::bytes(at..at + tail.len().min(SIGNATURE_SIZE), "Job Signature")));
}
