//! Every command in the README prints what the README shows. A line `[…]` marks omitted lines; the runs that
//! `inspect` lists as next are those after the day that the README names.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

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

/// A server that the README starts in another terminal. It gets a free port, so that nothing else can have taken it.
struct Server {
    process: Child,
    /// The address in the README, and the real one.
    stated: String,
    real: String,
    expected: String,
}

impl Server {
    fn start(root: &Path, words: &[&str], expected: String) -> Self {
        let at = words.iter().position(|word| *word == "--listen").unwrap() + 1;
        let stated = words[at].to_owned();
        let words = [&words[..at], &["127.0.0.1:0"], &words[at + 1..]].concat();
        let mut process = Command::new(env!("CARGO"))
            .args(["run", "--quiet"])
            .args(&words)
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let real = line.trim_end().strip_prefix("listening on ").expect(&line).to_owned();
        Self { process, stated, real, expected }
    }

    /// Ends its input, and compares what it printed, calls included, with what the README shows.
    fn stop(mut self) {
        drop(self.process.stdin.take());
        let mut printed = format!("listening on {}\n", self.stated);
        self.process.stderr.take().unwrap().read_to_string(&mut printed).unwrap();
        assert!(self.process.wait().unwrap().success());
        assert!(shows(&printed, &self.expected), "the server prints\n{printed}\nbut not\n{}", self.expected);
    }
}

/// The text with each GUID as `{…}`: a scheduler draws them at random, though from a fixed seed here.
fn without_guids(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((guid, after)) if guid.len() == 36 => {
                out.push_str("{…}");
                rest = after;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

#[test]
fn commands_print_what_the_readme_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let examples: Vec<_> =
        blocks(&readme).into_iter().filter(|(command, _)| command.starts_with("cargo run")).collect();
    assert!(examples.len() >= 5, "the README shows its examples");
    let mut server: Option<Server> = None;
    for (command, expected) in examples {
        let mut words: Vec<&str> =
            command.split_whitespace().skip(2).map(|word| word.trim_matches('\'')).collect();
        if words[1] == "inspect" {
            words.extend(["--now", NOW]);
        }
        if words[1] == "rpc_server" {
            server = Some(Server::start(root, &words, expected));
            continue;
        }
        if let Some(server) = &server {
            words.iter_mut().filter(|word| **word == server.stated).for_each(|word| *word = &server.real);
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
            shows(&without_guids(&printed), &without_guids(&expected)),
            "{command} prints\n{printed}{errors}\nbut the README shows\n{expected}"
        );
    }
    server.expect("the README starts a server").stop();
}

/// The crate's documentation lists every feature, with the features that it needs.
#[test]
fn features_are_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let (_, features) = manifest.split_once("[features]\n").unwrap();
    let (features, _) = features.split_once("\n[").unwrap();
    let quoted = |text: &str, mark: char| -> Vec<String> {
        let parts = text.split(mark).skip(1).step_by(2);
        let names = parts.filter(|name| !name.contains([':', '/']));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    };
    let features = features.lines().filter_map(|line| line.split_once(" = ["));
    let mut stated: Vec<_> = features
        .filter(|(name, _)| *name != "default")
        .map(|(name, needs)| (name.to_owned(), quoted(needs, '"')))
        .collect();
    stated.sort();

    let docs = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let (_, rows) = docs.split_once("//! | feature | adds | needs |\n//! |---|---|---|\n").unwrap();
    let rows = rows.lines().map_while(|line| line.strip_prefix("//! | "));
    let mut documented: Vec<_> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split(" |").collect();
            (quoted(cells[0], '`').remove(0), quoted(cells[2], '`'))
        })
        .collect();
    documented.sort();
    assert_eq!(documented, stated);
}
