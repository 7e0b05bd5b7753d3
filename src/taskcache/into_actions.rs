//! Encodes actions.

use super::{
    actions::{
        ActionsContext, ActionsHead, RawAction, RawComHandler, RawExec, RawHeaderField, RawSendEmail,
        RawShowMessage, WITH_CONTEXT,
    },
    exact::RawActions,
    finding::FindingKind,
    from_actions::HIDE_APP_WINDOW,
    notes::Notes,
    wire::RawText,
};
use crate::definition::{Action, Actions, Data};

/// The current version of the value.
const VERSION: u16 = 3;
const _: () = assert!(VERSION as u32 >= WITH_CONTEXT);

/// The value, for a principal with this identifier.
pub(super) fn actions(actions: &Actions, context: Option<&str>, notes: &mut Notes) -> RawActions {
    let each = actions.list.iter().enumerate();
    let each = each.filter_map(|(index, one)| notes.within("Actions", index, |notes| action(one, notes)));
    let mut list = Vec::with_capacity(actions.list.len());
    list.extend(each);
    RawActions {
        actions: list,
        head: ActionsHead { version: VERSION },
        context: ActionsContext { context: optional(context) },
        ..RawActions::default()
    }
}

fn optional<S: AsRef<str>>(text: Option<S>) -> RawText {
    text.map_or_else(RawText::default, |text| RawText::of(text.as_ref()))
}

fn action(action: &Action, notes: &mut Notes) -> Option<RawAction> {
    Some(match action {
        Action::Exec(exec) => RawAction::Exec(RawExec {
            id: optional(exec.id.as_ref()),
            command: RawText::of(&exec.command),
            arguments: optional(exec.arguments.as_ref()),
            working_directory: optional(exec.working_directory.as_ref()),
            flags: if exec.hide_app_window == Some(true) { HIDE_APP_WINDOW } else { 0 },
        }),
        Action::ComHandler(handler) => RawAction::ComHandler(RawComHandler {
            id: optional(handler.id.as_ref()),
            class_id: handler.class_id,
            data: optional(handler.data.as_ref().map(|data| content(data, "Data", notes))),
        }),
        Action::SendEmail(mail) => RawAction::SendEmail(RawSendEmail {
            id: optional(mail.id.as_ref()),
            from: optional(mail.from.as_ref()),
            to: optional(mail.to.as_ref()),
            cc: optional(mail.cc.as_ref()),
            bcc: optional(mail.bcc.as_ref()),
            reply_to: optional(mail.reply_to.as_ref()),
            server: RawText::of(&mail.server),
            subject: optional(mail.subject.as_ref()),
            body: optional(mail.body.as_ref()),
            attachments: mail.attachments.iter().flatten().map(|file| RawText::of(file)).collect(),
            header_fields: mail
                .header_fields
                .iter()
                .flatten()
                .map(|field| RawHeaderField {
                    name: RawText::of(&field.name),
                    value: RawText::of(&field.value),
                })
                .collect(),
        }),
        Action::ShowMessage(message) => RawAction::ShowMessage(RawShowMessage {
            id: optional(message.id.as_ref()),
            title: optional(message.title.as_ref()),
            body: RawText::of(&message.body),
        }),
        Action::Unknown(_) => {
            notes.push("", FindingKind::NoCounterpart);
            return None;
        }
    })
}

/// The content as text; markup is stored verbatim.
pub(super) fn content(data: &Data, field: &str, notes: &mut Notes) -> String {
    data.text().unwrap_or_else(|| {
        notes.push(field, FindingKind::Written { from: "markup".into(), to: "text".into() });
        data.xml.clone()
    })
}
