//! What Windows takes and a reader should know all the same.

use super::{
    exact::trigger_name,
    layout::{
        FixedData, PartialFixedData, RawTrigger, SIGNATURE_HEADER, SIGNATURE_SIZE, STRINGS, TRIGGER_MARK,
    },
    text::CountedString,
    trigger::{Schedule, Trigger},
    validate::place,
    value::{DaysOfMonth, JobFlags, Priority, ProductVersion, TriggerFlags},
};
use crate::{
    dtyp::HResult,
    error::Place,
    finding::{
        Findings,
        Severity::{Error, Info, Warning},
    },
};

/// Each field of the header by itself; `size` is the file's.
pub(super) fn fixed(fixed: &PartialFixedData, size: usize, findings: &mut Findings) {
    let at = |name| place(FixedData::FIELDS, name, 0, "");
    if let Some(version) = fixed.product_version.map(ProductVersion).filter(|v| v.name().is_none()) {
        let message = format!("{version} is no known version of Windows");
        findings.push(Warning, "job.product_version", at("Product Version"), message);
    }
    if let Some(offset) = fixed.app_name_len_offset.filter(|offset| usize::from(*offset) != STRINGS) {
        let message = format!("{offset:#x}, where every known file has {STRINGS:#x}");
        let severity =
            if usize::from(offset) < STRINGS || usize::from(offset) > size { Error } else { Warning };
        findings.push(severity, "job.application_name.offset", at("App Name Len Offset"), message);
    }
    if let Some(priority) =
        fixed.priority.map(Priority).filter(|p| !p.0.is_power_of_two() || !p.undefined().is_empty())
    {
        let message = format!("{priority} is not one priority class");
        findings.push(Warning, "job.priority", at("Priority"), message);
    }
    if let Some(bits) = fixed.flags.map(|f| JobFlags(f).undefined()).filter(|bits| !bits.is_empty()) {
        let message = format!("undefined bits {:#x} are set", bits.0);
        findings.push(Warning, "job.flags.undefined", at("Flags"), message);
    }
    if let Some(time) = fixed.last_run.filter(|time| !time.is_none() && time.to_date_time().is_none()) {
        let message = format!("the last run's {time} is no date");
        findings.push(Warning, "job.last_run", Place::bytes(0x34..0x44, "Last run"), message);
    }
}

/// What the header says of the rest.
pub(super) fn agreement(fixed: &PartialFixedData, named: bool, triggers: usize, findings: &mut Findings) {
    let status = HResult(fixed.status.unwrap_or_default());
    if (status == HResult::SCHED_S_TASK_NOT_SCHEDULED) != (triggers == 0) {
        let message = format!("{status} does not agree with {triggers} triggers (note 12)");
        findings.push(Warning, "job.status", place(FixedData::FIELDS, "Status", 0, ""), message);
    }
    let flags = JobFlags(fixed.flags.unwrap_or_default());
    if flags.contains(JobFlags::APPLICATION_NAME) != named {
        let message = format!("{} does not agree with the application name", "TASK_APPLICATION_NAME");
        findings.push(Info, "job.flags.application_name", place(FixedData::FIELDS, "Flags", 0, ""), message);
    }
}

/// A counted string whose count stands at `at`.
pub(super) fn string(name: &'static str, string: &CountedString<'_>, at: usize, findings: &mut Findings) {
    let Some(text) = string.text() else { return };
    let here = || Place::bytes(at..at + 2 + string.as_bytes().len(), name);
    if text.units().contains(&0) {
        findings.push(Warning, "job.strings.embedded_nul", here(), "a NUL stands within the string");
    }
    if let Err(lone) = text.to_text() {
        findings.push(Warning, "job.strings.not_utf16", here(), lone);
    }
}

/// A trigger that starts at `at`.
pub(super) fn trigger(raw: &RawTrigger, index: usize, at: usize, findings: &mut Findings) {
    let here = |name| place(RawTrigger::FIELDS, name, at, &(trigger_name(index) + "."));
    if usize::from(raw.trigger_size) != RawTrigger::SIZE {
        let message = format!("{} is not 48", raw.trigger_size);
        findings.push(Warning, "job.trigger.size", here("Trigger Size"), message);
    }
    let bits = TriggerFlags(raw.flags).undefined();
    if !bits.is_empty() {
        let message = format!("undefined bits {:#x} are set", bits.0);
        findings.push(Warning, "job.trigger.undefined_flags", here("Flags"), message);
    }
    let trigger = Trigger::from_raw(raw);
    if let Some(never) = never_fires(trigger.schedule) {
        findings.push(Warning, "job.trigger.never", here("Trigger Type"), format!("never fires: {never}"));
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
        findings.push(
            Info,
            "job.trigger.unused_words",
            here("TriggerSpecific0"),
            "words without a meaning are not zero",
        );
    }
}

/// Why a schedule has no day at all.
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

/// What stands behind the triggers, from `at` on.
pub(super) fn tail(tail: &[u8], at: usize, findings: &mut Findings) {
    if tail.is_empty() {
        return;
    }
    let here = Place::bytes(at..at + tail.len().min(SIGNATURE_SIZE), "Job Signature");
    if tail.starts_with(&TRIGGER_MARK) && tail.len() < SIGNATURE_SIZE {
        let message = "what follows looks like one more trigger than the count says";
        findings.push(Warning, "job.signature.trigger", here, message);
    } else if tail.len() < SIGNATURE_SIZE {
        let message = format!("{} bytes of {SIGNATURE_SIZE}, to be ignored", tail.len());
        findings.push(Warning, "job.signature.truncated", here, message);
    } else if !tail.starts_with(&SIGNATURE_HEADER) {
        findings.push(Warning, "job.signature.version", here, "of versions other than 1, to be ignored");
    }
}
