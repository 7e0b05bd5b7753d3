//! Rules over several elements (facts/xml.md section 5; [MS-TSCH] 3.2.5.4.2), each checked when the element that
//! encloses what it is about ends.

use super::{
    error::Rule,
    reading::{Checked, Reading},
    simple::Parsed,
    tree::{Id, Node},
};
use crate::Profile;
use std::cmp::Ordering;

/// Checks the rules of an element that ends; `reported` is where the name in its end tag stands.
pub(super) fn at_end(walk: &mut Reading<'_, '_>, id: Id, reported: usize) -> Checked {
    let Some(node) = walk.tree.node(id).copied() else { return Ok(()) };
    match node.row.name {
        "Principal" => principal(walk, id),
        "ScheduleByWeek" => missing(walk, &node, reported, "DaysOfWeek"),
        "ScheduleByMonth" => missing(walk, &node, reported, "DaysOfMonth"),
        "ScheduleByMonthDayOfWeek" => missing(walk, &node, reported, "Weeks"),
        "DaysOfWeek" | "DaysOfMonth" | "Weeks" | "Months" => nothing_in_it(walk, id, &node, reported),
        "Settings" => maintenance(walk, id, reported),
        "MaintenanceSettings" if windows(walk) => deadline(walk, id),
        "Task" => task(walk, id, reported),
        name if name.ends_with("Trigger") => trigger(walk, id, &node, reported),
        _ => Ok(()),
    }
}

fn windows(walk: &Reading<'_, '_>) -> bool {
    walk.options.profile == Profile::Windows
}

/// A child and what it says, if that is a time or a duration.
fn parsed(walk: &Reading<'_, '_>, id: Id, name: &str) -> Option<(Node, Parsed)> {
    let (child, node) = walk.tree.child(id, name)?;
    Some((*node, walk.tree.parsed(child)?))
}

fn text(walk: &Reading<'_, '_>, node: &Node) -> String {
    walk.tree.value(node).to_owned()
}

/// Where Windows reports an element's value: at the name in its end tag, or in its only tag.
fn value_position(node: &Node) -> usize {
    node.close as usize + if node.close > node.open { 2 } else { 1 }
}

/// 3.2.5.4.2: UserId and GroupId exclude each other. Windows does not take a LogonType beside GroupId.
fn principal(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let Some(group) = walk.tree.child(id, "GroupId").map(|(_, node)| node.open as usize) else {
        return Ok(());
    };
    if walk.tree.child(id, "UserId").is_some() {
        walk.violation(Rule::UserAndGroup, group, group + 1, "GroupId", "")?;
    }
    match walk.tree.child(id, "LogonType").map(|(_, node)| node.open as usize) {
        Some(at) if windows(walk) => walk.violation(Rule::GroupWithLogonType, at, at + 1, "LogonType", ""),
        _ => Ok(()),
    }
}

/// 3.2.5.4.2: the list that a schedule cannot do without, though the schema lets it be left out.
fn missing(walk: &mut Reading<'_, '_>, node: &Node, reported: usize, name: &'static str) -> Checked {
    if walk.has_seen(name) {
        return Ok(());
    }
    walk.violation(Rule::MissingElement { name }, node.open as usize, reported, name, "")
}

/// 3.2.5.4.2: a list of days, weeks or months with nothing in it.
fn nothing_in_it(walk: &mut Reading<'_, '_>, id: Id, node: &Node, reported: usize) -> Checked {
    if walk.tree.children(id).next().is_some() {
        return Ok(());
    }
    let name = node.row.name;
    walk.violation(Rule::Empty { name }, node.open as usize, reported, name, "")
}

fn trigger(walk: &mut Reading<'_, '_>, id: Id, node: &Node, reported: usize) -> Checked {
    if !windows(walk) {
        return Ok(());
    }
    if matches!(node.row.name, "TimeTrigger" | "CalendarTrigger") {
        missing(walk, node, reported, "StartBoundary")?;
    }
    let (Some((start, Parsed::Boundary(starts))), Some((end, Parsed::Boundary(ends)))) =
        (parsed(walk, id, "StartBoundary"), parsed(walk, id, "EndBoundary"))
    else {
        return Ok(());
    };
    if ends.is_before(&starts) != Some(true) {
        return Ok(());
    }
    let value = text(walk, &end);
    let rule = Rule::EndBeforeStart { end: value.clone(), start: text(walk, &start) };
    walk.violation(rule, end.open as usize, value_position(&end), "EndBoundary", &value)
}

/// 3.2.5.4.2: the server MUST reject MaintenanceSettings unless UseUnifiedSchedulingEngine is true.
fn maintenance(walk: &mut Reading<'_, '_>, id: Id, reported: usize) -> Checked {
    let Some(at) = walk.tree.child(id, "MaintenanceSettings").map(|(_, node)| node.open as usize) else {
        return Ok(());
    };
    let engine = walk.tree.child(id, "UseUnifiedSchedulingEngine").map(|(_, node)| walk.tree.value(node));
    if engine.is_some_and(|value| matches!(crate::time::collapsed(value), "true" | "1")) {
        return Ok(());
    }
    walk.violation(Rule::MaintenanceEngine, at, reported, "UseUnifiedSchedulingEngine", "")
}

/// 2.5.4.15: the deadline is always greater than the period.
fn deadline(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let (Some((period, Parsed::Duration(a))), Some((deadline, Parsed::Duration(b)))) =
        (parsed(walk, id, "Period"), parsed(walk, id, "Deadline"))
    else {
        return Ok(());
    };
    if !matches!(b.compare(&a), Some(Ordering::Less | Ordering::Equal)) {
        return Ok(());
    }
    let value = text(walk, &deadline);
    let rule = Rule::Deadline { deadline: value.clone(), period: text(walk, &period) };
    walk.violation(rule, deadline.open as usize, value_position(&deadline), "Deadline", &value)
}

/// Rules over the whole task, reported at its end.
fn task(walk: &mut Reading<'_, '_>, id: Id, reported: usize) -> Checked {
    if !windows(walk) {
        return Ok(());
    }
    let settings = walk.tree.child(id, "Settings").map(|(settings, _)| settings);
    let expiry = settings.and_then(|settings| walk.tree.child(settings, "DeleteExpiredTaskAfter"));
    if let Some(at) = expiry.map(|(_, node)| node.open as usize) {
        let triggers = walk.tree.child(id, "Triggers").map(|(triggers, _)| triggers);
        let tree = &walk.tree;
        let ends = triggers.is_some_and(|triggers| {
            tree.children(triggers).any(|(trigger, _)| tree.child(trigger, "EndBoundary").is_some())
        });
        if !ends {
            walk.violation(Rule::ExpiryWithoutEnd, at, reported, "EndBoundary", "")?;
        }
    }
    context(walk, id)
}

/// `Actions@Context` names a principal (the published schema's key reference).
fn context(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let tree = &walk.tree;
    let actions = tree.child(id, "Actions").map(|(actions, _)| actions);
    let Some(context) = actions.and_then(|actions| tree.attribute(actions, "Context")) else { return Ok(()) };
    let principals = tree.child(id, "Principals").map(|(principals, _)| principals);
    let named = principals.is_some_and(|principals| {
        tree.children(principals).any(|(principal, _)| {
            tree.attribute(principal, "id").is_some_and(|known| known.value == context.value)
        })
    });
    if named {
        return Ok(());
    }
    let (value, at) = (context.value.to_string(), context.at);
    walk.violation(Rule::UnknownContext { context: value.clone() }, at, at, "Context", &value)
}
