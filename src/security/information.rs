//! Selects parts of a descriptor.

use super::{
    ace_type::AceType,
    acl::{Acl, AclPart},
    descriptor::{Control, SecurityDescriptor},
    mask::AccessMask,
};
use crate::dtyp::macros::flags;

flags! {
    /// The parts of a descriptor (SECURITY_INFORMATION, [MS-DTYP] 2.4.7) that a `SchRpcGetSecurity` call requests
    /// ([MS-TSCH] 3.2.5.4.6).
    pub struct SecurityInformation(u32) {
        /// The owner.
        OWNER = 0x0000_0001 => "OWNER_SECURITY_INFORMATION",
        /// The primary group.
        GROUP = 0x0000_0002 => "GROUP_SECURITY_INFORMATION",
        /// The DACL.
        DACL = 0x0000_0004 => "DACL_SECURITY_INFORMATION",
        /// The audit entries of the SACL, and other entries without their own bit.
        SACL = 0x0000_0008 => "SACL_SECURITY_INFORMATION",
        /// The integrity label in the SACL.
        LABEL = 0x0000_0010 => "LABEL_SECURITY_INFORMATION",
        /// The claims in the SACL.
        ATTRIBUTE = 0x0000_0020 => "ATTRIBUTE_SECURITY_INFORMATION",
        /// The central access policy in the SACL.
        SCOPE = 0x0000_0040 => "SCOPE_SECURITY_INFORMATION",
        /// The trust label in the SACL.
        PROCESS_TRUST_LABEL = 0x0000_0080 => "PROCESS_TRUST_LABEL_SECURITY_INFORMATION",
        /// Everything.
        BACKUP = 0x0001_0000 => "BACKUP_SECURITY_INFORMATION",
        /// When setting: the SACL inherits again.
        UNPROTECTED_SACL = 0x1000_0000 => "UNPROTECTED_SACL_SECURITY_INFORMATION",
        /// When setting: the DACL inherits again.
        UNPROTECTED_DACL = 0x2000_0000 => "UNPROTECTED_DACL_SECURITY_INFORMATION",
        /// When setting: the SACL no longer inherits.
        PROTECTED_SACL = 0x4000_0000 => "PROTECTED_SACL_SECURITY_INFORMATION",
        /// When setting: the DACL no longer inherits.
        PROTECTED_DACL = 0x8000_0000 => "PROTECTED_DACL_SECURITY_INFORMATION",
    }
}

impl SecurityInformation {
    /// The bits for parts of the SACL.
    const IN_SACL: Self =
        Self(Self::SACL.0 | Self::LABEL.0 | Self::ATTRIBUTE.0 | Self::SCOPE.0 | Self::PROCESS_TRUST_LABEL.0);

    /// Returns the rights required to read these parts ([MS-DTYP] 2.4.7): READ_CONTROL, and ACCESS_SYSTEM_SECURITY
    /// for audit entries.
    ///
    /// ```
    /// use wintask::security::{AccessMask, SecurityInformation};
    ///
    /// let asked = SecurityInformation::OWNER | SecurityInformation::DACL;
    /// assert_eq!(asked.rights_to_read(), AccessMask::READ_CONTROL);
    /// ```
    #[must_use]
    pub fn rights_to_read(self) -> AccessMask {
        let everything = self.contains(Self::BACKUP);
        let audits = everything || self.contains(Self::SACL);
        let others = Self(0xFF).without(Self::SACL);
        let control = everything || self.0 & others.0 != 0;
        let mut rights = AccessMask::NONE;
        if control {
            rights = rights | AccessMask::READ_CONTROL;
        }
        if audits {
            rights = rights | AccessMask::ACCESS_SYSTEM_SECURITY;
        }
        rights
    }

    /// The bit for an ACE of a SACL.
    fn of(ace_type: AceType) -> Self {
        match ace_type {
            AceType::SYSTEM_MANDATORY_LABEL => Self::LABEL,
            AceType::SYSTEM_RESOURCE_ATTRIBUTE => Self::ATTRIBUTE,
            AceType::SYSTEM_SCOPED_POLICY_ID => Self::SCOPE,
            AceType::SYSTEM_PROCESS_TRUST_LABEL => Self::PROCESS_TRUST_LABEL,
            _ => Self::SACL,
        }
    }
}

impl SecurityDescriptor {
    /// Returns the selected parts ([MS-DTYP] 2.4.7, [MS-TSCH] 3.2.5.4.6), each with its control bits.
    ///
    /// The SACL's label, claims and policy have their own bits; [`SecurityInformation::SACL`] selects the rest. Bits
    /// that apply only to setting a descriptor are ignored.
    ///
    /// ```
    /// use wintask::security::{SecurityDescriptor, SecurityInformation};
    ///
    /// let task: SecurityDescriptor = "O:BAG:SYD:P(A;;FA;;;SY)S:(AU;FA;FW;;;WD)(ML;;NW;;;HI)".parse()?;
    /// let asked = SecurityInformation::OWNER | SecurityInformation::DACL;
    /// assert_eq!(task.select(asked).to_string(), "O:BAD:P(A;;FA;;;SY)");
    /// assert_eq!(task.select(SecurityInformation::LABEL).to_string(), "S:(ML;;NW;;;HI)");
    /// assert_eq!(task.select(SecurityInformation::BACKUP), task);
    /// # Ok::<(), wintask::security::Error>(())
    /// ```
    #[must_use]
    pub fn select(&self, information: SecurityInformation) -> Self {
        if information.contains(SecurityInformation::BACKUP) {
            return self.clone();
        }
        let asked = |part| information.contains(part);
        let mut selected = Self::new();
        if asked(SecurityInformation::OWNER) {
            selected.owner = self.owner;
            selected.keep(self, Control::OWNER_DEFAULTED);
        }
        if asked(SecurityInformation::GROUP) {
            selected.group = self.group;
            selected.keep(self, Control::GROUP_DEFAULTED);
        }
        if asked(SecurityInformation::DACL) {
            selected.dacl = self.dacl.clone();
            selected.keep(self, Control::OF_DACL);
        }
        if information.0 & SecurityInformation::IN_SACL.0 != 0 {
            selected.sacl = self.part_of_sacl(information);
        }
        if asked(SecurityInformation::SACL) {
            selected.keep(self, Control::OF_SACL);
        }
        selected
    }

    fn keep(&mut self, from: &Self, bits: Control) {
        self.control = self.control | Control(from.control.0 & bits.0);
    }

    /// The selected ACEs of the SACL; an empty list only if the SACL itself was selected.
    fn part_of_sacl(&self, information: SecurityInformation) -> AclPart {
        let whole = information.contains(SecurityInformation::SACL);
        let AclPart::Present(acl) = &self.sacl else {
            return if whole { self.sacl.clone() } else { AclPart::Absent };
        };
        let asked = acl.aces.iter().filter(|ace| information.contains(SecurityInformation::of(ace.ace_type)));
        let aces: Vec<_> = asked.cloned().collect();
        if aces.is_empty() && !whole { AclPart::Absent } else { Acl::new(aces).into() }
    }
}
