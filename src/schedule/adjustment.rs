//! What a change of the clock does to a start.

/// Whether a change of the clock decided when a start happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Adjustment {
    /// It did not: the clock shows the stated time, and shows it once. Repetitions after a start are never adjusted.
    #[default]
    None,
    /// The clock skips the stated time, and [`Options::gap`](super::Options::gap) decided.
    Gap,
    /// The clock shows the stated time twice, and [`Options::overlap`](super::Options::overlap) decided.
    Overlap,
}
