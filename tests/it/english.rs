//! Turns of phrase that a native reader stumbles over are in no comment, message or document. The list has those that are
//! wrong wherever they appear; everything else is for reviewers.

use crate::evidence;
use std::fs;

/// The phrases.
const PHRASES: [&str; 18] = [
    "is no",
    "are no",
    "is none",
    "are none",
    "in force",
    "part ways",
    "for ever",
    "to be had",
    "as you like",
    "where it stands",
    "what stands",
    "stands here",
    "stands beside",
    "hands on",
    "begins nothing",
    "told apart",
    "told from",
    "is told",
];

/// Where a phrase is right after all.
const RIGHT: [&str; 6] =
    ["here is no", "here are no", "is no longer", "are no longer", "is none of", "are none of"];

/// The words of a file, without punctuation that begins lines of comments and documents.
fn words(text: &str) -> String {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '!' | '#' | '|' | '>'));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The phrases in a text, each with some words around it.
fn stumbles(text: &str) -> Vec<String> {
    let words = RIGHT.iter().fold(words(text), |words, right| words.replace(right, "_"));
    let around = |at: usize| {
        let tail: Vec<_> = words[at..].split(' ').take(8).collect();
        tail.join(" ").trim().to_owned()
    };
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut found = Vec::new();
    for phrase in PHRASES {
        for (at, _) in words.match_indices(phrase) {
            let before = words[..at].chars().next_back();
            let after = words[at + phrase.len()..].chars().next();
            if !letter(before) && !letter(after) {
                found.push(around(at));
            }
        }
    }
    found
}

#[test]
fn phrases_to_avoid_are_not_there() {
    let files = evidence::texts();
    let mut found = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("tests/it/english.rs")) {
        let stumbles = stumbles(&fs::read_to_string(path).unwrap());
        found.extend(stumbles.into_iter().map(|stumble| format!("{}: {stumble}", path.display())));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn phrases_are_found_across_lines() {
    assert_eq!(stumbles("/// This is\n/// no path.\n// There is no other."), ["is no path. T_ other."]);
    assert_eq!(stumbles("this notes nothing: a rule is normal"), [""; 0]);
}

/// A row of a table in documentation is one line: Markdown ends the table where the next line has no bar at its beginning.
#[test]
fn rows_of_tables_are_lines() {
    let mut found = Vec::new();
    for path in evidence::texts().iter().filter(|path| path.extension().is_some_and(|e| e == "rs")) {
        for line in fs::read_to_string(path).unwrap().lines() {
            let line = line.trim_start();
            let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim);
            let Some(text) = text.filter(|text| text.starts_with('|') || text.ends_with(" |")) else {
                continue;
            };
            if !(text.starts_with('|') && text.ends_with('|')) {
                found.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
