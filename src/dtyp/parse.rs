//! Parses codes.

#[cfg(feature = "serde")]
use super::UnknownName;
use super::{
    HResult, Win32Error,
    macros::{choice, message_serde},
};
use crate::{
    Profile,
    finding::{Confidence, Severity},
};
use std::str::FromStr;

message_serde!(UnknownName, ParseCodeError);

choice! {
    Profile {
        Windows = "windows",
        Specification = "specification",
    }
}

choice! {
    Severity {
        Info = "info",
        Warning = "warning",
        Error = "error",
    }
}

choice! {
    Confidence {
        Possible = "possible",
        Likely = "likely",
        Certain = "certain",
    }
}

/// The error for text that is neither a 32-bit number nor the name of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("expected the name of a code, or a number of 32 bits in decimal or after 0x")]
#[non_exhaustive]
pub struct ParseCodeError;

/// Parses a name (`SCHED_E_TASK_DISABLED`), hexadecimal after `0x`, or decimal, which may be negative as Windows
/// often shows it. The name of a Win32 error means its HRESULT form.
///
/// ```
/// use wintask::dtyp::HResult;
///
/// for text in ["SCHED_E_TASK_DISABLED", "0x80041326", "2147750694", "-2147216602"] {
///     assert_eq!(text.parse(), Ok(HResult::SCHED_E_TASK_DISABLED));
/// }
/// assert_eq!("ERROR_ACCESS_DENIED".parse(), Ok(HResult::E_ACCESSDENIED));
/// assert!("0x1_0000_0000".parse::<HResult>().is_err());
/// ```
impl FromStr for HResult {
    type Err = ParseCodeError;

    fn from_str(text: &str) -> Result<Self, ParseCodeError> {
        let named = || Self::TABLE.iter().find(|code| code.name == text).map(|code| Self(code.value));
        let win32 = || named_win32(text).map(Self::from_win32);
        number(text).map(Self).or_else(named).or_else(win32).ok_or(ParseCodeError)
    }
}

/// Parses a name (`ERROR_ACCESS_DENIED`), hexadecimal after `0x`, or decimal.
///
/// ```
/// use wintask::dtyp::Win32Error;
///
/// assert_eq!("5".parse(), Ok(Win32Error::ACCESS_DENIED));
/// assert_eq!("ERROR_ACCESS_DENIED".parse(), Ok(Win32Error::ACCESS_DENIED));
/// ```
impl FromStr for Win32Error {
    type Err = ParseCodeError;

    fn from_str(text: &str) -> Result<Self, ParseCodeError> {
        number(text).map(Self).or_else(|| named_win32(text)).ok_or(ParseCodeError)
    }
}

fn named_win32(text: &str) -> Option<Win32Error> {
    Win32Error::TABLE.iter().find(|code| code.name == text).map(|code| Win32Error(code.value))
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        // `from_str_radix` would accept a sign.
        Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16).ok(),
        Some(_) => None,
        None => text.parse().ok().or_else(|| text.parse::<i32>().ok().map(i32::cast_unsigned)),
    }
}
