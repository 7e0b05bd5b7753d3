//! Scheduled tasks of Group Policy Preferences: the file ScheduledTasks.xml ([MS-GPPREF] 2.2.1.18).
//!
//! | to | use |
//! |---|---|
//! | read a file | [`ScheduledTasks::read`] |
//! | read a damaged file, and report anything unusual in it | [`recover`] |
//! | find out what an item does, to which task, under which account and on which machines | [`Item`], [`Filter`] |
//! | get an item's task as a definition or a .JOB file | [`to_task`], [`to_job`] |
//! | convert a definition to an item | [`ScheduledTasks::push_task`] |
//! | edit a file, or create one | [`ScheduledTasks::set`], [`ScheduledTasks::push`] |
//! | remove the passwords from a file | [`ScheduledTasks::remove_passwords`] |
//!
//! All attributes are in one table, [`Field`]: name, type, default, meaning and section. Where the specification's
//! text is an editing mistake, the table has both readings, and a [`Profile`](crate::Profile) selects one.
//!
//! Invariants: a file that is read is written back byte for byte. A stored password (`cpassword`) is never decoded,
//! and appears only in the written file. Filters are preserved, not evaluated.
//!
//! ```
//! use wintask::gpp::{Action, ItemKind, ScheduledTasks};
//!
//! let file = r#"<?xml version="1.0" encoding="utf-8"?>
//! <ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}" name="Backup" uid="{00000000-0000-0000-0000-000000000001}"><Properties action="C" name="Backup" appName="backup.exe" runAs="CONTOSO\svc" cpassword="abc" enabled="1"/></Task></ScheduledTasks>"#;
//! let policy = ScheduledTasks::read(file.as_bytes())?;
//! let item = policy.items().next().ok_or("no item")?;
//! assert_eq!((item.kind(), item.action()), (ItemKind::Task, Action::Create));
//! assert_eq!(item.run_as().as_deref(), Some(r"CONTOSO\svc"));
//! assert!(item.has_password());
//! assert_eq!(policy.to_bytes(), file.as_bytes());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [MS-GPPREF]: https://learn.microsoft.com/openspecs/windows_protocols/ms-gppref/

mod check;
mod context;
mod convert;
mod convert_error;
mod converted;
mod document;
mod element;
mod embedded;
mod filter;
mod finding;
mod item;
mod job;
mod loss;
mod parse;
mod placeholder;
mod push;
#[cfg(feature = "serde")]
mod serialization;
mod table;
mod update;
mod value;

pub use context::{Context, Part};
pub use convert::{to_job, to_task};
pub use convert_error::ConvertError;
pub use converted::Converted;
pub use document::{Recovered, ScheduledTasks, recover};
pub use element::{Attribute, Element, Node};
pub use embedded::definition;
pub use filter::{FILTERS, Filter, FilterRow};
pub use finding::{Error, ErrorKind, Finding, FindingKind, Findings};
pub use item::{Item, Trigger};
pub use loss::{Loss, LossKind};
pub use placeholder::{PLACEHOLDERS, Placeholder, placeholders};
pub use table::{Field, Owner, Row, Type};
pub use update::updated;
pub use value::{Action, ItemKind, TriggerType, Value, Week};
