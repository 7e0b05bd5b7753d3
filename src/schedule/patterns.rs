//! The compiled triggers of a task.

use super::{
    compile,
    finding::{self, FindingKind, Findings},
    options::Options,
    pattern::{Packed, Pattern},
};
use crate::definition::{Task, Trigger};
use std::fmt;

/// The compiled triggers of a task, which a store keeps to determine when the task runs.
///
/// They are independent of time zones and small: 64 bytes for a task with one trigger, and less for each further one.
/// They are not serialised but recompiled from the definition. A [`Timetable`](super::Timetable) evaluates them in a
/// zone.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{definition::{Exec, Schedule, Task, Trigger}, schedule::{Options, Patterns, Timetable}};
///
/// let daily = Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?);
/// let task = Task { triggers: vec![daily], ..Task::new(Exec::new("backup.exe")) };
/// let options = Options::default();
/// let patterns = Patterns::of_task(&task, &options);
///
/// let view = Timetable::new(&patterns, UtcOffset::UTC, &options);
/// let next = view.next_after(datetime!(2024-06-01 12:00 UTC)).ok_or("no run")?;
/// assert_eq!(next.instant(), datetime!(2024-06-02 02:00 UTC));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Patterns {
    list: List,
    /// Stored separately, since most tasks have none.
    #[expect(clippy::box_collection, reason = "one word in most tasks")]
    findings: Option<Box<Vec<(u32, FindingKind)>>>,
}

/// One pattern in place, or any number separately.
#[derive(Clone, PartialEq, Eq)]
enum List {
    One(Packed),
    Several(Box<[Packed]>),
}

const _: () = assert!(size_of::<Patterns>() <= 64);

impl Patterns {
    /// Compiles the time and calendar triggers of a task definition ([MS-TSCH] 2.5.3).
    #[must_use]
    pub fn of_task(task: &Task, options: &Options) -> Self {
        let disabled = task.settings.enabled == Some(false) && !options.include_disabled_task;
        let mut builder = Builder::new(disabled);
        for (index, trigger) in (0..).zip(&task.triggers) {
            builder.add(index, trigger, options);
        }
        builder.build()
    }

    /// Compiles one trigger.
    #[must_use]
    pub fn of_trigger(trigger: &Trigger, options: &Options) -> Self {
        let mut builder = Builder::default();
        builder.add(0, trigger, options);
        builder.build()
    }

    /// Whether the task has any time-based trigger, enabled or not.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        !self.list().is_empty() || self.reasons().any(|(_, finding)| finding != FindingKind::NotTimed)
    }

    /// Why triggers have no runs in any zone, or not all stated ones. The location is `Triggers[0]` for the first.
    #[must_use]
    pub fn findings(&self) -> Findings {
        finding::of_triggers(self.reasons())
    }

    /// The triggers, by index, that have no runs or not all stated ones, with the reasons.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = (usize, FindingKind)> {
        let findings = self.findings.iter().flat_map(|findings| findings.iter());
        findings.map(|(trigger, finding)| (*trigger as usize, *finding))
    }

    /// Whether there is at most one rule, so that runs can be counted without enumerating them.
    pub(crate) fn is_single(&self) -> bool {
        self.list().len() <= 1
    }

    pub(super) fn list(&self) -> &[Packed] {
        match &self.list {
            List::One(packed) => std::slice::from_ref(packed),
            List::Several(list) => list,
        }
    }
}

impl fmt::Debug for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list().iter().map(Packed::unpack)).finish()
    }
}

/// Patterns being built.
#[derive(Default)]
pub(super) struct Builder {
    list: Vec<Packed>,
    findings: Vec<(u32, FindingKind)>,
    /// Whether the task is disabled.
    disabled: bool,
}

impl Builder {
    pub(super) fn new(disabled: bool) -> Self {
        Self { disabled, ..Self::default() }
    }

    fn add(&mut self, index: u32, trigger: &Trigger, options: &Options) {
        let pattern = compile::of_trigger(trigger, index, options, &mut self.findings);
        self.take(index, pattern);
    }

    pub(super) fn take(&mut self, index: u32, pattern: Result<Pattern, FindingKind>) {
        match pattern {
            Err(finding) => self.findings.push((index, finding)),
            Ok(_) if self.disabled => self.findings.push((index, FindingKind::TaskDisabled)),
            Ok(pattern) => self.list.push(Packed::new(&pattern)),
        }
    }

    pub(super) fn build(mut self) -> Patterns {
        self.findings.shrink_to_fit();
        let findings = (!self.findings.is_empty()).then(|| Box::new(self.findings));
        let list = match <[Packed; 1]>::try_from(self.list) {
            Ok([only]) => List::One(only),
            Err(list) => List::Several(list.into_boxed_slice()),
        };
        Patterns { list, findings }
    }
}
