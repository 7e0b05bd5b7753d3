//! One list of fields, from which a structure's layout, codec and shape come.

/// [`Wire`](super::Wire) and [`Shape`](super::Shape) of numbers and of newtypes over them.
macro_rules! coded {
    ($repr:ident: $($ty:ident),* $(,)?) => {$(
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

        $crate::ndr::macros::number_shape!($ty, $repr, |value| match <$repr>::try_from(value) {
            Ok(value) => $ty::from(value).to_string(),
            Err(_) => value.to_string(),
        });
    )*};
}

/// The row of a [`Field`](super::Field): its name, and before it the name of its count if it has one.
macro_rules! field {
    ($ty:ty, $name:literal) => {
        $crate::ndr::Field::new(None, $name, <$ty as $crate::ndr::Shape>::TYPE)
    };
    ($ty:ty, $count:literal $name:literal) => {
        $crate::ndr::Field::new(Some($count), $name, <$ty as $crate::ndr::Shape>::TYPE)
    };
}

/// The name that errors within a field bear; an error about the count has the count's own.
macro_rules! read_in_place {
    ($reader:ident, $ty:ty, $name:literal) => {
        $reader.in_place::<$ty>($name)?
    };
    ($reader:ident, $ty:ty, $count:literal $name:literal) => {
        $reader.counted::<$ty>($count, $name)?
    };
}

macro_rules! field_name {
    ($name:literal) => {
        $name
    };
    ($count:literal $name:literal) => {
        $name
    };
}

/// [`Wire`](super::Wire) and [`Shape`](super::Shape) of a structure. Its fields are given in the IDL's order as
/// `rust_name: Type = "IDLName"`, or `= "IDLCount" "IDLName"` where two of the IDL's fields are one here.
///
/// `unresolved "Name"` marks a structure with a field of which it is not settled how NDR64 encodes it.
macro_rules! structure {
    (
        $ty:ident $idl:literal $(unresolved $unresolved:literal)? {
            $($field:ident: $fty:ty = $($name:literal)+,)*
        }
    ) => {
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
                let in_place = ($($crate::ndr::macros::read_in_place!(reader, $fty, $($name)+),)*);
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
                    $($field: reader.pointees::<$fty>($crate::ndr::macros::field_name!($($name)+), $field)?,)*
                })
            }

            #[inline]
            fn write(&self, writer: &mut $crate::ndr::Writer) -> $crate::ndr::Result<()> {
                $(writer.resolved($unresolved)?;)?
                writer.align(Self::alignment(writer.syntax()));
                $(writer.field($crate::ndr::macros::field_name!($($name)+), &self.$field)?;)*
                writer.end_structure(Self::alignment(writer.syntax()));
                Ok(())
            }

            #[inline]
            fn write_pointees(&self, writer: &mut $crate::ndr::Writer) -> $crate::ndr::Result<()> {
                $(writer.pointees($crate::ndr::macros::field_name!($($name)+), &self.$field)?;)*
                Ok(())
            }
        }

        $crate::ndr::macros::shape!($ty, $idl, { $($field: $fty = $($name)+,)* });
    };
}

/// [`Shape`](super::Shape) of a structure, or of the parameters of a message.
macro_rules! shape {
    ($ty:ident, $idl:expr, { $($field:ident: $fty:ty = $($name:literal)+,)* }) => {
        impl $crate::ndr::Shape for $ty {
            const TYPE: &'static $crate::ndr::Type = &$crate::ndr::Type::Structure {
                name: $idl,
                fields: &[$($crate::ndr::macros::field!($fty, $($name)+)),*],
            };

            fn to_value(&self) -> $crate::ndr::Value {
                $crate::ndr::Value::Structure(vec![$(<$fty as $crate::ndr::Shape>::to_value(&self.$field)),*])
            }

            fn from_value(value: &$crate::ndr::Value) -> $crate::ndr::Result<Self> {
                let names: &[&str] = &[$($crate::ndr::macros::field_name!($($name)+)),*];
                let mut fields = $crate::ndr::value::fields(value, names.len())?.iter();
                let _ = &mut fields;
                Ok(Self {
                    $($field: $crate::ndr::value::take::<$fty>(
                        &mut fields,
                        $crate::ndr::macros::field_name!($($name)+),
                    )?,)*
                })
            }
        }
    };
}

pub(crate) use super::{value::number_shape, wire::without_pointees};
pub(crate) use {coded, field, field_name, read_in_place, shape, structure};
