//! The access check ([MS-DTYP] 2.5.3.2, 2.5.3.3; EVIDENCE.md SDDL-16 and SDDL-17).

use super::{LIVE, descriptor, sid};
use proptest::{collection::vec, prelude::*, sample::select};
use wintask::security::{
    AccessCheck, AccessMask, Ace, AceData, AceFlags, AceType, Acl, AclPart, Claim, ClaimValues,
    GenericMapping, Outcome, Privileges, SecurityDescriptor, Sid, Token, access_check,
};

const FR: u32 = 0x12_0089;
const FW: u32 = 0x12_0116;
const FX: u32 = 0x12_00A0;
const FA: u32 = 0x1F_01FF;
const MAX: u32 = 0x0200_0000;
const SACL: u32 = 0x0100_0000;
const RC: u32 = 0x2_0000;
const WD: u32 = 0x4_0000;
const WO: u32 = 0x8_0000;

fn user() -> Token {
    Token::new(sid("S-1-5-21-1-2-3-1001")).with_group(Sid::EVERYONE).with_group(Sid::AUTHENTICATED_USERS)
}

fn ask(text: &str, token: &Token, desired: u32) -> Option<u32> {
    let answer = access_check(&descriptor(text), token, AccessMask(desired), &GenericMapping::FILE);
    assert!(answer.allowed || answer.granted.is_empty(), "{text}: rights of one who is denied");
    answer.allowed.then_some(answer.granted.0)
}

