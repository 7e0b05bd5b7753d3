//! The traces of a machine with 10,000 tasks, from bytes to reports, against reading the same bytes and nothing more.

mod support;

use std::{cell::RefCell, hint::black_box, process::ExitCode};
use support::{Bound, Subject};
use wintask::{
    compat::{ToJob, task_to_job},
    definition::{
        Exec, IdleSettings, Principal, Repetition, Schedule, SchemaVersion, Settings, Task, Trigger,
        TriggerKind,
    },
    dtyp::FileTime,
    eventlog::{Event, System, Value},
    gpp::{Context, ScheduledTasks},
    job::Job,
    reconcile::{AUDIT_PROVIDER, Inventory, JobFile, PolicyItem, TaskEvent, TaskFile, TasksKey, TreeKey},
    security::SecurityDescriptor,
    taskcache::{self, Hash, Index, Values},
    xml::{self, Form, Options},
};

const TASKS: usize = 10_000;

/// When the tasks were registered.
const REGISTERED: u64 = 133_000_000_000_000_000;

/// The bytes of all traces of a machine.
struct Machine {
    files: Vec<TaskFile>,
    tree: Vec<TreeKey>,
    tasks: Vec<TasksKey>,
    jobs: Vec<JobFile>,
    events: Vec<String>,
    /// A policy's file, with an item for every hundredth task.
    policy: String,
}

/// A task as Windows and programs have them.
fn task(n: usize) -> Task {
    let start = "2024-01-03T02:00:00".parse().expect("a boundary");
    let triggers = match n % 4 {
        0 => vec![Trigger::calendar(Schedule::daily(1), start)],
        1 => vec![Trigger::new(TriggerKind::Logon { user_id: None, delay: None })],
        2 => vec![Trigger::at(start), Trigger::new(TriggerKind::Boot { delay: None })],
        _ => {
            let every = Repetition::every("PT1H".parse().expect("a duration"));
            vec![Trigger { repetition: Some(every.into()), ..Trigger::calendar(Schedule::daily(1), start) }]
        }
    };
    Task {
        version: Some(SchemaVersion::V1_2),
        triggers,
        principals: vec![Principal::user("S-1-5-18").with_id("Author")],
        settings: Settings {
            idle_settings: Some(IdleSettings { stop_on_idle_end: Some(true), ..IdleSettings::default() }),
            ..Settings::default()
        },
        ..Task::new(Exec::new(r"%SystemRoot%\System32\example.exe").with_arguments("/check /quiet /all"))
    }
}

fn event(id: u16, path: &str, more: &[(&str, &str)]) -> String {
    let provider = if id > 4000 { AUDIT_PROVIDER } else { "Microsoft-Windows-TaskScheduler" };
    let system = System { time_created: Some(FileTime(REGISTERED)), ..System::new(provider, id) };
    let data = [("TaskName", path)].into_iter().chain(more.iter().copied());
    Event::new(&system, data.map(|(name, value)| (name, Value::from(value)))).to_string()
}

fn machine() -> Machine {
    let sd = "O:BAG:SYD:AI(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FA;;;BA)(A;;FR;;;AU)";
    let sd = sd.parse::<SecurityDescriptor>().expect("SDDL").to_bytes().expect("bytes");
    let mut info = vec![3, 0, 0, 0];
    info.extend(REGISTERED.to_le_bytes());
    info.extend([0; 24]);
    let kinds: Vec<_> = (0..4)
        .map(|n| {
            let task = task(n);
            let bytes = xml::write(&task, Form::File).expect("a definition");
            let text =
                String::from_utf8(xml::write(&task, Form::Utf8).expect("a definition")).expect("UTF-8");
            let values = taskcache::write(&task).expect("values").values;
            let hash = Some(Hash::of_file(&bytes).as_bytes().to_vec());
            let values = Values { hash, dynamic_info: Some(info.clone()), ..values };
            // Not every task has a twin.
            let job = task_to_job(&task, &ToJob::default()).ok();
            (bytes, text, values, job.and_then(|job| job.value.to_bytes().ok()))
        })
        .collect();
    let mut machine = Machine {
        files: Vec::new(),
        tree: Vec::new(),
        tasks: Vec::new(),
        jobs: Vec::new(),
        events: Vec::new(),
        policy: r#"<?xml version="1.0" encoding="utf-8"?><ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}">"#
            .to_owned(),
    };
    for n in 0..TASKS {
        let (bytes, text, values, job) = &kinds[n % 4];
        let (path, id) = (format!(r"\Task {n}"), format!("{{00000000-0000-0000-0000-{n:012}}}"));
        let index = values.index.expect("an index");
        let values = Values { path: Some(path.clone()), index: None, ..values.clone() };
        machine.files.push(TaskFile { path: path.clone(), bytes: bytes.clone() });
        machine.tree.push(TreeKey {
            path: path.clone(),
            id: Some(id.clone()),
            index: Some(index),
            sd: Some(sd.clone()).into(),
        });
        machine.tasks.push(TasksKey { id, values, listed: Some(vec![Index(index)]) });
        machine.jobs.extend(job.clone().map(|bytes| JobFile { name: format!("Task {n}.job"), bytes }));
        machine.events.push(event(4698, &path, &[("SubjectUserName", "alice"), ("TaskContent", text)]));
        machine.events.push(event(106, &path, &[("UserContext", r"CONTOSO\alice")]));
        if n.is_multiple_of(100) {
            machine.policy += &item(n, text);
        }
        machine.events.push(event(200, &path, &[("ActionName", r"C:\Windows\System32\example.exe")]));
    }
    machine.policy += "</ScheduledTasks>";
    machine
}

