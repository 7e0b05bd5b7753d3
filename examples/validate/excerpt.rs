//! Excerpts of a text: the lines that messages point to.

use std::collections::BTreeMap;

/// How much of a line is shown, in characters; and how much of that is before the place.
const WIDTH: usize = 120;
const BEFORE: usize = 60;

/// A piece of a line, and what to mark in it.
pub struct Excerpt {
    pub text: String,
    /// Columns before the mark, and columns marked.
    pub mark: (usize, usize),
}

/// The lines of a text that are asked for, found in one pass.
pub struct Lines<'t>(BTreeMap<u32, &'t str>);

impl<'t> Lines<'t> {
    /// `wanted` are line numbers, counted from 1. CRLF, LF and a CR by itself end a line.
    pub fn of(text: &'t str, wanted: impl Iterator<Item = u32>) -> Self {
        let mut lines: BTreeMap<u32, &str> = wanted.map(|line| (line, "")).collect();
        let (mut rest, mut number) = (text, 1u32);
        for (wanted, line) in &mut lines {
            while number < *wanted {
                let Some(end) = rest.find(['\r', '\n']) else { break };
                let width = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
                rest = &rest[end + width..];
                number += 1;
            }
            if number == *wanted {
                *line = &rest[..rest.find(['\r', '\n']).unwrap_or(rest.len())];
            }
        }
        Self(lines)
    }

    /// The part of a line around a column, which is counted from 1 in UTF-16 units.
    pub fn excerpt(&self, line: u32, column: u32) -> Option<Excerpt> {
        let line = self.0.get(&line)?;
        let (before, marked) = line.split_at(utf16_prefix(line, column as usize - 1));
        let skipped = before.chars().count().saturating_sub(BEFORE);
        let shown: String = before.chars().skip(skipped).chain(marked.chars()).take(WIDTH).collect();
        let start = if skipped > 0 { "… " } else { "" };
        let cut = shown.chars().count() == WIDTH && marked.chars().count() > WIDTH - BEFORE.min(WIDTH);
        let end = if cut { " …" } else { "" };
        let width = before.chars().skip(skipped).count() + start.chars().count();
        // Tabs are as wide as the mark assumes.
        let text = format!("{start}{}{end}", shown.replace('\t', " ").trim_end());
        Some(Excerpt { text, mark: (width, length(marked).min(WIDTH - BEFORE)) })
    }
}

/// The number of bytes of the text that a number of UTF-16 units has.
fn utf16_prefix(text: &str, units: usize) -> usize {
    let mut counted = 0;
    let end = text.char_indices().find(|(_, c)| {
        let reached = counted >= units;
        counted += c.len_utf16();
        reached
    });
    end.map_or(text.len(), |(at, _)| at)
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
