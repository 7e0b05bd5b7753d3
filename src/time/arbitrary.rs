//! Times and durations for fuzzers and property tests, in every lexical form.

use super::{Boundary, XsDuration};
use arbitrary::{Arbitrary, Error, Result, Unstructured};

impl Arbitrary<'_> for Boundary {
    fn arbitrary(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let (year, month, day) =
            (bytes.int_in_range(1..=9999u16)?, bytes.int_in_range(1..=12u8)?, bytes.int_in_range(1..=28u8)?);
        let (hour, minute, second) =
            (bytes.int_in_range(0..=23u8)?, bytes.int_in_range(0..=59u8)?, bytes.int_in_range(0..=59u8)?);
        let fraction = match bytes.arbitrary()? {
            Some(ticks) => format!(".{ticks}", ticks = u32::min(ticks, 9_999_999)),
            None => String::new(),
        };
        let zone = match bytes.int_in_range(0..=3u8)? {
            0 => String::new(),
            1 => "Z".to_owned(),
            sign => {
                let minutes = bytes.int_in_range(0..=14 * 60u16)?;
                format!("{}{:02}:{:02}", if sign == 2 { '+' } else { '-' }, minutes / 60, minutes % 60)
            }
        };
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}");
        text.parse().map_err(|_| Error::IncorrectFormat)
    }
}

impl Arbitrary<'_> for XsDuration {
    /// Mostly a positive duration of up to 45 days, as in definitions; otherwise any fields with any numbers.
    fn arbitrary(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let usual = bytes.ratio(7, 8u8)?;
        let mut text = if usual || bytes.ratio(1, 2u8)? { "P" } else { "-P" }.to_owned();
        let mut fields = 0;
        let designators = ["Y", "M", "D", "h", "m", "s"];
        for designator in designators.into_iter().skip(if usual { 2 } else { 0 }) {
            if !bytes.ratio(1, 2u8)? {
                continue;
            }
            let count = if usual { bytes.int_in_range(0..=31)? } else { bytes.arbitrary::<u16>()? };
            if designator.starts_with(['h', 'm', 's']) && !text.contains('T') {
                text.push('T');
            }
            text += &format!("{count}{}", designator.to_ascii_uppercase());
            fields += 1;
        }
        if fields == 0 {
            text += "T0S";
        }
        text.parse().map_err(|_| Error::IncorrectFormat)
    }
}
