//! What is recovered of damaged files, and what is found in sound ones.

use super::{DAMAGED, EVERY_KIND, file, task};
use wintask::{
    finding::Severity,
    gpp::{Action, ScheduledTasks, recover},
    xml,
};

fn report(bytes: &[u8]) -> String {
    recover(bytes).findings.iter().map(|finding| format!("{} {finding}\n", finding.code())).collect()
}

/// All items are read, regardless of what is between them. Where a quote is missing, the item ends at the next markup.
#[test]
fn damaged() {
    let recovered = recover(DAMAGED);
    let policy = recovered.policy.unwrap();
    let names: Vec<_> = policy.items().map(|item| item.name().unwrap_or_default()).collect();
    assert_eq!(names, ["One", "Two", "Three", "Four"]);
    let actions: Vec<_> = policy.items().map(|item| item.action()).collect();
    assert_eq!(actions, [Action::Update, Action::Delete, Action::Create, Action::Update]);
    let passwords: Vec<_> = policy.items().map(|item| item.has_password()).collect();
    assert_eq!(passwords, [true, true, false, false]);
    insta::assert_snapshot!(report(DAMAGED));
}

#[test]
fn every_kind() {
    insta::assert_snapshot!(report(EVERY_KIND));
}

/// A stored password is as serious as a finding can be; an empty one is not one (EVIDENCE.md GPP-15).
#[test]
fn passwords() {
    let found = |attribute: &str| {
        let text = task(attribute, "");
        let findings = recover(text.as_bytes()).findings;
        findings.iter().map(|finding| (finding.code(), finding.severity())).collect::<Vec<_>>()
    };
    assert_eq!(found("cpassword=\"AAAA\""), [("gpp.credential", Severity::Error)]);
    assert_eq!(found("cpassword=\"\""), []);
    assert_eq!(found(""), []);
}

/// A definition that a server would reject is reported at its place in the file; the items next to it are read.
#[test]
fn bad_definition() {
    let v2 = |inside: &str| {
        format!(
            "\n<TaskV2 clsid=\"{{D8896631-B747-47a7-84A6-C155337F3BC8}}\" name=\"n\" uid=\"{{1}}\"><Properties \
             name=\"n\" runAs=\"%LogonUser%\" logonType=\"S4U\"><Task>{inside}<Actions><Exec><Command>a</Command></Exec>\
             </Actions></Task></Properties></TaskV2>"
        )
    };
    let text = file(
        &(v2("<Settings>\n<Priority>99</Priority></Settings>")
            + &v2(
                "<RegistrationInfo><Author>%LogonUser%</Author>\n</RegistrationInfo><Settings><Hidden>x</Hidden></Settings>",
            )),
    );
    let recovered = recover(text.as_bytes());
    assert_eq!(recovered.policy.unwrap().items().count(), 2);
    let found: Vec<_> = recovered.findings.iter().filter(|f| f.code() == "xml.value").collect();
    let offset = |part: &str| text.find(part).unwrap();
    for (finding, (part, path)) in found.iter().zip([
        ("99</Priority>", "ScheduledTasks/TaskV2[1]/Properties/Task/Settings/Priority"),
        ("x</Hidden>", "ScheduledTasks/TaskV2[2]/Properties/Task/Settings/Hidden"),
    ]) {
        let at = finding.place().offset().unwrap();
        assert_eq!(finding.place().path(), path);
        assert_eq!(text[at..].chars().next(), part.chars().next(), "{finding}");
        assert!(at.abs_diff(offset(part)) < 20, "{finding}");
    }
    assert_eq!(found.len(), 2, "{found:?}");
}

/// Files without a root, or with another one.
#[test]
fn roots() {
    let item = "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\"><Properties name=\"n\"/></Task>";
    for (text, items) in [
        (item.to_owned(), Some(1)),
        (format!("{item}{item}"), Some(2)),
        (format!("<Renamed>{item}</Renamed>"), Some(1)),
        (format!("{}{}", file(item), file(item)), Some(2)),
        (format!("{item}{}", file(item)), Some(2)),
        ("<Other/>".to_owned(), None),
        ("no markup".to_owned(), None),
        (String::new(), None),
    ] {
        let recovered = recover(text.as_bytes());
        assert_eq!(recovered.policy.map(|policy| policy.items().count()), items, "{text}");
        assert_eq!(recovered.findings.worst(), Some(Severity::Error), "{text}");
    }
}

