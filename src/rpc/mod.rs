//! The three RPC interfaces ([MS-TSCH] 2.3, 3.2.5, 6): their structures and messages, with encoding and decoding.
//!
//! | interface | module | transport |
//! |---|---|---|
//! | ATSvc: the jobs of `at.exe` | [`atsvc`] | `ncacn_np`, `\PIPE\atsvc` |
//! | SASec: the accounts of .JOB tasks | [`sasec`] | `ncacn_np`, `\PIPE\atsvc` |
//! | ITaskSchedulerService: tasks as XML | [`schrpc`] | `ncacn_ip_tcp`, a dynamic endpoint |
//!
//! Each interface is a single table. It generates a structure for each request and response, their codecs, the enums
//! `Request` and `Response`, and [`Interface::methods`] for programs that handle any message. A parameter has the
//! IDL's name without the Hungarian prefix: `pwszJobName` is `job_name`. A count and its array form a single
//! [`Counted`](crate::ndr::Counted). A rejected call is a response with its status, never an error.
//!
//! ```
//! use wintask::rpc::schrpc::{Request, Response, RunFlags, SchRpcDelete, SchRpcRun};
//!
//! let request = Request::from(SchRpcRun {
//!     path: r"\Microsoft\Windows\Defrag\ScheduledDefrag".into(),
//!     flags: RunFlags::IGNORE_CONSTRAINTS,
//!     ..SchRpcRun::default()
//! });
//! let stub = request.encode()?;
//! assert_eq!(Request::decode(request.opnum(), &stub)?, request);
//!
//! let delete = Request::from(SchRpcDelete { path: r"\a".into(), flags: 0 });
//! assert_eq!(delete.to_string(), "SchRpcDelete\npath: \"\\\\a\"\nflags: 0");
//!
//! // The response of a server that cannot find the task: the status, and out parameters that are zero.
//! let refused = request.failure(0x8007_0002);
//! assert_eq!(refused.encode()?.len(), 16 + 4); // pGuid, status
//! assert_eq!(Response::decode(request.opnum(), &refused.encode()?)?.status().0, 0x8007_0002);
//! # Ok::<(), wintask::ndr::Error>(())
//! ```
//!
//! A message of unknown type can be decoded by opnum, printed, and accessed by field name:
//!
//! ```
//! use wintask::{ndr::Transfer, rpc::{Direction, Interface}};
//!
//! let stub = [3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0x5C, 0, 0x61, 0, 0, 0, 0, 0, 0, 0, 0, 0];
//! let interface = Interface::by_name("ITaskSchedulerService").ok_or("unknown interface")?;
//! let message = interface.decode(13, Direction::Request, &stub, Transfer::NDR20)?;
//! assert_eq!(message.ty().name, "SchRpcDelete");
//! assert_eq!(message.to_string(), "path: \"\\\\a\"\nflags: 0");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the feature `serde`, every message and structure is serialised with the IDL's names, whether or not it is
//! converted to its Rust type. Passwords are hidden unless [`ShowPasswords`](crate::ndr::ShowPasswords) is used.
//!
//! Passwords are transmitted in clear text within the stub, so calls should use the authentication level packet
//! privacy ([`AUTHENTICATION_LEVEL`], [MS-TSCH] 5.1).

mod call;
mod interface;
mod interfaces;
mod macros;
mod message;

pub mod atsvc;
pub mod sasec;
pub mod schrpc;

pub use call::Call;
pub use interface::{Direction, Endpoint, Format, Interface, Method};
pub use interfaces::INTERFACES;
pub use message::Message;

/// `RPC_C_AUTHN_GSS_NEGOTIATE`: the authentication service that a server registers ([MS-TSCH] 2.1). Clients can also
/// use NTLM, 10.
#[doc(alias = "RPC_C_AUTHN_GSS_NEGOTIATE")]
pub const AUTHENTICATION_SERVICE: u8 = 9;

/// `RPC_C_AUTHN_LEVEL_PKT_PRIVACY`: the level that a client uses ([MS-TSCH] 2.1).
#[doc(alias = "RPC_C_AUTHN_LEVEL_PKT_PRIVACY")]
pub const AUTHENTICATION_LEVEL: u8 = 6;
