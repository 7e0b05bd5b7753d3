//! One test for each statement of the public analyses about a layout (EVIDENCE.md CACHE-04 to CACHE-11, CACHE-16, CACHE-17)
//! that the samples do not show.

use super::{Blob, END, START, SYSTEM, codes, generic, head, of_actions, of_triggers, scheduled};
use wintask::{definition::*, finding::Severity, security::Sid, taskcache::*, time::XsDuration};

/// A value without anything that is optional, and these flags.
fn of_flags(flags: u32) -> Recovered {
    of_triggers(head(0x17, flags, 0).0)
}

/// A part of the settings.
type Get<T> = fn(&Settings) -> T;

/// Every flag alone sets one field; without it the field has the other value.
#[test]
fn every_flag_of_the_settings() {
    let idle = |settings: &Settings, get: fn(&IdleSettings) -> Option<bool>| {
        settings.idle_settings.as_ref().and_then(get).or(Some(false))
    };
    let rows: &[(u32, Get<Option<bool>>)] = &[
        (0x2, |s| s.run_only_if_idle),
        (0x10, |s| s.disallow_start_if_on_batteries),
        (0x20, |s| s.stop_if_going_on_batteries),
        (0x40, |s| s.start_when_available),
        (0x80, |s| s.run_only_if_network_available),
        (0x100, |s| s.allow_start_on_demand),
        (0x200, |s| s.wake_to_run),
        (0x40_0000, |s| s.enabled),
        (0x80_0000, |s| s.hidden),
        (0x4000_0000, |s| s.allow_hard_terminate),
    ];
    for (index, (flag, get)) in rows.iter().enumerate() {
        let settings = of_flags(0x200_0000 | flag).task.settings;
        assert_eq!(get(&settings), Some(true), "{flag:#x}");
        for (_, other) in rows.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, row)| row) {
            assert_eq!(other(&settings), Some(false), "{flag:#x}");
        }
    }
    for (flag, restarts, stops) in
        [(0x4, true, false), (0x8, false, true), (0xC, true, true), (0, false, false)]
    {
        let settings = of_flags(0x200_0000 | flag).task.settings;
        assert_eq!(idle(&settings, |idle| idle.restart_on_idle), Some(restarts), "{flag:#x}");
        assert_eq!(idle(&settings, |idle| idle.stop_on_idle_end), Some(stops), "{flag:#x}");
    }
    for (flag, policy) in [
        (0, None),
        (0x400, Some(MultipleInstancesPolicy::Parallel)),
        (0x800, Some(MultipleInstancesPolicy::StopExisting)),
        (0x1000, Some(MultipleInstancesPolicy::Queue)),
        (0x2000, Some(MultipleInstancesPolicy::IgnoreNew)),
    ] {
        assert_eq!(of_flags(flag).task.settings.multiple_instances_policy, policy, "{flag:#x}");
    }
}

/// The flags of the principal, and those of unknown meaning.
#[test]
fn every_flag_of_the_principal() {
    let principal = |flags| of_flags(flags).task.principals.remove(0);
    for (flag, logon_type) in [
        (0, None),
        (0x4000, Some(LogonType::S4U)),
        (0x1_0000, Some(LogonType::InteractiveToken)),
        (0x4_0000, Some(LogonType::Password)),
        (0x8_0000, Some(LogonType::InteractiveTokenOrPassword)),
    ] {
        assert_eq!(principal(flag).logon_type, logon_type, "{flag:#x}");
    }
    assert_eq!(principal(0).run_level, Some(RunLevel::LeastPrivilege));
    assert_eq!(principal(0x100_0000).run_level, Some(RunLevel::HighestAvailable));
    assert_eq!(principal(0).process_token_sid_type, None);
    assert_eq!(principal(0x800_0000).process_token_sid_type, Some(ProcessTokenSidType::None));
    assert_eq!(principal(0x1000_0000).process_token_sid_type, Some(ProcessTokenSidType::Unrestricted));
    for bit in 0..32 {
        let unknown = [0, 15, 17, 20, 21, 31].contains(&bit);
        let recovered = of_flags(1 << bit);
        assert_eq!(codes(&recovered), vec!["taskcache.flags.unknown"; usize::from(unknown)], "bit {bit}");
        assert!(recovered.findings.worst() <= Some(Severity::Info));
    }
}

