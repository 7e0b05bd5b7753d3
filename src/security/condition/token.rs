//! The tokens of a condition's binary form.

use crate::security::{
    literal::{Integer, Radix, Sign},
    sid::Sid,
};

/// The size of a token's code and length.
pub(super) const HEAD: usize = 5;

/// The size of a domain account's SID.
pub(super) const ACCOUNT_SIZE: usize = 8 + 4 * 5;

pub(super) const STRING: u8 = 0x10;
pub(super) const OCTETS: u8 = 0x18;
pub(super) const COMPOSITE: u8 = 0x50;
pub(super) const SID: u8 = 0x51;
/// The code for integers that we write; codes 0x01 to 0x03 have the same layout.
pub(super) const INT64: u8 = 0x04;

/// A token of the binary form ([MS-DTYP] 2.4.4.17.5 to 2.4.4.17.8).
#[derive(Clone, Copy)]
pub(super) enum Token<'a> {
    Integer(Integer),
    /// UTF-16, little-endian.
    String(&'a [u8]),
    Octets(&'a [u8]),
    Composite(Tokens<'a>),
    /// A SID and the offset of its token.
    Sid(Sid, usize),
    /// A name in UTF-16, little-endian.
    Attribute(Source, &'a [u8]),
    Operator(&'static Operator),
}

/// Reads an integer literal after its code: value, sign and radix.
fn read_integer(bytes: &[u8; 10]) -> Option<Integer> {
    let [bits @ .., sign, radix] = bytes;
    let bits = u64::from_le_bytes(*bits);
    let sign = match sign {
        1 => Sign::Plus,
        // Two's complement; a value with a minus sign is not positive.
        2 if bits.cast_signed() <= 0 => Sign::Minus,
        3 => Sign::None,
        _ => return None,
    };
    let radix = match radix {
        1 => Radix::Octal,
        2 => Radix::Decimal,
        3 => Radix::Hex,
        _ => return None,
    };
    Some(Integer { bits, sign, radix })
}

/// Writes an integer literal with its code.
pub(super) fn write_integer(integer: Integer, out: &mut Vec<u8>) {
    out.push(INT64);
    out.extend(integer.bits.to_le_bytes());
    out.extend([integer.sign as u8, integer.radix as u8]);
}

/// Where an attribute is looked up ([MS-DTYP] 2.4.4.17.8).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Local = 0xF8,
    User = 0xF9,
    Resource = 0xFA,
    Device = 0xFB,
}

/// The sources, by name prefix in text.
pub(super) const SOURCES: [(&str, Source); 4] = [
    ("@User.", Source::User),
    ("@Device.", Source::Device),
    ("@Resource.", Source::Resource),
    ("", Source::Local),
];

/// The kind of operands that an operator requires.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// An attribute and a value or another attribute.
    Compare,
    /// An attribute.
    Exists,
    /// SIDs.
    Member,
    And,
    Or,
    Not,
}

pub(super) struct Operator {
    pub(super) code: u8,
    pub(super) text: &'static str,
    pub(super) class: Class,
    /// The code of the operator that it negates, or its own code.
    pub(super) base: u8,
}

impl Operator {
    /// Whether it negates its base.
    pub(super) fn is_negated(&self) -> bool {
        self.base != self.code
    }
}

macro_rules! operators {
    ($($code:literal $text:literal $class:ident $base:literal;)*) => {
        /// [MS-DTYP] 2.4.4.17.6 and 2.4.4.17.7. If one operator is a prefix of another, the longer comes first.
        pub(super) const OPERATORS: &[Operator] =
            &[$(Operator { code: $code, text: $text, class: Class::$class, base: $base },)*];
    };
}

operators! {
    0x80 "==" Compare 0x80;
    0x81 "!=" Compare 0x80;
    0x83 "<=" Compare 0x83;
    0x82 "<" Compare 0x82;
    0x85 ">=" Compare 0x85;
    0x84 ">" Compare 0x84;
    0x86 "Contains" Compare 0x86;
    0x8E "Not_Contains" Compare 0x86;
    0x88 "Any_of" Compare 0x88;
    0x8F "Not_Any_of" Compare 0x88;
    0x87 "Exists" Exists 0x87;
    0x8D "Not_Exists" Exists 0x87;
    0x89 "Member_of" Member 0x89;
    0x90 "Not_Member_of" Member 0x89;
    0x8A "Device_Member_of" Member 0x8A;
    0x91 "Not_Device_Member_of" Member 0x8A;
    0x8B "Member_of_Any" Member 0x8B;
    0x92 "Not_Member_of_Any" Member 0x8B;
    0x8C "Device_Member_of_Any" Member 0x8C;
    0x93 "Not_Device_Member_of_Any" Member 0x8C;
    0xA0 "&&" And 0xA0;
    0xA1 "||" Or 0xA1;
    0xA2 "!" Not 0xA2;
}

/// The operator with this name, ignoring case.
pub(super) fn operator(text: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.text.eq_ignore_ascii_case(text))
}

/// Reads tokens up to the padding.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    code: &'a [u8],
    at: usize,
}

/// The error for an invalid token.
pub(super) struct Malformed;

impl<'a> Tokens<'a> {
    pub(super) fn new(code: &'a [u8]) -> Self {
        Self { code, at: 0 }
    }

    /// The offset of the next token in the whole condition.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The tokens of a validated condition.
    pub(super) fn checked(self) -> impl Iterator<Item = Token<'a>> {
        self.map_while(Result::ok)
    }

    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let taken = self.code.get(self.at..)?.get(..size)?;
        self.at += size;
        Some(taken)
    }

    fn chunk<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        self.take(N)?.first_chunk()
    }

    fn sized(&mut self) -> Option<&'a [u8]> {
        let size = u32::from_le_bytes(*self.chunk()?);
        self.take(usize::try_from(size).ok()?)
    }

    fn units(&mut self) -> Option<&'a [u8]> {
        self.sized().filter(|units| units.len().is_multiple_of(2))
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        self.units().filter(|name| !name.is_empty())
    }

    fn token(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let [code] = *self.chunk()?;
        Some(match code {
            0x01..=INT64 => Token::Integer(read_integer(self.chunk()?)?),
            STRING => Token::String(self.units()?),
            OCTETS => Token::Octets(self.sized()?),
            COMPOSITE => {
                let size = self.sized()?.len();
                // Nested offsets are relative to the whole condition.
                Token::Composite(Tokens { code: self.code.get(..self.at)?, at: self.at - size })
            }
            SID => {
                let bytes = self.sized()?;
                let sid = Sid::read(bytes).ok()?;
                Some(Token::Sid(sid, start)).filter(|_| sid.size() == bytes.len())?
            }
            0xF8 => Token::Attribute(Source::Local, self.name()?),
            0xF9 => Token::Attribute(Source::User, self.name()?),
            0xFA => Token::Attribute(Source::Resource, self.name()?),
            0xFB => Token::Attribute(Source::Device, self.name()?),
            code => Token::Operator(OPERATORS.iter().find(|operator| operator.code == code)?),
        })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Token<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.code.get(self.at..).unwrap_or_default();
        if rest.iter().all(|b| *b == 0) {
            return None;
        }
        Some(self.token().ok_or(Malformed))
    }
}
