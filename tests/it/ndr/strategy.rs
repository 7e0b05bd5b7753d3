//! All messages, and random values of any of them.

use proptest::{collection::vec, prelude::*};
use uuid::Uuid;
use wintask::{
    dtyp::{Password, SystemTime},
    ndr::{Structure, StructureType, Type, Value},
    rpc::{Direction, Format, INTERFACES, Interface, Method},
};

/// Every message of every interface: 56 of them.
pub(crate) fn messages()
-> impl Iterator<Item = (&'static Interface, &'static Method, Direction, &'static Format)> {
    INTERFACES.into_iter().flat_map(|interface| {
        interface.methods.iter().flat_map(move |method| {
            [(Direction::Request, &method.request), (Direction::Response, &method.response)]
                .map(|(direction, format)| (interface, method, direction, format))
        })
    })
}

/// Which values to make.
#[derive(Clone, Copy)]
pub(crate) struct Values {
    /// The units of strings.
    pub(crate) units: fn() -> BoxedStrategy<Vec<u16>>,
    /// Whether pointers within arrays may be NULL.
    pub(crate) null_elements: bool,
}

impl Values {
    /// Any value of a type.
    fn value(self, ty: &'static Type) -> BoxedStrategy<Value> {
        match ty {
            Type::Number { bytes, .. } => {
                let most = u32::MAX >> (32 - 8 * bytes);
                prop_oneof![Just(0), Just(most), 0..=most].prop_map(Value::Number).boxed()
            }
            Type::Guid => any::<u128>().prop_map(|bits| Value::Guid(Uuid::from_u128(bits))).boxed(),
            Type::Time => {
                any::<[u8; 16]>().prop_map(|bytes| Value::Time(SystemTime::from_wire(bytes))).boxed()
            }
            Type::String => (self.units)().prop_map(|units| Value::String(units.into())).boxed(),
            Type::Password => {
                (self.units)().prop_map(|units| Value::Password(Password::from_units(units))).boxed()
            }
            Type::Pointer(pointee) => prop_oneof![Just(Value::Null), self.value(pointee)].boxed(),
            Type::Array { element, most, .. } => {
                vec(self.value(element), 0..=most.unwrap_or(8)).prop_map(Value::Array).boxed()
            }
            Type::Counted(element) => {
                let null = any::<u32>().prop_map(Value::NullCounted);
                let array = vec(self.element(element), 0..5).prop_map(Value::Array);
                prop_oneof![1 => null, 2 => array].boxed()
            }
            Type::Structure(ty) => self.structure(ty).prop_map(Value::Structure).boxed(),
            other => panic!("a type without a strategy: {other:?}"),
        }
    }

    fn element(self, ty: &'static Type) -> BoxedStrategy<Value> {
        match ty {
            Type::Pointer(pointee) if !self.null_elements => self.value(pointee),
            _ => self.value(ty),
        }
    }

    /// Any values of a structure's fields, or of a message's parameters.
    pub(crate) fn structure(self, ty: &'static StructureType) -> BoxedStrategy<Structure> {
        let fields: Vec<_> = ty.fields.iter().map(|field| self.value(field.ty)).collect();
        fields.prop_map(move |values| Structure::new(ty, values).unwrap()).boxed()
    }
}
