//! The types and flags of ACEs, with a table of the properties of each type.

use super::codes::key_of;
use crate::dtyp::macros::{flags, open_enum};

open_enum! {
    /// The type of an ACE ([MS-DTYP] 2.4.4.1).
    pub struct AceType(u8) {
        /// Allows, `A`.
        ACCESS_ALLOWED = 0x00 => "ACCESS_ALLOWED_ACE",
        /// Denies, `D`.
        ACCESS_DENIED = 0x01 => "ACCESS_DENIED_ACE",
        /// Audits, `AU`.
        SYSTEM_AUDIT = 0x02 => "SYSTEM_AUDIT_ACE",
        /// Reserved, `AL`.
        SYSTEM_ALARM = 0x03 => "SYSTEM_ALARM_ACE",
        /// Reserved, unknown layout.
        ACCESS_ALLOWED_COMPOUND = 0x04 => "ACCESS_ALLOWED_COMPOUND_ACE",
        /// Allows for a kind of object, `OA`.
        ACCESS_ALLOWED_OBJECT = 0x05 => "ACCESS_ALLOWED_OBJECT_ACE",
        /// Denies for a kind of object, `OD`.
        ACCESS_DENIED_OBJECT = 0x06 => "ACCESS_DENIED_OBJECT_ACE",
        /// Audits for a kind of object, `OU`.
        SYSTEM_AUDIT_OBJECT = 0x07 => "SYSTEM_AUDIT_OBJECT_ACE",
        /// Reserved, `OL`.
        SYSTEM_ALARM_OBJECT = 0x08 => "SYSTEM_ALARM_OBJECT_ACE",
        /// Allows under a condition, `XA`.
        ACCESS_ALLOWED_CALLBACK = 0x09 => "ACCESS_ALLOWED_CALLBACK_ACE",
        /// Denies under a condition, `XD`.
        ACCESS_DENIED_CALLBACK = 0x0A => "ACCESS_DENIED_CALLBACK_ACE",
        /// Allows for a kind of object under a condition, `ZA`.
        ACCESS_ALLOWED_CALLBACK_OBJECT = 0x0B => "ACCESS_ALLOWED_CALLBACK_OBJECT_ACE",
        /// Denies for a kind of object under a condition; not expressible in SDDL.
        ACCESS_DENIED_CALLBACK_OBJECT = 0x0C => "ACCESS_DENIED_CALLBACK_OBJECT_ACE",
        /// Audits under a condition, `XU`.
        SYSTEM_AUDIT_CALLBACK = 0x0D => "SYSTEM_AUDIT_CALLBACK_ACE",
        /// Reserved, unknown layout.
        SYSTEM_ALARM_CALLBACK = 0x0E => "SYSTEM_ALARM_CALLBACK_ACE",
        /// Audits for a kind of object under a condition; not expressible in SDDL.
        SYSTEM_AUDIT_CALLBACK_OBJECT = 0x0F => "SYSTEM_AUDIT_CALLBACK_OBJECT_ACE",
        /// Reserved, unknown layout.
        SYSTEM_ALARM_CALLBACK_OBJECT = 0x10 => "SYSTEM_ALARM_CALLBACK_OBJECT_ACE",
        /// The object's integrity level, `ML`.
        SYSTEM_MANDATORY_LABEL = 0x11 => "SYSTEM_MANDATORY_LABEL_ACE",
        /// A claim about the object, `RA`.
        SYSTEM_RESOURCE_ATTRIBUTE = 0x12 => "SYSTEM_RESOURCE_ATTRIBUTE_ACE",
        /// A central access policy, `SP`.
        SYSTEM_SCOPED_POLICY_ID = 0x13 => "SYSTEM_SCOPED_POLICY_ID_ACE",
        /// The trust level of a protected process, `TL`.
        SYSTEM_PROCESS_TRUST_LABEL = 0x14 => "SYSTEM_PROCESS_TRUST_LABEL_ACE",
        /// A filter on access, `FL`.
        SYSTEM_ACCESS_FILTER = 0x15 => "SYSTEM_ACCESS_FILTER_ACE",
    }
}

/// The effect of an ACE on a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
    None,
}

/// The kind of data after the SID.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    None,
    Condition,
    Claim,
}

/// The properties of a type, in one table for reading, writing and checking (EVIDENCE.md SDDL-03).
pub(super) struct Kind {
    pub(super) ace_type: AceType,
    pub(super) code: Option<&'static str>,
    /// The key of the code, or 0.
    key: u16,
    /// Whether GUIDs precede the SID.
    pub(super) object: bool,
    pub(super) extra: Extra,
    /// Whether it belongs in a DACL rather than a SACL.
    pub(super) dacl: bool,
    pub(super) effect: Effect,
}

const fn kind(
    ace_type: AceType,
    code: Option<&'static str>,
    object: bool,
    extra: Extra,
    dacl: bool,
    effect: Effect,
) -> Option<Kind> {
    let key = match code {
        Some(code) => key_of(code),
        None => 0,
    };
    Some(Kind { ace_type, code, key, object, extra, dacl, effect })
}

