//! New tasks and folders ([MS-DTYP] 2.5.3.4; EVIDENCE.md SDDL-18 to SDDL-21), and what the scheduler does with
//! descriptors ([MS-TSCH] 3.2.5.4.2, 3.2.5.4.6).

use super::{LIVE, descriptor, sid};
use wintask::security::{AccessMask, Acl, NewObject, SecurityDescriptor, SecurityInformation, Sid, Token};

const USER: &str = "S-1-5-21-1-2-3-1001";

fn user() -> Token {
    let mut token = Token::new(sid(USER));
    token.primary_group = Some(sid("S-1-5-21-1-2-3-513"));
    token
}

fn create(object: NewObject, parent: &str, stated: Option<&str>, token: &Token) -> SecurityDescriptor {
    let stated = stated.map(descriptor);
    SecurityDescriptor::create(object, Some(&descriptor(parent)), stated.as_ref(), token)
}

/// The DACL that a child inherits from one ACE of its parent.
fn child(object: NewObject, ace: &str) -> String {
    let found = create(object, &format!("D:{ace}(A;OICI;KA;;;SY)"), None, &user());
    let aces = found.dacl.aces();
    let last = if object == NewObject::Task { "(A;ID;KA;;;SY)" } else { "(A;OICIID;KA;;;SY)" };
    assert_eq!(aces.last().unwrap().to_string(), last);
    aces[..aces.len() - 1].iter().map(|ace| ace.to_string()).collect()
}

/// The table of [MS-DTYP] 2.5.3.4.4, and the parent's IO (EVIDENCE.md SDDL-18).
#[test]
fn the_table_of_inheritance() {
    for (flags, folder, task) in [
        ("", "", ""),
        ("IO", "", ""),
        ("OI", "(A;OIIOID;FR;;;AU)", "(A;ID;FR;;;AU)"),
        ("OINP", "", "(A;ID;FR;;;AU)"),
        ("CI", "(A;CIID;FR;;;AU)", ""),
        ("CINP", "(A;ID;FR;;;AU)", ""),
        ("OICI", "(A;OICIID;FR;;;AU)", "(A;ID;FR;;;AU)"),
        ("OICINP", "(A;ID;FR;;;AU)", "(A;ID;FR;;;AU)"),
    ] {
        for io in ["", "IO"] {
            for id in ["", "ID"] {
                let ace = format!("(A;{flags}{}{id};FR;;;AU)", if flags == "IO" { "" } else { io });
                assert_eq!(child(NewObject::Folder, &ace), folder, "{ace}");
                assert_eq!(child(NewObject::Task, &ace), task, "{ace}");
            }
        }
    }
}

/// Creator Owner, Creator Group and generic rights: replaced where effective, kept where inherited further.
#[test]
fn what_is_replaced() {
    for (ace, folder, task) in [
        (
            "(A;OICIIO;FA;;;CO)",
            format!("(A;ID;FA;;;{USER})(A;OICIIOID;FA;;;CO)"),
            format!("(A;ID;FA;;;{USER})"),
        ),
        ("(A;CI;FA;;;CO)", format!("(A;ID;FA;;;{USER})(A;CIIOID;FA;;;CO)"), String::new()),
        ("(A;OI;FA;;;CO)", "(A;OIIOID;FA;;;CO)".into(), format!("(A;ID;FA;;;{USER})")),
        ("(A;CINP;FA;;;CO)", format!("(A;ID;FA;;;{USER})"), String::new()),
        (
            "(A;OICI;GRGX;;;CG)",
            "(A;ID;0x1200a9;;;S-1-5-21-1-2-3-513)(A;OICIIOID;GXGR;;;CG)".into(),
            "(A;ID;0x1200a9;;;S-1-5-21-1-2-3-513)".into(),
        ),
        ("(D;OICI;GA;;;BU)", "(D;ID;FA;;;BU)(D;OICIIOID;GA;;;BU)".into(), "(D;ID;FA;;;BU)".into()),
        ("(A;OINP;GW;;;BU)", String::new(), "(A;ID;FW;;;BU)".into()),
        // An ACE for a kind of child other than tasks.
        (
            "(OA;OICI;FA;;bf967aba-0de6-11d0-a285-00aa003049e2;BU)",
            "(OA;OICIIOID;FA;;bf967aba-0de6-11d0-a285-00aa003049e2;BU)".into(),
            String::new(),
        ),
        (
            "(XA;OICI;GX;;;BU;(a == 1))",
            "(XA;ID;FX;;;BU;(a == 1))(XA;OICIIOID;GX;;;BU;(a == 1))".into(),
            "(XA;ID;FX;;;BU;(a == 1))".into(),
        ),
    ] {
        assert_eq!(child(NewObject::Folder, ace), folder, "{ace}");
        assert_eq!(child(NewObject::Task, ace), task, "{ace}");
    }
}

