//! Writes stubs.

use super::{ByteOrder, ErrorKind, Result, Syntax, Transfer, objects::Sent, unplaced};

/// The first referent that a Windows client sends; each further one is four higher (EVIDENCE.md NDR-08).
const FIRST_REFERENT: u32 = 0x0002_0000;

/// Writes parameters to a stub, in order. Padding is zero.
#[derive(Debug)]
pub struct Writer {
    stub: Vec<u8>,
    transfer: Transfer,
    next: u32,
    pub(super) sent: Sent,
}

impl Writer {
    /// Starts an empty stub.
    #[must_use]
    pub fn new(transfer: Transfer) -> Self {
        Self::with_room(transfer, 0)
    }

    /// Starts an empty stub with capacity for this many bytes.
    #[must_use]
    pub fn with_room(transfer: Transfer, bytes: usize) -> Self {
        Self { stub: Vec::with_capacity(bytes), transfer, next: FIRST_REFERENT, sent: Sent::default() }
    }

    /// The stub.
    #[must_use]
    pub fn into_stub(self) -> Vec<u8> {
        self.stub
    }

    /// The transfer syntax.
    #[must_use]
    pub fn syntax(&self) -> Syntax {
        self.transfer.syntax
    }

    /// Rejects NDR64 for a structure with a field whose encoding is unresolved.
    #[inline]
    pub(crate) fn resolved(&self, field: &'static str) -> Result<()> {
        match self.transfer.syntax {
            Syntax::Ndr20 => Ok(()),
            Syntax::Ndr64 => Err(unplaced(ErrorKind::UnresolvedInNdr64("DWORD_PTR")).within(field)),
        }
    }

    /// Writes the padding at the end of a structure in NDR64 ([MS-RPCE] 2.2.5.3.4.1).
    #[inline]
    pub(crate) fn end_structure(&mut self, alignment: usize) {
        if self.transfer.syntax == Syntax::Ndr64 {
            self.align(alignment);
        }
    }

    /// Pads to a multiple of `alignment`, a power of two.
    #[inline]
    pub fn align(&mut self, alignment: usize) {
        // At most seven bytes; a loop is faster than resizing.
        while !self.stub.len().is_multiple_of(alignment) {
            self.stub.push(0);
        }
    }

    /// Writes an octet.
    #[inline]
    pub fn u8(&mut self, value: u8) {
        self.stub.push(value);
    }

    /// Writes a 16-bit integer.
    #[inline]
    pub fn u16(&mut self, value: u16) {
        self.put(if self.is_little() { value.to_le_bytes() } else { value.to_be_bytes() });
    }

    /// Writes a 32-bit integer.
    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.put(if self.is_little() { value.to_le_bytes() } else { value.to_be_bytes() });
    }

    /// Writes a 64-bit integer.
    #[inline]
    pub fn u64(&mut self, value: u64) {
        self.put(if self.is_little() { value.to_le_bytes() } else { value.to_be_bytes() });
    }

    /// Writes the referent of a new object, and returns it.
    #[inline]
    pub fn referent(&mut self) -> u64 {
        let referent = u64::from(self.next);
        self.next = self.next.wrapping_add(4);
        self.word(referent);
        referent
    }

    /// Writes the referent of a pointer to an object that was already sent, or 0 for NULL.
    #[inline]
    pub fn word(&mut self, value: u64) {
        match (self.transfer.syntax, u32::try_from(value)) {
            (Syntax::Ndr20, Ok(value)) => self.u32(value),
            _ => self.u64(value),
        }
    }

    /// Writes several consecutive counts of an array.
    #[inline]
    pub(super) fn words<const N: usize>(&mut self, values: [u32; N]) {
        if self.transfer.syntax == Syntax::Ndr64 {
            return values.into_iter().for_each(|value| self.u64(value.into()));
        }
        let little = self.is_little();
        let bytes = values.map(|value| if little { value.to_le_bytes() } else { value.to_be_bytes() });
        self.align(4);
        self.stub.extend_from_slice(bytes.as_flattened());
    }

    /// Writes a count of an array.
    ///
    /// # Errors
    /// [`ErrorKind::TooLong`] if it does not fit 32 bits.
    #[inline]
    pub fn count(&mut self, count: usize) -> Result<()> {
        let value = self.number(count)?;
        self.word(value.into());
        Ok(())
    }

    /// Converts a number of elements to the 32-bit value of a `size_is` parameter.
    ///
    /// # Errors
    /// [`ErrorKind::TooLong`].
    #[inline]
    pub fn number(&self, count: usize) -> Result<u32> {
        u32::try_from(count).map_err(|_| unplaced(ErrorKind::TooLong(count)))
    }

    /// Writes 16-bit units.
    #[inline]
    pub fn units(&mut self, units: &[u16]) {
        self.align(2);
        self.units_and(units, 0);
    }

    /// Writes the units of a string and a NUL.
    #[inline]
    pub(super) fn terminated(&mut self, units: &[u16]) {
        self.units_and(units, 2);
    }

    /// Writes units at an even offset, and zeros after them.
    #[inline]
    fn units_and(&mut self, units: &[u16], zeros: usize) {
        let start = self.stub.len();
        self.stub.resize(start + 2 * units.len() + zeros, 0);
        let little = self.is_little();
        let room = self.stub.get_mut(start..).unwrap_or_default().as_chunks_mut::<2>().0;
        if little {
            room.iter_mut().zip(units).for_each(|(bytes, unit)| *bytes = unit.to_le_bytes());
        } else {
            room.iter_mut().zip(units).for_each(|(bytes, unit)| *bytes = unit.to_be_bytes());
        }
    }

    /// Writes bytes without order or alignment.
    #[inline]
    pub(super) fn octets(&mut self, bytes: &[u8]) {
        self.stub.extend_from_slice(bytes);
    }

    #[inline]
    pub(super) fn is_little(&self) -> bool {
        self.transfer.order == ByteOrder::Little
    }

    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        self.align(N);
        self.stub.extend_from_slice(&bytes);
    }
}
