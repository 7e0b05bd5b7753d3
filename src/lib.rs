//! The Windows Task Scheduler, outside Windows ([MS-TSCH]): the files that it stores, the messages that it exchanges, and
//! the answers that it gives. Bytes, state and time go in, values come out. There is no I/O, no clock, no thread and no
//! panic on any input.
//!
//! **Any tool** starts by asking [what a file is](fn@detect).
//!
//! **A forensic tool** reads the remains of a .JOB file, and shows when it was scheduled to run:
//!
//! ```
//! use wintask::job::{Job, JobDate, Schedule, Trigger, recover};
//! use wintask::schedule::words;
//!
//! let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2023, 7, 12), 15, 42);
//! let file = Job::new(uuid::Uuid::nil(), "update.exe").with_trigger(daily).to_bytes()?;
//! let damaged = &file[..file.len() - 3];
//!
//! let recovered = recover(damaged);
//! assert_eq!(recovered.application_name.map(|name| name.value.to_string()).as_deref(), Some("update.exe"));
//! assert_eq!(recovered.findings.iter().count(), 2);
//!
//! let job = Job::parse(&file)?;
//! assert_eq!(words::job(&job), "At 15:42 every day, from 12 Jul 2023");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **An auditor** asks why Windows would reject a definition, and gets Windows' own answer:
//!
//! ```
//! use wintask::{dtyp::HResult, xml};
//!
//! let text = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\n<Actions><Exec/></Actions></Task>";
//! let error = xml::read_text(text, &xml::Options::default()).unwrap_err();
//! assert_eq!(error.hresult(), HResult::SCHED_E_MISSINGNODE);
//! let info = &error.kind().info;
//! assert_eq!((info.line, info.column, info.node.as_str()), (2, 12, "Command"));
//! ```
//!
//! **A protocol emulator** decodes a call and answers it:
//!
//! ```
//! use wintask::dtyp::HResult;
//! use wintask::rpc::{Message, schrpc::{SchRpcDelete, SchRpcDeleteResponse}};
//!
//! let stub = SchRpcDelete { path: r"\Contoso\Backup".into(), flags: 0 }.encode()?;
//! let call = SchRpcDelete::decode(&stub)?;
//! assert_eq!(call.path.to_string(), r"\Contoso\Backup");
//! let answer = SchRpcDeleteResponse { status: HResult::S_OK }.encode()?;
//! assert_eq!(answer, [0, 0, 0, 0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **An EDR back end** asks who may change a task, and which events start it: see [`security`] and [`eventlog`].
//!
//! **A timeline** asks when a task runs, in any zone, near or far: see [`schedule`].
//!
//! **A fuzzer** needs inputs to start from, and properties that hold. The writers make the inputs: from values built in code,
//! or with the feature `arbitrary` from random bytes. Random values have the right types, but are seldom valid; the strict
//! readers reject what Windows rejects.
//!
//! ```
//! # #[cfg(feature = "arbitrary")] {
//! use arbitrary::{Arbitrary, Unstructured};
//! use wintask::{Task, job::{Job, RawJob}, xml};
//!
//! let random: Vec<u8> = (0..4000u32).map(|n| (n * n >> 4) as u8).collect();
//! let mut source = Unstructured::new(&random);
//!
//! // A definition is judged as its text is.
//! let task = Task::arbitrary(&mut source)?;
//! if let Ok(text) = xml::write_text(&task, xml::Form::Utf8) {
//!     let valid = xml::validate(&task, &Default::default()).is_ok();
//!     assert_eq!(xml::read_text(&text, &Default::default()).is_ok(), valid);
//! }
//! // The exact layer of a .JOB file keeps every byte, valid or not.
//! let job = Job::arbitrary(&mut source)?;
//! if let Ok(file) = job.to_bytes() {
//!     assert_eq!(RawJob::parse(&file)?.to_bytes()?, file);
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The layers
//!
//! | | |
//! |---|---|
//! | [`error`], [`finding`], [`limits`] | errors and findings with their places; every limit |
//! | [`dtyp`] | HRESULTs, Win32 codes, times, strings |
//! | [`time`] | boundaries, durations, zones |
//! | [`job`] | the .JOB file |
//! | [`definition`], [`xml`] | the task definition, and its XML |
//! | [`ndr`], [`rpc`] | the transfer syntax, and the three RPC interfaces |
//! | [`security`] | SIDs, SDDL, security descriptors, access checks |
//! | [`eventlog`] | event queries, events, the Task Scheduler's own |
//! | [`schedule`] | run times, and triggers in plain words |
//! | [`compat`] | version 1 tasks: .JOB files and AT jobs as definitions, and back |
//! | [`reconcile`] | where a task's traces disagree, and what is remarkable about a definition |
//! | [`diff`] | differences of two definitions, fingerprints of what one does |
//! | [`gpp`] | scheduled tasks of Group Policy Preferences |
//! | [`taskcache`] | the registry's values of a task, as bytes and as a definition |
//! | [`command_line`] | command lines of schtasks and at |
//! | [`parameters`] | what an event puts into a task's fields, localised texts |
//! | [`mod@detect`] | what something is, by its content |
//! | [`scheduler`] | the scheduler itself: calls and events in, replies and effects out |
//! | [`client`] | the client role: which calls carry out what an application wants |
//!
//! Strict readers (`parse`, `read`) stop at the first violation, with the HRESULT that Windows returns. Forgiving ones
//! (`recover`) return everything that can be read, with [`finding::Findings`]. A [`Profile`] selects whose rules apply.
//!
//! # Serialisation
//!
//! With the feature `serde`, what a tool would print or store is serialised, and names are part of the API. Keys that are not
//! known are rejected; what is absent has no key.
//!
//! | value | form |
//! |---|---|
//! | status and error codes | `"0x8004131a"`, wherever they are |
//! | flags, access masks, open enumerations | the number, with all its bits; `names` and `name` have the words |
//! | sets of a definition, such as days of the week | a list of the names that XML has |
//! | choices, such as profiles and policies | the name, as `FromStr` reads it |
//! | paths, SIDs, descriptors, ACEs, queries, times, durations, versions | their text |
//! | text of UTF-16 units | a string; a list of units if it is not valid UTF-16 |
//! | errors and findings | `{severity, code, place, message}`, or `{message}` alone; those of [`reconcile`] with `why`, `technique`, `confidence`, `is_usual` |
//! | passwords | `{"hidden": true}`, unless asked for by name |
//!
//! # Features
//!
//! By default everything is compiled that needs no further dependency. A program that embeds a part of the crate turns the
//! default features off and names the modules that it uses: `xml` and `schedule`, for example, compile in less than half of
//! the time. Modules that are not listed are always there.
//!
//! | feature | adds | needs |
//! |---|---|---|
//! | `job` | [`job`]; with `schedule`, the run times of .JOB files | |
//! | `rpc` | [`ndr`], [`rpc`] and [`client`]; with `schedule`, the run times of AT jobs | `job` |
//! | `eventlog` | [`eventlog`] | |
//! | `xml` | [`xml`] | `eventlog` |
//! | `gpp` | [`gpp`] | `compat`, `xml` |
//! | `compat` | [`compat`] | `rpc` |
//! | `schedule` | [`schedule`] | |
//! | `security` | [`security`]; without it, only SIDs and accounts | |
//! | `taskcache` | [`taskcache`] | `security` |
//! | `diff` | [`diff`] | |
//! | `reconcile` | [`reconcile`] | `diff`, `taskcache`, `xml` |
//! | `detect` | [`mod@detect`] | `job`, `security` |
//! | `scheduler` | [`scheduler`] | `compat`, `schedule`, `security`, `xml` |
//! | `serde` (off) | serialisation of the public values | |
//! | `iana` (off) | time zones by name, with their database | |
//! | `arbitrary` (off) | `Arbitrary` for the values of the formats, for fuzzers and property tests | |
//!
//! [MS-TSCH]: https://learn.microsoft.com/openspecs/windows_protocols/ms-tsch/
#![forbid(unsafe_code)]
#![deny(missing_docs, unreachable_pub)]
// No panic on any input (DESIGN, decision 11).
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice
)]
// No clock, file, environment, thread, output or global state.
#![deny(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)]
// Without all features, lower floors have parts that nothing uses.
#![cfg_attr(
    not(all(feature = "detect", feature = "gpp", feature = "scheduler", feature = "taskcache")),
    allow(dead_code, unreachable_pub, unused_imports, unused_macros)
)]
#![deny(clippy::exhaustive_enums, reason = "a new variant must not break a caller")]

