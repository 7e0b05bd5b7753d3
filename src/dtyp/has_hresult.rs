//! Errors with a Windows error code.

use super::{HResult, Win32Error};
use crate::error::Error;

/// An error with a Windows error code.
///
/// Every such error converts to an [`HResult`], so that `?` can return it as a status.
///
/// ```
/// use wintask::{dtyp::{HResult, HasHResult}, job::Job};
///
/// fn application(bytes: &[u8]) -> Result<String, HResult> {
///     Ok(Job::parse(bytes)?.application_name.to_string())
/// }
/// assert_eq!(application(b"too short"), Err(HResult(0x8007_000D)));
///
/// fn refusal(error: &impl HasHResult) -> String {
///     error.hresult().to_string()
/// }
/// assert_eq!(refusal(&Job::parse(b"too short").unwrap_err()), "ERROR_INVALID_DATA (0x8007000d)");
/// ```
pub trait HasHResult {
    /// The code that Windows returns.
    fn hresult(&self) -> HResult;
}

impl HasHResult for Win32Error {
    fn hresult(&self) -> HResult {
        HResult::from_win32(*self)
    }
}

impl<E: HasHResult> HasHResult for Box<E> {
    fn hresult(&self) -> HResult {
        E::hresult(self)
    }
}

impl<E: HasHResult> HasHResult for &E {
    fn hresult(&self) -> HResult {
        E::hresult(self)
    }
}

impl<K: HasHResult> HasHResult for Error<K> {
    fn hresult(&self) -> HResult {
        self.kind().hresult()
    }
}

impl<K: HasHResult> Error<K> {
    /// The code that Windows returns.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.kind().hresult()
    }
}

impl<E: HasHResult> From<E> for HResult {
    fn from(error: E) -> Self {
        error.hresult()
    }
}
