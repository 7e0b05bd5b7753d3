//! The result of a conversion, and what is lost on the way.

use super::{
    check::is_system_alias,
    context::{Context, Part},
    item::Item,
    loss::{Loss, LossKind},
    placeholder::placeholders,
    table::{Field, Owner},
};
use crate::{
    compat::{Account, NotV1Compatible},
    error::Place,
    finding::{AnyFinding, AnyFindings, Finding, FindingKind, Findings},
    security::Sid,
    xml,
};

/// The task of an item, and how it differs from what the item states.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Converted<T> {
    /// The task.
    pub value: T,
    /// Everything that was lost, changed or assumed: [`Loss`]es, and the differences of [`compat`](crate::compat).
    pub losses: AnyFindings,
}

/// Why an item has no such task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The item names no command; items that delete need none.
    #[error("the item names no command")]
    NoCommand,
    /// The item has no definition.
    #[error("the item has no definition")]
    NoDefinition,
    /// The definition in the item is not valid.
    #[error("definition: {0}")]
    Definition(#[source] xml::Error),
    /// The definition in the item cannot be a version 1 task.
    #[error(transparent)]
    NotV1(#[from] NotV1Compatible),
}

/// What is lost while a task is made.
pub(super) struct Losses(pub(super) AnyFindings);

impl Losses {
    pub(super) fn add(&mut self, field: Option<Field>, path: impl Into<String>, kind: LossKind) {
        self.0.push(Finding::new(Loss { field, kind }, Place::value(path.into())).erase());
    }

    pub(super) fn field(&mut self, field: Field, kind: LossKind) {
        self.add(Some(field), field.name(), kind);
    }

    pub(super) fn append<K: FindingKind>(&mut self, more: Findings<K>) {
        more.erase().into_iter().for_each(|finding: AnyFinding| self.0.push(finding));
    }

    /// What the item states for the policy alone.
    pub(super) fn of_item(item: &Item<'_>) -> Self {
        let mut losses = Self(AnyFindings::new());
        for attribute in item.element().attributes() {
            let field = Field::find(Owner::Item, attribute.name());
            match field {
                Some(Field::UserContext | Field::RemovePolicy | Field::BypassErrors | Field::Disabled) => {
                    losses.add(field, attribute.name(), LossKind::Policy);
                }
                Some(_) => {}
                None if attribute.is_credential() => {}
                None => losses.add(None, attribute.name(), LossKind::NoCounterpart),
            }
        }
        if item.filters().next().is_some() {
            losses.add(None, "Filters", LossKind::Policy);
        }
        if item.has_password() {
            losses.field(Field::Cpassword, LossKind::Credential);
        }
        losses
    }

    /// A text with its variables replaced.
    pub(super) fn expanded(&mut self, text: &str, field: Field, context: &Context<'_>) -> String {
        for (_, placeholder) in placeholders(text) {
            let kind = match context.variable(placeholder.name) {
                Some(_) => LossKind::Replaced(placeholder.name),
                None => LossKind::Unknown(placeholder.name),
            };
            self.field(field, kind);
        }
        context.expand(text)
    }

    /// The account that runs the task of an item without a definition.
    pub(super) fn account(&mut self, item: &Item<'_>, context: &Context<'_>) -> Account {
        match (item.run_as(), context.part) {
            (Some(name), _) if is_system_alias(&name) => {
                self.field(Field::RunAs, LossKind::SystemAlias);
                Account::LocalSystem
            }
            (Some(name), _) => {
                let name = self.expanded(&name, Field::RunAs, context);
                match Sid::from_account_name(&name) {
                    Some(sid) if sid == Sid::LOCAL_SYSTEM => Account::LocalSystem,
                    _ => Account::from_name(&name),
                }
            }
            (None, Part::Machine) => {
                self.field(Field::RunAs, LossKind::Assumed("SYSTEM".to_owned()));
                Account::LocalSystem
            }
            (None, Part::User) => {
                let name = self.expanded(r"%LogonDomain%\%LogonUser%", Field::RunAs, context);
                if placeholders(&name).next().is_some() { Account::Unknown } else { Account::User(name) }
            }
        }
    }
}
