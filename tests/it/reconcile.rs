//! Traces that disagree. The techniques are public; the inputs are our own.

use std::collections::BTreeSet;
use wintask::{
    definition::*,
    finding::{FindingKind as _, Severity},
    reconcile::*,
    security::SecurityDescriptor,
    taskcache::{Hash, Values, write},
    xml::{self, Form},
};

const ID: &str = "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}";
const PATH: &str = r"\Contoso\Backup";

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

/// All traces of a task that agree.
struct Traces {
    file: Option<TaskFile>,
    tree: Option<TreeKey>,
    tasks: Option<TasksKey>,
}

impl Traces {
    fn of(task: &Task) -> Self {
        let bytes = xml::write(task, Form::File).unwrap();
        let mut info = vec![3, 0, 0, 0];
        info.extend(133_000_000_000_000_000_u64.to_le_bytes());
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
        Self {
            file: Some(TaskFile { path: PATH.into(), bytes }),
            tree: Some(TreeKey {
                path: PATH.into(),
                id: Some(ID.into()),
                index: Some(3),
                sd: Some(descriptor),
            }),
            tasks: Some(TasksKey { id: ID.into(), values }),
        }
    }

    fn codes(&self) -> Vec<&'static str> {
        let Self { file, tree, tasks } = self;
        let evidence = Evidence { file: file.as_ref(), tree: tree.as_ref(), tasks: tasks.as_ref() };
        reconcile(&evidence).findings.iter().map(|finding| finding.code()).collect()
    }
}

/// The samples of the fuzz target: traces that agree, after an index and the sizes of the first three.
pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let with_context = {
        let mut task = task();
        task.actions.context = Some("Author".into());
        task
    };
    let samples = [("agree", task()), ("context", with_context)].map(|(name, task)| {
        let Traces { file, tree, tasks } = Traces::of(&task);
        let (file, values) = (file.unwrap().bytes, tasks.unwrap().values);
        let parts = [file, values.actions.unwrap(), values.triggers.unwrap(), tree.unwrap().sd.unwrap()];
        let mut bytes = vec![3];
        bytes.extend(parts[..3].iter().flat_map(|part| (part.len() as u16).to_le_bytes()));
        bytes.extend(parts.concat());
        (name.to_owned(), bytes)
    });
    samples.to_vec()
}

/// Changes of traces that agree, and what is found then, all of it.
#[test]
fn techniques() {
    let tree = |edit: fn(&mut TreeKey)| move |traces: &mut Traces| edit(traces.tree.as_mut().unwrap());
    let values =
        |edit: fn(&mut Values)| move |traces: &mut Traces| edit(&mut traces.tasks.as_mut().unwrap().values);
    type Edit = Box<dyn Fn(&mut Traces)>;
    let rows: Vec<(&str, Edit, &[&str])> = vec![
        ("untouched", Box::new(|_| ()), &[]),
        ("Tarrask", Box::new(tree(|tree| tree.sd = None)), &["reconcile.sd.missing"]),
        (
            "GhostTask",
            Box::new(|traces| {
                traces.file = None;
                traces.tree.as_mut().unwrap().sd = Some(sd("O:BAG:SYD:"));
                traces.tasks.as_mut().unwrap().values.hash = None;
            }),
            &["reconcile.key.without_file", "reconcile.sd.empty"],
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
            Box::new(tree(|tree| tree.sd = Some(sd("O:BAG:SYD:(A;;FA;;;WD)")))),
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
            &["reconcile.actions"],
        ),
        (
            "edited triggers",
            Box::new(values(|values| {
                let other =
                    Task { triggers: vec![Trigger::new(TriggerKind::Boot { delay: None })], ..task() };
                values.triggers = write(&other).unwrap().values.triggers;
            })),
            &["reconcile.triggers"],
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
            "a time of zero",
            Box::new(values(|values| values.dynamic_info.as_mut().unwrap()[4..12].fill(0))),
            &["reconcile.time"],
        ),
    ];
    for (name, edit, expected) in rows {
        let mut traces = Traces::of(&task());
        edit(&mut traces);
        assert_eq!(traces.codes(), expected, "{name}");
    }
    let copied = Task {
        registration_info: RegistrationInfo {
            uri: Some(r"\Elsewhere".into()),
            ..RegistrationInfo::default()
        },
        ..task()
    };
    assert_eq!(Traces::of(&copied).codes(), ["reconcile.uri"]);
}

/// Definitions, and what is found of each, all of it.
#[test]
fn definitions() {
    let system = |exec: Exec| Task { principals: vec![Principal::user("SYSTEM")], ..Task::new(exec) };
    let exec = |command: &str, arguments: &str| Exec::new(command).with_arguments(arguments);
    let atexec = Task {
        triggers: vec![Trigger::calendar(Schedule::daily(1), "2015-07-15T20:35:13.2757294".parse().unwrap())],
        settings: Settings { hidden: Some(true), ..Settings::default() },
        ..system(exec("cmd.exe", r"/C whoami > %windir%\Temp\aBcDeFgH.tmp 2>&1"))
    };
    let rows: Vec<(Task, &[&str])> = vec![
        (system(Exec::new(r"%SystemRoot%\System32\svc.exe")), &[]),
        (
            atexec,
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
        (Task::new(ComHandler::default()), &["examine.com_handler"]),
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
    }
}

/// Keys and files are joined, regardless of their order and case; nothing is left out.
#[test]
fn inventory() {
    let Traces { file, tree, tasks } = Traces::of(&task());
    let folder = TreeKey { path: r"\Contoso".into(), sd: Some(vec![]), ..TreeKey::default() };
    let alone = TaskFile { path: r"\Alone".into(), ..file.clone().unwrap() };
    let mut other = tasks.clone().unwrap();
    other.id = "{00000000-0000-0000-0000-000000000001}".into();
    other.values.path = Some(r"\Hidden".into());
    let upper = TaskFile { path: PATH.to_uppercase(), ..file.unwrap() };
    let inventory = Inventory {
        files: vec![alone, upper],
        tree: vec![folder, tree.unwrap()],
        tasks: vec![other, tasks.unwrap()],
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
        (r"\Hidden", "reconcile.key.without_file reconcile.tasks.without_tree"),
        (r"\Alone", "reconcile.file.without_key reconcile.uri"),
    ];
    assert_eq!(reports, expected.map(|(path, codes)| (path.to_owned(), codes.to_owned())));
}

/// Codes are unique; what untouched Windows has too is not above "info".
#[test]
fn kinds() {
    let codes: BTreeSet<_> = FindingKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), FindingKind::ALL.len());
    for kind in FindingKind::ALL {
        assert!(!kind.is_usual() || kind.severity() == Severity::Info, "{kind:?}");
        assert_eq!(kind.why().matches(". ").count() + 1, 2, "{}", kind.why());
    }
}
