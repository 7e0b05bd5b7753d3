//! The example `convert` and the conformance operation `compat`, as programs.

use crate::examples::{Printed, run, run_with};
use serde_json::{Value, json};
use wintask::job::{Job, JobDate, Schedule};

/// Both outputs of a conversion.
fn shown(Printed { out, errors, status }: Printed) -> String {
    format!("{out}-- {status:?}\n{errors}")
}

#[test]
fn convert_shows_what_is_lost() {
    let convert = |to: &str, rest: &[&str]| shown(run("convert", &[&["--to", to], rest].concat()));
    let now = ["--now", "2024-01-14T12:00"];
    let signed = "testdata/job/at1-signed.job";
    insta::assert_snapshot!(
        [
            convert("xml", &["--account", "", "testdata/job/updater.job"]),
            convert("schtasks", &["testdata/job/updater.job", "testdata/job/every-trigger.job"]),
            convert("at", &[signed]),
            convert("at", &[&now[..], &[signed]].concat()),
            convert("schtasks", &["--dates", "ymd", "testdata/xml/backup.xml"]),
            convert("job", &["testdata/xml/everything.xml"]),
        ]
        .join("\n")
    );
}

/// Commands on standard input, one on each line.
#[test]
fn convert_reads_commands() {
    let lines = "schtasks /create /tn \\Updater /tr \"cmd /c calc\" /sc minute /mo 5 /ru system /rp x\r\n\n\
                 at 13:20 /every:M,15 backup.exe /full\n";
    let now = ["--now", "2024-01-15T09:30"];
    let printed = ["xml", "schtasks", "at"].map(|to| {
        let arguments = [&now[..], &["--to", to, "-"]].concat();
        shown(run_with(lines.as_bytes(), "convert", &arguments))
    });
    insta::assert_snapshot!(printed.join("\n"));
    let printed = run_with(b"echo hello", "convert", &["--to", "xml", "-"]);
    assert_eq!((printed.status, printed.out.as_str()), (Some(1), ""));
    assert_eq!(printed.errors, "<stdin>: neither a Task Scheduler artifact nor commands of schtasks or at\n");
}

