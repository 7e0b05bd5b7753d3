//! The timers ([MS-TSCH] 3.2.2, 3.2.6).
//!
//! | timer | set | cleared | when it fires |
//! |---|---|---|---|
//! | run | task registered, run, enabled; clock changed | task deleted or disabled | the triggers due at that time fire (3.2.6.1) |
//! | delay | a trigger with a delay fires | instance stopped, startup | the instance starts (3.2.6.2) |
//! | idle | an instance waits for the machine to be idle | it starts | it starts, or is abandoned (2.5.4.14) |
//! | limit | instance starts | instance ends | the instance is stopped (2.5.4.16) |
//! | kill | instance requested to stop | instance ends | it is terminated (2.5.4.6) |
//! | retry | start failed | a trigger fires, startup | the task is started again (2.5.4.2) |
//! | missed | a run was missed | task deleted or disabled | the task is started late (2.5.4.7) |
//! | repeat | a trigger without run times fires | startup | it fires again (2.5.3.1) |
//! | duration end | a repeated trigger fires | startup | all instances are stopped (2.5.3.1) |
//! | expiry | task registered; clock changed | task deleted | the task is deleted (2.5.4.13) |
//!
//! Run times are in a heap, since every task can have one. An entry counts only if it matches the task's due time;
//! outdated entries stay in the heap until they reach the top. All other timers are few, and in a set.

use super::store::entry::TaskId;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};
use uuid::Uuid;

/// The purpose of a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(super) enum Timer {
    Kill(Uuid),
    Limit(Uuid),
    /// The end of a series of repetitions of a trigger, in ticks. Several series can end at different times.
    DurationEnd(TaskId, u32, i64),
    Delay(Uuid),
    Idle(Uuid),
    Retry(TaskId),
    Missed(TaskId),
    Repeat(SeriesId),
    /// The last at each instant, since a run can be exactly at EndBoundary (EVIDENCE.md TIME-23).
    Expiry(TaskId),
}

/// A series of repetitions: the task, the trigger, and a number. Every firing of a trigger starts a series.
pub(super) type SeriesId = (TaskId, u32, u32);

/// The timers other than run times.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    at: BTreeMap<Timer, i64>,
    order: BTreeSet<(i64, Timer)>,
}

impl FromIterator<(Timer, i64)> for Timers {
    fn from_iter<I: IntoIterator<Item = (Timer, i64)>>(timers: I) -> Self {
        let at: BTreeMap<_, _> = timers.into_iter().collect();
        Self { order: at.iter().map(|(timer, at)| (*at, *timer)).collect(), at }
    }
}

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: i64) {
        self.clear(timer);
        self.at.insert(timer, at);
        self.order.insert((at, timer));
    }

    pub(super) fn clear(&mut self, timer: Timer) {
        if let Some(at) = self.at.remove(&timer) {
            self.order.remove(&(at, timer));
        }
    }

    pub(super) fn next(&self) -> Option<(i64, Timer)> {
        self.order.first().copied()
    }

    /// The timers set to this instant.
    pub(super) fn at(&self, at: i64) -> impl Iterator<Item = Timer> {
        let from = self.order.range((at, Timer::Kill(Uuid::nil()))..);
        from.take_while(move |(then, _)| *then == at).map(|(_, timer)| *timer)
    }

    /// The ends of repetitions up to this instant.
    pub(super) fn ended(&self, until: i64) -> impl Iterator<Item = Timer> {
        let ends = self.at.range(Timer::DurationEnd(TaskId(0), 0, i64::MIN)..Timer::Delay(Uuid::nil()));
        ends.filter(move |(_, at)| **at <= until).map(|(timer, _)| *timer)
    }

    /// Sets the end of a series of repetitions. A trigger can have `most` of them; beyond that, the first is dropped.
    pub(super) fn set_duration_end(&mut self, task: TaskId, trigger: u32, at: i64, most: usize) {
        self.set(Timer::DurationEnd(task, trigger, at), at);
        let all = Timer::DurationEnd(task, trigger, i64::MIN)..=Timer::DurationEnd(task, trigger, i64::MAX);
        let mut ends = self.at.range(all).map(|(timer, _)| *timer);
        let first = ends.next();
        if ends.count() >= most
            && let Some(first) = first
        {
            self.clear(first);
        }
    }

    pub(super) fn get(&self, timer: Timer) -> Option<i64> {
        self.at.get(&timer).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Timer, i64)> {
        self.at.iter().map(|(timer, at)| (*timer, *at))
    }

    /// Clears the timers that do not survive a restart of the service: all except those of missed runs and expiry.
    pub(super) fn lapse(&mut self) {
        let first = TaskId(0);
        let others = self.at.range(..Timer::Missed(first));
        let others = others.chain(self.at.range(Timer::Repeat((first, 0, 0))..Timer::Expiry(first)));
        let gone: Vec<_> = others.map(|(timer, _)| *timer).collect();
        gone.into_iter().for_each(|timer| self.clear(timer));
    }

    /// Clears the timers of an instance.
    pub(super) fn forget_instance(&mut self, id: Uuid) {
        for timer in [Timer::Kill(id), Timer::Limit(id), Timer::Delay(id), Timer::Idle(id)] {
            self.clear(timer);
        }
    }

    /// Clears the timers of a task.
    pub(super) fn forget(&mut self, task: TaskId) {
        for timer in [Timer::Expiry(task), Timer::Retry(task), Timer::Missed(task)] {
            self.clear(timer);
        }
        for (first, last) in [
            (Timer::DurationEnd(task, 0, i64::MIN), Timer::DurationEnd(task, u32::MAX, i64::MAX)),
            (Timer::Repeat((task, 0, 0)), Timer::Repeat((task, u32::MAX, u32::MAX))),
        ] {
            let of_task: Vec<_> = self.at.range(first..=last).map(|(timer, _)| *timer).collect();
            of_task.into_iter().for_each(|timer| self.clear(timer));
        }
    }
}

/// The tasks by due time. The heap may contain outdated entries; the caller decides which are valid.
#[derive(Clone, Debug, Default)]
pub(super) struct DueTasks {
    heap: BinaryHeap<Reverse<(i64, TaskId)>>,
}

impl DueTasks {
    pub(super) fn push(&mut self, at: i64, task: TaskId) {
        self.heap.push(Reverse((at, task)));
    }

    /// The first valid entry; drops outdated entries before it.
    pub(super) fn first(&mut self, counts: impl Fn(i64, TaskId) -> bool) -> Option<(i64, TaskId)> {
        while let Some(Reverse((at, task))) = self.heap.peek().copied() {
            if counts(at, task) {
                return Some((at, task));
            }
            self.heap.pop();
        }
        None
    }

    /// The first entry, which is valid after a call of [`first`](Self::first).
    pub(super) fn peek(&self) -> Option<i64> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    #[cfg(feature = "serde")]
    pub(super) fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// All entries, in any order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (i64, TaskId)> {
        self.heap.iter().map(|Reverse(entry)| *entry)
    }

    pub(super) fn rebuild(&mut self, entries: impl Iterator<Item = (i64, TaskId)>) {
        self.heap = entries.map(Reverse).collect();
    }
}
