//! Which tasks wait for what happens: found by index, not by walking the store.

use super::{
    instance::CauseKind,
    store::entry::{TaskId, Traits},
};
use crate::{
    definition::{SessionStateChange, Task, Trigger, TriggerKind},
    eventlog::{EventCounter, Query, Subscriptions},
    security::Sid,
};
use std::collections::{BTreeMap, BTreeSet};

/// A trigger: its task, and its number from 0.
pub(super) type TriggerId = (TaskId, u32);

/// What a user does that triggers wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UserEvent {
    Logon,
    Session(SessionStateChange),
}

impl UserEvent {
    /// What a trigger waits for, if it waits for a user, and the user's name if it states one.
    pub(super) fn of(kind: &TriggerKind) -> Option<(Self, Option<&str>)> {
        match kind {
            TriggerKind::Logon { user_id, .. } => Some((Self::Logon, user_id.as_deref())),
            TriggerKind::SessionStateChange(change) => {
                Some((Self::Session(change.state_change), change.user_id.as_deref()))
            }
            _ => None,
        }
    }

    pub(super) fn cause(self) -> CauseKind {
        match self {
            Self::Logon => CauseKind::Logon,
            Self::Session(change) => CauseKind::Session(change),
        }
    }
}

/// A trigger, by its number from 0, that waits for something other than a time.
pub(super) struct Waits {
    number: u32,
    what: WaitsFor,
}

enum WaitsFor {
    User { event: UserEvent, is_named: bool },
    Event { query: Query, counter: Option<EventCounter> },
}

impl Waits {
    /// The triggers of a task that wait.
    pub(super) fn of(task: &Task) -> Vec<Self> {
        let what = |trigger: &Trigger| match UserEvent::of(&trigger.kind) {
            Some((event, named)) => Some(WaitsFor::User { event, is_named: named.is_some() }),
            None => event_trigger(trigger).map(|(query, counter)| WaitsFor::Event { query, counter }),
        };
        let triggers = (0..).zip(&task.triggers);
        triggers.filter_map(|(number, trigger)| Some(Self { number, what: what(trigger)? })).collect()
    }
}

/// The tasks by what they wait for.
#[derive(Clone, Debug, Default)]
pub(super) struct Listeners {
    pub(super) boot: BTreeSet<TaskId>,
    pub(super) idle: BTreeSet<TaskId>,
    pub(super) maintenance: BTreeSet<TaskId>,
    pub(super) volatile: BTreeSet<TaskId>,
    pub(super) wake: BTreeSet<TaskId>,
    users: BTreeMap<(UserEvent, Option<Sid>), BTreeSet<TriggerId>>,
    events: Subscriptions<TriggerId>,
    counters: BTreeMap<TriggerId, EventCounter>,
}

impl Listeners {
    /// Adds a task. `users` has the SIDs of the users that its triggers name.
    pub(super) fn add(
        &mut self,
        id: TaskId,
        traits: Traits,
        waits: Vec<Waits>,
        users: &BTreeMap<TriggerId, Sid>,
    ) {
        for (flag, set) in self.sets() {
            if traits.has(flag) {
                set.insert(id);
            }
        }
        for Waits { number, what } in waits {
            match what {
                WaitsFor::User { event, is_named } => {
                    let user = users.get(&(id, number)).copied();
                    // A user who could not be resolved does nothing; one who is not named is anyone.
                    if !is_named || user.is_some() {
                        self.users.entry((event, user)).or_default().insert((id, number));
                    }
                }
                WaitsFor::Event { query, counter } => {
                    self.events.insert((id, number), query);
                    if let Some(counter) = counter {
                        self.counters.entry((id, number)).or_insert(counter);
                    }
                }
            }
        }
    }

    /// Removes a task with this definition.
    pub(super) fn remove(&mut self, id: TaskId, task: &Task, users: &BTreeMap<TriggerId, Sid>) {
        for (_, set) in self.sets() {
            set.remove(&id);
        }
        for (number, trigger) in (0..).zip(&task.triggers) {
            if let Some((event, _)) = UserEvent::of(&trigger.kind) {
                let key = (event, users.get(&(id, number)).copied());
                if let Some(triggers) = self.users.get_mut(&key) {
                    triggers.remove(&(id, number));
                    if triggers.is_empty() {
                        self.users.remove(&key);
                    }
                }
            }
            self.events.remove(&(id, number));
            self.counters.remove(&(id, number));
        }
    }

    fn sets(&mut self) -> [(Traits, &mut BTreeSet<TaskId>); 5] {
        [
            (Traits::BOOT, &mut self.boot),
            (Traits::IDLE, &mut self.idle),
            (Traits::MAINTENANCE, &mut self.maintenance),
            (Traits::VOLATILE, &mut self.volatile),
            (Traits::WAKE, &mut self.wake),
        ]
    }

    /// The triggers that wait for this user, or for anyone, to do this.
    pub(super) fn of_user(&self, event: UserEvent, user: &Sid) -> Vec<TriggerId> {
        let keys = [(event, Some(*user)), (event, None)];
        let mut found: Vec<_> =
            keys.iter().filter_map(|key| self.users.get(key)).flatten().copied().collect();
        found.sort_unstable();
        found
    }

    pub(super) fn events(&self) -> &Subscriptions<TriggerId> {
        &self.events
    }

    /// The counter of a trigger that waits for several events.
    pub(super) fn counter(&mut self, trigger: TriggerId) -> Option<&mut EventCounter> {
        self.counters.get_mut(&trigger)
    }

    /// Nothing has been counted yet.
    pub(super) fn reset_counters(&mut self) {
        self.counters.values_mut().for_each(EventCounter::reset);
    }

    /// The counters that have counted.
    #[cfg(feature = "serde")]
    pub(super) fn counters(&self) -> &BTreeMap<TriggerId, EventCounter> {
        &self.counters
    }

    #[cfg(feature = "serde")]
    pub(super) fn restore_counters(&mut self, counters: BTreeMap<TriggerId, EventCounter>) {
        for (trigger, counter) in counters {
            if let Some(known) = self.counters.get_mut(&trigger) {
                *known = counter;
            }
        }
    }

    /// Every task in any index, and how many users' triggers there are: for the check of invariants.
    pub(super) fn tasks(&self) -> BTreeSet<TaskId> {
        let sets = [&self.boot, &self.idle, &self.maintenance, &self.volatile, &self.wake];
        let users = self.users.values().flatten().map(|(task, _)| *task);
        sets.into_iter().flatten().copied().chain(users).collect()
    }
}

/// The query of an event trigger, and its counter if it waits for more than one event.
fn event_trigger(trigger: &Trigger) -> Option<(Query, Option<EventCounter>)> {
    let TriggerKind::Event(event) = &trigger.kind else { return None };
    let query = Query::parse_subscription(&event.subscription).ok()?;
    let several = event.number_of_occurrences.is_some() || event.matching_element.is_some();
    let counter = several.then(|| {
        let mut counter = EventCounter::new(event.number_of_occurrences.unwrap_or(1));
        if let Some(period) = &event.period_of_occurrence {
            counter = counter.within(period);
        }
        match &event.matching_element {
            Some(name) => counter.matching_element(name.clone()),
            None => counter,
        }
    });
    Some((query, counter))
}
