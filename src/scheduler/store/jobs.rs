//! The .JOB task store and the AT task store ([MS-TSCH] 3.2.1).

use super::entry::TaskId;
use crate::{
    definition::NameKey,
    dtyp::WideString,
    rpc::atsvc::{AtEnum, AtInfo},
    time::Ticks,
};
use std::collections::BTreeMap;

/// A file of the .JOB task store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(in super::super) struct JobFile {
    pub(in super::super) name: WideString,
    pub(in super::super) content: Vec<u8>,
    /// Its twin in the XML task store; `None` for an invalid file.
    pub(in super::super) task: Option<TaskId>,
    /// Its entry in the account name store.
    pub(in super::super) account: Option<String>,
    /// Whether it was last written because the task was enabled or disabled.
    #[cfg_attr(feature = "serde", serde(default))]
    pub(in super::super) status_written: bool,
    /// Whether another program added it, rather than the scheduler.
    #[cfg_attr(feature = "serde", serde(default))]
    pub(in super::super) added: bool,
}

/// The .JOB task store, with the account name store.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Jobs {
    pub(in super::super) files: BTreeMap<NameKey, JobFile>,
}

impl Jobs {
    pub(in super::super) fn get(&self, name: &WideString) -> Option<&JobFile> {
        self.files.get(&NameKey::new(name))
    }

    pub(in super::super) fn get_mut(&mut self, name: &WideString) -> Option<&mut JobFile> {
        self.files.get_mut(&NameKey::new(name))
    }

    pub(in super::super) fn put(&mut self, file: JobFile) {
        self.files.insert(NameKey::new(&file.name), file);
    }

    pub(in super::super) fn remove(&mut self, name: &WideString) -> Option<JobFile> {
        self.files.remove(&NameKey::new(name))
    }
}

/// An AT job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(in super::super) struct AtJob {
    pub(in super::super) info: AtInfo,
    pub(in super::super) task: TaskId,
    /// When it was added, in ticks of local time, which its days are counted from.
    pub(in super::super) added: Ticks,
}

/// The AT task store.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct AtJobs {
    pub(in super::super) list: BTreeMap<u32, AtJob>,
    pub(in super::super) by_task: BTreeMap<TaskId, u32>,
}

impl AtJobs {
    pub(in super::super) fn add(&mut self, id: u32, job: AtJob) {
        self.by_task.insert(job.task, id);
        self.list.insert(id, job);
    }

    pub(in super::super) fn remove(&mut self, id: u32) -> Option<AtJob> {
        let job = self.list.remove(&id)?;
        self.by_task.remove(&job.task);
        Some(job)
    }

    /// The jobs starting at this position.
    pub(in super::super) fn from(&self, position: usize) -> impl Iterator<Item = AtEnum> {
        self.list.iter().skip(position).map(|(id, job)| AtEnum::new(*id, job.info.clone()))
    }
}
