//! The text of a dump.

use std::fmt::Write as _;
use wintask::{
    ndr::{Error, Field, Transfer, Type, Value},
    rpc::{Direction, Interface},
};

/// How to read a stub, and what to show.
#[derive(Default)]
pub struct Options {
    pub transfer: Transfer,
    pub show_passwords: bool,
}

/// The dump, and whether the stub could be decoded.
pub fn dump(
    interface: &Interface,
    opnum: u16,
    direction: Direction,
    stub: &[u8],
    options: &Options,
) -> (String, bool) {
    let name = interface.method(opnum).map_or("unknown method", |method| method.name);
    let way = match direction {
        Direction::Request => "request",
        Direction::Response => "response",
    };
    let mut text = format!("{} {name} (opnum {opnum}), {way}, {} bytes\n", interface.name, stub.len());
    let decoded = interface
        .format(opnum, direction)
        .and_then(|format| Ok(((format.decode)(stub, options.transfer)?, format.parameters)));
    match &decoded {
        Ok((value, parameters)) => structure(&mut text, value, parameters, 1, options),
        Err(error) => failure(&mut text, stub, error),
    }
    (text, decoded.is_ok())
}

fn structure(text: &mut String, value: &Value, fields: &[Field], depth: usize, options: &Options) {
    let Value::Structure(values) = value else { return };
    for (field, value) in fields.iter().zip(values) {
        if let (Some(count), Value::NullCounted(number)) = (field.count, value) {
            line(text, depth, &format!("{count}: {number}"));
        } else if let (Some(count), Value::Array(elements)) = (field.count, value) {
            line(text, depth, &format!("{count}: {}", elements.len()));
        }
        one(text, field.name, value, field.ty, depth, options);
    }
}

/// A value under its name; what it has inside stands below it.
fn one(text: &mut String, name: &str, value: &Value, ty: &Type, depth: usize, options: &Options) {
    let ty = match ty {
        Type::Pointer(pointee) => pointee,
        ty => ty,
    };
    match (value, ty) {
        (Value::Structure(_), Type::Structure { name: type_name, fields }) => {
            line(text, depth, &format!("{name}: {type_name}"));
            structure(text, value, fields, depth + 1, options);
        }
        (Value::Array(units), Type::Array { element: Type::Number { bytes: 2, .. }, .. }) => {
            line(text, depth, &format!("{name}: {}", buffer(units)));
        }
        (Value::Array(elements), Type::Array { element, .. } | Type::Counted(element)) => {
            line(text, depth, &format!("{name}:{}", if elements.is_empty() { " empty" } else { "" }));
            for (index, value) in elements.iter().enumerate() {
                one(text, &format!("[{index}]"), value, element, depth + 1, options);
            }
        }
        _ => line(text, depth, &format!("{name}: {}", leaf(value, ty, options))),
    }
}

fn leaf(value: &Value, ty: &Type, options: &Options) -> String {
    match (value, ty) {
        (Value::Null | Value::NullCounted(_), _) => "NULL".to_owned(),
        (Value::Number(number), Type::Number { show, .. }) => {
            let words = show(*number);
            if words == number.to_string() || words.contains(['(', 'x']) {
                words
            } else {
                format!("{words} ({number:#x})")
            }
        }
        (Value::Guid(guid), _) => guid.to_string(),
        (Value::Time(time), _) => time.to_string(),
        (Value::String(string), _) => format!("{string:?}"),
        (Value::Password(password), _) if options.show_passwords => format!("{:?}", password.reveal()),
        (Value::Password(_), _) => "not shown (--show-passwords)".to_owned(),
        (value, _) => format!("{value:?}"),
    }
}

/// A buffer of units as the string in it and how much room there is.
fn buffer(units: &[Value]) -> String {
    let unit = |value: &Value| if let Value::Number(unit) = value { u16::try_from(*unit).ok() } else { None };
    let all: Vec<u16> = units.iter().filter_map(unit).collect();
    let text: Vec<u16> = all.iter().copied().take_while(|unit| *unit != 0).collect();
    format!("{:?} in {} units", wintask::dtyp::WideString::from_units(text), all.len())
}

fn line(text: &mut String, depth: usize, content: &str) {
    let _ = writeln!(text, "{:1$}{content}", "", 2 * depth);
}

/// Bytes in a line of hex.
const WIDTH: usize = 16;

/// Lines of hex before the one with the caret.
const BEFORE: usize = 2;

/// The error, and the stub in hex around the place, a caret below its first byte.
fn failure(text: &mut String, stub: &[u8], error: &Error) {
    let fault = error.fault();
    let _ = writeln!(text, "  error: {error}\n  fault: {fault} ({:#010x})", fault.0);
    let at = error.place().offset().unwrap_or_default();
    let row = at / WIDTH;
    let first = row.saturating_sub(BEFORE);
    for (index, bytes) in stub.chunks(WIDTH).enumerate().skip(first).take(row - first + 2) {
        hex_line(text, index * WIDTH, bytes);
        if index == row {
            caret(text, at);
        }
    }
    // The stub ends before the byte that is missing.
    if row * WIDTH >= stub.len() {
        hex_line(text, row * WIDTH, &[]);
        caret(text, at);
    }
}

fn hex_line(text: &mut String, offset: usize, bytes: &[u8]) {
    let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let _ = writeln!(text, "{}", format!("  {offset:08x}  {}", hex.join(" ")).trim_end());
}

fn caret(text: &mut String, at: usize) {
    let _ = writeln!(text, "{:1$}^", "", 12 + 3 * (at % WIDTH));
}
