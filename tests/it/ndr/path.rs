//! Path names ([MS-TSCH] 2.3.11; facts/xml_schema.md 3 for names that are `.` or end with a blank).

use proptest::prelude::*;
use wintask::{
    Profile,
    dtyp::{HResult, WideString},
    rpc::{Path, PathErrorKind},
};

#[test]
fn what_is_a_path_and_why_not() {
    use PathErrorKind::{Dot, DotDot, EmptyName, Forbidden, LeadingSpace, NoSeparator, TrailingSpace};
    type Verdict = Result<&'static str, (PathErrorKind, usize)>;
    // Given, what Windows makes of it, what the specification's text makes of it.
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
            let parsed = Path::parse(*given, profile);
            match verdict {
                Ok(normal) => {
                    assert_eq!(parsed.map(|path| path.to_string()).as_deref(), Ok(*normal), "{given}")
                }
                Err((kind, at)) => {
                    let error = parsed.unwrap_err();
                    assert_eq!((error.kind, error.at), (*kind, *at), "{given}");
                    assert_eq!(error.hresult(), HResult(0x8007_007B));
                }
            }
        }
    }
}

#[test]
fn parents_names_and_what_is_below() {
    let parse = |path: &str| Path::parse(path, Profile::Windows).unwrap();
    let path = parse(r"\a\b\c");
    assert_eq!(path.names().map(|name| name.to_string()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(path.parent(), Some(parse(r"\a\b")));
    assert_eq!(parse(r"\a").parent(), Some(Path::root()));
    assert_eq!((Path::root().parent(), Path::root().name(), Path::root().names().count()), (None, None, 0));
    assert_eq!(parse(r"\a\b").join("c", Profile::Windows), Ok(path.clone()));
    assert_eq!(Path::root().join(r"\a\b\c", Profile::Windows), Ok(path.clone()));
    assert_eq!(path.join("", Profile::Windows), Ok(path.clone()));
    let error = path.join(r"d\..", Profile::Windows).unwrap_err();
    assert_eq!((error.kind, error.at), (PathErrorKind::DotDot, 2));
    assert_eq!(WideString::from(path), r"\a\b\c");
}

/// Windows tells names apart without regard to case, unit by unit: sharp s, which has no upper case of one unit,
/// stays what it is.
#[test]
fn case_is_no_matter() {
    let parse = |path: &str| Path::parse(path, Profile::Windows).unwrap();
    assert!(parse(r"\Größe\ÉTÉ").is_same(&parse(r"\GRÖßE\été")));
    assert!(!parse(r"\Größe").is_same(&parse(r"\GRÖSSE")));
    assert_ne!(parse(r"\a"), parse(r"\A"));
    let lone = |unit: u16| Path::parse(vec![b'\\' as u16, unit], Profile::Windows).unwrap();
    assert!(!lone(0xD800).is_same(&lone(0xD801)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 8 } else { 256 }, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any units: a path parses to itself again, and is put together from its names.
    #[test]
    fn normal_paths_stay(units in proptest::collection::vec(prop_oneof![Just(0x5C), 0x20..0x80u16, any::<u16>()], 0..12)) {
        for profile in [Profile::Windows, Profile::Specification] {
            let Ok(path) = Path::parse(units.clone(), profile) else { continue };
            prop_assert_eq!(&Path::parse(path.to_wide(), profile).unwrap(), &path);
            let rebuilt = path.names().try_fold(Path::root(), |folder, name| folder.join(name, profile)).unwrap();
            prop_assert_eq!(&rebuilt, &path);
            if let (Some(parent), Some(name)) = (path.parent(), path.name()) {
                prop_assert_eq!(&parent.join(name, profile).unwrap(), &path);
            }
        }
    }
}