/// Text that cannot be decoded is found and replaced; the file is read.
#[test]
fn undecodable() {
    let mut bytes = task("comment=\"a\"", "").into_bytes();
    let at = bytes.windows(9).position(|window| window == b"comment=\"").unwrap() + 9;
    bytes[at] = 0xFF;
    let recovered = recover(&bytes);
    let first = recovered.findings.iter().next().unwrap();
    assert_eq!((first.code(), first.place().offset()), ("gpp.syntax", Some(at)));
    assert_eq!(recovered.policy.unwrap().items().count(), 1);
}

/// Nesting is bounded.
#[test]
fn deep() {
    let text = file(&("<a>".repeat(5_000) + &"</a>".repeat(5_000)));
    assert!(report(text.as_bytes()).contains("nested too deeply"));
}

/// The codes and paths of findings that are worse than information.
fn problems(text: &str) -> Vec<String> {
    let findings = recover(text.as_bytes()).findings;
    let problems = findings.iter().filter(|finding| finding.severity() > Severity::Info);
    problems.map(|finding| format!("{} {}", finding.code(), finding.place().path())).collect()
}

/// What comes before and between: the item is read all the same.
#[test]
fn around_the_items() {
    let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n";
    let one = "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\"><Properties name=\"n\" \
               appName=\"a\"/></Task>";
    for text in [
        format!("exported by hand\n{declaration}{}", file(one)),
        format!("\n\n{declaration}{}", file(one)),
        format!("{declaration}{declaration}{}", file(one)),
        format!("{declaration}<<<<<<< HEAD\n{}", file(one)),
        format!("{declaration}<!DOCTYPE a [<!ENTITY b \"c\">]>\n{}", file(one)),
        format!("<!DOCTYPE a SYSTEM \"x.dtd\">{}", file(one)),
        format!("{declaration}{}", file(&format!("<!DOCTYPE a>{one}"))),
        format!("{declaration}{}", file(&format!("<<<<<<< HEAD\n{one}\n=======\n>>>>>>> other\n"))),
        format!("{declaration}{}trailing", file(one)),
        format!("{declaration}{}{}", file(""), file(one)),
        format!("{declaration}{}", file(one)).replace("</ScheduledTasks>", ""),
        format!("{declaration}{}", file(one)).replace("</Task>", ""),
    ] {
        let recovered = recover(text.as_bytes());
        let policy = recovered.policy.unwrap_or_else(|| panic!("{text}"));
        let names: Vec<_> = policy.items().map(|item| item.name().unwrap_or_default()).collect();
        assert_eq!(names, ["n"], "{text}");
        assert_eq!(recovered.findings.worst(), Some(Severity::Error), "{text}");
        // What is written can be read.
        assert!(ScheduledTasks::read(&policy.to_bytes()).is_ok(), "{text}");
    }
}

/// A document type declaration is one error, and is not processed.
#[test]
fn doctype() {
    let text = format!("<!DOCTYPE a [<!ENTITY b \"c\"><!ELEMENT d ANY>]>{}", file(""));
    let codes: Vec<_> = recover(text.as_bytes()).findings.iter().map(|finding| finding.message()).collect();
    assert_eq!(codes, ["a document type declaration is not allowed"]);
    // One without an end hides nothing.
    let text = format!("<!DOCTYPE a [{}", file("").repeat(2));
    assert!(recover(text.as_bytes()).policy.is_some());
}

/// Items that delete have just a name (EVIDENCE.md GPP-04), of either version.
#[test]
fn deletions() {
    let v1 = "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\"><Properties action=\"D\" \
              name=\"n\"/></Task>";
    let v2 = v1
        .replace("Task", "TaskV2")
        .replace("2DEECB1C-261F-4e13-9B21-16FB83BC03BD", "D8896631-B747-47a7-84A6-C155337F3BC8");
    for item in [v1, &v2] {
        assert!(ScheduledTasks::read(file(item).as_bytes()).is_ok(), "{item}");
        assert!(recover(file(item).as_bytes()).findings.is_empty(), "{item}");
        let nameless = item.replace("action=\"D\" name=\"n\"", "action=\"D\"");
        assert!(problems(&file(&nameless))[0].starts_with("gpp.missing_attribute"), "{nameless}");
        let creates = item.replace("action=\"D\"", "action=\"C\"");
        assert!(!problems(&file(&creates)).is_empty(), "{creates}");
    }
}

