//! What the scheduler lets callers do, against Samba's access check: random callers, tasks and methods.
//!
//! GetNumberOfMissedRuns makes no decision: it answers every caller. Rename is never carried out.
//! It is the Specification profile that is asked: in the other one, administrators may do more (EVIDENCE.md SDDL-19).

use crate::{
    mutants::Seed,
    number,
    samba::{hex, ours, samba as answers},
};
use libtest_mimic::Failed;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use time::{UtcOffset, macros::datetime};
use uuid::Uuid;
use wintask::{
    HResult, Profile,
    rpc::schrpc::*,
    scheduler::{Caller, Context, Effect, Event, Machine, Method, NoAccounts, Options, State, StoreKind},
    security::{Sid, Token},
};

const SIDS: [&str; 5] = ["S-1-5-21-1-2-3-1001", "S-1-1-0", "S-1-5-11", "S-1-5-32-544", "S-1-5-18"];
const NAMES: [&str; 6] = ["S-1-5-21-1-2-3-1001", "WD", "AU", "BA", "SY", "OW"];
const MASKS: [&str; 11] = ["FA", "FR", "FW", "FX", "FRFX", "FRFW", "RC", "SD", "WD", "0x1f019f", "0x20"];

const READ: u32 = 0x0012_0089;
const WRITE: u32 = 0x0012_0116;
const EXECUTE: u32 = 0x20;
const READ_CONTROL: u32 = 0x0002_0000;
const DELETE: u32 = 0x0001_0000;
const DELETE_CHILD: u32 = 0x40;
const WRITE_DATA: u32 = 0x2;
const APPEND_DATA: u32 = 0x4;

/// A task in a folder in a folder, and what they are called.
struct Place {
    above: String,
    folder: String,
    task: String,
    instance: Uuid,
}

