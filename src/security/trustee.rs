//! Trustees: SIDs, and accounts whose domain is not yet known.

use super::{
    account::{self, Account, Base, Target},
    cursor::Cursor,
    error::{Error, ErrorKind, Step, Within},
    sid::Sid,
};
use std::{fmt, str::FromStr};

/// The account named by an ACE or an owner: a SID, or an account of a domain that is not yet known.
///
/// Formatted as in SDDL, with an alias if there is one ([MS-DTYP] 2.5.1.1).
///
/// ```
/// use wintask::security::{Domains, Sid, Trustee};
///
/// assert_eq!("BA".parse::<Trustee>()?, Sid::ADMINISTRATORS.into());
/// assert_eq!(Trustee::from(Sid::ADMINISTRATORS).to_string(), "BA");
///
/// let admins: Trustee = "DA".parse()?;
/// assert_eq!(admins.sid(), None);
/// let domain = Domains::of_domain("S-1-5-21-1-2-3".parse()?);
/// assert_eq!(admins.resolve(&domain).to_string(), "S-1-5-21-1-2-3-512");
/// # Ok::<(), wintask::security::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trustee {
    /// A SID.
    Sid(Sid),
    /// The account of an alias such as `DA`, before its domain is known.
    Relative(RelativeSid),
}

/// The account of an alias such as `DA`, in a domain that is not yet known ([MS-DTYP] 2.5.1.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelativeSid {
    base: Base,
    rid: u32,
}

impl RelativeSid {
    /// Returns the kind of domain that the account belongs to ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn base(&self) -> Base {
        self.base
    }

    /// Returns the account's number in its domain ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn rid(&self) -> u32 {
        self.rid
    }

    /// Returns the two letters of the alias ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.account().and_then(|account| account.code).unwrap_or_default()
    }

    fn account(&self) -> Option<&'static Account> {
        account::by_rid(self.base, self.rid)
    }
}

impl fmt::Display for RelativeSid {
    /// The two letters of the alias.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for RelativeSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RelativeSid {
    type Err = Error;

    /// Parses the two letters of a domain-relative alias.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.parse()? {
            Trustee::Relative(account) => Ok(account),
            Trustee::Sid(_) => {
                let kind = ErrorKind::Expected("an account of a domain");
                Err(Cursor::new(text).fault(kind).within("SID").in_text(text))
            }
        }
    }
}

/// The SIDs that domain-relative aliases are based on ([MS-DTYP] 2.5.1.1). Aliases of unknown domains stay symbolic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, default)
)]
#[expect(clippy::exhaustive_structs, reason = "the three bases of aliases")]
pub struct Domains {
    /// The domain, `S-1-5-21-` and three numbers.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub domain: Option<Sid>,
    /// The root domain of the forest.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub root: Option<Sid>,
    /// The machine itself.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub machine: Option<Sid>,
}

impl Domains {
    /// Uses the same SID for all three, as in a forest with a single domain ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn of_domain(sid: Sid) -> Self {
        Self { domain: Some(sid), root: Some(sid), machine: Some(sid) }
    }

    /// Returns the SID of an account, if its domain is known ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn sid(&self, account: RelativeSid) -> Option<Sid> {
        let base = match account.base {
            Base::Domain => self.domain,
            Base::Root => self.root,
            Base::Machine => self.machine,
        };
        base?.child(account.rid)
    }
}

impl Trustee {
    /// Returns the SID, if it is known ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn sid(&self) -> Option<Sid> {
        match self {
            Self::Sid(sid) => Some(*sid),
            Self::Relative(_) => None,
        }
    }

    pub(super) fn as_sid(&self) -> Option<&Sid> {
        match self {
            Self::Sid(sid) => Some(sid),
            Self::Relative(_) => None,
        }
    }

    /// Whether this is the given SID.
    pub(super) fn is(&self, sid: &Sid) -> bool {
        self.as_sid().is_some_and(|own| own.is(sid))
    }

    /// Replaces the alias with its SID, if the domain is known ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn resolve(self, domains: &Domains) -> Self {
        match self {
            Self::Relative(account) => domains.sid(account).map_or(self, Self::Sid),
            Self::Sid(_) => self,
        }
    }

    /// Returns the English name, if the account is the same on all systems ([MS-DTYP] 2.4.2.4).
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        self.account().map(|account| account.name)
    }

    fn account(&self) -> Option<&'static Account> {
        match self {
            Self::Sid(sid) => account::by_sid(sid),
            Self::Relative(account) => account.account(),
        }
    }

    /// The size of the binary form, whether or not it is resolved: domain accounts have five sub-authorities.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Sid(sid) => sid.size(),
            Self::Relative(_) => 8 + 4 * 5,
        }
    }

    /// Parses an alias or a SID.
    pub(super) fn parse(cursor: &mut Cursor) -> Step<Self> {
        Self::parse_unnamed(cursor).within("SID")
    }

    fn parse_unnamed(cursor: &mut Cursor) -> Step<Self> {
        if let Some(target) = account::by_key(cursor.key()) {
            cursor.skip(2);
            return Ok(match target {
                Target::Fixed(sid) => Self::Sid(sid),
                Target::Relative(base, rid) => Self::Relative(RelativeSid { base, rid }),
            });
        }
        if cursor.take("S-") {
            return Sid::parse_rest(cursor).map(Self::Sid);
        }
        cursor.no_code("SID alias")?;
        Err(cursor.fault(ErrorKind::Expected("a SID")))
    }
}

impl FromStr for Trustee {
    type Err = Error;

    /// Parses an alias (`BA`), a SID (`S-1-5-18`) or the name of a well-known account (`NT AUTHORITY\SYSTEM`).
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(sid) = Sid::from_account_name(text) {
            return Ok(Self::Sid(sid));
        }
        let mut cursor = Cursor::new(text);
        let whole = Self::parse(&mut cursor).and_then(|trustee| match cursor.is_done() {
            true => Ok(trustee),
            false => Err(cursor.fault(ErrorKind::Expected("the end")).within("SID")),
        });
        whole.map_err(|fault| fault.in_text(text))
    }
}

impl From<Sid> for Trustee {
    fn from(sid: Sid) -> Self {
        Self::Sid(sid)
    }
}

impl fmt::Display for Trustee {
    /// Formats the account as in SDDL, with an alias if there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.account().and_then(|account| account.code), self) {
            (Some(code), _) => f.write_str(code),
            (None, Self::Sid(sid)) => sid.fmt(f),
            (None, Self::Relative(account)) => write!(f, "{:?}-{}", account.base, account.rid),
        }
    }
}

impl fmt::Debug for Trustee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::dtyp::macros::text_serde!(Trustee, RelativeSid);
