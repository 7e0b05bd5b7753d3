//! Writes a small .evtx file, as [MS-EVEN6] 2.2.12 has the events in it: elements without templates.

/// The size of a file's header, and of a chunk's.
const FILE_HEADER: usize = 4096;
const CHUNK: usize = 65536;
const CHUNK_HEADER: usize = 512;

/// An event's number, provider, time and data.
pub struct Record<'a> {
    pub provider: &'a str,
    pub id: &'a str,
    pub time: &'a str,
    pub data: &'a [(&'a str, &'a str)],
}

fn units(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A name at its place: the offset of what follows the offset, then the name itself.
fn name(out: &mut Vec<u8>, text: &str) {
    let at = u32::try_from(out.len() + 4).unwrap();
    out.extend(at.to_le_bytes());
    out.extend([0; 4]);
    let hash =
        text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(65599).wrapping_add(unit.into()));
    out.extend((hash as u16).to_le_bytes());
    out.extend(u16::try_from(text.encode_utf16().count()).unwrap().to_le_bytes());
    out.extend(units(text));
    out.extend([0; 2]);
}

fn value(out: &mut Vec<u8>, text: &str) {
    out.extend([0x05, 0x01]);
    out.extend(u16::try_from(text.encode_utf16().count()).unwrap().to_le_bytes());
    out.extend(units(text));
}

fn element(
    out: &mut Vec<u8>,
    tag: &str,
    attribute: Option<(&str, &str)>,
    content: impl FnOnce(&mut Vec<u8>),
) {
    out.push(if attribute.is_some() { 0x41 } else { 0x01 });
    let size_at = out.len();
    out.extend([0; 4]);
    name(out, tag);
    if let Some((key, text)) = attribute {
        let list_at = out.len();
        out.extend([0; 4]);
        out.push(0x06);
        name(out, key);
        value(out, text);
        let size = u32::try_from(out.len() - list_at - 4).unwrap();
        out[list_at..list_at + 4].copy_from_slice(&size.to_le_bytes());
    }
    out.push(0x02);
    content(out);
    out.push(0x04);
    let size = u32::try_from(out.len() - size_at - 4).unwrap();
    out[size_at..size_at + 4].copy_from_slice(&size.to_le_bytes());
}

/// The file's bytes.
pub fn file(records: &[Record<'_>]) -> Vec<u8> {
    let count = records.len() as u64;
    let mut chunk = vec![0; CHUNK_HEADER];
    let mut last = 0;
    for (number, record) in (1_u64..).zip(records) {
        last = chunk.len();
        chunk.extend([0x2A, 0x2A, 0, 0, 0, 0, 0, 0]);
        chunk.extend(number.to_le_bytes());
        chunk.extend(133_000_000_000_000_000_u64.to_le_bytes());
        chunk.extend([0x0F, 1, 1, 0]);
        element(
            &mut chunk,
            "Event",
            Some(("xmlns", "http://schemas.microsoft.com/win/2004/08/events/event")),
            |out| {
                element(out, "System", None, |out| {
                    element(out, "Provider", Some(("Name", record.provider)), |_| ());
                    element(out, "EventID", None, |out| value(out, record.id));
                    element(out, "TimeCreated", Some(("SystemTime", record.time)), |_| ());
                });
                element(out, "EventData", None, |out| {
                    for (key, text) in record.data {
                        element(out, "Data", Some(("Name", key)), |out| value(out, text));
                    }
                });
            },
        );
        chunk.push(0);
        let size = u32::try_from(chunk.len() - last + 4).unwrap();
        chunk[last + 4..last + 8].copy_from_slice(&size.to_le_bytes());
        chunk.extend(size.to_le_bytes());
    }
    let free = u32::try_from(chunk.len()).unwrap();
    let mut head = b"ElfChnk\0".to_vec();
    for number in [1, count, 1, count] {
        head.extend(u64::to_le_bytes(number));
    }
    head.extend([128, u32::try_from(last).unwrap(), free].iter().flat_map(|word| word.to_le_bytes()));
    chunk[..head.len()].copy_from_slice(&head);
    chunk.resize(CHUNK, 0);

    let mut out = b"ElfFile\0".to_vec();
    for number in [0, 0, count + 1] {
        out.extend(u64::to_le_bytes(number));
    }
    out.extend(128_u32.to_le_bytes());
    out.extend([1_u16, 3, FILE_HEADER as u16, 1].iter().flat_map(|word| word.to_le_bytes()));
    out.resize(FILE_HEADER, 0);
    out.extend(chunk);
    out
}
