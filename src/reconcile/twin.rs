//! What else may have or plant a task: its .JOB file, and policies.

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

/// The definition of a .JOB file, which should be that of the task; `current` are its other definitions, if anybody looked for
/// them.
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
        // Where file and registry disagree, that is reported already.
        notes.push(FindingKind::TwinDiffers, "Job");
    }
    Some(of_job(&twin))
}

/// The definition of a policy's item, which should be that of the task. `current` is the fingerprint of the definition that the
/// service goes by, as the registry would have it, if anybody looked for one: where that differs from the policy, it does not matter that the file is
/// still as the policy states it.
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
        // An item that creates leaves a task alone that is there already.
        let planted = cached_print(planted);
        // Items of version 1 leave the triggers' details to the client.
        let is_same = planted.actions == current.actions
            && (item.kind != ItemKind::TaskV2 || planted.triggers == current.triggers);
        if !is_same {
            notes.push(FindingKind::PolicyDiffers, "Policy");
        }
    }
    Some(planted)
}
