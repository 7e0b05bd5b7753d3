//! The three RPC interfaces ([MS-TSCH] 2.3, 3.2.5, 6): their structures and messages, encoded and decoded both ways.
//!
//! | interface | module | over |
//! |---|---|---|
//! | ATSvc: the jobs of `at.exe` | [`atsvc`] | `ncacn_np`, `\PIPE\atsvc` |
//! | SASec: the accounts of .JOB tasks | [`sasec`] | `ncacn_np`, `\PIPE\atsvc` |
//! | ITaskSchedulerService: tasks as XML | [`schrpc`] | `ncacn_ip_tcp`, a dynamic endpoint |
//!
//! Each interface is one table, from which come a structure per request and per response, their codec, the enums
//! `Request` and `Response` over all of them, and [`Interface::methods`] for programs that deal with any message.
//! A parameter has the IDL's name without its Hungarian prefix: `pwszJobName` is `job_name`. A count and the array that
//! it counts are one [`Counted`](crate::ndr::Counted). A refused call is a response with its status, never an error.
//!
//! ```
//! use wintask::rpc::schrpc::{Request, Response, RunFlags, SchRpcRun};
//!
//! let request = Request::from(SchRpcRun {
//!     path: r"\Microsoft\Windows\Defrag\ScheduledDefrag".into(),
//!     flags: RunFlags::IGNORE_CONSTRAINTS,
//!     ..SchRpcRun::default()
//! });
//! let stub = request.encode()?;
//! assert_eq!(Request::decode(request.opnum(), &stub)?, request);
//!
//! // A server that does not know the task answers so, with its out parameters zero.
//! let refused = request.failure(0x8007_0002);
//! assert_eq!(refused.encode()?.len(), 16 + 4); // pGuid, status
//! assert_eq!(Response::decode(request.opnum(), &refused.encode()?)?.status().0, 0x8007_0002);
//! # Ok::<(), wintask::ndr::Error>(())
//! ```
//!
//! Call them over an authentication level of packet privacy ([`AUTHENTICATION_LEVEL`]): passwords travel in the clear
//! within the stub ([MS-TSCH] 5.1).

mod macros;

pub mod atsvc;
pub mod sasec;
pub mod schrpc;

use crate::{
    error::Place,
    ndr::{Error, ErrorKind, Field, Reader, Result, Shape, Transfer, Value, Writer},
};
use uuid::Uuid;

/// The three interfaces.
pub static INTERFACES: [&Interface; 3] = [&atsvc::INTERFACE, &sasec::INTERFACE, &schrpc::INTERFACE];

/// `RPC_C_AUTHN_GSS_NEGOTIATE`: the authentication service that a server registers ([MS-TSCH] 2.1). A client may also
/// ask for NTLM, 10.
#[doc(alias = "RPC_C_AUTHN_GSS_NEGOTIATE")]
pub const AUTHENTICATION_SERVICE: u8 = 9;

/// `RPC_C_AUTHN_LEVEL_PKT_PRIVACY`: the level that a client uses ([MS-TSCH] 2.1).
#[doc(alias = "RPC_C_AUTHN_LEVEL_PKT_PRIVACY")]
pub const AUTHENTICATION_LEVEL: u8 = 6;

/// An interface: how it is bound to ([MS-TSCH] 1.9, 2.1) and its methods.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Interface {
    /// Its name in the IDL.
    pub name: &'static str,
    /// Its identifier.
    pub uuid: Uuid,
    /// Its major and minor version.
    pub version: (u16, u16),
    /// Where it listens.
    pub endpoint: Endpoint,
    /// Its methods by opnum, without gaps.
    pub methods: &'static [Method],
}

/// Where an interface listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// A well-known named pipe (`ncacn_np`).
    NamedPipe(&'static str),
    /// A TCP port that the endpoint mapper knows (`ncacn_ip_tcp`).
    DynamicTcp,
}

impl Endpoint {
    /// The RPC protocol sequence.
    #[must_use]
    pub const fn protocol_sequence(self) -> &'static str {
        match self {
            Self::NamedPipe(_) => "ncacn_np",
            Self::DynamicTcp => "ncacn_ip_tcp",
        }
    }
}

/// A method: its number, its names, its two messages.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Method {
    /// Its number in the interface.
    pub opnum: u16,
    /// Its name.
    pub name: &'static str,
    /// Its section in [MS-TSCH].
    pub section: &'static str,
    /// What the client sends.
    pub request: Format,
    /// What the server answers.
    pub response: Format,
}

