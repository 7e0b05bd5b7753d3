//! SDDL ([MS-DTYP] 2.5.1; EVIDENCE.md SDDL-01 to SDDL-07).

use super::{EXAMPLE, LIVE, descriptor, sid};
use wintask::security::{
    AccessMask, AceFlags, AceType, AclPart, BuildError, Claim, ClaimValues, Condition, Control, Domains,
    GenericMapping, SecurityDescriptor, Sid, Token, Trustee, access_check,
};

/// EVIDENCE.md SDDL-19 and SDDL-20: the text that Windows prints is reproduced exactly.
#[test]
fn live_descriptors_print_as_windows_prints_them() {
    for text in LIVE {
        assert_eq!(descriptor(text).to_sddl().as_deref(), Ok(*text));
    }
}

/// Descriptors of task definitions as Microsoft ships them, and how Windows would print them (EVIDENCE.md SDDL-05).
#[test]
fn shipped_descriptors() {
    for (text, printed) in [
        (
            "D:P(A;;FA;;;SY)(A;;FRFX;;;LS)(A;;FRFX;;;BA)",
            "D:P(A;;FA;;;SY)(A;;0x1200a9;;;LS)(A;;0x1200a9;;;BA)",
        ),
        ("D:P(A;;FA;;;BA)(A;;0x001200a9;;;LW)", "D:P(A;;FA;;;BA)(A;;0x1200a9;;;LW)"),
        ("D:(A;OICI;SDFRFX;;;LS)", "D:(A;OICI;0x1300a9;;;LS)"),
        ("D:(A;OICI;GRGX;;;AU)", "D:(A;OICI;GXGR;;;AU)"),
        ("D:P(A;;FRFW;;;S-1-5-4)", "D:P(A;;0x12019f;;;IU)"),
        ("D:P(A;CI;0x80010000;;;WD)", "D:P(A;CI;SDGR;;;WD)"),
        ("D:(A;;0x111FFFFF;;;SY)", "D:(A;;0x111fffff;;;SY)"),
        ("D:(A;OICI;FA;;;LA)", "D:(A;OICI;FA;;;LA)"),
        (
            EXAMPLE,
            "O:BAG:BAD:P(A;OICI;GXGR;;;BU)(A;OICI;GA;;;BA)(A;OICI;GA;;;SY)(A;OICI;GA;;;CO)S:P(AU;FA;GR;;;WD)",
        ),
    ] {
        assert_eq!(descriptor(text).to_sddl().as_deref(), Ok(printed), "{text}");
        assert_eq!(descriptor(printed), descriptor(text), "{text}");
    }
}

/// EVIDENCE.md SDDL-07, alias by alias; `d`, `r` and `m` are the domain, the root and the machine.
const ALIASES: &str = "
    AA S-1-5-32-579 AC S-1-15-2-1 AN S-1-5-7 AO S-1-5-32-548 AU S-1-5-11 BA S-1-5-32-544 BG S-1-5-32-546
    BO S-1-5-32-551 BU S-1-5-32-545 CA d-517 CD S-1-5-32-574 CG S-1-3-1 CN d-522 CO S-1-3-0 CY S-1-5-32-569
    DA d-512 DC d-515 DD d-516 DG d-514 DU d-513 EA r-519 ED S-1-5-9 ER S-1-5-32-573 ES S-1-5-32-576
    HA S-1-5-32-578 HI S-1-16-12288 IS S-1-5-32-568 IU S-1-5-4 LA m-500 LG m-501 LS S-1-5-19 LU S-1-5-32-559
    LW S-1-16-4096 ME S-1-16-8192 MP S-1-16-8448 MS S-1-5-32-577 MU S-1-5-32-558 NO S-1-5-32-556 NS S-1-5-20
    NU S-1-5-2 PA d-520 PO S-1-5-32-550 PS S-1-5-10 PU S-1-5-32-547 RA S-1-5-32-575 RC S-1-5-12 RD S-1-5-32-555
    RE S-1-5-32-552 RM S-1-5-32-580 RO r-498 RS d-553 RU S-1-5-32-554 SA r-518 SI S-1-16-16384 SO S-1-5-32-549
    SU S-1-5-6 SY S-1-5-18 UD S-1-5-84-0-0-0-0-0 WD S-1-1-0 WR S-1-5-33 OW S-1-3-4 AP d-525 KA d-526 EK r-527
    SS S-1-18-2 AS S-1-18-1 HO S-1-5-32-584 SH S-1-5-32-585";

