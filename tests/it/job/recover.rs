//! Every readable field of a damaged file.

use super::full_job;
use wintask::{
    dtyp::WideString,
    finding::Severity,
    job::{Job, Recovered, recover},
};

fn strings(r: &Recovered) -> [Option<String>; 5] {
    [&r.application_name, &r.parameters, &r.working_directory, &r.author, &r.comment]
        .map(|part| part.as_ref().map(|s| s.value.to_string()))
}

fn expected() -> [Option<String>; 5] {
    let job = full_job();
    let text = |s: Option<WideString>| s.map(|s| s.to_string());
    [Some(job.application_name), job.parameters, job.working_directory, job.author, job.comment].map(text)
}

/// The offsets of the counts of `full_job`: five strings, user data, reserved data, triggers.
fn counts(bytes: &[u8]) -> [usize; 8] {
    let mut at = 70;
    std::array::from_fn(|index| {
        let here = at;
        let count = usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        at += 2 + count * if index < 5 { 2 } else { 1 };
        here
    })
}

/// One count overwritten with any value: only that count is lost.
#[test]
fn any_one_count_wrong() {
    let good = full_job().to_bytes().unwrap();
    for (index, at) in counts(&good).into_iter().enumerate() {
        for count in [0u16, 1, 2, 3, 7, 20, 100, 255, 256, 0x300, 0x1000, 0x7FFF, 0xFFFF] {
            let mut bytes = good.clone();
            if bytes[at..at + 2] == count.to_le_bytes() {
                continue;
            }
            bytes[at..at + 2].copy_from_slice(&count.to_le_bytes());
            let recovered = recover(&bytes);
            let what = format!("count {index} = {count}");
            if (index, count) == (7, 7) {
                // Seven triggers and 48 bytes that Windows reads as part of a signature: the file is valid.
                assert_eq!(recovered.job(), Job::parse(&bytes).ok(), "{what}");
                assert!(recovered.findings.iter().any(|f| f.code() == "job.signature.trigger"), "{what}");
                continue;
            }
            assert_eq!(strings(&recovered), expected(), "{what}");
            assert_eq!(recovered.job(), Some(full_job()), "{what}");
            assert_eq!(recovered.findings.worst(), Some(Severity::Error), "{what}");
            let named = recovered
                .findings
                .iter()
                .any(|f| f.place().offset().unwrap() == at && f.code() == "job.count");
            assert!(named, "{what}: {:#?}", recovered.findings);
        }
    }
}

/// A wrong Trigger Offset by itself loses nothing: Windows does not read it (note 53).
#[test]
fn wrong_trigger_offset() {
    let good = full_job().to_bytes().unwrap();
    for offset in [0u16, 1, 70, 72, 200, 0x7FFF, 0xFFFF] {
        let mut bytes = good.clone();
        bytes[0x16..0x18].copy_from_slice(&offset.to_le_bytes());
        assert_eq!(Job::parse(&bytes).unwrap(), full_job());
        let recovered = recover(&bytes);
        assert_eq!(recovered.job(), Some(full_job()), "{offset}");
        assert_ne!(recovered.findings.worst(), Some(Severity::Error), "{offset}");
    }
}

/// At every truncation: everything before the cut is read, and the cut is reported.
#[test]
fn every_truncation() {
    let good = full_job().to_bytes().unwrap();
    let counts = counts(&good);
    let whole = expected();
    for length in 0..good.len() {
        let recovered = recover(&good[..length]);
        assert_eq!(recovered.findings.worst(), Some(Severity::Error), "{length}");
        assert_eq!(recovered.fixed.flags.is_some(), length >= 0x34, "{length}");
        assert_eq!(recovered.fixed.complete().is_some(), length >= 68, "{length}");
        let read = strings(&recovered);
        for (index, end) in counts[1..6].iter().enumerate() {
            if *end <= length {
                assert_eq!(read[index], whole[index], "{length}: string {index}");
            } else if counts[index] + 4 <= length {
                // The string itself is cut, and its beginning is kept.
                let start = read[index].as_deref().unwrap_or_default();
                assert!(whole[index].as_deref().unwrap().starts_with(start), "{length}: {start}");
                assert!(!start.is_empty(), "{length}: string {index}");
            }
        }
        let triggers = length.saturating_sub(counts[7] + 2) / 48;
        let read: Vec<_> = recovered.triggers.iter().filter_map(|t| t.trigger()).collect();
        assert_eq!(read, full_job().triggers[..triggers], "{length}");
        // The first fields of the cut trigger are kept as well.
        if length >= counts[7] + 2 && (length - counts[7] - 2) % 48 >= 6 {
            let last = recovered.triggers.last().unwrap();
            assert_eq!(last.fields.begin_year, Some(2024), "{length}");
        }
    }
}

/// Strings destroyed beyond repair: the triggers are found by the header's offset.
#[test]
fn triggers_survive_the_strings() {
    let good = full_job().to_bytes().unwrap();
    let triggers = counts(&good)[7];
    let mut bytes = good;
    bytes[70..triggers].fill(0x41);
    let recovered = recover(&bytes);
    let read: Vec<_> = recovered.triggers.iter().filter_map(|t| t.trigger()).collect();
    assert_eq!(read, full_job().triggers);
    assert_eq!(recovered.fixed.job_uuid, Some(full_job().uuid));
}

#[test]
fn one_bad_trigger_does_not_lose_the_job() {
    let mut bytes = full_job().to_bytes().unwrap();
    let third = counts(&bytes)[7] + 2 + 2 * 48;
    bytes[third..third + 48].fill(0xFF);
    assert!(Job::parse(&bytes).is_err());
    let recovered = recover(&bytes);
    assert_eq!(recovered.triggers.len(), 8);
    assert_eq!(recovered.triggers[3].trigger(), Some(full_job().triggers[3]));
    insta::assert_snapshot!(recovered.findings.iter().map(|f| format!("{f}\n")).collect::<String>());
}

#[test]
fn findings_are_bounded_and_counted() {
    let many = Job { triggers: vec![full_job().triggers[0]; 1000], ..full_job() };
    let mut bytes = many.to_bytes().unwrap();
    let first = counts(&bytes)[7] + 2;
    for index in 0..1000 {
        bytes[first + 48 * index + 6] = 13;
    }
    let recovered = recover(&bytes);
    assert_eq!(recovered.findings.iter().count(), wintask::limits::MAX_FINDINGS);
    assert_eq!(recovered.findings.len(), 1000);
    assert_eq!(recovered.findings.omitted(), 1000 - wintask::limits::MAX_FINDINGS);
}

/// The count and everything before it are overwritten: triggers that still start with their size are found from the end.
#[test]
fn triggers_without_a_count() {
    let good = full_job().to_bytes().unwrap();
    let first = counts(&good)[7] + 2;
    for signature in [0, 68] {
        let mut bytes = good.clone();
        bytes[90..first + 10].fill(0);
        if signature > 0 {
            bytes.extend([1, 0, 1, 0]);
            bytes.extend([9; 64]);
        }
        let recovered = recover(&bytes);
        let read: Vec<_> = recovered.triggers.iter().filter_map(|t| t.trigger()).collect();
        assert_eq!(read, full_job().triggers[1..]);
        assert!(recovered.findings.iter().any(|f| f.code() == "job.triggers.apart"));
    }
}
