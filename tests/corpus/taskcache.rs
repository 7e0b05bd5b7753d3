//! The real values of the registry's task cache: each is read completely and written back byte for byte, and has what the tests
//! of the projects that it comes from expect (EVIDENCE.md CACHE-04 to CACHE-11).

use crate::Folder;
use libtest_mimic::Failed;
use wintask::{
    definition::{
        Action, DaysOfMonth, DaysOfWeek, LogonType, Months, Repetition, Schedule, Trigger, TriggerKind, Weeks,
    },
    dtyp::HResult,
    taskcache::{RawActions, RawDynamicInfo, RawTriggers, Values, recover},
    time::XsDuration,
};

/// The value whose last field has one byte of two.
const CUT: &str = "TestTaskParser_ExeTasks";

pub fn values(files: &Folder) -> Result<(), Failed> {
    for (name, bytes) in &files.0 {
        let lower = name.to_lowercase();
        let (values, written) = if lower.contains("actions") {
            let values = Values { actions: Some(bytes.clone()), ..Values::default() };
            let raw = recover(&values).actions.ok_or("no actions")?;
            assert_eq!(RawActions::parse(bytes).is_ok(), !name.contains(CUT), "{name}");
            assert_eq!(raw.rest.is_empty(), !name.contains(CUT), "{name}");
            (values, raw.to_bytes()?)
        } else if lower.contains("triggers") {
            let values = Values { triggers: Some(bytes.clone()), ..Values::default() };
            let raw = RawTriggers::parse(bytes)?;
            assert!(raw.rest.is_empty(), "{name}");
            (values, raw.to_bytes()?)
        } else {
            let values = Values { dynamic_info: Some(bytes.clone()), ..Values::default() };
            (values, RawDynamicInfo::parse(bytes)?.to_bytes())
        };
        assert_eq!(&written, bytes, "{name}");
        let findings = recover(&values).findings;
        let codes: Vec<_> = findings.iter().map(|finding| finding.code()).collect();
        let expected: &[&str] = match name {
            // 0x20000 is set for SYSTEM.
            name if name.contains("TestLogonTrigger_2") => &["taskcache.flags.unknown"],
            name if name.contains(CUT) => &["taskcache.truncated"],
            _ => &[],
        };
        assert_eq!(codes, expected, "{name}");
    }
    Ok(())
}

pub fn tasks(files: &Folder) -> Result<(), Failed> {
    let actions = |part| -> Result<Vec<Action>, Failed> {
        let actions = Some(files.file(part)?.to_vec());
        Ok(recover(&Values { actions, ..Values::default() }).task.actions.list)
    };
    let commands: Vec<_> = actions(CUT)?
        .into_iter()
        .filter_map(|action| match action {
            Action::Exec(exec) => Some((exec.command, exec.arguments, exec.working_directory)),
            _ => None,
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    // The action whose last field is cut is there as well.
    assert_eq!(
        commands,
        [
            ("execution.exe".to_owned(), None, None),
            ("moar.exe".to_owned(), None, None),
            (r"C:\users\case\Desktop\witharg.xml".to_owned(), text("arg arg2"), None),
            (r"D:\only_workingdir.ps1".to_owned(), None, text(r"C:\windows")),
            (r"z:\allof\it.exe".to_owned(), text("arg1 arg2"), text(r"c:\workingdir")),
        ]
    );
    let kinds = actions("TestTaskParser_MixedAll")?;
    let [Action::Exec(_), Action::ComHandler(handler), Action::SendEmail(mail), Action::ShowMessage(_)] =
        kinds.as_slice()
    else {
        return Err(format!("{kinds:?}").into());
    };
    assert_eq!(handler.data.as_ref().map(|data| data.xml.as_str()), Some("MissingCredentials"));
    assert_eq!(mail.attachments.as_ref().map(Vec::len), Some(3));

    let triggers = |part| -> Result<_, Failed> {
        let triggers = Some(files.file(part)?.to_vec());
        Ok(recover(&Values { triggers, ..Values::default() }).task)
    };
    let task = triggers("TestTimeTrigger")?;
    let seconds = XsDuration::from_seconds;
    let shown: Vec<Trigger> = task.triggers;
    let kinds: Vec<_> = shown
        .iter()
        .map(|trigger| match &trigger.kind {
            TriggerKind::Calendar { schedule, .. } => Some(schedule.clone()),
            _ => None,
        })
        .collect();
    // EVIDENCE.md CACHE-09.
    let weekly = DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY | DaysOfWeek::SATURDAY;
    let weekdays = DaysOfWeek::WEDNESDAY | DaysOfWeek::THURSDAY | DaysOfWeek::FRIDAY;
    let monthly = DaysOfMonth::from_bits(0x0806_21C1);
    assert_eq!(
        kinds,
        [
            None,
            Some(Schedule::daily(3)),
            Some(Schedule::weekly(4, weekly)),
            Some(Schedule::monthly(monthly, Months::from_bits(0x194))),
            Some(Schedule::monthly_day_of_week(
                Weeks::THIRD | Weeks::FOURTH,
                weekdays,
                Months::from_bits(0x522)
            )),
        ]
    );
    let repetition = Repetition { stop_at_duration_end: Some(true), ..Repetition::every(seconds(3600)) };
    assert_eq!(shown[1].repetition, Some(repetition.lasting(seconds(43_200)).into()));
    let [principal] = task.principals.as_slice() else { return Err("no principal".into()) };
    assert_eq!(principal.user_id.as_deref(), Some("S-1-5-21-3262475209-2374237165-4262510312-1000"));
    assert_eq!(principal.logon_type, Some(LogonType::InteractiveToken));

    let event = triggers("TestEventTrigger")?;
    let [Trigger { kind: TriggerKind::Event(first), repetition, .. }, second] = event.triggers.as_slice()
    else {
        return Err("not two triggers".into());
    };
    assert!(first.subscription.starts_with("<QueryList><Query Id=\"0\" Path=\"Microsoft-User Experience"));
    assert!(first.subscription.ends_with("</QueryList>"));
    let repeated = Repetition { stop_at_duration_end: Some(true), ..Repetition::every(seconds(120)) };
    assert_eq!(repetition.as_deref(), Some(&repeated.lasting(seconds(180))));
    assert_eq!((first.delay.clone(), second.execution_time_limit.clone()), (Some(seconds(60)), None));

    let logon = triggers("TestLogonTrigger.bin")?;
    let [Trigger { kind: TriggerKind::Logon { user_id, delay }, end_boundary, enabled, .. }] =
        logon.triggers.as_slice()
    else {
        return Err("not one logon trigger".into());
    };
    assert_eq!(user_id.as_deref(), principal.user_id.as_deref());
    assert_eq!((delay.clone(), *enabled), (Some(seconds(30)), Some(false)));
    assert!(end_boundary.as_ref().is_some_and(|end| end.as_str().ends_with('Z')));

    let system = triggers("TestLogonTrigger_2")?;
    assert_eq!(system.run_as().and_then(|principal| principal.user_id.as_deref()), Some("S-1-5-18"));
    assert_eq!(system.settings.priority, Some(9));

    let info = RawDynamicInfo::parse(files.file("WithErrorCode")?)?;
    assert_eq!(info.info.result, HResult(0x8007_0002));
    Ok(())
}
