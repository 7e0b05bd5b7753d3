//! Reads and writes the self-relative binary form ([MS-DTYP] 2.4.6).

use super::{
    ace::{Ace, AceData, LEAST_ACE, opaque},
    ace_type::{AceFlags, AceType, Extra},
    acl::{ACL_HEADER, Acl, AclPart},
    claim::Claim,
    condition::Condition,
    descriptor::{Control, SecurityDescriptor},
    error::{BuildError, Error, ErrorKind, Fault, Step, Within},
    mask::AccessMask,
    sid::Sid,
    trustee::Trustee,
};
use crate::{dtyp::guid, error::Truncated};
use std::ops::Range;
use uuid::Uuid;

/// The fixed part of a descriptor.
const HEADER: usize = 20;

/// The flags of an object ACE, which indicate the GUIDs that are present.
const OBJECT_TYPE: u32 = 1;
const INHERITED_OBJECT_TYPE: u32 = 2;

impl SecurityDescriptor {
    /// Reads the self-relative form ([MS-DTYP] 2.4.6); its parts can be in any order. Unreferenced bytes are ignored.
    ///
    /// # Errors
    /// A truncated header or part, an unsupported revision, or an invalid size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        descriptor(bytes).map_err(Fault::in_bytes)
    }

    /// Returns the self-relative form, with its parts in the order used by Windows: SACL, DACL, owner, group
    /// ([MS-DTYP] 2.4.6, note 72).
    ///
    /// # Errors
    /// An alias whose domain is unknown, or an ACE or ACL that is too large.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BuildError> {
        let mut out = vec![0; HEADER];
        let mut offsets = [0; 4];
        let [owner_at, group_at, sacl_at, dacl_at] = &mut offsets;
        for (place, part) in [(sacl_at, &self.sacl), (dacl_at, &self.dacl)] {
            if let AclPart::Present(acl) = part {
                *place = offset(&out);
                write_acl(acl, &mut out)?;
            }
        }
        for (place, trustee) in [(owner_at, &self.owner), (group_at, &self.group)] {
            if let Some(trustee) = trustee {
                *place = offset(&out);
                sid(trustee)?.write(&mut out);
            }
        }
        let [low, high] = self.control_word().0.to_le_bytes();
        let head = [1, self.resource_manager, low, high];
        let head = head.into_iter().chain(offsets.into_iter().flat_map(u32::to_le_bytes));
        out.iter_mut().zip(head).for_each(|(place, byte)| *place = byte);
        Ok(out)
    }
}

/// The offset of the next part. Two ACLs and a header are far smaller than 2^32.
fn offset(out: &[u8]) -> u32 {
    u32::try_from(out.len()).unwrap_or(u32::MAX)
}

fn sid(trustee: &Trustee) -> Result<Sid, BuildError> {
    match trustee {
        Trustee::Sid(sid) => Ok(*sid),
        Trustee::Relative(account) => Err(BuildError::Unresolved(account.code())),
    }
}

/// A size as a 16-bit field.
fn word(size: usize, what: &'static str) -> Result<[u8; 2], BuildError> {
    u16::try_from(size).map(u16::to_le_bytes).map_err(|_| BuildError::TooLarge { what, size })
}

fn write_acl(acl: &Acl, out: &mut Vec<u8>) -> Result<(), BuildError> {
    out.extend([acl.revision, 0]);
    out.extend(word(acl.size(), "ACL")?);
    out.extend(word(acl.aces.len(), "ACL")?);
    out.extend([0; 2]);
    acl.aces.iter().try_for_each(|ace| write_ace(ace, out))?;
    out.extend(&acl.unused);
    Ok(())
}

fn write_ace(ace: &Ace, out: &mut Vec<u8>) -> Result<(), BuildError> {
    if let Some(code) = ace.unresolved() {
        return Err(BuildError::Unresolved(code));
    }
    let (start, size) = (out.len(), ace.size());
    out.extend([ace.ace_type.0, ace.flags.0]);
    out.extend(word(size, "ACE")?);
    if let Some(kind) = ace.ace_type.kind() {
        out.extend(ace.mask.0.to_le_bytes());
        if kind.object {
            write_guids(ace, out);
        }
        sid(&ace.trustee)?.write(out);
    }
    match ace.data() {
        AceData::None => {}
        AceData::Condition(condition) => out.extend(condition.to_bytes()),
        AceData::Claim(claim) => claim.write(out),
        AceData::Bytes(bytes) => out.extend(bytes),
    }
    out.resize(start + size, 0);
    Ok(())
}

