//! Claims: statements about users, devices and objects.

use super::{
    cursor::{Cursor, number},
    error::{ErrorKind, Step},
    literal,
    sid::Sid,
    trustee::{Domains, Trustee},
};
use crate::{
    dtyp::{WideString, macros::flags},
    limits,
};
use std::fmt::{self, Write};

flags! {
    /// Flags of a claim ([MS-DTYP] 2.4.10.1).
    pub struct ClaimFlags(u32) {
        /// Children do not inherit it.
        NON_INHERITABLE = 0x01 => "CLAIM_SECURITY_ATTRIBUTE_NON_INHERITABLE",
        /// Strings are compared case-sensitively.
        CASE_SENSITIVE = 0x02 => "CLAIM_SECURITY_ATTRIBUTE_VALUE_CASE_SENSITIVE",
        /// Reserved: for denying only.
        USE_FOR_DENY_ONLY = 0x04 => "CLAIM_SECURITY_ATTRIBUTE_USE_FOR_DENY_ONLY",
        /// Disabled by default.
        DISABLED_BY_DEFAULT = 0x08 => "CLAIM_SECURITY_ATTRIBUTE_DISABLED_BY_DEFAULT",
        /// Reserved: disabled.
        DISABLED = 0x10 => "CLAIM_SECURITY_ATTRIBUTE_DISABLED",
        /// Always enabled.
        MANDATORY = 0x20 => "CLAIM_SECURITY_ATTRIBUTE_MANDATORY",
    }
}

/// A statement about a user, a device or an object, which conditions refer to ([MS-DTYP] 2.4.10.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
#[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1")]
pub struct Claim {
    /// The name; case-insensitive in conditions.
    pub name: WideString,
    /// The flags.
    pub flags: ClaimFlags,
    /// The values, all of one type.
    pub values: ClaimValues,
}

/// The values of a claim ([MS-DTYP] 2.4.10.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ClaimValues {
    /// `TI`: signed integers.
    Integers(Vec<i64>),
    /// `TU`: unsigned integers.
    Unsigned(Vec<u64>),
    /// `TS`: strings.
    Strings(Vec<WideString>),
    /// `TD`: SIDs.
    Sids(Vec<Trustee>),
    /// `TB`: Booleans.
    Booleans(Vec<bool>),
    /// `TX`: bytes.
    Octets(Vec<Vec<u8>>),
}

const HEADER: usize = 16;

/// The type codes in text and in the binary form.
const TYPES: [(&str, u16); 6] = [("TI", 1), ("TU", 2), ("TS", 3), ("TD", 5), ("TB", 6), ("TX", 0x10)];

impl ClaimValues {
    /// Returns whether there are no values ([MS-DTYP] 2.4.10.1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of values ([MS-DTYP] 2.4.10.1).
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Integers(values) => values.len(),
            Self::Unsigned(values) => values.len(),
            Self::Strings(values) => values.len(),
            Self::Sids(values) => values.len(),
            Self::Booleans(values) => values.len(),
            Self::Octets(values) => values.len(),
        }
    }

    /// The row of the type in `TYPES`.
    fn row(&self) -> (&'static str, u16) {
        let [integers, unsigned, strings, sids, booleans, octets] = TYPES;
        match self {
            Self::Integers(_) => integers,
            Self::Unsigned(_) => unsigned,
            Self::Strings(_) => strings,
            Self::Sids(_) => sids,
            Self::Booleans(_) => booleans,
            Self::Octets(_) => octets,
        }
    }

    /// Each value in the binary form, padded to a multiple of 4.
    fn encoded(&self) -> Vec<Vec<u8>> {
        let sized = |bytes: &[u8]| [&size(bytes.len()).to_le_bytes(), bytes].concat();
        let mut values: Vec<Vec<u8>> = match self {
            Self::Integers(values) => values.iter().map(|v| v.to_le_bytes().to_vec()).collect(),
            Self::Unsigned(values) => values.iter().map(|v| v.to_le_bytes().to_vec()).collect(),
            Self::Booleans(values) => values.iter().map(|v| u64::from(*v).to_le_bytes().to_vec()).collect(),
            Self::Strings(values) => values.iter().map(terminated).collect(),
            Self::Octets(values) => values.iter().map(|v| sized(v)).collect(),
            Self::Sids(values) => {
                values.iter().map(|v| sized(&v.sid().unwrap_or(Sid::NOBODY).to_bytes())).collect()
            }
        };
        values.iter_mut().for_each(|value| value.resize(value.len().next_multiple_of(4), 0));
        values
    }

    /// The size of the values in bytes, including padding.
    fn size(&self) -> usize {
        let padded = |size: usize| size.next_multiple_of(4);
        match self {
            Self::Integers(_) | Self::Unsigned(_) | Self::Booleans(_) => 8 * self.len(),
            Self::Strings(values) => values.iter().map(|v| padded(2 * v.len() + 2)).sum(),
            Self::Octets(values) => values.iter().map(|v| padded(4 + v.len())).sum(),
            Self::Sids(values) => values.iter().map(|v| 4 + v.size()).sum(),
        }
    }
}

