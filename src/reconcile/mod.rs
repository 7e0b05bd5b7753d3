//! Where a task's traces disagree, and what is remarkable about a definition.
//!
//! A task is in several places at once: a file below `System32\Tasks`, and two keys of the registry. The service works from
//! the registry alone (EVIDENCE.md CACHE-12), so that what hides a task from its tools is a difference between them.
//!
//! | to | use |
//! |---|---|
//! | compare the traces of one task | [`reconcile`] |
//! | join the traces of all tasks of a machine | [`Inventory`] |
//! | look at one definition | [`examine`] |
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
mod evidence;
mod examine;
mod finding;
mod inventory;

pub use evidence::{Evidence, Report, TaskFile, TasksKey, TreeKey, reconcile};
pub use examine::examine;
pub use finding::{Finding, FindingKind, Findings};
pub use inventory::Inventory;
