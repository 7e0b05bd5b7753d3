//! Effective values and where they come from: every default once, with its source.

use wintask::{
    Profile,
    definition::{
        IdleSettings, LogonType, MultipleInstancesPolicy, Origin, Principal, Repetition, RunLevel, Settings,
        Trigger, TriggerKind,
    },
    time::XsDuration,
};

const BOTH: [Profile; 2] = [Profile::Windows, Profile::Specification];

fn duration(text: &str) -> XsDuration {
    text.parse().unwrap()
}

/// The defaults of the schema ([MS-TSCH] 2.5.4; EVIDENCE.md XML-32, XML-43), and the 72 hours of 3.2.5.4.2.
#[test]
fn settings() {
    for profile in BOTH {
        let s = Settings::default().effective(profile);
        for (name, effective, default) in [
            ("AllowStartOnDemand", s.allow_start_on_demand, true),
            ("DisallowStartIfOnBatteries", s.disallow_start_if_on_batteries, true),
            ("StopIfGoingOnBatteries", s.stop_if_going_on_batteries, true),
            ("AllowHardTerminate", s.allow_hard_terminate, true),
            ("StartWhenAvailable", s.start_when_available, false),
            ("RunOnlyIfNetworkAvailable", s.run_only_if_network_available, false),
            ("WakeToRun", s.wake_to_run, false),
            ("Enabled", s.enabled, true),
            ("Hidden", s.hidden, false),
            ("RunOnlyIfIdle", s.run_only_if_idle, false),
            ("UseUnifiedSchedulingEngine", s.use_unified_scheduling_engine, false),
            ("DisallowStartOnRemoteAppSession", s.disallow_start_on_remote_app_session, false),
            ("Volatile", s.volatile, false),
        ] {
            assert_eq!((effective.value, effective.origin), (default, Origin::SchemaDefault), "{name}");
        }
        assert_eq!(s.priority.value, 7);
        assert_eq!(s.multiple_instances_policy.value, MultipleInstancesPolicy::IgnoreNew);
        let limit = s.execution_time_limit;
        assert_eq!(limit.value.and_then(|limit| limit.to_seconds()), Some(72 * 3600));
        assert_eq!(limit.origin, Origin::EngineDefault);
    }
    let stated =
        Settings { hidden: Some(true), execution_time_limit: Some(duration("PT0S")), ..Settings::default() };
    let s = stated.effective(Profile::Windows);
    assert_eq!((s.hidden.value, s.hidden.origin), (true, Origin::Stated));
    // EVIDENCE.md XML-47: PT0S means that there is no limit.
    assert_eq!((s.execution_time_limit.value, s.execution_time_limit.origin), (None, Origin::Stated));
}

/// EVIDENCE.md XML-44: without IdleSettings the engine has its own defaults ([MS-TSCH] notes 28 to 31); with them,
/// those of the schema hold for what is not stated.
#[test]
fn idle() {
    let seconds = |limit: Option<XsDuration>| limit.map(|limit| limit.to_seconds());
    let absent = Settings::default();
    let empty = Settings { idle_settings: Some(IdleSettings::default()), ..Settings::default() };
    for (settings, profile, engine) in [
        (&absent, Profile::Windows, true),
        (&absent, Profile::Specification, false),
        (&empty, Profile::Windows, false),
        (&empty, Profile::Specification, false),
    ] {
        let idle = settings.effective_idle(profile);
        let origin = if engine { Origin::EngineDefault } else { Origin::SchemaDefault };
        assert_eq!(idle.duration.value.to_seconds(), Some(if engine { 0 } else { 600 }));
        assert_eq!(seconds(idle.wait_timeout.value), if engine { None } else { Some(Some(3600)) });
        assert_eq!((idle.stop_on_idle_end.value, idle.stop_on_idle_end.origin), (!engine, origin));
        assert_eq!((idle.restart_on_idle.value, idle.restart_on_idle.origin), (false, origin));
    }
    let stated = IdleSettings {
        wait_timeout: Some(duration("PT0S")),
        restart_on_idle: Some(true),
        ..IdleSettings::default()
    };
    let idle =
        Settings { idle_settings: Some(stated), ..Settings::default() }.effective_idle(Profile::Windows);
    assert_eq!((idle.wait_timeout.value, idle.wait_timeout.origin), (None, Origin::Stated));
    assert_eq!((idle.restart_on_idle.value, idle.restart_on_idle.origin), (true, Origin::Stated));
}

/// [MS-TSCH] 3.2.5.4.2: InteractiveToken and LeastPrivilege where nothing is stated, 72 hours for a trigger's instances;
/// EVIDENCE.md XML-45: a repetition without a duration is indefinite, one day by the text.
#[test]
fn principals_and_triggers() {
    for profile in BOTH {
        let principal = Principal::user("a").effective(profile);
        assert_eq!(principal.logon_type.value, LogonType::InteractiveToken);
        assert_eq!(principal.logon_type.origin, Origin::EngineDefault);
        assert_eq!(principal.run_level.value, RunLevel::LeastPrivilege);
        let trigger = Trigger::new(TriggerKind::Idle).effective(profile);
        assert_eq!((trigger.enabled.value, trigger.enabled.origin), (true, Origin::SchemaDefault));
        assert_eq!(trigger.execution_time_limit.value.and_then(|limit| limit.to_seconds()), Some(72 * 3600));
        let repetition = Repetition::every(duration("PT1H")).effective(profile);
        let day = (profile == Profile::Specification).then_some(Some(86400));
        assert_eq!(repetition.duration.value.map(|duration| duration.to_seconds()), day);
        assert!(!repetition.stop_at_duration_end.value);
    }
    let stated = Principal {
        logon_type: Some(LogonType::S4U),
        run_level: Some(RunLevel::HighestAvailable),
        ..Principal::user("a")
    };
    let principal = stated.effective(Profile::Windows);
    assert_eq!((principal.logon_type.value, principal.logon_type.origin), (LogonType::S4U, Origin::Stated));
    assert_eq!(principal.run_level.value, RunLevel::HighestAvailable);
}
