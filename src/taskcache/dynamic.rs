//! The value DynamicInfo (EVIDENCE.md CACHE-11).

use super::error::{Error, ErrorKind};
use crate::{
    dtyp::{FileTime, HResult, layout::layout},
    error::Place,
};

layout! {
    /// What the service remembers of a task's runs, as Windows Vista and 7 store it. Times are UTC.
    pub struct DynamicInfo / PartialDynamicInfo, 28 bytes {
        /// Version of the layout, 3.
        version: u32 = 0, "Version";
        /// When the task was registered last.
        registered: FileTime = 4, "Registered";
        /// When it was started last.
        last_run: FileTime = 12, "LastRun";
        /// The task's state by some readers, the last run's result by others.
        state: HResult = 20, "State";
        /// The last run's result by most readers.
        result: HResult = 24, "Result";
    }
}

/// The offset of the time that Windows 8 added.
const LAST_SUCCESS: usize = DynamicInfo::SIZE;

/// The value as it is stored: what Vista has, and what later versions added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawDynamicInfo {
    /// What all versions have.
    pub info: DynamicInfo,
    /// When the last run that succeeded ended; since Windows 8.
    pub last_successful_run: Option<FileTime>,
}

impl RawDynamicInfo {
    /// Reads the value.
    ///
    /// ```
    /// use wintask::taskcache::RawDynamicInfo;
    ///
    /// let mut bytes = [0; 36];
    /// bytes[0] = 3;
    /// assert!(RawDynamicInfo::parse(&bytes)?.last_successful_run.is_some());
    /// assert!(RawDynamicInfo::parse(&bytes[..28])?.last_successful_run.is_none());
    /// let error = RawDynamicInfo::parse(&bytes[..30]).unwrap_err();
    /// assert_eq!(error.to_string(), "byte 0x1c, DynamicInfo: expected 28 or 36 bytes, found 30");
    /// # Ok::<(), wintask::taskcache::Error>(())
    /// ```
    ///
    /// # Errors
    /// A size that is neither 28 nor 36.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let size = || {
            let kind = ErrorKind::Size { expected: "28 or 36", found: bytes.len() };
            Error::new(kind, Place::bytes(bytes.len().min(LAST_SUCCESS)..bytes.len(), "DynamicInfo"))
        };
        let (info, rest) = bytes.split_first_chunk().ok_or_else(size)?;
        let last_successful_run = match rest.try_into() {
            Ok(time) => Some(FileTime(u64::from_le_bytes(time))),
            Err(_) if rest.is_empty() => None,
            Err(_) => return Err(size()),
        };
        Ok(Self { info: DynamicInfo::from_bytes(info), last_successful_run })
    }

    /// Returns the value's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.info.to_bytes().to_vec();
        bytes.extend(self.last_successful_run.iter().flat_map(|time| time.0.to_le_bytes()));
        bytes
    }

    /// Reads what is there of a value of the wrong size: none if a field of Vista's is not complete.
    pub(super) fn recover(bytes: &[u8]) -> Option<Self> {
        let info = PartialDynamicInfo::from_bytes(bytes).complete()?;
        let last = bytes.get(LAST_SUCCESS..).and_then(<[u8]>::first_chunk);
        Some(Self { info, last_successful_run: last.map(|time| FileTime(u64::from_le_bytes(*time))) })
    }
}
