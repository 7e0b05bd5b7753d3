//! Several definitions in one file.

use super::{
    options::Options,
    read::{Recovered, recover_text},
};
use crate::{error::LineCounter, markup::Text};

/// The task definitions in a text that contains several, as `schtasks /query /xml` prints them.
#[derive(Clone, Debug)]
pub struct Documents {
    text: String,
}

/// One of several task definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Document<'d> {
    /// The task's path, if a comment before it gives it.
    pub name: Option<&'d str>,
    /// The definition, from `<Task` to `</Task>`.
    pub text: &'d str,
    /// The line of the whole text on which it starts, counted from 1.
    pub line: u32,
}

impl Document<'_> {
    /// Reads everything that can be read of it.
    #[must_use]
    pub fn recover(&self, options: &Options) -> Recovered {
        recover_text(self.text, options)
    }
}

/// Finds the task definitions in a file that may contain several: one after the other, each with a declaration, or all in
/// one element `Tasks`. A damaged one does not hide the next.
///
/// ```
/// let task = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Actions/></Task>";
/// let dump = format!("<?xml version='1.0'?>\n<!-- \\First -->\n{task}\n\n<?xml version='1.0'?>\n{task}\n");
/// let documents = wintask::xml::documents(dump.as_bytes());
/// let names: Vec<_> = documents.iter().map(|d| (d.name, d.line)).collect();
/// assert_eq!(names, [(Some(r"\First"), 3), (None, 6)]);
/// ```
#[must_use]
pub fn documents(bytes: &[u8]) -> Documents {
    Documents { text: Text::decode(bytes).text.into_owned() }
}

impl Documents {
    /// The whole text, decoded as [`read`](super::read) decodes it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The definitions in order.
    pub fn iter(&self) -> impl Iterator<Item = Document<'_>> {
        let mut scan = Scan { text: &self.text, at: 0, line: 1, counted: 0 };
        std::iter::from_fn(move || scan.next())
    }
}

/// Looks for tags that open and close a task, comments and CDATA sections passed over.
struct Scan<'d> {
    text: &'d str,
    at: usize,
    line: u32,
    /// The offset up to which line ends were counted.
    counted: usize,
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
                return Some(Document { name, text: self.text.get(start..end)?, line: self.line_of(start) });
            } else {
                self.at = start + 1;
            }
        }
    }

    fn line_of(&mut self, at: usize) -> u32 {
        let between = self.text.get(self.counted..at).unwrap_or_default();
        let lines = LineCounter::new(between).position(between.len()).line;
        self.line = self.line.saturating_add(lines - 1);
        self.counted = at;
        self.line
    }
}

fn opens_task(markup: &str) -> bool {
    let behind = markup.strip_prefix("<Task");
    behind.is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n', '>', '/']))
}

/// The length of a task that opens at the start of the text: to its end tag, or without one to the next declaration or
/// task.
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
                let closes = behind.trim_start_matches([' ', '\t', '\r', '\n']);
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
