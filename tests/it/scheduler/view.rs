//! Reading a state: each accessor says what the calls and events before it have done.

use super::rig::{NOW, Rig, Who};
use time::Duration;
use wintask::{
    HResult, Profile,
    definition::TaskPath,
    dtyp::WideString,
    rpc::schrpc::*,
    scheduler::{Event, State},
};

const XML: &str = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><TimeTrigger><StartBoundary>2024-05-15T10:01:00</StartBoundary></TimeTrigger></Triggers>
  <Principals><Principal><UserId>HOST\alice</UserId><LogonType>Password</LogonType></Principal></Principals>
  <Actions><Exec><Command>backup.exe</Command></Exec></Actions>
</Task>"#;

fn path(text: &str) -> TaskPath {
    text.parse().unwrap()
}

/// A scheduler with one task, which runs as alice by her password.
fn rig() -> Rig {
    let mut rig = Rig::new(Profile::Windows);
    let alice = TaskUserCred {
        user_id: Some(r"HOST\alice".into()),
        password: Some("secret".into()),
        flags: CredFlags::NONE,
    };
    let request = SchRpcRegisterTask {
        path: Some(r"\Contoso\Backup".into()),
        xml: XML.into(),
        flags: TaskCreation::CREATE,
        creds: vec![alice].into(),
        ..SchRpcRegisterTask::default()
    };
    assert_eq!(rig.call(Who::Admin, &request).status, HResult::S_OK);
    rig
}

#[test]
fn tasks_and_folders() {
    let rig = rig();
    let task = rig.state.task(&path(r"\CONTOSO\backup")).unwrap();
    assert_eq!((task.path(), task.name()), (path(r"\Contoso\Backup"), WideString::from("Backup")));
    assert!(task.is_enabled() && !task.is_hidden());
    assert_eq!(task.state(), TaskState::READY);
    assert_eq!(task.next_run(), Some(NOW + Duration::MINUTE));
    assert_eq!((task.last_run(), task.last_result()), (None, HResult::SCHED_S_TASK_HAS_NOT_RUN));
    assert_eq!(task.task().triggers.len(), 1);
    assert!(task.xml().contains("backup.exe"));
    assert!(task.patterns().is_timed());
    assert!(task.descriptor().unwrap().owner.is_some());
    assert_eq!(rig.state.tasks().count(), rig.state.task_count());
    assert!(rig.state.task(&path(r"\Contoso")).is_none());

    let folder = task.folder().unwrap();
    assert_eq!((folder.path(), folder.is_root()), (path(r"\Contoso"), false));
    assert_eq!(folder.tasks().map(|task| task.path()).collect::<Vec<_>>(), [task.path()]);
    let root = rig.state.folder(&TaskPath::root()).unwrap();
    assert_eq!(root.folders().map(|folder| folder.path()).collect::<Vec<_>>(), [folder.path()]);
    assert!(rig.state.folder(&task.path()).is_none());
    let all: Vec<_> = rig.state.folders().map(|folder| folder.path()).collect();
    assert_eq!(all, [TaskPath::root(), folder.path()]);
}

#[test]
fn instances() {
    let mut rig = rig();
    assert_eq!(rig.state.instances().count(), 0);
    rig.pass(Duration::MINUTE);
    let start = rig.starts()[0].clone();
    let started = rig.now;
    let instance = rig.state.instance(start.instance).unwrap();
    assert_eq!(rig.state.instances().map(|one| one.id()).collect::<Vec<_>>(), [start.instance]);
    // Effects and the state count triggers and actions from 0.
    assert_eq!((start.trigger, instance.trigger()), (Some(0), Some(0)));
    assert_eq!((start.action, instance.action()), (0, 0));
    assert_eq!((instance.user(), instance.since()), (Some(Who::Alice.sid()), started));
    assert!(instance.is_running() && !instance.is_stopping());
    assert_eq!(instance.pid(), None);
    assert_eq!(instance.task().unwrap().state(), TaskState::RUNNING);

    rig.event(Event::Started { instance: start.instance, pid: 4711 });
    assert_eq!(rig.state.instance(start.instance).unwrap().pid(), Some(4711));
    rig.now += Duration::SECOND;
    rig.event(Event::Exited { instance: start.instance, code: 3 });
    assert!(rig.state.instance(start.instance).is_none());
    let task = rig.state.task(&start.task).unwrap();
    assert_eq!((task.state(), task.instances().count()), (TaskState::READY, 0));
    assert_eq!((task.last_run(), task.last_end()), (Some(started), Some(rig.now)));
    assert_eq!((task.last_result(), task.next_run(), task.missed_runs()), (HResult(3), None, 0));
}

