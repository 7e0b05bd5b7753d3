//! What a .JOB file contains besides the job itself.

use super::{
    difference::{Differences, Reason},
    draft::Report,
    field::Field,
};
use crate::job::{CountedString, RawJob, Signature, Trigger};

/// Lists what a file contains besides the [`Job`](crate::job::Job) read from it, and conversions therefore lose: the
/// signature, and words without a meaning in the format, such as those of a trigger that starts once (EVIDENCE.md
/// JOB-08, COMPAT-15).
///
/// ```
/// use wintask::{compat::beyond_job, job::{Job, RawJob}};
///
/// let mut file = Job::new(uuid::Uuid::nil(), "a.exe").to_bytes()?;
/// assert!(beyond_job(&RawJob::parse(&file)?).is_empty());
/// file.extend([1, 0, 1, 0]);
/// file.extend([0; 64]);
/// let lost: Vec<String> = beyond_job(&RawJob::parse(&file)?).iter().map(ToString::to_string).collect();
/// assert_eq!(lost, ["warning: Job Signature: lost: the target format has no such field"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn beyond_job(file: &RawJob<'_>) -> Differences {
    let mut differences = Differences::new();
    match file.signature() {
        Signature::Absent => {}
        Signature::Present(_) => differences.report(Field::JobSignature, None, Reason::NoCounterpart),
        _ => differences.report(Field::JobSignature, None, Reason::Meaningless),
    }
    for (index, stated) in file.triggers().enumerate() {
        if Trigger::from_raw(&stated).to_raw() != stated {
            differences.report(Field::JobTrigger, index, Reason::Meaningless);
        }
    }
    let RawJob { application_name, parameters, working_directory, author, comment, .. } = file;
    let strings = [application_name, parameters, working_directory, author, comment];
    // Text after the NUL, or a missing NUL.
    let unusual = strings.into_iter().any(|string| {
        string.text().is_some_and(|text| CountedString::from_text(&text).as_bytes() != string.as_bytes())
    });
    let reserved = !file.reserved_data.is_empty() && file.reserved().is_none();
    if reserved || unusual || !file.gap.is_empty() {
        differences.report(Field::JobFile, None, Reason::Meaningless);
    }
    differences
}
