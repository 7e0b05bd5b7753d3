//! Rows sorted by time. Those that do not fit into a buffer wait in temporary files, so that memory does not grow with
//! their number.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write},
    mem,
    ops::Range,
};

/// Rows in the order of the tasks, and by time within each.
#[derive(Default)]
pub struct Rows {
    pub text: String,
    pub list: Vec<Row>,
}

/// A row of [`Rows`].
pub struct Row {
    /// When it is, in ticks.
    pub at: i64,
    /// Whether it is the first of its task.
    pub first: bool,
    /// Where it ends in the text.
    pub end: usize,
}

/// Sorts rows by time; those at one instant are in the order of their tasks.
pub struct Sorted {
    /// How many bytes of text are kept in memory.
    most: usize,
    text: String,
    list: Vec<(Key, Range<usize>)>,
    /// The number of tasks so far.
    tasks: u64,
    /// Sorted rows.
    files: Vec<File>,
}

/// The time and the task.
type Key = (i64, u64);

impl Sorted {
    pub fn new(most: usize) -> Self {
        Self { most, text: String::new(), list: Vec::new(), tasks: 0, files: Vec::new() }
    }

    /// Adds the rows of the next tasks, or more of the last one.
    pub fn add(&mut self, rows: &Rows) -> io::Result<()> {
        if self.text.len() + rows.text.len() > self.most {
            self.put_aside()?;
        }
        let before = self.text.len();
        self.text += &rows.text;
        let mut start = 0;
        for Row { at, first, end } in &rows.list {
            self.tasks += u64::from(*first);
            self.list.push(((*at, self.tasks), before + start..before + end));
            start = *end;
        }
        Ok(())
    }

    /// Hands over all rows.
    pub fn print(mut self, mut print: impl FnMut(&str)) -> io::Result<()> {
        if self.files.is_empty() {
            return self.each(&mut |_, row| {
                print(row);
                Ok(())
            });
        }
        self.put_aside()?;
        let mut files = Vec::new();
        let mut heap = BinaryHeap::new();
        for (index, file) in self.files.into_iter().enumerate() {
            let mut file = Aside::new(file);
            heap.extend(file.read()?.map(|key| Reverse((key, index))));
            files.push(file);
        }
        while let Some(mut next) = heap.peek_mut() {
            let Reverse((key, index)) = &mut *next;
            let Some(file) = files.get_mut(*index) else { break };
            print(&file.row);
            match file.read()? {
                Some(following) => *key = following,
                None => drop(PeekMut::pop(next)),
            }
        }
        Ok(())
    }

    /// Visits the rows in memory in order, and removes them.
    fn each(&mut self, visit: &mut dyn FnMut(Key, &str) -> io::Result<()>) -> io::Result<()> {
        self.list.sort_unstable_by_key(|(key, _)| *key);
        for (key, range) in mem::take(&mut self.list) {
            visit(key, self.text.get(range).unwrap_or_default())?;
        }
        self.text.clear();
        Ok(())
    }

    /// Moves the rows in memory to a temporary file.
    fn put_aside(&mut self) -> io::Result<()> {
        if self.list.is_empty() {
            return Ok(());
        }
        let mut file = BufWriter::new(tempfile::tempfile()?);
        self.each(&mut |(at, task), row| {
            file.write_all(&at.to_le_bytes())?;
            file.write_all(&task.to_le_bytes())?;
            file.write_all(&(row.len() as u64).to_le_bytes())?;
            file.write_all(row.as_bytes())
        })?;
        let mut file = file.into_inner()?;
        file.rewind()?;
        self.files.push(file);
        Ok(())
    }
}

/// A temporary file, and its last row.
struct Aside {
    file: BufReader<File>,
    row: String,
}

impl Aside {
    fn new(file: File) -> Self {
        Self { file: BufReader::with_capacity(1 << 16, file), row: String::new() }
    }

    /// Reads the next row.
    fn read(&mut self) -> io::Result<Option<Key>> {
        let mut number = [0; 8];
        if self.file.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let mut next = || self.file.read_exact(&mut number).map(|()| number);
        let (at, task, length) = (next()?, next()?, next()?);
        self.row.clear();
        (&mut self.file).take(u64::from_le_bytes(length)).read_to_string(&mut self.row)?;
        Ok(Some((i64::from_le_bytes(at), u64::from_le_bytes(task))))
    }
}
