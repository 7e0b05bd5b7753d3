//! Counts events within a period.

use super::event::Event;
use crate::{
    limits,
    time::{Ticks, XsDuration},
};
use std::collections::VecDeque;
use time::OffsetDateTime;

/// Counts the events of an event trigger: NumberOfOccurrences within PeriodOfOccurrence ([MS-TSCH] 2.5.3.6, 3.2.5.4.2;
/// EVIDENCE.md EVT-14).
///
/// It is small and reads no clock; the caller passes the time of each event that the subscription selects. An event
/// counts until it is older than the period; without a period, indefinitely. The count restarts when the trigger
/// fires.
///
/// ```
/// use time::macros::datetime;
/// use wintask::eventlog::{Event, EventCounter, System};
///
/// let mut twice_a_minute = EventCounter::new(2).within(&"PT1M".parse()?);
/// let event = Event::new(&System::new("Example", 7), []);
/// assert!(!twice_a_minute.fires(&event, datetime!(2024-01-03 02:00:00 UTC)));
/// assert!(!twice_a_minute.fires(&event, datetime!(2024-01-03 02:02:00 UTC))); // the first is too old
/// assert!(twice_a_minute.fires(&event, datetime!(2024-01-03 02:02:30 UTC)));
/// # Ok::<(), wintask::time::InvalidDuration>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct EventCounter {
    number: u8,
    /// In ticks.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    period: Option<i64>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    matching_element: Option<String>,
    /// The times of the counted events, in ticks since 1601.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "VecDeque::is_empty"))]
    at: VecDeque<i64>,
}

impl EventCounter {
    /// Fires at every `number`th event, from 1 to [`EVENT_OCCURRENCES`](limits::EVENT_OCCURRENCES). Other numbers are
    /// clamped to this range.
    #[must_use]
    pub fn new(number: u8) -> Self {
        let number = number.clamp(1, limits::EVENT_OCCURRENCES);
        Self { number, period: None, matching_element: None, at: VecDeque::new() }
    }

    /// Counts only events that are not older than this: PeriodOfOccurrence. Zero sets no limit; neither do months and
    /// years, whose length is undefined.
    #[must_use]
    pub fn within(self, period: &XsDuration) -> Self {
        let seconds = period.to_seconds().and_then(|s| i64::try_from(s).ok()).filter(|s| *s > 0);
        Self { period: seconds.and_then(|s| s.checked_mul(10_000_000)), ..self }
    }

    /// Counts only events that have a field of this name: MatchingElement ([`Event::has_field`]).
    #[must_use]
    pub fn matching_element(self, name: impl Into<String>) -> Self {
        Self { matching_element: Some(name.into()), ..self }
    }

    /// Adds an event that the subscription selected, and returns whether the trigger fires.
    pub fn fires(&mut self, event: &Event, at: OffsetDateTime) -> bool {
        if self.matching_element.as_deref().is_some_and(|name| !event.has_field(name)) {
            return false;
        }
        let now = Ticks::from_instant(at).0;
        if let Some(period) = self.period {
            self.at.retain(|at| now.saturating_sub(*at) <= period);
        }
        self.at.push_back(now);
        let fires = self.at.len() >= usize::from(self.number.max(1));
        if fires {
            self.at.clear();
        }
        fires
    }

    /// Forgets the events counted so far.
    pub fn reset(&mut self) {
        self.at.clear();
    }

    /// The number of events counted at the last call of [`fires`](Self::fires).
    #[must_use]
    pub fn counted(&self) -> usize {
        self.at.len()
    }
}
