//! An input as a source of choices.

/// The rest of the input, followed by zeros.
pub(super) struct Bytes<'d>(pub(super) &'d [u8]);

impl Bytes<'_> {
    pub(super) fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().map_or((0, self.0), |(first, rest)| (*first, rest));
        self.0 = rest;
        first
    }

    pub(super) fn word(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    pub(super) fn below(&mut self, end: u32) -> u32 {
        if end <= 256 { u32::from(self.byte()) % end } else { self.word() % end }
    }

    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u32) as usize]
    }
}
