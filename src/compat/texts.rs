//! The texts of a .JOB file and the corresponding elements (EVIDENCE.md COMPAT-02), in one table for both directions.

use super::{
    difference::{Differences, Reason},
    draft::{Draft, Report},
    field::Field,
    obstacle::ObstacleReason,
};
use crate::{
    definition::{Exec, RegistrationInfo},
    dtyp::WideString,
    job::Job,
    limits, markup,
};

/// A text in both formats.
struct Row {
    element: Field,
    part: Field,
    of_task: for<'t> fn(&'t RegistrationInfo, &'t Exec) -> Option<&'t str>,
    to_task: fn(&mut RegistrationInfo, &mut Exec, String),
    of_job: fn(&Job) -> Option<&WideString>,
    to_job: fn(&mut Job, WideString),
    /// The maximum number of code units that both formats allow, without a NUL.
    max: usize,
    /// Whether the element must not be empty.
    filled: bool,
}

/// The maximum code units of a string in a .JOB file, without its NUL.
const STRING: usize = limits::JOB_STRING_UNITS - 1;
/// The maximum code units of a path: 2.5.1.4, and note 53 for the application name.
const PATH: usize = limits::JOB_APPLICATION_NAME_UNITS - 1;

static ROWS: [Row; 5] = [
    Row {
        element: Field::Command,
        part: Field::JobApplicationName,
        of_task: |_, exec| Some(&exec.command),
        to_task: |_, exec, text| exec.command = text,
        of_job: |job| Some(&job.application_name),
        to_job: |job, text| job.application_name = text,
        max: PATH,
        filled: true,
    },
    Row {
        element: Field::Arguments,
        part: Field::JobParameters,
        of_task: |_, exec| exec.arguments.as_deref(),
        to_task: |_, exec, text| exec.arguments = Some(text),
        of_job: |job| job.parameters.as_ref(),
        to_job: |job, text| job.parameters = Some(text),
        max: STRING,
        filled: false,
    },
    Row {
        element: Field::WorkingDirectory,
        part: Field::JobWorkingDirectory,
        of_task: |_, exec| exec.working_directory.as_deref(),
        to_task: |_, exec, text| exec.working_directory = Some(text),
        of_job: |job| job.working_directory.as_ref(),
        to_job: |job, text| job.working_directory = Some(text),
        max: PATH,
        filled: true,
    },
    Row {
        element: Field::Author,
        part: Field::JobAuthor,
        of_task: |info, _| info.author.as_deref(),
        to_task: |info, _, text| info.author = Some(text),
        of_job: |job| job.author.as_ref(),
        to_job: |job, text| job.author = Some(text),
        max: STRING,
        filled: false,
    },
    Row {
        element: Field::Description,
        part: Field::JobComment,
        of_task: |info, _| info.description.as_deref(),
        to_task: |info, _, text| info.description = Some(text),
        of_job: |job| job.comment.as_ref(),
        to_job: |job, text| job.comment = Some(text),
        max: STRING,
        filled: false,
    },
];

/// Copies the texts of a definition; `action` is the index of the action that the job runs.
pub(super) fn to_job(info: &RegistrationInfo, exec: &Exec, action: usize, job: &mut Job, draft: &mut Draft) {
    for row in &ROWS {
        let Some(text) = (row.of_task)(info, exec) else { continue };
        let units = WideString::from(text);
        let size = units.len().saturating_add(1);
        if units.len() > row.max {
            let reason = ObstacleReason::TooLong { size, max: row.max.saturating_add(1), unit: "units" };
            draft.obstacle_in(row.element, action, reason);
        } else if units.units().contains(&0) {
            let reason = ObstacleReason::NotInVersion1;
            draft.obstacle_in(row.element, action, reason);
        } else if row.filled && units.is_empty() {
            let reason =
                ObstacleReason::OutOfRange { value: "an empty text".into(), allowed: "1 to 260 characters" };
            draft.obstacle_in(row.element, action, reason);
        } else {
            (row.to_job)(job, units);
        }
    }
}

/// Copies the texts of a job.
pub(super) fn to_task(
    job: &Job,
    info: &mut RegistrationInfo,
    exec: &mut Exec,
    differences: &mut Differences,
) {
    for row in &ROWS {
        let Some(units) = (row.of_job)(job) else { continue };
        let (text, is_changed) = clean(units);
        if is_changed {
            differences.report(row.part, None, Reason::Characters);
        }
        let size = row.filled.then(|| text.encode_utf16().count());
        if let Some(size) = size.filter(|size| !(1..=PATH).contains(size)) {
            let value =
                if size == 0 { "an empty text".to_owned() } else { format!("a text of {size} units") };
            differences.report(row.part, None, Reason::OutOfRange { value, allowed: "1 to 260 characters" });
        } else {
            (row.to_task)(info, exec, text);
        }
    }
}

/// The text without characters that a definition cannot contain, and whether any were replaced.
fn clean(units: &WideString) -> (String, bool) {
    let text = units.to_text();
    let is_text = text.is_ok();
    let text = text.unwrap_or_else(|_| units.to_string());
    let is_xml = markup::first_illegal(&text).is_none();
    let replaced = |c| if markup::is_xml_char(c) { c } else { char::REPLACEMENT_CHARACTER };
    (if is_xml { text } else { text.chars().map(replaced).collect() }, !is_text || !is_xml)
}
