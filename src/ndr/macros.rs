//! Macros that generate a structure's Rust type, layout, codec and shape from a single list of fields.

/// Implements [`Wire`](super::Wire) and [`Shape`](super::Shape) for numbers and newtypes over them; `status` marks
/// the types of return values.
macro_rules! coded {
    (status $repr:ident: $($ty:ident),* $(,)?) => {
        $crate::ndr::macros::coded! { @ true, $repr: $($ty),* }
    };
    ($repr:ident: $($ty:ident),* $(,)?) => {
        $crate::ndr::macros::coded! { @ false, $repr: $($ty),* }
    };
    (@ $is_status:literal, $repr:ident: $($ty:ident),*) => {$(
        impl $crate::ndr::Wire for $ty {
            $crate::ndr::macros::without_pointees! { reader => reader.$repr().map(Self::from) }

            #[inline]
            fn alignment(_: $crate::ndr::Syntax) -> usize {
                size_of::<$repr>()
            }

            #[inline]
            fn least(_: $crate::ndr::Syntax) -> usize {
                size_of::<$repr>()
            }

            #[inline]
            fn most(&self, _: $crate::ndr::Syntax) -> usize {
                2 * size_of::<$repr>() - 1
            }

            #[inline]
            fn write(&self, writer: &mut $crate::ndr::Writer) -> $crate::ndr::Result<()> {
                writer.$repr((*self).into());
                Ok(())
            }
        }

        $crate::ndr::macros::number_shape!($ty, $repr, $is_status, |value| match <$repr>::try_from(value) {
            Ok(value) => $ty::from(value).to_string(),
            Err(_) => value.to_string(),
        });
    )*};
}

/// Defines a wire structure. Its fields are in IDL order, as `rust_name: Type = "IDLName"`, `= "IDLCount" "IDLName"`
/// if two IDL fields form one here, or without a name if the IDL's is the same.
///
/// `unresolved "Name"` marks a structure with a field whose NDR64 encoding is unresolved.
macro_rules! structure {
    (
        $(#[$meta:meta])*
        pub struct $ty:ident = $idl:literal $(unresolved $unresolved:literal)? {
            $($(#[$field_meta:meta])* pub $field:ident: $fty:ty $(= $($name:literal)+)?,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[expect(clippy::exhaustive_structs, reason = "a structure of the wire")]
        #[doc(alias = $idl)]
        pub struct $ty {
            $($(#[$field_meta])* $($(#[doc(alias = $name)])+)? pub $field: $fty,)*
        }

        impl $crate::ndr::Wire for $ty {
            type InPlace = ($(<$fty as $crate::ndr::Wire>::InPlace,)*);

            fn alignment(syntax: $crate::ndr::Syntax) -> usize {
                [$(<$fty as $crate::ndr::Wire>::alignment(syntax)),*].into_iter().fold(1, usize::max)
            }

            fn least(syntax: $crate::ndr::Syntax) -> usize {
                [$(<$fty as $crate::ndr::Wire>::least(syntax)),*].into_iter().sum()
            }

            #[inline]
            fn most(&self, syntax: $crate::ndr::Syntax) -> usize {
                [$(self.$field.most(syntax)),*].into_iter().fold(2 * Self::alignment(syntax), usize::saturating_add)
            }

            #[inline]
            fn read(reader: &mut $crate::ndr::Reader<'_>) -> $crate::ndr::Result<Self::InPlace> {
                $(reader.resolved($unresolved)?;)?
                reader.align(Self::alignment(reader.syntax()))?;
                let in_place = ($(
                    reader.field::<$fty>($crate::ndr::macros::names!($field $($($name)+)?))?,
                )*);
                reader.end_structure(Self::alignment(reader.syntax()))?;
                Ok(in_place)
            }

            #[inline]
            fn read_pointees(
                in_place: Self::InPlace,
                reader: &mut $crate::ndr::Reader<'_>,
            ) -> $crate::ndr::Result<Self> {
                let ($($field,)*) = in_place;
                Ok(Self {
                    $($field: reader.pointees::<$fty>(
                        $crate::ndr::macros::names!($field $($($name)+)?).name,
                        $field,
                    )?,)*
                })
            }

            #[inline]
            fn write(&self, writer: &mut $crate::ndr::Writer) -> $crate::ndr::Result<()> {
                $(writer.resolved($unresolved)?;)?
                writer.align(Self::alignment(writer.syntax()));
                $(writer.field($crate::ndr::macros::names!($field $($($name)+)?).name, &self.$field)?;)*
                writer.end_structure(Self::alignment(writer.syntax()));
                Ok(())
            }

            #[inline]
            fn write_pointees(&self, writer: &mut $crate::ndr::Writer) -> $crate::ndr::Result<()> {
                $(writer.pointees($crate::ndr::macros::names!($field $($($name)+)?).name, &self.$field)?;)*
                Ok(())
            }
        }

        $crate::ndr::macros::record!($ty, $idl, { $($field: $fty = $($($name)+)?,)* });
    };
}

/// The [`Names`](super::value::Names) of a field.
macro_rules! names {
    ($field:ident $($name:literal)*) => {
        const { &$crate::ndr::Names::new(stringify!($field), &[$($name),*]) }
    };
}

/// Implements [`Record`](super::Record), serde and `Arbitrary` for a structure, or for the parameters of a message.
macro_rules! record {
    ($ty:ident, $idl:expr, { $($field:ident: $fty:ty = $($name:literal)*,)* }) => {
        impl $crate::ndr::Record for $ty {
            const STRUCTURE: &'static $crate::ndr::StructureType = &$crate::ndr::StructureType {
                name: $idl,
                fields: &[$(
                    $crate::ndr::macros::names!($field $($name)*).field(<$fty as $crate::ndr::Shape>::TYPE)
                ),*],
            };

            fn into_structure(self) -> $crate::ndr::Structure {
                $crate::ndr::Structure::of(
                    Self::STRUCTURE,
                    vec![$(<$fty as $crate::ndr::Shape>::into_value(self.$field)),*],
                )
            }

            fn from_structure(structure: $crate::ndr::Structure) -> $crate::ndr::Result<Self> {
                let mut fields = structure.into_fields_of(Self::STRUCTURE)?;
                let _ = &mut fields;
                Ok(Self { $($field: fields.take::<$fty>()?,)* })
            }
        }

        impl $crate::ndr::Shape for $ty {
            const TYPE: &'static $crate::ndr::Type =
                &$crate::ndr::Type::Structure(<Self as $crate::ndr::Record>::STRUCTURE);

            fn into_value(self) -> $crate::ndr::Value {
                $crate::ndr::Value::Structure($crate::ndr::Record::into_structure(self))
            }

            fn from_value(value: $crate::ndr::Value) -> $crate::ndr::Result<Self> {
                match value {
                    $crate::ndr::Value::Structure(structure) => $crate::ndr::Record::from_structure(structure),
                    value => value.is_not($idl),
                }
            }
        }

        $crate::ndr::macros::serialized!($ty);
    };
}

/// Implements serde and `Arbitrary` for a type with a [`Shape`](super::Shape).
macro_rules! serialized {
    ($ty:ident) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                $crate::ndr::serialization::serialize(self, serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                $crate::ndr::serialization::deserialize(deserializer)
            }
        }

        #[cfg(feature = "arbitrary")]
        impl<'a> arbitrary::Arbitrary<'a> for $ty {
            fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                $crate::ndr::arbitrary::shaped(bytes)
            }
        }
    };
}

pub(crate) use super::{shape::number_shape, wire::without_pointees};
pub(crate) use {coded, names, record, serialized, structure};
