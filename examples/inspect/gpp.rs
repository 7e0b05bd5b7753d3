//! Group Policy's scheduled tasks.

use crate::{
    report::{Content, Next, Printer, Report, Summary, View},
    runs, shared, task,
};
use time::PrimitiveDateTime;
use wintask::{
    definition::Task,
    gpp::{Action, Context, Item, ItemKind, Part, ScheduledTasks, recover, to_task},
    schedule::{Options, Timetable, words},
    time::Ticks,
};

/// Shows a file; false if nothing of it can be read.
pub fn show(bytes: &[u8], view: &View, printer: &mut Printer, path: &str) -> bool {
    let recovered = recover(bytes);
    let Some(policy) = recovered.policy else { return false };
    let part = shared::policy::part(path);
    let items = policy.items().map(|item| words_of(&item, part, view)).collect();
    let number = policy.items().count();
    let items_word = if number == 1 { "item" } else { "items" };
    let report = Report {
        title: format!("Group Policy scheduled tasks, {number} {items_word}"),
        size: bytes.len(),
        offset: None,
        line: None,
        name: None,
        content: Content::Policy { policy: &policy, items },
        next: Next::default(),
        findings: recovered.findings.erase(),
    };
    printer.show(&report, path);
    true
}

pub fn summary(policy: &ScheduledTasks, items: &[String], out: &mut Summary) {
    if policy.is_disabled() {
        out.line("disabled", "nothing in the file is processed");
    }
    for (index, words) in items.iter().enumerate() {
        out.line(format!("item {}", index + 1), words);
    }
}

/// What an item does, under which account, when and where, in lines.
fn words_of(item: &Item<'_>, part: Part, view: &View) -> String {
    let kind = match item.kind() {
        ItemKind::Task => "a scheduled task (XP)",
        ItemKind::ImmediateTask => "an immediate task (XP)",
        ItemKind::ImmediateTaskV2 => "an immediate task",
        _ => "a scheduled task",
    };
    let does = match item.action() {
        Action::Create => "creates",
        Action::Delete => "deletes",
        Action::Replace => "replaces",
        _ => "updates or creates",
    };
    let name = item.name().unwrap_or_else(|| "(without a name)".to_owned());
    let mut lines = vec![format!("{does} {kind}: {name}")];
    if item.is_ignored() {
        lines.push("not processed: disabled, or with the wrong clsid".to_owned());
    }
    let password = if item.has_password() { ", with a stored password" } else { "" };
    if let Some(account) = item.run_as() {
        lines.push(format!("as {account}{password}"));
    } else if item.action() != Action::Delete {
        let account = match part {
            Part::User => "the user who is logged on",
            Part::Machine => "SYSTEM",
        };
        lines.push(format!("as {account}, by default{password}"));
    } else if item.has_password() {
        lines.push("a password is stored".to_owned());
    }
    let local = view.now.to_offset(view.zone().period_at(Ticks::from_instant(view.now)).offset);
    let context =
        Context::default().with_part(part).with_now(PrimitiveDateTime::new(local.date(), local.time()));
    match to_task(item, &context) {
        Ok(made) => task_lines(item, &made.value, view, &mut lines),
        Err(_) if item.action() == Action::Delete => {}
        Err(error) => lines.push(error.to_string()),
    }
    let filters: Vec<String> = item.filters().map(|filter| filter.to_string()).collect();
    if !filters.is_empty() {
        lines.push(format!("where {}", filters.join("\n      ")));
    }
    lines.join("\n")
}

fn task_lines(item: &Item<'_>, made: &Task, view: &View, lines: &mut Vec<String>) {
    for action in &made.actions.list {
        lines.push(format!("runs {}", task::words_of(action)));
    }
    if item.kind().is_immediate() {
        return lines.push("when: as soon as the policy is applied".to_owned());
    }
    for (index, trigger) in made.triggers.iter().enumerate() {
        lines.push(format!("trigger {}: {}", index + 1, words::trigger(trigger)));
    }
    if made.triggers.is_empty() {
        lines.push(format!("when: {}", words::task(made)));
    }
    let table = Timetable::of_task(made, view.zone(), &Options::default());
    let next = Next::of(&table, &runs::absolute(made), view);
    lines.extend(next.first().map(|run| format!("next run: {run}")));
}
