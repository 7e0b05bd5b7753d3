//! A trait for all messages.

use crate::ndr::{Reader, Record, Result, Transfer, Writer};

/// The parameters of one direction of a call.
///
/// ```
/// use wintask::rpc::{Message, schrpc::SchRpcDelete};
///
/// let call = SchRpcDelete { path: r"\Contoso\Backup".into(), flags: 0 };
/// let stub = call.encode()?;
/// assert_eq!(SchRpcDelete::decode(&stub)?, call);
///
/// let error = SchRpcDelete::decode(&stub[..8]).unwrap_err();
/// assert_eq!(error.place().offset(), Some(8));
/// # Ok::<(), wintask::ndr::Error>(())
/// ```
pub trait Message: Record {
    /// Reads the parameters in order.
    ///
    /// # Errors
    /// An invalid stub, with the location.
    fn read(reader: &mut Reader<'_>) -> Result<Self>;

    /// Writes the parameters in order.
    ///
    /// # Errors
    /// A value that the wire cannot represent.
    fn write(&self, writer: &mut Writer) -> Result<()>;

    /// The maximum number of bytes that [`Message::write`] writes.
    fn most(&self, transfer: Transfer) -> usize;

    /// Decodes a whole stub of NDR 2.0, little-endian, as Windows sends it.
    ///
    /// # Errors
    /// An invalid stub, with the location; excess bytes are an error.
    fn decode(stub: &[u8]) -> Result<Self> {
        Self::decode_as(stub, Transfer::NDR20)
    }

    /// Decodes a whole stub.
    ///
    /// # Errors
    /// An invalid stub, with the location; excess bytes are an error.
    fn decode_as(stub: &[u8], transfer: Transfer) -> Result<Self> {
        let mut reader = Reader::new(stub, transfer);
        let message = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(message)
    }

    /// Encodes a stub of NDR 2.0, little-endian. Passwords are in clear text; the caller must wipe them.
    ///
    /// # Errors
    /// A value that the wire cannot represent.
    fn encode(&self) -> Result<Vec<u8>> {
        self.encode_as(Transfer::NDR20)
    }

    /// Encodes a stub. The buffer is allocated only once, so that no copy of a password remains in freed memory.
    ///
    /// # Errors
    /// A value that the wire cannot represent.
    fn encode_as(&self, transfer: Transfer) -> Result<Vec<u8>> {
        let mut writer = Writer::with_room(transfer, self.most(transfer));
        self.write(&mut writer)?;
        Ok(writer.into_stub())
    }
}
