//! Counted strings.

use crate::dtyp::WideString;
use std::borrow::Cow;

/// A counted string of a .JOB file with all its units, including the NUL ([MS-TSCH] 2.4.2.1).
///
/// A count of zero is an absent string; a lone NUL is an empty one.
///
/// ```
/// use wintask::{dtyp::WideString, job::CountedString};
///
/// let name = CountedString::from("cmd.exe");
/// assert_eq!(name.count(), 8);
/// assert_eq!(name.text(), Some(WideString::from("cmd.exe")));
/// assert_eq!(CountedString::ABSENT.text(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountedString<'a>(Cow<'a, [u8]>);

/// The units, including the NUL, as a [`WideString`] is serialised.
#[cfg(feature = "serde")]
impl serde::Serialize for CountedString<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.units().serialize(serializer)
    }
}

impl<'a> CountedString<'a> {
    /// The absent string: a count of zero.
    pub const ABSENT: Self = Self(Cow::Borrowed(&[]));

    /// A string of little-endian units; the caller ensures an even number of bytes.
    pub(super) fn borrowed(bytes: &'a [u8]) -> Self {
        Self(Cow::Borrowed(bytes))
    }

    /// A string of these units; no NUL is added.
    #[must_use]
    pub fn from_units(units: &WideString) -> Self {
        Self(Cow::Owned(units.to_le_bytes()))
    }

    /// A string of this text and a NUL.
    #[must_use]
    pub fn from_text(text: &WideString) -> Self {
        let mut bytes = text.to_le_bytes();
        bytes.extend([0, 0]);
        Self(Cow::Owned(bytes))
    }

    /// The little-endian units.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The count in the file: units, including the NUL.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len() / 2
    }

    /// Whether the count is zero.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the last unit is NUL.
    #[must_use]
    pub fn is_terminated(&self) -> bool {
        self.0.ends_with(&[0, 0])
    }

    /// The units, including the NUL.
    #[must_use]
    pub fn units(&self) -> WideString {
        WideString::from_le_bytes(&self.0)
    }

    /// The units without the final NUL; `None` if the string is absent. An empty string is present.
    #[must_use]
    pub fn text(&self) -> Option<WideString> {
        let text = self.0.strip_suffix(&[0, 0]).unwrap_or(&self.0);
        (!self.is_absent()).then(|| WideString::from_le_bytes(text))
    }

    /// Copies the borrowed bytes.
    #[must_use]
    pub fn into_owned(self) -> CountedString<'static> {
        CountedString(Cow::Owned(self.0.into_owned()))
    }
}

impl From<&str> for CountedString<'_> {
    /// A string of this text and a NUL.
    fn from(text: &str) -> Self {
        Self::from_text(&text.into())
    }
}

impl From<Option<&WideString>> for CountedString<'_> {
    fn from(text: Option<&WideString>) -> Self {
        text.map_or(Self::ABSENT, Self::from_text)
    }
}
