//! The event log of a task compared with its traces, and impossible times.

use super::{
    event::{EventKind, TaskEvent},
    finding::FindingKind,
    meant::differ,
    notes::Notes,
    path::is_same_name,
};
use crate::{
    definition::{Action, Task},
    dtyp::FileTime,
    taskcache::RawDynamicInfo,
    xml::{self, Options},
};
use memchr::{memchr2, memrchr2};

/// One minute in ticks: the largest difference accepted between two clocks, or two writes of one registration.
const TOLERANCE: u64 = 60 * 10_000_000;

/// A task that lives no longer than this was created to run once: ten minutes.
const SHORT: u64 = 10 * TOLERANCE;

/// The events of a task in chronological order.
pub(super) struct History<'a> {
    events: Vec<&'a TaskEvent>,
}

impl<'a> History<'a> {
    pub(super) fn new(mut events: Vec<&'a TaskEvent>) -> Self {
        events.sort_by_key(|event| event.time.unwrap_or_default());
        Self { events }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// When the task first appeared.
    pub(super) fn created(&self) -> Option<&'a TaskEvent> {
        self.events.iter().copied().find(|event| event.kind == EventKind::Created)
    }

    /// The last event other than a run.
    pub(super) fn last_change(&self) -> Option<&'a TaskEvent> {
        self.events.iter().rev().copied().find(|event| event.is_change())
    }

    /// The last registered definition, unless a later event that lacks the definition changed it.
    pub(super) fn registered(&self) -> Option<Task> {
        let is_write = |event: &TaskEvent| event.is_change() && event.kind != EventKind::Deleted;
        let (at, last) = self.events.iter().enumerate().rev().find(|(_, event)| event.content.is_some())?;
        let later = self.events.get(at + 1..)?.iter().rev().find(|event| is_write(event));
        let time = |event: &TaskEvent| event.time.unwrap_or_default().0;
        if later.is_some_and(|later| time(later) > time(last).saturating_add(TOLERANCE)) {
            return None;
        }
        xml::recover_text(last.content.as_deref()?, &Options::default()).task
    }

    /// Compares the log with the traces.
    pub(super) fn of_task(&self, registered: Option<&Task>, current: &[&Task], notes: &mut Notes) {
        if self.last_change().is_some_and(|event| event.kind == EventKind::Deleted) {
            return notes.push(FindingKind::EventDeleted, "Log");
        }
        if let Some(registered) = registered
            && !current.is_empty()
            // The file is the most likely to be equal.
            && current.iter().rev().all(|task| differ(task, registered))
        {
            notes.push(FindingKind::EventContent, "Log");
        }
        // A difference between file and registry is already reported.
        let known = || current.iter().flat_map(|task| task.actions.list.iter().map(program_of));
        if !current.is_empty()
            && known().all(|program| program.is_some())
            && self.started().any(|name| !known().flatten().any(|known| is_same_name(known, name)))
        {
            notes.push(FindingKind::EventProgram, "Log");
        }
    }

    /// Checks a task that appears only in the event log.
    pub(super) fn alone(&self, is_looked_for: bool, notes: &mut Notes) {
        let (created, last) = (self.created(), self.last_change());
        let Some(last) = last.filter(|event| event.kind == EventKind::Deleted) else {
            if is_looked_for {
                notes.push(FindingKind::EventWithoutTask, "Log");
            }
            return;
        };
        let times = created.and_then(|event| event.time).zip(last.time);
        if times.is_some_and(|(created, deleted)| deleted.0.saturating_sub(created.0) <= SHORT) {
            notes.push(FindingKind::EventShortLived, "Log");
        }
    }

    /// The programs of the actions that were started since the last change.
    fn started(&self) -> impl Iterator<Item = &str> {
        let since = self.last_change().and_then(|event| event.time).unwrap_or_default();
        let is_later = move |event: &&&TaskEvent| event.time.unwrap_or_default() >= since;
        let actions = self.events.iter().filter(|event| matches!(event.id, 200..=203)).filter(is_later);
        actions.filter_map(|event| event.program.as_deref()).filter_map(program)
    }

    /// Reports impossible times in the registry.
    pub(super) fn of_times(&self, info: &RawDynamicInfo, now: Option<FileTime>, notes: &mut Notes) {
        if info.is_cut {
            return;
        }
        let (registered, last_run) = (info.info.registered, info.info.last_run);
        let is_odd =
            |time: FileTime| time.to_instant().is_none_or(|time| !(2006..2200).contains(&time.year()));
        if is_odd(registered) || !last_run.is_none() && is_odd(last_run) {
            return notes.push(FindingKind::TimeImpossible, "Tasks.DynamicInfo");
        }
        let is_future = |time: FileTime| now.is_some_and(|now| time.0 > now.0.saturating_add(TOLERANCE));
        let success = info.last_successful_run.unwrap_or_default();
        if [registered, last_run, success].into_iter().any(is_future) {
            notes.push(FindingKind::TimeFuture, "Tasks.DynamicInfo");
        }
        let created = self.created().and_then(|event| event.time);
        if created.is_some_and(|created| registered.0.saturating_add(TOLERANCE) < created.0) {
            notes.push(FindingKind::TimeBeforeCreation, "Tasks.DynamicInfo.Registered");
        }
    }
}

/// The program of an action; `None` if it is not an Exec action, or parts of it are unknown.
fn program_of(action: &Action) -> Option<&str> {
    let Action::Exec(exec) = action else { return None };
    program(&exec.command)
}

/// A program's name without folder and extension; `None` if parts of it are unknown.
fn program(command: &str) -> Option<&str> {
    let path = command.trim().trim_matches('"');
    let name = match memrchr2(b'\\', b'/', path.as_bytes()) {
        Some(at) => path.get(at + 1..)?,
        None => path,
    };
    let stem = name.split_at_checked(name.len().saturating_sub(".exe".len()));
    let name = match stem {
        Some((stem, extension)) if extension.eq_ignore_ascii_case(".exe") => stem,
        _ => name,
    };
    (!name.is_empty() && memchr2(b'%', b'$', name.as_bytes()).is_none()).then_some(name)
}
