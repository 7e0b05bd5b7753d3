//! Finding files inside larger slices.

use super::full_job;
use proptest::{collection::vec, prelude::*};
use wintask::job::{Carved, Confidence, Job, carve};

fn spans(bytes: &[u8]) -> Vec<(std::ops::Range<usize>, Confidence)> {
    carve(bytes).map(|Carved { span, confidence, .. }| (span, confidence)).collect()
}

#[test]
fn back_to_back_and_in_between() {
    let file = full_job().to_bytes().unwrap();
    let size = file.len();
    let image = [&[0u8; 513][..], &file, &file, &[0xFF; 77], &file].concat();
    assert_eq!(
        spans(&image),
        [
            (513..513 + size, Confidence::High),
            (513 + size..513 + 2 * size, Confidence::High),
            (590 + 2 * size..590 + 3 * size, Confidence::High),
        ]
    );
}

#[test]
fn cut_by_the_end_of_the_slice() {
    let file = full_job().to_bytes().unwrap();
    for length in 80..file.len() {
        let found = spans(&file[..length]);
        assert_eq!(found.len(), 1, "{length}");
        assert_eq!(found[0].0.start, 0);
        assert_ne!(found[0].1, Confidence::High, "{length}");
        // Nothing present is cut off.
        let find = carve(&file[..length]).next().unwrap();
        let triggers = find.recover().triggers.len();
        assert_eq!(triggers, wintask::job::recover(&file[..length]).triggers.len(), "{length}");
    }
}

#[test]
fn a_signature_belongs_to_the_file() {
    let mut signed = full_job().to_bytes().unwrap();
    let size = signed.len();
    signed.extend([1, 0, 1, 0]);
    signed.extend([7; 64]);
    assert_eq!(spans(&[&signed[..], &[0; 100]].concat()), [(0..size + 68, Confidence::High)]);
}

#[test]
fn a_file_within_a_file_is_reported_once() {
    let inner = Job::new(uuid::Uuid::nil(), "inner.exe").to_bytes().unwrap();
    let outer = Job { user_data: inner.clone(), ..full_job() }.to_bytes().unwrap();
    assert_eq!(spans(&outer), [(0..outer.len(), Confidence::High)]);
    // When the outer one is damaged, the inner one is found.
    let mut damaged = outer;
    damaged[70] = 0xFF;
    let found = spans(&damaged);
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].0.len(), inner.len());
}

proptest! {
    #[test]
    fn what_is_planted_is_found(
        before in vec(any::<u8>(), 0..300),
        after in vec(any::<u8>(), 0..300),
        job in super::properties::job(),
    ) {
        let known = Job {
            priority: wintask::job::Priority::NORMAL,
            product_version: wintask::job::ProductVersion::WINDOWS_7,
            ..job
        };
        let file = known.to_bytes().unwrap();
        let image = [before.clone(), file.clone(), after].concat();
        let found: Vec<_> = carve(&image).collect();
        let hit = found.iter().find(|find| find.span.start == before.len()).expect("found");
        prop_assert_eq!(hit.confidence, Confidence::High);
        prop_assert_eq!(&hit.bytes[..file.len()], &file[..]);
    }
}
