//! ATSvc, SASec and the .JOB task store, by tables whose rows name where they come from: `1#2` is the second bullet of
//! what the server must do by [MS-TSCH] 3.2.5.2.1 (ATSvc) or 3.2.5.3.1 (SASec).

use super::rig::{Rig, Who};
use time::{Duration, macros::datetime};
use wintask::{
    HResult, Profile,
    command_line::{At, Circumstances, Schtasks},
    job::{DaysOfMonth, Job, JobDate, JobFlags, Schedule, Trigger},
    ndr::Counted,
    rpc::{
        atsvc::{
            AtDaysOfWeek, AtEnum, AtEnumContainer, AtFlags, AtInfo, NetrJobAdd, NetrJobDel, NetrJobEnum,
            NetrJobEnumResponse, NetrJobGetInfo,
        },
        sasec::{
            AccountBuffer, CountedBuffer, SAGetAccountInformation, SAGetNSAccountInformation,
            SASetAccountInformation, SASetNSAccountInformation,
        },
        schrpc::{
            SchRpcDelete, SchRpcEnableTask, SchRpcEnumTasks, SchRpcRegisterTask, SchRpcRetrieveTask,
            TaskCreation,
        },
    },
    scheduler::{Effect, Event, FailedEffect, Ignored, Options, StoreKind},
    xml::{self, Form},
};