/// Each line: descriptor, caller, rights asked for, rights granted. The steps are those of [MS-DTYP] 2.5.3.2 in order;
/// EVIDENCE.md SDDL-16 has the slips of its pseudo-code.
#[test]
fn steps() {
    let alice = user();
    let owner = "O:S-1-5-21-1-2-3-1001";
    let auditor = user().with_privileges(Privileges::SECURITY);
    let taker = user().with_privileges(Privileges::TAKE_OWNERSHIP);
    for (step, text, token, desired, granted) in [
        // 0: generic rights are mapped in the desired access, and not in ACEs.
        ("0", "D:(A;;FR;;;AU)", &alice, 0x8000_0000, Some(FR)),
        ("0", "D:(A;;FA;;;AU)", &alice, 0x1000_0000, Some(FA)),
        ("0", "D:(A;;GR;;;AU)", &alice, 0x8000_0000, None),
        ("0", "D:(A;;GA;;;AU)", &alice, 1, None),
        // 1: the SACL needs a privilege, regardless of the ACEs.
        ("1", "D:(A;;0x1000000;;;AU)", &alice, SACL, None),
        ("1", "D:", &auditor, SACL, Some(SACL)),
        ("1", "D:", &auditor, SACL | FR, None),
        ("1", "D:(A;;FR;;;AU)", &auditor, SACL | FR, Some(SACL | FR)),
        ("1", "D:NO_ACCESS_CONTROL", &alice, SACL, None),
        // 2: taking ownership.
        ("2", "D:", &taker, WO, Some(WO)),
        ("2", "D:(D;;WO;;;WD)", &taker, WO, Some(WO)),
        ("2", "D:", &alice, WO, None),
        // 3: owners, and Owner Rights instead of them.
        ("3", &format!("{owner}D:"), &alice, RC | WD, Some(RC | WD)),
        ("3", &format!("{owner}D:(D;;RCWD;;;WD)"), &alice, RC | WD, Some(RC | WD)),
        ("3", &format!("{owner}D:"), &alice, FR, None),
        ("3", &format!("{owner}D:(A;;RC;;;OW)"), &alice, RC, Some(RC)),
        ("3", &format!("{owner}D:(A;;RC;;;OW)"), &alice, WD, None),
        ("3", &format!("{owner}D:(A;;FA;;;OW)"), &alice, FX, Some(FX)),
        ("3", &format!("{owner}D:(A;IO;RC;;;OW)"), &alice, WD, Some(WD)),
        ("3", "O:BAD:(A;;FA;;;OW)", &alice, FR, None),
        ("3", "O:WDD:", &alice, WD, Some(WD)),
        // 4: no DACL, a NULL one, an empty one.
        ("4", "O:BA", &alice, FA, Some(FA)),
        ("4", "D:NO_ACCESS_CONTROL", &alice, FA, Some(FA)),
        ("4", "D:", &alice, 1, None),
        ("4", "D:", &alice, 0, Some(0)),
        ("4", "D:NO_ACCESS_CONTROL", &alice, MAX, Some(FA)),
        // 5: order.
        ("5", "D:(D;;FX;;;WD)(A;;FA;;;AU)", &alice, 1, Some(1)),
        ("5", "D:(D;;FX;;;WD)(A;;FA;;;AU)", &alice, FX, None),
        ("5", "D:(A;;FA;;;AU)(D;;FX;;;WD)", &alice, FX, Some(FX)),
        ("5", "D:(A;;FR;;;AU)(A;;FX;;;WD)", &alice, FR | FX, Some(FR | FX)),
        ("5", "D:(A;;FR;;;AU)(D;;0x20;;;WD)(A;;FX;;;WD)", &alice, FR | FX, None),
        ("5", "D:(A;IO;FA;;;AU)", &alice, 1, None),
        ("5", "D:(D;IO;FA;;;AU)(A;;FA;;;AU)", &alice, FA, Some(FA)),
        ("5", "D:(A;;FA;;;BA)", &alice, 1, None),
        // Object ACEs without an object type count; others do not, nor do those of a SACL or of unknown effect.
        ("5", "D:(OA;;FR;;bf967aba-0de6-11d0-a285-00aa003049e2;AU)", &alice, FR, Some(FR)),
        ("5", "D:(OA;;FR;bf967aba-0de6-11d0-a285-00aa003049e2;;AU)", &alice, FR, None),
        ("5", "D:(OD;;FR;bf967aba-0de6-11d0-a285-00aa003049e2;;AU)(A;;FR;;;AU)", &alice, FR, Some(FR)),
        // Conditions: an allow ACE needs TRUE, a deny ACE is stopped only by FALSE.
        ("5", "D:(XA;;FR;;;AU;(Member_of {SID(WD)}))", &alice, FR, Some(FR)),
        ("5", "D:(XA;;FR;;;AU;(Member_of {SID(BA)}))", &alice, FR, None),
        ("5", "D:(XA;;FR;;;AU;(@User.a == 1))", &alice, FR, None),
        ("5", "D:(XD;;FR;;;AU;(Member_of {SID(WD)}))(A;;FR;;;AU)", &alice, FR, None),
        ("5", "D:(XD;;FR;;;AU;(Member_of {SID(BA)}))(A;;FR;;;AU)", &alice, FR, Some(FR)),
        ("5", "D:(XD;;FR;;;AU;(@User.a == 1))(A;;FR;;;AU)", &alice, FR, None),
        ("5", "D:(XA;;FR;;;AU;(@Resource.a == 1))S:(RA;;;;;WD;(\"a\",TI,0x0,1))", &alice, FR, Some(FR)),
        ("5", "D:(XA;;FR;;;AU;(@Resource.a == 1))S:(RA;IO;;;;WD;(\"a\",TI,0x0,1))", &alice, FR, None),
        // Aliases without a domain: they grant nobody and deny everybody.
        ("5", "D:(A;;FA;;;DU)", &alice, 1, None),
        ("5", "D:(D;;FX;;;DU)(A;;FA;;;AU)", &alice, FX, None),
        // 6: MAXIMUM_ALLOWED.
        ("6", "D:(A;;FR;;;AU)(A;;FX;;;WD)(A;;FW;;;BA)", &alice, MAX, Some(FR | FX)),
        ("6", "D:(D;;FX;;;WD)(A;;FA;;;AU)", &alice, MAX, Some(FA & !FX)),
        ("6", "D:(A;;FA;;;AU)(D;;FX;;;WD)", &alice, MAX, Some(FA & !FX)),
        ("6", "D:(A;;FR;;;BA)", &alice, MAX, None),
        ("6", "D:(A;;FR;;;AU)", &alice, MAX | FW, None),
        ("6", "D:(A;;FA;;;AU)", &alice, MAX | FW, Some(FA)),
        ("6", "D:", &auditor, MAX | SACL, Some(SACL)),
        ("6", &format!("{owner}D:(A;;FR;;;AU)"), &alice, MAX, Some(FR | WD)),
    ] {
        assert_eq!(ask(text, token, desired), granted, "step {step}: {text}, {desired:#x}");
    }
}

