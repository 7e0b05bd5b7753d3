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

/// The exact layer of the value DynamicInfo: what Vista has, and what later versions added. What was read is written back
/// byte for byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawDynamicInfo {
    /// What all versions have.
    pub info: DynamicInfo,
    /// When the last run that succeeded ended; since Windows 8.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub last_successful_run: Option<FileTime>,
    /// What follows the last field that is whole.
    pub rest: Vec<u8>,
    /// Whether the value ends before Vista's fields do: `rest` then has the whole value, and fields that are not whole are
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
    /// A size that is neither 28 nor 36.
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

    /// Reads what is there of a value of any size.
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
