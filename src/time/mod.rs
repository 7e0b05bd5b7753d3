//! Times as tasks state them.
//!
//! | type | what it is |
//! |---|---|
//! | [`Boundary`] | an `xs:dateTime`: local, UTC or with an offset; its text is kept |
//! | [`XsDuration`] | an `xs:duration`; its text is kept, comparison is the schema's |

/// Serialisation of a value that keeps its text.
macro_rules! text_serde {
    ($ty:ident) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
use text_serde;

mod boundary;
mod duration;
mod lexical;

pub(crate) use boundary::Parts as BoundaryParts;
pub use boundary::{Boundary, BoundaryZone, InvalidBoundary};
pub(crate) use duration::Parts as DurationParts;
pub use duration::{InvalidDuration, XsDuration};
pub(crate) use lexical::collapsed;
