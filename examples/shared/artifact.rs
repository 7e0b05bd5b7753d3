//! The content of a file.

use memchr::{memchr, memmem};
use std::{borrow::Cow, fmt};
use wintask::{
    definition::Task,
    detect,
    detect::{Detection, Kind, Reason},
    eventlog::{Event, events},
    xml::{self, Carved, Error, Options, Recovered},
};

/// A task definition, and where it was found.
pub struct Definition<'d> {
    /// The line of the file that it starts on, if it is not the whole file.
    pub line: Option<u32>,
    /// The offset at which it starts, if it was found inside an image.
    pub offset: Option<usize>,
    source: Source<'d>,
}

/// Where the root of a stored definition begins at the latest.
const START: usize = 256;

/// Where a definition comes from.
enum Source<'d> {
    /// It is the whole file.
    File(&'d [u8]),
    /// One of several.
    Document(xml::Document<'d>, &'d xml::Documents<'d>),
    /// A string, and the task's path.
    Text(&'d str, Option<&'d str>),
}

impl<'d> Definition<'d> {
    /// The whole file, if it starts like those that Windows stores. Once such a file has been read without findings, it
    /// need not be examined to see what it is.
    pub fn stored(bytes: &'d [u8]) -> Option<Self> {
        let start = bytes.get(..bytes.len().min(START))?;
        let starts =
            start.starts_with(b"\xFF\xFE<\0") && memmem::find(start, b"<\0T\0a\0s\0k\0 \0").is_some();
        starts.then_some(Self { line: None, offset: None, source: Source::File(bytes) })
    }

    /// One inside an image of a disk or of memory.
    pub fn carved(found: &Carved<'d>) -> Self {
        let (offset, source) = (Some(found.span.start), Source::File(found.bytes));
        Self { line: None, offset, source }
    }

    /// The definition, if Windows accepts it.
    pub fn read(&self, options: &Options) -> Result<Task, Error> {
        match self.source {
            Source::File(bytes) => xml::read(bytes, options),
            Source::Document(document, _) => document.read(options),
            Source::Text(text, _) => xml::read_text(text, options),
        }
    }

    /// What can be read of it.
    pub fn recover(&self, options: &Options) -> Recovered {
        match self.source {
            Source::File(bytes) => xml::recover(bytes, options),
            Source::Document(document, _) => document.recover(options),
            Source::Text(text, _) => xml::recover_text(text, options),
        }
    }

    /// The number of bytes that it occupies.
    pub fn size(&self) -> usize {
        match self.source {
            Source::File(bytes) => bytes.len(),
            Source::Document(document, _) => document.text.len(),
            Source::Text(text, _) => text.len(),
        }
    }

    /// The task's path, if it is known from where the task was found.
    pub fn name(&self) -> Option<Cow<'d, str>> {
        match self.source {
            Source::File(bytes) if self.offset.is_some() || !may_be_named(bytes) => None,
            Source::File(bytes) => {
                let documents = xml::documents(bytes);
                let name = documents.iter().next()?.name?;
                Some(name.to_owned().into())
            }
            Source::Document(document, _) => document.name.map(Cow::from),
            Source::Text(_, name) => name.map(Cow::from),
        }
    }

    /// The text in which the places of its errors are: that of the file, or its own if it is inside an event.
    pub fn text(&self) -> Cow<'d, str> {
        match self.source {
            Source::File(bytes) => xml::documents(bytes).text().to_owned().into(),
            Source::Document(_, all) => all.text().into(),
            Source::Text(text, _) => text.into(),
        }
    }
}

/// Whether a comment may precede the definition in a file; false for most of those that Windows stores.
fn may_be_named(bytes: &[u8]) -> bool {
    let task = memmem::find(bytes, b"<\0T\0a\0s\0k\0 \0")
        .filter(|at| at % 2 == 0 && bytes.starts_with(&[0xFF, 0xFE]));
    task.is_none_or(|task| memchr(b'!', &bytes[..task]).is_some())
}

/// Why a file is not recognised.
pub struct Unrecognised(Reason);

impl fmt::Display for Unrecognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a Task Scheduler artifact: {}", self.0)
    }
}

/// A file of a recognised kind.
pub struct Artifact<'b> {
    pub found: Detection,
    bytes: &'b [u8],
}

impl<'b> Artifact<'b> {
    /// The content of a file, or why it is not recognised.
    pub fn detect(bytes: &'b [u8]) -> Result<Self, Unrecognised> {
        let found = detect(bytes);
        if found.kind == Kind::Unknown { Err(Unrecognised(found.reason)) } else { Ok(Self { found, bytes }) }
    }

    /// Whether these tools support the kind.
    pub fn is_readable(&self) -> bool {
        matches!(self.found.kind, Kind::Job | Kind::Task | Kind::Tasks | Kind::Event | Kind::Events)
    }

    /// The message for an unsupported kind.
    pub fn unreadable(&self) -> String {
        let kind = self.found.kind;
        match kind.reader() {
            Some(reader) => format!("{kind}: not supported by this tool; the library reads it with {reader}"),
            None => kind.to_string(),
        }
    }

    /// Visits the definitions in order.
    pub fn definitions(&self, mut visit: impl FnMut(&Definition<'_>)) {
        match self.found.kind {
            Kind::Task => {
                visit(&Definition { line: None, offset: None, source: Source::File(self.bytes) });
            }
            Kind::Tasks => {
                let documents = xml::documents(self.bytes);
                for document in documents.iter() {
                    let line = Some(document.start.line);
                    visit(&Definition { line, offset: None, source: Source::Document(document, &documents) });
                }
            }
            _ => self.events(|event| {
                if let Some((name, text)) = event.and_then(registered) {
                    visit(&Definition { line: None, offset: None, source: Source::Text(text, name) });
                }
            }),
        }
    }

    /// Visits the events in order; `None` for an unreadable one.
    pub fn events(&self, mut visit: impl FnMut(Option<&Event>)) {
        if !matches!(self.found.kind, Kind::Event | Kind::Events) {
            return;
        }
        events(self.bytes).iter().for_each(|event| visit(event.ok().as_ref()));
    }
}

/// The definition in a Security event: a task was created (4698) or updated (4702).
fn registered(event: &Event) -> Option<(Option<&str>, &str)> {
    let text = event.data("TaskContent").or_else(|| event.data("TaskContentNew"))?;
    Some((event.data("TaskName"), text))
}
