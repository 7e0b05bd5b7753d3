//! The security descriptors that the scheduler assigns to objects in the task store.

use crate::security::{AccessMask, Ace, AceFlags, Acl, Control, SecurityDescriptor, Sid};

/// Everything except running the task and deleting a folder's children: the rights of administrators and the system
/// on tasks.
const ALL_BUT_RUN: AccessMask = AccessMask(0x001F_019F);

const LEAVES: AceFlags = AceFlags::OBJECT_INHERIT;
const CONTAINERS: AceFlags = AceFlags::CONTAINER_INHERIT;
const CHILDREN_ONLY: AceFlags =
    AceFlags::OBJECT_INHERIT.with(AceFlags::CONTAINER_INHERIT).with(AceFlags::INHERIT_ONLY);

/// The ACEs observed on the root folder of the task store (EVIDENCE.md SDDL-19).
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

/// The descriptor of the task store's root folder on Windows (EVIDENCE.md SDDL-19).
///
/// ```
/// use wintask::scheduler;
///
/// assert_eq!(
///     scheduler::root_descriptor().to_string(),
///     "O:SYG:SYD:PAI(A;CI;FA;;;BA)(A;OI;0x1f019f;;;BA)(A;CI;FA;;;SY)(A;OI;0x1f019f;;;SY)\
///      (A;CI;FW;;;AU)(A;CI;FW;;;NS)(A;CI;FW;;;LS)(A;OICIIO;FA;;;CO)"
/// );
/// ```
#[must_use]
pub fn root_descriptor() -> SecurityDescriptor {
    let aces = ROOT.iter().map(|(flags, mask, sid)| Ace::allow(*mask, *sid).with_flags(*flags));
    let mut root = SecurityDescriptor::new();
    root.owner = Some(Sid::LOCAL_SYSTEM.into());
    root.group = Some(Sid::LOCAL_SYSTEM.into());
    root.dacl = Acl::new(aces.collect()).into();
    root.control = Control::DACL_PROTECTED | Control::DACL_AUTO_INHERITED;
    root
}

/// The descriptor that [MS-TSCH] 3.2.5.4.2 assigns to a task registered without one: full control for its owner, read
/// and delete for administrators.
///
/// Windows was observed to let such a task inherit from its folder instead; see
/// [`SecurityDescriptor::create`](crate::security::SecurityDescriptor::create).
///
/// ```
/// use wintask::{scheduler, security::Sid};
///
/// let task = scheduler::specified_descriptor(Sid::NETWORK_SERVICE);
/// assert_eq!(task.to_string(), "O:NSD:(A;;FA;;;NS)(A;;0x130089;;;BA)");
/// ```
#[must_use]
pub fn specified_descriptor(owner: Sid) -> SecurityDescriptor {
    let aces = vec![
        Ace::allow(AccessMask::FILE_ALL_ACCESS, owner),
        Ace::allow(AccessMask::FILE_GENERIC_READ | AccessMask::DELETE, Sid::ADMINISTRATORS),
    ];
    let mut task = SecurityDescriptor::new();
    task.owner = Some(owner.into());
    task.dacl = Acl::new(aces).into();
    task
}

/// Grants LocalSystem File Execute, as on version 1 tasks of Windows (EVIDENCE.md COMPAT-14).
pub(super) fn allow_v1(descriptor: &mut SecurityDescriptor) {
    descriptor.allow(AccessMask::FILE_GENERIC_EXECUTE, Sid::LOCAL_SYSTEM);
}