/// The units and a NUL.
fn terminated(text: &WideString) -> Vec<u8> {
    let mut bytes = text.to_le_bytes();
    bytes.extend([0, 0]);
    bytes
}

/// A size as a 32-bit field; the content of an ACE is always shorter.
fn size(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl Claim {
    /// Creates a claim without flags ([MS-DTYP] 2.4.10.1).
    #[must_use]
    pub fn new(name: impl Into<WideString>, values: ClaimValues) -> Self {
        Self { name: name.into(), flags: ClaimFlags::NONE, values }
    }

    /// Sets the flags ([MS-DTYP] 2.4.10.1).
    #[must_use]
    pub fn with_flags(self, flags: ClaimFlags) -> Self {
        Self { flags, ..self }
    }

    /// Replaces aliases with SIDs where the domain is known.
    pub(super) fn resolve(&mut self, domains: &Domains) {
        if let ClaimValues::Sids(values) = &mut self.values {
            values.iter_mut().for_each(|value| *value = value.resolve(domains));
        }
    }

    /// The code of an alias without a SID, if any.
    pub(super) fn unresolved(&self) -> Option<&'static str> {
        let ClaimValues::Sids(values) = &self.values else { return None };
        values.iter().find_map(|value| match value {
            Trustee::Relative(account) => Some(account.code()),
            Trustee::Sid(_) => None,
        })
    }

    fn name_size(&self) -> usize {
        (2 * self.name.len() + 2).next_multiple_of(4)
    }

    /// The size of the binary form.
    pub(super) fn size(&self) -> usize {
        HEADER + 4 * self.values.len() + self.name_size() + self.values.size()
    }

    /// CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1 ([MS-DTYP] 2.4.10.1): header, offsets, name, values.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let values = self.values.encoded();
        let name_at = HEADER + 4 * values.len();
        let mut at = name_at + self.name_size();
        out.extend(size(name_at).to_le_bytes());
        out.extend(u32::from(self.values.row().1).to_le_bytes());
        out.extend(self.flags.0.to_le_bytes());
        out.extend(size(values.len()).to_le_bytes());
        for value in &values {
            out.extend(size(at).to_le_bytes());
            at += value.len();
        }
        let mut name = terminated(&self.name);
        name.resize(self.name_size(), 0);
        out.extend(name);
        values.into_iter().for_each(|value| out.extend(value));
    }

    /// Reads the binary form; `None` if it is malformed. Values must not overlap: their total size is limited to the
    /// size of the input.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut words = bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word));
        let (name_at, type_word, flags, count) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let offsets = words.take(usize::try_from(count).ok()?);
        let mut reader = Reader { bytes, left: bytes.len() };
        let name = reader.string(name_at)?;
        let count = usize::try_from(count).ok().filter(|count| *count <= bytes.len() / 4)?;
        let offsets: Vec<u32> = offsets.collect();
        if offsets.len() != count || name.is_empty() {
            return None;
        }
        let offsets = offsets.into_iter();
        // The upper half of the word is reserved.
        let values = match type_word & 0xFFFF {
            1 => ClaimValues::Integers(
                offsets.map(|at| reader.number(at).map(u64::cast_signed)).collect::<Option<_>>()?,
            ),
            2 => ClaimValues::Unsigned(offsets.map(|at| reader.number(at)).collect::<Option<_>>()?),
            3 => ClaimValues::Strings(offsets.map(|at| reader.string(at)).collect::<Option<_>>()?),
            5 => ClaimValues::Sids(offsets.map(|at| reader.sid(at)).collect::<Option<_>>()?),
            6 => ClaimValues::Booleans(offsets.map(|at| reader.boolean(at)).collect::<Option<_>>()?),
            0x10 => ClaimValues::Octets(
                offsets.map(|at| reader.octets(at).map(<[u8]>::to_vec)).collect::<Option<_>>()?,
            ),
            _ => return None,
        };
        Some(Self { name, flags: ClaimFlags(flags), values })
    }

    /// Reads `("name",TS,0x0,"value",…)` ([MS-DTYP] 2.5.1.1, `resource-attribute-data`).
    pub(super) fn parse(cursor: &mut Cursor) -> Step<Self> {
        cursor.need(b'(')?;
        if cursor.peek() != Some(b'"') {
            return Err(cursor.fault(ErrorKind::Expected("a quotation mark")));
        }
        cursor.take_byte(b'"');
        let name = WideString::from(literal::name(cursor, false)?);
        if name.is_empty() {
            return Err(cursor.fault(ErrorKind::Expected("a name")));
        }
        cursor.need(b'"')?;
        cursor.need(b',')?;
        let start = cursor.at();
        let code = cursor.code(2).unwrap_or_default();
        let claim_type =
            TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, number)| *number);
        let claim_type =
            claim_type.ok_or_else(|| cursor.fault_since(start, ErrorKind::Unknown("attribute type")))?;
        cursor.need(b',')?;
        let start = cursor.at();
        let flags =
            number(cursor.take_while(|b| b.is_ascii_alphanumeric())).and_then(|n| u32::try_from(n).ok());
        let flags = flags.ok_or_else(|| cursor.fault_since(start, ErrorKind::OutOfRange("flags")))?;
        let values = match claim_type {
            1 => ClaimValues::Integers(list(cursor, signed)?),
            2 => ClaimValues::Unsigned(list(cursor, unsigned)?),
            3 => ClaimValues::Strings(list(cursor, string)?),
            5 => ClaimValues::Sids(list(cursor, sid)?),
            6 => ClaimValues::Booleans(list(cursor, boolean)?),
            _ => ClaimValues::Octets(list(cursor, octets)?),
        };
        cursor.need(b')')?;
        Ok(Self { name, flags: ClaimFlags(flags), values })
    }

    /// Whether SDDL can express the whole claim.
    pub(super) fn has_sddl(&self) -> bool {
        match &self.values {
            ClaimValues::Strings(values) => values.iter().all(literal::can_be_quoted),
            _ => true,
        }
    }
}

