//! Access masks: their bits, SDDL codes, and generic rights.

use super::{
    codes::codes,
    cursor::{Cursor, number},
    error::{ErrorKind, Step},
};
use crate::dtyp::macros::flags;
use std::fmt;

flags! {
    /// The rights that an ACE allows or denies, or that a caller requests ([MS-DTYP] 2.4.3).
    ///
    /// Tasks and their folders are protected like files (EVIDENCE.md SDDL-14), so the lower bits have the names used
    /// for files.
    ///
    /// ```
    /// use wintask::security::AccessMask;
    ///
    /// // Who can run a task but not change it:
    /// let mask = AccessMask::FILE_GENERIC_READ | AccessMask::FILE_GENERIC_EXECUTE;
    /// assert_eq!(mask.0, 0x1200A9);
    /// assert!(!mask.contains(AccessMask::FILE_GENERIC_WRITE));
    /// ```
    pub struct AccessMask(u32) {
        /// Read the definition; list a folder.
        FILE_READ_DATA = 0x0000_0001,
        /// Change the definition; add a task to a folder.
        FILE_WRITE_DATA = 0x0000_0002,
        /// Add a folder to a folder.
        FILE_APPEND_DATA = 0x0000_0004,
        /// Read extended attributes.
        FILE_READ_EA = 0x0000_0008,
        /// Write extended attributes.
        FILE_WRITE_EA = 0x0000_0010,
        /// Run the task; traverse a folder.
        FILE_EXECUTE = 0x0000_0020,
        /// Delete the content of a folder.
        FILE_DELETE_CHILD = 0x0000_0040,
        /// Read attributes.
        FILE_READ_ATTRIBUTES = 0x0000_0080,
        /// Write attributes.
        FILE_WRITE_ATTRIBUTES = 0x0000_0100,
        /// Delete the object.
        DELETE = 0x0001_0000,
        /// Read the descriptor, except the SACL.
        READ_CONTROL = 0x0002_0000,
        /// Change the DACL.
        WRITE_DAC = 0x0004_0000,
        /// Change the owner.
        WRITE_OWNER = 0x0008_0000,
        /// Wait on the object.
        SYNCHRONIZE = 0x0010_0000,
        /// Read and change the SACL.
        ACCESS_SYSTEM_SECURITY = 0x0100_0000,
        /// Requests all rights that are granted.
        MAXIMUM_ALLOWED = 0x0200_0000,
        /// All rights for the object type.
        GENERIC_ALL = 0x1000_0000,
        /// The execute rights for the object type.
        GENERIC_EXECUTE = 0x2000_0000,
        /// The write rights for the object type.
        GENERIC_WRITE = 0x4000_0000,
        /// The read rights for the object type.
        GENERIC_READ = 0x8000_0000,
    }
}

impl AccessMask {
    /// File Read, `FR`: read a task's definition and state.
    pub const FILE_GENERIC_READ: Self = Self(0x0012_0089);
    /// File Write, `FW`: change a task; add to a folder.
    pub const FILE_GENERIC_WRITE: Self = Self(0x0012_0116);
    /// File Execute, `FX`: run and stop a task.
    pub const FILE_GENERIC_EXECUTE: Self = Self(0x0012_00A0);
    /// File All, `FA`: everything.
    pub const FILE_ALL_ACCESS: Self = Self(0x001F_01FF);

    /// The four generic bits.
    pub const GENERIC: Self = Self(0xF000_0000);

    /// Returns whether any bit of `other` is set ([MS-DTYP] 2.4.3).
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the common bits ([MS-DTYP] 2.4.3).
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// The meaning of the generic rights for an object type ([MS-DTYP] 2.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "there are four generic rights")]
#[doc(alias = "GENERIC_MAPPING")]
pub struct GenericMapping {
    /// The meaning of GENERIC_READ.
    pub read: AccessMask,
    /// The meaning of GENERIC_WRITE.
    pub write: AccessMask,
    /// The meaning of GENERIC_EXECUTE.
    pub execute: AccessMask,
    /// The meaning of GENERIC_ALL.
    pub all: AccessMask,
}

impl GenericMapping {
    /// The mapping for files, which also applies to tasks and task folders (EVIDENCE.md SDDL-14).
    pub const FILE: Self = Self {
        read: AccessMask::FILE_GENERIC_READ,
        write: AccessMask::FILE_GENERIC_WRITE,
        execute: AccessMask::FILE_GENERIC_EXECUTE,
        all: AccessMask::FILE_ALL_ACCESS,
    };