/// A value that an attribute may not have is a finding at the attribute; the item and those next to it are read, and the
/// value counts as not stated.
#[test]
fn wrong_values() {
    for attribute in [
        "action=\"X\"",
        "action=\"\"",
        "enabled=\"yes\"",
        "deleteWhenDone=\"2\"",
        "maxRunTime=\"-1\"",
        "maxRunTime=\"1.5\"",
        "idleMinutes=\"\"",
        "systemRequired=\"on\"",
    ] {
        let name = attribute.split('=').next().unwrap();
        let bad = task(attribute, "");
        assert_eq!(
            problems(&bad),
            [format!("gpp.value ScheduledTasks/Task[1]/Properties@{name}")],
            "{attribute}"
        );
        let policy = recover(bad.as_bytes()).policy.unwrap();
        let item = policy.items().next().unwrap();
        assert_eq!(item.action(), Action::Update);
        assert!(wintask::gpp::to_task(&item, &wintask::gpp::Context::default()).is_ok(), "{attribute}");
    }
    for attribute in [
        "startHour=\"24\"",
        "startMinutes=\"60\"",
        "beginMonth=\"13\"",
        "beginDay=\"32\"",
        "months=\"4096\"",
        "week=\"FIFTH\"",
        "interval=\"65536\"",
        "repeatTask=\"no\"",
        "days=\"all\"",
    ] {
        let name = attribute.split('=').next().unwrap();
        let found = problems(&task("", &format!("<Trigger type=\"MONTHLY\" {attribute}/>")));
        let expected = format!("gpp.value ScheduledTasks/Task[1]/Properties/Triggers/Trigger[1]@{name}");
        assert!(found.contains(&expected), "{attribute}: {found:?}");
    }
    assert_eq!(
        problems(&task("", "<Trigger type=\"YEARLY\"/>")),
        ["gpp.value ScheduledTasks/Task[1]/Properties/Triggers/Trigger[1]@type"]
    );
}

/// [MS-GPPREF] 2.2.1.22: the attributes that filters need, and those that are one of a list.
#[test]
fn filters() {
    let with = |filter: &str| {
        let text = task("", "").replace("<Properties", &format!("<Filters>{filter}</Filters><Properties"));
        let findings = recover(text.as_bytes()).findings;
        findings.iter().map(|finding| finding.code()).collect::<Vec<_>>()
    };
    let common = "bool=\"AND\" not=\"0\"";
    for (filter, codes) in [
        (format!("<FilterBattery {common}/>"), vec![]),
        (format!("<FilterBattery {common} hidden=\"1\"/>"), vec![]),
        ("<FilterBattery/>".to_owned(), vec!["gpp.filter_missing", "gpp.filter_missing"]),
        ("<FilterBattery bool=\"XOR\" not=\"2\"/>".to_owned(), vec!["gpp.filter_value", "gpp.filter_value"]),
        (format!("<FilterRunOnce {common}/>"), vec!["gpp.filter_missing"]),
        (format!("<FilterRunOnce {common} id=\"{{2}}\"/>"), vec![]),
        (format!("<FilterOs {common} class=\"NT\" version=\"Vista\"/>"), vec![]),
        (format!("<FilterOs {common} class=\"MAC\"/>"), vec!["gpp.filter_value"]),
        (format!("<filterprocmode {common} syncFore=\"1\" asynchFore=\"0\"/>"), vec![]),
        (
            format!("<FilterComputer {common} type=\"NETBIOS\" name=\"A\" color=\"red\"/>"),
            vec!["gpp.unknown_attribute"],
        ),
        (format!("<FilterDomain {common} name=\"A\" userContext=\"1\"/>"), vec!["gpp.disputed_filter"]),
        (
            format!("<FilterCollection {common}><FilterRam {common}/></FilterCollection>"),
            vec!["gpp.filter_missing"],
        ),
        (format!("<FilterMoon {common}/>"), vec!["gpp.unknown_element"]),
    ] {
        assert_eq!(with(&filter), codes, "{filter}");
    }
}

/// An item that may create a task needs a command (2.2.1.18.1, appName).
#[test]
fn no_command() {
    for (action, severity) in [
        ("C", Some(Severity::Warning)),
        ("R", Some(Severity::Warning)),
        ("U", Some(Severity::Info)),
        ("D", None),
    ] {
        for command in ["", "appName=\"\""] {
            let text = task(&format!("action=\"{action}\""), "").replace("appName=\"a.exe\"", command);
            let findings = recover(text.as_bytes()).findings;
            let found = findings.iter().find(|finding| finding.code() == "gpp.no_command");
            assert_eq!(found.map(|finding| finding.severity()), severity, "{action}");
        }
    }
}

