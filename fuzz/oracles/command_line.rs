//! Command lines.

use time::{Duration, OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    command_line::{At, Circumstances, DateOrder, Schtasks, arguments, join},
    compat::Field,
    definition::Task,
    finding::Severity,
    schedule::{Options, Timetable},
};

/// Any text: it is split within its bounds, joining and splitting agree, and printing and parsing a command gives an
/// equal one. If a command can express a registered task, it registers the same task.
///
/// Catches: panics, hangs, arguments changed by quoting, values lost by printing.
/// Does not catch: a value that both directions misread; the tests have tables for that.
pub(crate) fn command_line(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for line in [text.to_string(), format!("schtasks {text}"), format!("at {text}")] {
        line_holds(&line);
    }
}

/// Any line.
pub(crate) fn line_holds(line: &str) {
    let words = arguments(line);
    for argument in &words {
        assert!(line.get(argument.span.clone()).is_some(), "{argument:?}");
    }
    let joined = join(words.iter().map(|argument| argument.text.as_str()));
    let again = arguments(&joined);
    assert!(again.iter().map(|a| &a.text).eq(words.iter().map(|a| &a.text)), "{line}\n{joined}");

    if let Ok((command, findings)) = Schtasks::parse(line) {
        for finding in &findings {
            assert!(finding.place().offset().is_none_or(|at| at <= line.len()), "{finding}");
        }
        let printed = command.to_line_with_passwords();
        if command.unread.is_empty() {
            let (again, _) = Schtasks::parse(&printed).expect("what is printed is a command");
            assert_eq!(again, command, "{line}\n{printed}");
            assert_eq!(again.to_line_with_passwords(), printed);
        }
        let here = Circumstances::new(datetime!(2024-01-15 09:30)).with_user("alice");
        let (registration, _) = command.registration(&here);
        if let Some(task) = registration.as_ref().and_then(|registration| registration.task()) {
            if findings.worst() < Some(Severity::Error) {
                task_holds(task);
            }
            let _ = command.changed(task, &here);
        }
    }
    if let Ok((command, findings)) = At::parse(line) {
        for finding in &findings {
            assert!(finding.place().offset().is_some_and(|at| at <= line.len()), "{finding}");
        }
        let printed = command.to_string();
        let (again, more) = At::parse(&printed).expect("what is printed is a command");
        if findings.worst() < Some(Severity::Error) && printable(&command) {
            assert_eq!(again, command, "{line}\n{printed}");
            assert!(more.is_empty(), "{printed}");
        }
        if let Some(job) = command.at_info() {
            let back = At::from_at_info(&job);
            assert!(back.differences.is_empty(), "{:?}", back.differences);
            assert_eq!(back.value.at_info(), Some(job), "{line}");
        }
    }
}

/// A command that is empty or begins like a switch cannot be distinguished from a switch.
fn printable(command: &At) -> bool {
    match &command.action {
        wintask::command_line::AtAction::Add(job) => {
            !job.command.starts_with(['/', '-']) && !job.command.is_empty()
        }
        _ => true,
    }
}

/// A definition.
pub(crate) fn task_holds(task: &Task) {
    let Ok(command) = Schtasks::from_task(task, r"\Test", DateOrder::MonthDayYear) else { return };
    let printed = command.value.to_string();
    let (again, findings) = Schtasks::parse(&printed).expect("what is printed is a command");
    assert_eq!(again, command.value, "{printed}");
    // Author and date are those of the new registration.
    let of_registration = [Field::Author, Field::Date];
    let is_same = command.differences.iter().all(|lost| of_registration.contains(&lost.kind().field));
    if findings.worst() >= Some(Severity::Error) || !is_same {
        return;
    }
    let here = Circumstances::new(datetime!(2024-01-15 09:30)).with_date_order(DateOrder::MonthDayYear);
    let (registration, _) = again.registration(&here);
    let registration = registration.expect("a definition without losses is registered");
    let registered = registration.task().expect("the switches state it");
    assert_eq!(registered.actions.list, task.actions.list, "{printed}");
    // A time trigger without a stated start has none.
    if task.triggers.iter().any(|trigger| trigger.start_boundary.is_none()) {
        return;
    }
    let [one, other] = [task, registered].map(|task| {
        let runs = Timetable::of_task(task, UtcOffset::UTC, &Options::default());
        let from: OffsetDateTime = datetime!(1990-01-01 00:00 UTC);
        let list: Vec<_> =
            runs.occurrences(from..from + Duration::days(36_525)).take(60).map(|run| run.instant()).collect();
        list
    });
    assert_eq!(one, other, "{printed}");
}
