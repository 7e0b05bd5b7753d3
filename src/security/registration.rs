/// In whose context a task is to run, seen from who registers it ([MS-TSCH] 3.2.5.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the rows of the specification's table")]
pub enum RunsAs {
    /// The user who registers it.
    Registrant,
    /// Another user.
    OtherUser,
    /// A group.
    Group,
    /// LocalSystem, LocalService or NetworkService.
    System,
}

/// How a task gets the credentials to run with ([MS-TSCH] 3.2.5.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the columns of the specification's table")]
pub enum LogonMethod {
    /// Noninteractive, by Service For User: nothing is stored.
    ServiceForUser,
    /// Noninteractive, with a password in the credential store.
    StoredPassword,
    /// Interactive: as the user who is logged on.
    LoggedOn,
}

/// Whether a task may be registered ([MS-TSCH] 3.2.5.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the cells of the specification's table")]
pub enum Registration {
    /// Yes.
    Allowed,
    /// With the password of the account that it runs as.
    NeedsPassword,
    /// No: `ERROR_ACCESS_DENIED`.
    Refused,
}

/// Whether a task may be registered, and what for ([MS-TSCH] 3.2.5.1.1, first table).
///
/// ```
/// use wintask::security::{LogonMethod, Registration, RunsAs, registration};
///
/// let administrator = true;
/// let ask = |runs_as| registration(administrator, runs_as, LogonMethod::StoredPassword);
/// assert_eq!(ask(RunsAs::Registrant), Registration::NeedsPassword);
/// assert_eq!(ask(RunsAs::System), Registration::Allowed);
/// assert_eq!(registration(false, RunsAs::System, LogonMethod::LoggedOn), Registration::Refused);
/// ```
#[must_use]
pub fn registration(administrator: bool, runs_as: RunsAs, logon: LogonMethod) -> Registration {
    use LogonMethod::{LoggedOn, ServiceForUser, StoredPassword};
    use Registration::{Allowed, NeedsPassword, Refused};
    match (administrator, runs_as, logon) {
        (_, RunsAs::Registrant, ServiceForUser | LoggedOn) => Allowed,
        (_, RunsAs::Registrant, StoredPassword) => NeedsPassword,
        (true, RunsAs::OtherUser, LoggedOn) => Allowed,
        (_, RunsAs::OtherUser, _) => NeedsPassword,
        (true, RunsAs::Group, LoggedOn) => Allowed,
        (_, RunsAs::Group, _) => Refused,
        (true, RunsAs::System, _) => Allowed,
        (false, RunsAs::System, _) => Refused,
    }
}

/// Whose logons and sessions a trigger waits for, seen from who registers it ([MS-TSCH] 3.2.5.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the columns of the specification's table")]
pub enum TriggerUser {
    /// Those of the user who registers it.
    Registrant,
    /// Those of another user.
    OtherUser,
    /// Anybody's: the trigger names no user.
    Unstated,
}

/// Whether a task may have such a logon or session change trigger ([MS-TSCH] 3.2.5.1.1, second table); if not, the call
/// is answered with `E_ACCESSDENIED`.
///
/// ```
/// use wintask::security::{TriggerUser, session_trigger_allowed};
///
/// assert!(session_trigger_allowed(true, TriggerUser::Unstated));
/// assert!(!session_trigger_allowed(false, TriggerUser::Unstated));
/// ```
#[must_use]
pub fn session_trigger_allowed(administrator: bool, user: TriggerUser) -> bool {
    administrator || user == TriggerUser::Registrant
}
