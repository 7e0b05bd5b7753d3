//! Values of any wire type for fuzzers and property tests, generated from the type's description.

use super::{Counted, Shape, Structure, Type, Value};
use crate::dtyp::Password;
use ::arbitrary::{Arbitrary, Error, Result, Unstructured};

/// A value of a Rust type.
pub(crate) fn shaped<T: Shape>(bytes: &mut Unstructured<'_>) -> Result<T> {
    T::from_value(value(T::TYPE, bytes)?).map_err(|_| Error::IncorrectFormat)
}

impl<'a, T: Shape> Arbitrary<'a> for Counted<T> {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        shaped(bytes)
    }
}

fn value(ty: &'static Type, bytes: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match ty {
        Type::Number { bytes: 1, .. } => Value::Number(bytes.arbitrary::<u8>()?.into()),
        Type::Number { bytes: 2, .. } => Value::Number(bytes.arbitrary::<u16>()?.into()),
        Type::Number { .. } => Value::Number(bytes.arbitrary()?),
        Type::Guid => Value::Guid(bytes.arbitrary()?),
        Type::Time => Value::Time(bytes.arbitrary()?),
        Type::String => Value::String(bytes.arbitrary()?),
        Type::Password => Value::Password(Password::from_units(bytes.arbitrary::<Vec<u16>>()?)),
        Type::Pointer(_) if bytes.ratio(1, 4u8)? => Value::Null,
        Type::Pointer(pointee) => value(pointee, bytes)?,
        Type::Counted(_) if bytes.ratio(1, 4u8)? => Value::NullCounted(bytes.arbitrary()?),
        Type::Counted(element) => elements(element, None, bytes)?,
        Type::Array { element, most } => elements(element, *most, bytes)?,
        Type::Structure(ty) => {
            let values: Result<_> = ty.fields.iter().map(|field| value(field.ty, bytes)).collect();
            Value::Structure(Structure::of(ty, values?))
        }
    })
}

/// An array; short arrays are more likely.
fn elements(element: &'static Type, most: Option<usize>, bytes: &mut Unstructured<'_>) -> Result<Value> {
    let mut elements = Vec::new();
    while most.is_none_or(|most| elements.len() < most) && bytes.arbitrary()? {
        elements.push(value(element, bytes)?);
    }
    Ok(Value::Array(elements))
}
