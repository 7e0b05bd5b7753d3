//! Converts Rust values to [`Value`]s and back.

use super::{Counted, ErrorKind, Field, Result, Structure, StructureType, Type, Value, unplaced};
use crate::dtyp::{Password, SystemTime, WideString};
use uuid::Uuid;

/// A type whose values can be converted to a [`Value`] and back.
pub trait Shape: Sized {
    /// The type of its values.
    const TYPE: &'static Type;

    /// Converts a value.
    fn into_value(self) -> Value;

    /// Converts a value back.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] or [`ErrorKind::FieldCount`] if the value is not of this type; the location is the
    /// path of the mismatch.
    fn from_value(value: Value) -> Result<Self>;
}

/// A [`Shape`] that is a structure, or the parameters of a message.
pub trait Record: Shape {
    /// The fields.
    const STRUCTURE: &'static StructureType;

    /// Converts a value.
    fn into_structure(self) -> Structure;

    /// Converts a value back.
    ///
    /// # Errors
    /// The errors of [`Shape::from_value`].
    fn from_structure(structure: Structure) -> Result<Self>;
}

impl Value {
    /// The kind of value, for an error message.
    fn kind(&self) -> &'static str {
        match self {
            Self::Null | Self::NullCounted(_) => "NULL",
            Self::Number(_) => "a number",
            Self::Guid(_) => "a GUID",
            Self::Time(_) => "a SYSTEMTIME",
            Self::String(_) => "a string",
            Self::Password(_) => "a password",
            Self::Array(_) => "an array",
            Self::Structure(structure) => structure.ty().name,
        }
    }

    /// The error for a value of another type.
    #[cold]
    pub(crate) fn is_not<T>(&self, expected: &'static str) -> Result<T> {
        Err(unplaced(ErrorKind::Mismatch { expected, found: self.kind() }))
    }
}

/// The fields of a structure that is being converted back.
pub(crate) struct FieldValues {
    fields: std::slice::Iter<'static, Field>,
    values: std::vec::IntoIter<Value>,
}

impl Structure {
    /// The fields, if the structure is of this type.
    pub(crate) fn into_fields_of(self, ty: &'static StructureType) -> Result<FieldValues> {
        if self.ty().name == ty.name {
            Ok(FieldValues { fields: ty.fields.iter(), values: self.into_values().into_iter() })
        } else {
            Value::Structure(self).is_not(ty.name)
        }
    }
}

impl FieldValues {
    /// Converts the next field back.
    pub(crate) fn take<T: Shape>(&mut self) -> Result<T> {
        let value = self.values.next().unwrap_or(Value::Null);
        let name = self.fields.next().map_or("", |field| field.name);
        T::from_value(value).map_err(|error| error.within(name))
    }
}

/// Implements [`Shape`] for a number or a newtype over one; `status` marks the type of a return value.
macro_rules! number_shape {
    ($ty:ty, $repr:ty, $is_status:expr, $show:expr) => {
        impl $crate::ndr::Shape for $ty {
            const TYPE: &'static $crate::ndr::Type = &$crate::ndr::Type::Number {
                bytes: size_of::<$repr>(),
                name: stringify!($ty),
                is_status: $is_status,
                show: $show,
            };

            fn into_value(self) -> $crate::ndr::Value {
                $crate::ndr::Value::Number(<$repr>::from(self).into())
            }

            fn from_value(value: $crate::ndr::Value) -> $crate::ndr::Result<Self> {
                match value {
                    $crate::ndr::Value::Number(number) => {
                        <$repr>::try_from(number).map(Self::from).map_err(|_| {
                            $crate::ndr::unplaced($crate::ndr::ErrorKind::OutOfRange {
                                value: number.into(),
                                most: <$repr>::MAX.into(),
                            })
                        })
                    }
                    value => value.is_not("a number"),
                }
            }
        }
    };
}

pub(crate) use number_shape;

/// Implements [`Shape`] for the content of a variant of [`Value`].
macro_rules! leaf_shape {
    ($($ty:ty: $variant:ident, $expected:literal;)*) => {$(
        impl Shape for $ty {
            const TYPE: &'static Type = &Type::$variant;

            fn into_value(self) -> Value {
                Value::$variant(self)
            }

            fn from_value(value: Value) -> Result<Self> {
                match value {
                    Value::$variant(value) => Ok(value),
                    value => value.is_not($expected),
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

    fn into_value(self) -> Value {
        self.map_or(Value::Null, Shape::into_value)
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: Shape> Shape for Vec<T> {
    const TYPE: &'static Type = &Type::Array { element: T::TYPE, most: None };

    fn into_value(self) -> Value {
        Value::Array(self.into_iter().map(Shape::into_value).collect())
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Array(elements) => elements
                .into_iter()
                .enumerate()
                .map(|(index, element)| T::from_value(element).map_err(|error| error.in_element(index)))
                .collect(),
            value => value.is_not("an array"),
        }
    }
}

impl<T: Shape> Shape for Counted<T> {
    const TYPE: &'static Type = &Type::Counted(T::TYPE);

    fn into_value(self) -> Value {
        match self {
            Self::Array(elements) => elements.into_value(),
            Self::Null { count } => Value::NullCounted(count),
        }
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::NullCounted(count) => Ok(Self::Null { count }),
            value => Vec::from_value(value).map(Self::Array),
        }
    }
}
