//! The Windows Task Scheduler, outside Windows ([MS-TSCH]): the files that it stores, the messages that it exchanges,
//! and the behaviour of its service. Bytes, state and time are the input, values are the output. There is no I/O, no
//! clock, no threads, and no panic on any input.
//!
//! **Any tool** can start by [identifying a file](fn@detect):
//!
//! ```
//! let file = b"<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Actions/></Task>";
//! let found = wintask::detect(file);
//! assert_eq!(found.to_string(), "task definition: the root element is Task, in its namespace");
//! assert_eq!(found.kind.reader(), Some("xml::read")); // the function that reads it
//! ```
//!
//! **A forensic tool** recovers a damaged .JOB file, and shows when it was scheduled to run:
//!
//! ```
//! use time::{UtcOffset, macros::datetime};
//! use wintask::job::{Job, JobDate, Schedule, Trigger, recover};
//! use wintask::schedule::{Options, Timetable, words};
//!
//! let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2023, 7, 12), 15, 42);
//! let mut file = Job::new(uuid::Uuid::nil(), "update.exe").with_trigger(daily).to_bytes()?;
//! file[0x46..0x5E].fill(0); // the name is overwritten
//! assert!(Job::parse(&file).is_err());
//!
//! let recovered = recover(&file);
//! assert!(recovered.findings.iter().any(|finding| finding.code() == "job.count"));
//! let remains = recovered.remains();
//! assert_eq!(words::job(&remains), "At 15:42 every day, from 12 Jul 2023");
//! let runs = Timetable::of_job(&remains, UtcOffset::UTC, &Options::default());
//! let last = runs.previous_before(datetime!(2023-08-01 00:00 UTC)).ok_or("no run")?;
//! assert_eq!(last.local(), datetime!(2023-07-31 15:42));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **A validator** finds out why Windows would reject a definition, with Windows' own error:
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
//! **A protocol emulator** passes the stub of a call to the [`scheduler`], and sends the stub that it returns:
//!
//! ```
//! # #[cfg(feature = "scheduler")] {
//! use time::{UtcOffset, macros::datetime};
//! use wintask::dtyp::{HResult, Win32Error};
//! use wintask::ndr::Transfer;
//! use wintask::rpc::{Call, Message, schrpc::{self, SchRpcDelete, SchRpcDeleteResponse}};
//! use wintask::scheduler::{Context, Machine, NoAccounts, Options, State};
//!
//! let (mut state, machine) = (State::new(Options::default(), 1), Machine::named("HOST"));
//! let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
//! let stub = SchRpcDelete { path: r"\Contoso\Backup".into(), flags: 0 }.encode()?;
//! let step = state.dispatch(&context, &schrpc::INTERFACE, SchRpcDelete::OPNUM, &stub, Transfer::NDR20);
//! let reply = SchRpcDeleteResponse::decode(&step.reply?)?;
//! assert_eq!(reply.status, HResult::from_win32(Win32Error::FILE_NOT_FOUND));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **An EDR back end** reads events and looks for what is unusual about a task; see [`reconcile::TaskEvent`] and
//! [`reconcile::examine`]. Two versions of a task are compared by [`diff`], and [`security`] determines who can change it.
//!
//! **A Group Policy auditor** reads ScheduledTasks.xml, and finds out what its items do to a machine; see [`gpp`] and
//! [`scheduler::apply_policy`].
//!
//! **A timeline** computes when a task runs, in any zone, in the near or far future; see [`schedule`].
//!
//! **A fuzzer** needs seed inputs, and properties to check. The writers create inputs from values built in code or,
//! with the feature `arbitrary`, from random bytes. Most random tasks are valid, and most others have only a few
//! flaws; nearly all random RPC messages can be encoded.
//!
//! ```
//! # #[cfg(feature = "arbitrary")] {
//! use arbitrary::{Arbitrary, Unstructured};
//! use wintask::{Task, job::{Job, RawJob}, rpc::schrpc::Request, xml};
//!
//! let mut seed = 1u32;
//! let mut random = std::iter::repeat_with(|| {
//!     seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
//!     (seed >> 24) as u8
//! });
//! let mut valid = 0;
//! for _ in 0..100 {
//!     let bytes: Vec<u8> = random.by_ref().take(4096).collect();
//!     let mut source = Unstructured::new(&bytes);
//!     // Validation agrees with reading: a valid definition survives a round trip.
//!     let task = Task::arbitrary(&mut source)?;
//!     if xml::validate(&task, &Default::default()).is_ok() {
//!         valid += 1;
//!         let text = xml::write_text(&task, xml::Form::Utf8)?;
//!         assert_eq!(xml::read_text(&text, &Default::default())?, task);
//!     }
//!     // So does every message.
//!     let request = Request::arbitrary(&mut source)?;
//!     assert_eq!(Request::decode(request.opnum(), &request.encode()?)?, request);
//!     // The exact layer of a .JOB file preserves every byte, valid or not.
//!     let file = Job::arbitrary(&mut source)?.to_bytes()?;
//!     assert_eq!(RawJob::parse(&file)?.to_bytes()?, file);
//! }
//! assert!(valid > 50);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The layers
//!
//! | | |
//! |---|---|
//! | [`error`], [`finding`], [`limits`] | errors and findings with their locations; all limits |
//! | [`dtyp`] | HRESULTs, Win32 codes, times, strings |
//! | [`time`] | boundaries, durations, zones |
//! | [`job`] | the .JOB file |
//! | [`definition`], [`xml`] | the task definition, and its XML |
//! | [`ndr`], [`rpc`] | the transfer syntax, and the three RPC interfaces |
//! | [`security`] | SIDs, SDDL, security descriptors, access checks |
//! | [`eventlog`] | event queries, events, the Task Scheduler's own |
//! | [`schedule`] | run times, and descriptions of triggers |
//! | [`compat`] | version 1 tasks: conversion between definitions, .JOB files and AT jobs |
//! | [`reconcile`] | comparison of a task's traces, and findings about unusual definitions |
//! | [`diff`] | differences between definitions, and fingerprints |
//! | [`gpp`] | scheduled tasks of Group Policy Preferences |
//! | [`taskcache`] | the registry values of a task, as bytes and as a definition |
//! | [`command_line`] | command lines of schtasks and at |
//! | [`parameters`] | parameters in a task's fields, and localised texts |
//! | [`mod@detect`] | identification of files and values by content |
//! | [`scheduler`] | the scheduler itself: calls and events in, replies and effects out |
//! | [`client`] | the client role: the calls for each operation |
//!
//! Strict readers (`parse`, `read`) stop at the first violation, with the HRESULT that Windows returns. Forgiving
//! readers (`recover`) return everything that can be read, with [`finding::Findings`]. A [`Profile`] selects the
//! rules that apply: those of Windows or of the specification.
//!
//! # Serialisation
//!
//! With the feature `serde`, everything that a tool would print or store is serialised, and key names are part of the
//! API. Unknown keys are rejected; absent values have no key.
//!
//! | value | form |
//! |---|---|
//! | status and error codes | `"0x8004131a"` everywhere |
//! | flags, access masks, open enumerations | the number with all its bits; `names` and `name` return the names |
//! | sets in a definition, such as days of the week | a list of names, as in XML |
//! | choices, such as profiles and policies | the name, as accepted by `FromStr` |
//! | paths, SIDs, descriptors, ACEs, queries, times, durations, versions | their text |
//! | instants of files and of the registry ([`dtyp::FileTime`]) | the number of 100 ns since 1601 |
//! | `SYSTEMTIME` ([`dtyp::SystemTime`]) | `{year, month, day_of_week, …}` with the raw fields |
//! | `std::time::Duration` | `{"secs": 180, "nanos": 0}` |
//! | UTF-16 text | a string; a list of code units if it is not valid UTF-16 |
//! | errors and findings | `{severity, code, place, message}`, or `{message}` alone; those of [`reconcile`] with `why`, `technique`, `confidence`, `is_usual` |
//! | passwords | `{"hidden": true}`, unless explicitly requested |
//!
//! Values that a caller provides or stores can be deserialised: definitions, .JOB files, RPC messages, descriptors,
//! events, registry values, zones, options, and the scheduler's state. Results of the crate can only be serialised:
//!
//! | module | serialised only |
//! |---|---|
//! | all | errors, findings and their locations |
//! | [`job`] | `RawJob` and its parts (its bytes are the form to store), `Recovered`, `Carved` |
//! | [`definition`] | `Effective` and the like, `Origin` |
//! | [`xml`] | `Recovered`, `Carved`, `Document`, `Needs`, `ErrorInfo` |
//! | [`ndr`] | [`Structure`](ndr::Structure), which does not contain its type; deserialise it with [`Interface`](rpc::Interface) |
//! | [`security`] | `Explanation`, `Permission` |
//! | [`eventlog`] | the metadata of event ids |
//! | [`schedule`] | `Occurrence`, `ScheduledRuntimes` |
//! | [`compat`], [`diff`], [`reconcile`], [`mod@detect`] | all results |
//! | [`gpp`] | files and their items (their text is the form to store), results of conversions |
//! | [`taskcache`] | the exact layer (the values are the form to store), `Recovered`, `Written` |
//! | [`scheduler`] | effects, and what was done for the items of a policy |
//!
//! # Names
//!
//! Several modules have an `Error`, a `Trigger`, an `Options` or a `FindingKind`, so import the module rather than
//! its items (`use wintask::job;`, `job::Trigger`). `use wintask::*` makes the name `time` ambiguous, since it is
//! also a module here; write `::time` for the crate. [`prelude`] imports the traits without their names, so nothing
//! clashes.
//!
//! # Features
//!
//! By default, everything that needs no further dependency is compiled. A program that uses only a part of the crate
//! disables the default features and lists the ones that it needs: `xml` and `schedule`, for example, compile in less
//! than half the time. Modules that are not listed are always available.
//!
//! | feature | adds | needs |
//! |---|---|---|
//! | `job` | [`job`]; with `schedule`, the run times of .JOB files | |
//! | `rpc` | [`ndr`], [`rpc`] and [`client`]; with `schedule`, the run times of AT jobs | `job` |
//! | `eventlog` | [`eventlog`] | |
//! | `xml` | [`xml`] | `eventlog` |
//! | `gpp` | [`gpp`] | `compat`, `xml` |
//! | `command_line` | [`command_line`] | `compat`, `xml` |
//! | `compat` | [`compat`] | `rpc` |
//! | `schedule` | [`schedule`] | `eventlog` |
//! | `security` | [`security`]; without it, only SIDs and accounts | |
//! | `taskcache` | [`taskcache`] | `security` |
//! | `diff` | [`diff`] | |
//! | `reconcile` | [`reconcile`] | `diff`, `gpp`, `taskcache`, `xml` |
//! | `detect` | [`mod@detect`] | `job`, `security` |
//! | `scheduler` | [`scheduler`] | `compat`, `schedule`, `security`, `xml` |
//! | `serde` (off) | serialisation of the public values | |
//! | `iana` (off) | time zones by name, with their database | |
//! | `arbitrary` (off) | `Arbitrary` for the values of the formats, for fuzzers and property tests | |
//!
//! [MS-TSCH]: https://learn.microsoft.com/openspecs/windows_protocols/ms-tsch/
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![deny(missing_docs, unreachable_pub)]
// No panic on any input (ARCHITECTURE.md).
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
// Without all features, some code in lower layers is unused.
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

/// The traits whose methods callers use, imported without names, since a trait and an enum are both called
/// `FindingKind`.
///
/// ```
/// use wintask::{job::{self, FindingKind}, prelude::*};
///
/// let findings = job::recover(b"\x01\x05").findings;
/// let first: &FindingKind = findings.iter().next().ok_or("no finding")?.kind();
/// assert_eq!(first.code(), "job.truncated"); // a method of the trait
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub mod prelude {
    #[doc(no_inline)]
    pub use crate::{dtyp::HasHResult as _, finding::FindingKind as _, time::Zone as _};

    #[cfg(feature = "rpc")]
    #[doc(no_inline)]
    pub use crate::{
        ndr::{Record as _, Shape as _},
        rpc::{Call as _, Message as _},
    };

    #[cfg(feature = "scheduler")]
    #[doc(no_inline)]
    pub use crate::scheduler::{Accounts as _, Method as _};
}

// The most important types.
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

/// Runs the examples in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