#[test]
fn aliases() {
    let words: Vec<_> = ALIASES.split_whitespace().collect();
    assert_eq!(words.len(), 2 * 68);
    let domains = Domains {
        domain: Some(sid("S-1-5-21-1-2-3")),
        root: Some(sid("S-1-5-21-4-5-6")),
        machine: Some(sid("S-1-5-21-7-8-9")),
    };
    for pair in words.chunks(2) {
        let (code, value) = (pair[0], pair[1]);
        let full = value.replace("d-", "S-1-5-21-1-2-3-").replace("r-", "S-1-5-21-4-5-6-");
        let full = sid(&full.replace("m-", "S-1-5-21-7-8-9-"));
        let trustee: Trustee = code.parse().unwrap();
        assert_eq!(trustee.to_string(), code);
        assert_eq!(trustee.resolve(&domains), full.into(), "{code}");
        assert_eq!(code.to_lowercase().parse::<Trustee>().unwrap(), trustee);
        match trustee {
            Trustee::Relative(account) => {
                assert_eq!((account.code(), account.rid()), (code, full.rid()));
                assert_eq!(trustee.resolve(&Domains::default()), trustee);
                assert_eq!(Trustee::from(full).to_string(), full.to_string());
            }
            _ => assert_eq!(Trustee::from(full).to_string(), code),
        }
    }
}

