//! Places in a text as people count them.

/// Line and column of a place in a text, both counted from 1, the column in UTF-16 units. Line ends are LF, CRLF and a
/// CR by itself.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let mut line = 1u32;
    let mut start = 0;
    for (at, byte) in before.bytes().enumerate() {
        let ends = byte == b'\n' || byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
        if ends {
            line = line.saturating_add(1);
            start = at + 1;
        }
    }
    let units = before.get(start..).unwrap_or_default().encode_utf16().count();
    (line, u32::try_from(units).unwrap_or(u32::MAX).saturating_add(1))
}
