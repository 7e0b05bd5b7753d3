//! The files that a call names.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A file to look at.
pub struct Input {
    pub path: PathBuf,
    /// Whether it was named itself, and not found below a folder that was.
    pub named: bool,
    pub content: io::Result<Vec<u8>>,
}

/// A file, or all files below a folder in the order of their names, read one after the other.
pub fn below(path: &Path) -> Box<dyn Iterator<Item = Input>> {
    visit(path.to_owned(), true)
}

fn visit(path: PathBuf, named: bool) -> Box<dyn Iterator<Item = Input>> {
    let folder = match fs::metadata(&path) {
        Ok(meta) if meta.is_dir() => entries(&path),
        Ok(_) => {
            let content = fs::read(&path);
            return Box::new(std::iter::once(Input { path, named, content }));
        }
        Err(error) => Err(error),
    };
    match folder {
        Ok(paths) => Box::new(paths.into_iter().flat_map(|path| visit(path, false))),
        Err(error) => Box::new(std::iter::once(Input { path, named, content: Err(error) })),
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
