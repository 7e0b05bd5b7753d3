//! Messages in the style of a compiler: the location, the line with a caret, what Windows returns, and a suggestion.

use crate::{
    artifact::Definition,
    excerpt::Lines,
    files::Tally,
    output::{self, Output},
};
use std::path::Path;
use wintask::{error::Place, finding::Severity, xml::Options};

/// A message about a place in a file.
pub struct Message {
    label: String,
    text: String,
    pub place: Place,
    notes: Vec<String>,
}

impl Message {
    pub fn new(label: impl Into<String>, text: impl ToString, place: Place) -> Self {
        Self { label: label.into(), text: text.to_string(), place, notes: Vec::new() }
    }

    pub fn with_note(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }
}

/// Prints the results, and counts.
pub struct Report {
    options: Options,
    out: Output,
    accepted: usize,
    rejected: usize,
}

impl Report {
    pub fn new(options: Options) -> Self {
        Self { options, out: Output::new(), accepted: 0, rejected: 0 }
    }

    /// Prints a line.
    pub fn line(&mut self, text: &str) {
        self.out.line(text);
    }

    /// Counts a definition.
    pub fn count(&mut self, accepted: bool) {
        if accepted { self.accepted += 1 } else { self.rejected += 1 }
    }

    /// A file that could not be read.
    pub fn fail(&mut self, path: &Path, error: &str) {
        self.line(&format!("error: {}: {error}", output::name(path)));
        self.line("");
    }

    /// The first violation in full, then the other findings in short.
    pub fn definition(&mut self, name: &str, definition: &Definition<'_>) {
        let refusal = definition.read(&self.options).err();
        let findings = definition.recover(&self.options).findings;
        self.count(refusal.is_none());
        let shown = |place: &Place| refusal.as_ref().is_some_and(|error| error.place() == place);
        // Windows stops at the first violation; further ones are still worth knowing.
        let label = |severity: Severity| match severity {
            Severity::Error => Some("also"),
            _ if refusal.is_some() => None,
            _ => Some("note"),
        };
        let others: Vec<_> = findings
            .iter()
            .filter(|finding| !shown(finding.place()))
            .filter_map(|finding| Some((label(finding.severity())?, finding)))
            .collect();
        let places = refusal
            .iter()
            .map(|error| error.place())
            .chain(others.iter().map(|(_, finding)| finding.place()));
        let text = definition.text();
        let lines = Lines::of(&text, places.filter_map(line_of));
        let source = Source { name, lines };
        if let Some(error) = &refusal {
            let (code, kind) = (error.hresult(), error.kind());
            self.message(&format!("error[{code}]"), &kind.to_string(), &source, error.place());
            self.line(&format!("  = windows: {}", kind.info));
            if let Some(hint) = kind.rule.hint() {
                self.line(&format!("  = help: {hint}"));
            }
            self.line("");
        }
        for (label, finding) in others {
            self.message(label, &finding.message(), &source, finding.place());
            self.line("");
        }
        if findings.omitted() > 0 {
            self.line(&format!("and {} more findings in {name}", findings.omitted()));
            self.line("");
        }
    }

    /// Messages about a file, each with its line.
    pub fn messages(&mut self, name: &str, text: &str, messages: &[Message], omitted: usize) {
        let lines = Lines::of(text, messages.iter().filter_map(|message| line_of(&message.place)));
        let source = Source { name, lines };
        for message in messages {
            self.message(&message.label, &message.text, &source, &message.place);
            for note in &message.notes {
                self.line(&format!("  = {note}"));
            }
            self.line("");
        }
        if omitted > 0 {
            self.line(&format!("and {omitted} more findings in {name}"));
            self.line("");
        }
    }

    /// The head, the place, the source line and the caret.
    fn message(&mut self, label: &str, message: &str, source: &Source<'_>, place: &Place) {
        self.line(&format!("{label}: {message}"));
        let Place::Text { line, column, path, .. } = place else {
            return self.line(&format!(" --> {}: {place}", source.name));
        };
        self.line(format!(" --> {}:{line}:{column} {path}", source.name).trim_end());
        let Some(excerpt) = source.lines.excerpt(*line, *column) else { return };
        let margin = line.to_string().len();
        let (blank, marked) = excerpt.mark;
        self.line(&format!("{:margin$} |", ""));
        self.line(&format!("{line} | {}", excerpt.text));
        self.line(&format!("{:margin$} | {:blank$}{}", "", "", "^".repeat(marked)));
    }

    /// The last lines. Returns whether everything is accepted.
    pub fn finish(mut self, tally: &Tally) -> bool {
        self.line(&format!("{} accepted, {} rejected", self.accepted, self.rejected));
        self.line(&tally.to_string());
        self.out.flush();
        self.rejected == 0
    }
}

/// Where a definition is.
struct Source<'a> {
    name: &'a str,
    lines: Lines<'a>,
}

fn line_of(place: &Place) -> Option<u32> {
    if let Place::Text { line, .. } = place { Some(*line) } else { None }
}
