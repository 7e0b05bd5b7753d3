//! The characters that a document may contain.

/// Whether a document may contain the character ([XML] 2.2).
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// White space of XML.
pub(crate) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether a byte is white space of XML.
pub(crate) fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// The first illegal character.
pub(crate) fn first_illegal(text: &str) -> Option<usize> {
    // Checks bytes in blocks first, since nearly all documents have no control characters and no bytes that may start
    // U+FFFE.
    let suspect = |b: u8| {
        let white = u8::from(b == b'\n') | u8::from(b == b'\r') | u8::from(b == b'\t');
        (u8::from(b < b' ') & !white) | u8::from(b == 0xEF)
    };
    let (blocks, rest) = text.as_bytes().as_chunks::<128>();
    let (small, rest) = rest.as_chunks::<16>();
    let clean = |bytes: &[u8]| bytes.iter().fold(0, |bits, b| bits | suspect(*b)) == 0;
    if blocks.iter().all(|block| clean(block)) && small.iter().all(|block| clean(block)) && clean(rest) {
        return None;
    }
    text.char_indices().find(|(_, c)| !is_xml_char(*c)).map(|(at, _)| at)
}
