//! Effects as text, a line each, for the logs of a host.

use super::effect::{Effect, Program, Start, Stored};
use crate::{dtyp::guid::braced, time::Boundary};
use std::fmt::{self, Display, Formatter};

impl Display for Effect {
    /// A line that says what to do. Triggers and actions are counted from 1; texts of the definition are not escaped.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(start) => start.fmt(f),
            Self::Stop { task, instance, force: false } => {
                write!(f, "request instance {} of {task} to end", braced(*instance))
            }
            Self::Stop { task, instance, force: true } => {
                write!(f, "terminate instance {} of {task}", braced(*instance))
            }
            Self::Write(stored) => stored.fmt(f),
            Self::Remove { store, path } => write!(f, "remove {path} from the {store} store"),
            Self::Credential { account, stored: true } => write!(f, "store the password of {account}"),
            Self::Credential { account, stored: false } => write!(f, "remove the password of {account}"),
            Self::Subscribe { task, trigger, .. } => {
                write!(f, "subscribe trigger {} of {task} to its events", trigger + 1)
            }
            Self::Unsubscribe { task, trigger } => {
                write!(f, "end the subscription of trigger {} of {task}", trigger + 1)
            }
            Self::Wake { at } => write!(f, "leave sleep by {}", Boundary::utc(*at)),
            Self::Log(record) => write!(f, "log event {}", record.event),
        }
    }
}

impl Display for Start {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { task, instance, action, program, user, session, .. } = self;
        write!(f, "start action {} of {task}, {program}, as ", action + 1)?;
        match user {
            Some(user) => write!(f, "{user}")?,
            None => f.write_str("an unknown user")?,
        }
        if let Some(session) = session {
            write!(f, " in session {session}")?;
        }
        write!(f, ", instance {}", braced(*instance))
    }
}

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exec { command, arguments: Some(arguments), .. } => write!(f, "{command} {arguments}"),
            Self::Exec { command, arguments: None, .. } => f.write_str(command),
            Self::ComHandler { class_id, .. } => write!(f, "COM handler {}", braced(*class_id)),
            Self::SendEmail { server, .. } => write!(f, "an e-mail by {server}"),
            Self::ShowMessage { .. } => f.write_str("a message"),
        }
    }
}

impl Display for Stored {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { store, path, content, sddl } = self;
        match (content, sddl) {
            (Some(content), _) => write!(f, "write {path} to the {store} store, {} bytes", content.len()),
            (None, Some(sddl)) => write!(f, "secure {path} in the {store} store with {sddl}"),
            (None, None) => write!(f, "write {path} to the {store} store"),
        }
    }
}