/// A finding for each place where a file depends on an editing mistake of 2.2.1.18.1 (EVIDENCE.md GPP-05 to GPP-09), and
/// none where it makes no difference.
#[test]
fn disputed() {
    let found = |text: &str| {
        let findings = recover(text.as_bytes()).findings;
        let disputed = findings.iter().filter(|finding| finding.code() == "gpp.disputed");
        disputed
            .map(|finding| finding.message().split(" means").next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for (attributes, trigger, fields) in [
        ("deleteWhenDone=\"0\"", "", vec!["deleteWhenDone"]),
        ("deleteWhenDone=\"1\"", "", vec!["deleteWhenDone"]),
        ("maxRunTime=\"259200000\"", "", vec!["maxRunTime"]),
        ("idleMinutes=\"10\"", "", vec!["idleMinutes"]),
        ("deadlineMinutes=\"60\"", "", vec!["deadlineMinutes"]),
        ("systemRequired=\"1\"", "", vec!["systemRequired"]),
        // 0 means the same in both readings: nothing is added.
        ("systemRequired=\"0\"", "", vec![]),
        ("", "type=\"DAILY\" repeatTask=\"0\"", vec!["repeatTask"]),
        ("", "type=\"DAILY\" startHour=\"7\" startMinutes=\"30\"", vec!["startHour"]),
        ("", "type=\"DAILY\" hasEndDate=\"1\" endYear=\"2030\" endMonth=\"1\" endDay=\"1\"", vec!["endYear"]),
        // It does not apply to the type.
        ("", "type=\"LOGON\" startHour=\"7\" repeatTask=\"0\"", vec![]),
        // Nothing of the item is used.
        ("action=\"D\" deleteWhenDone=\"0\"", "type=\"DAILY\" startHour=\"7\"", vec![]),
        ("enabled=\"1\" startOnlyIfIdle=\"1\" stopOnIdleEnd=\"1\" noStartIfOnBatteries=\"1\"", "", vec![]),
    ] {
        let trigger = if trigger.is_empty() { String::new() } else { format!("<Trigger {trigger}/>") };
        assert_eq!(found(&task(attributes, &trigger)), fields, "{attributes} {trigger}");
    }
}

/// Damage takes time linear in its size: markup that ends far away, or nowhere, is searched for its end only once.
#[test]
fn work_is_linear() {
    let start = std::time::Instant::now();
    for (head, piece) in [
        ("<ScheduledTasks>", "<?xml "),
        ("<ScheduledTasks>]]><?xml ]]>", "<?xml "),
        ("<ScheduledTasks>", "<?xml ]]>?>"),
        ("<ScheduledTasks>", "<![CDATA["),
        ("<ScheduledTasks/>", "<![CDATA["),
        ("", "<![CDATA["),
        ("<ScheduledTasks>", "<!--"),
        ("<ScheduledTasks>", "<!DOCTYPE "),
    ] {
        let text = format!("{head}{}?> ]]> -->", piece.repeat((1 << 20) / piece.len()));
        let _ = recover(text.as_bytes());
        let _ = xml::recover_text(&text.replace("ScheduledTasks", "Task"), &xml::Options::default());
    }
    // A quadratic search takes many minutes.
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

/// Windows-1252: strict reading names the declared encoding, recovery decodes it, and writing keeps the bytes.
#[test]
fn declared_as_windows_1252() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?>{}",
        task("comment=\"Zo\u{1}, 5 \u{2}\" action=\"X\"", "")
    );
    let bytes = text.bytes().map(|byte| match byte {
        1 => 0xEB,
        2 => 0x80,
        other => other,
    });
    let file: Vec<u8> = bytes.collect();
    let at = file.iter().position(|byte| *byte == 0xEB);
    let message = "the file is declared as windows-1252, but only UTF-8 and UTF-16 are accepted";
    let error = ScheduledTasks::read(&file).unwrap_err();
    assert_eq!((error.kind().to_string().as_str(), error.place().offset()), (message, at));

    let recovered = recover(&file);
    let first = recovered.findings.iter().next().unwrap();
    assert_eq!((first.kind().to_string().as_str(), first.place().offset()), (message, at));
    let value = file.windows(10).position(|bytes| bytes == b"action=\"X\"").unwrap();
    assert!(
        recovered.findings.iter().any(|it| it.code() == "gpp.value" && it.place().offset() >= Some(value)),
        "{:?}",
        recovered.findings
    );
    assert_eq!(recovered.policy.unwrap().to_bytes(), file);
}