/// Whether a call is allowed.
type Call = fn(&mut State, &Context<'_>, &Place) -> bool;

/// The answers that it accepts.
#[derive(Clone, Copy, Debug)]
enum Need {
    Task(u32),
    Folder(u32),
    All(&'static [Need]),
    Any(&'static [Need]),
}

impl Need {
    /// The questions: whether it is about the task, and the rights.
    fn questions(self, all: &mut Vec<(bool, u32)>) {
        match self {
            Self::Task(mask) => all.push((true, mask)),
            Self::Folder(mask) => all.push((false, mask)),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.questions(all)),
        }
    }

    /// Whether it is met, by the answers to its questions in their order.
    fn met(self, answers: &mut impl Iterator<Item = bool>) -> bool {
        match self {
            Self::Task(_) | Self::Folder(_) => answers.next().unwrap_or_default(),
            // Every part consumes its answers, even after the decision.
            Self::All(parts) => parts.iter().filter(|part| !part.met(answers)).count() == 0,
            Self::Any(parts) => parts.iter().filter(|part| part.met(answers)).count() > 0,
        }
    }
}

const SEES_TASK: Need = Need::Any(&[Need::Task(READ), Need::Task(WRITE)]);
const SEES_FOLDER: Need = Need::Any(&[Need::Folder(READ), Need::Folder(WRITE)]);

fn passes<M: Method>(
    state: &mut State,
    context: &Context<'_>,
    request: &M,
    status: fn(M::Response) -> HResult,
) -> bool {
    status(state.call(context, request).reply) != HResult::E_ACCESSDENIED
}

fn lists(names: &TaskNames, name: &str) -> bool {
    names.as_slice().iter().flatten().any(|listed| *listed == *name)
}

/// A registration by the caller, for himself.
fn registers(state: &mut State, context: &Context<'_>, path: String, flags: TaskCreation) -> bool {
    let user = SIDS[0];
    let xml = format!(
        "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
         <Principals><Principal id=\"P\"><UserId>{user}</UserId><LogonType>InteractiveToken</LogonType></Principal>\
         </Principals><Actions Context=\"P\"><Exec><Command>a.exe</Command></Exec></Actions></Task>"
    );
    let request = SchRpcRegisterTask {
        path: Some(path.as_str().into()),
        xml: xml.as_str().into(),
        flags,
        ..SchRpcRegisterTask::default()
    };
    let status = state.call(context, &request).reply.status;
    // Only the rights may decide.
    assert!([HResult::S_OK, HResult::E_ACCESSDENIED].contains(&status), "{status}");
    status == HResult::S_OK
}

const METHODS: &[(&str, Call, Need)] = &[
    (
        "SchRpcRegisterTask, a new one",
        |state, context, place| {
            registers(state, context, format!("{}\\New", place.folder), TaskCreation::CREATE)
        },
        Need::All(&[Need::Folder(READ), Need::Folder(WRITE_DATA)]),
    ),
    (
        "SchRpcRegisterTask, an existing one",
        |state, context, place| registers(state, context, place.task.clone(), TaskCreation::UPDATE),
        Need::Task(WRITE),
    ),
    (
        "SchRpcRetrieveTask",
        |state, context, place| {
            let path = place.task.as_str().into();
            passes(state, context, &SchRpcRetrieveTask { path, ..Default::default() }, |reply| reply.status)
        },
        Need::Task(READ),
    ),
    (
        "SchRpcCreateFolder",
        |state, context, place| {
            let path = format!("{}\\New", place.folder).as_str().into();
            passes(state, context, &SchRpcCreateFolder { path, sddl: None, flags: 0 }, |reply| reply.status)
        },
        Need::Folder(APPEND_DATA),
    ),
    (
        "SchRpcSetSecurity",
        |state, context, place| {
            let path = place.task.as_str().into();
            let request =
                SchRpcSetSecurity { path, sddl: "D:(A;;FA;;;BA)".into(), flags: SecurityFlags::NONE };
            passes(state, context, &request, |reply| reply.status)
        },
        Need::Task(WRITE),
    ),
    (
        "SchRpcSetSecurity of the folder",
        |state, context, place| {
            let path = place.folder.as_str().into();
            let request =
                SchRpcSetSecurity { path, sddl: "D:(A;;FA;;;BA)".into(), flags: SecurityFlags::FOLDER };
            passes(state, context, &request, |reply| reply.status)
        },
        Need::Folder(WRITE),
    ),
    (
        "SchRpcGetSecurity",
        |state, context, place| {
            let path = place.task.as_str().into();
            passes(state, context, &SchRpcGetSecurity { path, security_information: 4 }, |reply| reply.status)
        },
        Need::Task(READ_CONTROL),
    ),
    (
        "SchRpcEnumFolders",
        |state, context, place| {
            let request = SchRpcEnumFolders {
                path: place.folder.as_str().into(),
                requested: 9,
                ..SchRpcEnumFolders::default()
            };
            // To anyone who does not see it, there is no such folder.
            state.call(context, &request).reply.status == HResult::S_OK
        },
        SEES_FOLDER,
    ),
    (
        "SchRpcEnumFolders, what it lists",
        |state, context, place| {
            let path = place.above.as_str().into();
            let request = SchRpcEnumFolders { path, requested: 9, ..SchRpcEnumFolders::default() };
            lists(&state.call(context, &request).reply.names, "F")
        },
        SEES_FOLDER,
    ),
    (
        "SchRpcEnumTasks",
        |state, context, place| {
            let request = SchRpcEnumTasks {
                path: place.folder.as_str().into(),
                requested: 9,
                ..SchRpcEnumTasks::default()
            };
            lists(&state.call(context, &request).reply.names, "T")
        },
        Need::All(&[SEES_FOLDER, SEES_TASK]),
    ),
    (
        "SchRpcEnumInstances",
        |state, context, place| {
            let request =
                SchRpcEnumInstances { path: Some(place.task.as_str().into()), flags: EnumFlags::NONE };
            state.call(context, &request).reply.guids.as_slice() == [place.instance]
        },
        Need::Task(READ),
    ),
    (
        "SchRpcEnumInstances of all tasks",
        |state, context, place| {
            let request = SchRpcEnumInstances { path: None, flags: EnumFlags::NONE };
            state.call(context, &request).reply.guids.as_slice().contains(&place.instance)
        },
        Need::Task(READ),
    ),
    (
        "SchRpcGetInstanceInfo",
        |state, context, place| {
            let request = SchRpcGetInstanceInfo { guid: place.instance };
            passes(state, context, &request, |reply| reply.status)
        },
        Need::Task(READ),
    ),
    (
        "SchRpcStopInstance",
        |state, context, place| {
            let request = SchRpcStopInstance { guid: place.instance, flags: 0 };
            passes(state, context, &request, |reply| reply.status)
        },
        Need::Task(EXECUTE),
    ),
    (
        "SchRpcStop",
        |state, context, place| {
            let request = SchRpcStop { path: Some(place.task.as_str().into()), flags: 0 };
            // Instances that the caller may not stop are skipped.
            state.call(context, &request).reply.status == HResult::S_OK
        },
        Need::Task(EXECUTE),
    ),
    (
        "SchRpcRun",
        |state, context, place| {
            let request = SchRpcRun {
                path: place.task.as_str().into(),
                args: Default::default(),
                flags: RunFlags::AS_SELF,
                session_id: 0,
                user: None,
            };
            passes(state, context, &request, |reply| reply.status)
        },
        Need::All(&[Need::Task(READ), Need::Task(EXECUTE)]),
    ),
    (
        "SchRpcDelete",
        |state, context, place| {
            let path = place.task.as_str().into();
            passes(state, context, &SchRpcDelete { path, flags: 0 }, |reply| reply.status)
        },
        Need::Any(&[Need::Task(DELETE), Need::Folder(DELETE_CHILD)]),
    ),
    (
        "SchRpcScheduledRuntimes",
        |state, context, place| {
            let path = place.task.as_str().into();
            let request =
                SchRpcScheduledRuntimes { path, requested: 1, ..SchRpcScheduledRuntimes::default() };
            passes(state, context, &request, |reply| reply.status)
        },
        Need::Task(READ),
    ),
    (
        "SchRpcGetLastRunInfo",
        |state, context, place| {
            let path = place.task.as_str().into();
            passes(state, context, &SchRpcGetLastRunInfo { path }, |reply| reply.status)
        },
        Need::Task(READ),
    ),
    (
        "SchRpcGetTaskInfo",
        |state, context, place| {
            let path = place.task.as_str().into();
            let request = SchRpcGetTaskInfo { path, flags: TaskInfoFlags::STATE };
            passes(state, context, &request, |reply| reply.status)
        },
        Need::Task(READ),
    ),
    (
        "SchRpcEnableTask",
        |state, context, place| {
            let path = place.task.as_str().into();
            passes(state, context, &SchRpcEnableTask { path, enabled: 1 }, |reply| reply.status)
        },
        Need::Task(WRITE),
    ),
];

/// The descriptor to write for the object at a path.
fn written(effects: &[Effect], kind: StoreKind) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::Write(stored) if stored.store == kind => stored.sddl.clone(),
        _ => None,
    })
}

