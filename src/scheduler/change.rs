//! Changes to the task store, including all derived data.

use super::{
    effect::{Effect, StoreKind, Stored},
    instance::{Cause, CauseKind, Deleted, Instance, Phase},
    listeners::{UserEvent, Waits},
    run::stop,
    store::{
        entry::{Entry, FolderId, NEVER, TaskId, Traits, patterns, schedule_options},
        packed::Packed,
        tree::Tree,
    },
    timer::Timer,
    twin,
    work::{Work, ticks},
};
use crate::{
    Profile,
    compat::Store,
    definition::{NameKey, Task, TaskName, TaskPath, Trigger, TriggerKind},
    dtyp::HResult,
    schedule::Timetable,
    security::{NewObject, SecurityDescriptor, Sid},
    time::Ticks,
    xml::{Form, write_text},
};
use time::{Duration, PrimitiveDateTime};

/// A task to add to the store.
#[derive(Clone, Debug)]
pub(super) struct NewTask {
    pub(super) path: TaskPath,
    pub(super) task: Task,
    /// The same, as XML.
    pub(super) definition: Box<str>,
    pub(super) descriptor: SecurityDescriptor,
    /// The principal's SID, if only the host could resolve its name.
    pub(super) principal: Option<Sid>,
    /// The SIDs of the users named by triggers.
    pub(super) users: Vec<(u32, Sid)>,
}

/// Adds a task to the store, or replaces the task `existing`, and writes its twin, if it has one.
pub(super) fn put_task(work: &mut Work<'_, '_>, new: NewTask, existing: Option<TaskId>) -> Option<TaskId> {
    let task = new.task.clone();
    let id = put_definition(work, new, existing)?;
    match Store::of_version(task.version) {
        // A definition that is no longer version 1 has no twin (EVIDENCE.md COMPAT-01).
        Store::Xml => twin::remove(work, id),
        Store::Job => {
            twin::forget_at(work, id);
            twin::write(work, id, &task);
        }
        Store::At => {
            twin::keep_at(work, id, &task);
            twin::write(work, id, &task);
        }
    }
    Some(id)
}

/// Adds a definition to the store, or replaces the task `existing`; the folder must exist.
pub(super) fn put_definition(
    work: &mut Work<'_, '_>,
    new: NewTask,
    existing: Option<TaskId>,
) -> Option<TaskId> {
    let profile = work.state.options.profile;
    let traits = Traits::of(&new.task, profile);
    let key = new.path.key();
    work.state.expired.retain(|known| *known != key);
    let id = match existing {
        Some(id) => {
            if work.state.instances.of(id).next().is_some() {
                let before = work.entry(id)?.definition.unpack();
                work.state.instances.keep_definition(id, &before);
                forget_waiting(work, id, &new.task);
            }
            unlisten(work, id);
            let descriptor = new.descriptor;
            work.state.tree.secure_task(id, descriptor);
            let patterns = patterns(&new.task, profile);
            let entry = work.entry_mut(id)?;
            entry.definition = Packed::new(&new.definition);
            entry.patterns = patterns;
            work.state.tree.set_traits(id, traits);
            id
        }
        None => {
            let folder = folder_of(&work.state.tree, &new.path)?;
            let descriptor = work.state.tree.descriptors.add(new.descriptor);
            work.state.tree.add_task(Entry {
                folder,
                name: TaskName::new(&new.path.name()?),
                definition: Packed::new(&new.definition),
                patterns: patterns(&new.task, profile),
                descriptor,
                traits,
                due: NEVER,
                last_run: None,
                last_end: None,
                last_result: HResult::SCHED_S_TASK_HAS_NOT_RUN,
                missed: 0,
            })
        }
    };
    if let Some(principal) = new.principal.filter(|sid| !is_self_evident(&new.task, sid)) {
        work.state.principals.insert(id, principal);
    }
    work.state.users.extend(new.users.into_iter().map(|(trigger, user)| ((id, trigger), user)));
    work.state.listeners.add(id, traits, Waits::of(&new.task), &work.state.users);
    if traits.has(Traits::MAINTENANCE) {
        let now = work.now.0;
        work.state.maintained_since.entry(id).or_insert(now);
    } else {
        work.state.maintained_since.remove(&id);
    }
    work.arm(id, work.now);
    arm_expiry(work, id, &new.task);
    work.persist(id);
    Some(id)
}

