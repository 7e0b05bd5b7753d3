//! The interfaces as data, for programs that handle any of their messages.

use super::Message;
use crate::ndr::{Error, ErrorKind, Record, Result, Structure, StructureType, Transfer, unplaced};
use std::fmt;
use uuid::Uuid;

/// An interface: the facts of its binding ([MS-TSCH] 1.9, 2.1) and its methods.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// A well-known named pipe (`ncacn_np`).
    NamedPipe(&'static str),
    /// A TCP port registered with the endpoint mapper (`ncacn_ip_tcp`).
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
    /// Its number within the interface.
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

/// The form of a message, for programs that handle messages of all kinds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Format {
    /// The parameters; the last one of a response is `status`, the return value. With the feature `serde`, a
    /// `DeserializeSeed` for messages of this form.
    pub ty: &'static StructureType,
    decode: fn(&[u8], Transfer) -> Result<Structure>,
    encode: fn(Structure, Transfer) -> Result<Vec<u8>>,
}

impl Format {
    pub(super) const fn of<T: Message>() -> Self {
        Self {
            ty: T::STRUCTURE,
            decode: |stub, transfer| T::decode_as(stub, transfer).map(Record::into_structure),
            encode: |message, transfer| T::from_structure(message)?.encode_as(transfer),
        }
    }

    /// Decodes a whole stub.
    ///
    /// # Errors
    /// What is wrong with the stub, and where; bytes left over are an error.
    pub fn decode(&self, stub: &[u8], transfer: Transfer) -> Result<Structure> {
        (self.decode)(stub, transfer)
    }

    /// Encodes a message.
    ///
    /// # Errors
    /// The part of the message that is not of its type, or that the wire cannot represent.
    pub fn encode(&self, message: Structure, transfer: Transfer) -> Result<Vec<u8>> {
        (self.encode)(message, transfer)
    }
}

impl Interface {
    /// The method of this number.
    #[must_use]
    pub fn method(&self, opnum: u16) -> Option<&'static Method> {
        self.methods.get(usize::from(opnum))
    }

    /// The form of a message of the method of this number.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchMethod`] if the interface does not have it.
    pub fn format(&self, opnum: u16, direction: Direction) -> Result<&'static Format> {
        let method = self.method(opnum).ok_or_else(|| no_such_method(opnum))?;
        Ok(match direction {
            Direction::Request => &method.request,
            Direction::Response => &method.response,
        })
    }

    /// Decodes a message of the method of this number.
    ///
    /// ```
    /// use wintask::{ndr::{Transfer, Value}, rpc::{Direction, schrpc}};
    ///
    /// let stub = [6, 0, 1, 0, 0, 0, 0, 0];
    /// let message = schrpc::INTERFACE.decode(0, Direction::Response, &stub, Transfer::NDR20)?;
    /// assert_eq!(message.get("pVersion"), Some(&Value::Number(0x0001_0006)));
    /// # Ok::<(), wintask::ndr::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchMethod`]; what is wrong with the stub, and where.
    pub fn decode(
        &self,
        opnum: u16,
        direction: Direction,
        stub: &[u8],
        transfer: Transfer,
    ) -> Result<Structure> {
        self.format(opnum, direction)?.decode(stub, transfer)
    }
}

/// The error for a number that no method of an interface has.
pub(super) fn no_such_method(opnum: u16) -> Error {
    unplaced(ErrorKind::NoSuchMethod(opnum)).within("opnum")
}

/// The direction of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there are two directions")]
pub enum Direction {
    /// To the server.
    Request,
    /// Back to the client.
    Response,
}

impl Direction {
    /// Both directions.
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

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}
