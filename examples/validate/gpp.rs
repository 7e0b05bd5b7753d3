//! Group Policy's scheduled tasks: the file, and the definition in each item.

use crate::report::{Message, Report};
use time::macros::datetime;
use wintask::{
    error::Place,
    finding::Severity,
    gpp::{Context, ConvertError, Finding, Item, ScheduledTasks, definition, recover},
    xml,
};

/// Reports the file's first violation, the verdict on each definition, then all other findings.
pub fn check(name: &str, bytes: &[u8], report: &mut Report) {
    let refusal = ScheduledTasks::read(bytes).err();
    report.count(refusal.is_none());
    let recovered = recover(bytes);
    let findings: Vec<&Finding> = recovered.findings.iter().collect();
    let mut messages = Vec::new();
    if let Some(error) = &refusal {
        messages.push(Message::new("error", error.kind(), error.place().clone()));
    }
    let items = recovered.policy.iter().flat_map(ScheduledTasks::items);
    for (index, item) in items.enumerate() {
        if let Some(verdict) = verdict(&item, index + 1, &findings) {
            report.count(verdict.is_none());
            messages.extend(verdict);
        }
    }
    let shown: Vec<Place> = messages.iter().map(|message| message.place.clone()).collect();
    for finding in findings.iter().filter(|finding| !shown.contains(finding.place())) {
        let label = if finding.severity() == Severity::Error { "also" } else { "note" };
        messages.push(Message::new(label, finding.message(), finding.place().clone()));
    }
    let text = without_passwords(xml::documents(bytes).text());
    report.messages(name, &text, &messages, recovered.findings.omitted());
}

/// The text with every character of a password replaced, so that places stay the same. Where a quote is missing, a password
/// ends with the line or with other markup.
fn without_passwords(text: &str) -> String {
    const NAME: &str = "cpassword";
    let lower = text.to_ascii_lowercase();
    let (mut out, mut written) = (String::with_capacity(text.len()), 0);
    for (at, _) in lower.match_indices(NAME) {
        let after = at + NAME.len();
        let rest = text[after..].trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start).filter(|_| after >= written) else {
            continue;
        };
        let (value, end) = match value.strip_prefix(['"', '\'']) {
            Some(quoted) => (quoted, value.chars().next().unwrap_or('"')),
            None => (value, ' '),
        };
        let start = text.len() - value.len();
        let size = value.find([end, '<', '>', '\r', '\n']).unwrap_or(value.len());
        out += &text[written..start];
        out.extend(value[..size].chars().map(|_| '*'));
        written = start + size;
    }
    out + &text[written..]
}

/// What Windows makes of the definition in an item once it is applied: its variables have values then. `None` for an item
/// without one, and no message for one that is accepted.
fn verdict(item: &Item<'_>, number: usize, findings: &[&Finding]) -> Option<Option<Message>> {
    let context = Context::default().with_now(datetime!(2000-01-01 00:00));
    let error = match definition(item, &context)?.err() {
        Some(ConvertError::Definition(error)) => Some(error),
        _ => None,
    };
    Some(error.map(|error| {
        let inside = error.place().path().strip_prefix("Task").unwrap_or_default();
        let path = format!("[{number}]/Properties/Task{inside}");
        // The place in the definition is not one in the file; that of the finding about it is.
        let in_file = findings.iter().find(|finding| {
            finding.severity() == Severity::Error && same_item(finding.place().path(), &path)
        });
        let place = in_file.map_or_else(|| Place::value(path.clone()), |finding| finding.place().clone());
        let what = format!("the definition of item {number}: {}", error.kind());
        let message = Message::new(format!("error[{}]", error.hresult()), what, place);
        let message = message.with_note(format!("windows: {}", error.kind().info));
        match error.kind().rule.hint() {
            Some(hint) => message.with_note(format!("help: {hint}")),
            None => message,
        }
    }))
}

/// Whether a path of the file ends in one of an item, whose kind the other does not state.
fn same_item(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|start| start.starts_with("ScheduledTasks/"))
}
