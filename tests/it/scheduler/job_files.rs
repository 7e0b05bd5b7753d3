//! What the server does with the fields of a .JOB file: the bullets of [MS-TSCH] 3.2.5.3.1 to 3.2.5.3.3.

use super::{
    rig::{Rig, Who},
    v1::{Row, check, file, job},
};
use time::Duration;
use wintask::{
    definition::{LogonType, Task},
    dtyp::HResult,
    job::{Job, JobDate, JobFlags, Priority, Schedule, TaskReserved, Trigger, TriggerFlags},
    rpc::schrpc::{SchRpcEnumTasks, SchRpcRetrieveTask},
    scheduler::{Effect, Event, StoreKind},
    xml,
};

/// A file that starts daily at 11:00, an hour after the rig begins, with these flags.
fn with(r: &mut Rig, flags: JobFlags, change: impl Fn(&mut Job)) {
    let mut job = Job::parse(&job()).unwrap().with_flags(flags);
    change(&mut job);
    file(r, job.to_bytes().unwrap());
}

fn flagged(r: &mut Rig, flags: JobFlags) {
    with(r, flags, |_| {});
}

/// The definition that the file has become.
fn definition(r: &mut Rig) -> Task {
    let request = SchRpcRetrieveTask { path: r"\Foo".into(), ..SchRpcRetrieveTask::default() };
    let text = r.call(Who::Admin, &request).xml.expect("a task").to_string();
    xml::read_text(&text, &xml::Options::default()).unwrap()
}

