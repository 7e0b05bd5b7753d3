//! Options of the scheduler, where the specification leaves a choice.

use crate::{Profile, definition::SchemaVersion};
use std::time::Duration;

/// The options of a scheduler: the profile, the version, and times that no section specifies.
///
/// ```
/// use wintask::{Profile, definition::SchemaVersion, scheduler::Options};
///
/// let options = Options::default().with_server_version(SchemaVersion::V1_4).with_at_enabled(false);
/// assert_eq!(options.profile, Profile::Windows);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Options {
    /// The profile. Initially [`Profile::Windows`].
    pub profile: Profile,
    /// The highest version of the protocol and of task definitions. Initially 1.6.
    pub server_version: SchemaVersion,
    /// Whether ATSvc is enabled. Windows 8 and later return `ERROR_NOT_SUPPORTED` for every call unless it is.
    /// Initially `true`.
    pub at_enabled: bool,
    /// Whether calls that are not protected by packet privacy are rejected ([MS-TSCH] 5.1). Initially `false`.
    pub require_privacy: bool,
    /// The time between requesting a task to stop and terminating it. Initially 3 minutes, as in Task Scheduler 1.0;
    /// that of version 2 is undocumented.
    pub grace_period: Duration,
    /// The delay between startup or wake-up and the start of missed tasks. Initially `None`: 10 minutes in the
    /// Windows profile, and no delay according to the specification (EVIDENCE.md ENGINE-08; [MS-TSCH] 3.2.4.3,
    /// 3.2.4.6).
    pub missed_start_delay: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: Profile::Windows,
            server_version: SchemaVersion::V1_6,
            at_enabled: true,
            require_privacy: false,
            grace_period: Duration::from_secs(180),
            missed_start_delay: None,
        }
    }
}

impl Options {
    /// Sets [`profile`](Self::profile).
    #[must_use]
    pub const fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets [`server_version`](Self::server_version).
    #[must_use]
    pub const fn with_server_version(mut self, version: SchemaVersion) -> Self {
        self.server_version = version;
        self
    }

    /// Sets [`at_enabled`](Self::at_enabled).
    #[must_use]
    pub const fn with_at_enabled(mut self, enabled: bool) -> Self {
        self.at_enabled = enabled;
        self
    }

    /// Sets [`require_privacy`](Self::require_privacy).
    #[must_use]
    pub const fn with_required_privacy(mut self, required: bool) -> Self {
        self.require_privacy = required;
        self
    }

    /// Sets [`grace_period`](Self::grace_period).
    #[must_use]
    pub const fn with_grace_period(mut self, period: Duration) -> Self {
        self.grace_period = period;
        self
    }

    /// Sets [`missed_start_delay`](Self::missed_start_delay).
    #[must_use]
    pub const fn with_missed_start_delay(mut self, delay: Duration) -> Self {
        self.missed_start_delay = Some(delay);
        self
    }

    pub(super) fn is_windows(&self) -> bool {
        self.profile == Profile::Windows
    }
}
