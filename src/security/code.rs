//! Stable names of the errors.

use super::error::ErrorKind;
use crate::finding::FindingKind;

impl FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Expected(_) => "security.expected",
            Self::Unknown(_) => "security.unknown",
            Self::Repeated(_) => "security.repeated",
            Self::OutOfRange(_) => "security.out_of_range",
            Self::NotAllowed(_) => "security.not_allowed",
            Self::Misplaced(_) => "security.misplaced",
            Self::SubAuthorities(_) => "security.sub_authorities",
            Self::TooLarge { .. } => "security.too_large",
            Self::TooDeep => "security.too_deep",
            Self::Truncated { .. } => "security.truncated",
            Self::Revision(_) => "security.revision",
            Self::NotSelfRelative => "security.not_self_relative",
            Self::Offset(_) => "security.offset",
            Self::Size { .. } => "security.size",
        }
    }
}
