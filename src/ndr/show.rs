//! Formats structures as text, one line per field.

use super::{Structure, Type, Value};
use crate::{dtyp::WideString, limits};
use std::fmt;

/// Shows the passwords of a structure or a message, which are otherwise hidden, in printed output and, with the
/// feature `serde`, in serialised output.
///
/// ```
/// use wintask::{ndr::{Record, ShowPasswords}, rpc::schrpc::TaskUserCred};
///
/// let credential = TaskUserCred::new("user", "secret").into_structure();
/// assert_eq!(credential.to_string(), "userId: \"user\"\npassword: not shown\nflags: 0");
/// assert!(ShowPasswords(&credential).to_string().contains("password: \"secret\""));
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a wrapper")]
pub struct ShowPasswords<'a>(
    /// The structure to show.
    pub &'a Structure,
);

impl fmt::Display for Structure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printer::new(f, false).structure(self)
    }
}

impl fmt::Display for ShowPasswords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printer::new(f, true).structure(self.0)
    }
}

struct Printer<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    passwords: bool,
    /// Whether long strings and arrays are truncated.
    cut: bool,
    /// Whether a line was started.
    begun: bool,
    depth: usize,
}

impl<'a, 'f> Printer<'a, 'f> {
    fn new(f: &'a mut fmt::Formatter<'f>, passwords: bool) -> Self {
        let cut = !f.alternate();
        Self { f, passwords, cut, begun: false, depth: 0 }
    }

    fn structure(&mut self, structure: &Structure) -> fmt::Result {
        for (field, value) in structure.fields() {
            if let Some(count) = field.count {
                match value {
                    Value::NullCounted(number) => self.line(format_args!("{count}: {number}"))?,
                    Value::Array(elements) => self.line(format_args!("{count}: {}", elements.len()))?,
                    _ => {}
                }
            }
            self.value(format_args!("{}", field.name), value, field.ty)?;
        }
        Ok(())
    }

    /// A named value; its content follows, indented.
    fn value(&mut self, name: fmt::Arguments<'_>, value: &Value, ty: &Type) -> fmt::Result {
        match (value, ty) {
            (value, Type::Pointer(pointee)) => self.value(name, value, pointee),
            (Value::Null | Value::NullCounted(_), _) => self.line(format_args!("{name}: NULL")),
            (Value::Number(number), Type::Number { show, .. }) => {
                let words = show(*number);
                if words == number.to_string() || words.contains(['(', 'x']) {
                    self.line(format_args!("{name}: {words}"))
                } else {
                    self.line(format_args!("{name}: {words} ({number:#x})"))
                }
            }
            (Value::Number(number), _) => self.line(format_args!("{name}: {number}")),
            (Value::Guid(guid), _) => self.line(format_args!("{name}: {guid}")),
            (Value::Time(time), _) => self.line(format_args!("{name}: {time}")),
            (Value::String(string), _) => self.string(name, string.units()),
            (Value::Password(password), _) if self.passwords => self.string(name, password.units()),
            (Value::Password(_), _) => self.line(format_args!("{name}: not shown")),
            (Value::Array(units), Type::Array { element: Type::Number { bytes: 2, .. }, .. }) => {
                self.buffer(name, units)
            }
            (Value::Array(elements), ty) => self.array(name, elements, ty.inner().unwrap_or(ty)),
            (Value::Structure(structure), _) => {
                self.line(format_args!("{name}: {}", structure.ty().name))?;
                self.depth += 1;
                self.structure(structure)?;
                self.depth -= 1;
                Ok(())
            }
        }
    }

    fn array(&mut self, name: fmt::Arguments<'_>, elements: &[Value], element: &Type) -> fmt::Result {
        let empty = if elements.is_empty() { " empty" } else { "" };
        self.line(format_args!("{name}:{empty}"))?;
        self.depth += 1;
        let shown = if self.cut { limits::NDR_SHOWN_ELEMENTS } else { usize::MAX };
        for (index, value) in elements.iter().enumerate().take(shown) {
            self.value(format_args!("[{index}]"), value, element)?;
        }
        match elements.len().saturating_sub(shown) {
            0 => {}
            more => self.line(format_args!("… {more} more"))?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn string(&mut self, name: fmt::Arguments<'_>, units: &[u16]) -> fmt::Result {
        match units.get(..limits::NDR_SHOWN_UNITS).filter(|start| self.cut && start.len() < units.len()) {
            Some(start) => {
                let start = WideString::from_units(start);
                self.line(format_args!("{name}: {start:?}… ({} units)", units.len()))
            }
            None => self.line(format_args!("{name}: {:?}", WideString::from_units(units))),
        }
    }

    /// A buffer of UTF-16 code units: the string in it, and its size.
    fn buffer(&mut self, name: fmt::Arguments<'_>, units: &[Value]) -> fmt::Result {
        let unit =
            |value: &Value| if let Value::Number(unit) = value { u16::try_from(*unit).ok() } else { None };
        let string: Vec<u16> = units.iter().map_while(unit).take_while(|unit| *unit != 0).collect();
        self.line(format_args!("{name}: {:?} in {} units", WideString::from_units(string), units.len()))
    }

    fn line(&mut self, content: fmt::Arguments<'_>) -> fmt::Result {
        if std::mem::replace(&mut self.begun, true) {
            writeln!(self.f)?;
        }
        write!(self.f, "{:1$}{content}", "", 2 * self.depth)
    }
}
