//! Conditional expressions and claims ([MS-DTYP] 2.4.4.17, 2.4.10.1, 2.5.1.1, 2.5.3.1.5; EVIDENCE.md SDDL-08 to SDDL-10).

use super::{bytes, descriptor, sid};
use wintask::{
    dtyp::WideString,
    security::{
        AccessMask, AceData, AclPart, Claim, ClaimFlags, ClaimValues, Condition, Domains, GenericMapping,
        Outcome, SecurityDescriptor, Sid, Token, Trustee, access_check,
    },
};

fn condition(text: &str) -> Condition {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The example of [MS-DTYP] 2.4.4.17.9, and a negative number.
#[test]
fn vectors() {
    let expected = bytes(
        "61 72 74 78 F8 0A 00 00 00 54 00 69 00 74 00 6C 00 65 00 10 04 00 00 00 56 00 50 00 80 00 00 00",
    );
    assert_eq!(condition(r#"(Title=="VP")"#).to_bytes(), expected);
    assert_eq!(Condition::from_bytes(&expected).unwrap().to_string(), r#"Title == "VP""#);
    let minus_one = condition("a == -1").to_bytes();
    assert_eq!(minus_one[11..21], bytes("04 FF FF FF FF FF FF FF FF 02")[..]);
    assert_eq!(minus_one[21..23], [0x02, 0x80]);
}

/// Every token, by its code ([MS-DTYP] 2.4.4.17.5 to 2.4.4.17.8).
#[test]
fn tokens() {
    for (text, code) in [
        ("a == 1", 0x80),
        ("a != 1", 0x81),
        ("a < 1", 0x82),
        ("a <= 1", 0x83),
        ("a > 1", 0x84),
        ("a >= 1", 0x85),
        ("a Contains 1", 0x86),
        ("a Not_Contains 1", 0x8E),
        ("Exists a", 0x87),
        ("Not_Exists a", 0x8D),
        ("a Any_of 1", 0x88),
        ("a Not_Any_of 1", 0x8F),
        ("Member_of {SID(BA)}", 0x89),
        ("Not_Member_of {SID(BA)}", 0x90),
        ("Device_Member_of {SID(BA)}", 0x8A),
        ("Not_Device_Member_of {SID(BA)}", 0x91),
        ("Member_of_Any {SID(BA)}", 0x8B),
        ("Not_Member_of_Any {SID(BA)}", 0x92),
        ("Device_Member_of_Any {SID(BA)}", 0x8C),
        ("Not_Device_Member_of_Any {SID(BA)}", 0x93),
        ("a && b", 0xA0),
        ("a || b", 0xA1),
        ("!(a)", 0xA2),
    ] {
        let data = condition(text).to_bytes();
        assert_eq!(data.iter().rev().find(|byte| **byte != 0), Some(&code), "{text}");
        assert_eq!(condition(text).to_string(), text);
        assert_eq!(Condition::from_bytes(&data), Some(condition(text)));
    }
    for (text, code) in [("a", 0xF8), ("@User.a", 0xF9), ("@Resource.a", 0xFA), ("@Device.a", 0xFB)] {
        assert_eq!(condition(text).to_bytes()[4], code);
        assert_eq!(condition(text).to_string(), text);
    }
    for (text, literal) in [
        ("#00ff", "18 02 00 00 00 00 FF"),
        ("\"\"", "10 00 00 00 00"),
        ("SID(SY)", "51 0C 00 00 00 01 01 00 00 00 00 00 05 12 00 00 00"),
        ("{1, \"a\"}", "50 12 00 00 00 04 01 00 00 00 00 00 00 00 03 02 10 02 00 00 00 61 00"),
        ("+8", "04 08 00 00 00 00 00 00 00 01 02"),
        ("010", "04 08 00 00 00 00 00 00 00 03 01"),
        ("-0x8", "04 F8 FF FF FF FF FF FF FF 02 03"),
    ] {
        let text = format!("a == {text}");
        let literal = bytes(literal);
        assert_eq!(condition(&text).to_bytes()[11..11 + literal.len()], literal[..], "{text}");
        assert_eq!(condition(&text).to_string(), text);
    }
}

/// Expressions with more than one spelling.
#[test]
fn spellings() {
    for (text, printed) in [
        ("a==1&&b==2||c==3", "a == 1 && b == 2 || c == 3"),
        ("a || b && c", "a || b && c"),
        ("(a || b) && c", "(a || b) && c"),
        ("a && (b && c)", "a && (b && c)"),
        ("((a && b)) && c", "a && b && c"),
        ("!a == 1", "!(a == 1)"),
        ("!!a", "!(!(a))"),
        ("! a && b", "!(a) && b"),
        ("exists A", "Exists A"),
        ("member_of SID(BA)", "Member_of SID(BA)"),
        ("a CONTAINS {1,2}", "a Contains {1, 2}"),
        // A further # is a digit of value 0 (EVIDENCE.md SDDL-09).
        ("a == #1#2#3##", "a == #01020300"),
        ("a == 0X1F", "a == 0x1f"),
        ("@USER.a == @resource.b", "@User.a == @Resource.b"),
        ("@User.a%0020b == 1", "@User.a%0020b == 1"),
        ("@User.a-b == 1", "@User.a%002db == 1"),
        ("@User.Größe == 1", "@User.Gr%00f6%00dfe == 1"),
        ("%0045xists == 1", "%0045xists == 1"),
        ("a == %0031", "a == %0031"),
        ("1a == 1", "1a == 1"),
        ("Member_of {SID(DA)}", "Member_of {SID(DA)}"),
    ] {
        assert_eq!(condition(text).to_string(), printed, "{text}");
        assert_eq!(condition(printed), condition(text), "{text}");
    }
}

#[test]
fn bad_text() {
    for (text, at, message) in [
        ("", 0, "expected an attribute"),
        ("1 == a)", 6, "expected an operator"),
        ("\"a\" && b", 0, "expected an attribute"),
        ("a && 1 == 1 && \"b\"", 15, "expected an attribute"),
        ("a == ", 5, "expected an attribute"),
        ("a b", 2, "expected an operator"),
        ("(a", 2, "expected an operator or a closing parenthesis"),
        ("a)", 1, "expected an operator"),
        ("a == \"x", 7, "expected a quotation mark"),
        ("a == {1", 7, "expected a closing brace"),
        ("a == {}", 6, "expected a value"),
        ("a == {b}", 6, "expected a value"),
        ("a == {{1}}", 6, "expected a value"),
        ("Member_of {1}", 11, "expected SID("),
        ("Member_of BA", 10, "expected SID("),
        ("Member_of", 9, "expected SID("),
        ("Exists", 6, "expected an attribute"),
        ("@Nobody.a", 0, "expected an attribute"),
        ("@User.", 6, "expected an attribute"),
        ("a == 18446744073709551616", 5, "integer is out of range"),
        ("a == -9223372036854775809", 5, "integer is out of range"),
        ("a == 09", 5, "integer is out of range"),
        ("a == +", 5, "integer is out of range"),
        ("@User.a%12 == 1", 8, "expected four hex digits"),
    ] {
        let error = text.parse::<Condition>().expect_err(text);
        assert_eq!(
            (error.place().offset().unwrap(), error.kind().to_string().as_str()),
            (at, message),
            "{text}"
        );
    }
}

/// Bytes that are not a condition: kept as bytes in the ACE, and never true.
#[test]
fn bad_bytes() {
    let (a, b) = ("F8 02 00 00 00 61 00", "F8 02 00 00 00 62 00");
    let one = "04 01 00 00 00 00 00 00 00 03 02";
    for (code, why) in [
        (String::new(), "nothing"),
        (format!("{a} {b}"), "two values are left (2.5.3.1.5)"),
        ("80".into(), "no operands"),
        (format!("{a} 80"), "one operand"),
        (format!("{one} {a} 80"), "a literal on the left"),
        (format!("{a} {one} A0"), "a literal as operand of a logical operator"),
        (one.into(), "a literal alone"),
        (format!("{one} 87"), "existence of a literal"),
        (format!("{one} 89"), "membership in a number"),
        (format!("{a} 89"), "membership in an attribute"),
        (format!("{a} 50 00 00 00 00 80"), "an empty composite"),
        (format!("{a} 50 0C 00 00 00 50 07 00 00 00 {a} 80"), "a composite in a composite"),
        (format!("{a} 50 07 00 00 00 {a} 80"), "an attribute in a composite"),
        (format!("{a} {one} 7F"), "an unknown token"),
        (format!("{a} 00 {b} A0"), "padding in the middle"),
        ("F8 00 00 00 00".into(), "an attribute without a name"),
        ("F8 03 00 00 00 61 00 62".into(), "an odd number of bytes"),
        ("F8 FF FF FF FF 61 00".into(), "a length that lies"),
        (format!("{a} 04 01 00 00 00 00 00 00 00 04 02 80"), "sign 4"),
        (format!("{a} 04 01 00 00 00 00 00 00 00 03 04 80"), "base 4"),
        (format!("{a} 04 01 00 00 00 00 00 00 00 02 02 80"), "a minus before a positive number"),
        (format!("{a} 51 04 00 00 00 01 00 00 00 80"), "half a SID"),
    ] {
        let data = [b"artx".to_vec(), bytes(&code)].concat();
        assert_eq!(Condition::from_bytes(&data), None, "{why}");
    }
    assert_eq!(Condition::from_bytes(b"arty\xF8\x02\0\0\0a\0"), None);
    let good = [b"artx".to_vec(), bytes(&format!("{a} {one} 80 00 00 00"))].concat();
    assert!(Condition::from_bytes(&good).is_some());
    let whole = condition("a == {1, \"b\", #00, SID(BA)} && !(Exists b)").to_bytes();
    let end = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let conditions: Vec<_> =
        (0..end).filter(|length| Condition::from_bytes(&whole[..*length]).is_some()).collect();
    // Cut after its first token, `a`, it is a condition: a single attribute. Cut after the comparison it is one again.
    assert_eq!(conditions, [11, 11 + 5 + (11 + 7 + 6 + 21) + 1]);
    // Deep as bytes, too; operators chained to the left are not deep.
    let chain = |left: bool, times: usize| {
        let (a, and) = (bytes(a), [0xA0]);
        let mut code = b"artx".to_vec();
        if left {
            code.extend(&a);
            (0..times).for_each(|_| code.extend([&a[..], &and].concat()));
        } else {
            (0..=times).for_each(|_| code.extend(&a));
            (0..times).for_each(|_| code.extend(and));
        }
        Condition::from_bytes(&code)
    };
    assert!(chain(true, 5000).is_some());
    assert!(chain(false, 10_000).is_none());
    let deepest = chain(false, 256).unwrap();
    assert_eq!(condition(&deepest.to_string()), deepest);
    assert_eq!(chain(false, 258), None);
}

fn claims() -> Vec<Claim> {
    let strings =
        |values: &[&str]| ClaimValues::Strings(values.iter().map(|v| WideString::from(*v)).collect());
    vec![
        Claim::new("title", strings(&["VP"])),
        Claim::new("exact", strings(&["VP"])).with_flags(ClaimFlags::CASE_SENSITIVE),
        Claim::new("teams", strings(&["red", "Blue"])),
        Claim::new("level", ClaimValues::Integers(vec![5])),
        Claim::new("negative", ClaimValues::Integers(vec![-5])),
        Claim::new("large", ClaimValues::Unsigned(vec![u64::MAX])),
        Claim::new("zero", ClaimValues::Integers(vec![0])),
        Claim::new("numbers", ClaimValues::Integers(vec![3, 1, 2])),
        Claim::new("yes", ClaimValues::Booleans(vec![true])),
        Claim::new("no", ClaimValues::Booleans(vec![false])),
        Claim::new("blank", strings(&[""])),
        Claim::new("bytes", ClaimValues::Octets(vec![vec![0, 1]])),
        Claim::new("who", ClaimValues::Sids(vec![Sid::ADMINISTRATORS.into()])),
        Claim::new("none", ClaimValues::Integers(Vec::new())),
    ]
}

/// EVIDENCE.md SDDL-08.
#[test]
fn evaluation() {
    let mut token = Token::new(sid("S-1-5-21-1-2-3-1001"))
        .with_group(Sid::USERS)
        .with_group(Sid::EVERYONE)
        .with_deny_only_group(Sid::ADMINISTRATORS);
    token.device_groups = vec![Sid::ADMINISTRATORS];
    token.user_claims = claims();
    token.device_claims = vec![Claim::new("level", ClaimValues::Integers(vec![6]))];
    token.local_claims = vec![Claim::new("level", ClaimValues::Integers(vec![7]))];
    let resource = [Claim::new("level", ClaimValues::Integers(vec![5]))];
    for (texts, expected) in [
        (
            &[
                // Strings are compared without case, unless the claim is case-sensitive; names always without.
                "@User.Title == \"vp\"",
                "@User.title >= \"vp\"",
                "@User.title < \"vq\"",
                "@User.exact == \"VP\"",
                "@User.exact != \"vp\"",
                "@User.teams Contains \"BLUE\"",
                "@User.teams Any_of {\"x\", \"red\"}",
                "@User.teams Contains {\"blue\", \"red\"}",
                "@User.teams == {\"BLUE\", \"RED\"}",
                "@User.teams Not_Contains {\"blue\", \"green\"}",
                "@User.teams Not_Any_of {\"green\"}",
                // Numbers, with the sign byte as the sign.
                "@User.level == 5",
                "@User.level == +05",
                "@User.level > -1",
                "@User.negative < 0",
                "@User.negative == -5",
                "@User.level <= 5",
                "@User.level >= 5",
                "@User.level != 6",
                "@User.large > 1",
                "@User.large == 0xFFFFFFFFFFFFFFFF",
                "@User.negative != 0xFFFFFFFFFFFFFFFB",
                "@User.numbers == {1, 2, 3}",
                "@User.numbers Contains 2",
                "@User.numbers Any_of {9, 3}",
                // Booleans and 0 or 1.
                "@User.yes == 1",
                "@User.no == 0",
                "@User.no != 1",
                "@User.yes != @User.no",
                // Bytes and SIDs.
                "@User.bytes == #0001",
                "@User.bytes < #0002",
                "@User.who == SID(BA)",
                "@User.who Any_of {SID(BA), SID(SY)}",
                // Attributes of four sources.
                "level == 7",
                "@Device.level == 6",
                "@Resource.level == 5",
                "@User.level == @Resource.level",
                "@User.level < @Device.level",
                // Attributes alone.
                "@User.title",
                "@User.level",
                "@User.yes",
                "@User.numbers",
                "!(@User.zero)",
                "!(@User.no)",
                "!(@User.blank)",
                "Exists @User.title",
                "Not_Exists @User.missing",
                "Not_Exists @User.none",
                "!(Exists title)",
                // Membership.
                "Member_of {SID(BU), SID(WD)}",
                "Member_of_Any {SID(SY), SID(WD)}",
                "Member_of SID(BU)",
                "Not_Member_of {SID(BU), SID(SY)}",
                "Not_Member_of_Any {SID(SY)}",
                "Not_Member_of {SID(BA)}",
                "Device_Member_of {SID(BA)}",
                "Not_Device_Member_of {SID(BU)}",
                "Device_Member_of_Any {SID(BU), SID(BA)}",
                "Not_Device_Member_of_Any {SID(BU)}",
                // One side decides.
                "@User.missing || @User.level == 5",
                "!(@User.missing && @User.level == 6)",
            ][..],
            Outcome::True,
        ),
        (
            &[
                "@User.title == \"CEO\"",
                "@User.exact == \"vp\"",
                "@User.level > 5",
                "@User.level < -6",
                "@User.teams == \"red\"",
                "@User.numbers Contains {1, 4}",
                "@User.zero",
                "@User.yes == 0",
                "@User.missing && @User.zero",
                "Exists @User.missing",
                "Member_of {SID(BA)}",
                "@User.title != \"vP\"",
            ],
            Outcome::False,
        ),
        (
            &[
                // Missing attributes, and none.
                "@User.missing",
                "@User.missing == 1",
                "!(@User.missing)",
                "@User.missing || @User.zero",
                "@User.missing && @User.level",
                "title == \"VP\"",
                "@User.none == 1",
                "@User.level == @Resource.title",
                // Operands of different types make the whole expression unknown.
                "@User.level == \"5\"",
                "@User.level == \"5\" || @User.title",
                "!(@User.level == #05) || @User.title",
                "@User.title && @User.level == SID(BA)",
                "@User.yes == 2",
                "@User.yes < 1",
                "@User.who < SID(SY)",
                "@User.numbers < 9",
                "@User.level < {5, 6}",
                "@User.level == {5, \"a\"}",
                // SIDs of an unknown domain.
                "Member_of {SID(DA)}",
                "Not_Member_of {SID(DA)}",
                "@User.who == SID(DA)",
                "Member_of {SID(BU), SID(DA)}",
            ],
            Outcome::Unknown,
        ),
    ] {
        for text in texts {
            assert_eq!(condition(text).evaluate(&token, &resource), expected, "{text}");
        }
    }
}

/// A long list used thousands of times is not compared thousands of times: the result is then unknown for every caller.
#[test]
fn bounded_work() {
    let claim = |count| format!("S:(RA;;;;;WD;(\"a\",TS,0x0{}))", ",\"\"".repeat(count));
    let check = |code: &str, times: usize| {
        let comparisons = "@Resource.a == @Resource.a && ".repeat(times);
        let text =
            format!("D:({code};;FR;;;WD;({comparisons}@Resource.a == \"\"))(A;;FX;;;WD){}", claim(8000));
        let everyone = Token::new(Sid::EVERYONE);
        let maximum = AccessMask::MAXIMUM_ALLOWED;
        let mapping = GenericMapping::FILE;
        access_check(&descriptor(&text), &everyone, maximum, &mapping).granted.0
    };
    let (granted, others) = (0x12_00A9, 0x12_00A0);
    assert_eq!(check("XA", 10), granted);
    assert_eq!(check("XA", 2500), others);
    assert_eq!(check("XD", 10), 0x20);
    assert_eq!(check("XD", 2500), 0x20);
}

/// An alias in a condition gets its SID when the domain is given, and only then has bytes.
#[test]
fn aliases_of_a_domain() {
    let text = "D:(XA;;FA;;;DA;(Member_of {SID(BA), SID(DU), SID(EA)}))S:(RA;;;;;WD;(\"a\",TD,0x0,DA,BA))";
    let domain = Domains::of_domain(sid("S-1-5-21-1-2-3"));
    let known = descriptor(text).resolve(&domain);
    let full = text.replace("DA", "S-1-5-21-1-2-3-512").replace("DU", "S-1-5-21-1-2-3-513");
    assert_eq!(known, descriptor(&full.replace("EA", "S-1-5-21-1-2-3-519")));
    let only_domain = Domains { root: None, ..domain };
    let part = descriptor(text).resolve(&only_domain);
    assert!(part.to_string().contains("SID(EA)") && !part.to_string().contains("SID(DU)"));
    // A SID that is not a domain has no accounts.
    let odd = Domains::of_domain(Sid::LOCAL_SYSTEM);
    assert!(descriptor(text).resolve(&odd).to_string().contains("SID(DU)"));
}

/// EVIDENCE.md SDDL-10.
#[test]
fn resource_attributes() {
    for (text, values) in [
        ("TI,0x0,-1,0x10", ClaimValues::Integers(vec![-1, 16])),
        ("TU,0x0,18446744073709551615", ClaimValues::Unsigned(vec![u64::MAX])),
        ("TS,0x0,\"Windows\",\"SQL\"", ClaimValues::Strings(vec!["Windows".into(), "SQL".into()])),
        ("TD,0x0,BA,S-1-5-18", ClaimValues::Sids(vec![Sid::ADMINISTRATORS.into(), Sid::LOCAL_SYSTEM.into()])),
        ("TD,0x0,SID(BA)", ClaimValues::Sids(vec![Trustee::from(Sid::ADMINISTRATORS)])),
        ("TX,0x0,#00ff,1", ClaimValues::Octets(vec![vec![0, 255], vec![1]])),
        ("TB,0x0,0,1", ClaimValues::Booleans(vec![false, true])),
        ("TI,0x0", ClaimValues::Integers(vec![])),
    ] {
        let found = descriptor(&format!("S:(RA;;;;;WD;(\"Project%0020X\",{text}))"));
        let AceData::Claim(claim) = found.sacl.aces()[0].data() else { panic!("{text}") };
        assert_eq!(claim.name, "Project X");
        assert_eq!(claim.values, values, "{text}");
        assert_eq!(descriptor(&found.to_sddl().unwrap()), found);
        let written = found.to_bytes().unwrap();
        assert_eq!(SecurityDescriptor::from_bytes(&written).unwrap(), found);
    }
    // The layout of 2.4.10.1: header, offsets, name, values.
    let ace = descriptor("S:(RA;;;;;WD;(\"ab\",TU,0x22,258))").to_bytes().unwrap();
    let claim = bytes(
        "14 00 00 00 02 00 00 00 22 00 00 00 01 00 00 00 1c 00 00 00 61 00 62 00 00 00 00 00 02 01 00 00 00 00 00 00",
    );
    assert_eq!(ace[ace.len() - claim.len()..], claim[..]);
}

/// Many offsets to one long value do not multiply it: such a claim is kept as bytes.
#[test]
fn values_that_share_bytes() {
    let mut claim = Vec::new();
    let count = 4000u32;
    for word in [16 + 4 * count, 0x10, 0, count] {
        claim.extend(word.to_le_bytes());
    }
    let value = 16 + 4 * count + 4;
    (0..count).for_each(|_| claim.extend(value.to_le_bytes()));
    claim.extend(b"a\0\0\0");
    claim.extend(40_000u32.to_le_bytes());
    claim.resize(claim.len() + 40_000, 7);
    let mut found = descriptor("S:(RA;;;;;WD;(\"a\",TI,0x0))");
    let AclPart::Present(acl) = &mut found.sacl else { panic!() };
    acl.aces[0] = acl.aces[0].clone().with_data(AceData::Bytes(claim));
    let written = found.to_bytes().unwrap();
    let read = SecurityDescriptor::from_bytes(&written).unwrap();
    assert_eq!(read, found);
}