/// A password is found by each name of its account, and stays when the last task that needs it is deleted (EVIDENCE.md
/// ENGINE-35). A state that was saved without secrets has none.
#[test]
fn passwords() {
    let mut rig = rig();
    let alice = Who::Alice.sid();
    let shown = |state: &State| state.password(&alice).map(|password| password.reveal().to_string());
    assert_eq!(shown(&rig.state).as_deref(), Some("secret"));
    assert_eq!(rig.state.password(&Who::Bob.sid()), None);
    for name in [r"HOST\alice", r"host\ALICE", &alice.to_string()] {
        assert!(rig.state.password_of_account(name).is_some(), "{name}");
    }
    assert_eq!(rig.state.password_of_account(r"HOST\bob"), None);
    assert_eq!(rig.state.accounts().collect::<Vec<_>>(), [r"HOST\alice"]);

    let loaded: State = serde_json::from_str(&serde_json::to_string(&rig.state).unwrap()).unwrap();
    assert_eq!((shown(&loaded), loaded.accounts().count()), (None, 1));

    let delete = SchRpcDelete { path: r"\Contoso\Backup".into(), flags: 0 };
    assert_eq!(rig.call(Who::Admin, &delete).status, HResult::S_OK);
    assert_eq!(shown(&rig.state).as_deref(), Some("secret"));
}

/// Effects as lines of a host's log.
#[test]
fn effects_as_text() {
    let mut rig = rig();
    let xml = r#"<Task version="1.1" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
      <Triggers><TimeTrigger><StartBoundary>2024-05-15T12:00:00</StartBoundary></TimeTrigger></Triggers>
      <Actions><Exec><Command>a.exe</Command><Arguments>/x</Arguments></Exec></Actions></Task>"#;
    let event = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
      <Triggers><EventTrigger><Subscription>&lt;QueryList&gt;&lt;Query&gt;&lt;Select Path="System"&gt;*&lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;</Subscription></EventTrigger></Triggers>
      <Settings><WakeToRun>true</WakeToRun></Settings>
      <Actions><ComHandler><ClassId>{00000000-0000-0000-0000-000000000001}</ClassId></ComHandler></Actions></Task>"#;
    rig.machine.sessions.push(Who::Admin.session(1));
    for (name, xml) in [(r"\Old", xml), (r"\Event", event)] {
        let request = SchRpcRegisterTask { path: Some(name.into()), xml: xml.into(), ..Default::default() };
        assert_eq!(rig.call(Who::Admin, &request).status, HResult::S_OK);
    }
    rig.pass(Duration::minutes(1));
    for path in [r"\Old", r"\Event"] {
        rig.call(Who::Admin, &SchRpcRun { path: path.into(), ..Default::default() });
    }
    rig.call(Who::Admin, &SchRpcStop { path: Some(r"\Old".into()), flags: 0 });
    rig.pass(Duration::hours(1));
    let secure =
        SchRpcSetSecurity { path: r"\Contoso".into(), sddl: "D:(A;;FA;;;BA)".into(), ..Default::default() };
    rig.call(Who::Admin, &secure);
    for path in [r"\Old", r"\Event"] {
        rig.call(Who::Admin, &SchRpcDelete { path: path.into(), flags: 0 });
    }
    let lines: Vec<_> = rig.effects.iter().map(|(_, effect)| effect.to_string()).collect();
    assert!(lines.iter().all(|line| line.lines().count() == 1));
    insta::assert_snapshot!(lines.join("\n"));
}