/// A message without its Rust type.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Format {
    /// Its parameters; a response's last one is `status`, the return value.
    pub parameters: &'static [Field],
    /// Decodes a stub.
    pub decode: fn(&[u8], Transfer) -> Result<Value>,
    /// Encodes a value.
    pub encode: fn(&Value, Transfer) -> Result<Vec<u8>>,
}

impl Interface {
    /// The interface of this name, as the specification spells it.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        INTERFACES.into_iter().find(|interface| interface.name == name)
    }

    /// The interface of this identifier.
    #[must_use]
    pub fn by_uuid(uuid: Uuid) -> Option<&'static Self> {
        INTERFACES.into_iter().find(|interface| interface.uuid == uuid)
    }

    /// The method of this number.
    #[must_use]
    pub fn method(&self, opnum: u16) -> Option<&'static Method> {
        self.methods.get(usize::from(opnum))
    }

    /// One direction of the method of this number.
    ///
    /// ```
    /// use wintask::{ndr::{Transfer, Value}, rpc::{Direction, schrpc}};
    ///
    /// let format = schrpc::INTERFACE.format(0, Direction::Response)?;
    /// assert_eq!(format.parameters[0].name, "pVersion");
    /// let value = (format.decode)(&[6, 0, 1, 0, 0, 0, 0, 0], Transfer::NDR20)?;
    /// assert_eq!(value, Value::Structure(vec![Value::Number(0x0001_0006), Value::Number(0)]));
    /// # Ok::<(), wintask::ndr::Error>(())
    /// ```
    ///
    /// # Errors
    /// An opnum that the interface has not.
    pub fn format(&self, opnum: u16, direction: Direction) -> Result<&'static Format> {
        let method = self.method(opnum).ok_or_else(|| no_such_method(opnum))?;
        Ok(match direction {
            Direction::Request => &method.request,
            Direction::Response => &method.response,
        })
    }
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there are two ways")]
pub enum Direction {
    /// To the server.
    Request,
    /// Back to the client.
    Response,
}

impl Direction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Request, Self::Response];

    /// The direction of this name: `request` or `response`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "request" => Some(Self::Request),
            "response" => Some(Self::Response),
            _ => None,
        }
    }
}

/// The parameters of one direction of a call.
pub trait Message: Shape {
    /// Reads the parameters in order.
    ///
    /// # Errors
    /// What is wrong with the stub, and where.
    fn read(reader: &mut Reader<'_>) -> Result<Self>;

    /// Writes the parameters in order.
    ///
    /// # Errors
    /// What cannot be said on the wire.
    fn write(&self, writer: &mut Writer) -> Result<()>;

    /// The most bytes that [`Message::write`] writes.
    fn most(&self, transfer: Transfer) -> usize;

    /// Decodes a whole stub of NDR 2.0, little-endian, as Windows sends it.
    ///
    /// # Errors
    /// What is wrong with the stub, and where; bytes left over are an error.
    fn decode(stub: &[u8]) -> Result<Self> {
        Self::decode_as(stub, Transfer::NDR20)
    }

    /// Decodes a whole stub.
    ///
    /// # Errors
    /// What is wrong with the stub, and where; bytes left over are an error.
    fn decode_as(stub: &[u8], transfer: Transfer) -> Result<Self> {
        let mut reader = Reader::new(stub, transfer);
        let message = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(message)
    }

    /// Encodes a stub of NDR 2.0, little-endian. It holds passwords in the clear, and is the caller's to wipe.
    ///
    /// # Errors
    /// What cannot be said on the wire.
    fn encode(&self) -> Result<Vec<u8>> {
        self.encode_as(Transfer::NDR20)
    }

    /// Encodes a stub. Room for it is made once, so that no part of a password stays behind in memory given back.
    ///
    /// # Errors
    /// What cannot be said on the wire.
    fn encode_as(&self, transfer: Transfer) -> Result<Vec<u8>> {
        let mut writer = Writer::with_room(transfer, self.most(transfer));
        self.write(&mut writer)?;
        Ok(writer.into_stub())
    }
}

/// A request, and what belongs to it.
pub trait Call: Message {
    /// The method's number.
    const OPNUM: u16;

    /// What the server answers.
    type Response: Message;

    /// The type of the return value.
    type Status: From<u32>;

    /// The response of a call that failed: pointers NULL, counts and numbers 0, and what is `[in, out]` as it came.
    fn failure(&self, status: impl Into<Self::Status>) -> Self::Response;
}

/// The error of an opnum that an interface has not.
fn no_such_method(opnum: u16) -> Error {
    Error::new(ErrorKind::NoSuchMethod(opnum), Place::bytes(0..0, "opnum"))
}
