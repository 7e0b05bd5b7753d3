//! Zones: how local time follows from the instant.

use super::{
    Ticks,
    calendar::LAST_DAY,
    ticks::{DAY, HOUR, SECOND},
};
use time::{OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// How a clock's local time follows from the instant, now and at any other time.
///
/// [`UtcOffset`] is the zone whose clock never changes, [`WindowsZone`](super::WindowsZone) has Windows' own rules; any
/// other source of zones implements one method.
///
/// ```
/// use time::{UtcOffset, macros::{datetime, offset}};
/// use wintask::time::{LocalTime, Period, Ticks, Zone};
///
/// /// One hour ahead, and one more from the last Sunday of March 2024 on.
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
    /// The stretch of time around an instant in which the offset is the same. Any two offsets that are effective within two
    /// days must not differ by more than a day: otherwise the days of a clock are out of order.
    fn period_at(&self, instant: Ticks) -> Period;

    /// All offsets that the clock ever has, and all times of day at which it is ever changed; `None` if the zone does not
    /// keep them.
    ///
    /// Run times are found without it. With it, a repetition that outlasts thousands of starts costs the same as any other;
    /// without it, every period that the repetition covers is looked at.
    fn changes(&self) -> Option<Changes<'_>> {
        None
    }

    /// The instants at which a clock shows a local time.
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

/// A stretch of time in which a zone's offset is the same. It need not be the longest such stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "implementors of Zone build it")]
pub struct Period {
    /// Local time less UTC.
    pub offset: UtcOffset,
    /// The first instant; [`Ticks::MIN`] if it has always been so.
    pub from: Ticks,
    /// The instant after the last; [`Ticks::MAX`] if it remains so.
    pub until: Ticks,
}

/// What a clock does at any time: what [`Zone::changes`] returns.
///
/// More than the clock does may be listed, never less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "implementors of Zone build it")]
pub struct Changes<'z> {
    /// All offsets.
    pub offsets: &'z [UtcOffset],
    /// The times of day at which the clock is changed, by the offset before the change.
    pub times: &'z [Time],
    /// The instant from which on the clock is changed by the same rules every year, or not at all; `None` if there is
    /// none. A rule names a weekday of a month: which days those are depends on the kind of the year alone.
    pub yearly_from: Option<Ticks>,
    /// The instant before which the clock was changed by the same rules every year, or not at all; `None` if there is
    /// none.
    pub yearly_until: Option<Ticks>,
}

/// What a local time means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a clock skips a time, shows it once, or twice")]
pub enum LocalTime {
    /// One instant.
    Unique(OffsetDateTime),
    /// No instant: the clock is put forward over it.
    Gap {
        /// The first instant after the gap.
        ends: OffsetDateTime,
        /// The instant by the offset before the change: 02:30 becomes 03:30.
        shifted: OffsetDateTime,
    },
    /// Two instants: the clock is put back.
    Overlap {
        /// The first, by the offset before the change.
        first: OffsetDateTime,
        /// The second.
        second: OffsetDateTime,
    },
}

/// When something happens whose local time the clock skips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum GapPolicy {
    /// The first instant that exists: 02:30 becomes 03:00. What Windows' documentation says of triggers
    /// (EVIDENCE.md TIME-08).
    #[default]
    FirstInstant,
    /// The offset from before the gap: 02:30 becomes 03:30, as `TzSpecificLocalTimeToSystemTimeEx` has it.
    Shift,
    /// It does not happen.
    Skip,
}

/// When something happens whose local time the clock shows twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

/// The longest way from local time to UTC.
const REACH: i64 = 26 * HOUR;

/// A period in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) offset: i64,
    from: i64,
    until: i64,
    /// The instants that are so far from both ends that no other offset can matter.
    sure: (i64, i64),
}

impl Span {
    pub(crate) fn at<Z: Zone + ?Sized>(zone: &Z, instant: i64) -> Self {
        let Period { offset, from, until } = zone.period_at(Ticks(instant));
        let offset = i64::from(offset.whole_seconds()) * SECOND;
        // A period before it may have an offset of that much, one after it of as much below zero. And what the change
        // skips may happen up to a day after it.
        let sure = (from.0.saturating_add((REACH - offset).max(DAY)), until.0.saturating_sub(REACH + offset));
        Self { offset, from: from.0, until: until.0, sure }
    }

    /// The instant after its last.
    pub(crate) fn until(&self) -> i64 {
        self.until
    }

    pub(crate) fn holds(&self, instant: i64) -> bool {
        self.from <= instant && instant < self.until
    }

    /// Its last instant.
    pub(crate) fn last(&self) -> i64 {
        self.until.saturating_sub(1)
    }

    /// The first instant that no other offset can matter to, and the one after the last.
    pub(crate) fn sure(&self) -> (i64, i64) {
        self.sure
    }

    /// The first instant that no other offset can matter to, known from the period before: that is so long that none
    /// before it can matter. None if another one is given.
    pub(crate) fn sure_after(&self, before: &Self) -> Option<i64> {
        let long = before.until.saturating_sub(before.from) >= 2 * REACH;
        (before.until == self.from && long).then(|| self.from + (before.offset - self.offset).max(0))
    }

    /// Whether an instant is so far from both ends that no other offset can matter.
    pub(crate) fn is_sure(&self, instant: i64) -> bool {
        self.sure.0 <= instant && instant < self.sure.1
    }
}

/// The first and the last instant of all between which the calendar has a zone's local times.
pub(crate) fn calendar_bounds<Z: Zone + ?Sized>(zone: &Z) -> (i64, i64) {
    let end = (i64::from(LAST_DAY) + 1) * DAY;
    let spans = |from: i64| {
        std::iter::successors(Some(Span::at(zone, from)), move |span| {
            let near = span.until <= from + REACH;
            near.then(|| Span::at(zone, span.until)).filter(|next| next.until > span.until)
        })
    };
    // In each period local times are before the calendar up to an instant, and after it from one on.
    let before = |span: Span| (span.from < -span.offset).then_some(span.until.min(-span.offset));
    let after = |span: Span| (span.until > end - span.offset).then_some(span.from.max(end - span.offset));
    let first = spans(0).filter_map(before).max().unwrap_or(0);
    let last = spans(end - REACH).filter_map(after).min().unwrap_or(end);
    (first.clamp(0, REACH), last.clamp(end - REACH, end) - 1)
}

/// [`LocalTime`] in numbers.
#[derive(Clone, Copy)]
pub(crate) enum Located {
    Unique(i64),
    Gap { ends: i64, shifted: i64 },
    Overlap { first: i64, second: i64 },
}

/// Looks at every period that a local time can belong to; `at` gives the one around an instant.
pub(crate) fn locate(mut at: impl FnMut(i64) -> Span, local: i64) -> Located {
    let (mut first, mut gap) = (None, None);
    let mut span = at(local.saturating_sub(REACH));
    let fallback = local.saturating_sub(span.offset);
    loop {
        let instant = local.saturating_sub(span.offset);
        if span.holds(instant) {
            match first {
                None => first = Some(instant),
                // Stretches may overlap.
                Some(first) if first == instant => {}
                Some(first) => return Located::Overlap { first, second: instant },
            }
        }
        if span.until == i64::MAX || span.until > local.saturating_add(REACH) {
            break;
        }
        let next = at(span.until);
        // Late for the one and early for the other.
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
