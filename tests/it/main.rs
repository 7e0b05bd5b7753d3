//! The crate through its public API: a module per room, and what holds over all of them.

#[path = "../shared/europe.rs"]
mod europe;
#[path = "../../fuzz/oracles/mod.rs"]
mod oracles;

mod arbitrary;
mod architecture;
mod client;
mod command_line;
mod compat;
mod definition;
mod detect;
mod diff;
mod dtyp;
mod english;
mod error;
mod eventlog;
mod evidence;
mod examine;
mod examples;
mod first_items;
mod fuzz_regression;
mod gpp;
mod job;
mod ndr;
mod parameters;
mod readme;
mod reconcile;
mod rpc_server;
mod schedule;
mod scheduler;
mod security;
mod serialization;
mod taskcache;
mod testdata;
mod xml;
