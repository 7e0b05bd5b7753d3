//! The clock by which run times were computed: only when it was set or has other rules are they computed anew.

use crate::{
    limits,
    time::{Period, Ticks, Zone, ticks::DAY},
};

/// How far ahead the rules of a zone are compared: a century.
const AHEAD: i64 = 36_525 * DAY;

/// The clock by which run times were computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Clockwork {
    /// The last instant after which a run time was looked for, in ticks.
    latest: i64,
    /// From when on the zone is known, in ticks, and what it is like from then on.
    since: i64,
    rules: Option<u64>,
}

impl Clockwork {
    /// This clock, now.
    pub(super) fn new(zone: &dyn Zone, now: Ticks) -> Self {
        Self { latest: now.0, since: now.0, rules: rules(zone, now.0) }
    }

    /// One that is not known.
    #[cfg(feature = "serde")]
    pub(super) fn unknown() -> Self {
        Self { latest: i64::MAX, since: 0, rules: None }
    }

    /// A run time after this instant is looked for.
    pub(super) fn pass(&mut self, now: Ticks) {
        self.latest = self.latest.max(now.0);
    }

    /// The last instant after which a run time was looked for.
    pub(super) fn latest(self) -> Ticks {
        Ticks(self.latest)
    }

    /// Whether run times that were computed by this clock are those by the zone as it is now.
    pub(super) fn holds(&self, zone: &dyn Zone, now: Ticks) -> bool {
        self.latest <= now.0 && self.rules.is_some() && self.rules == rules(zone, self.since)
    }
}

/// The offsets of a zone from an instant on, and when they change, as a number; `None` if they change too often to tell.
fn rules(zone: &dyn Zone, since: i64) -> Option<u64> {
    let end = since.saturating_add(AHEAD);
    let (mut at, mut offset, mut hash) = (since, None, 0xCBF2_9CE4_8422_2325);
    for _ in 0..limits::ZONE_PERIODS {
        let Period { offset: next, until, .. } = zone.period_at(Ticks(at));
        if offset.replace(next) != Some(next) {
            for word in [at.cast_unsigned(), u64::from(next.whole_seconds().cast_unsigned())] {
                hash = (hash ^ word).wrapping_mul(0x0000_0100_0000_01B3);
                hash ^= hash >> 29;
            }
        }
        if until.0 >= end || until.0 <= at {
            return Some(hash);
        }
        at = until.0;
    }
    None
}
