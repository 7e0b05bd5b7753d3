//! Events for fuzzers and property tests: the fields that providers log, in any number and order.

use super::{Event, System, Value};
use crate::{dtyp::FileTime, markup};
use ::arbitrary::{Arbitrary, Result, Unstructured};

/// Field names, and one that is absent.
const NAMES: [&str; 6] = ["TaskName", "ResultCode", "UserContext", "Path", "a", ""];

/// Text of characters that XML allows.
fn text(bytes: &mut Unstructured<'_>) -> Result<String> {
    let samples = [r"\Contoso\Backup", "a & <b>", "\u{e9}", ""];
    let rest = bytes.arbitrary::<String>()?;
    let sample = *bytes.choose(&samples)?;
    Ok(sample.chars().chain(rest.chars().filter(|c| markup::is_xml_char(*c))).collect())
}

impl<'a> Arbitrary<'a> for Value {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match bytes.int_in_range(0..=9u8)? {
            0 => Self::Text(text(bytes)?),
            1 => Self::Unsigned(bytes.arbitrary()?),
            2 => Self::Hex(bytes.arbitrary()?),
            3 => Self::Signed(bytes.arbitrary()?),
            4 => Self::Double(bytes.arbitrary()?),
            5 => Self::Boolean(bytes.arbitrary()?),
            6 => Self::Guid(bytes.arbitrary()?),
            7 => Self::Sid("S-1-5-18".to_owned()),
            8 => Self::Time(time(bytes)?),
            _ => Self::Binary(bytes.arbitrary()?),
        })
    }
}

/// A time that event XML can state.
fn time(bytes: &mut Unstructured<'_>) -> Result<FileTime> {
    let centuries = 84 * 36_525 * 864_000_000_000 / 100;
    bytes.int_in_range(0..=centuries).map(FileTime)
}

impl<'a> Arbitrary<'a> for Event {
    /// An event with any fields of `System`, and values in `EventData` or `UserData`.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut system: System = bytes.arbitrary()?;
        let texts = [&mut system.provider, &mut system.channel, &mut system.computer, &mut system.user_id];
        for stated in texts.into_iter().flatten() {
            *stated = text(bytes)?;
        }
        if let Some(created) = &mut system.time_created {
            *created = time(bytes)?;
        }
        let mut data: Vec<(&str, Value)> = Vec::new();
        while bytes.arbitrary()? {
            data.push((bytes.choose(&NAMES)?, bytes.arbitrary()?));
        }
        if bytes.ratio(3, 4u8)? {
            return Ok(Self::new(&system, data));
        }
        Ok(Self::with_user_data(&system, "Change", data.into_iter().filter(|(name, _)| !name.is_empty())))
    }
}
