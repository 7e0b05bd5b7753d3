//! The .JOB file: round trips, recovery, carving.

use wintask::{
    finding::Severity,
    job::{self, Confidence, Job, RawJob, Release},
    limits,
};

/// A file is written back byte for byte; the meaning of a job survives writing.
///
/// Catches: lost bytes, inconsistent counts, a meaning that depends on reserved words. Does not catch: a field read
/// from the wrong place and written back there.
pub(crate) fn round_trip(data: &[u8]) {
    for release in [Release::Windows10, Release::WindowsXp] {
        if let Ok(raw) = RawJob::parse_on(data, release) {
            assert_eq!(raw.to_bytes().as_deref(), Ok(data));
            let spans: Vec<_> = raw.parts().collect();
            assert_eq!(spans.last().map(|(_, span)| span.end), Some(data.len()));
            let meant = Job::from_raw(&raw);
            if let Ok(written) = meant.to_bytes() {
                let again = RawJob::parse(&written).expect("what we write has parts");
                assert_eq!(Job::from_raw(&again), meant);
            }
        }
        if let Err(error) = Job::parse_on(data, release) {
            let span = error.place().span().expect("a place in the file");
            assert!(span.start <= span.end && span.end <= data.len(), "{error}: {span:?}");
            assert_eq!(error.hresult_on(Release::Windows10), error.hresult());
            assert!(error.hresult().is_failure());
        }
    }
}

/// Recovery accepts any bytes, stays within the input, and agrees with the strict reader if that succeeds.
pub(crate) fn recover(data: &[u8]) {
    let recovered = job::recover(data);
    assert!(recovered.findings.iter().count() <= limits::MAX_FINDINGS);
    for finding in &recovered.findings {
        let span = finding.place().span().expect("a place in the file");
        assert!(span.start <= span.end && span.end <= data.len(), "{finding}: {span:?}");
    }
    let mut end = 0;
    for trigger in &recovered.triggers {
        assert!(trigger.span.start >= end && trigger.span.end <= data.len());
        end = trigger.span.end;
    }
    match Job::parse(data) {
        Ok(job) => {
            assert_eq!(recovered.job(), Some(job));
            assert_ne!(recovered.findings.worst(), Some(Severity::Error));
        }
        // Anything that the strict reader rejects has at least a finding.
        Err(_) => assert_eq!(recovered.findings.worst(), Some(Severity::Error)),
    }
}

/// Carving reports every header in the slice, in order and once.
pub(crate) fn carve(data: &[u8]) {
    let found: Vec<_> = job::carve(data).collect();
    let mut from = 0;
    for find in &found {
        assert_eq!(data.get(find.span.clone()), Some(find.bytes));
        assert!(find.span.start >= from);
        from = if find.confidence == Confidence::High { find.span.end } else { find.span.start + 1 };
        if find.confidence == Confidence::High {
            let raw = RawJob::parse(find.bytes).expect("a find of high confidence has parts");
            assert!(raw.tail.len() == 68 || raw.tail.is_empty());
        }
        let _ = find.recover();
    }
    // An independent check of every offset: a header of a complete file must have been reported, or be inside a
    // reported file.
    for start in 0..data.len() {
        let rest = &data[start..];
        let opens = rest.len() > 68 && rest[2..4] == [1, 0] && rest[0x14..0x16] == [70, 0];
        if opens
            && matches!(rest[1], 4..=6 | 10)
            && rest[0] <= 3
            && Job::parse(rest).is_ok_and(|j| j.priority.0 == 0x20)
        {
            let reported = found.iter().any(|find| find.span.start == start || find.span.contains(&start));
            assert!(reported, "the file at {start} was passed over");
        }
    }
}
