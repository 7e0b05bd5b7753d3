//! Values of [MS-DTYP] and [MS-ERREF]: status codes, times, strings, GUIDs.
//!
//! | item | description |
//! |---|---|
//! | [`HResult`] | a 32-bit result with severity, facility and code ([MS-ERREF] 2.1) |
//! | [`Win32Error`], [`NetApiStatus`] | a plain error number ([MS-ERREF] 2.2, 2.3) |
//! | [`FileTime`] | 100 ns ticks since 1601 ([MS-DTYP] 2.3.3); zero means no time |
//! | [`SystemTime`] | a civil time in eight words ([MS-DTYP] 2.3.13); all zero means no time |
//! | [`HasHResult`] | errors with a Windows error code |
//! | [`WideString`] | UTF-16 units, including lone surrogates |
//! | [`Password`] | UTF-16 units that are wiped when dropped and shown only on request |
//! | [`guid`] | GUIDs in wire order, as [`uuid::Uuid`] ([MS-DTYP] 2.3.4) |

pub(crate) mod layout;
pub(crate) mod macros;

pub mod guid;

mod choice;
mod codes;
mod file_time;
mod has_hresult;
mod hresult;
mod parse;
mod password;
mod system_time;
mod wide;
mod win32;

pub use choice::UnknownName;
pub use file_time::FileTime;
pub use has_hresult::HasHResult;
pub use hresult::{Facility, HResult, ResultSeverity};
pub use layout::FieldLayout;
pub use parse::ParseCodeError;
pub use password::Password;
pub use system_time::SystemTime;
pub use wide::{NotUtf16, WideString};
pub use win32::{NetApiStatus, Win32Error};
