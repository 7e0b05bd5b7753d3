//! Readers and a writer as someone would write them who needs the same fields and nothing else.

use nom::{
    IResult, Parser,
    bytes::complete::take,
    multi::{count, length_count, length_data},
    number::complete::{le_u16, le_u32},
};

#[allow(dead_code, reason = "the fields are read, that is the point")]
#[derive(Default)]
pub struct Trigger {
    pub words: [u16; 8],
    pub time: [u16; 2],
    pub duration: u32,
    pub interval: u32,
    pub flags: u32,
    pub kind: u32,
    pub specific: [u16; 6],
}

#[allow(dead_code, reason = "the fields are read, that is the point")]
#[derive(Default)]
pub struct Job {
    pub versions: [u16; 2],
    pub uuid: [u8; 16],
    pub words: [u16; 6],
    pub longs: [u32; 5],
    pub last_run: [u16; 8],
    pub instances: u16,
    pub strings: [Vec<u16>; 5],
    pub user_data: Vec<u8>,
    pub reserved: Vec<u8>,
    pub triggers: Vec<Trigger>,
}

fn word(b: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([b[at], b[at + 1]])
}

fn long(b: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]])
}

/// Fixed offsets, slices, hardly any errors.
pub fn hand_written(b: &[u8]) -> Option<Job> {
    if b.len() < 70 {
        return None;
    }
    let mut job = Job {
        versions: [word(b, 0), word(b, 2)],
        uuid: b[4..20].try_into().ok()?,
        words: std::array::from_fn(|i| word(b, 0x14 + 2 * i)),
        longs: std::array::from_fn(|i| long(b, 0x20 + 4 * i)),
        last_run: std::array::from_fn(|i| word(b, 0x34 + 2 * i)),
        instances: word(b, 68),
        ..Job::default()
    };
    let mut at = 70;
    let count = |at: usize| b.get(at..at + 2).map(|c| usize::from(word(c, 0)));
    for string in &mut job.strings {
        let size = 2 * count(at)?;
        let units = b.get(at + 2..at + 2 + size)?;
        *string = units.as_chunks::<2>().0.iter().map(|u| u16::from_le_bytes(*u)).collect();
        at += 2 + size;
    }
    for data in [&mut job.user_data, &mut job.reserved] {
        let size = count(at)?;
        *data = b.get(at + 2..at + 2 + size)?.to_vec();
        at += 2 + size;
    }
    let triggers = count(at)?;
    let bytes = b.get(at + 2..at + 2 + 48 * triggers)?;
    job.triggers = bytes
        .chunks_exact(48)
        .map(|t| Trigger {
            words: std::array::from_fn(|i| word(t, 2 * i)),
            time: [word(t, 16), word(t, 18)],
            duration: long(t, 20),
            interval: long(t, 24),
            flags: long(t, 28),
            kind: long(t, 32),
            specific: std::array::from_fn(|i| word(t, 36 + 2 * i)),
        })
        .collect();
    Some(job)
}

/// The same fields written one after the other, into a vector that grows as it needs.
pub fn write(job: &Job) -> Vec<u8> {
    let mut out = Vec::new();
    for word in job.versions {
        out.extend(word.to_le_bytes());
    }
    out.extend(job.uuid);
    for word in job.words {
        out.extend(word.to_le_bytes());
    }
    for long in job.longs {
        out.extend(long.to_le_bytes());
    }
    for word in job.last_run {
        out.extend(word.to_le_bytes());
    }
    out.extend(job.instances.to_le_bytes());
    for string in &job.strings {
        out.extend((string.len() as u16).to_le_bytes());
        for unit in string {
            out.extend(unit.to_le_bytes());
        }
    }
    for data in [&job.user_data, &job.reserved] {
        out.extend((data.len() as u16).to_le_bytes());
        out.extend(data);
    }
    out.extend((job.triggers.len() as u16).to_le_bytes());
    for trigger in &job.triggers {
        for word in trigger.words {
            out.extend(word.to_le_bytes());
        }
        for word in trigger.time {
            out.extend(word.to_le_bytes());
        }
        for long in [trigger.duration, trigger.interval, trigger.flags, trigger.kind] {
            out.extend(long.to_le_bytes());
        }
        for word in trigger.specific {
            out.extend(word.to_le_bytes());
        }
    }
    out
}

fn words<const N: usize>(input: &[u8]) -> IResult<&[u8], [u16; N]> {
    let (input, words) = count(le_u16, N).parse(input)?;
    Ok((input, words.try_into().unwrap_or([0; N])))
}

fn nom_trigger(input: &[u8]) -> IResult<&[u8], Trigger> {
    let (input, words) = words::<8>(input)?;
    let (input, hour) = le_u16(input)?;
    let (input, minute) = le_u16(input)?;
    let (input, duration) = le_u32(input)?;
    let (input, interval) = le_u32(input)?;
    let (input, flags) = le_u32(input)?;
    let (input, kind) = le_u32(input)?;
    let (input, specific) = self::words::<6>(input)?;
    Ok((input, Trigger { words, time: [hour, minute], duration, interval, flags, kind, specific }))
}

fn nom_job(input: &[u8]) -> IResult<&[u8], Job> {
    let (input, versions) = words::<2>(input)?;
    let (input, uuid) = take(16usize)(input)?;
    let (input, six) = words::<6>(input)?;
    let (input, longs) = count(le_u32, 5).parse(input)?;
    let (input, last_run) = words::<8>(input)?;
    let (input, instances) = le_u16(input)?;
    let (input, strings) = count(length_count(le_u16, le_u16), 5).parse(input)?;
    let (input, user_data) = length_data(le_u16).parse(input)?;
    let (input, reserved) = length_data(le_u16).parse(input)?;
    let (input, triggers) = length_count(le_u16, nom_trigger).parse(input)?;
    let job = Job {
        versions,
        uuid: uuid.try_into().unwrap_or_default(),
        words: six,
        longs: longs.try_into().unwrap_or_default(),
        last_run,
        instances,
        strings: strings.try_into().unwrap_or_default(),
        user_data: user_data.to_vec(),
        reserved: reserved.to_vec(),
        triggers,
    };
    Ok((input, job))
}

/// nom's combinators as its documentation has them, unit by unit.
pub fn straightforward_nom(input: &[u8]) -> Option<Job> {
    nom_job(input).ok().map(|(_, job)| job)
}
