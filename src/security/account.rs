//! Well-known accounts: one table of SIDs, SDDL aliases and names, for lookups in every direction.

use super::{codes, sid::Sid};

/// The SID that an alias is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Base {
    /// The domain of the machine.
    Domain,
    /// The root domain of the forest.
    Root,
    /// The machine's own accounts.
    Machine,
}

crate::dtyp::macros::choice! {
    Base {
        Domain = "domain",
        Root = "root",
        Machine = "machine",
    }
}

/// The SID of an account.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Fixed(Sid),
    Relative(Base, u32),
}

/// A row of the table.
pub(super) struct Account {
    /// Two letters, if there is an alias.
    pub(super) code: Option<&'static str>,
    pub(super) target: Target,
    /// The English display name.
    pub(super) name: &'static str,
    /// The authority before the backslash of an account name; may be empty.
    authority: &'static str,
    /// Account names, the usual one first. If empty, the display name is the account name.
    accounts: &'static [&'static str],
}

impl Account {
    /// The English account name as Windows writes it.
    pub(super) fn account_name(&self) -> String {
        let account = self.accounts.first().unwrap_or(&self.name);
        if self.authority.is_empty() {
            (*account).to_owned()
        } else {
            format!("{}\\{account}", self.authority)
        }
    }

    fn is_called(&self, authority: Option<&str>, name: &str) -> bool {
        let names = self.accounts.iter().chain([&self.name]);
        let same = |known: &&str| known.eq_ignore_ascii_case(name);
        authority.is_none_or(|authority| authority.eq_ignore_ascii_case(self.authority))
            && names.into_iter().any(same)
    }
}

impl Sid {
    /// Returns the SID of a well-known account. Accepts its English Windows name, ignoring case, with or without the
    /// authority, and the text of any SID. `None` for other accounts, whose SIDs only their domain knows.
    ///
    /// SDDL aliases are not account names, since a user may be called `BA`; they are parsed by
    /// [`Trustee`](super::Trustee). Localised names (`NT-AUTORITÄT\\SYSTEM`) are not recognised.
    ///
    /// ```
    /// use wintask::security::Sid;
    ///
    /// for name in [r"NT AUTHORITY\SYSTEM", "system", "LocalSystem", "S-1-5-18"] {
    ///     assert_eq!(Sid::from_account_name(name), Some(Sid::LOCAL_SYSTEM));
    /// }
    /// assert_eq!(Sid::from_account_name(r"BUILTIN\Administrators"), Some(Sid::ADMINISTRATORS));
    /// assert_eq!(Sid::from_account_name(r"CONTOSO\alice"), None);
    /// assert_eq!(Sid::LOCAL_SERVICE.account_name().as_deref(), Some(r"NT AUTHORITY\LOCAL SERVICE"));
    /// ```
    #[must_use]
    pub fn from_account_name(name: &str) -> Option<Self> {
        // No account name looks like a SID.
        if let Ok(sid) = name.parse() {
            return Some(sid);
        }
        match by_name(name)?.target {
            Target::Fixed(sid) => Some(sid),
            Target::Relative(..) => None,
        }
    }

    /// Returns the English Windows name of a well-known account: `NT AUTHORITY\SYSTEM` ([MS-DTYP] 2.4.2.4).
    #[must_use]
    pub fn account_name(&self) -> Option<String> {
        by_sid(self).map(Account::account_name)
    }
}

/// The row with this account name, ignoring case, with or without the authority.
pub(super) fn by_name(text: &str) -> Option<&'static Account> {
    let (authority, name) = match text.split_once('\\') {
        Some((authority, name)) => (Some(authority), name),
        None => (None, text),
    };
    ACCOUNTS.iter().find(|account| account.is_called(authority, name))
}

/// The row of a SID that is the same on all systems.
pub(super) fn by_sid(sid: &Sid) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| matches!(&account.target, Target::Fixed(known) if known.is(sid)))
}

/// The row of an account in any domain.
pub(super) fn by_rid(base: Base, rid: u32) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|a| matches!(a.target, Target::Relative(b, r) if (b, r) == (base, rid)))
}

macro_rules! accounts {
    (
        coded { $($code:ident $kind:ident $args:tt $name:literal $(= $($account:literal),*)?;)* }
        others { $($okind:ident $oargs:tt $oname:literal $(= $($oaccount:literal),*)?;)* }
    ) => {
        /// [MS-DTYP] 2.5.1.1 and 2.4.2.4 (EVIDENCE.md SDDL-07). The last rows have no alias.
        const ACCOUNTS: &[Account] = &[
            $(Account {
                code: Some(stringify!($code)),
                target: accounts!(@$kind $args),
                name: $name,
                authority: accounts!(@authority $kind),
                accounts: &[$($($account),*)?],
            },)*
            $(Account {
                code: None,
                target: accounts!(@$okind $oargs),
                name: $oname,
                authority: accounts!(@authority $okind),
                accounts: &[$($($oaccount),*)?],
            },)*
        ];

        /// The target of the code with this key. It is needed for every ACE in SDDL, hence a `match`.
        pub(super) fn by_key(key: u16) -> Option<Target> {
            $(const $code: u16 = codes::key_of(stringify!($code));)*
            match key {
                $($code => Some(accounts!(@$kind $args)),)*
                _ => None,
            }
        }
    };
    (@authority builtin) => { "BUILTIN" };
    (@authority nt) => { "NT AUTHORITY" };
    (@authority services) => { "NT SERVICE" };
    (@authority package) => { "APPLICATION PACKAGE AUTHORITY" };
    (@authority label) => { "Mandatory Label" };
    (@authority $kind:ident) => { "" };
    (@builtin ($rid:literal)) => { Target::Fixed(Sid::well_known(5, 2, 32, $rid)) };
    (@nt ($rid:literal)) => { Target::Fixed(Sid::well_known(5, 1, $rid, 0)) };
    (@fixed ($authority:literal, $first:literal)) => { Target::Fixed(Sid::well_known($authority, 1, $first, 0)) };
    (@local ($first:literal)) => { Target::Fixed(Sid::well_known(2, 1, $first, 0)) };
    (@label ($first:literal)) => { Target::Fixed(Sid::well_known(16, 1, $first, 0)) };
    (@asserted ($first:literal)) => { Target::Fixed(Sid::well_known(18, 1, $first, 0)) };
    (@package ($first:literal, $second:literal)) => { Target::Fixed(Sid::well_known(15, 2, $first, $second)) };
    (@services ($first:literal)) => { Target::Fixed(Sid::well_known(5, 2, $first, 0)) };
    (@drivers ($first:literal)) => { Target::Fixed(Sid::well_known(5, 6, $first, 0)) };
    (@domain ($rid:literal)) => { Target::Relative(Base::Domain, $rid) };
    (@root ($rid:literal)) => { Target::Relative(Base::Root, $rid) };
    (@machine ($rid:literal)) => { Target::Relative(Base::Machine, $rid) };
}