impl fmt::Display for Claim {
    /// Formats the claim as SDDL, in parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(\"")?;
        literal::write_name(&self.name, false, f)?;
        write!(f, "\",{},{:#x}", self.values.row().0, self.flags.0)?;
        match &self.values {
            ClaimValues::Integers(values) => values.iter().try_for_each(|v| write!(f, ",{v}")),
            ClaimValues::Unsigned(values) => values.iter().try_for_each(|v| write!(f, ",{v}")),
            ClaimValues::Strings(values) => values.iter().try_for_each(|v| write!(f, ",\"{v}\"")),
            ClaimValues::Sids(values) => values.iter().try_for_each(|v| write!(f, ",{v}")),
            ClaimValues::Booleans(values) => values.iter().try_for_each(|v| write!(f, ",{}", u8::from(*v))),
            ClaimValues::Octets(values) => values.iter().try_for_each(|value| {
                f.write_str(",#")?;
                value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }),
        }?;
        f.write_char(')')
    }
}

/// Values, each preceded by a comma.
fn list<T>(cursor: &mut Cursor, value: impl Fn(&mut Cursor) -> Step<T>) -> Step<Vec<T>> {
    let mut values = Vec::new();
    while cursor.take_spaced(b',') {
        values.push(value(cursor)?);
        if values.len() > limits::CLAIM_VALUES {
            return Err(cursor.fault(ErrorKind::TooLarge { what: "claim", max: limits::ACL_BYTES }));
        }
    }
    Ok(values)
}

