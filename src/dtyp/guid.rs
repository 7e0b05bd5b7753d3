//! GUIDs in wire order ([MS-DTYP] 2.3.4): the first three fields are little-endian, the rest are bytes.

use uuid::Uuid;

/// Reads 16 bytes in wire order.
///
/// ```
/// use wintask::dtyp::guid;
///
/// let wire = [0xeb, 0xcf, 0xf2, 0x0d, 0x93, 0x52, 0xe9, 0x41, 0xa4, 0x5e, 0x73, 0x37, 0x20, 0xc2, 0xe1, 0xfa];
/// let id = guid::from_wire(wire);
/// assert_eq!(id.to_string(), "0df2cfeb-5293-41e9-a45e-733720c2e1fa");
/// assert_eq!(guid::to_wire(id), wire);
/// ```
#[must_use]
pub const fn from_wire(bytes: [u8; 16]) -> Uuid {
    Uuid::from_bytes_le(bytes)
}

/// Returns the 16 bytes in wire order.
#[must_use]
pub const fn to_wire(id: Uuid) -> [u8; 16] {
    id.to_bytes_le()
}

/// The form used in task XML and in generated task names: upper case, in braces (C706, A.3).
///
/// ```
/// let id = uuid::uuid!("0df2cfeb-5293-41e9-a45e-733720c2e1fa");
/// assert_eq!(wintask::dtyp::guid::braced(id), "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}");
/// ```
#[must_use]
pub fn braced(id: Uuid) -> String {
    format!("{:X}", id.braced())
}
