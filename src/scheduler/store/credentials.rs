//! The credential store: account names to passwords, shared by ITaskSchedulerService and SASec ([MS-TSCH] 3.2.1).

use crate::{dtyp::Password, security::Sid};
use std::collections::BTreeMap;

/// The holder of a password.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(in super::super) enum Holder {
    /// An account known to the host.
    Account(Sid),
    /// An unknown name, in upper case.
    Name(String),
}

impl Holder {
    pub(in super::super) fn new(name: &str, sid: Option<Sid>) -> Self {
        sid.map_or_else(|| Self::Name(name.to_uppercase()), Self::Account)
    }
}

/// A stored password. After loading a state saved without secrets, only the host has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Credential {
    /// The account name as it was given.
    pub(in super::super) name: String,
    /// Wiped when dropped.
    pub(in super::super) password: Option<Password>,
    /// Whether SASec stored it, and can remove it.
    pub(in super::super) by_sasec: bool,
}

/// The stored passwords.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Credentials {
    pub(in super::super) list: BTreeMap<Holder, Credential>,
}

impl Credentials {
    pub(in super::super) fn has(&self, holder: &Holder) -> bool {
        self.list.contains_key(holder)
    }
}
