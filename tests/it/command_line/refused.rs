//! What schtasks rejects, according to its documentation (EVIDENCE.md CMD-04 to CMD-08): the findings and their places.

use wintask::{command_line::Schtasks, finding::Severity};

/// The findings of severity `Error` and `Warning`.
fn found(line: &str) -> Vec<String> {
    let findings = Schtasks::parse(line).unwrap().1;
    findings.iter().filter(|f| f.severity() > Severity::Info).map(ToString::to_string).collect()
}

#[test]
fn contradictions_and_omissions() {
    let create = |switches: &str| found(&format!("schtasks /create /tn a /tr b {switches}"));
    for (switches, expected) in [
        ("/sc daily", ""),
        ("/sc daily /mo 366", "error: /MO: 366 is out of range for /MO (1 to 365)"),
        ("/sc minute /mo 1440", "error: /MO: 1440 is out of range for /MO (1 to 1439)"),
        ("/sc hourly /mo 24", "error: /MO: 24 is out of range for /MO (1 to 23)"),
        ("/sc weekly /mo 53", "error: /MO: 53 is out of range for /MO (1 to 52)"),
        ("/sc monthly /mo 13", "error: /MO: 13 is out of range for /MO (1 to 12)"),
        ("/sc once", "error: /ST: /SC ONCE needs /ST"),
        ("/sc once /st 10:00 /mo 2", "error: /MO: /MO does not apply to /SC ONCE"),
        ("/sc onidle", "error: /I: /SC ONIDLE needs /I"),
        ("/sc onidle /i 1000", "error: /I: 1000 is out of range for /I (1 to 999)"),
        ("/sc onevent /mo *", "error: /EC: /SC ONEVENT needs /EC"),
        ("/sc onevent /ec System", "error: /MO: /SC ONEVENT needs /MO"),
        ("/sc onstart /et 10:00", "error: /ET: /ET does not apply to /SC ONSTART"),
        ("/sc minute /ri 5", "error: /RI: /RI does not apply to /SC MINUTE"),
        ("/sc daily /ri 599941", "error: /RI: 599941 is out of range for /RI (1 to 599940)"),
        ("/sc daily /et 10:00 /du 0001:00", "error: /DU: /ET and /DU are mutually exclusive"),
        ("/sc daily /k", "error: /K: /K needs /DU"),
        ("/sc daily /d MON", "error: /D: /D does not apply to /SC DAILY"),
        ("/sc weekly /d 15", "error: /D: \"15\" is not valid for /D: expected days like MON,WED"),
        ("/sc monthly /d MON", "error: /D: \"MON\" is not valid for /D: expected a day from 1 to 31"),
        ("/sc monthly /mo FIRST", "error: /MO: /MO needs /D"),
        ("/sc monthly /mo FIRST /d 5", "error: /D: \"5\" is not valid for /D: expected days like MON,WED"),
        ("/sc monthly /mo FIRST /d *", "error: /D: \"*\" is not valid for /D: expected days like MON,WED"),
        // The documentation has a syntax for every n-th month and one for months by name.
        ("/sc monthly /mo 2 /m JAN,FEB", "warning: /M: /MO and /M are not documented together"),
        ("/sc monthly /mo 1 /m JAN,FEB", ""),
        ("/sc monthly /mo LASTDAY", "error: /MO: /MO needs /M"),
        ("/sc daily /mo LASTDAY", "error: /MO: \"LASTDAY\" is not valid for /MO: expected a number"),
        ("/sc daily /it /np", "error: /NP: /IT and /NP are mutually exclusive"),
        ("/sc daily /rp x", "error: /RP: /RP needs /RU"),
        ("/sc daily /ru x /rp y", ""),
        ("/sc daily /u x", "error: /U: /U needs /S"),
        ("/sc daily /s x /p y", "error: /P: /P needs /U"),
        ("/sc daily /delay 0001:00", "error: /DELAY: /DELAY does not apply to /SC DAILY"),
    ] {
        assert_eq!(create(switches).join("\n"), expected, "{switches}");
    }
}

