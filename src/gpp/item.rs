//! Items and their triggers.

use super::{
    element::Element,
    filter::Filter,
    table::{Field, Owner},
    value::{Action, ItemKind, TriggerType, Value},
};

/// An item: one task, and the action applied to it ([MS-GPPREF] 2.2.1.18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    element: &'a Element,
    kind: ItemKind,
}

impl<'a> Item<'a> {
    /// Interprets an element as an item, if it has the name of one. Its class identifier is not checked.
    #[must_use]
    pub fn new(element: &'a Element) -> Option<Self> {
        let kind = ItemKind::ALL.iter().copied().find(|kind| element.is(kind.name()))?;
        Some(Self { element, kind })
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        self.kind
    }

    /// The element.
    #[must_use]
    pub const fn element(&self) -> &'a Element {
        self.element
    }

    /// Its Properties.
    #[must_use]
    pub fn properties(&self) -> Option<&'a Element> {
        self.element.child("Properties")
    }

    /// The stated value of an attribute of the item or its Properties; `None` for a password, or for a value of the
    /// wrong type.
    #[must_use]
    pub fn value(&self, field: Field) -> Option<Value> {
        let row = field.row();
        let owner = Owner::Properties(self.kind);
        let element = match () {
            () if row.belongs_to(owner) => self.properties()?,
            () if row.belongs_to(Owner::Item) => self.element,
            () => return None,
        };
        row.ty.read(&element.attribute(row.name)?)
    }

    /// The stated text of an attribute, unless it is empty.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        match self.value(field) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The stated flag, or its default.
    #[must_use]
    pub fn flag(&self, field: Field) -> bool {
        self.value(field).or_else(|| field.default()).and_then(|value| value.as_flag()).unwrap_or(false)
    }

    /// The name of the item in the console.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        self.text(Field::Label)
    }

    /// The name of the task.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.text(Field::Name)
    }

    /// The action applied to the task.
    #[must_use]
    pub fn action(&self) -> Action {
        match self.value(Field::Action) {
            Some(Value::Action(action)) => action,
            _ => Action::Update,
        }
    }

    /// Whether the item is not processed because it is disabled or has the wrong class identifier.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        let class = self.element.attribute(Field::ClassId.name());
        let is_its_own = |id: &str| id.trim().eq_ignore_ascii_case(self.kind.class_id());
        self.flag(Field::Disabled) || !class.is_some_and(|id| is_its_own(&id))
    }

    /// The account that the item names; it may contain [placeholders](super::placeholders).
    #[must_use]
    pub fn run_as(&self) -> Option<String> {
        self.text(Field::RunAs)
    }

    /// Whether the item contains a stored password: a non-empty `cpassword` attribute anywhere in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        has_password(self.element)
    }

    /// The triggers of the item. An embedded definition has its own triggers.
    pub fn triggers(&self) -> impl Iterator<Item = Trigger<'a>> + use<'a> {
        let lists = self.properties().into_iter().flat_map(Element::elements);
        let triggers = lists.filter(|list| list.is("Triggers")).flat_map(Element::elements);
        triggers.filter(|element| element.is("Trigger")).map(Trigger)
    }

    /// The element with the definition, if it has one.
    #[must_use]
    pub fn embedded(&self) -> Option<&'a Element> {
        self.properties().filter(|_| self.kind.has_definition())?.child("Task")
    }

    /// The filters that decide where the item is applied, combined with AND and OR from left to right.
    pub fn filters(&self) -> impl Iterator<Item = Filter<'a>> + use<'a> {
        let lists = self.element.elements().filter(|list| list.is("Filters"));
        lists.flat_map(Element::elements).map(Filter::new)
    }
}

/// Whether an attribute of the element or its content contains a password.
fn has_password(element: &Element) -> bool {
    element.attributes().iter().any(|attribute| attribute.is_credential() && !attribute.is_empty())
        || element.elements().any(has_password)
}

/// A trigger of an item without a definition ([MS-GPPREF] 2.2.1.18.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger<'a>(&'a Element);

impl<'a> Trigger<'a> {
    pub(super) const fn new(element: &'a Element) -> Self {
        Self(element)
    }

    /// The element.
    #[must_use]
    pub const fn element(&self) -> &'a Element {
        self.0
    }

    /// The stated value of an attribute.
    #[must_use]
    pub fn value(&self, field: Field) -> Option<Value> {
        let row = field.row();
        row.ty.read(&self.0.attribute(row.name).filter(|_| row.belongs_to(Owner::Trigger))?)
    }

    /// Its type, if it is known.
    #[must_use]
    pub fn trigger_type(&self) -> Option<TriggerType> {
        match self.value(Field::TriggerType)? {
            Value::TriggerType(kind) => Some(kind),
            _ => None,
        }
    }

    /// The stated number, or the default.
    pub(super) fn number(&self, field: Field) -> Option<u32> {
        self.value(field).or_else(|| field.default())?.as_number()
    }

    /// The stated flag, or the default.
    pub(super) fn flag(&self, field: Field) -> bool {
        self.value(field).or_else(|| field.default()).and_then(|value| value.as_flag()).unwrap_or(false)
    }

    /// Whether an attribute has an effect on a trigger of this type. Real files keep attributes of other types
    /// (EVIDENCE.md GPP-19).
    #[must_use]
    pub fn applies(&self, field: Field) -> bool {
        use TriggerType::{Daily, Idle, Logon, Monthly, Once, Startup, Weekly};
        let Some(kind) = self.trigger_type() else { return true };
        match field {
            Field::StartHour | Field::StartMinutes | Field::RepeatTask => {
                !matches!(kind, Idle | Startup | Logon)
            }
            Field::MinutesInterval | Field::MinutesDuration | Field::KillAtDurationEnd => {
                !matches!(kind, Idle | Startup | Logon)
            }
            Field::HasEndDate | Field::EndYear | Field::EndMonth | Field::EndDay => kind != Once,
            Field::Interval => matches!(kind, Daily | Weekly),
            Field::Days => matches!(kind, Weekly | Monthly),
            Field::Months | Field::Week => kind == Monthly,
            Field::IdleMinute => kind == Idle,
            _ => true,
        }
    }
}
