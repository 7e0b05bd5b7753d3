//! The choice between Windows and the specification.

/// The behaviour to follow where Windows and the text of the specification differ.
///
/// A profile is an argument, never a crate feature; `CONFORMANCE.md` lists every difference with its evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Profile {
    /// The observed behaviour of Windows.
    #[default]
    Windows,
    /// The text of [MS-TSCH].
    Specification,
}
