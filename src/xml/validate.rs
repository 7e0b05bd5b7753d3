//! Validates tasks built in code.

use super::{error::Error, options::Options, reading::Reading, write::write_unchecked};
use crate::{definition::Task, error::Place};

/// Validates a task that was built in code or modified, by the same rules as [`read`](super::read).
///
/// The task is valid if and only if its text is: it is written in [`Form::Utf8`](super::Form::Utf8) and read again,
/// so there is only one set of rules.
///
/// # Errors
/// The first violation, in schema order, with the HRESULT, the node and the value that Windows would report. Since
/// there is no text, the location is the path of the element, with list indices, and [`ErrorInfo`](super::ErrorInfo)
/// has neither line nor column.
///
/// ```
/// use wintask::{definition::{Exec, Task, Trigger}, dtyp::HResult, xml};
///
/// let mut task = Task::new(Exec::new("backup.exe"));
/// task.triggers = vec![Trigger::at("2024-01-03T02:00:00".parse()?), Trigger::at("2024-02-03T02:00:00".parse()?)];
/// assert_eq!(xml::validate(&task, &xml::Options::default()), Ok(()));
///
/// task.triggers[1].start_boundary = None;
/// let error = xml::validate(&task, &xml::Options::default()).unwrap_err();
/// assert_eq!(error.hresult(), HResult::SCHED_E_MISSINGNODE);
/// assert_eq!(error.to_string(), "Task/Triggers[1]/TimeTrigger: missing element StartBoundary");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validate(task: &Task, options: &Options) -> Result<(), Error> {
    let text = write_unchecked(task);
    let mut reading = Reading::new(&text, options, None, true);
    reading.numbers_items = true;
    match reading.run(None) {
        Ok(_) => Ok(()),
        Err(error) => Err(without_position(error)),
    }
}

/// The error with only the path as its location.
fn without_position(error: Error) -> Error {
    let (mut kind, place) = error.into_parts();
    (kind.info.line, kind.info.column) = (0, 0);
    Error::new(kind, Place::value(place.path().to_owned()))
}
