//! Fuzzes the oracle `xml_carve`.

#![no_main]
#[path = "../oracles/mod.rs"]
mod oracles;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracles::oracle("xml_carve")(data));
