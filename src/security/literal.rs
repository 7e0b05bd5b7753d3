//! The text form of values in conditions and claims ([MS-DTYP] 2.5.1.1).

use super::{
    cursor::{Cursor, number, radix},
    error::{ErrorKind, Step},
};
use crate::{dtyp::WideString, limits};
use std::fmt::{self, Write};

/// An integer literal.
#[derive(Clone, Copy)]
pub(super) struct Integer {
    pub(super) bits: u64,
    pub(super) sign: Sign,
    pub(super) radix: Radix,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus = 1,
    Minus = 2,
    None = 3,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Radix {
    Octal = 1,
    Decimal = 2,
    Hex = 3,
}

impl Integer {
    /// The absolute value.
    pub(super) fn magnitude(self) -> u64 {
        if self.sign == Sign::Minus { self.bits.wrapping_neg() } else { self.bits }
    }

    pub(super) fn value(self) -> i128 {
        let magnitude = i128::from(self.magnitude());
        if self.sign == Sign::Minus { -magnitude } else { magnitude }
    }
}

/// The code units of an attribute name, with `%XXXX` decoded. The prefixed form allows more characters than the
/// simple form ([MS-DTYP] 2.5.1.1, `attr-char1` and `attr-char2`). Both accept non-ASCII letters.
pub(super) fn name(cursor: &mut Cursor, simple: bool) -> Step<Vec<u16>> {
    let mut name = Vec::new();
    loop {
        let plain = cursor.take_while(|b| match b {
            0x80.. => true,
            _ if simple => b.is_ascii_alphanumeric() || b":./_@".contains(&b),
            _ => b.is_ascii_graphic() && !b"!&()><=|%\"".contains(&b),
        });
        name.extend(plain.encode_utf16());
        if name.len() > limits::ACL_BYTES {
            let kind = ErrorKind::TooLarge { what: "name", max: limits::ACL_BYTES };
            return Err(cursor.fault(kind));
        }
        if !cursor.take_byte(b'%') {
            return Ok(name);
        }
        let digits = cursor.rest().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        name.push(unit.ok_or_else(|| cursor.fault(ErrorKind::Expected("four hex digits")))?);
        cursor.code(4);
    }
}

/// Quoted text, which cannot contain a quotation mark or a NUL.
pub(super) fn quoted<'a>(cursor: &mut Cursor<'a>) -> Step<&'a str> {
    cursor.take_byte(b'"');
    let text = cursor.take_while(|b| b != b'"' && b != 0);
    if cursor.take_byte(b'"') { Ok(text) } else { Err(cursor.fault(ErrorKind::Expected("a quotation mark"))) }
}

/// Pairs of hexadecimal digits. `#` is the digit 0, and an odd number of digits is preceded by a 0 (EVIDENCE.md
/// SDDL-09).
pub(super) fn octets(cursor: &mut Cursor) -> Vec<u8> {
    let digits = cursor.take_while(|b| b.is_ascii_hexdigit() || b == b'#').bytes();
    let value = |b| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
    let even = digits.len().is_multiple_of(2);
    let mut out = Vec::with_capacity(digits.len().div_ceil(2));
    let mut high = if even { None } else { Some(0) };
    for digit in digits.map(value) {
        match high.take() {
            None => high = Some(digit),
            Some(high) => out.push(high << 4 | digit),
        }
    }
    out
}

/// A number with an optional sign.
pub(super) fn integer(cursor: &mut Cursor) -> Step<Integer> {
    let start = cursor.at();
    let sign = if cursor.take_byte(b'-') {
        Sign::Minus
    } else if cursor.take_byte(b'+') {
        Sign::Plus
    } else {
        Sign::None
    };
    let text = cursor.take_while(|b| b.is_ascii_alphanumeric());
    let radix = match radix(text).0 {
        16 => Radix::Hex,
        8 => Radix::Octal,
        _ => Radix::Decimal,
    };
    let bits = number(text).and_then(|magnitude| match sign {
        Sign::Minus => 0i64.checked_sub_unsigned(magnitude).map(i64::cast_unsigned),
        Sign::Plus | Sign::None => Some(magnitude),
    });
    let bits = bits.ok_or_else(|| cursor.fault_since(start, ErrorKind::OutOfRange("integer")))?;
    Ok(Integer { bits, sign, radix })
}

/// Whether a string can be quoted.
pub(super) fn can_be_quoted(text: &WideString) -> bool {
    text.to_text().is_ok_and(|text| !text.contains(['"', '\0']))
}

/// Writes a name: letters, digits and `:./_` as they are, other characters as `%XXXX`.
pub(super) fn write_name(text: &WideString, escape_first: bool, f: &mut dyn Write) -> fmt::Result {
    for (index, unit) in text.units().iter().enumerate() {
        match u8::try_from(*unit) {
            Ok(b) if (b.is_ascii_alphanumeric() || b":./_".contains(&b)) && !(escape_first && index == 0) => {
                f.write_char(char::from(b))?;
            }
            _ => write!(f, "%{unit:04x}")?,
        }
    }
    Ok(())
}

/// Whether two names are equal, ignoring case.
pub(super) fn same_name(a: &WideString, b: &WideString) -> bool {
    a.len() == b.len() && a.units().iter().zip(b.units()).all(|(a, b)| a == b || fold(*a) == fold(*b))
}

/// The code unit in upper case, as Windows compares; unchanged if it does not map to a single unit.
pub(super) fn fold(unit: u16) -> u16 {
    let mut capitals = char::from_u32(unit.into()).into_iter().flat_map(char::to_uppercase);
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => u16::try_from(u32::from(capital)).unwrap_or(unit),
        _ => unit,
    }
}
