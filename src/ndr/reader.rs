//! Reads stubs.

use super::{ByteOrder, Error, ErrorKind, Result, Syntax, Transfer, objects::Arrived};
use crate::error::{Place, Truncated};

/// Reads parameters from a stub, in order.
///
/// Alignment is relative to the start of the stub. The content of padding is ignored (EVIDENCE.md NDR-09).
#[derive(Debug)]
pub struct Reader<'a> {
    stub: &'a [u8],
    at: usize,
    transfer: Transfer,
    pub(super) arrived: Arrived,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of a stub.
    #[must_use]
    pub fn new(stub: &'a [u8], transfer: Transfer) -> Self {
        Self { stub, at: 0, transfer, arrived: Arrived::default() }
    }

    /// The number of bytes read so far.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The number of bytes left.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.stub.len().saturating_sub(self.at)
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
            Syntax::Ndr64 => Err(self.refuse(ErrorKind::UnresolvedInNdr64("DWORD_PTR"), self.at, field)),
        }
    }

    /// Skips the padding at the end of a structure in NDR64 ([MS-RPCE] 2.2.5.3.4.1).
    #[inline]
    pub(crate) fn end_structure(&mut self, alignment: usize) -> Result<()> {
        match self.transfer.syntax {
            Syntax::Ndr20 => Ok(()),
            Syntax::Ndr64 => self.align(alignment),
        }
    }

    /// Finishes reading.
    ///
    /// # Errors
    /// [`ErrorKind::TrailingData`] if any bytes are left.
    pub fn finish(self) -> Result<()> {
        match self.remaining() {
            0 => Ok(()),
            excess => Err(self.refuse(ErrorKind::TrailingData { excess }, self.at, "trailing data")),
        }
    }

    /// Advances to a multiple of `alignment`, a power of two.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`] if the stub ends before it.
    #[inline]
    pub fn align(&mut self, alignment: usize) -> Result<()> {
        let start = align_up(self.at, alignment);
        if start > self.stub.len() {
            return Err(self.truncated(start - self.at));
        }
        self.at = start;
        Ok(())
    }

    /// Reads an octet.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`].
    #[inline]
    pub fn u8(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Reads a 16-bit integer.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`].
    #[inline]
    pub fn u16(&mut self) -> Result<u16> {
        let bytes = self.array()?;
        Ok(if self.is_little() { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    /// Reads a 32-bit integer.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`].
    #[inline]
    pub fn u32(&mut self) -> Result<u32> {
        let bytes = self.array()?;
        Ok(if self.is_little() { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// Reads a 64-bit integer.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`].
    #[inline]
    pub fn u64(&mut self) -> Result<u64> {
        let bytes = self.array()?;
        Ok(if self.is_little() { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) })
    }

    /// Reads a referent. Except for full pointers, only whether it is zero (NULL) matters.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`].
    #[inline]
    pub fn referent(&mut self) -> Result<u64> {
        self.word()
    }

    /// Reads a count of an array.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`] in the field of this name.
    #[inline]
    pub fn count(&mut self, name: &str) -> Result<u64> {
        self.word().map_err(|error| error.within(name))
    }

    /// Reads several consecutive counts of an array.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`] in the first field that is incomplete.
    #[inline]
    pub fn counts<const N: usize>(&mut self, names: [&str; N]) -> Result<[u64; N]> {
        let mut counts = [0; N];
        let start = align_up(self.at, 4);
        match self.stub.get(start..start + 4 * N) {
            Some(bytes) if self.transfer.syntax == Syntax::Ndr20 => {
                self.at = start + 4 * N;
                for (count, bytes) in counts.iter_mut().zip(bytes.as_chunks().0) {
                    let little = self.is_little();
                    *count =
                        if little { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) }.into();
                }
            }
            _ => {
                for (count, name) in counts.iter_mut().zip(names) {
                    *count = self.count(name)?;
                }
            }
        }
        Ok(counts)
    }

    /// Checks a number of elements, each of at least `least` bytes, against the number of bytes left.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyElements`].
    #[inline]
    pub fn room_for(&self, count: u64, least: usize) -> Result<usize> {
        match usize::try_from(count) {
            Ok(count) if count.saturating_mul(least.max(1)) <= self.remaining() => Ok(count),
            _ => {
                let kind = ErrorKind::TooManyElements { count, have: self.remaining() };
                Err(self.refuse(kind, self.at, "elements"))
            }
        }
    }

    /// Reads this many 16-bit units as bytes, in the byte order of the stub.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`].
    #[inline]
    pub(super) fn unit_bytes(&mut self, count: u64) -> Result<&'a [[u8; 2]]> {
        let size = usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(2);
        let start = align_up(self.at, 2);
        match self.stub.get(start..start.saturating_add(size)) {
            Some(bytes) => {
                self.at = start + size;
                Ok(bytes.as_chunks().0)
            }
            None => Err(self.truncated(size.saturating_add(start - self.at))),
        }
    }

    /// Reads this many 16-bit units.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`].
    pub fn units(&mut self, count: u64) -> Result<Vec<u16>> {
        self.unit_bytes(count).map(|bytes| self.to_units(bytes))
    }

    /// Converts units to numbers.
    #[inline]
    pub(super) fn to_units(&self, bytes: &[[u8; 2]]) -> Vec<u16> {
        if self.is_little() {
            bytes.iter().map(|unit| u16::from_le_bytes(*unit)).collect()
        } else {
            bytes.iter().map(|unit| u16::from_be_bytes(*unit)).collect()
        }
    }

    /// Reads bytes without order or alignment.
    #[inline]
    pub(super) fn octets<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(1)
    }

    #[inline]
    pub(super) fn is_little(&self) -> bool {
        self.transfer.order == ByteOrder::Little
    }

    /// Creates an error about the bytes read since `start`.
    #[cold]
    pub(crate) fn refuse(&self, kind: ErrorKind, start: usize, field: &'static str) -> Error {
        Error::new(kind, Place::bytes(start..self.at.max(start), field))
    }

    #[inline]
    fn word(&mut self) -> Result<u64> {
        match self.transfer.syntax {
            Syntax::Ndr20 => self.u32().map(u64::from),
            Syntax::Ndr64 => self.u64(),
        }
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)
    }

    #[inline]
    fn take<const N: usize>(&mut self, alignment: usize) -> Result<[u8; N]> {
        let start = align_up(self.at, alignment);
        match self.stub.get(start..start + N).and_then(|bytes| bytes.first_chunk::<N>()) {
            Some(bytes) => {
                self.at = start + N;
                Ok(*bytes)
            }
            None => Err(self.truncated(start - self.at + N)),
        }
    }

    #[cold]
    fn truncated(&self, need: usize) -> Error {
        let have = self.remaining();
        Error::new(ErrorKind::Truncated(Truncated { need, have }), Place::bytes(self.at..self.stub.len(), ""))
    }
}

/// The next multiple of a power of two. Offsets are within a slice, so this cannot overflow.
#[inline]
const fn align_up(at: usize, alignment: usize) -> usize {
    (at + (alignment - 1)) & !(alignment - 1)
}
