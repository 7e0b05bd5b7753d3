//! Routines as someone would write them who needs these stubs and nothing else: fixed order, `encoding_rs::mem`,
//! copies, and length checks only.

use encoding_rs::mem::{convert_str_to_utf16, convert_utf16_to_str};

fn align(stub: &mut Vec<u8>) {
    while !stub.len().is_multiple_of(4) {
        stub.push(0);
    }
}

fn number(stub: &mut Vec<u8>, value: u32) {
    stub.extend_from_slice(&value.to_le_bytes());
}

fn units(stub: &mut Vec<u8>, units: &[u16]) {
    let count = units.len() as u32 + 1;
    for value in [count, 0, count] {
        number(stub, value);
    }
    let start = stub.len();
    stub.resize(start + 2 * units.len(), 0);
    for (bytes, unit) in stub[start..].as_chunks_mut::<2>().0.iter_mut().zip(units) {
        *bytes = unit.to_le_bytes();
    }
    stub.extend_from_slice(&[0, 0]);
    align(stub);
}

fn text(stub: &mut Vec<u8>, text: &str) {
    let mut converted = vec![0; text.len() + 1];
    let written = convert_str_to_utf16(text, &mut converted);
    units(stub, &converted[..written]);
}

/// The request without credentials.
pub fn encode_register(path: &str, xml: &str, flags: u32, sddl: &str) -> Vec<u8> {
    let mut stub = Vec::with_capacity(2 * (path.len() + xml.len() + sddl.len()) + 128);
    number(&mut stub, 0x20000);
    text(&mut stub, path);
    text(&mut stub, xml);
    number(&mut stub, flags);
    number(&mut stub, 0x20004);
    text(&mut stub, sddl);
    for _ in 0..3 {
        number(&mut stub, 0);
    }
    stub
}

#[derive(Debug, PartialEq)]
pub struct Register {
    pub path: String,
    pub xml: String,
    pub flags: u32,
    pub sddl: String,
}

fn long(stub: &[u8], at: &mut usize) -> Option<u32> {
    let start = at.next_multiple_of(4);
    *at = start + 4;
    Some(u32::from_le_bytes(stub.get(start..start + 4)?.try_into().ok()?))
}

fn read_units(stub: &[u8], at: &mut usize) -> Option<Vec<u16>> {
    let (_, _, count) = (long(stub, at)?, long(stub, at)?, long(stub, at)? as usize);
    let bytes = stub.get(*at..*at + 2 * count)?;
    *at += 2 * count;
    Some(bytes.as_chunks::<2>().0[..count - 1].iter().map(|unit| u16::from_le_bytes(*unit)).collect())
}

fn read_text(stub: &[u8], at: &mut usize) -> Option<String> {
    let units = read_units(stub, at)?;
    let mut text = "\0".repeat(3 * units.len());
    let written = convert_utf16_to_str(&units, &mut text);
    text.truncate(written);
    Some(text)
}

pub fn decode_register(stub: &[u8]) -> Option<Register> {
    let at = &mut 4;
    let path = read_text(stub, at)?;
    let xml = read_text(stub, at)?;
    let flags = long(stub, at)?;
    long(stub, at)?;
    Some(Register { path, xml, flags, sddl: read_text(stub, at)? })
}

#[derive(Debug, PartialEq)]
pub struct Entry {
    pub id: u32,
    pub time: u32,
    pub days: u32,
    pub week: u8,
    pub flags: u8,
    pub command: Option<Vec<u16>>,
}

pub fn encode_jobs(entries: &[Entry], total: u32, resume: u32) -> Vec<u8> {
    let text: usize =
        entries.iter().map(|entry| entry.command.as_ref().map_or(0, |command| 18 + 2 * command.len())).sum();
    let mut stub = Vec::with_capacity(28 + 20 * entries.len() + text);
    let mut referent = 0x20000;
    number(&mut stub, entries.len() as u32);
    number(&mut stub, referent);
    number(&mut stub, entries.len() as u32);
    for entry in entries {
        for value in [entry.id, entry.time, entry.days] {
            number(&mut stub, value);
        }
        stub.extend_from_slice(&[entry.week, entry.flags, 0, 0]);
        if entry.command.is_some() {
            referent += 4;
            number(&mut stub, referent);
        } else {
            number(&mut stub, 0);
        }
    }
    for command in entries.iter().filter_map(|entry| entry.command.as_ref()) {
        units(&mut stub, command);
    }
    for value in [total, referent + 4, resume, 0] {
        number(&mut stub, value);
    }
    stub
}

pub fn decode_jobs(stub: &[u8]) -> Option<Vec<Entry>> {
    let at = &mut 0;
    let count = long(stub, at)? as usize;
    let (_, _) = (long(stub, at)?, long(stub, at)?);
    let fixed = stub.get(*at..*at + 20 * count)?;
    let value = |bytes: &[u8], at: usize| {
        u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    };
    let mut entries = Vec::with_capacity(count);
    *at += 20 * count;
    for bytes in fixed.chunks_exact(20) {
        let command = if value(bytes, 16) == 0 {
            None
        } else {
            *at = at.next_multiple_of(4);
            Some(read_units(stub, at)?)
        };
        entries.push(Entry {
            id: value(bytes, 0),
            time: value(bytes, 4),
            days: value(bytes, 8),
            week: bytes[12],
            flags: bytes[13],
            command,
        });
    }
    let (_, _, _, _) = (long(stub, at)?, long(stub, at)?, long(stub, at)?, long(stub, at)?);
    Some(entries)
}
