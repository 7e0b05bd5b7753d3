//! Access control lists.

use super::ace::Ace;

/// The size of the header of an ACL.
pub(super) const ACL_HEADER: usize = 8;

/// An access control list ([MS-DTYP] 2.4.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Acl {
    /// The revision: 2, or 4 if there are object ACEs.
    pub revision: u8,
    /// The ACEs; their order is significant.
    pub aces: Vec<Ace>,
    /// Unused space after the last ACE, which some programs leave; preserved.
    pub unused: Vec<u8>,
}

impl Acl {
    /// Creates a list of ACEs with the lowest revision that allows them ([MS-DTYP] 2.4.5).
    #[must_use]
    pub fn new(aces: Vec<Ace>) -> Self {
        let revision = if aces.iter().any(|ace| ace.ace_type.is_object()) { 4 } else { 2 };
        Self { revision, aces, unused: Vec::new() }
    }

    /// The size of the binary form.
    pub(super) fn size(&self) -> usize {
        ACL_HEADER + self.aces.iter().map(Ace::size).sum::<usize>() + self.unused.len()
    }
}

/// A DACL or a SACL, which can be absent or NULL ([MS-DTYP] 2.4.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AclPart {
    /// The descriptor has no such ACL.
    #[default]
    Absent,
    /// A NULL ACL, `D:NO_ACCESS_CONTROL`: everyone has full access.
    Null,
    /// A list. An empty list grants no access.
    Present(Acl),
}

impl AclPart {
    /// Returns the list, if there is one ([MS-DTYP] 2.4.5).
    #[must_use]
    pub fn acl(&self) -> Option<&Acl> {
        match self {
            Self::Present(acl) => Some(acl),
            Self::Absent | Self::Null => None,
        }
    }

    /// Returns the ACEs; empty if there is no list ([MS-DTYP] 2.4.5).
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