/// Removes instances that wait for a delay or an idle machine and whose trigger no longer exists.
fn forget_waiting(work: &mut Work<'_, '_>, id: TaskId, after: &Task) {
    let Some(before) = work.task(id) else { return };
    forget_where(work, id, |cause| {
        let trigger = cause.trigger.map(|number| number as usize);
        trigger.is_some_and(|number| before.triggers.get(number) != after.triggers.get(number))
    });
}

/// Removes instances that wait for the delay of an earlier registration, since the trigger fires again.
pub(super) fn forget_registration(work: &mut Work<'_, '_>, id: TaskId) {
    forget_where(work, id, |cause| cause.kind == CauseKind::Registration);
}

fn forget_where(work: &mut Work<'_, '_>, id: TaskId, goes: impl Fn(&Cause) -> bool) {
    let waits = |instance: &&Instance| matches!(instance.phase, Phase::Delayed | Phase::AwaitsIdle);
    let gone = work.state.instances.of(id).filter(waits).filter(|instance| goes(&instance.cause));
    let gone: Vec<_> = gone.map(|instance| instance.id).collect();
    for instance in gone {
        stop::forget(work, instance);
    }
}

/// Whether the SID can be derived from the definition alone.
fn is_self_evident(task: &Task, sid: &Sid) -> bool {
    let Some(principal) = task.run_as() else { return false };
    let name = principal.user_id.as_ref().or(principal.group_id.as_ref());
    principal.sid() == Some(*sid) || name.is_some_and(|name| name.parse() == Ok(*sid))
}

fn folder_of(tree: &Tree, path: &TaskPath) -> Option<FolderId> {
    match tree.find(&path.parent()?) {
        super::store::tree::Found::Folder(folder) => Some(folder),
        _ => None,
    }
}

/// Removes a task from the listeners.
fn unlisten(work: &mut Work<'_, '_>, id: TaskId) {
    let Some(task) = work.task(id) else { return };
    unsubscribe(work, id, &task);
    work.state.listeners.remove(id, &task, &work.state.users);
    let users: Vec<_> = work.state.users.range((id, 0)..=(id, u32::MAX)).map(|(key, _)| *key).collect();
    for key in users {
        work.state.users.remove(&key);
    }
    work.state.principals.remove(&id);
    work.state.timers.forget(id);
    work.state.retries.remove(&id);
    work.state.missed.remove(&id);
    work.state.restart_when_idle.remove(&id);
    work.state.maintain.remove(&id);
    work.state.interrupted.remove(&id);
    let repeats: Vec<_> =
        work.state.repeats.range((id, 0, 0)..=(id, u32::MAX, u32::MAX)).map(|(key, _)| *key).collect();
    for key in repeats {
        work.state.repeats.remove(&key);
    }
}

/// The event triggers of a task, numbered from 0, with their queries.
fn event_triggers(task: &Task) -> impl Iterator<Item = (u32, &str)> {
    (0..).zip(&task.triggers).filter_map(|(number, trigger)| match &trigger.kind {
        TriggerKind::Event(event) => Some((number, event.subscription.as_str())),
        _ => None,
    })
}

/// Subscribes to the events that a task's triggers wait for ([MS-TSCH] 3.2.4.1).
pub(super) fn subscribe(work: &mut Work<'_, '_>, id: TaskId) {
    if !work.entry(id).is_some_and(|entry| entry.traits.has(Traits::EVENTS)) {
        return;
    }
    let Some(task) = work.task(id) else { return };
    let path = work.path(id);
    for (number, query) in event_triggers(&task) {
        let (task, query) = (path.clone(), query.to_owned());
        work.effect(Effect::Subscribe { task, trigger: number as usize, query });
    }
}

