//! A run.
//!
//! `Option<Occurrence>` needs a value for `None` that no run has. The compiler would use one of the fields, such as a
//! month above 12, and then load and compare that field whenever a caller checks whether there is a run, although the
//! code that made the run knows. [`Niche`] is a field with a single value. As a constant it is neither loaded nor
//! stored until the run is, and all its other values are free for `None`.

use super::{adjustment::Adjustment, finder::Finder, pattern::Pattern};
use crate::time::{Ticks, Zone};
use std::{fmt, time::Duration};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// A run.
///
/// The random delay is not applied: the run happens at [`Occurrence::instant`] or up to [`Occurrence::random_delay`]
/// later.
///
/// ```
/// use time::{UtcOffset, macros::{datetime, offset}};
/// use wintask::{definition::{Schedule, Trigger}, schedule::{Adjustment, Options, Timetable}};
///
/// let daily = Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?);
/// let runs = Timetable::of_trigger(&daily, offset!(+1), &Options::default());
/// let run = runs.next_after(datetime!(2024-06-01 12:00 UTC)).ok_or("no run")?;
/// assert_eq!(run.instant(), datetime!(2024-06-02 01:00 UTC));
/// assert_eq!(run.local(), datetime!(2024-06-02 02:00));
/// assert_eq!(run.offset(), offset!(+1));
/// assert_eq!((run.trigger(), run.adjustment()), (0, Adjustment::None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Occurrence {
    pub(super) niche: Niche,
    pub(super) instant: OffsetDateTime,
    pub(super) local: PrimitiveDateTime,
    pub(super) random_delay: i64,
    pub(super) trigger: u32,
    pub(super) adjustment: Adjustment,
}

/// Has a single value; see the module documentation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub(super) enum Niche {
    Some,
}

impl Occurrence {
    pub(super) fn new<Z: Zone + ?Sized>(finder: &mut Finder<'_, Z>, instant: i64) -> Self {
        let (local, utc) = shown(instant, finder.offset(instant));
        let Pattern { random_delay, trigger, .. } = finder.pattern;
        let adjustment = finder.adjustment_at(instant);
        Self { niche: Niche::Some, instant: utc.assume_utc(), local, random_delay, trigger, adjustment }
    }

    /// The instant, in UTC.
    #[must_use]
    pub fn instant(&self) -> OffsetDateTime {
        self.instant
    }

    /// The local time in the timetable's zone at that instant.
    #[must_use]
    pub fn local(&self) -> PrimitiveDateTime {
        self.local
    }

    /// The offset of the timetable's zone at that instant: local time minus UTC.
    #[must_use]
    pub fn offset(&self) -> UtcOffset {
        let ahead = (self.local.assume_utc() - self.instant).whole_seconds();
        let offset = i32::try_from(ahead).ok().and_then(|ahead| UtcOffset::from_whole_seconds(ahead).ok());
        offset.unwrap_or(UtcOffset::UTC)
    }

    /// Whether a clock change affected the run.
    #[must_use]
    pub fn adjustment(&self) -> Adjustment {
        self.adjustment
    }

    /// The trigger, as a 0-based index in the definition; if several run at the same instant, the first.
    #[must_use]
    pub fn trigger(&self) -> usize {
        self.trigger as usize
    }

    /// The maximum additional delay, possibly zero; the caller chooses a random value ([MS-TSCH] 2.5.3.5, 2.5.3.9).
    #[must_use]
    pub fn random_delay(&self) -> Duration {
        let ticks = u64::try_from(self.random_delay).unwrap_or(0);
        Duration::new(ticks / 10_000_000, (ticks % 10_000_000) as u32 * 100)
    }
}

impl fmt::Debug for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (local {}, trigger {})", self.instant(), self.local(), self.trigger)
    }
}

/// `{instant, local, offset, trigger}`, with times as `xs:dateTime` and the offset as `+01:00`; also `random_delay`
/// in seconds and `adjustment`, if any.
#[cfg(feature = "serde")]
impl serde::Serialize for Occurrence {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use crate::time::{Boundary, serialized::offset_text};
        use serde::ser::SerializeStruct;
        let adjusted = self.adjustment != Adjustment::None;
        let fields = 4 + usize::from(self.random_delay != 0) + usize::from(adjusted);
        let mut out = serializer.serialize_struct("Occurrence", fields)?;
        out.serialize_field("instant", &Boundary::utc(self.instant))?;
        out.serialize_field("local", &Boundary::local(self.local))?;
        out.serialize_field("offset", &offset_text(self.offset()))?;
        out.serialize_field("trigger", &self.trigger)?;
        if self.random_delay != 0 {
            out.serialize_field("random_delay", &self.random_delay().as_secs_f64())?;
        }
        if adjusted {
            out.serialize_field("adjustment", &self.adjustment)?;
        }
        out.end()
    }
}

/// The local time and the UTC time of an instant at an offset. Both are within the calendar, or there is no run.
#[inline(always)]
pub(super) fn shown(at: i64, offset: i64) -> (PrimitiveDateTime, PrimitiveDateTime) {
    let utc = Ticks(at).nearest_civil();
    (if offset == 0 { utc } else { Ticks(at + offset).nearest_civil() }, utc)
}
