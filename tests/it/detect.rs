//! Identification of content.

use proptest::prelude::*;
use std::{
    fs,
    path::{Path, PathBuf},
};
use wintask::{
    detect,
    detect::{Confidence, DamageKind, Detection, Kind, Reason, TaskCacheValue},
    job::Job,
    xml,
};

const TASK: &str = "xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'";
const EVENT: &str = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn of(text: &str) -> (Kind, Confidence, Option<DamageKind>) {
    let found = detect(text.as_bytes());
    (found.kind, found.confidence, found.damage.map(|damage| damage.kind))
}

/// Each kind, whole and damaged. Names, namespaces and class identifiers: [MS-TSCH] 2.5.2, [MS-GPPREF] 2.2.1.18, the
/// event schema of Windows.
#[test]
fn kinds_of_text() {
    use {Confidence::*, DamageKind::*, Kind::*};
    let actions = "<Actions><Exec><Command>a</Command></Exec></Actions>";
    let task = format!("<Task {TASK}>{actions}</Task>");
    let bare = format!("<Task version='1.2'>{actions}</Task>");
    let event = format!("<Event {EVENT}><System/><EventData/></Event>");
    let policy = format!(
        "<ScheduledTasks clsid='{{cc63f200-7309-4BA0-B154-A71CD118DBCC}}'><TaskV2><Properties>{bare}</Properties></TaskV2></ScheduledTasks>"
    );
    let rows: &[(String, Kind, Confidence, Option<DamageKind>)] = &[
        (task.clone(), Task, High, None),
        (format!("\u{FEFF}<?xml version='1.0'?>\n<!-- <Tasks> -->\n{task}\n"), Task, High, None),
        (format!("{}{task}", " ".repeat(20_000)), Task, High, None),
        (format!("<!--{}-->{task}", "x".repeat(20_000)), Task, High, None),
        (format!("<t:Task xmlns:{}>{actions}</t:Task>", TASK.replace("xmlns=", "t=")), Task, High, None),
        (
            format!("<Task {TASK}><Data><Task/><a>&lt;</a><![CDATA[</Task>]]></Data>{actions}</Task>"),
            Task,
            High,
            None,
        ),
        (bare.clone(), Task, Medium, None),
        ("<Task/>".to_owned(), Task, Low, None),
        (format!("<Tsk {TASK}>{actions}</Tsk>"), Task, Medium, None),
        // Damaged.
        (format!("junk {task}"), Task, High, Some(Leading)),
        (format!("\0\0<{task}"), Task, High, Some(Leading)),
        (format!("{task} junk"), Task, High, Some(Trailing)),
        (task[..task.len() - 20].to_owned(), Task, High, Some(Truncated)),
        (task[..30].to_owned(), Task, Low, Some(Truncated)),
        (format!("<Task {TASK}>{actions}<Settings></Task>"), Task, High, Some(Malformed)),
        (
            format!("<Task {TASK}>{actions}<Settings><Hidden>a < b</Settings></Task>"),
            Task,
            High,
            Some(Malformed),
        ),
        (format!("<Task {TASK}>\u{1}{actions}</Task>"), Task, High, Some(Character)),
        (task[80..].to_owned(), Task, Low, Some(NoStart)),
        ("ers><Settings/><Principals/><Actions/>".to_owned(), Task, Low, Some(NoStart)),
        // Several.
        (format!("{task}\n{task}"), Tasks, High, None),
        (format!("<?xml version='1.0'?>{task}\n<?xml version='1.0'?>{task}"), Tasks, High, None),
        (format!("<Tasks>{task}{task}</Tasks>"), Tasks, High, None),
        (format!("<Tasks {TASK}><Task>{actions}</Task></Tasks>"), Tasks, High, None),
        (format!("<Tasks>{bare}</Tasks>"), Tasks, Medium, None),
        ("<Tasks/>".to_owned(), Tasks, Low, None),
        (
            format!("<?xml version='1.0'?>{}\n<?xml version='1.0'?>{task}", &task[..task.len() - 17]),
            Tasks,
            High,
            Some(Truncated),
        ),
        (format!("<Collection><Host>{task}</Host></Collection>"), Tasks, Medium, None),
        // Group Policy files contain definitions, but are not definitions themselves.
        (policy.clone(), GroupPolicy, High, None),
        ("<ScheduledTasks><Task name='a'/></ScheduledTasks>".to_owned(), GroupPolicy, Medium, None),
        (policy[..150].to_owned(), GroupPolicy, High, Some(Truncated)),
        // Events.
        (event.clone(), Event, High, None),
        (event.replace(EVENT, ""), Event, Medium, None),
        (event[..70].to_owned(), Event, High, Some(Truncated)),
        (format!("{event}{event}"), Events, High, None),
        (format!("<Events>{event}</Events>"), Events, High, None),
        // None.
        (String::new(), Unknown, High, None),
        ("plain words".to_owned(), Unknown, High, None),
        ("<html><body>a < b</body></html>".to_owned(), Unknown, High, None),
        ("<Project><Target><Task/></Target></Project>".to_owned(), Unknown, High, None),
        ("<a><Settings/><Actions/></a>".to_owned(), Unknown, High, None),
        (format!("{}{task}", "x".repeat(20_000)), Unknown, High, None),
        (format!("{}{task}", "<\u{1}".repeat(20_000)), Unknown, High, None),
        (format!("<!--{task}-->"), Unknown, High, None),
    ];
    for (text, kind, confidence, damage) in rows {
        assert_eq!(of(text), (*kind, *confidence, *damage), "{text:.200}");
    }
}

