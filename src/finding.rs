//! Findings: reports about an input that was read anyway.
//!
//! Forgiving readers never lose anything silently: everything that is repaired, ignored or suspicious becomes a
//! [`Finding`] with a stable code. The number of findings kept is limited ([`limits::MAX_FINDINGS`]); further ones
//! are only counted.

use crate::{
    error::{Error, Place},
    limits,
};
use std::fmt;

/// The severity of a finding.
///
/// The variants are described for readers. In modules that do not read input, such as
/// [`reconcile`](crate::reconcile), and in reports about credentials, [`Info`](Self::Info) is worth knowing,
/// [`Warning`](Self::Warning) is a reason to investigate, and [`Error`](Self::Error) is a contradiction, or something
/// that attackers do but administrators rarely do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Severity {
    /// Unusual, but harmless.
    Info,
    /// A violation of the specification, or a misleading value; the values that were read are reliable.
    Warning,
    /// Something could not be read, or was repaired by guessing.
    Error,
}

/// The kind of a finding: an enum of the module that reports it. `Display` returns the message: short, lower case,
/// without a full stop.
pub trait FindingKind: fmt::Display {
    /// A stable name of the rule: module, subject, problem (`job.strings.unterminated`).
    fn code(&self) -> &'static str;

    /// The severity; errors always have [`Severity::Error`].
    fn severity(&self) -> Severity {
        Severity::Error
    }

    /// Background information that does not fit in the message; most kinds have none.
    fn background(&self) -> Option<&'static Background> {
        None
    }
}

/// Background information about a rule, for findings that indicate an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Background {
    /// Why it matters, in two sentences.
    pub why: &'static str,
    /// The MITRE ATT&CK technique that leaves this trace, if any.
    pub technique: Option<&'static str>,
    /// How certain it is that a tool made the definition; `None` for findings that are not about tools.
    pub confidence: Option<Confidence>,
    /// Whether clean systems have it, too.
    pub is_usual: bool,
}

/// How certain it is that a given tool made a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Confidence {
    /// Other tools can produce it as well.
    Possible,
    /// Other tools are not known to produce it.
    Likely,
    /// A constant that only this tool uses.
    Certain,
}

impl<K: FindingKind> FindingKind for Box<K> {
    fn code(&self) -> &'static str {
        K::code(self)
    }

    fn severity(&self) -> Severity {
        K::severity(self)
    }

    fn background(&self) -> Option<&'static Background> {
        K::background(self)
    }
}

/// A report about an input, and its location.
///
/// ```
/// let mut bytes = wintask::job::Job::new(uuid::Uuid::nil(), "notepad.exe").to_bytes()?;
/// bytes[0x30] |= 0x08; // an undefined flag
/// let recovered = wintask::job::recover(&bytes);
/// let finding = recovered.findings.iter().next().ok_or("no finding")?;
/// assert_eq!(finding.code(), "job.flags.undefined");
/// assert_eq!(finding.to_string(), "warning: byte 0x30, Flags: undefined bits 0x8 are set");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding<K> {
    kind: K,
    place: Place,
}

impl<K> Finding<K> {
    /// Creates a finding from a kind and a location.
    pub const fn new(kind: K, place: Place) -> Self {
        Self { kind, place }
    }

    /// The kind.
    pub const fn kind(&self) -> &K {
        &self.kind
    }

    /// The location.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Splits the finding into its kind and its location.
    pub fn into_parts(self) -> (K, Place) {
        (self.kind, self.place)
    }
}

impl<K: FindingKind> Finding<K> {
    /// A stable name of the rule: module, subject, problem (`job.strings.unterminated`).
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The severity.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// The message: short, lower case, without a full stop.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }

    /// Converts the finding to a common type, for programs that mix findings of several modules.
    #[must_use]
    pub fn erase(self) -> AnyFinding {
        Finding { kind: AnyKind::from(&self.kind), place: self.place }
    }
}

impl<K: FindingKind> fmt::Display for Finding<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.severity(), self.place, self.kind)
    }
}

impl<K: From<E>, E> From<Error<E>> for Finding<K> {
    fn from(error: Error<E>) -> Self {
        let (kind, place) = error.into_parts();
        Self { kind: kind.into(), place }
    }
}

/// A finding of any module.
///
/// ```
/// use wintask::finding::AnyFinding;
///
/// let job = wintask::job::recover(b"\x01\x05");
/// let task = wintask::xml::recover(b"<Task", &Default::default());
/// let all: Vec<AnyFinding> = job.findings.erase().into_iter().chain(task.findings.erase()).collect();
/// assert!(all.iter().any(|finding| finding.code() == "job.truncated"));
/// assert!(all.iter().any(|finding| finding.code() == "xml.syntax"));
/// ```
pub type AnyFinding = Finding<AnyKind>;

/// Findings of any module.
pub type AnyFindings = Findings<AnyKind>;

/// The common kind of findings: severity, code, message, and background, if any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnyKind {
    severity: Severity,
    code: &'static str,
    message: String,
    background: Option<&'static Background>,
}

impl<K: FindingKind> From<&K> for AnyKind {
    fn from(kind: &K) -> Self {
        let (severity, background) = (kind.severity(), kind.background());
        Self { severity, code: kind.code(), message: kind.to_string(), background }
    }
}

impl FindingKind for AnyKind {
    fn code(&self) -> &'static str {
        self.code
    }

    fn severity(&self) -> Severity {
        self.severity
    }

    fn background(&self) -> Option<&'static Background> {
        self.background
    }
}

