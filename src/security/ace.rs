//! Access control entries.

use super::{
    ace_type::{AceFlags, AceType},
    claim::Claim,
    condition::Condition,
    mask::AccessMask,
    sid::Sid,
    trustee::{Domains, Trustee},
};
use uuid::Uuid;

/// The minimum size of an ACE: its header, its mask and the fixed part of a SID ([MS-DTYP] 2.4.4.1).
pub(super) const LEAST_ACE: usize = 16;

/// An access control entry ([MS-DTYP] 2.4.4).
///
/// For types whose layout is not published, the mask is 0, the trustee is [`Sid::NOBODY`], and the data is everything
/// after the header.
///
/// ```
/// use wintask::security::{AccessMask, Ace, AceFlags, Sid};
///
/// let ace = Ace::allow(AccessMask::FILE_GENERIC_READ, Sid::USERS).with_flags(AceFlags::INHERITED);
/// assert_eq!(ace.to_string(), "(A;ID;FR;;;BU)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ace {
    /// The type: whether it allows, denies, audits, …
    pub ace_type: AceType,
    /// How it is inherited and audited.
    pub flags: AceFlags,
    /// The rights that it applies to.
    pub mask: AccessMask,
    /// The user or group that it applies to.
    pub trustee: Trustee,
    /// Boxed, since few ACEs have any of it; never empty.
    more: Option<Box<More>>,
}

/// The rare parts of an ACE.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct More {
    object_type: Option<Uuid>,
    inherited_object_type: Option<Uuid>,
    data: AceData,
}

/// The data after the SID of an ACE ([MS-DTYP] 2.4.4.17, 2.4.10.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AceData {
    /// No data.
    #[default]
    None,
    /// The condition of a callback ACE.
    Condition(Condition),
    /// The claim of a resource attribute ACE.
    Claim(Box<Claim>),
    /// Other bytes, preserved. In a callback ACE they count as a condition with an unknown outcome.
    Bytes(Vec<u8>),
}

impl Ace {
    /// Creates an ACE without flags, GUIDs or data ([MS-DTYP] 2.4.4.1).
    #[must_use]
    pub fn new(ace_type: AceType, mask: AccessMask, trustee: impl Into<Trustee>) -> Self {
        Self { ace_type, flags: AceFlags::NONE, mask, trustee: trustee.into(), more: None }
    }

    /// Creates an ACE that allows ([MS-DTYP] 2.4.4.2).
    #[must_use]
    pub fn allow(mask: AccessMask, trustee: impl Into<Trustee>) -> Self {
        Self::new(AceType::ACCESS_ALLOWED, mask, trustee)
    }

    /// Creates an ACE that denies ([MS-DTYP] 2.4.4.4).
    #[must_use]
    pub fn deny(mask: AccessMask, trustee: impl Into<Trustee>) -> Self {
        Self::new(AceType::ACCESS_DENIED, mask, trustee)
    }

    /// Sets the flags ([MS-DTYP] 2.4.4.1).
    #[must_use]
    pub fn with_flags(self, flags: AceFlags) -> Self {
        Self { flags, ..self }
    }

    /// Sets the data after the SID ([MS-DTYP] 2.4.4.17).
    #[must_use]
    pub fn with_data(self, data: AceData) -> Self {
        self.with_more(|more| more.data = data)
    }

    /// Sets the kind of object, property or right that it applies to ([MS-DTYP] 2.4.4.3).
    #[must_use]
    pub fn with_object_type(self, guid: Option<Uuid>) -> Self {
        self.with_more(|more| more.object_type = guid)
    }

    /// Sets the kind of child that inherits it ([MS-DTYP] 2.4.4.3).
    #[must_use]
    pub fn with_inherited_object_type(self, guid: Option<Uuid>) -> Self {
        self.with_more(|more| more.inherited_object_type = guid)
    }

    fn with_more(mut self, change: impl FnOnce(&mut More)) -> Self {
        let mut more = self.more.take().unwrap_or_default();
        change(&mut more);
        self.more = Some(more).filter(|more| **more != More::default());
        self
    }

    /// Returns the kind of object, property or right that it applies to (ObjectType), for types with this field
    /// ([MS-DTYP] 2.4.4.3).
    #[must_use]
    pub fn object_type(&self) -> Option<Uuid> {
        self.more.as_ref()?.object_type
    }

    /// Returns the kind of child that inherits it (InheritedObjectType), for types with this field ([MS-DTYP]
    /// 2.4.4.3).
    #[must_use]
    pub fn inherited_object_type(&self) -> Option<Uuid> {
        self.more.as_ref()?.inherited_object_type
    }

    /// Returns the data after the SID ([MS-DTYP] 2.4.4.17, 2.4.10.1).
    #[must_use]
    pub fn data(&self) -> &AceData {
        self.more.as_ref().map_or(&AceData::None, |more| &more.data)
    }

    /// Returns whether it applies to the object itself ([MS-DTYP] 2.4.4.1).
    #[must_use]
    pub fn is_effective(&self) -> bool {
        !self.flags.contains(AceFlags::INHERIT_ONLY)
    }

    /// Returns whether it was inherited ([MS-DTYP] 2.4.4.1).
    #[must_use]
    pub fn is_inherited(&self) -> bool {
        self.flags.contains(AceFlags::INHERITED)
    }

    /// Replaces aliases with SIDs where the domain is known.
    pub(super) fn resolve(&mut self, domains: &Domains) {
        self.trustee = self.trustee.resolve(domains);
        match self.more.as_mut().map(|more| &mut more.data) {
            Some(AceData::Condition(condition)) => condition.resolve(domains),
            Some(AceData::Claim(claim)) => claim.resolve(domains),
            Some(AceData::None | AceData::Bytes(_)) | None => {}
        }
    }

    /// The code of an alias without a SID, if any.
    pub(super) fn unresolved(&self) -> Option<&'static str> {
        match (&self.trustee, self.data()) {
            (Trustee::Relative(account), _) => Some(account.code()),
            (_, AceData::Condition(condition)) => condition.unresolved(),
            (_, AceData::Claim(claim)) => claim.unresolved(),
            _ => None,
        }
    }

    /// The size of the binary form, whether or not it is resolved; a multiple of 4.
    pub(super) fn size(&self) -> usize {
        if self.more.is_none() && self.ace_type == AceType::ACCESS_ALLOWED {
            return 8 + self.trustee.size();
        }
        let data = match self.data() {
            AceData::None => 0,
            AceData::Condition(condition) => condition.size(),
            AceData::Claim(claim) => claim.size(),
            AceData::Bytes(bytes) => bytes.len(),
        };
        let head = match self.ace_type.kind() {
            None => 4,
            Some(kind) if kind.object => {
                let guids = [self.object_type(), self.inherited_object_type()];
                12 + 16 * guids.iter().flatten().count() + self.trustee.size()
            }
            Some(_) => 8 + self.trustee.size(),
        };
        (head + data).next_multiple_of(4)
    }
}

/// An ACE of unknown layout: everything after the header is data.
pub(super) fn opaque(ace_type: AceType, bytes: &[u8]) -> Ace {
    Ace::new(ace_type, AccessMask::NONE, Sid::NOBODY).with_data(AceData::Bytes(bytes.to_vec()))
}
