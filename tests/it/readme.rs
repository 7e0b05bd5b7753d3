//! Every command in the README prints what the README shows. A line `[…]` marks omitted lines; the runs that
//! `inspect` lists as next are those after the day that the README names.

use std::{fs, path::Path, process::Command};

/// The day on which the README was written.
const NOW: &str = "2026-11-21T00:00:00Z";

/// The console blocks: a command and what it prints.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        let (command, output) = block.split_once('\n').unwrap();
        blocks.push((command.strip_prefix("$ ").expect("a command").to_owned(), output.to_owned()));
    }
    blocks
}

/// Whether the pieces between omitted lines appear in the output in this order, the first at its start and the last
/// at its end.
fn shows(output: &str, expected: &str) -> bool {
    let pieces: Vec<&str> = expected.split("[…]\n").collect();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
    let mut at = 0;
    let in_order = pieces.iter().all(|piece| match output[at..].find(piece) {
        Some(found) => {
            at += found + piece.len();
            true
        }
        None => false,
    });
    in_order && output.starts_with(first) && output.ends_with(last)
}

#[test]
fn commands_print_what_the_readme_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let examples: Vec<_> =
        blocks(&readme).into_iter().filter(|(command, _)| command.starts_with("cargo run")).collect();
    assert!(examples.len() >= 5, "the README shows its examples");
    for (command, expected) in examples {
        let mut words: Vec<&str> =
            command.split_whitespace().skip(2).map(|word| word.trim_matches('\'')).collect();
        if words[1] == "inspect" {
            words.extend(["--now", NOW]);
        }
        let output = Command::new(env!("CARGO"))
            .args(["run", "--quiet"])
            .args(&words)
            .current_dir(root)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            shows(&printed, &expected),
            "{command} prints\n{printed}{errors}\nbut the README shows\n{expected}"
        );
    }
}