/// Deny-only groups, and the substitute for Principal Self.
#[test]
fn groups() {
    let filtered = user().with_deny_only_group(Sid::ADMINISTRATORS);
    assert_eq!(ask("D:(A;;FA;;;BA)", &filtered, 1), None);
    assert_eq!(ask("D:(D;;FA;;;BA)(A;;FA;;;AU)", &filtered, 1), None);
    assert_eq!(ask("O:BAD:", &filtered, WD), None);
    assert_eq!(ask("D:(XA;;FA;;;AU;(Member_of {SID(BA)}))", &filtered, 1), None);
    assert_eq!(ask("D:(XD;;FA;;;AU;(Member_of {SID(BA)}))(A;;FA;;;AU)", &filtered, 1), None);
    let mut itself = user();
    assert_eq!(ask("D:(A;;FA;;;PS)", &itself, 1), None);
    itself.principal_self = Some(itself.user);
    assert_eq!(ask("D:(A;;FA;;;PS)", &itself, 1), Some(1));
    itself.principal_self = Some(Sid::ADMINISTRATORS);
    assert_eq!(ask("D:(A;;FA;;;PS)", &itself, 1), None);
}

/// EVIDENCE.md SDDL-14, SDDL-19, SDDL-20: what the observed descriptors let people do.
#[test]
fn live_descriptors() {
    let alice = user();
    let system = Token::new(Sid::LOCAL_SYSTEM).with_group(Sid::ADMINISTRATORS);
    // The root folder: a user may add tasks and folders, and read nothing.
    assert_eq!(ask(LIVE[0], &alice, FW), Some(FW));
    assert_eq!(ask(LIVE[0], &alice, FR), None);
    assert_eq!(ask(LIVE[0], &system, FA), Some(FA));
    // A user's task: its owner may run it; the system has everything but running it.
    assert_eq!(ask(LIVE[1], &alice, FX), Some(FX));
    assert_eq!(ask(LIVE[1], &system, 0x1F_019F), Some(0x1F_019F));
    assert_eq!(ask(LIVE[1], &system, 0x20), None);
    // The system may run the XP-compatible one.
    assert_eq!(ask(LIVE[2], &system, FX), Some(FX));
    assert_eq!(ask(LIVE[4], &alice, FR), Some(FR));
    assert_eq!(ask(LIVE[4], &alice, FW), None);
}

/// [MS-DTYP] 2.5.3.3; EVIDENCE.md SDDL-17.
#[test]
fn integrity() {
    let level = |integrity| {
        let mut token = user();
        token.integrity = Some(integrity);
        token
    };
    let (low, medium, high) = (level(0x1000), level(0x2000), level(0x3000));
    let labelled = |label: &str| format!("O:S-1-5-21-1-2-3-1001D:(A;;FA;;;AU){label}");
    let ask = |label, token: &Token, desired| ask(&labelled(label), token, desired);
    // Without a label: medium, no writing from below.
    assert_eq!(ask("", &low, FW), None);
    assert_eq!(ask("", &low, FR | FX), Some(FR | FX));
    assert_eq!(ask("", &low, WD), None);
    assert_eq!(ask("", &medium, FA), Some(FA));
    assert_eq!(ask("S:(ML;IO;NR;;;HI)", &medium, FA), Some(FA));
    assert_eq!(ask("S:(ML;;NW;;;HI)", &medium, FW), None);
    assert_eq!(ask("S:(ML;;NW;;;HI)", &high, FW), Some(FW));
    assert_eq!(ask("S:(ML;;NWNR;;;HI)", &medium, FR), None);
    assert_eq!(ask("S:(ML;;NWNR;;;HI)", &medium, FX), Some(FX));
    assert_eq!(ask("S:(ML;;NX;;;HI)", &medium, 0x20), None);
    assert_eq!(ask("S:(ML;;NX;;;HI)", &medium, FR | FW), Some(FR | FW));
    assert_eq!(ask("S:(ML;;NW;;;LW)", &low, FW), Some(FW));
    assert_eq!(ask("S:(ML;;;;;HI)", &low, FA), Some(FA));
    assert_eq!(ask("S:(ML;;NW;;;HI)", &medium, MAX), Some(FR | FX));
    assert_eq!(ask("S:(ML;;NW;;;HI)", &user(), FA), Some(FA));
    // Privileges override levels.
    let taker = low.with_privileges(Privileges::TAKE_OWNERSHIP);
    assert_eq!(ask("", &taker, WO), Some(WO));
}

