//! Names of tasks and folders, as the store keeps them.
//!
//! Most names are short and in a Latin script. Such a name is kept in place: reading it touches only the memory of
//! what it names.

use crate::dtyp::WideString;
use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

/// A single name, in its own spelling.
#[derive(Clone, Debug)]
pub(crate) struct TaskName(Units);

impl TaskName {
    pub(crate) fn new(name: &WideString) -> Self {
        Self(Units::new(name.units().iter().copied()))
    }

    pub(crate) fn to_wide(&self) -> WideString {
        self.0.iter().collect::<Vec<_>>().into()
    }

    pub(crate) fn key(&self) -> NameKey {
        NameKey(Units::new(self.0.iter().map(upper)))
    }

    /// Whether this is a spelling of the name with this key.
    pub(crate) fn has_key(&self, key: &NameKey) -> bool {
        self.0.iter().map(upper).eq(key.0.iter())
    }
}

/// A key for a single name that is the same for all spellings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NameKey(Units);

impl NameKey {
    /// The number of code units of a short key.
    pub(crate) const SHORT: usize = Units::SHORT;

    /// The code units and their number, if it is short.
    pub(crate) fn as_short(&self) -> Option<(&[u8; Self::SHORT], u8)> {
        match &self.0 {
            Units::Short(units, len) => Some((units, *len)),
            Units::Long(_) => None,
        }
    }

    pub(crate) fn new(name: &WideString) -> Self {
        Self(Units::new(name.units().iter().copied().map(upper)))
    }
}

/// The code units of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Units {
    /// Code units less than 256, followed by zeros, and their number.
    Short([u8; Self::SHORT], u8),
    /// All others.
    Long(Box<[u16]>),
}

const _: () = assert!(size_of::<Units>() == 24);

impl Units {
    const SHORT: usize = 22;

    fn new(units: impl Iterator<Item = u16> + Clone) -> Self {
        Self::short(units.clone()).unwrap_or_else(|| Self::Long(units.collect()))
    }

    fn short(units: impl Iterator<Item = u16>) -> Option<Self> {
        let (mut short, mut len) = ([0; Self::SHORT], 0);
        for unit in units {
            *short.get_mut(usize::from(len))? = u8::try_from(unit).ok()?;
            len += 1;
        }
        Some(Self::Short(short, len))
    }

    fn iter(&self) -> impl Iterator<Item = u16> + Clone {
        let (short, long) = match self {
            Self::Short(units, len) => (units.get(..usize::from(*len)).unwrap_or(units), &[][..]),
            Self::Long(units) => (&[][..], &**units),
        };
        short.iter().copied().map(u16::from).chain(long.iter().copied())
    }
}

impl Hash for Units {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Short(units, len) => {
                state.write(units);
                state.write_u8(*len);
            }
            Self::Long(units) => units.hash(state),
        }
    }
}

impl PartialOrd for Units {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Units {
    /// By code units.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Short(units, len), Self::Short(others, other)) => (units, len).cmp(&(others, other)),
            _ => self.iter().cmp(other.iter()),
        }
    }
}

/// The upper case of a code unit if that is a single unit; otherwise, and for surrogates, the unit itself.
pub(super) fn upper(unit: u16) -> u16 {
    if let Ok(byte) = u8::try_from(unit)
        && byte.is_ascii()
    {
        return byte.to_ascii_uppercase().into();
    }
    let Some(c) = char::from_u32(unit.into()) else { return unit };
    let mut upper = c.to_uppercase();
    match (upper.next().map(|c| u16::try_from(u32::from(c))), upper.next()) {
        (Some(Ok(upper)), None) => upper,
        _ => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::{NameKey, TaskName};
    use crate::dtyp::WideString;
    use proptest::{
        collection, prop_assert, prop_assert_eq, prop_oneof,
        strategy::{Just, Strategy},
    };

    fn name() -> impl Strategy<Value = WideString> {
        let unit = prop_oneof![Just(0), Just(0x61), Just(0xFF), Just(0x100), 0..=u16::MAX];
        collection::vec(unit, 0..30).prop_map(WideString::from)
    }

    proptest::proptest! {
        #[test]
        fn a_name_keeps_its_spelling_and_has_one_key(name in name()) {
            let kept = TaskName::new(&name);
            prop_assert_eq!(&kept.to_wide(), &name);
            prop_assert_eq!(kept.key(), NameKey::new(&name));
            prop_assert!(kept.has_key(&kept.key()));
        }

        #[test]
        fn keys_are_ordered_by_code_units(a in name(), b in name()) {
            let units = |name: &WideString| name.units().iter().map(|unit| super::upper(*unit)).collect::<Vec<_>>();
            let (key, other) = (NameKey::new(&a), NameKey::new(&b));
            prop_assert_eq!(key.cmp(&other), units(&a).cmp(&units(&b)));
            prop_assert_eq!(TaskName::new(&a).has_key(&other), key == other);
        }
    }
}
