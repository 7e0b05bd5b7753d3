//! Connection-oriented DCE/RPC (C706 chapter 12, [MS-RPCE] 2.2.2), as little of it as two examples need: version 5.0 over a
//! stream, NDR 2.0 and NDR64, fragments, no authentication.

pub mod assembly;
pub mod bind;
pub mod bytes;
pub mod pdu;

/// The bytes of a fragment that this side sends and announces, as Windows does over TCP.
pub const FRAGMENT: u16 = 5840;

/// The smallest fragment size of the other side that is honoured; C706 asks for 1432.
pub const SMALLEST_FRAGMENT: u16 = 64;

/// Bytes of one stub. The longest valid one has a task definition of 16 MiB, in UTF-16.
pub const STUB: usize = 34 << 20;
