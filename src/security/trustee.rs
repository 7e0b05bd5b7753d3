//! Trustees: SIDs, and accounts whose domain is not known yet.

use super::{
    account::{self, Account, Base, Target},
    cursor::Cursor,
    error::{Error, ErrorKind, Step, Within},
    sid::Sid,
};
use std::{fmt, str::FromStr};

/// Whom an ACE or an owner names: a SID, or an account of a domain that is not known yet.
///
/// Displayed as SDDL has it: the alias where there is one ([MS-DTYP] 2.5.1.1).
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
    /// What an alias such as `DA` stands for, before its domain is known.
    Relative(RelativeSid),
}

/// The account that an alias such as `DA` names, in a domain that is still to be given ([MS-DTYP] 2.5.1.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelativeSid {
    base: Base,
    rid: u32,
}

impl RelativeSid {
    /// Which domain the account belongs to ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn base(&self) -> Base {
        self.base
    }

    /// The account's number in its domain ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn rid(&self) -> u32 {
        self.rid
    }

    /// The two letters ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.account().and_then(|account| account.code).unwrap_or_default()
    }

    fn account(&self) -> Option<&'static Account> {
        account::by_rid(self.base, self.rid)
    }
}

impl fmt::Debug for RelativeSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The SIDs that domain-relative aliases hang on ([MS-DTYP] 2.5.1.1). What is not known stays symbolic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the three things an alias can hang on")]
pub struct Domains {
    /// The domain, `S-1-5-21-…` of three numbers.
    pub domain: Option<Sid>,
    /// The root domain of the forest.
    pub root: Option<Sid>,
    /// The machine itself.
    pub machine: Option<Sid>,
}

impl Domains {
    /// One SID for all three: a forest of one domain, accounts of the domain ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn of_domain(sid: Sid) -> Self {
        Self { domain: Some(sid), root: Some(sid), machine: Some(sid) }
    }

    /// The SID of an account, if its domain is known ([MS-DTYP] 2.5.1.1).
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
    /// The SID, where it is known ([MS-DTYP] 2.5.1.1).
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

    /// Whether this is a SID, and that one.
    pub(super) fn is(&self, sid: &Sid) -> bool {
        self.as_sid().is_some_and(|own| own.is(sid))
    }

    /// The same with the SID in place of the alias, where the domain is given ([MS-DTYP] 2.5.1.1).
    #[must_use]
    pub fn resolve(self, domains: &Domains) -> Self {
        match self {
            Self::Relative(account) => domains.sid(account).map_or(self, Self::Sid),
            Self::Sid(_) => self,
        }
    }

    /// What people call it, where it has a name that is the same everywhere; English ([MS-DTYP] 2.4.2.4).
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

    /// Bytes of the binary form, now or once it is resolved: a domain's SID has four parts, an account's one more.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Sid(sid) => sid.size(),
            Self::Relative(_) => 8 + 4 * 5,
        }
    }

    /// Reads an alias or a SID from where the cursor stands.
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

    /// Reads an alias (`BA`), a SID (`S-1-5-18`) or the name of a well-known account (`NT AUTHORITY\SYSTEM`).
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
    /// As SDDL has it: the alias where there is one.
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
