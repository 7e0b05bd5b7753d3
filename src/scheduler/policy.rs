//! Applies Group Policy's scheduled tasks to a scheduler ([MS-GPPREF] 2.2.1.18, 3.2.5.1), with the calls that a
//! client makes.

use super::{
    context::Context,
    effect::Effect,
    instance::{Cause, CauseKind},
    protocol::Method,
    run::{condition, fire},
    state::State,
    store::tree::Found,
    work::Work,
};
use crate::{
    definition::{Task, Trigger},
    dtyp::{HResult, WideString, Win32Error},
    finding::AnyFindings,
    gpp::{self, Action, ConvertError, Field, Item, ItemKind, ScheduledTasks, to_task, updated},
    rpc::schrpc::{
        SchRpcDelete, SchRpcRegisterTask, SchRpcRetrieveTask, SchRpcRun, TaskCreation, TaskLogonType,
    },
    time::Boundary,
    xml::{self, Form},
};
use std::collections::BTreeSet;

/// The result of applying an item.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Applied {
    /// The item, counted from 0.
    pub item: usize,
    /// The path of the task: its name in the root folder. For an immediate task the item's identifier is appended, so
    /// that it does not conflict with a scheduled task of the same name.
    pub path: String,
    /// What was done.
    pub outcome: Outcome,
    /// Differences between the item and its task; empty if the item has no task.
    pub losses: AnyFindings,
    /// The effects for the host to carry out, in order.
    pub effects: Vec<Effect>,
}

/// The outcome of applying an item.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Outcome {
    /// The task was created.
    Created,
    /// The existing task was deleted and recreated.
    Replaced,
    /// The existing task was changed according to the item.
    Updated,
    /// The task was deleted.
    Deleted,
    /// Nothing was done: the task to create exists, or the task to delete does not.
    Unchanged,
    /// The item was not processed: it or the file is disabled, its class is wrong, its filters do not hold, it is
    /// applied only once, or there is nothing to undo.
    Skipped,
    /// The item does not describe a task.
    NoTask(ConvertError),
    /// The scheduler rejected a call.
    Refused(HResult),
}

impl Outcome {
    /// Whether it ends the processing of the file, unless the item bypasses errors (`bypassErrors`).
    #[must_use]
    pub const fn is_error(&self) -> bool {
        matches!(self, Self::NoTask(_) | Self::Refused(_))
    }
}

/// The items that are applied only once and already were, by the identifiers of their filters ([MS-GPPREF] 2.2.1.22,
/// FilterRunOnce).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct AppliedOnce(BTreeSet<String>);

impl AppliedOnce {
    fn ids(item: &Item<'_>) -> impl Iterator<Item = String> {
        let once = item.filters().filter(|filter| filter.is_apply_once());
        once.filter_map(|filter| Some(filter.element().attribute("id")?.to_lowercase()))
    }

    /// Whether an item was already applied and must not be applied again.
    #[must_use]
    pub fn contains(&self, item: &Item<'_>) -> bool {
        Self::ids(item).any(|id| self.0.contains(&id))
    }

    fn note(&mut self, item: &Item<'_>) {
        self.0.extend(Self::ids(item));
    }
}

