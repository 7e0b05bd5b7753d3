//! Time zones: the relation between instants and local time.

use super::{
    Ticks,
    calendar::LAST_DAY,
    ticks::{DAY, HOUR, SECOND},
};
use time::{OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// The local time of a clock at any instant, past or future.
///
/// [`UtcOffset`] is a zone whose clock never changes, and [`WindowsZone`](super::WindowsZone) has Windows' own rules.
/// Other zones only have to implement one method.
///
/// ```
/// use time::{UtcOffset, macros::{datetime, offset}};
/// use wintask::time::{LocalTime, Period, Ticks, Zone};
///
/// /// One hour ahead, and another hour from the last Sunday of March 2024.
/// struct Changed;
///
/// impl Zone for Changed {
///     fn period_at(&self, instant: Ticks) -> Period {
///         let change = Ticks::from_instant(datetime!(2024-03-31 01:00 UTC));
///         if instant < change {
///             Period { offset: offset!(+1), from: Ticks::MIN, until: change }
///         } else {
///             Period { offset: offset!(+2), from: change, until: Ticks::MAX }
///         }
///     }
/// }
///
/// assert_eq!(Changed.resolve(datetime!(2024-03-31 01:59)), LocalTime::Unique(datetime!(2024-03-31 00:59 UTC)));
/// assert_eq!(
///     Changed.resolve(datetime!(2024-03-31 02:30)),
///     LocalTime::Gap { ends: datetime!(2024-03-31 01:00 UTC), shifted: datetime!(2024-03-31 01:30 UTC) }
/// );
/// ```
pub trait Zone {
    /// Returns a period around an instant in which the offset is constant. Two offsets used within two days of each
    /// other must not differ by more than a day; otherwise days would be out of order.
    fn period_at(&self, instant: Ticks) -> Period;

    /// Returns all offsets that the clock ever has, and all times of day at which it changes; `None` if the zone does
    /// not record them.
    ///
    /// Run times can be computed without it. With it, a repetition that spans thousands of starts is as fast as any
    /// other; without it, every period that the repetition spans is examined.
    fn changes(&self) -> Option<Changes<'_>> {
        None
    }

    /// Returns the instants at which a clock shows a local time.
    fn resolve(&self, local: PrimitiveDateTime) -> LocalTime {
        let utc = |ticks: i64| Ticks(ticks).nearest_civil().assume_utc();
        match locate(|instant| Span::at(self, instant), Ticks::from_civil(local).0) {
            Located::Unique(instant) => LocalTime::Unique(utc(instant)),
            Located::Gap { ends, shifted } => LocalTime::Gap { ends: utc(ends), shifted: utc(shifted) },
            Located::Overlap { first, second } => {
                LocalTime::Overlap { first: utc(first), second: utc(second) }
            }
        }
    }
}

/// A period in which a zone's offset is constant. It need not be the longest such period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "implementors of Zone build it")]
pub struct Period {
    /// Local time minus UTC.
    pub offset: UtcOffset,
    /// The first instant; [`Ticks::MIN`] if there is no lower bound.
    pub from: Ticks,
    /// The instant after the last; [`Ticks::MAX`] if there is no upper bound.
    pub until: Ticks,
}

/// The offsets and changes of a clock, returned by [`Zone::changes`].
///
/// It may contain more than the clock needs, but not less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "implementors of Zone build it")]
pub struct Changes<'z> {
    /// All offsets.
    pub offsets: &'z [UtcOffset],
    /// The times of day at which the clock changes, by the offset before the change.
    pub times: &'z [Time],
    /// The instant after which the clock changes by the same rules every year, or not at all; `None` if there is
    /// none. A rule that names a weekday of a month must depend only on the kind of year.
    pub yearly_from: Option<Ticks>,
    /// The instant before which the clock changed by the same rules every year, or not at all; `None` if there is
    /// none.
    pub yearly_until: Option<Ticks>,
}

/// The meaning of a local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a clock skips a time, shows it once, or twice")]
pub enum LocalTime {
    /// One instant.
    Unique(OffsetDateTime),
    /// No instant: the clock is moved forward past it.
    Gap {
        /// The first instant after the gap.
        ends: OffsetDateTime,
        /// The instant by the offset before the change: 02:30 becomes 03:30.
        shifted: OffsetDateTime,
    },
    /// Two instants: the clock is moved back.
    Overlap {
        /// The first, by the offset before the change.
        first: OffsetDateTime,
        /// The second.
        second: OffsetDateTime,
    },
}

/// When something happens whose local time the clock skips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum GapPolicy {
    /// The first instant after the gap: 02:30 becomes 03:00, as documented for triggers on Windows (EVIDENCE.md
    /// TIME-08).
    #[default]
    FirstInstant,
    /// The offset before the gap: 02:30 becomes 03:30, as in `TzSpecificLocalTimeToSystemTimeEx`.
    Shift,
    /// It does not happen.
    Skip,
}

/// When something happens whose local time occurs twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum OverlapPolicy {
    /// The first of the two instants, as `TzSpecificLocalTimeToSystemTimeEx` does (EVIDENCE.md TIME-06).
    #[default]
    First,
    /// The second.
    Second,
}

crate::dtyp::macros::choice! {
    GapPolicy {
        FirstInstant = "first_instant",
        Shift = "shift",
        Skip = "skip",
    }
}

