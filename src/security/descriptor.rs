//! The security descriptor as a whole.

use super::{
    ace::Ace,
    ace_type::{AceFlags, AceType},
    acl::AclPart,
    mask::{AccessMask, GenericMapping},
    sid::Sid,
    trustee::{Domains, Trustee},
};
use crate::dtyp::macros::flags;

flags! {
    /// The control bits of a descriptor ([MS-DTYP] 2.4.6).
    pub struct Control(u16) {
        /// The owner came from a default.
        OWNER_DEFAULTED = 0x0001 => "OD",
        /// The group came from a default.
        GROUP_DEFAULTED = 0x0002 => "GD",
        /// A DACL is present; it may be NULL.
        DACL_PRESENT = 0x0004 => "DP",
        /// The DACL came from a default.
        DACL_DEFAULTED = 0x0008 => "DD",
        /// A SACL is present; it may be NULL.
        SACL_PRESENT = 0x0010 => "SP",
        /// The SACL came from a default.
        SACL_DEFAULTED = 0x0020 => "SD",
        /// The DACL comes from a trusted source.
        DACL_TRUSTED = 0x0040 => "DT",
        /// The server must recompute the ACL.
        SERVER_SECURITY = 0x0080 => "SS",
        /// `AR` of a DACL: inheritance must be computed.
        DACL_AUTO_INHERIT_REQ = 0x0100 => "DC",
        /// `AR` of a SACL.
        SACL_AUTO_INHERIT_REQ = 0x0200 => "SC",
        /// `AI` of a DACL: it was computed by inheritance.
        DACL_AUTO_INHERITED = 0x0400 => "DI",
        /// `AI` of a SACL.
        SACL_AUTO_INHERITED = 0x0800 => "SI",
        /// `P` of a DACL: it does not inherit.
        DACL_PROTECTED = 0x1000 => "PD",
        /// `P` of a SACL.
        SACL_PROTECTED = 0x2000 => "PS",
        /// The resource manager's byte is valid.
        RM_CONTROL_VALID = 0x4000 => "RM",
        /// Offsets are from the start of the descriptor.
        SELF_RELATIVE = 0x8000 => "SR",
    }
}

impl Control {
    /// The bits determined by the descriptor's parts and form.
    pub(super) const IMPLIED: Self =
        Self(Self::DACL_PRESENT.0 | Self::SACL_PRESENT.0 | Self::SELF_RELATIVE.0);

    /// The bits about the DACL other than its presence.
    pub(super) const OF_DACL: Self = Self(0x15C8);

    /// The bits about the SACL other than its presence.
    pub(super) const OF_SACL: Self = Self(0x2A20);
}

/// A security descriptor ([MS-DTYP] 2.4.6): the owner of an object, and who can access it.
///
/// It is parsed from SDDL with [`str::parse`], and `Display` formats it as SDDL; [`from_bytes`](Self::from_bytes) and
/// [`to_bytes`](Self::to_bytes) convert the self-relative binary form. Domain accounts given by an SDDL alias such as
/// `DA` stay symbolic until [`resolve`](Self::resolve) supplies the domain.
///
/// ```
/// use wintask::security::{AclPart, Sid, SecurityDescriptor};
///
/// let descriptor: SecurityDescriptor = "O:BAG:SYD:P(A;;FA;;;SY)(A;;FRFX;;;LS)".parse()?;
/// assert_eq!(descriptor.owner, Some(Sid::ADMINISTRATORS.into()));
/// assert_eq!(descriptor.dacl.aces().len(), 2);
/// assert_eq!(descriptor.to_string(), "O:BAG:SYD:P(A;;FA;;;SY)(A;;0x1200a9;;;LS)");
///
/// let bytes = descriptor.to_bytes()?;
/// assert_eq!(SecurityDescriptor::from_bytes(&bytes)?, descriptor);
///
/// let error = "O:BAD:(A;;FA;;BA)".parse::<SecurityDescriptor>().unwrap_err();
/// assert_eq!(error.to_string(), "1:15, D[0].inherited_object_type: expected a GUID");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SecurityDescriptor {
    /// The owner of the object.
    pub owner: Option<Trustee>,
    /// The primary group, which only POSIX uses.
    pub group: Option<Trustee>,
    /// The rights that are allowed and denied.
    pub dacl: AclPart,
    /// The audit entries, and the object's label and claims.
    pub sacl: AclPart,
    /// The control bits except DP, SP and SR, which are determined by the parts and the form.
    pub control: Control,
    /// The resource manager's byte (Sbz1), valid with [`Control::RM_CONTROL_VALID`].
    pub resource_manager: u8,
}

