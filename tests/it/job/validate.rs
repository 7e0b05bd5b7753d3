//! What Windows rejects: field, offset and HRESULT of the first violation ([MS-TSCH] 2.4, notes 14 to 23, 52 to 54,
//! 59, 60; EVIDENCE.md JOB-15 to JOB-18).

use super::full_job;
use wintask::job::{Job, RawJob, Release};

const INVALID_DATA: u32 = 0x8007_000D;
const INVALID_TASK: u32 = 0x8004_130E;
const INVALID_VALUE: u32 = 0x8004_1318;
const MISSING_NODE: u32 = 0x8004_1319;
const UNEXPECTED_NODE: u32 = 0x8004_1316;
const S_OK: u32 = 0;

/// The offsets of the parts of `full_job`, found by walking the file by its counts alone.
struct Map {
    strings: [usize; 5],
    reserved: usize,
    triggers: usize,
}

fn map(bytes: &[u8]) -> Map {
    let word = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let mut at = 70;
    let strings = std::array::from_fn(|_| {
        let here = at;
        at += 2 + 2 * word(at);
        here
    });
    at += 2 + word(at);
    let reserved = at;
    at += 2 + word(at);
    Map { strings, reserved, triggers: at }
}

fn set(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

/// One field of a trigger set to a value: the result of Vista and later, and of XP.
struct Case {
    trigger: usize,
    field: &'static str,
    at: usize,
    value: u16,
    vista: u32,
    xp: u32,
    source: &'static str,
}

const fn case(
    source: &'static str,
    trigger: usize,
    field: &'static str,
    at: usize,
    value: u16,
    vista: u32,
    xp: u32,
) -> Case {
    Case { trigger, field, at, value, vista, xp, source }
}

const CASES: &[Case] = &[
    case("note 16", 0, "Begin Year", 4, 0, INVALID_VALUE, S_OK),
    case("note 16", 0, "Begin Year", 4, 999, INVALID_VALUE, S_OK),
    case("note 16", 0, "Begin Year", 4, 1000, MISSING_NODE, S_OK),
    case("note 16", 0, "Begin Year", 4, 1600, MISSING_NODE, S_OK),
    case("note 16", 0, "Begin Year", 4, 10000, INVALID_VALUE, S_OK),
    case("note 17", 0, "Begin Month", 6, 0, INVALID_VALUE, S_OK),
    case("note 17", 0, "Begin Month", 6, 13, INVALID_VALUE, S_OK),
    case("note 18", 0, "Begin Day", 8, 0, INVALID_VALUE, S_OK),
    case("note 18", 0, "Begin Day", 8, 32, INVALID_VALUE, S_OK),
    case("note 19", 1, "End Year", 10, 1600, INVALID_VALUE, S_OK),
    case("note 19", 1, "End Year", 10, 10000, INVALID_VALUE, S_OK),
    case("note 20", 1, "End Month", 12, 13, INVALID_VALUE, S_OK),
    case("note 21", 1, "End Day", 14, 32, INVALID_VALUE, S_OK),
    case("note 53", 0, "Start Hour", 16, 24, INVALID_VALUE, S_OK),
    case("note 53", 0, "Start Minute", 18, 60, INVALID_VALUE, S_OK),
    case("notes 22, 23: equal", 2, "Minutes Interval", 24, 60, INVALID_VALUE, u32::MAX),
    case("notes 22, 23: longer", 2, "Minutes Interval", 24, 61, INVALID_VALUE, u32::MAX),
    case("notes 22, 23: 31 days", 2, "Minutes Interval", 24, 44641, INVALID_VALUE, u32::MAX),
    case("notes 22, 23: no duration", 0, "Minutes Interval", 24, 1, INVALID_VALUE, u32::MAX),
    case("notes 53, 60", 0, "Trigger Type", 32, 8, UNEXPECTED_NODE, S_OK),
    case("notes 53, 60", 0, "Trigger Type", 34, 1, UNEXPECTED_NODE, S_OK),
    case("note 52", 3, "TriggerSpecific1", 38, 0x8000, INVALID_VALUE, u32::MAX),
    case("note 54", 4, "TriggerSpecific0", 36, 0, MISSING_NODE, S_OK),
    case("note 54", 4, "TriggerSpecific0", 36, 6, MISSING_NODE, S_OK),
];

#[test]
fn trigger_fields() {
    let good = full_job().to_bytes().unwrap();
    let first = map(&good).triggers + 2;
    for case in CASES {
        let mut bytes = good.clone();
        let trigger = first + 48 * case.trigger;
        set(&mut bytes, trigger + case.at, case.value);
        let context = format!("{}: {} = {}", case.source, case.field, case.value);
        let error = Job::parse(&bytes).expect_err(&context);
        assert_eq!(error.hresult().0, case.vista, "{context}");
        assert_eq!(error.place().path(), format!("Triggers[{}].{}", case.trigger, case.field), "{context}");
        let at = if case.field == "Trigger Type" { 32 } else { case.at };
        assert_eq!(error.place().offset().unwrap(), trigger + at, "{context}");
        // XP accepts the call but does not load the file: an error whose HRESULT is S_OK.
        match Job::parse_on(&bytes, Release::WindowsXp) {
            Ok(_) => assert_eq!(case.xp, u32::MAX, "{context}: XP loads it"),
            Err(error) => assert_eq!(error.hresult_on(Release::WindowsXp).0, case.xp, "{context}"),
        }
        // The exact layer and recovery accept all of these.
        assert_eq!(RawJob::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
        assert_eq!(wintask::job::recover(&bytes).triggers.len(), 8);
    }
}

/// EVIDENCE.md JOB-15 to JOB-17, and the boundaries of the notes.
#[test]
fn accepted_trigger_fields() {
    let good = full_job().to_bytes().unwrap();
    let first = map(&good).triggers + 2;
    for (trigger, at, value, why) in [
        (0, 4, 1601, "first year"),
        (0, 4, 9999, "last year (note 16)"),
        (0, 10, 200, "end date without HAS_END_DATE: stored verbatim"),
        (0, 14, 200, "end date without HAS_END_DATE: stored verbatim"),
        (1, 10, 2023, "end before begin is fine"),
        (2, 24, 59, "interval below duration"),
        (0, 36, 0x00D8, "ONCE words are garbage in At1.job"),
        (0, 42, 0xB7A2, "padding is garbage in At1.job"),
        (0, 0, 7, "Trigger Size is ignored on receipt"),
        (0, 2, 7, "Reserved1 is ignored"),
        (3, 36, 0, "no day of the month"),
    ] {
        let mut bytes = good.clone();
        set(&mut bytes, first + 48 * trigger + at, value);
        assert!(Job::parse(&bytes).is_ok(), "{why}");
    }
    // 29 February, in a leap year and in another.
    for (year, accepted) in [(2024, true), (2023, false), (2000, true), (2100, false)] {
        let mut bytes = good.clone();
        for (at, value) in [(4, year), (6, 2), (8, 29)] {
            set(&mut bytes, first + at, value);
        }
        assert_eq!(Job::parse(&bytes).is_ok(), accepted, "{year}");
    }
}

#[test]
fn vista_has_no_code_of_its_own_for_years_before_1601() {
    let mut bytes = full_job().to_bytes().unwrap();
    let first = map(&bytes).triggers + 2;
    set(&mut bytes, first + 4, 1500);
    let error = Job::parse(&bytes).unwrap_err();
    assert_eq!(error.hresult_on(Release::Vista).0, INVALID_VALUE);
    assert_eq!(error.hresult_on(Release::Server2008).0, MISSING_NODE);
}

#[test]
fn the_unused_day_bit_is_refused_from_2008_on() {
    let mut bytes = full_job().to_bytes().unwrap();
    let trigger = map(&bytes).triggers + 2 + 3 * 48;
    set(&mut bytes, trigger + 38, 0x8000);
    assert!(Job::parse_on(&bytes, Release::Vista).is_ok());
    assert!(Job::parse_on(&bytes, Release::Server2008).is_err());
}

/// Violations outside the triggers: a change to the file, the field and offset named, and the two HRESULTs.
#[test]
fn header_and_strings() {
    let good = full_job().to_bytes().unwrap();
    let map = map(&good);
    let [application, parameters, ..] = map.strings;
    let end = |at: usize| at + 2 + 2 * usize::from(u16::from_le_bytes([good[at], good[at + 1]]));
    type Change<'a> = &'a dyn Fn(&mut Vec<u8>);
    type Case<'a> = (&'a str, Change<'a>, &'a str, usize, u32, u32);
    let cases: &[Case<'_>] = &[
        ("note 53", &|b| set(b, 2, 2), "File Version", 2, 0x8004_1313, S_OK),
        ("note 53", &|b| set(b, 0x14, 0), "App Name Len Offset", 0x14, INVALID_TASK, u32::MAX),
        ("note 53", &|b| set(b, 0x14, 0xFFFF), "App Name Len Offset", 0x14, INVALID_TASK, u32::MAX),
        (
            "note 53: no NUL",
            &|b| set(b, end(application) - 2, 0x41),
            "Application Name",
            70,
            INVALID_TASK,
            INVALID_TASK,
        ),
        (
            "2.4.2.1: no NUL elsewhere",
            &|b| set(b, end(parameters) - 2, 0x41),
            "Parameters",
            parameters,
            INVALID_DATA,
            S_OK,
        ),
        (
            "2.4.2.3: absent",
            &|b| drop(b.splice(70..end(application), [0, 0])),
            "Application Name",
            70,
            INVALID_TASK,
            INVALID_TASK,
        ),
        (
            "note 53: runs past the end",
            &|b| set(b, 70, 0xFFFF),
            "Application Name",
            70,
            INVALID_TASK,
            INVALID_TASK,
        ),
        (
            "note 53: 262 units",
            &|b| {
                let mut name = [0x41, 0].repeat(261);
                name.extend([0, 0]);
                b.splice(70..end(application), [262u16.to_le_bytes().to_vec(), name].concat());
            },
            "Application Name",
            70,
            0x8000_FFFF,
            u32::MAX,
        ),
        (
            "note 14",
            &|b| {
                set(b, map.reserved, 9);
                b.insert(map.reserved + 2, 0);
            },
            "Reserved Data Size",
            map.reserved,
            INVALID_DATA,
            S_OK,
        ),
        (
            "3.2.5.3.1: too long",
            &|b| b.extend([0; 69]),
            "Trailing data",
            good.len() + 68,
            INVALID_DATA,
            INVALID_DATA,
        ),
        ("3.2.5.3.1: too short", &|b| b.truncate(67), "Year", 0x34, INVALID_DATA, INVALID_DATA),
    ];
    for (source, change, field, offset, vista, xp) in cases {
        let mut bytes = good.clone();
        change(&mut bytes);
        let error = Job::parse(&bytes).expect_err(source);
        assert_eq!((error.place().path(), error.place().offset().unwrap()), (*field, *offset), "{source}");
        assert_eq!(error.hresult().0, *vista, "{source}: {error}");
        match Job::parse_on(&bytes, Release::WindowsXp) {
            Ok(_) => assert_eq!(*xp, u32::MAX, "{source}: XP loads it"),
            Err(error) => assert_eq!(error.hresult_on(Release::WindowsXp).0, *xp, "{source}: {error}"),
        }
    }
}

/// [MS-TSCH] 2.4.2.12: an incomplete signature, or one of another version, is ignored.
#[test]
fn signatures() {
    use wintask::job::Signature;
    let good = full_job().to_bytes().unwrap();
    let with = |tail: &[u8]| [&good[..], tail].concat();
    let mut signed = vec![1, 0, 1, 0];
    signed.extend(0..64);
    type Case<'a> = (&'a [u8], fn(Signature<'_>) -> bool);
    let cases: &[Case<'_>] = &[
        (&[], |s| s == Signature::Absent),
        (&signed[..1], |s| matches!(s, Signature::Truncated([1]))),
        (&signed[..67], |s| matches!(s, Signature::Truncated(bytes) if bytes.len() == 67)),
        (&signed, |s| matches!(s, Signature::Present(bytes) if bytes[63] == 63)),
        (&[2; 68], |s| s == Signature::OtherVersion { signature_version: 0x202, min_client_version: 0x202 }),
    ];
    for (tail, expected) in cases {
        let bytes = with(tail);
        let raw = RawJob::parse(&bytes).unwrap();
        assert!(expected(raw.signature()), "{tail:?}");
        assert_eq!(raw.to_bytes().unwrap(), bytes);
        assert_eq!(Job::parse(&bytes).unwrap(), full_job());
    }
}

/// Vista and later follow App Name Len Offset; earlier versions start at 70 regardless of it (note 53).
#[test]
fn the_application_name_is_where_its_offset_says() {
    let good = full_job().to_bytes().unwrap();
    let mut moved = good.clone();
    set(&mut moved, 0x14, 73);
    moved.splice(70..70, [9, 9, 9]);
    assert_eq!(Job::parse(&moved).unwrap().application_name, full_job().application_name);
    assert_eq!(RawJob::parse(&moved).unwrap().gap, [9, 9, 9].as_slice());
    let mut lying = good;
    set(&mut lying, 0x14, 300);
    assert_eq!(Job::parse_on(&lying, Release::WindowsXp).unwrap(), full_job());
}

#[test]
fn cut_triggers_name_the_field() {
    let good = full_job().to_bytes().unwrap();
    let trigger = map(&good).triggers + 2 + 48;
    let error = Job::parse(&good[..trigger + 9]).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("byte {:#x}, Triggers[1].Begin Day: 2 bytes needed, 1 left", trigger + 8)
    );
    assert_eq!(error.hresult().0, INVALID_DATA);
}
