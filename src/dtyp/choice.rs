//! Parses the names of choices.

use std::fmt;

/// The error for text that is not one of the names of a choice.
///
/// ```
/// use wintask::time::GapPolicy;
///
/// assert_eq!("skip".parse(), Ok(GapPolicy::Skip));
/// let error = "later".parse::<GapPolicy>().unwrap_err();
/// assert_eq!(error.to_string(), "expected one of first_instant, shift, skip");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownName {
    names: &'static [&'static str],
}

impl UnknownName {
    pub(crate) const fn new(names: &'static [&'static str]) -> Self {
        Self { names }
    }

    /// The known names.
    #[must_use]
    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}", self.names.join(", "))
    }
}

impl std::error::Error for UnknownName {}
