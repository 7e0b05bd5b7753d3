//! A small machine, with a hive, a log and a folder of tasks made by the tests, and the program's output for it.

mod log;

use log::Record;
use regf::{DataType, HiveBuilder};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use wintask::{
    definition::{Exec, Principal, RegistrationInfo, Task, Trigger, TriggerKind},
    security::SecurityDescriptor,
    taskcache::{self, Hash, Values},
    xml::{self, Form},
};

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn task(path: &str, command: &str) -> Task {
    Task {
        registration_info: RegistrationInfo { uri: Some(path.into()), ..RegistrationInfo::default() },
        triggers: vec![Trigger::new(TriggerKind::Logon { user_id: None, delay: None })],
        principals: vec![Principal::user("S-1-5-18").with_id("Author")],
        ..Task::new(Exec::new(command))
    }
}

/// Adds the keys of a task, the descriptor only if there is one.
fn keys(hive: &mut HiveBuilder, path: &str, id: &str, values: &Values, sd: Option<&str>) {
    let cache = r"Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache";
    let units = |text: &str| text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let tree = hive.create_key(&format!(r"{cache}\Tree{path}")).unwrap();
    hive.add_value(tree, "Id", DataType::String, &units(id)).unwrap();
    hive.add_value(tree, "Index", DataType::Dword, &2_u32.to_le_bytes()).unwrap();
    if let Some(sd) = sd {
        let sd = sd.parse::<SecurityDescriptor>().unwrap().to_bytes().unwrap();
        hive.add_value(tree, "SD", DataType::Binary, &sd).unwrap();
    }
    let tasks = hive.create_key(&format!(r"{cache}\Tasks\{id}")).unwrap();
    hive.add_value(tasks, "Path", DataType::String, &units(path)).unwrap();
    hive.add_value(tasks, "URI", DataType::String, &units(path)).unwrap();
    for (name, bytes) in
        [("Actions", &values.actions), ("Triggers", &values.triggers), ("Hash", &values.hash)]
    {
        if let Some(bytes) = bytes {
            hive.add_value(tasks, name, DataType::Binary, bytes).unwrap();
        }
    }
    hive.create_key(&format!(r"{cache}\Logon\{id}")).unwrap();
}

const SD: &str = "O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)";

/// An ordinary task, one hidden by Tarrask, one only in the registry, one whose file was edited, and the events of a
/// fifth.
fn machine(name: &str) -> Folder {
    let root = std::env::temp_dir().join(format!("triage-{name}-{}", std::process::id()));
    let folder = Folder(root.clone());
    fs::create_dir_all(root.join("Tasks/Contoso")).unwrap();
    let mut hive = HiveBuilder::new().unwrap();
    for (number, (path, has_file, is_edited, sd)) in [
        (r"\Contoso\Backup", true, false, Some(SD)),
        (r"\Hidden", true, false, None),
        (r"\Ghost", false, false, Some("O:BAG:SYD:")),
        (r"\Edited", true, true, Some(SD)),
    ]
    .into_iter()
    .enumerate()
    {
        let task = task(path, r"%SystemRoot%\System32\backup.exe");
        let bytes = xml::write(&task, Form::File).unwrap();
        let mut values = taskcache::write(&task).unwrap().values;
        values.hash = has_file.then(|| Hash::of_file(&bytes).as_bytes().to_vec());
        keys(&mut hive, path, &format!("{{00000000-0000-0000-0000-00000000000{number}}}"), &values, sd);
        let stored = match is_edited {
            true => xml::write(&self::task(path, r"C:\Users\Public\evil.exe"), Form::File).unwrap(),
            false => bytes,
        };
        if has_file {
            fs::write(root.join(format!("Tasks{}", path.replace('\\', "/"))), stored).unwrap();
        }
    }
    fs::write(root.join("SOFTWARE"), hive.to_bytes().unwrap()).unwrap();
    let content = xml::write_text(&task(r"\Once", "cmd.exe"), Form::Server).unwrap();
    let audit = "Microsoft-Windows-Security-Auditing";
    let by = [("SubjectUserName", "alice"), ("SubjectDomainName", "CONTOSO"), ("TaskName", r"\Once")];
    let data = [&by[..], &[("TaskContent", content.as_str())]].concat();
    let log = log::file(&[
        Record { provider: audit, id: "4698", time: "2022-06-18T04:26:40.0000000Z", data: &data },
        Record { provider: audit, id: "4699", time: "2022-06-18T04:26:42.0000000Z", data: &data },
        Record { provider: audit, id: "4624", time: "2022-06-18T04:26:43.0000000Z", data: &by[..2] },
    ]);
    fs::write(root.join("Security.evtx"), log).unwrap();
    folder
}

