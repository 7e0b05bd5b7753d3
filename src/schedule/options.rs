use crate::{
    Profile,
    time::{GapPolicy, OverlapPolicy},
};
use time::Weekday;

/// The parameters of run times other than the trigger and the zone.
///
/// ```
/// use wintask::schedule::{Options, RepetitionEnd};
///
/// // As Windows XP would.
/// let xp = Options { repetition_end: RepetitionEnd::Exclusive, ..Options::default() };
/// assert_ne!(xp, Options::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "built by struct update")]
pub struct Options {
    /// Whose rules apply: a repetition without a duration continues indefinitely in Windows, and for a day in the
    /// specification.
    pub profile: Profile,
    /// What happens to a start that the clock skips.
    pub gap: GapPolicy,
    /// What happens to a start that the clock shows twice.
    pub overlap: OverlapPolicy,
    /// The first day of the week, for triggers of every n-th week. It is not documented; in every format weekdays begin
    /// with Sunday (EVIDENCE.md TIME-13).
    pub first_day_of_week: Weekday,
    /// Whether a repetition's last run may fall on the end of its duration.
    pub repetition_end: RepetitionEnd,
    /// Whether disabled triggers count as well.
    pub disabled_triggers: bool,
    /// Whether a disabled task counts as well.
    pub disabled_task: bool,
}

/// Whether a repetition's last run may fall on the end of its duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepetitionEnd {
    /// It may: every minute for 4 minutes is 5 runs, as on Windows Vista and later (EVIDENCE.md TIME-11).
    #[default]
    Inclusive,
    /// It may not: the same repetition is 4 runs, as on Windows XP and Server 2003.
    Exclusive,
}

impl Options {
    /// The options of `SchRpcScheduledRuntimes`: Windows counts disabled triggers (EVIDENCE.md TIME-16), the
    /// specification ignores them (2.5.3.1).
    #[must_use]
    pub fn scheduled_runtimes(profile: Profile) -> Self {
        Self {
            profile,
            disabled_triggers: profile == Profile::Windows,
            disabled_task: true,
            ..Self::default()
        }
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
            repetition_end: RepetitionEnd::Inclusive,
            disabled_triggers: false,
            disabled_task: false,
        }
    }
}