/// UTF-16 of either byte order, with and without a byte order mark, is recognised, and damage is where it is.
#[test]
fn encodings() {
    let text = format!("\r\n<Task {TASK}><Actions/></Task>");
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        for bom in ["", "\u{FEFF}"] {
            let bytes = utf16(&format!("{bom}{text}"), unit);
            let found = detect(&bytes);
            assert_eq!((found.kind, found.confidence, found.damage), (Kind::Task, Confidence::High, None));
            let odd = detect(&bytes[..bytes.len() - 1]).damage.map(|damage| damage.offset);
            assert_eq!(odd, Some(bytes.len() - 2));
        }
    }
    let lone =
        [utf16("<Task>", u16::to_le_bytes), vec![0x00, 0xD8], utf16("</Task>", u16::to_le_bytes)].concat();
    assert_eq!(detect(&lone).damage.map(|damage| damage.offset), Some(12));
}

/// A .JOB file cut at every length, and with each of its header's constants overwritten ([MS-TSCH] 2.4.1).
#[test]
fn job_files() {
    let bytes = fs::read(path("testdata/job/at1-signed.job")).unwrap();
    assert_eq!(detect(&bytes).to_string(), ".JOB file: a .JOB header, and all parts after it");
    for end in 24..bytes.len() {
        let found = detect(&bytes[..end]);
        assert_eq!(found.kind, Kind::Job, "{end}");
        // Without its signature, or without the triggers that it announces, it is whole or it is not.
        assert_eq!(found.damage.is_none(), Job::parse(&bytes[..end]).is_ok(), "{end}: {found}");
    }
    for at in [1, 2, 0x14, 0x20] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xFF;
        assert_eq!(detect(&damaged).kind, Kind::Job, "{at:#x}");
    }
    let trailing = detect(&[bytes.clone(), vec![7; 3]].concat()).damage.unwrap();
    assert_eq!((trailing.kind, trailing.offset), (DamageKind::Trailing, bytes.len()));
    assert_eq!(detect(&vec![0; 400]).kind, Kind::Unknown);
}

/// Values of the registry's TaskCache, whose layouts analysts have published: made here, cut at every length.
#[test]
fn task_cache_values() {
    for (value, bytes, shortest) in task_cache() {
        let found = detect(&bytes);
        assert_eq!((found.kind, found.damage), (Kind::TaskCache(value), None), "{value}");
        assert_eq!(found.reason, Reason::Layout);
        for end in shortest..bytes.len() {
            let found = detect(&bytes[..end]);
            assert_eq!(found.kind, Kind::TaskCache(value), "{value} of {end} bytes");
        }
    }
}

