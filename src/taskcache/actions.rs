//! The value Actions: its layout (EVIDENCE.md CACHE-04).

use super::wire::{RawText, kinds, record};
use uuid::Uuid;

/// The version of the value since its context and the flags of its actions are there.
pub(super) const WITH_CONTEXT: u32 = 3;

record! {
    /// The value Actions up to its first action.
    pub struct ActionsHead {
        /// The version of the layout; 3 in everything that is published.
        version: u16 = "Version";
    }

    /// The principal that runs the actions.
    pub struct ActionsContext {
        /// The principal's identifier; from version 3 on.
        context: RawText = "Context" if |_, version| version >= WITH_CONTEXT;
    }

    /// Runs a program.
    pub struct RawExec {
        /// The action's identifier.
        id: RawText = "Id";
        /// The program.
        command: RawText = "Command";
        /// Its arguments.
        arguments: RawText = "Arguments";
        /// The folder to run in.
        working_directory: RawText = "WorkingDirectory";
        /// Bit 0 is read as HideAppWindow (EVIDENCE.md CACHE-14); from version 3 on.
        flags: u16 = "Flags" if |_, version| version >= WITH_CONTEXT;
    }

    /// Calls a COM class.
    pub struct RawComHandler {
        /// The action's identifier.
        id: RawText = "Id";
        /// The class.
        class_id: Uuid = "ClassId";
        /// What it is handed.
        data: RawText = "Data";
    }

    /// Sends a message.
    pub struct RawSendEmail {
        /// The action's identifier.
        id: RawText = "Id";
        /// The sender.
        from: RawText = "From";
        /// Addresses.
        to: RawText = "To";
        /// Addresses of copies.
        cc: RawText = "Cc";
        /// Addresses of blind copies.
        bcc: RawText = "Bcc";
        /// Address for the answer.
        reply_to: RawText = "ReplyTo";
        /// Name of the mail server.
        server: RawText = "Server";
        /// Subject.
        subject: RawText = "Subject";
        /// Text.
        body: RawText = "Body";
        /// Paths of files.
        attachments: Vec<RawText> = "Attachments";
        /// Header fields.
        header_fields: Vec<RawHeaderField> = "HeaderFields";
    }

    /// A header field of a message.
    pub struct RawHeaderField {
        /// Its name.
        name: RawText = "Name";
        /// Its value.
        value: RawText = "Value";
    }

    /// Shows a message box.
    pub struct RawShowMessage {
        /// The action's identifier.
        id: RawText = "Id";
        /// Its title.
        title: RawText = "Title";
        /// Its text.
        body: RawText = "Body";
    }
}

kinds! {
    /// An action, as it is stored.
    pub enum RawAction: u16 {
        /// Runs a program.
        Exec(RawExec) = 0x6666;
        /// Calls a COM class.
        ComHandler(RawComHandler) = 0x7777;
        /// Sends a message.
        SendEmail(RawSendEmail) = 0x8888;
        /// Shows a message box.
        ShowMessage(RawShowMessage) = 0x9999;
    }
}
