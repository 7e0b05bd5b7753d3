//! What a file is, by its content.

use wintask::{
    job::{self, Job, carve},
    xml,
};

/// What a file holds, as far as it can be read.
pub enum Artifact {
    Job(Box<job::Recovered>),
    /// One task definition, or a dump of several.
    Tasks(Vec<Definition>),
}

/// A task definition.
pub struct Definition {
    /// The task's path, if the dump that it stands in says so.
    pub name: Option<String>,
    /// The line that it starts on in a dump of several.
    pub line: Option<u32>,
    pub recovered: xml::Recovered,
}

impl Artifact {
    /// None if it is nothing that is known here.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        if is_job(bytes) {
            return Some(Self::Job(Box::new(job::recover(bytes))));
        }
        let options = xml::Options::default();
        let documents = xml::documents(bytes);
        let definitions: Vec<_> = if documents.iter().nth(1).is_none() {
            let name = documents.iter().next().and_then(|document| document.name.map(str::to_owned));
            vec![Definition { name, line: None, recovered: xml::recover(bytes, &options) }]
        } else {
            let definition = |document: xml::Document<'_>| Definition {
                name: document.name.map(str::to_owned),
                line: Some(document.line),
                recovered: document.recover(&options),
            };
            documents.iter().map(definition).collect()
        };
        definitions
            .iter()
            .any(|definition| definition.recovered.task.is_some())
            .then_some(Self::Tasks(definitions))
    }
}

/// Whether the bytes open like a .JOB file, cut short or not.
fn is_job(bytes: &[u8]) -> bool {
    let opens = |b: &[u8]| b.len() >= 24 && b[2..4] == [1, 0] && b[0x14..0x16] == [70, 0] && b[1] <= 0x0A;
    opens(bytes)
        || carve(bytes).next().is_some_and(|found| found.span.start == 0)
        || Job::parse(bytes).is_ok()
}
