//! Rules that involve several elements (EVIDENCE.md XML-20 to XML-37; [MS-TSCH] 3.2.5.4.2). Each is checked at the
//! end of the enclosing element.

use super::{
    error::Rule,
    reading::{Checked, Reading},
    schema::Check,
    tree::{Id, Node},
};
use crate::{
    Profile,
    definition::names,
    eventlog::Query,
    security::Sid,
    time::{BoundaryParts, DurationParts},
};
use std::cmp::Ordering;

/// Checks the rule of an element at its end; `reported` is the position of the name in its end tag.
pub(super) fn at_end(walk: &mut Reading<'_, '_>, id: Id, reported: usize) -> Checked {
    let Some((node, check)) = walk.tree.node(id).and_then(|node| node.row.check.map(|check| (node, check)))
    else {
        return Ok(());
    };
    let node = *node;
    match check {
        Check::Principal => principal(walk, id),
        Check::Settings => maintenance(walk, id, reported),
        Check::Needs(name) => missing(walk, &node, reported, name),
        Check::NotEmpty => nothing_in_it(walk, id, &node, reported),
        // The rules below are not in the schema; they were observed only in Windows.
        _ if !windows(walk) => Ok(()),
        Check::Task => task(walk, id, reported),
        Check::Maintenance => deadline(walk, id),
        Check::Repetition => repetition(walk, id),
        Check::Mail => mail(walk, id, &node, reported),
        Check::Trigger => boundaries(walk, id),
        Check::TimedTrigger => {
            missing(walk, &node, reported, names::START_BOUNDARY)?;
            boundaries(walk, id)
        }
    }
}

fn windows(walk: &Reading<'_, '_>) -> bool {
    walk.options.profile == Profile::Windows
}

/// A child of the element whose end was reached.
fn child<'w>(walk: &'w Reading<'_, '_>, id: Id, name: &str) -> Option<&'w Node> {
    walk.tree.child(id, name).map(|(_, node)| node)
}

/// A child and its value, a time.
fn boundary(walk: &Reading<'_, '_>, id: Id, name: &str) -> Option<(Node, BoundaryParts)> {
    let node = child(walk, id, name)?;
    Some((*node, BoundaryParts::parse(walk.tree.value(node))?))
}

/// A child and its value, a duration.
fn duration(walk: &Reading<'_, '_>, id: Id, name: &str) -> Option<(Node, DurationParts)> {
    let node = child(walk, id, name)?;
    Some((*node, DurationParts::parse_lenient(walk.tree.value(node))?))
}

fn text(walk: &Reading<'_, '_>, node: &Node) -> String {
    walk.tree.value(node).to_owned()
}

/// Where Windows reports an element's value: at the name in its end tag, or in its only tag.
fn value_position(node: &Node) -> usize {
    node.close as usize + if node.close > node.open { 2 } else { 1 }
}

/// UserId and GroupId are mutually exclusive (3.2.5.4.2). Windows accepts no LogonType with GroupId.
fn principal(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    process_token(walk, id)?;
    let Some(group) = child(walk, id, names::GROUP_ID).map(|node| node.open as usize) else {
        return Ok(());
    };
    if child(walk, id, names::USER_ID).is_some() {
        walk.violation(Rule::UserAndGroup, group, group + 1, names::GROUP_ID, "")?;
    }
    match child(walk, id, names::LOGON_TYPE).map(|node| node.open as usize) {
        Some(at) if windows(walk) => {
            walk.violation(Rule::GroupWithLogonType, at, at + 1, names::LOGON_TYPE, "")
        }
        _ => Ok(()),
    }
}

/// 3.2.5.4.2: a list that a schedule requires, although the schema makes it optional.
fn missing(walk: &mut Reading<'_, '_>, node: &Node, reported: usize, name: &'static str) -> Checked {
    if walk.has_seen(name) {
        return Ok(());
    }
    walk.violation(Rule::MissingElement { name }, node.open as usize, reported, name, "")
}

/// 3.2.5.4.2: an empty list of days, weeks or months.
fn nothing_in_it(walk: &mut Reading<'_, '_>, id: Id, node: &Node, reported: usize) -> Checked {
    if walk.tree.children(id).next().is_some() {
        return Ok(());
    }
    let name = node.row.name;
    walk.violation(Rule::Empty { name }, node.open as usize, reported, name, "")
}

/// ProcessTokenSidType is only for two of the service accounts (2.5.6).
fn process_token(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let Some(node) = child(walk, id, names::PROCESS_TOKEN_SID_TYPE).copied() else { return Ok(()) };
    let user = child(walk, id, names::USER_ID).map_or("", |user| walk.tree.value(user));
    if matches!(Sid::from_account_name(user), Some(Sid::LOCAL_SERVICE | Sid::NETWORK_SERVICE)) {
        return Ok(());
    }
    let (value, user) = (text(walk, &node), user.to_owned());
    let rule = Rule::ProcessTokenSidType { user };
    walk.violation(rule, node.open as usize, value_position(&node), node.row.name, &value)
}

