//! The version of the schema that a task needs.

use super::{
    model::{Content, Element},
    schema::{self, Row},
    table::ROOT,
};
use crate::definition::{SchemaVersion, Task};

/// The lowest version of the schema that a task needs, and what needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Needs {
    /// The version; 1.2 where nothing needs more, since that is the first of this XML.
    pub version: SchemaVersion,
    /// What came with later versions than 1.2, in the order of the schema.
    pub reasons: Vec<Need>,
}

/// Something that came with a version of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Need {
    /// Path of the element.
    pub path: String,
    /// The version that brought it.
    pub since: SchemaVersion,
}

/// The lowest version of the schema that a task needs, with the reasons.
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
    visit(&task.element(), &ROOT, "Task", &mut reasons);
    let version = reasons.iter().map(|need| need.since).max().unwrap_or(SchemaVersion::V1_2);
    Needs { version, reasons }
}

fn visit(element: &Element<'_>, row: &'static Row, path: &str, reasons: &mut Vec<Need>) {
    if row.since > SchemaVersion::V1_2 {
        reasons.push(Need { path: path.to_owned(), since: row.since });
    }
    let (Content::Children(children), schema::Content::Complex(complex)) = (&element.content, &row.content)
    else {
        return;
    };
    for row in complex.children {
        for child in children.iter().filter(|child| child.name == row.name) {
            visit(child, row, &format!("{path}/{}", row.name), reasons);
        }
    }
}
