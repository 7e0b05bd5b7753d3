//! The tasks of untouched Windows: very few have a finding above "info", and each is listed with its reason.

use crate::Folder;
use libtest_mimic::Failed;
use wintask::{
    dtyp::FileTime,
    eventlog::{Event, System, Value},
    finding::Severity,
    reconcile::{AUDIT_PROVIDER, Evidence, TaskEvent, TaskFile, TasksKey, TreeKey, reconcile},
    security::SecurityDescriptor,
    taskcache::{Hash, Index, Values, write},
    xml::{self, Form, Options},
};

/// Findings above "info" on tasks of untouched Windows: a part of the file's name, the code, and the reason.
const KNOWN: &[(&str, &str, &str)] = &[];

/// Where the tasks of untouched Windows are from: a clean Windows 10, and the audit of the service's own registrations. One
/// of the audit is an exercise: a task of Windows whose command was replaced with an encoded one.
fn is_untouched(name: &str) -> bool {
    let is_exercise = name.contains("EventCacheManager~2");
    let is_windows = name.starts_with("yuksiy")
        || name.contains("evt_Microsoft_Windows")
        || name.contains("MobilityManager");
    is_windows && !is_exercise
}

/// Each with all traces that it would have: the file, its keys, the key that lists it, and the event of its registration.
pub fn untouched(files: &Folder) -> Result<(), Failed> {
    let id = "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}".to_owned();
    let registered = 133_000_000_000_000_000_u64;
    let (mut tasks, mut infos) = (0, 0);
    let mut wrong = Vec::new();
    for (name, bytes) in files.0.iter().filter(|(name, _)| is_untouched(name)) {
        let Some(task) = xml::recover(bytes, &Options::default()).task else { continue };
        tasks += 1;
        let path = task.registration_info.uri.clone().unwrap_or_else(|| r"\Task".to_owned());
        let written = write(&task)?.values;
        let index = written.index;
        let values = Values {
            hash: Some(Hash::of_file(bytes).as_bytes().to_vec()),
            dynamic_info: Some([&[3, 0, 0, 0], &registered.to_le_bytes()[..], &[0; 24]].concat()),
            path: Some(path.clone()),
            index: None,
            ..written
        };
        let sddl = task.registration_info.security_descriptor.as_deref();
        // What tasks below \Microsoft get from their folder.
        let inherited = "O:BAG:SYD:AI(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FR;;;AU)(A;ID;FA;;;BA)";
        // One names an account of its machine, whose identifier is not known.
        let sddl = sddl.filter(|sddl| !sddl.contains(";LA)")).unwrap_or(inherited);
        let sd = sddl.parse::<SecurityDescriptor>()?.to_bytes()?;
        let file = TaskFile { path: path.clone(), bytes: bytes.clone() };
        let tree = TreeKey { path: path.clone(), id: Some(id.clone()), index, sd: Some(sd).into() };
        let listed = Some(index.map(Index).into_iter().collect());
        let tasks = TasksKey { id: id.clone(), values, listed };
        let system = System { time_created: Some(FileTime(registered)), ..System::new(AUDIT_PROVIDER, 4698) };
        let content = xml::write_text(&task, Form::Server)?;
        let data = [("TaskName", path.as_str()), ("TaskContent", content.as_str())];
        let event = Event::new(&system, data.map(|(name, value)| (name, Value::from(value))));
        let event = TaskEvent::from_event(&event).ok_or("no event")?;
        let report = reconcile(&Evidence {
            file: Some(&file),
            tree: Some(&tree),
            tasks: Some(&tasks),
            events: vec![&event],
            now: Some(FileTime(registered)),
            ..Evidence::default()
        });
        for finding in &report.findings {
            if finding.severity() == Severity::Info {
                infos += 1;
                if !finding.kind().is_usual() {
                    wrong.push(format!("{name}: {finding}, which is said to be unusual"));
                }
            } else if !KNOWN.iter().any(|(part, code, _)| name.contains(part) && finding.code() == *code) {
                wrong.push(format!("{name}: {finding}"));
            }
        }
    }
    if tasks < 90 || KNOWN.len() * 50 > tasks || infos == 0 || !wrong.is_empty() {
        return Err(format!("{tasks} tasks, {infos} remarks: {wrong:#?}").into());
    }
    Ok(())
}

/// A task whose keys were computed from its file has no differences.
pub fn agree(files: &Folder) -> Result<(), Failed> {
    let id = "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}".to_owned();
    for (name, bytes) in &files.0 {
        let Some(task) = xml::recover(bytes, &Options::default()).task else { continue };
        let mut values = write(&task)?.values;
        values.hash = Some(Hash::of_file(bytes).as_bytes().to_vec());
        let path = task.registration_info.uri.clone().unwrap_or_else(|| r"\Task".to_owned());
        let file = TaskFile { path: path.clone(), bytes: bytes.clone() };
        let tree = TreeKey { path, id: Some(id.clone()), index: values.index, sd: Some(Vec::new()).into() };
        let tasks = TasksKey { id: id.clone(), values, listed: None };
        let report = reconcile(&Evidence {
            file: Some(&file),
            tree: Some(&tree),
            tasks: Some(&tasks),
            ..Evidence::default()
        });
        let differs = |code: &str| {
            matches!(code, "actions" | "triggers" | "principal" | "settings" | "hash" | "uri" | "path")
        };
        let wrong: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.code().strip_prefix("reconcile.").is_some_and(differs))
            .map(|finding| format!("{name}: {finding}"))
            .collect();
        assert!(wrong.is_empty() && report.differences.is_empty(), "{wrong:#?} {:#?}", report.differences);
    }
    Ok(())
}
