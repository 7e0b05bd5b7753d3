//! Every stored case of every fuzz target, by the target's own oracle: seeds (`fuzz/corpus/<target>`) and inputs
//! that once failed (`fuzz/regressions/<target>`).

use crate::oracles;
use std::{fs, path::Path};

/// Runs the cases of a target in these folders, and counts them.
fn run(name: &str, folders: &[&str]) -> usize {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let oracle = oracles::oracle(name);
    let mut cases = 0;
    for folder in folders {
        let Ok(entries) = fs::read_dir(fuzz.join(folder).join(name)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let data = fs::read(&path).unwrap();
            let outcome = std::panic::catch_unwind(|| oracle(&data));
            assert!(outcome.is_ok(), "{} fails", path.display());
            cases += 1;
        }
    }
    cases
}

#[test]
fn stored_cases() {
    for (name, _) in oracles::ALL {
        assert!(run(name, &["corpus", "regressions"]) > 0, "no stored case of {name}");
    }
}

#[test]
fn every_target_is_declared() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).unwrap();
    let declared = manifest.matches("[[bin]]").count();
    assert_eq!(declared, oracles::ALL.len());
    for (name, _) in oracles::ALL {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not a target");
    }
}
