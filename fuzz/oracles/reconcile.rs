//! The traces of a task.

use wintask::{
    diff::{Significance, compare, fingerprint},
    limits,
    reconcile::{Evidence, Inventory, Report, TaskFile, TasksKey, TreeKey, reconcile},
    taskcache::Values,
    xml::{self, Options},
};

/// Traces of any content can be compared, alone and joined; what is compared with itself does not differ, and what differs
/// in meaning does not have the same fingerprint.
///
/// The input is an Index, three sizes of 16 bits, and four parts: file, Actions, Triggers, and the rest as SD and DynamicInfo.
///
/// Catches: panics, hangs, differences that are not in the fingerprint. Does not catch: findings that are wrong.
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
    let tree = TreeKey { path: r"\Task".into(), id: Some(id.clone()), index: Some(u32::from(*index)), sd };
    let values = Values {
        actions: Some(actions),
        triggers: Some(triggers),
        dynamic_info: Some(rest.to_vec()),
        ..Values::default()
    };
    let tasks = TasksKey { id, values };
    let report = reconcile(&Evidence { file: Some(&file), tree: Some(&tree), tasks: Some(&tasks) });
    assert!(report.findings.iter().count() <= limits::MAX_FINDINGS);
    let stored = xml::recover(&file.bytes, &Options::default()).task;
    if let (Some(stored), Report { task: Some(cached), .. }) = (&stored, &report) {
        assert!(compare(stored, stored).is_empty() && compare(cached, cached).is_empty());
        let differences = compare(stored, cached);
        let mut meant =
            differences.iter().filter(|difference| difference.significance == Significance::Meaning);
        if fingerprint(stored) != fingerprint(cached) {
            assert!(meant.next().is_some(), "{stored:?} {cached:?}");
        }
    }
    let inventory = Inventory { files: vec![file], tree: vec![tree], tasks: vec![tasks] };
    let joined: Vec<_> = inventory.reports().collect();
    assert_eq!(joined, [report]);
}
