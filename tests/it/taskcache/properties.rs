//! Properties over generated definitions: what the values keep of them.

use crate::{oracles, xml::properties::task};
use proptest::prelude::*;
use wintask::{
    Profile,
    definition::*,
    taskcache::{Values, as_stored, is_stored_as, read, recover, write},
    time::{Boundary, BoundaryZone, XsDuration},
};

fn seconds(duration: &XsDuration) -> XsDuration {
    XsDuration::from_seconds(duration.to_seconds().unwrap().try_into().unwrap())
}

fn instant(boundary: &Boundary) -> Boundary {
    match boundary.zone() {
        BoundaryZone::Local => Boundary::local(boundary.civil().unwrap()),
        _ => Boundary::utc(boundary.instant().unwrap()),
    }
}

/// What the registry keeps of a trigger: every default stated, durations in seconds, instants in UTC.
fn trigger(of: &Trigger) -> Trigger {
    let delay = |duration: &Option<XsDuration>| duration.as_ref().map(seconds);
    let kind = match of.kind.clone() {
        TriggerKind::Boot { delay: d } => TriggerKind::Boot { delay: delay(&d) },
        TriggerKind::Registration { delay: d } => TriggerKind::Registration { delay: delay(&d) },
        TriggerKind::Time { random_delay: d } => TriggerKind::Time { random_delay: delay(&d) },
        TriggerKind::Logon { user_id, delay: d } => TriggerKind::Logon { user_id, delay: delay(&d) },
        TriggerKind::SessionStateChange(change) => {
            TriggerKind::SessionStateChange(SessionStateChangeTrigger {
                delay: delay(&change.delay),
                ..change
            })
        }
        TriggerKind::Event(event) => TriggerKind::from(EventTrigger {
            delay: delay(&event.delay),
            period_of_occurrence: delay(&event.period_of_occurrence),
            ..*event
        }),
        TriggerKind::WnfStateChange(wnf) => TriggerKind::from(WnfStateChangeTrigger {
            data: wnf.data.filter(|data| !data.is_empty()),
            data_offset: None,
            ..*wnf
        }),
        TriggerKind::Calendar { random_delay, schedule } => {
            let schedule = match schedule {
                Schedule::Day { days_interval, .. } => Schedule::daily(days_interval.unwrap_or(1)),
                Schedule::Week { weeks_interval, days_of_week, .. } => {
                    Schedule::weekly(weeks_interval.unwrap_or(1), days_of_week)
                }
                Schedule::Month { days_of_month, months, .. } => {
                    Schedule::monthly(days_of_month, months.unwrap_or(Months::ALL))
                }
                Schedule::MonthDayOfWeek { weeks, days_of_week, months, .. } => {
                    Schedule::monthly_day_of_week(weeks, days_of_week, months.unwrap_or(Months::ALL))
                }
                other => other,
            };
            TriggerKind::Calendar { random_delay: delay(&random_delay), schedule }
        }
        other => other,
    };
    Trigger {
        kind,
        enabled: Some(of.enabled.unwrap_or(true)),
        start_boundary: of.start_boundary.as_ref().map(instant),
        end_boundary: of.end_boundary.as_ref().map(instant),
        repetition: of
            .repetition
            .as_ref()
            .map(|repetition| Repetition {
                interval: seconds(&repetition.interval),
                duration: delay(&repetition.duration),
                stop_at_duration_end: Some(repetition.stop_at_duration_end.unwrap_or(false)),
                extra: Extra::default(),
            })
            .map(Box::new),
        execution_time_limit: delay(&of.execution_time_limit),
        ..of.clone()
    }
}

fn action(of: &Action) -> Action {
    match of.clone() {
        Action::ComHandler(handler) => {
            Action::ComHandler(ComHandler { data: handler.data.map(text), ..handler })
        }
        Action::SendEmail(mail) => Action::from(SendEmail {
            header_fields: mail.header_fields.filter(|list| !list.is_empty()),
            attachments: mail.attachments.filter(|list| !list.is_empty()),
            ..*mail
        }),
        other => other,
    }
}

/// Content as text.
fn text(data: Data) -> Data {
    Data::from_text(&data.text().unwrap_or(data.xml))
}

