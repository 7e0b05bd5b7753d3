use crate::{Profile, definition::SchemaVersion};

/// The options for reading.
///
/// ```
/// use wintask::{Profile, definition::SchemaVersion, xml::Options};
///
/// // As a server of Windows Vista would.
/// let vista = Options { highest_version: SchemaVersion::V1_2, ..Options::default() };
/// assert_eq!(vista.profile, Profile::Windows);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The profile, which decides whose rules apply.
    pub profile: Profile,
    /// The highest version of the schema that is accepted (`SchRpcHighestVersion`).
    pub highest_version: SchemaVersion,
}

impl Default for Options {
    /// Windows 10 and 11.
    fn default() -> Self {
        Self { profile: Profile::Windows, highest_version: SchemaVersion::V1_6 }
    }
}
