//! Other sources of the same task: its .JOB file, and policies.

use super::{
    finding::FindingKind,
    meant::{cached_print, is_twin, of_job},
    notes::Notes,
    policy::PolicyItem,
    trace::JobFile,
};
use crate::{
    definition::Task,
    diff::Fingerprint,
    gpp::{Action, ItemKind},
    job,
};

/// Compares the definition in a .JOB file with the task's; `current` has the task's other definitions, if they were
/// collected.
pub(super) fn of_twin(file: &JobFile, current: Option<&[&Task]>, notes: &mut Notes) -> Option<Task> {
    let is_looked_for = current.is_some();
    let Ok(twin) = job::Job::parse(&file.bytes) else {
        notes.push(FindingKind::Damaged, "Job");
        return None;
    };
    let current = current.unwrap_or_default();
    if current.is_empty() && is_looked_for {
        notes.push(FindingKind::TwinWithoutTask, "Job");
    } else if !current.is_empty() && !current.iter().any(|task| is_twin(task, &twin)) {
        // A difference between file and registry is already reported.
        notes.push(FindingKind::TwinDiffers, "Job");
    }
    Some(of_job(&twin))
}

/// Compares the definition in a policy item with the task's. `current` is the fingerprint of the definition that the
/// service uses, as the registry would store it, if one was collected. If it differs from the policy, it is
/// irrelevant that the file still matches the policy.
pub(super) fn of_policy<'a>(
    item: &'a PolicyItem,
    current: Option<Option<&Fingerprint>>,
    notes: &mut Notes,
) -> Option<&'a Task> {
    if item.has_password {
        notes.push(FindingKind::PolicyPassword, "Policy");
    }
    if item.is_ignored {
        return None;
    }
    let Some(planted) = &item.task else {
        if item.action == Action::Delete && current.flatten().is_some() {
            notes.push(FindingKind::PolicyDeletes, "Policy");
        }
        return None;
    };
    if item.kind.is_immediate() {
        notes.push(FindingKind::PolicyImmediate, "Policy");
        return Some(planted);
    }
    let is_looked_for = current.is_some();
    let Some(current) = current.flatten() else {
        if is_looked_for {
            notes.push(FindingKind::PolicyWithoutTask, "Policy");
        }
        return Some(planted);
    };
    if item.action != Action::Create {
        // A policy item with the action Create leaves an existing task alone.
        let planted = cached_print(planted);
        // Version 1 items leave trigger details to the client.
        let is_same = planted.actions == current.actions
            && (item.kind != ItemKind::TaskV2 || planted.triggers == current.triggers);
        if !is_same {
            notes.push(FindingKind::PolicyDiffers, "Policy");
        }
    }
    Some(planted)
}
