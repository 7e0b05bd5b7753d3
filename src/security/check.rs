//! The access check ([MS-DTYP] 2.5.3.2), which the specification gives as pseudo-code that contradicts its own prose
//! (EVIDENCE.md SDDL-16).
//!
//! A check goes through five stages, each of which can settle some of the rights asked for:
//!
//! 1. Generic rights in the request are mapped. Those in ACEs are not: that happens when a descriptor is set.
//! 2. Privileges and ownership grant rights that no ACE is asked about ([`Check::given`]). ACCESS_SYSTEM_SECURITY without
//!    its privilege ends the check. An owner has READ_CONTROL and WRITE_DAC, unless some effective ACE names Owner Rights,
//!    so this stage looks at the whole DACL, but only for owners who ask for one of the two.
//! 3. The mandatory label bounds everything that does not come from a privilege ([`Check::within_integrity`]).
//! 4. Without a DACL, or with a NULL one, the rest is granted.
//! 5. The ACEs are asked in order. The check keeps the rights that are still open. An ACE that concerns none of them can
//!    change nothing, so it is skipped before anything is compared; an ACE that allows closes its rights; an ACE that
//!    denies an open right ends the check. The walk stops when no right is open. So an ACE that denies has no effect on
//!    rights that an earlier one has granted, and checks of ordinary descriptors look at a few ACEs only.
//!
//! With MAXIMUM_ALLOWED there is nothing to stop at: all ACEs are asked, and the answer is what some ACE allows and none
//! denies, regardless of their order.
//!
//! A trustee whose domain is not known could be anybody. Such an ACE grants nothing and denies always, so that ignorance
//! never decides in the caller's favour. The same holds for conditions that cannot be evaluated ([MS-DTYP] 2.4.4.17.3).

use super::{
    ace::{Ace, AceData},
    ace_type::{AceType, Effect, Extra},
    condition::{Outcome, Situation},
    descriptor::SecurityDescriptor,
    mask::{AccessMask, GenericMapping},
    sid::Sid,
    token::{Privileges, Token},
    trustee::Trustee,
};

/// The result of an access check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "the two things that the check of the specification returns")]
pub struct AccessCheck {
    /// The rights that are granted; none if access is denied.
    pub granted: AccessMask,
    /// Whether all requested rights are granted.
    pub allowed: bool,
}

impl AccessCheck {
    const DENIED: Self = Self { granted: AccessMask::NONE, allowed: false };
}

/// The level of an object without a label ([MS-DTYP] 2.5.3.3): medium, with no write-up.
const DEFAULT_LABEL: (u32, AccessMask) = (0x2000, NO_WRITE_UP);

/// The policy bits of a label ([MS-DTYP] 2.4.4.13).
const NO_WRITE_UP: AccessMask = AccessMask(0x1);
const NO_READ_UP: AccessMask = AccessMask(0x2);
const NO_EXECUTE_UP: AccessMask = AccessMask(0x4);

