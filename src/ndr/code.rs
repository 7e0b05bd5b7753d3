//! Stable codes of the errors.

use super::error::ErrorKind;
use crate::finding::FindingKind;

impl FindingKind for ErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "ndr.truncated",
            Self::TrailingData { .. } => "ndr.trailing",
            Self::TooManyElements { .. } => "ndr.too_many_elements",
            Self::SizeIs { .. } => "ndr.size_is",
            Self::Offset(_) => "ndr.offset",
            Self::BeyondMaximum { .. } => "ndr.beyond_maximum",
            Self::Unterminated(_) => "ndr.unterminated",
            Self::OutOfRange { .. } => "ndr.out_of_range",
            Self::NullReference => "ndr.null_reference",
            Self::Cyclic(_) => "ndr.cyclic",
            Self::MixedReferent(_) => "ndr.mixed_referent",
            Self::TooDeep => "ndr.too_deep",
            Self::UnresolvedInNdr64(_) => "ndr.unresolved_in_ndr64",
            Self::TooLong(_) => "ndr.too_long",
            Self::NoSuchMethod(_) => "ndr.no_such_method",
            Self::Mismatch { .. } => "ndr.mismatch",
            Self::FieldCount { .. } => "ndr.field_count",
        }
    }
}