/// A value of each kind, and the size from which it is recognised when it is cut.
fn task_cache() -> Vec<(TaskCacheValue, Vec<u8>, usize)> {
    let text = |text: &str| {
        let units = utf16(text, u16::to_le_bytes);
        [u32::try_from(units.len()).unwrap().to_le_bytes().to_vec(), units].concat()
    };
    let exec = [vec![0x66, 0x66], text("one"), text("a.exe"), text("/x"), text(""), vec![0, 0]].concat();
    let message = [vec![0x99, 0x99], text(""), text("title"), text("body")].concat();
    let mail =
        [vec![0x88, 0x88], text(""), text("x").repeat(8), vec![1, 0, 0, 0], text("y"), vec![0; 4]].concat();
    let actions = [vec![3, 0], text("Author"), exec, message, mail].concat();

    let aligned = |number: u32| [number.to_le_bytes(), [0x48; 4]].concat();
    let time = [0x48u8; 15];
    let time = [&[0], &time[..7], &[0; 8]].concat();
    let header = [aligned(0x17), time.clone(), time.clone(), aligned(0x4241_2138), aligned(7)].concat();
    let bucket = [aligned(0), aligned(0), aligned(1), aligned(0x2C), vec![0; 0x30]].concat();
    let boot = [aligned(0xFFFF), time.clone(), time.clone(), vec![0; 40], vec![0; 4], vec![0x48; 4]].concat();
    let daily = [aligned(0xDDDD), time.clone(), time, vec![0; 56], vec![0; 4], vec![0x48; 4]].concat();
    let triggers = [header, bucket, boot, daily].concat();

    let registered = 132_000_000_000_000_000u64.to_le_bytes();
    let dynamic_info = [vec![3, 0, 0, 0], registered.to_vec(), registered.to_vec(), vec![0; 16]].concat();
    vec![
        (TaskCacheValue::Actions, actions, 20),
        (TaskCacheValue::Triggers, triggers, 44),
        (TaskCacheValue::DynamicInfo, dynamic_info, 12),
    ]
}

/// The values above, and what else the project has no file of, for the fuzz target.
pub fn seeds() -> Vec<(String, Vec<u8>)> {
    let values = task_cache().into_iter().map(|(value, bytes, _)| (value.to_string(), bytes));
    let texts = [
        ("event", format!("<Event {EVENT}><System><Provider Name='a'/></System></Event>")),
        ("events", format!("<Events><Event {EVENT}/><Event {EVENT}/></Events>")),
        (
            "policy",
            "<ScheduledTasks clsid='{CC63F200-7309-4ba0-B154-A71CD118DBCC}'><TaskV2/></ScheduledTasks>"
                .to_owned(),
        ),
        ("lost-start", "on='1.2'><Triggers/><Settings/><Actions/></Task>".to_owned()),
        ("inside", format!("<a><Task {TASK}><![CDATA[<]]></b></Task><!DOCTYPE [<!b>]></a>")),
    ];
    values.chain(texts.map(|(name, text)| (name.to_owned(), text.into_bytes()))).collect()
}

#[test]
fn a_security_descriptor_of_a_task() {
    let descriptor: wintask::security::SecurityDescriptor = "O:BAG:SYD:(A;;FA;;;BA)".parse().unwrap();
    let found = detect(&descriptor.to_bytes().unwrap());
    assert_eq!((found.kind, found.confidence), (Kind::TaskCache(TaskCacheValue::Sd), Confidence::Medium));
}