#[test]
fn syntax() {
    for (line, expected) in [
        ("schtasks /run", "error: /TN: /TN is missing"),
        ("schtasks /create /sc daily", "error: /TN: /TN is missing\nerror: /TR: /TR is missing"),
        ("schtasks /create /tn a", "error: /SC: /SC is missing\nerror: /TR: /TR is missing"),
        ("schtasks /run /tn", "error: 1:15, /TN: /TN needs a value\nerror: /TN: /TN is missing"),
        ("schtasks /run /tn /i", "error: 1:15, /TN: /TN needs a value\nerror: /TN: /TN is missing"),
        ("schtasks /run /tn a b", "error: 1:21: invalid argument or option \"b\""),
        (
            "schtasks /run /tn a /sc daily",
            "error: 1:21: invalid argument or option \"/sc\"\nerror: 1:25: invalid argument or option \"daily\"",
        ),
        ("schtasks /run /tn a /tn b", "error: 1:21, /TN: /TN is not allowed more than once"),
        ("schtasks /run /end /tn a", "error: 1:15, /END: /RUN and /END are mutually exclusive"),
        (
            "schtasks /query /fo wide",
            "error: 1:21, /FO: \"wide\" is not valid for /FO: expected TABLE, LIST or CSV",
        ),
        (
            "schtasks /change /tn a /enable /disable",
            "error: /DISABLE: /ENABLE and /DISABLE are mutually exclusive",
        ),
        ("schtasks /change /tn a /st 9:00", "warning: 1:28, /ST: \"9:00\" is not in the format HH:mm"),
        (
            "schtasks /change /tn a /st 24:00",
            "error: 1:28, /ST: \"24:00\" is not valid for /ST: expected a time like 09:30",
        ),
        ("schtasks /run /tn:a", "warning: 1:15, /TN: the value of /TN is joined to it by a colon"),
        ("schtasks /create /xml f /tn a /sc daily", "error: /SC: /XML and /SC are mutually exclusive"),
        ("schtasks /create /xml f /tn a /rp x", ""),
        // The help names /RU and /RP only.
        ("schtasks /create /xml f /tn a /d MON", "error: /D: /XML and /D are mutually exclusive"),
        ("schtasks /create /xml f /tn a /ec System", "error: /EC: /XML and /EC are mutually exclusive"),
        ("schtasks /create /xml f /tn a /it", "warning: /IT: /XML and /IT are not documented together"),
        ("schtasks /query /xml /v /nh", ""),
        ("schtasks /query /xml /fo csv", "error: /FO: /XML and /FO are mutually exclusive"),
        // The braces of the help's syntax line: one of them.
        ("schtasks /change /tn a", "warning: /CHANGE: nothing to change"),
        ("schtasks /change /tn a /s b", "warning: /CHANGE: nothing to change"),
        ("schtasks /change /tn a /rp x", ""),
        (
            "schtasks /query /fo list /nh",
            "error: /FO: \"LIST\" is not valid for /FO: expected TABLE or CSV with /NH",
        ),
        ("schtasks /query /fo csv /nh", ""),
        // The documentation's own example of a path with blanks: the runtime ignores "".
        (
            r#"schtasks /create /sc daily /tn a /tr ""c:\program files\myapp.exe"""#,
            "error: 1:51: invalid argument or option \"files\\\\myapp.exe\"",
        ),
        ("schtasks /create /?", ""),
        // "Value expected for '/tn'."
        (r#"schtasks /run /tn """#, "error: /TN: /TN needs a value"),
        (r#"schtasks /create /tn a /sc daily /tr """#, "error: /TR: /TR needs a value"),
        (r#"schtasks /create /tn a /sc daily /tr b /ru """#, ""),
    ] {
        assert_eq!(found(line).join("\n"), expected, "{line}");
    }
    // schtasks limits /TR to 261 characters.
    let long = format!("schtasks /create /tn a /sc daily /tr {}", "x".repeat(262));
    assert_eq!(found(&long), ["error: /TR: /TR has 262 characters, the maximum is 261"]);
    // And names to 238.
    let long = format!("schtasks /run /tn {}", "x".repeat(239));
    assert_eq!(found(&long), ["error: /TN: /TN has 239 characters, the maximum is 238"]);
}

#[test]
fn other_programs() {
    assert_eq!(Schtasks::parse("").unwrap_err().to_string(), "1:1: the command line is empty");
    assert_eq!(Schtasks::parse("  cmd /c x").unwrap_err().to_string(), "1:3: the program is not schtasks");
    assert!(Schtasks::parse(r"C:/Windows/SysWOW64/SCHTASKS.EXE").is_ok());
}

/// A verb that is not first, and a value that looks like one.
#[test]
fn verbs_anywhere() {
    let (command, findings) = Schtasks::parse("schtasks /tn a /run").unwrap();
    assert_eq!(command.to_string(), "schtasks /RUN /TN a");
    assert_eq!(findings.iter().map(|f| f.code()).collect::<Vec<_>>(), ["command_line.verb_not_first"]);
}
