//! Substitution in definitions: parameters when a task starts ([MS-TSCH] 2.5.9), and localised texts when a
//! definition is displayed (2.5.8).
//!
//! ```
//! use wintask::{
//!     definition::{Action, Exec, Task},
//!     parameters::{Parameters, ResourceReference, localize, parameterize},
//! };
//!
//! let mut task = Task::new(Exec::new("notepad.exe").with_arguments("$(Arg0) $(user) costs 5$$"));
//! task.registration_info.author = Some(r"$(@%SystemRoot%\system32\example.dll,-601)".into());
//!
//! let parameters = Parameters::new().with_arguments(["log.txt"]).with_value("user", "alice");
//! let started = parameterize(&task, &parameters)?;
//! let Some(Action::Exec(exec)) = started.actions.list.first() else { return Err("no action".into()) };
//! assert_eq!(exec.arguments.as_deref(), Some("log.txt alice costs 5$"));
//!
//! let resolve = |text: &ResourceReference, language: Option<&str>| {
//!     (text.id == 601 && language == Some("de-DE")).then(|| "Beispiel".to_owned())
//! };
//! let read = localize(&task, &["fr-FR", "de-DE"], resolve);
//! assert_eq!(read.registration_info.author.as_deref(), Some("Beispiel"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod localization;
mod substitution;

pub use localization::{NotAReference, ResourceReference, localize};
pub use substitution::{Parameters, TooLong, parameterize, substitute};