/// Every file of testdata is of its folder's kind; the message shows how it is damaged.
#[test]
fn the_project_s_own_files() {
    let mut text = String::new();
    for (folder, kind) in [
        ("testdata/job", Kind::Job),
        ("testdata/job/damaged", Kind::Job),
        ("testdata/xml", Kind::Task),
        ("testdata/xml/bad", Kind::Task),
    ] {
        let mut files: Vec<_> =
            fs::read_dir(path(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.is_file());
        files.sort();
        for path in files {
            let found = detect(&fs::read(&path).unwrap());
            let name = path.file_name().unwrap().to_str().unwrap();
            let kind = if name == "two-tasks.xml" { Kind::Tasks } else { kind };
            assert_eq!(found.kind, kind, "{name}: {found}");
            if found.damage.is_some() || found.confidence != Confidence::High {
                text += &format!("{name}: {found} ({:?})\n", found.confidence);
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// What is read without findings is detected as a single task: comments and text that look like tags, other tasks in
/// what is foreign, prefixes, and every file of testdata. The tools rely on it.
#[test]
fn what_is_sound_is_a_task() {
    let actions = "<Actions><Exec><Command>a</Command></Exec></Actions>";
    let inside = format!("<Task {TASK}>{actions}</Task><!-- <Task> --><x><Task/><Tasks></Tasks></x>");
    let mut files = vec![
        format!(
            "<?xml version='1.0' encoding='UTF-16'?><!-- <Tasks> --><Task {TASK}>{actions}</Task><!-- <Task> -->"
        ),
        format!("<?a <Tasks> ?><Task {TASK}>{actions}<Data>{inside}</Data></Task><?b </Task> ?>"),
        format!("<Task {TASK}><Data><![CDATA[</Task><Task>]]></Data>{actions}</Task>"),
        format!(
            "<Task version='1.2' {TASK}><RegistrationInfo><Author>'>\"</Author></RegistrationInfo>{actions}</Task>"
        ),
    ];
    for entry in fs::read_dir(path("testdata/xml")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            files.push(xml::documents(&fs::read(&path).unwrap()).text().to_owned());
        }
    }
    let mut sound = 0;
    for text in files {
        for bytes in [utf16(&format!("\u{FEFF}{text}"), u16::to_le_bytes), text.clone().into_bytes()] {
            let recovered = xml::recover(&bytes, &xml::Options::default());
            if xml::read(&bytes, &xml::Options::default()).is_ok()
                || recovered.task.is_some() && recovered.findings.is_empty()
            {
                sound += 1;
                assert_eq!(detect(&bytes).kind, Kind::Task, "{text}");
            }
        }
    }
    assert!(sound > 12, "{sound}");
}

#[test]
fn serde_names_are_api() {
    let found = detect(b"<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>");
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(
        json,
        r#"{"kind":"task","confidence":"high","reason":{"root":"Task"},"damage":{"kind":"truncated","offset":68}}"#
    );
    let (_, value, _) = task_cache().remove(1);
    assert_eq!(
        serde_json::to_value(detect(&value).kind).unwrap(),
        serde_json::json!({"task_cache": "triggers"})
    );
}

/// Hostile text takes time linear in its size: 256 KB of each kind of text that makes a naive scanner start over.
#[test]
fn work_is_linear() {
    let start = std::time::Instant::now();
    for piece in [
        "<",
        "<a",
        "<!--",
        "<!x[>",
        "<![CDATA[",
        "</",
        "</a",
        "<a b='",
        "<a>",
        "</a>",
        "<?xml ",
        "<Task>",
        "\"",
        "<!",
        "<a ''''",
    ] {
        let text = format!("<Task>{}", piece.repeat((1 << 18) / piece.len()));
        assert_eq!(detect(text.as_bytes()).kind, Kind::Task, "{piece}");
        let _ = detect(&utf16(&text, u16::to_le_bytes));
    }
    // A quadratic scan of any of them takes hours.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

proptest! {
    /// A definition is recognised if it is truncated anywhere after its root's name, and if any byte is lost.
    #[test]
    fn damaged_definitions_are_recognised(cut in 0usize..2000, lost in 0usize..2000, value: u8) {
        let bytes = fs::read(path("testdata/xml/backup.xml")).unwrap();
        let root = xml::documents(&bytes).text().find("<Task").unwrap() + "<Task ".len();
        let cut = bytes.get(..root.max(cut)).unwrap_or(&bytes);
        prop_assert_eq!(detect(cut).kind, Kind::Task);
        let mut damaged = bytes.clone();
        let lost = lost.min(bytes.len() - 1);
        damaged[lost] = value;
        let found: Detection = detect(&damaged);
        prop_assert!(matches!(found.kind, Kind::Task | Kind::Tasks), "{} at {}: {}", value, lost, found);
        if xml::read(&damaged, &xml::Options::default()).is_ok() {
            prop_assert_eq!(found.kind, Kind::Task, "{} at {}", value, lost);
        }
    }
}
