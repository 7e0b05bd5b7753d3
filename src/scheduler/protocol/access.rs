//! The rights of callers ([MS-TSCH] 3.2.5.4).

use crate::{
    scheduler::{context::Caller, state::State},
    security::{AccessMask, GenericMapping, SecurityDescriptor, access_check},
};

/// Whether a descriptor grants a caller these rights. Everyone has access to an object without a descriptor.
pub(super) fn has(descriptor: Option<&SecurityDescriptor>, caller: &Caller, rights: AccessMask) -> bool {
    descriptor.is_none_or(|descriptor| {
        access_check(descriptor, &caller.token, rights, &GenericMapping::FILE).allowed
    })
}

/// The same, except that Windows grants administrators all rights ([MS-TSCH] notes 70, 79; EVIDENCE.md SDDL-19).
pub(super) fn has_or_administers(
    state: &State,
    descriptor: Option<&SecurityDescriptor>,
    caller: &Caller,
    rights: AccessMask,
) -> bool {
    (state.options.is_windows() && caller.administrator) || has(descriptor, caller, rights)
}

/// Whether a caller can read an object.
pub(super) fn reads(descriptor: Option<&SecurityDescriptor>, caller: &Caller) -> bool {
    has(descriptor, caller, AccessMask::FILE_GENERIC_READ)
}

/// Whether a caller can write an object.
pub(super) fn writes(descriptor: Option<&SecurityDescriptor>, caller: &Caller) -> bool {
    has(descriptor, caller, AccessMask::FILE_GENERIC_WRITE)
}

/// Whether a caller can read or write an object, so that enumerations include it.
pub(super) fn sees(descriptor: Option<&SecurityDescriptor>, caller: &Caller) -> bool {
    reads(descriptor, caller) || writes(descriptor, caller)
}
