//! Several definitions in one file.

use super::document;
use wintask::xml::{self, Options};

fn found(dump: &str) -> Vec<(Option<String>, u32, bool)> {
    let documents = xml::documents(dump.as_bytes());
    documents
        .iter()
        .map(|d| (d.name.map(str::to_owned), d.line, xml::read_text(d.text, &Options::default()).is_ok()))
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