/// One answer of the operation.
fn answer(request: Value) -> Value {
    let printed = run_with(format!("{request}\n").as_bytes(), "conformance", &[] as &[&str]);
    serde_json::from_str(&printed.out).unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[test]
fn the_operation_converts_in_every_direction() {
    let at = json!({"JobTime": 84_600_000, "DaysOfMonth": 0, "DaysOfWeek": 2, "Flags": 17, "Command": "foo.exe /x"});
    let made = answer(json!({"op": "compat", "from": "at", "to": "job", "at": at}));
    assert_eq!((&made["ok"], &made["losses"]), (&json!(true), &json!([])));
    let hex = made["hex"].as_str().unwrap();
    let job = Job::parse(&unhex(hex)).unwrap();
    // AT's second day is Tuesday, the .JOB file's third.
    let weekly = Schedule::Weekly { weeks_interval: 1, days_of_week: wintask::job::DaysOfWeek::TUESDAY };
    assert_eq!((job.triggers[0].schedule, job.triggers[0].start_hour), (weekly, 23));
    let back = answer(json!({"op": "compat", "from": "job", "to": "at", "hex": hex}));
    assert_eq!(back["at"], at);

    let made = answer(json!({"op": "compat", "from": "job", "to": "xml", "hex": hex}));
    let text = made["text"].as_str().unwrap();
    assert!(text.contains("version=\"1.0\"") && text.contains("<Tuesday />"), "{text}");
    let back = answer(json!({"op": "compat", "from": "xml", "to": "at", "text": text}));
    assert_eq!(back["at"], at);
    let back = answer(json!({"op": "compat", "from": "xml", "to": "job", "text": text}));
    let back = Job::parse(&unhex(back["hex"].as_str().unwrap())).unwrap();
    assert_eq!(back.triggers, job.triggers);

    // A job that starts once: on the next such day after it is added.
    let once = json!({"JobTime": 0, "DaysOfMonth": 0, "DaysOfWeek": 0, "Flags": 16, "Command": "cmd.exe"});
    let request =
        json!({"op": "compat", "from": "at", "to": "job", "at": once, "added": "2023-07-31T21:00:00"});
    let made = answer(request);
    let job = Job::parse(&unhex(made["hex"].as_str().unwrap())).unwrap();
    assert_eq!(job.triggers[0].begin, JobDate::new(2023, 8, 1));
    let back = answer(json!({"op": "compat", "from": "job", "to": "at", "hex": made["hex"]}));
    assert_eq!(back["at"], once);
}

#[test]
fn the_operation_refuses() {
    let text = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Triggers><RegistrationTrigger/>\
                </Triggers><Settings><StartWhenAvailable>true</StartWhenAvailable></Settings><Actions><Exec>\
                <Command>a</Command></Exec></Actions></Task>";
    let refused = answer(json!({"op": "compat", "from": "xml", "to": "job", "text": text}));
    assert_eq!((&refused["ok"], &refused["hresult"]), (&json!(false), &json!("0x80041327")));
    let fields: Vec<_> =
        refused["obstacles"].as_array().unwrap().iter().map(|obstacle| &obstacle["field"]).collect();
    assert_eq!(fields, ["Triggers[0]", "Settings/StartWhenAvailable"]);
    let refused = answer(json!({"op": "compat", "from": "xml", "to": "job", "text": "<Task"}));
    assert_eq!(refused["hresult"], "0x8004131a");
    let refused = answer(json!({"op": "compat", "from": "job", "to": "xml", "hex": "00"}));
    assert_eq!(refused["hresult"], "0x8007000d");
    let at = json!({"JobTime": 86_400_000, "Command": "a"});
    let refused = answer(json!({"op": "compat", "from": "at", "to": "xml", "at": at}));
    assert_eq!((&refused["hresult"], &refused["field"]), (&json!("0x80070057"), &json!("JobTime")));
    let wrong = answer(json!({"op": "compat", "from": "job", "to": "xml", "text": "<Task"}));
    assert_eq!(wrong["error"], "from job needs its own input, and no other");
}

/// What is already in the format is answered as it is, if it is valid.
#[test]
fn the_operation_keeps_what_needs_no_conversion() {
    let mut file = Job::new(uuid::Uuid::nil(), "a.exe").to_bytes().unwrap();
    file.extend([1, 0, 1, 0]);
    file.extend([7; 64]);
    let hex: String = file.iter().map(|byte| format!("{byte:02x}")).collect();
    let same = answer(json!({"op": "compat", "from": "job", "to": "job", "hex": hex}));
    assert_eq!((&same["hex"], &same["losses"]), (&json!(hex), &json!([])));
    // The signature is not kept by a conversion.
    let made = answer(json!({"op": "compat", "from": "job", "to": "xml", "hex": hex}));
    let lost = made["losses"].as_array().unwrap();
    assert!(lost.iter().any(|loss| loss["field"] == "Job Signature"), "{lost:?}");
    let at = json!({"JobTime": 86_400_000, "Command": "a"});
    let refused = answer(json!({"op": "compat", "from": "at", "to": "at", "at": at}));
    assert_eq!((&refused["hresult"], &refused["field"]), (&json!("0x80070057"), &json!("JobTime")));
}

/// .JOB files and AT jobs have local times. As in the operation `schedule`, the zone is UTC unless it is stated.
#[test]
fn the_operation_converts_times_of_other_zones() {
    let text = "<Task version='1.0' xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Triggers><TimeTrigger>\
                <StartBoundary>2024-01-15T23:30:00+14:00</StartBoundary></TimeTrigger></Triggers><Principals>\
                <Principal><UserId>S-1-5-18</UserId></Principal></Principals><Settings><DisallowStartIfOnBatteries>\
                false</DisallowStartIfOnBatteries><StopIfGoingOnBatteries>false</StopIfGoingOnBatteries></Settings>\
                <Actions><Exec><Command>a</Command></Exec></Actions></Task>";
    let mut request = json!({"op": "compat", "from": "xml", "to": "at", "text": text});
    assert_eq!(answer(request.clone())["at"]["JobTime"], 9 * 3_600_000 + 30 * 60_000);
    request["zone"] = json!({"bias": -60});
    assert_eq!(answer(request.clone())["at"]["JobTime"], 10 * 3_600_000 + 30 * 60_000);
    request["to"] = json!("job");
    let made = answer(request);
    let job = Job::parse(&unhex(made["hex"].as_str().unwrap())).unwrap();
    assert_eq!((job.triggers[0].begin, job.triggers[0].start_hour), (JobDate::new(2024, 1, 15), 10));
}

/// Each loss is reported, and none that is not one: flags of the server, the account, triggers beyond 48.
#[test]
fn the_operation_reports_what_is_lost() {
    let reasons = |made: &Value| -> Vec<String> {
        let losses = made["losses"].as_array().unwrap_or_else(|| panic!("{made}"));
        losses.iter().map(|loss| loss["message"].as_str().unwrap().to_owned()).collect()
    };
    for to in ["xml", "job"] {
        let [none, failed, today] = [0, 2, 4].map(|flags| {
            let at = json!({"JobTime": 36_000_000, "DaysOfMonth": 0, "DaysOfWeek": 0, "Flags": flags, "Command": "x.exe"});
            reasons(&answer(json!({"op": "compat", "from": "at", "to": to, "at": at})))
        });
        for set in [failed, today] {
            assert_eq!(set[0], "lost: the target format does not store run state");
            assert_eq!(set[1..], none);
        }
    }
    let text = r#"<Task version="1.1" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
      <Principals><Principal id="Author"><UserId>HOST\alice</UserId><LogonType>Password</LogonType></Principal></Principals>
      <Settings><Priority>8</Priority></Settings>
      <Actions Context="Author"><Exec><Command>a.exe</Command></Exec></Actions></Task>"#;
    let made = answer(json!({"op": "compat", "from": "xml", "to": "job", "text": text}));
    assert!(reasons(&made).iter().any(|reason| reason.contains("SASetAccountInformation")), "{made}");

    let schedule = Schedule::Daily { days_interval: 1 };
    let job = Job {
        triggers: vec![wintask::job::Trigger::new(schedule, JobDate::new(2024, 1, 1), 8, 0); 49],
        ..Job::new(uuid::Uuid::nil(), "a.exe")
    };
    let bytes: String = job.to_bytes().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let made = answer(json!({"op": "compat", "from": "job", "to": "xml", "hex": bytes}));
    assert!(reasons(&made).iter().any(|reason| reason.contains("trigger 49 is out of range")), "{made}");
    assert_eq!(made["text"].as_str().unwrap().matches("<CalendarTrigger>").count(), 48);
}
