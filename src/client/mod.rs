//! The client role ([MS-TSCH] 3.1.4): builds the calls for each operation, without sending them.
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
//! Each function returns the request with the parameters that its section specifies. Its fields are public, so a flag
//! or a descriptor can be added. The caller provides the transport: it encodes the request
//! ([`Message::encode`](crate::rpc::Message::encode)), sends it as method [`Call::OPNUM`](crate::rpc::Call::OPNUM) of
//! [`Call::INTERFACE`](crate::rpc::Call::INTERFACE), and decodes the response. [`accepted`] returns a rejected call
//! as an error:
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
//! An operation that needs several calls is a small state machine: [`atsvc::Jobs`], [`schrpc::Names`] and
//! [`schrpc::Tree`]. Its `request` returns the next call, or `None` at the end; its `reply` processes the response.
//! The server is not trusted: an enumeration that does not advance, or exceeds the [`limits`](crate::limits), ends
//! with an [`Error`].

mod error;
mod listing;

pub mod atsvc;
pub mod sasec;
pub mod schrpc;

pub use error::{Error, NameErrorKind, Refused, Status, accepted};