fn tasks(r: &mut Rig) -> u32 {
    r.call(Who::Admin, &SchRpcEnumTasks { path: r"\".into(), requested: 100, ..SchRpcEnumTasks::default() })
        .names
        .count()
}

/// How many starts there are by the end of the second day.
fn starts(r: &mut Rig) -> u32 {
    r.pass(Duration::days(2));
    r.starts().len() as u32
}

/// The file as it was written last.
fn written(r: &Rig) -> Job {
    let last = r.effects.iter().rev().find_map(|(_, effect)| match effect {
        Effect::Write(stored) if stored.store == StoreKind::Job => stored.content.clone(),
        _ => None,
    });
    Job::parse(&last.expect("a file")).unwrap()
}

/// Gives the task a user who needs no password, and runs it at 11:00.
fn runs(r: &mut Rig, report: impl Fn(uuid::Uuid) -> Event) {
    r.machine.sessions.push(Who::Alice.session(1));
    flagged(r, JobFlags::RUN_ONLY_IF_LOGGED_ON);
    r.pass(Duration::HOUR);
    let instance = r.starts()[0].instance;
    r.event(report(instance));
}

/// 15 May 2024 at 11:00.
fn once() -> Trigger {
    Trigger::new(Schedule::Once, JobDate::new(2024, 5, 15), 11, 0)
}

const LOGGED_ON: JobFlags = JobFlags::RUN_ONLY_IF_LOGGED_ON;

pub const ROWS: &[Row] = &[
    ("1#3, 2#3: the timer is set to its run, and to no other when it is gone", 3600, 3600, |r| {
        file(r, job());
        let seconds = (r.state.next_wakeup().unwrap() - r.now).whole_seconds() as u32;
        r.event(Event::JobFileRemoved { name: "Foo.job".into() });
        assert_eq!(r.state.next_wakeup(), None);
        seconds
    }),
    ("1#4: a file that is too short is not a task", 0, 0, |r| {
        file(r, job()[..60].to_vec());
        tasks(r)
    }),
    ("1#4: neither is one with more after its end than a signature of 68 bytes", 0, 0, |r| {
        file(r, [job(), vec![1; 75]].concat());
        tasks(r)
    }),
    ("1#5: an interactive task, for the user of its file", 1, 1, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        flagged(r, JobFlags::INTERACTIVE | LOGGED_ON);
        r.pass(Duration::HOUR);
        assert!(r.starts()[0].interactive);
        r.starts()[0].session.unwrap()
    }),
    ("1#6: deleted when there is no run left", 0, 0, |r| {
        with(r, JobFlags::DELETE_WHEN_DONE | LOGGED_ON, |job| job.triggers = vec![once()]);
        assert_eq!(tasks(r), 1);
        r.pass(Duration::days(2));
        tasks(r)
    }),
    ("1#6: when its last run has ended, and not at the end of its days", 10, 10, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        with(r, JobFlags::DELETE_WHEN_DONE | LOGGED_ON, |job| {
            job.triggers = vec![Trigger { end: Some(JobDate::new(2024, 5, 31)), ..once() }];
        });
        r.pass(Duration::HOUR);
        let instance = r.starts()[0].instance;
        let running = tasks(r);
        r.event(Event::Exited { instance, code: 0 });
        10 * running + tasks(r)
    }),
    ("1#7: disabled", 0, 0, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        flagged(r, JobFlags::DISABLED | LOGGED_ON);
        assert_eq!(definition(r).settings.enabled, Some(false));
        starts(r)
    }),
    ("1#29: enabled otherwise", 2, 2, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        flagged(r, LOGGED_ON);
        with(r, LOGGED_ON, |job| job.maximum_run_time.0 = 60_000);
        r.pass(Duration::HOUR);
        let instance = r.starts()[0].instance;
        r.event(Event::Exited { instance, code: 0 });
        starts(r)
    }),
    ("1#8: not started while the machine is used", 0, 0, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        flagged(r, JobFlags::START_ONLY_IF_IDLE | LOGGED_ON);
        starts(r)
    }),
    ("1#9, 1#12: stopped when the machine is used, and restarted when it is idle again", 2, 2, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        r.machine.idle_since = Some(r.now);
        let idle =
            JobFlags::START_ONLY_IF_IDLE | JobFlags::KILL_ON_IDLE_END | JobFlags::RESTART_ON_IDLE_RESUME;
        flagged(r, idle | LOGGED_ON);
        r.pass(Duration::HOUR);
        let instance = r.starts()[0].instance;
        r.machine.idle_since = None;
        r.event(Event::Busy);
        let stops = |effect: &Effect| matches!(effect, Effect::Stop { force: false, .. });
        assert!(r.effects.iter().any(|(_, effect)| stops(effect)));
        r.event(Event::Exited { instance, code: 1 });
        r.pass(Duration::minutes(5));
        r.machine.idle_since = Some(r.now);
        r.event(Event::Idle);
        r.pass(Duration::HOUR);
        r.starts().len() as u32
    }),
    ("1#10: not on batteries", 0, 0, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        r.machine.on_battery = true;
        flagged(r, JobFlags::DONT_START_IF_ON_BATTERIES | LOGGED_ON);
        starts(r)
    }),
    ("1#11: hidden", 0, 0, |r| {
        flagged(r, JobFlags::HIDDEN);
        assert_eq!(definition(r).settings.hidden, Some(true));
        tasks(r)
    }),
    ("1#13: it wakes the machine", 1, 1, |r| {
        flagged(r, JobFlags::SYSTEM_REQUIRED);
        r.event(Event::Sleep);
        let wakes = |effect: &Effect| matches!(effect, Effect::Wake { .. });
        r.effects.iter().filter(|(_, effect)| wakes(effect)).count() as u32
    }),
    ("1#14: only if its user is logged on", 0, 0, |r| {
        flagged(r, LOGGED_ON);
        assert_eq!(definition(r).principals[0].logon_type, Some(LogonType::InteractiveToken));
        starts(r)
    }),
    ("1#15: it waits for the machine to be idle no longer than Idle Deadline, by the text", 2, 0, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        with(r, JobFlags::START_ONLY_IF_IDLE | LOGGED_ON, |job| (job.idle_wait, job.idle_deadline) = (1, 30));
        r.pass(Duration::HOUR + Duration::minutes(31));
        r.machine.idle_since = Some(r.now);
        r.event(Event::Idle);
        // The Windows profile has no timeout (EVIDENCE.md ENGINE-12).
        r.pass(Duration::minutes(5));
        2 * r.starts().len() as u32
    }),
    ("1#16: the class that runs only when the machine is idle", 10, 10, |r| priority(r, Priority::IDLE)),
    ("1#17: the high class", 1, 1, |r| priority(r, Priority::HIGH)),
    ("1#18: the highest class", 0, 0, |r| priority(r, Priority::REALTIME)),
    ("1#19, 1#20: exit code and time of the last run", 3, 3, |r| {
        runs(r, |instance| Event::Exited { instance, code: 3 });
        let job = written(r);
        let last = job.last_run.unwrap();
        assert_eq!((last.year, last.month, last.day, last.hour, last.minute), (2024, 5, 15, 11, 0));
        assert_eq!(job.running_instances, 0);
        job.exit_code
    }),
    ("1#21: how many instances run", 1, 1, |r| {
        runs(r, |instance| Event::Started { instance, pid: 1 });
        assert_eq!(written(r).status, HResult::SCHED_S_TASK_RUNNING);
        written(r).running_instances.into()
    }),
    ("1#21, ENGINE-28: none after the machine has gone off", 0, 0, |r| {
        runs(r, |instance| Event::Started { instance, pid: 1 });
        r.event(Event::Boot { off_since: None });
        written(r).running_instances.into()
    }),
    ("1#22: not before the first date", 0, 0, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        with(r, LOGGED_ON, |job| job.triggers[0].begin = JobDate::new(2024, 6, 1));
        starts(r)
    }),
    ("1#23, TIME-11: repeated for as long as Minutes Duration says, the end included", 4, 4, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        with(r, LOGGED_ON, |job| {
            job.triggers = vec![once()];
            (job.triggers[0].minutes_interval, job.triggers[0].minutes_duration) = (10, 30);
        });
        for _ in 0..60 {
            r.pass(Duration::minutes(2));
            if let Some(instance) = r.starts().last().map(|start| start.instance) {
                r.event(Event::Exited { instance, code: 0 });
            }
        }
        r.starts().len() as u32
    }),
    ("1#24: a trigger that is disabled does not fire", 0, 0, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        with(r, LOGGED_ON, |job| job.triggers[0].flags = TriggerFlags::DISABLED);
        starts(r)
    }),
    ("1#28: the error of the last start", 0x8007_0002, 0x8007_0002, |r| {
        r.machine.sessions.push(Who::Alice.session(1));
        with(r, LOGGED_ON, |job| {
            job.reserved = Some(TaskReserved { start_error: HResult(0x0004_1303), task_flags: 0 })
        });
        r.pass(Duration::HOUR);
        let instance = r.starts()[0].instance;
        r.event(Event::StartFailed { instance, error: HResult(0x8007_0002) });
        written(r).start_error().unwrap().0
    }),
    ("2#1, 2#2, 3#1, 3#2: a changed file is another task, whose account has to be set", 0, 0, |r| {
        file(r, job());
        let changed = Job::parse(&job()).unwrap().with_comment("another").to_bytes().unwrap();
        r.event(Event::JobFileChanged { name: "Foo.job".into(), content: changed, owner: None });
        assert_eq!(definition(r).registration_info.description.as_deref(), Some("another"));
        r.event(Event::JobFileRemoved { name: "Foo.job".into() });
        tasks(r)
    }),
];

/// The priority of a start, by the number that definitions have.
fn priority(r: &mut Rig, class: Priority) -> u32 {
    r.machine.sessions.push(Who::Alice.session(1));
    with(r, LOGGED_ON, |job| job.priority = class);
    r.pass(Duration::HOUR);
    r.starts()[0].priority.into()
}

#[test]
fn fields_of_files() {
    check(ROWS);
}
