//! Writes task definitions, in the forms used by Windows and in a portable form.

mod form;
mod order;
mod tag;
mod text;
mod writer;

use crate::{
    definition::Task,
    markup::{Encoding, encode},
};
use writer::Writer;

pub use form::{Form, WriteError};

/// Writes a task.
///
/// # Errors
/// [`WriteError`] names the element whose text XML cannot represent.
///
/// ```
/// use wintask::{definition::{Exec, Task}, xml::{self, Form}};
///
/// let task = Task::new(Exec::new("notepad.exe"));
/// let file = xml::write(&task, Form::File)?;
/// assert_eq!(&file[..2], [0xFF, 0xFE]);
/// assert_eq!(xml::read(&file, &Default::default()), Ok(task));
/// # Ok::<(), wintask::xml::WriteError>(())
/// ```
pub fn write(task: &Task, form: Form) -> Result<Vec<u8>, WriteError> {
    let text = write_text(task, form)?;
    Ok(match form {
        Form::File | Form::Client => encode(&text, Encoding::Utf16Le, true),
        Form::Server => encode(&text, Encoding::Utf16Le, false),
        Form::Utf8 => text.into_bytes(),
    })
}

/// Writes a task as a string, which [`read_text`](super::read_text) reads.
///
/// # Errors
/// The errors of [`write()`].
///
/// ```
/// use wintask::{definition::{Exec, Task}, xml::{self, Form}};
///
/// let text = xml::write_text(&Task::new(Exec::new("notepad.exe").with_arguments("a & b")), Form::Utf8)?;
/// assert!(text.contains("<Arguments>a &amp; b</Arguments>"));
/// # Ok::<(), wintask::xml::WriteError>(())
/// ```
pub fn write_text(task: &Task, form: Form) -> Result<String, WriteError> {
    match Writer::new(form, task.version).task(task) {
        (text, None) => Ok(text),
        (_, Some(error)) => Err(error),
    }
}

/// Writes a task for validation only; characters that XML does not allow are written unchanged.
pub(super) fn write_unchecked(task: &Task) -> String {
    Writer::new(Form::Utf8, task.version).task(task).0
}
