//! The credential store: account names to passwords, shared by ITaskSchedulerService and SASec ([MS-TSCH] 3.2.1).

use crate::{dtyp::Password, security::Sid};
use std::collections::BTreeMap;

/// Whose password it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(in super::super) enum Holder {
    /// An account that the host knows.
    Account(Sid),
    /// A name that it does not, in upper case.
    Name(String),
}

impl Holder {
    pub(in super::super) fn new(name: &str, sid: Option<Sid>) -> Self {
        sid.map_or_else(|| Self::Name(name.to_uppercase()), Self::Account)
    }
}

/// A stored password. After the state was saved without secrets only the host has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Credential {
    /// The account's name as it was given.
    pub(in super::super) name: String,
    /// Wiped when it is dropped.
    pub(in super::super) password: Option<Password>,
    /// Whether SASec stored it, and may forget it.
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