/// Checks whether a caller has the desired rights ([MS-DTYP] 2.5.3.2).
///
/// Generic rights in `desired` are mapped; those in ACEs are not, since that happens when a descriptor is set. ACEs apply
/// in order: one that denies does not affect rights that an earlier one has granted. With
/// [`AccessMask::MAXIMUM_ALLOWED`], the result is every right that some ACE allows and none denies, regardless of order;
/// access is allowed if there is any, and if it includes the other desired rights.
///
/// An alias whose domain is not known grants nothing and denies everybody. Object ACEs apply only if they name no object
/// type, since tasks have none.
///
/// ```
/// use wintask::security::{AccessMask, GenericMapping, SecurityDescriptor, Sid, Token, access_check};
///
/// let task: SecurityDescriptor = "O:BAD:(D;;FX;;;NU)(A;;FRFX;;;AU)(A;;FA;;;SY)".parse()?;
/// let local = Token::new("S-1-5-21-1-2-3-1001".parse()?).with_group(Sid::AUTHENTICATED_USERS);
/// let remote = local.clone().with_group(Sid::NETWORK);
/// let run = |caller| access_check(&task, caller, AccessMask::GENERIC_EXECUTE, &GenericMapping::FILE);
/// assert!(run(&local).allowed);
/// assert!(!run(&remote).allowed);
///
/// let most = access_check(&task, &local, AccessMask::MAXIMUM_ALLOWED, &GenericMapping::FILE);
/// assert_eq!(most.granted, AccessMask::FILE_GENERIC_READ | AccessMask::FILE_GENERIC_EXECUTE);
/// # Ok::<(), wintask::security::Error>(())
/// ```
#[must_use]
pub fn access_check(
    descriptor: &SecurityDescriptor,
    token: &Token,
    desired: AccessMask,
    mapping: &GenericMapping,
) -> AccessCheck {
    let check = Check::new(descriptor, token, mapping);
    let maximum = desired.contains(AccessMask::MAXIMUM_ALLOWED);
    let desired = mapping.map(desired.without(AccessMask::MAXIMUM_ALLOWED));
    let Some(given) = check.given(desired, maximum) else { return AccessCheck::DENIED };
    // Integrity levels restrict owners and ACEs, not privileges.
    let (within, privileged) = (check.within_integrity(), given.without(Check::OWNER));
    let (granted, allowed) = if maximum {
        let most = privileged | (given | check.most()).and(within);
        (most, !most.is_empty() && most.contains(desired))
    } else {
        let within = (within | privileged).contains(desired);
        (desired, within && check.in_order(desired.without(given)))
    };
    if allowed { AccessCheck { granted, allowed } } else { AccessCheck::DENIED }
}

/// The inputs of a check.
struct Check<'a> {
    descriptor: &'a SecurityDescriptor,
    mapping: &'a GenericMapping,
    situation: Situation<'a>,
    /// Whether the caller owns the object.
    owner: bool,
}

impl<'a> Check<'a> {
    /// The rights of owners, unless an ACE for Owner Rights replaces them.
    const OWNER: AccessMask = AccessMask::READ_CONTROL.with(AccessMask::WRITE_DAC);

    fn new(descriptor: &'a SecurityDescriptor, token: &'a Token, mapping: &'a GenericMapping) -> Self {
        let owner = descriptor.owner.as_ref().and_then(Trustee::as_sid);
        let owner = owner.is_some_and(|owner| token.has(owner, false));
        let situation = Situation::new(token, &[], descriptor.sacl.aces());
        Self { descriptor, mapping, situation, owner }
    }

    /// The rights that privileges and ownership grant before any ACE is asked; `None` where a privilege is missing.
    fn given(&self, desired: AccessMask, maximum: bool) -> Option<AccessMask> {
        let privileges = self.situation.token.privileges;
        let mut given = AccessMask::NONE;
        if desired.contains(AccessMask::ACCESS_SYSTEM_SECURITY) {
            if !privileges.contains(Privileges::SECURITY) {
                return None;
            }
            given = given | AccessMask::ACCESS_SYSTEM_SECURITY;
        }
        if desired.contains(AccessMask::WRITE_OWNER) && privileges.contains(Privileges::TAKE_OWNERSHIP) {
            given = given | AccessMask::WRITE_OWNER;
        }
        let asked = maximum || desired.intersects(Self::OWNER);
        if self.owner && asked && !self.effective().any(|ace| ace.trustee.is(&Sid::OWNER_RIGHTS)) {
            given = given | Self::OWNER;
        }
        Some(given)
    }

