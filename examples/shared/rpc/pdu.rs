//! One PDU: the header that all have, and the rest (C706 12.6.3.1).

use super::bytes::{Bytes, put_u16, put_u32};
use std::io::{self, Read};
use wintask::ndr::{ByteOrder, Transfer};

/// Types of PDUs (C706 12.6.4, [MS-RPCE] 2.2.2).
pub mod kind {
    pub const REQUEST: u8 = 0;
    pub const RESPONSE: u8 = 2;
    pub const FAULT: u8 = 3;
    pub const BIND: u8 = 11;
    pub const BIND_ACK: u8 = 12;
    pub const BIND_NAK: u8 = 13;
    pub const ALTER_CONTEXT: u8 = 14;
    pub const ALTER_CONTEXT_RESP: u8 = 15;
    pub const AUTH3: u8 = 16;
    pub const CO_CANCEL: u8 = 18;
    pub const ORPHANED: u8 = 19;
}

/// Flags of the header (C706 12.6.3.1).
pub mod flag {
    pub const FIRST: u8 = 0x01;
    pub const LAST: u8 = 0x02;
    pub const DID_NOT_EXECUTE: u8 = 0x20;
    pub const OBJECT: u8 = 0x80;
}

/// The size of the header that all PDUs have.
pub const HEADER: usize = 16;

/// The size of the header of a request or response, without an object.
pub const CALL_HEADER: usize = 24;

/// A PDU as it was received.
pub struct Pdu {
    pub kind: u8,
    pub flags: u8,
    /// The data representation label.
    pub label: [u8; 4],
    pub call: u32,
    /// Whether it carries authentication data.
    pub is_authenticated: bool,
    /// What follows the header.
    pub body: Vec<u8>,
}

impl Pdu {
    /// Reads a PDU; `None` if the stream ends before it. A fragment has 64 KiB at most.
    pub fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER];
        if !fill(from, &mut header)? {
            return Ok(None);
        }
        let [major, minor, kind, flags, l0, l1, l2, l3, ..] = header;
        let label = [l0, l1, l2, l3];
        let mut fields = Bytes::new(&header[8..], Transfer::NDR20.with_label(label).order);
        let (length, auth, call) = (fields.u16(), fields.u16(), fields.u32());
        let (Some(length), Some(auth), Some(call)) = (length, auth, call) else {
            return Err(invalid("header"));
        };
        if major != 5 || minor > 1 {
            return Err(invalid("version"));
        }
        let size = usize::from(length).checked_sub(HEADER).ok_or_else(|| invalid("length"))?;
        let mut body = vec![0; size];
        if !fill(from, &mut body)? && size > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Self { kind, flags, label, call, is_authenticated: auth > 0, body }))
    }

    /// The order of its integers.
    pub fn order(&self) -> ByteOrder {
        Transfer::NDR20.with_label(self.label).order
    }

    /// Its integers.
    pub fn bytes(&self) -> Bytes<'_> {
        Bytes::new(&self.body, self.order())
    }

    pub fn is_first(&self) -> bool {
        self.flags & flag::FIRST != 0
    }

    pub fn is_last(&self) -> bool {
        self.flags & flag::LAST != 0
    }
}

/// Fills the buffer; `false` if the stream ends before its first byte.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// The error for what is not a PDU, or not one that may come now.
pub fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("invalid PDU: {what}"))
}

/// Builds a PDU. Its length must fit 16 bits; callers keep to [`FRAGMENT`](super::FRAGMENT).
pub fn build(kind: u8, flags: u8, call: u32, order: ByteOrder, body: &[u8]) -> Vec<u8> {
    let integers = if order == ByteOrder::Big { 0x00 } else { 0x10 };
    let mut pdu = vec![5, 0, kind, flags, integers, 0, 0, 0];
    put_u16(&mut pdu, u16::try_from(HEADER + body.len()).unwrap_or(u16::MAX), order);
    put_u16(&mut pdu, 0, order);
    put_u32(&mut pdu, call, order);
    pdu.extend(body);
    pdu
}

/// Builds a request or a response in fragments of at most this size. `head` is what follows the hint in each: the context
/// and, in a request, the number of the method.
pub fn fragments(kind: u8, call: u32, order: ByteOrder, head: [u16; 2], stub: &[u8], size: u16) -> Vec<u8> {
    let room = usize::from(size).saturating_sub(CALL_HEADER).max(8) / 8 * 8;
    let count = stub.len().div_ceil(room).max(1);
    let mut out = Vec::with_capacity(stub.len() + count * CALL_HEADER);
    for index in 0..count {
        let at = index * room;
        let part = &stub[at..stub.len().min(at + room)];
        let first = if index == 0 { flag::FIRST } else { 0 };
        let last = if index + 1 == count { flag::LAST } else { 0 };
        let mut body = Vec::with_capacity(CALL_HEADER + part.len());
        put_u32(&mut body, u32::try_from(stub.len() - at).unwrap_or(u32::MAX), order);
        put_u16(&mut body, head[0], order);
        put_u16(&mut body, head[1], order);
        body.extend(part);
        out.extend(build(kind, first | last, call, order, &body));
    }
    out
}