/// Applies the items of a file in order, and stops after the first error unless the item bypasses errors.
///
/// The time is that of `context`; that of `policy_context` is not used. `holds` decides whether the filters of an item
/// hold; FilterRunOnce is evaluated here. Passwords are not used, so a task that needs one is rejected.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::gpp::{self, ScheduledTasks};
/// use wintask::scheduler::{AppliedOnce, Context, Machine, NoAccounts, Options, Outcome, State, apply_policy};
///
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task
/// clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}" name="a" uid="{1}"><Properties action="U" name="a" appName="a.exe"/>
/// </Task></ScheduledTasks>"#;
/// let policy = ScheduledTasks::read(file.as_bytes())?;
/// let (machine, mut state) = (Machine::named("HOST"), State::new(Options::default(), 1));
/// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
/// let mut once = AppliedOnce::default();
/// let mut apply = || apply_policy(&mut state, &context, &policy, &gpp::Context::default(), &mut once, |_| true);
/// assert_eq!(apply()[0].outcome, Outcome::Created);
/// assert_eq!(apply()[0].outcome, Outcome::Updated);
/// assert_eq!(state.task_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn apply_policy(
    state: &mut State,
    context: &Context<'_>,
    policy: &ScheduledTasks,
    policy_context: &gpp::Context<'_>,
    once: &mut AppliedOnce,
    holds: impl Fn(&Item<'_>) -> bool,
) -> Vec<Applied> {
    let at = &policy_context.clone().with_now(context.local_now());
    let mut all = Vec::new();
    for (index, item) in policy.items().enumerate() {
        let mut client = Client { state, context, losses: AnyFindings::new(), effects: Vec::new() };
        let path = path_of(&item);
        let skipped = policy.is_disabled() || item.is_ignored() || once.contains(&item) || !holds(&item);
        let outcome = if skipped { Outcome::Skipped } else { client.apply(&item, &path, at) };
        if !skipped && !outcome.is_error() {
            once.note(&item);
        }
        let ends = outcome.is_error() && !item.flag(Field::BypassErrors);
        let Client { losses, effects, .. } = client;
        all.push(Applied { item: index, path, outcome, losses, effects });
        if ends {
            break;
        }
    }
    all
}

/// Undoes the items of a file that no longer applies: deletes the tasks of those with `removePolicy`, except
/// immediate ones ([MS-GPPREF] 3.2.5.1.1).
pub fn remove_policy(state: &mut State, context: &Context<'_>, policy: &ScheduledTasks) -> Vec<Applied> {
    let undo = |(index, item): (usize, Item<'_>)| {
        let mut client =
            Client { state: &mut *state, context, losses: AnyFindings::new(), effects: Vec::new() };
        let path = path_of(&item);
        let undone = item.flag(Field::RemovePolicy) && !item.kind().is_immediate() && !item.is_ignored();
        let outcome = if undone { client.delete(&path) } else { Outcome::Skipped };
        let Client { losses, effects, .. } = client;
        Applied { item: index, path, outcome, losses, effects }
    };
    policy.items().enumerate().map(undo).collect()
}

fn path_of(item: &Item<'_>) -> String {
    let name = item.name().unwrap_or_default();
    let name = name.trim_start_matches('\\');
    let uid = item.value(Field::Uid).map(|uid| uid.to_string()).filter(|_| item.kind().is_immediate());
    match uid {
        Some(uid) => format!(r"\{name} {uid}"),
        None => format!(r"\{name}"),
    }
}

/// The calls for an item.
struct Client<'s, 'c, 'h> {
    state: &'s mut State,
    context: &'c Context<'h>,
    losses: AnyFindings,
    effects: Vec<Effect>,
}

