//! Real files, found through the environment variable `WINTASK_CORPUS`.
//!
//! With the variable set, a missing or empty folder is a failure. Without it every test is reported as ignored, and its
//! kind gives the reason.

mod compat;
mod detect;
mod eventlog;
mod gpp;
mod job;
mod security;
mod taskcache;
mod xml;

use libtest_mimic::{Arguments, Failed, Trial};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// The files of one folder of the corpus, by name.
pub struct Folder(pub Vec<(String, Vec<u8>)>);

impl Folder {
    fn read(corpus: &Path, name: &str) -> Result<Self, Failed> {
        let folder = corpus.join(name);
        let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read(&path)?));
        }
        files.sort();
        if files.is_empty() { Err(format!("{} is empty", folder.display()).into()) } else { Ok(Self(files)) }
    }

    /// The one file whose name contains `part`.
    pub fn file(&self, part: &str) -> Result<&[u8], Failed> {
        let mut found = self.0.iter().filter(|(name, _)| name.contains(part));
        match (found.next(), found.next()) {
            (Some((_, bytes)), None) => Ok(bytes),
            _ => Err(format!("not one file has {part} in its name").into()),
        }
    }
}

type Test = fn(&Folder) -> Result<(), Failed>;

fn main() -> ExitCode {
    let corpus = env::var_os("WINTASK_CORPUS").map(PathBuf::from);
    let tests: &[(&str, &'static str, Test)] = &[
        ("compat::at1", "job", compat::at1),
        ("compat::wintask", "job", compat::wintask),
        ("compat::and_back", "job", compat::and_back),
        ("detect::gpp", "gpp", detect::gpp),
        ("detect::job", "job", detect::job),
        ("detect::task_cache", "taskcache", detect::task_cache),
        ("detect::xml", "xml", detect::xml),
        ("eventlog::subscriptions", "xml", eventlog::subscriptions),
        ("gpp::items", "gpp", gpp::items),
        ("gpp::round_trip", "gpp", gpp::round_trip),
        ("job::at1", "job", job::at1),
        ("job::wintask", "job", job::wintask),
        ("job::round_trip", "job", job::round_trip),
        ("job::at1_built_anew", "job", job::at1_built_anew),
        ("job::carved", "job", job::carved),
        ("security::stated", "xml", security::stated),
        ("taskcache::values", "taskcache", taskcache::values),
        ("taskcache::tasks", "taskcache", taskcache::tasks),
        ("xml::accepted", "xml", xml::accepted),
        ("xml::complete", "xml", xml::complete),
        ("xml::round_trips", "xml", xml::round_trips),
        ("xml::file_form", "xml", xml::file_form),
        ("xml::server_form", "xml", xml::server_form),
    ];
    let trials = tests.iter().map(|&(name, folder, test)| {
        let corpus = corpus.clone();
        let ignored = corpus.is_none();
        let kind = if ignored { "needs WINTASK_CORPUS" } else { "" };
        let run = move || test(&Folder::read(&corpus.unwrap_or_default(), folder)?);
        Trial::test(name, run).with_ignored_flag(ignored).with_kind(kind)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