    /// Replaces the generic rights of a mask with their meaning ([MS-DTYP] 2.4.3).
    ///
    /// ```
    /// use wintask::security::{AccessMask, GenericMapping};
    ///
    /// let mapped = GenericMapping::FILE.map(AccessMask::GENERIC_READ | AccessMask::DELETE);
    /// assert_eq!(mapped, AccessMask::FILE_GENERIC_READ | AccessMask::DELETE);
    /// ```
    #[must_use]
    pub fn map(&self, mask: AccessMask) -> AccessMask {
        if !mask.intersects(AccessMask::GENERIC) {
            return mask;
        }
        let rights = [
            (AccessMask::GENERIC_READ, self.read),
            (AccessMask::GENERIC_WRITE, self.write),
            (AccessMask::GENERIC_EXECUTE, self.execute),
            (AccessMask::GENERIC_ALL, self.all),
        ];
        let stated = rights.into_iter().filter(|(generic, _)| mask.contains(*generic));
        stated.fold(mask.without(AccessMask::GENERIC), |mask, (_, meant)| mask | meant)
    }
}

codes! {
    /// The SDDL codes for single bits, in ascending order ([MS-DTYP] 2.5.1.1).
    BITS, bit: u32 {
        CC = 0x1,
        DC = 0x2,
        LC = 0x4,
        SW = 0x8,
        RP = 0x10,
        WP = 0x20,
        DT = 0x40,
        LO = 0x80,
        CR = 0x100,
        SD = 0x1_0000,
        RC = 0x2_0000,
        WD = 0x4_0000,
        WO = 0x8_0000,
        GA = 0x1000_0000,
        GX = 0x2000_0000,
        GW = 0x4000_0000,
        GR = 0x8000_0000,
    }
}

codes! {
    /// The SDDL codes for several bits. `KX` is parsed but never printed, since it equals `KR`.
    SETS, set: u32 {
        FA = 0x001F_01FF,
        FR = 0x0012_0089,
        FW = 0x0012_0116,
        FX = 0x0012_00A0,
        KA = 0x000F_003F,
        KR = 0x0002_0019,
        KW = 0x0002_0006,
        KX = 0x0002_0019,
    }
}

codes! {
    /// The codes of a mandatory label ([MS-DTYP] 2.4.4.13).
    LABEL, label_bit: u32 {
        NW = 0x1,
        NR = 0x2,
        NX = 0x4,
    }
}

/// Parses the rights of an ACE: codes, a number, or an empty text for 0.
pub(super) fn parse(cursor: &mut Cursor, label: bool) -> Step<AccessMask> {
    if cursor.peek().is_some_and(|b| b.is_ascii_digit()) {
        let start = cursor.at();
        let digits = cursor.take_while(|b| b.is_ascii_alphanumeric());
        let mask = number(digits).and_then(|mask| u32::try_from(mask).ok());
        return mask.map(AccessMask).ok_or_else(|| cursor.fault_since(start, ErrorKind::OutOfRange("mask")));
    }
    let mut mask = 0;
    loop {
        let key = cursor.key();
        let found = if label { label_bit(key) } else { None };
        let Some(bits) = found.or_else(|| set(key)).or_else(|| bit(key)) else { break };
        mask |= bits;
        cursor.skip(2);
        cursor.blank();
    }
    cursor.no_code("access right")?;
    Ok(AccessMask(mask))
}

/// Prints the rights of an ACE as Windows does: one code for the whole mask, else codes for its bits, else
/// hexadecimal.
pub(super) fn write(mask: AccessMask, label: bool, out: &mut dyn fmt::Write) -> fmt::Result {
    if let Some((code, _)) = SETS.iter().find(|(_, set)| *set == mask.0) {
        return out.write_str(code);
    }
    let codes = if label { LABEL } else { BITS };
    let covered = codes.iter().fold(0, |all, (_, bit)| all | bit);
    if mask.0 & !covered != 0 {
        return write!(out, "{:#x}", mask.0);
    }
    codes.iter().filter(|(_, bit)| mask.0 & bit != 0).try_for_each(|(code, _)| out.write_str(code))
}
