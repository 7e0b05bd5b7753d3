//! The Windows Task Scheduler from outside Windows ([MS-TSCH]): bytes in, values out, and back again.
#![forbid(unsafe_code)]
#![deny(missing_docs, unreachable_pub)]
// No panic on any input (DESIGN, decision 11).
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice
)]
// No clock, file, environment, thread, output or global state.
#![deny(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)]
#![deny(clippy::exhaustive_enums, reason = "a new variant must not break a caller")]

pub mod definition;
pub mod dtyp;
pub mod error;
pub mod eventlog;
pub mod finding;
pub mod job;
pub mod limits;
pub mod parameters;
pub mod rpc;
pub mod schedule;
pub mod time;
pub mod xml;

mod profile;

pub use profile::Profile;
