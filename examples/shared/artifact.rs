//! The content of a file.

use wintask::{
    definition::Task,
    detect,
    detect::{Detection, Kind},
    eventlog::{Event, events},
    xml::{self, Carved, Error, Options, Recovered},
};

/// A task definition, and where it was found.
pub struct Definition<'d> {
    /// The task's path, if it is known from where the task was found.
    pub name: Option<&'d str>,
    /// The line of the file that it starts on, if it is not the whole file.
    pub line: Option<u32>,
    /// The offset at which it starts, if it was found inside an image.
    pub offset: Option<usize>,
    /// The text in which the places of its errors are: that of the file, or its own if it is inside an event.
    pub text: &'d str,
    source: Source<'d>,
}

/// Where a definition comes from.
enum Source<'d> {
    /// It is the whole file.
    File(&'d [u8]),
    /// One of several.
    Document(xml::Document<'d>),
    /// A string.
    Text,
}

impl<'d> Definition<'d> {
    /// One inside an image of a disk or of memory.
    pub fn carved(found: &Carved<'d>) -> Self {
        let (offset, source) = (Some(found.span.start), Source::File(found.bytes));
        Self { name: None, line: None, offset, text: "", source }
    }

    /// The definition, if Windows accepts it.
    pub fn read(&self, options: &Options) -> Result<Task, Error> {
        match self.source {
            Source::File(bytes) => xml::read(bytes, options),
            Source::Document(document) => document.read(options),
            Source::Text => xml::read_text(self.text, options),
        }
    }

    /// What can be read of it.
    pub fn recover(&self, options: &Options) -> Recovered {
        match self.source {
            Source::File(bytes) => xml::recover(bytes, options),
            Source::Document(document) => document.recover(options),
            Source::Text => xml::recover_text(self.text, options),
        }
    }

    /// The number of bytes that it occupies.
    pub fn size(&self) -> usize {
        match self.source {
            Source::File(bytes) => bytes.len(),
            Source::Document(document) => document.text.len(),
            Source::Text => self.text.len(),
        }
    }
}

/// A file of a recognised kind.
pub struct Artifact<'b> {
    pub found: Detection,
    bytes: &'b [u8],
}

impl<'b> Artifact<'b> {
    /// `None` if the kind is not recognised.
    pub fn detect(bytes: &'b [u8]) -> Option<Self> {
        let found = detect(bytes);
        (found.kind != Kind::Unknown).then_some(Self { found, bytes })
    }

    /// Whether these tools support the kind.
    pub fn is_readable(&self) -> bool {
        matches!(self.found.kind, Kind::Job | Kind::Task | Kind::Tasks | Kind::Event | Kind::Events)
    }

    /// The message for an unsupported kind.
    pub fn unreadable(&self) -> String {
        format!("{}, recognised but not read by this version", self.found.kind)
    }

    /// Visits the definitions in order.
    pub fn definitions(&self, mut visit: impl FnMut(&Definition<'_>)) {
        match self.found.kind {
            Kind::Task => {
                let documents = xml::documents(self.bytes);
                let name = documents.iter().next().and_then(|document| document.name);
                let source = Source::File(self.bytes);
                visit(&Definition { name, line: None, offset: None, text: documents.text(), source });
            }
            Kind::Tasks => {
                let documents = xml::documents(self.bytes);
                for document in documents.iter() {
                    let (name, line) = (document.name, Some(document.start.line));
                    visit(&Definition {
                        name,
                        offset: None,
                        line,
                        text: documents.text(),
                        source: Source::Document(document),
                    });
                }
            }
            _ => self.events(|event| {
                if let Some((name, text)) = event.and_then(registered) {
                    visit(&Definition { name, line: None, offset: None, text, source: Source::Text });
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
