//! When tasks start, wait, stop and expire: scenarios of our own (`testdata/scheduler/engine`), and those of
//! `WINTASK_SHARED` where it is there.

mod scene;
mod shared;
mod text;

use super::rig::{Rig, Who};
use std::{fs, panic::catch_unwind, path::Path};
use time::Duration;
use wintask::{
    HResult, Profile, limits,
    rpc::schrpc::SchRpcRegisterTask,
    scheduler::{Effect, Event, Ignored},
};

/// An event that reports a known state is not a change: nothing fires, and the reply shows it.
#[test]
fn what_has_not_changed_is_ignored() {
    let mut rig = Rig::new(Profile::Windows);
    rig.machine.idle_since = Some(rig.now);
    for (event, word) in [(Event::Idle, "idle"), (Event::Power, "on mains power"), (Event::Sleep, "asleep")] {
        assert_eq!(rig.event(event.clone()), None);
        assert_eq!(rig.event(event), Some(Ignored::Unchanged(word)));
    }
    rig.event(Event::Wake);
    rig.machine.idle_since = None;
    rig.machine.on_battery = true;
    for event in [Event::Busy, Event::Power] {
        assert_eq!(rig.event(event), None, "it has changed");
    }
}

/// `limits::REPETITIONS`: a trigger that fires again and again has no more series than that, and the newest go on.
#[test]
fn repetitions_are_limited() {
    let xml = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
      <Triggers><LogonTrigger><Repetition><Interval>PT1M</Interval><Duration>PT10M</Duration>
        <StopAtDurationEnd>true</StopAtDurationEnd></Repetition></LogonTrigger></Triggers>
      <Principals><Principal id="P"><UserId>S-1-5-18</UserId></Principal></Principals>
      <Actions Context="P"><Exec><Command>a.exe</Command></Exec></Actions></Task>"#;
    let mut rig = Rig::new(Profile::Windows);
    let request = SchRpcRegisterTask { path: Some(r"\A".into()), xml: xml.into(), ..Default::default() };
    assert_eq!(rig.call(Who::Admin, &request).status, HResult::S_OK);
    for _ in 0..limits::REPETITIONS + 20 {
        rig.event(Event::Logon(Who::Alice.session(1)));
        rig.now += Duration::milliseconds(1);
    }
    let fired = rig.effects.len();
    rig.pass(Duration::seconds(61));
    // The task runs since the first of them, so each repetition is ignored.
    let ignored = rig.effects[fired..].iter().filter(|(_, effect)| match effect {
        Effect::Log(record) => record.event.id() == 322,
        _ => false,
    });
    assert_eq!(ignored.count(), limits::REPETITIONS);
}

#[test]
fn scenarios() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scheduler/engine");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_str().unwrap();
        for case in text::cases(&text) {
            count += 1;
            match catch_unwind(|| text::play(&case)) {
                Ok(Ok(())) => {}
                Ok(Err(difference)) => wrong.push(format!("{name}/{}: {difference}", case.name)),
                Err(_) => wrong.push(format!("{name}/{}: a check failed (see above)", case.name)),
            }
        }
    }
    assert!(count > 60, "only {count} cases were found");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}
