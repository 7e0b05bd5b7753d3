//! SIDs and security descriptors for fuzzers and property tests, mostly valid in SDDL and the binary form.

use super::{
    AccessMask, Ace, AceData, AceFlags, AceType, Acl, AclPart, Control, SecurityDescriptor, Trustee,
};
use ::arbitrary::{Arbitrary, Error, Result, Unstructured};

/// The conditions used in callback ACEs.
const CONDITIONS: [&str; 3] = ["(@User.Project == 1)", "(Member_of {SID(BA)})", "(!(exists clearance))"];

impl<'a> Arbitrary<'a> for Trustee {
    /// A SID.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        bytes.arbitrary().map(Self::Sid)
    }
}

impl<'a> Arbitrary<'a> for Ace {
    /// Mostly an ACE that allows or denies, with valid content; otherwise any type.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let common = [
            AceType::ACCESS_ALLOWED,
            AceType::ACCESS_DENIED,
            AceType::ACCESS_ALLOWED_OBJECT,
            AceType::ACCESS_ALLOWED_CALLBACK,
        ];
        let ace_type = if bytes.ratio(31, 32u8)? { *bytes.choose(&common)? } else { bytes.arbitrary()? };
        let flags = AceFlags(bytes.arbitrary::<u8>()?);
        let mask = AccessMask(bytes.arbitrary::<u32>()?);
        let ace = Self::new(ace_type, mask, bytes.arbitrary::<Trustee>()?);
        // SDDL has no codes for undefined bits.
        let ace =
            ace.with_flags(if bytes.ratio(31, 32u8)? { flags.without(flags.undefined()) } else { flags });
        Ok(match ace_type {
            AceType::ACCESS_ALLOWED_OBJECT => {
                ace.with_object_type(bytes.arbitrary()?).with_inherited_object_type(bytes.arbitrary()?)
            }
            AceType::ACCESS_ALLOWED_CALLBACK => {
                let condition = bytes.choose(&CONDITIONS)?.parse().map_err(|_| Error::IncorrectFormat)?;
                ace.with_data(AceData::Condition(condition))
            }
            _ => ace,
        })
    }
}

impl<'a> Arbitrary<'a> for Acl {
    /// Mostly with the revision that the ACEs require, and without unused space.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let list = Self::new(bytes.arbitrary()?);
        if bytes.ratio(31, 32u8)? {
            return Ok(list);
        }
        Ok(Self { revision: bytes.arbitrary()?, unused: bytes.arbitrary()?, ..list })
    }
}

impl<'a> Arbitrary<'a> for AclPart {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match bytes.int_in_range(0..=7u8)? {
            0 | 1 => Self::Absent,
            7 => Self::Null,
            _ => Self::Present(bytes.arbitrary()?),
        })
    }
}

/// A SACL.
fn audit(bytes: &mut Unstructured<'_>) -> Result<AclPart> {
    let mut part: AclPart = bytes.arbitrary()?;
    for ace in part.acl_mut().into_iter().flat_map(|acl| &mut acl.aces) {
        *ace = Ace::new(AceType::SYSTEM_AUDIT, ace.mask, ace.trustee).with_flags(ace.flags);
    }
    Ok(part)
}

impl<'a> Arbitrary<'a> for SecurityDescriptor {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let shown = [
            Control::NONE,
            Control::DACL_PROTECTED,
            Control::DACL_AUTO_INHERITED,
            Control::SACL_PROTECTED,
            Control::SACL_AUTO_INHERITED,
        ];
        Ok(Self {
            owner: bytes.arbitrary()?,
            group: bytes.arbitrary()?,
            dacl: bytes.arbitrary()?,
            sacl: audit(bytes)?,
            control: match bytes.ratio(31, 32u8)? {
                true => *bytes.choose(&shown)?,
                false => Control(bytes.arbitrary()?).without(Control::IMPLIED),
            },
            resource_manager: 0,
        })
    }
}
