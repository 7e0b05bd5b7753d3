//! The definition's XML ([MS-TSCH] 2.5): reads UTF-8 or UTF-16 of either byte order, with or without a byte order
//! mark, validates as Windows does, and writes as Windows does.
//!
//! | to | use |
//! |---|---|
//! | read a file or a string, or find out why Windows rejects it | [`read`], [`read_text`] |
//! | check a task that was built in code | [`validate`](fn@validate) |
//! | read a damaged definition | [`recover`], [`recover_text`] |
//! | read all tasks of a `schtasks /query /xml` dump | [`documents`] |
//! | find definitions in a disk or memory image | [`carve`] |
//! | write | [`write`](fn@write), [`write_text`] |
//! | find out which schema version a task requires, and why | [`needs`](fn@needs) |
//!
//! The schema is a single table of children, order, occurrence, types, ranges, defaults and versions, used by reader,
//! validator and writer. Invariants: no recursion on the document's depth; time and memory are linear in its size;
//! every violation has a location, and a node and a value as reported by Windows.

mod again;
mod attributes;
mod carve;
mod content;
mod documents;
mod elements;
mod ending;
mod error;
mod finding;
mod implied;
mod model;
mod namespaces;
mod needs;
mod options;
mod plain;
mod read;
mod reading;
mod recovery;
mod rules;
mod schema;
mod simple;
mod suggest;
mod table;
mod tree;
mod uri;
mod validate;
mod walk;
mod write;

pub use crate::markup::{NotXml, Syntax};
pub use carve::{Carve, Carved, Confidence, carve};
pub use documents::{Document, Documents, documents};
#[cfg(feature = "gpp")]
pub(crate) use error::reader;
pub use error::{Error, ErrorInfo, ErrorKind, Rule};
pub use finding::{Finding, FindingKind, Findings};
pub use needs::{Need, Needs, needs};
pub use options::Options;
pub use read::{Recovered, read, read_text, recover, recover_text};
pub use validate::validate;
pub use write::{Form, WriteError, write, write_text};
