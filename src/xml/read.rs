//! Strict and forgiving reading.

use super::{
    error::Error,
    finding::{self, Finding, FindingKind, Findings},
    model::FromNode,
    options::Options,
    reading::Reading,
    recovery::Walked,
    tree::Tree,
    write::{Form, write_text},
};
use crate::{
    definition::Task,
    error::{LineCounter, Place, Position},
    limits,
    markup::{Salvaged, Text},
};
use std::collections::BTreeSet;

/// The result of [`recover`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Recovered {
    /// The task, with unrecognised parts in `extra`. `None` if there is nothing to read.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub task: Option<Task>,
    /// All findings.
    pub findings: Findings,
}

/// Reads a file: UTF-16 or UTF-8, with or without a byte order mark, regardless of its declaration.
///
/// # Errors
/// The first violation, in document order, as Windows would report it.
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
    strict(&text, options, false).map_err(|error| named(in_bytes(error, &text), bytes))
}

/// Reads a string, as in `SchRpcRegisterTask` and event 4698. An XML declaration in it must name UTF-16 or no
/// encoding.
///
/// # Errors
/// The errors of [`read`].
///
/// ```
/// let text = "<?xml version='1.0' encoding='UTF-16'?>\
///             <Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
///             <Actions><Exec><Command>notepad.exe</Command></Exec></Actions></Task>";
/// let task = wintask::xml::read_text(text, &Default::default())?;
/// assert_eq!(task, wintask::definition::Task::new(wintask::definition::Exec::new("notepad.exe")));
///
/// let wrong = text.replace("UTF-16", "UTF-8");
/// let error = wintask::xml::read_text(&wrong, &Default::default()).unwrap_err();
/// assert_eq!(error.hresult(), wintask::dtyp::HResult::SCHED_E_MALFORMEDXML);
/// # Ok::<(), wintask::xml::Error>(())
/// ```
pub fn read_text(text: &str, options: &Options) -> Result<Task, Error> {
    strict(&Text::from_str(text), options, true).map_err(|error| named(error, text.as_bytes()))
}

/// Reads as much of a file as possible, with findings.
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
/// let codes: Vec<_> = recovered.findings.iter().map(|finding| finding.code()).collect();
/// assert!(codes.contains(&"xml.value") && codes.contains(&"xml.syntax"));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn recover(bytes: &[u8], options: &Options) -> Recovered {
    let salvaged = Salvaged::decode(bytes);
    if !salvaged.is_guessed() {
        return named_first(forgiving(&salvaged, options, false), bytes);
    }
    match read(bytes, options) {
        // Well-formed text that looks like another encoding.
        Ok(_) => forgiving(&salvaged.unguessed(), options, false),
        Err(error) => {
            let Recovered { task, findings } = forgiving(&salvaged, options, false);
            let mut all = Findings::new();
            all.push(error);
            all.append(findings);
            Recovered { task, findings: all }
        }
    }
}

/// Reads as much of a string as possible, with findings; see [`read_text`].
#[must_use]
pub fn recover_text(text: &str, options: &Options) -> Recovered {
    named_first(forgiving(&Salvaged::from_str(text), options, true), text.as_bytes())
}

/// Names the content of bytes that are not XML.
fn named(error: Error, bytes: &[u8]) -> Error {
    let (mut kind, place) = error.into_parts();
    kind.name_content(bytes);
    Error::new(kind, place)
}

/// Names the content of bytes that are not XML in the first finding.
fn named_first(recovered: Recovered, bytes: &[u8]) -> Recovered {
    let mut is_first = true;
    let findings = recovered.findings.map(|finding| {
        if !std::mem::take(&mut is_first) {
            return finding;
        }
        let (mut kind, place) = finding.into_parts();
        kind.name_content(bytes);
        Finding::new(kind, place)
    });
    Recovered { findings, ..recovered }
}

fn strict(text: &Text<'_>, options: &Options, is_string: bool) -> Result<Task, Error> {
    let tree = Reading::new(&text.text, options, None, is_string).run(text.undecodable)?;
    Ok(task(&tree).unwrap_or_default())
}

