//! The registry's task cache.

use wintask::{
    finding::Severity,
    limits,
    taskcache::{
        RawActions, RawDynamicInfo, RawTriggers, Values, as_stored, is_stored_as, read, recover, write,
    },
};

/// A value is written back byte for byte, even if only a part of it can be read; the strict reader rejects everything that
/// the forgiving one reports as an error; and writing and reading again preserves the result.
///
/// Catches: lost bytes, inconsistent counts, panics, meanings that depend on filler. Does not catch: a field read
/// from the wrong place and written back there.
pub(crate) fn round_trip(data: &[u8]) {
    if let Ok(raw) = RawActions::parse(data) {
        assert_eq!(raw.to_bytes().as_deref(), Ok(data));
        assert!(raw.rest.is_empty());
    }
    if let Ok(raw) = RawTriggers::parse(data) {
        assert_eq!(raw.to_bytes().as_deref(), Ok(data));
        assert!(raw.rest.is_empty());
    }
    if let Ok(raw) = RawDynamicInfo::parse(data) {
        assert_eq!(raw.to_bytes(), data);
    }
    let bytes = Some(data.to_vec());
    let of = Values::default;
    meaning(&Values { actions: bytes.clone(), ..of() }, data);
    meaning(&Values { triggers: bytes.clone(), ..of() }, data);
    meaning(&Values { dynamic_info: bytes.clone(), ..of() }, data);
    meaning(&Values { sd: bytes.clone(), hash: bytes, ..of() }, data);
}

fn meaning(values: &Values, data: &[u8]) {
    let recovered = recover(values);
    assert!(recovered.findings.iter().count() <= limits::MAX_FINDINGS);
    for finding in &recovered.findings {
        let span = finding.place().span();
        assert!(span.is_none_or(|span| span.start <= span.end && span.end <= data.len()), "{finding}");
    }
    if let Some(raw) = &recovered.actions {
        assert_eq!(raw.to_bytes().as_deref(), Ok(data));
    }
    if let Some(raw) = &recovered.triggers {
        assert_eq!(raw.to_bytes().as_deref(), Ok(data));
    }
    if let Some(raw) = &recovered.dynamic_info {
        assert_eq!(raw.to_bytes(), data);
    }
    match read(values) {
        Ok(strict) => assert_eq!(strict, recovered),
        Err(_) => assert_eq!(recovered.findings.worst(), Some(Severity::Error)),
    }
    // The second time, everything can be stored.
    let again =
        |task| read(&write(&task).expect("short texts").values).expect("what is written can be read").task;
    let once = again(recovered.task);
    assert_eq!(as_stored(&once), once);
    assert_eq!(again(once.clone()), once);
    // Values that differ only in filler are known to mean the same without being read.
    let stored = write(&once).expect("short texts").values;
    let [actions, triggers] = [
        values.actions.clone().or(stored.actions.clone()),
        values.triggers.clone().or(stored.triggers.clone()),
    ];
    let read = recover(&Values { actions, triggers, ..stored });
    assert!(!is_stored_as(&once, &read) || read.task == once);
}
