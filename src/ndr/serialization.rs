//! serde support for values, in the same form with and without their Rust types. Keys are IDL names.
//!
//! | value | form |
//! |---|---|
//! | structure | a map; a NULL pointer is absent |
//! | integer, flags, code | a number |
//! | status | `"0x8004131a"` |
//! | GUID, SYSTEMTIME, string | as [`Uuid`], [`SystemTime`] and [`WideString`] |
//! | password | `{"hidden": true}`, or a string with [`ShowPasswords`] |
//! | array | a sequence, without its count |
//! | NULL array whose count is not 0 | `{"count": 5}` |
//!
//! Deserialisation requires a self-describing format.

use super::{Counted, Field, Shape, ShowPasswords, Structure, StructureType, Type, Value};
use crate::dtyp::{HResult, Password, SystemTime, WideString};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};
use std::fmt;
use uuid::Uuid;

/// The key that replaces a hidden password.
const HIDDEN: &str = "hidden";

/// The key for a NULL array whose count is not 0.
const COUNT: &str = "count";

/// Serialises a value of a Rust type.
pub(crate) fn serialize<T: Shape + Clone, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Shown { value: &value.clone().into_value(), ty: T::TYPE, passwords: false }.serialize(serializer)
}

/// Deserialises a value of a Rust type.
pub(crate) fn deserialize<'de, T: Shape, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_value(T::TYPE.deserialize(deserializer)?).map_err(D::Error::custom)
}

impl<T: Shape + Clone> Serialize for Counted<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl<'de, T: Shape> Deserialize<'de> for Counted<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

impl Serialize for Structure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        structure(self, false, serializer)
    }
}

impl Serialize for ShowPasswords<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        structure(self.0, true, serializer)
    }
}

fn structure<S: Serializer>(
    structure: &Structure,
    passwords: bool,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let present =
        || structure.fields().filter(|(_, value)| !matches!(value, Value::Null | Value::NullCounted(0)));
    let mut map = serializer.serialize_map(Some(present().count()))?;
    for (field, value) in present() {
        map.serialize_entry(field.name, &Shown { value, ty: field.ty, passwords })?;
    }
    map.end()
}

/// A value to serialise.
struct Shown<'a> {
    value: &'a Value,
    ty: &'static Type,
    passwords: bool,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { value, ty, passwords } = *self;
        match (value, ty) {
            (value, Type::Pointer(ty)) => Self { value, ty, passwords }.serialize(serializer),
            (Value::Null, _) => serializer.serialize_none(),
            (Value::NullCounted(count), _) => one_entry(COUNT, count, serializer),
            (Value::Number(status), Type::Number { is_status: true, .. }) => {
                HResult(*status).serialize(serializer)
            }
            (Value::Number(number), _) => number.serialize(serializer),
            (Value::Guid(guid), _) => guid.serialize(serializer),
            (Value::Time(time), _) => time.serialize(serializer),
            (Value::String(string), _) => string.serialize(serializer),
            (Value::Password(password), _) if passwords => {
                WideString::from_units(password.units()).serialize(serializer)
            }
            (Value::Password(_), _) => one_entry(HIDDEN, &true, serializer),
            (Value::Array(elements), ty) => {
                let ty = ty.inner().unwrap_or(ty);
                serializer.collect_seq(elements.iter().map(|value| Self { value, ty, passwords }))
            }
            (Value::Structure(value), _) => structure(value, passwords, serializer),
        }
    }
}

fn one_entry<S: Serializer>(key: &str, value: &impl Serialize, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

impl<'de> DeserializeSeed<'de> for &'static StructureType {
    type Value = Structure;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Structure, D::Error> {
        deserializer.deserialize_map(Fields(self))
    }
}

impl<'de> DeserializeSeed<'de> for &'static Type {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self {
            Type::Number { is_status: true, .. } => {
                HResult::deserialize(deserializer).map(|status| Value::Number(status.0))
            }
            Type::Number { .. } => u32::deserialize(deserializer).map(Value::Number),
            Type::Guid => Uuid::deserialize(deserializer).map(Value::Guid),
            Type::Time => SystemTime::deserialize(deserializer).map(Value::Time),
            Type::String => WideString::deserialize(deserializer).map(Value::String),
            Type::Password => password(deserializer).map(Value::Password),
            Type::Pointer(pointee) => deserializer.deserialize_option(Pointee(pointee)),
            Type::Array { element, .. } => deserializer.deserialize_seq(Elements(element)),
            Type::Counted(element) => deserializer.deserialize_any(CountedElements(element)),
            Type::Structure(ty) => ty.deserialize(deserializer).map(Value::Structure),
        }
    }
}

/// A password in clear text. A hidden password cannot be read.
fn password<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Password, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a string or an array of UTF-16 units")]
    enum Form {
        Shown(WideString),
        Hidden {
            #[serde(rename = "hidden")]
            _hidden: bool,
        },
    }

    match Form::deserialize(deserializer)? {
        Form::Shown(password) => Ok(Password::from_units(password.into_units())),
        Form::Hidden { .. } => Err(D::Error::custom("the password was hidden when this was written")),
    }
}

/// The value of a pointer that may be NULL.
struct Pointee(&'static Type);

impl<'de> Visitor<'de> for Pointee {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.deserialize(deserializer)
    }
}

/// The elements of an array.
struct Elements(&'static Type);

impl<'de> Visitor<'de> for Elements {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element_seed(self.0)? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }
}

/// The elements of an array whose pointer may be NULL.
struct CountedElements(&'static Type);

impl<'de> Visitor<'de> for CountedElements {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence, null, or a count without elements")
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::NullCounted(0))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::NullCounted(0))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Value, A::Error> {
        Elements(self.0).visit_seq(sequence)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Null {
            count: u32,
        }

        let null = Null::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(Value::NullCounted(null.count))
    }
}

/// The fields of a structure.
struct Fields(&'static StructureType);

impl<'de> Visitor<'de> for Fields {
    type Value = Structure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of {}", self.0.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Structure, A::Error> {
        let mut values: Vec<Option<Value>> = vec![None; self.0.fields.len()];
        while let Some(key) = map.next_key::<String>()? {
            let field = self.0.fields.iter().zip(&mut values).find(|(field, _)| field.name == key);
            let Some((field, value)) = field else {
                return Err(A::Error::custom(format_args!("unknown field `{key}` of {}", self.0.name)));
            };
            if value.replace(map.next_value_seed(field.ty)?).is_some() {
                return Err(A::Error::duplicate_field(field.name));
            }
        }
        let values = self.0.fields.iter().zip(values);
        let values =
            values.map(|(field, value)| value.map_or_else(|| absent(field), Ok)).collect::<Result<_, _>>()?;
        Structure::new(self.0, values).map_err(A::Error::custom)
    }
}

/// The value of an absent field: NULL, if allowed.
fn absent<E: Error>(field: &Field) -> Result<Value, E> {
    match field.ty {
        Type::Pointer(_) => Ok(Value::Null),
        Type::Counted(_) => Ok(Value::NullCounted(0)),
        _ => Err(E::missing_field(field.name)),
    }
}
