//! The input files.

use std::{
    collections::HashSet,
    ffi::OsString,
    fmt,
    fs::{self, File, FileType},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// The maximum file size: far larger than anything the Task Scheduler writes.
const LARGEST: u64 = 256 << 20;

/// Files up to this size share the buffer they are read into.
const USUAL: usize = 64 << 10;

/// A file to read.
pub struct Input {
    pub path: PathBuf,
    /// Whether it was named itself, rather than found in a folder.
    pub named: bool,
    /// Why it cannot be opened, if already known.
    error: Option<String>,
}

impl Input {
    /// A file that is known by its path.
    pub const fn of(path: PathBuf) -> Self {
        Self { path, named: false, error: None }
    }

    /// Reads the file. Only regular files and standard input are read, since a pipe or a device might block.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_into(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the file into `bytes`, replacing their content.
    pub fn read_into(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        if let Some(error) = &self.error {
            return Err(io::Error::other(error.clone()));
        }
        if bytes.capacity() > USUAL {
            *bytes = Vec::new();
        }
        bytes.clear();
        bytes.reserve(USUAL);
        if self.path == Path::new("-") {
            bytes.extend_from_slice(stdin()?);
        } else {
            File::open(&self.path)?.take(LARGEST + 1).read_to_end(bytes)?;
        }
        if bytes.len() as u64 > LARGEST {
            return Err(io::Error::other(format!("larger than {} MiB", LARGEST >> 20)));
        }
        Ok(())
    }
}

/// The content of standard input, which can be read only once.
fn stdin() -> io::Result<&'static [u8]> {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(bytes) = BYTES.get() {
        return Ok(bytes);
    }
    let mut bytes = Vec::new();
    io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(BYTES.get_or_init(|| bytes))
}

/// All files below some paths, in the order of their names. A symbolic link is followed if it leads to what would
/// otherwise not be read, and each folder is entered once.
pub struct Walk {
    /// What the call names and is still to be visited, the next one last.
    named: Vec<PathBuf>,
    /// Folders that were entered, the innermost one last.
    folders: Vec<Folder>,
    /// What the call names.
    roots: Vec<PathBuf>,
    /// Folders that were entered, and targets of links.
    seen: HashSet<PathBuf>,
    /// Links and names that lead to what is read anyway.
    pub repeated: usize,
}

/// A folder, and what in it is still to be visited, the next one last.
struct Folder {
    path: PathBuf,
    entries: Vec<(OsString, io::Result<FileType>)>,
}

impl Folder {
    /// A name is compared as bytes. That is the order of the paths, since all are in one folder.
    fn read(path: &Path) -> io::Result<Self> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            entries.push((entry.file_name(), entry.file_type()));
        }
        entries.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        entries.shrink_to_fit();
        Ok(Self { path: path.to_owned(), entries })
    }
}

/// Visits paths: files, folders, or `-` for standard input.
pub fn below(paths: &[PathBuf]) -> Walk {
    Walk {
        named: paths.iter().rev().cloned().collect(),
        folders: Vec::new(),
        roots: paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect(),
        seen: HashSet::new(),
        repeated: 0,
    }
}

impl Iterator for Walk {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        loop {
            let named = self.folders.is_empty();
            let (path, visited) = match self.folders.last_mut() {
                Some(folder) => match folder.entries.pop() {
                    Some((name, kind)) => {
                        let path = folder.path.join(name);
                        let visited = kind.and_then(|kind| self.visit_entry(&path, kind));
                        (path, visited)
                    }
                    None => {
                        self.folders.pop();
                        continue;
                    }
                },
                None => {
                    let path = self.named.pop()?;
                    let visited = if path == Path::new("-") { Ok(true) } else { self.visit(&path, false) };
                    (path, visited)
                }
            };
            match visited {
                Ok(false) => {}
                Ok(true) => return Some(Input { path, named, error: None }),
                Err(error) => return Some(Input { path, named, error: Some(error.to_string()) }),
            }
        }
    }
}

impl Walk {
    /// Whether an entry of a folder is a file to read. For most of them the folder's own listing shows it.
    fn visit_entry(&mut self, path: &Path, kind: FileType) -> io::Result<bool> {
        if kind.is_file() { Ok(true) } else { self.visit(path, kind.is_symlink()) }
    }

    /// Whether the path is a file to read; what a folder holds is visited next.
    fn visit(&mut self, path: &Path, link: bool) -> io::Result<bool> {
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
        self.folders.push(Folder::read(path)?);
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
