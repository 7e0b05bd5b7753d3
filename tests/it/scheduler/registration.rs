//! The security checks of a registration ([MS-TSCH] 3.2.5.1.1).

use crate::security::{LIVE, descriptor};
use wintask::{
    definition::LogonType::{InteractiveToken, InteractiveTokenOrPassword, Password, S4U},
    scheduler::{
        Registration::{Allowed as Yes, NeedsPassword as Pass, Refused as No},
        RunsAs, TriggerUser, registration, root_descriptor, session_trigger_allowed,
    },
};

/// The first matrix, row by row. It has no column for the last logon type, which needs a password where one is stored.
#[test]
fn who_may_register_what() {
    let columns = [S4U, Password, InteractiveToken, InteractiveTokenOrPassword];
    for (administrator, runs_as, row) in [
        (true, RunsAs::Registrant, [Yes, Pass, Yes, Pass]),
        (true, RunsAs::OtherUser, [Pass, Pass, Yes, Pass]),
        (true, RunsAs::Group, [No, No, Yes, No]),
        (true, RunsAs::System, [Yes, Yes, Yes, Yes]),
        (false, RunsAs::Registrant, [Yes, Pass, Yes, Pass]),
        (false, RunsAs::OtherUser, [Pass, Pass, Pass, Pass]),
        (false, RunsAs::Group, [No, No, No, No]),
        (false, RunsAs::System, [No, No, No, No]),
    ] {
        assert_eq!(columns.map(|column| registration(administrator, runs_as, column)), row, "{runs_as:?}");
    }
}

/// The second matrix.
#[test]
fn who_may_wait_for_whose_sessions() {
    let users = [TriggerUser::Registrant, TriggerUser::OtherUser, TriggerUser::Unstated];
    assert_eq!(users.map(|user| session_trigger_allowed(true, user)), [true, true, true]);
    assert_eq!(users.map(|user| session_trigger_allowed(false, user)), [true, false, false]);
}

/// EVIDENCE.md SDDL-19: the root folder's descriptor as live Windows prints it.
#[test]
fn the_root_folder() {
    assert_eq!(root_descriptor(), descriptor(LIVE[0]));
}
