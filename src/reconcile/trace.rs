//! The traces that a task leaves in the file system and the registry.

use crate::{
    compat::job_task_name,
    taskcache::{Index, Values},
};

/// A file under `System32\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TaskFile {
    /// Its path relative to that folder, which is the task path: `\Contoso\Backup`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A value that may not have been collected. A value that was collected and not found is missing, which is itself a
/// trace.
///
/// ```
/// use wintask::reconcile::Collected;
///
/// let read: Option<Vec<u8>> = None; // the key was read, and has no such value
/// assert_eq!(Collected::from(read), Collected::Missing);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "a value was not collected, is missing or is present")]
pub enum Collected<T> {
    /// It was not collected.
    NotCollected,
    /// It does not exist.
    #[default]
    Missing,
    /// It exists.
    Value(T),
}

impl<T> Collected<T> {
    /// The value, if it was collected and exists.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::NotCollected | Self::Missing => None,
        }
    }
}

/// `None` means missing: the value was looked for and not found.
impl<T> From<Option<T>> for Collected<T> {
    fn from(read: Option<T>) -> Self {
        read.map_or(Self::Missing, Self::Value)
    }
}

/// A key under `TaskCache\Tree`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TreeKey {
    /// Its path relative to that key, which is the path of the task or folder: `\Contoso\Backup`.
    pub path: String,
    /// The value Id; `None` if the key has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
    /// The value Index; `None` if the key has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub index: Option<u32>,
    /// The value SD. A task without one is hidden (`reconcile.sd.missing`), except on Windows 7, which does not write
    /// it. If the value was not collected, use [`Collected::NotCollected`].
    pub sd: Collected<Vec<u8>>,
}

/// A key under `TaskCache\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TasksKey {
    /// Its name, which is the task identifier.
    pub id: String,
    /// Its values. Those of the key under `Tree` are left empty.
    pub values: Values,
    /// Which of the keys Boot, Logon, Plain and Maintenance have a subkey of this name. Empty if none of them has
    /// one; `None` if this was not collected.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub listed: Option<Vec<Index>>,
}

/// A file of the .JOB task store, `Windows\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct JobFile {
    /// Its name: `Backup.job`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl JobFile {
    /// The task path.
    ///
    /// ```
    /// use wintask::reconcile::JobFile;
    ///
    /// assert_eq!(JobFile { name: "Backup.job".into(), ..JobFile::default() }.path(), r"\Backup");
    /// ```
    #[must_use]
    pub fn path(&self) -> String {
        [r"\", job_task_name(&self.name).unwrap_or(&self.name)].concat()
    }
}
