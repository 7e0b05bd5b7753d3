//! Win32 errors and codes of the network API.

use super::macros::{Code, codes, lookup, serialized_code};
use std::fmt;

/// A Win32 error number ([MS-ERREF] 2.2).
///
/// ```
/// use wintask::dtyp::Win32Error;
///
/// assert_eq!(Win32Error(2).name(), Some("ERROR_FILE_NOT_FOUND"));
/// assert_eq!(Win32Error(0xDEAD).to_string(), "0xdead");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Win32Error(
    /// The value.
    pub u32,
);

/// The return value of an ATSvc method ([MS-DTYP] 2.2.37): a Win32 error or a network API code, never an HRESULT.
///
/// ```
/// use wintask::dtyp::NetApiStatus;
///
/// assert_eq!(NetApiStatus(3806), NetApiStatus::APE_AT_ID_NOT_FOUND);
/// assert_eq!(NetApiStatus(5).name(), Some("ERROR_ACCESS_DENIED"));
/// assert_eq!(NetApiStatus(0).name(), Some("NERR_Success"));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct NetApiStatus(
    /// The value.
    pub u32,
);

impl Win32Error {
    /// The symbolic name in `winerror.h`.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|code| code.name)
    }

    /// The meaning in a few words.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|code| code.meaning)
    }

    pub(super) fn entry(self) -> Option<&'static Code> {
        lookup(Self::TABLE, self.0)
    }
}

codes! { NetApiStatus:
    NERR_SUCCESS = 0, "the call succeeded";
    APE_AT_ID_NOT_FOUND = 0xEDE, "no AT job has this number";
}

impl NetApiStatus {
    /// The symbolic name.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::NERR_SUCCESS => Some("NERR_Success"),
            _ => self.entry().map(|code| code.name),
        }
    }

    /// The meaning in a few words.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|code| code.meaning)
    }

    fn entry(self) -> Option<&'static Code> {
        lookup(Self::TABLE, self.0).or_else(|| Win32Error(self.0).entry())
    }
}

impl From<Win32Error> for NetApiStatus {
    fn from(error: Win32Error) -> Self {
        Self(error.0)
    }
}

/// Implements `Display` and conversions for a plain number.
macro_rules! plain_code {
    ($ty:ident) => {
        impl fmt::Display for $ty {
            /// `NAME (n)` with a decimal number, or hexadecimal without a name.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name() {
                    Some(name) => write!(f, "{name} ({})", self.0),
                    None => write!(f, "{:#x}", self.0),
                }
            }
        }

        impl fmt::Debug for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl From<u32> for $ty {
            fn from(value: u32) -> Self {
                Self(value)
            }
        }

        impl From<$ty> for u32 {
            fn from(value: $ty) -> Self {
                value.0
            }
        }

        serialized_code!($ty);
    };
}

plain_code!(Win32Error);
plain_code!(NetApiStatus);
