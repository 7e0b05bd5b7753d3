use super::WideString;
use std::fmt;
use zeroize::Zeroizing;

/// A password in UTF-16 units: wiped from memory when dropped, and shown nowhere unless asked for by name.
///
/// ```
/// use wintask::dtyp::Password;
///
/// let password = Password::from("secret");
/// assert_eq!(format!("{password:?}"), "Password(not shown)");
/// assert_eq!(password.reveal(), "secret");
/// ```
///
/// Copies that the caller makes, an encoded stub among them, are the caller's to wipe. Equality is for tests and
/// look-ups; it does not hide its timing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Password(Zeroizing<Vec<u16>>);

impl Password {
    /// Takes units as they are.
    pub fn from_units(units: impl Into<Vec<u16>>) -> Self {
        Self(Zeroizing::new(units.into()))
    }

    /// The units, in the clear.
    #[must_use]
    pub fn units(&self) -> &[u16] {
        &self.0
    }

    /// The password, in the clear, as a string that is not wiped.
    #[must_use]
    pub fn reveal(&self) -> WideString {
        WideString::from_units(self.units())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(not shown)")
    }
}

impl From<&str> for Password {
    /// The text's units. Room for them is made once, so that no half of them is left behind in memory.
    fn from(text: &str) -> Self {
        let mut units = Zeroizing::new(Vec::with_capacity(text.len()));
        units.extend(text.encode_utf16());
        Self(units)
    }
}
