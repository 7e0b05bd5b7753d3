//! The input files.

use std::{
    collections::HashSet,
    fmt,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// The maximum file size: far larger than anything the Task Scheduler writes.
const LARGEST: u64 = 256 << 20;

/// A file to read.
pub struct Input {
    pub path: PathBuf,
    /// Why it cannot be opened, if already known.
    error: Option<String>,
}

impl Input {
    /// A file that is known by its path.
    pub const fn of(path: PathBuf) -> Self {
        Self { path, error: None }
    }

    /// Reads the file. Only regular files and standard input are read, since a pipe or a device might block.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        if let Some(error) = &self.error {
            return Err(io::Error::other(error.clone()));
        }
        let mut bytes = Vec::new();
        if self.path == Path::new("-") {
            io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)?;
        } else {
            File::open(&self.path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        }
        if bytes.len() as u64 > LARGEST {
            return Err(io::Error::other(format!("larger than {} MiB", LARGEST >> 20)));
        }
        Ok(bytes)
    }
}

/// All files below some paths, in the order of their names. A symbolic link is followed if it leads to what would
/// otherwise not be read, and each folder is entered once.
pub struct Walk {
    /// What is still to be visited, the next one last; and whether the call named it.
    pending: Vec<(PathBuf, bool)>,
    /// What the call names.
    roots: Vec<PathBuf>,
    /// Folders that were entered, and targets of links.
    seen: HashSet<PathBuf>,
    /// Links and names that lead to what is read anyway.
    pub repeated: usize,
}

/// Visits paths: files, folders, or `-` for standard input.
pub fn below(paths: &[PathBuf]) -> Walk {
    Walk {
        pending: paths.iter().rev().map(|path| (path.clone(), true)).collect(),
        roots: paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect(),
        seen: HashSet::new(),
        repeated: 0,
    }
}

impl Iterator for Walk {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        loop {
            let (path, named) = self.pending.pop()?;
            match self.visit(&path, named) {
                Ok(false) => {}
                Ok(true) => return Some(Input::of(path)),
                Err(error) => return Some(Input { path, error: Some(error.to_string()) }),
            }
        }
    }
}

impl Walk {
    /// Whether the path is a file to read; what a folder holds is visited next.
    fn visit(&mut self, path: &Path, named: bool) -> io::Result<bool> {
        if named && path == Path::new("-") {
            return Ok(true);
        }
        let link = !named && fs::symlink_metadata(path)?.is_symlink();
        let meta = fs::metadata(path)?;
        if !meta.is_dir() && !meta.is_file() {
            return Err(io::Error::other("neither a file nor a folder"));
        }
        let target = if link || meta.is_dir() { fs::canonicalize(path)? } else { PathBuf::new() };
        let read_anyway = link && self.roots.iter().any(|root| target.starts_with(root));
        if read_anyway || (link || meta.is_dir()) && !self.seen.insert(target) {
            self.repeated += 1;
            return Ok(false);
        }
        if meta.is_file() {
            return Ok(true);
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            entries.push((entry?.path(), false));
        }
        entries.sort_by(|one, other| other.cmp(one));
        self.pending.append(&mut entries);
        Ok(false)
    }
}

/// The number of files.
#[derive(Default)]
pub struct Tally {
    pub read: usize,
    pub unrecognised: usize,
    pub unreadable: usize,
    pub repeated: usize,
}

impl Tally {
    /// Adds other files.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.unrecognised += other.unrecognised;
        self.unreadable += other.unreadable;
        self.repeated += other.repeated;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = if self.read == 1 { "file" } else { "files" };
        let Self { read, unrecognised, unreadable, repeated } = self;
        write!(f, "{read} {files} read, {unrecognised} not recognised, {unreadable} could not be read")?;
        match repeated {
            0 => Ok(()),
            1 => write!(f, "; 1 link or name leads to what was read"),
            _ => write!(f, "; {repeated} links or names lead to what was read"),
        }
    }
}
