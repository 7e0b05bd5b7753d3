//! A zone as a person or a request names it.

use time::UtcOffset;
use wintask::time::{Period, Ticks, WindowsZone, Zone};

/// A clock that never changes, or one by Windows' rules.
pub enum AnyZone {
    Fixed(UtcOffset),
    Windows(WindowsZone),
}

impl AnyZone {
    /// Windows' sense of it: what is added to local time to give UTC, in minutes.
    pub fn bias(minutes: i32) -> Result<Self, String> {
        let seconds = minutes.checked_mul(-60).ok_or("no clock is that far from UTC")?;
        UtcOffset::from_whole_seconds(seconds).map(Self::Fixed).map_err(|e| e.to_string())
    }

    pub fn tzi(bytes: &[u8]) -> Result<Self, String> {
        WindowsZone::from_tzi(bytes).map(Self::Windows).map_err(|e| e.to_string())
    }
}

impl Zone for AnyZone {
    fn period_at(&self, instant: Ticks) -> Period {
        match self {
            Self::Fixed(offset) => offset.period_at(instant),
            Self::Windows(zone) => zone.period_at(instant),
        }
    }
}
