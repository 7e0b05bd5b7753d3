//! HRESULT.

use super::{
    Win32Error,
    macros::{Code, lookup, open_enum, serialized_code},
};
use std::fmt;

/// A result code ([MS-ERREF] 2.1): severity in bit 31, facility in bits 16 to 26, code in bits 0 to 15.
///
/// Every value that the Task Scheduler is known to return has a name and a meaning and, where an administrator can do
/// something, advice. The four values misprinted in note 10 of [MS-TSCH] (`E_ACCESSDENIED` as 0x80000009, …) have
/// none, since they never occur on the wire. A value without a name is displayed in hexadecimal.
///
/// ```
/// use wintask::dtyp::{HResult, Win32Error};
///
/// let refused = HResult(0x8004_1326);
/// assert_eq!(refused.name(), Some("SCHED_E_TASK_DISABLED"));
/// assert_eq!(refused.to_string(), "SCHED_E_TASK_DISABLED (0x80041326)");
/// assert!(refused.is_failure());
///
/// // The scheduler's codes are not all failures: these two are successes.
/// assert!(HResult(0x0004_131B).is_success() && HResult(0x0004_1325).is_success());
///
/// // Win32 errors are embedded.
/// assert_eq!(HResult::from_win32(Win32Error::FILE_NOT_FOUND), HResult(0x8007_0002));
/// assert_eq!(HResult(0x8007_0002).to_win32(), Some(Win32Error::FILE_NOT_FOUND));
/// assert_eq!(HResult(0x8000_0009).to_string(), "0x80000009");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct HResult(
    /// The value.
    pub u32,
);

/// Bit 31 of an [`HResult`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "a bit has two values")]
pub enum ResultSeverity {
    /// Bit 31 is clear.
    Success,
    /// Bit 31 is set.
    Failure,
}

crate::dtyp::macros::choice! {
    ResultSeverity {
        Success = "success",
        Failure = "failure",
    }
}

open_enum! {
    /// The part of the system that defined an [`HResult`] ([MS-ERREF] 2.1).
    pub struct Facility(u16) {
        /// Codes of no particular facility.
        NULL = 0 => "FACILITY_NULL",
        /// RPC runtime.
        RPC = 1 => "FACILITY_RPC",
        /// Codes private to an interface; the Task Scheduler's are here.
        ITF = 4 => "FACILITY_ITF",
        /// Win32 errors as HRESULTs.
        WIN32 = 7 => "FACILITY_WIN32",
        /// Performance Logs and Alerts.
        PLA = 48 => "FACILITY_PLA",
    }
}

impl HResult {
    /// The HRESULT form of a Win32 error ([MS-ERREF] 2.1.2, the macro `HRESULT_FROM_WIN32`).
    ///
    /// Zero, and values with bit 31 set, which are HRESULTs already, are returned unchanged.
    #[must_use]
    #[doc(alias = "HRESULT_FROM_WIN32")]
    pub const fn from_win32(error: Win32Error) -> Self {
        match error.0 {
            0 | 0x8000_0000.. => Self(error.0),
            code => Self(0x8007_0000 | (code & 0xFFFF)),
        }
    }

    /// The embedded Win32 error, if any: `S_OK` and every 0x8007xxxx.
    #[must_use]
    pub const fn to_win32(self) -> Option<Win32Error> {
        match self.0 {
            0 => Some(Win32Error::SUCCESS),
            0x8007_0000..=0x8007_FFFF => Some(Win32Error(self.0 & 0xFFFF)),
            _ => None,
        }
    }

    /// Success or failure: bit 31.
    #[must_use]
    pub const fn severity(self) -> ResultSeverity {
        if self.0 & 0x8000_0000 == 0 { ResultSeverity::Success } else { ResultSeverity::Failure }
    }

    /// Whether bit 31 is clear. `S_FALSE` and the `SCHED_S_` codes are successes.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 & 0x8000_0000 == 0
    }

    /// Whether bit 31 is set.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        !self.is_success()
    }

    /// The facility that defined the code: bits 16 to 26.
    #[must_use]
    pub const fn facility(self) -> Facility {
        let [high, low, ..] = self.0.to_be_bytes();
        Facility(u16::from_be_bytes([high & 0x07, low]))
    }

    /// Bits 0 to 15.
    #[must_use]
    pub const fn code(self) -> u16 {
        let [.., high, low] = self.0.to_be_bytes();
        u16::from_be_bytes([high, low])
    }

    /// The symbolic name. A value 0x8007xxxx without its own name uses the name of the Win32 error.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|code| code.name)
    }

    /// The meaning in a few words.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|code| code.meaning)
    }

    /// What an administrator can do about it, for the codes listed in Microsoft's article on event 707.
    #[must_use]
    pub fn advice(self) -> Option<&'static str> {
        self.entry().and_then(|code| code.advice)
    }

    /// Every code with its own name, ordered by value.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::TABLE.iter().map(|code| Self(code.value))
    }

    fn entry(self) -> Option<&'static Code> {
        lookup(Self::TABLE, self.0)
            .or_else(|| self.to_win32().filter(|_| self.is_failure()).and_then(Win32Error::entry))
    }
}

impl fmt::Display for HResult {
    /// `NAME (0x…)`, or `0x…` without a name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({:#010x})", self.0),
            None => write!(f, "{:#010x}", self.0),
        }
    }
}

impl fmt::Debug for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A failure status can be returned with `?`.
///
/// ```
/// use wintask::dtyp::HResult;
///
/// fn check(status: HResult) -> Result<(), Box<dyn std::error::Error>> {
///     if status.is_failure() { Err(status)? } else { Ok(()) }
/// }
/// assert_eq!(check(HResult::E_ACCESSDENIED).unwrap_err().to_string(), "E_ACCESSDENIED (0x80070005)");
/// ```
impl std::error::Error for HResult {}

impl From<u32> for HResult {
    fn from(value: u32) -> Self {
        Self(value)
    }
}

impl From<HResult> for u32 {
    fn from(value: HResult) -> Self {
        value.0
    }
}

serialized_code!(HResult);