/// The same question answered another way: bit by bit, with every rule spelled out for one bit.
mod naive {
    use super::*;

    /// Whether an ACE concerns the caller, and whether it grants (true) or denies (false).
    fn says(ace: &Ace, token: &Token, owner: bool) -> Option<bool> {
        let grants = match ace.ace_type.0 {
            0 | 5 | 9 | 11 => true,
            1 | 6 | 10 | 12 => false,
            _ => return None,
        };
        if ace.flags.0 & 8 != 0 || ace.object_type().is_some() {
            return None;
        }
        let sid = ace.trustee.sid().unwrap();
        let mut member = sid == token.user;
        for group in &token.groups {
            member |= group.sid == sid && !(grants && group.deny_only);
        }
        if sid.to_string() == "S-1-3-4" {
            member |= owner;
        }
        if !member {
            return None;
        }
        if matches!(ace.ace_type.0, 9..=12) {
            // The conditions of this test use one claim, which is 1, 0 or missing.
            let outcome = match ace.data() {
                AceData::Condition(condition) => match condition.to_string().as_str() {
                    "@User.one == 1" | "!(@User.zero)" => Outcome::True,
                    "@User.zero" | "@User.one != 1" => Outcome::False,
                    _ => Outcome::Unknown,
                },
                _ => Outcome::Unknown,
            };
            match (grants, outcome) {
                (true, Outcome::True) | (false, Outcome::True | Outcome::Unknown) => {}
                _ => return None,
            }
        }
        Some(grants)
    }

    pub(super) fn check(descriptor: &SecurityDescriptor, token: &Token, asked: u32) -> AccessCheck {
        let mut desired = asked & 0x0FFF_FFFF;
        for (bit, mapped) in [(31, FR), (30, FW), (29, FX), (28, FA)] {
            if asked >> bit & 1 == 1 {
                desired |= mapped;
            }
        }
        let maximum = desired & MAX != 0;
        desired &= !MAX;
        let owner_sid = descriptor.owner.and_then(|owner| owner.sid());
        let owner = owner_sid.is_some_and(|owner| {
            owner == token.user || token.groups.iter().any(|group| group.sid == owner && !group.deny_only)
        });
        let aces: Option<&[Ace]> = descriptor.dacl.acl().map(|acl| &acl.aces[..]);
        let owner_rights = aces.is_some_and(|aces| {
            aces.iter().any(|ace| ace.flags.0 & 8 == 0 && ace.trustee.to_string() == "OW")
        });
        let (mut granted, mut all) = (0u32, true);
        for bit in (0..32).map(|n| 1u32 << n) {
            let wanted = desired & bit != 0;
            let by_right = match bit {
                SACL if wanted => token.privileges.contains(Privileges::SECURITY),
                WO if wanted => token.privileges.contains(Privileges::TAKE_OWNERSHIP),
                RC | WD => owner && !owner_rights,
                _ => false,
            };
            let mut words = aces.unwrap_or_default().iter().filter(|ace| ace.mask.0 & bit != 0);
            let by_aces = match aces {
                None => !maximum || wanted || FA & bit != 0,
                Some(_) if maximum => {
                    let words: Vec<_> = words.filter_map(|ace| says(ace, token, owner)).collect();
                    words.contains(&true) && !words.contains(&false)
                }
                // The first ACE that concerns the bit decides.
                Some(_) => words.find_map(|ace| says(ace, token, owner)) == Some(true),
            };
            let has = if bit == SACL && wanted { by_right } else { by_right || by_aces };
            if has && (wanted || maximum) {
                granted |= bit;
            }
            all &= has || !wanted;
        }
        let allowed = all && !(maximum && granted == 0);
        AccessCheck { granted: AccessMask(if allowed { granted } else { 0 }), allowed }
    }
}

const SIDS: &[&str] = &["S-1-5-21-1-2-3-1001", "WD", "AU", "BA", "SY", "OW", "LS"];

