//! The schema version that a task requires.

use super::{
    model::{Item, Value},
    schema::{self, Row},
    table::ROOT,
};
use crate::definition::{SchemaVersion, Task};

/// The lowest schema version that a task requires, and the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Needs {
    /// The version; at least 1.2, the first version of this XML.
    pub version: SchemaVersion,
    /// The features introduced after version 1.2, in schema order.
    pub reasons: Vec<Need>,
}

/// A feature introduced in a later schema version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Need {
    /// Path of the element.
    pub path: String,
    /// The version that introduced it.
    pub since: SchemaVersion,
}

/// Returns the lowest schema version that a task requires, with the reasons.
///
/// ```
/// use wintask::definition::{Exec, SchemaVersion, Settings, Task};
///
/// let settings = Settings { volatile: Some(true), ..Settings::default() };
/// let task = Task { settings, ..Task::new(Exec::new("notepad.exe")) };
/// let needs = wintask::xml::needs(&task);
/// assert_eq!(needs.version, SchemaVersion::V1_4);
/// assert_eq!(needs.reasons[0].path, "Task/Settings/Volatile");
/// ```
#[must_use]
pub fn needs(task: &Task) -> Needs {
    let mut reasons = Vec::new();
    visit(Value::Parent(task), &ROOT, "Task", &mut reasons);
    let version = reasons.iter().map(|need| need.since).max().unwrap_or(SchemaVersion::V1_2);
    Needs { version, reasons }
}

fn visit(value: Value<'_>, row: &'static Row, path: &str, reasons: &mut Vec<Need>) {
    if row.since > SchemaVersion::V1_2 {
        reasons.push(Need { path: path.to_owned(), since: row.since });
    }
    let schema::Content::Complex(complex) = &row.content else { return };
    for (number, row) in (0..).zip(complex.children) {
        let mut child = |value| visit(value, row, &format!("{path}/{}", row.name), reasons);
        match value {
            Value::Parent(parent) => parent.child(number).into_iter().for_each(child),
            Value::List(list) => list.each(&mut |item| match item {
                Item::Only(value) => child(value),
                Item::One(name, value) if name == row.name => child(value),
                Item::One(..) | Item::Foreign(_) => {}
            }),
            _ => {}
        }
    }
}
