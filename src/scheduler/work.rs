//! A step in progress: the state, the environment, and the effects so far.

use super::{
    clockwork::Clockwork,
    context::Context,
    effect::{Effect, Record, Step, StoreKind, Stored},
    instance::Instance,
    state::State,
    store::entry::{Entry, NEVER, TaskId, Traits, parse, schedule_options},
};
use crate::{
    definition::{Task, TaskPath},
    dtyp::{HResult, Win32Error},
    eventlog::task_scheduler::TaskSchedulerEvent,
    markup::{Encoding, encode},
    schedule::Timetable,
    time::{Ticks, XsDuration},
};
use uuid::Uuid;

/// Ticks in a second.
pub(super) const SECOND: i64 = 10_000_000;

/// A step in progress.
pub(super) struct Work<'w, 'h> {
    pub(super) state: &'w mut State,
    pub(super) context: &'w Context<'h>,
    pub(super) now: Ticks,
    effects: Vec<Effect>,
}

impl<'w, 'h> Work<'w, 'h> {
    pub(super) fn new(state: &'w mut State, context: &'w Context<'h>) -> Self {
        Self { state, context, now: Ticks::from_instant(context.now), effects: Vec::new() }
    }

    /// Ends the step.
    pub(super) fn finish<R>(self, reply: R) -> Step<R> {
        // The top of the heap must not be outdated, since next_wakeup only peeks.
        self.state.first_due();
        Step::new(reply, self.effects)
    }

    pub(super) fn is_windows(&self) -> bool {
        self.state.options.is_windows()
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn log(&mut self, task: &TaskPath, instance: Option<Uuid>, event: TaskSchedulerEvent) {
        self.effect(Effect::Log(Box::new(Record { event, task: Some(task.clone()), instance })));
    }

    /// Logs an event that does not concern a task.
    pub(super) fn log_general(&mut self, event: TaskSchedulerEvent) {
        self.effect(Effect::Log(Box::new(Record { event, task: None, instance: None })));
    }

    pub(super) fn entry(&self, id: TaskId) -> Option<&Entry> {
        self.state.tree.task(id)
    }

    pub(super) fn entry_mut(&mut self, id: TaskId) -> Option<&mut Entry> {
        self.state.tree.task_mut(id)
    }

    pub(super) fn task(&self, id: TaskId) -> Option<Task> {
        self.entry(id).map(Entry::task)
    }

    /// The definition of an instance: that of its task, or the original one.
    pub(super) fn task_of(&self, instance: &Instance) -> Option<Task> {
        match &instance.definition {
            Some(definition) => Some(parse(definition)),
            None => self.task(instance.task),
        }
    }

    pub(super) fn path_of(&self, instance: &Instance) -> TaskPath {
        self.state.path_of(instance)
    }

    pub(super) fn path(&self, id: TaskId) -> TaskPath {
        self.state.tree.path(id)
    }

    /// A run of a task has ended.
    pub(super) fn set_end(&mut self, id: TaskId) {
        let now = self.now;
        if let Some(entry) = self.entry_mut(id) {
            entry.last_end = Some(now);
        }
    }

    pub(super) fn set_result(&mut self, id: TaskId, result: HResult) {
        if let Some(entry) = self.entry_mut(id) {
            entry.last_result = result;
        }
    }

    /// Sets the result of a task to that of a refused start, even if another instance is running. According to the
    /// text, the result stays the exit code of the last execution (3.2.5.4.17).
    pub(super) fn set_refused(&mut self, id: TaskId, result: HResult) {
        if self.is_windows() {
            self.set_result(id, result);
            self.state.instances.outdate(id, true);
        }
    }

    /// Writes a task's definition from the state.
    pub(super) fn persist(&mut self, id: TaskId) {
        let Some(entry) = self.entry(id) else { return };
        // The stored text is that of the file.
        let content = Some(encode(&entry.definition.unpack(), Encoding::Utf16Le, true));
        let sddl = Some(self.state.tree.descriptors.text(entry.descriptor).to_owned());
        let path = self.path(id).to_string();
        self.effect(Effect::Write(Stored { store: StoreKind::Xml, path, content, sddl }));
    }

    /// Computes when a task is next due, after this instant.
    pub(super) fn arm(&mut self, id: TaskId, after: Ticks) {
        let Some(entry) = self.entry(id) else { return };
        let due = if entry.traits.has(Traits::ENABLED) { self.next_run(entry, after) } else { None };
        let (zone, now) = (self.context.zone, self.now);
        self.state.clockwork.get_or_insert_with(|| Clockwork::new(zone, now)).pass(after);
        self.state.set_due(id, due.map_or(NEVER, |at| at.0));
    }

    /// The first scheduled run of a task after this instant, from its enabled triggers.
    fn next_run(&self, entry: &Entry, after: Ticks) -> Option<Ticks> {
        let options = schedule_options(self.state.options.profile);
        let table = Timetable::new(&entry.patterns, self.context.zone, &options);
        let next = table.next_after(after.nearest_civil().assume_utc())?;
        Some(Ticks::from_instant(next.instant()))
    }

    /// The instant of a trigger's boundary.
    pub(super) fn instant(&self, boundary: &crate::time::Boundary) -> Option<Ticks> {
        if let Some(instant) = boundary.instant() {
            return Some(Ticks::from_instant(instant));
        }
        let options = schedule_options(self.state.options.profile);
        let patterns = crate::schedule::Patterns::of_task(&Task::default(), &options);
        let table = Timetable::new(patterns, self.context.zone, &options);
        Some(Ticks::from_instant(table.instant(boundary.civil()?)))
    }
}

/// A duration in ticks, counting months as 30 and years as 365 days.
pub(super) fn ticks(duration: &XsDuration) -> i64 {
    let days = duration.months().saturating_mul(30).saturating_add(duration.months() / 12 * 5);
    let seconds = duration.to_seconds().unwrap_or_else(|| days.saturating_mul(86_400));
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    seconds.saturating_mul(SECOND).saturating_add(i64::from(duration.subsec_nanos() / 100))
}

/// The HRESULT of a Win32 error.
pub(super) const fn win32(error: Win32Error) -> HResult {
    HResult::from_win32(error)
}
