//! The examples `convert`, `timeline` and `validate` on Group Policy's files, and what `inspect` shows of both sides of a
//! version 1 task; the conformance operation `gpp.read`.

use super::{EVERY_KIND, file};
use crate::examples::{Printed, run, run_with};
use serde_json::{Value, json};
use std::{ffi::OsStr, fs, path::Path};
use wintask::{
    compat::{ToTask, job_to_task},
    job::Job,
    xml,
};

const FILE: &str = "testdata/gpp/every-kind.xml";

fn shown(Printed { out, errors, status }: Printed) -> String {
    format!("{out}-- {status:?}\n{errors}")
}

/// Each item in the other formats, as far as it has them.
#[test]
fn convert_reads_policies() {
    let convert = |to: &str| shown(run("convert", &["--to", to, "--now", "2024-05-15T10:20", FILE]));
    insta::assert_snapshot!(["xml", "schtasks", "at"].map(convert).join("\n"));
}

/// A definition as an item, and back: it is the same, but for layouts and namespaces.
#[test]
fn convert_makes_policies() {
    for file in ["testdata/xml/everything.xml", "testdata/xml/backup.xml", "testdata/job/updater.job"] {
        let policy = run("convert", &["--to", "policy", file]);
        assert_eq!(policy.status, Some(0), "{}", policy.errors);
        let back = run_with(policy.out.as_bytes(), "convert", &["--to", "xml", "-"]);
        assert_eq!(back.status, Some(0), "{}", back.errors);
        let read = |text: &str| xml::read(text.as_bytes(), &xml::Options::default()).unwrap();
        assert_eq!(read(&back.out), read(&run("convert", &["--to", "xml", file]).out), "{file}");
    }
}

/// The scheduled tasks of a policy; the file does not show when immediate ones run.
#[test]
fn timeline_reads_policies() {
    let period = ["--from", "2024-05-15", "--until", "2024-05-22"];
    insta::assert_snapshot!(shown(run("timeline", &[&[FILE], &period[..]].concat())));
}

