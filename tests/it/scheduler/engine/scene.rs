//! A scheduler whose host carries out the effects, and keeps a history.

use crate::scheduler::rig::{Rig, Who};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;
use wintask::{
    dtyp::HResult,
    rpc::schrpc::*,
    scheduler::{Effect, Event, Method, Program, Start, StoreKind},
};

/// Something that the scheduler did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    Start(Box<Start>),
    Stop { task: String, force: bool },
    Delete(String),
    Wake(OffsetDateTime),
    Log { task: Option<String>, id: u16 },
}

/// The scheduler, its host, and what happened so far.
pub struct Scene {
    pub rig: Rig,
    pub facts: Vec<(OffsetDateTime, Fact)>,
    /// Where the machine is off, or asleep, no timer fires.
    pub awake: bool,
    /// How the next start of a task fails.
    pub failing: BTreeMap<String, HResult>,
    /// All instances of a task, in the order of their starts.
    pub order: BTreeMap<String, Vec<Uuid>>,
    /// Those that run.
    pub running: BTreeMap<String, Vec<Uuid>>,
    seen: usize,
}

impl Scene {
    pub fn new(rig: Rig) -> Self {
        Self {
            rig,
            facts: Vec::new(),
            awake: true,
            failing: BTreeMap::new(),
            order: BTreeMap::new(),
            running: BTreeMap::new(),
            seen: 0,
        }
    }

    pub fn set_zone(&mut self, offset: time::UtcOffset) {
        self.rig.zone = offset;
    }

    /// Makes a call as the administrator.
    pub fn call<M: Method>(&mut self, request: &M) -> M::Response
    where
        M::Response: PartialEq + std::fmt::Debug,
    {
        let answer = self.rig.call(Who::Admin, request);
        self.carry_out();
        answer
    }

    pub fn event(&mut self, event: Event) {
        let ignored = self.rig.event(event);
        assert_eq!(ignored, None);
        self.carry_out();
    }

    pub fn register(&mut self, path: &str, xml: &str, password: Option<&str>) -> HResult {
        let creds = password.map(|password| {
            vec![TaskUserCred { user_id: None, password: Some(password.into()), flags: CredFlags::NONE }]
        });
        let request = SchRpcRegisterTask {
            path: Some(path.into()),
            xml: xml.into(),
            flags: TaskCreation::CREATE | TaskCreation::UPDATE,
            creds: creds.map(Into::into).unwrap_or_default(),
            ..SchRpcRegisterTask::default()
        };
        self.call(&request).status
    }

    /// Lets the timer fire until an instant; what is due then is still to come unless it is included.
    pub fn pass(&mut self, until: OffsetDateTime, inclusive: bool) {
        let mut calls = 0;
        while self.awake {
            let Some(at) = self.rig.state.next_wakeup() else { break };
            let at = at.max(self.rig.now);
            if at > until || at == until && !inclusive {
                break;
            }
            self.rig.now = at;
            self.event(Event::Timer);
            calls += 1;
            assert!(calls < 20_000, "the timer fires again and again at {at}");
        }
        self.rig.now = self.rig.now.max(until);
    }

    /// The instances of a task that run have ended, or the n-th of all its starts.
    pub fn exit(&mut self, task: &str, number: Option<usize>, code: u32) {
        let of_task = self.running.get_mut(task).unwrap_or_else(|| panic!("{task} never ran"));
        let instance = match number {
            Some(number) => self.order[task][number],
            None => *of_task.first().unwrap_or_else(|| panic!("{task} does not run at {}", self.rig.now)),
        };
        of_task.retain(|other| *other != instance);
        self.event(Event::Exited { instance, code });
    }

    /// Does what the scheduler asks for, and reports it.
    fn carry_out(&mut self) {
        while self.seen < self.rig.effects.len() {
            let (at, effect) = self.rig.effects[self.seen].clone();
            self.seen += 1;
            let fact = match effect {
                Effect::Start(start) => {
                    let (task, instance) = (start.task.to_string(), start.instance);
                    if start.action == 0 {
                        self.order.entry(task.clone()).or_default().push(instance);
                    }
                    self.facts.push((at, Fact::Start(start)));
                    if let Some(error) = self.failing.remove(&task) {
                        self.rig.event(Event::StartFailed { instance, error });
                    } else {
                        let running = self.running.entry(task).or_default();
                        if !running.contains(&instance) {
                            running.push(instance);
                        }
                        self.rig.event(Event::Started { instance, pid: 4711 });
                    }
                    continue;
                }
                Effect::Stop { task, force, .. } => Fact::Stop { task: task.to_string(), force },
                Effect::Remove { store: StoreKind::Xml, path } => Fact::Delete(path),
                Effect::Wake { at } => Fact::Wake(at),
                Effect::Log(record) => {
                    Fact::Log { task: record.task.as_ref().map(ToString::to_string), id: record.event.id() }
                }
                _ => continue,
            };
            self.facts.push((at, fact));
        }
    }

    pub fn state(&mut self, task: &str) -> TaskState {
        let request = SchRpcGetTaskInfo { path: task.into(), flags: TaskInfoFlags::STATE };
        self.call(&request).state
    }

    /// The last result, and the return value that comes with it.
    pub fn last_result(&mut self, task: &str) -> (HResult, HResult) {
        let answer = self.call(&SchRpcGetLastRunInfo { path: task.into() });
        (HResult(answer.last_return_code), answer.status)
    }
}

/// The command line of a start.
pub fn command(start: &Start) -> String {
    match &start.program {
        Program::Exec { command, arguments, .. } => match arguments {
            Some(arguments) => format!("{command} {arguments}"),
            None => command.clone(),
        },
        other => format!("{other:?}"),
    }
}
