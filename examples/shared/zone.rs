//! A zone as a request or a call names it.

use time::UtcOffset;
use wintask::time::{WindowsZone, Zone};

/// A zone that threads share.
pub type ThreadZone = dyn Zone + Send + Sync;

/// A zone of any kind.
pub type AnyZone = Box<ThreadZone>;

/// Windows' way to state an offset: what is added to local time to give UTC, in minutes.
pub fn bias(minutes: i32) -> Result<AnyZone, String> {
    let seconds = minutes.checked_mul(-60).ok_or("no clock is that far from UTC")?;
    Ok(Box::new(UtcOffset::from_whole_seconds(seconds).map_err(|e| e.to_string())?))
}

/// The 44 bytes of the registry's TZI.
pub fn tzi(bytes: &[u8]) -> Result<AnyZone, String> {
    Ok(Box::new(WindowsZone::from_tzi(bytes).map_err(|e| e.to_string())?))
}
