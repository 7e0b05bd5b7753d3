//! The three RPC interfaces ([MS-TSCH] 2.3, 3.2.5, 6): their structures and messages.

pub mod atsvc;
