//! Options for reading.

use crate::{Profile, definition::SchemaVersion};

/// The options for reading.
///
/// ```
/// use wintask::{Profile, definition::SchemaVersion, xml::Options};
///
/// // Like a server of Windows Vista.
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
    /// The profile, which selects the rules.
    pub profile: Profile,
    /// The highest accepted schema version (`SchRpcHighestVersion`).
    pub highest_version: SchemaVersion,
}

impl Options {
    /// Sets the profile.
    #[must_use]
    pub const fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the highest accepted schema version.
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
