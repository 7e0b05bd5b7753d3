//! Compares the traces that a task leaves, and reports unusual definitions.
//!
//! The same task is stored in several places: a file under `System32\Tasks`, two registry keys, a .JOB file, the
//! policy that created it, and events that report it. The service works from the registry alone (EVIDENCE.md
//! CACHE-12), so anything that hides a task from tools shows as a difference between these traces.
//!
//! | to | use |
//! |---|---|
//! | compare the traces of one task | [`reconcile`] |
//! | join the traces of all tasks of a machine | [`Inventory`] |
//! | examine one definition | [`examine`] |
//!
//! ```
//! use wintask::definition::{Exec, Settings, Task};
//! use wintask::reconcile::examine;
//!
//! let task = Task {
//!     settings: Settings { hidden: Some(true), ..Settings::default() },
//!     ..Task::new(Exec::new("powershell.exe").with_arguments("-nop -EncodedCommand SQBFAFgA"))
//! };
//! let found: Vec<&str> = examine(&task).iter().map(|finding| finding.code()).collect();
//! assert_eq!(found, ["examine.hidden", "examine.script_host", "examine.encoded_command"]);
//! ```

mod command;
mod event;
mod evidence;
mod examine;
mod finding;
mod history;
mod inventory;
mod letters;
mod meant;
mod notes;
mod path;
mod place;
mod policy;
mod programs;
mod registry;
mod report;
mod secret;
mod shape;
mod source;
mod trace;
mod twin;
mod view;

pub use crate::finding::Confidence;
pub use event::{AUDIT_PROVIDER, EventKind, TaskEvent};
pub use evidence::{Definition, Evidence, LookedFor};
pub use examine::examine;
pub use finding::{Finding, FindingKind, Findings};
pub use inventory::Inventory;
pub use policy::PolicyItem;
pub use report::{Report, reconcile};
pub use source::Source;
pub use trace::{Collected, JobFile, TaskFile, TasksKey, TreeKey};
pub use view::Field;
