//! Values without their Rust types, and their type descriptions.

use super::{ErrorKind, Result, unplaced};
use crate::dtyp::{Password, SystemTime, WideString};
use uuid::Uuid;

/// A wire value without its Rust type, for programs that show, generate or convert messages of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A NULL pointer.
    Null,
    /// The NULL pointer of a [`Counted`](super::Counted) array, and the count that precedes it.
    NullCounted(u32),
    /// An integer, a set of flags or a code.
    Number(u32),
    /// A GUID.
    Guid(Uuid),
    /// A SYSTEMTIME.
    Time(SystemTime),
    /// A string.
    String(WideString),
    /// A string that is shown only on request.
    Password(Password),
    /// The elements of an array.
    Array(Vec<Value>),
    /// A structure.
    Structure(Structure),
}

/// The type of a [`Value`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Type {
    /// An integer, a set of flags or a code.
    #[non_exhaustive]
    Number {
        /// The size on the wire in bytes: 1, 2 or 4.
        bytes: usize,
        /// The name of the Rust type.
        name: &'static str,
        /// Whether it is a status: the return value of a call.
        is_status: bool,
        /// Describes the number: the names of the flags, or the meaning of the code.
        show: fn(u32) -> String,
    },
    /// A GUID.
    Guid,
    /// A SYSTEMTIME.
    Time,
    /// A string.
    String,
    /// A string that is shown only on request.
    Password,
    /// A unique pointer.
    Pointer(&'static Type),
    /// An array that is always present.
    #[non_exhaustive]
    Array {
        /// The type of its elements.
        element: &'static Type,
        /// The maximum number of elements, if the IDL has a `range`.
        most: Option<usize>,
    },
    /// A count, and a unique pointer to an array of that size.
    Counted(&'static Type),
    /// A structure.
    Structure(&'static StructureType),
}

/// The type of a [`Structure`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StructureType {
    /// The name of the structure in the IDL, or of the message.
    pub name: &'static str,
    /// The fields, in IDL order.
    pub fields: &'static [Field],
}

/// A field of a structure, or a parameter of a method.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// The name in the IDL.
    pub name: &'static str,
    /// The name of the preceding field that contains the array's count, if any.
    pub count: Option<&'static str>,
    /// The type.
    pub ty: &'static Type,
}

/// A structure, or the parameters of a message, without its Rust type.
///
/// `Display` prints one line per field, indented by depth. Long strings and arrays are truncated
/// ([`limits::NDR_SHOWN_UNITS`](crate::limits::NDR_SHOWN_UNITS),
/// [`limits::NDR_SHOWN_ELEMENTS`](crate::limits::NDR_SHOWN_ELEMENTS)) unless the format is `{:#}`. Passwords are
/// shown only with [`ShowPasswords`](super::ShowPasswords).
///
/// ```
/// use wintask::{
///     ndr::{Transfer, Value},
///     rpc::{Direction, schrpc},
/// };
///
/// let stub = [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
/// let message = schrpc::INTERFACE.decode(19, Direction::Request, &stub, Transfer::NDR20)?;
/// assert_eq!(message.ty().name, "SchRpcEnableTask");
/// assert_eq!(message.get("enabled"), Some(&Value::Number(1)));
/// assert_eq!(message.to_string(), "path: \"\"\nenabled: 1");
/// # Ok::<(), wintask::ndr::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Structure {
    ty: &'static StructureType,
    values: Vec<Value>,
}

impl Structure {
    /// Creates a structure from field values, in the order of the type.
    ///
    /// # Errors
    /// [`ErrorKind::FieldCount`] if the number of values is wrong. Their types are checked when the structure is
    /// encoded.
    pub fn new(ty: &'static StructureType, values: Vec<Value>) -> Result<Self> {
        match (values.len(), ty.fields.len()) {
            (found, expected) if found != expected => {
                Err(unplaced(ErrorKind::FieldCount { structure: ty.name, expected, found }))
            }
            _ => Ok(Self::of(ty, values)),
        }
    }

    /// Creates a structure from the right number of values.
    pub(crate) fn of(ty: &'static StructureType, values: Vec<Value>) -> Self {
        Self { ty, values }
    }

    /// The type.
    #[must_use]
    pub fn ty(&self) -> &'static StructureType {
        self.ty
    }

    /// The fields and their values, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.ty.fields.iter().zip(&self.values)
    }

    /// The values of the fields, in order.
    #[must_use]
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The value at a path such as `flags`, `pErrorInfo.line` or `pCreds[1].userId`, as shown in errors. Pointers are
    /// followed without being named; counts have no value.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut steps = path.split(['.', '[']);
        let first = self.field(steps.next()?)?;
        steps.try_fold(first, |value, step| match (value, step.strip_suffix(']')) {
            (Value::Structure(structure), None) => structure.field(step),
            (Value::Array(elements), Some(index)) => elements.get(index.parse::<usize>().ok()?),
            _ => None,
        })
    }

    fn field(&self, name: &str) -> Option<&Value> {
        self.fields().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }
}

impl PartialEq for Structure {
    fn eq(&self, other: &Self) -> bool {
        self.ty.name == other.ty.name && self.values == other.values
    }
}

impl Eq for Structure {}

impl Type {
    /// The type of the elements or the pointee, if any.
    pub(super) fn inner(&self) -> Option<&'static Type> {
        match self {
            Self::Pointer(inner) | Self::Counted(inner) | Self::Array { element: inner, .. } => Some(inner),
            _ => None,
        }
    }
}

/// The names of a field in the IDL: its own, and that of its count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    pub(crate) name: &'static str,
    pub(crate) count: Option<&'static str>,
}

impl Names {
    /// The names as given in a table: empty if the IDL name is the Rust name, otherwise `[name]` or `[count, name]`.
    pub(crate) const fn new(rust: &'static str, idl: &[&'static str]) -> Self {
        match *idl {
            [name] => Self { name, count: None },
            [count, name, ..] => Self { name, count: Some(count) },
            [] => Self { name: rust, count: None },
        }
    }

    /// A field of these names.
    pub(crate) const fn field(self, ty: &'static Type) -> Field {
        Field { name: self.name, count: self.count, ty }
    }
}