/// An item that replaces a task by this definition.
fn item(n: usize, text: &str) -> String {
    let definition = &text[text.find("<Task").expect("a root")..];
    let definition =
        definition.replace(r#" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task""#, "");
    format!(
        r#"<TaskV2 clsid="{{D8896631-B747-47a7-84A6-C155337F3BC8}}" name="Task {n}" image="1" changed="2024-01-03 02:00:00" uid="{{00000000-0000-0000-0000-{n:012}}}"><Properties action="R" name="Task {n}" runAs="NT AUTHORITY\System" logonType="S4U">{definition}</Properties></TaskV2>"#
    )
}

/// The items of a policy's file.
fn items(policy: &str) -> Vec<PolicyItem> {
    let file = ScheduledTasks::read(policy.as_bytes()).expect("a policy's file");
    PolicyItem::all("Servers", &file, &Context::default())
}

/// Reads every trace by itself.
fn read() -> Box<dyn Fn()> {
    let machine = machine();
    Box::new(move || {
        for file in &machine.files {
            black_box(xml::recover(&file.bytes, &Options::default()));
        }
        for key in &machine.tree {
            let _ = black_box(SecurityDescriptor::from_bytes(
                key.sd.value().map(Vec::as_slice).unwrap_or_default(),
            ));
        }
        for key in &machine.tasks {
            black_box(taskcache::recover(&key.values));
        }
        for file in &machine.jobs {
            let _ = black_box(Job::parse(&file.bytes));
        }
        black_box(items(&machine.policy));
        for text in &machine.events {
            let event = Event::from_xml(text).ok();
            if let Some(content) = event.as_ref().and_then(|event| event.data("TaskContent")) {
                black_box(xml::recover_text(content, &Options::default()));
            }
        }
    })
}

/// Reads them as traces, joins and compares them.
fn reports() -> Box<dyn Fn()> {
    let Machine { files, tree, tasks, jobs, events, policy } = machine();
    let now = Some(FileTime(REGISTERED));
    let inventory = RefCell::new(Inventory { files, tree, tasks, jobs, now, ..Inventory::default() });
    Box::new(move || {
        let read = |text: &String| TaskEvent::from_event(&Event::from_xml(text).ok()?);
        let mut inventory = inventory.borrow_mut();
        inventory.events = events.iter().filter_map(read).collect();
        inventory.policies = items(&policy);
        let mut count = 0;
        for report in inventory.reports() {
            assert!(report.findings.is_empty() && report.differences.is_empty(), "{:?}", report.findings);
            count += 1;
        }
        assert_eq!(count, TASKS);
    })
}

const SUBJECTS: &[Subject] = &[
    Subject { name: "reading 10,000 tasks' traces", prepare: read },
    Subject { name: "reading, joining and comparing them", prepare: reports },
];

const BOUNDS: &[Bound] = &[Bound {
    subject: "reading, joining and comparing them",
    peer: "reading 10,000 tasks' traces",
    // Callgrind counts SHA-256 in software, which costs half as much as reading. Processors have instructions for it: in time
    // the ratio is lower.
    most: 2.0,
}];

fn main() -> ExitCode {
    support::run(SUBJECTS, BOUNDS)
}