fn signed(cursor: &mut Cursor) -> Step<i64> {
    let start = cursor.at();
    let value = i64::try_from(literal::integer(cursor)?.value());
    value.map_err(|_| cursor.fault_since(start, ErrorKind::OutOfRange("integer")))
}

fn unsigned(cursor: &mut Cursor) -> Step<u64> {
    let start = cursor.at();
    let value = u64::try_from(literal::integer(cursor)?.value());
    value.map_err(|_| cursor.fault_since(start, ErrorKind::OutOfRange("integer")))
}

fn boolean(cursor: &mut Cursor) -> Step<bool> {
    let start = cursor.at();
    match literal::integer(cursor)?.value() {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(cursor.fault_since(start, ErrorKind::OutOfRange("truth value"))),
    }
}

fn string(cursor: &mut Cursor) -> Step<WideString> {
    match cursor.peek() {
        Some(b'"') => literal::quoted(cursor).map(WideString::from),
        _ => Err(cursor.fault(ErrorKind::Expected("a quotation mark"))),
    }
}

/// A SID or an alias, with or without `SID( )`.
fn sid(cursor: &mut Cursor) -> Step<Trustee> {
    let mut ahead = *cursor;
    if ahead.take("SID") && ahead.take_spaced(b'(') {
        *cursor = ahead;
        let trustee = Trustee::parse(cursor)?;
        cursor.need(b')')?;
        return Ok(trustee);
    }
    Trustee::parse(cursor)
}

/// Hexadecimal digits, with or without a leading `#`.
fn octets(cursor: &mut Cursor) -> Step<Vec<u8>> {
    cursor.take_byte(b'#');
    Ok(literal::octets(cursor))
}

/// Reads values at offsets relative to the start.
struct Reader<'a> {
    bytes: &'a [u8],
    /// The number of bytes that values may still use.
    left: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self, at: u32) -> Option<&'a [u8]> {
        self.bytes.get(usize::try_from(at).ok()?..)
    }

    fn spend(&mut self, size: usize) -> Option<()> {
        self.left = self.left.checked_sub(size)?;
        Some(())
    }

    fn number(&mut self, at: u32) -> Option<u64> {
        self.spend(8)?;
        self.rest(at)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn boolean(&mut self, at: u32) -> Option<bool> {
        match self.number(at)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// The code units up to a NUL or to the end.
    fn string(&mut self, at: u32) -> Option<WideString> {
        let units = self.rest(at)?.as_chunks::<2>().0;
        // Limits the scan to the remaining bytes, so that many offsets into one long text do not add up.
        let within = units.get(..units.len().min(self.left / 2))?;
        let length = within.iter().position(|unit| *unit == [0, 0]).unwrap_or(within.len());
        self.spend(2 * length + 2)?;
        Some(WideString::from_le_bytes(units.get(..length)?.as_flattened()))
    }

    fn octets(&mut self, at: u32) -> Option<&'a [u8]> {
        let (size, rest) = self.rest(at)?.split_first_chunk()?;
        let bytes = rest.get(..usize::try_from(u32::from_le_bytes(*size)).ok()?)?;
        self.spend(4 + bytes.len())?;
        Some(bytes)
    }

    fn sid(&mut self, at: u32) -> Option<Trustee> {
        let bytes = self.octets(at)?;
        let sid = Sid::read(bytes).ok()?;
        (sid.size() == bytes.len()).then_some(Trustee::Sid(sid))
    }
}
