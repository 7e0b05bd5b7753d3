//! Fuzzes the oracle `scheduler_steps`.

#![no_main]
#[path = "../oracles/mod.rs"]
mod oracles;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracles::oracle("scheduler_steps")(data));
