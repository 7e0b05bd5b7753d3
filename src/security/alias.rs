//! The aliases of SIDs in SDDL: one table for both directions.

use super::{codes, sid::Sid};

/// What the SID of an alias hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Base {
    /// The domain of the machine.
    Domain,
    /// The root domain of the forest.
    Root,
    /// The machine's own accounts.
    Machine,
}

/// What an alias stands for.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Fixed(Sid),
    Relative(Base, u32),
}

/// One row of the table.
pub(super) struct Alias {
    pub(super) code: &'static str,
    pub(super) target: Target,
    pub(super) name: &'static str,
}

/// The row of a SID that is the same everywhere.
pub(super) fn by_sid(sid: &Sid) -> Option<&'static Alias> {
    ALIASES.iter().find(|alias| matches!(&alias.target, Target::Fixed(known) if known == sid))
}

/// The row of an account of some domain.
pub(super) fn by_rid(base: Base, rid: u32) -> Option<&'static Alias> {
    ALIASES.iter().find(|a| matches!(a.target, Target::Relative(b, r) if (b, r) == (base, rid)))
}

macro_rules! aliases {
    ($($code:ident $kind:ident $args:tt $name:literal;)*) => {
        /// [MS-DTYP] 2.5.1.1 and 2.4.2.4; the last rows are Windows' own (EVIDENCE.md SDDL-07).
        const ALIASES: &[Alias] =
            &[$(Alias { code: stringify!($code), target: aliases!(@$kind $args), name: $name },)*];

        /// The target of the code with this key.
        pub(super) fn by_key(key: u16) -> Option<Target> {
            $(const $code: u16 = codes::key_of(stringify!($code));)*
            match key {
                $($code => Some(aliases!(@$kind $args)),)*
                _ => None,
            }
        }
    };
    (@builtin ($rid:literal)) => { Target::Fixed(Sid::well_known(5, 2, 32, $rid)) };
    (@fixed ($authority:literal, $first:literal)) => { Target::Fixed(Sid::well_known($authority, 1, $first, 0)) };
    (@package ($first:literal, $second:literal)) => { Target::Fixed(Sid::well_known(15, 2, $first, $second)) };
    (@drivers ($first:literal)) => { Target::Fixed(Sid::well_known(5, 6, $first, 0)) };
    (@domain ($rid:literal)) => { Target::Relative(Base::Domain, $rid) };
    (@root ($rid:literal)) => { Target::Relative(Base::Root, $rid) };
    (@machine ($rid:literal)) => { Target::Relative(Base::Machine, $rid) };
}

aliases! {
    AA builtin(579) "Access Control Assistance Operators";
    AC package(2, 1) "All Application Packages";
    AN fixed(5, 7) "Anonymous";
    AO builtin(548) "Account Operators";
    AU fixed(5, 11) "Authenticated Users";
    BA builtin(544) "Administrators";
    BG builtin(546) "Guests";
    BO builtin(551) "Backup Operators";
    BU builtin(545) "Users";
    CA domain(517) "Cert Publishers";
    CD builtin(574) "Certificate Service DCOM Access";
    CG fixed(3, 1) "Creator Group";
    CN domain(522) "Cloneable Domain Controllers";
    CO fixed(3, 0) "Creator Owner";
    CY builtin(569) "Cryptographic Operators";
    DA domain(512) "Domain Admins";
    DC domain(515) "Domain Computers";
    DD domain(516) "Domain Controllers";
    DG domain(514) "Domain Guests";
    DU domain(513) "Domain Users";
    EA root(519) "Enterprise Admins";
    ED fixed(5, 9) "Enterprise Domain Controllers";
    ER builtin(573) "Event Log Readers";
    ES builtin(576) "RDS Endpoint Servers";
    HA builtin(578) "Hyper-V Administrators";
    HI fixed(16, 12288) "High integrity";
    IS builtin(568) "IIS_IUSRS";
    IU fixed(5, 4) "Interactive";
    LA machine(500) "Administrator";
    LG machine(501) "Guest";
    LS fixed(5, 19) "Local Service";
    LU builtin(559) "Performance Log Users";
    LW fixed(16, 4096) "Low integrity";
    ME fixed(16, 8192) "Medium integrity";
    MP fixed(16, 8448) "Medium plus integrity";
    MS builtin(577) "RDS Management Servers";
    MU builtin(558) "Performance Monitor Users";
    NO builtin(556) "Network Configuration Operators";
    NS fixed(5, 20) "Network Service";
    NU fixed(5, 2) "Network";
    OW fixed(3, 4) "Owner Rights";
    PA domain(520) "Group Policy Creator Owners";
    PO builtin(550) "Print Operators";
    PS fixed(5, 10) "Principal Self";
    PU builtin(547) "Power Users";
    RA builtin(575) "RDS Remote Access Servers";
    RC fixed(5, 12) "Restricted Code";
    RD builtin(555) "Remote Desktop Users";
    RE builtin(552) "Replicator";
    RM builtin(580) "Remote Management Users";
    RO root(498) "Enterprise Read-only Domain Controllers";
    RS domain(553) "RAS Servers";
    RU builtin(554) "Pre-Windows 2000 Compatible Access";
    SA root(518) "Schema Admins";
    SI fixed(16, 16384) "System integrity";
    SO builtin(549) "Server Operators";
    SU fixed(5, 6) "Service";
    SY fixed(5, 18) "SYSTEM";
    UD drivers(84) "User-mode drivers";
    WD fixed(1, 0) "Everyone";
    WR fixed(5, 33) "Write Restricted";
    AP domain(525) "Protected Users";
    AS fixed(18, 1) "Authentication authority asserted identity";
    EK root(527) "Enterprise Key Admins";
    HO builtin(584) "User-mode hardware operators";
    KA domain(526) "Key Admins";
    SH builtin(585) "OpenSSH Users";
    SS fixed(18, 2) "Service asserted identity";
}
