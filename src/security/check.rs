//! The access check ([MS-DTYP] 2.5.3.2). The specification's pseudo-code contradicts its own prose (EVIDENCE.md
//! SDDL-16).
//!
//! A check has five stages, each of which can decide some of the requested rights:
//!
//! 1. Generic rights in the request are mapped. Those in ACEs are not; that happens when a descriptor is set.
//! 2. Privileges and ownership grant rights regardless of the ACEs ([`Check::given`]). Without its privilege,
//!    ACCESS_SYSTEM_SECURITY ends the check. An owner has READ_CONTROL and WRITE_DAC, unless an effective ACE names
//!    Owner Rights. This requires a scan of the whole DACL, but only for owners who request one of the two.
//! 3. The mandatory label limits everything that does not come from a privilege ([`Check::within_integrity`]).
//! 4. If the DACL is absent or NULL, the remaining rights are granted.
//! 5. The ACEs are evaluated in order. The check keeps the set of undecided rights. An ACE that concerns none of them
//!    is skipped before anything is compared. An allowing ACE removes its rights from the set. A denying ACE that
//!    concerns an undecided right ends the check, and so does an empty set. A denying ACE therefore does not affect
//!    rights that an earlier one granted, and checks of ordinary descriptors look at only a few ACEs.
//!
//! With MAXIMUM_ALLOWED, all ACEs are evaluated. The result is every right that some ACE allows and none denies,
//! regardless of order.
//!
//! A trustee whose domain is unknown could be anyone. Such an ACE never grants and always denies, so missing
//! information never helps the caller. The same holds for conditions that cannot be evaluated ([MS-DTYP] 2.4.4.17.3).

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
#[expect(clippy::exhaustive_structs, reason = "the two results of the specification's check")]
pub struct AccessCheck {
    /// The granted rights; none if access is denied.
    pub granted: AccessMask,
    /// Whether all requested rights are granted.
    pub allowed: bool,
}

impl AccessCheck {
    const DENIED: Self = Self { granted: AccessMask::NONE, allowed: false };
}

/// The level of an object without a label ([MS-DTYP] 2.5.3.3): medium, with no-write-up.
const DEFAULT_LABEL: (u32, AccessMask) = (0x2000, NO_WRITE_UP);

/// The policy bits of a label ([MS-DTYP] 2.4.4.13).
const NO_WRITE_UP: AccessMask = AccessMask(0x1);
const NO_READ_UP: AccessMask = AccessMask(0x2);
const NO_EXECUTE_UP: AccessMask = AccessMask(0x4);

/// Checks whether a caller has the desired rights ([MS-DTYP] 2.5.3.2).
///
/// Generic rights in `desired` are mapped; those in ACEs are not, since that happens when a descriptor is set. ACEs
/// apply in order: a denying ACE does not affect rights that an earlier one granted. With
/// [`AccessMask::MAXIMUM_ALLOWED`], the result is every right that some ACE allows and none denies, regardless of
/// order. Access is then allowed if there is any such right, and if all other desired rights are among them.
///
/// An alias whose domain is unknown grants nothing and denies everyone. Object ACEs apply only if they have no object
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
    // Integrity levels limit owners and ACEs, but not privileges.
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
    /// The rights of owners, unless overridden by an ACE for Owner Rights.
    const OWNER: AccessMask = AccessMask::READ_CONTROL.with(AccessMask::WRITE_DAC);

    fn new(descriptor: &'a SecurityDescriptor, token: &'a Token, mapping: &'a GenericMapping) -> Self {
        let owner = descriptor.owner.as_ref().and_then(Trustee::as_sid);
        let owner = owner.is_some_and(|owner| token.has(owner, false));
        let situation = Situation::new(token, &[], &descriptor.sacl);
        Self { descriptor, mapping, situation, owner }
    }

    /// The rights that privileges and ownership grant before any ACE is evaluated; `None` if a required privilege is
    /// missing.
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

    /// The effect of an ACE on this caller. Nearly all ACEs are of the two types without anything more.
    #[inline]
    fn effect(&self, ace: &Ace) -> Effect {
        let effect = match ace.ace_type {
            AceType::ACCESS_ALLOWED if ace.object_type().is_none() => Effect::Allow,
            AceType::ACCESS_DENIED if ace.object_type().is_none() => Effect::Deny,
            _ => return self.other_effect(ace),
        };
        if self.is_named(&ace.trustee, effect) { effect } else { Effect::None }
    }

    #[cold]
    #[inline(never)]
    fn other_effect(&self, ace: &Ace) -> Effect {
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

    /// Whether the condition of a callback ACE makes it apply. An allowing ACE needs a condition that is true, a
    /// denying ACE one that is not false ([MS-DTYP] 2.4.4.17.3).
    fn is_met(&self, data: &AceData, effect: Effect) -> bool {
        let denying = effect == Effect::Deny;
        let outcome = match data {
            AceData::Condition(condition) => condition.outcome(&self.situation, denying),
            _ => Outcome::Unknown,
        };
        if denying { outcome != Outcome::False } else { outcome == Outcome::True }
    }

    /// Whether the ACEs, in order, grant all undecided rights.
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

    /// The rights that the object's integrity level permits the caller ([MS-DTYP] 2.5.3.3).
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

    /// The object's integrity level, and the policy for callers below it.
    fn label(&self) -> (u32, AccessMask) {
        let labels = self.descriptor.sacl.aces().iter().filter(|ace| ace.is_effective());
        let mut labels = labels.filter(|ace| ace.ace_type == AceType::SYSTEM_MANDATORY_LABEL);
        let label = labels.next();
        let level = label.and_then(|ace| Some((ace.trustee.as_sid()?.integrity_level()?, ace.mask)));
        level.unwrap_or(DEFAULT_LABEL)
    }
}
