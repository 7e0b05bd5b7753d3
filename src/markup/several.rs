//! Texts that contain several documents, and the start of each in the file.

use super::encoding::{Encoding, Text};
use crate::error::{LineCounter, Position};
use std::borrow::Cow;

/// A text that contains several documents, and the bytes that it was decoded from.
#[derive(Clone, Debug)]
pub(crate) struct Several<'b> {
    pub(crate) text: Cow<'b, str>,
    /// The bytes of the text, and their encoding.
    bytes: &'b [u8],
    encoding: Encoding,
    /// The length of the byte order mark before them.
    bom: usize,
}

impl<'b> Several<'b> {
    pub(crate) fn decode(bytes: &'b [u8]) -> Self {
        let Text { text, encoding, bom, .. } = Text::decode(bytes);
        Self { text, bytes: bytes.get(bom..).unwrap_or_default(), encoding, bom }
    }

    /// The start of the text.
    pub(crate) fn start(&self) -> Start<'_> {
        let place = Position { offset: self.bom, ..Position::START };
        Start { text: &self.text, counted: 0, place, bytes: self.bytes, encoding: self.encoding }
    }
}

/// The start of a document.
pub(crate) struct Start<'d> {
    text: &'d str,
    /// The offset in the text.
    counted: usize,
    /// The position in the file.
    pub(crate) place: Position,
    /// The bytes of the file from there, and their encoding.
    pub(crate) bytes: &'d [u8],
    pub(crate) encoding: Encoding,
}

impl Start<'_> {
    /// Moves on to an offset in the text.
    pub(crate) fn move_to(&mut self, at: usize) {
        let between = self.text.get(self.counted..at).unwrap_or_default();
        let size = self.encoding.size(between, self.bytes);
        let Position { line, column, .. } = LineCounter::new(between).position(between.len());
        self.place = Position { offset: size, line, column }.rebased(self.place);
        self.bytes = self.bytes.get(size..).unwrap_or_default();
        self.counted = at;
    }
}
