//! Descriptions of parts of a definition for which the library has none.

use uuid::Uuid;
use wintask::definition::{Action, ComHandler};

/// What an action does, on one line.
pub fn action(action: &Action) -> String {
    match action {
        Action::Exec(exec) => {
            let arguments = exec.arguments.as_deref().unwrap_or_default();
            format!("{} {arguments}", exec.command).trim().to_owned()
        }
        Action::ComHandler(ComHandler { class_id, .. }) => format!("COM handler {}", guid(*class_id)),
        Action::SendEmail(mail) => format!(
            "e-mail \"{}\" to {} by {}",
            mail.subject.as_deref().unwrap_or_default(),
            mail.to.as_deref().unwrap_or("nobody"),
            mail.server
        ),
        Action::ShowMessage(message) => {
            format!("message \"{}\": {}", message.title.as_deref().unwrap_or_default(), message.body)
        }
        Action::Unknown(element) => format!("unknown action {}", element.xml),
        _ => "an action that this tool does not know".to_owned(),
    }
}

/// As Windows writes it.
pub fn guid(guid: Uuid) -> String {
    format!("{{{:X}}}", guid.hyphenated())
}