impl fmt::Display for AnyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A list of findings in the order of discovery, limited in size.
///
/// ```
/// use wintask::{finding::Severity, job::{Job, recover}};
///
/// let file = Job::new(uuid::Uuid::nil(), "backup.exe").to_bytes()?;
/// let findings = recover(&file[..60]).findings;
/// assert_eq!(findings.worst(), Some(Severity::Error));
/// for finding in &findings {
///     println!("{}: {finding}", finding.code());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings<K> {
    list: Vec<Finding<K>>,
    omitted: usize,
    worst: Option<Severity>,
}

impl<K> Findings<K> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new(), omitted: 0, worst: None }
    }

    /// Whether further findings are only counted.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.list.len() >= limits::MAX_FINDINGS
    }

    /// Counts a finding that is not kept.
    pub fn omit(&mut self, severity: Severity) {
        self.omitted = self.omitted.saturating_add(1);
        self.worst = self.worst.max(Some(severity));
    }

    /// The findings kept, in the order of discovery.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding<K>> {
        self.list.iter()
    }

    /// The number found, including those not kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len().saturating_add(self.omitted)
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number counted but not kept.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// The highest severity of all findings, including those not kept.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.worst
    }

    /// Adds the findings of another list.
    pub(crate) fn append(&mut self, more: Self) {
        let room = limits::MAX_FINDINGS.saturating_sub(self.list.len());
        self.omitted = self.omitted.saturating_add(more.omitted + more.list.len().saturating_sub(room));
        self.worst = self.worst.max(more.worst);
        self.list.extend(more.list.into_iter().take(room));
    }

    /// Sorts by offset; the sort is stable.
    pub(crate) fn sort_by_offset(&mut self) {
        self.list.sort_by_key(|finding| finding.place().offset());
    }

    /// Returns the same findings, each transformed.
    pub(crate) fn map(mut self, change: impl FnMut(Finding<K>) -> Finding<K>) -> Self {
        self.list = self.list.into_iter().map(change).collect();
        self
    }
}

impl<K: FindingKind> Findings<K> {
    /// Adds a finding, or only counts it if [`limits::MAX_FINDINGS`] are kept already.
    pub fn push(&mut self, finding: impl Into<Finding<K>>) {
        let finding = finding.into();
        if self.is_full() {
            self.omit(finding.severity());
        } else {
            self.worst = self.worst.max(Some(finding.severity()));
            self.list.push(finding);
        }
    }

    /// Converts the findings to a common type; see [`Finding::erase`].
    #[must_use]
    pub fn erase(self) -> AnyFindings {
        let list = self.list.into_iter().map(Finding::erase).collect();
        Findings { list, omitted: self.omitted, worst: self.worst }
    }
}

impl<K: FindingKind> fmt::Display for Findings<K> {
    /// The findings kept, separated by semicolons, and the number of those not kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.list.iter().enumerate() {
            write!(f, "{}{finding}", if index == 0 { "" } else { "; " })?;
        }
        match self.omitted {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// Some functions return all problems as their error.
///
/// ```
/// use wintask::{command_line::{DateOrder, Schtasks}, definition::{Exec, Task}};
///
/// fn command(task: &Task) -> Result<String, Box<dyn std::error::Error>> {
///     Ok(Schtasks::from_task(task, r"\a", DateOrder::YearMonthDay)?.value.to_string())
/// }
/// let error = command(&Task::new(Exec::new("a.exe"))).unwrap_err();
/// assert_eq!(error.to_string(), "error: Triggers: 0 triggers, expected one");
/// ```
impl<K: FindingKind + fmt::Debug> std::error::Error for Findings<K> {}

impl<K> Default for Findings<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a, K> IntoIterator for &'a Findings<K> {
    type Item = &'a Finding<K>;
    type IntoIter = std::slice::Iter<'a, Finding<K>>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K> IntoIterator for Findings<K> {
    type Item = Finding<K>;
    type IntoIter = std::vec::IntoIter<Finding<K>>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// Errors and findings are `{severity, code, place, message}`, with `{why, technique, confidence, is_usual}` if there
/// is background information. A list is `{list, omitted}`; `omitted` is absent if zero.
#[cfg(feature = "serde")]
mod serialization {
    use super::{Error, Finding, FindingKind, Findings, Place};
    use serde::{Serialize, Serializer, ser::SerializeStruct};

    fn located<S: Serializer>(
        kind: &impl FindingKind,
        place: &Place,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let background = kind.background();
        let count = background
            .map_or(0, |b| 2 + usize::from(b.technique.is_some()) + usize::from(b.confidence.is_some()));
        let mut fields = serializer.serialize_struct("Finding", 4 + count)?;
        fields.serialize_field("severity", &kind.severity())?;
        fields.serialize_field("code", kind.code())?;
        fields.serialize_field("place", place)?;
        fields.serialize_field("message", &kind.to_string())?;
        if let Some(background) = background {
            fields.serialize_field("why", background.why)?;
            if let Some(technique) = background.technique {
                fields.serialize_field("technique", technique)?;
            }
            if let Some(confidence) = background.confidence {
                fields.serialize_field("confidence", &confidence)?;
            }
            fields.serialize_field("is_usual", &background.is_usual)?;
        }
        fields.end()
    }

    impl<K: FindingKind> Serialize for Finding<K> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            located(self.kind(), self.place(), serializer)
        }
    }

    impl<K: FindingKind> Serialize for Error<K> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            located(self.kind(), self.place(), serializer)
        }
    }

    impl<K: FindingKind> Serialize for Findings<K> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let omitted = usize::from(self.omitted > 0);
            let mut fields = serializer.serialize_struct("Findings", 1 + omitted)?;
            fields.serialize_field("list", &self.list)?;
            if self.omitted > 0 {
                fields.serialize_field("omitted", &self.omitted)?;
            }
            fields.end()
        }
    }
}
