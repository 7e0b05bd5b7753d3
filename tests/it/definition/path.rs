//! Path names ([MS-TSCH] 2.3.11). Windows supplies a missing `\`, and rejects names that are `.` or end with a space
//! (EVIDENCE.md RPC-01, RPC-02, RPC-04).

use proptest::prelude::*;
use wintask::{
    Profile,
    definition::{TaskPath, TaskPathError, TaskPathErrorKind},
    dtyp::{HResult, WideString},
    error::Place,
};

/// The rule that is violated, and at which unit.
fn refusal(error: &TaskPathError) -> (TaskPathErrorKind, usize) {
    match error.place() {
        Place::Text { line: 1, column, .. } => (*error.kind(), *column as usize - 1),
        place => panic!("{place:?}"),
    }
}

#[test]
fn what_is_a_path_and_why_not() {
    use TaskPathErrorKind::{Dot, DotDot, EmptyName, Forbidden, LeadingSpace, NoSeparator, TrailingSpace};
    type Verdict = Result<&'static str, (TaskPathErrorKind, usize)>;
    // The input, its result in Windows, and its result by the specification's text.
    let cases: &[(&str, Verdict, Verdict)] = &[
        ("", Ok("\\"), Ok("\\")),
        ("\\", Ok("\\"), Ok("\\")),
        ("\\a", Ok("\\a"), Ok("\\a")),
        ("\\a b\\c", Ok("\\a b\\c"), Ok("\\a b\\c")),
        ("a\\b", Ok("\\a\\b"), Err((NoSeparator, 0))),
        ("\\\\", Err((EmptyName, 1)), Err((EmptyName, 1))),
        ("\\a\\", Err((EmptyName, 3)), Err((EmptyName, 3))),
        ("\\a\\\\b", Err((EmptyName, 3)), Err((EmptyName, 3))),
        ("\\ a", Err((LeadingSpace, 1)), Err((LeadingSpace, 1))),
        ("\\a ", Err((TrailingSpace, 2)), Ok("\\a ")),
        ("\\a/b", Err((Forbidden('/'), 2)), Err((Forbidden('/'), 2))),
        ("c:\\a", Err((Forbidden(':'), 1)), Err((NoSeparator, 0))),
        ("\\a\\.", Err((Dot, 3)), Ok("\\a\\.")),
        ("\\a\\..\\b", Err((DotDot, 3)), Err((DotDot, 3))),
        ("\\...", Ok("\\..."), Ok("\\...")),
        ("\\.a", Ok("\\.a"), Ok("\\.a")),
    ];
    for (given, windows, specification) in cases {
        for (profile, verdict) in [(Profile::Windows, windows), (Profile::Specification, specification)] {
            let parsed = TaskPath::parse(*given, profile);
            match verdict {
                Ok(normal) => {
                    assert_eq!(parsed.map(|path| path.to_string()).as_deref(), Ok(*normal), "{given}")
                }
                Err((kind, at)) => {
                    let error = parsed.unwrap_err();
                    assert_eq!(refusal(&error), (*kind, *at), "{given}");
                    assert_eq!(error.hresult(), HResult(0x8007_007B));
                }
            }
        }
    }
}

#[test]
fn parents_names_and_what_is_below() {
    let parse = |path: &str| TaskPath::parse(path, Profile::Windows).unwrap();
    let path = parse(r"\a\b\c");
    assert_eq!(path.names().map(|name| name.to_string()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(path.parent(), Some(parse(r"\a\b")));
    assert_eq!(parse(r"\a").parent(), Some(TaskPath::root()));
    assert_eq!(
        (TaskPath::root().parent(), TaskPath::root().name(), TaskPath::root().names().count()),
        (None, None, 0)
    );
    assert_eq!(parse(r"\a\b").join("c", Profile::Windows), Ok(path.clone()));
    assert_eq!(TaskPath::root().join(r"\a\b\c", Profile::Windows), Ok(path.clone()));
    assert_eq!(path.join("", Profile::Windows), Ok(path.clone()));
    let error = path.join(r"d\..", Profile::Windows).unwrap_err();
    assert_eq!(refusal(&error), (TaskPathErrorKind::DotDot, 2));
    assert_eq!(WideString::from(path), r"\a\b\c");
}

/// Windows compares names without regard to case, unit by unit: sharp s, which has no upper case of one unit,
/// stays as it is.
#[test]
fn case_is_no_matter() {
    let parse = |path: &str| TaskPath::parse(path, Profile::Windows).unwrap();
    assert!(parse(r"\Größe\ÉTÉ").is_same(&parse(r"\GRÖßE\été")));
    assert!(!parse(r"\Größe").is_same(&parse(r"\GRÖSSE")));
    assert_ne!(parse(r"\a"), parse(r"\A"));
    let lone = |unit: u16| TaskPath::parse(vec![b'\\' as u16, unit], Profile::Windows).unwrap();
    assert!(!lone(0xD800).is_same(&lone(0xD801)));
}

/// The offset counts bytes of the text as UTF-8, the column UTF-16 units.
#[test]
fn the_place_is_one_of_the_text() {
    let error = TaskPath::parse("\\\u{1F600}ß/", Profile::Windows).unwrap_err();
    assert_eq!((error.place().offset().unwrap(), refusal(&error).1), (1 + 4 + 2, 1 + 2 + 1));
    let error = TaskPath::root().join("ß:", Profile::Windows).unwrap_err();
    assert_eq!((error.place().offset().unwrap(), refusal(&error).1), (2, 1));
}

#[test]
fn serde() {
    let path: TaskPath = serde_json::from_str(r#""a\\b""#).unwrap();
    assert_eq!(serde_json::to_string(&path).unwrap(), r#""\\a\\b""#);
    // Every path of either profile survives the round trip, valid UTF-16 or not.
    for units in ["\\".encode_utf16().collect(), "\\a ".encode_utf16().collect(), vec![b'\\' as u16, 0xD800]]
    {
        let path = TaskPath::parse(units, Profile::Specification).unwrap();
        assert_eq!(serde_json::from_str::<TaskPath>(&serde_json::to_string(&path).unwrap()).unwrap(), path);
    }
    let error = serde_json::from_str::<TaskPath>(r#""\\a\\\\b""#).unwrap_err();
    assert_eq!(error.to_string(), "1:4, path: the name is empty");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 8 } else { 256 }, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any units: a path's text parses to the same path, which can be rebuilt from its names.
    #[test]
    fn normal_paths_stay(units in proptest::collection::vec(prop_oneof![Just(0x5C), 0x20..0x80u16, any::<u16>()], 0..12)) {
        for profile in [Profile::Windows, Profile::Specification] {
            let Ok(path) = TaskPath::parse(units.clone(), profile) else { continue };
            prop_assert_eq!(&TaskPath::parse(path.to_wide(), profile).unwrap(), &path);
            let rebuilt = path.names().try_fold(TaskPath::root(), |folder, name| folder.join(name, profile)).unwrap();
            prop_assert_eq!(&rebuilt, &path);
            if let (Some(parent), Some(name)) = (path.parent(), path.name()) {
                prop_assert_eq!(&parent.join(name, profile).unwrap(), &path);
            }
        }
    }
}
