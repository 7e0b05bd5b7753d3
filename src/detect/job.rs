//! Detects .JOB files by the constants in their header.

use super::found::{Damage, DamageKind, Detection, Kind, Reason};
use crate::job::{Confidence, ErrorKind, PartialFixedData, RawJob};

/// The offset of the application name in every real file.
const APPLICATION_NAME: u16 = 70;

/// The number of header constants that must match. Three of them are 46 bits.
const ENOUGH: usize = 3;

pub(super) fn detect(bytes: &[u8]) -> Option<Detection> {
    let header = PartialFixedData::from_bytes(bytes);
    let constants = [
        header.product_version.is_some_and(|v| matches!(v.0.to_be_bytes(), [4 | 5 | 6 | 10, 0..=3])),
        header.file_version == Some(1),
        header.app_name_len_offset == Some(APPLICATION_NAME),
        header.priority.is_some_and(|priority| matches!(priority.0, 0x20 | 0x40 | 0x80 | 0x100)),
    ];
    let right = constants.into_iter().filter(|right| *right).count();
    // An unknown product version or a truncated priority does not matter.
    if right < ENOUGH && !(constants[1] && constants[2]) {
        return None;
    }
    let (reason, damage) = match RawJob::parse(bytes) {
        Ok(raw) => {
            let trailing = raw.trailing().len();
            let damage = Damage { kind: DamageKind::Trailing, offset: bytes.len() - trailing };
            (Reason::JobFile, (trailing > 0).then_some(damage))
        }
        Err(error) => {
            let kind = match error.kind() {
                ErrorKind::Truncated { .. } => DamageKind::Truncated,
                _ => DamageKind::Malformed,
            };
            let offset = error.place().offset().unwrap_or_default().min(bytes.len());
            (Reason::JobHeader, Some(Damage { kind, offset }))
        }
    };
    let confidence = match (reason, right) {
        (Reason::JobFile, 3..) | (_, 4) => Confidence::High,
        (Reason::JobFile, _) | (_, 3) => Confidence::Medium,
        _ => Confidence::Low,
    };
    Some(Detection::new(Kind::Job, confidence, reason, damage))
}