    fn effective(&self) -> impl Iterator<Item = &'a Ace> {
        self.descriptor.dacl.aces().iter().filter(|ace| ace.is_effective())
    }

    /// The effect of an ACE on this caller.
    #[inline]
    fn effect(&self, ace: &Ace) -> Effect {
        match ace.ace_type.kind() {
            Some(kind)
                if kind.effect != Effect::None
                    && ace.object_type().is_none()
                    && self.is_named(&ace.trustee, kind.effect)
                    && (kind.extra != Extra::Condition || self.is_met(ace.data(), kind.effect)) =>
            {
                kind.effect
            }
            _ => Effect::None,
        }
    }

    /// Whether the caller is the trustee, for an ACE with this effect.
    #[inline]
    fn is_named(&self, trustee: &Trustee, effect: Effect) -> bool {
        let denying = effect == Effect::Deny;
        let token = self.situation.token;
        let Some(sid) = trustee.as_sid() else { return denying };
        token.has(sid, denying)
            || (self.owner && sid.is(&Sid::OWNER_RIGHTS))
            || (sid.is(&Sid::PRINCIPAL_SELF)
                && token.principal_self.is_some_and(|it| token.has(&it, denying)))
    }

    /// Whether the condition of a callback ACE lets it count: one that allows needs a condition that is true, one that
    /// denies a condition that is not false ([MS-DTYP] 2.4.4.17.3).
    fn is_met(&self, data: &AceData, effect: Effect) -> bool {
        let denying = effect == Effect::Deny;
        let outcome = match data {
            AceData::Condition(condition) => condition.outcome(&self.situation, denying),
            _ => Outcome::Unknown,
        };
        if denying { outcome != Outcome::False } else { outcome == Outcome::True }
    }

    /// Whether the ACEs in their order grant all of the open rights.
    fn in_order(&self, mut open: AccessMask) -> bool {
        if self.descriptor.dacl.acl().is_none() {
            return true;
        }
        for ace in self.descriptor.dacl.aces() {
            if open.is_empty() {
                return true;
            }
            if !open.intersects(ace.mask) || !ace.is_effective() {
                continue;
            }
            match self.effect(ace) {
                Effect::Allow => open = open.without(ace.mask),
                Effect::Deny => return false,
                Effect::None => {}
            }
        }
        open.is_empty()
    }

    /// The rights that some ACE allows and none denies.
    fn most(&self) -> AccessMask {
        if self.descriptor.dacl.acl().is_none() {
            return self.mapping.all;
        }
        let (mut allowed, mut denied) = (AccessMask::NONE, AccessMask::NONE);
        for ace in self.effective() {
            match self.effect(ace) {
                Effect::Allow => allowed = allowed | ace.mask,
                Effect::Deny => denied = denied | ace.mask,
                Effect::None => {}
            }
        }
        allowed.without(denied)
    }

    /// The rights that the object's integrity level leaves to the caller ([MS-DTYP] 2.5.3.3).
    fn within_integrity(&self) -> AccessMask {
        const EVERYTHING: AccessMask = AccessMask(u32::MAX);
        let Some(caller) = self.situation.token.integrity else { return EVERYTHING };
        let (level, policy) = self.label();
        if caller >= level || policy.is_empty() {
            return EVERYTHING;
        }
        let GenericMapping { read, write, execute, .. } = *self.mapping;
        let ways = [(NO_WRITE_UP, write), (NO_READ_UP, read), (NO_EXECUTE_UP, execute)];
        let open = ways.into_iter().filter(|(closed, _)| !policy.contains(*closed));
        open.fold(AccessMask::NONE, |all, (_, rights)| all | rights)
    }

    /// The object's level, and the policy for callers below it.
    fn label(&self) -> (u32, AccessMask) {
        let labels = self.descriptor.sacl.aces().iter().filter(|ace| ace.is_effective());
        let mut labels = labels.filter(|ace| ace.ace_type == AceType::SYSTEM_MANDATORY_LABEL);
        let label = labels.next();
        let level = label.and_then(|ace| Some((ace.trustee.as_sid()?.integrity_level()?, ace.mask)));
        level.unwrap_or(DEFAULT_LABEL)
    }
}
