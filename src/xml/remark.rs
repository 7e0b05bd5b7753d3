//! What Windows takes and a reader should know all the same.

use super::tree::Tree;
use crate::{
    definition::{Action, Task, TriggerKind},
    dtyp::HResult,
    error::Place,
    finding::{Findings, Severity::Info, Severity::Warning},
    markup::line_and_column,
};

/// Remarks on a task that was read.
pub(super) fn task(task: &Task, tree: &Tree<'_>, findings: &mut Findings) {
    let place = |path: &'static str, offset: u32| {
        let (line, column) = line_and_column(tree.text, offset as usize);
        Place::Text { offset: offset as usize, line, column, path: path.into() }
    };
    let section = |name: &str| tree.child(0, name);
    if let Some((actions, _)) = section("Actions") {
        for (_, node) in
            tree.children(actions).filter(|(_, n)| matches!(n.row.name, "SendEmail" | "ShowMessage"))
        {
            let code = HResult::SCHED_E_DEPRECATED_FEATURE_USED;
            let message = format!("{} is withdrawn since Windows 8 ({code})", node.row.name);
            findings.push(Warning, "xml.withdrawn", place("Task/Actions", node.open), message);
        }
    }
    if let Some((triggers, _)) = section("Triggers") {
        for (_, node) in tree.children(triggers).filter(|(_, n)| n.row.windows_only) {
            let message = format!("{} is not in the specification", node.row.name);
            findings.push(Info, "xml.undocumented", place("Task/Triggers", node.open), message);
        }
    }
    let unknown = task.triggers.iter().filter(|t| matches!(t.kind, TriggerKind::Unknown(_))).count()
        + task.actions.list.iter().filter(|a| matches!(a, Action::Unknown(_))).count();
    if unknown > 0 {
        let message = format!("triggers and actions that are none, kept as they were written: {unknown}");
        findings.push(Info, "xml.kept", place("Task", 0), message);
    }
}
