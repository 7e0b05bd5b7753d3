//! corpus/xml: definitions from a Windows store are accepted without loss, and are written as Windows wrote them.

use crate::Folder;
use libtest_mimic::Failed;
use quick_xml::{Reader, events::Event};
use wintask::{
    Profile,
    definition::{Action, Task, TriggerKind},
    dtyp::HResult,
    time::XsDuration,
    xml::{self, Form, Options},
};

/// Files that Windows would reject: part of the name, code, reason.
const REFUSED: &[(&str, HResult, &str)] = &[(
    "EventCacheManager~2",
    HResult::SCHED_E_MALFORMEDXML,
    "cut off: event 4698 had no room for the whole definition",
)];

/// Files of yuksiy/schtasks_tools that the `server` form does not reproduce, and why. None so far.
const UNEQUAL: &[(&str, &str)] = &[];

fn refusal(name: &str) -> Option<HResult> {
    REFUSED.iter().find(|(part, ..)| name.contains(part)).map(|(_, code, _)| *code)
}

fn good(files: &Folder) -> impl Iterator<Item = (&str, &[u8], Task)> {
    files.0.iter().filter(|(name, _)| refusal(name).is_none()).map(|(name, bytes)| {
        let task = xml::read(bytes, &Options::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        (name.as_str(), bytes.as_slice(), task)
    })
}

pub fn accepted(files: &Folder) -> Result<(), Failed> {
    for (name, bytes) in &files.0 {
        let verdict = xml::read(bytes, &Options::default()).map_err(|error| (error.hresult(), error));
        match (verdict, refusal(name)) {
            (Ok(_), None) => {}
            (Err((code, _)), Some(expected)) if code == expected => {}
            (verdict, expected) => {
                return Err(format!("{name}: {:?}, expected {expected:?}", verdict.err()).into());
            }
        }
    }
    let stale = REFUSED.iter().find(|(part, ..)| !files.0.iter().any(|(name, _)| name.contains(part)));
    stale.map_or(Ok(()), |(part, ..)| Err(format!("no file {part}").into()))
}

/// The elements directly below `Triggers` and `Actions`, by a reader without a schema.
fn children(bytes: &[u8]) -> Result<[Vec<String>; 2], Failed> {
    let documents = xml::documents(bytes);
    let mut reader = Reader::from_str(documents.text());
    let mut path: Vec<String> = Vec::new();
    let mut found = [Vec::new(), Vec::new()];
    loop {
        let (name, open) = match reader.read_event()? {
            Event::Start(tag) => (tag.name().as_ref().to_owned(), true),
            Event::Empty(tag) => (tag.name().as_ref().to_owned(), false),
            Event::End(_) => {
                path.pop();
                continue;
            }
            Event::Eof => return Ok(found),
            _ => continue,
        };
        match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["Task", "Triggers"] => found[0].push(name.clone()),
            ["Task", "Actions"] => found[1].push(name.clone()),
            _ => {}
        }
        if open {
            path.push(name);
        }
    }
}

/// Every trigger and action, in order, once.
pub fn complete(files: &Folder) -> Result<(), Failed> {
    let mut counted = 0;
    for (name, bytes, task) in good(files) {
        let triggers: Vec<_> =
            task.triggers.iter().map(|t| t.kind.element_name().unwrap_or("?").to_owned()).collect();
        let action = |action: &Action| match action {
            Action::Exec(_) => "Exec",
            Action::ComHandler(_) => "ComHandler",
            Action::SendEmail(_) => "SendEmail",
            Action::ShowMessage(_) => "ShowMessage",
            _ => "?",
        };
        let actions: Vec<_> = task.actions.list.iter().map(|a| action(a).to_owned()).collect();
        let expected = children(bytes)?;
        counted += expected[0].len() + expected[1].len();
        assert_eq!([triggers, actions], expected, "{name}");
        assert!(!task.triggers.iter().any(|t| matches!(t.kind, TriggerKind::Unknown(_))), "{name}");
    }
    assert!(counted > 200, "{counted}");
    Ok(())
}

