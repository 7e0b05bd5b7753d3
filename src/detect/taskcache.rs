//! The binary values under the registry key `TaskCache`. Their layouts are published by analysts, not by Microsoft.

use super::{
    cursor::{Cursor, Step, Stop},
    found::{Damage, DamageKind, Detection, Kind, Reason, TaskCacheValue},
};
use crate::{dtyp::FileTime, job::Confidence, security::SecurityDescriptor};

pub(super) fn detect(bytes: &[u8]) -> Option<Detection> {
    let candidates = [dynamic_info(bytes), actions(bytes), triggers(bytes), descriptor(bytes)];
    candidates.into_iter().flatten().max_by_key(|candidate| candidate.confidence)
}

fn found(value: TaskCacheValue, confidence: Confidence, damage: Option<Damage>) -> Detection {
    let reason = if damage.is_none() { Reason::Layout } else { Reason::FirstFields };
    Detection::new(Kind::TaskCache(value), confidence, reason, damage)
}

/// The verdict on a value with valid first fields, after walking its structure.
fn walked(value: TaskCacheValue, walk: Step, at: usize, end: usize) -> Detection {
    match walk {
        Ok(()) => found(value, Confidence::High, None),
        Err(Stop::End) => {
            let damage = Damage { kind: DamageKind::Truncated, offset: end };
            found(value, Confidence::Medium, Some(damage))
        }
        Err(Stop::Value) => {
            let damage = Damage { kind: DamageKind::Malformed, offset: at };
            found(value, Confidence::Medium, Some(damage))
        }
    }
}

/// The size of the value since Windows 8, and before.
const DYNAMIC_INFO: [usize; 2] = [36, 28];

fn dynamic_info(bytes: &[u8]) -> Option<Detection> {
    let mut cursor = Cursor::new(bytes);
    if bytes.len() > DYNAMIC_INFO[0] || cursor.u32().ok()? != 3 {
        return None;
    }
    let registered = cursor.u64().ok()?;
    let last_run = cursor.u64().unwrap_or_default();
    if !is_recent(registered) || last_run != 0 && !is_recent(last_run) {
        return None;
    }
    let damage = Damage { kind: DamageKind::Truncated, offset: bytes.len() };
    Some(if DYNAMIC_INFO.contains(&bytes.len()) {
        found(TaskCacheValue::DynamicInfo, Confidence::High, None)
    } else {
        found(TaskCacheValue::DynamicInfo, Confidence::Low, Some(damage))
    })
}

/// Whether the time can occur in a registry of Windows Vista or later.
fn is_recent(time: u64) -> bool {
    FileTime(time).to_instant().is_some_and(|time| (1990..2200).contains(&time.year()))
}

const EXEC: u16 = 0x6666;
const COM_HANDLER: u16 = 0x7777;
const SEND_EMAIL: u16 = 0x8888;
const SHOW_MESSAGE: u16 = 0x9999;

fn actions(bytes: &[u8]) -> Option<Detection> {
    let mut cursor = Cursor::new(bytes);
    let version = cursor.u16().ok().filter(|version| matches!(version, 1..=3))?;
    let context = if version == 3 { cursor.text().ok()? } else { &[] };
    let mut ahead = cursor;
    let known = matches!(ahead.u16(), Ok(EXEC | COM_HANDLER | SEND_EMAIL | SHOW_MESSAGE));
    if !known {
        // No actions: only the name of a principal.
        let alone = cursor.is_at_end() && !context.is_empty() && is_text(context);
        return alone.then(|| found(TaskCacheValue::Actions, Confidence::Medium, None));
    }
    let mut whole = 0;
    let walk = action_list(&mut cursor, version, &mut whole);
    let detection = walked(TaskCacheValue::Actions, walk, cursor.at, bytes.len());
    let named = !context.is_empty() && is_text(context);
    let confidence = match (detection.damage, named, whole) {
        (None, ..) | (_, true, 1..) => Confidence::High,
        (_, true, 0) | (_, false, 1..) => Confidence::Medium,
        // Only the two bytes of the first action's kind are present.
        (_, false, 0) => Confidence::Low,
    };
    Some(Detection { confidence, ..detection })
}

/// Skips the actions, and counts the complete ones.
fn action_list(cursor: &mut Cursor<'_>, version: u16, whole: &mut usize) -> Step {
    while !cursor.is_at_end() {
        let kind = cursor.u16()?;
        cursor.text()?;
        match kind {
            EXEC => {
                texts(cursor, 3)?;
                if version == 3 {
                    cursor.u16()?;
                }
            }
            COM_HANDLER => {
                cursor.take(16)?;
                texts(cursor, 1)?;
            }
            SEND_EMAIL => {
                texts(cursor, 8)?;
                let attachments = cursor.size()?;
                texts(cursor, attachments)?;
                let fields = cursor.size()?;
                texts(cursor, fields.saturating_mul(2))?;
            }
            SHOW_MESSAGE => texts(cursor, 2)?,
            _ => return Err(Stop::Value),
        }
        *whole += 1;
    }
    Ok(())
}

/// Skips `count` strings. Each takes at least four bytes, so the input bounds the loop.
fn texts(cursor: &mut Cursor<'_>, count: usize) -> Step {
    for _ in 0..count {
        cursor.text()?;
    }
    Ok(())
}

