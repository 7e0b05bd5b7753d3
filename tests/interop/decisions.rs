//! What the scheduler lets callers do, against Samba's access check: random callers, tasks and methods.
//!
//! It is the Specification profile that is asked: in the other one, administrators may do more (EVIDENCE.md SDDL-19).

use crate::{
    mutants::Seed,
    number,
    samba::{hex, ours, samba as answers},
};
use libtest_mimic::Failed;
use serde_json::{Value, json};
use time::{UtcOffset, macros::datetime};
use wintask::{
    HResult, Profile,
    rpc::schrpc::*,
    scheduler::{Caller, Context, Effect, Machine, Method, NoAccounts, Options, State, StoreKind},
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

/// Whether a call is let through.
type Call = fn(&mut State, &Context<'_>, &str) -> bool;
/// The rights that it takes: on the task, or else on its folder.
type Rights = (&'static [u32], Option<u32>);

fn passes<M: Method>(
    state: &mut State,
    context: &Context<'_>,
    request: &M,
    status: fn(M::Response) -> HResult,
) -> bool {
    status(state.call(context, request).reply) != HResult::E_ACCESSDENIED
}

const METHODS: &[(&str, Call, Rights)] = &[
    (
        "SchRpcRetrieveTask",
        |state, context, path| {
            let request = SchRpcRetrieveTask { path: path.into(), ..SchRpcRetrieveTask::default() };
            passes(state, context, &request, |reply| reply.status)
        },
        (&[READ], None),
    ),
    (
        "SchRpcGetTaskInfo",
        |state, context, path| {
            let request = SchRpcGetTaskInfo { path: path.into(), flags: TaskInfoFlags::STATE };
            passes(state, context, &request, |reply| reply.status)
        },
        (&[READ], None),
    ),
    (
        "SchRpcGetLastRunInfo",
        |state, context, path| {
            passes(state, context, &SchRpcGetLastRunInfo { path: path.into() }, |reply| reply.status)
        },
        (&[READ], None),
    ),
    (
        "SchRpcScheduledRuntimes",
        |state, context, path| {
            let request = SchRpcScheduledRuntimes {
                path: path.into(),
                requested: 1,
                ..SchRpcScheduledRuntimes::default()
            };
            passes(state, context, &request, |reply| reply.status)
        },
        (&[READ], None),
    ),
    (
        "SchRpcGetSecurity",
        |state, context, path| {
            let request = SchRpcGetSecurity { path: path.into(), security_information: 4 };
            passes(state, context, &request, |reply| reply.status)
        },
        (&[READ_CONTROL], None),
    ),
    (
        "SchRpcEnableTask",
        |state, context, path| {
            passes(state, context, &SchRpcEnableTask { path: path.into(), enabled: 1 }, |reply| reply.status)
        },
        (&[WRITE], None),
    ),
    (
        "SchRpcSetSecurity",
        |state, context, path| {
            let request = SchRpcSetSecurity {
                path: path.into(),
                sddl: "D:(A;;FA;;;BA)".into(),
                flags: SecurityFlags::NONE,
            };
            passes(state, context, &request, |reply| reply.status)
        },
        (&[WRITE], None),
    ),
    (
        "SchRpcRun",
        |state, context, path| {
            let request = SchRpcRun {
                path: path.into(),
                args: Default::default(),
                flags: RunFlags::AS_SELF,
                session_id: 0,
                user: None,
            };
            passes(state, context, &request, |reply| reply.status)
        },
        (&[READ, EXECUTE], None),
    ),
    (
        "SchRpcDelete",
        |state, context, path| {
            passes(state, context, &SchRpcDelete { path: path.into(), flags: 0 }, |reply| reply.status)
        },
        (&[DELETE], Some(DELETE_CHILD)),
    ),
];

/// The descriptor of the object at a path, as it is to be written.
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

/// Every decision is Samba's.
pub fn samba() -> Result<(), Failed> {
    const XML: &str = "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
        <Principals><Principal id=\"P\"><UserId>S-1-5-18</UserId></Principal></Principals>\
        <Actions Context=\"P\"><Exec><Command>a.exe</Command></Exec></Actions></Task>";
    let mut seed = Seed(number("WINTASK_SEED", 1)? as u64);
    let mut state = State::new(Options::default().with_profile(Profile::Specification), 1);
    let machine = Machine::default();
    let now = datetime!(2024-05-15 10:00 UTC);
    let mut requests: Vec<Value> = Vec::new();
    let mut cases = Vec::new();
    for n in 0..number("WINTASK_DECISIONS", 2000)? {
        let system = Context::new(now, &UtcOffset::UTC, &machine, &NoAccounts);
        let folder = format!("\\F{n}");
        // Whoever may not read the folder may still be let to a task of a known name.
        let sddl = dacl(&mut seed).replacen("D:P", "D:P(A;;FA;;;SY)", 1);
        let request =
            SchRpcCreateFolder { path: folder.as_str().into(), sddl: Some(sddl.as_str().into()), flags: 0 };
        let step = state.call(&system, &request);
        let of_folder = written(&step.effects, StoreKind::Folder).ok_or("no folder")?;
        let path = format!("{folder}\\T");
        let request = SchRpcRegisterTask {
            path: Some(path.as_str().into()),
            xml: XML.into(),
            flags: TaskCreation::CREATE | TaskCreation::DONT_ADD_PRINCIPAL_ACE,
            sddl: Some(dacl(&mut seed).as_str().into()),
            ..SchRpcRegisterTask::default()
        };
        let step = state.call(&system, &request);
        let of_task = written(&step.effects, StoreKind::Xml).ok_or("no task")?;
        let sids = &SIDS[..1 + seed.below(SIDS.len())];
        let groups = sids[1..].iter().map(|sid| sid.parse::<Sid>());
        let token = groups.fold(Ok(Token::new(sids[0].parse()?)), |token: Result<Token, Failed>, sid| {
            Ok(token?.with_group(sid?))
        })?;
        let caller = Caller::new("HOST\\somebody", token, sids.contains(&"S-1-5-32-544"));
        let (name, call, (on_task, on_folder)) = METHODS[seed.below(METHODS.len())];
        let passed = call(&mut state, &system.with_caller(caller), &path);
        let first = requests.len();
        let mut ask = |text: &str, mask: u32| -> Result<(), Failed> {
            let bytes = hex(&ours(text)?.to_bytes()?);
            requests.push(json!({"hex": bytes, "sids": sids, "privileges": 0, "desired": mask}));
            Ok(())
        };
        on_task.iter().try_for_each(|mask| ask(&of_task, *mask))?;
        on_folder.iter().try_for_each(|mask| ask(&of_folder, *mask))?;
        cases.push((name, passed, first, on_task.len(), on_folder.is_some(), of_task, of_folder, sids));
    }
    let theirs = answers(&requests)?;
    let mut counts = [0; 2];
    for (name, passed, first, on_task, on_folder, of_task, of_folder, sids) in &cases {
        let granted = |at: usize| theirs[at]["granted"].as_u64().is_some_and(|granted| granted > 0);
        let task = (*first..first + on_task).all(granted);
        let allowed = task || *on_folder && granted(first + on_task);
        if allowed != *passed {
            return Err(
                format!("{name} by {sids:?} on {of_task} in {of_folder}: {passed}, Samba {allowed}").into()
            );
        }
        counts[usize::from(*passed)] += 1;
    }
    println!("{} decisions: {} refused, {} let through", cases.len(), counts[0], counts[1]);
    if counts.iter().all(|count| *count * 8 > cases.len()) {
        Ok(())
    } else {
        Err(format!("refused and let through {counts:?}: the questions are lopsided").into())
    }
}