/// The value up to the account, which `user` appends, and no settings.
fn with_user(user: impl FnOnce(Blob) -> Blob) -> Recovered {
    let blob = Blob::default().flag(0x17).time(0, 0).time(0, u64::MAX).wide(0x200_0000).wide(0);
    of_triggers(user(blob.padded(b"").padded(b"")).wide(0).0)
}

/// An account: absent, by name alone, by SID of each kind; the name follows the SID, and may be empty.
#[test]
fn every_form_of_an_account() {
    let account = |recovered: Recovered| {
        assert_eq!(codes(&recovered), [""; 0]);
        recovered.task.principals.first().map(|one| (one.user_id.clone(), one.group_id.clone()))
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(account(with_user(|blob| blob.flag(1))), None);
    let by_name = with_user(|blob| blob.flag(0).flag(1).padded_text(r"CORP\alice"));
    assert_eq!(account(by_name), Some((text(r"CORP\alice"), None)));
    for (sid_use, sid, is_group) in [
        (1, "S-1-5-21-1-2-3-1000", false),
        (2, "S-1-5-21-1-2-3-513", true),
        (4, "S-1-5-32-544", true),
        (5, "S-1-5-4", true),
        (5, "S-1-5-18", false),
        (5, "S-1-5-19", false),
        (5, "S-1-5-20", false),
        (5, "S-1-5-80-1-2-3-4-5", false),
    ] {
        let bytes = sid.parse::<Sid>().unwrap().to_bytes();
        for name in [None, Some("name")] {
            let recovered = with_user(|blob| {
                let blob = blob.flag(0).flag(0).wide(sid_use).padded(&bytes);
                match name {
                    Some(name) => blob.padded_text(name),
                    None => blob.padded(b""),
                }
            });
            let expected = if is_group { (None, text(sid)) } else { (text(sid), None) };
            assert_eq!(account(recovered), Some(expected), "{sid}");
        }
    }
    // A SID that is not one: the name is left.
    let recovered = with_user(|blob| blob.flag(0).flag(0).wide(1).padded(&[1, 9, 0]).padded_text("alice"));
    assert_eq!(codes(&recovered), ["taskcache.sid"]);
    assert_eq!(recovered.task.principals[0].user_id.as_deref(), Some("alice"));
}

/// What settings of each size have.
#[test]
fn every_size_of_the_settings() {
    let seconds = XsDuration::from_seconds;
    for (size, has_numbers, has_privileges, has_maintenance) in [
        (0, false, false, false),
        (0x2C, true, false, false),
        (0x38, true, true, false),
        (0x58, true, true, true),
    ] {
        let bytes = generic(head(0x17, 0x241_0000, size), 0xFFFF, 0x17).0;
        let raw = RawTriggers::parse(&bytes).unwrap();
        assert_eq!((raw.to_bytes().unwrap(), raw.triggers.len()), (bytes.clone(), 1), "{size:#x}");
        let task = of_triggers(bytes).task;
        let settings = &task.settings;
        assert_eq!(settings.execution_time_limit, has_numbers.then(|| seconds(259_200)));
        assert_eq!(settings.delete_expired_task_after, has_numbers.then(|| seconds(2_592_000)));
        assert_eq!(settings.priority, has_numbers.then_some(7));
        assert_eq!(settings.restart_on_failure.as_ref().map(|retry| retry.count), has_numbers.then_some(3));
        assert_eq!(task.principals[0].required_privileges.is_some(), has_privileges);
        assert_eq!(settings.maintenance_settings.is_some(), has_maintenance);
    }
}

/// The body of the settings with these numbers, this network and these periods.
fn with_body(
    numbers: [u32; 7],
    network: [u8; 16],
    privileges: u64,
    periods: [[u16; 7]; 2],
    exclusive: u8,
) -> Recovered {
    let blob = head(0x17, 0x200_0008, 0).0;
    let blob = Blob(blob[..blob.len() - 8].to_vec()).wide(0x58);
    let blob = numbers.iter().fold(blob, |blob, number| blob.u32(*number));
    let blob = blob.bytes(&network).bytes(b"HHHH").u64(privileges);
    let blob = periods.as_flattened().iter().fold(blob, |blob, unit| blob.u16(*unit));
    of_triggers(blob.bytes(&[exclusive, 0, 0, 0]).0)
}

const NEVER: u32 = u32::MAX;

/// The numbers that mean nothing, never and not stated, and the network's GUID in wire order.
#[test]
fn numbers_of_the_settings() {
    let seconds = |n| Some(XsDuration::from_seconds(n));
    let nothing = [0; 7];
    let recovered = with_body([0, NEVER, NEVER, NEVER, 7, 0, 0], [0; 16], 0, [nothing; 2], 0);
    assert_eq!(codes(&recovered), [""; 0]);
    let settings = recovered.task.settings;
    let idle = settings.idle_settings.unwrap();
    assert_eq!((idle.duration, idle.wait_timeout), (None, None));
    assert_eq!(settings.execution_time_limit, seconds(0));
    assert_eq!(settings.delete_expired_task_after, None);
    assert_eq!((settings.restart_on_failure, settings.network_settings), (None, None));
    assert_eq!(settings.maintenance_settings, None);

    let network: [u8; 16] = std::array::from_fn(|byte| byte as u8);
    let recovered = with_body([600, 0, 60, 0, 0, 90, 15], network, 0, [nothing; 2], 0);
    assert_eq!(codes(&recovered), [""; 0]);
    let settings = recovered.task.settings;
    let idle = settings.idle_settings.unwrap();
    assert_eq!((idle.duration, idle.wait_timeout), (seconds(600), seconds(0)));
    assert_eq!(
        (settings.execution_time_limit, settings.delete_expired_task_after),
        (seconds(60), seconds(0))
    );
    assert_eq!(
        settings.restart_on_failure,
        seconds(90).map(|interval| RestartOnFailure::new(interval, 15).into())
    );
    assert_eq!(
        settings.network_settings.unwrap().id,
        Some(uuid::uuid!("03020100-0504-0706-0809-0a0b0c0d0e0f"))
    );

    // What cannot be: a priority of 11, an interval without tries, a deadline without a period.
    for (numbers, periods, exclusive, place) in [
        ([0, NEVER, 0, NEVER, 11, 0, 0], [nothing; 2], 0, "Triggers.Settings.Priority"),
        ([0, NEVER, 0, NEVER, 7, 60, 0], [nothing; 2], 0, "Triggers.Settings.RestartInterval"),
        ([0, NEVER, 0, NEVER, 7, 60, 256], [nothing; 2], 0, "Triggers.Settings.RestartCount"),
        ([0, NEVER, 0, NEVER, 7, 0, 0], [nothing, [0, 0, 0, 1, 0, 0, 0]], 0, "Triggers.Settings.Deadline"),
        ([0, NEVER, 0, NEVER, 7, 0, 0], [nothing; 2], 1, "Triggers.Settings.Exclusive"),
    ] {
        let recovered = with_body(numbers, [0; 16], 0, periods, exclusive);
        let places: Vec<_> = recovered.findings.iter().map(|finding| finding.place().path()).collect();
        assert_eq!(places, [place]);
    }
}

/// A period: year, month, week, day, hour, minute, second, in this order; weeks are days of a duration.
#[test]
fn periods() {
    for (units, text) in [
        ([1, 2, 3, 4, 5, 6, 7], "P1Y2M25DT5H6M7S"),
        ([1, 0, 0, 0, 0, 0, 0], "P1Y"),
        ([0, 1, 0, 0, 0, 0, 0], "P1M"),
        ([0, 0, 1, 0, 0, 0, 0], "P7D"),
        ([0, 0, 0, 1, 0, 0, 0], "P1D"),
        ([0, 0, 0, 0, 1, 0, 0], "PT1H"),
        ([0, 0, 0, 0, 0, 1, 0], "PT1M"),
        ([0, 0, 0, 0, 0, 0, 1], "PT1S"),
        ([u16::MAX; 7], "P65535Y65535M524280DT65535H65535M65535S"),
    ] {
        let recovered = with_body([0, NEVER, 0, NEVER, 7, 0, 0], [0; 16], 0, [units, [0; 7]], 1);
        let maintenance = recovered.task.settings.maintenance_settings.unwrap();
        assert_eq!(maintenance.period.as_str(), text);
        assert_eq!((maintenance.deadline, maintenance.exclusive), (None, Some(true)));
    }
}

/// The names of the privileges by their bits.
#[test]
fn every_privilege() {
    let names = [
        (0x4, "SeCreateToken"),
        (0x8, "SeAssignPrimaryToken"),
        (0x10, "SeLockMemory"),
        (0x20, "SeIncreaseQuota"),
        (0x40, "SeMachineAccount"),
        (0x80, "SeTcb"),
        (0x100, "SeSecurity"),
        (0x200, "SeTakeOwnership"),
        (0x400, "SeLoadDriver"),
        (0x800, "SeSystemProfile"),
        (0x1000, "SeSystemtime"),
        (0x2000, "SeProfileSingleProcess"),
        (0x4000, "SeIncreaseBasePriority"),
        (0x8000, "SeCreatePagefile"),
        (0x1_0000, "SeCreatePermanent"),
        (0x2_0000, "SeBackup"),
        (0x4_0000, "SeRestore"),
        (0x8_0000, "SeShutdown"),
        (0x10_0000, "SeDebug"),
        (0x20_0000, "SeAudit"),
        (0x40_0000, "SeSystemEnvironment"),
        (0x80_0000, "SeChangeNotify"),
        (0x100_0000, "SeRemoteShutdown"),
        (0x200_0000, "SeUndock"),
        (0x400_0000, "SeSyncAgent"),
        (0x800_0000, "SeEnableDelegation"),
        (0x1000_0000, "SeManageVolume"),
        (0x2000_0000, "SeImpersonate"),
        (0x4000_0000, "SeCreateGlobal"),
        (0x8000_0000, "SeTrustedCredManAccess"),
        (0x1_0000_0000, "SeRelabel"),
        (0x2_0000_0000, "SeIncreaseWorkingSet"),
        (0x4_0000_0000, "SeTimeZone"),
        (0x8_0000_0000, "SeCreateSymbolicLink"),
        (0x10_0000_0000, "SeDelegateSessionUserImpersonate"),
    ];
    for (mask, name) in names {
        let name = format!("{name}Privilege");
        let recovered = with_body([0, NEVER, 0, NEVER, 7, 0, 0], [0; 16], mask, [[0; 7]; 2], 0);
        assert_eq!(recovered.task.principals[0].required_privileges.as_deref(), Some(&[name.clone()][..]));
        assert_eq!(Privileges::from_name(&name), Some(Privileges(mask)));
    }
    for bit in [0, 1, 37, 63] {
        let recovered = with_body([0, NEVER, 0, NEVER, 7, 0, 0], [0; 16], 1 << bit, [[0; 7]; 2], 0);
        assert_eq!(codes(&recovered), ["taskcache.out_of_range"], "bit {bit}");
    }
}

/// Without version 3 there is neither context nor flags.
#[test]
fn actions_of_old_versions() {
    for version in [1, 2] {
        let head = Blob::default().u16(version);
        let bytes = head
            .u16(0x6666)
            .text("")
            .text("a.exe")
            .text("")
            .text("")
            .u16(0x9999)
            .text("")
            .text("t")
            .text("m");
        let raw = RawActions::parse(&bytes.0).unwrap();
        assert_eq!((raw.actions.len(), raw.to_bytes().unwrap()), (2, bytes.0.clone()));
        let recovered = of_actions(bytes.0);
        assert_eq!(codes(&recovered), [""; 0]);
        let exec = Exec { hide_app_window: None, ..Exec::new("a.exe") };
        assert_eq!(
            (recovered.task.actions.context, recovered.task.actions.list[0].clone()),
            (None, exec.into())
        );
    }
    for version in [0, 4, u16::MAX] {
        let recovered = of_actions(Blob::default().u16(version).text("").0);
        assert!(codes(&recovered).contains(&"taskcache.version"), "{version}");
    }
}

/// The flags of an Exec action.
#[test]
fn flags_of_a_program() {
    for (flags, hidden, found) in [(0, None, 0), (1, Some(true), 0), (2, None, 1), (3, Some(true), 1)] {
        let blob =
            Blob::default().u16(3).text("").u16(0x6666).text("").text("a").text("").text("").u16(flags);
        let recovered = of_actions(blob.0);
        assert_eq!(codes(&recovered), vec!["taskcache.out_of_range"; found]);
        let Action::Exec(exec) = &recovered.task.actions.list[0] else { panic!() };
        assert_eq!(exec.hide_app_window, hidden);
    }
}

/// Session changes are numbered one after the other.
#[test]
fn session_changes() {
    let of = |change| {
        let blob = generic(head(0x17, 0x200_0000, 0), 0x7777, 0x17).wide(change).flag(1);
        of_triggers(blob.0)
    };
    for (number, change) in [
        (1, SessionStateChange::ConsoleConnect),
        (2, SessionStateChange::ConsoleDisconnect),
        (3, SessionStateChange::RemoteConnect),
        (4, SessionStateChange::RemoteDisconnect),
        (5, SessionStateChange::SessionLock),
        (6, SessionStateChange::SessionUnlock),
    ] {
        let triggers = of(number).task.triggers;
        let [Trigger { kind: TriggerKind::SessionStateChange(of), .. }] = triggers.as_slice() else {
            panic!()
        };
        assert_eq!((of.state_change, of.user_id.as_deref()), (change, None), "{number}");
    }
    for number in [0, 7, 8, u32::MAX] {
        let recovered = of(number);
        assert_eq!(codes(&recovered), ["taskcache.out_of_range"], "{number}");
        assert_eq!((recovered.task.triggers.len(), recovered.triggers.unwrap().triggers.len()), (0, 1));
    }
}

/// Of an empty counted text only the count is stored; there may be no value queries.
#[test]
fn an_event_trigger_without_anything() {
    let blob = generic(head(0x17, 0x200_0000, 0), 0xCCCC, 0x17).wide(0).u32(0).u32(0).wide(0).wide(0);
    let bytes = generic(blob, 0xEEEE, 0x17).0;
    assert_eq!(RawTriggers::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
    let triggers = of_triggers(bytes).task.triggers;
    assert_eq!(triggers.len(), 2);
    let event = EventTrigger { delay: Some(XsDuration::from_seconds(30)), ..EventTrigger::new("") };
    assert_eq!(triggers[0].kind, TriggerKind::from(event));
}

/// An idle trigger is generic data alone; its delay has no place in a definition.
#[test]
fn an_idle_trigger() {
    let recovered = of_triggers(generic(head(0x16, 0x200_0000, 0), 0xEEEE, 0x16).0);
    assert_eq!(codes(&recovered), ["taskcache.out_of_range"]);
    let [trigger] = recovered.task.triggers.as_slice() else { panic!() };
    assert_eq!((&trigger.kind, trigger.id.as_deref()), (&TriggerKind::Idle, Some("id")));
    assert_eq!(trigger.end_boundary.as_ref().map(|end| end.as_str()), Some("2023-04-08T13:40:02Z"));
}

/// The data of a WNF trigger, filled up or not, before another trigger and at the end (EVIDENCE.md CACHE-19).
#[test]
fn wnf_data() {
    for size in 0..=9 {
        let data = vec![0xAB; size];
        for is_filled in [false, true] {
            let blob = generic(head(0x17, 0x200_0000, 0), 0x6666, 0x17).bytes(&[1; 8]);
            let blob = blob.wide(size as u32).bytes(&data);
            let blob = if is_filled { blob.fill(size) } else { blob };
            for (blob, expected) in [(Blob(blob.0.clone()), 1), (generic(blob, 0xFFFF, 0x17), 2)] {
                let raw = RawTriggers::parse(&blob.0).unwrap();
                assert_eq!((raw.triggers.len(), raw.to_bytes().unwrap()), (expected, blob.0.clone()));
                let triggers = of_triggers(blob.0).task.triggers;
                let TriggerKind::WnfStateChange(wnf) = &triggers[0].kind else { panic!() };
                assert_eq!(wnf.data.clone().unwrap_or_default(), "AB".repeat(size));
            }
        }
    }
}

/// A time-based trigger's boundaries, limit and days.
#[test]
fn scheduled_triggers() {
    let trigger = |edit: &dyn Fn(&mut RawScheduled)| {
        let mut raw =
            RawTriggers::parse(&scheduled(head(0x17, 0x200_0000, 0), 0x17, 1, [1, 0, 0]).0).unwrap();
        let RawTrigger::Scheduled(scheduled) = &mut raw.triggers[0] else { panic!() };
        edit(scheduled);
        let recovered = of_triggers(raw.to_bytes().unwrap());
        let codes = codes(&recovered);
        (recovered.task.triggers.first().cloned(), codes)
    };
    let end = |trigger: (Option<Trigger>, Vec<_>)| trigger.0.unwrap().end_boundary;
    assert_eq!(end(trigger(&|raw| raw.end.ticks = 0)), None);
    assert_eq!(end(trigger(&|raw| raw.end.ticks = u64::MAX)), None);
    assert_eq!(end(trigger(&|raw| raw.end.ticks = END)), Some("2023-04-08T13:40:02Z".parse().unwrap()));
    let start = |trigger: (Option<Trigger>, Vec<_>)| trigger.0.unwrap().start_boundary;
    assert_eq!(start(trigger(&|raw| raw.start.ticks = 0)), None);
    let utc = trigger(&|raw| raw.start = RawTime { is_local: 0.into(), ticks: START });
    assert_eq!(start(utc), Some("2022-04-06T17:40:02Z".parse().unwrap()));
    assert_eq!(trigger(&|raw| raw.start.ticks = u64::MAX - 1).1, ["taskcache.time"]);
    let limit = |trigger: (Option<Trigger>, Vec<_>)| trigger.0.unwrap().execution_time_limit;
    assert_eq!(limit(trigger(&|raw| raw.execution_time_limit = NEVER)), None);
    assert_eq!(limit(trigger(&|raw| raw.execution_time_limit = 60)), Some(XsDuration::from_seconds(60)));
    assert_eq!(trigger(&|raw| raw.enabled = 0).0.unwrap().enabled, Some(false));
    // An interval without a duration lasts indefinitely (EVIDENCE.md CACHE-20); a duration without an interval is nothing.
    let repeated = trigger(&|raw| (raw.repetition_interval, raw.stop_at_duration_end) = (300, 1)).0.unwrap();
    let every = Repetition::every(XsDuration::from_seconds(300));
    assert_eq!(repeated.repetition, Some(Repetition { stop_at_duration_end: Some(true), ..every }.into()));
    assert_eq!(trigger(&|raw| raw.repetition_duration = 60).1, ["taskcache.out_of_range"]);
    let on = |trigger: Option<Trigger>| match trigger.unwrap().kind {
        TriggerKind::Calendar { schedule, .. } => schedule,
        other => panic!("{other:?}"),
    };
    let days = |mode: u32, data: [u16; 3]| {
        trigger(&|raw| (raw.mode, [raw.data1, raw.data2, raw.data3]) = (mode, data))
    };
    // Day n is bit n - 1; the last day is bit 31.
    for (data, expected) in [
        ([1, 0, 1], Schedule::monthly(DaysOfMonth::from_days([1]), Months::JANUARY)),
        ([0x8000, 0, 0x800], Schedule::monthly(DaysOfMonth::from_days([16]), Months::DECEMBER)),
        ([0, 1, 2], Schedule::monthly(DaysOfMonth::from_days([17]), Months::FEBRUARY)),
        ([0, 0x4000, 2], Schedule::monthly(DaysOfMonth::from_days([31]), Months::FEBRUARY)),
        ([0, 0x8000, 4], Schedule::monthly(DaysOfMonth::LAST, Months::MARCH)),
    ] {
        let (found, codes) = days(3, data);
        assert_eq!((on(found), codes), (expected, vec![]), "{data:?}");
    }
    for (data, weeks, day) in [
        ([1, 1, 1], Weeks::FIRST, DaysOfWeek::SUNDAY),
        ([2, 2, 1], Weeks::SECOND, DaysOfWeek::MONDAY),
        ([4, 4, 1], Weeks::THIRD, DaysOfWeek::TUESDAY),
        ([8, 8, 1], Weeks::FOURTH, DaysOfWeek::WEDNESDAY),
        ([0x40, 16, 1], Weeks::LAST, DaysOfWeek::SATURDAY),
    ] {
        let expected = Schedule::monthly_day_of_week(weeks, day, Months::JANUARY);
        assert_eq!(on(days(4, data).0), expected, "{data:?}");
    }
    // What a definition cannot have.
    for (mode, data) in [
        (1, [0, 0, 0]),
        (1, [366, 0, 0]),
        (2, [0, 1, 0]),
        (2, [53, 1, 0]),
        (2, [1, 0x80, 0]),
        (3, [1, 0, 0x1000]),
        (4, [0x80, 1, 1]),
        (4, [1, 0x20, 1]),
        (5, [0, 0, 0]),
    ] {
        assert_eq!(days(mode, data).1, ["taskcache.out_of_range"], "{mode} {data:?}");
    }
}

/// The second duration of a generic trigger is the first once more.
#[test]
fn two_durations() {
    let mut raw = RawTriggers::parse(&generic(head(0x17, 0x200_0000, 0), 0xFFFF, 0x17).0).unwrap();
    let RawTrigger::Boot(boot) = &mut raw.triggers[0] else { panic!() };
    boot.generic.repetition_duration_again = 1;
    let recovered = of_triggers(raw.to_bytes().unwrap());
    assert_eq!(codes(&recovered), ["taskcache.differs"]);
    let repetition = recovered.task.triggers[0].repetition.clone().unwrap();
    assert_eq!(repetition.duration, Some(XsDuration::from_seconds(900)));
}

/// Filler is ignored, and written back.
#[test]
fn filler_means_nothing() {
    let zeros = Blob(super::triggers(0x17)).0;
    let first = of_triggers(zeros.clone());
    let mut raw = first.triggers.clone().unwrap();
    raw.bucket.flags.filler = [1, 2, 3, 4];
    raw.bucket.start.is_local.filler = [9; 7];
    raw.bucket.principal_id.padding.fill(0xEE);
    raw.bucket.user.sid.padding.fill(0xEE);
    raw.bucket.settings.body.filler = [5; 4].into();
    raw.bucket.settings.body.end_filler = [5; 3].into();
    for trigger in &mut raw.triggers {
        match trigger {
            RawTrigger::Boot(plain) | RawTrigger::Registration(plain) => {
                (plain.filler, plain.generic.unknown) = ([6; 4].into(), [7; 8].into());
                plain.generic.id.padding.fill(8);
            }
            RawTrigger::Scheduled(scheduled) => {
                (scheduled.data_filler, scheduled.enabled_filler) = ([1; 2].into(), [2; 2].into());
                (scheduled.end_filler, scheduled.unknown, scheduled.unknown_time.ticks) =
                    ([3; 4].into(), 4, 5);
            }
            _ => {}
        }
    }
    let bytes = raw.to_bytes().unwrap();
    assert_ne!(bytes, zeros);
    let second = of_triggers(bytes.clone());
    assert_eq!((second.task, second.findings), (first.task, first.findings));
    assert_eq!(RawTriggers::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
}

/// The context of the actions is the identifier of the principal (EVIDENCE.md CACHE-13).
#[test]
fn two_principals() {
    let of = |context: &str| {
        let actions = Some(Blob::default().u16(3).text(context).0);
        let values = Values { actions, triggers: Some(head(0x17, 0, 0).0), ..Values::default() };
        codes(&recover(&values))
    };
    assert_eq!(of("Author"), [""; 0]);
    assert_eq!(of("LocalSystem"), ["taskcache.differs"]);
}

/// A descriptor is written back byte for byte, with its parts in any order, and with unreferenced bytes.
#[test]
fn a_descriptor_keeps_its_layout() {
    let mut sd = vec![1, 0, 4, 0x80, 20, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0];
    sd.extend(SYSTEM);
    sd.extend(SYSTEM);
    sd.extend([0xEE; 4]);
    sd.extend([2, 0, 8, 0, 0, 0, 0, 0]);
    let recovered = recover(&Values { sd: Some(sd.clone()), ..Values::default() });
    assert_eq!(codes(&recovered), [""; 0]);
    assert_eq!(recovered.sd, Some(sd));
    assert_eq!(recovered.descriptor.unwrap().to_sddl().unwrap(), "O:SYG:SYD:");
}

/// A text with a count has no NUL (CACHE-04); one that has is kept, and reported where it is.
#[test]
fn texts_with_a_nul() {
    let of = |command: &str| {
        let blob = Blob::default().u16(3).text("").u16(0x6666).text("").text(command);
        of_actions(blob.text("").text("").u16(0).0)
    };
    let recovered = of("good.exe\0 evil.exe");
    assert_eq!(codes(&recovered), ["taskcache.text.nul"]);
    let finding = recovered.findings.iter().next().unwrap();
    assert_eq!(finding.place().path(), "Actions[0].Command");
    let Action::Exec(exec) = &recovered.task.actions.list[0] else { panic!() };
    assert_eq!(exec.command, "good.exe\0 evil.exe");
    assert_eq!(codes(&of("good.exe")), [""; 0]);
    // The one at the end of a padded text belongs to it, a second one does not.
    let with_name = |units: &str| {
        let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
        with_user(|blob| blob.flag(0).flag(1).padded(&bytes))
    };
    assert_eq!(codes(&with_name("alice\0")), [""; 0]);
    assert_eq!(codes(&with_name("alice\0\0")), ["taskcache.text.nul"]);
}

/// A start with an offset is stored as UTC (CACHE-05). Days of weeks and months are then those of another date if it is one.
#[test]
fn dates_of_starts_with_an_offset() {
    let weekly = || Schedule::weekly(1, DaysOfWeek::MONDAY);
    for (start, schedule, is_lost) in [
        ("2024-01-02T22:00:00-04:00", weekly(), true),
        ("2024-01-03T04:00:00+02:00", weekly(), false),
        ("2024-01-03T01:00:00+02:00", weekly(), true),
        ("2024-01-02T22:00:00-04:00", Schedule::daily(1), false),
        ("2024-01-02T22:00:00", weekly(), false),
        ("2024-01-02T22:00:00Z", weekly(), false),
    ] {
        let trigger = Trigger::calendar(schedule, start.parse().unwrap());
        let task = Task { triggers: vec![trigger], ..Task::new(Exec::new("a.exe")) };
        let written = write(&task).unwrap();
        let found = written.findings.iter().any(|finding| finding.code() == "taskcache.not_storable");
        assert_eq!(found, is_lost, "{start}");
    }
}
