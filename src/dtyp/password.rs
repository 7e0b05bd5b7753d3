//! Passwords.

use super::WideString;
use std::fmt;
use zeroize::Zeroizing;

/// A password in UTF-16 code units. It is wiped from memory when dropped, and shown only by [`reveal`](Self::reveal).
///
/// ```
/// use wintask::dtyp::Password;
///
/// let password = Password::from("secret");
/// assert_eq!(format!("{password:?}"), "Password(not shown)");
/// assert_eq!(password.reveal(), "secret");
/// ```
///
/// Copies made by the caller, including encoded stubs, are not wiped. Comparison is not constant-time.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Password(Zeroizing<Vec<u16>>);

impl Password {
    /// Creates a password from code units.
    pub fn from_units(units: impl Into<Vec<u16>>) -> Self {
        Self(Zeroizing::new(units.into()))
    }

    /// The units in plain text.
    #[must_use]
    pub fn units(&self) -> &[u16] {
        &self.0
    }

    /// The password in plain text, as a string that is not wiped.
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
    /// The code units of the text. The buffer is allocated once, so that no partial copy remains in memory.
    fn from(text: &str) -> Self {
        let mut units = Zeroizing::new(Vec::with_capacity(text.len()));
        units.extend(text.encode_utf16());
        Self(units)
    }
}
