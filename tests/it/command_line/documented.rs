//! Lines from Microsoft's documentation of schtasks (EVIDENCE.md CMD-02 to CMD-12) and from public detection rules and their
//! tests (CMD-16), with what they schedule. Those from the documentation are described there in these words or similar ones.

use time::macros::datetime;
use wintask::{
    command_line::{Circumstances, DateOrder, FindingKind, PasswordValue, Schtasks, Source, Switch, Verb},
    definition::{Action, LogonType, RunLevel, TriggerKind},
    finding::Severity,
    schedule::words,
};

fn here() -> Circumstances {
    Circumstances::new(datetime!(2024-01-17 09:30)).with_user(r"HOST\alice")
}

/// A line, when it runs, and the program.
const CREATED: &[(&str, &str, &str)] = &[
    (
        r#"schtasks /create /sc minute /mo 20 /tn "Security Script" /tr \\central\data\scripts\sec.vbs"#,
        "Once, on 17 Jan 2024 at 09:30; then every 20 minutes indefinitely",
        r"\\central\data\scripts\sec.vbs",
    ),
    (
        r#"schtasks /create /tn "Security Script" /tr sec.vbs /sc minute /mo 100 /st 17:00 /et 08:00 /k"#,
        "At 17:00 every day, from 17 Jan 2024; then every 1 hour 40 minutes for 15 hours, after which running instances are stopped",
        "sec.vbs",
    ),
    (
        r#"schtasks /create /sc hourly /mo 5 /sd 03/01/2002 /tn "My App" /tr c:\apps\myapp.exe"#,
        "Once, on 1 Mar 2002 at 09:30; then every 5 hours indefinitely",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc hourly /st 00:05:00"#,
        "Once, on 17 Jan 2024 at 00:05; then every hour indefinitely",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr myapp.exe /sc hourly /mo 3 /st 00:00 /du 0010:00 /k"#,
        "At 00:00 every day, from 17 Jan 2024; then every 3 hours for 10 hours, after which running instances are stopped",
        "myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc daily /st 08:00 /ed 12/31/2024"#,
        "At 08:00 every day, from 17 Jan 2024 until 31 Dec 2024 at 23:59:59",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc daily /mo 12 /sd 12/31/2024 /st 13:00"#,
        "At 13:00 every 12 days, from 31 Dec 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc weekly /mo 6 /s Server16 /u Admin01"#,
        "At 09:30 every 6 weeks on Wednesday, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc weekly /mo 2 /d FRI"#,
        "At 09:30 every 2 weeks on Friday, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly"#,
        "At 09:30 on the 1st day of every month, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly /mo 3"#,
        "At 09:30 on the 1st day of January, April, July and October, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly /d 15 /m MAY,JUN /st 15:00"#,
        "At 15:00 on the 15th day of May and June, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly /mo SECOND /d SUN"#,
        "At 09:30 on the second Sunday of every month, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly /mo FIRST /d MON /m MAR,SEP"#,
        "At 09:30 on the first Monday of March and September, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly /mo lastday /m FEB,MAR /st 18:00"#,
        "At 18:00 on the last day of February and March, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc once /sd 01/30/2025 /st 00:00"#,
        "Once, on 30 Jan 2025 at 00:00",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc onstart"#,
        "When the system starts, from 17 Jan 2024 at 09:30",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "Start Mail" /tr mail.exe /sc onlogon"#,
        "When any user logs on, from 17 Jan 2024 at 09:30",
        "mail.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc onidle /i 10"#,
        "When the computer becomes idle, from 17 Jan 2024 at 09:30",
        r"c:\apps\myapp.exe",
    ),
    (
        r"SCHTASKS /Create /SC DAILY /TN gaming /TR c:\freecell /ST 12:00 /ET 14:00 /K",
        "At 12:00 every day, from 17 Jan 2024; then every 10 minutes for 2 hours, after which running instances are stopped",
        r"c:\freecell",
    ),
    (
        r"SCHTASKS /Create /SC MONTHLY /MO first /D SUN /TN gametime /TR c:\windows\system32\freecell",
        "At 09:30 on the first Sunday of every month, from 17 Jan 2024",
        r"c:\windows\system32\freecell",
    ),
    (
        r"SCHTASKS /Create /TN EventLog /TR wevtvwr.msc /SC ONEVENT /EC System /MO *[System/EventID=101]",
        "When an event is logged (event 101 in System), from 17 Jan 2024 at 09:30",
        "wevtvwr.msc",
    ),
    (
        r#"SCHTASKS /Create /SC DAILY /TN x /tr "'c:\program files\internet explorer\iexplorer.exe' \"c:\log data\today.xml\"""#,
        "At 09:30 every day, from 17 Jan 2024",
        r"c:\program files\internet explorer\iexplorer.exe",
    ),
    (
        r"SCHTASKS /Create /S ABC /U user /P password /RU runasuser /RP runaspassword /SC HOURLY /TN doc /TR notepad",
        "Once, on 17 Jan 2024 at 09:30; then every hour indefinitely",
        "notepad",
    ),
    (
        r"SCHTASKS /Create /S ABC /U domain\user /P password /SC MINUTE /MO 5 /TN accountant /TR calc.exe /ST 12:00 /ET 14:00 /SD 06/06/2026 /ED 06/06/2026 /RU runasuser /RP userpassword",
        "At 12:00 every day, from 6 Jun 2026 until 6 Jun 2026 at 23:59:59; then every 5 minutes for 2 hours",
        "calc.exe",
    ),
    (
        r"SCHTASKS /Create /S ABC /U user /P password /RU runasuser /RP runaspassword /SC WEEKLY /TN report /TR notepad.exe",
        "At 09:30 every week on Wednesday, from 17 Jan 2024",
        "notepad.exe",
    ),
    (
        r"SCHTASKS /Create /S ABC /U domain\user /P password /SC MINUTE /MO 5 /TN logtracker /TR c:\windows\system32\notepad.exe /ST 18:30 /RU runasuser /RP",
        "Once, on 17 Jan 2024 at 18:30; then every 5 minutes indefinitely",
        r"c:\windows\system32\notepad.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly /mo lastday /m *"#,
        "At 09:30 on the last day of every month, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc onstart /sd 03/15/2001"#,
        "When the system starts, from 15 Mar 2001 at 09:30",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "Start Web Site" /tr c:\myiis\webstart.bat /sc onlogon /s Server23"#,
        "When any user logs on, from 17 Jan 2024 at 09:30",
        r"c:\myiis\webstart.bat",
    ),
    (
        r#"schtasks /create /tn "My App" /tr myapp.exe /sc weekly /d TUE /ru Admin06"#,
        "At 09:30 every week on Tuesday, from 17 Jan 2024",
        "myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr c:\apps\myapp.exe /sc monthly /d 15 /ru System"#,
        "At 09:30 on the 15th day of every month, from 17 Jan 2024",
        r"c:\apps\myapp.exe",
    ),
    (
        r#"schtasks /create /tn "My App" /tr myapp.exe /sc daily /st 04:00 /s Finance01 /u Admin01 /ru System"#,
        "At 04:00 every day, from 17 Jan 2024",
        "myapp.exe",
    ),
    (
        r"SCHTASKS /Create /SC ONCE /TN spawn /TR C:\windows\system32\cmd.exe /ST 20:10",
        "Once, on 17 Jan 2024 at 20:10",
        r"C:\windows\system32\cmd.exe",
    ),
    (
        r#"schtasks /create /tn "T1053_005_OnLogon" /sc onlogon /tr "cmd.exe /c calc.exe""#,
        "When any user logs on, from 17 Jan 2024 at 09:30",
        "cmd.exe",
    ),
    // Public reports on Qakbot (CMD-24) and AsyncRAT.
    (
        r#""C:\Windows\system32\schtasks.exe" /Create /RU "NT AUTHORITY\SYSTEM" /tn ayttpnzc /tr "regsvr32.exe -s \"c:\Users\a b\x.dll\"" /SC ONCE /Z /ST 17:39 /ET 17:50"#,
        "Once, on 17 Jan 2024 at 17:39 until 17 Jan 2024 at 17:50; then every 10 minutes for 11 minutes",
        "regsvr32.exe",
    ),
    (
        r#"schtasks  /create /f /sc onlogon /rl highest /tn "upd" /tr '"C:\Users\a b\AppData\Roaming\upd.exe"'"#,
        "When any user logs on, from 17 Jan 2024 at 09:30",
        r"C:\Users\a b\AppData\Roaming\upd.exe",
    ),
    (
        r#"schtasks.exe /create /sc minute /mo 1 /tn "x" /tr "mshta vbscript:Execute(\"CreateObject(\"\"Wscript.Shell\"\").Run \"\"cmd\"\", 0:close\")""#,
        "Once, on 17 Jan 2024 at 09:30; then every minute indefinitely",
        "mshta",
    ),
    (
        r#"schtasks /create /tn "EventViewerBypass" /tr "eventvwr.msc" /sc onlogon /RL HIGHEST /F"#,
        "When any user logs on, from 17 Jan 2024 at 09:30",
        "eventvwr.msc",
    ),
    (
        r#"SCHTASKS /Create /S localhost /RU DOMAIN\user /RP password /TN "Atomic task" /TR C:\windows\system32\cmd.exe /SC daily /ST 20:10"#,
        "At 20:10 every day, from 17 Jan 2024",
        r"C:\windows\system32\cmd.exe",
    ),
    (
        r#""C:\Windows\system32\schtasks.exe" -create -F -TN "Upd" -TR "cmd /c start /min \"\" powershell.exe -Command IEX(1)" -sc daily -st 07:45"#,
        "At 07:45 every day, from 17 Jan 2024",
        "cmd",
    ),
];

