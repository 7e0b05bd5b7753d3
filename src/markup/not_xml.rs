//! Recognises content that is not XML.

use super::Syntax;
use memchr::{memchr, memmem};

/// What a file contains that is not an XML document. `wintask::detect` recognises more kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotXml {
    /// Nothing, or only white space.
    #[error("the document is empty")]
    Empty,
    /// A .JOB file.
    #[error("expected an XML document, found a .JOB file: it is read by job::Job::parse")]
    Job,
    /// Other binary data.
    #[error("expected an XML document, found binary data")]
    Binary,
    /// Text without any markup.
    #[error("expected an XML document, found plain text")]
    Text,
}

impl NotXml {
    /// What the bytes contain; `None` if they may be a damaged document.
    #[cold]
    fn of(bytes: &[u8]) -> Option<Self> {
        let bytes = [&[0xEF, 0xBB, 0xBF][..], &[0xFF, 0xFE], &[0xFE, 0xFF]]
            .into_iter()
            .find_map(|mark| bytes.strip_prefix(mark))
            .unwrap_or(bytes);
        if bytes.iter().all(|byte| byte.is_ascii_whitespace()) {
            return Some(Self::Empty);
        }
        // The format version, and the offset of the application name.
        if bytes.get(2..4) == Some(&[1, 0]) && bytes.get(20..22) == Some(&[70, 0]) {
            return Some(Self::Job);
        }
        if memmem::find(bytes, b"<Task").is_some() || memmem::find(bytes, b"<\0T\0a\0s\0k").is_some() {
            return None;
        }
        let markup = memchr(b'<', bytes);
        let start = bytes.get(..markup.unwrap_or(bytes.len())).unwrap_or_default();
        let is_control = |byte: &u8| matches!(byte, 1..=8 | 0x0E..=0x1F);
        if start.iter().any(is_control) || memmem::find(start, &[0; 2]).is_some() {
            return Some(Self::Binary);
        }
        markup.is_none().then_some(Self::Text)
    }
}

/// What the bytes contain if they are not an XML document, given the first error of reading them as one.
pub(crate) fn not_xml(bytes: &[u8], first: Syntax) -> Option<NotXml> {
    let early = matches!(
        first,
        Syntax::Document | Syntax::RootElement | Syntax::Character | Syntax::Encoding | Syntax::Undecodable
    );
    if early { NotXml::of(bytes) } else { None }
}
