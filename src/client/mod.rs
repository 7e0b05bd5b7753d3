//! The client role ([MS-TSCH] 3.1.4): which calls carry out what an application wants, without sending any of them.
//!
//! | operation | ATSvc | SASec | ITaskSchedulerService |
//! |---|---|---|---|
//! | add a task | [`atsvc::add`] | [`sasec::add`] | [`schrpc::register`], [`schrpc::create_folder`] |
//! | delete | [`atsvc::delete`] | [`sasec::delete`] | [`schrpc::delete`] |
//! | modify | – | [`sasec::read`], [`sasec::modify`] | [`schrpc::update`], [`schrpc::enable`], [`schrpc::set_task_security`] |
//! | retrieve | [`atsvc::job`] | [`sasec::read`], [`sasec::parse`] | [`schrpc::retrieve`], [`schrpc::task_info`], … |
//! | enumerate | [`atsvc::Jobs`] | [`sasec::list`], [`sasec::valid_jobs`] | [`schrpc::Names`], [`schrpc::Tree`], [`schrpc::instances`] |
//! | control | – | – | [`schrpc::run`], [`schrpc::stop`], [`schrpc::stop_instance`] |
//! | accounts | – | [`sasec::set_account`], [`sasec::set_at_account`], … | – |
//!
//! A function returns the request with the parameters that its section asks for; its fields are public, for a flag or a
//! descriptor more. The transport belongs to the caller, who encodes the request
//! ([`Message::encode`](crate::rpc::Message::encode)), sends it as method [`Call::OPNUM`](crate::rpc::Call::OPNUM) of
//! [`Call::INTERFACE`](crate::rpc::Call::INTERFACE), and decodes the answer. [`accepted`] separates what the server
//! accepted from what it refused:
//!
//! ```
//! use time::{UtcOffset, macros::datetime};
//! use wintask::{client::{accepted, schrpc}, ndr::Transfer, rpc::{Call, Message}};
//! use wintask::scheduler::{Context, Machine, NoAccounts, Options, State};
//!
//! /// The transport: here, a scheduler in the same program.
//! fn call<C: Call>(server: &mut State, request: &C) -> Result<C::Response, Box<dyn std::error::Error>> {
//!     let machine = Machine::default();
//!     let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
//!     let step = server.dispatch(&context, C::INTERFACE, C::OPNUM, &request.encode()?, Transfer::NDR20);
//!     Ok(C::Response::decode(&step.reply?)?)
//! }
//!
//! let mut server = State::new(Options::default(), 1);
//! let create = schrpc::create_folder(r"\Example", None);
//! let answer = call(&mut server, &create)?;
//! assert!(accepted(&create, answer).is_ok());
//!
//! let missing = schrpc::delete(r"\Example\Backup");
//! let answer = call(&mut server, &missing)?;
//! let refused = accepted(&missing, answer).unwrap_err();
//! assert_eq!(refused.to_string(), "SchRpcDelete was refused: ERROR_FILE_NOT_FOUND (0x80070002)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where one operation takes several calls, a small state machine yields them: [`atsvc::Jobs`], [`schrpc::Names`] and
//! [`schrpc::Tree`]. Its `request` returns the next call, or `None` at the end; its `reply` takes the answer. A server is
//! not trusted: an enumeration that does not advance, or grows beyond [`limits`](crate::limits), ends with an [`Error`].

mod error;
mod listing;

pub mod atsvc;
pub mod sasec;
pub mod schrpc;

pub use error::{Error, NameErrorKind, Refused, Status, accepted};
