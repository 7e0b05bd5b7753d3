//! Fuzzes the oracle `taskcache_round_trip`.

#![no_main]
#[path = "../oracles/mod.rs"]
mod oracles;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracles::oracle("taskcache_round_trip")(data));
