//! The simple types: validation and parsing of values.
//!
//! The Specification profile follows XML Schema as implemented by libxml2 with the schema of [MS-TSCH] 2.5, including
//! its quirks: white space after a number, a date or a duration is rejected, and digits may be missing on one side of
//! a decimal point. The Windows profile is more lenient where Windows was observed to be.

use super::{schema::Type, uri};
use crate::{
    Profile,
    definition::{DaysOfMonth, Weeks},
    time::{BoundaryParts, DurationParts, collapsed},
};
use std::{cmp::Ordering, ops::RangeInclusive};
use uuid::Uuid;

/// Characters of a path.
const PATH_LENGTH: RangeInclusive<usize> = 1..=260;

/// The parsed value of a type that needs more than text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Parsed {
    Text,
    Bool(bool),
    Number(u32),
    Boundary(BoundaryParts),
    Duration(DurationParts),
    Guid(Uuid),
}

/// Whether a text is a valid value.
#[inline]
pub(super) fn is_valid(ty: Type, text: &str, profile: Profile) -> bool {
    match ty {
        // Nearly half of all values; as in `parse`, without its cost.
        Type::String => true,
        Type::Boolean if matches!(text, "true" | "false") => true,
        _ => parse(ty, text, profile).is_some(),
    }
}

/// Parses a value; `None` if the text is invalid.
pub(super) fn parse(ty: Type, text: &str, profile: Profile) -> Option<Parsed> {
    let windows = profile == Profile::Windows;
    let text_if = |good: bool| good.then_some(Parsed::Text);
    match ty {
        Type::String => Some(Parsed::Text),
        Type::NonEmptyString => text_if(!text.is_empty()),
        // No text has more characters than bytes.
        Type::Path if PATH_LENGTH.contains(&text.len()) => Some(Parsed::Text),
        Type::Path => {
            let length = if windows { text.encode_utf16().count() } else { text.chars().count() };
            text_if(PATH_LENGTH.contains(&length))
        }
        Type::Uri => text_if(windows || uri::is_any_uri(text)),
        Type::Boolean => match collapsed(text) {
            "true" | "1" => Some(Parsed::Bool(true)),
            "false" | "0" => Some(Parsed::Bool(false)),
            _ => None,
        },
        Type::Priority
        | Type::Number { .. }
        | Type::DateTime
        | Type::Duration { .. }
        | Type::LenientDuration { .. }
            if !windows && text.ends_with([' ', '\t', '\n', '\r']) =>
        {
            None
        }
        Type::Priority => number(text, if windows { 0 } else { 1 }, 10),
        Type::Number { min, max } if !collapsed(text).starts_with('+') => number(text, min, max),
        Type::Number { .. } => None,
        Type::DateTime => BoundaryParts::parse(text).map(Parsed::Boundary),
        Type::Duration { min, max } => duration(text, min, max, windows),
        Type::LenientDuration { min } => duration(text, Some(min).filter(|_| !windows), None, windows),
        Type::Guid => guid(text, windows).map(Parsed::Guid),
        Type::Enumeration(names) => text_if(names.contains(&text)),
        Type::DayOfMonth => text_if(DaysOfMonth::from_name(text).is_some()),
        Type::Week => text_if(Weeks::from_name(text).is_some()),
        Type::Hex { exactly } => {
            let digits = collapsed(text);
            let length = exactly.map_or(digits.len().is_multiple_of(2), |exactly| digits.len() == exactly);
            text_if(length && digits.bytes().all(|b| b.is_ascii_hexdigit()))
        }
    }
}

/// The expected format of a type, in words.
pub(super) fn expected(ty: Type, profile: Profile) -> String {
    let seconds = |seconds: u64| match seconds {
        s if s.is_multiple_of(86400) => format!("P{}D", s / 86400),
        s => format!("PT{}M", s / 60),
    };
    match ty {
        Type::String => "text".into(),
        Type::NonEmptyString => "text of at least one character".into(),
        Type::Path => "a path of 1 to 260 characters".into(),
        Type::Uri => "a URI".into(),
        Type::Boolean => "true or false".into(),
        Type::Priority if profile == Profile::Windows => "a whole number from 0 to 10".into(),
        Type::Priority => "a whole number from 1 to 10".into(),
        Type::Number { min, max } => format!("a whole number from {min} to {max}"),
        Type::DateTime => "a date and time like 2024-01-03T02:00:00".into(),
        Type::Duration { min: Some(min), max: Some(max) } => {
            format!("a duration from {} to {}", seconds(min), seconds(max))
        }
        Type::Duration { min: Some(min), .. } | Type::LenientDuration { min } => {
            format!("a duration of at least {}", seconds(min))
        }
        Type::Duration { .. } => "a duration like PT15M or P1D".into(),
        Type::Guid => "a GUID in braces".into(),
        Type::Enumeration(names) if names.len() > 8 => "one of the names in [MS-TSCH] 2.5.6".into(),
        Type::Enumeration(names) => format!("one of {}", names.join(", ")),
        Type::DayOfMonth => "a day from 1 to 31 or Last".into(),
        Type::Week => "a week from 1 to 4 or Last".into(),
        Type::Hex { exactly: Some(digits) } => format!("{digits} hex digits"),
        Type::Hex { exactly: None } => "pairs of hex digits".into(),
    }
}

/// A whole number in XML Schema's form; a sign and leading zeros are allowed.
fn number(text: &str, min: u32, max: u32) -> Option<Parsed> {
    let text = collapsed(text);
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, text.strip_prefix('-')?),
        [b'+', ..] => (false, text.strip_prefix('+')?),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = digits.trim_start_matches('0');
    let value: u32 = if value.is_empty() { 0 } else { value.parse().ok()? };
    ((min..=max).contains(&value) && !(negative && value > 0)).then_some(Parsed::Number(value))
}

/// A duration within a range. Windows stores durations in 32 bits of seconds (EVIDENCE.md XML-40).
fn duration(text: &str, min: Option<u64>, max: Option<u64>, windows: bool) -> Option<Parsed> {
    let parts = if windows { DurationParts::parse(text) } else { DurationParts::parse_lenient(text) }?;
    let at_least = |min| {
        matches!(parts.compare(&DurationParts::of_seconds(min)), Some(Ordering::Greater | Ordering::Equal))
    };
    let at_most = |max| {
        matches!(parts.compare(&DurationParts::of_seconds(max)), Some(Ordering::Less | Ordering::Equal))
    };
    let bounded = min.is_none_or(at_least) && max.is_none_or(at_most);
    let fits = !windows || parts.at_most_seconds() <= u32::MAX.into();
    (bounded && fits).then_some(Parsed::Duration(parts))
}

/// `{8-4-4-4-12}`; Windows also accepts it without braces (EVIDENCE.md XML-41).
fn guid(text: &str, windows: bool) -> Option<Uuid> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let digits = inner.or(Some(text).filter(|_| windows))?;
    let hyphens =
        digits.len() == 36 && [8, 13, 18, 23].iter().all(|at| digits.as_bytes().get(*at) == Some(&b'-'));
    Uuid::try_parse(digits).ok().filter(|_| hyphens)
}
