//! The self-relative form ([MS-DTYP] 2.4.2.2, 2.4.4 to 2.4.6; EVIDENCE.md SDDL-11).

use super::{EXAMPLE, EXAMPLE_BYTES, LIVE, bytes, descriptor, sid};
use wintask::security::{AceData, AceFlags, AceType, AclPart, BuildError, Control, SecurityDescriptor, Sid};

/// [MS-DTYP] 2.5.1.4: the text gives these bytes, and they give the text.
#[test]
fn the_example_of_the_specification() {
    let expected = bytes(EXAMPLE_BYTES);
    assert_eq!(expected.len(), 176);
    assert_eq!(descriptor(EXAMPLE).to_bytes().unwrap(), expected);
    assert_eq!(SecurityDescriptor::from_bytes(&expected).unwrap(), descriptor(EXAMPLE));
}

#[test]
fn live_descriptors_survive() {
    for text in LIVE {
        let bytes = descriptor(text).to_bytes().unwrap();
        let read = SecurityDescriptor::from_bytes(&bytes).unwrap();
        assert_eq!(read.to_string(), *text);
        assert_eq!(read.to_bytes().unwrap(), bytes);
    }
}

/// A descriptor with everything: all layouts, GUIDs, a condition, a claim, unknown types, space after the last ACE.
fn everything() -> Vec<u8> {
    let guid = "bf967aba-0de6-11d0-a285-00aa003049e2";
    let text = format!(
        "O:BAG:SYD:PAI(A;OICI;FA;;;BA)(OA;;CC;{guid};;AU)(OA;;CC;;{guid};AU)(OD;;CC;{guid};{guid};AU)\
         (XA;;FX;;;WD;(@User.Title == \"PM\"))S:AI(AU;SAFA;FA;;;WD)(ML;;NW;;;HI)(RA;;;;;WD;(\"a\",TS,0x2,\"b\",\"c\"))"
    );
    let mut found = descriptor(&text);
    found.control = found.control | Control::RM_CONTROL_VALID | Control::OWNER_DEFAULTED;
    found.resource_manager = 7;
    let AclPart::Present(dacl) = &mut found.dacl else { panic!() };
    dacl.unused = vec![1, 2, 3, 4];
    let mut unknown = dacl.aces[0].clone();
    unknown.ace_type = AceType(0x80);
    unknown.mask = Default::default();
    unknown.trustee = Sid::NOBODY.into();
    dacl.aces.push(unknown.with_data(AceData::Bytes((0..12).collect())));
    found.to_bytes().unwrap()
}

#[test]
fn everything_is_kept() {
    let bytes = everything();
    let read = SecurityDescriptor::from_bytes(&bytes).unwrap();
    assert_eq!(read.to_bytes().unwrap(), bytes);
    assert_eq!(read.resource_manager, 7);
    assert_eq!(read.control_word(), Control(0xDC15));
    let aces = read.dacl.aces();
    assert_eq!(aces.len(), 6);
    assert!(aces[1].object_type().is_some() && aces[1].inherited_object_type().is_none());
    assert!(aces[2].object_type().is_none() && aces[2].inherited_object_type().is_some());
    assert_eq!(*aces[5].data(), AceData::Bytes((0..12).collect()));
    assert_eq!(aces[5].flags, AceFlags(3));
    assert_eq!(read.dacl.acl().unwrap().revision, 4);
    assert_eq!(read.dacl.acl().unwrap().unused, [1, 2, 3, 4]);
    assert!(matches!(aces[4].data(), AceData::Condition(_)));
    assert!(matches!(read.sacl.aces()[2].data(), AceData::Claim(_)));
}

/// Cut anywhere, it is an error within the input, never a smaller descriptor.
#[test]
fn truncated_anywhere() {
    for whole in [everything(), bytes(EXAMPLE_BYTES)] {
        for length in 0..whole.len() {
            let error = SecurityDescriptor::from_bytes(&whole[..length]).unwrap_err();
            let span = error.place().span().unwrap();
            assert!(span.start <= span.end && span.end <= length.max(20), "{length}: {error} {span:?}");
            assert!(error.hresult().is_failure());
        }
    }
    let whole = sid("S-1-5-21-1-2-3-500").to_bytes();
    for length in 0..whole.len() {
        assert!(Sid::from_bytes(&whole[..length]).is_err());
    }
    assert!(Sid::from_bytes(&[&whole[..], &[0]].concat()).is_err());
}

