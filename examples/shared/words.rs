//! Descriptions for which the library has none.

use uuid::Uuid;

/// As Windows writes it.
pub fn guid(guid: Uuid) -> String {
    format!("{{{:X}}}", guid.hyphenated())
}
