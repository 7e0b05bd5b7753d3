//! Explains a descriptor in words.

use super::{
    ace::{Ace, AceData},
    ace_type::Effect,
    acl::{Acl, AclPart},
    check::access_check,
    descriptor::SecurityDescriptor,
    mask::{AccessMask, GenericMapping},
    sid::Sid,
    token::Token,
    trustee::{Domains, Trustee},
};
use crate::limits;
use std::fmt;

/// The operations on a task or a folder, and the rights that they require (EVIDENCE.md SDDL-14).
const OPERATIONS: [(&str, AccessMask); 5] = [
    ("read", AccessMask::FILE_GENERIC_READ),
    ("change", AccessMask::FILE_GENERIC_WRITE),
    ("run", AccessMask::FILE_GENERIC_EXECUTE),
    ("delete", AccessMask::DELETE),
    ("change permissions", AccessMask::WRITE_DAC),
];

/// The explanation of a descriptor. `Display` formats it as English text, one line for each operation.
///
/// ```
/// use wintask::security::SecurityDescriptor;
///
/// let task: SecurityDescriptor = "O:BAD:P(A;;FA;;;SY)(A;;FRFX;;;LS)(D;;WP;;;BU)(A;;FR;;;DU)".parse()?;
/// assert_eq!(
///     task.explain().to_string(),
///     "owner: Administrators\n\
///      may read: SYSTEM, Local Service, Domain Users\n\
///      may change: SYSTEM\n\
///      may run: SYSTEM, Local Service; not Users\n\
///      may delete: SYSTEM\n\
///      may change permissions: Administrators, SYSTEM\n"
/// );
/// # Ok::<(), wintask::security::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Explanation {
    /// The owner of the object.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub owner: Option<Trustee>,
    /// Whether the DACL is absent or NULL, so that everyone has full access.
    pub unprotected: bool,
    /// The trustees allowed to perform each operation.
    pub operations: Vec<Permission>,
    /// Whether conditional or object ACEs were omitted.
    pub conditional: bool,
    /// The number of ACEs for trustees beyond the first [`EXPLAINED_TRUSTEES`](crate::limits::EXPLAINED_TRUSTEES).
    pub omitted: usize,
}

/// The trustees allowed to perform an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Permission {
    /// The operation: `read`, `change`, `run`, `delete` or `change permissions`.
    pub operation: &'static str,
    /// The required rights.
    pub rights: AccessMask,
    /// The trustees that are allowed, each considered without its groups, in DACL order.
    pub allowed: Vec<Trustee>,
    /// The trustees that are explicitly denied.
    pub denied: Vec<Trustee>,
}

impl SecurityDescriptor {
    /// Explains who can read, change, run and delete the task, and who can change its DACL (EVIDENCE.md SDDL-14;
    /// [MS-DTYP] 2.5.3.2).
    ///
    /// Each trustee of the DACL, and the owner, is checked separately. A user who is a member of several groups may
    /// have more rights, or fewer. Generic rights are mapped first, as when the descriptor is set.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        let mapped = self.clone().mapped(&GenericMapping::FILE);
        let effective = mapped.dacl.aces().iter().filter(|ace| ace.is_effective()).cloned();
        let (plain, others): (Vec<Ace>, Vec<Ace>) =
            effective.partition(|ace| *ace.data() == AceData::None && ace.object_type().is_none());
        let (trustees, omitted) = distinct(self.owner.into_iter().chain(plain.iter().map(|ace| ace.trustee)));
        let unprotected = mapped.dacl.acl().is_none();
        let dacl = if unprotected { AclPart::Null } else { Acl::new(plain.clone()).into() };
        let known = Self { owner: self.owner, dacl, ..Self::new() }.resolve(&stand_in());
        let operations = OPERATIONS.map(|(operation, rights)| {
            let (allowed, others): (Vec<_>, Vec<_>) =
                trustees.iter().copied().partition(|trustee| known.allows(*trustee, rights));
            let denies = |trustee: &Trustee| {
                let mut aces = plain.iter().filter(|ace| ace.ace_type.effect() == Effect::Deny);
                aces.any(|ace| ace.trustee == *trustee && ace.mask.intersects(rights))
            };
            let denied = others.into_iter().filter(denies).collect();
            Permission { operation, rights, allowed, denied }
        });
        let (operations, conditional) = (operations.into(), !others.is_empty());
        Explanation { owner: self.owner, unprotected, operations, conditional, omitted }
    }

    /// Whether a trustee without groups has the rights.
    fn allows(&self, trustee: Trustee, rights: AccessMask) -> bool {
        let sid = trustee.resolve(&stand_in()).sid();
        sid.is_some_and(|sid| access_check(self, &Token::new(sid), rights, &GenericMapping::FILE).allowed)
    }
}

/// The distinct trustees in order, up to a limit, and the number of omitted mentions.
fn distinct(named: impl Iterator<Item = Trustee>) -> (Vec<Trustee>, usize) {
    let (mut trustees, mut omitted) = (Vec::new(), 0);
    for trustee in named {
        match trustees.contains(&trustee) {
            false if trustees.len() < limits::EXPLAINED_TRUSTEES => trustees.push(trustee),
            false => omitted += 1,
            true => {}
        }
    }
    (trustees, omitted)
}

/// Placeholder domains, which keep aliases distinct before their domains are known.
fn stand_in() -> Domains {
    let domain = |last| Sid::new(5, &[21, 0, 0, last]);
    Domains { domain: domain(1), root: domain(2), machine: domain(3) }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(owner) = self.owner {
            writeln!(f, "owner: {}", name(owner))?;
        }
        if self.unprotected {
            return f.write_str("no DACL: everybody may do everything\n");
        }
        for Permission { operation, allowed, denied, .. } in &self.operations {
            write!(f, "may {operation}: {}", names(allowed))?;
            match denied.is_empty() {
                true => f.write_str("\n")?,
                false => writeln!(f, "; not {}", names(denied))?,
            }
        }
        if self.conditional {
            f.write_str("other ACEs depend on a condition or on a kind of object\n")?;
        }
        match self.omitted {
            0 => Ok(()),
            omitted => writeln!(f, "and {omitted} ACEs of others"),
        }
    }
}

/// The name, or the SID.
fn name(trustee: Trustee) -> String {
    trustee.name().map_or_else(|| trustee.to_string(), str::to_owned)
}

fn names(trustees: &[Trustee]) -> String {
    match trustees {
        [] => "nobody".to_owned(),
        some => some.iter().copied().map(name).collect::<Vec<_>>().join(", "),
    }
}
