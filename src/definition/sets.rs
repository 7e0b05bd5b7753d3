//! Sets of days, weeks and months.

use std::fmt;

/// A set of named bits, serialised as a list of names.
macro_rules! named_set {
    (
        $(#[$meta:meta])*
        pub struct $ty:ident($repr:ident) { $( $(#[$vmeta:meta])* $name:ident = $value:literal => $spec:literal, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $ty($repr);

        impl $ty {
            $( $(#[$vmeta])* pub const $name: Self = Self($value); )*

            /// The set of all members.
            pub const ALL: Self = Self(0 $(| $value)*);

            const TABLE: &'static [($repr, &'static str)] = &[$( ($value, $spec), )*];

            /// The set with these bits; undefined bits are ignored.
            #[must_use]
            pub const fn from_bits(bits: $repr) -> Self {
                Self(bits & Self::ALL.0)
            }

            /// The bits, with the values of the Windows API.
            #[must_use]
            pub const fn bits(self) -> $repr {
                self.0
            }

            /// Whether it contains all of `other`.
            #[must_use]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether it is empty.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The names of the members as in XML, in order.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                Self::TABLE.iter().filter(move |(bit, _)| self.0 & bit != 0).map(|(_, name)| *name)
            }

            /// The member with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::TABLE.iter().find(|(_, known)| *known == name).map(|(bit, _)| Self(*bit))
            }
        }

        impl std::ops::BitOr for $ty {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl std::ops::BitOrAssign for $ty {
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl FromIterator<Self> for $ty {
            fn from_iter<I: IntoIterator<Item = Self>>(members: I) -> Self {
                members.into_iter().fold(Self::default(), |set, member| set | member)
            }
        }

        impl fmt::Debug for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_set().entries(self.names()).finish()
            }
        }

        #[cfg(feature = "arbitrary")]
        impl arbitrary::Arbitrary<'_> for $ty {
            fn arbitrary(bytes: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<Self> {
                bytes.arbitrary().map(Self::from_bits)
            }

            fn size_hint(depth: usize) -> (usize, Option<usize>) {
                <$repr as arbitrary::Arbitrary<'_>>::size_hint(depth)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.names())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let names = Vec::<String>::deserialize(deserializer)?;
                let member = |name: &String| {
                    Self::from_name(name).ok_or_else(|| serde::de::Error::custom(format_args!("{name} is unknown")))
                };
                names.iter().map(member).collect()
            }
        }
    };
}

named_set! {
    /// Days of the week; bit 0 is Sunday, as in the Windows API.
    pub struct DaysOfWeek(u8) {
        /// Sunday.
        SUNDAY = 0x01 => "Sunday",
        /// Monday.
        MONDAY = 0x02 => "Monday",
        /// Tuesday.
        TUESDAY = 0x04 => "Tuesday",
        /// Wednesday.
        WEDNESDAY = 0x08 => "Wednesday",
        /// Thursday.
        THURSDAY = 0x10 => "Thursday",
        /// Friday.
        FRIDAY = 0x20 => "Friday",
        /// Saturday.
        SATURDAY = 0x40 => "Saturday",
    }
}

named_set! {
    /// Months of the year; bit 0 is January.
    pub struct Months(u16) {
        /// January.
        JANUARY = 0x001 => "January",
        /// February.
        FEBRUARY = 0x002 => "February",
        /// March.
        MARCH = 0x004 => "March",
        /// April.
        APRIL = 0x008 => "April",
        /// May.
        MAY = 0x010 => "May",
        /// June.
        JUNE = 0x020 => "June",
        /// July.
        JULY = 0x040 => "July",
        /// August.
        AUGUST = 0x080 => "August",
        /// September.
        SEPTEMBER = 0x100 => "September",
        /// October.
        OCTOBER = 0x200 => "October",
        /// November.
        NOVEMBER = 0x400 => "November",
        /// December.
        DECEMBER = 0x800 => "December",
    }
}

named_set! {
    /// Weeks of the month; bit 0 is the first week. `LAST` is the last such day of the month, in the fourth or fifth
    /// week.
    pub struct Weeks(u8) {
        /// First.
        FIRST = 0x01 => "1",
        /// Second.
        SECOND = 0x02 => "2",
        /// Third.
        THIRD = 0x04 => "3",
        /// Fourth.
        FOURTH = 0x08 => "4",
        /// Last.
        LAST = 0x10 => "Last",
    }
}

/// Days of the month; bit 0 is the 1st, bit 30 the 31st, and bit 31 the last day, as in the Windows API.
///
/// ```
/// use wintask::definition::DaysOfMonth;
///
/// let days = DaysOfMonth::from_days([1, 15]) | DaysOfMonth::LAST;
/// assert_eq!(days.names().collect::<Vec<_>>(), ["1", "15", "Last"]);
/// assert!(days.contains_day(15) && days.has_last());
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct DaysOfMonth(u32);

impl DaysOfMonth {
    /// The last day of the month.
    pub const LAST: Self = Self(0x8000_0000);

    /// The set of these days; numbers outside 1 to 31 are ignored.
    #[must_use]
    pub fn from_days(days: impl IntoIterator<Item = u8>) -> Self {
        Self(days.into_iter().filter(|day| (1..=31).contains(day)).fold(0, |bits, day| bits | 1 << (day - 1)))
    }

    /// The set with these bits.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The bits, with the values of the Windows API.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The numbered days, in order.
    pub fn days(self) -> impl Iterator<Item = u8> {
        (1..=31).filter(move |day| self.contains_day(*day))
    }

    /// Whether it contains the day, 1 to 31.
    #[must_use]
    pub const fn contains_day(self, day: u8) -> bool {
        day >= 1 && day <= 31 && self.0 >> (day - 1) & 1 != 0
    }

    /// Whether it contains the last day of the month.
    #[must_use]
    pub const fn has_last(self) -> bool {
        self.0 & Self::LAST.0 != 0
    }

    /// Whether it is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The values as in XML, in order.
    pub fn names(self) -> impl Iterator<Item = String> {
        self.days().map(|day| day.to_string()).chain(self.has_last().then(|| "Last".to_owned()))
    }

    /// The day with this name: 1 to 31 without leading zeros, or `Last`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.as_bytes() {
            b"Last" => Some(Self::LAST),
            [b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0' | b'1'] => {
                name.parse().ok().map(|day| Self::from_days([day]))
            }
            _ => None,
        }
    }
}

impl std::ops::BitOr for DaysOfMonth {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for DaysOfMonth {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for DaysOfMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for DaysOfMonth {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for DaysOfMonth {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<String>::deserialize(deserializer)?.iter().try_fold(Self::default(), |days, name| {
            let day = Self::from_name(name);
            Ok(days
                | day.ok_or_else(|| {
                    serde::de::Error::custom(format_args!("{name} is not a day of a month"))
                })?)
        })
    }
}
