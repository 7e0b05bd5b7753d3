//! The three kinds of coded value: a code with a meaning, an open enumeration, and a set of flags.
//!
//! All three are newtypes over the wire value, so unknown values and bits are preserved.

/// A row of a table of codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    pub(crate) value: u32,
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) advice: Option<&'static str>,
}

/// Looks up a value in a table sorted by value.
pub(crate) fn lookup(table: &'static [Code], value: u32) -> Option<&'static Code> {
    table.binary_search_by_key(&value, |code| code.value).ok().and_then(|at| table.get(at))
}

/// Defines the associated constants of a code type, and the sorted table for `name`, `meaning` and `advice`.
macro_rules! codes {
    (@advice) => { None };
    (@advice $advice:literal) => { Some($advice) };
    ($ty:ident: $($name:ident = $value:literal, $meaning:literal $(, $advice:literal)?;)*) => {
        impl $ty {
            $(
                #[doc = concat!("`", stringify!($value), "`: ", $meaning, ".")]
                pub const $name: Self = Self($value);
            )*
            pub(crate) const TABLE: &'static [$crate::dtyp::macros::Code] = &[$(
                $crate::dtyp::macros::Code {
                    value: $value,
                    name: stringify!($name),
                    meaning: $meaning,
                    advice: codes!(@advice $($advice)?),
                },
            )*];
        }
    };
}

/// Implements serde for a code: `"0x8004131a"`, lower case, eight digits.
macro_rules! serialized_code {
    ($ty:ident) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&format_args!("{:#010x}", self.0))
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 8);
                digits
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                    .map(Self)
                    .ok_or_else(|| serde::de::Error::custom("expected 0x and eight hex digits"))
            }
        }
    };
}

/// Implements serde for a value as text, using `Display` and `FromStr`.
macro_rules! text_serde {
    ($($ty:ident),*) => {$(
        #[cfg(feature = "serde")]
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

/// Implements serde for an error without a code or location: `{message}`, as for other errors.
macro_rules! message_serde {
    ($($ty:ident),*) => {$(
        #[cfg(feature = "serde")]
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let mut fields = serializer.serialize_struct(stringify!($ty), 1)?;
                fields.serialize_field("message", &self.to_string())?;
                fields.end()
            }
        }
    )*};
}

/// Defines the names of a choice, shared with serde: `ALL`, `name`, `Display` and `FromStr`. `Display` may show other
/// words, which `FromStr` accepts, too.
macro_rules! choice {
    (@words $name:literal) => { $name };
    (@words $name:literal $words:literal) => { $words };
    ($ty:ident { $( $variant:ident = $name:literal $(=> $words:literal)?, )* }) => {
        impl $ty {
            /// Every value.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The name, as accepted by `FromStr`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }
        }

        impl std::fmt::Display for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $( Self::$variant => $crate::dtyp::macros::choice!(@words $name $($words)?), )* })
            }
        }

        impl std::str::FromStr for $ty {
            type Err = $crate::dtyp::UnknownName;

            /// Parses the name or the output of `Display`.
            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                match text {
                    $( $name $(| $words)? => Ok(Self::$variant), )*
                    _ => Err($crate::dtyp::UnknownName::new(&[$( $name, )*])),
                }
            }
        }
    };
}

