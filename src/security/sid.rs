//! Security identifiers.

use super::{
    cursor::Cursor,
    error::{Error, ErrorKind, Fault, Step, Within},
};
use crate::{error::Truncated, limits};
use std::{cmp::Ordering, fmt, str::FromStr};

/// A security identifier ([MS-DTYP] 2.4.2) of a user, a group or a service.
///
/// The text form is `S-1-` followed by numbers (2.4.2.1); the authority is decimal below 2^32, otherwise `0x` and
/// twelve digits. Aliases such as `BA` are handled by [`Trustee`](super::Trustee).
///
/// ```
/// use wintask::security::Sid;
///
/// let sid: Sid = "S-1-5-32-544".parse()?;
/// assert_eq!(sid, Sid::ADMINISTRATORS);
/// assert_eq!(sid.sub_authorities(), [32, 544]);
/// assert_eq!(sid.to_bytes(), [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0]);
/// assert_eq!(Sid::from_bytes(&sid.to_bytes())?, sid);
///
/// let error = "S-1-5-18-".parse::<Sid>().unwrap_err();
/// assert_eq!(error.to_string(), "1:10, SID: expected a number");
/// # Ok::<(), wintask::security::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sid {
    /// The header of the binary form: revision, number of sub-authorities, authority.
    head: [u8; 8],
    /// Unused elements are 0.
    sub_authorities: [u32; limits::SID_SUB_AUTHORITIES],
}

