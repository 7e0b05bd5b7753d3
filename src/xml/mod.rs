//! The definition's XML ([MS-TSCH] 2.5): read from UTF-8 or UTF-16 of either byte order, with or without a mark; validated
//! as Windows validates it, written as Windows writes it.
//!
//! | to | use |
//! |---|---|
//! | read a file or a string, or get the reason why Windows rejects it | [`read`], [`read_text`] |
//! | check a task that was built in code | [`validate`](fn@validate) |
//! | read the rest of a damaged one | [`recover`], [`recover_text`] |
//! | read all tasks of a `schtasks /query /xml` dump | [`documents`] |
//! | find definitions in an image of a disk or of memory | [`carve`] |
//! | write | [`write`](fn@write), [`write_text`] |
//! | get the version of the schema that a task needs, and why | [`needs`](fn@needs) |
//!
//! One table has the schema: children, order, occurrence, types, bounds, defaults, versions. Reader, validator and
//! writer follow it. Invariants: no recursion on the document's depth; time and memory linear in its size; every
//! violation has a place, a node and a value as Windows reports them.

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

pub use crate::markup::Syntax;
pub use carve::{Carve, Carved, Confidence, carve};
pub use documents::{Document, Documents, documents};
pub use error::{Error, ErrorInfo, ErrorKind, Rule};
pub use finding::{Finding, FindingKind, Findings};
pub use needs::{Need, Needs, needs};
pub use options::Options;
pub use read::{Recovered, read, read_text, recover, recover_text};
pub use validate::validate;
pub use write::{Form, WriteError, write, write_text};
