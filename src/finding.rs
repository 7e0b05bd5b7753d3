//! What is worth saying about an input that was read all the same.
//!
//! Reading forgivingly never loses anything silently: whatever was repaired, ignored or looks wrong becomes a
//! [`Finding`] with a stable code. How many are kept is bounded ([`limits::MAX_FINDINGS`]); the rest is counted.

use crate::{error::Place, limits};
use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Severity {
    /// Unusual, and harmless.
    Info,
    /// Against the specification, or not what it seems; the value beside it can be trusted.
    Warning,
    /// Something could not be read, or had to be repaired by a guess.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing worth saying, and where.
///
/// ```
/// let mut bytes = wintask::job::Job::new(uuid::Uuid::nil(), "notepad.exe").to_bytes()?;
/// bytes[0x30] |= 0x08; // a flag bit that nobody has defined
/// let recovered = wintask::job::recover(&bytes);
/// let finding = recovered.findings.iter().next().ok_or("no finding")?;
/// assert_eq!(finding.code, "job.flags.undefined");
/// assert_eq!(finding.to_string(), "warning: byte 0x30, Flags: undefined bits 0x8 are set");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name of the rule, for programs: module, subject, what is the matter (`job.strings.unterminated`).
    pub code: &'static str,
    /// Where it stands.
    pub place: Place,
    /// What is the matter, for people: short, lower case, no full stop.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.severity, self.place, self.message)
    }
}

/// Findings in the order of their discovery, bounded in number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
    omitted: usize,
}

impl Findings {
    /// None so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, or counts it where [`limits::MAX_FINDINGS`] are kept already.
    pub fn push(&mut self, severity: Severity, code: &'static str, place: Place, message: impl fmt::Display) {
        if self.list.len() < limits::MAX_FINDINGS {
            self.list.push(Finding { severity, code, place, message: message.to_string() });
        } else {
            self.omitted = self.omitted.saturating_add(1);
        }
    }

    /// The same findings, their offsets replaced by another way to count them.
    pub(crate) fn map_offsets(mut self, map: impl Fn(usize) -> usize) -> Self {
        for finding in &mut self.list {
            let offset = map(finding.place.offset());
            finding.place = finding.place.clone().with_offset(offset);
        }
        self
    }

    /// Those kept, in the order of their discovery.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }

    /// How many were found, the omitted ones among them.
    pub fn len(&self) -> usize {
        self.list.len().saturating_add(self.omitted)
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many were counted and not kept.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// The severest of all, if there is one.
    pub fn worst(&self) -> Option<Severity> {
        self.list.iter().map(|f| f.severity).max()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
