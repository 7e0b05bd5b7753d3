//! The traces that a task leaves in the file system and in the registry.

use crate::{
    compat::job_task_name,
    taskcache::{Index, Values},
};

/// A file below `System32\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TaskFile {
    /// Its path below that folder, which is the path of the task: `\Contoso\Backup`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A value that may not have been looked for. What was looked for and is not there is missing, which is a trace too.
///
/// ```
/// use wintask::reconcile::Collected;
///
/// let read: Option<Vec<u8>> = None; // the key was read, and has no such value
/// assert_eq!(Collected::from(read), Collected::Missing);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "a value was not looked for, is missing or is there")]
pub enum Collected<T> {
    /// Nobody looked for it.
    NotCollected,
    /// It is not there.
    #[default]
    Missing,
    /// It is there.
    Value(T),
}

impl<T> Collected<T> {
    /// The value, if it is there and was collected.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::NotCollected | Self::Missing => None,
        }
    }
}

/// `None` is missing: it was looked for.
impl<T> From<Option<T>> for Collected<T> {
    fn from(read: Option<T>) -> Self {
        read.map_or(Self::Missing, Self::Value)
    }
}

/// A key below `TaskCache\Tree`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TreeKey {
    /// Its path below that key, which is the path of the task or folder: `\Contoso\Backup`.
    pub path: String,
    /// The value Id; none if the key has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
    /// The value Index; none if the key has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub index: Option<u32>,
    /// The value SD. A task without one is hidden (`reconcile.sd.missing`): where a collection left the value out, say so by
    /// [`Collected::NotCollected`].
    pub sd: Collected<Vec<u8>>,
}

/// A key below `TaskCache\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TasksKey {
    /// Its name: the task's identifier.
    pub id: String,
    /// Its values. Those of the key below `Tree` are left empty.
    pub values: Values,
    /// Which of the keys Boot, Logon, Plain and Maintenance have a subkey of this name: an empty list if none of them has, `None`
    /// if nobody looked.
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
    /// The path of its task.
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
