//! The callers of access checks.

use super::{acl::Acl, claim::Claim, sid::Sid};
use crate::dtyp::macros::flags;

flags! {
    /// The privileges that affect an access check ([MS-DTYP] 2.5.3.2). Each privilege is the bit with its number
    /// ([MS-LSAD] 3.1.1.2.1).
    pub struct Privileges(u64) {
        /// Allows reading and changing SACLs.
        SECURITY = 0x100 => "SeSecurityPrivilege",
        /// Allows taking ownership of any object.
        TAKE_OWNERSHIP = 0x200 => "SeTakeOwnershipPrivilege",
    }
}

impl Privileges {
    /// Returns the privilege with this name, if it affects access checks ([MS-DTYP] 2.5.2).
    ///
    /// ```
    /// use wintask::security::Privileges;
    ///
    /// assert_eq!(Privileges::from_name("SeSecurityPrivilege"), Some(Privileges::SECURITY));
    /// assert_eq!(Privileges::from_name("SeShutdownPrivilege"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(bit, _)| Self(*bit))
    }
}

/// A group of a caller ([MS-DTYP] 2.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "a SID and whether it can grant access")]
pub struct Group {
    /// The group.
    pub sid: Sid,
    /// Whether the group applies only to denying ACEs, as Administrators does for an administrator who is not
    /// elevated.
    #[cfg_attr(feature = "serde", serde(default))]
    pub deny_only: bool,
}

/// The identity of a caller, for access checks ([MS-DTYP] 2.5.2).
///
/// ```
/// use wintask::security::{Sid, Token};
///
/// let caller = Token::new("S-1-5-21-1-2-3-1001".parse()?)
///     .with_group(Sid::EVERYONE)
///     .with_group(Sid::AUTHENTICATED_USERS)
///     .with_deny_only_group(Sid::ADMINISTRATORS);
/// assert_eq!(caller.owner(), caller.user);
/// assert_eq!(caller.with_group(Sid::ADMINISTRATORS).owner(), Sid::ADMINISTRATORS);
/// # Ok::<(), wintask::security::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Token {
    /// The user.
    pub user: Sid,
    /// The groups. Everyone and Authenticated Users are not added automatically.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub groups: Vec<Group>,
    /// The privileges.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "unprivileged"))]
    pub privileges: Privileges,
    /// The owner of objects that the caller creates, if stated; see [`owner`](Self::owner).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub default_owner: Option<Sid>,
    /// The primary group of objects that the caller creates.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub primary_group: Option<Sid>,
    /// The default DACL of objects that the caller creates.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub default_dacl: Option<Acl>,
    /// The integrity level, 0x2000 for medium; `None` disables the integrity check.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub integrity: Option<u32>,
    /// The substitute for Principal Self, if the object is an account.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub principal_self: Option<Sid>,
    /// The groups of the caller's device.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub device_groups: Vec<Sid>,
    /// The claims about the user, `@User.name` in conditions.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub user_claims: Vec<Claim>,
    /// The claims about the device, `@Device.name`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub device_claims: Vec<Claim>,
    /// The claims of the call itself; names without a prefix in conditions.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub local_claims: Vec<Claim>,
}

impl Token {
    /// Creates the token of a user without groups and privileges ([MS-DTYP] 2.5.2).
    #[must_use]
    pub fn new(user: Sid) -> Self {
        Self {
            user,
            groups: Vec::new(),
            privileges: Privileges::NONE,
            default_owner: None,
            primary_group: None,
            default_dacl: None,
            integrity: None,
            principal_self: None,
            device_groups: Vec::new(),
            user_claims: Vec::new(),
            device_claims: Vec::new(),
            local_claims: Vec::new(),
        }
    }

    /// Adds a group ([MS-DTYP] 2.5.2).
    #[must_use]
    pub fn with_group(mut self, sid: Sid) -> Self {
        self.groups.push(Group { sid, deny_only: false });
        self
    }

    /// Adds a group that applies only to denying ACEs ([MS-DTYP] 2.5.2).
    #[must_use]
    pub fn with_deny_only_group(mut self, sid: Sid) -> Self {
        self.groups.push(Group { sid, deny_only: true });
        self
    }

    /// Adds privileges ([MS-DTYP] 2.5.2).
    #[must_use]
    pub fn with_privileges(self, privileges: Privileges) -> Self {
        Self { privileges: self.privileges | privileges, ..self }
    }

    /// Returns whether the caller is this user or a member of this group (SidInToken, [MS-DTYP] 2.5.3.1.1).
    ///
    /// `denying` is true for denying ACEs, to which deny-only groups also apply.
    #[must_use]
    #[inline]
    pub fn has(&self, sid: &Sid, denying: bool) -> bool {
        self.user.is(sid)
            || self.groups.iter().any(|group| group.sid.is(sid) && (denying || !group.deny_only))
    }

    /// Returns the owner of objects that the caller creates: the stated one, or else Administrators if the caller is
    /// a member, or else the user ([MS-DTYP] note 93).
    #[must_use]
    pub fn owner(&self) -> Sid {
        let administrator = self.has(&Sid::ADMINISTRATORS, false);
        self.default_owner.unwrap_or(if administrator { Sid::ADMINISTRATORS } else { self.user })
    }
}

#[cfg(feature = "serde")]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn unprivileged(privileges: &Privileges) -> bool {
    privileges.is_empty()
}