fn forgiving(salvaged: &Salvaged<'_>, options: &Options, is_string: bool) -> Recovered {
    let size = salvaged.text.len();
    let read = (0..=size.min(limits::XML_BYTES)).rev().find(|end| salvaged.text.is_char_boundary(*end));
    let text = salvaged.text.get(..read.unwrap_or_default()).unwrap_or_default();
    let reading = Reading::new(text, options, Some(Findings::new()), is_string);
    let Walked { tree, mut findings } = reading.run_forgivingly(&salvaged.bad, salvaged.omitted, size);
    let mut task = task(&tree);
    if let Some(task) = &task {
        finding::task(task, &tree, &mut findings);
    }
    let damaged = tree.damaged;
    let root = tree.node(0).map_or(0, |root| root.open as usize);
    drop(tree);
    if damaged {
        let root = LineCounter::new(text).position(root);
        task = task.map(|task| settled(task, size, root, &mut findings, options));
    }
    Recovered { task, findings: in_bytes_of(findings, salvaged) }
}

/// Writes a task from damaged text and reads it again. If the result differs, the first reading was a guess: for
/// example, a `<` that does not start markup is plain text once it is escaped. Anything lost is reported at the
/// location of the root.
///
/// A text that grows to more than twice its size is not read again, since memory would not stay a small multiple of
/// the input. This takes thousands of unclosed elements.
fn settled(mut task: Task, size: usize, root: Position, findings: &mut Findings, options: &Options) -> Task {
    const ROUNDS: usize = 3;
    let Ok(mut text) = write_text(&task, Form::Utf8) else { return task };
    for _ in 0..ROUNDS {
        if text.len() > limits::XML_BYTES.min(2 * size + 4096) {
            break;
        }
        let reading = Reading::new(&text, options, Some(Findings::new()), true);
        let Walked { tree, findings: found } = reading.run_forgivingly(&[], 0, text.len());
        let Some(again) = self::task(&tree).filter(|again| *again != task) else { break };
        if found.iter().any(|finding| matches!(finding.kind(), FindingKind::Unread { .. })) {
            break;
        }
        let Ok(written) = write_text(&again, Form::Utf8) else { break };
        let reported: BTreeSet<_> = findings.iter().filter_map(|finding| finding.kind().lost()).collect();
        let is_known = |lost: &str| reported.contains(lost) || written.contains(lost);
        let lost = found.iter().filter(|finding| finding.kind().lost().is_some_and(|lost| !is_known(lost)));
        let at_root = |finding: &Finding| {
            Finding::new(finding.kind().clone(), Place::text(root, finding.place().path().to_owned()))
        };
        let lost: Vec<_> = lost.map(at_root).collect();
        lost.into_iter().for_each(|finding| findings.push(finding));
        drop(tree);
        (task, text) = (again, written);
    }
    task
}

/// Converts the offsets of findings to byte offsets in the file.
fn in_bytes_of(findings: Findings, salvaged: &Salvaged<'_>) -> Findings {
    let mut offsets: Vec<usize> = findings.iter().flat_map(Finding::offsets).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let in_bytes = salvaged.byte_offsets(&offsets);
    let map = |offset: usize| {
        let index = offsets.binary_search(&offset).unwrap_or_default();
        in_bytes.get(index).copied().unwrap_or(offset)
    };
    findings.map(|finding| finding.map_offsets(map))
}

fn task(tree: &Tree<'_>) -> Option<Task> {
    tree.node(0).and_then(|root| Task::from_node(tree, 0, root))
}

/// Converts the offset of an error to a byte offset in the file.
fn in_bytes(error: Error, text: &Text<'_>) -> Error {
    let (violation, place) = error.into_parts();
    let place = match place.offset() {
        Some(offset) => place.with_offset(text.byte_offset(offset)),
        None => place,
    };
    Error::new(violation, place)
}
