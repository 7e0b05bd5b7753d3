//! Traces that disagree. The techniques are public; the inputs are our own.

use std::{cell::RefCell, collections::BTreeSet};
use wintask::{
    compat::{ToJob, task_to_job},
    definition::*,
    dtyp::FileTime,
    eventlog::{Event, System, Value},
    finding::{FindingKind as _, Severity},
    gpp::{self, Context},
    reconcile::*,
    security::SecurityDescriptor,
    taskcache::{Hash, Index, RawTriggers, Values, write},
    xml::{self, Form},
};

const ID: &str = "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}";
const PATH: &str = r"\Backup";

/// When the task was registered: 2022-06-18.
const REGISTERED: u64 = 133_000_000_000_000_000;

const MINUTE: u64 = 600_000_000;

fn task() -> Task {
    Task {
        version: Some(SchemaVersion::V1_2),
        registration_info: RegistrationInfo { uri: Some(PATH.into()), ..RegistrationInfo::default() },
        triggers: vec![Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse().unwrap())],
        principals: vec![Principal::user("S-1-5-18").with_id("Author")],
        ..Task::new(Exec::new(r"%SystemRoot%\System32\backup.exe"))
    }
}

fn sd(sddl: &str) -> Vec<u8> {
    sddl.parse::<SecurityDescriptor>().unwrap().to_bytes().unwrap()
}

/// An event of the audit about a task, some minutes after its registration.
fn audit(id: u16, minutes: u64, content: &str) -> TaskEvent {
    let system = System {
        time_created: Some(FileTime(REGISTERED + minutes * MINUTE)),
        ..System::new(AUDIT_PROVIDER, id)
    };
    let name = if id == 4702 { "TaskContentNew" } else { "TaskContent" };
    let data = [
        ("SubjectUserSid", "S-1-5-21-1-2-3-1001"),
        ("SubjectUserName", "alice"),
        ("SubjectDomainName", "CONTOSO"),
        ("TaskName", PATH),
        (name, content),
    ];
    let event = Event::new(&system, data.map(|(name, value)| (name, Value::Text(value.to_owned()))));
    TaskEvent::from_event(&event.to_string().parse().unwrap()).unwrap()
}

/// An event of the Task Scheduler.
fn told(id: u16, minutes: u64, data: &[(&str, &str)]) -> TaskEvent {
    let system = System {
        time_created: Some(FileTime(REGISTERED + minutes * MINUTE)),
        ..System::new("Microsoft-Windows-TaskScheduler", id)
    };
    let data = [("TaskName", PATH)]
        .iter()
        .chain(data)
        .map(|(name, value)| (*name, Value::Text((*value).to_owned())));
    TaskEvent::from_event(&Event::new(&system, data)).unwrap()
}

fn text(task: &Task) -> String {
    String::from_utf8(xml::write(task, Form::Utf8).unwrap()).unwrap()
}

/// All traces of a task that agree.
struct Traces {
    file: Option<TaskFile>,
    tree: Option<TreeKey>,
    tasks: Option<TasksKey>,
    job: Option<JobFile>,
    policies: Vec<PolicyItem>,
    events: Vec<TaskEvent>,
    now: Option<FileTime>,
}

impl Traces {
    fn of(task: &Task) -> Self {
        let bytes = xml::write(task, Form::File).unwrap();
        let mut info = vec![3, 0, 0, 0];
        info.extend(REGISTERED.to_le_bytes());
        info.extend([0; 24]);
        let Hash::Sha256(hash) = Hash::of_file(&bytes) else { panic!() };
        let values = Values {
            path: Some(PATH.into()),
            hash: Some(hash.to_vec()),
            dynamic_info: Some(info),
            index: None,
            ..write(task).unwrap().values
        };
        let descriptor = sd("O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;FR;;;AU)");
        let job = task_to_job(task, &ToJob::default()).ok();
        let job = job.map(|job| JobFile { name: "Backup.job".into(), bytes: job.value.to_bytes().unwrap() });
        Self {
            file: Some(TaskFile { path: PATH.into(), bytes }),
            tree: Some(TreeKey {
                path: PATH.into(),
                id: Some(ID.into()),
                index: Some(3),
                sd: Collected::Value(descriptor),
            }),
            tasks: Some(TasksKey { id: ID.into(), values, listed: Some(vec![Index::PLAIN]) }),
            job,
            policies: policy("TaskV2", "R", "", &text(task)),
            events: vec![
                told(129, 90, &[("Path", r"C:\Windows\System32\backup.exe")]),
                told(200, 90, &[("ActionName", r"C:\Windows\System32\BACKUP.EXE")]),
                audit(4698, 0, &text(task)),
                told(106, 0, &[("UserContext", r"CONTOSO\alice")]),
            ],
            now: Some(FileTime(REGISTERED + 1000 * MINUTE)),
        }
    }

    /// Only the events of a task.
    fn of_log(events: Vec<TaskEvent>) -> Self {
        Self { file: None, tree: None, tasks: None, job: None, policies: vec![], events, now: None }
    }

    fn report(&self) -> Report {
        reconcile(&Evidence {
            file: self.file.as_ref(),
            tree: self.tree.as_ref(),
            tasks: self.tasks.as_ref(),
            job: self.job.as_ref(),
            policies: self.policies.iter().collect(),
            events: self.events.iter().collect(),
            now: self.now,
            looked_for: LookedFor::default(),
        })
    }

