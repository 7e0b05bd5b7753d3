//! Security descriptors.

use wintask::{
    limits,
    security::{
        AccessMask, Domains, GenericMapping, NewObject, SecurityDescriptor, SecurityInformation, Sid, Token,
        access_check,
    },
};

/// Writing a descriptor read from SDDL, and reading it again, gives an equal descriptor; so does its binary form,
/// given its domains.
///
/// Catches: text with more or less than was read, wrong sizes, locations outside the text. Does not catch: a code
/// that is misread and miswritten in the same way.
pub(crate) fn sddl(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let descriptor = match text.parse::<SecurityDescriptor>() {
        Ok(descriptor) => descriptor,
        Err(error) => {
            let at = error.place().offset().expect("a place in the text");
            assert!(text.is_char_boundary(at), "{error}");
            assert!(error.hresult().is_failure());
            return;
        }
    };
    let written = descriptor.to_sddl().expect("what was read has words");
    assert_eq!(written.parse().as_ref(), Ok(&descriptor), "{written}");
    let json = serde_json::to_string(&descriptor).expect("a descriptor is JSON");
    assert_eq!(serde_json::from_str::<SecurityDescriptor>(&json).ok().as_ref(), Some(&descriptor));
    let domain = Domains::of_domain("S-1-5-21-1-2-3".parse().expect("a SID"));
    let known = descriptor.resolve(&domain);
    let bytes = known.to_bytes().expect("what was read fits");
    assert!(bytes.len() <= 20 + 2 * limits::ACL_BYTES + 2 * 68);
    assert_eq!(SecurityDescriptor::from_bytes(&bytes).as_ref(), Ok(&known));
    used(&known);
}

/// Writing a binary descriptor, and reading it again, gives an equal one; its SDDL, if any, reads as the same
/// descriptor.
pub(crate) fn descriptor(data: &[u8]) {
    let descriptor = match SecurityDescriptor::from_bytes(data) {
        Ok(descriptor) => descriptor,
        Err(error) => {
            let span = error.place().span().expect("a place in the bytes");
            assert!(span.start <= span.end && span.end <= data.len().max(20), "{error}: {span:?}");
            assert!(error.hresult().is_failure());
            return;
        }
    };
    // Claims get a new layout, and may then be too large for their ACE.
    if let Ok(bytes) = descriptor.to_bytes() {
        let again = SecurityDescriptor::from_bytes(&bytes).expect("what we write can be read");
        assert_eq!(again, descriptor);
        assert_eq!(again.to_bytes().as_ref(), Ok(&bytes));
    }
    if let Ok(text) = descriptor.to_sddl() {
        // Text may be too long for an ACL if claims get a new layout.
        if let Ok(read) = text.parse::<SecurityDescriptor>() {
            assert_eq!(read.to_sddl().as_ref(), Ok(&text));
        } else {
            assert!(descriptor.to_bytes().is_err(), "{text}");
        }
    }
    used(&descriptor);
}

/// Every operation on descriptors accepts any of them, and keeps its guarantees.
fn used(descriptor: &SecurityDescriptor) {
    let _ = descriptor.explain().to_string();
    assert_eq!(&descriptor.select(SecurityInformation::BACKUP), descriptor);
    let token = Token::new(Sid::LOCAL_SERVICE).with_group(Sid::EVERYONE).with_group(Sid::USERS);
    let most = access_check(descriptor, &token, AccessMask::MAXIMUM_ALLOWED, &GenericMapping::FILE);
    // Rights granted as a maximum are granted when requested; generic bits of ACEs cannot be requested.
    let asked = most.granted.without(AccessMask::GENERIC).without(AccessMask::MAXIMUM_ALLOWED);
    if !asked.contains(AccessMask::ACCESS_SYSTEM_SECURITY) {
        assert!(access_check(descriptor, &token, asked, &GenericMapping::FILE).allowed, "{asked}");
    }
    for object in [NewObject::Task, NewObject::Folder] {
        let child = SecurityDescriptor::create(object, Some(descriptor), None, &token);
        let again = SecurityDescriptor::create(object, Some(descriptor), Some(&child), &token);
        assert_eq!(again.dacl, child.dacl, "what was inherited is not inherited twice");
    }
}
