//! Times as tasks state them, and the time zones that convert local times to instants.
//!
//! | type | description |
//! |---|---|
//! | [`Boundary`] | an `xs:dateTime`: local, UTC or with an offset; preserves its text |
//! | [`XsDuration`] | an `xs:duration`; preserves its text, compares as in XML Schema |
//! | [`Zone`] | converts between instants and local time: [`UtcOffset`](time::UtcOffset), [`WindowsZone`], `IanaZone` (feature `iana`), or your own |
//! | [`Ticks`] | 100 ns ticks, the unit of all calculations |

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod boundary;
pub(crate) mod calendar;
mod duration;
#[cfg(feature = "iana")]
mod iana;
mod lexical;
#[cfg(feature = "serde")]
pub(crate) mod serialized;
pub(crate) mod ticks;
mod windows;
pub(crate) mod zone;

pub(crate) use boundary::Parts as BoundaryParts;
pub use boundary::{Boundary, BoundaryZone, InvalidBoundary};
pub(crate) use duration::Parts as DurationParts;
pub use duration::{InvalidDuration, XsDuration};
#[cfg(feature = "iana")]
pub use iana::{IanaZone, UnknownZone};
pub(crate) use lexical::collapsed;
pub use ticks::Ticks;
pub use windows::{WindowsZone, ZoneError, ZoneErrorKind, ZoneRules};
pub use zone::{Changes, GapPolicy, LocalTime, OverlapPolicy, Period, Zone};