    fn codes(&self) -> Vec<&'static str> {
        self.report().findings.iter().map(|finding| finding.code()).collect()
    }
}

/// A policy's file with one item.
fn policy(kind: &str, action: &str, properties: &str, definition: &str) -> Vec<PolicyItem> {
    let class = match kind {
        "Task" => "{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}",
        "TaskV2" => "{D8896631-B747-47a7-84A6-C155337F3BC8}",
        _ => "{9756B581-76EC-4169-9AFC-0CA8D43ADB5F}",
    };
    // The definition in an item has no namespace and no declaration.
    let definition = definition.find("<Task").map_or("", |at| &definition[at..]);
    let definition =
        definition.replace(" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"", "");
    let file = format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<ScheduledTasks clsid="{{CC63F200-7309-4ba0-B154-A71CD118DBCC}}"><{kind} clsid="{class}" name="Backup"
uid="{{00000000-0000-0000-0000-000000000001}}"><Properties action="{action}" name="Backup" {properties}>{definition}</Properties></{kind}></ScheduledTasks>"#
    );
    let file = gpp::recover(file.as_bytes()).policy.unwrap();
    PolicyItem::all("Workstations", &file, &Context::default())
}

/// The samples of the fuzz target: traces that agree, after an index and the sizes of the first three.
pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let with_context = {
        let mut task = task();
        task.actions.context = Some("Author".into());
        task
    };
    let samples = [
        ("agree", 3, task()),
        ("context", 3, with_context),
        // With events, and with the .JOB file in the place of the descriptor.
        ("events", 0x43, task()),
        ("twin", 0xC3, task()),
    ];
    let samples = samples.map(|(name, index, task)| {
        let Traces { file, tree, tasks, job, .. } = Traces::of(&task);
        let (file, values) = (file.unwrap().bytes, tasks.unwrap().values);
        let rest =
            if index & 0x80 == 0 { tree.unwrap().sd.value().unwrap().clone() } else { job.unwrap().bytes };
        let parts = [file, values.actions.unwrap(), values.triggers.unwrap(), rest];
        let mut bytes = vec![index];
        bytes.extend(parts[..3].iter().flat_map(|part| (part.len() as u16).to_le_bytes()));
        bytes.extend(parts.concat());
        (name.to_owned(), bytes)
    });
    samples.to_vec()
}

