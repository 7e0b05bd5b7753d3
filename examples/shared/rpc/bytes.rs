//! Integers in the byte order of a PDU.

use uuid::Uuid;
use wintask::ndr::ByteOrder;

/// Reads from the start of a slice. Every method returns `None` at its end.
pub struct Bytes<'b> {
    rest: &'b [u8],
    order: ByteOrder,
}

impl<'b> Bytes<'b> {
    pub fn new(rest: &'b [u8], order: ByteOrder) -> Self {
        Self { rest, order }
    }

    pub fn take(&mut self, size: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(size)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub fn u16(&mut self) -> Option<u16> {
        let bytes = self.array()?;
        Some(if self.order == ByteOrder::Big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub fn u32(&mut self) -> Option<u32> {
        let bytes = self.array()?;
        Some(if self.order == ByteOrder::Big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub fn uuid(&mut self) -> Option<Uuid> {
        let bytes = self.array()?;
        Some(if self.order == ByteOrder::Big { Uuid::from_bytes(bytes) } else { Uuid::from_bytes_le(bytes) })
    }

    pub fn rest(&self) -> &'b [u8] {
        self.rest
    }
}

/// Appends an integer.
pub fn put_u16(to: &mut Vec<u8>, value: u16, order: ByteOrder) {
    to.extend(if order == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() });
}

/// Appends an integer.
pub fn put_u32(to: &mut Vec<u8>, value: u32, order: ByteOrder) {
    to.extend(if order == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() });
}
