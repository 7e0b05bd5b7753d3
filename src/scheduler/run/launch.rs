//! Issues the actions of an instance ([MS-TSCH] 3.2.5.1.2, 2.5.7).

use super::report;
use crate::{
    Profile,
    definition::{Action, Task},
    parameters::parameterize,
    scheduler::{
        effect::{Effect, Program, Start},
        instance::{CauseKind, Instance, Phase, RunsAs},
        timer::Timer,
        twin,
        work::{Work, ticks},
    },
};
use uuid::Uuid;

/// Starts an instance: issues its first action, and sets the time limit.
pub(in super::super) fn launch(work: &mut Work<'_, '_>, id: Uuid, task: &Task, runs_as: RunsAs) {
    let now = work.now;
    let Some(instance) = work.state.instances.get_mut(id) else { return };
    let was_queued = std::mem::replace(&mut instance.phase, Phase::Starting) == Phase::Queued;
    instance.runs_as = Some(runs_as);
    instance.since = now;
    let (task_id, cause) = (instance.task, instance.cause.clone());
    work.state.instances.outdate(task_id, false);
    if let Some(entry) = work.entry_mut(task_id) {
        entry.last_run = Some(now);
    }
    let path = work.path(task_id);
    if !was_queued {
        report::queued_on_demand(work, &path, id, &cause);
    }
    report::launched(work, &path, id, &cause);
    if let Some(limit) = limit(task, cause.kind, cause.trigger, work.state.options.profile) {
        work.state.timers.set(Timer::Limit(id), now.0.saturating_add(limit));
    }
    start_action(work, id, task);
    twin::update(work, task_id);
}

/// The time limit of an instance: that of the task or of its trigger, whichever is reached first (EVIDENCE.md
/// ENGINE-15).
fn limit(task: &Task, kind: CauseKind, trigger: Option<u32>, profile: Profile) -> Option<i64> {
    let of_task = task.effective(profile).execution_time_limit.value.as_ref().map(ticks);
    let trigger = trigger.filter(|_| kind != CauseKind::Demand);
    let trigger = trigger.and_then(|trigger| task.triggers.get(trigger as usize));
    let of_trigger = trigger.and_then(|trigger| {
        // A trigger without the element has no limit on Windows, and a limit of 72 hours according to the
        // specification.
        let applies = trigger.execution_time_limit.is_some() || profile == Profile::Specification;
        let limit = trigger.effective(profile).execution_time_limit.value;
        limit.as_ref().filter(|_| applies).map(ticks)
    });
    of_task.into_iter().chain(of_trigger).min()
}

/// Issues the current action of an instance; returns whether there was one.
pub(in super::super) fn start_action(work: &mut Work<'_, '_>, id: Uuid, task: &Task) -> bool {
    let Some(instance) = work.state.instances.get(id).cloned() else { return false };
    let Some(runs_as) = instance.runs_as.clone() else { return false };
    // If parameters make a field too long for any command line, they are not replaced.
    let filled = parameterize(task, &instance.cause.parameters).unwrap_or_else(|_| task.clone());
    let Some(action) = filled.actions.list.get(instance.action as usize) else { return false };
    let Some(program) = program(action) else { return false };
    let start = Start {
        task: work.path_of(&instance),
        instance: id,
        action: instance.action as usize,
        program,
        user: runs_as.user,
        session: runs_as.session,
        logon: runs_as.logon,
        highest: runs_as.highest,
        interactive: runs_as.interactive,
        priority: task.effective(work.state.options.profile).priority.value,
        // The trigger may be gone since the instance was queued.
        trigger: instance.cause.trigger.map(|it| it as usize).filter(|it| *it < task.triggers.len()),
    };
    work.effect(Effect::Start(Box::new(start)));
    true
}

fn program(action: &Action) -> Option<Program> {
    Some(match action.clone() {
        Action::Exec(exec) => Program::Exec {
            command: exec.command,
            arguments: exec.arguments,
            working_directory: exec.working_directory,
        },
        Action::ComHandler(handler) => {
            Program::ComHandler { class_id: handler.class_id, data: handler.data.map(|data| data.xml) }
        }
        Action::SendEmail(mail) => Program::SendEmail {
            server: mail.server,
            from: mail.from,
            to: mail.to,
            cc: mail.cc,
            bcc: mail.bcc,
            reply_to: mail.reply_to,
            subject: mail.subject,
            body: mail.body,
        },
        Action::ShowMessage(message) => Program::ShowMessage { title: message.title, body: message.body },
        Action::Unknown(_) => return None,
    })
}

/// The name of an action in the log: its program, class or kind.
pub(in super::super) fn action_name(task: &Task, instance: &Instance) -> String {
    match task.actions.list.get(instance.action as usize) {
        Some(Action::Exec(exec)) => exec.command.clone(),
        Some(Action::ComHandler(handler)) => handler.class_id.braced().to_string(),
        Some(Action::SendEmail(mail)) => mail.server.clone(),
        Some(Action::ShowMessage(_)) => "ShowMessage".to_owned(),
        Some(Action::Unknown(_)) | None => String::new(),
    }
}

/// The process class for a priority, as shown in event 129 (EVIDENCE.md ENGINE-24).
pub(in super::super) const fn priority_class(priority: u8) -> u32 {
    match priority {
        0 => 0x100,
        1 => 0x80,
        2 | 3 => 0x8000,
        4..=6 => 0x20,
        7 | 8 => 0x4000,
        _ => 0x40,
    }
}
