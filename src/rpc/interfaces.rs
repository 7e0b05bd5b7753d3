//! All interfaces, and lookup functions.

use super::{Interface, atsvc, sasec, schrpc};
use uuid::Uuid;

/// The three interfaces.
pub static INTERFACES: [&Interface; 3] = [&atsvc::INTERFACE, &sasec::INTERFACE, &schrpc::INTERFACE];

impl Interface {
    /// The interface with this name, as spelled in the specification.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        INTERFACES.into_iter().find(|interface| interface.name == name)
    }

    /// The interface with this identifier.
    #[must_use]
    pub fn by_uuid(uuid: Uuid) -> Option<&'static Self> {
        INTERFACES.into_iter().find(|interface| interface.uuid == uuid)
    }
}
