//! Parts of sentences.

use crate::{
    definition::UnknownElement,
    time::{Boundary, BoundaryZone},
};
use time::{Date, Time};

/// What happens to runs at the end of a repetition.
pub(super) const STOPPED: &str = ", after which running instances are stopped";

/// "Monday, Tuesday and Friday"; `None` without items.
pub(super) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Option<String> {
    let mut items: Vec<T> = items.into_iter().collect();
    let last = items.pop()?;
    if items.is_empty() {
        return Some(last.as_ref().to_owned());
    }
    let head: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    Some(format!("{} and {}", head.join(", "), last.as_ref()))
}

/// "every day", "every 2 days".
pub(super) fn every(interval: u32, unit: &str) -> String {
    if interval == 1 { format!("every {unit}") } else { format!("every {interval} {unit}s") }
}

/// "every 2 weeks on Monday and Friday".
pub(super) fn weekly<'a>(interval: u32, days: impl Iterator<Item = &'a str>) -> String {
    format!("{} on {}", every(interval, "week"), list(days).unwrap_or_else(|| "no day".to_owned()))
}

/// "on the 1st and last day of June".
pub(super) fn monthly<'a>(
    days: impl Iterator<Item = u8>,
    last: bool,
    months: impl Iterator<Item = &'a str>,
) -> String {
    let days = days.map(ordinal).chain(last.then(|| "last".to_owned()));
    match list(days) {
        Some(days) => format!("on the {days} day of {}", of_months(months)),
        None => format!("on no day of {}", of_months(months)),
    }
}

/// "on the first and last Monday of every month".
pub(super) fn monthly_weekdays<'a>(
    weeks: impl Iterator<Item = String>,
    days: impl Iterator<Item = &'a str>,
    months: impl Iterator<Item = &'a str>,
) -> String {
    match list(weeks).zip(list(days)) {
        Some((weeks, days)) => format!("on the {weeks} {days} of {}", of_months(months)),
        None => format!("on no day of {}", of_months(months)),
    }
}

fn of_months<'a>(months: impl Iterator<Item = &'a str>) -> String {
    let months: Vec<&str> = months.collect();
    if months.len() == 12 {
        return "every month".to_owned();
    }
    list(months).unwrap_or_else(|| "no month".to_owned())
}

/// "1st", "2nd", "11th".
pub(super) fn ordinal(number: u8) -> String {
    let suffix = match (number / 10, number % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// "first" to "fourth" and "last", from the names of weeks in XML.
pub(super) fn week(name: &str) -> String {
    match name {
        "1" => "first",
        "2" => "second",
        "3" => "third",
        "4" => "fourth",
        "5" | "Last" => "last",
        other => return format!("{other}th"),
    }
    .to_owned()
}

/// "3 Jan 2024".
pub(super) fn date(date: Date) -> String {
    let month = date.month().to_string();
    let month: String = month.chars().take(3).collect();
    format!("{} {month} {}", date.day(), date.year())
}

/// "02:00", "02:00:30".
pub(super) fn time_of_day(time: Time) -> String {
    let (hour, minute, second, nanos) = time.as_hms_nano();
    let mut text = format!("{hour:02}:{minute:02}");
    if second > 0 || nanos > 0 {
        text += &format!(":{second:02}");
    }
    if nanos > 0 {
        text += format!(".{nanos:09}").trim_end_matches('0');
    }
    text
}

/// "02:00", "02:00 UTC", "02:00 (UTC+05:30)"; as stated, if it is outside the calendar.
pub(super) fn boundary_time(boundary: &Boundary) -> String {
    let Some(civil) = boundary.civil() else { return boundary.as_str().to_owned() };
    let time = time_of_day(civil.time());
    match boundary.zone() {
        BoundaryZone::Local => time,
        BoundaryZone::Utc => format!("{time} UTC"),
        BoundaryZone::Offset(minutes) => {
            let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
            format!("{time} (UTC{sign}{:02}:{:02})", minutes / 60, minutes % 60)
        }
    }
}

/// "3 Jan 2024"; as stated, if it is outside the calendar.
pub(super) fn boundary_date(boundary: &Boundary) -> String {
    boundary.civil().map_or_else(|| boundary.as_str().to_owned(), |civil| date(civil.date()))
}

/// "3 Jan 2024 at 02:00".
pub(super) fn boundary(boundary: &Boundary) -> String {
    match boundary.civil() {
        Some(civil) => format!("{} at {}", date(civil.date()), boundary_time(boundary)),
        None => boundary.as_str().to_owned(),
    }
}

/// "every hour", "every 2 hours", "every 1 hour 30 minutes".
pub(super) fn every_span(span: &str) -> String {
    let single = span.strip_prefix("1 ").filter(|unit| !unit.contains(' '));
    format!("every {}", single.unwrap_or(span))
}

/// "1 day 2 hours".
pub(super) fn seconds(seconds: u64, nanos: u32) -> String {
    span(0, seconds, nanos)
}

/// "1 month 15 days".
pub(super) fn span(months: u64, seconds: u64, nanos: u32) -> String {
    let units = [
        (months / 12, "year"),
        (months % 12, "month"),
        (seconds / 86_400, "day"),
        (seconds / 3600 % 24, "hour"),
        (seconds / 60 % 60, "minute"),
        (seconds % 60, "second"),
    ];
    let several = |(count, unit)| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
    let mut parts: Vec<String> = units.into_iter().filter(|(count, _)| *count > 0).map(several).collect();
    if nanos > 0 {
        let fraction = format!("{}.{nanos:09}", seconds % 60);
        if !seconds.is_multiple_of(60) {
            parts.pop();
        }
        parts.push(format!("{} seconds", fraction.trim_end_matches('0')));
    }
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}

/// The name of an unknown element, as written.
pub(super) fn name_of(element: &UnknownElement) -> &str {
    let tag = element.xml.trim_start_matches('<');
    tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default()
}

/// A text with line breaks and other control characters replaced by spaces.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