macro_rules! well_known {
    ($($(#[$meta:meta])* $name:ident = ($authority:literal, $count:literal, $first:literal, $second:literal);)*) => {
        /// Well-known SIDs ([MS-DTYP] 2.4.2.4).
        impl Sid {
            $($(#[$meta])* pub const $name: Self = Self::well_known($authority, $count, $first, $second);)*
        }
    };
}

well_known! {
    /// Nobody, `S-1-0-0`.
    NOBODY = (0, 1, 0, 0);
    /// Everyone, `S-1-1-0`.
    EVERYONE = (1, 1, 0, 0);
    /// Creator Owner, `S-1-3-0`: in an inheritable ACE, the owner of the new object.
    CREATOR_OWNER = (3, 1, 0, 0);
    /// Creator Group, `S-1-3-1`: in an inheritable ACE, the new object's primary group.
    CREATOR_GROUP = (3, 1, 1, 0);
    /// Owner Rights, `S-1-3-4`: the owner, instead of the rights that owners have by default.
    OWNER_RIGHTS = (3, 1, 4, 0);
    /// Network, `S-1-5-2`.
    NETWORK = (5, 1, 2, 0);
    /// Batch, `S-1-5-3`: users logged on as a batch job, as for tasks.
    BATCH = (5, 1, 3, 0);
    /// Interactive, `S-1-5-4`.
    INTERACTIVE = (5, 1, 4, 0);
    /// Principal Self, `S-1-5-10`.
    PRINCIPAL_SELF = (5, 1, 10, 0);
    /// Authenticated Users, `S-1-5-11`.
    AUTHENTICATED_USERS = (5, 1, 11, 0);
    /// The operating system, `S-1-5-18`.
    LOCAL_SYSTEM = (5, 1, 18, 0);
    /// Local Service, `S-1-5-19`.
    LOCAL_SERVICE = (5, 1, 19, 0);
    /// Network Service, `S-1-5-20`.
    NETWORK_SERVICE = (5, 1, 20, 0);
    /// Administrators, `S-1-5-32-544`.
    ADMINISTRATORS = (5, 2, 32, 544);
    /// Users, `S-1-5-32-545`.
    USERS = (5, 2, 32, 545);
}

impl Sid {
    /// Creates a SID; `None` if the authority exceeds 48 bits, or the number of sub-authorities is not 1 to 15
    /// ([MS-DTYP] 2.4.2).
    #[must_use]
    pub fn new(authority: u64, sub_authorities: &[u32]) -> Option<Self> {
        let [0, 0, authority @ ..] = authority.to_be_bytes() else { return None };
        sub_authorities.first()?;
        let count = u8::try_from(sub_authorities.len()).ok()?;
        let mut sid =
            Self { head: head(count, authority), sub_authorities: [0; limits::SID_SUB_AUTHORITIES] };
        sid.sub_authorities.get_mut(..sub_authorities.len())?.copy_from_slice(sub_authorities);
        Some(sid)
    }

    /// Whether two SIDs are equal. Faster than `==` if most differ, since accounts of a domain differ in the fifth
    /// part.
    #[inline]
    pub(super) fn is(&self, other: &Self) -> bool {
        let ([_, _, _, _, own, ..], [_, _, _, _, others, ..]) =
            (&self.sub_authorities, &other.sub_authorities);
        u64::from_ne_bytes(self.head) == u64::from_ne_bytes(other.head)
            && own == others
            && self.sub_authorities == other.sub_authorities
    }

    fn count(&self) -> usize {
        let [_, count, ..] = self.head;
        count.into()
    }

    /// A SID whose sub-authorities after the second are 0.
    pub(super) const fn well_known(authority: u8, count: u8, first: u32, second: u32) -> Self {
        let sub_authorities = [first, second, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Self { head: head(count, [0, 0, 0, 0, 0, authority]), sub_authorities }
    }

    /// Returns the identifier authority, 0 to 2^48 - 1 ([MS-DTYP] 2.4.1.1).
    #[must_use]
    pub fn authority(&self) -> u64 {
        let [_, _, authority @ ..] = self.head;
        let [a, b, c, d, e, f] = authority;
        u64::from_be_bytes([0, 0, a, b, c, d, e, f])
    }

    /// Returns the sub-authorities, 1 to 15 ([MS-DTYP] 2.4.2).
    #[must_use]
    pub fn sub_authorities(&self) -> &[u32] {
        self.sub_authorities.get(..self.count()).unwrap_or_default()
    }

    /// Returns the last sub-authority, which is the account's number in its domain ([MS-DTYP] 2.4.2).
    #[must_use]
    #[doc(alias = "relative identifier")]
    pub fn rid(&self) -> u32 {
        self.sub_authorities().last().copied().unwrap_or_default()
    }

    /// Returns the SID of an account in this domain; `None` if this SID has the maximum number of sub-authorities
    /// ([MS-DTYP] 2.4.2).
    #[must_use]
    pub fn child(&self, rid: u32) -> Option<Self> {
        let mut child = *self;
        *child.sub_authorities.get_mut(self.count())? = rid;
        let [_, count, ..] = &mut child.head;
        *count = count.checked_add(1)?;
        Some(child)
    }

    /// Returns the integrity level of an integrity SID: `S-1-16-` and the level ([MS-DTYP] 2.4.4.13).
    #[must_use]
    pub fn integrity_level(&self) -> Option<u32> {
        (self.authority() == 16 && self.count() == 1).then(|| self.rid())
    }

    /// The size of the binary form.
    pub(super) fn size(&self) -> usize {
        8 + 4 * self.count()
    }

    /// Returns the binary form ([MS-DTYP] 2.4.2.2).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.size());
        self.write(&mut out);
        out
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.head);
        out.extend(self.sub_authorities().iter().flat_map(|part| part.to_le_bytes()));
    }

    /// Reads the binary form, which must use all bytes ([MS-DTYP] 2.4.2.2).
    ///
    /// # Errors
    /// A revision other than 1, an invalid number of sub-authorities, or missing or excess bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let whole = Self::read(bytes).and_then(|sid| match bytes.len() - sid.size() {
            0 => Ok(sid),
            _ => Err(Fault::new(ErrorKind::Expected("the end"), sid.size()..bytes.len())),
        });
        whole.within("SID").map_err(Fault::in_bytes)
    }

    /// Reads the binary form from the front of the bytes.
    pub(super) fn read(bytes: &[u8]) -> Step<Self> {
        let truncated =
            |need| Fault::new(ErrorKind::Truncated(Truncated { need, have: bytes.len() }), 0..bytes.len());
        let Some(([revision, count, authority @ ..], parts)) = bytes.split_first_chunk::<8>() else {
            return Err(truncated(8));
        };
        if *revision != 1 {
            return Err(Fault::new(ErrorKind::Revision(*revision), 0..1));
        }
        let many = usize::from(*count);
        let mut sid =
            Self { head: head(*count, *authority), sub_authorities: [0; limits::SID_SUB_AUTHORITIES] };
        let places = sid.sub_authorities.get_mut(..many).filter(|places| !places.is_empty());
        let places = places.ok_or_else(|| Fault::new(ErrorKind::SubAuthorities(many), 1..2))?;
        let parts = parts.as_chunks::<4>().0.get(..many).ok_or_else(|| truncated(8 + 4 * many))?;
        for (place, part) in places.iter_mut().zip(parts) {
            *place = u32::from_le_bytes(*part);
        }
        Ok(sid)
    }

    /// Parses the text after `S-`.
    pub(super) fn parse_rest(cursor: &mut Cursor) -> Step<Self> {
        if !cursor.take("1-") {
            return Err(cursor.fault(ErrorKind::Expected("SID revision 1")));
        }
        let authority = authority(cursor)?;
        let [_, _, authority @ ..] = authority.to_be_bytes();
        let mut sid = Self { head: head(0, authority), sub_authorities: [0; limits::SID_SUB_AUTHORITIES] };
        let mut count = 0u8;
        while cursor.take_byte(b'-') {
            let part = decimal(cursor, "sub-authority")?;
            let place = sid.sub_authorities.get_mut(usize::from(count));
            count += 1;
            *place.ok_or_else(|| cursor.fault(ErrorKind::SubAuthorities(count.into())))? = part;
        }
        sid.head = head(count, authority);
        if count == 0 { Err(cursor.fault(ErrorKind::SubAuthorities(0))) } else { Ok(sid) }
    }
}

