//! The security checks of a registration ([MS-TSCH] 3.2.5.1.1): the two matrices, as functions.

use crate::definition::LogonType;

/// The context that a task is to run in, as seen by the user who registers it: the rows of the first matrix of [MS-TSCH]
/// 3.2.5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// The outcome of the check on a task's registration: the cells of the first matrix of [MS-TSCH] 3.2.5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "the cells of the specification's table")]
pub enum Registration {
    /// The task may be registered, and no password is needed.
    Allowed,
    /// The task may be registered with the password of the account that it runs as.
    NeedsPassword,
    /// The task may not be registered: `ERROR_ACCESS_DENIED`.
    Refused,
}

/// Decides whether a task may be registered, and whether that takes a password ([MS-TSCH] 3.2.5.1.1, first matrix).
///
/// The columns of the matrix are logon types: Service for User is [`LogonType::S4U`], credentials stored locally are
/// [`LogonType::Password`], and running as the logged-on user is [`LogonType::InteractiveToken`]. The matrix has no
/// column for [`LogonType::InteractiveTokenOrPassword`]; it stores a password, so it is judged as
/// [`LogonType::Password`] is.
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

/// The user whose logons or sessions a trigger waits for, as seen by the user who registers the task: the columns of the
/// second matrix of [MS-TSCH] 3.2.5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "the columns of the specification's table")]
pub enum TriggerUser {
    /// The user who registers the task.
    Registrant,
    /// Another user.
    OtherUser,
    /// Any user: the trigger names none.
    Unstated,
}

/// Decides whether a task may have such a logon or session change trigger ([MS-TSCH] 3.2.5.1.1, second matrix). Where it
/// may not, the call is answered with `E_ACCESSDENIED`.
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
