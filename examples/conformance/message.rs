//! Messages as JSON: keyed by the IDL's names (two of them as impacket spells them), passwords shown.

use serde_json::{Map, Value as Json, json};
use wintask::{
    dtyp::{Password, SystemTime, WideString},
    ndr::{Structure, StructureType, Type, Value},
};

/// Names that differ from the IDL's.
const SPELLINGS: &[(&str, &str)] =
    &[("PreferredMaximumLength", "PreferedMaximumLength"), ("pStartIndex", "startIndex")];

fn key(name: &str) -> &str {
    SPELLINGS.iter().find(|(idl, _)| *idl == name).map_or(name, |(_, key)| key)
}

/// The fields of a structure, or the parameters of a message.
pub fn to_json(structure: &Structure) -> Json {
    let mut object = Map::new();
    for (field, value) in structure.fields() {
        if let Some(count) = field.count {
            let number = match value {
                Value::NullCounted(count) => json!(count),
                Value::Array(elements) => json!(elements.len()),
                _ => Json::Null,
            };
            object.insert(key(count).to_owned(), number);
        }
        object.insert(key(field.name).to_owned(), one_to_json(value));
    }
    object.into()
}

fn one_to_json(value: &Value) -> Json {
    match value {
        Value::Number(number) => json!(number),
        Value::Guid(guid) => json!(guid),
        Value::Time(time) => json!(words(time)),
        Value::String(text) => json!(text),
        Value::Password(password) => json!(password.reveal()),
        Value::Array(elements) => elements.iter().map(one_to_json).collect(),
        Value::Structure(structure) => to_json(structure),
        _ => Json::Null,
    }
}

/// A SYSTEMTIME's words in the order of the wire.
fn words(time: &SystemTime) -> [u16; 8] {
    let bytes = time.to_wire();
    std::array::from_fn(|i| u16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]]))
}

/// Puts a value together; every field must be there, and no other.
pub fn from_json(json: &Json, ty: &'static StructureType) -> Result<Structure, String> {
    let mut object = json.as_object().ok_or("an object is needed")?.clone();
    let mut take = |name: &str| object.remove(key(name)).ok_or_else(|| format!("{} is missing", key(name)));
    let mut values = Vec::new();
    for field in ty.fields {
        let count = match field.count {
            Some(count) => Some(number(&take(count)?).map_err(|e| format!("{}: {e}", key(count)))?),
            None => None,
        };
        let value = take(field.name)?;
        let value = counted_from_json(count, &value, field.ty);
        values.push(value.map_err(|e| format!("{}: {e}", key(field.name)))?);
    }
    match object.keys().next() {
        Some(name) => Err(format!("unknown field {name}")),
        None => Structure::new(ty, values).map_err(|e| e.to_string()),
    }
}

/// A value, next to its count if it has one.
fn counted_from_json(count: Option<u32>, json: &Json, ty: &'static Type) -> Result<Value, String> {
    match (count, one_from_json(json, ty)?) {
        (Some(count), Value::Null) => Ok(Value::NullCounted(count)),
        (Some(count), Value::Array(elements)) if usize::try_from(count) != Ok(elements.len()) => {
            Err(format!("{} elements, but the count is {count}", elements.len()))
        }
        (_, value) => Ok(value),
    }
}

fn one_from_json(json: &Json, ty: &'static Type) -> Result<Value, String> {
    let text = || serde_json::from_value::<WideString>(json.clone()).map_err(|e| e.to_string());
    match ty {
        Type::Pointer(_) | Type::Counted(_) if json.is_null() => Ok(Value::Null),
        Type::Pointer(pointee) => one_from_json(json, pointee),
        Type::Number { .. } => number(json).map(Value::Number),
        Type::Guid => serde_json::from_value(json.clone()).map(Value::Guid).map_err(|e| e.to_string()),
        Type::Time => {
            let words: [u16; 8] = serde_json::from_value(json.clone()).map_err(|e| e.to_string())?;
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            Ok(Value::Time(SystemTime::from_wire(bytes.try_into().map_err(|_| "16 bytes are needed")?)))
        }
        Type::String => text().map(Value::String),
        Type::Password => Ok(Value::Password(Password::from_units(text()?.into_units()))),
        Type::Array { element, .. } | Type::Counted(element) => {
            let elements = json.as_array().ok_or("an array is needed")?;
            elements.iter().map(|one| one_from_json(one, element)).collect::<Result<_, _>>().map(Value::Array)
        }
        Type::Structure(ty) => from_json(json, ty).map(Value::Structure),
        _ => Err("a type that is not known here".to_owned()),
    }
}

fn number(json: &Json) -> Result<u32, String> {
    json.as_u64()
        .and_then(|n| u32::try_from(n).ok())
        .ok_or_else(|| "a number of 32 bits is needed".to_owned())
}
