//! Several definitions in a single file.

use super::{
    error::Error,
    options::Options,
    read::{Recovered, read_text, recover_text},
};
use crate::{
    definition::Task,
    error::Position,
    markup::{BLANKS, Encoding, Several, Start},
};
use std::cell::Cell;

/// The task definitions in a text, as printed by `schtasks /query /xml`.
#[derive(Clone, Debug)]
pub struct Documents<'b>(Several<'b>);

/// One of several task definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Document<'d> {
    /// The task path, if a preceding comment states it.
    pub name: Option<&'d str>,
    /// The definition, from `<Task` to `</Task>`.
    pub text: &'d str,
    /// Its start in the file: the offset in bytes, the line and the column.
    pub start: Position,
    /// The rest of the file's bytes, and their encoding.
    #[cfg_attr(feature = "serde", serde(skip))]
    bytes: &'d [u8],
    #[cfg_attr(feature = "serde", serde(skip))]
    encoding: Encoding,
}

impl Document<'_> {
    /// Reads the definition like [`read_text`]. The location of an error refers to the file.
    ///
    /// # Errors
    /// The first violation, in document order.
    pub fn read(&self, options: &Options) -> Result<Task, Error> {
        read_text(self.text, options).map_err(|error| {
            let (violation, place) = error.into_parts();
            let offset = place.offset().map_or(self.start.offset, |offset| self.offset_in_file(offset));
            Error::new(violation, place.rebased(self.start).with_offset(offset))
        })
    }

    /// Reads as much of the definition as possible. The locations of findings refer to the file.
    #[must_use]
    pub fn recover(&self, options: &Options) -> Recovered {
        let Recovered { task, findings } = recover_text(self.text, options);
        // Most findings are in document order, so each is counted from the previous one.
        let last = Cell::new((0, 0));
        let findings = findings.map(|finding| {
            finding.rebased(self.start, |offset| {
                last.set(self.counted_on(last.get(), offset));
                self.start.offset + last.get().1
            })
        });
        Recovered { task, findings }
    }

    fn offset_in_file(&self, offset: usize) -> usize {
        self.start.offset + self.counted_on((0, 0), offset).1
    }

    /// Converts an offset in the text, given another converted offset, `last`.
    fn counted_on(&self, last: (usize, usize), offset: usize) -> (usize, usize) {
        let offset = (0..=offset.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at));
        let offset = offset.unwrap_or_default();
        let (from, size) = if last.0 <= offset { last } else { (0, 0) };
        let between = self.text.get(from..offset).unwrap_or_default();
        (offset, size + self.encoding.size(between, self.bytes.get(size..).unwrap_or_default()))
    }
}

/// Finds the task definitions in a file that may contain several: in sequence, each with a declaration, or inside a
/// single element `Tasks`. A damaged definition does not affect the next.
///
/// ```
/// let task = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Actions/></Task>";
/// let dump = format!("<?xml version='1.0'?>\n<!-- \\First -->\n{task}\n\n<?xml version='1.0'?>\n{task}\n");
/// let documents = wintask::xml::documents(dump.as_bytes());
/// let names: Vec<_> = documents.iter().map(|d| (d.name, d.start.line)).collect();
/// assert_eq!(names, [(Some(r"\First"), 3), (None, 6)]);
/// ```
#[must_use]
pub fn documents(bytes: &[u8]) -> Documents<'_> {
    Documents(Several::decode(bytes))
}

impl Documents<'_> {
    /// The whole text, decoded like [`read`](super::read) does.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The definitions, in order.
    pub fn iter(&self) -> impl Iterator<Item = Document<'_>> {
        let mut scan = Scan { text: &self.0.text, at: 0, start: self.0.start() };
        std::iter::from_fn(move || scan.next())
    }
}

/// Searches for start and end tags of tasks, skipping comments and CDATA sections.
struct Scan<'d> {
    text: &'d str,
    at: usize,
    start: Start<'d>,
}

impl<'d> Scan<'d> {
    fn next(&mut self) -> Option<Document<'d>> {
        let mut name = None;
        loop {
            let rest = self.text.get(self.at..)?;
            let start = self.at + rest.find('<')?;
            let markup = self.text.get(start..)?;
            if let Some(comment) = markup.strip_prefix("<!--") {
                let (inside, _) = comment.split_once("-->")?;
                name = Some(inside.trim()).filter(|inside| inside.starts_with('\\'));
                self.at = start + "<!---->".len() + inside.len();
            } else if opens_task(markup) {
                let end = start + task_length(markup);
                self.at = end;
                self.start.move_to(start);
                let Start { place, bytes, encoding, .. } = self.start;
                return Some(Document {
                    name,
                    text: self.text.get(start..end)?,
                    start: place,
                    bytes,
                    encoding,
                });
            } else {
                self.at = start + 1;
            }
        }
    }
}

fn opens_task(markup: &str) -> bool {
    let behind = markup.strip_prefix("<Task");
    behind.is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n', '>', '/']))
}

/// The length of the task that starts the text: up to its end tag or, if that is missing, up to the next declaration
/// or task.
fn task_length(text: &str) -> usize {
    let mut at = 1;
    let mut depth = 1usize;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found) {
        let markup = text.get(next..).unwrap_or_default();
        let skip = |end: &str| markup.find(end).map_or(markup.len(), |found| found + end.len());
        at = next
            + if markup.starts_with("<!--") {
                skip("-->")
            } else if markup.starts_with("<![CDATA[") {
                skip("]]>")
            } else if markup.starts_with("<?xml ") {
                return next;
            } else if let Some(behind) = markup.strip_prefix("</Task") {
                let closes = behind.trim_start_matches(BLANKS);
                depth -= usize::from(closes.starts_with('>'));
                skip(">")
            } else if opens_task(markup) {
                let length = skip(">");
                let tag = markup.get(..length).unwrap_or_default();
                depth += usize::from(!tag.ends_with("/>"));
                length
            } else {
                1
            };
        if depth == 0 {
            return at.min(text.len());
        }
    }
    text.len()
}
