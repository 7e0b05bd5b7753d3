//! Properties over generated descriptors and bytes.

use crate::oracles;
use proptest::{collection::vec, option, prelude::*, sample::select};
use uuid::Uuid;
use wintask::security::{
    AccessMask, Ace, AceData, AceFlags, AceType, Acl, AclPart, Claim, ClaimFlags, ClaimValues, Condition,
    Control, SecurityDescriptor, Sid, Trustee,
};

fn sid() -> impl Strategy<Value = Sid> {
    prop_oneof![
        select(vec![Sid::EVERYONE, Sid::ADMINISTRATORS, Sid::LOCAL_SYSTEM, Sid::CREATOR_OWNER, Sid::USERS]),
        (0..1u64 << 48, vec(any::<u32>(), 1..=15))
            .prop_map(|(authority, parts)| Sid::new(authority, &parts).unwrap()),
    ]
}

/// A name in text: plain, or with letters to be escaped.
fn attribute() -> impl Strategy<Value = String> {
    (
        select(vec!["", "@User.", "@Device.", "@Resource."]),
        "[a-zA-Z_:./][a-zA-Z0-9_:./]{0,8}|%00(40|20|3D)[a-z]{1,3}|Exists|SID|1a",
    )
        .prop_map(|(source, name)| format!("{source}{name}"))
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| format!("{n:#x}")),
        any::<u64>().prop_map(|n| format!("+0{n:o}")),
        "[^\"\0]{0,8}".prop_map(|text| format!("\"{text}\"")),
        vec(any::<u8>(), 0..5)
            .prop_map(|b| format!("#{}", b.iter().map(|b| format!("{b:02x}")).collect::<String>())),
        sid().prop_map(|sid| format!("SID({sid})")),
    ]
}

fn term() -> impl Strategy<Value = String> {
    let compare =
        select(vec!["==", "!=", "<", "<=", ">", ">=", "Contains", "Not_Contains", "Any_of", "Not_Any_of"]);
    let right = prop_oneof![
        literal(),
        attribute().prop_map(|name| name.replace("1a", "%0031a")),
        vec(literal(), 1..4).prop_map(|all| format!("{{{}}}", all.join(","))),
    ];
    let member =
        select(vec!["Member_of", "Not_Member_of_Any", "Device_Member_of", "Not_Device_Member_of_Any"]);
    // A name that equals an operator would be read as one.
    let name = || attribute().prop_map(|name| name.replace("Exists", "%0045xists"));
    prop_oneof![
        3 => (name(), compare, right).prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        1 => name(),
        1 => attribute().prop_map(|name| format!("Exists {name}")),
        1 => (member, vec(sid(), 1..3)).prop_map(|(operator, sids)| {
            let sids: Vec<_> = sids.iter().map(|sid| format!("SID({sid})")).collect();
            format!("{operator} {{{}}}", sids.join(", "))
        }),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    term().prop_recursive(6, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a}||({b})")),
        ]
    })
}

fn claim() -> impl Strategy<Value = Claim> {
    let string = "[^\"\0]{0,6}".prop_map(|text| text.as_str().into());
    let values = prop_oneof![
        vec(any::<i64>(), 0..4).prop_map(ClaimValues::Integers),
        vec(any::<u64>(), 0..4).prop_map(ClaimValues::Unsigned),
        vec(string, 0..4).prop_map(ClaimValues::Strings),
        vec(sid().prop_map(Trustee::Sid), 0..3).prop_map(ClaimValues::Sids),
        vec(any::<bool>(), 0..4).prop_map(ClaimValues::Booleans),
        vec(vec(any::<u8>(), 0..6), 0..3).prop_map(ClaimValues::Octets),
    ];
    ("[^\0]{1,8}", any::<u32>(), values)
        .prop_map(|(name, flags, values)| Claim::new(name, values).with_flags(ClaimFlags(flags)))
}

const DACL: &[u8] = &[0x00, 0x01, 0x05, 0x06, 0x09, 0x0A, 0x0B];
const SACL: &[u8] = &[0x02, 0x03, 0x07, 0x08, 0x0D, 0x11, 0x12, 0x13, 0x14, 0x15];

