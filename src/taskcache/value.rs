//! Flags and enumerations.

use crate::dtyp::macros::{flags, open_enum};
use sha2::{Digest, Sha256};

flags! {
    /// The flags of a task in the value Triggers (EVIDENCE.md CACHE-07).
    pub struct TaskFlags(u32) {
        /// Settings/RunOnlyIfIdle.
        RUN_ONLY_IF_IDLE = 0x2,
        /// Settings/IdleSettings/RestartOnIdle.
        RESTART_ON_IDLE = 0x4,
        /// Settings/IdleSettings/StopOnIdleEnd.
        STOP_ON_IDLE_END = 0x8,
        /// Settings/DisallowStartIfOnBatteries.
        DISALLOW_START_IF_ON_BATTERIES = 0x10,
        /// Settings/StopIfGoingOnBatteries.
        STOP_IF_GOING_ON_BATTERIES = 0x20,
        /// Settings/StartWhenAvailable.
        START_WHEN_AVAILABLE = 0x40,
        /// Settings/RunOnlyIfNetworkAvailable.
        RUN_ONLY_IF_NETWORK_AVAILABLE = 0x80,
        /// Settings/AllowStartOnDemand.
        ALLOW_START_ON_DEMAND = 0x100,
        /// Settings/WakeToRun.
        WAKE_TO_RUN = 0x200,
        /// MultipleInstancesPolicy: Parallel.
        PARALLEL = 0x400,
        /// MultipleInstancesPolicy: StopExisting.
        STOP_EXISTING = 0x800,
        /// MultipleInstancesPolicy: Queue.
        QUEUE = 0x1000,
        /// MultipleInstancesPolicy: IgnoreNew.
        IGNORE_NEW = 0x2000,
        /// LogonType: S4U.
        S4U = 0x4000,
        /// LogonType: InteractiveToken.
        INTERACTIVE_TOKEN = 0x1_0000,
        /// LogonType: Password.
        PASSWORD = 0x4_0000,
        /// LogonType: InteractiveTokenOrPassword.
        INTERACTIVE_TOKEN_OR_PASSWORD = 0x8_0000,
        /// Settings/Enabled.
        ENABLED = 0x40_0000,
        /// Settings/Hidden.
        HIDDEN = 0x80_0000,
        /// RunLevel: HighestAvailable.
        HIGHEST_AVAILABLE = 0x100_0000,
        /// Set for every task.
        TASK = 0x200_0000,
        /// Unknown; analysts call it "version".
        VERSION = 0x400_0000,
        /// ProcessTokenSidType: None.
        TOKEN_SID_NONE = 0x800_0000,
        /// ProcessTokenSidType: Unrestricted.
        TOKEN_SID_UNRESTRICTED = 0x1000_0000,
        /// Unknown; analysts call it "interval".
        INTERVAL = 0x2000_0000,
        /// Settings/AllowHardTerminate.
        ALLOW_HARD_TERMINATE = 0x4000_0000,
    }
}

open_enum! {
    /// The value Index: the key that lists the task (EVIDENCE.md CACHE-02, CACHE-18).
    pub struct Index(u32) {
        /// None: the task is not enumerated.
        NONE = 0 => "none",
        /// The key Boot.
        BOOT = 1 => "Boot",
        /// The key Logon.
        LOGON = 2 => "Logon",
        /// The key Plain.
        PLAIN = 3 => "Plain",
        /// The key Maintenance.
        MAINTENANCE = 4 => "Maintenance",
    }
}

open_enum! {
    /// The kind of account that a SID belongs to: SID_NAME_USE.
    pub struct SidUse(u32) {
        /// A user.
        USER = 1 => "SidTypeUser",
        /// A group of a domain.
        GROUP = 2 => "SidTypeGroup",
        /// A domain.
        DOMAIN = 3 => "SidTypeDomain",
        /// A local group.
        ALIAS = 4 => "SidTypeAlias",
        /// A well-known account or group.
        WELL_KNOWN = 5 => "SidTypeWellKnownGroup",
        /// A deleted account.
        DELETED = 6 => "SidTypeDeletedAccount",
    }
}

/// The integrity hash of a task's file: CRC-32, or SHA-256 on updated systems (EVIDENCE.md CACHE-03).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Hash {
    /// CRC-32.
    Crc32([u8; 4]),
    /// SHA-256.
    Sha256([u8; 32]),
    /// A hash of another size.
    Other(Vec<u8>),
}

