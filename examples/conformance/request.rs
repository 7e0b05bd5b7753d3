//! One request: its operation and its fields, each of which is read once; a field that is left is an error.

use crate::hex::unhex;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The answer, or why the request cannot be understood.
pub type Answer = Result<Value, String>;

pub struct Request {
    op: String,
    fields: Map<String, Value>,
}

impl Request {
    /// Reads a line.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let mut fields: Map<String, Value> =
            serde_json::from_slice(line).map_err(|e| format!("not a request: {e}"))?;
        match fields.remove("op") {
            Some(Value::String(op)) => Ok(Self { op, fields }),
            _ => Err("op is missing or no string".to_owned()),
        }
    }

    pub fn op(&self) -> &str {
        &self.op
    }

    /// Reads a field that may be missing or null.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, String> {
        match self.fields.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|e| format!("{name}: {e}")),
        }
    }

    /// Reads a required field.
    pub fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, String> {
        self.take(name)?.ok_or_else(|| format!("{name} is missing"))
    }

    /// Reads bytes in hex that may be missing or null.
    pub fn take_hex(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(text) = self.take::<String>(name)? else { return Ok(None) };
        unhex(&text).map(Some).ok_or_else(|| format!("{name} is not hex"))
    }

    /// Reads bytes in hex.
    pub fn need_hex(&mut self, name: &str) -> Result<Vec<u8>, String> {
        self.take_hex(name)?.ok_or_else(|| format!("{name} is missing"))
    }

    /// Ends the reading: no field may be left.
    pub fn done(self) -> Result<(), String> {
        match self.fields.keys().next() {
            Some(name) => Err(format!("unknown field {name}")),
            None => Ok(()),
        }
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