crate::dtyp::macros::choice! {
    OverlapPolicy {
        First = "first",
        Second = "second",
    }
}

impl<Z: Zone + ?Sized> Zone for &Z {
    fn period_at(&self, instant: Ticks) -> Period {
        (**self).period_at(instant)
    }

    fn changes(&self) -> Option<Changes<'_>> {
        (**self).changes()
    }
}

impl<Z: Zone + ?Sized> Zone for Box<Z> {
    fn period_at(&self, instant: Ticks) -> Period {
        (**self).period_at(instant)
    }

    fn changes(&self) -> Option<Changes<'_>> {
        (**self).changes()
    }
}

impl Zone for UtcOffset {
    fn period_at(&self, _: Ticks) -> Period {
        Period { offset: *self, from: Ticks::MIN, until: Ticks::MAX }
    }

    fn changes(&self) -> Option<Changes<'_>> {
        let offsets = std::slice::from_ref(self);
        Some(Changes { offsets, times: &[], yearly_from: Some(Ticks::MIN), yearly_until: Some(Ticks::MAX) })
    }
}

/// The largest distance between local time and UTC.
const REACH: i64 = 26 * HOUR;

/// A period as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) offset: i64,
    from: i64,
    until: i64,
    /// The first and last instants so far from both ends that no other offset can matter.
    sure: (i64, i64),
}

impl Span {
    pub(crate) fn at<Z: Zone + ?Sized>(zone: &Z, instant: i64) -> Self {
        let Period { offset, from, until } = zone.period_at(Ticks(instant));
        let offset = i64::from(offset.whole_seconds()) * SECOND;
        // The period before may have an offset this large, and the period after one as far below zero. A skipped time
        // can be moved by up to a day.
        // skips may happen up to a day after it.
        let sure = (from.0.saturating_add((REACH - offset).max(DAY)), until.0.saturating_sub(REACH + offset));
        Self { offset, from: from.0, until: until.0, sure }
    }

    /// The instant after the last.
    pub(crate) fn until(&self) -> i64 {
        self.until
    }

    pub(crate) fn holds(&self, instant: i64) -> bool {
        self.from <= instant && instant < self.until
    }

    /// The last instant.
    pub(crate) fn last(&self) -> i64 {
        self.until.saturating_sub(1)
    }

    /// The first instant that no other offset can affect, and the one after the last.
    pub(crate) fn sure(&self) -> (i64, i64) {
        self.sure
    }

    /// The first instant that no other offset can affect, given the preceding period, which is so long that nothing
    /// before it matters. `None` if `before` does not precede this period.
    pub(crate) fn sure_after(&self, before: &Self) -> Option<i64> {
        let long = before.until.saturating_sub(before.from) >= 2 * REACH;
        (before.until == self.from && long).then(|| self.from + (before.offset - self.offset).max(0))
    }

    /// Whether an instant is so far from both ends that no other offset can matter.
    pub(crate) fn is_sure(&self, instant: i64) -> bool {
        self.sure.0 <= instant && instant < self.sure.1
    }
}

/// The first and last instants whose local times are within the calendar.
pub(crate) fn calendar_bounds<Z: Zone + ?Sized>(zone: &Z) -> (i64, i64) {
    let end = (i64::from(LAST_DAY) + 1) * DAY;
    let spans = |from: i64| {
        std::iter::successors(Some(Span::at(zone, from)), move |span| {
            let near = span.until <= from + REACH;
            near.then(|| Span::at(zone, span.until)).filter(|next| next.until > span.until)
        })
    };
    // In each period, local times are before the calendar up to some instant, and after it from some instant.
    let before = |span: Span| (span.from < -span.offset).then_some(span.until.min(-span.offset));
    let after = |span: Span| (span.until > end - span.offset).then_some(span.from.max(end - span.offset));
    let first = spans(0).filter_map(before).max().unwrap_or(0);
    let last = spans(end - REACH).filter_map(after).min().unwrap_or(end);
    (first.clamp(0, REACH), last.clamp(end - REACH, end) - 1)
}

/// [`LocalTime`] as numbers.
#[derive(Clone, Copy)]
pub(crate) enum Located {
    Unique(i64),
    Gap { ends: i64, shifted: i64 },
    Overlap { first: i64, second: i64 },
}

/// Examines every period that a local time can belong to; `at` returns the period around an instant.
pub(crate) fn locate(mut at: impl FnMut(i64) -> Span, local: i64) -> Located {
    let (mut first, mut gap) = (None, None);
    let mut span = at(local.saturating_sub(REACH));
    let fallback = local.saturating_sub(span.offset);
    loop {
        let instant = local.saturating_sub(span.offset);
        if span.holds(instant) {
            match first {
                None => first = Some(instant),
                // Periods may overlap.
                Some(first) if first == instant => {}
                Some(first) => return Located::Overlap { first, second: instant },
            }
        }
        if span.until == i64::MAX || span.until > local.saturating_add(REACH) {
            break;
        }
        let next = at(span.until);
        // After the end of one period, but before the start of the next.
        if instant >= span.until && local.saturating_sub(next.offset) < span.until {
            gap = Some((span.until, instant));
        }
        if next.until <= span.until {
            break;
        }
        span = next;
    }
    match (first, gap) {
        (Some(instant), _) => Located::Unique(instant),
        (None, Some((ends, shifted))) => Located::Gap { ends, shifted },
        (None, None) => Located::Unique(fallback),
    }
}