impl Hash {
    /// Computes the SHA-256 of a definition's file, without its byte order mark.
    ///
    /// ```
    /// use wintask::taskcache::Hash;
    ///
    /// let hash = Hash::of_file(b"\xFF\xFEa\0b\0c\0");
    /// assert_eq!(hash, Hash::of_file(b"a\0b\0c\0"));
    /// assert_eq!(hash.matches(b"a\0b\0c\0"), Some(true));
    /// assert_eq!(hash.matches(b"a\0b\0d\0"), Some(false));
    /// ```
    #[must_use]
    pub fn of_file(file: &[u8]) -> Self {
        Self::Sha256(Sha256::digest(without_mark(file)).into())
    }

    /// Computes the CRC-32 of a definition's file, without its byte order mark.
    #[must_use]
    pub fn crc32_of_file(file: &[u8]) -> Self {
        Self::Crc32(crc32fast::hash(without_mark(file)).to_le_bytes())
    }

    /// Whether the hash matches the file; `None` if its size is not that of a known hash.
    #[must_use]
    pub fn matches(&self, file: &[u8]) -> Option<bool> {
        match self {
            Self::Crc32(_) => Some(*self == Self::crc32_of_file(file)),
            Self::Sha256(_) => Some(*self == Self::of_file(file)),
            Self::Other(_) => None,
        }
    }

    /// Reads the value.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match (bytes.try_into(), bytes.try_into()) {
            (Ok(crc), _) => Self::Crc32(crc),
            (_, Ok(sha)) => Self::Sha256(sha),
            _ => Self::Other(bytes.to_vec()),
        }
    }

    /// Returns the value's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Crc32(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
            Self::Other(bytes) => bytes,
        }
    }
}

fn without_mark(file: &[u8]) -> &[u8] {
    let marks: [&[u8]; 3] = [b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF"];
    marks.iter().find_map(|mark| file.strip_prefix(*mark)).unwrap_or(file)
}

/// Privileges by number: bit n of the mask is the privilege with LUID n (EVIDENCE.md CACHE-17).
const PRIVILEGES: &[(u32, &str)] = &[
    (2, "SeCreateTokenPrivilege"),
    (3, "SeAssignPrimaryTokenPrivilege"),
    (4, "SeLockMemoryPrivilege"),
    (5, "SeIncreaseQuotaPrivilege"),
    (6, "SeMachineAccountPrivilege"),
    (7, "SeTcbPrivilege"),
    (8, "SeSecurityPrivilege"),
    (9, "SeTakeOwnershipPrivilege"),
    (10, "SeLoadDriverPrivilege"),
    (11, "SeSystemProfilePrivilege"),
    (12, "SeSystemtimePrivilege"),
    (13, "SeProfileSingleProcessPrivilege"),
    (14, "SeIncreaseBasePriorityPrivilege"),
    (15, "SeCreatePagefilePrivilege"),
    (16, "SeCreatePermanentPrivilege"),
    (17, "SeBackupPrivilege"),
    (18, "SeRestorePrivilege"),
    (19, "SeShutdownPrivilege"),
    (20, "SeDebugPrivilege"),
    (21, "SeAuditPrivilege"),
    (22, "SeSystemEnvironmentPrivilege"),
    (23, "SeChangeNotifyPrivilege"),
    (24, "SeRemoteShutdownPrivilege"),
    (25, "SeUndockPrivilege"),
    (26, "SeSyncAgentPrivilege"),
    (27, "SeEnableDelegationPrivilege"),
    (28, "SeManageVolumePrivilege"),
    (29, "SeImpersonatePrivilege"),
    (30, "SeCreateGlobalPrivilege"),
    (31, "SeTrustedCredManAccessPrivilege"),
    (32, "SeRelabelPrivilege"),
    (33, "SeIncreaseWorkingSetPrivilege"),
    (34, "SeTimeZonePrivilege"),
    (35, "SeCreateSymbolicLinkPrivilege"),
    (36, "SeDelegateSessionUserImpersonatePrivilege"),
];

/// The privileges that a task requires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Privileges(
    /// Bit n is the privilege with LUID n.
    pub u64,
);

impl Privileges {
    /// The names of the known privileges.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        PRIVILEGES.iter().filter(move |(bit, _)| self.0 >> bit & 1 != 0).map(|(_, name)| *name)
    }

    /// The bits that are not known privileges.
    #[must_use]
    pub fn unknown(self) -> u64 {
        self.0 & !PRIVILEGES.iter().fold(0, |known, (bit, _)| known | 1 << bit)
    }

    /// The privilege with this name, ignoring case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        PRIVILEGES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(bit, _)| Self(1 << bit))
    }
}