impl Client<'_, '_, '_> {
    fn apply(&mut self, item: &Item<'_>, path: &str, at: &gpp::Context<'_>) -> Outcome {
        let existing = match self.existing(path) {
            Ok(existing) => existing,
            Err(status) => return Outcome::Refused(status),
        };
        match (item.action(), existing) {
            (Action::Delete, None) | (Action::Create, Some(_)) => Outcome::Unchanged,
            (Action::Delete, Some(_)) => self.delete(path),
            (Action::Update, Some(existing)) => match updated(item, &existing, at) {
                Ok(made) => {
                    self.losses = made.losses;
                    self.register(item, path, made.value, TaskCreation::UPDATE, Outcome::Updated)
                }
                Err(error) => Outcome::NoTask(error),
            },
            (action, existing) => {
                // The task is built first, so that an item without a valid task deletes nothing.
                let task = match to_task(item, at) {
                    Ok(made) => {
                        self.losses = made.losses;
                        made.value
                    }
                    Err(error) => return Outcome::NoTask(error),
                };
                let mut done = Outcome::Created;
                if action == Action::Replace && existing.is_some() {
                    match self.delete(path) {
                        Outcome::Deleted => done = Outcome::Replaced,
                        refused => return refused,
                    }
                }
                self.register(item, path, task, TaskCreation::CREATE, done)
            }
        }
    }

    fn call<M: Method>(&mut self, request: &M) -> M::Response {
        let step = self.state.call(self.context, request);
        self.effects.extend(step.effects);
        step.reply
    }

    /// The existing definition of the task, if any.
    fn existing(&mut self, path: &str) -> Result<Option<Task>, HResult> {
        let request = SchRpcRetrieveTask { path: path.into(), ..Default::default() };
        let reply = self.call(&request);
        match (reply.status, reply.xml) {
            (status, Some(text)) if status.is_success() => {
                let task = xml::read_text(&text.to_string(), &xml::Options::default());
                task.map(Some).map_err(|error| error.hresult())
            }
            (status, _) if is_absent(status) => Ok(None),
            (status, _) => Err(status),
        }
    }

    fn delete(&mut self, path: &str) -> Outcome {
        let request = SchRpcDelete { path: path.into(), ..Default::default() };
        match self.call(&request).status {
            status if status.is_success() => Outcome::Deleted,
            status if is_absent(status) => Outcome::Unchanged,
            status => Outcome::Refused(status),
        }
    }

    fn register(
        &mut self,
        item: &Item<'_>,
        path: &str,
        mut task: Task,
        flags: TaskCreation,
        done: Outcome,
    ) -> Outcome {
        // The path takes precedence over the location that the definition was exported from.
        task.registration_info.uri = None;
        let Ok(text) = xml::write_text(&task, Form::File) else {
            return Outcome::Refused(HResult::from_win32(Win32Error::INVALID_DATA));
        };
        let logon_type = task.run_as().and_then(|principal| principal.logon_type);
        let request = SchRpcRegisterTask {
            path: Some(path.into()),
            xml: text.as_str().into(),
            flags,
            logon_type: logon_type.map_or(TaskLogonType::NONE, TaskLogonType::from),
            ..Default::default()
        };
        let status = self.call(&request).status;
        if !status.is_success() {
            return Outcome::Refused(status);
        }
        match item.kind() {
            // A version 1 task has no trigger for the current second, so the client starts it.
            ItemKind::ImmediateTask => {
                let request = SchRpcRun { path: WideString::from(path), ..Default::default() };
                let status = self.call(&request).status;
                if !status.is_success() {
                    return Outcome::Refused(status);
                }
            }
            ItemKind::ImmediateTaskV2 => self.start_now(path),
            ItemKind::Task | ItemKind::TaskV2 => {}
        }
        done
    }

    /// Starts a task with a trigger at the time when the policy is applied, which has just passed.
    fn start_now(&mut self, path: &str) {
        let now = self.context.local_now().replace_nanosecond(0).ok();
        let mut work = Work::new(self.state, self.context);
        let Ok(path) = path.parse() else { return };
        let Found::Task(id) = work.state.tree.find(&path) else { return };
        let Some(task) = work.task(id).filter(|_| condition::is_enabled(&work, id)) else { return };
        let is_now = |trigger: &Trigger| {
            let start = trigger.start_boundary.as_ref().and_then(Boundary::civil);
            trigger.kind.is_timed() && trigger.enabled != Some(false) && now.is_some() && start == now
        };
        if let Some((number, _)) = (0..).zip(&task.triggers).find(|(_, trigger)| is_now(trigger)) {
            fire::start(&mut work, id, &task, Cause::new(CauseKind::Time, Some(number)));
        }
        self.effects.extend(work.finish(()).effects);
    }
}

/// Whether the task or its folder does not exist.
fn is_absent(status: HResult) -> bool {
    [Win32Error::FILE_NOT_FOUND, Win32Error::PATH_NOT_FOUND].map(HResult::from_win32).contains(&status)
}