/// Indexed by type number.
const KINDS: [Option<Kind>; 0x16] = [
    kind(AceType::ACCESS_ALLOWED, Some("A"), false, Extra::None, true, Effect::Allow),
    kind(AceType::ACCESS_DENIED, Some("D"), false, Extra::None, true, Effect::Deny),
    kind(AceType::SYSTEM_AUDIT, Some("AU"), false, Extra::None, false, Effect::None),
    kind(AceType::SYSTEM_ALARM, Some("AL"), false, Extra::None, false, Effect::None),
    // ACCESS_ALLOWED_COMPOUND: unknown layout.
    None,
    kind(AceType::ACCESS_ALLOWED_OBJECT, Some("OA"), true, Extra::None, true, Effect::Allow),
    kind(AceType::ACCESS_DENIED_OBJECT, Some("OD"), true, Extra::None, true, Effect::Deny),
    kind(AceType::SYSTEM_AUDIT_OBJECT, Some("OU"), true, Extra::None, false, Effect::None),
    kind(AceType::SYSTEM_ALARM_OBJECT, Some("OL"), true, Extra::None, false, Effect::None),
    kind(AceType::ACCESS_ALLOWED_CALLBACK, Some("XA"), false, Extra::Condition, true, Effect::Allow),
    kind(AceType::ACCESS_DENIED_CALLBACK, Some("XD"), false, Extra::Condition, true, Effect::Deny),
    kind(AceType::ACCESS_ALLOWED_CALLBACK_OBJECT, Some("ZA"), true, Extra::Condition, true, Effect::Allow),
    kind(AceType::ACCESS_DENIED_CALLBACK_OBJECT, None, true, Extra::Condition, true, Effect::Deny),
    kind(AceType::SYSTEM_AUDIT_CALLBACK, Some("XU"), false, Extra::Condition, false, Effect::None),
    // SYSTEM_ALARM_CALLBACK: unknown layout.
    None,
    kind(AceType::SYSTEM_AUDIT_CALLBACK_OBJECT, None, true, Extra::Condition, false, Effect::None),
    // SYSTEM_ALARM_CALLBACK_OBJECT: unknown layout.
    None,
    kind(AceType::SYSTEM_MANDATORY_LABEL, Some("ML"), false, Extra::None, false, Effect::None),
    kind(AceType::SYSTEM_RESOURCE_ATTRIBUTE, Some("RA"), false, Extra::Claim, false, Effect::None),
    kind(AceType::SYSTEM_SCOPED_POLICY_ID, Some("SP"), false, Extra::None, false, Effect::None),
    kind(AceType::SYSTEM_PROCESS_TRUST_LABEL, Some("TL"), false, Extra::None, false, Effect::None),
    kind(AceType::SYSTEM_ACCESS_FILTER, Some("FL"), false, Extra::Condition, false, Effect::None),
];

// Each row is at its type's number.
const _: () = {
    let mut rest: &[Option<Kind>] = &KINDS;
    let mut number = 0;
    while let [kind, after @ ..] = rest {
        if let Some(kind) = kind {
            assert!(kind.ace_type.0 == number, "a row is not at its type's number");
        }
        rest = after;
        number += 1;
    }
};

impl Kind {
    /// The row for a code of one or two letters, ignoring case.
    pub(super) fn by_code(code: &str) -> Option<&'static Self> {
        let key = key_of(code);
        KINDS.iter().flatten().find(|kind| kind.key == key && key != 0)
    }
}

impl AceType {
    /// The properties of the type; `None` if its layout is unknown.
    #[inline]
    pub(super) fn kind(self) -> Option<&'static Kind> {
        KINDS.get(usize::from(self.0))?.as_ref()
    }

    /// Returns the SDDL code of the type ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn code(self) -> Option<&'static str> {
        self.kind()?.code
    }

    pub(super) fn effect(self) -> Effect {
        self.kind().map_or(Effect::None, |kind| kind.effect)
    }

    pub(super) fn is_object(self) -> bool {
        self.kind().is_some_and(|kind| kind.object)
    }
}

flags! {
    /// How an ACE is inherited and audited ([MS-DTYP] 2.4.4.1).
    pub struct AceFlags(u8) {
        /// Leaf children inherit it, `OI`.
        OBJECT_INHERIT = 0x01 => "OBJECT_INHERIT_ACE",
        /// Container children inherit it, `CI`.
        CONTAINER_INHERIT = 0x02 => "CONTAINER_INHERIT_ACE",
        /// Children inherit it, but grandchildren do not, `NP`.
        NO_PROPAGATE_INHERIT = 0x04 => "NO_PROPAGATE_INHERIT_ACE",
        /// It does not apply to the object itself, `IO`.
        INHERIT_ONLY = 0x08 => "INHERIT_ONLY_ACE",
        /// It was inherited, `ID`.
        INHERITED = 0x10 => "INHERITED_ACE",
        /// It must not be removed, `CR`.
        CRITICAL = 0x20 => "CRITICAL_ACE_FLAG",
        /// Audits success, `SA`; in an access filter, `TP`.
        SUCCESSFUL_ACCESS = 0x40 => "SUCCESSFUL_ACCESS_ACE_FLAG",
        /// Audits failure, `FA`.
        FAILED_ACCESS = 0x80 => "FAILED_ACCESS_ACE_FLAG",
    }
}

impl AceFlags {
    /// The four bits that control inheritance.
    pub const INHERITANCE: Self = Self(0x0F);
}
