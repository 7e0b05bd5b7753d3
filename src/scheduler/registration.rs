//! The security checks of a registration ([MS-TSCH] 3.2.5.1.1), as two functions for the two matrices.

use crate::definition::LogonType;

/// The account of a task relative to the user who registers it: the rows of the first matrix of [MS-TSCH] 3.2.5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
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

crate::dtyp::macros::choice! {
    RunsAs {
        Registrant = "registrant",
        OtherUser = "other_user" => "other user",
        Group = "group",
        System = "system",
    }
}

/// The outcome of the check for a registration: the cells of the first matrix of [MS-TSCH] 3.2.5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "the cells of the specification's table")]
pub enum Registration {
    /// The task can be registered without a password.
    Allowed,
    /// The task can be registered with the password of its account.
    NeedsPassword,
    /// The task cannot be registered: `ERROR_ACCESS_DENIED`.
    Refused,
}

crate::dtyp::macros::choice! {
    Registration {
        Allowed = "allowed",
        NeedsPassword = "needs_password" => "needs password",
        Refused = "refused",
    }
}

/// Decides whether a task can be registered, and whether a password is required ([MS-TSCH] 3.2.5.1.1, first matrix).
///
/// The columns of the matrix are logon types: Service for User is [`LogonType::S4U`], credentials stored locally are
/// [`LogonType::Password`], and running as the logged-on user is [`LogonType::InteractiveToken`]. The matrix has no
/// column for [`LogonType::InteractiveTokenOrPassword`]; it is treated like [`LogonType::Password`], since it stores
/// a password.
///
/// ```
/// use wintask::{definition::LogonType, scheduler::{Registration, RunsAs, registration}};
///
/// let administrator = true;
/// let ask = |runs_as| registration(administrator, runs_as, LogonType::Password);
/// assert_eq!(ask(RunsAs::Registrant), Registration::NeedsPassword);
/// assert_eq!(ask(RunsAs::System), Registration::Allowed);
/// assert_eq!(registration(false, RunsAs::System, LogonType::InteractiveToken), Registration::Refused);
/// ```
#[must_use]
pub fn registration(administrator: bool, runs_as: RunsAs, logon_type: LogonType) -> Registration {
    use LogonType::{InteractiveToken, InteractiveTokenOrPassword, Password, S4U};
    use Registration::{Allowed, NeedsPassword, Refused};
    match (administrator, runs_as, logon_type) {
        (_, RunsAs::Registrant, S4U | InteractiveToken) => Allowed,
        (_, RunsAs::Registrant, Password | InteractiveTokenOrPassword) => NeedsPassword,
        (true, RunsAs::OtherUser, InteractiveToken) => Allowed,
        (_, RunsAs::OtherUser, _) => NeedsPassword,
        (true, RunsAs::Group, InteractiveToken) => Allowed,
        (_, RunsAs::Group, _) => Refused,
        (true, RunsAs::System, _) => Allowed,
        (false, RunsAs::System, _) => Refused,
    }
}

/// The user whose logons or sessions a trigger waits for, relative to the user who registers the task: the columns of
/// the second matrix of [MS-TSCH] 3.2.5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "the columns of the specification's table")]
pub enum TriggerUser {
    /// The user who registers the task.
    Registrant,
    /// Another user.
    OtherUser,
    /// Any user, since the trigger names none.
    Unstated,
}

crate::dtyp::macros::choice! {
    TriggerUser {
        Registrant = "registrant",
        OtherUser = "other_user" => "other user",
        Unstated = "unstated",
    }
}

/// Decides whether a task can have such a logon or session change trigger ([MS-TSCH] 3.2.5.1.1, second matrix). If
/// not, the call returns `E_ACCESSDENIED`.
///
/// ```
/// use wintask::scheduler::{TriggerUser, session_trigger_allowed};
///
/// assert!(session_trigger_allowed(true, TriggerUser::Unstated));
/// assert!(!session_trigger_allowed(false, TriggerUser::Unstated));
/// ```
#[must_use]
pub fn session_trigger_allowed(administrator: bool, user: TriggerUser) -> bool {
    administrator || user == TriggerUser::Registrant
}
