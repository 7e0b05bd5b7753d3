use super::{
    error::Error,
    finding::{self, Findings},
    model::FromNode,
    options::Options,
    reading::Reading,
    tree::Tree,
};
use crate::{definition::Task, markup::Text};

/// What [`recover`] could read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The task: what could be read of it, what could not be taken beside it in `extra`. None if the document has no
    /// root element `Task`.
    pub task: Option<Task>,
    /// Everything that is wrong with the document.
    pub findings: Findings,
}

/// Reads a file: UTF-16 or UTF-8, with or without a byte order mark, whatever its declaration says.
///
/// # Errors
/// The first violation in the order of the document, as Windows would report it.
///
/// ```
/// let file = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
///             <Actions><Exec><Command>notepad.exe</Command></Exec></Actions></Task>";
/// let utf16: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
/// let task = wintask::xml::read(&utf16, &Default::default())?;
/// assert_eq!(task, wintask::xml::read(file.as_bytes(), &Default::default())?);
/// # Ok::<(), wintask::xml::Error>(())
/// ```
pub fn read(bytes: &[u8], options: &Options) -> Result<Task, Error> {
    let text = Text::decode(bytes);
    strict(&text, options, false).map_err(|error| in_bytes(error, &text))
}

/// Reads a string, as `SchRpcRegisterTask` and event 4698 carry it. A declaration in it must name UTF-16 or no
/// encoding at all.
///
/// # Errors
/// As [`read`].
pub fn read_text(text: &str, options: &Options) -> Result<Task, Error> {
    strict(&Text::from_str(text), options, true)
}

/// Reads whatever can be read of a file, and says what is wrong with it.
///
/// ```
/// let file = "<Task version='1.2' xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
///             <Settings><Priority>99</Priority><Hidden>true</Hidden></Settings>\
///             <Actions><Exec><Command>notepad.exe</Command><Argumen";
/// let recovered = wintask::xml::recover(file.as_bytes(), &Default::default());
/// let task = recovered.task.ok_or("no task")?;
/// assert_eq!(task.settings.hidden, Some(true));
/// assert_eq!(task.settings.extra.elements[0].xml, "<Priority>99</Priority>");
/// assert_eq!(task.actions.list.len(), 1);
/// assert_eq!(recovered.findings.len(), 2);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn recover(bytes: &[u8], options: &Options) -> Recovered {
    let text = Text::decode(bytes);
    let mut recovered = forgiving(&text, options, false);
    recovered.findings = recovered.findings.map_offsets(|offset| text.byte_offset(offset));
    recovered
}

/// Reads whatever can be read of a string, and says what is wrong with it; see [`read_text`].
#[must_use]
pub fn recover_text(text: &str, options: &Options) -> Recovered {
    forgiving(&Text::from_str(text), options, true)
}

fn strict(text: &Text<'_>, options: &Options, is_string: bool) -> Result<Task, Error> {
    let reading = Reading::new(&text.text, options, None, is_string);
    let (tree, _) = reading.run(text.undecodable)?;
    Ok(task(&tree).unwrap_or_default())
}

fn forgiving(text: &Text<'_>, options: &Options, is_string: bool) -> Recovered {
    let reading = Reading::new(&text.text, options, Some(Findings::new()), is_string);
    // A forgiving walk has no first violation to end at.
    match reading.run(text.undecodable) {
        Ok((tree, mut findings)) => {
            let task = task(&tree);
            if let Some(task) = &task {
                finding::task(task, &tree, &mut findings);
            }
            Recovered { task, findings }
        }
        Err(error) => {
            let mut findings = Findings::new();
            findings.push(error);
            Recovered { task: None, findings }
        }
    }
}

fn task(tree: &Tree<'_>) -> Option<Task> {
    tree.node(0).and_then(|root| Task::from_node(tree, 0, root))
}

/// The error with its offset in the file's own bytes.
fn in_bytes(error: Error, text: &Text<'_>) -> Error {
    let (violation, place) = error.into_parts();
    let place = match place.offset() {
        Some(offset) => place.with_offset(text.byte_offset(offset)),
        None => place,
    };
    Error::new(violation, place)
}