fn unsubscribe(work: &mut Work<'_, '_>, id: TaskId, task: &Task) {
    let path = work.path(id);
    for (number, _) in event_triggers(task) {
        work.effect(Effect::Unsubscribe { task: path.clone(), trigger: number as usize });
    }
}

/// Removes a task and everything that belongs to it, except the instances that are running.
pub(super) fn remove_task(work: &mut Work<'_, '_>, id: TaskId) {
    let path = work.path(id).to_string();
    detach(work, id);
    unlisten(work, id);
    work.state.maintained_since.remove(&id);
    work.state.set_due(id, NEVER);
    work.state.tree.remove_task(id);
    work.effect(Effect::Remove { store: StoreKind::Xml, path });
    twin::remove(work, id);
}

/// Removes the waiting instances of a task that is deleted; those that run go on.
fn detach(work: &mut Work<'_, '_>, id: TaskId) {
    let Some(entry) = work.entry(id).filter(|_| work.state.instances.of(id).next().is_some()) else { return };
    let (definition, hidden) = (entry.definition.unpack(), entry.traits.has(Traits::HIDDEN));
    let sddl = work.state.tree.descriptors.text(entry.descriptor).to_owned();
    let deleted = Deleted { path: work.path(id), sddl, hidden };
    for gone in work.state.instances.detach(id, &definition, &deleted) {
        work.state.timers.forget_instance(gone);
    }
}

/// Creates a folder and its missing parents.
pub(super) fn put_folder(
    work: &mut Work<'_, '_>,
    path: &TaskPath,
    stated: Option<&SecurityDescriptor>,
) -> FolderId {
    let mut at = Tree::ROOT;
    let mut so_far = TaskPath::root();
    for name in path.names() {
        let Ok(below) = so_far.join(name.clone(), work.state.options.profile) else { return at };
        so_far = below;
        let key = NameKey::new(&name);
        let known = work.state.tree.folder(at).and_then(|folder| folder.folders.get(&key)).copied();
        at = match known {
            Some(folder) => folder,
            None => {
                let descriptor = folder_descriptor(work, at, stated);
                let sddl = Some(descriptor.to_string());
                let folder = work.state.tree.add_folder(at, name, descriptor);
                let path = so_far.to_string();
                work.effect(Effect::Write(Stored { store: StoreKind::Folder, path, content: None, sddl }));
                folder
            }
        };
    }
    at
}

/// The descriptor of a new folder. If none is stated, it is the parent's according to the specification (3.2.5.4.4);
/// on Windows it is inherited.
fn folder_descriptor(
    work: &Work<'_, '_>,
    parent: FolderId,
    stated: Option<&SecurityDescriptor>,
) -> SecurityDescriptor {
    let above = work.state.tree.folder_descriptor(parent);
    match (stated, above) {
        (None, Some(above)) if !work.is_windows() => above.clone(),
        _ => SecurityDescriptor::create(NewObject::Folder, above, stated, &work.context.caller.token),
    }
}

/// Removes an empty folder.
pub(super) fn remove_folder(work: &mut Work<'_, '_>, id: FolderId) {
    let path = work.state.tree.folder_path(id).to_string();
    work.state.tree.remove_folder(id);
    work.effect(Effect::Remove { store: StoreKind::Folder, path });
}