/// The part of the policy, by the path of the file, decides who runs a task that names no account.
#[test]
fn parts_of_a_policy() {
    let task = file(
        "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\"><Properties action=\"C\" \
         name=\"n\" appName=\"a.exe\"/></Task>",
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parts");
    for (part, account) in [("User", "the user who is logged on"), ("Machine", "SYSTEM")] {
        let file = folder.join(part).join("Preferences").join("ScheduledTasks").join("ScheduledTasks.xml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &task).unwrap();
        let printed = run("inspect", &[file.as_os_str()]).out;
        assert!(printed.contains(&format!("as {account}, by default\n")), "{printed}");
        let printed = run("convert", &["--to".as_ref(), "xml".as_ref(), file.as_os_str()]).out;
        let logon = printed.contains("<LogonType>InteractiveToken</LogonType>");
        assert_eq!(logon, part == "User", "{printed}");
    }
}

/// The verdict on the file and on each definition in it, with the place in the file.
#[test]
fn validate_explains_policies() {
    let bad = String::from_utf8(EVERY_KIND.to_vec()).unwrap();
    let bad = bad.replace("<Enabled>true</Enabled>", "<Enabled>maybe</Enabled>");
    let whole = shown(run("validate", &[FILE]));
    assert!(!whole.contains("AAAA") && whole.contains("cpassword=\"*****"), "passwords are not shown");
    insta::assert_snapshot!([whole, shown(run_with(bad.as_bytes(), "validate", &["-"]))].join("\n"));
}

/// Both sides of a version 1 task: of a .JOB file the definition, of a definition the .JOB file or why there is none.
#[test]
fn inspect_shows_the_counterpart() {
    let definition = |version: &str, settings: &str| {
        format!(
            "<Task version=\"{version}\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"><Triggers>\
             <CalendarTrigger><StartBoundary>2024-01-03T02:00:30</StartBoundary><ScheduleByDay/></CalendarTrigger></Triggers>\
             <Settings>{settings}</Settings><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>"
        )
    };
    let inspect = |text: &str, options: &[&str]| {
        run_with(text.as_bytes(), "inspect", &[options, &["--now", "2024-05-15T00:00:00Z", "-"]].concat()).out
    };
    let lines = |text: &str| {
        let out = inspect(text, &[]);
        let from = out.find("  counterpart");
        from.map(|at| out[at..].split("\n  !").next().unwrap().to_owned()).unwrap_or_default()
    };
    insta::assert_snapshot!(
        [
            lines(&definition("1.1", "<Priority>5</Priority>")),
            lines(&definition("1.0", "<Priority>5</Priority>")),
            lines(&definition("1.1", "<StartWhenAvailable>true</StartWhenAvailable>")),
        ]
        .join("---\n")
    );
    assert_eq!(lines(&definition("1.2", "")), "", "only version 1 has two sides");
    let json: Value = serde_json::from_str(&inspect(&definition("1.1", ""), &["--json"])).unwrap();
    assert_eq!(json["counterpart"]["job"]["application_name"], "a.exe");
    let job = run("inspect", &["--json", "testdata/job/updater.job"]).out;
    let json: Value = serde_json::from_str(job.lines().next().unwrap()).unwrap();
    assert_eq!(json["counterpart"]["task"]["version"], "1.1");
}

/// A definition and a .JOB file of one name that a call names: whether they match.
#[test]
fn inspect_pairs_two_files() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("inspect_pairs");
    fs::create_dir_all(&folder).unwrap();
    let job = |command: &str| Job::new(uuid::Uuid::nil(), command);
    let task = job_to_task(&job("a.exe"), &ToTask::default()).value;
    let (definition, twin) = (folder.join("Backup"), folder.join("Backup.job"));
    fs::write(&definition, xml::write(&task, xml::Form::File).unwrap()).unwrap();
    let pairs = |command: &str| -> Vec<String> {
        fs::write(&twin, job(command).to_bytes().unwrap()).unwrap();
        let printed = run("inspect", &[OsStr::new("--json"), definition.as_os_str(), twin.as_os_str()]).out;
        let lines = printed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| line["pair"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let [of_definition, of_job] = pairs("a.exe").try_into().unwrap();
    assert!(of_definition.ends_with("Backup.job, which matches"), "{of_definition}");
    assert!(of_job.ends_with("Backup, which matches"), "{of_job}");
    let other = pairs("evil.exe");
    assert!(
        other.iter().all(|one| one.ends_with("\nActions[0]/Command: a.exe becomes evil.exe")),
        "{other:?}"
    );
}

/// `gpp.read`: what items state, the tasks that they make, findings, and the file.
#[test]
fn conformance_reads_policies() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let delete = file(
        "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\"><Properties action=\"D\" \
         name=\"n\"/></Task>",
    );
    let requests = [
        json!({"op": "gpp.read", "hex": hex(EVERY_KIND), "now": "2024-05-15T10:20:00"}),
        json!({"op": "gpp.read", "hex": hex(delete.as_bytes())}),
        json!({"op": "gpp.read", "hex": hex(b"junk")}),
    ];
    let input: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let printed = run_with(input.as_bytes(), "conformance", &[] as &[&str]);
    let answers: Vec<Value> = printed.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [every, delete_answer, junk] = answers.as_slice() else { panic!("{}", printed.out) };
    let items = every["items"].as_array().unwrap();
    let of = |name: &str| items.iter().map(|item| item[name].clone()).collect::<Value>();
    assert_eq!(of("kind"), json!(["Task", "ImmediateTask", "TaskV2", "ImmediateTaskV2"]));
    assert_eq!(of("action"), json!(["U", "U", "R", "C"]));
    assert_eq!(of("name"), json!(["Backup", "Once", "Inventory", "Now"]));
    assert_eq!(of("has_password"), json!([true, false, false, false]));
    assert!(
        items.iter().all(|item| item["task"]["actions"]["list"].is_array() && item["is_ignored"] == false)
    );
    assert_eq!(every["written"], hex(EVERY_KIND));
    assert!(every["findings"].as_array().unwrap().iter().any(|f| f["code"] == "gpp.credential"));
    assert_eq!(delete_answer["items"][0]["no_task"], "the item names no command");
    assert_eq!(junk["ok"], false);
}
