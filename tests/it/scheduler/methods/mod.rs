//! Every method of ITaskSchedulerService, by tables whose rows name where they come from.
//!
//! `4#2` is the second bullet of what the server must do by [MS-TSCH] 3.2.5.4.4, counted through all levels; `note 76` is a
//! note of its appendix; `RPC-05` and its like are in EVIDENCE.md. Every bullet has a row, or a reason why it has none.

mod access;
mod enumerate;
mod folders;
mod info;
mod instances;
mod register;
mod run;

use super::rig::{Returns, Rig, Who};
use std::{collections::BTreeSet, panic::catch_unwind, sync::OnceLock};
use wintask::{
    Profile,
    dtyp::HResult,
    ndr::Counted,
    rpc::schrpc::*,
    scheduler::{Method, State},
};

pub const OK: HResult = HResult::S_OK;
pub const FALSE: HResult = HResult::S_FALSE;
pub const INVALID_ARG: HResult = HResult::E_INVALIDARG;
pub const DENIED: HResult = HResult::E_ACCESSDENIED;
pub const NO_FILE: HResult = HResult(0x8007_0002);
pub const NO_PATH: HResult = HResult(0x8007_0003);
pub const BAD_NAME: HResult = HResult(0x8007_007B);
pub const EXISTS: HResult = HResult(0x8007_00B7);
pub const NOT_EMPTY: HResult = HResult(0x8007_0091);
pub const LOGON_FAILURE: HResult = HResult(0x8007_052E);
pub const NONE_MAPPED: HResult = HResult(0x8007_0534);
pub const NOT_RUNNING: HResult = HResult(0x8004_130B);

/// A row: where it comes from, what each profile answers, and the call.
pub struct Row {
    pub from: &'static str,
    pub windows: Option<HResult>,
    pub specification: Option<HResult>,
    pub run: fn(&mut Rig) -> HResult,
}

/// Both profiles give the same answer.
pub const fn both(from: &'static str, want: HResult, run: fn(&mut Rig) -> HResult) -> Row {
    Row { from, windows: Some(want), specification: Some(want), run }
}

/// The profiles differ: first Windows, then the text.
pub const fn differ(
    from: &'static str,
    windows: HResult,
    text: HResult,
    run: fn(&mut Rig) -> HResult,
) -> Row {
    Row { from, windows: Some(windows), specification: Some(text), run }
}

/// A row about Windows alone.
pub const fn windows(from: &'static str, want: HResult, run: fn(&mut Rig) -> HResult) -> Row {
    Row { from, windows: Some(want), specification: None, run }
}

/// A row about the text alone.
pub const fn text(from: &'static str, want: HResult, run: fn(&mut Rig) -> HResult) -> Row {
    Row { from, windows: None, specification: Some(want), run }
}

/// All tables.
const TABLES: &[&[Row]] = &[
    access::ROWS,
    enumerate::ROWS,
    folders::ROWS,
    info::ROWS,
    instances::ROWS,
    register::ROWS,
    register::PRINCIPALS,
    run::ROWS,
];

/// How many bullets each section has, from 3.2.5.4.1 on.
const BULLETS: [u32; 20] = [0, 156, 7, 4, 8, 8, 7, 9, 7, 10, 5, 6, 21, 7, 0, 18, 12, 11, 5, 7];

/// Bullets without a row: the first and the last, and why.
const WITHOUT: &[(u32, u32, u32, &str)] = &[
    (2, 13, 14, "a heading"),
    (2, 18, 19, "a heading"),
    (2, 20, 51, "when triggers fire: testdata/scheduler, tests/it/schedule"),
    (2, 53, 53, "which days: tests/it/schedule"),
    (2, 56, 56, "which days: tests/it/schedule"),
    (2, 60, 111, "how tasks run: testdata/scheduler"),
    (2, 112, 112, "a heading"),
    (2, 120, 120, "a heading"),
    (2, 130, 130, "a heading"),
    (2, 137, 137, "a heading"),
    (2, 142, 142, "a heading"),
    (6, 1, 1, "out parameters are not NULL on the wire (3.3)"),
    (13, 13, 13, "a heading"),
    (16, 1, 2, "path is a ref string, which is not NULL on the wire (3.3)"),
    (16, 4, 5, "out parameters are not NULL on the wire (3.3)"),
    (16, 14, 14, "a heading"),
    (17, 1, 4, "no parameter is NULL on the wire (3.3)"),
    (17, 9, 9, "a heading"),
    (18, 6, 6, "a heading"),
    (19, 2, 2, "a heading"),
];