thread_local! {
    /// The codes that the tables found.
    static FOUND: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// Every finding is in one of the tables, and each row expects all findings of its case.
#[test]
fn every_finding() {
    techniques();
    definitions();
    let found = FOUND.with_borrow(Clone::clone);
    let missing: Vec<_> =
        FindingKind::ALL.iter().map(|kind| kind.code()).filter(|code| !found.contains(code)).collect();
    // Shared identifiers take two keys.
    assert_eq!(missing, ["reconcile.id.shared"]);
}

/// Changes of traces that agree, and what is found then, all of it (EVIDENCE.md TRACE-01 to TRACE-05).
fn techniques() {
    let tree = |edit: fn(&mut TreeKey)| move |traces: &mut Traces| edit(traces.tree.as_mut().unwrap());
    let values =
        |edit: fn(&mut Values)| move |traces: &mut Traces| edit(&mut traces.tasks.as_mut().unwrap().values);
    let other = || Task { actions: Task::new(Exec::new(r"C:\x.exe")).actions, ..task() };
    type Edit = Box<dyn Fn(&mut Traces)>;
    let rows: Vec<(&str, Edit, &[&str])> = vec![
        ("untouched", Box::new(|_| ()), &[]),
        ("Tarrask", Box::new(tree(|tree| tree.sd = Collected::Missing)), &["reconcile.sd.missing"]),
        (
            "GhostTask",
            Box::new(|traces| {
                traces.file = None;
                traces.tree.as_mut().unwrap().sd = Collected::Value(sd("O:BAG:SYD:"));
                traces.tasks.as_mut().unwrap().values.hash = None;
            }),
            &["reconcile.key.without_file", "reconcile.sd.empty"],
        ),
        (
            "Windows 7, which writes no SD (CACHE-24)",
            Box::new(|traces| {
                traces.tree.as_mut().unwrap().sd = Collected::Missing;
                let values = &mut traces.tasks.as_mut().unwrap().values;
                let mut raw = RawTriggers::parse(values.triggers.as_ref().unwrap()).unwrap();
                raw.head.version.value = 0x15;
                values.triggers = Some(raw.to_bytes().unwrap());
            }),
            &[],
        ),
        (
            "a leftover on Windows 7 (CACHE-24)",
            Box::new(|traces| {
                let tree = traces.tree.take().unwrap();
                *traces = Traces::of_log(Vec::new());
                traces.tree = Some(TreeKey { index: Some(0), sd: Collected::Missing, ..tree });
            }),
            &["reconcile.tree.leftover"],
        ),
        ("Index 0", Box::new(tree(|tree| tree.index = Some(0))), &["reconcile.index.zero"]),
        ("a key that was deleted", Box::new(|traces| traces.tree = None), &["reconcile.tasks.without_tree"]),
        (
            "a definition that was deleted",
            Box::new(|traces| traces.tasks = None),
            &["reconcile.tree.without_tasks"],
        ),
        (
            "a file alone",
            Box::new(|traces| (traces.tree, traces.tasks) = (None, None)),
            &["reconcile.file.without_key"],
        ),
        (
            "a descriptor for everybody",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:BAG:SYD:(A;;FA;;;WD)")))),
            &["reconcile.sd.weak"],
        ),
        (
            "another path",
            Box::new(values(|values| values.path = Some(r"\Other".into()))),
            &["reconcile.path"],
        ),
        (
            "an edited file",
            Box::new(|traces| {
                let file = traces.file.as_mut().unwrap();
                let mut task = task();
                task.actions.list = vec![Exec::new(r"%SystemRoot%\System32\other.exe").into()];
                file.bytes = xml::write(&task, Form::File).unwrap();
            }),
            &["reconcile.hash", "reconcile.actions"],
        ),
        (
            "edited actions",
            Box::new(values(|values| {
                let other = Task { actions: Task::new(Exec::new(r"C:\x.exe")).actions, ..task() };
                values.actions = write(&other).unwrap().values.actions;
            })),
            &["reconcile.actions", "reconcile.policy.differs"],
        ),
        (
            "edited triggers",
            Box::new(values(|values| {
                let other =
                    Task { triggers: vec![Trigger::at("2024-01-03T02:00:00".parse().unwrap())], ..task() };
                values.triggers = write(&other).unwrap().values.triggers;
            })),
            &["reconcile.triggers", "reconcile.policy.differs"],
        ),
        (
            "another account",
            Box::new(values(|values| {
                let other =
                    Task { principals: vec![Principal::user("S-1-5-19").with_id("Author")], ..task() };
                values.triggers = write(&other).unwrap().values.triggers;
            })),
            &["reconcile.principal"],
        ),
        (
            "a value that is cut off",
            Box::new(values(|values| {
                values.triggers.as_mut().unwrap().pop();
            })),
            &["reconcile.damaged"],
        ),
        (
            "a descriptor for SYSTEM alone",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:SYG:SYD:(A;;FA;;;SY)")))),
            &["reconcile.sd.narrow"],
        ),
        (
            "a descriptor that denies administrators",
            Box::new(tree(|tree| {
                tree.sd = Collected::Value(sd("O:SYG:SYD:(D;;FR;;;BA)(A;;FA;;;SY)(A;;FA;;;BA)"))
            })),
            &["reconcile.sd.narrow"],
        ),
        (
            "a descriptor of which administrators have a part as anybody who is logged on",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:BAG:SYD:(A;;FA;;;SY)(A;;FRFX;;;IU)")))),
            &[],
        ),
        (
            "a descriptor for an account of its own",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:BAG:SYD:(A;;FA;;;S-1-5-21-1-2-3-1001)")))),
            &["reconcile.sd.empty"],
        ),
        (
            "a descriptor without a DACL",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:BAG:SY")))),
            &["reconcile.sd.weak"],
        ),
        (
            "a descriptor for the users of the domain",
            Box::new(tree(|tree| {
                let sddl = "O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;FA;;;S-1-5-21-9-8-7-513)";
                tree.sd = Collected::Value(sd(sddl))
            })),
            &["reconcile.sd.weak"],
        ),
        (
            "a descriptor by which users may change it",
            Box::new(tree(|tree| {
                tree.sd = Collected::Value(sd("O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;FRWD;;;BU)"))
            })),
            &["reconcile.sd.weak"],
        ),
        (
            "a descriptor by which guests may write",
            Box::new(tree(|tree| {
                tree.sd = Collected::Value(sd("O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;FW;;;BG)"))
            })),
            &["reconcile.sd.weak"],
        ),
        (
            "a descriptor that only lets users start it",
            Box::new(tree(|tree| {
                tree.sd = Collected::Value(sd("O:BAG:SYD:P(A;;FRFX;;;AU)(A;;FA;;;SY)(A;;FRFX;;;BU)"))
            })),
            &[],
        ),
        (
            "a descriptor that denies",
            Box::new(tree(|tree| {
                tree.sd = Collected::Value(sd("O:BAG:SYD:(D;;FA;;;WD)(A;;FA;;;SY)(A;;FA;;;BA)"))
            })),
            &["reconcile.sd.empty"],
        ),
        (
            "a descriptor that allows everything",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:BAG:SYD:NO_ACCESS_CONTROL")))),
            &["reconcile.sd.weak"],
        ),
        (
            "a descriptor whose generic rights are not mapped",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:BAG:SYD:(A;;GA;;;BA)(A;;GA;;;SY)")))),
            &[],
        ),
        (
            "such a descriptor for everybody",
            Box::new(tree(|tree| tree.sd = Collected::Value(sd("O:BAG:SYD:(A;;GA;;;WD)")))),
            &["reconcile.sd.weak"],
        ),
        ("an unknown index", Box::new(tree(|tree| tree.index = Some(9))), &["reconcile.index"]),
        ("a key without index", Box::new(tree(|tree| tree.index = None)), &["reconcile.index"]),
        (
            "an index of the wrong kind",
            Box::new(|traces| {
                traces.tree.as_mut().unwrap().index = Some(1);
                traces.tasks.as_mut().unwrap().listed = Some(vec![Index::BOOT]);
            }),
            &["reconcile.index.kind"],
        ),
        (
            "an index without its list",
            Box::new(|traces| traces.tasks.as_mut().unwrap().listed = Some(vec![])),
            &["reconcile.index.list"],
        ),
        (
            "a key that leads nowhere",
            Box::new(|traces| (traces.tree.as_mut().unwrap().id, traces.tasks) = (None, None)),
            &["reconcile.tree.without_id"],
        ),
        (
            "an old hash",
            Box::new(|traces| {
                let hash = Hash::crc32_of_file(&traces.file.as_ref().unwrap().bytes);
                traces.tasks.as_mut().unwrap().values.hash = Some(hash.as_bytes().to_vec());
            }),
            &["reconcile.hash.crc32"],
        ),
        (
            "an old hash that is wrong",
            Box::new(values(|values| values.hash = Some(vec![1, 2, 3, 4]))),
            &["reconcile.hash"],
        ),
        (
            "a hash that is right, and a CRC-32 that is not",
            Box::new(values(|values| {
                let mut raw = RawTriggers::parse(values.triggers.as_ref().unwrap()).unwrap();
                raw.bucket.crc32.value = 1;
                values.triggers = Some(raw.to_bytes().unwrap());
            })),
            &["reconcile.crc32"],
        ),
        (
            "a task that was disabled behind the file's back",
            Box::new(values(|values| {
                let mut raw = RawTriggers::parse(values.triggers.as_ref().unwrap()).unwrap();
                raw.bucket.flags.value &= !0x40_0000;
                values.triggers = Some(raw.to_bytes().unwrap());
            })),
            &["reconcile.settings"],
        ),
        (
            "actions of another principal",
            Box::new(values(|values| {
                let mut other = task();
                other.actions.context = Some("Someone".into());
                values.actions = write(&other).unwrap().values.actions;
            })),
            &["reconcile.context", "reconcile.principal"],
        ),
        (
            "a descriptor that cannot be read",
            Box::new(tree(|tree| tree.sd = Collected::Value(vec![1]))),
            &["reconcile.damaged"],
        ),
        (
            "file and keys that were edited alike",
            Box::new(move |traces| {
                let edited = Traces::of(&other());
                (traces.file, traces.tasks, traces.job) = (edited.file, edited.tasks, edited.job);
                traces.policies.clear();
                traces.events.remove(1);
            }),
            &["reconcile.event.content"],
        ),
        (
            "the same after a change without audit",
            Box::new(move |traces| {
                let edited = Traces::of(&other());
                (traces.file, traces.tasks, traces.job) = (edited.file, edited.tasks, edited.job);
                traces.policies.clear();
                traces.events.push(told(140, 200, &[("UserName", "alice")]));
            }),
            &[],
        ),
        (
            "a task that is there after its deletion",
            Box::new(|traces| traces.events.push(audit(4699, 5, ""))),
            &["reconcile.event.deleted"],
        ),
        (
            "the same by the other log",
            Box::new(|traces| traces.events.push(told(141, 5, &[("UserName", "alice")]))),
            &["reconcile.event.deleted"],
        ),
        (
            "a program that is not the task's",
            Box::new(|traces| traces.events.push(told(201, 95, &[("ActionName", r"C:\evil.exe")]))),
            &["reconcile.event.program"],
        ),
        (
            "a program from before the last change",
            Box::new(|traces| {
                traces.events.push(told(200, 1, &[("ActionName", "old.exe")]));
                traces.events.push(audit(4702, 50, &text(&task())));
            }),
            &[],
        ),
        (
            "a task of which only the log tells",
            Box::new(|traces| *traces = Traces::of_log(vec![audit(4698, 0, &text(&task()))])),
            &["reconcile.event.without_task"],
        ),
        (
            "a task that lived a day",
            Box::new(|traces| *traces = Traces::of_log(vec![audit(4698, 0, ""), audit(4699, 1440, "")])),
            &[],
        ),
        (
            "atexec",
            Box::new(|traces| {
                let content = text(&atexec());
                *traces = Traces::of_log(vec![audit(4699, 1, &content), audit(4698, 0, &content)]);
            }),
            &[
                "reconcile.event.short_lived",
                "examine.hidden",
                "examine.shape.atexec",
                "examine.script_host",
                "examine.shape.atexec_like",
            ],
        ),
        (
            "a twin of what the task was",
            Box::new(move |traces| traces.job = Traces::of(&other()).job),
            &["reconcile.twin.differs"],
        ),
        (
            "a twin that cannot be read",
            Box::new(|traces| traces.job.as_mut().unwrap().bytes.truncate(60)),
            &["reconcile.damaged"],
        ),
        (
            "a twin alone",
            Box::new(|traces| {
                let job = traces.job.take();
                *traces = Traces { job, ..Traces::of_log(vec![]) };
            }),
            &["reconcile.twin.without_task"],
        ),
        (
            "an immediate task of a policy",
            Box::new(|traces| {
                let events = vec![audit(4698, 0, &text(&task())), audit(4699, 1, "")];
                let policies = policy("ImmediateTaskV2", "C", "", &text(&task()));
                *traces = Traces { policies, ..Traces::of_log(events) };
            }),
            &["reconcile.event.short_lived", "reconcile.policy.immediate"],
        ),
        (
            "a policy with a password",
            Box::new(|traces| {
                let properties =
                    r#"appName="%SystemRoot%\System32\backup.exe" runAs="CONTOSO\svc" cpassword="abc""#;
                traces.policies = policy("Task", "R", properties, "");
            }),
            &["reconcile.policy.password"],
        ),
        (
            "a policy that states another task",
            Box::new(move |traces| traces.policies = policy("TaskV2", "R", "", &text(&other()))),
            &["reconcile.policy.differs"],
        ),
        (
            "a policy that states what the file has, while the service goes by something else",
            Box::new(move |traces| {
                traces.policies = policy("TaskV2", "R", "", &text(&task()));
                let values = write(&other()).unwrap().values;
                let known = traces.tasks.as_mut().unwrap();
                known.values =
                    Values { actions: values.actions, triggers: values.triggers, ..known.values.clone() };
            }),
            &["reconcile.actions", "reconcile.policy.differs"],
        ),
        (
            "a policy that leaves what is there alone",
            Box::new(move |traces| traces.policies = policy("TaskV2", "C", "", &text(&other()))),
            &[],
        ),
        (
            "a policy whose task is not there",
            Box::new(|traces| {
                let policies = policy("TaskV2", "R", "", &text(&task()));
                *traces = Traces { policies, ..Traces::of_log(vec![]) };
            }),
            &["reconcile.policy.without_task"],
        ),
        (
            "a policy that deletes the task",
            Box::new(|traces| traces.policies = policy("TaskV2", "D", "", "")),
            &["reconcile.policy.deletes"],
        ),
        (
            "a registration after the collection",
            Box::new(|traces| traces.now = Some(FileTime(REGISTERED - 5 * MINUTE))),
            &["reconcile.time.future"],
        ),
        (
            "a registration before the creation",
            Box::new(values(|values| {
                let earlier = (REGISTERED - 60 * MINUTE).to_le_bytes();
                values.dynamic_info.as_mut().unwrap()[4..12].copy_from_slice(&earlier);
            })),
            &["reconcile.time.before_creation"],
        ),
        (
            "a run in the year 1601",
            Box::new(values(|values| {
                values.dynamic_info.as_mut().unwrap()[12..20].copy_from_slice(&1_u64.to_le_bytes())
            })),
            &["reconcile.time"],
        ),
        (
            "a time of zero",
            Box::new(values(|values| values.dynamic_info.as_mut().unwrap()[4..12].fill(0))),
            &["reconcile.time"],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, edit, expected) in rows {
        let mut traces = Traces::of(&task());
        edit(&mut traces);
        let codes = traces.codes();
        if codes != expected {
            wrong.push((name, codes.clone(), expected));
        }
        FOUND.with_borrow_mut(|found| found.extend(codes));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    handler_hijack();
    let copied = Task {
        registration_info: RegistrationInfo {
            uri: Some(r"\Elsewhere".into()),
            ..RegistrationInfo::default()
        },
        ..task()
    };
    assert_eq!(Traces::of(&copied).codes(), ["reconcile.uri"]);
    FOUND.with_borrow_mut(|found| found.insert("reconcile.uri"));
}

/// The handler of a task is another class in the registry than in the file.
fn handler_hijack() {
    let handler =
        |class: u128| ComHandler { class_id: uuid::Uuid::from_u128(class), ..ComHandler::default() };
    let of = |class| Task { actions: Task::new(handler(class)).actions, ..task() };
    let mut traces = Traces::of(&of(1));
    traces.events.retain(|event| event.program.is_none());
    assert_eq!(traces.codes(), ["examine.com_handler"]);
    traces.tasks.as_mut().unwrap().values.actions = write(&of(2)).unwrap().values.actions;
    assert_eq!(traces.codes(), ["reconcile.actions", "reconcile.policy.differs", "examine.com_handler"]);
}

/// The template of impacket's atexec.
fn atexec() -> Task {
    let exec = Exec::new("cmd.exe").with_arguments(r"/C whoami > %windir%\Temp\aBcDeFgH.tmp 2>&1");
    Task {
        triggers: vec![Trigger::calendar(Schedule::daily(1), "2015-07-15T20:35:13.2757294".parse().unwrap())],
        settings: Settings { hidden: Some(true), ..Settings::default() },
        principals: vec![Principal::user("SYSTEM")],
        ..Task::new(exec)
    }
}

/// Definitions, and what is found of each, all of it (EVIDENCE.md TRACE-06 to TRACE-10).
fn definitions() {
    let system = |exec: Exec| Task { principals: vec![Principal::user("SYSTEM")], ..Task::new(exec) };
    let exec = |command: &str, arguments: &str| Exec::new(command).with_arguments(arguments);
    let seconds = wintask::time::XsDuration::from_seconds;
    let idle = |duration, wait| {
        let (duration, wait_timeout) = (Some(seconds(duration)), Some(seconds(wait)));
        Some(IdleSettings { duration, wait_timeout, ..IdleSettings::default() })
    };
    let made = |date: Option<&str>, author: Option<&str>, idle_settings| Task {
        registration_info: RegistrationInfo {
            uri: Some(r"\A".into()),
            date: date.map(|date| date.parse().unwrap()),
            author: author.map(str::to_owned),
            ..RegistrationInfo::default()
        },
        principals: vec![Principal::user("S-1-5-21-1-2-3-1001").with_id("Author")],
        settings: Settings { idle_settings, ..Settings::default() },
        ..Task::new(Exec::new("a.exe"))
    };
    let mut snap_in = made(Some("2024-01-03T02:00:00.1234567"), Some("alice"), None);
    snap_in.actions.context = Some("Author".into());
    snap_in.settings = Settings {
        allow_hard_terminate: Some(true),
        allow_start_on_demand: Some(true),
        start_when_available: Some(false),
        run_only_if_idle: Some(false),
        wake_to_run: Some(false),
        hidden: Some(false),
        enabled: Some(true),
        ..Settings::default()
    };
    let at = Task {
        registration_info: RegistrationInfo {
            description: Some("Created by NetScheduleJobAdd.".into()),
            ..RegistrationInfo::default()
        },
        ..system(exec("a.exe", ""))
    };
    let rows: Vec<(Task, &[&str])> = vec![
        (system(Exec::new(r"%SystemRoot%\System32\svc.exe")), &[]),
        (
            atexec(),
            &["examine.hidden", "examine.shape.atexec", "examine.script_host", "examine.shape.atexec_like"],
        ),
        (
            system(exec("cmd.exe", r"/c ipconfig > C:\Windows\Temp\x.tmp 2>&1")),
            &["examine.script_host", "examine.shape.atexec_like"],
        ),
        (system(exec("cmd.exe", r"/c backup > C:\log.txt 2>&1")), &["examine.script_host"]),
        (system(Exec::new(r"C:\Users\Public\a.exe")), &["examine.user_writable.privileged"]),
        (Task::new(Exec::new(r#""C:\Users\alice\My App\a.exe""#)), &["examine.user_writable"]),
        (Task::new(Exec::new(r"C:\Program Files\App\a.exe")), &["examine.unquoted"]),
        (
            Task::new(exec("powershell", "-w hidden -enc SQBFAFgAIAAoAE4A")),
            &["examine.script_host", "examine.encoded_command"],
        ),
        (Task::new(exec("powershell", "-ExecutionPolicy Bypass -File C:\\x.ps1")), &["examine.script_host"]),
        (
            Task::new(exec("mshta.exe", "https://example.org/a.hta")),
            &["examine.proxy_binary", "examine.remote"],
        ),
        (
            Task::new(exec("net.exe", r"use \\host\share /user:bob /password:Secret1")),
            &["examine.credential"],
        ),
        (Task::new(exec("tool.exe", "-password %1 --pass")), &[]),
        (Task::new(Exec::new(r"\\host\share\a.exe")), &["examine.remote_program"]),
        (
            Task::new(exec("mshta.exe", "javascript:close()")),
            &["examine.proxy_binary", "examine.inline_script"],
        ),
        (Task::new(Exec::new(r"C:\App\report.pdf.exe")), &["examine.disguised"]),
        (Task::new(Exec::new(r"C:\App\a.txt:b.exe")), &["examine.stream"]),
        (Task::new(ComHandler::default()), &["examine.com_handler"]),
        (
            system(exec("powershell.exe", "-File C:/Users/Public/x.ps1")),
            &["examine.user_writable.privileged", "examine.script_host"],
        ),
        (
            Task::new(exec("wscript.exe", r"%APPDATA%\x.vbs")),
            &["examine.user_writable", "examine.script_host"],
        ),
        (system(exec("tool.exe", r"C:\Users\Public\data.txt")), &[]),
        (
            Task {
                triggers: vec![Trigger {
                    end_boundary: Some("2024-01-02T00:00:00".parse().unwrap()),
                    ..Trigger::at("2024-01-03T00:00:00".parse().unwrap())
                }],
                ..Task::new(Exec::new("a.exe"))
            },
            &["examine.boundaries"],
        ),
        (at, &["examine.shape.at"]),
        (made(None, None, idle(300, 3600)), &["examine.shape.policy"]),
        (made(Some("2024-01-03T02:00:00"), Some("alice"), idle(600, 3600)), &["examine.shape.schtasks"]),
        (made(None, None, idle(600, 3600)), &["examine.shape.powershell"]),
        (snap_in, &["examine.shape.snap_in"]),
        (made(Some("2024-01-03T02:00:00.12"), Some("alice"), idle(600, 3600)), &[]),
        (made(None, None, None), &[]),
        (
            Task {
                triggers: vec![Trigger::at("1601-01-01T00:00:00".parse().unwrap())],
                ..Task::new(Exec::new("a.exe"))
            },
            &["examine.date"],
        ),
    ];
    for (task, expected) in rows {
        let found: Vec<_> = examine(&task).iter().map(|finding| finding.code()).collect();
        assert_eq!(found, expected, "{task:?}");
        FOUND.with_borrow_mut(|all| all.extend(found));
    }
}

/// Traces are joined regardless of their order and case, and none is omitted.
#[test]
fn inventory() {
    let Traces { file, tree, tasks, job, events, policies, now } = Traces::of(&task());
    let folder = TreeKey { path: r"\Contoso".into(), sd: Collected::Value(vec![]), ..TreeKey::default() };
    let alone = TaskFile { path: r"\Alone".into(), ..file.clone().unwrap() };
    let mut other = tasks.clone().unwrap();
    other.id = "{00000000-0000-0000-0000-000000000001}".into();
    (other.values.path, other.values.uri) = (Some(r"\Hidden".into()), None);
    let copy = TreeKey { path: r"\Copy".into(), ..tree.clone().unwrap() };
    let mut upper = file.unwrap();
    upper.path = PATH.to_uppercase();
    let old = JobFile { name: "OLD.job".into(), bytes: job.clone().unwrap().bytes };
    let mut gone = events.clone();
    gone.iter_mut().for_each(|event| event.path = r"\Gone".into());
    let mut planted = policies[0].clone();
    planted.name = "Planted".into();
    let inventory = Inventory {
        files: vec![alone, upper],
        tree: vec![folder, tree.unwrap(), copy],
        tasks: vec![other, tasks.unwrap()],
        jobs: vec![old, job.unwrap()],
        policies: [planted].into_iter().chain(policies).collect(),
        events: [gone, events].concat(),
        now,
    };
    let reports: Vec<_> = inventory
        .reports()
        .map(|report| {
            let codes: Vec<_> = report.findings.iter().map(|finding| finding.code()).collect();
            (report.path, codes.join(" "))
        })
        .collect();
    let expected = [
        (PATH, ""),
        (r"\Copy", "reconcile.key.without_file reconcile.path reconcile.uri reconcile.id.shared"),
        (r"\Hidden", "reconcile.key.without_file reconcile.tasks.without_tree"),
        (r"\Alone", "reconcile.file.without_key reconcile.uri"),
        (r"\Gone", "reconcile.event.without_task"),
        (r"\OLD", "reconcile.twin.without_task"),
        (r"\Planted", "reconcile.policy.without_task"),
    ];
    assert_eq!(reports, expected.map(|(path, codes)| (path.to_owned(), codes.to_owned())));
}

/// What was not collected at all is not missing: each kind of trace alone, and pairs.
#[test]
fn parts_of_a_machine() {
    let Traces { file, tree, tasks, job, events, policies, now } = Traces::of(&task());
    let events: Vec<_> = events.into_iter().filter(|event| event.kind == EventKind::Created).collect();
    let all = Inventory {
        files: file.into_iter().collect(),
        tree: tree.into_iter().collect(),
        tasks: tasks.into_iter().collect(),
        jobs: job.into_iter().collect(),
        policies,
        events,
        now,
    };
    let none = || Inventory { now, ..Inventory::default() };
    for some in [
        Inventory { files: all.files.clone(), ..none() },
        Inventory { tree: all.tree.clone(), ..none() },
        Inventory { tasks: all.tasks.clone(), ..none() },
        Inventory { jobs: all.jobs.clone(), ..none() },
        Inventory { policies: all.policies.clone(), ..none() },
        Inventory { events: all.events.clone(), ..none() },
        Inventory { files: all.files.clone(), events: all.events.clone(), ..none() },
        Inventory { tree: all.tree.clone(), tasks: all.tasks.clone(), ..none() },
        Inventory {
            files: all.files.clone(),
            jobs: all.jobs.clone(),
            policies: all.policies.clone(),
            ..none()
        },
    ] {
        let codes: Vec<_> = some
            .reports()
            .flat_map(|report| report.findings.iter().map(|finding| finding.code()).collect::<Vec<_>>())
            .collect();
        assert_eq!(codes, [""; 0], "{some:?}");
    }
    // A file that is not the one that the log reports, where files were looked for.
    let mut other = all.files.clone();
    other[0].path = r"\Other".into();
    let some = Inventory { files: other, events: all.events, ..none() };
    let codes: Vec<_> = some
        .reports()
        .flat_map(|report| report.findings.iter().map(|finding| finding.code()).collect::<Vec<_>>())
        .collect();
    assert_eq!(codes, ["reconcile.event.without_task", "reconcile.uri"]);
}

/// The view: every field once, with its source, and which traces agree and which do not.
#[test]
fn view() {
    let mut traces = Traces::of(&task());
    let mut other = task();
    other.settings.volatile = Some(true);
    other.triggers[0].start_boundary = Some("2024-01-03T03:00:00".parse().unwrap());
    traces.file.as_mut().unwrap().bytes = xml::write(&other, Form::File).unwrap();
    let view = traces.report().view();
    let places: BTreeSet<_> = view.iter().map(|field| &field.place).collect();
    assert_eq!(places.len(), view.len());
    let shown: Vec<String> = view
        .iter()
        .filter(|field| field.is_stated)
        .map(|field| {
            format!(
                "{}: {} by {}; same {:?}; others {:?}",
                field.place, field.value, field.from, field.same, field.others
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

/// What an event shows: those of the audit and of the Task Scheduler; other providers and ids show nothing.
#[test]
fn events() {
    for (event, kind, actor) in [
        (audit(4698, 0, "x"), EventKind::Created, r"CONTOSO\alice"),
        (audit(4699, 0, "x"), EventKind::Deleted, r"CONTOSO\alice"),
        (audit(4700, 0, "x"), EventKind::Enabled, r"CONTOSO\alice"),
        (audit(4701, 0, "x"), EventKind::Disabled, r"CONTOSO\alice"),
        (audit(4702, 0, "x"), EventKind::Updated, r"CONTOSO\alice"),
        (told(106, 0, &[("UserContext", "bob")]), EventKind::Created, "bob"),
        (told(140, 0, &[("UserName", "bob")]), EventKind::Updated, "bob"),
        (told(141, 0, &[("UserName", "bob")]), EventKind::Deleted, "bob"),
        (told(142, 0, &[("UserName", "bob")]), EventKind::Disabled, "bob"),
        (told(100, 0, &[("UserContext", "bob")]), EventKind::Started, "bob"),
        (told(107, 0, &[("UserName", "bob")]), EventKind::Started, "bob"),
        (told(119, 0, &[("UserName", "bob")]), EventKind::Started, "bob"),
        (told(329, 0, &[("UserName", "bob")]), EventKind::Other, "bob"),
    ] {
        assert_eq!((event.kind, event.actor.as_deref(), event.path.as_str()), (kind, Some(actor), PATH));
        assert_eq!(event.content.as_deref(), (event.id > 4000).then_some("x"));
        assert_eq!(event.time, Some(FileTime(REGISTERED)));
    }
    let of = |provider: &str, id: u16, path: &str| {
        let data = [("TaskName", Value::Text(path.into()))];
        TaskEvent::from_event(&Event::new(&System::new(provider, id), data))
    };
    // 155 and the events of maintenance have the path under other names.
    for (id, name) in [(155, "TaskPath"), (805, "Task")] {
        let system = System::new("Microsoft-Windows-TaskScheduler", id);
        let event = TaskEvent::from_event(&Event::new(&system, [(name, Value::Text(PATH.into()))])).unwrap();
        assert_eq!((event.path.as_str(), event.kind), (PATH, EventKind::Other));
    }
    assert_eq!(of("Other", 4698, PATH), None);
    assert_eq!(of(AUDIT_PROVIDER, 4624, PATH), None);
    assert_eq!(of(AUDIT_PROVIDER, 4698, ""), None);
    assert!(of(AUDIT_PROVIDER, 4698, PATH).is_some());
}

/// Codes are unique; what untouched Windows has too is not above "info".
#[test]
fn kinds() {
    let codes: BTreeSet<_> = FindingKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), FindingKind::ALL.len());
    for kind in FindingKind::ALL {
        assert!(!kind.is_usual() || kind.severity() == Severity::Info, "{kind:?}");
        assert_eq!(kind.why().matches(". ").count() + 1, 2, "{}", kind.why());
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(technique) = kind.technique() {
            let (main, sub) = technique[1..].split_once('.').unwrap_or((&technique[1..], "001"));
            assert!(technique.starts_with('T') && digits(main, 4) && digits(sub, 3), "{technique}");
        }
        assert_eq!(kind.confidence().is_some(), kind.code().contains(".shape."), "{kind:?}");
    }
}

/// A value that was not collected is not missing.
#[test]
fn what_was_not_collected_is_not_missing() {
    let mut traces = Traces::of(&task());
    traces.tree.as_mut().unwrap().sd = Collected::NotCollected;
    assert_eq!(traces.codes(), Vec::<&str>::new());
}

/// Traces that were stored are read again, and what is absent has no key.
#[test]
fn stored_traces() {
    fn again<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(one: &T) {
        let json = serde_json::to_string(one).unwrap();
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *one, "{json}");
    }
    let traces = Traces::of(&task());
    again(&traces.file);
    again(&traces.tree);
    again(&traces.tasks);
    again(&traces.job);
    again(&traces.events);
    for sd in [Collected::NotCollected, Collected::Missing] {
        again(&TreeKey { path: PATH.into(), sd, ..TreeKey::default() });
    }
    let told = serde_json::to_value(told(106, 0, &[])).unwrap();
    let keys: Vec<_> = told.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["path", "id", "kind", "time"]);
    let Traces { file, tree, tasks, job, events, policies, now } = traces;
    let inventory = Inventory {
        files: file.into_iter().collect(),
        tree: tree.into_iter().collect(),
        tasks: tasks.into_iter().collect(),
        jobs: job.into_iter().collect(),
        policies,
        events,
        now,
    };
    let stored = serde_json::to_value(&inventory).unwrap();
    assert_eq!(stored["policies"][0]["name"], "Backup");
    assert_eq!(stored["policies"][0].get("error"), None);
}

/// A report is stored whole, and its findings keep what they are about when they are mixed with others.
#[test]
fn stored_reports() {
    let mut traces = Traces::of(&task());
    traces.tree.as_mut().unwrap().sd = Collected::Missing;
    let report = traces.report();
    let stored = serde_json::to_value(&report).unwrap();
    let keys: Vec<_> = stored.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["path", "definitions", "differences", "findings", "view"]);
    assert_eq!(stored["view"].as_array().unwrap().len(), report.view().len());
    let kind = FindingKind::DescriptorMissing;
    let finding = &stored["findings"]["list"][0];
    assert_eq!(finding["code"], kind.code());
    assert_eq!(finding["technique"], kind.technique().unwrap());
    assert_eq!((&finding["why"], &finding["is_usual"]), (&kind.why().into(), &kind.is_usual().into()));
    assert_eq!(finding.get("confidence"), None);
    let erased = report.findings.clone().erase();
    assert_eq!(serde_json::to_value(&erased).unwrap(), stored["findings"]);
    assert_eq!(erased.iter().next().unwrap().kind().background(), kind.background());
    let found = examine(&Task::new(Exec::new("cmd.exe")));
    assert!(found.iter().all(|finding| finding.kind().background().is_some()));
    // Findings of other rooms have four keys.
    let other = serde_json::to_value(&wintask::job::recover(b"x").findings).unwrap();
    assert_eq!(other["list"][0].as_object().unwrap().len(), 4);
}
