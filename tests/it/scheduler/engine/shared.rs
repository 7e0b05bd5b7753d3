//! The scenarios of the folder that `WINTASK_SHARED` names: `cases/engine.jsonl`.

use super::scene::{Fact, Scene, command};
use crate::scheduler::rig::Rig;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};
use wintask::{
    Profile,
    definition::SessionStateChange,
    dtyp::HResult,
    rpc::schrpc::*,
    scheduler::{Event, Network, Session},
};

#[derive(Deserialize)]
struct Case {
    id: String,
    why: String,
    profile: Profile,
    zone_bias: i32,
    start: String,
    tasks: Vec<Stated>,
    machine: Machine,
    script: Vec<Entry>,
    until: String,
    expect: Expect,
}

#[derive(Deserialize)]
struct Stated {
    path: String,
    xml: String,
    #[serde(default)]
    password: Option<String>,
}

#[derive(Deserialize)]
struct Machine {
    on_battery: bool,
    network: bool,
    #[serde(default)]
    networks: Vec<StatedNetwork>,
    idle: bool,
    #[serde(default)]
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
struct StatedNetwork {
    #[serde(default)]
    id: Option<uuid::Uuid>,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Entry {
    at: String,
    event: String,
    #[serde(default)]
    task: Option<String>,
    #[serde(default)]
    data: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    starts: Option<Vec<(String, String)>>,
    stops: Option<Vec<(String, String, String)>>,
    deleted: Option<Vec<(String, String)>>,
    wakes: Option<Vec<(String, String)>>,
    #[serde(default)]
    states: Vec<(String, String, u32)>,
    #[serde(default)]
    last_result: Vec<(String, String)>,
    #[serde(default)]
    returns: Vec<(String, String, String)>,
    #[serde(default)]
    triggers: Vec<(String, String, Option<usize>)>,
    #[serde(default)]
    actions: Vec<(String, String, String)>,
    #[serde(default)]
    priority: Vec<Value>,
    #[serde(default)]
    log_ids: Vec<(String, String, Vec<Value>)>,
}

fn instant(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn shown(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap()
}

fn networks(stated: &[StatedNetwork]) -> Vec<Network> {
    stated.iter().map(|network| Network::new(network.name.clone(), network.id)).collect()
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

#[test]
#[ignore = "needs WINTASK_SHARED"]
fn the_shared_scenarios() {
    let shared = std::env::var_os("WINTASK_SHARED").expect("WINTASK_SHARED");
    let path = std::path::Path::new(&shared).join("cases/engine.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut wrong = Vec::new();
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if let Err(error) = play(&case) {
            wrong.push(format!("{} ({}): {error}", case.id, case.why));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn play(case: &Case) -> Result<(), String> {
    let mut scene = Scene::new(Rig::new(case.profile));
    scene.rig.now = instant(&case.start);
    scene.set_zone(UtcOffset::from_whole_seconds(-case.zone_bias * 60).unwrap());
    let machine = &mut scene.rig.machine;
    machine.on_battery = case.machine.on_battery;
    machine.network = case.machine.network;
    machine.networks = networks(&case.machine.networks);
    machine.idle_since = case.machine.idle.then_some(instant(&case.start));
    machine.sessions = case.machine.sessions.clone();
    fail_at(case, &mut scene, instant(&case.start));
    for task in &case.tasks {
        let status = scene.register(&task.path, &task.xml, task.password.as_deref());
        if status != HResult::S_OK {
            return Err(format!("{} is refused: {status}", task.path));
        }
    }
    let times = case.script.iter().map(|entry| instant(&entry.at));
    let times = times.chain(case.expect.states.iter().map(|state| instant(&state.0)));
    let times: BTreeSet<_> = times.chain([instant(&case.until)]).collect();
    let (mut states, mut returns) = (Vec::new(), Vec::new());
    for at in times {
        let here = || case.script.iter().filter(move |entry| instant(&entry.at) == at);
        let off = here().filter(|entry| entry.event == "boot").find_map(off_since);
        if let Some(off) = off {
            scene.pass(off, true);
            scene.rig.now = at;
        } else {
            scene.pass(at - time::Duration::milliseconds(1), true);
            fail_at(case, &mut scene, at);
            scene.pass(at, true);
        }
        for entry in here() {
            happen(&mut scene, entry, &mut returns);
        }
        if case.expect.states.iter().any(|(then, ..)| instant(then) == at) {
            scene.pass(at, true);
            for (then, task, _) in case.expect.states.iter().filter(|(then, ..)| instant(then) == at) {
                states.push((then.clone(), task.clone(), scene.state(task).0));
            }
        }
    }
    compare(case, &mut scene, &states, &returns)
}

fn off_since(entry: &Entry) -> Option<OffsetDateTime> {
    Some(instant(entry.data.as_ref()?.get("off_since")?.as_str()?))
}

fn fail_at(case: &Case, scene: &mut Scene, at: OffsetDateTime) {
    let failing = case.script.iter().filter(|entry| entry.event == "start_failed");
    for entry in failing.filter(|entry| instant(&entry.at) == at) {
        let code = match &entry.data.as_ref().unwrap()["code"] {
            Value::Number(code) => HResult(code.as_u64().unwrap() as u32),
            other => other.as_str().unwrap().parse().unwrap(),
        };
        scene.failing.insert(entry.task.clone().unwrap(), code);
    }
}

fn happen(scene: &mut Scene, entry: &Entry, returns: &mut Vec<(String, String, String)>) {
    let none = Value::Null;
    let data = entry.data.as_ref().unwrap_or(&none);
    let task = entry.task.clone().unwrap_or_default();
    let now = scene.rig.now;
    let mut answered =
        |status: HResult| returns.push((entry.at.clone(), task.clone(), format!("{:#010x}", status.0)));
    match entry.event.as_str() {
        "start_failed" => {}
        "run" => {
            let arguments = data["args"].as_array().cloned().unwrap_or_default();
            let arguments: Vec<_> = arguments.iter().map(|it| Some(it.as_str().unwrap().into())).collect();
            let request = SchRpcRun {
                args: if arguments.is_empty() { Default::default() } else { arguments.into() },
                flags: RunFlags(data["flags"].as_u64().unwrap_or(0) as u32),
                session_id: data["session"].as_u64().unwrap_or(0) as u32,
                user: data["user"].as_str().map(Into::into),
                ..crate::scheduler::methods::run(&task)
            };
            answered(scene.call(&request).status);
        }
        "stop" => answered(scene.call(&SchRpcStop { path: Some(task.as_str().into()), flags: 0 }).status),
        "enable" | "disable" => {
            let enabled = (entry.event == "enable").into();
            answered(scene.call(&SchRpcEnableTask { path: task.as_str().into(), enabled }).status);
        }
        "exited" => {
            let number = data["instance"].as_u64().map(|number| number as usize);
            scene.exit(&task, number, data["code"].as_u64().unwrap() as u32);
        }
        "power" => {
            scene.rig.machine.on_battery = data["on_battery"].as_bool().unwrap();
            scene.event(Event::Power);
        }
        "network" => {
            scene.rig.machine.network = data["connected"].as_bool().unwrap();
            let stated: Vec<StatedNetwork> =
                serde_json::from_value(data["networks"].clone()).unwrap_or_default();
            scene.rig.machine.networks = networks(&stated);
            scene.event(Event::Network);
        }
        "idle" => {
            scene.rig.machine.idle_since.get_or_insert(now);
            scene.event(Event::Idle);
        }
        "busy" => {
            scene.rig.machine.idle_since = None;
            scene.event(Event::Busy);
        }
        "logon" => {
            let session: Session = serde_json::from_value(data.clone()).unwrap();
            put(scene, &session);
            scene.event(Event::Logon(session));
        }
        "logoff" => {
            let session = data["id"].as_u64().unwrap() as u32;
            scene.rig.machine.sessions.retain(|known| known.id != session);
            scene.event(Event::Logoff { session });
        }
        "session" => {
            let mut data = data.clone();
            let change = data.as_object_mut().unwrap().remove("change").unwrap();
            let change = match change.as_str().unwrap() {
                "console_connect" => SessionStateChange::ConsoleConnect,
                "console_disconnect" => SessionStateChange::ConsoleDisconnect,
                "remote_connect" => SessionStateChange::RemoteConnect,
                "remote_disconnect" => SessionStateChange::RemoteDisconnect,
                "lock" => SessionStateChange::SessionLock,
                _ => SessionStateChange::SessionUnlock,
            };
            let session: Session = serde_json::from_value(data).unwrap();
            put(scene, &session);
            scene.event(Event::Session { session, change });
        }
        "event_log" => scene.event(Event::Logged(Box::new(data["xml"].as_str().unwrap().parse().unwrap()))),
        "maintenance" => scene.event(Event::Maintenance),
        "clock" => scene.event(Event::Clock),
        "sleep" => {
            scene.event(Event::Sleep);
            scene.awake = false;
        }
        "wake" => {
            scene.awake = true;
            scene.event(Event::Wake);
        }
        "boot" => {
            scene.running.clear();
            let sessions = data.get("sessions").cloned();
            scene.rig.machine.sessions =
                sessions.map(|sessions| serde_json::from_value(sessions).unwrap()).unwrap_or_default();
            scene.event(Event::Boot { off_since: off_since(entry) });
        }
        other => panic!("{other} cannot happen"),
    }
}

fn put(scene: &mut Scene, session: &Session) {
    scene.rig.machine.sessions.retain(|known| known.id != session.id);
    scene.rig.machine.sessions.push(session.clone());
}

fn compare(
    case: &Case,
    scene: &mut Scene,
    states: &[(String, String, u32)],
    returns: &[(String, String, String)],
) -> Result<(), String> {
    let expect = &case.expect;
    let (mut starts, mut stops, mut deleted, mut wakes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut triggers, mut actions) = (Vec::new(), Vec::new());
    for (at, fact) in &scene.facts {
        let at = shown(*at);
        match fact {
            Fact::Start(start) => {
                let task = start.task.to_string();
                actions.push((at.clone(), task.clone(), command(start)));
                if start.action == 0 {
                    triggers.push((at.clone(), task.clone(), start.trigger.map(|trigger| trigger + 1)));
                    starts.push((at, task));
                }
            }
            Fact::Stop { task, force } => {
                stops.push((at, task.clone(), if *force { "forced" } else { "graceful" }.to_owned()));
            }
            Fact::Delete(task) => deleted.push((at, task.clone())),
            Fact::Wake(when) => wakes.push((at, shown(*when))),
            Fact::Log { .. } => {}
        }
    }
    equal("starts", &expect.starts, starts)?;
    equal("stops", &expect.stops, stops)?;
    equal("deleted", &expect.deleted, deleted)?;
    equal("wakes", &expect.wakes, wakes)?;
    within("states", &expect.states, states)?;
    within("returns", &expect.returns, returns)?;
    within("triggers", &expect.triggers, &triggers)?;
    within("actions", &expect.actions, &actions)?;
    for (task, want) in &expect.last_result {
        let (code, status) = scene.last_result(task);
        let [code, status] = [code, status].map(|code| format!("{:#010x}", code.0));
        if *want != code && *want != status {
            return Err(format!("the last result of {task} is {code}, not {want}"));
        }
    }
    if !expect.priority.is_empty() {
        return Err("priorities are not compared".to_owned());
    }
    for (at, task, ids) in &expect.log_ids {
        let logged = scene.facts.iter().filter(|(then, _)| shown(*then) == *at);
        let logged: Vec<u64> = logged
            .filter_map(|(_, fact)| match fact {
                Fact::Log { task: Some(of), id } if of == task => Some(u64::from(*id)),
                _ => None,
            })
            .collect();
        let mut rest = logged.iter();
        let in_order = ids.iter().all(|id| match id {
            Value::Array(any) => rest.any(|it| any.iter().any(|id| id.as_u64() == Some(*it))),
            id => rest.any(|it| id.as_u64() == Some(*it)),
        });
        if !in_order {
            return Err(format!("logged at {at} are {logged:?}, not {ids:?}"));
        }
    }
    Ok(())
}

fn equal<T: Ord + Clone + std::fmt::Debug>(
    what: &str,
    want: &Option<Vec<T>>,
    got: Vec<T>,
) -> Result<(), String> {
    let Some(want) = want else { return Ok(()) };
    let (want, got) = (sorted(want.clone()), sorted(got));
    if want == got { Ok(()) } else { Err(format!("{what}: {got:?}, not {want:?}")) }
}

fn within<T: PartialEq + std::fmt::Debug>(what: &str, want: &[T], got: &[T]) -> Result<(), String> {
    match want.iter().find(|want| !got.contains(want)) {
        None => Ok(()),
        Some(want) => Err(format!("{what}: {want:?} is not among {got:?}")),
    }
}
