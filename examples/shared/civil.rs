//! Local dates and times of a call.

use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, macros::format_description};
use wintask::time::{Boundary, LocalTime, Ticks, Zone};

/// A date, or a date and time, without an offset.
pub fn parse(text: &str) -> Result<PrimitiveDateTime, String> {
    if let Ok(date) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
        return Ok(PrimitiveDateTime::new(date, Time::MIDNIGHT));
    }
    // Seconds can be omitted.
    let whole = if text.len() == "2024-05-15T10:00".len() { format!("{text}:00") } else { text.to_owned() };
    let boundary = whole.parse::<Boundary>().ok().filter(|boundary| boundary.instant().is_none());
    boundary
        .and_then(|boundary| boundary.civil())
        .ok_or_else(|| format!("{text} is not a local date or time like 2024-05-15 or 2024-05-15T10:00"))
}

/// The first instant at or after a local time.
pub fn instant(zone: &dyn Zone, local: PrimitiveDateTime) -> OffsetDateTime {
    match zone.resolve(local) {
        LocalTime::Unique(instant)
        | LocalTime::Gap { ends: instant, .. }
        | LocalTime::Overlap { first: instant, .. } => instant,
    }
}

/// The local time of a boundary: one that states its own zone is converted.
pub fn of_boundary(boundary: &Boundary, zone: &dyn Zone) -> Option<PrimitiveDateTime> {
    let Some(instant) = boundary.instant() else { return boundary.civil() };
    let local = instant.checked_to_offset(zone.period_at(Ticks::from_instant(instant)).offset)?;
    Some(PrimitiveDateTime::new(local.date(), local.time()))
}
