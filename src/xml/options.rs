//! What reading depends on besides the text.

use crate::{Profile, definition::SchemaVersion};

/// The options for reading.
///
/// ```
/// use wintask::{Profile, definition::SchemaVersion, xml::Options};
///
/// // As a server of Windows Vista would.
/// let vista = Options::default().with_highest_version(SchemaVersion::V1_2);
/// assert_eq!(vista.profile, Profile::Windows);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Options {
    /// The profile, which decides whose rules apply.
    pub profile: Profile,
    /// The highest version of the schema that is accepted (`SchRpcHighestVersion`).
    pub highest_version: SchemaVersion,
}

impl Options {
    /// Sets whose rules apply.
    #[must_use]
    pub const fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the highest version of the schema that is accepted.
    #[must_use]
    pub const fn with_highest_version(mut self, version: SchemaVersion) -> Self {
        self.highest_version = version;
        self
    }
}

impl Default for Options {
    /// Windows 10 and 11.
    fn default() -> Self {
        Self { profile: Profile::Windows, highest_version: SchemaVersion::V1_6 }
    }
}
