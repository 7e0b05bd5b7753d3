use super::{acl::Acl, claim::Claim, sid::Sid};
use crate::dtyp::macros::flags;

flags! {
    /// Privileges that matter to an access check ([MS-DTYP] 2.5.3.2). A privilege is the bit of its number
    /// ([MS-LSAD] 3.1.1.2.1).
    pub struct Privileges(u64) {
        /// Reads and changes SACLs.
        SECURITY = 0x100 => "SeSecurityPrivilege",
        /// Takes ownership of anything.
        TAKE_OWNERSHIP = 0x200 => "SeTakeOwnershipPrivilege",
    }
}

impl Privileges {
    /// The privilege of this name, if it matters here ([MS-DTYP] 2.5.2).
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
#[expect(clippy::exhaustive_structs, reason = "a SID and whether it can grant")]
pub struct Group {
    /// Which group.
    pub sid: Sid,
    /// Whether it counts for ACEs that deny only, as Administrators does in the token of an administrator who is not
    /// elevated.
    pub deny_only: bool,
}

/// Who asks: what an access check wants to know of a caller ([MS-DTYP] 2.5.2).
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
#[non_exhaustive]
pub struct Token {
    /// The user.
    pub user: Sid,
    /// The groups. Everyone and Authenticated Users are in nobody by themselves.
    pub groups: Vec<Group>,
    /// The privileges.
    pub privileges: Privileges,
    /// Who owns what the caller creates, where it is stated; [`owner`](Self::owner) has the rule.
    pub default_owner: Option<Sid>,
    /// The primary group of what the caller creates.
    pub primary_group: Option<Sid>,
    /// The DACL of what the caller creates, where nothing else says.
    pub default_dacl: Option<Acl>,
    /// The integrity level, 0x2000 for medium; `None` turns the check of levels off.
    pub integrity: Option<u32>,
    /// Whom Principal Self stands for, where the object is an account.
    pub principal_self: Option<Sid>,
    /// Groups of the caller's device.
    pub device_groups: Vec<Sid>,
    /// What is claimed of the user, `@User.name` in conditions.
    pub user_claims: Vec<Claim>,
    /// What is claimed of the device, `@Device.name`.
    pub device_claims: Vec<Claim>,
    /// What the call itself says, plain names in conditions.
    pub local_claims: Vec<Claim>,
}

impl Token {
    /// A user in no group, without privileges ([MS-DTYP] 2.5.2).
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

    /// The same in one more group ([MS-DTYP] 2.5.2).
    #[must_use]
    pub fn with_group(mut self, sid: Sid) -> Self {
        self.groups.push(Group { sid, deny_only: false });
        self
    }

    /// The same in one more group that counts for denying only ([MS-DTYP] 2.5.2).
    #[must_use]
    pub fn with_deny_only_group(mut self, sid: Sid) -> Self {
        self.groups.push(Group { sid, deny_only: true });
        self
    }

    /// The same with these privileges besides ([MS-DTYP] 2.5.2).
    #[must_use]
    pub fn with_privileges(self, privileges: Privileges) -> Self {
        Self { privileges: self.privileges | privileges, ..self }
    }

    /// Whether the caller is this user or in this group (SidInToken, [MS-DTYP] 2.5.3.1.1).
    ///
    /// `denying` asks for an ACE that denies, for which groups for denying only count, too.
    #[must_use]
    #[inline]
    pub fn has(&self, sid: &Sid, denying: bool) -> bool {
        self.user.is(sid)
            || self.groups.iter().any(|group| group.sid.is(sid) && (denying || !group.deny_only))
    }

    /// Who owns what the caller creates: as stated, else Administrators if the caller acts as one, else the user
    /// ([MS-DTYP] note 93).
    #[must_use]
    pub fn owner(&self) -> Sid {
        let administrator = self.has(&Sid::ADMINISTRATORS, false);
        self.default_owner.unwrap_or(if administrator { Sid::ADMINISTRATORS } else { self.user })
    }
}
