//! The letters of a text, which show cheaply that most words are not in it.

/// A bit for each letter that occurs; other characters share these bits.
#[derive(Clone, Copy)]
pub(super) struct Letters(u32);

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |all, byte| all | 1 << (byte & 0x1F)))
    }

    /// Whether all letters of a word occur, so that the text may contain it.
    pub(super) fn are_of(self, word: &str) -> bool {
        Self::of(word).0 & !self.0 == 0
    }
}
