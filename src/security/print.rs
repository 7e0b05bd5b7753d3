//! Prints SDDL ([MS-DTYP] 2.5.1.1).

use super::{
    ace::{Ace, AceData},
    ace_type::{AceFlags, AceType, Extra},
    acl::AclPart,
    descriptor::SecurityDescriptor,
    error::BuildError,
    mask,
    sddl::{DACL, FLAGS, NO_ACCESS_CONTROL, SACL, Side, TRUST_PROTECTED},
};
use std::fmt::{self, Write};

impl SecurityDescriptor {
    /// Returns the descriptor as SDDL ([MS-DTYP] 2.5.1.1).
    ///
    /// SDDL cannot express control bits other than `P`, `AR` and `AI`, the resource manager's byte, and unused space
    /// in an ACL; these are omitted.
    ///
    /// # Errors
    /// An ACE whose type has no code, an ACE in the wrong ACL, or data without a text form. [`Display`](fmt::Display)
    /// prints these as well, in a form that cannot be parsed.
    pub fn to_sddl(&self) -> Result<String, BuildError> {
        for (part, side) in [(&self.dacl, &DACL), (&self.sacl, &SACL)] {
            let mut aces = part.aces().iter().enumerate();
            if let Some((index, ace)) = aces.find(|(_, ace)| !has_sddl(ace, side)) {
                return Err(BuildError::NoSddl { ace_type: ace.ace_type, index });
            }
        }
        Ok(self.to_string())
    }
}

/// Whether SDDL can express the ACE.
fn has_sddl(ace: &Ace, side: &Side) -> bool {
    let Some(kind) = ace.ace_type.kind() else { return false };
    let object = ace.object_type().is_some() || ace.inherited_object_type().is_some();
    // An allowing object ACE without GUIDs is parsed as a plain ACE.
    let plain = ace.ace_type == AceType::ACCESS_ALLOWED_OBJECT && !object;
    let named = kind.code.is_some() && kind.dacl == side.dacl && (kind.object || !object) && !plain;
    let spelled = match (ace.data(), kind.extra) {
        (AceData::None, Extra::None) => true,
        (AceData::Condition(condition), Extra::Condition) => condition.has_sddl(),
        (AceData::Claim(claim), Extra::Claim) => claim.has_sddl(),
        _ => false,
    };
    named && spelled
}

impl fmt::Display for SecurityDescriptor {
    /// Formats the descriptor as SDDL; if [`to_sddl`](SecurityDescriptor::to_sddl) fails, with types and data in
    /// hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (letter, trustee) in [("O", &self.owner), ("G", &self.group)] {
            if let Some(trustee) = trustee {
                write!(f, "{letter}:{trustee}")?;
            }
        }
        for (part, side) in [(&self.dacl, &DACL), (&self.sacl, &SACL)] {
            if *part == AclPart::Absent {
                continue;
            }
            write!(f, "{}:", side.letter)?;
            for (code, _) in side.flags.iter().filter(|(_, bit)| self.control.contains(*bit)) {
                f.write_str(code)?;
            }
            match part {
                AclPart::Present(acl) => acl.aces.iter().try_for_each(|ace| write!(f, "{ace}"))?,
                _ => f.write_str(NO_ACCESS_CONTROL)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Ace {
    /// Formats the ACE as SDDL; types without a code and data without a text form are in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ace_type.code() {
            Some(code) => write!(f, "({code};")?,
            None => write!(f, "({:#04x};", self.ace_type.0)?,
        }
        let filter = self.ace_type == AceType::SYSTEM_ACCESS_FILTER;
        for (code, bit) in FLAGS.iter().filter(|(_, bit)| self.flags.contains(*bit)) {
            let trust = filter && *bit == AceFlags::SUCCESSFUL_ACCESS;
            f.write_str(if trust { TRUST_PROTECTED } else { code })?;
        }
        f.write_char(';')?;
        mask::write(self.mask, self.ace_type == AceType::SYSTEM_MANDATORY_LABEL, f)?;
        for guid in [self.object_type(), self.inherited_object_type()] {
            f.write_char(';')?;
            guid.map_or(Ok(()), |guid| write!(f, "{guid}"))?;
        }
        write!(f, ";{}", self.trustee)?;
        match self.data() {
            AceData::None => {}
            AceData::Condition(condition) => write!(f, ";({condition})")?,
            AceData::Claim(claim) => write!(f, ";{claim}")?,
            AceData::Bytes(bytes) => {
                f.write_char(';')?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
            }
        }
        f.write_char(')')
    }
}
