//! Fuzzes the oracle `event_query`.

#![no_main]
#[path = "../oracles/mod.rs"]
mod oracles;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracles::oracle("event_query")(data));
