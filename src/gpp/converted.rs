//! The result of a conversion, and its losses.

use super::{
    check::{is_system_alias, shown},
    context::{Context, Part},
    element::Element,
    item::Item,
    loss::{Loss, LossKind},
    placeholder::placeholders,
    table::{Field, Owner},
};
use crate::{
    compat::Account,
    error::Place,
    finding::{AnyFinding, AnyFindings, Finding, FindingKind, Findings},
    security::Sid,
};

/// A converted task, and how it differs from the item.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Converted<T> {
    /// The task.
    pub value: T,
    /// Everything that was lost, changed or assumed: [`Loss`]es, and the differences of [`compat`](crate::compat).
    pub losses: AnyFindings,
}

/// The losses of a conversion.
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

    /// The parts of an item that no task can represent: policy attributes, invalid values, and unknown attributes.
    pub(super) fn of_item(item: &Item<'_>) -> Self {
        let mut losses = Self(AnyFindings::new());
        losses.attributes(item.element(), Owner::Item, "");
        let class = item.element().attribute(Field::ClassId.name()).unwrap_or_default();
        if !class.trim().eq_ignore_ascii_case(item.kind().class_id()) {
            losses.field(Field::ClassId, LossKind::Invalid(shown(&class)));
        }
        if let Some(properties) = item.properties() {
            losses.attributes(properties, Owner::Properties(item.kind()), "");
        }
        for (index, trigger) in item.triggers().enumerate() {
            losses.attributes(
                trigger.element(),
                Owner::Trigger,
                &format!("Triggers/Trigger[{}]@", index + 1),
            );
        }
        losses.elements(item);
        if item.filters().next().is_some() {
            losses.add(None, "Filters", LossKind::Policy);
        }
        if item.has_password() {
            losses.field(Field::Cpassword, LossKind::Credential);
        }
        losses
    }

    /// Reports attributes that are not carried over to the task unchanged. Passwords are skipped.
    fn attributes(&mut self, element: &Element, owner: Owner, prefix: &str) {
        for attribute in element.attributes() {
            let Some(value) = attribute.value() else { continue };
            let path = format!("{prefix}{}", shown(attribute.name()));
            let Some(field) = Field::find(owner, attribute.name()) else {
                if !attribute.name().starts_with("xmlns") {
                    self.add(None, path, LossKind::NoCounterpart);
                }
                continue;
            };
            if field.row().ty.read(&value).is_none() {
                self.add(Some(field), path, LossKind::Invalid(shown(&value)));
            } else if matches!(
                field,
                Field::UserContext | Field::RemovePolicy | Field::BypassErrors | Field::Disabled
            ) {
                self.add(Some(field), path, LossKind::Policy);
            }
        }
    }

    /// Reports elements that are not read.
    fn elements(&mut self, item: &Item<'_>) {
        let mut lose = |path: &str, element: &Element| {
            self.add(None, format!("{path}{}", shown(element.name())), LossKind::NoCounterpart);
        };
        let (mut has_properties, mut has_definition) = (false, false);
        for element in item.element().elements().filter(|element| !element.is("Filters")) {
            if !element.is("Properties") || std::mem::replace(&mut has_properties, true) {
                lose("", element);
            }
        }
        for element in item.properties().into_iter().flat_map(Element::elements) {
            let is_read = match item.kind().has_definition() {
                true => element.is("Task") && !std::mem::replace(&mut has_definition, true),
                false => element.is("Triggers"),
            };
            if !is_read {
                lose("Properties/", element);
            }
            if element.is("Triggers") {
                let others = element.elements().filter(|element| !element.is("Trigger"));
                others.for_each(|element| lose("Properties/Triggers/", element));
            }
        }
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

    /// The account for the task of an item without a definition.
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
