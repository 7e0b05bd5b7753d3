//! Scenarios as text: `testdata/scheduler/engine/*.txt`.
//!
//! A case begins with `case`; the lines of `#` before it say where it comes from. Then come the machine, the tasks, what
//! happens, and after `expect` the whole history. Times are of 15 May 2024, UTC, unless a day is stated; `{10:01}` in a
//! definition is such a time as a boundary.
//!
//! | line | meaning |
//! |---|---|
//! | `profile specification` | the other profile |
//! | `machine battery`, `offline`, `idle` | what the machine is at 10:00 |
//! | `session 1 alice` | a session at 10:00; `remoteapp` may follow |
//! | `task \A` | a task, by default of the system and with one action, `a.exe` |
//! | `time 10:01 …`, `daily 10:01 …` | a trigger with this start; further elements may follow |
//! | `trigger …`, `set …`, `user …`, `do …` | elements of the definition |
//! | `password …` | the credential's password |
//! | `10:02 update \A old=>new` | the task is registered again, with this text replaced by that |
//! | `10:02 exit \A 0` | what happens; see `happen` |
//! | `10:02 state \A`, `result \A`, `next` | a question; its answer is part of the history |
//! | `log` | the history has the numbers of logged events |

use super::scene::{Fact, Scene, command};
use crate::scheduler::rig::{Rig, Who};
use std::collections::VecDeque;
use time::{Duration, OffsetDateTime, macros::datetime};
use wintask::{
    Profile,
    definition::SessionStateChange,
    dtyp::HResult,
    rpc::schrpc::*,
    scheduler::{Event, Network, Session},
};

/// A case of a file.
pub struct Case<'t> {
    pub name: &'t str,
    sources: Vec<&'t str>,
    lines: Vec<&'t str>,
    expected: Vec<&'t str>,
}

/// The cases of a text.
pub fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let (mut sources, mut expecting) = (Vec::new(), false);
    for line in text.lines() {
        if let Some(source) = line.strip_prefix('#') {
            sources.push(source.trim());
        } else if let Some(name) = line.strip_prefix("case ") {
            let sources = std::mem::take(&mut sources);
            cases.push(Case { name, sources, lines: Vec::new(), expected: Vec::new() });
            expecting = false;
        } else if line.trim() == "expect" {
            expecting = true;
        } else if !line.trim().is_empty() {
            let case = cases.last_mut().expect("a case before its lines");
            if expecting { case.expected.push(line.trim()) } else { case.lines.push(line) }
        }
    }
    cases
}

