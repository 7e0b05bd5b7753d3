//! The value DynamicInfo (EVIDENCE.md CACHE-11).

use super::error::{Error, ErrorKind};
use crate::{
    dtyp::{FileTime, HResult, layout::layout},
    error::Place,
};

layout! {
    /// The run history that the service keeps for a task, as stored by Windows Vista and 7. Times are UTC.
    pub struct DynamicInfo / PartialDynamicInfo, 28 bytes {
        /// The version of the layout, 3.
        version: u32 = 0, "Version";
        /// When the task was last registered.
        registered: FileTime = 4, "Registered";
        /// When the task was last started.
        last_run: FileTime = 12, "LastRun";
        /// The task's state according to some readers, the last run's result according to others.
        state: HResult = 20, "State";
        /// The last run's result according to most readers.
        result: HResult = 24, "Result";
    }
}

/// The offset of the time that Windows 8 added.
const LAST_SUCCESS: usize = DynamicInfo::SIZE;

/// The exact layer of the value DynamicInfo: Vista's fields, and those added later. Preserves every byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawDynamicInfo {
    /// The fields that all versions have.
    pub info: DynamicInfo,
    /// When the last successful run ended; present since Windows 8.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub last_successful_run: Option<FileTime>,
    /// The bytes after the last complete field.
    pub rest: Vec<u8>,
    /// Whether the value ends before Vista's fields do. If so, `rest` has the whole value, and incomplete fields are
    /// zero.
    pub is_cut: bool,
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
    /// A size other than 28 or 36.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let value = Self::recover(bytes);
        if value.is_whole() {
            return Ok(value);
        }
        let kind = ErrorKind::Size { expected: "28 or 36", found: bytes.len() };
        Err(Error::new(kind, Place::bytes(bytes.len().min(LAST_SUCCESS)..bytes.len(), "DynamicInfo")))
    }

    /// Whether the value has one of its two sizes.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.is_cut && self.rest.is_empty()
    }

    /// Returns the value's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.is_cut {
            return self.rest.clone();
        }
        let mut bytes = self.info.to_bytes().to_vec();
        bytes.extend(self.last_successful_run.iter().flat_map(|time| time.0.to_le_bytes()));
        bytes.extend(&self.rest);
        bytes
    }

    /// Reads as much of a value of any size as is present.
    pub(super) fn recover(bytes: &[u8]) -> Self {
        let Some((info, rest)) = bytes.split_first_chunk() else {
            let PartialDynamicInfo { version, registered, last_run, state, result } =
                PartialDynamicInfo::from_bytes(bytes);
            let info = DynamicInfo {
                version: version.unwrap_or_default(),
                registered: registered.unwrap_or_default(),
                last_run: last_run.unwrap_or_default(),
                state: state.unwrap_or_default(),
                result: result.unwrap_or_default(),
            };
            return Self { info, rest: bytes.to_vec(), is_cut: true, ..Self::default() };
        };
        let (last, rest) = rest.split_first_chunk().map_or((None, rest), |(time, rest)| (Some(*time), rest));
        Self {
            info: DynamicInfo::from_bytes(info),
            last_successful_run: last.map(|time| FileTime(u64::from_le_bytes(time))),
            rest: rest.to_vec(),
            is_cut: false,
        }
    }
}
