//! The examples as programs, on the project's own files and on hostile ones; their output as snapshots.

#[path = "../../examples/rpcdump/dump.rs"]
mod rpcdump;

use crate::ndr::vectors;
use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use wintask::{
    ndr::Transfer,
    rpc::{
        Direction,
        sasec::{self, SASetAccountInformation},
        schrpc,
    },
};

/// What a program printed.
pub(crate) struct Printed {
    pub(crate) out: String,
    pub(crate) errors: String,
    pub(crate) status: Option<i32>,
}

/// Runs an example in the crate's root, with something on its standard input.
pub(crate) fn run_with(input: &[u8], example: &str, arguments: &[impl AsRef<OsStr>]) -> Printed {
    let mut child = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", example, "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    Printed {
        out: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code(),
    }
}

pub(crate) fn run(example: &str, arguments: &[impl AsRef<OsStr>]) -> Printed {
    run_with(b"", example, arguments)
}

/// A new folder for a test's files.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn testdata(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)).unwrap()
}

/// Each bad file is rejected with a message that has a place, and the good ones are accepted.
#[test]
fn validate_shows_what_is_wrong() {
    let bad = run("validate", &["testdata/xml/bad"]);
    assert_eq!(bad.status, Some(1));
    insta::assert_snapshot!(bad.out);
    let good = run(
        "validate",
        &["testdata/xml/backup.xml", "testdata/xml/two-tasks.xml", "testdata/job/updater.job"],
    );
    assert_eq!(
        (good.status, good.out.lines().last()),
        (Some(0), Some("3 files read, 0 not recognised, 0 could not be read"))
    );
}

#[test]
fn validate_shows_the_place_in_a_dump_of_several() {
    let text = String::from_utf8(testdata("xml/two-tasks.xml")).unwrap();
    let text = text.replace("<Week>2</Week>", "\t<Week>\u{1F600}6</Week>");
    insta::assert_snapshot!(run_with(text.as_bytes(), "validate", &["-"]).out);
}

/// Of a line of 4 MB with many mistakes, each message has an excerpt.
#[test]
fn validate_prints_bounded_excerpts() {
    let trigger = "<TimeTrigger/><No/>".repeat(200_000);
    let text = format!(
        "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Triggers>{trigger}</Triggers></Task>"
    );
    let printed = run_with(text.as_bytes(), "validate", &["-"]);
    assert_eq!(printed.status, Some(1));
    assert!(printed.out.len() < 64 * 1024, "{}", printed.out.len());
    assert!(printed.out.contains("^^^"));
}

/// A store as hostile as it gets: a file in a folder without an extension, links in circles and to elsewhere, a pipe, a
/// device, names that steer terminals, damaged files, other files.
#[cfg(unix)]
fn hostile_store(name: &str) -> PathBuf {
    use std::os::unix::fs::symlink;
    let (store, elsewhere) = (folder(name), folder(&format!("{name}-elsewhere")));
    fs::create_dir(store.join("deep")).unwrap();
    fs::write(store.join("deep/Backup"), testdata("xml/backup.xml")).unwrap();
    fs::write(store.join("deep/cut"), &testdata("xml/backup.xml")[..1700]).unwrap();
    fs::write(store.join("At1.job"), testdata("job/at1-signed.job")).unwrap();
    fs::write(store.join("notes.xml"), "<notes/>").unwrap();
    fs::write(store.join("empty"), "").unwrap();
    fs::write(
        store.join("policy"),
        "<ScheduledTasks clsid='{CC63F200-7309-4ba0-B154-A71CD118DBCC}'><Task name='a'/></ScheduledTasks>",
    )
    .unwrap();
    fs::write(elsewhere.join("linked"), testdata("xml/maintenance.xml")).unwrap();
    symlink(&store, store.join("deep/circle")).unwrap();
    symlink(&elsewhere, store.join("linked-1")).unwrap();
    symlink(&elsewhere, store.join("linked-2")).unwrap();
    symlink(store.join("At1.job"), store.join("again")).unwrap();
    symlink("nowhere", store.join("broken")).unwrap();
    symlink("/dev/zero", store.join("device")).unwrap();
    assert!(Command::new("mkfifo").arg(store.join("pipe")).status().unwrap().success());
    let hostile = String::from_utf8(testdata("xml/backup.xml")).unwrap();
    let hostile = hostile
        .replace("<Description>", "<Description>\u{9b}2J\u{202e}")
        .replace(r"C:\Tools\backup.exe", "=cmd|'/c calc'!A1");
    fs::write(store.join("\u{1b}[31m\u{202e}\u{85}\nname"), hostile).unwrap();
    store
}

