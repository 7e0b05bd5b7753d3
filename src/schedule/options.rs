use crate::{
    Profile,
    time::{GapPolicy, OverlapPolicy},
};
use time::Weekday;

/// What run times depend on besides the trigger and the zone.
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
    /// Whose rules: a repetition without a duration goes on indefinitely in Windows, and for a day by the
    /// specification.
    pub profile: Profile,
    /// What becomes of a start that the clock skips.
    pub gap: GapPolicy,
    /// What becomes of a start that the clock shows twice.
    pub overlap: OverlapPolicy,
    /// Where weeks begin, for triggers of every so many weeks. Nothing documented says it; Sunday is where every
    /// format's weekdays begin.
    pub first_day_of_week: Weekday,
    /// Whether a repetition's last run may fall on the end of its duration.
    pub repetition_end: RepetitionEnd,
    /// Whether triggers that are disabled count, too.
    pub disabled_triggers: bool,
    /// Whether a task that is disabled counts, too.
    pub disabled_task: bool,
}

/// Whether a repetition's last run may fall on the end of its duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepetitionEnd {
    /// It may: every minute for 4 minutes makes 5 runs, as on Windows Vista and later.
    #[default]
    Inclusive,
    /// It may not, and they are 4: Windows XP and Server 2003.
    Exclusive,
}

impl Options {
    /// What `SchRpcScheduledRuntimes` goes by: Windows counts disabled triggers (facts/time.md section 8), the
    /// specification lets them be ignored (2.5.3.1).
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
