//! Parameters and localisation ([MS-TSCH] 2.5.8, 2.5.9; EVIDENCE.md XML-55 and XML-56).

use crate::xml::everything;
use proptest::prelude::*;
use wintask::{
    definition::{Action, ComHandler, Data, Exec, HeaderField, Principal, SendEmail, ShowMessage, Task},
    limits,
    parameters::{Parameters, ResourceReference, TooLong, localize, parameterize, substitute},
};

fn parameters() -> Parameters {
    Parameters::new()
        .with_arguments(["zero", "one"])
        .with_value("user", "alice")
        .with_value("e", "")
        .with_value("d", "$$")
}

/// 2.5.9.1 and 2.5.9.2, one row each.
#[test]
fn substituted() {
    let rows = [
        ("", "", "nothing"),
        ("plain (text)", "plain (text)", "nothing to fill in"),
        ("$(Arg0)", "zero", "2.5.9.1"),
        ("$$text", "$text", "2.5.9.1: the example"),
        ("a$(Arg0)b$(Arg1)c$(user)", "azeroboneCalice", "several"),
        ("$(e)", "", "an empty value is a value"),
        ("$(Arg2)", "$(Arg2)", "2.5.9.2: no value"),
        ("$(Arg2)$(Arg0)", "$(Arg2)zero", "2.5.9.2: the others are filled in"),
        ("$(arg0) $(User)", "$(arg0) $(User)", "names are compared exactly"),
        ("$( Arg0 )", "$( Arg0 )", "names are compared exactly"),
        ("$$(Arg0)", "$(Arg0)", "an escaped dollar sign before a parenthesis"),
        ("$$$(Arg0)", "$zero", "an escaped dollar sign before a parameter"),
        ("$$$$", "$$", "two of them"),
        ("$(d)", "$$", "values are not looked at again"),
        ("${Arg0}", "${Arg0}", "EVIDENCE.md XML-56: the braces are a slip"),
        ("$", "$", "a lone one at the end"),
        ("$5 $", "$5 $", "a lone one"),
        ("$(Arg0", "$(Arg0", "not closed"),
        ("$($(Arg0))", "$(zero)", "names are not built"),
        ("$()", "$()", "no name"),
    ];
    for (text, expected, why) in rows {
        let expected = expected.replace('C', "c");
        assert_eq!(substitute(text, &parameters()).unwrap(), expected, "{text}: {why}");
    }
}

/// Arg0 to Arg31, and no others.
#[test]
fn arguments() {
    let many = Parameters::new().with_arguments((0..40).map(|n| n.to_string()));
    assert_eq!(substitute("$(Arg31) $(Arg32)", &many).unwrap(), "31 $(Arg32)");
}

/// A task with `$(Arg0)` in every text of every action.
fn asking() -> Task {
    let text = || "$(Arg0)".to_owned();
    let mail = SendEmail {
        server: text(),
        subject: Some(text()),
        to: Some(text()),
        cc: Some(text()),
        bcc: Some(text()),
        reply_to: Some(text()),
        from: Some(text()),
        body: Some(text()),
        header_fields: Some(vec![HeaderField::new(text(), text())]),
        attachments: Some(vec![text()]),
        ..SendEmail::default()
    };
    let exec = Exec::new(text()).with_arguments(text()).with_working_directory(text());
    let handler = ComHandler { data: Some(Data::from_text(&text())), ..ComHandler::default() };
    let mut task = Task::new(exec);
    task.registration_info.description = Some(text());
    task.actions.list.extend([
        handler.into(),
        mail.into(),
        ShowMessage { title: Some(text()), body: text(), ..ShowMessage::default() }.into(),
    ]);
    task.actions.context = Some(text());
    task
}

/// 2.5.9.3: exactly these fields.
#[test]
fn parameterizable_fields() {
    let filled = parameterize(&asking(), &parameters()).unwrap();
    let json = serde_json::to_value(&filled).unwrap();
    let mut left = Vec::new();
    let mut done = Vec::new();
    walk(&json, String::new(), &mut |path, text| match text {
        "zero" => done.push(path),
        "$(Arg0)" => left.push(path),
        _ => {}
    });
    insta::assert_snapshot!(format!("filled in:\n  {}\nleft:\n  {}\n", done.join("\n  "), left.join("\n  ")));
}

fn walk(value: &serde_json::Value, path: String, visit: &mut impl FnMut(String, &str)) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| walk(value, format!("{path}/{name}"), visit));
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| walk(value, format!("{path}/{n}"), visit));
        }
        serde_json::Value::String(text) => visit(path, text),
        _ => {}
    }
}

/// Data is text or a fragment of XML, and stays well-formed.
#[test]
fn data() {
    let parameters = Parameters::new().with_arguments(["<a & 'b' \"c\">"]);
    let rows = [
        ("x $(Arg0)", "x &lt;a &amp; 'b' \"c\"&gt;", "text"),
        ("&lt;$(Arg0)", "&lt;&lt;a &amp; 'b' \"c\"&gt;", "text with references"),
        ("<![CDATA[<$(Arg0)]]>", "&lt;&lt;a &amp; 'b' \"c\"&gt;", "a CDATA section is text"),
        ("<![CDATA[<plain>]]>", "<![CDATA[<plain>]]>", "nothing to fill in"),
        (
            "<p v='$(Arg0)'>$(Arg1)</p>",
            "<p v='&lt;a &amp; &apos;b&apos; &quot;c&quot;&gt;'>$(Arg1)</p>",
            "a fragment",
        ),
    ];
    for (xml, expected, why) in rows {
        let handler = ComHandler { data: Some(Data { xml: xml.into() }), ..ComHandler::default() };
        let filled = parameterize(&Task::new(handler), &parameters).unwrap();
        let Action::ComHandler(handler) = &filled.actions.list[0] else { panic!() };
        assert_eq!(handler.data.as_ref().unwrap().xml, expected, "{why}");
    }
}