/// Enables or disables a task, in the state and in its definition.
pub(super) fn enable(work: &mut Work<'_, '_>, id: TaskId, enabled: bool) {
    let Some(mut task) = work.task(id) else { return };
    task.settings.enabled = Some(enabled);
    let Some(definition) = stored_definition(&task, work.state.options.profile) else { return };
    let Some(entry) = work.entry_mut(id) else { return };
    entry.definition = Packed::new(&definition);
    let mut traits = entry.traits;
    traits.set(Traits::ENABLED, enabled);
    work.state.tree.set_traits(id, traits);
    if !enabled {
        work.state.timers.clear(Timer::Retry(id));
        work.state.timers.clear(Timer::Missed(id));
        work.state.retries.remove(&id);
        work.state.missed.remove(&id);
    }
    work.arm(id, work.now);
    work.persist(id);
    twin::update_status(work, id);
}

/// When a task expires: DeleteExpiredTaskAfter after the last of its end boundaries (EVIDENCE.md ENGINE-18).
/// According to the text, and if it came from a .JOB file, after its last run (3.2.5.3.1, 3.2.5.4.2).
pub(super) fn expiry(work: &Work<'_, '_>, id: TaskId, task: &Task) -> Option<i64> {
    let after = ticks(task.settings.delete_expired_task_after.as_ref()?);
    let file = work.state.twins.get(&id).and_then(|name| work.state.jobs.get(name));
    let by_runs = !work.is_windows() || file.is_some_and(|file| file.added);
    let counts = |trigger: &&Trigger| !by_runs || trigger.enabled != Some(false);
    let over = |trigger: &Trigger| match trigger.kind.is_timed() {
        true if by_runs => last_run(work, trigger),
        // A trigger without an end boundary never ends.
        _ => work.instant(trigger.end_boundary.as_ref()?),
    };
    let ends: Option<Vec<_>> = task.triggers.iter().filter(counts).map(over).collect();
    Some(ends?.into_iter().max()?.0.saturating_add(after))
}

/// The last scheduled run of a trigger, including its maximum random delay. A trigger without runs ends at its
/// boundary.
fn last_run(work: &Work<'_, '_>, trigger: &Trigger) -> Option<Ticks> {
    let options = schedule_options(work.state.options.profile);
    let table = Timetable::of_trigger(trigger, work.context.zone, &options);
    let last = table.previous_before(PrimitiveDateTime::MAX.assume_utc());
    let Some(last) = last else {
        return work.instant(trigger.end_boundary.as_ref().or(trigger.start_boundary.as_ref())?);
    };
    // Runs up to the last day of the calendar never end.
    if last.instant().date() >= PrimitiveDateTime::MAX.date().saturating_sub(Duration::days(400 * 366)) {
        return None;
    }
    let delay = match &trigger.kind {
        TriggerKind::Time { random_delay } | TriggerKind::Calendar { random_delay, .. } => {
            random_delay.as_ref()
        }
        _ => None,
    };
    Some(Ticks(Ticks::from_instant(last.instant()).0.saturating_add(delay.map_or(0, ticks))))
}

/// Sets the timer of a task's expiry.
pub(super) fn arm_expiry(work: &mut Work<'_, '_>, id: TaskId, task: &Task) {
    match expiry(work, id, task) {
        Some(at) => work.state.timers.set(Timer::Expiry(id), at),
        None => work.state.timers.clear(Timer::Expiry(id)),
    }
}

/// The SIDs of the users named by a task's triggers, as far as the host knows them.
pub(super) fn trigger_users(task: &Task, resolve: impl Fn(&str) -> Option<Sid>) -> Vec<(u32, Sid)> {
    let named = (0..).zip(&task.triggers).filter_map(|(number, trigger)| {
        let (_, name) = UserEvent::of(&trigger.kind)?;
        Some((number, resolve(name?)?))
    });
    named.collect()
}

/// A definition as it is stored: XML, in its original order. The order of a client is not that of the schema, which the
/// Specification profile requires.
pub(super) fn stored_definition(task: &Task, profile: Profile) -> Option<Box<str>> {
    let form = if profile == Profile::Windows { Form::File } else { Form::Utf8 };
    write_text(task, form).ok().map(Box::from)
}