/// The lines.
pub(super) fn lines() -> impl Iterator<Item = &'static str> {
    CREATED.iter().map(|(line, ..)| *line).chain([
        "at 8:00A /every:M,T,15 \"net send x\"",
        r"at \\corp 3 /delete",
        r"schtasks /change /tn \a /ru x /rp y /st 18:15 /ri 15 /et 20:00 /k /enable",
        "schtasks /query /fo csv /v /nh",
    ])
}

#[test]
fn documented_lines_register_what_they_say() {
    for (line, expected, program) in CREATED {
        let (command, findings) = Schtasks::parse(line).unwrap();
        let errors: Vec<_> = findings.iter().filter(|f| f.severity() == Severity::Error).collect();
        assert!(errors.is_empty(), "{line}: {errors:?}");
        let (registration, findings) = command.registration(&here());
        assert!(findings.worst() < Some(Severity::Error), "{line}: {findings:?}");
        let registration = registration.unwrap();
        let task = registration.task().unwrap();
        assert_eq!(words::trigger(&task.triggers[0]), *expected, "{line}");
        let Some(Action::Exec(exec)) = task.actions.list.first() else { panic!("{line}") };
        assert_eq!(exec.command, *program, "{line}");
        // What is printed reads back equal.
        let printed = command.to_line_with_passwords();
        assert_eq!(Schtasks::parse(&printed).unwrap().0, command, "{printed}");
    }
}

