//! Files as traces of tasks, identified by content.

use crate::{hive, log};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use wintask::{
    detect,
    detect::Kind,
    gpp::{self, Context, ScheduledTasks},
    job,
    reconcile::{Inventory, JobFile, PolicyItem, TaskFile},
};

/// What was read so far.
#[derive(Default)]
pub struct Collection {
    pub inventory: Inventory,
    /// The number of files that were read.
    pub read: usize,
    /// Notes about files that were read.
    pub notes: Vec<String>,
    /// Errors for files that could not be read.
    pub problems: Vec<String>,
}

impl Collection {
    /// Adds a file, or everything below a folder.
    pub fn add(&mut self, path: &Path) {
        if path.is_dir() {
            self.folder(path, path);
        } else {
            let name = path.file_name().map(PathBuf::from).unwrap_or_default();
            self.file(path, &name);
        }
    }

    fn folder(&mut self, root: &Path, folder: &Path) {
        let entries = fs::read_dir(folder).and_then(|all| all.collect::<io::Result<Vec<_>>>());
        match entries {
            Ok(mut entries) => {
                entries.sort_by_key(|entry| entry.file_name());
                for path in entries.iter().map(|entry| entry.path()) {
                    match path.strip_prefix(root) {
                        // Links are not followed: they may lead in circles.
                        _ if path.is_symlink() => {}
                        Ok(_) if path.is_dir() => self.folder(root, &path),
                        Ok(name) => self.file(&path, name),
                        Err(_) => {}
                    }
                }
            }
            Err(error) => self.problems.push(format!("{}: {error}", folder.display())),
        }
    }

    fn file(&mut self, path: &Path, name: &Path) {
        let result = match fs::read(path) {
            Ok(bytes) => self.content(path, name, bytes),
            Err(error) => Err(error.to_string()),
        };
        match result {
            Ok(()) => self.read += 1,
            Err(error) => self.problems.push(format!("{}: {error}", path.display())),
        }
    }

    fn content(&mut self, path: &Path, name: &Path, bytes: Vec<u8>) -> Result<(), String> {
        let inventory = &mut self.inventory;
        if bytes.starts_with(b"regf") {
            // A transaction log begins in the same way.
            let is_log =
                path.extension().is_some_and(|one| one.to_string_lossy().to_lowercase().starts_with("log"));
            if !is_log {
                let note = hive::read(bytes, inventory)?;
                self.notes.extend(note.map(|note| format!("{}: {note}", path.display())));
            }
            return Ok(());
        }
        if bytes.starts_with(b"ElfFile\0") {
            return log::read(bytes, inventory);
        }
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if file_name.to_lowercase().ends_with(".job") || job::Job::parse(&bytes).is_ok() {
            inventory.jobs.push(JobFile { name: file_name, bytes });
            return Ok(());
        }
        if let Some(policy) = policy(&bytes) {
            // The folder of a policy is named after its identifier.
            let policy_name =
                path.iter().map(|part| part.to_string_lossy()).find(|part| part.starts_with('{'));
            let policy_name =
                policy_name.map_or_else(|| path.display().to_string(), |name| name.into_owned());
            inventory.policies.extend(PolicyItem::all(&policy_name, &policy, &context()));
            return Ok(());
        }
        // Any other file in the folder is a task, or damaged, or does not belong there.
        if let found @ (Kind::TaskCache(_) | Kind::Event | Kind::Events | Kind::Tasks) = detect(&bytes).kind {
            let reader = found.reader().unwrap_or_default();
            return Err(format!("{found}: not supported by this tool; the library reads it with {reader}"));
        }
        let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
        inventory.files.push(TaskFile { path: format!(r"\{}", parts.join(r"\")), bytes });
        Ok(())
    }
}

/// The file of a policy, if it is one.
fn policy(bytes: &[u8]) -> Option<ScheduledTasks> {
    let head = bytes.get(..512).unwrap_or(bytes);
    let text: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let is_policy = text.windows(16).any(|window| window == b"<ScheduledTasks ")
        || text.windows(16).any(|window| window == b"<ScheduledTasks>");
    if is_policy { gpp::recover(bytes).policy } else { None }
}

/// Immediate tasks need the time at which the policy is applied; any time will do here.
fn context() -> Context<'static> {
    let day = time::Date::from_ordinal_date(2000, 1).map(time::Date::midnight);
    day.map_or_else(|_| Context::default(), |day| Context::default().with_now(day))
}
