//! Security descriptors: at most 16 times the bytes, 8 times the text of plain ACEs and 64 times any text; and no ACL has more ACEs than fit 64 KiB.

use super::bounded;
use wintask::security::{AccessMask, GenericMapping, SecurityDescriptor, Sid, Token, access_check};

fn check(name: &str, bytes: &[u8]) {
    let size = bytes.len();
    bounded(&format!("read {name}"), size, 16, || SecurityDescriptor::from_bytes(bytes));
    let Ok(descriptor) = SecurityDescriptor::from_bytes(bytes) else { return };
    bounded(&format!("write {name}"), size, 16, || descriptor.to_bytes());
    bounded(&format!("print {name}"), size, 64, || descriptor.to_string());
    let token = Token::new(Sid::EVERYONE);
    bounded(&format!("check {name}"), size, 64, || {
        access_check(&descriptor, &token, AccessMask::MAXIMUM_ALLOWED, &GenericMapping::FILE)
    });
}

fn check_text(name: &str, text: &str) {
    bounded(&format!("read {name}"), text.len(), 64, || text.parse::<SecurityDescriptor>());
    let bytes = text.parse::<SecurityDescriptor>().ok().and_then(|descriptor| descriptor.to_bytes().ok());
    if let Some(bytes) = bytes {
        check(name, &bytes);
    }
}

/// ACEs that grant something: at most 8 times the text.
#[test]
fn plain_aces() {
    for ace in ["(A;;FA;;;SY)", "(A;OICI;0x1f019f;;;BA)", "(D;;FW;;;S-1-5-21-1-2-3-1001)"] {
        for count in [10, 100, 2000] {
            let text = format!("O:BAG:SYD:{}", ace.repeat(count));
            bounded(&format!("{count} of {ace}"), text.len(), 8, || text.parse::<SecurityDescriptor>());
        }
    }
}

#[test]
fn much_of_one_thing() {
    let condition = |inside: &str| format!("D:(XA;;FA;;;WD;({inside}))");
    check_text("ACEs", &format!("D:{}", "(A;;;;;WD)".repeat(3276)));
    check_text("too many ACEs", &format!("D:{}", "(A;;;;;WD)".repeat(65535)));
    check_text("two ACLs", &format!("D:{}S:{}", "(A;;;;;WD)".repeat(3276), "(AU;;;;;WD)".repeat(3276)));
    check_text("attributes", &condition(&format!("{}a", "a&&".repeat(8000))));
    check_text("too many attributes", &condition(&format!("{}a", "a&&".repeat(100_000))));
    check_text("comparisons", &condition(&format!("{}a", "a==#&&".repeat(4000))));
    check_text("parentheses", &condition(&"(".repeat(100_000)));
    check_text("negations", &condition(&"!".repeat(100_000)));
    check_text("literals", &condition(&format!("a=={{#{}}}", ",#".repeat(12_000))));
    check_text("SIDs", &condition(&format!("Member_of{{SID(WD){}}}", ",SID(DA)".repeat(1000))));
    check_text("a long name", &condition(&"a".repeat(30_000)));
    check_text("escapes", &condition(&"%0061".repeat(30_000)));
    check_text("a long string", &condition(&format!("a==\"{}\"", "x".repeat(30_000))));
    for (kind, value) in [("TI", "1"), ("TS", "\"\""), ("TD", "WD"), ("TX", "#"), ("TB", "1")] {
        let claim = |count| format!("S:(RA;;;;;WD;(\"a\",{kind},0x0{}))", format!(",{value}").repeat(count));
        check_text(&format!("values {kind}"), &claim(3000));
        check_text(&format!("too many values {kind}"), &claim(100_000));
    }
    check_text("parts", &"O:BA".repeat(50_000));
    check_text("blank", &" ".repeat(100_000));
}

#[test]
fn sizes_that_lie() {
    let text = "O:BAG:SYD:(XA;;FX;;;WD;(a == {1, \"b\"}))(A;;FA;;;SY)S:(RA;;;;;WD;(\"a\",TX,0x0,#00,#01))";
    let good = text.parse::<SecurityDescriptor>().unwrap().to_bytes().unwrap();
    for at in 0..good.len() - 1 {
        for padding in [0, 65536] {
            let mut bytes = good.clone();
            bytes[at] = 0xFF;
            bytes[at + 1] = 0xFF;
            bytes.resize(good.len() + padding, 0);
            check(&format!("0xFFFF at {at}"), &bytes);
        }
    }
    for value in [0x00, 0x01, 0x04, 0x80, 0xFF] {
        check(&format!("64 KiB of {value:#x}"), &vec![value; 65536]);
    }
    // An ACL that declares 65,535 ACEs in 65,535 bytes, the maximum size.
    let mut bytes = vec![1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];
    bytes.extend([2, 0, 0xFC, 0xFF, 0xFF, 0xFF, 0, 0]);
    bytes.resize(20 + 65535, 0);
    check("65,535 ACEs", &bytes);
    // The smallest possible ACEs, as many as fit.
    bytes[24..26].copy_from_slice(&4095u16.to_le_bytes());
    let ace = [0x80, 0, 16, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1];
    let smallest = bytes[28..].chunks_exact_mut(16).take(4095);
    smallest.for_each(|place| place.copy_from_slice(&ace));
    assert_eq!(SecurityDescriptor::from_bytes(&bytes).unwrap().dacl.aces().len(), 4095);
    check("the smallest ACEs", &bytes);
}