fn settings(of: &Settings) -> Settings {
    let all = of.effective(Profile::Windows);
    let idle = of.idle_settings.clone().map(|idle| IdleSettings {
        duration: idle.duration.as_ref().map(seconds),
        wait_timeout: idle.wait_timeout.as_ref().map(seconds),
        stop_on_idle_end: Some(idle.stop_on_idle_end.unwrap_or(true)),
        restart_on_idle: Some(idle.restart_on_idle.unwrap_or(false)),
        ..IdleSettings::default()
    });
    let nothing = IdleSettings {
        stop_on_idle_end: Some(false),
        restart_on_idle: Some(false),
        ..IdleSettings::default()
    };
    Settings {
        allow_start_on_demand: Some(all.allow_start_on_demand.value),
        multiple_instances_policy: Some(all.multiple_instances_policy.value),
        disallow_start_if_on_batteries: Some(all.disallow_start_if_on_batteries.value),
        stop_if_going_on_batteries: Some(all.stop_if_going_on_batteries.value),
        allow_hard_terminate: Some(all.allow_hard_terminate.value),
        start_when_available: Some(all.start_when_available.value),
        run_only_if_network_available: Some(all.run_only_if_network_available.value),
        wake_to_run: Some(all.wake_to_run.value),
        enabled: Some(all.enabled.value),
        hidden: Some(all.hidden.value),
        run_only_if_idle: Some(all.run_only_if_idle.value),
        priority: Some(all.priority.value),
        execution_time_limit: all.execution_time_limit.value.as_ref().map(seconds),
        restart_on_failure: of
            .restart_on_failure
            .as_ref()
            .map(|retry| RestartOnFailure::new(seconds(&retry.interval), retry.count).into()),
        idle_settings: idle.filter(|idle| *idle != nothing),
        network_settings: of
            .network_settings
            .as_ref()
            .and_then(|network| network.id)
            .filter(|id| !id.is_nil())
            .map(|id| NetworkSettings { id: Some(id), ..NetworkSettings::default() }.into()),
        maintenance_settings: of.maintenance_settings.clone().map(|maintenance| {
            Box::new(MaintenanceSettings {
                exclusive: Some(maintenance.exclusive.unwrap_or(false)),
                ..*maintenance
            })
        }),
        ..Settings::default()
    }
}

fn kept(of: &Task) -> Task {
    Task {
        triggers: of.triggers.iter().map(trigger).collect(),
        settings: settings(&of.settings),
        data: of.data.clone().map(text),
        principals: of
            .principals
            .iter()
            .map(|principal| Principal {
                // A group without its SID looks like a user.
                user_id: principal.user_id.clone().or_else(|| principal.group_id.clone()),
                group_id: None,
                run_level: Some(principal.run_level.unwrap_or(RunLevel::LeastPrivilege)),
                ..principal.clone()
            })
            .collect(),
        actions: Actions { list: of.actions.list.iter().map(action).collect(), ..of.actions.clone() },
        ..of.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The values have all of a definition that the functions above do not leave out, and are the same when what was read
    /// is written again.
    #[test]
    fn round_trip(task in task()) {
        let written = write(&task).unwrap();
        let again = read(&written.values).unwrap();
        prop_assert_eq!(&again.task, &kept(&task));
        prop_assert_eq!(&as_stored(&task), &again.task);
        prop_assert!(is_stored_as(&task, &again));
        let rewritten = write(&again.task).unwrap();
        prop_assert_eq!(rewritten.values.triggers, written.values.triggers);
        prop_assert_eq!(rewritten.values.actions, written.values.actions);
    }

    /// The oracle of the fuzz target, near values that are valid.
    #[test]
    fn damaged(task in task(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut values = write(&task).unwrap().values;
        let of_actions: fn(&mut Values) -> &mut Option<Vec<u8>> = |values| &mut values.actions;
        for of in [of_actions, |values| &mut values.triggers] {
            let bytes = of(&mut values).as_mut().unwrap();
            let at = at.index(bytes.len());
            let sound = std::mem::replace(&mut bytes[at], byte);
            oracles::oracle("taskcache_round_trip")(bytes);
            let read = recover(&values);
            prop_assert!(!is_stored_as(&task, &read) || as_stored(&task) == read.task);
            of(&mut values).as_mut().unwrap()[at] = sound;
        }
    }
}