/// A duration must not be shorter than the interval; an equal one is accepted (EVIDENCE.md XML-25).
fn repetition(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let (Some((interval, a)), Some((duration, b))) =
        (duration(walk, id, names::INTERVAL), duration(walk, id, names::DURATION))
    else {
        return Ok(());
    };
    if b.compare(&a) != Some(Ordering::Less) {
        return Ok(());
    }
    let value = text(walk, &duration);
    let rule = Rule::RepetitionTooShort { duration: value.clone(), interval: text(walk, &interval) };
    walk.violation(rule, duration.open as usize, value_position(&duration), duration.row.name, &value)
}

/// A message needs a sender and at least one recipient.
fn mail(walk: &mut Reading<'_, '_>, id: Id, node: &Node, reported: usize) -> Checked {
    missing(walk, node, reported, names::FROM)?;
    let recipients = [names::TO, names::CC, names::BCC];
    if recipients.iter().any(|name| child(walk, id, name).is_some()) {
        return Ok(());
    }
    walk.violation(Rule::NoRecipient, node.open as usize, reported, names::TO, "")
}

/// The end must not precede the start.
fn boundaries(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let Some((end, ends)) = boundary(walk, id, names::END_BOUNDARY) else { return Ok(()) };
    let Some((start, starts)) = boundary(walk, id, names::START_BOUNDARY) else { return Ok(()) };
    if ends.is_before(&starts) != Some(true) {
        return Ok(());
    }
    let value = text(walk, &end);
    let rule = Rule::EndBeforeStart { end: value.clone(), start: text(walk, &start) };
    walk.violation(rule, end.open as usize, value_position(&end), names::END_BOUNDARY, &value)
}

/// 3.2.5.4.2: the server MUST reject MaintenanceSettings unless UseUnifiedSchedulingEngine is true.
fn maintenance(walk: &mut Reading<'_, '_>, id: Id, reported: usize) -> Checked {
    let Some(at) = child(walk, id, names::MAINTENANCE_SETTINGS).map(|node| node.open as usize) else {
        return Ok(());
    };
    let engine = child(walk, id, names::USE_UNIFIED_SCHEDULING_ENGINE).map(|node| walk.tree.value(node));
    if engine.is_some_and(|value| matches!(crate::time::collapsed(value), "true" | "1")) {
        return Ok(());
    }
    walk.violation(Rule::MaintenanceEngine, at, reported, names::USE_UNIFIED_SCHEDULING_ENGINE, "")
}

/// 2.5.4.15: the deadline is always greater than the period.
fn deadline(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let (Some((period, a)), Some((deadline, b))) =
        (duration(walk, id, names::PERIOD), duration(walk, id, names::DEADLINE))
    else {
        return Ok(());
    };
    if !matches!(b.compare(&a), Some(Ordering::Less | Ordering::Equal)) {
        return Ok(());
    }
    let value = text(walk, &deadline);
    let rule = Rule::Deadline { deadline: value.clone(), period: text(walk, &period) };
    walk.violation(rule, deadline.open as usize, value_position(&deadline), names::DEADLINE, &value)
}

/// Rules over the whole task, reported at its end.
fn task(walk: &mut Reading<'_, '_>, id: Id, reported: usize) -> Checked {
    let settings = walk.tree.child(id, names::SETTINGS).map(|(settings, _)| settings);
    let expiry = settings.and_then(|settings| walk.tree.child(settings, names::DELETE_EXPIRED_TASK_AFTER));
    if let Some(at) = expiry.map(|(_, node)| node.open as usize) {
        let triggers = walk.tree.child(id, names::TRIGGERS).map(|(triggers, _)| triggers);
        let tree = &walk.tree;
        let ends = triggers.is_some_and(|triggers| {
            tree.children(triggers).any(|(trigger, _)| tree.child(trigger, names::END_BOUNDARY).is_some())
        });
        if !ends {
            walk.violation(Rule::ExpiryWithoutEnd, at, reported, names::END_BOUNDARY, "")?;
        }
    }
    context(walk, id)?;
    subscriptions(walk, id)
}

/// The server subscribes to events after everything else was accepted; an error of the event log becomes that of the
/// registration (EVIDENCE.md XML-26).
fn subscriptions(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let tree = &walk.tree;
    let triggers = tree.child(id, names::TRIGGERS).map(|(triggers, _)| triggers);
    let triggers = triggers.into_iter().flat_map(|triggers| tree.children(triggers));
    let subscriptions = triggers.filter_map(|(trigger, _)| tree.child(trigger, names::SUBSCRIPTION));
    let refused: Vec<_> = subscriptions
        .filter_map(|(_, node)| {
            let error = Query::check_subscription(tree.value(node)).err()?;
            Some((*node, error))
        })
        .collect();
    for (node, error) in refused {
        let value = text(walk, &node);
        let rule = Rule::Subscription(Box::new(error));
        walk.violation(rule, node.open as usize, value_position(&node), node.row.name, &value)?;
    }
    Ok(())
}

/// `Actions@Context` names a principal (the published schema's key reference).
fn context(walk: &mut Reading<'_, '_>, id: Id) -> Checked {
    let tree = &walk.tree;
    let actions = tree.child(id, names::ACTIONS).map(|(actions, _)| actions);
    let Some(context) = actions.and_then(|actions| tree.attribute(actions, "Context")) else { return Ok(()) };
    let principals = tree.child(id, names::PRINCIPALS).map(|(principals, _)| principals);
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
