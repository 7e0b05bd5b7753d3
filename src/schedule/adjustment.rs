//! The effect of a clock change on a start.

/// Whether a clock change affected a start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Adjustment {
    /// It did not: the stated time occurs exactly once. Repetitions after a start are never adjusted.
    #[default]
    None,
    /// The clock skips the stated time, and [`Options::gap`](super::Options::gap) was applied.
    Gap,
    /// The stated time occurs twice, and [`Options::overlap`](super::Options::overlap) was applied.
    Overlap,
}

crate::dtyp::macros::choice! {
    Adjustment {
        None = "none",
        Gap = "gap",
        Overlap = "overlap",
    }
}
