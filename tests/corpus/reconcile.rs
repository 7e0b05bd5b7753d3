//! The tasks of untouched Windows: hardly any has a finding above "info", and each that has is listed with its reason.

use crate::Folder;
use libtest_mimic::Failed;
use wintask::{
    finding::Severity,
    reconcile::{Evidence, TaskFile, TasksKey, TreeKey, examine, reconcile},
    taskcache::{Hash, write},
    xml::{self, Options},
};

/// Findings above "info", by a part of the file's name.
const KNOWN: &[(&str, &str)] = &[];

pub fn untouched(files: &Folder) -> Result<(), Failed> {
    let mut tasks = 0;
    let mut wrong = Vec::new();
    for (name, bytes) in
        files.0.iter().filter(|(name, _)| name.starts_with("yuksiy") || name.starts_with("Orbint"))
    {
        let Some(task) = xml::recover(bytes, &Options::default()).task else { continue };
        tasks += 1;
        for finding in examine(&task).iter().filter(|finding| finding.severity() > Severity::Info) {
            let is_known = KNOWN.iter().any(|(part, code)| name.contains(part) && finding.code() == *code);
            if !is_known {
                wrong.push(format!("{name}: {finding}"));
            }
        }
    }
    if tasks < 80 || KNOWN.len() * 50 > tasks || !wrong.is_empty() {
        return Err(format!("{tasks} tasks: {wrong:#?}").into());
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
        let tree = TreeKey { path, id: Some(id.clone()), index: values.index, sd: Some(Vec::new()) };
        let tasks = TasksKey { id: id.clone(), values };
        let report = reconcile(&Evidence { file: Some(&file), tree: Some(&tree), tasks: Some(&tasks) });
        let differs =
            |code: &str| matches!(code, "actions" | "triggers" | "principal" | "hash" | "uri" | "path");
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