#[cfg(feature = "rpc")]
pub mod client;
#[cfg(feature = "command_line")]
pub mod command_line;
#[cfg(feature = "compat")]
pub mod compat;
pub mod definition;
#[cfg(feature = "detect")]
pub mod detect;
#[cfg(feature = "diff")]
pub mod diff;
#[cfg(doc)]
pub mod documentation;
pub mod dtyp;
pub mod error;
#[cfg(feature = "eventlog")]
pub mod eventlog;
pub mod finding;
#[cfg(feature = "gpp")]
pub mod gpp;
#[cfg(feature = "job")]
pub mod job;
pub mod limits;
#[cfg(feature = "rpc")]
pub mod ndr;
pub mod parameters;
#[cfg(feature = "reconcile")]
pub mod reconcile;
#[cfg(feature = "rpc")]
pub mod rpc;
#[cfg(feature = "schedule")]
pub mod schedule;
#[cfg(feature = "scheduler")]
pub mod scheduler;
pub mod security;
#[cfg(feature = "taskcache")]
pub mod taskcache;
pub mod time;
#[cfg(feature = "xml")]
pub mod xml;

mod markup;
mod profile;

// The paved path.
#[doc(no_inline)]
pub use {definition::Task, dtyp::HResult};

#[cfg(feature = "job")]
#[doc(no_inline)]
pub use job::Job;

#[cfg(feature = "schedule")]
#[doc(no_inline)]
pub use schedule::Timetable;

#[cfg(feature = "detect")]
pub use detect::detect;
pub use profile::Profile;

/// The README's examples run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