/// Defines an open enumeration: a newtype with a constant for each known value.
///
/// The name in quotes is the specification's spelling, which `name` returns and rustdoc's search finds.
///
/// `numbered` after the type adds the value to the name in `Display`, as is usual for a status.
macro_rules! open_enum {
    (@display $ty:ident) => {
        impl std::fmt::Display for $ty {
            /// The name, or the value in hexadecimal.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "{:#x}", self.0),
                }
            }
        }
    };
    (@display $ty:ident numbered) => {
        impl std::fmt::Display for $ty {
            /// `NAME (0x…)`, or `0x…` without a name.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => write!(f, "{name} ({:#010x})", self.0),
                    None => write!(f, "{:#010x}", self.0),
                }
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $ty:ident($repr:ident) $($numbered:ident)? {
            $( $(#[$vmeta:meta])* $name:ident = $value:literal => $spec:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $ty(
            /// The value.
            pub $repr,
        );

        impl $ty {
            $( $(#[$vmeta])* #[doc(alias = $spec)] pub const $name: Self = Self($value); )*

            /// The specification's name of the value, if any.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $( $value => Some($spec), )*
                    _ => None,
                }
            }
        }

        impl std::fmt::Debug for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        $crate::dtyp::macros::open_enum! { @display $ty $($numbered)? }

        impl From<$repr> for $ty {
            fn from(value: $repr) -> Self {
                Self(value)
            }
        }

        impl From<$ty> for $repr {
            fn from(value: $ty) -> Self {
                value.0
            }
        }
    };
}

/// Defines a set of bits, which can include undefined ones.
///
/// The name in quotes is the specification's spelling, if it differs from the constant's.
macro_rules! flags {
    (@name $name:ident) => { stringify!($name) };
    (@name $name:ident $spec:literal) => { $spec };
    (
        $(#[$meta:meta])*
        pub struct $ty:ident($repr:ident) {
            $( $(#[$vmeta:meta])* $name:ident = $value:literal $(=> $spec:literal)?, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $ty(
            /// The bits.
            pub $repr,
        );

        impl $ty {
            $( $(#[$vmeta])* $(#[doc(alias = $spec)])? pub const $name: Self = Self($value); )*

            /// No bit.
            pub const NONE: Self = Self(0);

            /// Every defined bit.
            pub const DEFINED: Self = Self(0 $(| $value)*);

            const TABLE: &'static [($repr, &'static str)] = &[$(($value, flags!(@name $name $($spec)?))),*];

            /// Whether every bit of `other` is set.
            #[must_use]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether no bit is set.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The bits set in either.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// The bits except those of `other`.
            #[must_use]
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            /// The undefined bits.
            #[must_use]
            pub const fn undefined(self) -> Self {
                self.without(Self::DEFINED)
            }

            /// The specification's names of the defined bits that are set, lowest bit first.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                Self::TABLE.iter().filter(move |(bit, _)| self.0 & bit != 0).map(|(_, name)| *name)
            }
        }

        impl std::ops::BitOr for $ty {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                self.with(other)
            }
        }

        impl std::fmt::Debug for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::fmt::Display for $ty {
            /// The names of the defined bits and the undefined ones in hexadecimal, separated by ` | `; `0` for none.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut separator = "";
                for name in self.names() {
                    write!(f, "{separator}{name}")?;
                    separator = " | ";
                }
                match self.undefined().0 {
                    0 if separator.is_empty() => f.write_str("0"),
                    0 => Ok(()),
                    rest => write!(f, "{separator}{rest:#x}"),
                }
            }
        }

        impl From<$repr> for $ty {
            fn from(value: $repr) -> Self {
                Self(value)
            }
        }

        impl From<$ty> for $repr {
            fn from(value: $ty) -> Self {
                value.0
            }
        }
    };
}

/// Defines an enumeration of names that are compared ignoring case. `Display` may show other words.
macro_rules! named {
    (@words $name:literal) => { $name };
    (@words $name:literal $words:literal) => { $words };
    (
        $(#[$meta:meta])*
        pub enum $ty:ident { $( $(#[$vmeta:meta])* $variant:ident = $name:literal $(=> $words:literal)?, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub enum $ty { $( $(#[$vmeta])* #[cfg_attr(feature = "serde", serde(rename = $name))] $variant, )* }

        impl $ty {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The name as written.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// The value with this name, ignoring case.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name().eq_ignore_ascii_case(name))
            }
        }

        impl std::fmt::Display for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $( Self::$variant => named!(@words $name $($words)?), )* })
            }
        }

        impl std::str::FromStr for $ty {
            type Err = $crate::dtyp::UnknownName;

            /// Parses the name or the output of `Display`, ignoring case.
            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                let shown = || {
                    let words = [$( named!(@words $name $($words)?), )*];
                    let found = words.iter().position(|words| words.eq_ignore_ascii_case(text));
                    found.and_then(|index| Self::ALL.get(index).copied())
                };
                let found = Self::from_name(text).or_else(shown);
                found.ok_or($crate::dtyp::UnknownName::new(&[$( $name, )*]))
            }
        }
    };
}

pub(crate) use {choice, codes, flags, message_serde, named, open_enum, serialized_code, text_serde};