/// `10:01`, `10:01:30` or `05-16 10:01`.
fn clock(text: &str) -> Option<OffsetDateTime> {
    let (day, time) = match text.split_once(' ') {
        Some((day, time)) => (day, time),
        None => ("05-15", text),
    };
    let (month, day) = day.split_once('-')?;
    let mut parts = time.split(':').map(|part| part.parse::<u8>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let date =
        time::Date::from_calendar_date(2024, month.parse::<u8>().ok()?.try_into().ok()?, day.parse().ok()?);
    Some(date.ok()?.with_hms(hour, minute, second).ok()?.assume_utc())
}

/// The time that a line begins with, and the rest.
fn timed(line: &str) -> Option<(OffsetDateTime, &str)> {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    if let Some(at) = clock(first) {
        return Some((at, rest.trim()));
    }
    let (second, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    Some((clock(&format!("{first} {second}"))?, rest.trim()))
}

fn shown(at: OffsetDateTime) -> String {
    let day = if at.date() == datetime!(2024-05-15 0:00).date() {
        String::new()
    } else {
        format!("{:02}-{:02} ", u8::from(at.month()), at.day())
    };
    let second = if at.second() == 0 { String::new() } else { format!(":{:02}", at.second()) };
    format!("{day}{:02}:{:02}{second}", at.hour(), at.minute())
}

/// A definition that is being put together.
#[derive(Default)]
struct Draft {
    path: String,
    triggers: String,
    settings: String,
    principal: Option<String>,
    actions: Option<String>,
    password: Option<String>,
}

impl Draft {
    fn xml(&self) -> String {
        let principal = self.principal.as_deref().unwrap_or("<UserId>S-1-5-18</UserId>");
        let actions = self.actions.as_deref().unwrap_or("<Exec><Command>a.exe</Command></Exec>");
        let text = format!(
            "<Task version=\"1.4\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
             <Triggers>{}</Triggers><Principals><Principal id=\"P\">{principal}</Principal></Principals>\
             <Settings>{}</Settings><Actions Context=\"P\">{actions}</Actions></Task>",
            self.triggers, self.settings
        );
        // `{10:01}` as a boundary.
        let mut parts = text.split('{');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match part.split_once('}').and_then(|(time, rest)| Some((clock(time)?, rest))) {
                Some((at, rest)) => {
                    out += &boundary(at);
                    out += rest;
                }
                None => {
                    out.push('{');
                    out += part;
                }
            }
        }
        out
    }
}

fn boundary(at: OffsetDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    format!("{year}-{:02}-{day:02}T{:02}:{:02}:{:02}", u8::from(month), at.hour(), at.minute(), at.second())
}

fn who(name: &str) -> Who {
    match name {
        "alice" => Who::Alice,
        "bob" => Who::Bob,
        "carol" => Who::Carol,
        _ => Who::Admin,
    }
}

fn session(words: &[&str]) -> Session {
    let number = words.iter().find_map(|word| word.parse().ok()).expect("the number of a session");
    let name =
        words.iter().find(|word| ["alice", "bob", "carol"].contains(*word)).expect("whose session it is");
    let mut session = who(name).session(number);
    session.remote_app = words.contains(&"remoteapp");
    session.active = !words.contains(&"disconnected");
    session
}

/// Plays a case, and compares the history.
pub fn play(case: &Case<'_>) -> Result<(), String> {
    let named = |source: &&str| {
        let known = ["2.3.", "2.5.", "3.2.", "ENGINE-", "TIME-", "EVT-", "CONFORMANCE", "JOB-"];
        known.iter().any(|it| source.contains(it))
    };
    if !case.sources.iter().any(named) {
        return Err("no source".to_owned());
    }
    let profile = if case.lines.iter().any(|line| line.trim() == "profile specification") {
        Profile::Specification
    } else {
        Profile::Windows
    };
    let mut scene = Scene::new(Rig::new(profile));
    let start = scene.rig.now;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut script = VecDeque::new();
    let mut log = false;
    for line in &case.lines {
        let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let words: Vec<_> = rest.split(' ').collect();
        let draft = drafts.last_mut();
        match (word, draft) {
            ("profile", _) => {}
            ("log", _) => log = true,
            ("machine", _) => match rest {
                "battery" => scene.rig.machine.on_battery = true,
                "offline" => scene.rig.machine.network = false,
                "idle" => scene.rig.machine.idle_since = Some(start),
                other => panic!("a machine that is {other}"),
            },
            ("session", _) => scene.rig.machine.sessions.push(session(&words)),
            ("task", _) => drafts.push(Draft { path: rest.to_owned(), ..Draft::default() }),
            ("time", Some(draft)) => {
                let (at, rest) = timed(rest).expect(line);
                draft.triggers += &format!(
                    "<TimeTrigger><StartBoundary>{}</StartBoundary>{rest}</TimeTrigger>",
                    boundary(at)
                );
            }
            ("daily", Some(draft)) => {
                let (at, rest) = timed(rest).expect(line);
                draft.triggers += &format!(
                    "<CalendarTrigger><StartBoundary>{}</StartBoundary>{rest}<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>",
                    boundary(at)
                );
            }
            ("trigger", Some(draft)) => draft.triggers += rest,
            ("set", Some(draft)) => draft.settings += rest,
            ("user", Some(draft)) => draft.principal = Some(rest.to_owned()),
            ("do", Some(draft)) => draft.actions = Some(draft.actions.take().unwrap_or_default() + rest),
            ("password", Some(draft)) => draft.password = Some(rest.to_owned()),
            _ => script
                .push_back(timed(line.trim()).unwrap_or_else(|| panic!("a line that means nothing: {line}"))),
        }
    }
    let mut history = History { lines: Vec::new(), seen: 0, log };
    // A failure at the instant of the registration.
    announce(&mut scene, &script, start);
    for draft in &drafts {
        let status = scene.register(&draft.path, &draft.xml(), draft.password.as_deref());
        if status != HResult::S_OK {
            history.lines.push(format!("{} refused {} {:#010x}", shown(scene.rig.now), draft.path, status.0));
        }
    }
    history.add(&scene);
    while let Some((at, what)) = script.front().copied() {
        let off = what.strip_prefix("boot off ").and_then(|text| timed(text)).map(|(at, _)| at);
        if let Some(off) = off {
            run_until(&mut scene, &script, off);
            scene.rig.now = at;
        } else if what == "late" {
            scene.rig.now = at;
        } else {
            run_until(&mut scene, &script, at);
        }
        history.add(&scene);
        while let Some((_, what)) = script.front().copied().filter(|(then, _)| *then == at) {
            script.pop_front();
            if what.starts_with("end") {
                continue;
            }
            if let Some(answer) = happen(&mut scene, what) {
                history.add(&scene);
                history.lines.push(format!("{} {answer}", shown(at)));
            }
            history.add(&scene);
        }
        scene.pass(scene.rig.now, true);
        history.add(&scene);
    }
    if history.lines == case.expected {
        return Ok(());
    }
    let (want, got) = (case.expected.join("\n    "), history.lines.join("\n    "));
    Err(format!("expected\n    {want}\n  but\n    {got}"))
}

/// Notes the failures of starts at an instant.
fn announce(scene: &mut Scene, script: &VecDeque<(OffsetDateTime, &str)>, at: OffsetDateTime) {
    for (_, what) in script.iter().filter(|(then, _)| *then == at) {
        if let Some(failing) = what.strip_prefix("fail ") {
            let (task, code) = failing.split_once(' ').unwrap();
            scene.failing.insert(task.to_owned(), code.parse().unwrap());
        }
    }
}

fn run_until(scene: &mut Scene, script: &VecDeque<(OffsetDateTime, &str)>, until: OffsetDateTime) {
    scene.pass(until - Duration::milliseconds(1), true);
    announce(scene, script, until);
    scene.pass(until, true);
}

/// Makes a line of the script happen; the answer, if it is a question.
fn happen(scene: &mut Scene, what: &str) -> Option<String> {
    let words: Vec<_> = what.split(' ').collect();
    let task = words.get(1).copied().unwrap_or_default();
    let now = scene.rig.now;
    match words[0] {
        // The timers since the line before are reported now.
        "fail" | "late" => {}
        "state" => {
            let state = match scene.state(task) {
                TaskState::DISABLED => "disabled",
                TaskState::QUEUED => "queued",
                TaskState::READY => "ready",
                TaskState::RUNNING => "running",
                _ => "unknown",
            };
            return Some(format!("{task} is {state}"));
        }
        "result" => {
            let (result, _) = scene.last_result(task);
            return Some(format!("{task} has {:#010x}", result.0));
        }
        "next" => {
            let next = scene.rig.state.next_wakeup().map_or("never".to_owned(), shown);
            return Some(format!("next {next}"));
        }
        "exit" => {
            let (task, number) = match task.split_once('#') {
                Some((task, number)) => (task, Some(number.parse::<usize>().unwrap() - 1)),
                None => (task, None),
            };
            scene.exit(task, number, words[2].parse().unwrap());
        }
        "run" => {
            let mut request = crate::scheduler::methods::run(task);
            let mut arguments = Vec::new();
            for word in &words[2..] {
                match word.strip_prefix("flags=") {
                    Some(flags) => request.flags = RunFlags(flags.parse().unwrap()),
                    None => arguments.push(Some((*word).into())),
                }
            }
            request.args = if arguments.is_empty() { Default::default() } else { arguments.into() };
            let status = scene.call(&request).status;
            if status != HResult::S_OK {
                return Some(format!("run {task} gives {:#010x}", status.0));
            }
        }
        "stop" => {
            scene.call(&SchRpcStop { path: Some(task.into()), flags: 0 });
        }
        "delete" => {
            scene.call(&SchRpcDelete { path: task.into(), flags: 0 });
        }
        "enable" | "disable" => {
            let enabled = (words[0] == "enable").into();
            scene.call(&SchRpcEnableTask { path: task.into(), enabled });
        }
        "update" => {
            let request =
                SchRpcRetrieveTask { path: task.into(), languages_buffer: "".into(), num_languages: 0 };
            let mut xml = scene.call(&request).xml.unwrap().to_string();
            if let Some((old, new)) = words[2..].join(" ").split_once("=>") {
                assert!(xml.contains(old), "{old} is not in {xml}");
                xml = xml.replace(old, new);
            }
            assert_eq!(scene.register(task, &xml, None), HResult::S_OK);
        }
        "battery" | "mains" => {
            scene.rig.machine.on_battery = words[0] == "battery";
            scene.event(Event::Power);
        }
        "offline" => {
            scene.rig.machine.network = false;
            scene.rig.machine.networks.clear();
            scene.event(Event::Network);
        }
        "online" => {
            scene.rig.machine.network = true;
            scene.rig.machine.networks = words[1..].iter().map(|name| Network::new(*name, None)).collect();
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
            let session = session(&words[1..]);
            scene.rig.machine.sessions.push(session.clone());
            scene.event(Event::Logon(session));
        }
        "logoff" => {
            let session = words[1].parse().unwrap();
            scene.rig.machine.sessions.retain(|known| known.id != session);
            scene.event(Event::Logoff { session });
        }
        "session" => {
            let change = SessionStateChange::from_name(words[3]).expect(what);
            scene.event(Event::Session { session: session(&words[1..]), change });
        }
        "event" => scene.event(Event::Logged(Box::new(what[6..].parse().unwrap()))),
        "maintenance" => scene.event(Event::Maintenance),
        "sleep" => {
            scene.event(Event::Sleep);
            scene.awake = false;
        }
        "wake" => {
            scene.awake = true;
            scene.event(Event::Wake);
        }
        "boot" => {
            let off_since = what.strip_prefix("boot off ").and_then(timed).map(|(at, _)| at);
            scene.running.clear();
            scene.awake = true;
            scene.event(Event::Boot { off_since });
        }
        // It went off, and its clock was set before it was on again.
        "reset" => {
            let off = scene.rig.now;
            scene.rig.now = clock(&words[1..].join(" ")).expect(what);
            scene.running.clear();
            scene.event(Event::Boot { off_since: Some(off) });
        }
        // The zone is another one, and the scheduler is not told.
        "moved" => {
            let hours: i8 = words[1].parse().unwrap();
            scene.set_zone(time::UtcOffset::from_hms(hours, 0, 0).unwrap());
        }
        // The clock is set to another time, or to another zone.
        "clock" => {
            scene.rig.now = clock(&words[1..].join(" ")).expect(what);
            scene.event(Event::Clock);
        }
        "zone" => {
            let hours: i8 = words[1].parse().unwrap();
            scene.set_zone(time::UtcOffset::from_hms(hours, 0, 0).unwrap());
            scene.event(Event::Clock);
        }
        other => panic!("{other} cannot happen"),
    }
    None
}

/// What happened, as lines.
struct History {
    lines: Vec<String>,
    seen: usize,
    log: bool,
}

impl History {
    fn add(&mut self, scene: &Scene) {
        let mut ids: Vec<(OffsetDateTime, String, Vec<String>)> = Vec::new();
        for (at, fact) in &scene.facts[self.seen..] {
            if ids.last().is_some_and(|(then, ..)| then != at) {
                self.logged(&mut ids);
            }
            let time = shown(*at);
            let line = match fact {
                Fact::Start(start) => {
                    let mut line = format!("{time} start {}", start.task);
                    if start.action > 0 {
                        line += &format!(" action {}", start.action + 1);
                    }
                    if let Some(trigger) = start.trigger {
                        line += &format!(" by {}", trigger + 1);
                    }
                    let user = [Who::Alice, Who::Bob, Who::Carol, Who::Admin];
                    if let Some(user) = user.iter().find(|who| Some(who.sid()) == start.user) {
                        line += &format!(" as {}", user.name().trim_start_matches(r"HOST\"));
                    }
                    if let Some(session) = start.session {
                        line += &format!(" in {session}");
                    }
                    if start.highest {
                        line += " elevated";
                    }
                    let command = command(start);
                    if command != "a.exe" {
                        line += &format!(": {command}");
                    }
                    line
                }
                Fact::Stop { task, force: false } => format!("{time} stop {task}"),
                Fact::Stop { task, force: true } => format!("{time} kill {task}"),
                Fact::Delete(task) => format!("{time} delete {task}"),
                Fact::Wake(at) => format!("{time} wake at {}", shown(*at)),
                Fact::Log { task, id } => {
                    // Registration and its like are not what cases are about.
                    if self.log && ![106, 140, 141, 142].contains(id) {
                        let task = task.clone().unwrap_or_else(|| "-".to_owned());
                        match ids.last_mut() {
                            Some((then, of, ids)) if then == at && *of == task => ids.push(id.to_string()),
                            _ => ids.push((*at, task, vec![id.to_string()])),
                        }
                    }
                    continue;
                }
            };
            self.lines.push(line);
        }
        self.seen = scene.facts.len();
        self.logged(&mut ids);
    }

    /// What was logged at an instant comes after everything else.
    fn logged(&mut self, ids: &mut Vec<(OffsetDateTime, String, Vec<String>)>) {
        for (at, task, ids) in ids.drain(..) {
            self.lines.push(format!("{} log {task} {}", shown(at), ids.join(" ")));
        }
    }
}