fn mask() -> impl Strategy<Value = u32> {
    let whole =
        select(vec![FR, FW, FX, FA, 1, 2, 0x20, RC, WD, WO, SACL, RC | WD, MAX, 0, 0x8000_0000, 0x1000_0000]);
    prop_oneof![3 => whole.clone(), 1 => (whole, any::<u32>()).prop_map(|(mask, bits)| mask ^ (bits & 0x1F_01FF))]
}

fn ace() -> impl Strategy<Value = Ace> {
    let conditions = ["@User.one == 1", "!(@User.zero)", "@User.zero", "@User.one != 1", "@User.missing"];
    let types = select(vec![0u8, 0, 0, 0, 1, 1, 1, 2, 5, 6, 9, 9, 10, 10, 11, 12, 0x80]);
    let extra = (any::<bool>(), select(conditions.to_vec()), any::<u8>());
    (types, mask(), select(SIDS.to_vec()), 0..6u8, extra).prop_map(|(code, mask, trustee, flags, extra)| {
        let (with_guid, condition, odd) = extra;
        let trustee: wintask::security::Trustee = trustee.parse().unwrap();
        let choices = [AceFlags::NONE, AceFlags::INHERITED, AceFlags::INHERIT_ONLY];
        let flags = choices.get(usize::from(flags)).copied().unwrap_or_default();
        let mut ace = Ace::new(AceType(code), AccessMask(mask), trustee).with_flags(flags);
        if matches!(code, 5 | 6 | 11 | 12) && with_guid {
            ace = ace.with_object_type(Some(uuid::Uuid::from_u128(1)));
        }
        if matches!(code, 9..=12) {
            ace = ace.with_data(match odd {
                0..16 => AceData::None,
                16..32 => AceData::Bytes(vec![odd; 4]),
                _ => AceData::Condition(condition.parse().unwrap()),
            });
        }
        ace
    })
}

fn token() -> impl Strategy<Value = Token> {
    let groups = vec((select(vec!["WD", "AU", "BA", "SY", "LS"]), any::<bool>()), 0..4);
    (groups, any::<u8>()).prop_map(|(groups, bits)| {
        let mut token = Token::new(sid("S-1-5-21-1-2-3-1001"));
        for (group, deny_only) in groups {
            let sid = group.parse::<wintask::security::Trustee>().unwrap().sid().unwrap();
            token = if deny_only { token.with_deny_only_group(sid) } else { token.with_group(sid) };
        }
        token.privileges = Privileges(u64::from(bits & 3) << 8);
        token.user_claims = vec![
            Claim::new("one", ClaimValues::Integers(vec![1])),
            Claim::new("zero", ClaimValues::Integers(vec![0])),
        ];
        token
    })
}

fn secured() -> impl Strategy<Value = SecurityDescriptor> {
    let dacl = prop_oneof![
        1 => Just(AclPart::Absent),
        1 => Just(AclPart::Null),
        18 => vec(ace(), 0..7).prop_map(|aces| Acl::new(aces).into()),
    ];
    (proptest::option::of(select(SIDS.to_vec())), dacl).prop_map(|(owner, dacl)| {
        let mut descriptor = SecurityDescriptor::new();
        descriptor.owner = owner.map(|owner| owner.parse().unwrap());
        descriptor.dacl = dacl;
        descriptor
    })
}

/// How often the random cases are allowed and denied: both are common.
#[test]
fn the_random_cases_are_worth_it() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut counts = [[0u32; 2]; 2];
    for _ in 0..2000 {
        let case = (secured(), token(), mask(), any::<bool>()).new_tree(&mut runner).unwrap().current();
        let (descriptor, token, mask, maximum) = case;
        let desired = AccessMask(if maximum { mask | MAX } else { mask });
        let answer = access_check(&descriptor, &token, desired, &GenericMapping::FILE);
        counts[usize::from(maximum)][usize::from(answer.allowed)] += 1;
    }
    assert!(counts.as_flattened().iter().all(|count| *count > 150), "{counts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn agrees_with_the_naive_one(
        descriptor in secured(), token in token(), mask in mask(), maximum in any::<bool>(),
    ) {
        let desired = if maximum { mask | MAX } else { mask };
        let found = access_check(&descriptor, &token, AccessMask(desired), &GenericMapping::FILE);
        prop_assert_eq!(found, naive::check(&descriptor, &token, desired));
    }
}
