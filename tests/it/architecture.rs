//! DESIGN: a module uses only lower floors.

use std::{fs, path::Path};

/// The house, floor by floor.
const FLOORS: &[(&str, u32)] = &[
    ("error", 0),
    ("finding", 0),
    ("limits", 0),
    ("profile", 0),
    ("Profile", 0),
    ("dtyp", 1),
    ("time", 2),
    ("ndr", 2),
    ("security", 2),
    ("job", 2),
    ("eventlog", 2),
    ("definition", 3),
    ("rpc", 3),
    ("xml", 4),
    ("schedule", 4),
    ("compat", 4),
    ("gpp", 5),
    ("parameters", 5),
    ("detect", 5),
    ("scheduler", 6),
];

/// Sister modules on one floor whose order is fixed: a finding has a place and is bounded; an event has an instant.
const WITHIN_FLOOR: &[(&str, &str)] = &[("finding", "error"), ("finding", "limits"), ("eventlog", "time")];

fn floor(module: &str) -> u32 {
    let known = FLOORS.iter().find(|(name, _)| *name == module);
    known.unwrap_or_else(|| panic!("module {module} has no floor: add it to ARCHITECTURE.md and here")).1
}

/// The modules that a source file names after `crate::`, inside braces too.
fn named_modules(source: &str) -> Vec<String> {
    let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    let code: String =
        source.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if !rest.starts_with('{') {
            found.push(word(rest));
            continue;
        }
        let mut depth = 0;
        for (i, c) in rest.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && matches!(c, '{' | ',') {
                found.push(word(rest[i + 1..].trim_start()));
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn sources(at: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn src() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn modules_use_only_lower_floors() {
    let mut files = Vec::new();
    sources(&src(), &mut files);
    assert!(files.len() > 10, "the sources were not found");
    let mut wrong = Vec::new();
    for path in files {
        let relative = path.strip_prefix(src()).unwrap();
        let module =
            relative.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        for used in named_modules(&fs::read_to_string(&path).unwrap()) {
            let sister = WITHIN_FLOOR.contains(&(module, used.as_str()));
            if used != module && !sister && floor(&used) >= floor(module) {
                wrong.push(format!("{} uses {used}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_of_use_lines_sees_what_it_should() {
    let source = "use crate::{error::{Place, Error}, dtyp::HResult};\nuse crate::job;// use crate::none\n$crate::limits::X";
    assert_eq!(named_modules(source), ["error", "dtyp", "job", "limits"]);
}

#[test]
fn foreign_parsers_stay_out_of_public_signatures() {
    let mut files = Vec::new();
    sources(&src(), &mut files);
    for path in files {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let public = line.trim_start().starts_with("pub ") || line.trim_start().starts_with("pub use");
            assert!(
                !(public && (line.contains("nom::") || line.contains("quick_xml"))),
                "{}: {line}",
                path.display()
            );
        }
    }
}