fn run(root: &Path, options: &[&str]) -> Output {
    let paths = ["Tasks", "SOFTWARE", "Security.evtx"].map(|name| root.join(name));
    Command::new(env!("CARGO_BIN_EXE_triage")).args(options).args(paths).output().unwrap()
}

#[test]
fn the_table_has_what_a_person_must_look_at() {
    let machine = machine("table");
    let output = run(&machine.0, &["--now", "2024-05-15T10:20:30Z"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = text.split("\n\n").next().unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let shown: Vec<_> = rows.iter().map(|row| (row[0], row[1], row[row.len() - 2])).collect();
    assert_eq!(
        shown,
        [
            ("error", r"\Edited", "reconcile.hash"),
            ("error", r"\Edited", "reconcile.actions"),
            ("error", r"\Ghost", "reconcile.key.without_file"),
            ("error", r"\Ghost", "reconcile.sd.empty"),
            ("error", r"\Hidden", "reconcile.sd.missing"),
            ("warning", r"\Once", "reconcile.event.short_lived"),
        ],
        "{text}"
    );
    assert!(text.contains("T1564"), "{text}");
}

#[test]
fn the_lines_have_everything() {
    let machine = machine("lines");
    let output = run(&machine.0, &["--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<_> = lines.iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 5, "{paths:?}");
    let of = |path: &str| lines.iter().find(|line| line["path"] == path).unwrap();
    let field = |path: &str, place: &str| {
        let fields = of(path)["fields"].as_array().unwrap().iter();
        fields.clone().find(|field| field["place"] == place).unwrap_or_else(|| panic!("{place}: {fields:?}"))
    };
    assert_eq!(of(r"\Contoso\Backup")["findings"], serde_json::json!([]));
    let command = field(r"\Edited", "Actions[0]/Command");
    assert_eq!(
        (command["from"].as_str(), command["others"][0][1].as_str()),
        (Some("Tasks"), Some(r"C:\Users\Public\evil.exe"))
    );
    assert_eq!(field(r"\Once", "Log/Created/By")["value"], r"CONTOSO\alice");
    assert_eq!(field(r"\Once", "Actions[0]/Command")["from"], "Event");
    let hidden = &of(r"\Hidden")["findings"][0];
    assert_eq!(
        (hidden["code"].as_str(), hidden["technique"].as_str()),
        (Some("reconcile.sd.missing"), Some("T1564"))
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let machine = machine("damaged");
    fs::write(machine.0.join("SOFTWARE"), b"regf").unwrap();
    let output = run(&machine.0, &[]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && errors.contains("SOFTWARE: "), "{errors}");
    // The rest was read all the same; that files have no keys is not said where no keys were read.
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("examine.user_writable.privileged"), "{text}");
    assert!(text.contains("reconcile.event.short_lived"), "{text}");
    assert!(!text.contains("reconcile.file.without_key"), "{text}");
    let help = Command::new(env!("CARGO_BIN_EXE_triage")).arg("--help").output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().contains("usage: triage"));
    assert_eq!(Command::new(env!("CARGO_BIN_EXE_triage")).output().unwrap().status.code(), Some(2));
}