/// Whether the bytes are UTF-16 without control characters.
fn is_text(bytes: &[u8]) -> bool {
    let (units, rest) = bytes.as_chunks::<2>();
    rest.is_empty() && units.iter().all(|unit| !matches!(unit, [0..=0x1F, 0]))
}

/// The flag that every task has in its job bucket.
const TASK: u32 = 0x0200_0000;

fn triggers(bytes: &[u8]) -> Option<Detection> {
    let mut cursor = Cursor::new(bytes);
    let version = cursor.array::<8>().ok()?[0];
    if !matches!(version, 0x15..=0x17) {
        return None;
    }
    time(&mut cursor).ok()?;
    time(&mut cursor).ok()?;
    let flags = cursor.u32().ok()?;
    if flags & TASK == 0 {
        return None;
    }
    let walk = trigger_list(&mut cursor, version);
    Some(walked(TaskCacheValue::Triggers, walk, cursor.at, bytes.len()))
}

/// Skips the job bucket after its flags, and the triggers.
fn trigger_list(cursor: &mut Cursor<'_>, version: u8) -> Step {
    cursor.take(4 + 8)?;
    // The principal's identifier, then its display name.
    for since in [0x16, 0x17] {
        if version >= since {
            padded_bytes(cursor)?;
        }
    }
    user(cursor)?;
    let settings = aligned_size(cursor)?;
    cursor.take(match settings {
        0 => 0,
        0x2C => 0x30,
        0x38 | 0x58 => settings,
        _ => return Err(Stop::Value),
    })?;
    while !cursor.is_at_end() {
        let kind = aligned_size(cursor)?;
        if kind != 0xDDDD {
            generic(cursor, version)?;
        }
        match kind {
            0x6666 => {
                cursor.take(8)?;
                padded_bytes(cursor)?;
            }
            0x7777 => {
                cursor.take(8)?;
                user(cursor)?;
            }
            0xAAAA => user(cursor)?,
            0xCCCC => event(cursor)?,
            0xDDDD => {
                time(cursor)?;
                time(cursor)?;
                cursor.take(88 - 32)?;
                identifier(cursor, version)?;
            }
            0x8888 | 0xEEEE | 0xFFFF => {}
            _ => return Err(Stop::Value),
        }
    }
    Ok(())
}

/// Skips the fields shared by all triggers that are not time-based.
fn generic(cursor: &mut Cursor<'_>, version: u8) -> Step {
    time(cursor)?;
    time(cursor)?;
    cursor.take(5 * 4 + 4 + 8 + 8)?;
    identifier(cursor, version)
}

/// Skips a trigger's identifier, including its padding to eight bytes.
fn identifier(cursor: &mut Cursor<'_>, version: u8) -> Step {
    if version < 0x16 {
        return Ok(());
    }
    let size = cursor.text()?.len();
    pad(cursor, 4 + size)
}

fn event(cursor: &mut Cursor<'_>) -> Step {
    padded_text(cursor)?;
    cursor.take(8)?;
    padded_text(cursor)?;
    for _ in 0..aligned_size(cursor)? {
        padded_text(cursor)?;
        padded_text(cursor)?;
    }
    Ok(())
}

/// Skips an account: its SID and its name, both optional.
fn user(cursor: &mut Cursor<'_>) -> Step {
    if aligned_flag(cursor)? {
        return Ok(());
    }
    if !aligned_flag(cursor)? {
        cursor.take(8)?;
        padded_bytes(cursor)?;
    }
    padded_bytes(cursor)
}

/// Skips a flag for local time, and the time.
fn time(cursor: &mut Cursor<'_>) -> Step {
    aligned_flag(cursor)?;
    cursor.u64().map(drop)
}

fn aligned_flag(cursor: &mut Cursor<'_>) -> Step<bool> {
    let flag = cursor.flag()?;
    cursor.take(7)?;
    Ok(flag)
}

fn aligned_size(cursor: &mut Cursor<'_>) -> Step<usize> {
    let size = cursor.size()?;
    cursor.take(4)?;
    Ok(size)
}

fn padded_bytes(cursor: &mut Cursor<'_>) -> Step {
    let size = aligned_size(cursor)?;
    cursor.take(size)?;
    pad(cursor, size)
}

/// Skips text with a count of characters that excludes the NUL; a count of zero has no text.
fn padded_text(cursor: &mut Cursor<'_>) -> Step {
    let count = aligned_size(cursor)?;
    let size = if count == 0 { 0 } else { count.saturating_mul(2).saturating_add(2) };
    cursor.take(size)?;
    pad(cursor, size)
}

fn pad(cursor: &mut Cursor<'_>, size: usize) -> Step {
    cursor.take(size.wrapping_neg() % 8).map(drop)
}

/// The control bit SE_SELF_RELATIVE, in the high byte of the word.
const SELF_RELATIVE: u8 = 0x80;

fn descriptor(bytes: &[u8]) -> Option<Detection> {
    let opens = matches!(bytes, [1, _, _, high, ..] if high & SELF_RELATIVE != 0);
    let readable = opens && SecurityDescriptor::from_bytes(bytes).is_ok();
    readable.then(|| found(TaskCacheValue::Sd, Confidence::Medium, None))
}
