//! The value of `--zone`.

use super::{
    hex::unhex,
    zone::{self, AnyZone},
};
use wintask::time::IanaZone;

/// `UTC`, an offset like `+05:30`, a name that IANA or Windows has for it, or the 44 bytes of the registry's TZI in hex.
pub fn parse(text: &str) -> Result<AnyZone, String> {
    if let Some(zone) = IanaZone::new(text) {
        return Ok(Box::new(zone));
    }
    match (text, offset(text), unhex(text)) {
        ("UTC" | "Z", ..) => zone::bias(0),
        (_, Some(minutes), _) => zone::bias(-minutes),
        (.., Some(tzi)) => zone::tzi(&tzi),
        _ => Err("not a time zone name, an offset like +05:30, or a TZI in hex".to_owned()),
    }
    .map_err(|e| format!("--zone {text}: {e}"))
}

/// Minutes east of UTC.
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    Some(sign * (i32::from(hours) * 60 + i32::from(minutes)))
}