/// Makes the rows of a table, each on its own fixture.
pub fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        for (profile, want) in [(Profile::Windows, row.windows), (Profile::Specification, row.specification)]
        {
            let Some(want) = want else { continue };
            let run = row.run;
            let got = catch_unwind(|| run(&mut fixture(profile)));
            match got {
                Ok(got) if got == want => {}
                Ok(got) => wrong.push(format!("{profile:?} {}: {got}, not {want}", row.from)),
                Err(_) => {
                    wrong.push(format!("{profile:?} {}: the row's own check fails (see above)", row.from))
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every bullet has a row or a reason, and no row cites a bullet that does not exist.
#[test]
fn every_bullet_has_a_row() {
    let mut covered = BTreeSet::new();
    for (section, first, last, _) in WITHOUT {
        covered.extend((*first..=*last).map(|bullet| (*section, bullet)));
    }
    for row in TABLES.iter().copied().flatten() {
        let mut bullets = 0;
        for word in row.from.split([' ', ',', ':', ';']) {
            if let Some((section, bullet)) = word.split_once('#') {
                let (section, bullet): (u32, u32) = (section.parse().unwrap(), bullet.parse().unwrap());
                assert!(BULLETS[section as usize - 1] >= bullet && bullet > 0, "{word} does not exist");
                covered.insert((section, bullet));
                bullets += 1;
            }
        }
        let other = ["note ", "RPC-", "XML-", "ERR-", "SDDL-", "ENGINE-", "3.2.5.", "2.3.", "2.5."];
        assert!(bullets > 0 || other.iter().any(|it| row.from.contains(it)), "{}: no source", row.from);
    }
    let all = (1..=20u32).zip(BULLETS).flat_map(|(section, last)| (1..=last).map(move |it| (section, it)));
    let missing: Vec<_> = all.filter(|bullet| !covered.contains(bullet)).collect();
    assert!(missing.is_empty(), "bullets without a row: {missing:?}");
}

/// The numbers of bullets are those of the specification, in the folder that `WINTASK_SHARED` names.
#[test]
#[ignore = "needs WINTASK_SHARED"]
fn the_bullets_are_counted_right() {
    let shared = std::env::var_os("WINTASK_SHARED").expect("WINTASK_SHARED");
    let seeds = std::path::Path::new(&shared).join("spec/seeds");
    let seed = std::fs::read_dir(&seeds).unwrap().map(|entry| entry.unwrap().path());
    let seed = seed.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("001_"));
    let text = std::fs::read_to_string(seed.unwrap()).unwrap();
    let (mut counts, mut section, mut on) = ([0; 20], 0, false);
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("3.2.5.4.").filter(|rest| rest.contains(" SchRpc")) {
            (section, on) = (rest.split(' ').next().unwrap().parse().unwrap(), false);
        } else if line.starts_with("3.2.6 ") {
            section = 0;
        } else if line.starts_with("Upon receipt") {
            on = true;
        } else if on && section > 0 && line.trim_start().starts_with("- ") {
            counts[section - 1] += 1;
        }
    }
    assert_eq!(counts, BULLETS);
}

/// Anybody may read and run it.
const OPEN: &str = "D:P(A;;FA;;;BA)(A;;FRFX;;;BU)";

/// A scheduler with some folders and tasks, which the administrator has registered.
///
/// | path | what it is |
/// |---|---|
/// | `\F`, `\F\Sub` | folders that everybody may read |
/// | `\Closed`, `\Closed\T` | a folder and a task of the administrators |
/// | `\Job`, `\F\T` | daily at noon, as SYSTEM; everybody may read and run them |
/// | `\Alice` | as alice, in her session; she may do anything to it |
/// | `\Read`, `\Write`, `\Execute` | users may do just this |
/// | `\Hidden`, `\Off`, `\Rule`, `\Mains` | hidden; disabled; not on demand; not on batteries |
/// | `\Logon` | with a logon trigger and no run times |
pub fn fixture(profile: Profile) -> Rig {
    static WINDOWS: OnceLock<State> = OnceLock::new();
    static SPECIFICATION: OnceLock<State> = OnceLock::new();
    let state = if profile == Profile::Windows { &WINDOWS } else { &SPECIFICATION };
    let mut rig = Rig::new(profile);
    rig.state = state.get_or_init(|| build(profile).state).clone();
    rig.machine.sessions.push(Who::Alice.session(1));
    rig
}

fn build(profile: Profile) -> Rig {
    let mut rig = Rig::new(profile);
    for (path, sddl) in [
        (r"\F", "D:P(A;;FA;;;BA)(A;;FR;;;BU)"),
        (r"\F\Sub", "D:P(A;;FA;;;BA)(A;;FR;;;BU)"),
        (r"\Closed", "D:P(A;;FA;;;BA)"),
    ] {
        let request = SchRpcCreateFolder { path: path.into(), sddl: Some(sddl.into()), flags: 0 };
        assert_eq!(rig.admin(request), OK, "{path}");
    }
    let alice = format!("D:P(A;;FA;;;BA)(A;;FA;;;{})", Who::Alice.sid());
    let session = "<UserId>HOST\\alice</UserId><LogonType>InteractiveToken</LogonType>";
    let system = "<UserId>S-1-5-18</UserId>";
    let noon = "<CalendarTrigger><StartBoundary>2024-05-15T12:00:00</StartBoundary>\
                <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>";
    for (path, sddl, principal, triggers, settings) in [
        (r"\Job", OPEN, system, noon, ""),
        (r"\F\T", OPEN, system, noon, ""),
        (r"\Closed\T", "D:P(A;;FA;;;BA)", system, noon, ""),
        (r"\Alice", &alice, session, noon, ""),
        (r"\Read", "D:P(A;;FA;;;BA)(A;;FR;;;BU)", system, noon, ""),
        (r"\Write", "D:P(A;;FA;;;BA)(A;;FW;;;BU)", system, noon, ""),
        (r"\Execute", "D:P(A;;FA;;;BA)(A;;FX;;;BU)", system, noon, ""),
        (r"\Hidden", OPEN, system, noon, "<Hidden>true</Hidden>"),
        (r"\Off", OPEN, system, noon, "<Enabled>false</Enabled>"),
        (r"\Rule", OPEN, system, noon, "<AllowStartOnDemand>false</AllowStartOnDemand>"),
        (r"\Mains", OPEN, system, noon, "<DisallowStartIfOnBatteries>true</DisallowStartIfOnBatteries>"),
        (r"\Logon", OPEN, system, "<LogonTrigger/>", ""),
    ] {
        let request = SchRpcRegisterTask {
            path: Some(path.into()),
            xml: task(principal, triggers, settings).into(),
            flags: TaskCreation::CREATE | TaskCreation::DONT_ADD_PRINCIPAL_ACE,
            sddl: Some(sddl.into()),
            ..SchRpcRegisterTask::default()
        };
        assert_eq!(rig.admin(request), OK, "{path}");
    }
    rig
}

/// A definition with one action, in which anything may be stated in the parts that matter.
pub fn task(principal: &str, triggers: &str, settings: &str) -> String {
    definition("1.2", principal, triggers, settings)
}

pub fn definition(version: &str, principal: &str, triggers: &str, settings: &str) -> String {
    let principals = match principal {
        "" => String::new(),
        _ => format!("<Principals><Principal id=\"P\">{principal}</Principal></Principals>"),
    };
    let context = if principal.is_empty() { "" } else { " Context=\"P\"" };
    // 1.2 has DisallowStartIfOnBatteries as true where it is not stated.
    let battery = if settings.contains("DisallowStartIfOnBatteries") {
        ""
    } else {
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
    };
    format!(
        "<Task version=\"{version}\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
         <Triggers>{triggers}</Triggers>{principals}<Settings>{battery}{settings}</Settings>\
         <Actions{context}><Exec id=\"Act\"><Command>a.exe</Command><Arguments>$(Arg0)</Arguments></Exec></Actions>\
         </Task>"
    )
}

impl Rig {
    pub fn admin<M: Method>(&mut self, request: M) -> HResult
    where
        M::Response: Returns + PartialEq + std::fmt::Debug,
    {
        self.call(Who::Admin, &request).returned()
    }

    pub fn alice<M: Method>(&mut self, request: M) -> HResult
    where
        M::Response: Returns + PartialEq + std::fmt::Debug,
    {
        self.call(Who::Alice, &request).returned()
    }

    pub fn bob<M: Method>(&mut self, request: M) -> HResult
    where
        M::Response: Returns + PartialEq + std::fmt::Debug,
    {
        self.call(Who::Bob, &request).returned()
    }

    /// Runs a task on demand, and says that its action has started.
    pub fn started(&mut self, path: &str) -> uuid::Uuid {
        let ran = self.call(Who::Admin, &run(path));
        assert_eq!(ran.status, OK, "{path}");
        assert!(self.starts().iter().any(|start| start.instance == ran.guid), "{path} did not start");
        self.event(wintask::scheduler::Event::Started { instance: ran.guid, pid: 4711 });
        ran.guid
    }

    /// Whether there is a task or folder at a path.
    pub fn exists(&mut self, path: &str) -> bool {
        let request = SchRpcGetSecurity { path: path.into(), security_information: 4 };
        self.call(Who::Admin, &request).status == OK
    }
}

pub fn run(path: &str) -> SchRpcRun {
    SchRpcRun {
        path: path.into(),
        args: Counted::default(),
        flags: RunFlags::NONE,
        session_id: 0,
        user: None,
    }
}