/// EVIDENCE.md SDDL-19 and SDDL-20: the observed tasks of a user and of an elevated administrator.
#[test]
fn tasks_in_the_root_folder() {
    let mut task = create(NewObject::Task, LIVE[0], None, &user());
    assert_eq!(task.owner, Some(sid(USER).into()));
    let dacl = SecurityInformation::DACL;
    assert_eq!(
        task.select(dacl).to_string(),
        format!("D:AI(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FA;;;{USER})")
    );
    task.allow_file_read(sid(USER));
    assert_eq!(task.select(dacl).to_string(), LIVE[1]);

    let elevated = user().with_group(Sid::ADMINISTRATORS);
    let mut task = create(NewObject::Task, LIVE[0], None, &elevated);
    assert_eq!(task.owner, Some(Sid::ADMINISTRATORS.into()));
    task.allow_file_read(sid(USER));
    task.allow(AccessMask::FILE_GENERIC_EXECUTE, Sid::LOCAL_SYSTEM);
    assert_eq!(task.select(dacl).to_string(), LIVE[2]);

    // A folder inherits what its tasks will inherit from it.
    let folder = create(NewObject::Folder, LIVE[0], None, &user());
    assert_eq!(
        folder.select(dacl).to_string(),
        format!(
            "D:AI(A;CIID;FA;;;BA)(A;OIIOID;0x1f019f;;;BA)(A;CIID;FA;;;SY)(A;OIIOID;0x1f019f;;;SY)(A;CIID;FW;;;AU)\
             (A;CIID;FW;;;NS)(A;CIID;FW;;;LS)(A;ID;FA;;;{USER})(A;OICIIOID;FA;;;CO)"
        )
    );
    let nested = SecurityDescriptor::create(NewObject::Task, Some(&folder), None, &elevated);
    assert_eq!(nested.select(dacl).to_string(), "D:AI(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FA;;;BA)");
}

/// [MS-DTYP] 2.5.3.4: no DACL, an unprotected one and a protected one.
#[test]
fn what_the_creator_states() {
    let parent = "O:SYG:SYD:(A;OICI;FA;;;SY)S:(AU;OISA;FA;;;WD)";
    let task = |stated: Option<&str>| create(NewObject::Task, parent, stated, &user()).to_string();
    let group = "S-1-5-21-1-2-3-513";
    let audit = "S:AI(AU;IDSA;FA;;;WD)";
    for (stated, expected) in [
        (None, format!("O:{USER}G:{group}D:AI(A;ID;FA;;;SY){audit}")),
        (Some("O:BAG:BA"), format!("O:BAG:BAD:AI(A;ID;FA;;;SY){audit}")),
        (Some("D:(A;;GR;;;CO)"), format!("O:{USER}G:{group}D:AI(A;;FR;;;{USER})(A;ID;FA;;;SY){audit}")),
        (
            Some("D:AI(A;;FR;;;AU)(A;ID;FX;;;BU)"),
            format!("O:{USER}G:{group}D:AI(A;;FR;;;AU)(A;ID;FA;;;SY){audit}"),
        ),
        (
            Some("D:P(A;;FR;;;AU)(A;ID;GX;;;BU)"),
            format!("O:{USER}G:{group}D:P(A;;FR;;;AU)(A;;FX;;;BU){audit}"),
        ),
        (Some("D:P"), format!("O:{USER}G:{group}D:P{audit}")),
        (Some("D:NO_ACCESS_CONTROL"), format!("O:{USER}G:{group}D:NO_ACCESS_CONTROL{audit}")),
        (Some("S:P"), format!("O:{USER}G:{group}D:AI(A;ID;FA;;;SY)S:P")),
    ] {
        assert_eq!(task(stated), expected, "{stated:?}");
    }
    // In a folder, an ACE that is both effective and inherited further is split where the two differ.
    let folder =
        create(NewObject::Folder, "D:", Some("D:P(A;OICI;GA;;;CO)(A;CI;FR;;;AU)(A;IO;GA;;;BU)"), &user());
    assert_eq!(
        folder.select(SecurityInformation::DACL).to_string(),
        format!("D:P(A;;FA;;;{USER})(A;OICIIO;GA;;;CO)(A;CI;FR;;;AU)(A;IO;GA;;;BU)")
    );
    // Neither stated nor inherited: the token's default, mapped.
    let plain = create(NewObject::Task, "D:(A;;FA;;;WD)", None, &user());
    assert_eq!(
        plain.select(SecurityInformation::DACL).to_string(),
        format!("D:(A;;FA;;;{USER})(A;;FA;;;SY)")
    );
    let mut careful = user();
    careful.default_dacl = Some(Acl::new(descriptor("D:(A;;GR;;;AU)").dacl.aces().to_vec()));
    careful.default_owner = Some(Sid::USERS);
    let made = SecurityDescriptor::create(NewObject::Task, None, None, &careful);
    assert_eq!(made.to_string(), "O:BUG:S-1-5-21-1-2-3-513D:(A;;FR;;;AU)");
}

