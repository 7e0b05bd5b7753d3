//! Task definitions.

use wintask::{
    Profile,
    finding::Severity,
    limits,
    xml::{self, Form, Options},
};

/// Reading accepts any bytes and stays within the input. The forgiving reader agrees with the strict one if that
/// succeeds, and otherwise reports an error.
///
/// Catches: panics, hangs, locations outside the input, silent losses. Does not catch: a document that both misread.
pub(crate) fn read(data: &[u8]) {
    for profile in [Profile::Windows, Profile::Specification] {
        let options = Options::default().with_profile(profile);
        let recovered = xml::recover(data, &options);
        assert!(recovered.findings.iter().count() <= limits::MAX_FINDINGS);
        for finding in &recovered.findings {
            assert!(finding.place().offset().is_some_and(|at| at <= data.len()), "{finding}");
        }
        match xml::read(data, &options) {
            Ok(task) => {
                assert_eq!(recovered.task, Some(task));
                assert_ne!(recovered.findings.worst(), Some(Severity::Error));
            }
            Err(error) => {
                assert!(error.place().offset().is_some_and(|at| at <= data.len()), "{error}");
                assert!(error.hresult().is_failure());
                let info = &error.kind().info;
                assert!(info.line >= 1 && info.column >= 1, "{info}");
                let _ = error.kind().rule.hint();
                let first = recovered.findings.iter().find(|f| f.severity() == Severity::Error);
                let first = first.expect("everything that the strict reader rejects is reported");
                assert_eq!(first.code(), error.kind().rule.code(), "{error}");
                // If characters had to be replaced, markup may make more sense than before.
                if is_clean(data) {
                    assert_eq!(first.place().offset(), error.place().offset(), "{error}");
                }
            }
        }
    }
    for document in xml::documents(data).iter().take(4) {
        let _ = document.recover(&Options::default());
    }
}

/// Whether the bytes are UTF-8 with characters that XML allows.
fn is_clean(data: &[u8]) -> bool {
    let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    str::from_utf8(data).is_ok_and(|text| text.chars().all(legal))
}

/// Writing a task that was read, and reading it again, gives an equal task.
pub(crate) fn round_trip(data: &[u8]) {
    let options = Options::default();
    if let Ok(task) = xml::read(data, &options) {
        let written = xml::write(&task, Form::Utf8).expect("what was read can be written");
        assert_eq!(xml::read(&written, &options).as_ref(), Ok(&task));
        for form in [Form::Server, Form::File] {
            let written = xml::write(&task, form).expect("what was read can be written");
            let settled = xml::read(&written, &options).expect("what we write can be read");
            assert_eq!(xml::write(&settled, form).as_ref(), Ok(&written));
        }
        let _ = xml::needs(&task);
        let json = serde_json::to_string(&task).expect("a task is JSON");
        assert_eq!(serde_json::from_str::<wintask::definition::Task>(&json).ok(), Some(task));
    }
    // A recovered task can also be written, and recovering the output gives the same task.
    if let Some(task) = xml::recover(data, &options).task {
        for form in [Form::Utf8, Form::File] {
            if let Ok(written) = xml::write(&task, form) {
                assert_eq!(xml::recover(&written, &options).task.as_ref(), Some(&task), "{form:?}");
            }
        }
    }
}

/// Finds are in order, within the bytes, and do not overlap; they can be read.
pub(crate) fn carve(data: &[u8]) {
    let mut last = 0;
    for found in xml::carve(data) {
        assert!(found.span.start >= last && found.span.end <= data.len(), "{:?}", found.span);
        assert_eq!(found.bytes, &data[found.span.clone()]);
        last = found.span.end;
        let recovered = found.recover(&Options::default());
        for finding in &recovered.findings {
            assert!(finding.place().offset().is_none_or(|offset| offset <= data.len()), "{finding}");
        }
    }
}
