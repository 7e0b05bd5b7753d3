//! Times and durations for fuzzers and property tests: every form that a text can have.

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
    fn arbitrary(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let mut text = if bytes.ratio(1, 16u8)? { "-P" } else { "P" }.to_owned();
        let mut fields = 0;
        for designator in ['Y', 'M', 'D', 'h', 'm', 's'] {
            let Some(count) = bytes.arbitrary::<Option<u16>>()? else { continue };
            if designator.is_lowercase() && !text.contains('T') {
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