impl SecurityDescriptor {
    /// Creates an empty descriptor ([MS-DTYP] 2.4.6).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the control word of the binary form, including the bits determined by the parts ([MS-DTYP] 2.4.6).
    #[must_use]
    pub fn control_word(&self) -> Control {
        let parts = [(&self.dacl, Control::DACL_PRESENT), (&self.sacl, Control::SACL_PRESENT)];
        let stated = parts.into_iter().filter(|(part, _)| **part != AclPart::Absent);
        let control = self.control.without(Control::IMPLIED) | Control::SELF_RELATIVE;
        stated.fold(control, |control, (_, bit)| control | bit)
    }

    /// Replaces aliases such as `DA` with SIDs where their domains are known ([MS-DTYP] 2.5.1.1).
    ///
    /// ```
    /// use wintask::security::{Domains, SecurityDescriptor};
    ///
    /// let descriptor: SecurityDescriptor = "G:DUD:(A;;FA;;;DA)".parse()?;
    /// assert!(descriptor.to_bytes().is_err());
    /// let known = descriptor.resolve(&Domains::of_domain("S-1-5-21-1-2-3".parse()?));
    /// assert_eq!(known.to_string(), "G:S-1-5-21-1-2-3-513D:(A;;FA;;;S-1-5-21-1-2-3-512)");
    /// # Ok::<(), wintask::security::Error>(())
    /// ```
    #[must_use]
    pub fn resolve(mut self, domains: &Domains) -> Self {
        for trustee in [&mut self.owner, &mut self.group].into_iter().flatten() {
            *trustee = trustee.resolve(domains);
        }
        for acl in [&mut self.dacl, &mut self.sacl].into_iter().filter_map(AclPart::acl_mut) {
            acl.aces.iter_mut().for_each(|ace| ace.resolve(domains));
        }
        self
    }

    /// Maps generic rights to specific ones, as Windows does when a descriptor is set ([MS-DTYP] 2.4.3). An access
    /// check does not, so `GA` in a descriptor grants nothing until it is mapped.
    ///
    /// ```
    /// use wintask::security::{GenericMapping, SecurityDescriptor};
    ///
    /// let stated: SecurityDescriptor = "D:(A;;GA;;;BA)(A;;GRGX;;;AU)".parse()?;
    /// assert_eq!(stated.mapped(&GenericMapping::FILE).to_string(), "D:(A;;FA;;;BA)(A;;0x1200a9;;;AU)");
    /// # Ok::<(), wintask::security::Error>(())
    /// ```
    #[must_use]
    pub fn mapped(mut self, mapping: &GenericMapping) -> Self {
        for acl in [&mut self.dacl, &mut self.sacl].into_iter().filter_map(AclPart::acl_mut) {
            acl.aces.iter_mut().for_each(|ace| ace.mask = mapping.map(ace.mask));
        }
        self
    }

    /// Grants a principal File Read, unless an explicit ACE already does ([MS-TSCH] 3.2.5.4.2).
    ///
    /// The new ACE is added after the last explicit one. If there is no DACL, everyone can read, and nothing is
    /// added, since a list with a single ACE would exclude everyone else.
    ///
    /// ```
    /// use wintask::security::{SecurityDescriptor, Sid};
    ///
    /// let mut task: SecurityDescriptor = "D:AI(A;ID;0x1f019f;;;BA)(A;ID;FA;;;SY)".parse()?;
    /// task.allow_file_read(Sid::NETWORK_SERVICE);
    /// assert_eq!(task.to_string(), "D:AI(A;;FR;;;NS)(A;ID;0x1f019f;;;BA)(A;ID;FA;;;SY)");
    /// # Ok::<(), wintask::security::Error>(())
    /// ```
    pub fn allow_file_read(&mut self, principal: Sid) {
        self.allow(AccessMask::FILE_GENERIC_READ, principal);
    }

    /// Grants a principal any rights, as [`allow_file_read`](Self::allow_file_read) does for File Read. Windows
    /// grants `LocalSystem` File Execute on tasks that are compatible with Windows XP (EVIDENCE.md SDDL-20).
    pub fn allow(&mut self, rights: AccessMask, sid: Sid) {
        let Some(acl) = self.dacl.acl_mut() else { return };
        let ace = Ace::allow(rights, sid);
        let given = acl.aces.iter().any(|known| {
            let own = known.flags.without(AceFlags::INHERITANCE).is_empty() && known.is_effective();
            let allows = known.ace_type == AceType::ACCESS_ALLOWED && known.trustee == ace.trustee;
            own && allows && known.mask.contains(ace.mask)
        });
        if !given {
            let at = acl.aces.iter().position(Ace::is_inherited).unwrap_or(acl.aces.len());
            acl.aces.insert(at, ace);
        }
    }
}
