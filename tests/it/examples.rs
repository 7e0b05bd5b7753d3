//! What the examples print for our own files, kept as snapshots.

#[path = "../../examples/validate/report.rs"]
mod validate;

use std::{fs, path::Path};
use wintask::xml::Options;

/// The files of a folder of `testdata/` by their paths below the crate's root, in order.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Each of the bad ones is refused with a message that has a place, and the good ones are taken.
#[test]
fn validate_says_what_is_wrong() {
    let mut text = String::new();
    for (name, bytes) in files("testdata/xml/bad") {
        let report = validate::file(&name, &bytes, &Options::default());
        assert_eq!((report.taken, report.refused), (0, 1), "{name}");
        text += &report.text;
    }
    insta::assert_snapshot!(text);
    for (name, bytes) in files("testdata/xml") {
        let report = validate::file(&name, &bytes, &Options::default());
        assert_eq!(report.refused, 0, "{name}");
    }
}

#[test]
fn validate_shows_the_place_in_a_dump_of_several() {
    let (name, bytes) = files("testdata/xml").into_iter().find(|(name, _)| name.contains("two")).unwrap();
    let text = String::from_utf8(bytes).unwrap().replace("<Week>2</Week>", "\t<Week>\u{1F600}6</Week>");
    let report = validate::file(&name, text.as_bytes(), &Options::default());
    assert_eq!((report.taken, report.refused), (1, 1));
    insta::assert_snapshot!(report.text);
}
