//! Plain markup, which nearly all of a definition is: tags without attributes, and text without references. Anything
//! else is left to the scanner's other functions, which check it.

use super::{
    character::is_blank,
    scan::Scanner,
    search::{find, find2, find3, is_same},
};

/// A start tag without attributes.
pub(crate) struct PlainTag<'t> {
    /// Its content; not necessarily a valid name.
    pub(crate) name: &'t [u8],
    /// Whether it is an empty-element tag.
    pub(crate) empty: bool,
    /// The offset after it.
    pub(crate) end: usize,
}

impl<'t> Scanner<'t> {
    /// Skips white space.
    #[inline]
    pub(crate) fn pass_blanks(&mut self) {
        const BLANKS: u64 = 0x2020_2020_2020_2020;
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| is_blank(*byte)) {
            self.at += 1;
            // A line break is followed by blanks.
            while let Some((word, _)) = bytes.get(self.at..).and_then(<[u8]>::split_first_chunk::<8>) {
                let others = u64::from_le_bytes(*word) ^ BLANKS;
                self.at += (others.trailing_zeros() / 8) as usize;
                if others != 0 {
                    break;
                }
            }
        }
    }

    /// The next start tag, if it has no attributes.
    #[inline]
    pub(crate) fn plain_tag(&self) -> Option<PlainTag<'t>> {
        let (first, rest) = self.text.as_bytes().get(self.at..)?.split_first()?;
        if *first != b'<' || !rest.first()?.is_ascii_alphabetic() {
            return None;
        }
        let size = find(rest, b'>')?;
        let inside = rest.get(..size)?;
        let end = self.at + size + 2;
        let name = inside.strip_suffix(b"/");
        let empty = name.is_some();
        let name = name.map_or(inside, |name| name.strip_suffix(b" ").unwrap_or(name));
        Some(PlainTag { name, empty, end })
    }

    /// The text from a place to the end tag of this name: where it ends, and where that tag does. None if there are
    /// references or other markup in it, or errors. `wraps`: a carriage return is not plain, and there may be some.
    #[inline]
    pub(crate) fn plain_text(&self, at: usize, name: &[u8], wraps: bool) -> Option<(usize, usize)> {
        let rest = self.text.as_bytes().get(at..)?;
        let size = if wraps { find3(rest, b'<', b'&', b'\r') } else { find2(rest, b'<', b'&') }?;
        let tag = rest.get(size..)?.strip_prefix(b"</")?;
        let close = at + size;
        let is_end =
            tag.get(name.len()) == Some(&b'>') && tag.get(..name.len()).is_some_and(|tag| is_same(tag, name));
        (is_end && (close <= self.section_end)).then_some((close, close + name.len() + 3))
    }
}