/// A short text that refers to a long value many times.
#[test]
fn bounded() {
    let parameters = Parameters::new().with_arguments(["x".repeat(1000)]);
    let text = "$(Arg0)".repeat(limits::PARAMETERIZED_BYTES / 1000);
    assert!(substitute(&text, &parameters).is_ok());
    assert_eq!(substitute(&(text + "$(Arg0)$(Arg0)"), &parameters), Err(TooLong));
    let task = Task::new(Exec::new("a").with_arguments("$(Arg0)".repeat(2000)));
    assert_eq!(parameterize(&task, &parameters), Err(TooLong));
    // An unterminated name is searched for once.
    assert!(substitute(&"$(".repeat(limits::PARAMETERIZED_BYTES / 2), &parameters).is_ok());
}

/// An independent reader of 2.5.9.1: character by character.
fn plainly(text: &str, parameters: &Parameters) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < chars.len() {
        if chars[at..].starts_with(&['$', '$']) {
            out.push('$');
            at += 2;
            continue;
        }
        if chars[at..].starts_with(&['$', '('])
            && let Some(size) = chars[at..].iter().position(|c| *c == ')')
            && let Some(value) = parameters.get(&chars[at + 2..at + size].iter().collect::<String>())
        {
            out += value;
            at += size + 1;
            continue;
        }
        out.push(chars[at]);
        at += 1;
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn agrees_with_a_plain_reader(text in r"(\$\(Arg0\)|\$\(user\)|\$|\(|\)|Arg1|é|d| ){0,20}") {
        prop_assert_eq!(substitute(&text, &parameters()).unwrap(), plainly(&text, &parameters()));
    }

    /// Escaping is reversible.
    #[test]
    fn escaped_text_comes_back(text in r"[$()Arg0d é]{0,20}") {
        let escaped = text.replace('$', "$$");
        prop_assert_eq!(substitute(&escaped, &parameters()).unwrap(), text);
    }
}

/// 2.5.8, and what tasks of Windows have (EVIDENCE.md XML-55).
#[test]
fn references() {
    let rows = [
        (r"$(@%SystemRoot%\system32\wer.dll,-293)", Some((r"%SystemRoot%\system32\wer.dll", 293))),
        ("$(@dllname.dll, -101)", Some(("dllname.dll", 101))),
        (r"$(%SystemRoot%\system32\MyRes.dll,-101)", Some((r"%SystemRoot%\system32\MyRes.dll", 101))),
        (" $(@a,b.dll,-1) ", Some(("a,b.dll", 1))),
        ("$(@a.dll,101)", None),
        ("$(@a.dll,-)", None),
        ("$(@a.dll,-1x)", None),
        ("$(@a.dll,--1)", None),
        ("$(@a.dll,-+1)", None),
        ("$(@a.dll,-99999999999)", None),
        ("$(@,-1)", None),
        ("$(@a.dll)", None),
        ("x $(@a.dll,-1)", None),
        ("Microsoft", None),
    ];
    for (text, expected) in rows {
        let read = text.parse::<ResourceReference>().ok();
        assert_eq!(read.as_ref().map(|r| (r.library.as_str(), r.id)), expected, "{text}");
        if let Some(read) = read {
            assert_eq!(read.to_string().parse(), Ok(read));
        }
    }
}

/// 2.5.8: exactly these fields.
#[test]
fn localizable_fields() {
    let text = || "$(@a.dll,-1)".to_owned();
    let json = serde_json::to_string(&asking()).unwrap().replace("$(Arg0)", &text());
    let mut task: Task = serde_json::from_str(&json).unwrap();
    let info = &mut task.registration_info;
    (info.source, info.author, info.documentation) = (Some(text()), Some(text()), Some(text()));
    (info.uri, info.version, info.security_descriptor) = (Some(text()), Some(text()), Some(text()));
    task.principals = vec![Principal { display_name: Some(text()), ..Principal::user(text()) }];
    let localized = localize(&task, &["en"], |_, _| Some("zero".into()));
    let (mut left, mut done) = (Vec::new(), Vec::new());
    walk(&serde_json::to_value(&localized).unwrap(), String::new(), &mut |path, text| match text {
        "zero" => done.push(path),
        text if text.starts_with("$(@") => left.push(path),
        _ => {}
    });
    insta::assert_snapshot!(format!("localised:\n  {}\nleft:\n  {}\n", done.join("\n  "), left.join("\n  ")));
}

/// 3.2.5.4.3: languages in their order, then the server's default; without languages nothing.
#[test]
fn languages() {
    let task = everything();
    let source = |languages: &[&str], known: &[Option<&str>]| {
        let mut asked = Vec::new();
        let localized = localize(&task, languages, |_, language| {
            asked.push(language.map(str::to_owned));
            known.contains(&language).then(|| format!("{language:?}"))
        });
        (localized.registration_info.source.unwrap(), asked.len())
    };
    let stated = task.registration_info.source.clone().unwrap();
    assert_eq!(source(&["de", "en"], &[Some("en"), Some("de")]), ("Some(\"de\")".into(), 1));
    assert_eq!(source(&["fr", "en"], &[Some("en")]), ("Some(\"en\")".into(), 2));
    assert_eq!(source(&["fr", "en"], &[None]), ("None".into(), 3));
    assert_eq!(source(&["fr"], &[]), (stated.clone(), 2));
    assert_eq!(source(&[], &[None]), (stated, 0));
}
