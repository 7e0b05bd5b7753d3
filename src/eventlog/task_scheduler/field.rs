//! Field types, and how they are read and written.

use crate::eventlog::{Event, Value};
use std::fmt;
use uuid::Uuid;

/// A number that is written in hexadecimal.
///
/// ```
/// assert_eq!(wintask::eventlog::task_scheduler::Hex(0x80070005).to_string(), "0x80070005");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Hex(
    /// The number.
    pub u32,
);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

pub(super) trait Field: Sized {
    /// Reads the text of a field; `None` means that the field is missing.
    fn read(text: Option<&str>) -> Option<Self>;
    /// The value; `None` if it is absent.
    fn value(&self) -> Option<Value>;
}

impl Field for String {
    fn read(text: Option<&str>) -> Option<Self> {
        text.map(str::to_owned)
    }
    fn value(&self) -> Option<Value> {
        Some(Value::Text(self.clone()))
    }
}

impl Field for u32 {
    fn read(text: Option<&str>) -> Option<Self> {
        let text = text?.trim();
        match text.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        }
    }
    fn value(&self) -> Option<Value> {
        Some(Value::Unsigned((*self).into()))
    }
}

impl Field for Hex {
    fn read(text: Option<&str>) -> Option<Self> {
        u32::read(text).map(Self)
    }
    fn value(&self) -> Option<Value> {
        Some(Value::Hex(self.0.into()))
    }
}

impl Field for Option<u32> {
    fn read(text: Option<&str>) -> Option<Self> {
        text.map_or(Some(None), |text| u32::read(Some(text)).map(Some))
    }
    fn value(&self) -> Option<Value> {
        self.as_ref().and_then(Field::value)
    }
}

impl Field for Uuid {
    fn read(text: Option<&str>) -> Option<Self> {
        Uuid::try_parse(text?.trim()).ok()
    }
    fn value(&self) -> Option<Value> {
        Some(Value::Guid(*self))
    }
}

/// Reads the field with this name. The error is the name.
pub(super) fn read<F: Field>(event: &Event, name: &'static str) -> Result<F, &'static str> {
    F::read(event.data(name)).ok_or(name)
}

pub(super) fn value(field: &impl Field) -> Option<Value> {
    field.value()
}