/// Present and absent parts (EVIDENCE.md SDDL-11).
#[test]
fn presence() {
    let header = |control: u16, offsets: [u32; 4]| {
        let mut bytes = vec![1, 0];
        bytes.extend(control.to_le_bytes());
        bytes.extend(offsets.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend([2, 0, 8, 0, 0, 0, 0, 0]);
        SecurityDescriptor::from_bytes(&bytes).unwrap()
    };
    assert_eq!(header(0x8000, [0; 4]), SecurityDescriptor::new());
    assert_eq!(header(0x8004, [0; 4]).to_string(), "D:NO_ACCESS_CONTROL");
    assert_eq!(header(0x8004, [0, 0, 0, 20]).to_string(), "D:");
    assert_eq!(header(0x8010, [0, 0, 20, 20]).to_string(), "S:");
    // Without its bit an ACL is absent, wherever the offset points.
    assert_eq!(header(0x8000, [0, 0, 20, 0xFFFF]), SecurityDescriptor::new());
    assert_eq!(header(0x8000, [0; 4]).to_bytes().unwrap().len(), 20);
}

/// Defect by defect: bytes changed in the example, the field named, the HRESULT (EVIDENCE.md SDDL-11 and ERR-08).
#[test]
fn bad_bytes() {
    const SD: u32 = 0x8007_053A;
    const ACL: u32 = 0x8007_0538;
    const SID: u32 = 0x8007_0539;
    for (at, new, start, field, hresult, message) in [
        (0, &[2][..], 0, "Revision", SD, "unsupported revision 2"),
        (3, &[0x30], 2, "Control", SD, "the descriptor is not self-relative"),
        (4, &[0xB1], 4, "OffsetOwner", SD, "offset 0xb1 points into the header or beyond the input"),
        (4, &[0x13], 4, "OffsetOwner", SD, "offset 0x13 points into the header or beyond the input"),
        (8, &[0, 0, 1], 8, "OffsetGroup", SD, "offset 0x10000 points into the header or beyond the input"),
        (19, &[0x80], 16, "OffsetDacl", SD, "offset 0x80000030 points into the header or beyond the input"),
        (0x14, &[9], 0x14, "Sacl.AclRevision", ACL, "unsupported revision 9"),
        (0x30, &[1], 0x30, "Dacl.AclRevision", ACL, "unsupported revision 1"),
        (0x32, &[0xFF, 0xFF], 0x32, "Dacl.AclSize", ACL, "invalid size 65535: exceeds the remaining bytes"),
        (0x32, &[7], 0x32, "Dacl.AclSize", ACL, "invalid size 7: smaller than the header"),
        (0x34, &[0xFF, 0xFF], 0x34, "Dacl.AceCount", ACL, "invalid size 65535: more ACEs than fit the ACL"),
        (0x34, &[5], 0x90, "Dacl[4].AceType", ACL, "4 bytes needed, 0 left"),
        (0x3A, &[0x60], 0x3A, "Dacl[0].AceSize", ACL, "invalid size 96: exceeds the remaining bytes"),
        (0x3A, &[0x0C], 0x3A, "Dacl[0].AceSize", ACL, "invalid size 12: smaller than any ACE"),
        (0x3A, &[0x1A], 0x3A, "Dacl[0].AceSize", ACL, "invalid size 26: not a multiple of 4"),
        (0x3A, &[0], 0x3A, "Dacl[0].AceSize", ACL, "invalid size 0: smaller than any ACE"),
        (0x40, &[2], 0x40, "Dacl[0].SID", SID, "unsupported revision 2"),
        (0x41, &[0], 0x41, "Dacl[0].SID", SID, "expected 1 to 15 sub-authorities, found 0"),
        (0x41, &[16], 0x41, "Dacl[0].SID", SID, "expected 1 to 15 sub-authorities, found 16"),
        (0x41, &[3], 0x40, "Dacl[0].SID", SID, "20 bytes needed, 16 left"),
        (0x91, &[15], 0x90, "Owner.SID", SID, "68 bytes needed, 32 left"),
        (0xA1, &[3], 0xA0, "Group.SID", SID, "20 bytes needed, 16 left"),
    ] {
        let mut bytes = bytes(EXAMPLE_BYTES);
        bytes[at..at + new.len()].copy_from_slice(new);
        let error = SecurityDescriptor::from_bytes(&bytes).expect_err(message);
        assert_eq!(error.kind().to_string(), message);
        assert_eq!((error.place().path(), error.hresult().0), (field, hresult), "{message}");
        assert_eq!(error.place().offset().unwrap(), start, "{message}");
    }
}

/// Parts in another order are read, and written in Windows' (EVIDENCE.md SDDL-11).
#[test]
fn other_orders() {
    // As Samba writes it: owner, group, DACL.
    let samba = bytes(
        "01 00 04 80 14 00 00 00 24 00 00 00 00 00 00 00 34 00 00 00
         01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00 01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00
         02 00 1c 00 01 00 00 00 00 00 14 00 ff 01 1f 00 01 01 00 00 00 00 00 05 12 00 00 00",
    );
    let read = SecurityDescriptor::from_bytes(&samba).unwrap();
    assert_eq!(read.to_string(), "O:BAG:BAD:(A;;FA;;;SY)");
    let written = read.to_bytes().unwrap();
    assert_eq!(written.len(), samba.len());
    assert_eq!(written[4..20], bytes("30 00 00 00 40 00 00 00 00 00 00 00 14 00 00 00")[..]);
    assert_eq!(SecurityDescriptor::from_bytes(&written).unwrap(), read);
}

/// The error for a descriptor without a binary form gives the reason.
#[test]
fn what_cannot_be_written() {
    for (text, code) in [
        ("O:DA", "DA"),
        ("G:LA", "LA"),
        ("D:(A;;FA;;;EA)", "EA"),
        ("D:(XA;;FA;;;WD;(Member_of {SID(BA), SID(DU)}))", "DU"),
        ("S:(RA;;;;;WD;(\"a\",TD,0x0,SA))", "SA"),
    ] {
        assert_eq!(descriptor(text).to_bytes(), Err(BuildError::Unresolved(code)), "{text}");
    }
    let mut large = descriptor("D:(A;;FA;;;WD)");
    let AclPart::Present(acl) = &mut large.dacl else { panic!() };
    acl.aces = vec![acl.aces[0].clone(); 4000];
    assert_eq!(large.to_bytes(), Err(BuildError::TooLarge { what: "ACL", size: 80008 }));
}
