//! Messages as a compiler writes them: what, where, the line with a caret, what Windows returns, what to do.

use std::fmt::Write as _;
use wintask::{
    error::Place,
    finding::Severity,
    xml::{self, Document, Error, Options, Recovered},
};

/// What there is to say of a file.
#[derive(Default)]
pub struct Report {
    pub text: String,
    /// Definitions that are taken.
    pub taken: usize,
    /// Definitions that are refused.
    pub refused: usize,
}

/// Examines a file: one definition, or a dump of several.
pub fn file(name: &str, bytes: &[u8], options: &Options) -> Report {
    let documents = xml::documents(bytes);
    let mut report = Report::default();
    let several: Vec<_> = documents.iter().collect();
    if several.len() < 2 {
        let source = Source { name, text: documents.text(), lines_before: 0 };
        report.definition(&source, xml::read(bytes, options).err(), xml::recover(bytes, options));
    }
    for document in several.iter().filter(|_| several.len() > 1) {
        let Document { text, line, .. } = *document;
        let source = Source { name, text, lines_before: line - 1 };
        report.definition(&source, xml::read_text(text, options).err(), document.recover(options));
    }
    report
}

/// A definition's text and where it stands.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
    lines_before: u32,
}

impl Report {
    /// The first violation in full, then whatever else there is to say, in short.
    fn definition(&mut self, source: &Source<'_>, refusal: Option<Error>, recovered: Recovered) {
        match &refusal {
            Some(error) => {
                self.refused += 1;
                let code = error.hresult();
                self.message(&format!("error[{code}]"), &error.kind().to_string(), source, error.place());
                let _ = writeln!(self.text, "  = windows: {}", error.kind().info);
                if let Some(hint) = error.kind().rule.hint() {
                    let _ = writeln!(self.text, "  = help: {hint}");
                }
                self.text.push('\n');
            }
            None => self.taken += 1,
        }
        let shown = |place: &Place| refusal.as_ref().is_some_and(|error| error.place() == place);
        for finding in recovered.findings.iter().filter(|finding| !shown(finding.place())) {
            // Behind the first violation Windows reads no further; what is wrong there is still worth knowing.
            let label = match finding.severity() {
                Severity::Error => "also",
                _ if refusal.is_some() => continue,
                _ => "note",
            };
            self.message(label, &finding.message(), source, finding.place());
            self.text.push('\n');
        }
    }

    /// The head, the place, the source line and the caret.
    fn message(&mut self, label: &str, message: &str, source: &Source<'_>, place: &Place) {
        let _ = writeln!(self.text, "{label}: {message}");
        let Place::Text { line, column, path, .. } = place else { return };
        let shown = line + source.lines_before;
        let _ = writeln!(self.text, " --> {}:{shown}:{column} {path}", source.name);
        let Some(text) = source.text.lines().nth(*line as usize - 1) else { return };
        let before = utf16_prefix(text, *column as usize - 1);
        let marked = &text[before.len()..];
        let margin = shown.to_string().len();
        let blank: String = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let _ = writeln!(self.text, "{:margin$} |", "");
        let _ = writeln!(self.text, "{shown} | {}", text.trim_end());
        let _ = writeln!(self.text, "{:margin$} | {blank}{}", "", "^".repeat(length(marked)));
    }
}

/// As much of the text as has so many UTF-16 units.
fn utf16_prefix(text: &str, units: usize) -> &str {
    let mut counted = 0;
    let end = text.char_indices().find(|(_, c)| {
        let reached = counted >= units;
        counted += c.len_utf16();
        reached
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// How much of the line is meant: a tag's name with its bracket, or the text up to the next tag.
fn length(marked: &str) -> usize {
    let end = match marked.strip_prefix('<') {
        Some(tag) => tag.find(|c: char| c.is_whitespace() || "/>".contains(c)).map(|at| at + 1),
        None => marked.find(['<', '"', '\'']),
    };
    let text = &marked[..end.unwrap_or(marked.len())];
    text.trim_end().chars().count().max(1)
}
