//! Damage affects only the parts that it touches.

use super::document;
use proptest::prelude::*;
use wintask::{
    definition::Action,
    xml::{self, Form, Options},
};

fn recover(bytes: &[u8]) -> xml::Recovered {
    xml::recover(bytes, &Options::default())
}

fn command(task: &wintask::definition::Task) -> &str {
    match &task.actions.list[..] {
        [Action::Exec(exec)] => &exec.command,
        other => panic!("{other:?}"),
    }
}

/// One bad character costs that character: the text around it and the action after it stay, with one finding.
#[test]
fn one_bad_character() {
    let cases: &[(&[u8], &str)] = &[
        (b"R & D", "R & D"),
        (b"R &foo; D", "R &foo; D"),
        (b"R \x01 D", "R \u{FFFD} D"),
        (b"R ]]> D", "R ]]> D"),
        (b"R\xE9D", "R\u{FFFD}D"),
        (b"R < D", "R < D"),
        (b"R <= D", "R <= D"),
        (b"R <![CDATA[ D", "R  D"),
        (b"R <!-- D", "R <!-- D"),
    ];
    for (inside, kept) in cases {
        let text = document("1.2", "<RegistrationInfo><Description>@</Description></RegistrationInfo>");
        let (before, after) = text.split_once('@').unwrap();
        let bytes = [before.as_bytes(), inside, after.as_bytes()].concat();
        assert!(xml::read(&bytes, &Options::default()).is_err(), "{kept}");
        let recovered = recover(&bytes);
        let task = recovered.task.unwrap();
        assert_eq!(task.registration_info.description.as_deref(), Some(*kept));
        assert_eq!(command(&task), "notepad.exe", "{kept}");
        assert_eq!(recovered.findings.len(), 1, "{:?}", recovered.findings);
    }
}

/// What comes before the root or after it, and what is missing at the end, hides nothing.
#[test]
fn around_the_root() {
    let text = document("1.2", "");
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: Vec<Vec<u8>> = vec![
        [&[0; 4], text.as_bytes()].concat(),
        [&[0; 4], utf16.as_slice()].concat(),
        [&[0xAA; 3], utf16.as_slice()].concat(),
        [&[0xFF, 0xFE], text.as_bytes()].concat(),
        format!("<!DOCTYPE Task [<!ENTITY a \"b\">]>{text}").into_bytes(),
        format!("text{text}").into_bytes(),
        format!("{text}text").into_bytes(),
        format!("{text}{text}").into_bytes(),
        format!("<Tasks>{text}</Tasks>").into_bytes(),
        text[..text.len() - 9].into(),
        [&utf16, &[0][..]].concat(),
        text.replacen("<Task", "<Tusk", 1).into_bytes(),
        text.replacen("<Task", "Task", 1).into_bytes(),
        // The root itself is overwritten.
        text.split_once('\n').unwrap().1.into(),
    ];
    for bytes in cases {
        let recovered = recover(&bytes);
        let task = recovered.task.unwrap_or_else(|| panic!("{:?}", String::from_utf8_lossy(&bytes)));
        assert_eq!(command(&task), "notepad.exe");
        assert!(!recovered.findings.is_empty());
    }
    assert_eq!(recover(b"nothing at all").task, None);
}

/// Elements whose tags are damaged or missing: the element's end is lost, not what follows it.
#[test]
fn tags() {
    let text =
        document("1.2", "  <Settings>\n    <Hidden>true</Hidden>\n    <Priority>5</Priority>\n  </Settings>");
    let cases = [
        ("</Hidden>", ""),
        ("</Hidden>", "<Hidden>"),
        ("</Hidden>", "</Hiden>"),
        ("</Hidden>", "</Hidden"),
        ("</Hidden>", "/Hidden>"),
        ("<Hidden>", "<Hidden"),
        ("<Hidden>", "Hidden>"),
        ("<Hidden>", "</Hidden>"),
        ("<Hidden>", "<Hiden>"),
        ("</Settings>", ""),
        ("<Settings>", "<Settings"),
        ("<Settings>", "Settings>"),
        ("<Settings>", "<Settings a=b c='d>"),
        ("</Exec>", ""),
    ];
    for (from, to) in cases {
        let recovered = recover(text.replacen(from, to, 1).as_bytes());
        let task = recovered.task.unwrap();
        assert_eq!(task.settings.hidden, Some(true), "{from} {to}");
        assert_eq!(task.settings.priority, Some(5), "{from} {to}");
        assert_eq!(command(&task), "notepad.exe", "{from} {to}");
    }
}

/// The elements of a text that contain nothing but text: where each is, and its text.
fn leaves(text: &str) -> Vec<(usize, usize, String)> {
    let mut leaves = Vec::new();
    for (start, _) in text.match_indices('<') {
        let name: String = text[start + 1..].chars().take_while(|c| c.is_alphanumeric()).collect();
        let Some((tag, rest)) = text[start..].split_once('>') else { continue };
        let Some((value, _)) = rest.split_once(&format!("</{name}>")) else { continue };
        if !name.is_empty() && !tag.ends_with('/') && !value.contains(['<', '&']) && !value.trim().is_empty()
        {
            leaves.push((start, start + tag.len() + 1 + value.len() + name.len() + 3, value.to_owned()));
        }
    }
    leaves
}

proptest! {
    /// A byte replaced, dropped or inserted anywhere: each element that does not touch it is in the task.
    #[test]
    fn one_damaged_byte(at in any::<prop::sample::Index>(), kind in 0..3, value in any::<u8>(), utf16 in any::<bool>()) {
        let text = xml::write_text(&super::everything(), Form::Utf8).unwrap();
        let bytes: Vec<u8> = if utf16 {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.clone().into_bytes()
        };
        let at = at.index(bytes.len());
        let mut damaged = bytes.clone();
        match kind {
            0 => damaged[at] = value,
            1 => { damaged.remove(at); }
            _ => damaged.insert(at, value),
        }
        let recovered = recover(&damaged);
        let task = recovered.task.ok_or_else(|| TestCaseError::fail("no task"))?;
        let kept = format!("{task:?} {:?}", recovered.findings.iter().map(|f| f.message()).collect::<Vec<_>>());
        let kept = kept.to_lowercase().replace("\\\\", "\\");
        let place = if utf16 { at / 2 } else { at };
        for (start, end, value) in leaves(&text) {
            // A damaged unit of UTF-16 may destroy the one next to it.
            if place + 2 < start || place > end + 2 {
                let value = value.trim_matches(['{', '}']).to_lowercase().replace('"', "\\\"");
                prop_assert!(kept.contains(&value), "{value} at {start}, damage at {place}");
            }
        }
    }
}
