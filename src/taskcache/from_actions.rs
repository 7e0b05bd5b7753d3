//! Interprets the value Actions.

use super::{
    actions::{RawAction, RawComHandler, RawExec, RawSendEmail, RawShowMessage},
    exact::{Cut, RawActions},
    notes::Notes,
    wire::{Fields, RawText},
};
use crate::definition::{Action, Actions, ComHandler, Data, Exec, HeaderField, SendEmail, ShowMessage};

/// The actions; `cut` is the readable part of the last one.
pub(super) fn actions(raw: &RawActions, cut: Cut<'_, RawAction>, notes: &mut Notes) -> Actions {
    let context = notes.text("Actions.Context", &raw.context.context);
    let each = raw.actions.iter().enumerate();
    let each = each.filter_map(|(index, raw)| notes.within("Actions", index, |notes| action(raw, notes)));
    let mut list = Vec::with_capacity(raw.actions.len());
    list.extend(each);
    if let Cut { element: Some(cut), stop } = cut {
        list.extend(notes.within_cut("Actions", raw.actions.len(), stop, |notes| action(cut, notes)));
    }
    Actions { list, context, ..Actions::default() }
}

/// The bit of an Exec action's flags that is read as HideAppWindow.
pub(super) const HIDE_APP_WINDOW: u16 = 1;

/// An action; `None` if it is truncated before a required field.
fn action(raw: &RawAction, notes: &mut Notes) -> Option<Action> {
    let (order, required) = match raw {
        RawAction::Exec(_) => (RawExec::FIELDS, "Command"),
        RawAction::ComHandler(_) => (RawComHandler::FIELDS, "ClassId"),
        RawAction::SendEmail(_) => (RawSendEmail::FIELDS, "Server"),
        RawAction::ShowMessage(_) => (RawShowMessage::FIELDS, "Body"),
    };
    notes.has(&[order], required).then(|| whole(raw, notes))
}

fn whole(raw: &RawAction, notes: &mut Notes) -> Action {
    match raw {
        RawAction::Exec(raw) => {
            if raw.flags & !HIDE_APP_WINDOW != 0 {
                notes.out_of_range("Flags", raw.flags, "0 or 1");
            }
            Action::Exec(Exec {
                id: notes.text("Id", &raw.id),
                command: notes.text("Command", &raw.command).unwrap_or_default(),
                arguments: notes.text("Arguments", &raw.arguments),
                working_directory: notes.text("WorkingDirectory", &raw.working_directory),
                // Stated only if set, since older schemas lack the element.
                hide_app_window: (raw.flags & HIDE_APP_WINDOW != 0).then_some(true),
                ..Exec::default()
            })
        }
        RawAction::ComHandler(raw) => Action::ComHandler(ComHandler {
            id: notes.text("Id", &raw.id),
            class_id: raw.class_id,
            data: notes.text("Data", &raw.data).map(|text| Data::from_text(&text)),
            ..ComHandler::default()
        }),
        RawAction::SendEmail(raw) => Action::from(SendEmail {
            id: notes.text("Id", &raw.id),
            server: notes.text("Server", &raw.server).unwrap_or_default(),
            subject: notes.text("Subject", &raw.subject),
            to: notes.text("To", &raw.to),
            cc: notes.text("Cc", &raw.cc),
            bcc: notes.text("Bcc", &raw.bcc),
            reply_to: notes.text("ReplyTo", &raw.reply_to),
            from: notes.text("From", &raw.from),
            header_fields: list(&raw.header_fields, |field| {
                let mut text = |raw: &RawText| notes.text("HeaderFields", raw).unwrap_or_default();
                HeaderField::new(text(&field.name), text(&field.value))
            }),
            body: notes.text("Body", &raw.body),
            attachments: list(&raw.attachments, |file| notes.text("Attachments", file).unwrap_or_default()),
            ..SendEmail::default()
        }),
        RawAction::ShowMessage(raw) => Action::ShowMessage(ShowMessage {
            id: notes.text("Id", &raw.id),
            title: notes.text("Title", &raw.title),
            body: notes.text("Body", &raw.body).unwrap_or_default(),
            ..ShowMessage::default()
        }),
    }
}

/// The elements, or `None` if there are none.
fn list<T, U>(raw: &[T], element: impl FnMut(&T) -> U) -> Option<Vec<U>> {
    (!raw.is_empty()).then(|| raw.iter().map(element).collect())
}