/// An ACE that SDDL can express.
fn ace(types: &'static [u8]) -> impl Strategy<Value = Ace> {
    let guids = (option::of(any::<u128>()), option::of(any::<u128>()));
    let basic = (select(types), any::<u8>(), any::<u32>(), sid(), guids);
    (basic, condition(), claim()).prop_map(|((code, flags, mask, sid, guids), condition, claim)| {
        let mut ace = Ace::new(AceType(code), AccessMask(mask), sid).with_flags(AceFlags(flags));
        if matches!(code, 5..=8 | 0x0B) {
            ace = ace.with_object_type(guids.0.map(Uuid::from_u128));
            ace = ace.with_inherited_object_type(guids.1.map(Uuid::from_u128));
            if code == 5 && guids == (None, None) {
                ace.ace_type = AceType::ACCESS_ALLOWED;
            }
        }
        match code {
            0x09 | 0x0A | 0x0B | 0x0D | 0x15 => {
                let parsed = condition.parse().unwrap_or_else(|e| panic!("{condition}: {e}"));
                ace = ace.with_data(AceData::Condition(parsed));
            }
            0x12 => ace = ace.with_data(AceData::Claim(Box::new(claim))),
            _ => {}
        }
        ace
    })
}

fn part(types: &'static [u8]) -> impl Strategy<Value = AclPart> {
    prop_oneof![
        1 => Just(AclPart::Absent),
        1 => Just(AclPart::Null),
        6 => vec(ace(types), 0..5).prop_map(|aces| Acl::new(aces).into()),
    ]
}

/// A descriptor that SDDL can express.
fn descriptor() -> impl Strategy<Value = SecurityDescriptor> {
    let trustee = || option::of(sid().prop_map(Trustee::Sid));
    (trustee(), trustee(), part(DACL), part(SACL), any::<u16>()).prop_map(
        |(owner, group, dacl, sacl, control)| {
            let mut found = SecurityDescriptor::new();
            // SDDL cannot express the flags of an absent ACL.
            let bits = if dacl == AclPart::Absent { 0 } else { 0x1500 }
                | if sacl == AclPart::Absent { 0 } else { 0x2A00 };
            (found.owner, found.group, found.dacl, found.sacl) = (owner, group, dacl, sacl);
            found.control = Control(control & bits);
            found
        },
    )
}

proptest! {
    #[test]
    fn text_and_bytes_keep_everything(descriptor in descriptor()) {
        let text = descriptor.to_sddl().unwrap();
        prop_assert_eq!(&text.parse::<SecurityDescriptor>().unwrap(), &descriptor, "{}", text);
        let bytes = descriptor.to_bytes().unwrap();
        let read = SecurityDescriptor::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&read, &descriptor);
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn conditions_keep_everything(text in condition()) {
        let found: Condition = text.parse().unwrap();
        prop_assert_eq!(&found.to_string().parse::<Condition>().unwrap(), &found, "{}", text);
        prop_assert_eq!(Condition::from_bytes(&found.to_bytes()), Some(found));
    }

    /// The binary form keeps control bits, the resource manager's byte, unused space and GUID flags.
    #[test]
    fn bytes_keep_what_text_does_not(
        descriptor in descriptor(), control in any::<u16>(), rm in any::<u8>(), unused in vec(any::<u8>(), 0..9),
        code in prop_oneof![Just(0x04u8), Just(0x0C), Just(0x0F), 0x16u8..=0xFF], body in vec(any::<u8>(), 12..13),
    ) {
        let mut descriptor = descriptor;
        descriptor.control = Control(control & !0x8014);
        descriptor.resource_manager = rm;
        if let AclPart::Present(acl) = &mut descriptor.dacl {
            let ace = Ace::new(AceType(code), AccessMask::NONE, Sid::NOBODY);
            acl.aces.push(if AceType(code).name().is_some() && code != 4 { ace } else { ace.with_data(AceData::Bytes(body)) });
            acl.unused = unused;
        }
        let bytes = descriptor.to_bytes().unwrap();
        prop_assert_eq!(SecurityDescriptor::from_bytes(&bytes).unwrap(), descriptor);
    }

    #[test]
    fn any_change_of_bytes(descriptor in descriptor(), at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut bytes = descriptor.to_bytes().unwrap();
        *at.get_mut(&mut bytes) = value;
        oracles::oracle("descriptor")(&bytes);
    }

    #[test]
    fn any_change_of_text(descriptor in descriptor(), at in any::<prop::sample::Index>(), value in 0x20..0x7Fu8) {
        let mut text = descriptor.to_string().into_bytes();
        if !text.is_empty() {
            *at.get_mut(&mut text) = value;
        }
        oracles::oracle("sddl")(&text);
    }
}
