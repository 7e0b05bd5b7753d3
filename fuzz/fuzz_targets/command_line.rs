//! Fuzzes the oracle `command_line`.

#![no_main]
#[path = "../oracles/mod.rs"]
mod oracles;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracles::oracle("command_line")(data));
