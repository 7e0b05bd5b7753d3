use super::{Counted, ErrorKind, Result};
use crate::{
    dtyp::{Password, SystemTime, WideString},
    error::{Error, Place},
};
use uuid::Uuid;

/// A value of the wire without its Rust type: for programs that show, make up or convert messages of all kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A NULL pointer.
    Null,
    /// The NULL pointer of a [`Counted`] array, and the count beside it.
    NullCounted(u32),
    /// An integer, a set of flags or a code.
    Number(u32),
    /// A GUID.
    Guid(Uuid),
    /// A SYSTEMTIME.
    Time(SystemTime),
    /// A string.
    String(WideString),
    /// A string that is not shown unless asked for by name.
    Password(Password),
    /// The elements of an array.
    Array(Vec<Value>),
    /// The fields of a structure, in the order of its [`Type`].
    Structure(Vec<Value>),
}

/// What a [`Value`] is a value of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Type {
    /// An integer, a set of flags or a code.
    Number {
        /// Bytes on the wire: 1, 2 or 4.
        bytes: usize,
        /// The Rust type by name.
        name: &'static str,
        /// The number in words: the flags' names, the code's meaning.
        show: fn(u32) -> String,
    },
    /// A GUID.
    Guid,
    /// A SYSTEMTIME.
    Time,
    /// A string.
    String,
    /// A string that is not shown unless asked for by name.
    Password,
    /// A unique pointer.
    Pointer(&'static Type),
    /// An array; its field says where its count stands, if that is a parameter.
    Array {
        /// The type of its elements.
        element: &'static Type,
        /// The most elements, where the IDL has a `range`.
        most: Option<usize>,
    },
    /// A count, and a unique pointer to an array of that size.
    Counted(&'static Type),
    /// A structure.
    Structure {
        /// Its name in the IDL.
        name: &'static str,
        /// Its fields.
        fields: &'static [Field],
    },
}

/// A field of a structure, or a parameter of a method.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name in the IDL.
    pub name: &'static str,
    /// The name of the field before it that counts its elements, where it is an array with such a field.
    pub count: Option<&'static str>,
    /// Its type.
    pub ty: &'static Type,
}

impl Field {
    /// Puts the parts together.
    pub(crate) const fn new(count: Option<&'static str>, name: &'static str, ty: &'static Type) -> Self {
        Self { name, count, ty }
    }
}

/// A type whose values can be taken apart into a [`Value`] and put together again.
pub trait Shape: Sized {
    /// What its values look like.
    const TYPE: &'static Type;

    /// Takes a value apart.
    fn to_value(&self) -> Value;

    /// Puts a value together.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] where the value is not of this type; the place has the field, and no offset.
    fn from_value(value: &Value) -> Result<Self>;
}

/// A value of another shape.
pub(crate) fn misshapen<T>(expected: &'static str) -> Result<T> {
    Err(Error::new(ErrorKind::Shape(expected), Place::bytes(0..0, "")))
}

/// The fields of a structure, if there are so many.
pub(crate) fn fields(value: &Value, count: usize) -> Result<&[Value]> {
    match value {
        Value::Structure(fields) if fields.len() == count => Ok(fields),
        _ => misshapen("a structure of so many fields"),
    }
}

/// The next field, put together.
pub(crate) fn take<T: Shape>(fields: &mut std::slice::Iter<'_, Value>, name: &str) -> Result<T> {
    fields.next().map_or_else(|| misshapen("there"), T::from_value).map_err(|error| error.within(name))
}

/// [`Shape`] of a newtype of a number.
macro_rules! number_shape {
    ($ty:ty, $repr:ty, $show:expr) => {
        impl $crate::ndr::Shape for $ty {
            const TYPE: &'static $crate::ndr::Type =
                &$crate::ndr::Type::Number { bytes: size_of::<$repr>(), name: stringify!($ty), show: $show };

            fn to_value(&self) -> $crate::ndr::Value {
                $crate::ndr::Value::Number(<$repr>::from(*self).into())
            }

            fn from_value(value: &$crate::ndr::Value) -> $crate::ndr::Result<Self> {
                match value {
                    $crate::ndr::Value::Number(number) => match <$repr>::try_from(*number) {
                        Ok(number) => Ok(Self::from(number)),
                        Err(_) => $crate::ndr::value::misshapen("a number so small"),
                    },
                    _ => $crate::ndr::value::misshapen("a number"),
                }
            }
        }
    };
}

pub(crate) use number_shape;

/// [`Shape`] of what a variant of [`Value`] holds.
macro_rules! leaf_shape {
    ($($ty:ty: $variant:ident, $expected:literal;)*) => {$(
        impl Shape for $ty {
            const TYPE: &'static Type = &Type::$variant;

            fn to_value(&self) -> Value {
                Value::$variant(self.clone())
            }

            fn from_value(value: &Value) -> Result<Self> {
                match value {
                    Value::$variant(value) => Ok(value.clone()),
                    _ => misshapen($expected),
                }
            }
        }
    )*};
}

leaf_shape! {
    Uuid: Guid, "a GUID";
    SystemTime: Time, "a SYSTEMTIME";
    WideString: String, "a string";
    Password: Password, "a password";
}

impl<T: Shape> Shape for Option<T> {
    const TYPE: &'static Type = &Type::Pointer(T::TYPE);

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Shape::to_value)
    }

    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: Shape> Shape for Vec<T> {
    const TYPE: &'static Type = &Type::Array { element: T::TYPE, most: None };

    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(Shape::to_value).collect())
    }

    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Array(elements) => elements
                .iter()
                .enumerate()
                .map(|(index, element)| T::from_value(element).map_err(|error| error.in_element(index)))
                .collect(),
            _ => misshapen("an array"),
        }
    }
}

impl<T: Shape> Shape for Counted<T> {
    const TYPE: &'static Type = &Type::Counted(T::TYPE);

    fn to_value(&self) -> Value {
        match self {
            Self::Array(elements) => elements.to_value(),
            Self::Null { count } => Value::NullCounted(*count),
        }
    }

    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::NullCounted(count) => Ok(Self::Null { count: *count }),
            value => Vec::from_value(value).map(Self::Array),
        }
    }
}