/// A row: where it comes from, what Windows and the text answer, and the call.
pub type Row = (&'static str, u32, u32, fn(&mut Rig) -> u32);

pub fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for (from, windows, text, run) in rows {
        for (profile, want) in [(Profile::Windows, windows), (Profile::Specification, text)] {
            let got = run(&mut Rig::new(profile));
            if got != *want {
                wrong.push(format!("{profile:?} {from}: {got:#x}, not {want:#x}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// At 11:00, an hour after the rig begins on Wednesday, 15 May.
fn at() -> AtInfo {
    AtInfo { job_time: 11 * 3_600_000, command: Some("cmd.exe /c dir".into()), ..AtInfo::default() }
}

fn add(r: &mut Rig, who: Who, info: AtInfo) -> u32 {
    r.call(who, &NetrJobAdd { server_name: None, at_info: info }).status.0
}

fn added(r: &mut Rig, info: AtInfo) -> u32 {
    let reply = r.call(Who::Admin, &NetrJobAdd { server_name: None, at_info: info });
    assert_eq!(reply.status.0, 0);
    reply.job_id
}

fn delete(r: &mut Rig, min: u32, max: u32) -> u32 {
    r.call(Who::Admin, &NetrJobDel { server_name: None, min_job_id: min, max_job_id: max }).status.0
}

fn info(r: &mut Rig, job_id: u32) -> Option<AtInfo> {
    r.call(Who::Admin, &NetrJobGetInfo { server_name: None, job_id }).at_info
}

fn list(preferred_maximum_length: u32, resume: Option<u32>) -> NetrJobEnum {
    NetrJobEnum { preferred_maximum_length, resume_handle: resume, ..NetrJobEnum::default() }
}

fn listed(r: &mut Rig, request: &NetrJobEnum) -> NetrJobEnumResponse {
    r.call(Who::Admin, request)
}

const ATSVC: &[Row] = &[
    ("1#1: not an administrator", 5, 5, |r| add(r, Who::Alice, at())),
    ("1#2: no command", 87, 87, |r| add(r, Who::Admin, AtInfo { command: None, ..at() })),
    ("1#3: a time of day", 0, 0, |r| add(r, Who::Admin, AtInfo { job_time: 86_399_999, ..at() })),
    ("1#3: no time of day", 87, 87, |r| add(r, Who::Admin, AtInfo { job_time: 86_400_000, ..at() })),
    ("1#4, note 7: a 32nd day", 87, 0, |r| {
        add(r, Who::Admin, AtInfo { days_of_month: DaysOfMonth(1 << 31), ..at() })
    }),
    ("1#5, note 8: an eighth day of the week", 87, 0, |r| {
        add(r, Who::Admin, AtInfo { days_of_week: AtDaysOfWeek(0x80), ..at() })
    }),
    ("1#6, 1#8, 1#10, RPC-22: numbers begin at 1", 1, 1, |r| added(r, at())),
    ("1#6: the next number", 3, 3, |r| {
        (0..2).for_each(|_| _ = added(r, at()));
        assert_eq!(delete(r, 1, 1), 0);
        added(r, at())
    }),
    ("1#7: today's day of the month is added", 1 << 14, 1 << 14, |r| {
        let job = added(r, AtInfo { flags: AtFlags::ADD_CURRENT_DATE, ..at() });
        let stored = info(r, job).unwrap();
        assert!(!stored.flags.contains(AtFlags::ADD_CURRENT_DATE));
        stored.days_of_month.0
    }),
    ("1#9: the timer is set to its run", 3600, 3600, |r| {
        added(r, at());
        (r.state.next_wakeup().unwrap() - r.now).whole_seconds() as u32
    }),
    ("2#1: not an administrator", 5, 5, |r| {
        let request = NetrJobDel { server_name: None, min_job_id: 0, max_job_id: u32::MAX };
        r.call(Who::Bob, &request).status.0
    }),
    ("2#2, 2#3: all of a range", 0, 0, |r| {
        (0..4).for_each(|_| _ = added(r, at()));
        assert_eq!(delete(r, 2, 3), 0);
        assert!(info(r, 1).is_some() && info(r, 2).is_none() && info(r, 4).is_some());
        delete(r, 3, 4)
    }),
    ("2#4, 2#5: the ends of the range are exchanged", 87, 87, |r| delete(r, 2, 1)),
    ("2#6: nothing in the range", 3806, 3806, |r| delete(r, 0, u32::MAX)),
    ("3#1: a buffer was sent", 87, 87, |r| {
        let job = AtEnum::new(1, at());
        let enum_container = AtEnumContainer { buffer: Counted::Array(vec![job]) };
        listed(r, &NetrJobEnum { enum_container, ..list(u32::MAX, None) }).status.0
    }),
    ("3#2: beyond the last", 0, 0, |r| {
        added(r, at());
        let reply = listed(r, &list(u32::MAX, Some(7)));
        assert_eq!((reply.total_entries, reply.enum_container.buffer.count()), (0, 0));
        reply.status.0
    }),
    ("3#3: not an administrator", 5, 5, |r| r.call(Who::Alice, &list(u32::MAX, None)).status.0),
    ("3#4, 3#6, 3#8, 3#9, 3#10: all fit", 0, 0, |r| {
        (0..3).for_each(|_| _ = added(r, at()));
        let reply = listed(r, &list(u32::MAX, Some(1)));
        assert_eq!((reply.total_entries, reply.enum_container.buffer.count()), (2, 2));
        assert_eq!(reply.resume_handle, Some(0));
        reply.status.0
    }),
    ("3#5, 3#7, RPC-22: the smallest buffer holds an entry", 234, 234, |r| {
        let long = format!("cmd.exe {}", "x".repeat(300));
        (0..3).for_each(|_| _ = added(r, AtInfo { command: Some(long.as_str().into()), ..at() }));
        let reply = listed(r, &list(0, Some(0)));
        assert_eq!((reply.total_entries, reply.enum_container.buffer.count()), (3, 1));
        assert_eq!(reply.resume_handle, Some(1));
        reply.status.0
    }),
    ("4#1: not an administrator", 5, 5, |r| {
        r.call(Who::Bob, &NetrJobGetInfo { server_name: None, job_id: 1 }).status.0
    }),
    ("4#2, 4#3, 4#4: as it was added, and that it runs today", 4, 4, |r| {
        let job = added(r, at());
        let got = info(r, job).unwrap();
        assert_eq!((got.job_time, got.command), (at().job_time, at().command));
        got.flags.0.into()
    }),
    ("4#5, RPC-22: unknown", 3806, 2, |r| {
        r.call(Who::Admin, &NetrJobGetInfo { server_name: None, job_id: 1 }).status.0
    }),
];

#[test]
fn atsvc() {
    check(ATSVC);
}

#[test]
fn sasec() {
    check(SASEC);
}

/// How many bullets 3.2.5.2.1 to 3.2.5.2.4 have, and 3.2.5.3.1 to 3.2.5.3.7; notes do not count.
const BULLETS: [&[usize]; 2] = [&[10, 6, 10, 5], &[29, 3, 2, 20, 6, 5, 8]];

/// Bullets of 3.2.5.3 without a row: the first and the last, and why.
const WITHOUT: &[(usize, usize, usize, &str)] = &[
    (1, 1, 1, "a heading"),
    (1, 24, 24, "a heading: tests/it/compat has the flags of triggers"),
    (1, 25, 27, "which days: tests/it/schedule"),
    (4, 2, 2, "pwszAccount is a ref string, which is not NULL on the wire (3.3)"),
    (4, 4, 4, "who may write the folder may write its files: 4#1"),
    (4, 7, 7, "a heading"),
    (4, 11, 11, "a heading"),
    (4, 14, 14, "a heading"),
    (4, 15, 15, "nobody but an administrator gets this far: 4#5"),
    (6, 1, 1, "the buffer is not NULL on the wire (3.3)"),
    (7, 5, 5, "the buffer is not NULL on the wire (3.3)"),
];

/// Every bullet of 3.2.5.2 and 3.2.5.3 has a row or a reason.
#[test]
fn every_bullet_has_a_row() {
    let tables: [Vec<&[Row]>; 2] = [vec![ATSVC], vec![SASEC, super::job_files::ROWS]];
    for (which, tables) in tables.iter().enumerate() {
        let mut covered = std::collections::BTreeSet::new();
        for (section, first, last, _) in WITHOUT.iter().filter(|_| which == 1) {
            covered.extend((*first..=*last).map(|bullet| (*section, bullet)));
        }
        for (from, ..) in tables.iter().copied().flatten() {
            let cited = from.split([' ', ',', ':']).filter_map(|word| word.split_once('#'));
            for (section, bullet) in cited {
                let (section, bullet): (usize, usize) = (section.parse().unwrap(), bullet.parse().unwrap());
                assert!(bullet > 0 && bullet <= BULLETS[which][section - 1], "{from}: no such bullet");
                covered.insert((section, bullet));
            }
        }
        let all =
            (1..).zip(BULLETS[which]).flat_map(|(section, last)| (1..=*last).map(move |it| (section, it)));
        let missing: Vec<_> = all.filter(|bullet| !covered.contains(bullet)).collect();
        assert!(missing.is_empty(), "3.2.5.{}: bullets without a row: {missing:?}", which + 2);
    }
}

/// RPC-21.
#[test]
fn at_that_is_not_enabled() {
    let r = &mut Rig::with(Options::default().with_at_enabled(false));
    assert_eq!(add(r, Who::Admin, at()), 50);
    assert_eq!(delete(r, 0, 1), 50);
    assert_eq!(listed(r, &list(u32::MAX, None)).status.0, 50);
    assert_eq!(r.call(Who::Admin, &NetrJobGetInfo { server_name: None, job_id: 1 }).status.0, 50);
}

/// 3.2.1: an AT job is visible in all three interfaces.
#[test]
fn an_at_job_is_seen_three_times() {
    let r = &mut Rig::new(Profile::Windows);
    added(r, at());
    let tasks = SchRpcEnumTasks { path: r"\".into(), ..SchRpcEnumTasks::default() };
    assert_eq!(r.call(Who::Admin, &tasks).names.as_slice(), [Some("At1".into())]);
    let xml = r.call(Who::Admin, &SchRpcRetrieveTask { path: r"\At1".into(), ..Default::default() }).xml;
    let xml = xml.unwrap().to_string();
    assert!(xml.contains(r#"<Task version="1.0""#) && xml.contains("<UserId>S-1-5-18</UserId>"), "{xml}");
    assert_eq!(account_of(r, "at1.JOB"), (HResult::S_OK, String::new()));
    assert_eq!(delete(r, 1, 1), 0);
    let removed =
        |store| move |effect: &&Effect| matches!(effect, Effect::Remove { store: s, .. } if *s == store);
    let effects: Vec<&Effect> = r.effects.iter().map(|(_, effect)| effect).collect();
    assert!(effects.iter().copied().any(|effect| removed(StoreKind::Xml)(&effect)));
    assert!(effects.iter().copied().any(|effect| removed(StoreKind::Job)(&effect)));
}

/// 3.2.6.1: starting a job clears the day's bits, and one without days left is deleted when it has ended.
#[test]
fn the_days_of_an_at_job() {
    let r = &mut Rig::new(Profile::Windows);
    let days_of_week = AtDaysOfWeek::WEDNESDAY | AtDaysOfWeek::FRIDAY;
    let job = added(r, AtInfo { days_of_week, ..at() });
    for left in [Some(AtDaysOfWeek::FRIDAY), None] {
        let before = r.starts().len();
        r.pass(r.state.next_wakeup().unwrap() - r.now);
        let instance = r.starts()[before].instance;
        r.event(Event::Started { instance, pid: 1 });
        r.event(Event::Exited { instance, code: 0 });
        let now = info(r, job).map(|job| (job.days_of_week, job.days_of_month.0));
        assert_eq!(now, left.map(|days| (days, 0)));
    }
    let periodic = added(r, AtInfo { days_of_week, flags: AtFlags::RUN_PERIODICALLY, ..at() });
    r.pass(Duration::days(7));
    assert_eq!(info(r, periodic).unwrap().days_of_week, days_of_week);
}

/// RPC-22: a failed start sets JOB_EXEC_ERROR. [MS-TSCH] 2.3.4: it is about the last run.
#[test]
fn the_error_of_an_at_job() {
    let r = &mut Rig::new(Profile::Windows);
    let every_day = AtDaysOfWeek(0x7F);
    let flags = AtFlags::RUN_PERIODICALLY;
    let job = added(r, AtInfo { days_of_week: every_day, flags, ..at() });
    for fails in [true, false] {
        r.pass(Duration::DAY);
        let instance = r.starts().last().unwrap().instance;
        r.event(match fails {
            true => Event::StartFailed { instance, error: HResult(0x8007_0002) },
            false => Event::Started { instance, pid: 1 },
        });
        assert_eq!(info(r, job).unwrap().flags.contains(AtFlags::EXEC_ERROR), fails);
    }
}

/// A daily job of a program.
pub fn job() -> Vec<u8> {
    let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2024, 5, 1), 11, 0);
    Job::new(uuid::Uuid::nil(), "a.exe").with_trigger(daily).to_bytes().unwrap()
}

pub fn file(r: &mut Rig, content: Vec<u8>) {
    let owner = Some(Who::Alice.name().to_owned());
    assert_eq!(r.event(Event::JobFileAdded { name: "Foo.job".into(), content, owner }), None);
}

fn set(account: &str, password: Option<&str>) -> SASetAccountInformation {
    SASetAccountInformation {
        job_name: "foo.JOB".into(),
        account: account.into(),
        password: password.map(Into::into),
        ..SASetAccountInformation::default()
    }
}

fn ns(account: Option<&str>, password: Option<&str>) -> SASetNSAccountInformation {
    let (account, password) = (account.map(Into::into), password.map(Into::into));
    SASetNSAccountInformation { account, password, ..SASetNSAccountInformation::default() }
}

fn buffer(size: usize) -> CountedBuffer {
    CountedBuffer(AccountBuffer::zeroed(size))
}

fn account_of(r: &mut Rig, name: &str) -> (HResult, String) {
    let request = SAGetAccountInformation { job_name: name.into(), buffer: buffer(40), ..Default::default() };
    let reply = r.call(Who::Admin, &request);
    (reply.status, reply.buffer.account().to_string())
}

fn ns_account(r: &mut Rig, size: usize) -> (u32, String) {
    let request = SAGetNSAccountInformation { buffer: buffer(size), ..Default::default() };
    let reply = r.call(Who::Admin, &request);
    (reply.status.0, reply.buffer.account().to_string())
}

const ALICE: &str = r"HOST\alice";

const SASEC: &[Row] = &[
    ("4#1, 4#5: not an administrator", 0x8007_0005, 0x8007_0005, |r| {
        file(r, job());
        r.call(Who::Alice, &set("", None)).status.0
    }),
    ("4#3: no such file", 0x8007_0002, 0x8007_0002, |r| r.call(Who::Admin, &set("", None)).status.0),
    ("4#6: cut in the fixed length section", 0x8007_000D, 0x8007_000D, |r| {
        file(r, job()[..40].to_vec());
        r.call(Who::Admin, &set("", None)).status.0
    }),
    (
        "4#6, errors.md, .JOB validation notes: the application name is not terminated",
        0x8004_130E,
        0x8007_000D,
        |r| {
            file(r, job()[..80].to_vec());
            r.call(Who::Admin, &set("", None)).status.0
        },
    ),
    ("4#8, note 55: a wrong password", 0x8007_052E, 0x8007_0005, |r| {
        file(r, job());
        r.call(Who::Admin, &set(ALICE, Some("wrong"))).status.0
    }),
    ("4#9, 4#10, 4#20: account and password are stored", 0, 0, |r| {
        file(r, job());
        let status = r.call(Who::Admin, &set(r"HOST\bob", Some("secret"))).status.0;
        assert_eq!(account_of(r, "Foo.job").1, r"HOST\bob");
        let stored = |effect: &Effect| matches!(effect, Effect::Credential { account, stored: true } if account == r"HOST\bob");
        assert!(r.effects.iter().any(|(_, effect)| stored(effect)));
        status
    }),
    ("4#12: neither a password nor RUN_ONLY_IF_LOGGED_ON", 0x8004_1314, 0x8004_1314, |r| {
        file(r, job());
        r.call(Who::Admin, &set(ALICE, None)).status.0
    }),
    ("4#13: RUN_ONLY_IF_LOGGED_ON", 0, 0, |r| {
        file(r, job());
        let request =
            SASetAccountInformation { job_flags: JobFlags::RUN_ONLY_IF_LOGGED_ON, ..set(ALICE, None) };
        r.call(Who::Admin, &request).status.0
    }),
    ("4#18, note 59: an interval as long as the duration", 0x8004_1318, 0x8004_1318, |r| {
        let mut job = Job::parse(&job()).unwrap();
        (job.triggers[0].minutes_interval, job.triggers[0].minutes_duration) = (60, 30);
        file(r, job.to_bytes().unwrap());
        r.call(Who::Admin, &set("", None)).status.0
    }),
    ("4#19, note 60: a trigger of no known type", 0x8004_1316, 0x8004_1316, |r| {
        let mut bytes = job();
        // The last trigger's type is 32 bytes into its 48.
        let at = bytes.len() - 16;
        bytes[at..at + 4].copy_from_slice(&99u32.to_le_bytes());
        file(r, bytes);
        r.call(Who::Admin, &set("", None)).status.0
    }),
    ("4#13, 4#3: the account is kept without a password", 0, 0, |r| {
        file(r, job());
        let request =
            SASetAccountInformation { job_flags: JobFlags::RUN_ONLY_IF_LOGGED_ON, ..set(r"HOST\bob", None) };
        let status = r.call(Who::Admin, &request).status.0;
        assert_eq!(account_of(r, "Foo.job").1, r"HOST\bob");
        status
    }),
    ("4#16, note 58: LocalSystem has no password", 0x8007_052E, 0x8007_0005, |r| {
        file(r, job());
        r.call(Who::Admin, &set("", Some("secret"))).status.0
    }),
    ("4#17, 7#6, 3.2.1: the empty name is LocalSystem", 0, 0, |r| {
        file(r, job());
        let status = r.call(Who::Admin, &set("", None)).status.0;
        assert_eq!(account_of(r, "Foo.job"), (HResult::S_OK, String::new()));
        status
    }),
    ("5#1: not an administrator", 0x8007_0005, 0x8007_0005, |r| r.call(Who::Bob, &ns(None, None)).status.0),
    ("5#2: NULL is LocalSystem", 1, 1, |r| {
        assert_eq!(r.call(Who::Admin, &ns(Some(ALICE), Some("secret"))).status.0, 0);
        assert_eq!(r.call(Who::Admin, &ns(None, None)).status.0, 0);
        ns_account(r, 20).0
    }),
    ("5#2, note 61: so is the empty name, on Windows", 0, 0x8007_000D, |r| {
        r.call(Who::Admin, &ns(Some(""), None)).status.0
    }),
    ("5#3: a password of 128 characters", 0x8007_000D, 0x8007_000D, |r| {
        r.call(Who::Admin, &ns(Some(ALICE), Some(&"x".repeat(128)))).status.0
    }),
    ("5#4, note 62: no password", 0x8007_0057, 0x8007_000D, |r| {
        r.call(Who::Admin, &ns(Some(ALICE), None)).status.0
    }),
    ("5#5, note 63: a wrong password", 0x8007_052E, 0x8007_0005, |r| {
        r.call(Who::Admin, &ns(Some(ALICE), Some("wrong"))).status.0
    }),
    ("5#6, 6#5: the account of all AT jobs", 0, 0, |r| {
        added(r, at());
        assert_eq!(r.call(Who::Admin, &ns(Some(ALICE), Some("secret"))).status.0, 0);
        r.pass(Duration::hours(2));
        assert_eq!(r.starts()[0].user, Some(Who::Alice.sid()));
        let (status, account) = ns_account(r, ALICE.len() + 1);
        assert_eq!(account, ALICE);
        status
    }),
    ("6#2: not an administrator", 0x8007_0005, 0x8007_0005, |r| {
        let request = SAGetNSAccountInformation { buffer: buffer(20), ..Default::default() };
        r.call(Who::Alice, &request).status.0
    }),
    ("6#3: LocalSystem is empty, and S_FALSE", 1, 1, |r| ns_account(r, 0).0),
    ("6#4, ERR-01: a buffer without room for the NUL", 0x8007_007A, 0x8007_007A, |r| {
        assert_eq!(r.call(Who::Admin, &ns(Some(ALICE), Some("secret"))).status.0, 0);
        ns_account(r, ALICE.len()).0
    }),
    ("7#1, 7#3: a user who may not read the task", 0x8007_0005, 0x8007_0005, |r| {
        file(r, job());
        let request =
            SAGetAccountInformation { job_name: "Foo.job".into(), buffer: buffer(40), ..Default::default() };
        r.call(Who::Bob, &request).status.0
    }),
    ("7#1, 7#2: everyone may list the files", 0x8007_0002, 0x8004_130D, |r| {
        let request =
            SAGetAccountInformation { job_name: "Foo.job".into(), buffer: buffer(40), ..Default::default() };
        r.call(Who::Bob, &request).status.0
    }),
    ("4#16: TASK_FLAG_RUN_ONLY_IF_LOGGED_ON in the call", 0, 0, |r| {
        for password in [None, Some("secret")] {
            file(r, job());
            let flags = JobFlags::RUN_ONLY_IF_LOGGED_ON;
            let request = SASetAccountInformation { job_flags: flags, ..set(ALICE, password) };
            assert_eq!(r.call(Who::Admin, &request).status.0, 0);
            let retrieve = SchRpcRetrieveTask { path: r"\Foo".into(), ..Default::default() };
            let xml = r.call(Who::Admin, &retrieve).xml.unwrap().to_string();
            assert!(xml.contains("<LogonType>InteractiveToken</LogonType>"), "{xml}");
        }
        0
    }),
    ("7#2, RPC-23: no such file", 0x8007_0002, 0x8004_130D, |r| account_of(r, "Foo.job").0.0),
    ("7#4: a file that is not valid has no account", 0x8004_130F, 0x8004_130F, |r| {
        file(r, vec![0; 10]);
        account_of(r, "Foo.job").0.0
    }),
    ("1#2, 7#8: the account of a new file is its owner", 0, 0, |r| {
        file(r, job());
        let (status, account) = account_of(r, "FOO.JOB");
        assert_eq!(account, ALICE);
        status.0
    }),
    ("7#7: a buffer without room", 0x8007_007A, 0x8007_007A, |r| {
        file(r, job());
        let request = SAGetAccountInformation {
            job_name: "Foo.job".into(),
            buffer: buffer(ALICE.len()),
            ..Default::default()
        };
        r.call(Who::Admin, &request).status.0
    }),
];

/// 3.2.5.3.1 to 3.2.5.3.3: a file that comes, changes and goes is a task that does.
#[test]
fn files_come_and_go() {
    let r = &mut Rig::new(Profile::Windows);
    let tasks = SchRpcEnumTasks { path: r"\".into(), ..SchRpcEnumTasks::default() };
    file(r, job());
    assert_eq!(r.call(Who::Admin, &tasks).names.as_slice(), [Some("Foo".into())]);
    assert_eq!((r.state.next_wakeup().unwrap() - r.now), Duration::HOUR);
    let changed = Event::JobFileChanged { name: "Foo.job".into(), content: vec![1, 2, 3], owner: None };
    assert_eq!(r.event(changed), None);
    assert!(r.call(Who::Admin, &tasks).names.as_slice().is_empty(), "what is not valid is not a task");
    assert_eq!(r.state.next_wakeup(), None);
    file(r, job());
    assert_eq!(r.call(Who::Admin, &set(r"HOST\bob", Some("secret"))).status.0, 0);
    assert_eq!(r.event(Event::JobFileRemoved { name: "foo.job".into() }), None);
    let forgotten = |effect: &Effect| matches!(effect, Effect::Credential { stored: false, .. });
    assert!(r.effects.iter().any(|(_, effect)| forgotten(effect)), "3.2.5.3.2: its password is forgotten");
    let again = r.event(Event::JobFileRemoved { name: "foo.job".into() });
    assert_eq!(again, Some(Ignored::File("foo.job".into())));
    let other = Event::JobFileAdded { name: "SchedLgU.Txt".into(), content: job(), owner: None };
    assert_eq!(r.event(other), Some(Ignored::File("SchedLgU.Txt".into())));
}

const V1: &str = r#"<Task version="1.1" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><TimeTrigger><StartBoundary>2024-05-15T12:00:00</StartBoundary></TimeTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>
  <Settings><Priority>5</Priority></Settings>
  <Actions Context="Author"><Exec><Command>a.exe</Command></Exec></Actions>
</Task>"#;

fn register(r: &mut Rig, path: &str, xml: &str) -> HResult {
    let (path, xml) = (Some(path.into()), xml.into());
    r.call(Who::Admin, &SchRpcRegisterTask { path, xml, ..Default::default() }).status
}

/// 3.2.5.4.2: a definition of version 1.1 is saved in the .JOB task store, too, and what cannot be is rejected
/// (COMPAT-10).
#[test]
fn definitions_of_version_1() {
    let r = &mut Rig::new(Profile::Windows);
    assert_eq!(register(r, r"\V1", V1), HResult::S_OK);
    let written = r.effects.iter().find_map(|(_, effect)| match effect {
        Effect::Write(stored) if stored.store == StoreKind::Job => Some(stored.clone()),
        _ => None,
    });
    let written = written.unwrap();
    assert_eq!(
        (written.path.as_str(), Job::parse(&written.content.unwrap()).unwrap().application_name),
        ("V1.job", "a.exe".into())
    );
    let incompatible = V1.replace("<Priority>5", "<StartWhenAvailable>true</StartWhenAvailable><Priority>5");
    assert_eq!(register(r, r"\Other", &incompatible), HResult::SCHED_E_TASK_NOT_V1_COMPAT);
    assert_eq!(
        register(r, r"\Folder\V1", V1),
        HResult::SCHED_E_TASK_NOT_V1_COMPAT,
        "the .JOB store has no folders"
    );
}

/// The ways to register a task of version 1 in the article on event 707 (EVT-24): schtasks, Task Scheduler configured for an
/// earlier system, the import of an XML file; and at. Each leaves a definition, a file, and the event of the registration
/// that the article verifies with; each is removed with its file.
#[test]
fn the_ways_to_register_a_task_of_version_1() {
    let by_schtasks = |r: &mut Rig| {
        let line = r"schtasks /create /v1 /tn V1 /tr a.exe /sc daily /st 12:00 /ru system";
        let here = Circumstances::new(datetime!(2024-05-15 10:00));
        let registration = Schtasks::parse(line).unwrap().0.registration(&here).0.unwrap();
        let xml = xml::write_text(registration.task().unwrap(), Form::Utf8).unwrap();
        register(r, &format!(r"\{}", registration.path), &xml)
    };
    let imported = |r: &mut Rig| {
        let file: Vec<u8> =
            [0xFEFF].into_iter().chain(V1.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let task = xml::read(&file, &xml::Options::default()).unwrap();
        register(r, r"\V1", &xml::write_text(&task, Form::Client).unwrap())
    };
    let by_at = |r: &mut Rig| {
        let info = At::parse("at 12:00 a.exe").unwrap().0.at_info().unwrap();
        HResult(add(r, Who::Admin, info))
    };
    type Way<'w> = &'w dyn Fn(&mut Rig) -> HResult;
    let ways: [(&str, Way<'_>); 4] =
        [("V1", &by_schtasks), ("V1", &|r| register(r, r"\V1", V1)), ("V1", &imported), ("At1", &by_at)];
    for (index, (name, way)) in ways.into_iter().enumerate() {
        let r = &mut Rig::new(Profile::Windows);
        assert_eq!(way(r), HResult::S_OK, "way {index}");
        let file = format!("{name}.job");
        let stored = r.effects.iter().find_map(|(_, effect)| match effect {
            Effect::Write(stored) if stored.store == StoreKind::Job && stored.path == file => {
                stored.content.clone()
            }
            _ => None,
        });
        let job = Job::parse(&stored.unwrap()).unwrap();
        assert_eq!((job.application_name, job.triggers[0].start_hour), ("a.exe".into(), 12), "way {index}");
        let registered = |effect: &Effect| matches!(effect, Effect::Log(record) if record.event.id() == 106);
        assert!(r.effects.iter().any(|(_, effect)| registered(effect)), "way {index}");
        let path = format!(r"\{name}");
        assert_eq!(
            r.call(Who::Admin, &SchRpcDelete { path: path.as_str().into(), flags: 0 }).status,
            HResult::S_OK
        );
        let removed = |effect: &Effect| matches!(effect, Effect::Remove { store: StoreKind::Job, path } if *path == file);
        assert!(r.effects.iter().any(|(_, effect)| removed(effect)), "way {index}");
    }
}

/// The .JOB and AT stores have local times: one that states its zone is converted to the machine's.
#[test]
fn an_at_job_in_another_zone() {
    let r = &mut Rig::new(Profile::Windows);
    r.zone = time::macros::offset!(+2);
    let batteries = "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\
                     <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries><Priority>5";
    let xml =
        V1.replace("\"1.1\"", "\"1.0\"").replace("12:00:00<", "12:00:00Z<").replace("<Priority>5", batteries);
    assert_eq!(register(r, r"\At1", &xml), HResult::S_OK);
    assert_eq!(info(r, 1).map(|info| info.job_time), Some(14 * 3_600_000));
}

/// 3.2.5.4.2 has a store for each version: a task that is registered anew with another one leaves the AT store, and with a
/// later one the .JOB store.
#[test]
fn a_task_changes_its_store() {
    let batteries = "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\
                     <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries><Priority>5";
    let of = |version: &str| V1.replace("\"1.1\"", version).replace("<Priority>5", batteries);
    let r = &mut Rig::new(Profile::Windows);
    let removed = |r: &Rig| {
        r.effects.iter().any(|(_, effect)| matches!(effect, Effect::Remove { store: StoreKind::Job, .. }))
    };
    let flags = TaskCreation::UPDATE | TaskCreation::CREATE;
    let register = |r: &mut Rig, version: &str| {
        let (path, xml) = (Some(r"\At1".into()), of(version).as_str().into());
        r.call(Who::Admin, &SchRpcRegisterTask { path, xml, flags, ..Default::default() }).status
    };
    assert_eq!(register(r, "\"1.0\""), HResult::S_OK);
    assert!(info(r, 1).is_some());
    assert_eq!(register(r, "\"1.1\""), HResult::S_OK);
    assert_eq!((info(r, 1), removed(r)), (None, false));
    assert_eq!(register(r, "\"1.0\""), HResult::S_OK);
    assert!(info(r, 1).is_some());
    assert_eq!(register(r, "\"1.2\""), HResult::S_OK);
    assert_eq!((info(r, 1), removed(r)), (None, true));
}

/// The file of an AT job that continues to run is rewritten, and keeps what its definition cannot state.
#[test]
fn the_flags_of_an_at_job_that_runs_on() {
    let r = &mut Rig::new(Profile::Windows);
    added(r, AtInfo { days_of_month: DaysOfMonth::from_days([15, 16]), ..at() });
    r.pass(Duration::hours(2));
    let flags: Vec<_> = r
        .effects
        .iter()
        .filter_map(|(_, effect)| match effect {
            Effect::Write(stored) if stored.store == StoreKind::Job => {
                stored.content.as_ref().map(|content| Job::parse(content).unwrap().flags)
            }
            _ => None,
        })
        .collect();
    let expected = JobFlags::APPLICATION_NAME
        | JobFlags::INTERACTIVE
        | JobFlags::DELETE_WHEN_DONE
        | wintask::compat::AT_JOB;
    assert!(flags.len() > 1 && flags.iter().all(|flags| *flags == expected), "{flags:?}");
}

/// EVT-20: what the Compatibility module logs when the twin cannot be written, disabled, secured or removed.
#[test]
fn twins_that_cannot_be_written() {
    let r = &mut Rig::new(Profile::Windows);
    assert_eq!(register(r, r"\V1", V1), HResult::S_OK);
    let fail = |r: &mut Rig, removed, only_security| {
        let effect =
            FailedEffect::Store { store: StoreKind::Job, path: "V1.job".into(), removed, only_security };
        r.event(Event::Failed { effect, error: HResult::E_ACCESSDENIED });
        match r.effects.last() {
            Some((_, Effect::Log(record))) => {
                // The name of the task and the error value, 0x80070005 as a number (EVT-20).
                let message = record.event.to_string();
                assert!(message.contains("V1") && message.contains("2147942405"), "{message}");
                record.event.id()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(fail(r, false, false), 709);
    assert_eq!(fail(r, false, true), 708);
    assert_eq!(fail(r, true, false), 707);
    r.call(Who::Admin, &SchRpcEnableTask { path: r"\V1".into(), enabled: 0 });
    assert_eq!(fail(r, false, false), 706);
}

/// 3.2.4.3: what was due before the machine went off was not missed, even if the state that was loaded is older.
#[test]
fn what_was_due_before_the_machine_went_off() {
    let daily = V1
        .replace(r#""1.1""#, r#""1.2""#)
        .replace("<Priority>5</Priority>", "<StartWhenAvailable>true</StartWhenAvailable>");
    let daily =
        daily.replace("</StartBoundary>", "</StartBoundary><EndBoundary>2024-05-16T00:00:00</EndBoundary>");
    for (off_since, starts) in [(13, 0), (11, 1)] {
        let r = &mut Rig::new(Profile::Windows);
        assert_eq!(register(r, r"\Task", &daily), HResult::S_OK);
        r.now += Duration::hours(5);
        let off_since = Some(r.now.replace_hour(off_since).unwrap());
        r.event(Event::Boot { off_since });
        r.pass(Duration::hours(1));
        assert_eq!(r.starts().len(), starts, "off since {off_since:?}");
    }
}

/// 2.5, 2.5.3.1: what a scheduler stores and returns is a definition that it accepts, in the order of the schema where the
/// profile asks for that: registered, with a disabled trigger, as an AT job, and from a file.
#[test]
fn what_is_returned_can_be_registered() {
    for profile in [Profile::Windows, Profile::Specification] {
        let r = &mut Rig::new(profile);
        let disabled = V1.replace("<TimeTrigger>", "<TimeTrigger><Enabled>false</Enabled>");
        assert_eq!(register(r, r"\V1", &disabled), HResult::S_OK);
        added(r, AtInfo { days_of_month: DaysOfMonth::from_days([15, 16]), ..at() });
        file(r, job());
        let options = xml::Options::default().with_profile(profile);
        let files: Vec<_> = r
            .effects
            .iter()
            .filter_map(|(_, effect)| match effect {
                Effect::Write(stored) if stored.store == StoreKind::Xml => stored.content.clone(),
                _ => None,
            })
            .collect();
        for content in files {
            xml::read(&content, &options).unwrap();
        }
        for path in [r"\V1", r"\At1", r"\Foo"] {
            let retrieve = SchRpcRetrieveTask { path: path.into(), ..Default::default() };
            let text = r.call(Who::Admin, &retrieve).xml.unwrap();
            let flags = TaskCreation::VALIDATE_ONLY;
            let again =
                SchRpcRegisterTask { path: Some(path.into()), xml: text, flags, ..Default::default() };
            assert_eq!(r.call(Who::Admin, &again).status, HResult::S_OK, "{profile:?} {path}");
        }
    }
}