/// A random descriptor's DACL.
fn dacl(seed: &mut Seed) -> String {
    let aces = (0..seed.below(5)).map(|_| {
        let code = if seed.below(3) == 0 { "D" } else { "A" };
        format!("({code};;{};;;{})", seed.pick(&MASKS), seed.pick(&NAMES))
    });
    format!("D:P{}", aces.collect::<String>())
}

/// The descriptor of the folder above: every caller is in it, by one SID or the other.
const ABOVE: &str = "D:P(A;;FA;;;WD)(A;;FA;;;S-1-5-21-1-2-3-1001)";

/// A task as SYSTEM, which runs as soon as it is registered.
const XML: &str = "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
    <Triggers><RegistrationTrigger/></Triggers>\
    <Principals><Principal id=\"P\"><UserId>S-1-5-18</UserId></Principal></Principals>\
    <Settings><DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries></Settings>\
    <Actions Context=\"P\"><Exec><Command>a.exe</Command></Exec></Actions></Task>";

/// Every decision is Samba's.
pub fn samba() -> Result<(), Failed> {
    let mut seed = Seed(number("WINTASK_SEED", 1)? as u64);
    let mut state = State::new(Options::default().with_profile(Profile::Specification), 1);
    let machine = Machine::default();
    let now = datetime!(2024-05-15 10:00 UTC);
    let mut requests: Vec<Value> = Vec::new();
    let mut cases = Vec::new();
    let count = number("WINTASK_DECISIONS", 2000)?;
    for n in 0..count {
        let system = Context::new(now, &UtcOffset::UTC, &machine, &NoAccounts);
        let above = format!("\\P{n}");
        let folder = format!("{above}\\F");
        let task = format!("{folder}\\T");
        // A caller that cannot read the folder may still access a task whose name it knows.
        let sddl = dacl(&mut seed).replacen("D:P", "D:P(A;;FA;;;SY)", 1);
        let mut of_folder = String::new();
        for (path, sddl) in [(&above, ABOVE), (&folder, &sddl)] {
            let request =
                SchRpcCreateFolder { path: path.as_str().into(), sddl: Some(sddl.into()), flags: 0 };
            let step = state.call(&system, &request);
            of_folder = written(&step.effects, StoreKind::Folder).ok_or("no folder")?;
        }
        let request = SchRpcRegisterTask {
            path: Some(task.as_str().into()),
            xml: XML.into(),
            flags: TaskCreation::CREATE | TaskCreation::DONT_ADD_PRINCIPAL_ACE,
            sddl: Some(dacl(&mut seed).as_str().into()),
            ..SchRpcRegisterTask::default()
        };
        let step = state.call(&system, &request);
        let of_task = written(&step.effects, StoreKind::Xml).ok_or("no task")?;
        let instance = step.effects.iter().find_map(|effect| match effect {
            Effect::Start(start) => Some(start.instance),
            _ => None,
        });
        let place = Place { above, folder, task, instance: instance.ok_or("not started")? };
        let sids = &SIDS[..1 + seed.below(SIDS.len())];
        let mut token = Token::new(sids[0].parse()?);
        for group in &sids[1..] {
            token = token.with_group(group.parse::<Sid>()?);
        }
        let caller = Caller::new("HOST\\somebody", token, sids.contains(&"S-1-5-32-544"));
        let (name, call, need) = METHODS[seed.below(METHODS.len())];
        let passed = call(&mut state, &system.clone().with_caller(caller), &place);
        // The machine runs no more than this number.
        let _ = state.event(&system, Event::Exited { instance: place.instance, code: 0 });
        let mut questions = Vec::new();
        need.questions(&mut questions);
        let first = requests.len();
        for (of, mask) in questions {
            let bytes = hex(&ours(if of { &of_task } else { &of_folder })?.to_bytes()?);
            requests.push(json!({"hex": bytes, "sids": sids, "privileges": 0, "desired": mask}));
        }
        cases.push((name, need, passed, first..requests.len(), of_task, of_folder, sids));
    }
    let theirs = answers(&requests)?;
    // How often each method was refused, and how often it succeeded.
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (name, need, passed, range, of_task, of_folder, sids) in cases {
        let mut granted =
            theirs[range].iter().map(|it| it["granted"].as_u64().is_some_and(|granted| granted > 0));
        let allowed = need.met(&mut granted);
        if allowed != passed {
            return Err(
                format!("{name} by {sids:?} on {of_task} in {of_folder}: {passed}, Samba {allowed}").into()
            );
        }
        counts.entry(name).or_default()[usize::from(passed)] += 1;
    }
    println!("{count} decisions, refused and let through: {counts:?}");
    // Of 2,000 decisions each method has its share, and each answer.
    let few = |counts: &[usize; 2]| counts.iter().any(|of| of * METHODS.len() * 40 < count);
    if counts.len() == METHODS.len() && !counts.values().any(few) {
        Ok(())
    } else {
        Err(format!("refused and let through {counts:?}: the questions are lopsided").into())
    }
}
