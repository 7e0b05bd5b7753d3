//! Fingerprints.

use super::facts::{Facts, action, principal, settings, trigger};
use crate::definition::Task;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 of what is meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(
    /// The bytes.
    pub [u8; 32],
);

impl Digest {
    fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of digests.
    fn of_all(parts: impl IntoIterator<Item = Self>) -> Self {
        let bytes = parts.into_iter().fold(Sha256::new(), |hash, part| hash.chain_update(part.0));
        Self(bytes.finalize().into())
    }
}

impl fmt::Display for Digest {
    /// Lower-case hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a definition does, in parts.
///
/// Two definitions have the same fingerprint if they mean the same to the scheduler: the order of elements and triggers,
/// the spelling of durations, times and accounts, and whether a default is stated make no difference. Nor do descriptions,
/// identifiers and the version of the schema. Fingerprints of different versions cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Fingerprint {
    /// The version of the rules: [`Fingerprint::VERSION`].
    pub version: u8,
    /// What starts the task.
    pub triggers: Digest,
    /// What it does.
    pub actions: Digest,
    /// As whom it runs.
    pub principal: Digest,
    /// How and under which conditions it runs.
    pub settings: Digest,
}

impl Fingerprint {
    /// The version of the rules by which this version of the crate computes fingerprints.
    pub const VERSION: u8 = 1;

    /// All parts as one.
    #[must_use]
    pub fn whole(&self) -> Digest {
        let parts = [self.triggers, self.actions, self.principal, self.settings];
        let bytes: Vec<_> =
            std::iter::once(self.version).chain(parts.iter().flat_map(|part| part.0)).collect();
        Digest::of(&bytes)
    }
}

impl fmt::Display for Fingerprint {
    /// The version and all parts as one: `1:…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.version, self.whole())
    }
}

/// Computes the fingerprint of a definition, as Windows understands it.
#[must_use]
pub fn fingerprint(task: &Task) -> Fingerprint {
    let of = |facts: Facts| Digest::of(&facts.canonical());
    // The order of triggers makes no difference; actions run one after the other.
    let mut triggers: Vec<_> = task.triggers.iter().map(|one| of(trigger(one))).collect();
    triggers.sort_unstable();
    Fingerprint {
        version: Fingerprint::VERSION,
        triggers: Digest::of_all(triggers),
        actions: Digest::of_all(task.actions.list.iter().map(|one| of(action(one)))),
        principal: of(principal(task.run_as())),
        settings: of(settings(task)),
    }
}
