//! `EVIDENCE.md`: every id in it is unique, and every id that the repository cites is in it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The families of ids. A new family is added here and as a section of the document.
const FAMILIES: [&str; 14] = [
    "XML", "JOB", "TIME", "EVT", "ERR", "SDDL", "NDR", "RPC", "COMPAT", "CMD", "GPP", "CACHE", "TRACE",
    "ENGINE",
];

/// The ids in a text: a family, a hyphen, two digits. `MS-XML-07` and `XML-073` are not ids.
fn ids(text: &str) -> Vec<String> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let words = text.split(|c| !part(c));
    words
        .filter(|word| {
            word.split_once('-').is_some_and(|(family, number)| {
                FAMILIES.contains(&family)
                    && number.len() == 2
                    && number.bytes().all(|digit| digit.is_ascii_digit())
            })
        })
        .map(str::to_owned)
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the document that define an id: its cells.
fn rows() -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("EVIDENCE.md")).unwrap();
    let cells = |row: &str| row.split(" | ").map(str::to_owned).collect::<Vec<_>>();
    text.lines()
        .filter_map(|line| Some(cells(line.strip_prefix("| ")?.strip_suffix(" |")?)))
        .filter(|cells| ids(&cells[0]) == [cells[0].clone()])
        .collect()
}

/// The ids that the document defines.
fn defined() -> Vec<String> {
    rows().into_iter().map(|cells| cells[0].clone()).collect()
}

/// The repository's own text files, without what is built or generated.
pub(crate) fn texts() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(root(), &mut files);
    assert!(files.len() > 100, "the sources were not found");
    files
}

fn collect(at: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            let stored = path.ends_with("fuzz/corpus") || path.ends_with("fuzz/regressions");
            if !name.starts_with('.') && name != "target" && !stored {
                collect(&path, out);
            }
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("rs" | "md" | "toml" | "py")) {
            out.push(path);
        }
    }
}

#[test]
fn ids_are_unique() {
    let ids = defined();
    assert!(ids.len() > 150, "the rows were not found: {}", ids.len());
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = ids.iter().filter(|id| !seen.insert(*id)).collect();
    assert!(twice.is_empty(), "defined twice: {twice:?}");
}

/// The words of the document's head: measured, documented, derived, unverified, and contradicted sources.
#[test]
fn rows_say_how_sure_they_are() {
    let words = ["measured", "documented", "derived", "unverified", "contradictory"];
    for row in rows() {
        let [id, fact, source, sure] = row.as_slice() else { panic!("not four cells: {row:?}") };
        assert!(!fact.is_empty() && !source.is_empty(), "{id} has an empty cell");
        assert!(words.iter().any(|word| sure.starts_with(word)), "{id}: {sure}");
    }
}

#[test]
fn cited_ids_exist() {
    let known: BTreeSet<_> = defined().into_iter().collect();
    let files = texts();
    let mut unknown = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("tests/it/evidence.rs")) {
        for id in ids(&fs::read_to_string(path).unwrap()) {
            if !known.contains(&id) {
                unknown.push(format!("{}: {id}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(unknown.is_empty(), "not in EVIDENCE.md: {unknown:#?}");
}

#[test]
fn ids_are_told_from_other_words() {
    assert_eq!(ids("see EVIDENCE.md XML-07, JOB-12; not MS-XML-07, XML-073, UTF-16"), ["XML-07", "JOB-12"]);
}