/// The header of the binary form.
const fn head(count: u8, authority: [u8; 6]) -> [u8; 8] {
    let [a, b, c, d, e, f] = authority;
    [1, count, a, b, c, d, e, f]
}

impl Ord for Sid {
    /// Compares the authorities, then the sub-authorities.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |sid: &Self| (sid.authority(), sid.count(), sid.sub_authorities);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Sid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Decimal below 2^32, otherwise `0x` and twelve digits ([MS-DTYP] 2.4.2.1).
fn authority(cursor: &mut Cursor) -> Step<u64> {
    if cursor.peek() != Some(b'0') || !cursor.take("0x") {
        return decimal(cursor, "identifier authority").map(u64::from);
    }
    let digits = cursor.rest().get(..12).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
    let authority = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let authority = authority.ok_or_else(|| cursor.fault(ErrorKind::Expected("twelve hex digits")))?;
    cursor.code(12);
    Ok(authority)
}

/// One to ten decimal digits without leading zeros.
fn decimal(cursor: &mut Cursor, what: &'static str) -> Step<u32> {
    let start = cursor.at();
    let zero = cursor.peek() == Some(b'0');
    let (mut number, mut digits) = (0u64, 0usize);
    // Eleven digits are always out of range.
    for byte in cursor.rest_bytes().iter().take(11) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number * 10 + u64::from(digit);
        digits += 1;
    }
    cursor.skip(digits);
    match (digits, u32::try_from(number)) {
        (0, _) => Err(cursor.fault(ErrorKind::Expected("a number"))),
        (2.., _) if zero => {
            Err(cursor.fault_since(start, ErrorKind::Expected("a number without leading zeros")))
        }
        (_, Ok(number)) => Ok(number),
        (_, Err(_)) => Err(cursor.fault_since(start, ErrorKind::OutOfRange(what))),
    }
}

impl FromStr for Sid {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut cursor = Cursor::new(text);
        let sid = if cursor.take("S-") {
            Self::parse_rest(&mut cursor)
        } else {
            Err(cursor.fault(ErrorKind::Expected("S-1-")))
        };
        let whole = sid.and_then(|sid| match cursor.is_done() {
            true => Ok(sid),
            false => Err(cursor.fault(ErrorKind::Expected("the end"))),
        });
        whole.within("SID").map_err(|fault| fault.in_text(text))
    }
}

impl fmt::Display for Sid {
    /// Formats the SID as `S-1-5-32-544`, never as an alias.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.authority() {
            small @ 0..=0xFFFF_FFFF => write!(f, "S-1-{small}")?,
            large => write!(f, "S-1-{large:#014x}")?,
        }
        self.sub_authorities().iter().try_for_each(|part| write!(f, "-{part}"))
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::dtyp::macros::text_serde!(Sid);

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for Sid {
    /// Mostly a well-known SID or that of a domain account; otherwise any SID.
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let known =
            [Self::EVERYONE, Self::LOCAL_SYSTEM, Self::NETWORK_SERVICE, Self::ADMINISTRATORS, Self::USERS];
        let (authority, parts): (u64, Vec<u32>) = match bytes.int_in_range(0..=3u8)? {
            0 | 1 => return bytes.choose(&known).copied(),
            2 => {
                (5, vec![21, bytes.arbitrary()?, bytes.arbitrary()?, bytes.arbitrary()?, bytes.arbitrary()?])
            }
            _ => {
                let count = bytes.int_in_range(1..=limits::SID_SUB_AUTHORITIES)?;
                let parts: arbitrary::Result<_> = bytes.arbitrary_iter()?.take(count).collect();
                (bytes.int_in_range(0..=(1 << 48) - 1)?, parts?)
            }
        };
        Ok(Self::new(authority, &parts).unwrap_or(Self::NOBODY))
    }
}
