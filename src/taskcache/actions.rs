//! The value Actions: its layout (EVIDENCE.md CACHE-04).

use super::wire::{RawText, kinds, record};
use uuid::Uuid;

/// The version that added the context and the action flags.
pub(super) const WITH_CONTEXT: u32 = 3;

record! {
    /// The value Actions up to its first action.
    pub struct ActionsHead {
        /// The version of the layout; 3 in all published values.
        version: u16 = "Version";
    }

    /// The principal that runs the actions.
    pub struct ActionsContext {
        /// The principal's identifier; present since version 3.
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
        /// The working directory.
        working_directory: RawText = "WorkingDirectory";
        /// Bit 0 is read as HideAppWindow (EVIDENCE.md CACHE-14); present since version 3.
        flags: u16 = "Flags" if |_, version| version >= WITH_CONTEXT;
    }

    /// Calls a COM class.
    pub struct RawComHandler {
        /// The action's identifier.
        id: RawText = "Id";
        /// The class.
        class_id: Uuid = "ClassId";
        /// The data passed to the class.
        data: RawText = "Data";
    }

    /// Sends a message.
    pub struct RawSendEmail {
        /// The action's identifier.
        id: RawText = "Id";
        /// The sender.
        from: RawText = "From";
        /// The recipients' addresses.
        to: RawText = "To";
        /// The carbon copy addresses.
        cc: RawText = "Cc";
        /// The blind carbon copy addresses.
        bcc: RawText = "Bcc";
        /// The reply address.
        reply_to: RawText = "ReplyTo";
        /// The name of the mail server.
        server: RawText = "Server";
        /// The subject.
        subject: RawText = "Subject";
        /// The body text.
        body: RawText = "Body";
        /// The paths of attached files.
        attachments: Vec<RawText> = "Attachments";
        /// The header fields.
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
    /// A stored action.
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
