//! A stub from its fragments (C706 12.6.4.9, 12.6.4.10).

use super::{
    STUB,
    bytes::Bytes,
    pdu::{Pdu, flag, invalid},
};
use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
};
use wintask::ndr::ByteOrder;

/// Bytes of incomplete stubs, of all connections.
static BUFFERED: AtomicUsize = AtomicUsize::new(0);

/// The most of them.
const ALL_BUFFERED: usize = 4 * STUB;

/// A request or a response, as far as it was received.
pub struct Assembly {
    pub call: u32,
    pub context: u16,
    /// The number of the method, in a request.
    pub opnum: u16,
    pub label: [u8; 4],
    pub stub: Vec<u8>,
    /// What is counted in [`BUFFERED`].
    counted: usize,
}

/// Why a fragment was not taken.
pub enum Refused {
    /// It does not belong to what was received before it.
    Protocol(io::Error),
    /// There is no room for it.
    TooLarge,
}

impl Assembly {
    /// Takes a fragment; the first one begins an assembly. Returns whether it was the last.
    pub fn take(pending: &mut Option<Self>, pdu: &Pdu) -> Result<bool, Refused> {
        let mut bytes = pdu.bytes();
        let head = (bytes.u32(), bytes.u16(), bytes.u16());
        let (Some(_), Some(context), Some(opnum)) = head else { return Err(protocol("call header")) };
        if pdu.flags & flag::OBJECT != 0 && bytes.uuid().is_none() {
            return Err(protocol("object"));
        }
        if pdu.is_first() == pending.is_some() {
            return Err(protocol("fragment out of order"));
        }
        let assembly = pending.get_or_insert_with(|| Self {
            call: pdu.call,
            context,
            opnum,
            label: pdu.label,
            stub: Vec::new(),
            counted: 0,
        });
        if (assembly.call, assembly.context, assembly.label) != (pdu.call, context, pdu.label) {
            return Err(protocol("fragment of another call"));
        }
        assembly.append(bytes)?;
        Ok(pdu.is_last())
    }

    fn append(&mut self, bytes: Bytes<'_>) -> Result<(), Refused> {
        let part = bytes.rest();
        self.counted += part.len();
        let all = BUFFERED.fetch_add(part.len(), Ordering::Relaxed);
        if self.stub.len() + part.len() > STUB || all + part.len() > ALL_BUFFERED {
            return Err(Refused::TooLarge);
        }
        self.stub.extend(part);
        Ok(())
    }

    /// The order of the stub's integers.
    pub fn order(&self) -> ByteOrder {
        wintask::ndr::Transfer::NDR20.with_label(self.label).order
    }
}

impl Drop for Assembly {
    fn drop(&mut self) {
        BUFFERED.fetch_sub(self.counted, Ordering::Relaxed);
    }
}

fn protocol(what: &str) -> Refused {
    Refused::Protocol(invalid(what))
}
