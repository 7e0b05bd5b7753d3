//! Several definitions in one file.

use super::document;
use wintask::xml::{self, Options};

fn found(dump: &str) -> Vec<(Option<String>, u32, bool)> {
    let documents = xml::documents(dump.as_bytes());
    documents
        .iter()
        .map(|d| {
            (d.name.map(str::to_owned), d.start.line, xml::read_text(d.text, &Options::default()).is_ok())
        })
        .collect()
}

#[test]
fn as_schtasks_prints_them() {
    let one = document("1.2", "");
    let separate = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n\r\n<!-- \\Folder\\First Task -->\r\n{one}\r\n\r\n<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n{one}\r\n"
    );
    assert_eq!(found(&separate), [(Some(r"\Folder\First Task".into()), 4, true), (None, 14, true)]);
    let together = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<Tasks>\n<!-- \\A -->\n{one}\n<!-- \\B -->\n{one}\n</Tasks>"
    );
    assert_eq!(found(&together), [(Some(r"\A".into()), 4, true), (Some(r"\B".into()), 13, true)]);
    assert_eq!(found(&one), [(None, 1, true)]);
    assert_eq!(found("nothing here < at <all"), []);
}

#[test]
fn a_damaged_one_does_not_hide_the_next() {
    let one = document("1.2", "");
    let cut = &one[..one.len() - 20];
    let dump = format!("<?xml version=\"1.0\"?>\n{cut}\n<?xml version=\"1.0\"?>\n{one}");
    let found = found(&dump);
    assert_eq!(found.iter().map(|(.., good)| *good).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn tags_in_sections_and_comments_are_none() {
    let tricky = document("1.2", "  <Data><![CDATA[</Task><Task>]]><!-- </Task> --></Data>");
    assert_eq!(found(&format!("{tricky}{tricky}")).len(), 2);
    let nested = document("1.2", "  <Data><Task/><Task></Task ></Data>");
    let dump = format!("{nested}\n{nested}");
    let documents = xml::documents(dump.as_bytes());
    assert_eq!(documents.iter().map(|d| d.text).collect::<Vec<_>>(), [nested.as_str(), &nested]);
}

/// The places of errors and findings are places in the file: byte, line and column, in each encoding, after a byte order
/// mark, after characters of several bytes, and after some that cannot be decoded.
#[test]
fn places_are_in_the_file() {
    let bad = document("1.2", "  <Settings><Priority>99</Priority></Settings>");
    let dump = format!("<?xml version='1.0'?>\r\n<!-- \\Größe \u{1D49C} -->\n{bad} {bad}\n<Tasks> {bad}");
    let places: Vec<usize> = dump.match_indices("99<").map(|(at, _)| at).collect();
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let lone = |bytes: Vec<u8>| [&bytes[..20], &[0x00, 0xD8][..], &bytes[20..]].concat();
    type Size = fn(&str) -> usize;
    let cases: [(Vec<u8>, Size, usize); 5] = [
        (dump.clone().into_bytes(), |text| text.len(), 0),
        ([&[0xEF, 0xBB, 0xBF], dump.as_bytes()].concat(), |text| text.len(), 3),
        ([&[0xFF, 0xFE], utf16(&dump).as_slice()].concat(), |text| 2 * text.encode_utf16().count(), 2),
        // A byte that is not UTF-8, and a unit that is not UTF-16, in the first line.
        ([&dump.as_bytes()[..10], &[0xE9][..], &dump.as_bytes()[10..]].concat(), |text| text.len(), 1),
        (lone(utf16(&dump)), |text| 2 * text.encode_utf16().count(), 2),
    ];
    for (bytes, size, more) in cases {
        let documents = xml::documents(&bytes);
        let documents: Vec<_> = documents.iter().collect();
        assert_eq!(documents.len(), 3);
        for (document, at) in documents.iter().zip(&places) {
            let offset = size(&dump[..*at]) + more;
            let line = dump[..*at].matches('\n').count() as u32 + 1;
            let column = dump[..*at].rsplit('\n').next().unwrap().encode_utf16().count() as u32 + 1;
            let findings = document.recover(&Options::default()).findings;
            let finding = findings.iter().next().unwrap();
            assert_eq!(finding.place().offset(), Some(offset), "{finding}");
            assert_eq!(finding.place().line_and_column(), Some((line, column)), "{finding}");
            let error = document.read(&Options::default()).unwrap_err();
            assert_eq!(error.place(), finding.place());
        }
    }
}
