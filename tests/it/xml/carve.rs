//! Definitions inside something larger.

use super::document;
use wintask::xml::{Carved, Confidence, Options, carve};

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn found(bytes: &[u8]) -> Vec<Carved<'_>> {
    carve(bytes).collect()
}

/// Both encodings, at every alignment, between bytes that are nothing, with and without a declaration.
#[test]
fn any_alignment() {
    for declaration in ["", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n"] {
        let text = format!("{declaration}{}", document("1.2", ""));
        for file in [text.clone().into_bytes(), utf16(&text)] {
            for junk in [0x00, 0xAA, 0xFF] {
                for before in 0..17 {
                    let image = [vec![junk; before], file.clone(), vec![junk; 50]].concat();
                    let found = found(&image);
                    assert_eq!(found.len(), 1, "{junk:#x} {before}");
                    assert_eq!(found[0].span, before..before + file.len(), "{junk:#x} {before}");
                    assert_eq!(found[0].confidence, Confidence::High);
                    let task = found[0].recover(&Options::default()).task.unwrap();
                    assert_eq!(task.actions.list.len(), 1);
                }
            }
        }
    }
}

/// What is cut off ends where the next one begins, where a run of NULs does, or with the slice.
#[test]
fn damaged_ones() {
    let text = document("1.2", "");
    let cut = &text[..text.len() - 20];
    let image = [cut.as_bytes(), text.as_bytes(), &[0; 100], cut.as_bytes(), &[0; 100]].concat();
    let found = found(&image);
    let sizes: Vec<_> = found.iter().map(|f| (f.bytes.len(), f.confidence)).collect();
    let (medium, high) = (Confidence::Medium, Confidence::High);
    assert_eq!(sizes, [(cut.len(), medium), (text.len(), high), (cut.len(), medium)]);
    assert!(found.iter().all(|f| f.recover(&Options::default()).task.is_some()));
}

/// Findings have their places in the slice.
#[test]
fn places() {
    let text = document("1.2", "<Settings><Priority>99</Priority></Settings>");
    let image = [&[0xAA; 333], text.as_bytes()].concat();
    let recovered = found(&image)[0].recover(&Options::default());
    let finding = recovered.findings.iter().next().unwrap();
    assert_eq!(finding.place().offset(), Some(333 + text.find("99").unwrap()));
}

/// `Tasks` is not a task, and text with thousands of such start tags is scanned only once.
#[test]
fn hostile() {
    assert_eq!(found(b"<Tasks><Tas").len(), 0);
    for text in ["<Task ", "<Task>", "<Task", "</Task>", "<?xml ?>"] {
        for image in [text.repeat(100_000).into_bytes(), utf16(&text.repeat(100_000))] {
            let total: usize = carve(&image).map(|f| f.bytes.len()).sum();
            assert!(total <= image.len());
        }
    }
}
