//! Access control lists.

use super::ace::Ace;

/// Bytes before the ACEs of an ACL.
pub(super) const ACL_HEADER: usize = 8;

/// An access control list ([MS-DTYP] 2.4.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Acl {
    /// 2, or 4 where there are ACEs of objects.
    pub revision: u8,
    /// The ACEs in their order, which matters.
    pub aces: Vec<Ace>,
    /// Room behind the last ACE, which some programs leave; kept as it is.
    pub unused: Vec<u8>,
}

impl Acl {
    /// A list of these ACEs, of the lowest revision that may hold them ([MS-DTYP] 2.4.5).
    #[must_use]
    pub fn new(aces: Vec<Ace>) -> Self {
        let revision = if aces.iter().any(|ace| ace.ace_type.is_object()) { 4 } else { 2 };
        Self { revision, aces, unused: Vec::new() }
    }

    /// Bytes of the binary form.
    pub(super) fn size(&self) -> usize {
        ACL_HEADER + self.aces.iter().map(Ace::size).sum::<usize>() + self.unused.len()
    }
}

/// A DACL or a SACL, or which way there is none ([MS-DTYP] 2.4.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AclPart {
    /// The descriptor says nothing of it.
    #[default]
    Absent,
    /// A NULL ACL, `D:NO_ACCESS_CONTROL`: everybody may do everything.
    Null,
    /// A list; of no ACE, nobody may do anything.
    Present(Acl),
}

impl AclPart {
    /// The list, if there is one ([MS-DTYP] 2.4.5).
    #[must_use]
    pub fn acl(&self) -> Option<&Acl> {
        match self {
            Self::Present(acl) => Some(acl),
            Self::Absent | Self::Null => None,
        }
    }

    /// The ACEs; none where there is no list ([MS-DTYP] 2.4.5).
    #[must_use]
    pub fn aces(&self) -> &[Ace] {
        self.acl().map_or(&[], |acl| &acl.aces)
    }

    pub(super) fn acl_mut(&mut self) -> Option<&mut Acl> {
        match self {
            Self::Present(acl) => Some(acl),
            Self::Absent | Self::Null => None,
        }
    }
}

impl From<Acl> for AclPart {
    fn from(acl: Acl) -> Self {
        Self::Present(acl)
    }
}
