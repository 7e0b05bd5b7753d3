//! NDR and the three RPC interfaces ([MS-TSCH] 2.3, 3.2.5, 6).

mod hostile;
mod primitives;
mod properties;
mod serialization;
mod show;
mod strategy;
mod tables;
mod vectors;

#[path = "../../../examples/shared/hex.rs"]
mod hex;
#[path = "../../../examples/conformance/message.rs"]
mod message;

use serde_json::Value as Json;
use std::{fs, path::Path};
use wintask::rpc::{Direction, Format, Interface};

/// A row of `testdata/ndr/vectors.jsonl`.
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) interface: &'static Interface,
    pub(crate) opnum: u16,
    pub(crate) direction: Direction,
    pub(crate) stub: Vec<u8>,
    /// The value; a malformed stub has none that matters.
    pub(crate) arguments: Option<Json>,
    /// Bytes in which another encoder may differ.
    pub(crate) referents: Vec<usize>,
    pub(crate) pads: Vec<usize>,
    /// Whether another encoder made it, with its own referents and padding.
    pub(crate) foreign: bool,
}

impl Vector {
    pub(crate) fn format(&self) -> &'static Format {
        self.interface.format(self.opnum, self.direction).unwrap()
    }

    fn parse(line: &str) -> Self {
        let row: Json = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str().unwrap();
        let offsets = |name: &str| {
            row[name].as_array().into_iter().flatten().map(|n| n.as_u64().unwrap() as usize).collect()
        };
        let id = text("id").to_owned();
        Self {
            interface: Interface::by_name(text("interface")).unwrap(),
            opnum: row["opnum"].as_u64().unwrap().try_into().unwrap(),
            direction: text("direction").parse().unwrap(),
            stub: hex::unhex(text("hex")).unwrap(),
            arguments: row["expect"].is_null().then(|| row["args"].clone()),
            referents: offsets("referent_offsets"),
            pads: offsets("pad_offsets"),
            foreign: id.starts_with("ndr-cap"),
            id,
        }
    }
}

/// The vectors, good and bad.
pub(crate) fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/ndr/vectors.jsonl");
    let vectors: Vec<_> = fs::read_to_string(path).unwrap().lines().map(Vector::parse).collect();
    assert_eq!(vectors.len(), 122);
    vectors
}