#[test]
fn arguments_of_the_program() {
    for (task_run, command, arguments) in [
        (r#""cmd.exe /c calc.exe""#, "cmd.exe", Some("/c calc.exe")),
        (
            r#""\"C:\Program Files\a b\x.exe\" -q \"y z\"""#,
            r"C:\Program Files\a b\x.exe",
            Some(r#"-q "y z""#),
        ),
        (r#""'C:\Program Files\x.exe' 'y z'""#, r"C:\Program Files\x.exe", Some(r#""y z""#)),
        (r#""mshta vbscript:Execute('a b')""#, "mshta", Some("vbscript:Execute('a b')")),
        ("notepad", "notepad", None),
    ] {
        let line = format!("schtasks /create /tn a /sc daily /tr {task_run}");
        let (registration, _) = Schtasks::parse(&line).unwrap().0.registration(&here());
        let registration = registration.unwrap();
        let Some(Action::Exec(exec)) = registration.task().unwrap().actions.list.first() else { panic!() };
        assert_eq!((exec.command.as_str(), exec.arguments.as_deref()), (command, arguments), "{task_run}");
    }
}

/// The accounts, documented for `/RU`, `/IT`, `/NP` and `/RL` (EVIDENCE.md CMD-13).
#[test]
fn accounts() {
    for (switches, user, logon, level) in [
        ("", r"HOST\alice", Some(LogonType::InteractiveToken), None),
        (r#"/ru """#, "S-1-5-18", None, None),
        (r#"/ru "NT AUTHORITY\SYSTEM""#, "S-1-5-18", None, None),
        ("/ru System /rl HIGHEST", "S-1-5-18", None, Some(RunLevel::HighestAvailable)),
        (r#"/ru "NT AUTHORITY\LOCAL SERVICE""#, "S-1-5-19", None, None),
        // As the help of the program spells them.
        (r#"/ru "NT AUTHORITY\LOCALSERVICE""#, "S-1-5-19", None, None),
        (r#"/ru "NT AUTHORITY\NETWORKSERVICE""#, "S-1-5-20", None, None),
        ("/ru S-1-5-18", "S-1-5-18", None, None),
        ("/ru S-1-5-19", "S-1-5-19", None, None),
        (r"/ru D\bob /rp secret", r"D\bob", Some(LogonType::Password), None),
        (r"/ru D\bob /it", r"D\bob", Some(LogonType::InteractiveToken), None),
        (r"/ru D\bob /np /rl limited", r"D\bob", Some(LogonType::S4U), Some(RunLevel::LeastPrivilege)),
    ] {
        let line = format!("schtasks /create /tn a /sc daily /tr a {switches}");
        let (registration, _) = Schtasks::parse(&line).unwrap().0.registration(&here());
        let registration = registration.unwrap();
        let principal = &registration.task().unwrap().principals[0];
        assert_eq!(principal.user_id.as_deref(), Some(user), "{switches}");
        assert_eq!((principal.logon_type, principal.run_level), (logon, level), "{switches}");
    }
}

/// A well-known group has neither a password nor a session of its own (EVIDENCE.md CMD-21).
#[test]
fn groups() {
    for (switches, group, level) in [
        (r#"/ru "BUILTIN\Users""#, "S-1-5-32-545", None),
        ("/ru Users", "S-1-5-32-545", None),
        ("/ru S-1-5-32-544 /rl highest", "S-1-5-32-544", Some(RunLevel::HighestAvailable)),
        ("/ru INTERACTIVE /it", "S-1-5-4", None),
    ] {
        let line = format!("schtasks /create /tn a /sc daily /tr a {switches}");
        let (registration, _) = Schtasks::parse(&line).unwrap().0.registration(&here());
        let registration = registration.unwrap();
        let principal = &registration.task().unwrap().principals[0];
        assert_eq!((principal.group_id.as_deref(), principal.user_id.as_deref()), (Some(group), None));
        assert_eq!((principal.logon_type, principal.run_level), (None, level), "{switches}");
        // And back.
        let command =
            Schtasks::from_task(registration.task().unwrap(), "a", DateOrder::MonthDayYear).unwrap();
        assert_eq!(command.value.switches.run_as.as_deref(), Some(group));
    }
}

/// Tasks that schtasks made, in a public data set (CMD-20): the command states its user, its time, when the trigger begins to
/// count, and idle settings.
#[test]
fn what_schtasks_states_without_a_switch() {
    let line = r#"schtasks /create /F /tn "\Microsoft\Windows\SoftwareProtectionPlatform\EventCacheManager" /tr "C:\Windows\system32\cmd.exe /C C:\Windows\System32\notepad.exe" /sc ONSTART /ru system"#;
    let here = Circumstances::new(datetime!(2020-12-19 07:00:22)).with_user(r"THESHIRE\pgustavo");
    let (command, findings) = Schtasks::parse(line).unwrap();
    assert!(findings.is_empty());
    let (registration, findings) = command.registration(&here);
    assert!(findings.is_empty(), "{findings:?}");
    let registration = registration.unwrap();
    let task = registration.task().unwrap();
    let info = &task.registration_info;
    assert_eq!(info.date.as_ref().map(|date| date.as_str()), Some("2020-12-19T07:00:22"));
    assert_eq!(info.author.as_deref(), Some(r"THESHIRE\pgustavo"));
    let start = task.triggers[0].start_boundary.as_ref().map(|start| start.as_str());
    assert_eq!(
        (task.triggers[0].kind.element_name(), start),
        (Some("BootTrigger"), Some("2020-12-19T07:00:00"))
    );
    let idle = task.settings.idle_settings.as_ref().unwrap();
    let [duration, timeout] = [&idle.duration, &idle.wait_timeout].map(|d| d.as_ref().unwrap().as_str());
    assert_eq!((duration, timeout), ("PT10M", "PT1H"));
    assert_eq!((idle.stop_on_idle_end, idle.restart_on_idle), (Some(true), Some(false)));
    assert_eq!(task.principals[0].user_id.as_deref(), Some("S-1-5-18"));
}

/// schtasks shows the server's error: its meaning, and the element.
#[test]
fn what_the_server_refuses() {
    let found = |switches: &str| {
        let line = format!("schtasks /create /tn a /tr b {switches}");
        let findings = Schtasks::parse(&line).unwrap().0.registration(&here()).1;
        findings
            .iter()
            .filter(|f| f.severity() == Severity::Error)
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let invalid = "the task has a value that is malformed or out of range";
    for (switches, expected) in [
        ("/sc daily /ri 60 /du 0002:00", String::new()),
        // A repetition that lasts an hour by default, and an interval of two (XML-40).
        ("/sc daily /ri 120", format!("error: /SC: {invalid} (Duration: \"PT1H\")")),
        ("/sc daily /sd 01/01/2025 /ed 12/31/2024", format!("error: /ED: {invalid} (EndBoundary: \"2024-12-31T23:59:59\")")),
        ("/sc onevent /ec System /mo \"*[System[\"", "error: /MO: the event query is invalid (Subscription: \"<QueryList><Query Id=\\\"0\\\" Path=\\\"System\\\"><Select Path=\\\"System\\\">*[System[</Select></Query></QueryList>\")".to_owned()),
    ] {
        assert_eq!(found(switches), expected, "{switches}");
    }
}

/// The other verbs, with the lines of their documentation.
#[test]
fn other_verbs() {
    for (line, printed) in [
        (r#"schtasks /run /tn "Security Script""#, r#"schtasks /RUN /TN "Security Script""#),
        (r"schtasks /Run /I /TN \x", r"schtasks /RUN /TN \x /I"),
        (r#"schtasks /end /tn "My Notepad""#, r#"schtasks /END /TN "My Notepad""#),
        ("schtasks /delete /tn * /f", "schtasks /DELETE /TN * /F"),
        (r#"schtasks /delete /tn "Start Mail" /s Svr16"#, r#"schtasks /DELETE /S Svr16 /TN "Start Mail""#),
        ("schtasks", "schtasks /QUERY"),
        ("schtasks /query /fo csv /v", "schtasks /QUERY /FO CSV /V"),
        ("schtasks /query /fo table /nh /s Reskit16", "schtasks /QUERY /S Reskit16 /FO TABLE /NH"),
        ("schtasks /query /xml one", "schtasks /QUERY /XML ONE"),
        (r"schtasks /query /xml /tn \a", r"schtasks /QUERY /TN \a /XML"),
        (r"schtasks /showsid /tn \a", r"schtasks /SHOWSID /TN \a"),
        ("schtasks /change /tn RemindMe /s Svr01 /rp *", "schtasks /CHANGE /S Svr01 /RP * /TN RemindMe"),
        (r#"schtasks /change /tn SecurityScript /ru """#, r#"schtasks /CHANGE /RU "" /TN SecurityScript"#),
        ("schtasks /change /tn MyApp /it", "schtasks /CHANGE /TN MyApp /IT"),
        (r"schtasks /run /tn Update /s Svr01", "schtasks /RUN /S Svr01 /TN Update"),
        ("schtasks /end /tn InternetOn /s Svr01", "schtasks /END /S Svr01 /TN InternetOn"),
        ("schtasks /query /fo list /v", "schtasks /QUERY /FO LIST /V"),
        (r"schtasks /change /tn ChkNews /tr c:\news.exe", r"schtasks /CHANGE /TN ChkNews /TR c:\news.exe"),
        (
            r#"schtasks /Change /TN "\Microsoft\Windows\SystemRestore\SR" /disable"#,
            r"schtasks /CHANGE /TN \Microsoft\Windows\SystemRestore\SR /DISABLE",
        ),
    ] {
        let (command, findings) = Schtasks::parse(line).unwrap();
        assert!(findings.is_empty(), "{line}: {findings:?}");
        assert_eq!(command.to_string(), printed);
        assert_eq!(Schtasks::parse(printed).unwrap().0, command);
        assert_eq!(command.registration(&here()).0, None);
    }
}

#[test]
fn a_file_is_registered_as_such() {
    let line = r"schtasks /create /xml C:\t.xml /tn \a /ru SYSTEM /f";
    let (command, findings) = Schtasks::parse(line).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let registration = command.registration(&here()).0.unwrap();
    assert!(registration.overwrites);
    assert_eq!(registration.path, r"\a");
    let expected = Source::File { file: r"C:\t.xml".into(), run_as: Some("SYSTEM".into()) };
    assert_eq!((registration.task(), &registration.source), (None, &expected));
}

#[test]
fn passwords_are_hidden_unless_asked_for() {
    let line = r"SCHTASKS /Create /S ABC /U domain\user /P secret1 /RU bob /RP secret2 /SC HOURLY /TN rtest1 /TR notepad";
    let (command, findings) = Schtasks::parse(line).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    assert!(!format!("{command} {command:?}").contains("secret"));
    assert!(
        command.to_line_with_passwords().contains("/P secret1")
            && command.to_line_with_passwords().contains("/RP secret2")
    );
    let registration = command.registration(&here()).0.unwrap();
    assert_eq!(
        registration.password.map(|password| password.reveal().to_string()).as_deref(),
        Some("secret2")
    );
    let (command, _) = Schtasks::parse("schtasks /change /tn a /ru bob /rp").unwrap();
    assert_eq!((command.verb, command.switches.run_as_password), (Verb::Change, Some(PasswordValue::Ask)));
}

/// The query of an ONEVENT task becomes a subscription for one log.
#[test]
fn an_event_query_becomes_a_subscription() {
    let line =
        r#"schtasks /create /tn a /tr a /sc onevent /ec "A & B" /mo "*[System[Level<3]]" /delay 0001:30"#;
    let registration = Schtasks::parse(line).unwrap().0.registration(&here()).0.unwrap();
    let TriggerKind::Event(event) = &registration.task().unwrap().triggers[0].kind else { panic!() };
    let expected = "<QueryList><Query Id=\"0\" Path=\"A &amp; B\"><Select Path=\"A &amp; B\">*[System[Level&lt;3]]</Select>\
                    </Query></QueryList>";
    assert_eq!(event.subscription, expected);
    assert_eq!(event.delay.as_ref().map(|delay| delay.as_str()), Some("PT1M30S"));
}

/// `/V1`: the definition has version 1.1, and repeats within a day.
#[test]
fn version_1() {
    let line = "schtasks /create /tn a /tr a /sc minute /mo 30 /st 08:00 /v1";
    let (registration, findings) = Schtasks::parse(line).unwrap().0.registration(&here());
    let registration = registration.unwrap();
    let task = registration.task().unwrap();
    assert_eq!(task.version.map(|version| version.to_string()).as_deref(), Some("1.1"));
    assert!(findings.is_empty());
    assert_eq!(
        words::trigger(&task.triggers[0]),
        "At 08:00 every day, from 17 Jan 2024; then every 30 minutes for 1 day"
    );
    assert!(wintask::compat::v1_obstacles(task).is_empty());

    let line = "schtasks /create /tn a /tr a /sc monthly /mo lastday /m * /v1";
    let (_, findings) = Schtasks::parse(line).unwrap().0.registration(&here());
    let found: Vec<String> = findings.iter().map(|finding| finding.message()).collect();
    assert_eq!(
        found,
        [
            "/V1 cannot express Triggers[0]/ScheduleByMonth/DaysOfMonth: version 1 has no last day of the month"
        ]
    );
}

/// A well-known error: `/Z` needs an end date, unless the task is a version 1 task.
#[test]
fn deletion_after_the_last_run_needs_an_end() {
    let messages = |line: &str| {
        let findings = Schtasks::parse(line).unwrap().0.registration(&here()).1;
        findings.iter().map(|finding| finding.kind().clone()).collect::<Vec<_>>()
    };
    let line = "schtasks /create /tn a /tr a /sc once /st 23:00 /z";
    assert_eq!(messages(line), [FindingKind::DeleteWithoutEnd]);
    assert_eq!(messages(&format!("{line} /v1")), []);
    assert_eq!(messages(&line.replace("once", "daily /ed 02/28/2025")), []);
    // Nor does a single start with a time at which it ends.
    assert_eq!(messages(&format!("{line} /et 23:50")), []);
    assert_eq!(
        messages("schtasks /create /tn a /tr a /sc daily /st 23:00 /et 23:50 /z"),
        [FindingKind::DeleteWithoutEnd]
    );
}

#[test]
fn dates_depend_on_the_locale() {
    use wintask::command_line::DateOrder;
    let line = |date: &str| format!("schtasks /create /tn a /tr a /sc daily /st 08:00 /sd {date}");
    let start = |date: &str, here: &Circumstances| {
        let (registration, findings) = Schtasks::parse(&line(date)).unwrap().0.registration(here);
        let start = registration.and_then(|r| r.task()?.triggers[0].start_boundary.clone());
        (
            start.map(|start| start.to_string()[..10].to_owned()),
            findings.iter().map(|f| f.code()).collect::<Vec<_>>(),
        )
    };
    let (unknown, german) = (here(), here().with_date_order(DateOrder::DayMonthYear));
    let american = here().with_date_order(DateOrder::MonthDayYear);
    for (date, here, expected, codes) in [
        ("2024-03-02", &unknown, Some("2024-03-02"), &[][..]),
        ("2024/03/02", &unknown, Some("2024-03-02"), &[]),
        ("03/31/2024", &unknown, Some("2024-03-31"), &[]),
        ("31.03.2024", &unknown, Some("2024-03-31"), &[]),
        ("05/05/2024", &unknown, Some("2024-05-05"), &[]),
        ("03/02/2024", &unknown, Some("2024-03-02"), &["command_line.ambiguous_date"]),
        ("03/02/2024", &german, Some("2024-02-03"), &[]),
        ("03/02/2024", &american, Some("2024-03-02"), &[]),
        ("31/03/2024", &american, None, &["command_line.no_such_date"]),
        ("2024-03-02", &american, None, &["command_line.no_such_date"]),
        ("31/31/2024", &unknown, None, &["command_line.no_such_date"]),
    ] {
        assert_eq!(start(date, here), (expected.map(str::to_owned), codes.to_vec()), "{date} {here:?}");
    }
}

/// `/CHANGE` of a registered task.
#[test]
fn changes() {
    let create = r"schtasks /create /tn a /tr old.exe /sc daily /st 08:00 /sd 2024-02-01";
    let task = Schtasks::parse(create).unwrap().0.registration(&here()).0.unwrap().task().unwrap().clone();
    let change = |switches: &str| {
        let (command, findings) = Schtasks::parse(&format!("schtasks /change /tn a {switches}")).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        command.changed(&task, &here()).0.unwrap()
    };
    assert_eq!(change("/tr old.exe"), task);
    assert_eq!(change("/disable").settings.enabled, Some(false));
    let start = |switches: &str| change(switches).triggers[0].start_boundary.clone().unwrap().to_string();
    assert_eq!(start("/st 18:15"), "2024-02-01T18:15:00");
    assert_eq!(start("/sd 2025-01-01"), "2025-01-01T08:00:00");
    let changed = change("/ri 15 /et 10:00 /k /ed 2024-12-31");
    let repeated = "At 08:00 every day, from 1 Feb 2024 until 31 Dec 2024 at 23:59:59; then every 15 minutes for 2 hours, after which running instances are stopped";
    assert_eq!(words::trigger(&changed.triggers[0]), repeated);
    let changed = change(r#"/ru "" /tr "new.exe /x" /rl highest"#);
    assert_eq!(changed.principals[0].user_id.as_deref(), Some("S-1-5-18"));
    assert_eq!(changed.principals[0].logon_type, None);
    assert_eq!(changed.principals[0].run_level, Some(RunLevel::HighestAvailable));
    let Some(Action::Exec(exec)) = changed.actions.list.first() else { panic!() };
    assert_eq!((exec.command.as_str(), exec.arguments.as_deref()), ("new.exe", Some("/x")));
}

/// Each switch is in the table once for each verb, so that a name is not ambiguous.
#[test]
fn names_of_switches_are_unique_within_a_verb() {
    for verb in Verb::ALL {
        let mut names: Vec<_> =
            Switch::ALL.iter().filter(|s| s.verbs().contains(verb)).map(|s| s.name()).collect();
        names.sort_unstable();
        let unique = names.len();
        names.dedup();
        assert_eq!(names.len(), unique, "{verb}");
    }
}
