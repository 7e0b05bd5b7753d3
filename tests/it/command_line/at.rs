//! at: the lines of its documentation (EVIDENCE.md CMD-14) and of public detection rules (CMD-16).

use wintask::{
    command_line::{At, AtAction},
    rpc::atsvc::{AtDaysOfWeek, AtFlags},
};

#[test]
fn lines_that_add_a_job() {
    let (weekly, once) = (AtFlags::RUN_PERIODICALLY, AtFlags::NONE);
    let alone = AtFlags::NONINTERACTIVE;
    for (line, time, days, of_week, flags, command) in [
        ("at 13:20 /interactive cmd", 800, 0, 0, once, "cmd"),
        ("at 23:30 cmd.exe", 1410, 0, 0, alone, "cmd.exe"),
        (r#"at \\corp 00:00 "chkdisk > corp.txt""#, 0, 0, 0, alone, "chkdisk > corp.txt"),
        (r#"at 8:00A /every:M,T,W,Th,F "net send x""#, 480, 0, 0x1F, weekly | alone, "net send x"),
        ("at 12:00am /next:1,15,Su backup", 0, 0x4001, 0x40, alone, "backup"),
        ("at 12:30PM /every:5,13,23 backup.bat", 750, 0x0040_1010, 0, weekly | alone, "backup.bat"),
        ("at 14:45 /every: archive", 885, 0, 0, weekly | alone | AtFlags::ADD_CURRENT_DATE, "archive"),
        ("at 14:45 /next:tuesday,sun x", 885, 0, 0x42, alone, "x"),
        (r#"at 09:00 cmd /c "a b" c"#, 540, 0, 0, alone, r#"cmd /c "a b" c"#),
    ] {
        let (parsed, findings) = At::parse(line).unwrap();
        assert!(findings.is_empty(), "{line}: {findings:?}");
        let job = parsed.at_info().unwrap();
        assert_eq!(job.job_time, time * 60_000, "{line}");
        assert_eq!((job.days_of_month.0, job.days_of_week), (days, AtDaysOfWeek(of_week)), "{line}");
        assert_eq!((job.flags, job.command.unwrap().to_string()), (flags, command.to_owned()), "{line}");
        let printed = parsed.to_string();
        assert_eq!(At::parse(&printed).unwrap().0, parsed, "{printed}");
    }
}

#[test]
fn other_forms() {
    for (line, action, printed) in [
        ("at", AtAction::List, "at"),
        (r"at \\corp", AtAction::List, r"at \\corp"),
        (r"at \\corp 3", AtAction::Show { id: 3 }, r"at \\corp 3"),
        ("AT.EXE 3 /delete", AtAction::Delete { id: Some(3), yes: false }, "at 3 /DELETE"),
        (r"at \\corp /delete /yes", AtAction::Delete { id: None, yes: true }, r"at \\corp /DELETE /YES"),
        ("at /?", AtAction::Help, "at /?"),
        (r"at \\corp -?", AtAction::Help, r"at \\corp /?"),
        ("at /del", AtAction::Delete { id: None, yes: false }, "at /DELETE"),
    ] {
        let (parsed, findings) = At::parse(line).unwrap();
        assert!(findings.is_empty(), "{line}: {findings:?}");
        assert_eq!((&parsed.action, parsed.at_info()), (&action, None), "{line}");
        assert_eq!(parsed.to_string(), printed);
        assert_eq!(At::parse(printed).unwrap().0, parsed);
    }
}

#[test]
fn refused_lines() {
    let found = |line: &str| {
        let findings = At::parse(line).unwrap().1;
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(found("at 25:00 x"), "error: 1:4: \"25:00\" is not a time of day");
    assert_eq!(found("at 4294967296 /delete"), "error: 1:4: \"4294967296\" is not a job number");
    assert_eq!(found("at 13:00pm x"), "error: 1:4: \"13:00pm\" is not a time of day");
    assert_eq!(found("at 10:00"), "error: 1:4: the command is missing");
    assert_eq!(found("at 10:00 /every:32 x"), "error: 1:10: \"32\" is not a day of the week or of the month");
    assert_eq!(found("at 10:00 /next:M /every:T x"), "error: 1:18: /EVERY and /NEXT are mutually exclusive");
    assert_eq!(found("at 3 x"), "error: 1:6: invalid argument or option \"x\"");
    assert_eq!(At::parse("att 3").unwrap_err().to_string(), "1:1: the program is not at");
}