/// A task that was read reads back from each form: equal where everything stated is written, stable where Windows leaves
/// defaults out.
pub fn round_trips(files: &Folder) -> Result<(), Failed> {
    for (name, _, task) in good(files) {
        let options = Options::default();
        let again = xml::read(&xml::write(&task, Form::Utf8)?, &options)?;
        assert_eq!(again, task, "{name}");
        for form in [Form::Server, Form::File, Form::Client] {
            let written = xml::write(&task, form)?;
            let settled = xml::read(&written, &options)?;
            assert_eq!(xml::write(&settled, form)?, written, "{name}");
            assert_eq!(in_force(&settled)?, in_force(&task)?, "{name}");
            if form != Form::Server {
                let idle = |task: &Task| {
                    let idle = task.settings.effective_idle(Profile::Windows);
                    let timeout = idle.wait_timeout.value.map(|timeout| timeout.to_seconds());
                    (idle.duration.value.to_seconds(), timeout, idle.stop_on_idle_end.value)
                };
                assert_eq!(idle(&settled), idle(&task), "{name}");
            }
        }
    }
    Ok(())
}

/// The effective settings, whichever their origin; `P3D` and `PT72H` are the same.
fn in_force(task: &Task) -> Result<Vec<(String, serde_json::Value)>, Failed> {
    let mut effective = task.effective(Profile::Windows);
    let seconds = effective.execution_time_limit.value.and_then(|limit| limit.to_seconds());
    effective.execution_time_limit.value =
        seconds.map(|s| XsDuration::from_seconds(s.try_into().unwrap_or(u32::MAX)));
    let settings = serde_json::to_value(effective)?;
    let settings = settings.as_object().ok_or("no object")?;
    Ok(settings.iter().map(|(name, effective)| (name.clone(), effective["value"].clone())).collect())
}

/// A text after its XML declaration. The corpus was split from one dump and has a line end after each file.
fn behind_declaration(text: &str) -> &str {
    let behind =
        if text.starts_with("<?xml") { text.split_once("?>").map_or(text, |(_, rest)| rest) } else { text };
    behind.trim_start_matches(['\u{FEFF}', '\r', '\n']).trim_end_matches(['\r', '\n'])
}

/// An untouched Windows 10 dump: at least 95 of 100 files are reproduced, and the rest are listed.
pub fn server_form(files: &Folder) -> Result<(), Failed> {
    let (mut all, mut equal) = (0, 0);
    for (name, bytes, task) in good(files).filter(|(name, ..)| name.starts_with("yuksiy__schtasks_tools")) {
        let documents = xml::documents(bytes);
        let written = xml::write_text(&task, Form::Server)?;
        let same = behind_declaration(&written) == behind_declaration(documents.text());
        let listed = UNEQUAL.iter().any(|(part, _)| name.contains(part));
        assert_eq!(same, !listed, "{name}\n{written}");
        all += 1;
        equal += usize::from(same);
    }
    assert!(all >= 80 && equal * 100 >= all * 95, "{equal} of {all} are equal");
    println!("server form: {equal} of {all} files are equal");
    Ok(())
}

/// Files that the `file` form does not reproduce, and why.
const UNEQUAL_FILES: &[(&str, &str)] = &[];

/// What Windows stored is written as Windows stored it: the files in UTF-16LE byte for byte, the texts of events but
/// for their line ends, which the XML around them has as LF.
pub fn file_form(files: &Folder) -> Result<(), Failed> {
    let (mut all, mut equal) = (0, 0);
    for (name, bytes, task) in good(files) {
        let is_file = bytes.starts_with(&[0xFF, 0xFE]);
        if !is_file && !name.contains("__evt_") {
            continue;
        }
        let same = if is_file {
            xml::write(&task, Form::File)? == bytes
        } else {
            xml::write_text(&task, Form::File)?.replace("\r\n", "\n").as_bytes() == bytes
        };
        let listed = UNEQUAL_FILES.iter().any(|(part, _)| name.contains(part));
        let written = xml::write_text(&task, Form::File)?;
        assert_eq!(same, !listed, "{name}\n{written}");
        all += 1;
        equal += usize::from(same);
    }
    assert!(all >= 20, "only {all} originals");
    println!("file form: {equal} of {all} originals are equal");
    Ok(())
}
