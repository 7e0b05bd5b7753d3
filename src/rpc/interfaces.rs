//! All interfaces, and finding one.

use super::{Interface, atsvc, sasec, schrpc};
use uuid::Uuid;

/// The three interfaces.
pub static INTERFACES: [&Interface; 3] = [&atsvc::INTERFACE, &sasec::INTERFACE, &schrpc::INTERFACE];

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
}