fn write_guids(ace: &Ace, out: &mut Vec<u8>) {
    let guids = [(ace.object_type(), OBJECT_TYPE), (ace.inherited_object_type(), INHERITED_OBJECT_TYPE)];
    let flags = guids.iter().filter(|(guid, _)| guid.is_some()).fold(0, |flags, (_, flag)| flags | flag);
    out.extend(flags.to_le_bytes());
    guids.iter().filter_map(|(guid, _)| *guid).for_each(|id| out.extend(guid::to_wire(id)));
}

fn truncated(need: usize, have: usize, at: Range<usize>) -> Fault {
    Fault::new(ErrorKind::Truncated(Truncated { need, have }), at)
}

fn descriptor(bytes: &[u8]) -> Step<SecurityDescriptor> {
    let header = bytes.first_chunk::<HEADER>();
    let [revision, resource_manager, low, high, offsets @ ..] =
        header.ok_or_else(|| truncated(HEADER, bytes.len(), 0..bytes.len()).within("Revision"))?;
    if *revision != 1 {
        return Err(Fault::new(ErrorKind::Revision(*revision), 0..1).within("Revision"));
    }
    let control = Control(u16::from_le_bytes([*low, *high]));
    if !control.contains(Control::SELF_RELATIVE) {
        return Err(Fault::new(ErrorKind::NotSelfRelative, 2..4).within("Control"));
    }
    let mut parts = offsets.as_chunks::<4>().0.iter().zip((4..HEADER).step_by(4));
    let mut next = |name: &str| {
        let (word, at) = parts.next().unwrap_or((&[0; 4], 0));
        part(bytes, u32::from_le_bytes(*word), at).within(name)
    };
    let (owner, group) = (next("OffsetOwner")?, next("OffsetGroup")?);
    let (sacl, dacl) = (next("OffsetSacl"), next("OffsetDacl"));
    let trustee = |place: Option<Part>, name: &str| {
        let sid =
            place.map(|(at, part)| Sid::read(part).map_err(|f| f.rebased(at)).within("SID").within(name));
        Ok(sid.transpose()?.map(Trustee::Sid))
    };
    Ok(SecurityDescriptor {
        owner: trustee(owner, "Owner")?,
        group: trustee(group, "Group")?,
        sacl: acl_part(control.contains(Control::SACL_PRESENT), sacl, "Sacl")?,
        dacl: acl_part(control.contains(Control::DACL_PRESENT), dacl, "Dacl")?,
        control: control.without(Control::IMPLIED),
        resource_manager: *resource_manager,
    })
}

/// A part and its offset.
type Part<'a> = (usize, &'a [u8]);

/// The bytes at an offset; `None` if it is 0.
fn part(bytes: &[u8], offset: u32, field: usize) -> Step<Option<Part<'_>>> {
    let Ok(at) = usize::try_from(offset) else { return Ok(None) };
    match bytes.get(at..) {
        _ if at == 0 => Ok(None),
        Some(rest) if at >= HEADER => Ok(Some((at, rest))),
        _ => Err(Fault::new(ErrorKind::Offset(offset), field..field + 4)),
    }
}

/// An ACL, if its control bit is set; without the bit, the offset is ignored.
fn acl_part(present: bool, part: Step<Option<Part>>, name: &str) -> Step<AclPart> {
    match part {
        _ if !present => Ok(AclPart::Absent),
        Ok(None) => Ok(AclPart::Null),
        Ok(Some((at, bytes))) => acl(bytes).map(AclPart::Present).map_err(|f| f.within(name).rebased(at)),
        Err(fault) => Err(fault),
    }
}

