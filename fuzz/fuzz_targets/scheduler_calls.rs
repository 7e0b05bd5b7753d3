//! Fuzzes the oracle `scheduler_calls`.

#![no_main]
#[path = "../oracles/mod.rs"]
mod oracles;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracles::oracle("scheduler_calls")(data));
