//! A task in the XML task store, with the data stored next to its definition.

use super::packed::Packed;
use crate::{
    Profile,
    definition::{SchemaVersion, Task, TaskName, TriggerKind},
    dtyp::HResult,
    schedule::{Options, Patterns},
    time::Ticks,
    xml,
};

/// The number of a task in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub(in super::super) struct TaskId(pub(in super::super) u32);

impl TaskId {
    /// The task of instances whose task was deleted while they ran.
    pub(in super::super) const DELETED: Self = Self(u32::MAX);
}

/// The number of a folder in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub(in super::super) struct FolderId(pub(in super::super) u32);

/// A time in ticks that never comes.
pub(in super::super) const NEVER: i64 = i64::MAX;

/// A task in the store. What most calls read comes first, so that it is in one or two cache lines.
#[derive(Clone, Debug)]
#[repr(C)]
pub(in super::super) struct Entry {
    pub(in super::super) name: TaskName,
    pub(in super::super) folder: FolderId,
    /// The number of its descriptor.
    pub(in super::super) descriptor: u32,
    pub(in super::super) last_result: HResult,
    pub(in super::super) missed: u32,
    pub(in super::super) traits: Traits,
    /// When its next scheduled run is due, in ticks, or [`NEVER`].
    pub(in super::super) due: i64,
    /// When it last started, in ticks.
    pub(in super::super) last_run: Option<Ticks>,
    /// When its last run ended, in ticks.
    pub(in super::super) last_end: Option<Ticks>,
    /// The stored definition: packed XML, many times smaller than the model.
    pub(in super::super) definition: Packed,
    pub(in super::super) patterns: Patterns,
}

impl Entry {
    /// The definition.
    pub(in super::super) fn task(&self) -> Task {
        parse(&self.definition.unpack())
    }

    /// Whether it expires.
    pub(in super::super) fn expires(&self) -> bool {
        self.traits.has(Traits::EXPIRES)
    }
}

/// Parses a definition written by this library.
pub(in super::super) fn parse(definition: &str) -> Task {
    let options = xml::Options { profile: Profile::Windows, highest_version: SchemaVersion::V1_6 };
    // The stored text was valid by the rules of the state's options, whatever they were.
    xml::read_text(definition, &options)
        .unwrap_or_else(|_| xml::recover_text(definition, &options).task.unwrap_or_default())
}

/// The patterns of a task's enabled triggers, regardless of whether the task is enabled.
pub(in super::super) fn patterns(task: &Task, profile: Profile) -> Patterns {
    Patterns::of_task(task, &schedule_options(profile))
}

/// The options for computing run times when tasks are started.
pub(in super::super) fn schedule_options(profile: Profile) -> Options {
    Options::default().with_profile(profile).with_disabled_task(true)
}

/// Properties of a task that are needed without parsing its definition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Traits(u16);

impl Traits {
    /// It is enabled.
    pub(in super::super) const ENABLED: Self = Self(0x001);
    /// It is hidden.
    pub(in super::super) const HIDDEN: Self = Self(0x002);
    /// It is started late if a run was missed.
    pub(in super::super) const START_WHEN_AVAILABLE: Self = Self(0x004);
    /// It wakes the machine.
    pub(in super::super) const WAKE: Self = Self(0x008);
    /// It is disabled at startup.
    pub(in super::super) const VOLATILE: Self = Self(0x010);
    /// It has a boot trigger.
    pub(in super::super) const BOOT: Self = Self(0x020);
    /// It has an idle trigger.
    pub(in super::super) const IDLE: Self = Self(0x040);
    /// It expires.
    pub(in super::super) const EXPIRES: Self = Self(0x100);
    /// It has event triggers.
    pub(in super::super) const EVENTS: Self = Self(0x200);
    /// It is a maintenance task.
    pub(in super::super) const MAINTENANCE: Self = Self(0x080);

    pub(in super::super) const fn has(self, flag: Self) -> bool {
        self.0 & flag.0 == flag.0
    }

    pub(in super::super) fn set(&mut self, flag: Self, on: bool) {
        self.0 = if on { self.0 | flag.0 } else { self.0 & !flag.0 };
    }

    pub(in super::super) fn of(task: &Task, profile: Profile) -> Self {
        let settings = task.effective(profile);
        let trigger = |is: fn(&TriggerKind) -> bool| task.triggers.iter().any(|trigger| is(&trigger.kind));
        [
            (Self::ENABLED, settings.enabled.value),
            (Self::HIDDEN, settings.hidden.value),
            (Self::START_WHEN_AVAILABLE, settings.start_when_available.value),
            (Self::WAKE, settings.wake_to_run.value),
            (Self::EXPIRES, task.settings.delete_expired_task_after.is_some()),
            (Self::VOLATILE, settings.volatile.value),
            (Self::EVENTS, trigger(|kind| matches!(kind, TriggerKind::Event(_)))),
            (Self::BOOT, trigger(|kind| matches!(kind, TriggerKind::Boot { .. }))),
            (Self::IDLE, trigger(|kind| matches!(kind, TriggerKind::Idle))),
            (Self::MAINTENANCE, task.settings.maintenance_settings.is_some()),
        ]
        .into_iter()
        .fold(Self::default(), |mut all, (flag, has)| {
            all.set(flag, has);
            all
        })
    }
}