/// All three walk a folder alike, and report the same about the files.
#[cfg(unix)]
#[test]
fn folders() {
    let store = hostile_store("folders");
    let store = store.as_os_str();
    let tally = "6 files read, 2 not recognised, 3 could not be read; 3 links or names lead to what was read";
    let inspect = run("inspect", &[store]);
    let json = run("inspect", &[OsStr::new("--json"), store]);
    let validate = run("validate", &[store]);
    let period = ["--from", "2024-01-01", "--until", "2024-03-01"].map(OsStr::new);
    let timeline = run("timeline", &[&[store], &period[..]].concat());
    assert_eq!(inspect.out.lines().last(), Some(tally), "{}", inspect.out);
    assert_eq!(json.errors.lines().last(), Some(tally));
    assert_eq!(validate.out.lines().last(), Some(tally));
    assert!(timeline.errors.contains(tally), "{}", timeline.errors);
    for printed in [&inspect, &json, &validate, &timeline] {
        assert_eq!(printed.status, Some(1));
        let everything = format!("{}{}", printed.out, printed.errors);
        let steers = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{85}\u{9b}".contains(c);
        assert!(!everything.contains(steers), "{everything}");
        let reported = ["neither a file nor a folder", "No such file"];
        assert!(reported.iter().all(|words| everything.contains(words)), "{everything}");
    }
    assert!(inspect.out.contains("Group Policy scheduled tasks"));
    assert!(validate.out.contains("missing attribute clsid"), "{}", validate.out);
    assert!(inspect.out.contains(r"\u{1b}[31m\u{202e}\u{85}\nname: task definition"), "{}", inspect.out);
    assert!(timeline.out.contains(",\"'=cmd|'/c calc'!A1 "), "{}", timeline.out);
    // The truncated one is damaged, and Windows would reject it.
    assert!(timeline.errors.contains("1 definition omitted because Windows would reject it"));
    let mut with_rejected = [&[store], &period[..]].concat();
    with_rejected.push(OsStr::new("--rejected"));
    assert!(run("timeline", &with_rejected).out.len() > timeline.out.len());
}

/// Whatever the number of threads is, the output is the same.
#[test]
fn timeline_does_not_depend_on_the_number_of_threads() {
    let store = folder("threads");
    for number in 0..40 {
        let minute = format!("T02:{number:02}:00");
        let text = String::from_utf8(testdata("xml/backup.xml")).unwrap().replace("T02:00:00", &minute);
        fs::write(store.join(format!("{number:02}")), text).unwrap();
    }
    let store = store.to_str().unwrap();
    let run = |more: &[&str]| {
        run("timeline", &[&[store, "--from", "2024-01-01", "--until", "2029-01-01"], more].concat())
    };
    let one = run(&["--jobs", "1"]);
    assert_eq!(one.status, Some(0), "{}", one.errors);
    assert!(one.out.lines().count() > 50_000);
    for jobs in ["2", "7"] {
        assert_eq!(one.out, run(&["--jobs", jobs]).out, "{jobs} threads");
    }
    assert_eq!(one.out, run(&[]).out);
    // The rows are in the order of their local times, as all of them are local.
    let times: Vec<_> = one.out.lines().skip(1).map(|row| &row[..19]).collect();
    assert!(times.is_sorted());
}