accounts! {
    coded {
        AA builtin(579) "Access Control Assistance Operators";
        AC package(2, 1) "All Application Packages" = "ALL APPLICATION PACKAGES";
        AN nt(7) "Anonymous" = "ANONYMOUS LOGON";
        AO builtin(548) "Account Operators";
        AU nt(11) "Authenticated Users";
        BA builtin(544) "Administrators";
        BG builtin(546) "Guests";
        BO builtin(551) "Backup Operators";
        BU builtin(545) "Users";
        CA domain(517) "Cert Publishers";
        CD builtin(574) "Certificate Service DCOM Access";
        CG fixed(3, 1) "Creator Group" = "CREATOR GROUP";
        CN domain(522) "Cloneable Domain Controllers";
        CO fixed(3, 0) "Creator Owner" = "CREATOR OWNER";
        CY builtin(569) "Cryptographic Operators";
        DA domain(512) "Domain Admins";
        DC domain(515) "Domain Computers";
        DD domain(516) "Domain Controllers";
        DG domain(514) "Domain Guests";
        DU domain(513) "Domain Users";
        EA root(519) "Enterprise Admins";
        ED nt(9) "Enterprise Domain Controllers" = "ENTERPRISE DOMAIN CONTROLLERS";
        ER builtin(573) "Event Log Readers";
        ES builtin(576) "RDS Endpoint Servers";
        HA builtin(578) "Hyper-V Administrators";
        HI label(12288) "High integrity" = "High Mandatory Level";
        IS builtin(568) "IIS_IUSRS";
        IU nt(4) "Interactive" = "INTERACTIVE";
        LA machine(500) "Administrator";
        LG machine(501) "Guest";
        LS nt(19) "Local Service" = "LOCAL SERVICE", "LocalService";
        LU builtin(559) "Performance Log Users";
        LW label(4096) "Low integrity" = "Low Mandatory Level";
        ME label(8192) "Medium integrity" = "Medium Mandatory Level";
        MP label(8448) "Medium plus integrity" = "Medium Plus Mandatory Level";
        MS builtin(577) "RDS Management Servers";
        MU builtin(558) "Performance Monitor Users";
        NO builtin(556) "Network Configuration Operators";
        NS nt(20) "Network Service" = "NETWORK SERVICE", "NetworkService";
        NU nt(2) "Network" = "NETWORK";
        OW fixed(3, 4) "Owner Rights" = "OWNER RIGHTS";
        PA domain(520) "Group Policy Creator Owners";
        PO builtin(550) "Print Operators";
        PS nt(10) "Principal Self" = "SELF";
        PU builtin(547) "Power Users";
        RA builtin(575) "RDS Remote Access Servers";
        RC nt(12) "Restricted Code" = "RESTRICTED";
        RD builtin(555) "Remote Desktop Users";
        RE builtin(552) "Replicator";
        RM builtin(580) "Remote Management Users";
        RO root(498) "Enterprise Read-only Domain Controllers";
        RS domain(553) "RAS Servers";
        RU builtin(554) "Pre-Windows 2000 Compatible Access";
        SA root(518) "Schema Admins";
        SI label(16384) "System integrity" = "System Mandatory Level";
        SO builtin(549) "Server Operators";
        SU nt(6) "Service" = "SERVICE";
        SY nt(18) "SYSTEM" = "SYSTEM", "LocalSystem";
        UD drivers(84) "User-mode drivers";
        WD fixed(1, 0) "Everyone";
        WR nt(33) "Write Restricted" = "WRITE RESTRICTED";
        AP domain(525) "Protected Users";
        AS asserted(1) "Authentication authority asserted identity";
        EK root(527) "Enterprise Key Admins";
        HO builtin(584) "User-mode hardware operators" = "User Mode Hardware Operators";
        KA domain(526) "Key Admins";
        SH builtin(585) "OpenSSH Users";
        SS asserted(2) "Service asserted identity";

    }
    others {
        builtin(562) "Distributed COM Users";
        local(0) "Local" = "LOCAL";
        local(1) "Console Logon" = "CONSOLE LOGON";
        nt(1) "Dialup" = "DIALUP";
        nt(3) "Batch" = "BATCH";
        nt(13) "Terminal Server User" = "TERMINAL SERVER USER";
        nt(14) "Remote Interactive Logon" = "REMOTE INTERACTIVE LOGON";
        nt(15) "This Organization";
        nt(17) "IUSR";
        nt(113) "Local account";
        services(80) "All Services" = "ALL SERVICES";
    }
}
