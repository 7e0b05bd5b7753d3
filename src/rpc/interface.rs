//! The interfaces as data, for programs that handle all their messages.

use super::Message;
use crate::ndr::{Error, ErrorKind, Record, Result, Structure, StructureType, Transfer, unplaced};
use uuid::Uuid;

/// An interface: its binding ([MS-TSCH] 1.9, 2.1) and its methods.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Interface {
    /// Its name in the IDL.
    pub name: &'static str,
    /// Its identifier.
    pub uuid: Uuid,
    /// Its major and minor version.
    pub version: (u16, u16),
    /// Its endpoint.
    pub endpoint: Endpoint,
    /// Its methods by opnum, without gaps.
    pub methods: &'static [Method],
}

/// The endpoint of an interface.
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

/// A method: its opnum, its names, and its two messages.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Method {
    /// Its opnum.
    pub opnum: u16,
    /// Its name.
    pub name: &'static str,
    /// Its section in [MS-TSCH].
    pub section: &'static str,
    /// The request.
    pub request: Format,
    /// The response.
    pub response: Format,
}

/// The format of a message, for programs that handle messages of any kind.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Format {
    /// The parameters; the last one of a response is `status`, the return value. With the feature `serde`, this is a
    /// `DeserializeSeed` for messages of this format.
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
    /// An invalid stub, with the location; excess bytes are an error.
    pub fn decode(&self, stub: &[u8], transfer: Transfer) -> Result<Structure> {
        (self.decode)(stub, transfer)
    }

    /// Encodes a message.
    ///
    /// # Errors
    /// A part of the message that has the wrong type, or that the wire cannot represent.
    pub fn encode(&self, message: Structure, transfer: Transfer) -> Result<Vec<u8>> {
        (self.encode)(message, transfer)
    }
}

impl Interface {
    /// The method with this opnum.
    #[must_use]
    pub fn method(&self, opnum: u16) -> Option<&'static Method> {
        self.methods.get(usize::from(opnum))
    }

    /// The format of a message of the method with this opnum.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchMethod`] if the opnum does not exist.
    pub fn format(&self, opnum: u16, direction: Direction) -> Result<&'static Format> {
        let method = self.method(opnum).ok_or_else(|| no_such_method(opnum))?;
        Ok(match direction {
            Direction::Request => &method.request,
            Direction::Response => &method.response,
        })
    }

    /// Decodes a message of the method with this opnum.
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
    /// [`ErrorKind::NoSuchMethod`] if the opnum does not exist, or an invalid stub, with the location.
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

/// The error for an opnum that an interface does not have.
pub(super) fn no_such_method(opnum: u16) -> Error {
    unplaced(ErrorKind::NoSuchMethod(opnum)).within("opnum")
}

/// The direction of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "there are two directions")]
pub enum Direction {
    /// To the server.
    Request,
    /// Back to the client.
    Response,
}

crate::dtyp::macros::choice! {
    Direction {
        Request = "request",
        Response = "response",
    }
}
