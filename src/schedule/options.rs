//! Options for computing run times.

use crate::{
    Profile,
    time::{GapPolicy, OverlapPolicy},
};
use time::Weekday;

/// The parameters of run times other than the trigger and the zone.
///
/// All options except the policies for gaps and overlaps take effect when [`Patterns`](super::Patterns) are compiled.
///
/// ```
/// use wintask::{schedule::{Options, RepetitionEnd}, time::GapPolicy};
///
/// // Like Windows XP, but without starts that the clock skips.
/// let xp = Options::default().with_repetition_end(RepetitionEnd::Exclusive).with_gap(GapPolicy::Skip);
/// assert_ne!(xp, Options::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Options {
    /// The profile. A repetition without a duration continues indefinitely on Windows, and for a day according to the
    /// specification.
    pub profile: Profile,
    /// When a start happens that the clock skips.
    pub gap: GapPolicy,
    /// When a start happens whose local time occurs twice.
    pub overlap: OverlapPolicy,
    /// The day on which weeks start, for triggers of every nth week. It is undocumented (EVIDENCE.md TIME-13); the
    /// default is Sunday.
    #[cfg_attr(feature = "serde", serde(with = "weekday"))]
    #[cfg_attr(feature = "arbitrary", arbitrary(with = any_weekday))]
    pub first_day_of_week: Weekday,
    /// Whether the last run of a repetition can be exactly at the end of its duration. The default depends on the
    /// Windows version that wrote the task: not in .JOB files of versions before Vista, but in all other tasks
    /// (EVIDENCE.md TIME-11).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub repetition_end: Option<RepetitionEnd>,
    /// Whether disabled triggers have runs.
    pub include_disabled_triggers: bool,
    /// Whether a disabled task has runs.
    pub include_disabled_task: bool,
}

/// Whether the last run of a repetition can be exactly at the end of its duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum RepetitionEnd {
    /// The end is included: every minute for 4 minutes is 5 runs, as on Windows Vista and later (EVIDENCE.md
    /// TIME-11).
    #[default]
    Inclusive,
    /// The end is excluded: every minute for 4 minutes is 4 runs, as on Windows 2000, XP and Server 2003.
    Exclusive,
}

crate::dtyp::macros::choice! {
    RepetitionEnd {
        Inclusive = "inclusive",
        Exclusive = "exclusive",
    }
}

impl Options {
    /// The options of `SchRpcScheduledRuntimes`: Windows includes disabled triggers (EVIDENCE.md TIME-16), the
    /// specification ignores them (2.5.3.1).
    #[must_use]
    pub fn scheduled_runtimes(profile: Profile) -> Self {
        Self {
            profile,
            include_disabled_triggers: profile == Profile::Windows,
            include_disabled_task: true,
            ..Self::default()
        }
    }

    /// Sets the profile.
    #[must_use]
    pub const fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets when a start happens that the clock skips.
    #[must_use]
    pub const fn with_gap(mut self, gap: GapPolicy) -> Self {
        self.gap = gap;
        self
    }

    /// Sets when a start happens whose local time occurs twice.
    #[must_use]
    pub const fn with_overlap(mut self, overlap: OverlapPolicy) -> Self {
        self.overlap = overlap;
        self
    }

    /// Sets the day on which weeks start.
    #[must_use]
    pub const fn with_first_day_of_week(mut self, day: Weekday) -> Self {
        self.first_day_of_week = day;
        self
    }

    /// Sets whether the last run of a repetition can be exactly at the end of its duration, regardless of what wrote
    /// the task.
    #[must_use]
    pub const fn with_repetition_end(mut self, end: RepetitionEnd) -> Self {
        self.repetition_end = Some(end);
        self
    }

    /// Sets whether disabled triggers have runs.
    #[must_use]
    pub const fn with_disabled_triggers(mut self, include: bool) -> Self {
        self.include_disabled_triggers = include;
        self
    }

    /// Sets whether a disabled task has runs.
    #[must_use]
    pub const fn with_disabled_task(mut self, include: bool) -> Self {
        self.include_disabled_task = include;
        self
    }
}

impl Default for Options {
    /// Windows 10 and 11.
    fn default() -> Self {
        Self {
            profile: Profile::Windows,
            gap: GapPolicy::FirstInstant,
            overlap: OverlapPolicy::First,
            first_day_of_week: Weekday::Sunday,
            repetition_end: None,
            include_disabled_triggers: false,
            include_disabled_task: false,
        }
    }
}

#[cfg(feature = "arbitrary")]
fn any_weekday(bytes: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<Weekday> {
    bytes.int_in_range(0..=6).map(|days| Weekday::Sunday.nth_next(days))
}

/// A day of the week by its English name.
#[cfg(feature = "serde")]
mod weekday {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::borrow::Cow;
    use time::Weekday;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
    pub(super) fn serialize<S: Serializer>(day: &Weekday, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer)?
            .parse()
            .map_err(|_| D::Error::custom("expected a day of the week"))
    }
}
