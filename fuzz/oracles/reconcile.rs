//! The traces of a task.

use std::collections::BTreeSet;
use wintask::{
    diff::{Significance, compare, fingerprint},
    dtyp::FileTime,
    eventlog::{Event, System, Value},
    limits,
    reconcile::{
        AUDIT_PROVIDER, Evidence, Inventory, JobFile, TaskEvent, TaskFile, TasksKey, TreeKey, reconcile,
    },
    taskcache::Values,
    xml::{self, Options},
};

/// Traces of any content can be compared, individually and joined. Comparing something with itself gives no
/// differences, and definitions with different meanings have different fingerprints.
///
/// The input is an Index, whose high bits add a .JOB file and events, three 16-bit sizes, and four parts: file,
/// Actions, Triggers, and the rest as SD and DynamicInfo.
///
/// Catches: panics, hangs, differences that are missing from the fingerprint. Does not catch: wrong findings.
pub(crate) fn traces(data: &[u8]) {
    let Some(([index, sizes @ ..], mut rest)) = data.split_first_chunk::<7>() else { return };
    let mut parts = sizes.as_chunks::<2>().0.iter().map(|size| {
        let size = usize::from(u16::from_le_bytes(*size)).min(rest.len());
        let (part, after) = rest.split_at(size);
        rest = after;
        part.to_vec()
    });
    let mut part = || parts.next().unwrap_or_default();
    let (file, actions, triggers) = (part(), part(), part());
    let id = "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}".to_owned();
    let file = TaskFile { path: r"\Task".into(), bytes: file };
    let sd = Some(rest.to_vec());
    let tree = TreeKey {
        path: r"\Task".into(),
        id: Some(id.clone()),
        index: Some(u32::from(*index)),
        sd: sd.into(),
    };
    let values = Values {
        actions: Some(actions),
        triggers: Some(triggers),
        dynamic_info: Some(rest.to_vec()),
        ..Values::default()
    };
    let tasks = TasksKey { id, values, listed: None };
    let job = JobFile { name: "Task.job".into(), bytes: rest.to_vec() };
    let job = (index & 0x80 != 0).then_some(job);
    // The events have the file's content, so it is read as a string, too.
    let events = [(4698, 0), (4699, u64::from(*index))].map(|(id, ticks)| event(id, ticks, &file.bytes));
    let events: Vec<TaskEvent> =
        events.into_iter().flatten().take(usize::from(index & 0x40 != 0) * 2).collect();
    let evidence = Evidence {
        file: Some(&file),
        tree: Some(&tree),
        tasks: Some(&tasks),
        job: job.as_ref(),
        events: events.iter().collect(),
        ..Evidence::default()
    };
    let report = reconcile(&evidence);
    // Every field is in the view once, and comes from an existing trace.
    let view = report.view();
    let places: BTreeSet<_> = view.iter().map(|field| &field.place).collect();
    assert!(report.task().is_none() || !view.is_empty());
    assert!(places.len() <= view.len());
    assert!(report.findings.iter().count() <= limits::MAX_FINDINGS);
    let stored = xml::recover(&file.bytes, &Options::default()).task;
    if let (Some(stored), Some(cached)) = (&stored, report.task()) {
        assert!(compare(stored, stored).is_empty() && compare(cached, cached).is_empty());
        let differences = compare(stored, cached);
        let mut meant =
            differences.iter().filter(|difference| difference.significance == Significance::Meaning);
        if fingerprint(stored) != fingerprint(cached) {
            assert!(meant.next().is_some(), "{stored:?} {cached:?}");
        }
    }
    let jobs = job.into_iter().collect();
    let (files, tree, tasks) = (vec![file], vec![tree], vec![tasks]);
    let inventory = Inventory { files, tree, tasks, jobs, events, ..Inventory::default() };
    let joined: Vec<_> = inventory.reports().collect();
    assert_eq!(joined, [report]);
}

/// A Security audit event with this content.
fn event(id: u16, ticks: u64, content: &[u8]) -> Option<TaskEvent> {
    let system = System { time_created: Some(FileTime(ticks)), ..System::new(AUDIT_PROVIDER, id) };
    let content = String::from_utf8_lossy(content).into_owned();
    let data = [("TaskName", Value::Text(r"\Task".into())), ("TaskContent", Value::Text(content))];
    TaskEvent::from_event(&Event::new(&system, data))
}
