//! Fingerprints.

use super::facts::{Facts, action, principal, settings, trigger};
use crate::{definition::Task, digest::sha256};
use std::fmt;

/// A SHA-256 of what is meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(
    /// The bytes.
    pub [u8; 32],
);

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
        let bytes = parts.iter().flat_map(|part| part.0);
        Digest(sha256(&std::iter::once(self.version).chain(bytes).collect::<Vec<_>>()))
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
    // The order of triggers makes no difference; actions run one after the other.
    let mut triggers: Vec<_> = task.triggers.iter().map(|one| sha256(&trigger(one).canonical())).collect();
    triggers.sort_unstable();
    let actions: Vec<_> = task.actions.list.iter().map(|one| sha256(&action(one).canonical())).collect();
    let of = |facts: Facts| Digest(sha256(&facts.canonical()));
    Fingerprint {
        version: Fingerprint::VERSION,
        triggers: Digest(sha256(triggers.as_flattened())),
        actions: Digest(sha256(actions.as_flattened())),
        principal: of(principal(task.run_as())),
        settings: of(settings(task)),
    }
}
