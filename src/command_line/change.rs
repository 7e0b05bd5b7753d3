//! Applies `schtasks /change` to a definition.

use super::{
    check,
    circumstances::Circumstances,
    create::{account, group, is_service},
    finding::Findings,
    program,
    schtasks::Schtasks,
    switch::{Switch, Switches, Verb},
    trigger::time_of,
    value::Level,
};
use crate::{
    Profile,
    definition::{LogonType, Principal, Repetition, RunLevel, Task, Trigger, TriggerKind},
    time::{Boundary, XsDuration},
};
use time::{PrimitiveDateTime, Time};

impl Schtasks {
    /// Applies `/change` to a definition: the program, the account, the state, and the times of time and calendar
    /// triggers. `None` for any other verb.
    ///
    /// ```
    /// use time::macros::datetime;
    /// use wintask::command_line::{Circumstances, Schtasks};
    /// use wintask::definition::{Exec, Task};
    ///
    /// let task = Task::new(Exec::new("a.exe"));
    /// let (command, _) = Schtasks::parse("schtasks /change /tn T /tr b.exe /disable")?;
    /// let (changed, _) = command.changed(&task, &Circumstances::new(datetime!(2024-01-15 09:30)));
    /// assert_eq!(changed.and_then(|task| task.settings.enabled), Some(false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn changed(&self, task: &Task, here: &Circumstances) -> (Option<Task>, Findings) {
        let mut findings = Findings::new();
        if self.verb != Verb::Change || self.switches.help {
            return (None, findings);
        }
        let switches = &self.switches;
        let mut task = task.clone();
        if let Some(text) = &switches.task_run {
            task.actions.list = vec![program::exec(text).into()];
        }
        principal(switches, &mut task);
        if switches.enable || switches.disable {
            task.settings.enabled = Some(switches.enable);
        }
        for trigger in &mut task.triggers {
            change_trigger(trigger, switches, here, &mut findings);
        }
        if switches.delete_when_done {
            task.settings.delete_expired_task_after = Some(XsDuration::from_seconds(0));
        }
        check::definition(&task, &mut findings);
        (Some(task), findings)
    }
}

fn principal(switches: &Switches, task: &mut Task) {
    if switches.run_as.is_none() && !switches.interactive && switches.run_level.is_none() {
        return;
    }
    if task.principals.is_empty() {
        task.principals.push(Principal::default().with_id("Author"));
        task.actions.context = Some("Author".to_owned());
    }
    let context = task.actions.context.clone();
    let runs_as = |principal: &&mut Principal| context.is_none() || principal.id == context;
    let Some(principal) = task.principals.iter_mut().find(runs_as) else { return };
    if let Some(name) = &switches.run_as {
        principal.group_id = group(name);
        principal.user_id = match principal.group_id {
            None => account(name).user_id(Profile::Windows),
            Some(_) => None,
        };
        principal.logon_type = Some(LogonType::Password);
    }
    // Services and groups do not log on.
    let service = principal.sid().is_some_and(|sid| is_service(&sid.to_string()));
    let has_session = !service && principal.group_id.is_none();
    if switches.run_as.is_some() && !has_session {
        principal.logon_type = None;
    }
    if switches.interactive && has_session {
        principal.logon_type = Some(LogonType::InteractiveToken);
    }
    if let Some(level) = switches.run_level {
        principal.run_level = Some(match level {
            Level::Limited => RunLevel::LeastPrivilege,
            Level::Highest => RunLevel::HighestAvailable,
        });
    }
}

fn change_trigger(trigger: &mut Trigger, switches: &Switches, here: &Circumstances, findings: &mut Findings) {
    if let (Some(stated), TriggerKind::Boot { delay } | TriggerKind::Logon { delay, .. }) =
        (switches.delay, &mut trigger.kind)
    {
        *delay = Some(XsDuration::from_seconds(stated.seconds));
    }
    if let (Some(stated), TriggerKind::Event(event)) = (switches.delay, &mut trigger.kind) {
        event.delay = Some(XsDuration::from_seconds(stated.seconds));
    }
    if !trigger.kind.is_timed() {
        return;
    }
    let civil = trigger.start_boundary.as_ref().and_then(Boundary::civil).unwrap_or(here.now);
    let date = here.date(switches.start_date.as_ref(), Switch::StartDate, findings);
    let time = switches.start_time.map(time_of);
    if date.is_some() || time.is_some() {
        let start = PrimitiveDateTime::new(date.unwrap_or(civil.date()), time.unwrap_or(civil.time()));
        trigger.start_boundary = Some(Boundary::local(start));
    }
    if let Some(last) = here.date(switches.end_date.as_ref(), Switch::EndDate, findings) {
        let end = Time::from_hms(23, 59, 59).unwrap_or(Time::MIDNIGHT);
        trigger.end_boundary = Some(Boundary::local(PrimitiveDateTime::new(last, end)));
    }
    repetition(trigger, switches, time.unwrap_or(civil.time()));
}

fn repetition(trigger: &mut Trigger, switches: &Switches, start: Time) {
    if let Some(minutes) = switches.repeat_interval {
        let interval = XsDuration::from_minutes(minutes);
        match &mut trigger.repetition {
            Some(repetition) => repetition.interval = interval,
            none => *none = Some(Repetition::every(interval).into()),
        }
    }
    let Some(repetition) = &mut trigger.repetition else { return };
    let start = u32::from(start.hour()) * 60 + u32::from(start.minute());
    let until = |end: u32| if end > start { end - start } else { end + 24 * 60 - start };
    let lasting = switches.duration.map(|duration| duration.minutes);
    let lasting = lasting.or(switches.end_time.map(|end| until(end.minutes())));
    if let Some(minutes) = lasting {
        repetition.duration = Some(XsDuration::from_minutes(minutes));
    }
    if switches.kill {
        repetition.stop_at_duration_end = Some(true);
    }
}
