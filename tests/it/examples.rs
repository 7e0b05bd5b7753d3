//! The examples' output for the project's own files, as snapshots.

#[path = "../../examples/rpcdump/dump.rs"]
mod rpcdump;
#[path = "../../examples/validate/report.rs"]
mod validate;

use crate::ndr::vectors;
use std::{fs, path::Path};
use wintask::{
    ndr::Transfer,
    rpc::{
        Direction,
        sasec::{self, SASetAccountInformation},
        schrpc,
    },
    xml::Options,
};

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

/// Each bad file is rejected with a message that has a place, and each good one is accepted.
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

/// Structures, arrays, buffers, flags, credentials; and rejected stubs, with a caret below the place.
#[test]
fn rpcdump_shows_what_a_stub_says_and_where_it_ends() {
    let options = rpcdump::Options::default();
    let mut text = String::new();
    for vector in vectors() {
        let wanted = ["ndr-022", "ndr-055", "ndr-066", "ndr-073", "ndr-100", "ndr-130", "ndr-141", "ndr-163"];
        if wanted.contains(&vector.id.as_str()) || vector.arguments.is_none() {
            let (dump, decoded) =
                rpcdump::dump(vector.interface, vector.opnum, vector.direction, &vector.stub, &options);
            assert_eq!(decoded, vector.arguments.is_some(), "{}", vector.id);
            text += &dump;
        }
    }
    let cut = [3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, b'\\', 0, b'a', 0];
    let (dump, _) = rpcdump::dump(&schrpc::INTERFACE, 13, Direction::Request, &cut, &options);
    text += &dump;
    let (dump, _) = rpcdump::dump(&schrpc::INTERFACE, 20, Direction::Request, &cut, &options);
    text += &dump;
    assert!(!text.contains("secret") && text.contains("not shown"));
    insta::assert_snapshot!(text);
}

#[test]
fn rpcdump_shows_passwords_when_asked() {
    let options = rpcdump::Options { show_passwords: true, transfer: Transfer::NDR64 };
    let stub = sasec::Request::from(SASetAccountInformation {
        password: Some("secret".into()),
        ..SASetAccountInformation::default()
    });
    let stub = stub.encode_as(Transfer::NDR64).unwrap();
    let (dump, decoded) = rpcdump::dump(&sasec::INTERFACE, 0, Direction::Request, &stub, &options);
    assert!(decoded && dump.contains(r#"pwszPassword: "secret""#), "{dump}");
}
