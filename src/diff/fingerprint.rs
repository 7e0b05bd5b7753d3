//! Fingerprints.

use super::facts::{Facts, action, principal, settings, trigger};
use crate::definition::Task;
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};

/// A SHA-256 digest of a meaning.
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
    /// Lower-case hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = NotAFingerprint;

    /// Parses 64 hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let mut bytes = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(NotAFingerprint);
        }
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { return Err(NotAFingerprint) };
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }
}

/// The error for a text that is not a fingerprint or a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("not a fingerprint")]
#[non_exhaustive]
pub struct NotAFingerprint;

crate::dtyp::macros::text_serde!(Digest);

/// A fingerprint of what a definition does, by part.
///
/// Two definitions have the same fingerprint if they mean the same to the scheduler. The order of elements and
/// triggers, the spelling of durations, times and accounts, and whether a default is stated make no difference.
/// Neither do descriptions, identifiers and the schema version. Fingerprints of different versions cannot be
/// compared.
///
/// ```
/// use wintask::definition::{Exec, Task};
/// use wintask::diff::{Fingerprint, fingerprint};
///
/// let print = fingerprint(&Task::new(Exec::new("backup.exe")));
/// let text = print.to_string(); // to store
/// assert_eq!(text.parse::<Fingerprint>()?, print);
/// assert!(text.starts_with(&format!("1:{}:", print.triggers)));
/// # Ok::<(), wintask::diff::NotAFingerprint>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Fingerprint {
    /// The version of the rules: [`Fingerprint::VERSION`].
    pub version: u8,
    /// What starts the task.
    pub triggers: Digest,
    /// What the task does.
    pub actions: Digest,
    /// The account that the task runs as.
    pub principal: Digest,
    /// How and under which conditions the task runs.
    pub settings: Digest,
}

impl Fingerprint {
    /// The version of the fingerprint rules in this version of the crate.
    pub const VERSION: u8 = 1;

    /// A single digest of all parts.
    #[must_use]
    pub fn whole(&self) -> Digest {
        let parts = [self.triggers, self.actions, self.principal, self.settings];
        let bytes: Vec<_> =
            std::iter::once(self.version).chain(parts.iter().flat_map(|part| part.0)).collect();
        Digest::of(&bytes)
    }
}

impl fmt::Display for Fingerprint {
    /// The version and the parts, in field order: `1:…:…:…:…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, triggers, actions, principal, settings } = self;
        write!(f, "{version}:{triggers}:{actions}:{principal}:{settings}")
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    /// Parses the output of `Display`, of any version.
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let mut fields = text.split(':');
        let version = fields.next().and_then(|version| version.parse().ok()).ok_or(NotAFingerprint)?;
        let mut part = || fields.next().ok_or(NotAFingerprint)?.parse();
        let print =
            Self { version, triggers: part()?, actions: part()?, principal: part()?, settings: part()? };
        if fields.next().is_some() { Err(NotAFingerprint) } else { Ok(print) }
    }
}

/// Computes the fingerprint of a definition, as Windows interprets it.
#[must_use]
pub fn fingerprint(task: &Task) -> Fingerprint {
    let of = |facts: Facts| Digest::of(&facts.canonical());
    // The order of triggers makes no difference; actions run in sequence.
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
