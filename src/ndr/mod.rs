//! NDR, the transfer syntax of DCE RPC (C706 chapter 14, [MS-RPCE] 2.2.5), which encodes parameters as a stub.
//! Independent of tasks.
//!
//! | on the wire | in Rust |
//! |---|---|
//! | integers | `u8`, `u16`, `u32`, and the newtypes of flags and codes over them |
//! | GUID, SYSTEMTIME | [`uuid::Uuid`], [`SystemTime`](crate::dtyp::SystemTime) |
//! | `[string] wchar_t*` | [`WideString`](crate::dtyp::WideString), without the NUL |
//! | `[unique]` pointer | [`Option`] |
//! | `[ref]` pointer within a structure | [`Ref`] |
//! | `[ptr]` (full) pointer | [`Full`] |
//! | `[size_is(n)]` array | [`Vec`] |
//! | a count, and a unique pointer to an array of that size | [`Counted`] |
//! | varying, conformant varying array | [`Varying`], [`ConformantVarying`] |
//!
//! A wire type implements [`Wire`]. Its *in-place* part is read and written first. Its pointees, the objects that its
//! pointers refer to, follow in depth-first order of declaration, according to the deferral rules (C706 14.3.12.3).
//! The pointees of a top-level parameter follow it immediately.
//!
//! ```
//! use wintask::{
//!     dtyp::WideString,
//!     ndr::{Reader, Transfer, Writer},
//! };
//!
//! let mut writer = Writer::new(Transfer::NDR20);
//! writer.parameter("path", &Some(WideString::from(r"\a")))?;
//! writer.parameter("flags", &7u32)?;
//! let stub = writer.into_stub();
//! assert_eq!(stub.len(), 4 + 12 + 6 + 2 + 4); // referent, three counts, units with NUL, pad, flags
//!
//! let mut reader = Reader::new(&stub, Transfer::NDR20);
//! assert_eq!(reader.parameter::<Option<WideString>>("path")?.ok_or("null")?, r"\a");
//! assert_eq!(reader.parameter::<u32>("flags")?, 7);
//! reader.finish()?;
//!
//! let error = Reader::new(&stub[..12], Transfer::NDR20).parameter::<Option<WideString>>("path").unwrap_err();
//! assert_eq!(error.to_string(), "byte 0xc, path.actual_count: 4 bytes needed, 0 left");
//! assert_eq!(error.fault().0, 0x6F7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Programs that handle messages of any kind use [`Value`], [`Structure`] and their type descriptions instead of Rust
//! types.
//!
//! Invariants: every count is checked against the rest of the stub before anything is allocated. Only whether a
//! referent is zero matters, except for full pointers, which it identifies. Nothing panics.

pub(crate) mod macros;

#[cfg(feature = "arbitrary")]
pub(crate) mod arbitrary;
mod array;
mod code;
mod error;
mod objects;
mod pointer;
mod reader;
mod scalar;
#[cfg(feature = "serde")]
pub(crate) mod serialization;
mod shape;
mod show;
mod string;
mod transfer;
mod value;
mod wire;
mod writer;

pub use array::{ConformantVarying, Counted, Varying};
pub use error::{Error, ErrorKind, Fault, Result};
pub use pointer::{Full, Ref};
pub use reader::Reader;
pub use shape::{Record, Shape};
pub use show::ShowPasswords;
pub use transfer::{ByteOrder, Syntax, Transfer};
pub use value::{Field, Structure, StructureType, Type, Value};
pub use wire::Wire;
pub use writer::Writer;

pub(crate) use error::unplaced;
pub(crate) use macros::{coded, serialized, structure};
pub(crate) use value::Names;
pub(crate) use wire::COUNT;
