//! The rules by which Windows rejects a .JOB file, in file order ([MS-TSCH] 2.4, notes 14 to 23 and 52 to 54).

use super::{
    error::{Error, ErrorKind},
    exact::{RawJob, trigger_name},
    layout::{FixedData, RawTrigger, STRING_NAMES},
    text::CountedString,
    value::{DaysOfMonth, JobDate, Release, TriggerFlags},
};
use crate::{dtyp::FieldLayout, error::Place, limits};

/// Receives a violation; an `Err` ends the parsing.
pub(super) type Sink<'a> = dyn FnMut(Error) -> Result<(), Error> + 'a;

impl RawJob<'_> {
    /// Checks the file as a release of Windows does.
    ///
    /// # Errors
    /// The first violation, in file order. Releases before Vista return an error for only a few of them. For the
    /// others [`Error::hresult_on`] is `S_OK`, since the call succeeds, but the task is not loaded.
    pub fn validate(&self, release: Release) -> Result<(), Error> {
        let sink: &mut Sink<'_> = &mut Err;
        check_fixed(&self.fixed, sink)?;
        let mut at = self.strings_at();
        for (name, string) in self.strings() {
            check_string(name, string, at, release, sink)?;
            at += 2 + string.as_bytes().len();
        }
        check_reserved(self.reserved_data.len(), self.reserved_at(), sink)?;
        let mut at = self.trigger_count_at() + 2;
        for (index, trigger) in self.triggers().enumerate() {
            check_trigger(&trigger, index, at, release, sink)?;
            at += RawTrigger::SIZE;
        }
        check_trailing(self.trailing().len(), at + self.tail.len(), sink)
    }
}

/// The location of a field in a fixed structure that starts at `at`.
pub(super) fn place(fields: &[FieldLayout], name: &'static str, at: usize, prefix: &str) -> Place {
    let (offset, size) = fields.iter().find(|f| f.name == name).map_or((0, 0), |f| (f.offset, f.size));
    Place::bytes(at + offset..at + offset + size, format!("{prefix}{name}"))
}

pub(super) fn check_fixed(fixed: &FixedData, sink: &mut Sink<'_>) -> Result<(), Error> {
    if fixed.file_version == 1 {
        return Ok(());
    }
    let kind = ErrorKind::FileVersion(fixed.file_version);
    sink(Error::new(kind, place(FixedData::FIELDS, "File Version", 0, "")))
}

/// Checks a counted string whose count is at `at`.
pub(super) fn check_string(
    name: &'static str,
    string: &CountedString<'_>,
    at: usize,
    release: Release,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let is_application_name = name == STRING_NAMES[0];
    let too_long = string.count() > limits::JOB_APPLICATION_NAME_UNITS && release.checks_values();
    let kind = match string {
        _ if string.is_absent() && is_application_name => ErrorKind::ApplicationNameAbsent,
        _ if string.is_absent() => return Ok(()),
        _ if !string.is_terminated() => ErrorKind::Unterminated(string.count()),
        _ if too_long && is_application_name => ErrorKind::ApplicationNameTooLong(string.count()),
        _ => return Ok(()),
    };
    sink(Error::new(kind, Place::bytes(at..at + 2 + string.as_bytes().len(), name)))
}

/// Checks the size of reserved data whose count is at `at`.
pub(super) fn check_reserved(size: usize, at: usize, sink: &mut Sink<'_>) -> Result<(), Error> {
    match size {
        0 | 8 => Ok(()),
        _ => {
            let kind = ErrorKind::ReservedDataSize(u16::try_from(size).unwrap_or(u16::MAX));
            sink(Error::new(kind, Place::bytes(at..at + 2, "Reserved Data Size")))
        }
    }
}

/// Checks that nothing follows the signature, up to the end of the file.
pub(super) fn check_trailing(excess: usize, end: usize, sink: &mut Sink<'_>) -> Result<(), Error> {
    match excess {
        0 => Ok(()),
        _ => sink(Error::new(
            ErrorKind::TrailingData { excess },
            Place::bytes(end - excess..end, "Trailing data"),
        )),
    }
}

/// Checks a trigger that starts at `at`.
pub(super) fn check_trigger(
    t: &RawTrigger,
    index: usize,
    at: usize,
    release: Release,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let mut refuse = |kind, name| {
        let prefix = trigger_name(index) + ".";
        sink(Error::new(kind, place(RawTrigger::FIELDS, name, at, &prefix)))
    };
    if let Some((name, kind)) = bad_date(JobDate::new(t.begin_year, t.begin_month, t.begin_day), BEGIN) {
        refuse(kind, name)?;
    }
    if t.flags.contains(TriggerFlags::HAS_END_DATE)
        && let Some((name, kind)) = bad_date(JobDate::new(t.end_year, t.end_month, t.end_day), END)
    {
        refuse(kind, name)?;
    }
    for (name, value, most, allowed) in [
        ("Start Hour", t.start_hour, 23, "0 to 23"), //
        ("Start Minute", t.start_minute, 59, "0 to 59"),
    ] {
        if value > most {
            refuse(ErrorKind::OutOfRange { value: value.into(), allowed }, name)?;
        }
    }
    let (interval, duration) = (t.minutes_interval, t.minutes_duration);
    // Before Vista any interval is accepted, and the duration is ignored (note 59).
    if release.checks_values() && interval != 0 {
        if interval > limits::JOB_MINUTES_INTERVAL {
            refuse(ErrorKind::IntervalTooLong(interval), "Minutes Interval")?;
        } else if interval >= duration {
            refuse(ErrorKind::IntervalNotShorter { interval, duration }, "Minutes Interval")?;
        }
    }
    let days = u32::from(t.trigger_specific0) | u32::from(t.trigger_specific1) << 16;
    match t.trigger_type {
        3 if days & DaysOfMonth::UNUSED != 0 && release >= Release::Server2008 => {
            refuse(ErrorKind::UnusedDayBit(days), "TriggerSpecific1")
        }
        4 if !(1..=5).contains(&t.trigger_specific0) => {
            refuse(ErrorKind::WhichWeek(t.trigger_specific0), "TriggerSpecific0")
        }
        0..=7 => Ok(()),
        unknown => refuse(ErrorKind::TriggerType(unknown), "Trigger Type"),
    }
}

const BEGIN: [&str; 3] = ["Begin Year", "Begin Month", "Begin Day"];
const END: [&str; 3] = ["End Year", "End Month", "End Day"];

/// Returns the invalid part of a date: its year, else its month, else its day.
fn bad_date(date: JobDate, names: [&'static str; 3]) -> Option<(&'static str, ErrorKind)> {
    let [year, month, day] = names;
    let out_of_range = |value: u16, allowed| ErrorKind::OutOfRange { value: value.into(), allowed };
    match date {
        // Note 16 has a separate code for the begin; notes 19 to 21 have none for the end.
        JobDate { year: value @ 1000..=1600, .. } if names == BEGIN => {
            Some((year, ErrorKind::YearBefore1601(value)))
        }
        JobDate { year: value @ (..=1600 | 10000..), .. } => {
            Some((year, out_of_range(value, "1601 to 9999")))
        }
        JobDate { month: value @ (0 | 13..), .. } => Some((month, out_of_range(value, "1 to 12"))),
        _ if date.to_date().is_none() => Some((day, out_of_range(date.day, "1 to the days of the month"))),
        _ => None,
    }
}
