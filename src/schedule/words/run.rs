//! Describes the actions and the account of a task.

use super::phrase::{name_of, one_line};
use crate::{
    definition::{Action, Principal, RunLevel, Task},
    dtyp::guid,
    security::Sid,
};

/// Describes an action on one line: the command line of a program, or what is called, sent or shown.
///
/// ```
/// use wintask::{definition::{ComHandler, Exec, SendEmail, ShowMessage}, schedule::words};
///
/// let exec = Exec::new(r"C:\Tools\backup.exe").with_arguments("/full").with_working_directory(r"D:\");
/// assert_eq!(words::action(&exec.into()), r"C:\Tools\backup.exe /full");
/// let mail = SendEmail::new("smtp.contoso.com").with_subject("Done").with_to("alice@contoso.com");
/// assert_eq!(words::action(&mail.into()), r#"e-mail "Done" to alice@contoso.com via smtp.contoso.com"#);
/// let message = ShowMessage::new("The backup is done.").with_title("Backup");
/// assert_eq!(words::action(&message.into()), r#"message "Backup": The backup is done."#);
/// let handler = ComHandler::new(uuid::uuid!("c1f85ef8-bcc2-4606-bb39-70c523715eb3"));
/// assert_eq!(words::action(&handler.into()), "COM handler {C1F85EF8-BCC2-4606-BB39-70C523715EB3}");
/// ```
#[must_use]
pub fn action(action: &Action) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
    let text = match action {
        Action::Exec(exec) => match &exec.arguments {
            Some(arguments) if !arguments.is_empty() => format!("{} {arguments}", exec.command),
            _ => exec.command.clone(),
        },
        Action::ComHandler(handler) => format!("COM handler {}", guid::braced(handler.class_id)),
        Action::SendEmail(mail) => {
            let recipients: Vec<&str> =
                [&mail.to, &mail.cc, &mail.bcc].into_iter().flatten().map(String::as_str).collect();
            let to = if recipients.is_empty() { "nobody".to_owned() } else { recipients.join(";") };
            format!("e-mail \"{}\" to {to} via {}", or_none(&mail.subject), mail.server)
        }
        Action::ShowMessage(message) => format!("message \"{}\": {}", or_none(&message.title), message.body),
        Action::Unknown(element) => format!("unreadable action {}", name_of(element)),
    };
    one_line(&text)
}

/// Describes the account that a task runs as, on one line: the principal of its actions.
///
/// ```
/// use wintask::{definition::{Exec, Principal, RunLevel, Task}, schedule::words};
///
/// let task = Task::new(Exec::new("backup.exe"));
/// assert_eq!(words::account(&task), "the account that registers it");
/// let system = Principal::user("S-1-5-18").with_run_level(RunLevel::HighestAvailable);
/// assert_eq!(words::account(&task.with_principal(system)), r"S-1-5-18 (NT AUTHORITY\SYSTEM), with highest privileges");
/// ```
#[must_use]
pub fn account(task: &Task) -> String {
    match (task.run_as(), &task.actions.context) {
        (Some(one), _) => principal(one),
        (None, Some(context)) => one_line(&format!("undefined principal {context}")),
        (None, None) => "the account that registers it".to_owned(),
    }
}

/// Describes a principal on one line: the user or group as stated, the name of a well-known SID, the logon type, and
/// whether it has the highest privileges.
///
/// ```
/// use wintask::{definition::{LogonType, Principal}, schedule::words};
///
/// let alice = Principal::user(r"CONTOSO\alice").with_logon_type(LogonType::Password);
/// assert_eq!(words::principal(&alice), r"CONTOSO\alice, logon type Password");
/// assert_eq!(words::principal(&Principal::group("S-1-5-32-545")), r"each member of S-1-5-32-545 (BUILTIN\Users)");
/// ```
#[must_use]
pub fn principal(principal: &Principal) -> String {
    let mut text = match (&principal.user_id, &principal.group_id, &principal.display_name) {
        (Some(user), ..) => named(user),
        (None, Some(group), _) => format!("each member of {}", named(group)),
        (None, None, Some(name)) => name.clone(),
        (None, None, None) => "the account that registers it".to_owned(),
    };
    if let Some(logon_type) = principal.logon_type {
        text += &format!(", logon type {logon_type}");
    }
    if principal.run_level == Some(RunLevel::HighestAvailable) {
        text += ", with highest privileges";
    }
    one_line(&text)
}

/// An account as stated, followed by the name of its SID, if known.
fn named(account: &str) -> String {
    match account.parse().ok().and_then(|sid: Sid| sid.account_name()) {
        Some(name) => format!("{account} ({name})"),
        None => account.to_owned(),
    }
}
