//! Parses SDDL ([MS-DTYP] 2.5.1.1).

use super::{
    ace::{Ace, AceData, LEAST_ACE},
    ace_type::{AceFlags, AceType, Extra, Kind},
    acl::{ACL_HEADER, Acl, AclPart},
    claim::Claim,
    codes::{codes, key_of},
    condition::Condition,
    cursor::Cursor,
    descriptor::{Control, SecurityDescriptor},
    error::{Error, ErrorKind, Fault, Step, Within},
    mask,
    trustee::Trustee,
};
use crate::limits;
use std::str::FromStr;
use uuid::Uuid;

/// The differences between the two ACLs.
pub(super) struct Side {
    pub(super) letter: &'static str,
    pub(super) dacl: bool,
    /// The codes and bits, in the order used by Windows.
    pub(super) flags: [(&'static str, Control); 3],
}

pub(super) const DACL: Side = Side {
    letter: "D",
    dacl: true,
    flags: [
        ("P", Control::DACL_PROTECTED),
        ("AR", Control::DACL_AUTO_INHERIT_REQ),
        ("AI", Control::DACL_AUTO_INHERITED),
    ],
};

pub(super) const SACL: Side = Side {
    letter: "S",
    dacl: false,
    flags: [
        ("P", Control::SACL_PROTECTED),
        ("AR", Control::SACL_AUTO_INHERIT_REQ),
        ("AI", Control::SACL_AUTO_INHERITED),
    ],
};

/// A NULL ACL.
pub(super) const NO_ACCESS_CONTROL: &str = "NO_ACCESS_CONTROL";

codes! {
    /// The codes of the flags, starting at the lowest bit.
    FLAGS, flag: AceFlags {
        OI = AceFlags::OBJECT_INHERIT,
        CI = AceFlags::CONTAINER_INHERIT,
        NP = AceFlags::NO_PROPAGATE_INHERIT,
        IO = AceFlags::INHERIT_ONLY,
        ID = AceFlags::INHERITED,
        CR = AceFlags::CRITICAL,
        SA = AceFlags::SUCCESSFUL_ACCESS,
        FA = AceFlags::FAILED_ACCESS,
    }
}

/// The name of the `SA` bit in an access filter.
pub(super) const TRUST_PROTECTED: &str = "TP";

impl FromStr for SecurityDescriptor {
    type Err = Error;

    /// Parses SDDL ([MS-DTYP] 2.5.1.1). Codes are not case-sensitive, parts can be in any order, and white space can
    /// separate tokens.
    fn from_str(text: &str) -> Result<Self, Error> {
        parts(&mut Cursor::new(text)).map_err(|fault| fault.in_text(text))
    }
}

fn parts(cursor: &mut Cursor) -> Step<SecurityDescriptor> {
    let mut descriptor = SecurityDescriptor::new();
    cursor.blank();
    while !cursor.is_done() {
        let start = cursor.at();
        let letter = cursor.code(1).unwrap_or_default();
        cursor.need(b':').map_err(|_| no_part(cursor, start))?;
        let repeated = match letter {
            "O" | "o" => descriptor.owner.replace(Trustee::parse(cursor).within("O")?).is_some(),
            "G" | "g" => descriptor.group.replace(Trustee::parse(cursor).within("G")?).is_some(),
            "D" | "d" => part(cursor, &DACL, &mut descriptor.control, &mut descriptor.dacl)?,
            "S" | "s" => part(cursor, &SACL, &mut descriptor.control, &mut descriptor.sacl)?,
            _ => return Err(no_part(cursor, start)),
        };
        if repeated {
            return Err(cursor.fault_since(start, ErrorKind::Repeated("part")));
        }
        cursor.blank();
    }
    Ok(descriptor)
}

/// The fault for text that does not start a part of a descriptor.
#[cold]
fn no_part(cursor: &Cursor, start: usize) -> Fault {
    cursor.fault_since(start, ErrorKind::Expected("O:, G:, D: or S:"))
}

/// Parses an ACL into `place`; returns whether it was already set.
fn part(cursor: &mut Cursor, side: &Side, control: &mut Control, place: &mut AclPart) -> Step<bool> {
    let before = std::mem::replace(place, acl(cursor, side, control).within(side.letter)?);
    Ok(before != AclPart::Absent)
}

fn acl(cursor: &mut Cursor, side: &Side, control: &mut Control) -> Step<AclPart> {
    loop {
        cursor.blank();
        if cursor.peek().is_none_or(|b| b == b'(') {
            break;
        }
        if cursor.take(NO_ACCESS_CONTROL) {
            return Ok(AclPart::Null);
        }
        let Some((_, bit)) = side.flags.iter().find(|(code, _)| cursor.take(code)) else { break };
        *control = *control | *bit;
    }
    let mut aces = Vec::with_capacity(most_aces(cursor.rest()));
    let mut size = ACL_HEADER;
    while cursor.peek() == Some(b'(') {
        let start = cursor.at();
        let within = |fault: Fault| fault.within(&format!("[{}]", aces.len()));
        let ace = ace(cursor, side).map_err(within)?;
        size += ace.size();
        if size > limits::ACL_BYTES {
            let kind = ErrorKind::TooLarge { what: "ACL", max: limits::ACL_BYTES };
            return Err(within(cursor.fault_since(start, kind)));
        }
        aces.push(ace);
        cursor.blank();
    }
    Ok(Acl::new(aces).into())
}

impl FromStr for Ace {
    type Err = Error;

    /// Parses an ACE of a DACL or a SACL, including its parentheses ([MS-DTYP] 2.5.1.1).
    ///
    /// ```
    /// use wintask::security::{AccessMask, Ace, Sid};
    ///
    /// assert_eq!("(A;;FR;;;BU)".parse(), Ok(Ace::allow(AccessMask::FILE_GENERIC_READ, Sid::USERS)));
    /// ```
    fn from_str(text: &str) -> Result<Self, Error> {
        let read = |side| {
            let mut cursor = Cursor::new(text);
            let ace = ace(&mut cursor, side)?;
            cursor.blank();
            if cursor.is_done() { Ok(ace) } else { Err(cursor.fault(ErrorKind::Expected("the end"))) }
        };
        read(&DACL).or_else(|fault| read(&SACL).map_err(|_| fault)).map_err(|fault| fault.in_text(text))
    }
}

/// An upper bound on the number of ACEs: the opening parentheses, up to the maximum of an ACL.
fn most_aces(text: &str) -> usize {
    let open = memchr::memchr_iter(b'(', text.as_bytes()).count();
    open.min(limits::ACL_BYTES / LEAST_ACE)
}

fn ace(cursor: &mut Cursor, side: &Side) -> Step<Ace> {
    cursor.need(b'(')?;
    let kind = ace_type(cursor, side).within("type")?;
    cursor.need(b';')?;
    let flags = flags(cursor, kind).within("flags")?;
    cursor.need(b';')?;
    let label = kind.ace_type == AceType::SYSTEM_MANDATORY_LABEL;
    let mask = mask::parse(cursor, label).within("rights")?;
    cursor.need(b';').within("rights")?;
    let (object_type, inherited_object_type) = guids(cursor, kind)?;
    let trustee = Trustee::parse(cursor)?;
    let guids = object_type.is_some() || inherited_object_type.is_some();
    let mut ace = Ace::new(kind.ace_type, mask, trustee);
    ace.flags = flags;
    if kind.extra == Extra::None && !guids {
        cursor.blank();
        if cursor.peek() == Some(b';') {
            return Err(cursor.fault(ErrorKind::NotAllowed("a condition")));
        }
        // An object ACE without GUIDs is parsed as a plain ACE (EVIDENCE.md SDDL-02).
        if kind.ace_type == AceType::ACCESS_ALLOWED_OBJECT {
            ace.ace_type = AceType::ACCESS_ALLOWED;
        }
    } else {
        let data = extra(cursor, kind)?;
        ace = ace
            .with_object_type(object_type)
            .with_inherited_object_type(inherited_object_type)
            .with_data(data);
    }
    cursor.need(b')')?;
    Ok(ace)
}

fn ace_type(cursor: &mut Cursor, side: &Side) -> Step<&'static Kind> {
    let start = cursor.at();
    let code = cursor.take_while(|b| b.is_ascii_alphanumeric());
    let kind = Kind::by_code(code);
    let kind = kind.ok_or_else(|| cursor.fault_since(start, ErrorKind::Unknown("ACE type")))?;
    if kind.dacl == side.dacl {
        Ok(kind)
    } else {
        Err(cursor.fault_since(start, ErrorKind::Misplaced(kind.ace_type)))
    }
}

fn flags(cursor: &mut Cursor, kind: &Kind) -> Step<AceFlags> {
    let filter = kind.ace_type == AceType::SYSTEM_ACCESS_FILTER;
    let mut flags = AceFlags::NONE;
    loop {
        let key = cursor.key();
        let bit = match flag(key) {
            None if filter && key == key_of(TRUST_PROTECTED) => AceFlags::SUCCESSFUL_ACCESS,
            Some(bit) => bit,
            None => break,
        };
        flags = flags | bit;
        cursor.skip(2);
        cursor.blank();
    }
    cursor.no_code("ACE flag")?;
    Ok(flags)
}

/// The two GUIDs, each followed by a semicolon.
fn guids(cursor: &mut Cursor, kind: &Kind) -> Step<(Option<Uuid>, Option<Uuid>)> {
    if cursor.take(";;") {
        cursor.blank();
        return Ok((None, None));
    }
    let object_type = guid(cursor, kind).within("object_type")?;
    cursor.need(b';').within("object_type")?;
    let inherited_object_type = guid(cursor, kind).within("inherited_object_type")?;
    cursor.need(b';').within("inherited_object_type")?;
    Ok((object_type, inherited_object_type))
}

/// A GUID without braces, or nothing.
fn guid(cursor: &mut Cursor, kind: &Kind) -> Step<Option<Uuid>> {
    let start = cursor.at();
    let text = cursor.take_while(|b| b.is_ascii_hexdigit() || b == b'-');
    match Uuid::try_parse(text) {
        _ if text.is_empty() => Ok(None),
        Ok(_) if !kind.object => Err(cursor.fault_since(start, ErrorKind::NotAllowed("a GUID"))),
        Ok(guid) if text.len() == 36 => Ok(Some(guid)),
        _ => Err(cursor.fault_since(start, ErrorKind::Expected("a GUID"))),
    }
}

/// The data after the SID, for types that have a condition or a claim.
fn extra(cursor: &mut Cursor, kind: &Kind) -> Step<AceData> {
    cursor.blank();
    if kind.extra == Extra::None {
        return match cursor.peek() {
            Some(b';') => Err(cursor.fault(ErrorKind::NotAllowed("a condition"))),
            _ => Ok(AceData::None),
        };
    }
    cursor.need(b';')?;
    if kind.extra == Extra::Claim {
        let claim = Claim::parse(cursor).within("attribute")?;
        return Ok(AceData::Claim(Box::new(claim)));
    }
    cursor.need(b'(').within("condition")?;
    let condition = Condition::parse(cursor).within("condition")?;
    cursor.need(b')').within("condition")?;
    Ok(AceData::Condition(condition))
}