/// [MS-TSCH] 3.2.5.4.2: the principal gets File Read.
#[test]
fn file_read_for_the_principal() {
    for (before, after) in [
        ("D:", "D:(A;;FR;;;LS)"),
        ("D:(A;;FA;;;BA)", "D:(A;;FA;;;BA)(A;;FR;;;LS)"),
        ("D:(D;;FW;;;LS)(A;ID;FA;;;BA)", "D:(D;;FW;;;LS)(A;;FR;;;LS)(A;ID;FA;;;BA)"),
        ("D:(A;;FA;;;LS)", "D:(A;;FA;;;LS)"),
        ("D:(A;;FX;;;LS)", "D:(A;;FX;;;LS)(A;;FR;;;LS)"),
        ("D:(A;IO;FA;;;LS)(A;ID;FA;;;LS)", "D:(A;IO;FA;;;LS)(A;;FR;;;LS)(A;ID;FA;;;LS)"),
        ("D:NO_ACCESS_CONTROL", "D:NO_ACCESS_CONTROL"),
        ("O:BA", "O:BA"),
    ] {
        let mut task = descriptor(before);
        task.allow_file_read(Sid::LOCAL_SERVICE);
        assert_eq!(task.to_string(), after);
        task.allow_file_read(Sid::LOCAL_SERVICE);
        assert_eq!(task.to_string(), after, "twice");
    }
}

/// [MS-DTYP] 2.4.7, [MS-TSCH] 3.2.5.4.6.
#[test]
fn selection() {
    let all = descriptor(
        "O:BAG:SYD:PAI(A;;FA;;;SY)S:PAI(AU;SA;FA;;;WD)(ML;;NW;;;HI)(RA;;;;;WD;(\"a\",TI,0x0,1))(SP;;;;;S-1-17-1)(TL;;;;;S-1-19-512-1024)",
    );
    const SACL: AccessMask = AccessMask::ACCESS_SYSTEM_SECURITY;
    const READ: AccessMask = AccessMask::READ_CONTROL;
    for (bits, text, rights) in [
        (0, "", AccessMask::NONE),
        (0x1, "O:BA", READ),
        (0x2, "G:SY", READ),
        (0x4, "D:PAI(A;;FA;;;SY)", READ),
        (0x7, "O:BAG:SYD:PAI(A;;FA;;;SY)", READ),
        (0x8, "S:PAI(AU;SA;FA;;;WD)", SACL),
        (0x10, "S:(ML;;NW;;;HI)", READ),
        (0x20, "S:(RA;;;;;WD;(\"a\",TI,0x0,1))", READ),
        (0x40, "S:(SP;;;;;S-1-17-1)", READ),
        (0x80, "S:(TL;;;;;S-1-19-512-1024)", READ),
        (0x18, "S:PAI(AU;SA;FA;;;WD)(ML;;NW;;;HI)", READ | SACL),
        (0xF000_0004, "D:PAI(A;;FA;;;SY)", READ),
        (0x1_0000, &all.to_string(), READ | SACL),
    ] {
        let information = SecurityInformation(bits);
        assert_eq!(all.select(information).to_string(), text, "{information}");
        assert_eq!(information.rights_to_read(), rights, "{information}");
    }
    assert_eq!(descriptor("O:BA").select(SecurityInformation(0xFF)).to_string(), "O:BA");
    assert_eq!(descriptor("S:(ML;;NW;;;HI)").select(SecurityInformation::SACL).to_string(), "S:");
    assert_eq!(descriptor("S:").select(SecurityInformation::LABEL).to_string(), "");
}

/// The words that `inspect` prints for the observed descriptors.
#[test]
fn in_words() {
    let texts = LIVE
        .iter()
        .copied()
        .chain(["D:NO_ACCESS_CONTROL", "O:DAD:(XA;;FA;;;WD;(a))(D;;FR;;;BG)(A;;FR;;;DU)(A;;FX;;;DG)"]);
    let words: Vec<_> = texts.map(|text| format!("{text}\n{}", descriptor(text).explain())).collect();
    insta::assert_snapshot!(words.join("\n"));
}