/// Account names as Windows writes them in English ([MS-DTYP] 2.4.2.4), with and without authority, in any case.
#[test]
fn account_names() {
    for (name, value, printed) in [
        (r"NT AUTHORITY\SYSTEM", "S-1-5-18", r"NT AUTHORITY\SYSTEM"),
        ("System", "S-1-5-18", r"NT AUTHORITY\SYSTEM"),
        ("LocalSystem", "S-1-5-18", r"NT AUTHORITY\SYSTEM"),
        ("Local Service", "S-1-5-19", r"NT AUTHORITY\LOCAL SERVICE"),
        (r"nt authority\network service", "S-1-5-20", r"NT AUTHORITY\NETWORK SERVICE"),
        (r"BUILTIN\Administrators", "S-1-5-32-544", r"BUILTIN\Administrators"),
        ("Users", "S-1-5-32-545", r"BUILTIN\Users"),
        ("Everyone", "S-1-1-0", "Everyone"),
        (r"NT AUTHORITY\BATCH", "S-1-5-3", r"NT AUTHORITY\BATCH"),
        ("Distributed COM Users", "S-1-5-32-562", r"BUILTIN\Distributed COM Users"),
        (r"NT SERVICE\ALL SERVICES", "S-1-5-80-0", r"NT SERVICE\ALL SERVICES"),
        ("S-1-5-11", "S-1-5-11", r"NT AUTHORITY\Authenticated Users"),
    ] {
        let found = Sid::from_account_name(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(found, sid(value), "{name}");
        assert_eq!(found.account_name().as_deref(), Some(printed), "{name}");
        assert_eq!(name.parse::<Trustee>().unwrap(), found.into(), "{name}");
    }
    // Users may be called as aliases are; accounts of a domain are not the same everywhere.
    for name in
        ["BA", "SY", "", "\\", r"CONTOSO\SYSTEM", r"NT AUTHORITY\Administrators", r"CONTOSO\Domain Admins"]
    {
        assert_eq!(Sid::from_account_name(name), None, "{name}");
    }
    assert_eq!(Sid::from_account_name("Domain Admins"), None);
    assert_eq!(sid("S-1-5-21-1-2-3-1001").account_name(), None);
}

/// Each name of the table leads back to its SID.
#[test]
fn account_names_come_back() {
    for code in ALIASES.split_whitespace().step_by(2) {
        let Some(found) = code.parse::<Trustee>().unwrap().sid() else { continue };
        let name = found.account_name().unwrap();
        assert_eq!(Sid::from_account_name(&name), Some(found), "{name}");
    }
}

/// [MS-DTYP] 2.5.1.1 and EVIDENCE.md SDDL-05; `MAXIMUM_ALLOWED`, `SYNCHRONIZE` and `ACCESS_SYSTEM_SECURITY` have no code.
#[test]
fn rights() {
    for (text, mask, printed) in [
        ("GA", 0x1000_0000, "GA"),
        ("GX", 0x2000_0000, "GX"),
        ("GW", 0x4000_0000, "GW"),
        ("GR", 0x8000_0000, "GR"),
        ("SD", 0x0001_0000, "SD"),
        ("RC", 0x0002_0000, "RC"),
        ("WD", 0x0004_0000, "WD"),
        ("WO", 0x0008_0000, "WO"),
        ("FA", 0x001F_01FF, "FA"),
        ("FR", 0x0012_0089, "FR"),
        ("FW", 0x0012_0116, "FW"),
        ("FX", 0x0012_00A0, "FX"),
        ("KA", 0x000F_003F, "KA"),
        ("KR", 0x0002_0019, "KR"),
        ("KX", 0x0002_0019, "KR"),
        ("KW", 0x0002_0006, "KW"),
        ("CCDCLCSWRPWPDTLOCR", 0x1FF, "CCDCLCSWRPWPDTLOCR"),
        ("WOCC", 0x0008_0001, "CCWO"),
        ("fr", 0x0012_0089, "FR"),
        ("0x1F019F", 0x001F_019F, "0x1f019f"),
        ("0x00100000", 0x0010_0000, "0x100000"),
        ("0X1", 1, "CC"),
        ("017", 15, "CCDCLCSW"),
        ("256", 0x100, "CR"),
        ("0xFFFFFFFF", 0xFFFF_FFFF, "0xffffffff"),
        ("0x3000000", 0x0300_0000, "0x3000000"),
        ("0", 0, ""),
        ("", 0, ""),
    ] {
        let found = descriptor(&format!("D:(A;;{text};;;BA)"));
        assert_eq!(found.dacl.aces()[0].mask, AccessMask(mask), "{text}");
        assert_eq!(found.to_string(), format!("D:(A;;{printed};;;BA)"));
    }
    for (text, mask) in [("NW", 1), ("NR", 2), ("NX", 4), ("NRNXNW", 7)] {
        let found = descriptor(&format!("S:(ML;;{text};;;HI)"));
        assert_eq!(found.sacl.aces()[0].mask, AccessMask(mask));
    }
    assert_eq!(descriptor("S:(ML;;0x7;;;HI)").to_string(), "S:(ML;;NWNRNX;;;HI)");
}

/// The same two letters have different meanings in different places (EVIDENCE.md SDDL-04).
#[test]
fn codes_depend_on_the_field() {
    let found = descriptor(
        "D:(D;OICINPIOIDCR;WDRCCR;;;WD)S:(AU;SAFA;FA;;;RC)(RA;;;;;WD;(\"a\",TI,0x0))(FL;TP;FA;;;WD;(a))",
    );
    let ace = &found.dacl.aces()[0];
    assert_eq!(ace.flags, AceFlags(0x3F));
    assert_eq!(ace.mask, AccessMask(0x6_0100));
    assert_eq!(ace.trustee, Sid::EVERYONE.into());
    let audit = &found.sacl.aces()[0];
    assert_eq!((audit.flags, audit.mask), (AceFlags(0xC0), AccessMask::FILE_ALL_ACCESS));
    assert_eq!(audit.trustee.to_string(), "RC");
    assert_eq!(found.sacl.aces()[1].ace_type, AceType::SYSTEM_RESOURCE_ATTRIBUTE);
    assert_eq!(found.sacl.aces()[2].flags, AceFlags::SUCCESSFUL_ACCESS);
    assert!(found.to_string().contains("(FL;TP;FA;;;WD;(a))"));
}

/// EVIDENCE.md SDDL-03.
#[test]
fn ace_types() {
    let guid = "bf967aba-0de6-11d0-a285-00aa003049e2";
    for (side, code, byte, extra) in [
        ("D", "A", 0x00, ""),
        ("D", "D", 0x01, ""),
        ("S", "AU", 0x02, ""),
        ("S", "AL", 0x03, ""),
        ("D", "OA", 0x05, ""),
        ("D", "OD", 0x06, ""),
        ("S", "OU", 0x07, ""),
        ("S", "OL", 0x08, ""),
        ("D", "XA", 0x09, ";(a == 1)"),
        ("D", "XD", 0x0A, ";(a == 1)"),
        ("D", "ZA", 0x0B, ";(a == 1)"),
        ("S", "XU", 0x0D, ";(a == 1)"),
        ("S", "ML", 0x11, ""),
        ("S", "RA", 0x12, ";(\"a\",TU,0x0,1)"),
        ("S", "SP", 0x13, ""),
        ("S", "TL", 0x14, ""),
        ("S", "FL", 0x15, ";(a == 1)"),
    ] {
        let object = if matches!(code, "OA" | "OD" | "OU" | "OL" | "ZA") { guid } else { "" };
        let ace = format!("({code};;;{object};;BA{extra})");
        let found = descriptor(&format!("{side}:{ace}"));
        let aces = if side == "D" { found.dacl.aces() } else { found.sacl.aces() };
        assert_eq!(aces[0].ace_type, AceType(byte), "{code}");
        assert_eq!(aces[0].ace_type.code(), Some(code));
        assert_eq!(found.to_sddl(), Ok(format!("{side}:{ace}")));
        // Types of the other ACL are rejected ([MS-DTYP] 2.4.5: unspecified behaviour).
        let other = if side == "D" { "S" } else { "D" };
        let error = format!("{other}:{ace}").parse::<SecurityDescriptor>().unwrap_err();
        assert_eq!(
            (error.place().offset().unwrap(), error.place().path()),
            (3, format!("{other}[0].type").as_str())
        );
    }
    // An object ACE without GUIDs is read as a plain one (SDDL-02).
    assert_eq!(descriptor("D:(OA;;FA;;;BA)").dacl.aces()[0].ace_type, AceType::ACCESS_ALLOWED);
    assert_eq!(descriptor("D:(OD;;FA;;;BA)").dacl.aces()[0].ace_type, AceType::ACCESS_DENIED_OBJECT);
    let both = format!("D:(OA;;FA;{guid};{};BA)", guid.replace('b', "c"));
    assert_eq!(descriptor(&both).to_string(), both);
}

/// EVIDENCE.md SDDL-01.
#[test]
fn acls_and_their_flags() {
    for (text, control) in [
        ("D:", Control::NONE),
        ("D:P", Control::DACL_PROTECTED),
        ("D:AI", Control::DACL_AUTO_INHERITED),
        ("D:AR", Control::DACL_AUTO_INHERIT_REQ),
        ("S:P", Control::SACL_PROTECTED),
        ("S:AI", Control::SACL_AUTO_INHERITED),
        ("S:AR", Control::SACL_AUTO_INHERIT_REQ),
        ("D:PARAIS:PARAI", Control(0x3F00)),
    ] {
        let found = descriptor(text);
        assert_eq!(found.control, control, "{text}");
        assert_eq!(found.to_string(), text);
    }
    assert_eq!(descriptor("D:AIP").to_string(), "D:PAI");
    let nobody = descriptor("D:");
    assert!(matches!(&nobody.dacl, AclPart::Present(acl) if acl.aces.is_empty()));
    assert_eq!(nobody.sacl, AclPart::Absent);
    assert_eq!(nobody.control_word(), Control::DACL_PRESENT | Control::SELF_RELATIVE);
    let everybody = descriptor("D:NO_ACCESS_CONTROL");
    assert_eq!(everybody.dacl, AclPart::Null);
    assert_eq!(everybody.to_string(), "D:NO_ACCESS_CONTROL");
    assert_eq!(descriptor(""), SecurityDescriptor::new());
    // Any order, and white space between tokens.
    let spaced = " D: P ( A ; OI CI ; FR FX ; ; ; BA ) \r\n ( D;;FA;;; S-1-1-0 )\tG:SY O: BA ";
    assert_eq!(descriptor(spaced).to_string(), "O:BAG:SYD:P(A;OICI;0x1200a9;;;BA)(D;;FA;;;WD)");
}

/// EVIDENCE.md SDDL-06.
#[test]
fn sids() {
    for (text, printed) in [
        ("S-1-5-18", "S-1-5-18"),
        ("s-1-5-18", "S-1-5-18"),
        ("S-1-0-0", "S-1-0-0"),
        ("S-1-4294967295-4294967295", "S-1-4294967295-4294967295"),
        ("S-1-0x010000000000-1", "S-1-0x010000000000-1"),
        ("S-1-0xFFFFFFFFFFFF-1", "S-1-0xffffffffffff-1"),
        ("S-1-0x000000000005-18", "S-1-5-18"),
        ("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"),
    ] {
        let found = sid(text);
        assert_eq!(found.to_string(), printed);
        assert_eq!(Sid::from_bytes(&found.to_bytes()).unwrap(), found);
    }
    for (text, at, message) in [
        ("", 0, "expected S-1-"),
        ("BA", 0, "expected S-1-"),
        ("S-", 2, "expected SID revision 1"),
        ("S-2-5-18", 2, "expected SID revision 1"),
        ("S-1-", 4, "expected a number"),
        ("S-1-5", 5, "expected 1 to 15 sub-authorities, found 0"),
        ("S-1-5-", 6, "expected a number"),
        ("S-1-5-018", 6, "expected a number without leading zeros"),
        ("S-1-5-4294967296", 6, "sub-authority is out of range"),
        ("S-1-4294967296-1", 4, "identifier authority is out of range"),
        ("S-1-0x5-18", 6, "expected twelve hex digits"),
        ("S-1-5-0x12", 7, "expected the end"),
        ("S-1-5-18 ", 8, "expected the end"),
        ("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", 44, "expected 1 to 15 sub-authorities, found 16"),
    ] {
        let error = text.parse::<Sid>().unwrap_err();
        assert_eq!(
            (error.place().offset().unwrap(), error.kind().to_string().as_str()),
            (at, message),
            "{text}"
        );
        assert_eq!(error.hresult().0, 0x8007_0539, "{text}");
    }
    assert_eq!(Sid::new(1 << 48, &[1]), None);
    assert_eq!(Sid::new(5, &[0; 16]), None);
    assert_eq!(Sid::new(5, &[]), None);
    assert_eq!(Sid::new(5, &[18]), Some(Sid::LOCAL_SYSTEM));
    assert_eq!(Sid::new(5, &[0; 15]).unwrap().child(1), None);
}

/// Defect, offset, path, HRESULT (which code: EVIDENCE.md ERR-08).
const BAD: &[(&str, usize, &str, u32, &str)] = &[
    ("X:BA", 0, "", 0x57, "expected O:, G:, D: or S:"),
    ("O", 0, "", 0x57, "expected O:, G:, D: or S:"),
    ("(A;;FA;;;BA)", 0, "", 0x57, "expected O:, G:, D: or S:"),
    ("O:BAO:BA", 4, "", 0x57, "duplicate part"),
    ("D:D:", 2, "", 0x57, "duplicate part"),
    ("O:", 2, "O.SID", 0x539, "expected a SID"),
    ("O:ZZ", 2, "O.SID", 0x539, "unknown SID alias"),
    ("O:BAX", 4, "", 0x57, "expected O:, G:, D: or S:"),
    ("G:S-1-5-", 8, "G.SID", 0x539, "expected a number"),
    ("D:X", 2, "", 0x57, "expected O:, G:, D: or S:"),
    ("D:(", 3, "D[0].type", 0x538, "unknown ACE type"),
    ("D:(Q;;FA;;;BA)", 3, "D[0].type", 0x538, "unknown ACE type"),
    ("D:(AU;;FA;;;BA)", 3, "D[0].type", 0x538, "SYSTEM_AUDIT_ACE is not allowed in this ACL"),
    ("S:(A;;FA;;;BA)", 3, "S[0].type", 0x538, "ACCESS_ALLOWED_ACE is not allowed in this ACL"),
    ("D:(A;;FA;;;BA)(A", 16, "D[1]", 0x538, "expected a semicolon"),
    ("D:(A;ZZ;FA;;;BA)", 5, "D[0].flags", 0x538, "unknown ACE flag"),
    ("D:(A;TP;FA;;;BA)", 5, "D[0].flags", 0x538, "unknown ACE flag"),
    ("D:(A;O;FA;;;BA)", 5, "D[0]", 0x538, "expected a semicolon"),
    ("D:(A;;ZZ;;;BA)", 6, "D[0].rights", 0x538, "unknown access right"),
    ("D:(A;;NW;;;BA)", 6, "D[0].rights", 0x538, "unknown access right"),
    ("D:(A;;FRF;;;BA)", 8, "D[0].rights", 0x538, "expected a semicolon"),
    ("D:(A;;0x100000000;;;BA)", 6, "D[0].rights", 0x538, "mask is out of range"),
    ("D:(A;;4294967296;;;BA)", 6, "D[0].rights", 0x538, "mask is out of range"),
    ("D:(A;;089;;;BA)", 6, "D[0].rights", 0x538, "mask is out of range"),
    ("D:(A;;FA;1;;BA)", 9, "D[0].object_type", 0x538, "expected a GUID"),
    (
        "D:(A;;FA;bf967aba-0de6-11d0-a285-00aa003049e2;;BA)",
        9,
        "D[0].object_type",
        0x538,
        "a GUID is not allowed in an ACE of this type",
    ),
    ("D:(OA;;FA;bf967aba0de611d0a28500aa003049e2;;BA)", 10, "D[0].object_type", 0x538, "expected a GUID"),
    ("D:(A;;FA;;BA)", 10, "D[0].inherited_object_type", 0x538, "expected a GUID"),
    ("D:(A;;FA;;;)", 11, "D[0].SID", 0x539, "expected a SID"),
    ("D:(A;;FA;;;XX)", 11, "D[0].SID", 0x539, "unknown SID alias"),
    ("D:(A;;FA;;;BA", 13, "D[0]", 0x538, "expected a closing parenthesis"),
    ("D:(A;;FA;;;BA;(a))", 13, "D[0]", 0x538, "a condition is not allowed in an ACE of this type"),
    ("D:(XA;;FA;;;BA)", 14, "D[0]", 0x538, "expected a semicolon"),
    ("D:(XA;;FA;;;BA;a)", 15, "D[0].condition", 0x538, "expected an opening parenthesis"),
    ("D:(XA;;FA;;;BA;())", 16, "D[0].condition", 0x538, "expected an attribute"),
    ("D:(XA;;FA;;;BA;(a == ))", 21, "D[0].condition", 0x538, "expected an attribute"),
    ("D:(XA;;FA;;;BA;(a == 1)", 23, "D[0]", 0x538, "expected a closing parenthesis"),
    ("D:(XA;;FA;;;BA;(Member_of {SID(ZZ)}))", 31, "D[0].condition.SID", 0x539, "unknown SID alias"),
    ("S:(RA;;;;;WD;(\"a\",TQ,0x0,1))", 18, "S[0].attribute", 0x538, "unknown attribute type"),
    ("S:(RA;;;;;WD;(\"a\",TB,0x0,2))", 25, "S[0].attribute", 0x538, "truth value is out of range"),
    ("S:(RA;;;;;WD;(\"\",TI,0x0,2))", 15, "S[0].attribute", 0x538, "expected a name"),
    ("D:(A;;FA;;;BA)é", 14, "", 0x57, "expected O:, G:, D: or S:"),
    ("D:NO_ACCESS_CONTROL(A;;FA;;;BA)", 19, "", 0x57, "expected O:, G:, D: or S:"),
];

#[test]
fn bad_text() {
    for &(text, at, field, code, message) in BAD {
        let error = text.parse::<SecurityDescriptor>().expect_err(text);
        assert_eq!(error.kind().to_string(), message, "{text}");
        assert_eq!((error.place().offset().unwrap(), error.place().path()), (at, field), "{text}");
        assert_eq!(error.hresult().0, 0x8007_0000 | code, "{text}");
    }
    let error = "O:BA\nG:SY\nD:(A;;é;;;BA)".parse::<SecurityDescriptor>().unwrap_err();
    assert_eq!(error.to_string(), "3:7, D[0].rights: expected a semicolon");
}

/// Sizes that cannot be written are rejected where they are exceeded, with work and memory linear in the text.
#[test]
fn too_much() {
    let ace = "(A;;FA;;;WD)";
    let most = (65535 - 8) / 20;
    let fits = format!("D:{}", ace.repeat(most));
    assert_eq!(descriptor(&fits).dacl.aces().len(), most);
    assert!(descriptor(&fits).to_bytes().is_ok());
    let error = format!("D:{}", ace.repeat(65535)).parse::<SecurityDescriptor>().unwrap_err();
    assert_eq!(error.place().offset().unwrap(), 2 + most * ace.len());
    assert_eq!(error.to_string(), format!("1:39315, D[{most}]: ACL exceeds the maximum of 65535 bytes"));

    let nested = |open: &str, close: &str, times: usize| {
        format!("D:(XA;;FA;;;WD;({}a == 1{}))", open.repeat(times), close.repeat(times))
    };
    for (open, close) in [("(", ")"), ("!(", ")"), ("!", ""), ("a && (", ")")] {
        let error = nested(open, close, 10_000).parse::<SecurityDescriptor>().unwrap_err();
        assert_eq!(error.kind().to_string(), "nesting exceeds the maximum depth of 256", "{open}");
        assert!(error.place().offset().unwrap() < 16 + 300 * open.len());
        let deepest = descriptor(&nested(open, close, 128));
        assert_eq!(descriptor(&deepest.to_sddl().unwrap()), deepest);
    }
    let long = format!("D:(XA;;FA;;;WD;({}a))", "a && ".repeat(100_000));
    let error = long.parse::<SecurityDescriptor>().unwrap_err();
    assert_eq!(error.kind().to_string(), "condition exceeds the maximum of 65535 bytes");
    let long = format!("S:(RA;;;;;WD;(\"a\",TS,0x0{}))", ",\"\"".repeat(100_000));
    let error = long.parse::<SecurityDescriptor>().unwrap_err();
    assert_eq!(error.kind().to_string(), "claim exceeds the maximum of 65535 bytes");
}

/// `to_sddl` rejects what SDDL cannot express; `Display` prints it in a form that no reader accepts.
#[test]
fn without_words() {
    let mut odd = descriptor("D:(A;;FA;;;BA)(A;;FR;;;WD)");
    let AclPart::Present(acl) = &mut odd.dacl else { panic!() };
    acl.aces[1].ace_type = AceType::ACCESS_DENIED_CALLBACK_OBJECT;
    let error = odd.to_sddl().unwrap_err();
    assert_eq!(error, BuildError::NoSddl { ace_type: AceType(0x0C), index: 1 });
    assert_eq!(error.to_string(), "SDDL cannot express the ACCESS_DENIED_CALLBACK_OBJECT_ACE at index 1");
    assert_eq!(odd.to_string(), "D:(A;;FA;;;BA)(0x0c;;FR;;;WD)");
    assert!(odd.to_string().parse::<SecurityDescriptor>().is_err());
}

/// serde: SDDL where it expresses everything, hex where it does not.
#[test]
fn serde_keeps_everything() {
    let plain = descriptor("O:DAD:P(A;;FA;;;BA)");
    assert_eq!(serde_json::to_string(&plain).unwrap(), "\"O:DAD:P(A;;FA;;;BA)\"");
    let mut flagged = descriptor("O:BA");
    flagged.control = Control::OWNER_DEFAULTED;
    let json = serde_json::to_string(&flagged).unwrap();
    assert_eq!(
        json,
        "\"0100018014000000000000000000000000000000010200000000000520000000\
                      20020000\""
    );
    for descriptor in [plain, flagged, SecurityDescriptor::new()] {
        let json = serde_json::to_string(&descriptor).unwrap();
        assert_eq!(serde_json::from_str::<SecurityDescriptor>(&json).unwrap(), descriptor);
    }
    assert_eq!(serde_json::to_string(&Sid::LOCAL_SYSTEM).unwrap(), "\"S-1-5-18\"");
    assert_eq!(serde_json::from_str::<Trustee>("\"SY\"").unwrap(), Sid::LOCAL_SYSTEM.into());
}

/// serde of results and callers: names of fields, absent values omitted, unknown fields rejected.
#[test]
fn serde_names() {
    let task = descriptor("O:BAD:P(A;;FA;;;SY)(D;;FX;;;NU)(A;;FRFX;;;LS)");
    let mut caller =
        Token::new(Sid::LOCAL_SERVICE).with_group(Sid::EVERYONE).with_deny_only_group(Sid::ADMINISTRATORS);
    caller.integrity = Some(0x2000);
    caller.default_dacl = Some(descriptor("D:(A;;GA;;;SY)").dacl.acl().unwrap().clone());
    caller.user_claims = vec![Claim::new("a", ClaimValues::Strings(vec!["b".into()]))];
    let condition: Condition = "@User.a == \"b\"".parse().unwrap();
    let answer = access_check(&task, &caller, AccessMask::FILE_GENERIC_READ, &GenericMapping::FILE);
    let value = serde_json::json!({
        "caller": caller,
        "bare": Token::new(Sid::LOCAL_SERVICE),
        "answer": answer,
        "explanation": descriptor("D:(A;;FR;;;LS)").explain(),
        "condition": condition,
        "domains": Domains { machine: Some(sid("S-1-5-21-1-2-3")), ..Domains::default() },
    });
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
    assert_eq!(serde_json::from_value::<Token>(value["caller"].clone()).unwrap(), caller);
    assert_eq!(serde_json::from_value::<Condition>(value["condition"].clone()).unwrap(), condition);
    assert!(serde_json::from_str::<Token>(r#"{"user":"S-1-5-19","owner":"S-1-5-19"}"#).is_err());
    // What text cannot express comes back, too.
    let odd = Condition::from_bytes(b"artx\xF8\x02\0\0\0a\0\x10\x02\0\0\0\"\0\x80").unwrap();
    let text = serde_json::to_string(&odd).unwrap();
    assert_eq!(serde_json::from_str::<Condition>(&text).unwrap(), odd, "{text}");
}
