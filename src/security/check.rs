use super::{
    ace::{Ace, AceData},
    ace_type::{AceType, Effect, Extra},
    claim::Claim,
    condition::{Outcome, Situation},
    descriptor::SecurityDescriptor,
    mask::{AccessMask, GenericMapping},
    sid::Sid,
    token::{Privileges, Token},
    trustee::Trustee,
};

/// What an access check answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the two things that the check of the specification returns")]
pub struct AccessCheck {
    /// The rights that are granted; none where access is denied.
    pub granted: AccessMask,
    /// Whether all that was asked for is granted.
    pub allowed: bool,
}

impl AccessCheck {
    const DENIED: Self = Self { granted: AccessMask::NONE, allowed: false };
}

/// The level of an object without a label ([MS-DTYP] 2.5.3.3): medium, not to be written from below.
const DEFAULT_LABEL: (u32, AccessMask) = (0x2000, NO_WRITE_UP);

/// Policy bits of a label ([MS-DTYP] 2.4.4.13).
const NO_WRITE_UP: AccessMask = AccessMask(0x1);
const NO_READ_UP: AccessMask = AccessMask(0x2);
const NO_EXECUTE_UP: AccessMask = AccessMask(0x4);

/// Whether a caller may do what is asked for ([MS-DTYP] 2.5.3.2).
///
/// Generic rights in `desired` are mapped; those in ACEs are not, they were when the descriptor was made. ACEs count
/// in their order: one that denies has no effect on what an earlier one has granted. With
/// [`AccessMask::MAXIMUM_ALLOWED`] the answer is all that some ACE grants and none denies, whatever their order, and
/// access is allowed if that is anything and holds what was asked for besides.
///
/// An alias whose domain is not known grants nothing and denies everybody. Object ACEs count where they name no
/// object type, since tasks have none.
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
    let Some(given) = check.given(desired) else { return AccessCheck::DENIED };
    // Levels bind owners and ACEs, not privileges.
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

/// What stays the same during a check.
struct Check<'a> {
    descriptor: &'a SecurityDescriptor,
    mapping: &'a GenericMapping,
    situation: Situation<'a>,
    /// Whether the caller owns the object.
    owner: bool,
}

impl<'a> Check<'a> {
    /// What owners may do, unless an ACE of Owner Rights says otherwise.
    const OWNER: AccessMask = AccessMask(AccessMask::READ_CONTROL.0 | AccessMask::WRITE_DAC.0);

    fn new(descriptor: &'a SecurityDescriptor, token: &'a Token, mapping: &'a GenericMapping) -> Self {
        let owner = descriptor.owner.and_then(|owner| owner.sid());
        let owner = owner.is_some_and(|owner| token.has(&owner, false));
        let resource = resource_claims(descriptor).collect();
        Self { descriptor, mapping, situation: Situation::new(token, resource), owner }
    }

    /// What privileges and ownership give before any ACE is asked; `None` where a privilege is missing.
    fn given(&self, desired: AccessMask) -> Option<AccessMask> {
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
        if self.owner && !self.effective().any(|ace| ace.trustee == Trustee::Sid(Sid::OWNER_RIGHTS)) {
            given = given | Self::OWNER;
        }
        Some(given)
    }

    fn effective(&self) -> impl Iterator<Item = &'a Ace> {
        self.descriptor.dacl.aces().iter().filter(|ace| ace.is_effective())
    }

    /// Those ACEs that concern the caller, with their effect.
    fn concerned(&self) -> impl Iterator<Item = (Effect, AccessMask)> {
        self.effective().filter_map(|ace| {
            let effect = ace.ace_type.effect();
            let concerned = effect != Effect::None
                && ace.object_type.is_none()
                && self.is_named(&ace.trustee, effect)
                && self.is_met(ace, effect);
            concerned.then_some((effect, ace.mask))
        })
    }

    fn is_named(&self, trustee: &Trustee, effect: Effect) -> bool {
        let denying = effect == Effect::Deny;
        let token = self.situation.token;
        match trustee.sid() {
            None => denying,
            Some(sid) => {
                token.has(&sid, denying)
                    || (sid == Sid::OWNER_RIGHTS && self.owner)
                    || (sid == Sid::PRINCIPAL_SELF
                        && token.principal_self.is_some_and(|it| token.has(&it, denying)))
            }
        }
    }

    /// Whether the condition of a callback ACE lets it count: one that grants needs a condition that holds, one that
    /// denies a condition that does not fail ([MS-DTYP] 2.4.4.17.3).
    fn is_met(&self, ace: &Ace, effect: Effect) -> bool {
        if ace.ace_type.kind().is_none_or(|kind| kind.extra != Extra::Condition) {
            return true;
        }
        let denying = effect == Effect::Deny;
        let outcome = match &ace.data {
            AceData::Condition(condition) => condition.outcome(&self.situation, denying),
            _ => Outcome::Unknown,
        };
        if denying { outcome != Outcome::False } else { outcome == Outcome::True }
    }

    /// Whether the ACEs in their order grant all of it.
    fn in_order(&self, mut remaining: AccessMask) -> bool {
        if self.descriptor.dacl.acl().is_none() {
            return true;
        }
        for (effect, mask) in self.concerned() {
            match effect {
                Effect::Allow => remaining = remaining.without(mask),
                Effect::Deny if remaining.intersects(mask) => return false,
                Effect::Deny | Effect::None => {}
            }
        }
        remaining.is_empty()
    }

    /// All that some ACE grants and none denies.
    fn most(&self) -> AccessMask {
        if self.descriptor.dacl.acl().is_none() {
            return self.mapping.all;
        }
        let (mut allowed, mut denied) = (AccessMask::NONE, AccessMask::NONE);
        for (effect, mask) in self.concerned() {
            match effect {
                Effect::Allow => allowed = allowed | mask,
                Effect::Deny => denied = denied | mask,
                Effect::None => {}
            }
        }
        allowed.without(denied)
    }

    /// What the object's integrity level leaves to the caller ([MS-DTYP] 2.5.3.3).
    fn within_integrity(&self) -> AccessMask {
        let (level, policy) = self.label();
        match self.situation.token.integrity {
            Some(caller) if caller < level && !policy.is_empty() => {
                let GenericMapping { read, write, execute, .. } = *self.mapping;
                let ways = [(NO_WRITE_UP, write), (NO_READ_UP, read), (NO_EXECUTE_UP, execute)];
                let open = ways.into_iter().filter(|(closed, _)| !policy.contains(*closed));
                open.fold(AccessMask::NONE, |all, (_, rights)| all | rights)
            }
            _ => AccessMask(u32::MAX),
        }
    }

    /// The object's level and what it keeps from those below.
    fn label(&self) -> (u32, AccessMask) {
        let labels = self.descriptor.sacl.aces().iter().filter(|ace| ace.is_effective());
        let mut labels = labels.filter(|ace| ace.ace_type == AceType::SYSTEM_MANDATORY_LABEL);
        let label = labels.next();
        let level = label.and_then(|ace| Some((ace.trustee.sid()?.integrity_level()?, ace.mask)));
        level.unwrap_or(DEFAULT_LABEL)
    }
}

/// The claims about the object that its SACL makes.
fn resource_claims(descriptor: &SecurityDescriptor) -> impl Iterator<Item = &Claim> {
    let aces = descriptor.sacl.aces().iter().filter(|ace| ace.is_effective());
    aces.filter_map(|ace| match &ace.data {
        AceData::Claim(claim) => Some(&**claim),
        _ => None,
    })
}
