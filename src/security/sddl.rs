//! SDDL read ([MS-DTYP] 2.5.1.1).

use super::{
    ace::{Ace, AceData, LEAST_ACE},
    ace_type::{AceFlags, AceType, Extra, Kind},
    acl::{Acl, AclPart},
    claim::Claim,
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

/// What differs between the two ACLs.
pub(super) struct Side {
    pub(super) letter: &'static str,
    pub(super) dacl: bool,
    /// Codes and bits, in the order in which Windows prints them.
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

/// Characters of the shortest ACE, `(A;;;;;WD)`.
const SHORTEST_ACE: usize = 10;

/// A NULL ACL.
pub(super) const NO_ACCESS_CONTROL: &str = "NO_ACCESS_CONTROL";

/// Codes of the flags, lowest bit first.
pub(super) const FLAGS: &[(&str, AceFlags)] = &[
    ("OI", AceFlags::OBJECT_INHERIT),
    ("CI", AceFlags::CONTAINER_INHERIT),
    ("NP", AceFlags::NO_PROPAGATE_INHERIT),
    ("IO", AceFlags::INHERIT_ONLY),
    ("ID", AceFlags::INHERITED),
    ("CR", AceFlags::CRITICAL),
    ("SA", AceFlags::SUCCESSFUL_ACCESS),
    ("FA", AceFlags::FAILED_ACCESS),
];

/// The same bit as `SA` by the name it has in an access filter.
pub(super) const TRUST_PROTECTED: &str = "TP";

impl FromStr for SecurityDescriptor {
    type Err = Error;

    /// Reads SDDL ([MS-DTYP] 2.5.1.1): codes in any case, the parts in any order, white space between tokens.
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
        cursor.need(":").map_err(|_| no_part(cursor, start))?;
        let repeated = match letter {
            "O" | "o" => descriptor.owner.replace(Trustee::parse(cursor).within("O")?).is_some(),
            "G" | "g" => descriptor.group.replace(Trustee::parse(cursor).within("G")?).is_some(),
            "D" | "d" => part(cursor, &DACL, &mut descriptor.control, &mut descriptor.dacl)?,
            "S" | "s" => part(cursor, &SACL, &mut descriptor.control, &mut descriptor.sacl)?,
            _ => return Err(no_part(cursor, start)),
        };
        if repeated {
            return Err(cursor.fault_since(start, ErrorKind::Repeated("part of this name")));
        }
        cursor.blank();
    }
    Ok(descriptor)
}

/// No part of a descriptor starts here.
#[cold]
fn no_part(cursor: &Cursor, start: usize) -> Fault {
    cursor.fault_since(start, ErrorKind::Expected("O:, G:, D: or S:"))
}

/// Reads an ACL into its place; says whether there was one already.
fn part(cursor: &mut Cursor, side: &Side, control: &mut Control, place: &mut AclPart) -> Step<bool> {
    let before = std::mem::replace(place, acl(cursor, side, control).within(side.letter)?);
    Ok(before != AclPart::Absent)
}

fn acl(cursor: &mut Cursor, side: &Side, control: &mut Control) -> Step<AclPart> {
    loop {
        cursor.blank();
        if cursor.take(NO_ACCESS_CONTROL) {
            return Ok(AclPart::Null);
        }
        let Some((_, bit)) = side.flags.iter().find(|(code, _)| cursor.take(code)) else { break };
        *control = *control | *bit;
    }
    let most = (cursor.rest().len() / SHORTEST_ACE).min(limits::ACL_BYTES / LEAST_ACE);
    let (mut aces, mut size) = (Vec::with_capacity(most), 8);
    while cursor.peek() == Some(b'(') {
        let start = cursor.at();
        let checked = ace(cursor, side).and_then(|ace| {
            size += ace.size();
            let kind = ErrorKind::TooLarge { what: "ACL", max: limits::ACL_BYTES };
            if size > limits::ACL_BYTES { Err(cursor.fault_since(start, kind)) } else { Ok(ace) }
        });
        aces.push(checked.map_err(|fault| fault.within(&format!("[{}]", aces.len())))?);
        cursor.blank();
    }
    Ok(Acl::new(aces).into())
}

fn ace(cursor: &mut Cursor, side: &Side) -> Step<Ace> {
    cursor.need("(")?;
    let kind = ace_type(cursor, side).within("type")?;
    cursor.need(";")?;
    let flags = flags(cursor, kind).within("flags")?;
    cursor.need(";")?;
    let label = kind.ace_type == AceType::SYSTEM_MANDATORY_LABEL;
    let mask = mask::parse(cursor, label).within("rights")?;
    cursor.need(";").within("rights")?;
    let object_type = guid(cursor, kind).within("object_type")?;
    cursor.need(";").within("object_type")?;
    let inherited_object_type = guid(cursor, kind).within("inherited_object_type")?;
    cursor.need(";").within("inherited_object_type")?;
    let trustee = Trustee::parse(cursor)?;
    let mut ace = Ace { flags, object_type, inherited_object_type, ..Ace::new(kind.ace_type, mask, trustee) };
    ace.data = extra(cursor, kind)?;
    cursor.need(")")?;
    // Windows reads an object ACE without GUIDs as a plain one (EVIDENCE.md SDDL-02).
    let plain = object_type.is_none() && inherited_object_type.is_none();
    if plain && ace.ace_type == AceType::ACCESS_ALLOWED_OBJECT {
        ace.ace_type = AceType::ACCESS_ALLOWED;
    }
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
    let mut flags = AceFlags::NONE;
    while let Some(code) = cursor.code(2) {
        let filter = kind.ace_type == AceType::SYSTEM_ACCESS_FILTER;
        let known = FLAGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, bit)| *bit);
        let bit = match known {
            None if filter && code.eq_ignore_ascii_case(TRUST_PROTECTED) => Some(AceFlags::SUCCESSFUL_ACCESS),
            known => known,
        };
        let unknown = || cursor.fault_since(cursor.at() - 2, ErrorKind::Unknown("ACE flag"));
        flags = flags | bit.ok_or_else(unknown)?;
        cursor.blank();
    }
    Ok(flags)
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

/// What follows the SID: a condition or a claim in the types that have one, and nothing in the others.
fn extra(cursor: &mut Cursor, kind: &Kind) -> Step<AceData> {
    cursor.blank();
    if kind.extra == Extra::None {
        return match cursor.peek() {
            Some(b';') => Err(cursor.fault(ErrorKind::NotAllowed("a condition"))),
            _ => Ok(AceData::None),
        };
    }
    cursor.need(";")?;
    if kind.extra == Extra::Claim {
        let claim = Claim::parse(cursor).within("attribute")?;
        return Ok(AceData::Claim(Box::new(claim)));
    }
    cursor.need("(").within("condition")?;
    let condition = Condition::parse(cursor).within("condition")?;
    cursor.need(")").within("condition")?;
    Ok(AceData::Condition(condition))
}
