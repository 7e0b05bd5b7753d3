//! ARCHITECTURE.md: a module uses only lower floors, and files do not import each other in circles.

mod graph;

use graph::Graph;
use std::{fs, path::Path};

/// The house, floor by floor.
const FLOORS: &[(&str, u32)] = &[
    ("error", 0),
    ("finding", 0),
    ("limits", 0),
    ("profile", 0),
    ("dtyp", 1),
    ("time", 2),
    ("markup", 2),
    ("ndr", 2),
    ("security", 2),
    ("job", 2),
    ("eventlog", 2),
    ("definition", 3),
    ("rpc", 3),
    ("xml", 4),
    ("schedule", 4),
    ("compat", 4),
    ("taskcache", 4),
    ("diff", 4),
    ("command_line", 5),
    ("gpp", 5),
    ("parameters", 5),
    ("detect", 5),
    ("reconcile", 5),
    ("scheduler", 6),
    ("client", 6),
];

/// Sister modules on one floor whose order is fixed: a finding has a place and is bounded; an event has an instant, and XML;
/// a call names a logon type of the definition; a policy plants tasks.
const WITHIN_FLOOR: &[(&str, &str)] = &[
    ("finding", "error"),
    ("finding", "limits"),
    ("eventlog", "time"),
    ("eventlog", "markup"),
    ("rpc", "definition"),
    ("reconcile", "gpp"),
];

fn floor(room: &str) -> u32 {
    let known = FLOORS.iter().find(|(name, _)| *name == room);
    known.unwrap_or_else(|| panic!("module {room} has no floor: add it to ARCHITECTURE.md and here")).1
}

/// The first name of a file's path in `src`.
fn room(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap()
}

/// Files of `src`: path from there and text.
fn sources() -> Vec<(String, String)> {
    fn walk(at: &Path, out: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    assert!(files.len() > 100, "the sources were not found");
    let name = |path: &Path| path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_file_says_what_it_is_about() {
    let silent = sources().into_iter().filter(|(_, text)| !text.starts_with("//! "));
    let silent: Vec<String> = silent.map(|(file, _)| file).collect();
    assert_eq!(silent, [""; 0], "files that do not begin with //!");
}

#[test]
fn modules_use_only_lower_floors() {
    let graph = Graph::new(sources());
    let mut wrong = Vec::new();
    for (file, imports) in graph.imports(true).iter().filter(|(file, _)| **file != "lib.rs") {
        let own = room(file);
        for used in imports {
            let other = room(used);
            let sister = WITHIN_FLOOR.contains(&(own, other));
            if other != own && !sister && floor(other) >= floor(own) {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_do_not_import_each_other_in_circles() {
    let graph = Graph::new(sources());
    let shown = |circle: &Vec<&str>| format!("{} -> {}", circle.join(" -> "), circle[0]);
    let wrong: Vec<String> = graph.circles().iter().map(shown).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The circles of made-up sources.
fn circles(sources: &[(&str, &str)]) -> Vec<String> {
    let graph = Graph::new(sources.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    graph.circles().iter().map(|circle| circle.join(" -> ")).collect()
}

/// A circle is found however the imports are spelled, and only where there is one.
#[test]
fn the_checker_finds_circles() {
    let facade = ("a/mod.rs", "mod b;\nmod c;\npub use b::B;\npub(crate) use self::c::C;");
    for (b, c, circle) in [
        ("", "use super::b::B;", None),
        ("use super::c::C;", "use super::b::B;", Some("a/b.rs -> a/c.rs")),
        // By way of the facade's re-exports, of `crate::`, inside braces, renamed.
        ("use super::C;", "use super::B;", Some("a/b.rs -> a/c.rs")),
        ("use crate::a::C;", "use crate::{a::{B as Other}};", Some("a/b.rs -> a/c.rs")),
        ("use super::{c::{self}};", "use super::B;", Some("a/b.rs -> a/c.rs")),
        // In the middle of code, and inside an inline module.
        ("fn f() -> super::c::C { C }", "struct C(crate::a::b::B);", Some("a/b.rs -> a/c.rs")),
        ("mod inner { use super::super::c::C; }", "use super::B;", Some("a/b.rs -> a/c.rs")),
        ("mod inner { use super::Own; }", "use super::B;", None),
        // Not in comments, documents and literals.
        ("// use super::c::C;\n/// [`C`](super::c::C)\n", "use super::B;", None),
        ("const A: &str = \"super::c::C\"; const Q: char = '\"';", "use super::B;", None),
        ("const A: &str = r#\"\"super::c::C\"#;", "use super::B;", None),
        // A child that needs what its parent's file defines, and is needed by it, is in a circle with it.
        ("use super::Own;", "", None),
    ] {
        let found = circles(&[("lib.rs", "pub mod a;"), facade, ("a/b.rs", b), ("a/c.rs", c)]);
        assert_eq!(found, circle.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{b} / {c}");
    }
    let parent = ("a/mod.rs", "mod b; struct Own; fn f() { b::f() }");
    assert_eq!(circles(&[parent, ("a/b.rs", "use super::Own;")]), ["a/b.rs -> a/mod.rs"]);
    // Longer ones, one line for each group.
    let ring = |next: &str| format!("use crate::{next}::X;");
    assert_eq!(
        circles(&[("a.rs", &ring("b")), ("b.rs", &ring("c")), ("c.rs", &ring("a")), ("d.rs", &ring("a"))]),
        ["a.rs -> b.rs -> c.rs"]
    );
}

/// The real sources are read: what is known of them is found.
#[test]
fn the_checker_sees_the_sources() {
    let graph = Graph::new(sources());
    let imports = graph.imports(false);
    assert!(imports["security/check.rs"].contains("security/sid.rs"));
    assert!(imports["job/carve.rs"].contains("limits.rs"));
    assert!(imports["security/condition/parse.rs"].contains("limits.rs"));
}

#[test]
fn foreign_parsers_stay_out_of_public_signatures() {
    for (file, text) in sources() {
        for line in text.lines() {
            let public = line.trim_start().starts_with("pub ") || line.trim_start().starts_with("pub use");
            assert!(!(public && (line.contains("nom::") || line.contains("quick_xml"))), "{file}: {line}");
        }
    }
}