fn acl(bytes: &[u8]) -> Step<Acl> {
    let header = bytes.first_chunk::<ACL_HEADER>();
    let [revision, _, size_low, size_high, count_low, count_high, _, _] =
        *header.ok_or_else(|| truncated(ACL_HEADER, bytes.len(), 0..bytes.len()).within("AclRevision"))?;
    if !(2..=4).contains(&revision) {
        return Err(Fault::new(ErrorKind::Revision(revision), 0..1).within("AclRevision"));
    }
    let size = usize::from(u16::from_le_bytes([size_low, size_high]));
    let count = usize::from(u16::from_le_bytes([count_low, count_high]));
    let impossible = |why| Fault::new(ErrorKind::Size { size, why }, 2..4).within("AclSize");
    let content = bytes.get(..size).ok_or_else(|| impossible("exceeds the remaining bytes"))?;
    let mut rest = content.get(ACL_HEADER..).ok_or_else(|| impossible("smaller than the header"))?;
    if count > rest.len() / LEAST_ACE {
        let kind = ErrorKind::Size { size: count, why: "more ACEs than fit the ACL" };
        return Err(Fault::new(kind, 4..6).within("AceCount"));
    }
    let mut aces = Vec::with_capacity(count);
    for index in 0..count {
        let at = size - rest.len();
        let (one, size) = ace(rest).map_err(|f| f.within(&format!("[{index}]")).rebased(at))?;
        aces.push(one);
        rest = rest.get(size..).unwrap_or_default();
    }
    Ok(Acl { revision, aces, unused: rest.to_vec() })
}

/// Reads an ACE, and returns its size.
fn ace(bytes: &[u8]) -> Step<(Ace, usize)> {
    let header = bytes.split_first_chunk::<4>();
    let (&[ace_type, flags, low, high], _) =
        header.ok_or_else(|| truncated(4, bytes.len(), 0..bytes.len()).within("AceType"))?;
    let size = usize::from(u16::from_le_bytes([low, high]));
    let why = match size {
        ..LEAST_ACE => Some("smaller than any ACE"),
        _ if size > bytes.len() => Some("exceeds the remaining bytes"),
        _ if !size.is_multiple_of(4) => Some("not a multiple of 4"),
        _ => None,
    };
    if let Some(why) = why {
        return Err(Fault::new(ErrorKind::Size { size, why }, 2..4).within("AceSize"));
    }
    let body = bytes.get(4..size).unwrap_or_default();
    let ace = body_of(AceType(ace_type), body).map_err(|fault| fault.rebased(4))?;
    Ok((ace.with_flags(AceFlags(flags)), size))
}

/// Reads the bytes after the header.
fn body_of(ace_type: AceType, body: &[u8]) -> Step<Ace> {
    let Some(kind) = ace_type.kind() else { return Ok(opaque(ace_type, body)) };
    let mut reader = Reader { bytes: body, at: 0 };
    let mask = AccessMask(u32::from_le_bytes(reader.take("Mask")?));
    let mut guids = [None; 2];
    if kind.object {
        let flags = u32::from_le_bytes(reader.take("Flags")?);
        let names = [(OBJECT_TYPE, "ObjectType"), (INHERITED_OBJECT_TYPE, "InheritedObjectType")];
        for (place, (flag, name)) in guids.iter_mut().zip(names) {
            if flags & flag != 0 {
                *place = Some(reader.guid(name)?);
            }
        }
    }
    let (at, rest) = (reader.at, reader.rest());
    let sid = Sid::read(rest).map_err(|fault| fault.within("SID").rebased(at))?;
    let data = rest.get(sid.size()..).unwrap_or_default();
    let [object_type, inherited_object_type] = guids;
    let ace = Ace::new(ace_type, mask, sid);
    Ok(match data_of(kind.extra, data) {
        AceData::None if object_type.is_none() && inherited_object_type.is_none() => ace,
        data => ace
            .with_object_type(object_type)
            .with_inherited_object_type(inherited_object_type)
            .with_data(data),
    })
}

fn data_of(extra: Extra, data: &[u8]) -> AceData {
    let known = match extra {
        Extra::Condition => Condition::from_bytes(data).map(AceData::Condition),
        Extra::Claim => Claim::read(data).map(|claim| AceData::Claim(Box::new(claim))),
        Extra::None => None,
    };
    match known {
        Some(known) => known,
        None if data.is_empty() => AceData::None,
        None => AceData::Bytes(data.to_vec()),
    }
}

/// Reads fields of fixed size.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take<const N: usize>(&mut self, name: &str) -> Step<[u8; N]> {
        let rest = self.rest();
        let field = rest.first_chunk::<N>().copied();
        let at = self.at..self.bytes.len();
        self.at += N;
        field.ok_or_else(|| truncated(N, rest.len(), at).within(name))
    }

    fn guid(&mut self, name: &str) -> Step<Uuid> {
        self.take(name).map(guid::from_wire)
    }
}
