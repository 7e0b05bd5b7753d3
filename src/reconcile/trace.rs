//! The traces that a task leaves in the file system and in the registry.

use crate::{
    compat::job_task_name,
    taskcache::{Index, Values},
};

/// A file below `System32\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFile {
    /// Its path below that folder, which is the path of the task: `\Contoso\Backup`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A key below `TaskCache\Tree`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeKey {
    /// Its path below that key, which is the path of the task or folder: `\Contoso\Backup`.
    pub path: String,
    /// The value Id.
    pub id: Option<String>,
    /// The value Index.
    pub index: Option<u32>,
    /// The value SD.
    pub sd: Option<Vec<u8>>,
}

/// A key below `TaskCache\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TasksKey {
    /// Its name: the task's identifier.
    pub id: String,
    /// Its values. Those of the key below `Tree` are left empty.
    pub values: Values,
    /// Which of the keys Boot, Logon, Plain and Maintenance have a subkey of this name; none if nobody looked.
    pub listed: Option<Vec<Index>>,
}

/// A file of the .JOB task store, `Windows\Tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
