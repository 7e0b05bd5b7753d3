use super::{
    ace::{Ace, AceFlags},
    descriptor::{Acl, Control, SecurityDescriptor},
    mask::AccessMask,
    sid::Sid,
    trustee::Trustee,
};

/// All but running and deleting what a folder holds: what administrators and the system inherit on tasks.
const ALL_BUT_RUN: AccessMask = AccessMask(0x001F_019F);

const LEAVES: AceFlags = AceFlags::OBJECT_INHERIT;
const CONTAINERS: AceFlags = AceFlags::CONTAINER_INHERIT;
const CHILDREN_ONLY: AceFlags = AceFlags(0x01 | 0x02 | 0x08);

/// What observed Windows has on the root folder of the task store (facts/sddl.md, section 9).
const ROOT: &[(AceFlags, AccessMask, Sid)] = &[
    (CONTAINERS, AccessMask::FILE_ALL_ACCESS, Sid::ADMINISTRATORS),
    (LEAVES, ALL_BUT_RUN, Sid::ADMINISTRATORS),
    (CONTAINERS, AccessMask::FILE_ALL_ACCESS, Sid::LOCAL_SYSTEM),
    (LEAVES, ALL_BUT_RUN, Sid::LOCAL_SYSTEM),
    (CONTAINERS, AccessMask::FILE_GENERIC_WRITE, Sid::AUTHENTICATED_USERS),
    (CONTAINERS, AccessMask::FILE_GENERIC_WRITE, Sid::NETWORK_SERVICE),
    (CONTAINERS, AccessMask::FILE_GENERIC_WRITE, Sid::LOCAL_SERVICE),
    (CHILDREN_ONLY, AccessMask::FILE_ALL_ACCESS, Sid::CREATOR_OWNER),
];

impl SecurityDescriptor {
    /// The descriptor of the task store's root folder on Windows (facts/sddl.md, section 9).
    ///
    /// ```
    /// use wintask::security::SecurityDescriptor;
    ///
    /// let root = SecurityDescriptor::task_root();
    /// assert_eq!(
    ///     root.to_string(),
    ///     "O:SYG:SYD:PAI(A;CI;FA;;;BA)(A;OI;0x1f019f;;;BA)(A;CI;FA;;;SY)(A;OI;0x1f019f;;;SY)\
    ///      (A;CI;FW;;;AU)(A;CI;FW;;;NS)(A;CI;FW;;;LS)(A;OICIIO;FA;;;CO)"
    /// );
    /// ```
    #[must_use]
    pub fn task_root() -> Self {
        let aces = ROOT.iter().map(|(flags, mask, sid)| Ace::allow(*mask, *sid).with_flags(*flags));
        Self {
            owner: Some(Sid::LOCAL_SYSTEM.into()),
            group: Some(Sid::LOCAL_SYSTEM.into()),
            dacl: Acl::new(aces.collect()).into(),
            control: Control::DACL_PROTECTED | Control::DACL_AUTO_INHERITED,
            ..Self::new()
        }
    }

    /// What [MS-TSCH] 3.2.5.4.2 gives a task whose registration states no descriptor: full control to its owner, read
    /// and delete to administrators.
    ///
    /// Windows was observed to let such a task inherit from its folder instead: see [`create`](Self::create).
    ///
    /// ```
    /// use wintask::security::{SecurityDescriptor, Sid};
    ///
    /// let task = SecurityDescriptor::specified_for_task(Sid::NETWORK_SERVICE);
    /// assert_eq!(task.to_string(), "O:NSD:(A;;FA;;;NS)(A;;0x130089;;;BA)");
    /// ```
    #[must_use]
    pub fn specified_for_task(owner: Sid) -> Self {
        let aces = vec![
            Ace::allow(AccessMask::FILE_ALL_ACCESS, owner),
            Ace::allow(AccessMask::FILE_GENERIC_READ | AccessMask::DELETE, Sid::ADMINISTRATORS),
        ];
        Self { owner: Some(owner.into()), dacl: Acl::new(aces).into(), ..Self::new() }
    }
}

/// The default DACL of a token that states none: everything to the owner and to the system.
pub(super) fn token_dacl(owner: Trustee) -> Acl {
    let all = |trustee| Ace::allow(AccessMask::GENERIC_ALL, trustee);
    Acl::new(vec![all(owner), all(Sid::LOCAL_SYSTEM.into())])
}