/// Runs that are all in a small part of the period, by default and with more of them than are sorted at once: the rows
/// are those of its halves, one after the other. The runs of two tasks at one instant are in the order of the files.
#[test]
fn timeline_of_runs_that_are_close_together() {
    const TASK: &str = r#"<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task" version="1.2">
<Triggers><TimeTrigger><Repetition><Interval>PT1M</Interval><Duration>P31D</Duration></Repetition>
<StartBoundary>2024-01-10T00:00:00</StartBoundary></TimeTrigger></Triggers>
<Actions><Exec><Command>NAME</Command></Exec></Actions></Task>"#;
    let store = folder("close_together");
    for name in ["one", "two"] {
        fs::write(store.join(name), TASK.replace("NAME", name)).unwrap();
    }
    let store = store.to_str().unwrap();
    let rows = |from: &str, until: &str, more: &[&str]| {
        let printed = run("timeline", &[&[store, "--from", from, "--until", until], more].concat());
        assert_eq!(printed.status, Some(0), "{}", printed.errors);
        printed.out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let whole = rows("2000-01-01", "2060-01-01", &["--jobs", "2"]);
    // A run each minute for 31 days, the last one included.
    assert_eq!(whole.len(), 2 * (31 * 24 * 60 + 1));
    let one = ["--jobs", "1"];
    let halves = [rows("2000-01-01", "2024-01-25", &one), rows("2024-01-25", "2060-01-01", &one)].concat();
    assert_eq!(whole, halves);
    // A tenth of them is sorted at once, by the day and the hour; a quarter of that in memory.
    assert_eq!(whole, rows("2000-01-01", "2060-01-01", &["--temporary", "1"]));
    let ends = |row: &str, name: &str| row.ends_with(&format!(",{name}"));
    assert!(whole.chunks(2).all(|rows| ends(&rows[0], "one") && ends(&rows[1], "two")));
    assert!(whole.chunks(2).is_sorted_by(|one, other| one[0][..19] < other[0][..19]));
}

/// What `inspect` shows of a folder of sound, damaged and foreign files is the same by any number of threads.
#[cfg(unix)]
#[test]
fn inspect_does_not_depend_on_the_number_of_threads() {
    let store = hostile_store("inspect_threads");
    let backup = String::from_utf8(testdata("xml/backup.xml")).unwrap();
    for number in 0..40 {
        let text = backup.replace("T02:00:00", &format!("T02:{number:02}:00"));
        fs::write(store.join(format!("{number:02}")), text).unwrap();
    }
    let store = store.to_str().unwrap();
    for form in [&["--json"][..], &[]] {
        let call = [&[store, "--now", "2024-06-01T00:00:00Z"], form].concat();
        let run = |jobs: &str| run("inspect", &[&call[..], &["--jobs", jobs]].concat());
        let one = run("1");
        assert!(
            one.out.lines().filter(|line| line.contains("02:39:00") || line.contains("02:39")).count() > 0
        );
        for jobs in ["2", "7"] {
            let more = run(jobs);
            assert_eq!((&one.out, &one.errors, one.status), (&more.out, &more.errors, more.status), "{jobs}");
        }
    }
}

/// What a definition has that few have: maintenance, data, limits, ids, notification states; a .JOB file's signature.
#[test]
fn inspect_shows_everything() {
    let now = ["--now", "2024-01-01T00:00:00Z", "--zone", "America/New_York"];
    let files =
        ["testdata/xml/everything.xml", "testdata/xml/maintenance.xml", "testdata/job/at1-signed.job"];
    let shown = run("inspect", &[&now[..], &files].concat());
    assert_eq!(shown.status, Some(0));
    insta::assert_snapshot!(shown.out);
    let json = run("inspect", &["--json", "--now", "2024-01-01T00:00:00Z", "testdata/xml/backup.xml"]);
    insta::assert_snapshot!(json.out);
}

/// An event of the security log is shown with the definition that it carries.
#[test]
fn inspect_shows_the_definition_in_an_event() {
    let task = String::from_utf8(testdata("xml/backup.xml")).unwrap();
    let task = task[task.find("<Task").unwrap()..].replace('&', "&amp;").replace('<', "&lt;");
    let event = format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4698</EventID></System><EventData>\
         <Data Name='TaskName'>\\Backup</Data><Data Name='TaskContent'>{task}</Data></EventData></Event>"
    );
    let printed = run_with(event.repeat(2).as_bytes(), "inspect", &["-"]).out;
    assert_eq!(printed.matches("event 4698 of Microsoft-Windows-Security-Auditing").count(), 2, "{printed}");
    assert_eq!(printed.matches(r"task definition \Backup").count(), 2, "{printed}");
}

/// An image of memory is searched for definitions; what is found is shown with its place.
#[test]
fn inspect_finds_definitions_in_an_image() {
    let task = String::from_utf8(testdata("xml/backup.xml")).unwrap();
    let task = &task[task.find("<Task").unwrap()..];
    let utf16: Vec<u8> = task.trim_end().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let noise: Vec<u8> = (0..9999u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 0x80).collect();
    let image = [&noise, utf16.as_slice(), &noise, task.as_bytes(), &noise].concat();
    let file = folder("image").join("image.bin");
    fs::write(&file, &image).unwrap();
    let printed = run("inspect", &[&file]);
    assert_eq!((printed.status, printed.errors.as_str()), (Some(0), ""));
    for at in [noise.len(), 2 * noise.len() + utf16.len()] {
        assert_eq!(
            printed.out.matches(&format!("task definition at byte {at:#x},")).count(),
            1,
            "{}",
            printed.out
        );
    }
    // A file of no known kind is still reported.
    fs::write(&file, &noise).unwrap();
    assert_eq!(run("inspect", &[&file]).status, Some(1));
}

/// The findings of a .JOB file of which no job can be made are in JSON once.
#[test]
fn inspect_shows_findings_once() {
    let whole = testdata("job/at1-signed.job");
    let file = folder("cut").join("cut.job");
    fs::write(&file, &whole[..60]).unwrap();
    let printed = run("inspect", &["--json".as_ref(), file.as_os_str()]);
    let line: serde_json::Value = serde_json::from_str(printed.out.trim()).unwrap();
    assert!(!line["findings"].as_array().unwrap().is_empty(), "{line}");
    assert!(line["recovered"].is_object() && line["recovered"].get("findings").is_none(), "{line}");
}

/// `--help` everywhere, and a call that makes no sense ends with 2.
#[test]
fn calls() {
    for example in
        ["conformance", "convert", "inspect", "rpc_client", "rpc_server", "rpcdump", "timeline", "validate"]
    {
        let help = run(example, &["--help"]);
        assert_eq!((help.status, help.errors.as_str()), (Some(0), ""), "{example}");
        assert!(help.out.contains(&format!("usage: {example}")), "{}", help.out);
    }
    for example in ["convert", "inspect", "rpc_client", "rpc_server", "rpcdump", "timeline", "validate"] {
        assert_eq!(run(example, &["--no-such-option"]).status, Some(2), "{example}");
    }
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
