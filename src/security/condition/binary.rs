//! Conditions, represented by the tokens of their binary form.

use super::{token, verify};
use crate::security::trustee::{Domains, RelativeSid};

/// The signature of application data that is a condition ([MS-DTYP] 2.4.4.17.4).
const SIGNATURE: &[u8; 4] = b"artx";

/// The condition of a callback ACE ([MS-DTYP] 2.4.4.17).
///
/// ```
/// use wintask::security::Condition;
///
/// // The example in 2.4.4.17.9.
/// let condition: Condition = r#"Title=="VP""#.parse()?;
/// assert_eq!(condition.to_string(), r#"Title == "VP""#);
/// let bytes = b"artx\xF8\x0A\0\0\0T\0i\0t\0l\0e\0\x10\x04\0\0\0V\0P\0\x80\0\0\0";
/// assert_eq!(condition.to_bytes(), bytes);
/// assert_eq!(Condition::from_bytes(bytes), Some(condition));
/// # Ok::<(), wintask::security::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The tokens of the binary form, validated, without signature and padding.
    pub(super) code: Vec<u8>,
    /// The offsets of SID tokens whose domain is unknown. These tokens contain the account's number in a domain of
    /// zeros.
    pub(super) relative: Vec<(usize, RelativeSid)>,
}

impl Condition {
    /// Reads application data: `artx`, tokens, padding ([MS-DTYP] 2.4.4.17.4).
    ///
    /// `None` if the condition is invalid: no signature, an unknown token, an operator without operands of the right
    /// kind, or nesting deeper than [`CONDITION_DEPTH`](crate::limits::CONDITION_DEPTH). Such data never helps the
    /// caller.
    #[must_use]
    pub fn from_bytes(data: &[u8]) -> Option<Self> {
        let code = data.strip_prefix(SIGNATURE)?;
        let code = code.get(..verify::length(code)?)?;
        Some(Self { code: code.to_vec(), relative: Vec::new() })
    }

    /// Returns the application data: `artx`, tokens, and zeros up to a multiple of 4 ([MS-DTYP] 2.4.4.17.4).
    ///
    /// A SID whose domain is unknown is written with zeros for the domain's numbers.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.size().next_multiple_of(4));
        out.extend(SIGNATURE);
        out.extend(&self.code);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    /// The size without padding.
    pub(in crate::security) fn size(&self) -> usize {
        SIGNATURE.len() + self.code.len()
    }

    /// Replaces aliases with SIDs where the domain is known.
    pub(in crate::security) fn resolve(&mut self, domains: &Domains) {
        let Self { code, relative } = self;
        relative.retain(|(at, account)| {
            let Some(sid) = domains.sid(*account).map(|sid| sid.to_bytes()) else { return true };
            let place = code.get_mut(at.saturating_add(token::HEAD)..).and_then(|c| c.get_mut(..sid.len()));
            // A domain SID must have four sub-authorities; otherwise the alias stays.
            let fits = sid.len() == token::ACCOUNT_SIZE;
            if let Some(place) = place.filter(|_| fits) {
                place.copy_from_slice(&sid);
            }
            !fits
        });
    }

    /// The code of an alias without a SID, if any.
    pub(in crate::security) fn unresolved(&self) -> Option<&'static str> {
        self.relative.first().map(|(_, account)| account.code())
    }

    pub(super) fn tokens(&self) -> token::Tokens<'_> {
        token::Tokens::new(&self.code)
    }
}
